"""Estimates on their road: written, sent, appraised line by line, returned, decided, confirmed, fixed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from accounts.models import User
from assessments import money
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import BudgetDecision, BudgetEstimate, BudgetLine, Event, Notice, Plan
from assessments.queries.year import budget as queries
from assessments.year import budget, budget_appraisal, budget_decisions, rows
from tests import factories, files
from tests.assessments.year.budget import TWO, appraised, confirmed, decided, draft, line, paper, sent
from tests.database import refused, run

pytestmark = pytest.mark.django_db
State = BudgetEstimate.State


class City:
    """A ward, the plan, and the people who have a part in its money."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.ward = factories.WardFactory()
        self.unit = factories.UnitFactory(ward=self.ward)
        self.plan: Plan = plan or factories.PlanFactory(year=2025)
        self.officer: User = factories.WardOfficerFactory(ward=self.ward)
        self.leader: User = factories.WardLeaderFactory(ward=self.ward)
        self.finance: User = factories.FinancePlanningFactory()
        self.home: User = factories.HomeAffairsFactory()
        self.head: User = factories.CityLeaderFactory()

    def sent(self) -> BudgetEstimate:
        return sent(self.officer, self.leader, self.plan)

    def appraised(self) -> BudgetEstimate:
        return appraised(self.finance, self.sent())

    def say(self, estimate: BudgetEstimate, *said: tuple[int | None, str], finish: bool = False) -> BudgetEstimate:
        """Appraise the lines from the first on."""
        lines = estimate.lines.order_by("position")
        return budget_appraisal.appraise(
            user=self.finance,
            estimate_id=estimate.pk,
            said={row.pk: what for row, what in zip(lines, said, strict=False)},
            note="",
            version=BudgetEstimate.objects.get(pk=estimate.pk).version,
            finish=finish,
        )


@pytest.fixture
def city() -> City:
    return City()


def again(estimate: BudgetEstimate) -> BudgetEstimate:
    return BudgetEstimate.objects.get(pk=estimate.pk)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("text", flat=True))


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
        with pytest.raises(InvalidInput, match="từ ngày"):
            state(wrong)
    with pytest.raises(InvalidInput, match="căn cứ"):
        state(day, reason=" ")
    assert state(day).received_on == day
    assert again(made).came_late(day)
    assert not again(made).came_late(day + timedelta(days=1))
    assert Event.objects.latest("pk").reason == "Sổ công văn đến"
    version = again(made).version
    state(day)
    assert again(made).version == version


# ---- Appraising ----


def test_more_than_asked_needs_a_reason(city: City) -> None:
    made = city.sent()
    first = made.lines.order_by("position")[0]
    with pytest.raises(InvalidInput, match="cao hơn số đề nghị") as error:
        city.say(made, (6_000_001, " "))
    assert error.value.field == str(first.pk)
    city.say(made, (6_000_001, "Giá tăng"))
    first.refresh_from_db()
    assert (first.appraised, first.appraised_note) == (6_000_001, "Giá tăng")


@hypothesis(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=st.integers(0, 12_000_000), note=st.sampled_from(["", "  ", "Lý do"]))
def test_an_appraised_amount_above_what_was_asked_always_has_its_reason(city: City, amount: int, note: str) -> None:
    made = BudgetEstimate.objects.filter(plan=city.plan).first() or city.sent()
    first = made.lines.order_by("position")[0]
    if amount > first.asked and not note.strip():
        with pytest.raises(InvalidInput):
            city.say(made, (amount, note))
        with refused("budget_line_more_than_asked_has_reason"):
            BudgetLine.objects.filter(pk=first.pk).update(appraised=amount, appraised_note="")
    else:
        city.say(made, (amount, note))
        first.refresh_from_db()
        assert (first.appraised, first.appraised_note) == (amount, note.strip())


