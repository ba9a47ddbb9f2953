"""Rankings, risks and comparisons of small worlds made by hand, where every number is known."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments.models import Assessment, Assignment, Layer, Plan, Target
from assessments.queries.year.comparing import Share, compare
from assessments.queries.year.looking_back import (
    CriterionRow,
    Ranking,
    own_criteria,
    ranking,
    results,
    scope,
    target_history,
    units_of,
)
from assessments.queries.year.risks import RiskUnit, risks
from assessments.recognition import confirm_decision
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from criteria.models import Entry
from criteria.queries import table
from criteria.spec import Figure
from localities.models import Unit, Ward
from tests import factories
from tests.assessments import roads
from tests.assessments.roads import People, answer, answer_all, save_year
from tests.assessments.visits import visit_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(db: None) -> Plan:
    return factories.PlanFactory(year=2024)


@pytest.fixture
def plan(earlier: Plan) -> Plan:
    return factories.PlanFactory(year=2025)


def unit_of(officer: User, name: str) -> Unit:
    found = Unit.objects.filter(ward=officer.ward, name=name).first()
    return found or factories.UnitFactory(ward=officer.ward, name=name)


def dossier(
    officer: User, plan: Plan, name: str, bad: Iterable[str] | None = (), *, aim: str = "maintain"
) -> Assessment:
    """A dossier that is met everywhere but in these; with None nothing is assessed."""
    made = factories.open_assessment(unit=unit_of(officer, name), plan=plan, officer=officer, aim=aim)
    if bad is not None:
        answer_all(officer, made, bad=bad)
    return made


def appraise(user: User, made: Assessment, bad: Iterable[str] = ()) -> None:
    """The agencies' layer says everything, and so the effective one is whole."""
    factories.in_state(made, State.APPRAISAL)
    answer_all(user, made, layer=Layer.AGENCY, bad=bad)


def failing(found: Ranking) -> list[tuple[int, str, int, int]]:
    return [(row.rank, row.entry.code, row.now.not_met, row.now.judged) for row in found.failing]


def row_of(found: Ranking, code: str) -> CriterionRow:
    return next(row for row in found.rows if row.entry.code == code)


