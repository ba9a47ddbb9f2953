"""Estimates at the city: appraised line by line, returned, decided, confirmed, fixed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from accounts.models import User
from assessments import money
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import BudgetDecision, BudgetEstimate, BudgetLine
from assessments.queries.year import budget as queries
from assessments.year import budget, budget_appraisal, budget_decisions, rows
from tests import files
from tests.assessments.year.budget import City, again, appraised, confirmed, decided, paper, sent, told
from tests.database import refused, run

pytestmark = pytest.mark.django_db
State = BudgetEstimate.State


@pytest.fixture
def city() -> City:
    return City()


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
