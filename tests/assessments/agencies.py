"""An agency at work, for tests: its entries, dossiers in appraisal, one report."""

from typing import Any

from django.utils import timezone

from accounts.models import Agency, User
from assessments import closing
from assessments.models import AgencyReport, Assessment, Assignment, Layer, Plan
from assessments.self_assessment import NewAnswer, Saved
from assessments.workflow import State
from criteria.models import Entry
from tests import factories
from tests.assessments.roads import answer_all, save


def assign(plan: Plan, agency: Agency, *keys: str, position: int = 1) -> None:
    """Past the deed: these entries belong to the agency."""
    for key in keys:
        entry = Entry.objects.get(criteria_set=plan.criteria_set_id, key=key)
        Assignment.objects.create(plan=plan, entry=entry, agency=agency, position=position)


def in_appraisal(officer: User, plan: Plan, number: int = 1, *, bad: tuple[str, ...] = ()) -> list[Assessment]:
    """Completely assessed dossiers of the officer's ward, put into appraisal."""
    made = []
    for _ in range(number):
        unit = factories.UnitFactory(ward=officer.ward)
        dossier = factories.open_assessment(unit=unit, plan=plan, officer=officer)
        answer_all(officer, dossier, bad=bad)
        made.append(factories.in_state(dossier, State.APPRAISAL))
    return made


def judge(user: User, dossier: Assessment, key: str, said: str, note: str | None = None, version: int = 0) -> Saved:
    return save(user, dossier, key, NewAnswer(said, note), version, layer=Layer.AGENCY)


def report(**changes: Any) -> AgencyReport:
    given = {"signed_on": timezone.localdate(), "signer_title": "Trưởng phòng", "signer_name": "Người ký"}
    return AgencyReport(**given | changes)


def close(user: User, agency: Agency, *dossiers: Assessment, **changes: Any) -> AgencyReport:
    return closing.close(
        user=user,
        plan_id=dossiers[0].registration.plan_id,
        agency_id=agency.pk,
        assessment_ids=[dossier.pk for dossier in dossiers],
        report=report(**changes),
    )
