"""The figures of reports against small worlds counted by hand, and what they cost."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import appraisal
from assessments.models import (
    Assignment,
    BudgetEstimate,
    BudgetLine,
    CommunityModel,
    Guidance,
    Helping,
    HelpingDeed,
    Layer,
    Plan,
    Question,
    WardPlan,
    WardPlanTask,
)
from assessments.queries.year import report_words as words
from assessments.queries.year.report_figures import agency_figures, city_figures, total, ward_figures
from assessments.workflow import State
from criteria.models import Entry
from localities.models import Ward
from tests import factories
from tests.assessments.roads import People, answer, answer_all, walk
from tests.test_queries_constant import counted

pytestmark = pytest.mark.django_db


def of(plan: Plan, ward: Ward) -> dict[str, Any]:
    return ward_figures(plan, [ward])[ward.pk]


def line(estimate: BudgetEstimate, position: int, asked: int, **more: Any) -> BudgetLine:
    return BudgetLine.objects.create(
        estimate=estimate, position=position, content="Sơn", measure="lần", quantity=1, unit_price=asked, asked=asked,
        state_budget=asked, **more,
    )  # fmt: skip


def test_nothing_is_nothing(ward: Ward, plan: Plan) -> None:
    figures = of(plan, ward)
    assert figures["units"] == 0 and figures["registered"] == {"total": 0, "maintain": 0, "new": 0, "pilot": 0}
    assert figures["year"]["households"] is None and figures["budget"]["asked"] is None
    assert [row["judged"] for row in figures["standards"]] == [0] * 6
    assert words.chart_of(figures) is None


def test_units_registrations_and_states(people: People, plan: Plan) -> None:
    ward = people.officer.ward
    assert ward is not None
    factories.UnitFactory(ward=ward, valid_until=date(plan.year - 1, 12, 31))  # gone before the year
    factories.UnitFactory(ward=ward)
    factories.UnitFactory()  # of another ward
    for aim, state in (("new", State.DRAFT), ("maintain", State.SUBMITTED), ("maintain", State.SUBMITTED)):
        made = factories.open_assessment(plan=plan, officer=people.officer, aim=aim)
        if state is not State.DRAFT:
            factories.in_state(made, state)
    figures = of(plan, ward)
    assert figures["units"] == 4
    assert figures["registered"] == {"total": 3, "maintain": 2, "new": 1, "pilot": 0}
    assert (figures["states"]["draft"], figures["states"]["submitted"]) == (1, 2)


def test_standards_and_criteria_by_whose_verdict_counts(people: People, plan: Plan) -> None:
    """Own verdicts before the conclusion, the city's after it, and none of an answer that is not whole."""
    ward = people.officer.ward
    assert ward is not None
    made = [factories.open_assessment(plan=plan, officer=people.officer) for _ in range(3)]
    answer_all(people.officer, made[0], bad=["tc-1.2", "tc-2.1", "tc-2.2"])  # 1 fails with one, 2 with two
    walk(people, made[1], State.APPRAISAL, bad=["tc-1.2"])
    answer(people.home_affairs, made[1], Layer.AGENCY, {"tc-1.2": _met()})
    appraisal.confirm_self_verdicts(user=people.home_affairs, assessment_id=made[1].pk)
    figures = of(plan, ward)
    assert figures["judged"] == {"city": 0, "self": 2, "qualifying": 0}
    factories.in_state(made[1], State.CONCLUDED)
    figures = of(plan, ward)
    assert figures["judged"] == {"city": 1, "self": 1, "qualifying": 1}
    assert [row["holding"] for row in figures["standards"]] == [1, 1, 2, 2, 2, 2]
    assert [(row["code"], row["units"]) for row in figures["failed"]] == [("1.2", 1), ("2.1", 1), ("2.2", 1)]
    found = words.chart_of(figures)
    assert found is not None and found[1:] == ([1, 1, 2, 2, 2, 2], 2)


def _met() -> Any:
    from assessments.self_assessment import NewAnswer

    return NewAnswer("met", "Đã kiểm tra")


def test_counts_of_the_year_models_money_and_tasks(officer: User, plan: Plan) -> None:
    ward = officer.ward
    assert ward is not None
    units = [factories.UnitFactory(ward=ward) for _ in range(2)]
    for unit, households, poor in ((units[0], 100, 3), (units[1], 50, None)):
        factories.UnitYearFactory(unit=unit, year=plan.year, households=households, persons=400, poor_households=poor)
    factories.UnitYearFactory(unit=units[0], year=plan.year - 1, households=399)
    model = {"unit": units[0], "since": date(plan.year, 1, 1), "added_by": officer}
    CommunityModel.objects.create(**model, kind="economic", name="A", households=12)
    CommunityModel.objects.create(**model, kind="economic", name="B")
    CommunityModel.objects.create(**model, kind="group", name="C", state="paused")
    CommunityModel.objects.create(**model, kind="group", name="D", state="ended", ended_on=date(plan.year, 2, 1))
    sent = {"submitted_at": timezone.now(), "submitted_by": officer, "received_on": timezone.localdate()}
    estimate = BudgetEstimate.objects.create(plan=plan, ward=ward, state="submitted", **sent)
    line(estimate, 1, 1_500_000)
    line(estimate, 2, 2_000_001)
    made = WardPlan.objects.create(plan=plan, ward=ward, state="submitted", **sent)
    today = timezone.localdate()
    tasks: list[dict[str, Any]] = [
        {"state": "done", "done_on": today, "due_on": today - timedelta(days=9)},
        {"state": "doing", "due_on": today},  # "before" is strict: late on the day itself
        {"state": "planned", "due_on": today + timedelta(days=1)},
        {"state": "planned"},
    ]
    for at, task in enumerate(tasks):
        WardPlanTask.objects.create(ward_plan=made, position=at, content="Việc", responsible="Công chức", **task)
    figures = of(plan, ward)
    year = figures["year"]
    assert (year["profiles"], year["households"], year["persons"], year["poor_households"]) == (2, 150, 800, 3)
    assert figures["models"]["economic"] == {"count": 2, "households": 12}
    assert figures["models"]["group"] == {"count": 0, "households": None}
    assert figures["budget"] == {"asked": 3_500_001, "appraised": None, "approved": None}
    assert figures["tasks"] == {"total": 4, "done": 1, "late": 1}
    BudgetEstimate.objects.filter(pk=estimate.pk).update(state="draft")
    assert of(plan, ward)["budget"]["asked"] is None, "an estimate not yet sent is nobody's figure"