class TestRanking:
    def test_by_how_often_they_fail_ties_in_the_order_of_the_table(self, people: People, plan: Plan) -> None:
        officer = people.officer
        dossier(officer, plan, "Tổ 1", ["tc-2.3", "tc-5.2"])
        dossier(officer, plan, "Tổ 2", ["tc-5.2", "tc-1.1"])
        dossier(officer, plan, "Tổ 3", ["tc-5.2"])
        found = ranking(people.home_affairs, plan)
        assert failing(found) == [(1, "5.2", 3, 3), (2, "1.1", 1, 3), (2, "2.3", 1, 3)]
        assert (found.units, found.appraised, found.by_themselves) == (3, 0, 3)
        assert len(found.rows) == 41
        met = row_of(found, "1.1").now
        assert (met.met, met.not_met, met.open, met.exempt) == (2, 1, 0, 0)

    def test_the_appraised_result_speaks_once_it_is_whole(self, people: People, plan: Plan) -> None:
        made = dossier(people.officer, plan, "Tổ 1", ["tc-2.3"])
        factories.in_state(made, State.APPRAISAL)
        roads.answer(people.home_affairs, made, Layer.AGENCY, {"tc-3.6": NewAnswer("not_met", "Thực tế")})
        half = ranking(people.home_affairs, plan)
        assert failing(half) == [(1, "2.3", 1, 1)] and half.by_themselves == 1
        answer_all(people.home_affairs, made, layer=Layer.AGENCY, bad=["tc-3.6"])
        whole = ranking(people.home_affairs, plan)
        assert failing(whole) == [(1, "3.6", 1, 1)] and whole.appraised == 1

    def test_the_delegation_overrules_the_agency(self, people: People, plan: Plan) -> None:
        made, member = dossier(people.officer, plan, "Tổ 1"), factories.DelegationMemberFactory()
        appraise(people.home_affairs, made, ["tc-3.6"])
        visit_to(people.home_affairs, made, member)
        seen = {"tc-3.6": NewAnswer("met"), "tc-4.5": NewAnswer("not_met", "Thực tế")}
        answer(member, made, Layer.DELEGATION, seen)
        assert failing(ranking(people.home_affairs, plan)) == [(1, "4.5", 1, 1)]

    def test_a_criterion_that_follows_from_contents_counts_too(self, people: People, plan: Plan) -> None:
        made = dossier(people.officer, plan, "Tổ 1", ["nd-1.1"])
        appraise(people.home_affairs, made, ["nd-1.1"])
        assert failing(ranking(people.home_affairs, plan)) == [(1, "4.1", 1, 1)]

    def test_what_is_open_is_neither_met_nor_not(self, people: People, plan: Plan) -> None:
        dossier(people.officer, plan, "Tổ 1", None)
        dossier(people.officer, plan, "Tổ 2", ["tc-1.1"])
        row = row_of(ranking(people.home_affairs, plan), "1.1").now
        assert (row.not_met, row.judged, row.open, row.units) == (1, 1, 1, 2)

    def test_by_ward_and_over_the_years(self, people: People, stranger: User, plan: Plan, earlier: Plan) -> None:
        dossier(people.officer, earlier, "Tổ 1", ["tc-2.3", "tc-5.2"])
        dossier(people.officer, plan, "Tổ 1", ["tc-2.3"])
        dossier(people.officer, plan, "Tổ 2")
        dossier(stranger, plan, "Tổ 9", ["tc-2.3"])
        found = ranking(people.home_affairs, plan)
        row = row_of(found, "2.3")
        assert [one.year for one in found.plans] == [2024, 2025]
        assert [(one.not_met, one.judged) for one in row.years if one] == [(1, 1), (2, 3)]
        by_ward = {ward.pk: count.not_met for ward, count in zip(found.wards, row.wards, strict=True)}
        assert by_ward == {people.officer.ward_id: 1, stranger.ward_id: 1}
        assert row_of(found, "5.2").now.not_met == 0
        own = ranking(people.home_affairs, plan, ward=Ward.objects.get(pk=stranger.ward_id))
        assert failing(own) == [(1, "2.3", 1, 1)]

    def test_one_standard_and_own_criteria(self, people: People, plan: Plan) -> None:
        dossier(people.officer, plan, "Tổ 1", ["tc-2.3", "tc-5.2"])
        found = ranking(people.home_affairs, plan, standard=5)
        assert failing(found) == [(1, "5.2", 1, 1)] and len(found.rows) == 6
        assert failing(ranking(people.home_affairs, plan, keys={"tc-2.3"})) == [(1, "2.3", 1, 1)]
        officer = factories.AgencyOfficerFactory()
        for key in ("tc-2.3", "nd-1.1"):
            entry = Entry.objects.get(criteria_set=plan.criteria_set, key=key)
            Assignment.objects.create(plan=plan, entry=entry, agency=officer.agency, position=1)
        assert own_criteria(officer, plan) == {"tc-2.3"}

    def test_scope(self, people: People, stranger: User, plan: Plan) -> None:
        mine = dossier(people.officer, plan, "Tổ 1")
        sent = factories.in_state(dossier(stranger, plan, "Tổ 9"), State.SUBMITTED)
        seen = {user: set(scope(user)) for user in (people.officer, people.leader, people.home_affairs)}
        assert seen[people.officer] == seen[people.leader] == {mine}
        assert seen[people.home_affairs] == {mine, sent}
        for user in (factories.AgencyOfficerFactory(), factories.FinancePlanningFactory()):
            assert set(scope(user)) == {sent}
        for user in (
            factories.UnitHeadFactory(),
            factories.DelegationMemberFactory(),
            factories.AdministratorFactory(),
        ):
            assert not scope(user).exists()

    def test_an_empty_year(self, people: People, plan: Plan) -> None:
        found = ranking(people.home_affairs, plan)
        assert (found.units, found.failing, found.wards) == (0, [], [])

    def test_units_behind_a_criterion(self, people: People, plan: Plan, earlier: Plan) -> None:
        dossier(people.officer, earlier, "Tổ 2", ["tc-2.3"])
        first = dossier(people.officer, plan, "Tổ 1", [])
        dossier(people.officer, plan, "Tổ 2", ["tc-2.3"])
        roads.answer(people.officer, first, Layer.SELF, {"tc-2.3": NewAnswer("not_met", "Mô hình đang chuẩn bị")})
        dossier(people.officer, plan, "Tổ 3", [])
        entry = table(plan.criteria_set_id).entries_by_key["tc-2.3"]
        lines = units_of(people.home_affairs, plan, entry)
        assert [(str(line.result.unit), line.status, line.notes, line.before) for line in lines] == [
            ("Tổ 1", "not_met", ["Mô hình đang chuẩn bị"], None),
            ("Tổ 2", "not_met", [], (2024, "not_met")),
            ("Tổ 3", "met", [], None),
        ]


