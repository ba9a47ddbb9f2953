"""What a hostile reader of the year's parts found: early looks at drafts, slips that could not be mended, bombs."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from assessments import excel_reading, reminding
from assessments.deeds import InvalidInput
from assessments.forms.year.budget import LineForm
from assessments.models import Attachment, BudgetEstimate, Event, Milestone, Notice, Plan, YearReport
from assessments.permissions import visible_year_reports
from assessments.timeline import Words, tell
from assessments.views.year import desk_duties
from assessments.year import (
    budget,
    budget_appraisal,
    budget_decisions,
    city_plans,
    commendation_decisions,
    duties,
    helping,
    reports,
)
from localities.models import Unit
from tests import factories, files
from tests.assessments.year import commending
from tests.assessments.year.budget import TWO, appraised, decided, draft, sent
from tests.assessments.year.test_budget_excel import GOOD, read, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(db: None) -> User:
    made: User = factories.FinancePlanningFactory()
    return made


def appraising(finance: User, estimate: BudgetEstimate, amount: int) -> BudgetEstimate:
    line = estimate.lines.order_by("position")[0]
    return budget_appraisal.appraise(
        user=finance, estimate_id=estimate.pk, said={line.pk: (amount, "Cắt")}, note="", version=estimate.version
    )


def page(client: Client, user: User, name: str, *args: Any) -> str:
    client.force_login(user)
    return client.get(reverse(f"assessments:{name}", args=args)).content.decode()


# ---- Early looks ----


def test_the_history_tells_no_figure_before_the_appraisal_is_finished(
    client: Client, officer: User, leader: User, finance: User, city_leader: User, plan: Plan
) -> None:
    estimate = appraising(finance, sent(officer, leader, plan), 1_234_567)
    for reader in (officer, city_leader):
        assert "1.234.567" not in page(client, reader, "estimate", estimate.pk)
    assert "1.234.567" in page(client, finance, "estimate", estimate.pk)
    estimate = budget_appraisal.return_estimate(
        user=finance, estimate_id=estimate.pk, reason="Thiếu", version=estimate.version
    )
    assert "1.234.567" in page(client, officer, "estimate", estimate.pk)


def test_the_citys_record_tells_no_words_of_drafts(officer: User, leader: User, finance: User, plan: Plan) -> None:
    estimate = draft(officer, plan, TWO, explanation="Chưa ai được đọc")
    estimate = budget.send_estimate(user=leader, estimate_id=estimate.pk, version=estimate.version)
    appraising(finance, estimate, 1_234_567)
    told = [tell(event, Words()) for event in Event.objects.filter(plan=plan).order_by("pk")]
    assert [line.event.action for line in told] == ["made", "sent", "appraising"]
    assert [line.changes for line in told] == [[], [], []]
    assert "Lập dự toán" in told[0].what


def test_other_wards_hear_of_an_award_and_not_how_it_came_about(
    client: Client, leader: User, home_affairs: User, city_leader: User, stranger: User, plan: Plan, unit: Unit
) -> None:
    row = commending.accepted(leader, home_affairs, plan, unit=unit)
    decision = commending.decide(home_affairs, row)
    commendation_decisions.confirm(user=city_leader, pk=decision.pk)
    for reader, sees in ((stranger, False), (leader, True), (home_affairs, True)):
        shown = page(client, reader, "commendation", row.pk)
        assert ("Có thành tích nổi bật" in shown, "Lập đề nghị" in shown) == (sees, sees)
        assert ("Không đăng ký năm" in shown, "Khen thưởng “" in shown) == (sees, True)


# ---- Money ----


def test_the_longest_estimate_can_be_posted(settings: Settings) -> None:
    fields = len(LineForm.base_fields)
    assert budget.LINES_MOST * fields + 50 <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_a_village_whose_name_begins_as_the_whole_ward(unit: Unit) -> None:
    Unit.objects.filter(pk=unit.pk).update(name="Chung Chải")
    unit.refresh_from_db()
    for name, found in (("Chung Chải", unit.pk), ("Chung", None), ("Chung của xã, phường", None)):
        [line] = read(sheet([*GOOD[:2], name, *GOOD[3:]]), [unit]).lines
        assert line.unit_id == found
    assert read(sheet([*GOOD[:2], "Chung Trải", *GOOD[3:]]), [unit]).problems


def test_a_sheet_of_merged_cells_keeps_nobody_waiting() -> None:
    file = sheet(GOOD)
    merged = b"".join(b'<mergeCell ref="B3:B3000"/>' for _ in range(excel_reading.MERGED_LIMIT + 1))
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merged + b"</mergeCells>")
            new.writestr(member, content)
    made.seek(0)
    with pytest.raises(excel_reading.Unreadable, match="quá nhiều ô trộn"):
        read(made)


def test_nobody_is_led_to_a_decision_that_was_dropped(
    officer: User, leader: User, finance: User, city_leader: User, plan: Plan
) -> None:
    decision = decided(finance, plan, appraised(finance, sent(officer, leader, plan)))
    assert Notice.objects.filter(recipient=city_leader).count() == 1
    budget_decisions.drop_decision(user=finance, decision_id=decision.pk, version=decision.version)
    assert not Notice.objects.filter(recipient=city_leader).exists()


# ---- Reports ----


def report_of(officer: User, leader: User, plan: Plan) -> YearReport:
    report, _ = reports.open_report(user=officer, plan_id=plan.pk, period="half")
    report = reports.save_report(
        user=officer, report_id=report.pk, version=report.version, values={"results": "Đã họp dân."}
    )
    return reports.send(user=leader, report_id=report.pk, version=report.version)


def test_a_mistyped_paper_day_is_stated_anew(officer: User, leader: User, home_affairs: User, plan: Plan) -> None:
    today, report = timezone.localdate(), report_of(officer, leader, plan)

    def state(day: date) -> YearReport:
        version = YearReport.objects.get(pk=report.pk).version
        return reports.record_paper(
            user=home_affairs, report_id=report.pk, version=version, received_on=day, reason="Sổ"
        )

    state(today - timedelta(days=20))
    assert state(today - timedelta(days=2)).received_on == today - timedelta(days=2)
    for wrong in (today - timedelta(days=2), today + timedelta(days=1)):
        with pytest.raises(InvalidInput) as caught:
            state(wrong)
        assert caught.value.field == "received_on"


def test_no_file_joins_a_report_that_is_accepted_meanwhile(
    officer: User, leader: User, home_affairs: User, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = report_of(officer, leader, plan)

    def looked(file: Any) -> list[Any]:  # what takes long, before the row is locked
        reports.accept(user=home_affairs, report_id=report.pk, version=report.version)
        return []

    monkeypatch.setattr("assessments.year.files.signatures.look", looked)
    with pytest.raises(YearReport.DoesNotExist):
        reports.attach(user=officer, report_id=report.pk, file=files.upload("a.pdf", files.pdf()))
    assert visible_year_reports(officer).get(pk=report.pk).state == "accepted"
    assert not Attachment.objects.exists()


# ---- Plans, help, reminders ----


def test_a_plan_issued_at_the_end_of_the_year_before(home_affairs: User) -> None:
    source = factories.PlanFactory(year=2025, issued_on=date(2024, 12, 25))
    made = city_plans.create(user=home_affairs, source_id=source.pk, year=2026)
    assert made.issued_on == date(2025, 12, 25)


def test_help_is_not_copied_to_what_was_dissolved(home_affairs: User, unit: Unit) -> None:
    earlier = factories.PlanFactory(year=2024, issued_on=date(2024, 2, 1))
    agency, gone = factories.AgencyFactory(), factories.UnitFactory(ward=unit.ward)
    given: dict[str, Any] = {"user": home_affairs, "agency_id": agency.pk, "unit_ids": [unit.pk, gone.pk]}
    helping.assign(plan_id=earlier.pk, **given)
    Unit.objects.filter(pk=gone.pk).update(valid_until=date(2024, 12, 31))
    plan = factories.PlanFactory(year=2025)
    assert helping.copy_from(user=home_affairs, plan_id=plan.pk, earlier_id=earlier.pk) == 1
    with pytest.raises(Unit.DoesNotExist):
        helping.assign(plan_id=plan.pk, **given)


def test_help_ends_within_the_plans_time(home_affairs: User, plan: Plan, unit: Unit) -> None:
    agency = factories.AgencyFactory()
    [row] = helping.assign(user=home_affairs, plan_id=plan.pk, agency_id=agency.pk, unit_ids=[unit.pk])
    with pytest.raises(InvalidInput):
        helping.end(user=home_affairs, helping_id=row.pk, ended_on=date(2001, 1, 1), reason="", version=row.version)


def test_no_letter_is_older_than_the_plan(home_affairs: User, officer: User, plan: Plan) -> None:
    factories.MilestoneFactory(plan=plan, duty=Milestone.Duty.BUDGET, before=date(2025, 10, 15))
    day = date.fromisoformat(str(plan.issued_on)) - timedelta(days=1)
    with pytest.raises(InvalidInput) as caught:
        duties.letter_sent(user=home_affairs, plan_id=plan.pk, number="1", sent_on=day, ward_id=officer.ward_id)
    assert caught.value.field == "sent_on"


def test_of_a_closed_plan_nobody_is_reminded(officer: User, home_affairs: User, plan: Plan) -> None:
    factories.MilestoneFactory(plan=plan, duty=Milestone.Duty.WARD_PLAN, before=date(2025, 5, 20))
    day = date(2025, 6, 1)

    def told() -> tuple[int, int, int]:
        found = Plan.objects.get(pk=plan.pk)
        reminded = [len(reminding.for_person(user, day, [found])) for user in (officer, home_affairs)]
        return (*reminded, len(desk_duties.lines(officer, found)))  # type: ignore[return-value]

    assert told() == (1, 1, 1)
    Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.CLOSED)
    assert told() == (0, 0, 0)