def test_an_agencys_work(people: People, plan: Plan) -> None:
    agent = factories.AgencyOfficerFactory()
    agency = agent.agency
    assert agency is not None
    keys = ("tc-1.1", "tc-1.2", "tc-4.1")  # 4.1 is derived: nobody appraises it
    for key in keys:
        entry = Entry.objects.get(criteria_set=plan.criteria_set_id, key=key)
        Assignment.objects.create(plan=plan, entry=entry, agency=agency, position=1 if key == "tc-1.1" else 2)
    made = [factories.open_assessment(plan=plan, officer=people.officer) for _ in range(2)]
    for assessment in made:
        walk(people, assessment, State.APPRAISAL, bad=["tc-1.2"])
    answer(people.home_affairs, made[0], Layer.AGENCY, {"tc-1.1": _met(), "tc-1.2": _met(), "tc-1.3": _met()})
    answer(people.home_affairs, made[1], Layer.AGENCY, {"tc-1.1": _met()})
    entry = Entry.objects.get(criteria_set=plan.criteria_set_id, key="tc-1.1")
    asked = {"entry": entry, "agency": agency, "asked_by": people.home_affairs, "asked_at": timezone.now()}
    Question.objects.create(assessment=made[0], text="Vì sao?", **asked)
    answered = {"answer": "Vì", "answered_by": agent, "answered_at": timezone.now()}
    Question.objects.create(assessment=made[1], text="Vì sao?", **asked, **answered)
    guidance = {"plan": plan, "agency": agency, "valid_from": date(plan.year, 3, 1)}
    Guidance.objects.create(**guidance, title="Nháp")
    published = {"state": "published", "published_at": timezone.now(), "published_by": agent}
    Guidance.objects.create(**guidance, title="Hướng dẫn", **published)
    helping = [Helping.objects.create(plan=plan, agency=agency, unit=a.registration.unit) for a in made]
    deed = {"done_on": date(plan.year, 4, 1), "content": "Tặng", "added_by": agent}
    HelpingDeed.objects.create(helping=helping[0], worth=500_000, **deed)
    HelpingDeed.objects.create(helping=helping[0], **deed)
    HelpingDeed.objects.create(helping=helping[0], worth=9, removed_at=timezone.now(), **deed)
    figures = agency_figures(plan, [agency])[agency.pk]
    assert {name: value for name, value in figures.items() if name not in ("kind", "as_of")} == {
        "assigned": 2, "responsible": 1, "dossiers": 2, "appraised": 1, "verdicts": {"met": 3}, "differing": 1,
        "asked": 2, "answered": 1, "guidance": 1, "helped": 2, "deeds": 2, "worth": 500_000,
    }  # fmt: skip


def test_the_city_is_the_sum_of_its_wards(plan: Plan) -> None:
    officers = [factories.WardOfficerFactory() for _ in range(2)]
    for officer, bad in zip(officers, (["tc-6.1", "tc-1.2"], ["tc-6.1"]), strict=True):
        made = factories.open_assessment(plan=plan, officer=officer)
        factories.UnitYearFactory(unit=made.registration.unit, year=plan.year, households=70)
        answer_all(officer, made, bad=bad)
    wards = [officer.ward for officer in officers]
    figures = city_figures(plan, wards, [])
    assert [(row["code"], row["units"]) for row in figures["total"]["failed"]] == [("6.1", 2), ("1.2", 1)]
    assert figures["total"]["registered"]["total"] == 2 and figures["total"]["year"]["households"] == 140
    assert figures["total"]["budget"]["asked"] is None
    assert total([]) == {}
    [by_ward] = [table for table in words.by_office(figures | {"reports": []}) if table.title.startswith("Tổ dân phố")]
    assert by_ward.rows[-1][:3] == ["Cộng", 2, 2]


def test_as_many_questions_for_many_wards_as_for_one(plan: Plan) -> None:
    wards: list[Ward] = []
    agencies = []
    numbers: list[int] = []
    for _ in range(3):
        officer = factories.WardOfficerFactory()
        wards.append(officer.ward)
        agencies.append(factories.AgencyFactory())
        answer_all(officer, factories.open_assessment(plan=plan, officer=officer))
        with counted(numbers):
            city_figures(plan, wards, agencies)
    assert numbers[0] == numbers[1] == numbers[2] <= 14
