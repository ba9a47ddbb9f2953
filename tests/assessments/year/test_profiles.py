"""The ward's table of figures: good lines are stored, bad ones told, and the denominator follows."""

import pytest

from assessments import unit_years
from assessments.models import Assessment, Figure, Layer, Plan
from assessments.queries.year import profiles as queries
from assessments.self_assessment import NewAnswer
from assessments.year.profiles import Line, save_lines
from criteria.models import Indicator
from criteria.spec import Figure as Count
from localities.models import Unit, UnitYear
from tests import factories
from tests.assessments.roads import People, answer

pytestmark = pytest.mark.django_db
EMPTY: dict[str, int | None] = dict.fromkeys(unit_years.FIELDS)


@pytest.fixture
def units(people: People) -> list[Unit]:
    return [factories.UnitFactory(ward=people.officer.ward, name=f"Tổ {number}") for number in (1, 2, 10)]


def line(unit: Unit, version: int = 0, **values: int | None) -> Line:
    return Line(unit.pk, version, EMPTY | values)


def test_a_bad_line_keeps_no_good_one_back(people: People, plan: Plan, units: list[Unit]) -> None:
    good, bad, stale = units
    factories.UnitYearFactory(unit=stale, year=plan.year, version=3)
    lines = [line(good, households=90), line(bad, households=5, poor_households=6), line(stale, households=7)]
    failed = save_lines(user=people.officer, year=plan.year, lines=lines)
    assert set(failed) == {bad.pk, stale.pk} and failed[stale.pk].stale
    assert "lớn hơn tổng số hộ" in failed[bad.pk].message
    assert UnitYear.objects.get(unit=good).households == 90
    assert not UnitYear.objects.filter(unit=bad).exists()


def test_nobody_elses_units(people: People, plan: Plan) -> None:
    with pytest.raises(Unit.DoesNotExist):
        save_lines(user=people.officer, year=plan.year, lines=[line(factories.UnitFactory(), households=5)])


def test_the_table(people: People, plan: Plan, units: list[Unit]) -> None:
    first, second, third = units
    factories.UnitFactory(ward=people.officer.ward, name="Tổ cũ", valid_until=f"{plan.year - 1}-06-30")
    factories.UnitYearFactory(unit=first, year=plan.year, households=100, persons=None)
    factories.UnitYearFactory(unit=second, year=plan.year, households=50, persons=200)
    factories.UnitYearFactory(unit=second, year=plan.year - 3, households=48)
    factories.open_assessment(unit=third, plan=plan, officer=people.officer)
    rows = queries.profile_rows(people.officer, plan)
    assert [row.unit.name for row in rows] == ["Tổ 1", "Tổ 2", "Tổ 10"]
    assert rows[1].before_year == plan.year - 3 and rows[1].before["households"] == 48
    assert [row.registered for row in rows] == [False, False, True]
    assert rows[2].empty and not rows[0].empty and "số nhân khẩu" in rows[0].missing
    total = queries.totals("Cộng", rows)
    assert total.sums[:2] == [(150, 2), (200, 1)] and total.sums[2] == (None, 0) and not total.complete
    assert queries.missing_profiles(people.officer, plan) == 1
    assert queries.profile_rows(factories.WardOfficerFactory(), plan) == []


def test_who_may_change_which_line(people: People, plan: Plan, units: list[Unit]) -> None:
    assessment = factories.open_assessment(unit=units[0], plan=plan, officer=people.officer)
    assert all(row.editable for row in queries.profile_rows(people.officer, plan))
    assert not any(row.editable for row in queries.profile_rows(people.leader, plan))
    assert not any(row.editable for row in queries.profile_rows(people.home_affairs, plan))
    factories.in_state(assessment, "submitted")
    assert [row.editable for row in queries.profile_rows(people.officer, plan)] == [False, True, True]
    head = factories.UnitHeadFactory(unit=units[1])
    assert [(row.unit, row.editable) for row in queries.profile_rows(head, plan)] == [(units[1], True)]


def test_every_share_of_households_follows(people: People, plan: Plan, units: list[Unit]) -> None:
    """1.3, 1.4, 4.4, 6.3 and case 4 count households of the unit; changing the table scores again."""
    assessment: Assessment = factories.open_assessment(unit=units[0], plan=plan, officer=people.officer)
    save_lines(user=people.officer, year=plan.year, lines=[line(units[0], households=100)])
    keys = {"tc-1.3": 98, "tc-1.4": 100, "tc-4.4": 90, "tc-6.3": 100, "th-4": 1}
    for key, count in keys.items():
        given = {indicator: Count(count) for indicator in _indicators(assessment, key)}
        verdict = NewAnswer("absent" if key == "th-4" else "met", "", given)
        answer(people.officer, assessment, Layer.SELF, {key: verdict})
    figures = Figure.objects.filter(verdict__assessment=assessment, verdict__layer=Layer.SELF)
    own = figures.filter(indicator__denominator_source="households")
    assert {f.verdict.entry.key for f in own.select_related("verdict__entry")} == set(keys)
    assert set(own.values_list("denominator", flat=True)) == {100}
    save_lines(user=people.officer, year=plan.year, lines=[line(units[0], 1, households=101)])
    assert set(own.values_list("denominator", flat=True)) == {101}
    summary = assessment.summaries.get(layer=Layer.SELF)
    assert "tc-1.3" in summary.outcome["standards"][0]["not_met"]  # 98 of 101 is less than 98 %
    failed = save_lines(user=people.officer, year=plan.year, lines=[line(units[0], 2, households=99)])
    assert "lớn hơn tổng số hộ mới (99)" in failed[units[0].pk].message


def _indicators(assessment: Assessment, key: str) -> list[str]:
    found = Indicator.objects.filter(entry__criteria_set=assessment.plan.criteria_set_id, entry__key=key)
    return list(found.order_by("position").values_list("key", flat=True))
