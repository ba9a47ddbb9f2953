"""Agencies at the same moment, in real transactions: nobody's writing is lost, nobody sees a half state."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Agency, User
from assessments import agency_work, assigning, closing, moving
from assessments.checking import stale_summaries
from assessments.deeds import Refusal, Stale
from assessments.models import AgencyReport, AgencyReportLine, Assessment, Event, Layer, Plan, Verdict
from assessments.self_assessment import Conflict
from assessments.workflow import State
from tests import factories
from tests.assessments.agencies import assign, close, in_appraisal, judge
from tests.assessments.parallel import REAL_TRANSACTIONS, at_once, kinds, second_waits_for_first
from tests.assessments.roads import answer_all

pytestmark = REAL_TRANSACTIONS

KEY = "tc-1.2"


@pytest.fixture
def agency(plan: Plan) -> Agency:
    made: Agency = factories.AgencyFactory()
    assign(plan, made, KEY)
    return made


@pytest.fixture
def expert(agency: Agency) -> User:
    made: User = factories.AgencyOfficerFactory(agency=agency)
    return made


def said(dossier: Assessment, key: str = KEY) -> str:
    found = Verdict.objects.filter(assessment=dossier, layer=Layer.AGENCY, entry__key=key).first()
    return found.value if found else ""


def column(
    user: User, agency: Agency, dossiers: list[Assessment], choice: str = "self", **more: Any
) -> Callable[[], Any]:
    given = {"reason": "", "batch": str(uuid.uuid4()), "key": KEY} | more
    plan, ids = dossiers[0].plan, [dossier.pk for dossier in dossiers]
    return lambda: agency_work.apply_column(
        user=user, plan=plan, agency=agency, choice=choice, assessment_ids=ids, **given
    )


def test_two_officers_on_one_criterion(officer: User, plan: Plan, agency: Agency, expert: User) -> None:
    [dossier] = in_appraisal(officer, plan)
    colleague = factories.AgencyOfficerFactory(agency=agency)
    results = at_once(
        lambda: judge(expert, dossier, KEY, "met"),
        lambda: judge(colleague, dossier, KEY, "not_met", "Không đủ hồ sơ"),
    )
    assert kinds(results) == ["Conflict", "Saved"]
    [conflict] = [r for r in results if isinstance(r, Conflict)]
    row = Verdict.objects.get(assessment=dossier, layer=Layer.AGENCY, entry__key=KEY)
    assert (row.version, row.value) == (1, conflict.theirs.value)
    assert stale_summaries() == []


def test_agency_and_home_affairs_on_different_criteria(
    officer: User, plan: Plan, agency: Agency, expert: User, home_affairs: User
) -> None:
    [dossier] = in_appraisal(officer, plan)
    results = at_once(lambda: judge(expert, dossier, KEY, "met"), lambda: judge(home_affairs, dossier, "tc-1.3", "met"))
    assert kinds(results) == ["Saved", "Saved"]
    assert stale_summaries() == []


def test_closing_waits_for_the_last_verdict_and_counts_it(
    officer: User, plan: Plan, agency: Agency, expert: User
) -> None:
    [dossier] = in_appraisal(officer, plan)
    colleague = factories.AgencyOfficerFactory(agency=agency)
    made = second_waits_for_first(
        lambda: judge(expert, dossier, KEY, "not_met", "Không đủ hồ sơ"), lambda: close(colleague, agency, dossier)
    )
    assert isinstance(made, AgencyReport), made
    assert made.figures["entries"][0]["values"] == {"not_met": 1}


def test_closing_sees_a_verdict_taken_back_at_the_same_moment(
    officer: User, plan: Plan, agency: Agency, expert: User
) -> None:
    [dossier] = in_appraisal(officer, plan)
    judge(expert, dossier, KEY, "met")
    late = second_waits_for_first(
        lambda: judge(expert, dossier, KEY, "", version=1), lambda: close(expert, agency, dossier)
    )
    assert isinstance(late, Refusal) and "còn 1 ô" in late.message
    assert not AgencyReport.objects.exists()


def test_a_verdict_after_the_closing_is_refused(officer: User, plan: Plan, agency: Agency, expert: User) -> None:
    [dossier] = in_appraisal(officer, plan)
    judge(expert, dossier, KEY, "met")
    late = second_waits_for_first(
        lambda: close(expert, agency, dossier), lambda: judge(expert, dossier, KEY, "not_met", "Muộn", 1)
    )
    assert isinstance(late, Refusal) and "không còn mở" in late.message
    assert said(dossier) == "met"
    assert AgencyReport.objects.get().figures["entries"][0]["values"] == {"met": 1}


def test_closed_twice_at_once(officer: User, plan: Plan, agency: Agency, expert: User) -> None:
    dossiers = in_appraisal(officer, plan, 2)
    for dossier in dossiers:
        judge(expert, dossier, KEY, "met")
    colleague = factories.AgencyOfficerFactory(agency=agency)
    results = at_once(lambda: close(expert, agency, *dossiers), lambda: close(colleague, agency, *dossiers))
    assert kinds(results) == ["AgencyReport", "Refusal"]
    assert AgencyReport.objects.count() == 1 and AgencyReportLine.objects.count() == 2


def test_a_return_while_closing(officer: User, plan: Plan, agency: Agency, expert: User, home_affairs: User) -> None:
    first, second = in_appraisal(officer, plan, 2)
    for dossier in (first, second):
        judge(expert, dossier, KEY, "met")
    due = timezone.localdate() + timedelta(days=5)
    late = second_waits_for_first(
        lambda: moving.return_to_ward(user=home_affairs, assessment_id=second.pk, reason="Bổ sung", new_due=due),
        lambda: close(expert, agency, first, second),
    )
    assert isinstance(late, Stale)
    assert not AgencyReportLine.objects.exists()


def test_reopened_twice_at_once(officer: User, plan: Plan, agency: Agency, expert: User, home_affairs: User) -> None:
    [dossier] = in_appraisal(officer, plan)
    judge(expert, dossier, KEY, "met")
    made = close(expert, agency, dossier)

    def reopen() -> Any:
        return closing.reopen(user=home_affairs, report_id=made.pk, reason="Xem lại")

    assert kinds(at_once(reopen, reopen)) == ["AgencyReport", "Refusal"]
    assert Event.objects.filter(assessment=dossier, action="reopened").count() == 1


def test_column_while_home_affairs_concludes(
    officer: User, plan: Plan, agency: Agency, expert: User, home_affairs: User
) -> None:
    first, second = in_appraisal(officer, plan, 2)
    answer_all(home_affairs, first, layer=Layer.AGENCY)
    judge(home_affairs, first, KEY, "", version=1)
    late = second_waits_for_first(
        lambda: (
            judge(home_affairs, first, KEY, "met", version=2),
            moving.conclude(user=home_affairs, assessment_id=first.pk),
        ),
        column(expert, agency, [first, second], "not_met", reason="Không đủ hồ sơ"),
    )
    assert [(o.saved, o.assessment_id) for o in late] == [(False, first.pk), (True, second.pk)]
    assert "không còn mở" in late[0].why
    assert (said(first), said(second)) == ("met", "not_met")
    first.refresh_from_db()
    assert first.state == State.CONCLUDED
    assert stale_summaries() == []


def test_two_column_steps_at_once(officer: User, plan: Plan, agency: Agency, expert: User) -> None:
    dossiers = in_appraisal(officer, plan, 4)
    colleague = factories.AgencyOfficerFactory(agency=agency)
    one, other = at_once(
        column(expert, agency, dossiers),
        column(colleague, agency, dossiers[::-1], "not_met", reason="Không đủ hồ sơ"),
    )
    # Each dossier went to exactly one of them, and its verdict is that one's.
    for mine, theirs, dossier in zip(one, other, sorted(dossiers, key=lambda d: d.pk), strict=True):
        assert mine.assessment_id == theirs.assessment_id == dossier.pk
        assert mine.saved != theirs.saved
        assert said(dossier) == ("met" if mine.saved else "not_met")
    assert Event.objects.filter(kind=Event.Kind.BULK, action__startswith="column_").count() == 4
    assert stale_summaries() == []


def test_a_column_step_and_a_single_cell(officer: User, plan: Plan, agency: Agency, expert: User) -> None:
    [dossier] = in_appraisal(officer, plan)
    colleague = factories.AgencyOfficerFactory(agency=agency)
    late = second_waits_for_first(
        lambda: judge(colleague, dossier, KEY, "not_met", "Đã xem"), column(expert, agency, [dossier])
    )
    assert [o.saved for o in late] == [False]
    assert said(dossier) == "not_met"


def test_a_batch_taken_back_twice(officer: User, plan: Plan, agency: Agency, expert: User) -> None:
    dossiers, batch = in_appraisal(officer, plan, 2), str(uuid.uuid4())
    column(expert, agency, dossiers, batch=batch)()

    def undo() -> Any:
        return agency_work.undo_batch(user=expert, plan=plan, batch=batch)

    results = at_once(undo, undo)
    assert all(isinstance(r, agency_work.Taken | Refusal) for r in results), results
    assert Event.objects.filter(kind=Event.Kind.UNDONE).count() == 2
    assert [said(d) for d in dossiers] == ["", ""]


def test_one_entry_assigned_by_two(plan: Plan, agency: Agency, home_affairs: User) -> None:
    other, colleague = factories.AgencyFactory(), factories.HomeAffairsFactory()

    def give(user: User, to: Agency) -> Callable[[], Any]:
        seen = {KEY: (agency.code,)}
        return lambda: assigning.set_assignment(user=user, plan_id=plan.pk, seen=seen, agencies=[to.code])

    third = factories.AgencyFactory()
    results = at_once(give(home_affairs, other), give(colleague, third))
    assert kinds(results) == ["Stale", "int"]
    assert Event.objects.filter(plan=plan, kind=Event.Kind.ASSIGNED).count() == 1


def test_another_entry_assigned_while_closing(
    officer: User, plan: Plan, agency: Agency, expert: User, home_affairs: User
) -> None:
    """The report answers for what the agency was responsible for at that moment."""
    [dossier] = in_appraisal(officer, plan)
    judge(expert, dossier, KEY, "met")
    late = second_waits_for_first(
        lambda: assigning.set_assignment(
            user=home_affairs, plan_id=plan.pk, seen={"tc-1.3": ()}, agencies=[agency.code]
        ),
        lambda: close(expert, agency, dossier),
    )
    assert isinstance(late, Refusal) and "còn 1 ô" in late.message
