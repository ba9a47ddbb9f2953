"""The daily command: who is reminded of what on which day, once for each occasion, and the letters."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, Role, User
from assessments.models import (
    AgencyReport,
    AgencyReportLine,
    Assessment,
    Assignment,
    Delegation,
    Layer,
    Milestone,
    Notice,
    Plan,
    Question,
    Visit,
)
from assessments.queries import owed
from assessments.reminding import boards_of, countdown, create, for_person, stage
from assessments.workflow import State
from criteria.models import Entry
from localities.models import Ward
from tests import factories
from tests.assessments import roads
from tests.assessments.roads import People, answer_all, walk
from tests.assessments.year.handing_in import hand_in

pytestmark = pytest.mark.django_db

BEFORE = date(2025, 10, 15)


def day(days_before: int) -> date:
    return BEFORE - timedelta(days=days_before)


@pytest.mark.parametrize(
    ("days", "occasion"),
    [
        (100, ""), (15, ""), (14, "14"), (13, "14"), (8, "14"), (7, "7"), (2, "7"), (1, "1"), (0, "late0"),
        (-1, "late0"), (-6, "late0"), (-7, "late1"), (-13, "late1"), (-14, "late2"), (-365, "late52"),
    ],
)  # fmt: skip
def test_occasions(days: int, occasion: str) -> None:
    assert stage(BEFORE, day(days)) == occasion


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (7, "hạn trước ngày 15/10/2025, còn 7 ngày"),
        (1, "hạn trước ngày 15/10/2025, hôm nay là ngày cuối"),
        (0, "đã quá hạn (trước ngày 15/10/2025)"),
        (-9, "đã quá hạn (trước ngày 15/10/2025)"),
    ],
)
def test_words(days: int, words: str) -> None:
    assert countdown(BEFORE, day(days)) == words


def reminders(user: User, today: date, kind: str = "") -> list[str]:
    found = for_person(user, today, owed.open_plans())
    for reminder in found:
        client = Client()
        client.force_login(user)
        assert client.get(reminder.url).status_code == 200, f"{user.role} cannot open {reminder.url}"
    return [r.text for r in found if not kind or r.kind == kind]


@pytest.fixture
def milestone(plan: Plan) -> Milestone:
    return factories.MilestoneFactory(plan=plan, before=BEFORE)


def assign(plan: Plan, *keys: str) -> User:
    """An officer whose agency appraises these entries."""
    officer: User = factories.AgencyOfficerFactory()
    for entry in Entry.objects.filter(criteria_set=plan.criteria_set, key__in=keys):
        position = Assignment.objects.filter(plan=plan, entry=entry).count() + 1
        Assignment.objects.create(plan=plan, entry=entry, agency=officer.agency, position=position)
    return officer


class TestWaiting:
    def test_along_the_road(self, people: People, assessment: Assessment, plan: Plan) -> None:
        """At each stop somebody's work waits, and nobody else's."""
        head = factories.UnitHeadFactory(unit=assessment.unit)
        agency = assign(plan, "tc-1.1", "tc-1.2")
        everybody = [people.officer, people.leader, people.home_affairs, people.city_leader, head, agency]

        def waits_for() -> set[str]:
            return {user.role for user in everybody if reminders(user, day(60), "waiting")}

        assert waits_for() == {Role.WARD_OFFICER, Role.UNIT_HEAD}
        answer_all(people.officer, assessment)
        from assessments import appraisal, moving, recognition

        moving.hand_over(user=head, assessment_id=assessment.pk)
        assert waits_for() == {Role.WARD_OFFICER}
        moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
        assert waits_for() == {Role.WARD_LEADER}
        assert "chờ họp hội đồng" in reminders(people.leader, day(60))[0]
        roads.approve(people.leader, assessment)
        assert "hội đồng đã thông qua, chưa gửi thành phố" in reminders(people.leader, day(60))[0]
        roads.submit(people.leader, assessment)
        assert waits_for() == {Role.HOME_AFFAIRS}
        moving.accept(user=people.home_affairs, assessment_id=assessment.pk)
        assert waits_for() == {Role.AGENCY_OFFICER}
        assert reminders(agency, day(60)) == [f"Năm {plan.year}: còn 2 mục cơ quan chưa thẩm định."]
        appraisal.confirm_self_verdicts(user=people.home_affairs, assessment_id=assessment.pk)
        assert waits_for() == {Role.HOME_AFFAIRS}
        moving.conclude(user=people.home_affairs, assessment_id=assessment.pk)
        assert "chờ trình" in reminders(people.home_affairs, day(60))[0]
        moving.propose(user=people.home_affairs, assessment_id=assessment.pk)
        assert "chưa có quyết định" in reminders(people.home_affairs, day(60))[0]
        made = roads.record(people, assessment)
        assert waits_for() == {Role.CITY_LEADER}
        recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
        assert waits_for() == set()

    def test_closed_agency_work_waits_no_more(self, people: People, assessment: Assessment, plan: Plan) -> None:
        agency = assign(plan, "tc-1.1")
        walk(people, assessment, State.APPRAISAL)
        assert reminders(agency, day(60))
        report = AgencyReport.objects.create(
            plan=plan, agency=agency.agency, signed_on=day(0), signer_title="x", signer_name="x",
            closed_by=agency, closed_at=timezone.now(),
        )  # fmt: skip
        AgencyReportLine.objects.create(report=report, agency=agency.agency, assessment=assessment)
        assert reminders(agency, day(60)) == []

    def test_other_places_hear_nothing(self, people: People, assessment: Assessment, stranger: User) -> None:
        walk(people, assessment, State.APPRAISAL)
        for other in (
            stranger, factories.WardLeaderFactory(), factories.UnitHeadFactory(), factories.AgencyOfficerFactory(),
            factories.DelegationMemberFactory(), factories.FinancePlanningFactory(),
        ):  # fmt: skip
            assert reminders(other, day(1)) == []

    def test_once_a_week_and_the_newer_count_stands(self, people: People, assessment: Assessment) -> None:
        monday = date(2025, 3, 3)
        assert len(create(monday)) == 1
        assert create(monday) == [] and create(monday + timedelta(days=6)) == []
        factories.open_assessment(
            unit=factories.UnitFactory(ward=people.officer.ward), plan=assessment.plan, officer=people.officer
        )
        create(monday + timedelta(days=7))
        [left] = Notice.objects.filter(recipient=people.officer)
        assert left.text.startswith(f"Năm {assessment.plan.year}: 2 hồ sơ")

    def test_earlier_years_wait_too(self, people: People, assessment: Assessment) -> None:
        factories.PlanFactory()
        assert len(reminders(people.officer, day(60))) == 1


class TestMilestones:
    @pytest.mark.parametrize(("days", "number"), [(15, 0), (14, 1), (7, 1), (1, 1), (0, 1), (-7, 1)])
    def test_dossiers_concern_the_ward(
        self, people: People, assessment: Assessment, milestone: Milestone, days: int, number: int
    ) -> None:
        for user in (people.officer, people.leader):
            assert len(reminders(user, day(days), "milestone")) == number
        for user in (people.city_leader, factories.AgencyOfficerFactory()):
            assert reminders(user, day(days), "milestone") == []
        summary = reminders(people.home_affairs, day(days), "milestone")
        assert len(summary) == number
        assert not summary or "Hồ sơ đề nghị công nhận: 1 nơi" in summary[0]

    def test_who_has_sent_everything_owes_nothing(
        self, people: People, assessment: Assessment, milestone: Milestone
    ) -> None:
        walk(people, assessment, State.SUBMITTED)
        assert reminders(people.officer, day(1), "milestone") == []

    def test_every_stage_is_told_once(self, people: People, assessment: Assessment, milestone: Milestone) -> None:
        told = []
        for days in range(20, -22, -1):
            told += [(days, r.text) for u, r in create(day(days)) if u == people.officer and r.kind == "milestone"]
            assert not [r for _, r in create(day(days)) if r.kind == "milestone"]
        assert [days for days, _ in told] == [14, 7, 1, 0, -7, -14, -21]
        assert told[2][1] == (
            f"Còn 1 hồ sơ năm {assessment.plan.year} chưa gửi thành phố: "
            "hạn trước ngày 15/10/2025, hôm nay là ngày cuối."
        )

    def test_a_moved_date_counts_anew(self, people: People, assessment: Assessment, milestone: Milestone) -> None:
        everybody = {people.officer, people.leader, people.home_affairs}
        for _ in range(2):
            assert {u for u, r in create(day(7)) if r.kind == Notice.Kind.MILESTONE} == everybody
            Milestone.objects.filter(pk=milestone.pk).update(before=BEFORE + timedelta(days=5))

    def test_agencies_with_open_cells(self, people: People, assessment: Assessment, plan: Plan) -> None:
        factories.MilestoneFactory(plan=plan, duty=Milestone.Duty.AGENCY_RESULT, before=BEFORE)
        busy, free = assign(plan, "tc-1.1"), factories.AgencyOfficerFactory()
        assert reminders(busy, day(7), "milestone") == []
        walk(people, assessment, State.APPRAISAL)
        assert len(reminders(busy, day(7), "milestone")) == 1
        assert reminders(free, day(7), "milestone") == reminders(people.officer, day(7), "milestone") == []

    @pytest.mark.parametrize(
        ("duty", "words"),
        [
            ("ward_plan", "Kế hoạch năm 2025 của xã, phường chưa gửi thành phố"),
            ("budget", "Dự toán kinh phí năm 2025 chưa gửi thẩm định"),
            ("half_year_report", "Báo cáo 6 tháng năm 2025 chưa gửi"),
            ("yearly_report", "Báo cáo năm 2025 chưa gửi"),
        ],
    )
    def test_every_duty_is_told_to_the_ward_until_it_is_done(
        self, people: People, plan: Plan, duty: str, words: str
    ) -> None:
        factories.MilestoneFactory(plan=plan, duty=duty, before=BEFORE)
        officer, agency = people.officer, factories.AgencyOfficerFactory()
        told = {d: reminders(officer, day(d), "milestone") for d in (15, 14, 7, 1, 0, -7)}
        assert [d for d, found in told.items() if found] == [14, 7, 1, 0, -7]
        assert told[7] == [f"{words}: hạn trước ngày 15/10/2025, còn 7 ngày."]
        assert told[0] == [f"{words}: đã quá hạn (trước ngày 15/10/2025)."]
        assert reminders(people.leader, day(7), "milestone") == told[7]
        of_agencies = told[7] if "report" in duty else []
        assert reminders(agency, day(7), "milestone") == of_agencies
        assert reminders(people.city_leader, day(7)) == []
        hand_in(duty, plan, officer, on=day(8))
        assert reminders(officer, day(7), "milestone") == []

    def test_home_affairs_gets_one_summary_that_changes_with_the_stage(self, people: People, plan: Plan) -> None:
        for duty in ("ward_plan", "half_year_report"):
            factories.MilestoneFactory(plan=plan, duty=duty, before=BEFORE)
        [text] = reminders(people.home_affairs, day(7), "milestone")
        owing = Agency.objects.exclude(pk=people.home_affairs.agency_id)  # who takes the reports writes none
        offices = f"{Ward.objects.count() + owing.count()} nơi"
        assert f"Kế hoạch của xã, phường: {Ward.objects.count()} nơi" in text
        assert f"Báo cáo 6 tháng: {offices}" in text
        told = [d for d in range(15, -8, -1) for u, _ in create(day(d)) if u == people.home_affairs]
        assert told == [14, 7, 1, 0, -7]

    def test_boards_are_read_once_for_all_people(self, people: People, plan: Plan) -> None:
        factories.MilestoneFactory(plan=plan, duty="ward_plan", before=BEFORE)
        plans = owed.open_plans()
        boards = boards_of(plans, day(7))
        with CaptureQueriesContext(connection) as queries:
            for_person(people.home_affairs, day(7), plans, boards)
        assert not [q for q in queries if "assessments_wardplan" in q["sql"]]

    def test_own_date_of_a_returned_dossier(self, people: People, assessment: Assessment, milestone: Milestone) -> None:
        head = factories.UnitHeadFactory(unit=assessment.unit)
        own = BEFORE + timedelta(days=20)
        Assessment.objects.filter(pk=assessment.pk).update(due_on=own)
        for user in (people.officer, people.leader, head):
            assert reminders(user, BEFORE, "milestone") == [], "the plan's date does not bind it any more"
            [text] = reminders(user, own - timedelta(days=7), "milestone")
            assert text.startswith("Tổ 5: hồ sơ được trả lại chưa nộp lại") and "còn 7 ngày" in text
        Assessment.objects.filter(pk=assessment.pk).update(handed_over_at=timezone.now())
        assert reminders(head, own) == []


class TestQuestionsAndVisits:
    def ask(self, assessment: Assessment, user: User, **facts: Any) -> Question:
        entry = Entry.objects.get(criteria_set=assessment.plan.criteria_set, key="tc-2.4")
        given = {"text": "Giải trình?", "asked_by": user, "asked_at": timezone.now()} | facts
        return Question.objects.create(assessment=assessment, entry=entry, **given)

    def test_question_to_the_ward(self, people: People, assessment: Assessment, stranger: User) -> None:
        walk(people, assessment, State.APPRAISAL)
        question = self.ask(assessment, people.home_affairs, due_on=BEFORE)
        assert reminders(people.officer, day(15), "question") == []
        [text] = reminders(people.leader, day(7), "question")
        assert text.startswith("Tổ 5, mục 2.4: đề nghị giải trình") and "còn 7 ngày" in text
        assert reminders(stranger, day(7)) == []
        now = timezone.now()
        Question.objects.filter(pk=question.pk).update(answer="x", answered_by=people.officer, answered_at=now)
        assert reminders(people.officer, day(0), "question") == []

    def test_question_to_an_agency_without_date(self, people: People, assessment: Assessment) -> None:
        walk(people, assessment, State.APPRAISAL)
        asked: User = factories.AgencyOfficerFactory()
        self.ask(assessment, people.home_affairs, agency=asked.agency)
        assert len(reminders(asked, day(50), "question")) == 1
        assert reminders(factories.AgencyOfficerFactory(), day(50)) == []
        assert reminders(people.officer, day(50), "question") == []

    def test_visits_soon_and_without_minutes(self, people: People, assessment: Assessment, plan: Plan) -> None:
        walk(people, assessment, State.APPRAISAL)
        member, other = factories.DelegationMemberFactory(), factories.DelegationMemberFactory()
        delegation = Delegation.objects.create(
            plan=plan, name="Đoàn 1", decision_number="1/QĐ", decided_on=day(90), decided_by="UBND"
        )
        delegation.members.create(user=member, full_name="Trưởng đoàn", job_title="x", role="head")
        visit = Visit.objects.create(delegation=delegation, assessment=assessment, planned_on=BEFORE)
        assert reminders(member, day(4)) == []
        assert "sắp đến ngày" in reminders(member, day(3))[0]
        assert "chưa chốt biên bản" in reminders(member, day(-1))[0]
        assert reminders(other, day(3)) == []
        now = timezone.now()
        Visit.objects.filter(pk=visit.pk).update(closed_at=now, closed_by=member, held_on=BEFORE)
        assert reminders(member, day(-1)) == []


def run(**options: Any) -> str:
    out = io.StringIO()
    call_command("send_notices", stdout=out, stderr=out, **options)
    return out.getvalue()


class TestCommand:
    def test_without_a_plan_and_without_anybody(self) -> None:
        assert run() == "Đã nhắc 0 việc, gửi 0 thư (0 thông báo).\n"

    def test_dry_run_writes_and_sends_nothing(self, people: People, assessment: Assessment) -> None:
        User.objects.update(email="a@example.vn")
        out = run(dry_run=True, date=day(60))
        assert people.officer.username in out and "Sẽ nhắc 1 việc" in out
        assert not Notice.objects.exists() and not mail.outbox

    def test_twice_on_a_day(self, people: People, assessment: Assessment) -> None:
        User.objects.filter(pk=people.officer.pk).update(email="can.bo@example.vn")
        assert run(date=day(60)) == "Đã nhắc 1 việc, gửi 1 thư (1 thông báo).\n"
        assert run(date=day(60)) == "Đã nhắc 0 việc, gửi 0 thư (0 thông báo).\n"
        assert len(mail.outbox) == 1

    def test_without_a_mail_server(self, settings: Settings, assessment: Assessment, officer: User) -> None:
        settings.MAIL_CONFIGURED = False
        User.objects.update(email="a@example.vn")
        assert "Chưa đặt EMAIL_URL" in run()
        assert Notice.objects.get().mailed_at is None and not mail.outbox

    def test_inactive_people_are_not_reminded(self, people: People, assessment: Assessment) -> None:
        User.objects.update(is_active=False)
        assert "Đã nhắc 0 việc" in run()

    def test_today_is_vietnam_s(self, assessment: Assessment, milestone: Milestone, monkeypatch: Any) -> None:
        """At 18:00 UTC the day has already changed in Lai Châu."""
        from datetime import UTC, datetime

        monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 10, 13, 18, 0, tzinfo=UTC))
        run()
        assert "hôm nay là ngày cuối" in Notice.objects.filter(kind="milestone")[0].text


def test_the_effective_layer_is_what_completes(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.APPRAISAL)
    assert owed.complete([assessment]) == 0
    answer_all(people.home_affairs, assessment, layer=Layer.AGENCY)
    assert owed.complete([assessment]) == 1 and owed.complete([]) == 0
