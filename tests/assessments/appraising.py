"""What tests of home affairs' work need: more dossiers of a ward, assigned agencies, decided units."""

from datetime import date
from typing import Any

from accounts.models import Agency
from assessments import correcting, recognition
from assessments.correcting import Correction
from assessments.models import Assessment, Assignment, Decision, DecisionLine, Delegation, Plan, Visit
from assessments.workflow import State
from criteria.models import Entry
from tests import factories
from tests.assessments.roads import People, decision, record, walk

RECOGNISED, REFUSED = DecisionLine.Result.RECOGNISED, DecisionLine.Result.NOT_RECOGNISED


def dossier(people: People, plan: Plan, state: State, *, aim: str = "new", **more: Any) -> Assessment:
    """One more unit of the ward, brought to a state by the deeds."""
    unit = factories.UnitFactory(ward=people.officer.ward)
    made = factories.open_assessment(unit=unit, plan=plan, officer=people.officer, aim=aim)
    return walk(people, made, state, **more)


def entry(plan: Plan, key: str) -> Entry:
    return Entry.objects.get(criteria_set=plan.criteria_set, key=key)


def assign(plan: Plan, agency: Agency, *keys: str, position: int = 1) -> None:
    """The agency appraises these entries, or all of them."""
    entries = Entry.objects.filter(criteria_set=plan.criteria_set)
    Assignment.objects.bulk_create(
        Assignment(plan=plan, entry=e, agency=agency, position=position)
        for e in (entries.filter(key__in=keys) if keys else entries)
    )


def visit(assessment: Assessment, **facts: Any) -> Visit:
    delegation = Delegation.objects.create(
        plan=assessment.plan, name="Đoàn số 1", decision_number="5/QĐ", decided_on=date(2025, 9, 1), decided_by="UBND"
    )
    return Visit.objects.create(delegation=delegation, assessment=assessment, **facts)


def decided(people: People, *assessments: Assessment, number: str = "12/QĐ-UBND") -> Decision:
    """A confirmed decision over proposed dossiers."""
    made = record(people, *assessments, number=number)
    return recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)


def correct(
    people: People,
    earlier: Decision,
    results: dict[Assessment, str],
    *,
    number: str = "20/QĐ-UBND",
    text: str = "Nhập nhầm kết quả ở khâu tổng hợp",
    confirm: bool = True,
    **changes: Any,
) -> Decision:
    """A decision that corrects these units of the earlier one."""
    made = correcting.record_correction(
        user=people.home_affairs,
        superseded_id=earlier.pk,
        corrections={assessment.pk: Correction(result, text) for assessment, result in results.items()},
        decision=decision(number, **changes),
    )
    return recognition.confirm_decision(user=people.city_leader, decision_id=made.pk) if confirm else made
