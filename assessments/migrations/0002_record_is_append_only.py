"""What the database itself watches: events are only added, answers fit their plan's table, final is final."""

from django.db import migrations

CREATE = """
CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON assessments_event
    FOR EACH ROW EXECUTE FUNCTION event_append_only();

-- A verdict belongs to an entry of its plan's own table and speaks that kind's words.
CREATE FUNCTION verdict_fits_table() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry_kind text;
    is_derived boolean;
BEGIN
    SELECT e.kind, e.derived INTO entry_kind, is_derived
    FROM criteria_entry e
    JOIN assessments_plan p ON p.criteria_set_id = e.criteria_set_id
    JOIN assessments_registration r ON r.plan_id = p.id
    JOIN assessments_assessment a ON a.registration_id = r.id
    WHERE e.id = NEW.entry_id AND a.id = NEW.assessment_id;
    IF entry_kind IS NULL THEN
        RAISE EXCEPTION 'entry % is not of the criteria set of assessment %', NEW.entry_id, NEW.assessment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF is_derived AND NEW.stated <> '' THEN
        RAISE EXCEPTION 'entry % is derived, nobody states it', NEW.entry_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (entry_kind = 'case') <> (NEW.stated IN ('occurs', 'absent')) AND NEW.stated <> ''
       OR (entry_kind = 'case') <> (NEW.value IN ('occurs', 'absent')) AND NEW.value <> '' THEN
        RAISE EXCEPTION 'verdict % / % does not fit a %', NEW.stated, NEW.value, entry_kind
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER verdict_fits_table BEFORE INSERT OR UPDATE ON assessments_verdict
    FOR EACH ROW EXECUTE FUNCTION verdict_fits_table();

-- A figure belongs to an indicator of its verdict's entry; evidence to an entry of its plan's table.
CREATE FUNCTION figure_fits_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM assessments_verdict v JOIN criteria_indicator i ON i.entry_id = v.entry_id
        WHERE v.id = NEW.verdict_id AND i.id = NEW.indicator_id
    ) THEN
        RAISE EXCEPTION 'indicator % is not of the entry of verdict %', NEW.indicator_id, NEW.verdict_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER figure_fits_entry BEFORE INSERT OR UPDATE ON assessments_figure
    FOR EACH ROW EXECUTE FUNCTION figure_fits_entry();

CREATE FUNCTION evidence_fits_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM criteria_entry e
        JOIN assessments_plan p ON p.criteria_set_id = e.criteria_set_id
        JOIN assessments_registration r ON r.plan_id = p.id
        JOIN assessments_assessment a ON a.registration_id = r.id
        WHERE e.id = NEW.entry_id AND a.id = NEW.assessment_id
    ) THEN
        RAISE EXCEPTION 'entry % is not of the criteria set of assessment %', NEW.entry_id, NEW.assessment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_fits_table BEFORE INSERT OR UPDATE ON assessments_evidence
    FOR EACH ROW EXECUTE FUNCTION evidence_fits_table();

-- A plan works on a published table, and keeps it once units are registered.
CREATE FUNCTION plan_keeps_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.criteria_set_id = OLD.criteria_set_id THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM criteria_criteriaset WHERE id = NEW.criteria_set_id AND status = 'draft') THEN
        RAISE EXCEPTION 'criteria set % is a draft', NEW.criteria_set_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM assessments_registration WHERE plan_id = NEW.id) THEN
        RAISE EXCEPTION 'plan % has registrations: it keeps its criteria set', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_keeps_table BEFORE INSERT OR UPDATE ON assessments_plan
    FOR EACH ROW EXECUTE FUNCTION plan_keeps_table();

-- What belongs to a decided assessment does not change either.
CREATE FUNCTION part_of_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part jsonb;
    assessment bigint;
BEGIN
    FOREACH part IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    ] LOOP
        CONTINUE WHEN part IS NULL;
        assessment := CASE TG_TABLE_NAME
            WHEN 'assessments_figure' THEN
                (SELECT assessment_id FROM assessments_verdict WHERE id = (part ->> 'verdict_id')::bigint)
            WHEN 'assessments_registration' THEN
                (SELECT id FROM assessments_assessment WHERE registration_id = (part ->> 'id')::bigint)
            ELSE (part ->> 'assessment_id')::bigint
        END;
        IF EXISTS (
            SELECT FROM assessments_assessment WHERE id = assessment AND state IN ('recognised', 'not_recognised')
        ) THEN
            RAISE EXCEPTION 'assessment % is decided', assessment USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_verdict
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_figure
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_evidence
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_summary
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_councilminutes
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE UPDATE OR DELETE ON assessments_registration
    FOR EACH ROW EXECUTE FUNCTION part_of_final();

-- A confirmed decision stands; it is corrected by a later one.
CREATE FUNCTION decision_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION 'decision % is confirmed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER decision_confirmed BEFORE UPDATE OR DELETE ON assessments_decision
    FOR EACH ROW EXECUTE FUNCTION decision_confirmed();

CREATE FUNCTION line_of_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part jsonb;
BEGIN
    FOREACH part IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    ] LOOP
        IF EXISTS (
            SELECT FROM assessments_decision
            WHERE id = (part ->> 'decision_id')::bigint AND confirmed_at IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'decision % is confirmed', part ->> 'decision_id'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER line_of_confirmed BEFORE INSERT OR UPDATE OR DELETE ON assessments_decisionline
    FOR EACH ROW EXECUTE FUNCTION line_of_confirmed();

-- A decided assessment does not change any more; a later decision stands beside it.
CREATE FUNCTION assessment_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('recognised', 'not_recognised') THEN
        RAISE EXCEPTION 'assessment % is decided', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER assessment_final BEFORE UPDATE OR DELETE ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION assessment_final();
"""

DROP = """
DROP FUNCTION event_append_only() CASCADE;
DROP FUNCTION verdict_fits_table() CASCADE;
DROP FUNCTION assessment_final() CASCADE;
DROP FUNCTION figure_fits_entry() CASCADE;
DROP FUNCTION evidence_fits_table() CASCADE;
DROP FUNCTION plan_keeps_table() CASCADE;
DROP FUNCTION part_of_final() CASCADE;
DROP FUNCTION decision_confirmed() CASCADE;
DROP FUNCTION line_of_confirmed() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