def only(found: list[RiskUnit]) -> RiskUnit:
    [unit] = found
    return unit


class TestRisks:
    def test_least_numbers(self, people: People, plan: Plan) -> None:
        """7/8 in standard 2 is on the edge, 6/8 below; all met is no risk, though standard 1 always needs all."""
        dossier(people.officer, plan, "Tổ 1")
        dossier(people.officer, plan, "Tổ 2", ["tc-2.3"])
        dossier(people.officer, plan, "Tổ 3", ["tc-2.3", "tc-2.6"])
        found = risks(people.home_affairs, plan)
        assert found.looked_at == 3 and found.certain == 1
        below, edge = found.units
        assert [str(below.result.unit), str(edge.result.unit)] == ["Tổ 3", "Tổ 2"]
        [one] = edge.standards
        assert (one.number, one.met, one.applicable, one.needed, one.below) == (2, 7, 8, 7, False)
        assert one.lost == ["2.3"] and one.tipping == ["2.1", "2.2", "2.4", "2.5", "2.6", "2.7", "2.8"]
        [two] = below.standards
        assert (two.met, two.needed, two.missing, two.lost) == (6, 7, 1, ["2.3", "2.6"])

    @pytest.mark.parametrize(
        ("bad", "expected"),
        [
            (["tc-1.1"], (1, 3, 4, 1)),
            (["tc-3.1"], (3, 6, 6, 0)),
            (["tc-4.5"], (4, 7, 7, 0)),
            (["tc-5.2"], (5, 5, 5, 0)),
            (["tc-6.6"], (6, 7, 7, 0)),
        ],
    )
    def test_every_standard(self, people: People, plan: Plan, bad: list[str], expected: tuple[int, ...]) -> None:
        dossier(people.officer, plan, "Tổ 1", bad)
        [one] = only(risks(people.home_affairs, plan).units).standards
        assert (one.number, one.met, one.needed, one.missing) == expected

    def test_only_who_has_something_to_lose(self, people: People, plan: Plan, earlier: Plan) -> None:
        dossier(people.officer, plan, "Tổ 1", ["tc-2.3"], aim="new")
        assert risks(people.home_affairs, plan).looked_at == 0
        recognised = factories.in_state(dossier(people.officer, earlier, "Tổ 1", aim="new"), State.RECOGNISED)
        unit = only(risks(people.home_affairs, plan).units)
        assert unit.was_recognised == 2024 and recognised.unit == unit.result.unit

    def test_what_failed_before_or_is_contested_is_shaky(self, people: People, plan: Plan, earlier: Plan) -> None:
        dossier(people.officer, earlier, "Tổ 1", ["tc-2.6"])
        made = dossier(people.officer, plan, "Tổ 1", ["tc-2.3"])
        factories.in_state(made, State.APPRAISAL)
        answer(people.home_affairs, made, Layer.AGENCY, {"tc-2.8": NewAnswer("not_met", "Thực tế")})
        [one] = only(risks(people.home_affairs, plan).units).standards
        assert one.shaky == ["2.6", "2.8"]

    def test_what_is_open_may_still_be_met(self, people: People, plan: Plan) -> None:
        made = dossier(people.officer, plan, "Tổ 1", None)
        answer(people.officer, made, Layer.SELF, {"tc-2.3": NewAnswer("not_met", "x")})
        [one] = only(risks(people.home_affairs, plan).units).standards
        assert (one.number, one.met, one.below, len(one.open)) == (2, 0, False, 7)
        answer(people.officer, made, Layer.SELF, {"tc-2.6": NewAnswer("not_met", "x")})
        [one] = only(risks(people.home_affairs, plan).units).standards
        assert one.below and one.missing == 1

    def test_cases(self, people: People, plan: Plan) -> None:
        dossier(people.officer, plan, "Tổ 1", ["th-2"])
        unit = only(risks(people.home_affairs, plan).units)
        assert unit.certain and not unit.standards and unit.cases[0].startswith("2. ")

    @pytest.mark.parametrize(("violating", "near"), [(5, False), (6, True), (11, True)])
    def test_half_way_to_the_threshold_of_a_case(self, people: People, plan: Plan, violating: int, near: bool) -> None:
        """10 % of 120 households disqualify: from 6 on the unit is named."""
        made = dossier(people.officer, plan, "Tổ 1")
        save_year(people.officer, made, 0, {})
        answer(
            people.officer, made, Layer.SELF, {"th-4": NewAnswer("absent", figures={"ho-vi-pham": Figure(violating)})}
        )
        found = risks(people.home_affairs, plan).units
        assert [unit.near for unit in found] == ([[near_words(violating)]] if near else [])


