"""A small city for tests of pages: two wards, everybody's account, and something of each kind to look at."""

import re
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from accounts.models import User
from assessments import appraisal, evidence, recognition, self_assessment
from assessments.models import Assessment, Decision, Event, Evidence, Layer, Plan
from assessments.workflow import State
from localities.models import Unit, Ward
from tests import factories, files
from tests.assessments.roads import answer_all, decision
from tests.assessments.views.parts import Parts, build_parts

# Who: of, lf, hd work in the ward the addresses belong to; oo, ol, oh have the same roles in another one.
ROLES = ("of", "lf", "hd", "oo", "ol", "oh", "ag", "dm", "ha", "cl", "fp", "ad")
APPS = ("localities", "accounts", "criteria", "assessments", "reports")
# Filled when documents are read, not when somebody does something.
MADE = ("reports_storedfile", "reports_issuedpaper")
_POST_FORM = re.compile(r"<form\b[^>]*\bmethod=\"post\"", re.IGNORECASE)


@dataclass(frozen=True)
class World:
    people: dict[str, User]
    ward: Ward
    unit: Unit
    free_unit: Unit  # of the same ward, not registered
    plan: Plan
    assessment: Assessment
    event: Event  # a bulk change that can be taken back
    evidence: Evidence
    decision: Decision  # over a unit of the other ward
    waiting: Assessment  # of the other ward, proposed and in no decision
    made_parts: Parts | None = None  # what the others who have a part in it do

    def __getitem__(self, role: str) -> User:
        return self.people[role]

    @property
    def parts(self) -> Parts:
        assert self.made_parts is not None, "built without parts"
        return self.made_parts


def build(state: State, *, with_parts: bool = False) -> World:
    """In DRAFT the self layer is complete and the decision waits; in APPRAISAL both are, and it is confirmed."""
    ward, other = factories.WardFactory(name="Thử Nghiệm A"), factories.WardFactory(name="Thử Nghiệm B")
    unit, free_unit, decided, waiting = (
        factories.UnitFactory(ward=place, name=name)
        for place, name in ((ward, "Tổ 1"), (ward, "Tổ 2"), (other, "Tổ 3"), (other, "Tổ 4"))
    )
    people = {
        "of": factories.WardOfficerFactory(ward=ward),
        "lf": factories.WardLeaderFactory(ward=ward),
        "hd": factories.UnitHeadFactory(unit=unit),
        "oo": factories.WardOfficerFactory(ward=other),
        "ol": factories.WardLeaderFactory(ward=other),
        "oh": factories.UnitHeadFactory(unit=decided),
        "ag": factories.AgencyOfficerFactory(),
        "dm": factories.DelegationMemberFactory(),
        "ha": factories.HomeAffairsFactory(),
        "cl": factories.CityLeaderFactory(),
        "fp": factories.FinancePlanningFactory(),
        "ad": factories.AdministratorFactory(),
    }
    earlier, plan = factories.PlanFactory(year=2024), factories.PlanFactory(year=2025)
    factories.MilestoneFactory(plan=plan)
    factories.UnitYearFactory(unit=unit, year=plan.year)
    factories.open_assessment(unit=unit, plan=earlier, officer=people["of"])
    assessment = factories.open_assessment(unit=unit, plan=plan, officer=people["of"])
    proof, event = _fill(people, assessment, state)
    opened = [factories.open_assessment(unit=place, plan=plan, officer=people["oo"]) for place in (decided, waiting)]
    over, free = (factories.in_state(other_dossier, State.PROPOSED, by=people["ha"]) for other_dossier in opened)
    made = recognition.record_decision(
        user=people["ha"], plan_id=plan.pk, assessment_ids=[over.pk], decision=decision("12/QĐ-UBND")
    )
    if state is not State.DRAFT:
        made = recognition.confirm_decision(user=people["cl"], decision_id=made.pk)
    made_parts = build_parts(people, ward, plan, assessment) if with_parts else None
    return World(people, ward, unit, free_unit, plan, assessment, event, proof, made, free, made_parts)


def _fill(people: dict[str, User], assessment: Assessment, state: State) -> tuple[Evidence, Event]:
    officer, pk = people["of"], assessment.pk
    answer_all(officer, assessment, bad=["tc-1.2", "tc-2.1"])
    [added] = evidence.add_files(
        user=officer, assessment_id=pk, layer=Layer.SELF, key="tc-1.1", files=[files.upload("a.pdf", files.pdf())]
    )
    if state is State.DRAFT:
        saved = self_assessment.mark_standard_met(user=officer, assessment_id=pk, number=1)
    else:
        factories.in_state(assessment, state, by=people["ha"])
        saved = appraisal.confirm_self_verdicts(user=people["ha"], assessment_id=pk)
    assert added.evidence is not None and saved.event is not None
    return added.evidence, saved.event


def fingerprint() -> list[tuple[str, str]]:
    """Every row of every table of ours, in short: equal before and after means nothing was written.

    Without the time of the last scoring, which may come again to the same.
    """
    tables = sorted(model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models())
    row = "(to_jsonb(t) - 'updated_at')::text"
    parts = [
        f"SELECT '{table}', md5(coalesce(string_agg({row}, '|' ORDER BY t.id), '')) FROM {table} t"  # noqa: S608
        for table in tables
        if not table.startswith("criteria_") and table not in MADE
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())


def main(page: str) -> str:
    """The page without its header, where the sign-out form stands."""
    return page.partition("<main")[2] or page


def has_form(page: str) -> bool:
    return bool(_POST_FORM.search(main(page)))


def has_error(page: str) -> bool:
    """Whether the page says that something was not done."""
    return any(mark in main(page) for mark in ("notice-error", "invalid-feedback", "alert-danger", "errorlist"))
