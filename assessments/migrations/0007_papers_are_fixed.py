"""Certificates never change; decisions confirmed before there were any get theirs now."""

import secrets
from typing import Any

from django.db import migrations

FIXED = """
CREATE TRIGGER row_append_only BEFORE UPDATE OR DELETE ON assessments_certificate
    FOR EACH ROW EXECUTE FUNCTION row_append_only();

-- Only what a confirmed decision recognised is certified.
CREATE FUNCTION certificate_fits_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM assessments_decisionline l JOIN assessments_decision d ON d.id = l.decision_id
        WHERE l.id = NEW.line_id AND l.result = 'recognised' AND d.plan_id = NEW.plan_id
          AND d.confirmed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'line % is not recognised', NEW.line_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certificate_fits_line BEFORE INSERT ON assessments_certificate
    FOR EACH ROW EXECUTE FUNCTION certificate_fits_line();
"""
UNFIXED = """
DROP TRIGGER row_append_only ON assessments_certificate;
DROP TRIGGER certificate_fits_line ON assessments_certificate;
DROP FUNCTION certificate_fits_line();
"""
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def certify(apps: Any, schema_editor: Any) -> None:
    """The register of each plan in the order of its decisions, then by ward and unit."""
    certificates = apps.get_model("assessments", "Certificate")
    lines = apps.get_model("assessments", "DecisionLine").objects.filter(
        result="recognised", decision__confirmed_at__isnull=False
    )
    numbers: dict[int, int] = {}
    unit = "assessment__registration__unit"
    ordered = lines.order_by(
        "decision__confirmed_at", "decision_id", f"{unit}__ward__position", f"{unit}__sort_name", "pk"
    )
    for line in ordered.select_related("decision"):
        plan = line.decision.plan_id
        numbers[plan] = numbers.get(plan, 0) + 1
        code = "".join(secrets.choice(LETTERS) for _ in range(20))
        certificates.objects.create(line=line, plan_id=plan, number=numbers[plan], code=code)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_papers"), ("localities", "0001_initial")]

    operations = [
        migrations.RunPython(certify, migrations.RunPython.noop, elidable=False),
        migrations.RunSQL(FIXED, UNFIXED),
    ]
