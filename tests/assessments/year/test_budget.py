"""Estimates: written, sent, and read side by side."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import money
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import BudgetEstimate, BudgetLine, Event, Plan
from assessments.queries.year import budget as queries
from assessments.year import budget, budget_appraisal
from tests import factories
from tests.assessments.year.budget import TWO, City, again, confirmed, decided, draft, line, sent, told

pytestmark = pytest.mark.django_db
State = BudgetEstimate.State


@pytest.fixture
def city() -> City:
    return City()


# ---- Writing ----


def test_lines_are_computed_and_kept_in_order(city: City) -> None:
    lines = (line("B", unit_id=city.unit.pk), line("A", quantity=Decimal("1.5"), unit_price=2_000_000,
             sources=money.Sources(1_000_000, 1_500_000, 500_000)))  # fmt: skip
    made = draft(city.officer, city.plan, lines, number="15", explanation="Căn cứ")
    stored = list(made.lines.values_list("position", "content", "asked", "unit"))
    assert stored == [(1, "B", 6_000_000, city.unit.pk), (2, "A", 3_000_000, None)]
    assert Event.objects.get(kind="budget").data["what"] == f"Lập dự toán kinh phí {city.ward}"


def test_an_unchanged_line_keeps_what_was_said_of_it(city: City) -> None:
    made = city.sent()
    city.say(made, (5_000_000, "Giảm"), (2_000_000, ""))
    budget_appraisal.return_estimate(
        user=city.finance, estimate_id=made.pk, reason="Bổ sung", version=again(made).version
    )
    first, second = made.lines.order_by("position")
    changed = replace(TWO[1], pk=second.pk, content="Nội dung khác")
    saved = budget.save_estimate(
        user=city.leader, plan_id=city.plan.pk, number="", signed_on=None, explanation="",
        lines=[changed, line("Mới"), replace(TWO[0], pk=first.pk)], version=again(made).version,
    )  # fmt: skip
    rows_now = list(saved.lines.order_by("position").values_list("content", "appraised", "appraised_note"))
    assert rows_now == [("Nội dung khác", None, ""), ("Mới", None, ""), ("Tuyên truyền", 5_000_000, "Giảm")]


def test_a_line_of_another_estimate_is_not_taken_over(city: City) -> None:
    other = City(city.plan)
    theirs = draft(other.officer, city.plan).lines.first()
    assert theirs is not None
    made = draft(city.officer, city.plan, [replace(TWO[0], pk=theirs.pk)])
    assert made.lines.get().pk != theirs.pk
    assert BudgetLine.objects.filter(pk=theirs.pk, estimate__ward=other.ward).exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"content": " "}, "nhập nội dung"),
        ({"measure": ""}, "đơn vị tính"),
        ({"unit_id": 0}, "của xã, phường mình"),
        ({"quantity": Decimal("0.001"), "unit_price": 5}, "không chẵn đồng"),
        ({"sources": money.Sources(1)}, "còn thiếu"),
        ({"content": "d" * 501}, "500"),
        ({"quantity": Decimal(0), "sources": money.Sources()}, "lớn hơn 0"),
    ],
)
def test_a_bad_line_names_its_number(city: City, changes: dict[str, object], why: str) -> None:
    bad = replace(line(), **changes)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=f"Dòng 2.*{why}") as error:
        draft(city.officer, city.plan, [line(), bad])
    assert error.value.field == "lines"
    assert not BudgetEstimate.objects.exists()


def test_only_the_ward_writes_and_only_while_it_lies_there(city: City) -> None:
    for stranger in (city.finance, city.home, city.head, factories.UnitHeadFactory(unit=city.unit)):
        with pytest.raises(Refusal):
            draft(stranger, city.plan)
    made = draft(city.officer, city.plan)
    with pytest.raises(Stale):
        draft(city.leader, city.plan)
    with pytest.raises(Stale):
        draft(city.leader, city.plan, version=made.version + 1)
    budget.send_estimate(user=city.leader, estimate_id=made.pk, version=made.version)
    with pytest.raises(Refusal, match="Chờ thẩm định"):
        draft(city.leader, city.plan, version=again(made).version)


def test_bad_paper(city: City) -> None:
    with pytest.raises(InvalidInput) as error:
        draft(city.officer, city.plan, signed_on=timezone.localdate() + timedelta(days=1))
    assert error.value.field == "signed_on"
    with pytest.raises(InvalidInput) as error:
        draft(city.officer, city.plan, number="x" * 51)
    assert error.value.field == "number"
    with pytest.raises(InvalidInput, match="tối đa 300"):
        draft(city.officer, city.plan, [line()] * 301)


# ---- Sending ----


def test_the_leader_sends_and_finance_learns_of_it(city: City) -> None:
    made = draft(city.officer, city.plan)
    with pytest.raises(Refusal, match="lãnh đạo"):
        budget.send_estimate(user=city.officer, estimate_id=made.pk, version=made.version)
    with pytest.raises(Stale):
        budget.send_estimate(user=city.leader, estimate_id=made.pk, version=made.version + 1)
    with pytest.raises(BudgetEstimate.DoesNotExist):
        budget.send_estimate(user=City(city.plan).leader, estimate_id=made.pk, version=made.version)
    done = budget.send_estimate(user=city.leader, estimate_id=made.pk, version=made.version)
    assert (done.state, done.received_on, done.submitted_by) == ("submitted", timezone.localdate(), city.leader)
    assert told(city.finance) == [f"{city.ward} gửi dự toán năm 2025 để thẩm định."]
    with pytest.raises(Refusal, match="không gửi lại"):
        budget.send_estimate(user=city.leader, estimate_id=made.pk, version=done.version)


def test_nothing_is_sent_without_lines(city: City) -> None:
    made = draft(city.officer, city.plan, [])
    with pytest.raises(Refusal, match="chưa có dòng"):
        budget.send_estimate(user=city.leader, estimate_id=made.pk, version=made.version)


def test_home_affairs_states_when_paper_came(city: City) -> None:
    made = city.sent()
    day = timezone.localdate() - timedelta(days=3)
    Plan.objects.filter(pk=city.plan.pk).update(issued_on=day)

    def state(on: date, user: User = city.home, reason: str = "Sổ công văn đến") -> BudgetEstimate:
        return budget.state_paper_day(
            user=user, estimate_id=made.pk, received_on=on, reason=reason, version=again(made).version
        )

    with pytest.raises(Refusal):
        state(day, city.finance)
    for wrong in (day - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(InvalidInput):
            state(wrong)
    assert state(day).received_on == day
    assert again(made).came_late(day)
    assert not again(made).came_late(day + timedelta(days=1))
    assert Event.objects.latest("pk").reason == "Sổ công văn đến"


# ---- What is read ----


def test_all_wards_side_by_side(city: City) -> None:
    done, other, third = city.appraised(), City(city.plan), City(city.plan)
    sent(other.officer, other.leader, city.plan)
    draft(third.officer, city.plan)
    factories.MilestoneFactory(plan=city.plan, duty="budget", before=timezone.localdate())
    found = queries.table(city.finance, city.plan, timezone.localdate())
    assert [row.ward for row in found.sent] == [city.ward, other.ward]
    assert third.ward in [row.ward for row in found.missing]
    assert all(row.late for row in found.sent)  # on the day itself it is late
    assert found.total == money.Three(18_000_000, 9_000_000)
    assert found.sources == money.Sources(14_000_000, 3_000_000, 1_000_000)
    desk = queries.finance_desk(city.finance, city.plan)
    assert [row.ward for row in desk.waiting] == [other.ward]
    assert [row.ward for row in desk.free] == [city.ward]
    confirmed(city.head, decided(city.finance, city.plan, done))
    later = factories.PlanFactory(year=2026)
    assert queries.year_totals(city.head, later) == (2025, money.Three(9_000_000, 9_000_000, 9_000_000))
    assert queries.last_year(city.officer, later) == done
