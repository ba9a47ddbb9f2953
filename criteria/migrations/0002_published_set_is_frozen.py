"""A published or retired criteria set cannot be changed, by whatever way one reaches the database."""

from django.db import migrations

CREATE = """
CREATE FUNCTION criteria_set_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'retired'
       AND (to_jsonb(NEW) - 'status' - 'retired_at') = (to_jsonb(OLD) - 'status' - 'retired_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'criteria set % is %: it can only be succeeded by a new version', OLD.id, OLD.status
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION criteria_part_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part jsonb;
    set_id bigint;
    set_status text;
BEGIN
    FOREACH part IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    ] LOOP
        CONTINUE WHEN part IS NULL;
        set_id := (part ->> 'criteria_set_id')::bigint;
        IF set_id IS NULL THEN
            SELECT criteria_set_id INTO set_id FROM criteria_entry WHERE id = (part ->> 'entry_id')::bigint;
        END IF;
        SELECT status INTO set_status FROM criteria_criteriaset WHERE id = set_id;
        IF set_status <> 'draft' THEN
            RAISE EXCEPTION 'criteria set % is %: its table cannot be changed', set_id, set_status
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER criteria_set_frozen BEFORE UPDATE OR DELETE ON criteria_criteriaset
    FOR EACH ROW EXECUTE FUNCTION criteria_set_frozen();
""" + "".join(
    f"""
CREATE TRIGGER criteria_part_frozen BEFORE INSERT OR UPDATE OR DELETE ON criteria_{part}
    FOR EACH ROW EXECUTE FUNCTION criteria_part_frozen();
"""
    for part in ("section", "entry", "alternative", "exemption", "indicator")
)

DROP = """
DROP FUNCTION criteria_set_frozen() CASCADE;
DROP FUNCTION criteria_part_frozen() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("criteria", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
