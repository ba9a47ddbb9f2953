"""The ward's table of figures: good lines are stored, bad ones told, and the denominator follows."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments import unit_years
from assessments.forms.year.profiles import CountField, ProfileLine
from assessments.models import Assessment, Event, Figure, Layer, Plan
from assessments.queries.year import profiles as queries
from assessments.self_assessment import NewAnswer
from assessments.timeline import Words, tell
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


def test_every_change_stands_in_the_plans_record(people: People, plan: Plan, units: list[Unit]) -> None:
    """Also of a unit without a dossier: with its name, before and after."""
    unit = units[0]
    save_lines(user=people.officer, year=plan.year, lines=[line(unit, households=98)])
    save_lines(user=people.officer, year=plan.year, lines=[line(unit, 1, households=100, persons=1234)])
    save_lines(user=people.officer, year=plan.year, lines=[line(unit, 2, households=100, persons=1234)])
    second, first = Event.objects.filter(plan=plan, kind=Event.Kind.PROFILE).order_by("-pk")
    ward = unit.ward
    assert second.data["what"] == f"Số liệu năm {plan.year} của Tổ 1, {ward.get_kind_display().lower()} {ward.name}"
    assert first.data["changes"] == [{"label": "Tổng số hộ", "before": "", "after": "98"}]
    assert second.data["changes"] == [
        {"label": "Tổng số hộ", "before": "98", "after": "100"},
        {"label": "Số nhân khẩu", "before": "", "after": "1.234"},
    ]
    told = tell(second, Words())
    assert told.what == second.data["what"]
    assert (told.changes[0].label, told.changes[0].before, told.changes[0].after) == ("Tổng số hộ", "98", "100")


def test_the_dossiers_record_tells_of_it_too(people: People, plan: Plan, units: list[Unit]) -> None:
    assessment = factories.open_assessment(unit=units[0], plan=plan, officer=people.officer)
    save_lines(user=people.officer, year=plan.year, lines=[line(units[0], households=98)])
    events = Event.objects.filter(kind=Event.Kind.PROFILE)
    assert {(event.assessment, event.plan) for event in events} == {(assessment, None), (None, plan)}


def test_a_year_without_a_plan_has_no_record(people: People, plan: Plan, units: list[Unit]) -> None:
    draft = factories.PlanFactory(year=plan.year + 1, status=Plan.Status.DRAFT, number="")
    for year in (plan.year - 9, draft.year):
        assert not save_lines(user=people.officer, year=year, lines=[line(units[0], households=98)])
    assert UnitYear.objects.filter(unit=units[0]).count() == 2 and not Event.objects.exists()


def test_the_page_shows_what_its_reader_may_know(client: Client, people: People, plan: Plan, units: list[Unit]) -> None:
    other = factories.WardOfficerFactory()
    theirs = factories.UnitFactory(ward=other.ward, name="Bản Xa")
    save_lines(user=other, year=plan.year, lines=[line(theirs, households=55)])
    save_lines(user=people.officer, year=plan.year, lines=[line(unit, households=90) for unit in units])

    def told(user: User, name: str = "profiles", number: int = plan.year) -> set[str]:
        client.force_login(user)
        page = client.get(reverse(f"assessments:{name}", args=[number])).content.decode()
        return {one for one in ("Tổ 1", "Tổ 2", "Bản Xa") if f"<b>Số liệu năm {plan.year} của {one}," in page}

    assert told(people.officer) == told(people.leader) == {"Tổ 1", "Tổ 2"}
    assert told(other) == {"Bản Xa"}
    assert told(people.home_affairs) == {"Tổ 1", "Tổ 2", "Bản Xa"}
    assert told(factories.UnitHeadFactory(unit=units[1])) == {"Tổ 2"}
    assert told(people.officer, "unit", units[0].pk) == {"Tổ 1"}


def test_a_closed_year_takes_no_figures(client: Client, people: People, plan: Plan, units: list[Unit]) -> None:
    save_lines(user=people.officer, year=plan.year, lines=[line(units[0], households=98)])
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.CLOSED)
    client.force_login(people.officer)
    table, one = reverse("assessments:profiles", args=[plan.year]), [units[0].pk, plan.year]
    page = client.get(table).content.decode().partition("<main")[2].partition("</main")[0]
    assert 'method="post"' not in page and "btn-primary" not in page and "98" in page and "<b>Số liệu năm" in page
    to = f"to-{units[0].pk}"
    typed = {f"{to}-{name}": "" for name in unit_years.FIELDS} | {f"{to}-households": "77", f"{to}-version": "1"}
    page = client.post(table, typed | {f"{to}-seen": "98|||||"}).content.decode()
    assert "đã kết thúc nên không thay đổi được nữa" in page and 'value="77"' in page, "what was typed stays"
    answer = client.get(reverse("assessments:unit_year", args=one), follow=True)
    assert "số liệu không sửa được nữa" in answer.content.decode()
    page = client.post(reverse("assessments:unit_year", args=one), {"version": 1, "households": 77}).content.decode()
    assert "đã kết thúc nên không thay đổi được nữa" in page and 'value="77"' in page
    assert UnitYear.objects.get(unit=units[0]).households == 98
    assert queries.missing_profiles(people.officer, plan) == 0


DOUBTS = {
    "more households than persons": ({"households": 100, "persons": 50}, "persons", "Số nhân khẩu (50) nhỏ hơn"),
    "too many poor": ({"households": 10, "poor_households": 11}, "poor_households", "(11) lớn hơn tổng số hộ (10)"),
    "too many near poor": (
        {"households": 10, "poor_households": 6, "near_poor_households": 5}, "near_poor_households", "(11) lớn hơn",
    ),
    "too many workers": ({"persons": 9, "working_age_persons": 10}, "working_age_persons", "(10) lớn hơn số nhân khẩu"),
    "too many shops": ({"households": 9, "business_households": 10}, "business_households", "(10) lớn hơn tổng số hộ"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "field", "words"), DOUBTS.values(), ids=DOUBTS)
def test_figures_that_cannot_be(
    client: Client, people: People, plan: Plan, units: list[Unit], values: dict[str, int], field: str, words: str
) -> None:
    """The deed, the table and the unit's own form say it at the field."""
    failed = save_lines(user=people.officer, year=plan.year, lines=[line(units[0], **values)])[units[0].pk]
    assert failed.field == field and words in failed.message
    client.force_login(people.officer)
    to = f"to-{units[0].pk}-"
    typed = {f"{to}{name}": values.get(name, "") for name in unit_years.FIELDS} | {f"{to}version": 0, f"{to}seen": ""}
    table = client.post(reverse("assessments:profiles", args=[plan.year]), typed)
    row = next(row for row in table.context["rows"] if row.unit == units[0])
    assert [words in error for error in row.form.errors[field]] == [True] and len(row.form.errors) == 1
    own = client.post(reverse("assessments:unit_year", args=[units[0].pk, plan.year]), values | {"version": 0})
    assert [words in error for error in own.context["form"].errors[field]] == [True]
    assert len(own.context["form"].errors) == 1
    assert not UnitYear.objects.exists()


def test_all_doubts_at_once(people: People, plan: Plan, units: list[Unit]) -> None:
    row = next(row for row in queries.profile_rows(people.officer, plan) if row.unit == units[0])
    typed = {"households": "100", "persons": "50", "business_households": "101", "version": "0"}
    form = ProfileLine({f"to-{units[0].pk}-{name}": value for name, value in typed.items()}, row)
    assert set(form.errors) == {"persons", "business_households"}


@pytest.mark.parametrize("typed", ["10000001", "100000000000", "100.000.000.000", "9" * 39])
def test_a_number_too_large_is_called_so(
    client: Client, people: People, plan: Plan, units: list[Unit], typed: str
) -> None:
    with pytest.raises(ValidationError, match=r"quá lớn; nhiều nhất 10\.000\.000"):
        CountField().clean(typed)
    client.force_login(people.officer)
    page = client.post(reverse("assessments:unit_year", args=[units[0].pk, plan.year]), {"households": typed})
    [error] = page.context["form"].errors["households"]
    assert "10.000.000" in error if "." not in typed else "số nguyên" in error
    with pytest.raises(ValidationError, match="không phải số nguyên không âm"):
        CountField().clean("-1")