def test_the_rest_as_asked_and_the_end(city: City) -> None:
    made = city.sent()
    with pytest.raises(Refusal, match="Chưa thẩm định dòng 1, 2"):
        city.say(made, finish=True)
    city.say(made, (None, "Xem lại"), (1_000, ""))
    with pytest.raises(Refusal, match="dòng 1"):
        city.say(made, finish=True)
    done = appraised(city.finance, again(made))
    assert done.state == State.APPRAISED
    assert list(done.lines.values_list("appraised", flat=True)) == [6_000_000, 1_000]
    assert told(city.officer)[-1] == f"Dự toán năm 2025 của {city.ward} đã thẩm định: 6.001.000 đồng."
    assert queries.sheet(again(made)).total == money.Three(9_000_000, 6_001_000)


def test_who_appraises_and_what(city: City) -> None:
    made = city.sent()
    for stranger in (city.leader, city.home, city.head):
        with pytest.raises(Refusal):
            appraised(stranger, made)
    with pytest.raises(Stale):
        budget_appraisal.appraise(user=city.finance, estimate_id=made.pk, said={}, note="", version=made.version + 1)
    with pytest.raises(BudgetLine.DoesNotExist):
        budget_appraisal.appraise(
            user=city.finance, estimate_id=made.pk, said={0: (1, "")}, note="", version=made.version
        )
    with pytest.raises(InvalidInput, match="từ 0"):
        city.say(made, (money.MOST + 1, "x"))
    with pytest.raises(InvalidInput, match="tối đa 500"):
        city.say(made, (1, "x" * 501))


def test_what_is_being_appraised_is_not_told_yet(city: City) -> None:
    made = city.sent()
    city.say(made, (5, ""))
    assert queries.sheet(again(made), appraiser=False).rows[0].amounts.appraised is None
    assert queries.sheet(again(made)).rows[0].amounts.appraised == 5


def test_return_and_reopen(city: City) -> None:
    made = city.sent()
    with pytest.raises(InvalidInput, match="lý do"):
        budget_appraisal.return_estimate(user=city.finance, estimate_id=made.pk, reason=" ", version=made.version)
    back = budget_appraisal.return_estimate(
        user=city.finance, estimate_id=made.pk, reason="Thiếu báo giá", version=made.version
    )
    assert (back.state, told(city.leader)[-1]) == (
        "returned", f"Dự toán năm 2025 của {city.ward} được trả lại: Thiếu báo giá"
    )  # fmt: skip
    with pytest.raises(BudgetEstimate.DoesNotExist):  # it is the ward's own again
        appraised(city.finance, back)
    done = appraised(city.finance, budget.send_estimate(user=city.leader, estimate_id=made.pk, version=back.version))

    def reopen(user: User, reason: str = "Nhầm đơn giá") -> BudgetEstimate:
        return budget_appraisal.reopen(user=user, estimate_id=made.pk, reason=reason, version=again(made).version)

    with pytest.raises(Refusal):
        reopen(city.head)
    with pytest.raises(InvalidInput):
        reopen(city.finance, "")
    decision = decided(city.finance, city.plan, done)
    with pytest.raises(Refusal, match="trong một quyết định"):
        reopen(city.finance)
    budget_decisions.drop_decision(user=city.finance, decision_id=decision.pk, version=decision.version)
    assert reopen(city.finance).state == State.SUBMITTED
    assert again(made).appraised_by is None
    with pytest.raises(Refusal):
        reopen(city.finance)


# ---- Deciding ----


