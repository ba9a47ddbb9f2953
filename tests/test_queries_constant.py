"""Every list and page asks the database as often for three rows as for one, and not more often than promised."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from assessments import evidence, recognition
from assessments.models import Assessment, Attachment, CommunityModel, Layer, Milestone, Plan
from assessments.workflow import State
from assessments.year import commendation_decisions, community_models, ward_plans
from criteria.models import CriteriaSet
from localities.models import Unit, Ward
from tests import factories
from tests.assessments.roads import answer_all, decision, save
from tests.assessments.views.year_plans import written
from tests.assessments.views.year_reports import make
from tests.assessments.year.commending import accepted, decide, propose
from tests.queries import MOST, cost, counted, same_for_three
from tests.reports.addresses import file_url

pytestmark = pytest.mark.django_db


class City:
    """One ward with everybody; rows of any kind are added on demand."""

    def __init__(self) -> None:
        self.ward: Ward = factories.WardFactory()
        self.plan: Plan = factories.PlanFactory(year=2025)
        factories.MilestoneFactory(plan=self.plan)
        self.officer: User = factories.WardOfficerFactory(ward=self.ward)
        self.home_affairs: User = factories.HomeAffairsFactory()
        self.city_leader: User = factories.CityLeaderFactory()
        self.numbers = iter(range(1, 100))

    def person(self, role: str) -> User:
        if role == "unit_head":
            unit = Unit.objects.filter(ward=self.ward).first() or factories.UnitFactory(ward=self.ward)
            made: User = factories.UnitHeadFactory(unit=unit)
        elif role == "ward_officer":
            made = self.officer
        elif role == "ward_leader":
            made = factories.WardLeaderFactory(ward=self.ward)
        else:
            maker = "".join(word.title() for word in role.split("_")) + "Factory"
            made = getattr(factories, maker)()
        return made

    def add(self, state: str = State.DRAFT, plan: Plan | None = None, unit: Unit | None = None) -> Assessment:
        plan = plan or self.plan
        unit = unit or factories.UnitFactory(ward=self.ward)
        made = factories.open_assessment(unit=unit, plan=plan, officer=self.officer)
        return made if state == State.DRAFT else factories.in_state(made, state)

    def decide(self, *, confirmed: bool, units: int = 1) -> Any:
        chosen = [self.add(State.PROPOSED) for _ in range(units)]
        made = recognition.record_decision(
            user=self.home_affairs,
            plan_id=self.plan.pk,
            assessment_ids=[a.pk for a in chosen],
            decision=decision(f"{next(self.numbers)}/QĐ-UBND"),
        )
        if confirmed:
            recognition.confirm_decision(user=self.city_leader, decision_id=made.pk)
        return made


@pytest.fixture
def city(db: None) -> City:
    return City()


ROLES = [role.value for role in Role]


@pytest.mark.parametrize("role", ROLES)
def test_first_page(client: Client, city: City, role: str) -> None:
    """With a row in every state, decisions waiting and confirmed, and wards beside each other."""
    who = city.person(role)

    def add() -> None:
        for state in (State.DRAFT, State.COUNCIL, State.SUBMITTED, State.APPRAISAL, State.CONCLUDED, State.PROPOSED):
            city.add(state)
        save(city.officer, city.add(), "tc-1.2", "not_met")
        city.decide(confirmed=False)
        city.decide(confirmed=True)
        factories.WardFactory()

    same_for_three(client, who, reverse("assessments:home"), add, MOST["home"])


@pytest.mark.parametrize("role", ["ward_officer", "ward_leader", "unit_head", "agency_officer", "home_affairs"])
def test_list(client: Client, city: City, role: str) -> None:
    who, url = city.person(role), reverse("assessments:list", args=[2025])

    def add() -> None:
        city.add()
        city.add(State.SUBMITTED)
        factories.PlanFactory()

    same_for_three(client, who, url, add, MOST["list"])


def test_list_with_filters(client: Client, city: City) -> None:
    url = reverse("assessments:list", args=[2025]) + "?trang_thai=submitted&dang_ky=new&tim=T%E1%BB%95&xa="
    same_for_three(client, city.home_affairs, url, lambda: city.add(State.SUBMITTED), MOST["list"])


def test_register_page(client: Client, city: City) -> None:
    def add() -> None:
        factories.UnitFactory(ward=city.ward)
        city.add()

    same_for_three(client, city.officer, reverse("assessments:register", args=[2025]), add, MOST["list"])


def test_plan_pages(client: Client, city: City) -> None:
    duties = iter(duty for duty in Milestone.Duty if duty != Milestone.Duty.DOSSIER)

    def add() -> None:
        factories.MilestoneFactory(plan=city.plan, duty=next(duties))
        factories.PlanFactory()

    same_for_three(client, city.officer, reverse("assessments:plan_list"), add, MOST["list"])
    same_for_three(client, city.officer, reverse("assessments:plan", args=[2025]), city.add, MOST["other"])
    one = cost(client, reverse("assessments:plan", args=[2025]))
    add()
    assert cost(client, reverse("assessments:plan", args=[2025])) == one


@pytest.mark.parametrize("role", ["home_affairs", "agency_officer"])
def test_ward_plan_pages(client: Client, city: City, role: str) -> None:
    who = city.person(role)

    def add() -> None:
        ward = factories.WardFactory()
        officer, leader = factories.WardOfficerFactory(ward=ward), factories.WardLeaderFactory(ward=ward)
        made = written(officer, city.plan)
        ward_plans.send(user=leader, ward_plan_id=made.pk, version=made.version)

    same_for_three(client, who, reverse("assessments:ward_plans", args=[2025]), add, MOST["other"])


def test_own_ward_plan(client: Client, city: City) -> None:
    made = written(city.officer, city.plan)
    for name, pk in (("ward_plan", made.pk), ("ward_plan_units", 2025), ("ward_plan_edit", 2025)):
        same_for_three(client, city.officer, reverse(f"assessments:{name}", args=[pk]), city.add, MOST["other"])


def test_targets_of_a_plan(client: Client, city: City) -> None:
    city.plan.targets.create(kind="new", minimum=2)
    city.plan.targets.create(kind="pilot_per_ward", minimum=1, maximum=2)
    url = reverse("assessments:plan", args=[2025])
    same_for_three(client, city.home_affairs, url, city.add, MOST["home"])


def test_decision_pages(client: Client, city: City) -> None:
    url = reverse("assessments:decision_list", args=[2025])
    same_for_three(client, city.home_affairs, url, lambda: city.decide(confirmed=False), MOST["list"])
    url = reverse("assessments:decision_new", args=[2025])
    same_for_three(client, city.home_affairs, url, lambda: city.add(State.PROPOSED), MOST["list"])


@pytest.mark.parametrize("name", ["decision", "decision_edit"])
def test_one_decision(client: Client, city: City, name: str) -> None:
    client.force_login(city.home_affairs)
    costs = [
        cost(client, reverse(f"assessments:{name}", args=[city.decide(confirmed=False, units=units).pk]))
        for units in (1, 3)
    ]
    assert costs[0] == costs[1] <= MOST["other"]


@pytest.mark.parametrize("role", ["ward_officer", "city_leader"])
def test_a_decision_with_its_certificates(client: Client, city: City, role: str) -> None:
    client.force_login(city.person(role))
    made = [city.decide(confirmed=True, units=units) for units in (1, 3)]
    costs = [cost(client, reverse("assessments:decision", args=[one.pk])) for one in made]
    assert costs[0] == costs[1] <= MOST["other"]


@pytest.mark.parametrize("role", ["ward_officer", "home_affairs"])
def test_unit_page(client: Client, city: City, role: str) -> None:
    unit = factories.UnitFactory(ward=city.ward)
    years = iter(range(2001, 2015))

    def add() -> None:
        plan = factories.PlanFactory(year=next(years))
        factories.UnitYearFactory(unit=unit, year=plan.year)
        made = city.add(State.PROPOSED, plan=plan, unit=unit)
        recorded = recognition.record_decision(
            user=city.home_affairs, plan_id=plan.pk, assessment_ids=[made.pk], decision=decision()
        )
        recognition.confirm_decision(user=city.city_leader, decision_id=recorded.pk)

    same_for_three(client, city.person(role), reverse("assessments:unit", args=[unit.pk]), add, MOST["other"])


def test_unit_year_page(client: Client, city: City) -> None:
    assessment = city.add()
    client.force_login(city.officer)
    assert cost(client, reverse("assessments:unit_year", args=[assessment.unit.pk, 2025])) <= MOST["other"]


@pytest.mark.parametrize("role", ["ward_officer", "home_affairs", "agency_officer"])
def test_profile_table(client: Client, city: City, role: str) -> None:
    factories.PlanFactory(year=2024)

    def add() -> None:
        made = city.add()
        factories.UnitYearFactory(unit=made.unit, year=2024)
        factories.UnitYearFactory(unit=made.unit, year=2025)

    same_for_three(client, city.person(role), reverse("assessments:profiles", args=[2025]), add, MOST["list"])


@pytest.mark.parametrize("role", ["ward_leader", "home_affairs", "city_leader"])
def test_commendation_list(client: Client, city: City, role: str) -> None:
    """Drafts, sent, accepted and awarded rows, with and without a unit; decisions open and confirmed."""
    leader = city.person("ward_leader")

    def add() -> None:
        unit = city.add().unit
        propose(leader, city.plan, unit=unit)
        rows = [accepted(leader, city.home_affairs, city.plan, unit=unit) for _ in range(2)]
        decide(city.home_affairs, rows[0], number=f"{next(city.numbers)}/QĐ-UBND")
        made = decide(city.home_affairs, rows[1], number=f"{next(city.numbers)}/QĐ-UBND")
        commendation_decisions.confirm(user=city.city_leader, pk=made.pk)
        accepted(leader, city.home_affairs, city.plan, kind="person", name="Công chức", position="UBND")

    who = leader if role == "ward_leader" else city.person(role)
    same_for_three(client, who, reverse("assessments:commendations", args=[2025]), add, 21)


def test_criteria_pages(client: Client, city: City) -> None:
    def add() -> None:
        number = CriteriaSet.objects.count() + 1
        CriteriaSet.objects.create(
            code=f"thu-{number}", version=1, title=f"Bộ {number}", standard_percent=80, content_percent=80
        )

    same_for_three(client, city.officer, reverse("criteria:index"), add, MOST["list"])
    assert cost(client, reverse("criteria:detail", args=[city.plan.criteria_set_id])) <= MOST["other"]


@pytest.mark.parametrize(("role", "whole"), [("ward_officer", False), ("home_affairs", True), ("home_affairs", False)])
def test_excel(client: Client, city: City, role: str, whole: bool) -> None:
    plan, ward = city.plan.pk, city.ward.pk
    code, of = ("bang-tu-danh-gia", [plan]) if whole else ("bang-tu-danh-gia-xa-phuong", [plan, ward])
    url = file_url(code, *of, form="xlsx")

    def add() -> None:
        save(city.officer, city.add(), "tc-1.2", "met")

    same_for_three(client, city.person(role), url, add, MOST["paper"])


@pytest.mark.parametrize("role", ["ward_officer", "unit_head", "delegation_member", "home_affairs"])
@pytest.mark.parametrize("name", ["community_models", "community_models_exemplary"])
def test_community_models(client: Client, city: City, role: str, name: str) -> None:
    """Of units in several wards, with pictures."""
    who = city.person(role)

    def add() -> None:
        for unit in (who.unit or factories.UnitFactory(ward=city.ward), factories.UnitFactory()):
            model = exemplary_model(unit, city.officer)
            picture = {"original_name": "a.png", "content_type": "image/png", "size": 1, "sha256": f"{model.pk:064d}"}
            Attachment.objects.create(community_model=model, added_by=city.officer, file="a.png", **picture)

    same_for_three(client, who, reverse(f"assessments:{name}", args=[2025]), add, MOST["list"])


def exemplary_model(unit: Unit, officer: User) -> CommunityModel:
    return CommunityModel.objects.create(
        unit=unit,
        kind=CommunityModel.Kind.ECONOMIC,
        name=f"Mô hình {CommunityModel.objects.count()}",
        since=date(2021, 3, 1),
        exemplary_since=date(2025, 3, 1),
        exemplary_reason="Dễ làm theo.",
        added_by=officer,
    )


def test_community_model_page(client: Client, city: City) -> None:
    """With its history and files, for whoever does everything with it."""
    model = exemplary_model(factories.UnitFactory(ward=city.ward), city.officer)
    url, version = reverse("assessments:community_model", args=[2025, model.pk]), iter(range(1, 20))

    def add() -> None:
        number = next(version)
        community_models.choose(
            user=city.home_affairs,
            plan_id=city.plan.pk,
            model_id=model.pk,
            version=number,
            reason=f"Lý do {number}",
            on=date(2025, 4, 1),
        )

    same_for_three(client, city.home_affairs, url, add, MOST["other"])


@pytest.mark.parametrize("code", ["mo-hinh-tieu-bieu", "bang-mo-hinh"])
def test_papers_of_models(client: Client, city: City, code: str) -> None:
    url = file_url(code, city.plan.pk, form="docx" if code == "mo-hinh-tieu-bieu" else "xlsx")

    def add() -> None:
        exemplary_model(factories.UnitFactory(), city.officer)

    same_for_three(client, city.home_affairs, url, add, MOST["paper"])


@pytest.mark.parametrize("name", ["detail", "appraise"])
def test_assessment_page(client: Client, city: City, name: str) -> None:
    """Empty, or with everything answered, evidence everywhere and a year before it: the same few queries."""
    unit = factories.UnitFactory(ward=city.ward)
    factories.UnitYearFactory(unit=unit, year=2025)
    earlier = city.add(plan=factories.PlanFactory(year=2024), unit=unit)
    assessment = city.add(unit=unit)
    who = city.officer if name == "detail" else city.home_affairs
    client.force_login(who)
    url = reverse(f"assessments:{name}", args=[assessment.pk])

    def refer(key: str) -> None:
        evidence.add_reference(
            user=city.officer, assessment_id=assessment.pk, layer=Layer.SELF, key=key, reference="Biên bản"
        )

    exemplary_model(unit, city.officer)
    refer("tc-1.1")
    save(city.officer, assessment, "tc-1.1", "met")
    if name == "appraise":
        factories.in_state(assessment, State.APPRAISAL)
    one = cost(client, url)
    factories.in_state(assessment, State.DRAFT)
    answer_all(city.officer, earlier, bad=["tc-1.1", "th-4"])
    answer_all(city.officer, assessment, bad=["tc-3.1"])
    for key in ("tc-1.2", "nd-5.1.1", "th-1"):
        refer(key)
    for _ in range(3):
        exemplary_model(unit, city.officer)
    if name == "appraise":
        factories.in_state(assessment, State.APPRAISAL)
        answer_all(city.home_affairs, assessment, layer=Layer.AGENCY)
    full = cost(client, url)
    assert full <= MOST["sheet"], f"{name}: {full} queries"
    assert full - one <= 1  # the question whether the last bulk change was taken back


@pytest.mark.parametrize("layer", ["self", "agency"])
@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}], ids=["htmx", "plain"])
def test_saving_one_verdict(client: Client, city: City, layer: str, headers: dict[str, str]) -> None:
    """The deed with its page fragment, or with its redirect: the same whether little or everything is answered."""
    unit = factories.UnitFactory(ward=city.ward)
    factories.UnitYearFactory(unit=unit, year=2025)
    assessment = city.add(unit=unit)
    answer_all(city.officer, assessment)
    if layer == "agency":
        factories.in_state(assessment, State.APPRAISAL)
    client.force_login(city.officer if layer == "self" else city.home_affairs)
    url = reverse("assessments:save", args=[assessment.pk, "tc-4.4"])
    start = 1 if layer == "self" else 0
    numbers: list[int] = []
    for version, stated in enumerate(["not_met", "met", "not_met"], start):
        data = {"layer": layer, "stated": stated, "note": f"Lần {version}", "version": version}
        if layer == "self":
            data["so-lieu-ho-van-minh-tu"] = 100 + version
        with counted(numbers):
            response = client.post(url, data, headers=headers)
        assert response.status_code == (200 if headers else 302)
    assert numbers[-1] <= MOST["save"], f"{numbers} queries"


@pytest.mark.parametrize("role", ["ward_leader", "agency_officer", "home_affairs", "city_leader"])
def test_reports_of_the_year(client: Client, city: City, role: str) -> None:
    def add() -> None:
        officer = factories.WardOfficerFactory()
        make(city.plan, "half", officer, state="submitted", ward=officer.ward)
        agent = factories.AgencyOfficerFactory()
        make(city.plan, "year", agent, city.home_affairs, state="accepted", agency=agent.agency)

    same_for_three(client, city.person(role), reverse("assessments:year_reports", args=[2025]), add, MOST["list"])


def test_the_citys_report(client: Client, city: City) -> None:
    """Its figures are counted over all wards and agencies; its sources are read once."""
    report = make(city.plan, "half")

    def add() -> None:
        officer = factories.WardOfficerFactory()
        make(city.plan, "half", officer, state="submitted", ward=officer.ward)
        factories.AgencyFactory()

    same_for_three(client, city.home_affairs, reverse("assessments:year_report", args=[report.pk]), add, 30)
    same_for_three(client, city.home_affairs, reverse("assessments:year_report_edit", args=[report.pk]), add, 15)