def near_words(violating: int) -> str:
    from assessments import percentages

    return f"Trường hợp 4: {violating}/120 ({percentages.text(violating, 120)}), ngưỡng 10 %"


def recognise(people: People, plan: Plan, name: str, *, refused: bool = False) -> Assessment:
    made = dossier(people.officer, plan, name, ["tc-1.1"] if refused else [])
    factories.in_state(made, State.PROPOSED)
    answer_all(people.home_affairs, factories.in_state(made, State.APPRAISAL), layer=Layer.AGENCY,
               bad=["tc-1.1"] if refused else [])  # fmt: skip
    factories.in_state(made, State.PROPOSED)
    decision = roads.record(people, made, number=f"{plan.year}-{name[-1]}/QĐ-UBND")
    confirm_decision(user=people.city_leader, decision_id=decision.pk)
    return made


class TestComparison:
    def test_what_became_of_units(self, people: People, plan: Plan, earlier: Plan) -> None:
        for name in ("Tổ 1", "Tổ 2", "Tổ 3", "Tổ 4"):
            recognise(people, earlier, name)
        recognise(people, plan, "Tổ 1")
        recognise(people, plan, "Tổ 2", refused=True)
        dossier(people.officer, plan, "Tổ 3")
        recognise(people, plan, "Tổ 5")
        found = compare(people.home_affairs, earlier, plan)

        def names(units: list[Unit]) -> list[str]:
            return [unit.name for unit in units]

        assert (names(found.kept), names(found.lost), names(found.waiting)) == (["Tổ 1"], ["Tổ 2"], ["Tổ 3"])
        assert (names(found.left), names(found.fresh)) == (["Tổ 4"], ["Tổ 5"])
        assert (found.before, found.now) == (4, 4)
        [ward] = found.wards
        assert (ward.registered, ward.recognised) == ([4, 4], [4, 2])
        assert (ward.fresh, ward.kept, ward.lost) == (1, 1, 1)

    def test_better_and_worse_by_exact_shares(self, people: People, plan: Plan, earlier: Plan) -> None:
        dossier(people.officer, earlier, "Tổ 1", ["tc-2.3", "tc-1.1", "tc-5.2"])
        dossier(people.officer, earlier, "Tổ 2", ["tc-5.2"])
        dossier(people.officer, plan, "Tổ 1", ["tc-2.3", "tc-5.2"])
        dossier(people.officer, plan, "Tổ 2", ["tc-6.6", "tc-5.2"])
        dossier(people.officer, plan, "Tổ 3", ["tc-5.2"])
        dossier(people.officer, plan, "Tổ 4", None)
        found = compare(people.home_affairs, earlier, plan)
        changes = {row.entry.code: (row.before, row.now, row.change) for row in found.criteria}
        assert changes["2.3"] == (Share(1, 2), Share(1, 3), 1)
        assert changes["1.1"] == (Share(1, 2), Share(0, 3), 1)
        assert changes["6.6"] == (Share(0, 2), Share(1, 3), -1)
        assert changes["5.2"] == (Share(2, 2), Share(3, 3), 0)
        assert [row.entry.code for row in found.better] == ["1.1", "2.3"]
        assert [row.entry.code for row in found.worse] == ["6.6"]
        first = found.standards[0]
        assert (first.before, first.now, first.change) == (Share(1, 2), Share(3, 3), 1)

    def test_nothing_beside_nothing(self, people: People, plan: Plan, earlier: Plan) -> None:
        found = compare(people.home_affairs, earlier, plan)
        assert not found.wards and not found.better and not found.worse
        assert Share(0, 0).versus(Share(1, 2)) == 0

    def test_of_one_ward(self, people: People, stranger: User, plan: Plan, earlier: Plan) -> None:
        dossier(people.officer, earlier, "Tổ 1")
        dossier(stranger, plan, "Tổ 9")
        found = compare(people.officer, earlier, plan)
        assert (found.before, found.now) == (1, 0)
        assert compare(people.home_affairs, earlier, plan, stranger.ward).now == 1