def test_the_decision_approves_what_was_appraised_and_fixes_it(city: City) -> None:
    done = city.appraised()
    decision = decided(city.finance, city.plan, done)
    assert list(done.lines.values_list("approved", flat=True)) == [6_000_000, 3_000_000]
    assert told(city.head) == ["Quyết định kinh phí số 77/QĐ-UBND năm 2025 chờ xác nhận."]
    first = done.lines.order_by("position")[0]

    def approve(amount: int, note: str) -> BudgetDecision:
        return budget_decisions.set_approved(
            user=city.finance, decision_id=decision.pk, estimate_id=done.pk, said={first.pk: (amount, note)},
            version=BudgetDecision.objects.get(pk=decision.pk).version,
        )  # fmt: skip

    with pytest.raises(InvalidInput, match="khác số thẩm định"):
        approve(5, "")
    assert approve(5, "Cân đối").version == decision.version + 1
    with pytest.raises(Stale):
        confirmed(city.head, decision)
    with pytest.raises(Refusal):
        confirmed(city.finance, BudgetDecision.objects.get())
    fixed = confirmed(city.head, BudgetDecision.objects.get())
    assert again(done).state == State.APPROVED
    assert told(city.officer)[-1] == f"Dự toán năm 2025 của {city.ward} được phê duyệt: 3.000.005 đồng."
    assert confirmed(city.head, fixed).version == fixed.version  # again changes nothing
    for deed in (
        lambda: approve(6, "x"),
        lambda: budget_decisions.drop_decision(user=city.finance, decision_id=decision.pk, version=fixed.version),
        lambda: budget_decisions.record_decision(
            user=city.finance, plan_id=city.plan.pk, decision=fixed, estimate_ids=[done.pk], version=fixed.version
        ),
    ):
        with pytest.raises(Refusal, match="đã được xác nhận"):
            deed()


def test_an_estimate_stands_in_one_decision(city: City) -> None:
    done, open_still = city.appraised(), City(city.plan)
    sent_only = sent(open_still.officer, open_still.leader, city.plan)
    decision = decided(city.finance, city.plan, done)
    with pytest.raises(Refusal, match="một quyết định khác"):
        decided(city.finance, city.plan, done, number="78/QĐ-UBND")
    with pytest.raises(Refusal, match="chỉ phê duyệt dự toán đã thẩm định"):
        decided(city.finance, city.plan, sent_only, number="78/QĐ-UBND")
    more = appraised(city.finance, sent_only)
    decision.title = "Trích yếu khác"
    budget_decisions.record_decision(
        user=city.finance, plan_id=city.plan.pk, decision=decision, estimate_ids=[more.pk], version=decision.version
    )
    assert again(done).decision is None
    assert set(done.lines.values_list("approved", flat=True)) == {None}
    assert again(more).decision == decision


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "QĐ"}, "number"),
        ({"number": ""}, "number"),
        ({"issued_on": date(2019, 1, 1)}, "issued_on"),
        ({"issued_on": timezone.localdate() + timedelta(days=1)}, "issued_on"),
        ({"signer_title": ""}, "signer_title"),
    ],
)
def test_a_bad_decision(city: City, changes: dict[str, object], field: str) -> None:
    done, made = city.appraised(), paper()
    for name, value in changes.items():
        setattr(made, name, value)
    with pytest.raises(InvalidInput) as error:
        budget_decisions.record_decision(
            user=city.finance, plan_id=city.plan.pk, decision=made, estimate_ids=[done.pk], version=rows.NEW
        )
    assert error.value.field == field


def test_a_decision_needs_estimates_a_number_of_its_own_and_the_finance_agency(city: City) -> None:
    with pytest.raises(InvalidInput) as error:
        decided(city.finance, city.plan)
    assert error.value.field == "estimates"
    done = city.appraised()
    with pytest.raises(Refusal):
        decided(city.home, city.plan, done)
    decided(city.finance, city.plan, done)
    with pytest.raises(InvalidInput, match="cùng số"):
        decided(city.finance, city.plan, done)


def test_a_decision_with_a_signed_paper_is_kept(city: City) -> None:
    decision = decided(city.finance, city.plan, city.appraised())
    scan = files.upload("quyet-dinh.pdf", files.pdf())
    with pytest.raises(Refusal):
        budget_decisions.attach_decision(user=city.head, decision_id=decision.pk, file=scan)
    _, new = budget_decisions.attach_decision(user=city.finance, decision_id=decision.pk, file=scan)
    assert new
    with pytest.raises(Refusal, match="bản ký"):
        budget_decisions.drop_decision(user=city.finance, decision_id=decision.pk, version=decision.version)


