"""A plan's two ends: what must be there before it is issued, and what closing asks for and leaves."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments import assigning, delegations, moving, recognition
from assessments.deeds import Refusal
from assessments.models import Delegation, Layer, Plan
from assessments.permissions import may_answer, possible_actions
from assessments.registering import register
from assessments.self_assessment import NewAnswer, save_answer
from assessments.workflow import State
from assessments.year import budget, city_plans, reports, rows, ward_plans
from localities.models import Ward
from tests import factories
from tests.assessments.roads import decision

pytestmark = pytest.mark.django_db


def test_a_year_is_not_closed_over_a_waiting_decision(home_affairs: User, plan: Plan, client: Client) -> None:
    """Nobody could confirm it any more; how many dossiers stay undecided is said beside the button."""
    officer = factories.WardOfficerFactory()
    dossier = factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward), plan=plan, officer=officer)
    waiting = factories.in_state(dossier, State.PROPOSED)
    made = recognition.record_decision(
        user=home_affairs, plan_id=plan.pk, assessment_ids=[waiting.pk], decision=decision("9/QĐ-UBND")
    )
    with pytest.raises(Refusal, match="quyết định công nhận số 9/QĐ-UBND"):
        city_plans.close(user=home_affairs, plan_id=plan.pk, version=plan.version)
    client.force_login(home_affairs)
    page = client.get(reverse("assessments:plan", args=[plan.year])).content.decode()
    assert "xác nhận hoặc cơ quan ghi bỏ: quyết định công nhận số 9/QĐ-UBND" in page
    assert "Còn 1 hồ sơ chưa có quyết định" in page
    recognition.drop_decision(user=home_affairs, decision_id=made.pk)
    assert city_plans.close(user=home_affairs, plan_id=plan.pk, version=plan.version).is_closed


def test_dossiers_of_a_closed_year_are_read_only(home_affairs: User, plan: Plan, client: Client) -> None:
    officer = factories.WardOfficerFactory()
    dossier = factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward), plan=plan, officer=officer)
    city_plans.close(user=home_affairs, plan_id=plan.pk, version=plan.version)
    with pytest.raises(Refusal, match="đã kết thúc"):
        save_answer(
            user=officer, assessment_id=dossier.pk, layer=Layer.SELF, key="tc-1.1", version=0, answer=NewAnswer("met")
        )
    with pytest.raises(Refusal, match="đã kết thúc"):
        moving.send_to_council(user=officer, assessment_id=dossier.pk)
    dossier.refresh_from_db()
    assert possible_actions(officer, dossier) == () and not may_answer(officer, dossier, Layer.SELF)


def test_issuing_warns_where_nobody_could_carry_it_out(home_affairs: User, plan: Plan, client: Client) -> None:
    draft = city_plans.create(user=home_affairs, source_id=plan.pk, year=plan.year + 1)
    Ward.objects.update(valid_until=date(plan.year, 7, 1))
    ward = factories.WardFactory(valid_until=date(plan.year, 7, 1))
    client.force_login(home_affairs)
    page = client.get(reverse("assessments:plan_issue", args=[draft.year])).content.decode()
    assert f"Danh mục chưa có xã, phường nào của năm {draft.year}" in page
    Ward.objects.filter(pk=ward.pk).update(valid_until=None)
    page = client.get(reverse("assessments:plan_issue", args=[draft.year])).content.decode()
    assert "Danh mục chưa có xã, phường nào" not in page


def test_a_ward_that_is_no_more_sends_nothing(home_affairs: User, plan: Plan) -> None:
    """Whatever it sent would stand in no list of the plan."""
    ward = factories.WardFactory(valid_until=date(plan.year - 1, 7, 1))
    officer, unit = factories.WardOfficerFactory(ward=ward), factories.UnitFactory(ward=ward)
    deeds: list[Callable[[], object]] = [
        lambda: ward_plans.fill(user=officer, plan_id=plan.pk),
        lambda: register(user=officer, plan_id=plan.pk, unit_id=unit.pk, aim="new", pilot=False),
        lambda: reports.open_report(user=officer, plan_id=plan.pk, period="half"),
        lambda: budget.save_estimate(
            user=officer, plan_id=plan.pk, number="", signed_on=None, explanation="", lines=[], version=rows.NEW
        ),
    ]
    for deed in deeds:
        with pytest.raises(Refusal, match=f"không có trong danh mục của năm {plan.year}"):
            deed()


FORMS = ("commendation_new", "guidance_new", "helping_assign", "commendation_decision_new", "budget_decision_new")


@pytest.mark.parametrize("name", FORMS)
def test_no_form_is_filled_in_vain(home_affairs: User, plan: Plan, client: Client, name: str) -> None:
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.CLOSED)
    who = factories.FinancePlanningFactory() if name == "budget_decision_new" else home_affairs
    client.force_login(who)
    response = client.get(reverse(f"assessments:{name}", args=[plan.year]), follow=True)
    assert response.status_code == 200 and len(response.redirect_chain) == 1
    assert f"Kế hoạch năm {plan.year} đã kết thúc" in response.content.decode()


def test_appraisal_of_a_closed_year_is_not_prepared_any_more(home_affairs: User, plan: Plan, client: Client) -> None:
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.CLOSED)
    with pytest.raises(Refusal, match="đã kết thúc"):
        assigning.set_assignment(user=home_affairs, plan_id=plan.pk, seen={}, agencies=[])
    with pytest.raises(Refusal, match="đã kết thúc"):
        delegations.save_delegation(
            user=home_affairs, plan_id=plan.pk, delegation=Delegation(name="Đoàn số 1"), members=[]
        )
    client.force_login(home_affairs)
    page = client.get(reverse("assessments:delegations", args=[plan.year])).content.decode()
    assert "Lập đoàn thẩm định" not in page
    page = client.get(reverse("assessments:assignments", args=[plan.year])).content.decode()
    assert 'class="assign-form"' not in page
