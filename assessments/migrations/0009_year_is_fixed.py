"""What the city has settled stays: approved estimates, confirmed decisions, accepted reports, helping once recorded."""

from django.db import migrations

CREATE = """
-- A confirmed decision on money or commendation never changes again.
CREATE FUNCTION year_decision_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION '% % is confirmed', TG_TABLE_NAME, OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER year_decision_confirmed BEFORE UPDATE OR DELETE ON assessments_budgetdecision
    FOR EACH ROW EXECUTE FUNCTION year_decision_confirmed();
CREATE TRIGGER year_decision_confirmed BEFORE UPDATE OR DELETE ON assessments_commendationdecision
    FOR EACH ROW EXECUTE FUNCTION year_decision_confirmed();

-- Approved, accepted, awarded: the row has reached its end.
CREATE FUNCTION year_row_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = TG_ARGV[0] THEN
        RAISE EXCEPTION '% % is settled', TG_TABLE_NAME, OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER year_row_settled BEFORE UPDATE OR DELETE ON assessments_budgetestimate
    FOR EACH ROW EXECUTE FUNCTION year_row_settled('approved');
CREATE TRIGGER year_row_settled BEFORE UPDATE OR DELETE ON assessments_yearreport
    FOR EACH ROW EXECUTE FUNCTION year_row_settled('accepted');
CREATE TRIGGER year_row_settled BEFORE UPDATE OR DELETE ON assessments_commendation
    FOR EACH ROW EXECUTE FUNCTION year_row_settled('awarded');

-- The lines of an approved estimate stay with it.
CREATE FUNCTION budget_line_settled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part jsonb;
BEGIN
    FOREACH part IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    ] LOOP
        IF EXISTS (
            SELECT FROM assessments_budgetestimate
            WHERE id = (part ->> 'estimate_id')::bigint AND state = 'approved'
        ) THEN
            RAISE EXCEPTION 'estimate % is approved', part ->> 'estimate_id'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER budget_line_settled BEFORE INSERT OR UPDATE OR DELETE ON assessments_budgetline
    FOR EACH ROW EXECUTE FUNCTION budget_line_settled();

-- Guidance names entries of its plan's own table.
CREATE FUNCTION guidance_fits_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM assessments_guidance g
        JOIN assessments_plan p ON p.id = g.plan_id
        JOIN criteria_entry e ON e.criteria_set_id = p.criteria_set_id
        WHERE g.id = NEW.guidance_id AND e.id = NEW.entry_id
    ) THEN
        RAISE EXCEPTION 'entry % is not of the criteria set of guidance %', NEW.entry_id, NEW.guidance_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guidance_fits_table BEFORE INSERT OR UPDATE ON assessments_guidance_entries
    FOR EACH ROW EXECUTE FUNCTION guidance_fits_table();

-- What was done for a unit is only added, or marked as removed.
CREATE TRIGGER helping_deed_fixed BEFORE UPDATE OR DELETE ON assessments_helpingdeed
    FOR EACH ROW EXECUTE FUNCTION only_these_change('removed_at');
"""
DROP = """
DROP TRIGGER helping_deed_fixed ON assessments_helpingdeed;
DROP FUNCTION guidance_fits_table() CASCADE;
DROP FUNCTION budget_line_settled() CASCADE;
DROP FUNCTION year_row_settled() CASCADE;
DROP FUNCTION year_decision_confirmed() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_year_of_the_plan")]

    operations = [migrations.RunSQL(CREATE, DROP)]