def test_who_attaches_to_an_estimate(city: City) -> None:
    made = city.sent()
    for person, name in ((city.officer, "a.pdf"), (city.finance, "b.pdf")):
        scan = files.upload(name, files.pdf() + b"%" + name.encode() + b"\n%%EOF\n")
        assert budget.attach_estimate(user=person, estimate_id=made.pk, file=scan)[1]
    with pytest.raises(Refusal):
        budget.attach_estimate(user=city.home, estimate_id=made.pk, file=files.upload("c.pdf", files.pdf()))


# ---- What the database holds by itself ----


def test_constraints_of_lines(city: City) -> None:
    made = city.sent()
    first = made.lines.order_by("position")[0]
    own = BudgetLine.objects.filter(pk=first.pk)
    for name, changes in {
        "budget_line_in_order": {"position": 2},
        "budget_line_not_negative": {"appraised": -1},
        "budget_line_amount_is_product": {"asked": 5, "state_budget": 5},
        "budget_line_sources_add_up": {"state_budget": 5},
        "budget_line_more_than_asked_has_reason": {"appraised": 6_000_001},
        "budget_line_approved_after_appraisal": {"approved": 5},
        "budget_line_text_nfc": {"content": "a\u0302"},
    }.items():
        with refused(name):
            own.update(**changes)
    with refused("budget_line_approved_after_appraisal"):
        own.update(appraised=5, approved=6)


def test_constraints_of_estimates(city: City) -> None:
    made = city.sent()
    own = BudgetEstimate.objects.filter(pk=made.pk)
    for name, changes in {
        "estimate_state_known": {"state": "lost"},
        "estimate_sent_has_time": {"submitted_at": None},
        "estimate_return_has_reason": {"state": "returned"},
        "estimate_appraised_by_somebody": {"state": "appraised"},
        "estimate_approved_by_decision": {
            "state": "approved", "appraised_at": timezone.now(), "appraised_by": city.finance
        },
        "estimate_text_nfc": {"explanation": "a\u0302"},
    }.items():  # fmt: skip
        with refused(name):
            own.update(**changes)
    with refused("estimate_once"):
        BudgetEstimate.objects.create(plan=city.plan, ward=city.ward)


def test_constraints_of_decisions(city: City) -> None:
    decision = decided(city.finance, city.plan, city.appraised())
    own = BudgetDecision.objects.filter(pk=decision.pk)
    with refused("budget_decision_confirmed_by_somebody"):
        own.update(confirmed_at=timezone.now())
    with refused("budget_decision_text_nfc"):
        own.update(title="a\u0302")
    again_same = paper()
    again_same.plan, again_same.recorded_by = city.plan, city.finance
    with refused("budget_decision_number_once"):
        BudgetDecision.objects.bulk_create([again_same])


def test_what_is_approved_is_fixed(city: City) -> None:
    done = city.appraised()
    decision = confirmed(city.head, decided(city.finance, city.plan, done))
    first = done.lines.order_by("position")[0]
    with refused("is confirmed"):
        run("UPDATE assessments_budgetdecision SET title = 'x' WHERE id = %s", decision.pk)
    with refused("is settled"):
        run("UPDATE assessments_budgetestimate SET state = 'draft' WHERE id = %s", done.pk)
    for statement in (
        "UPDATE assessments_budgetline SET content = 'x' WHERE id = %s",
        "DELETE FROM assessments_budgetline WHERE id = %s",
    ):
        with refused("is approved"):
            run(statement, first.pk)
    with refused("is approved"):
        BudgetLine.objects.create(
            estimate=done, position=9, content="Thêm", measure="bộ", quantity=1, unit_price=1, asked=1, state_budget=1
        )


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
