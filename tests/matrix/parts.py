"""The same for everybody's part: councils, agencies, delegations, home affairs, the record, notices."""

from datetime import timedelta
from typing import Any

from assessments.council_members import seen
from tests import files
from tests.assessments.views.world import World
from tests.matrix import year_reports
from tests.matrix.year_guiding import guiding_arguments, guiding_bodies

KEY = "tc-1.2"


def part_arguments(world: World, variant: str) -> dict[str, list[Any]]:
    """Arguments of the addresses by their names."""
    p, a, year = world.parts, world.assessment.pk, world.plan.year
    found: dict[str, list[Any]] = {f"assessments:{name}": [year] for name in _YEAR}
    meeting = p.minutes if variant == "da-chot" else p.meeting
    of_meeting = ("council_meeting", "council_edit", "council_conclude", "council_drop", "council_attach")
    found |= {f"assessments:{name}": [meeting.pk] for name in of_meeting}
    found |= {f"assessments:{name}": [year, p.report.pk] for name in _REPORT}
    found |= {f"assessments:{name}": [p.delegation.pk] for name in _DELEGATION}
    found |= {f"assessments:{name}": [(p.closed_visit if variant == "da-chot" else p.visit).pk] for name in _VISIT}
    found |= {f"assessments:{name}": [world.decision.pk] for name in _DECISION}
    found |= year_reports.arguments(world, variant)
    found |= guiding_arguments(world, variant)
    model = p.models.get(variant, p.models[""]).pk
    found |= {f"assessments:{name}": [year, model] for name in _MODEL}
    return found | {
        "assessments:evidence_model": [a, "tc-2.2"],
        "assessments:council_member": [p.member.pk],
        "assessments:council_member_do": [p.member.pk, "thoi"],
        "assessments:submission": [p.submission.pk],
        "assessments:submission_attach": [p.submission.pk],
        "assessments:grid_cell": [year, a, KEY],
        "assessments:grid_column": [year, KEY],
        "assessments:compare": [a],
        "assessments:record": [a],
        "assessments:ask": [a, KEY],
        "assessments:question": [(p.to_agency if variant == "co-quan" else p.to_ward).pk],
        "assessments:attachment": [p.scans.get(variant, p.scans["meeting"]).pk],
        "assessments:notice": [p.notice.pk],
    }


_YEAR = ("council", "council_new", "submissions", "assignments", "assignments_fill", "grid", "grid_undo")
_YEAR += ("agency_close", "agency_list", "appraisal_list", "appraisal_step", "delegations", "delegation_new")
_YEAR += ("plan_record", "record_heads", "record_check")
_YEAR += ("community_models", "community_models_exemplary", "community_model_new")
_MODEL = ("community_model", "community_model_edit", "community_model_state", "community_model_choose")
_MODEL += ("community_model_take_back", "community_model_attach")
_REPORT = ("agency_report", "agency_reopen", "agency_report_attach")
_DELEGATION = ("delegation", "delegation_edit", "delegation_units", "delegation_schedule", "delegation_attach")
_VISIT = ("visit", "visit_drop", "visit_minutes", "visit_reopen", "visit_attach")
_DECISION = ("correction_new", "correction_edit", "decision_attach")


