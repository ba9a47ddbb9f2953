"""An estimate against the ward's earlier one: every line paired once, differences that add up, percent exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import money
from assessments.models import BudgetLine
from assessments.queries.year import budget_change
from localities.models import Unit
from tests import factories
from tests.assessments.year.budget import City, appraised, confirmed, decided, draft, line, sent

CONTENTS = ("Tuyên truyền", "tuyên  truyền.", "TUYÊN TRUYỀN", "Vệ sinh", "Vệ sinh môi trường", "Tập huấn")
UNITS = (None, Unit(pk=1, name="Tổ 1"), Unit(pk=2, name="Tổ 2"))
LINE = st.tuples(st.sampled_from(CONTENTS), st.sampled_from(UNITS), st.integers(0, money.MOST))


def stored(content: str, unit: Unit | None, amount: int) -> BudgetLine:
    return BudgetLine(content=content, unit=unit, asked=amount, appraised=amount, approved=amount)


@given(st.lists(LINE, max_size=12), st.lists(LINE, max_size=12))
def test_differences_of_lines_add_up_to_that_of_the_totals(
    then: list[tuple[str, Unit | None, int]], now: list[tuple[str, Unit | None, int]]
) -> None:
    rows = budget_change.paired([stored(*one) for one in then], [stored(*one) for one in now], "asked")
    before, after = sum(one[2] for one in then), sum(one[2] for one in now)
    assert sum(row.difference for row in rows) == after - before
    assert sum(row.before or 0 for row in rows) == before
    assert sum(row.now or 0 for row in rows) == after
    keys = [(budget_change.normalised(row.content), row.unit and row.unit.pk) for row in rows]
    assert len(keys) == len(set(keys)), "each content once"
    wanted = {(budget_change.normalised(content), unit and unit.pk) for content, unit, _ in (*then, *now)}
    assert set(keys) == wanted
    for row in rows:
        if row.before and row.percent is not None:
            assert row.percent * row.before == row.difference * 100, "exact"


def test_what_became_of_each_line() -> None:
    then = [stored("Tập huấn", None, 8), stored("Vệ sinh", UNITS[1], 5), stored("Loa", None, 4), stored("Cờ", None, 1)]
    now = [stored("tập  huấn.", None, 9), stored("Vệ sinh", UNITS[2], 5), stored("Loa", None, 3), stored("Cờ", None, 1)]
    rows = budget_change.paired(then, now, "asked")
    assert [(row.content, row.before, row.now, row.difference, row.word) for row in rows] == [
        ("tập  huấn.", 8, 9, 1, "Tăng"),
        ("Vệ sinh", None, 5, 5, "Mới"),  # for another neighbourhood
        ("Loa", 4, 3, -1, "Giảm"),
        ("Cờ", 1, 1, 0, "Giữ nguyên"),
        ("Vệ sinh", 5, None, -5, "Không còn"),
    ]
    assert [row.percent for row in rows] == [Fraction(25, 2), None, -25, 0, -100]


def test_nothing_to_hold_it_against() -> None:
    assert money.percent(5, 0) is None
    assert money.percent(1, 3) == Fraction(100, 3)


@pytest.mark.django_db
class TestWithStoredEstimates:
    def earlier(self, city: City) -> None:
        """Approved for 2024: one line as it will be asked again, one that will be gone."""
        plan = factories.PlanFactory(year=2024)
        lines = (line("Tuyên truyền", 4_000_000), line("Loa", 1_000_000))
        made = appraised(city.finance, sent(city.officer, city.leader, plan, lines))
        confirmed(city.head, decided(city.finance, plan, made, number="1/QĐ-UBND"))

    def test_first_year(self) -> None:
        city = City()
        assert budget_change.change(draft(city.officer, city.plan)) is None

    def test_an_earlier_year_counts_once_it_is_approved(self) -> None:
        city = City()
        appraised(city.finance, sent(city.officer, city.leader, factories.PlanFactory(year=2024)))
        assert budget_change.change(draft(city.officer, city.plan)) is None

    def test_the_amount_that_is_settled_is_compared(self) -> None:
        city = City()
        self.earlier(city)
        made = city.sent()
        first = budget_change.change(made)
        assert first and (first.label, first.total.before, first.total.now) == ("Đề nghị", 5_000_000, 9_000_000)
        said = city.say(made, (5_000_000, "Bớt"), (3_000_000, ""))
        half = budget_change.change(said)
        assert half and half.total.now == 9_000_000, "an appraisal that goes on is nobody else's"
        done = city.say(made, (5_000_000, "Bớt"), (3_000_000, ""), finish=True)
        found = budget_change.change(done)
        assert found and (found.label, found.total.now) == ("Thẩm định", 8_000_000)
        assert [(row.content, row.word) for row in found.rows] == [
            ("Tuyên truyền", "Tăng"),
            ("Vệ sinh môi trường", "Mới"),
            ("Loa", "Không còn"),
        ]
        decision = decided(city.finance, city.plan, done)
        confirmed(city.head, decision)
        done.refresh_from_db()
        after = budget_change.change(done)
        assert after and (after.label, after.total.now) == ("Phê duyệt", 8_000_000)

    def test_another_wards_money_is_not_compared(self) -> None:
        city, other = City(), City(factories.PlanFactory(year=2026))
        self.earlier(city)
        made = draft(other.officer, other.plan, (line(quantity=Decimal(1), unit_price=6_000_000),))
        assert budget_change.change(made) is None
