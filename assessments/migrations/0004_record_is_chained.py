"""Events get their chain, old minutes become meetings with receipts, and what is concluded is fixed."""

import re
from typing import Any

from django.db import migrations

CHAIN = """
-- The formula of assessments/chain.py, which proves what this one wrote. Neither ever changes.
CREATE FUNCTION event_hash(e assessments_event) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        e.previous_hash, e.assessment_id, e.plan_id, e.sequence, e.kind, e.action, e.entry_id, e.layer,
        e.from_state, e.to_state, e.reason, e.data, e.actor_id,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION event_chained() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_sequence integer;
    last_hash text;
BEGIN
    -- Whoever adds to the same chain at the same time waits here.
    PERFORM pg_advisory_xact_lock(
        CASE WHEN NEW.assessment_id IS NOT NULL THEN 740001 ELSE 740002 END,
        (coalesce(NEW.assessment_id, NEW.plan_id) % 2147483647)::integer
    );
    SELECT sequence, hash INTO last_sequence, last_hash FROM assessments_event
    WHERE (NEW.assessment_id IS NOT NULL AND assessment_id = NEW.assessment_id)
       OR (NEW.plan_id IS NOT NULL AND plan_id = NEW.plan_id)
    ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := coalesce(last_sequence, 0) + 1;
    NEW.previous_hash := coalesce(last_hash, '');
    NEW.hash := event_hash(NEW);
    RETURN NEW;
END $$;

-- What was recorded before the chain existed is chained now, in its order.
ALTER TABLE assessments_event DISABLE TRIGGER event_append_only;
DO $$
DECLARE
    e assessments_event;
    chain bigint;
    head text := '';
    position integer := 0;
BEGIN
    FOR e IN SELECT * FROM assessments_event ORDER BY assessment_id, id LOOP
        IF chain IS DISTINCT FROM e.assessment_id THEN
            chain := e.assessment_id;
            head := '';
            position := 0;
        END IF;
        position := position + 1;
        e.sequence := position;
        e.previous_hash := head;
        head := event_hash(e);
        UPDATE assessments_event SET sequence = position, previous_hash = e.previous_hash, hash = head WHERE id = e.id;
    END LOOP;
END $$;
ALTER TABLE assessments_event ENABLE TRIGGER event_append_only;
CREATE TRIGGER event_chained BEFORE INSERT ON assessments_event FOR EACH ROW EXECUTE FUNCTION event_chained();
"""

FIXED = """
-- Rows that are only ever added.
CREATE FUNCTION row_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER row_append_only BEFORE UPDATE OR DELETE ON assessments_submission
    FOR EACH ROW EXECUTE FUNCTION row_append_only();
CREATE TRIGGER row_append_only BEFORE UPDATE OR DELETE ON assessments_attachment
    FOR EACH ROW EXECUTE FUNCTION row_append_only();

-- Rows of which only the named columns may change.
CREATE FUNCTION only_these_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - TG_ARGV::text[]) <> (to_jsonb(OLD) - TG_ARGV::text[]) THEN
        RAISE EXCEPTION '% % is fixed', TG_TABLE_NAME, OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submission_line_fixed BEFORE UPDATE OR DELETE ON assessments_submissionline
    FOR EACH ROW EXECUTE FUNCTION only_these_change('standing', 'ended_at');
CREATE TRIGGER agency_report_fixed BEFORE UPDATE OR DELETE ON assessments_agencyreport
    FOR EACH ROW EXECUTE FUNCTION only_these_change('reopened_at', 'reopened_by_id', 'reopen_reason');
CREATE TRIGGER agency_report_line_fixed BEFORE UPDATE OR DELETE ON assessments_agencyreportline
    FOR EACH ROW EXECUTE FUNCTION only_these_change('closed');
CREATE TRIGGER question_fixed BEFORE UPDATE OR DELETE ON assessments_question
    FOR EACH ROW EXECUTE FUNCTION only_these_change('answer', 'answered_by_id', 'answered_at');

CREATE FUNCTION answer_given_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'question % is answered', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_given_once BEFORE UPDATE ON assessments_question
    FOR EACH ROW EXECUTE FUNCTION answer_given_once();

-- Concluded minutes stand, with who came and what was resolved; only the approval's standing may end.
CREATE FUNCTION meeting_concluded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.concluded_at IS NOT NULL THEN
        RAISE EXCEPTION 'meeting % is concluded', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER meeting_concluded BEFORE UPDATE OR DELETE ON assessments_councilmeeting
    FOR EACH ROW EXECUTE FUNCTION meeting_concluded();

CREATE FUNCTION part_of_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part jsonb;
BEGIN
    IF TG_TABLE_NAME = 'assessments_councilitem' AND TG_OP = 'UPDATE' THEN
        IF (to_jsonb(NEW) - 'standing') = (to_jsonb(OLD) - 'standing') AND NOT (NEW.standing AND NOT OLD.standing) THEN
            RETURN NEW;
        END IF;
    END IF;
    -- Naming a member who left the list: the minutes keep their own copy of the name.
    IF TG_TABLE_NAME = 'assessments_attendance' AND TG_OP = 'UPDATE' THEN
        IF (to_jsonb(NEW) - 'member_id') = (to_jsonb(OLD) - 'member_id') AND NEW.member_id IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    FOREACH part IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    ] LOOP
        IF EXISTS (
            SELECT FROM assessments_councilmeeting
            WHERE id = (part ->> 'meeting_id')::bigint AND concluded_at IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'meeting % is concluded', part ->> 'meeting_id'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER part_of_meeting BEFORE INSERT OR UPDATE OR DELETE ON assessments_attendance
    FOR EACH ROW EXECUTE FUNCTION part_of_meeting();
CREATE TRIGGER part_of_meeting BEFORE INSERT OR UPDATE OR DELETE ON assessments_councilitem
    FOR EACH ROW EXECUTE FUNCTION part_of_meeting();

-- An assignment and a question name an entry of their plan's own table.
CREATE FUNCTION assignment_fits_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM criteria_entry e JOIN assessments_plan p ON p.criteria_set_id = e.criteria_set_id
        WHERE e.id = NEW.entry_id AND p.id = NEW.plan_id
    ) THEN
        RAISE EXCEPTION 'entry % is not of the criteria set of plan %', NEW.entry_id, NEW.plan_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_fits_table BEFORE INSERT OR UPDATE ON assessments_assignment
    FOR EACH ROW EXECUTE FUNCTION assignment_fits_table();
CREATE TRIGGER question_fits_table BEFORE INSERT ON assessments_question
    FOR EACH ROW EXECUTE FUNCTION evidence_fits_table();

-- What belongs to a decided assessment does not change either.
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_councilitem
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_submissionline
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_agencyreportline
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_visit
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
CREATE TRIGGER part_of_final BEFORE INSERT OR UPDATE OR DELETE ON assessments_question
    FOR EACH ROW EXECUTE FUNCTION part_of_final();
"""