def part_bodies(world: World, today: Any) -> dict[str, dict[str, Any]]:
    """What is posted, by the address with its variant."""
    p, a = world.parts, world.assessment.pk
    at_council, decided = p.at_council.pk, world.decision.lines.values_list("assessment_id", flat=True)[0]
    meeting = {"held_on": today, "place": "UBND", "assessment": at_council, "version": p.meeting.version}
    meeting |= {"present": [row.member_id for row in p.meeting.attendance.all()]}
    item = {f"item-{at_council}-outcome": "approved", f"item-{at_council}-votes_for": 9}
    member = {"full_name": "Thành viên", "job_title": "Công chức", "role": "member"}
    delegation = {"name": "Đoàn số 2", "decision_number": "9/QĐ", "decided_on": today, "decided_by": "UBND"}
    members = {"thanh-vien-TOTAL_FORMS": 1, "thanh-vien-INITIAL_FORMS": 0, "thanh-vien-0-full_name": "Trưởng đoàn"}
    members |= {"thanh-vien-0-job_title": "UBND", "thanh-vien-0-role": "head"}
    visited = {"held_on": today, "place": "Nhà văn hóa", "hosts": "Tổ trưởng", "findings": "Đạt", "version": 1}
    paper = {"number": "35/QĐ-UBND", "issued_on": today, "title": "Đính chính", "signer_title": "CHỦ TỊCH"}
    signed = {"signed_on": today, "signer_title": "TRƯỞNG PHÒNG", "signer_name": "Trưởng phòng"}
    correction = {"assessment": decided, f"result-{decided}": "recognised", f"correction-{decided}": "Nhầm số liệu."}
    scan = {"file": files.upload("ban-ky.pdf", files.pdf())}
    model = {"kind": "economic", "name": "Tên khác", "since": "2022-01-01", "households": "12", "version": 1}
    bodies: dict[str, dict[str, Any]] = {
        "evidence_model": {"layer": "self", "model": p.models[""].pk},
        "community_model_new": model | {"unit": world.unit.pk},
        "community_model_edit": model,
        "community_model_state": {"state": "paused", "version": 1},
        "community_model_choose": {"on": today, "reason": "Dễ làm theo.", "version": 1},
        "community_model_take_back?tieu-bieu": {"thoi-reason": "Không còn như trước.", "version": 1},
        "community_model_attach": scan,
        "council_members": member,
        "council_member": member | {"job_title": "Chức vụ khác", "shown": seen(p.member)},
        "council_new": meeting,
        "council_edit": meeting | {"place": "Nơi khác"},
        "council_conclude": item | {"version": p.meeting.version},
        "council_drop": {"version": p.meeting.version},
        "council_attach": scan,
        "submission_attach": scan,
        "council_attach?da-chot": scan,
        "submissions": {"assessment": p.ready.pk},
        "assignments": {"entry": "tc-1.3", "seen-tc-1.3": "", "chu_tri": world["ag"].agency.code},  # type: ignore[union-attr]
        "grid_cell": {"stated": "not_met", "note": "Lý do", "version": "1"},
        "grid_column": {"choice": "met", "reason": "x", "batch": "b", "assessment": a},
        "grid_undo": {"batch": "b"},
        "agency_close": signed | {"assessment": a},
        "agency_reopen": {"reason": "Sai số liệu"},
        "agency_report_attach": scan,
        "appraisal_step": {"action": "conclude", "assessment": a, "sure": "1"},
        "appraisal_step?hoi-lai": {"action": "conclude", "assessment": a},
        "ask": {"asked": "ward", "text": "Vì sao?"},
        "question": {"answer": "Vì vậy."},
        "question?co-quan": {"answer": "Vì vậy."},
        "correction_new": paper | correction,
        "decision_attach": scan,
        "delegation_new": delegation | members,
        "delegation_edit": delegation | members | {"version": p.delegation.version},
        "delegation_units": {"assessment": p.elsewhere.pk, "version": p.delegation.version},
        "delegation_schedule": {
            "visit": p.visit.pk,
            "planned_on": today + timedelta(days=3),
            "place": "UBND",
            "version": p.delegation.version,
        },
        "delegation_attach": scan,
        "visit_drop": {"version": p.delegation.version},
        "visit_minutes": visited,
        "visit_minutes?da-chot": visited,
        "visit_reopen": {"reason": "Sai", "version": p.visit.version},
        "visit_reopen?da-chot": {"reason": "Sai", "version": p.closed_visit.version},
        "visit_attach": scan,
        "visit_attach?da-chot": scan,
        "notices_mail": {"nhan": "0"},
        "notices_read": {"toi": p.notice.pk},
    }
    bodies |= year_reports.bodies(today)
    bodies |= guiding_bodies(world, today)
    return {f"assessments:{name}": data for name, data in bodies.items()}