def test_targets_over_the_years(people: People, plan: Plan, earlier: Plan) -> None:
    Target.objects.create(plan=plan, kind="maintain", minimum=35)
    Target.objects.create(plan=plan, kind="new", minimum=2)
    Target.objects.create(plan=earlier, kind="pilot_per_ward", minimum=1, maximum=2)
    factories.in_state(dossier(people.officer, plan, "Tổ 1"), State.RECOGNISED)
    dossier(people.officer, plan, "Tổ 2", aim="new")
    found = [(row.plan.year, row.wanted, row.registered, row.reached) for row in target_history(people.officer, plan)]
    assert found == [(2025, "35", 1, 1), (2025, "2", 1, 0), (2024, "1-2", 0, 0)]


def test_as_many_queries_for_one_dossier_as_for_many(people: People, plan: Plan, earlier: Plan) -> None:
    user, numbers = people.home_affairs, iter(range(1, 20))
    entry = table(plan.criteria_set_id).entries_by_key["tc-2.3"]

    def add() -> None:
        officer, name = factories.WardOfficerFactory(), f"Tổ {next(numbers)}"
        for one in (earlier, plan):
            made = dossier(officer, one, name, ["tc-2.3", "th-4"])
            appraise(user, made, ["tc-2.3"])

    def costs() -> list[int]:
        found = []
        reads: list[Any] = [
            lambda: ranking(user, plan).rows,
            lambda: risks(user, plan).units,
            lambda: compare(user, earlier, plan).wards,
            lambda: units_of(user, plan, entry),
            lambda: target_history(user, plan),
            lambda: [str(row.unit.ward) for row in results(user, [plan])],
        ]
        for read in reads:
            with CaptureQueriesContext(connection) as queries:
                read()
            found.append(len(queries))
        return found

    add()
    one = costs()
    for _ in range(2):
        add()
    assert costs() == one and max(one) <= 6, one