UNCHAIN = """
DROP FUNCTION event_chained() CASCADE;
DROP FUNCTION event_hash(assessments_event) CASCADE;
"""

UNFIX = """
DROP FUNCTION row_append_only() CASCADE;
DROP FUNCTION only_these_change() CASCADE;
DROP FUNCTION answer_given_once() CASCADE;
DROP FUNCTION meeting_concluded() CASCADE;
DROP FUNCTION part_of_meeting() CASCADE;
DROP FUNCTION assignment_fits_table() CASCADE;
DROP TRIGGER question_fits_table ON assessments_question;
DROP TRIGGER part_of_final ON assessments_councilitem;
DROP TRIGGER part_of_final ON assessments_submissionline;
DROP TRIGGER part_of_final ON assessments_agencyreportline;
DROP TRIGGER part_of_final ON assessments_visit;
DROP TRIGGER part_of_final ON assessments_question;
"""


def minutes_to_meetings(apps: Any, schema_editor: Any) -> None:
    """Each set of old minutes was a meeting about one unit, and led to a submission."""
    minutes_of = apps.get_model("assessments", "CouncilMinutes").objects
    rows = minutes_of.select_related("assessment__registration__unit").order_by("recorded_at", "pk")
    latest = {row.assessment_id: row.pk for row in rows}
    for row in rows:
        meeting = _meeting(apps, row)
        assessment = row.assessment
        standing = latest[assessment.pk] == row.pk and assessment.state not in ("draft", "council")
        apps.get_model("assessments", "CouncilItem").objects.create(
            meeting=meeting, assessment=assessment, votes_for=row.votes_for, outcome="approved", standing=standing
        )
        if standing:
            _submission(apps, row, meeting)


def _meeting(apps: Any, row: Any) -> Any:
    registration = row.assessment.registration
    model = apps.get_model("assessments", "CouncilMeeting")
    meeting = model.objects.create(
        ward_id=registration.unit.ward_id,
        plan_id=registration.plan_id,
        held_on=row.held_on,
        place=row.place,
        members_total=row.members_total,
        present=row.present,
        conclusion=row.conclusion,
        recorded_by_id=row.recorded_by_id,
        concluded_by_id=row.recorded_by_id,
        concluded_at=row.recorded_at,
    )
    model.objects.filter(pk=meeting.pk).update(recorded_at=row.recorded_at)
    names = [name.strip() for name in re.split(r"[\n;]", row.members) if name.strip()]
    attendance = apps.get_model("assessments", "Attendance")
    attendance.objects.bulk_create(
        attendance(meeting=meeting, full_name=name[:150], role="member", present=position < row.present, position=position)
        for position, name in enumerate(names)
    )
    return meeting


def _submission(apps: Any, row: Any, meeting: Any) -> None:
    submissions = apps.get_model("assessments", "Submission").objects
    number = submissions.filter(ward_id=meeting.ward_id, plan_id=meeting.plan_id).count() + 1
    submission = submissions.create(
        ward_id=meeting.ward_id,
        plan_id=meeting.plan_id,
        number=number,
        submitted_by_id=row.recorded_by_id,
        submitted_at=row.assessment.submitted_at or row.recorded_at,
    )
    apps.get_model("assessments", "SubmissionLine").objects.create(submission=submission, assessment=row.assessment)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_everybodys_part")]
    operations = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunPython(minutes_to_meetings, migrations.RunPython.noop),
        migrations.RunSQL(FIXED, UNFIX),
    ]
