"""An agency closes its appraisal with a report, and home affairs reopens it."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Agency, User
from assessments import closing, moving
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import AgencyReport, AgencyReportLine, Assessment, Event, Milestone, Notice, Plan
from assessments.permissions import answerable
from assessments.queries import agencies as queries
from assessments.workflow import State
from tests import factories, files
from tests.assessments.agencies import assign, close, in_appraisal, judge, report

pytestmark = pytest.mark.django_db

KEYS = ("tc-1.2", "th-1")


@pytest.fixture
def agency(plan: Plan) -> Agency:
    made: Agency = factories.AgencyFactory()
    assign(plan, made, *KEYS)
    return made


@pytest.fixture
def expert(agency: Agency) -> User:
    made: User = factories.AgencyOfficerFactory(agency=agency)
    return made


def judged(expert: User, officer: User, plan: Plan, number: int = 1) -> list[Assessment]:
    made = in_appraisal(officer, plan, number)
    for dossier in made:
        judge(expert, dossier, "tc-1.2", "met")
        judge(expert, dossier, "th-1", "absent")
    return made


@contextmanager
def on(day: date) -> Iterator[None]:
    """The clock stands at noon of this day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    with patch.object(timezone, "now", lambda: noon):
        yield


class TestClose:
    def test_covers_exactly_the_dossiers(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        dossiers = judged(expert, officer, plan, 2)
        made = close(expert, agency, *dossiers, number="15/BC-PKT", remarks="Các xã, phường làm tốt.")
        assert set(made.lines.values_list("assessment_id", "closed")) == {(d.pk, True) for d in dossiers}
        assert (made.plan, made.agency, made.closed_by) == (plan, agency, expert)
        for dossier in dossiers:
            event = Event.objects.get(assessment=dossier, kind=Event.Kind.AGENCY_REPORT)
            assert (event.action, event.data["report"], event.data["agency"]) == ("closed", made.pk, agency.code)

    def test_keeps_the_figures(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        first, second = judged(expert, officer, plan, 2)
        judge(expert, second, "tc-1.2", "not_met", "Không đủ", 1)
        figures = close(expert, agency, first, second).figures
        assert figures["units"] == 2 and figures["supplementary"] is False
        assert figures["entries"] == [
            {"key": "tc-1.2", "code": "1.2", "values": {"met": 1, "not_met": 1}, "differs": 1},
            {"key": "th-1", "code": "1", "values": {"absent": 2}, "differs": 0},
        ]

    def test_nothing_may_be_missing(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        [done], [half] = judged(expert, officer, plan), in_appraisal(officer, plan)
        judge(expert, half, "tc-1.2", "met")
        with pytest.raises(Refusal, match="còn 1 ô chưa thẩm định trên 1 hồ sơ"):
            close(expert, agency, done, half)
        assert not AgencyReport.objects.exists() and not AgencyReportLine.objects.exists()

    def test_a_verdict_taken_back_is_missing(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        [dossier] = judged(expert, officer, plan)
        judge(expert, dossier, "tc-1.2", "", version=1)
        with pytest.raises(Refusal, match="còn 1 ô"):
            close(expert, agency, dossier)

    def test_entries_it_only_helps_with_do_not_count(
        self, officer: User, plan: Plan, expert: User, agency: Agency
    ) -> None:
        assign(plan, agency, "tc-1.3", position=2)
        [dossier] = judged(expert, officer, plan)
        assert [row["key"] for row in close(expert, agency, dossier).figures["entries"]] == list(KEYS)

    def test_responsible_for_nothing(self, officer: User, plan: Plan) -> None:
        helper = factories.AgencyFactory()
        assign(plan, helper, "tc-1.3", position=2)
        [dossier] = in_appraisal(officer, plan)
        with pytest.raises(Refusal, match="không được giao chủ trì"):
            close(factories.AgencyOfficerFactory(agency=helper), helper, dossier)

    def test_the_list_must_be_the_one_that_was_seen(
        self, officer: User, plan: Plan, expert: User, agency: Agency
    ) -> None:
        first, second = judged(expert, officer, plan, 2)
        with pytest.raises(Stale, match="vừa thay đổi"):
            close(expert, agency, first)  # the second was accepted meanwhile
        factories.in_state(second, State.DRAFT)
        with pytest.raises(Stale, match="vừa thay đổi"):
            close(expert, agency, first, second)  # it was returned meanwhile
        close(expert, agency, first)

    def test_closed_to_the_agency_open_to_home_affairs(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User
    ) -> None:
        [dossier] = judged(expert, officer, plan)
        close(expert, agency, dossier)
        with pytest.raises(Refusal, match="không còn mở"):
            judge(expert, dossier, "tc-1.2", "not_met", "Muộn", 1)
        judge(home_affairs, dossier, "tc-1.2", "not_met", "Nội vụ xem lại", 1)

    def test_another_agency_goes_on(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        other = factories.AgencyOfficerFactory()
        assign(plan, other.agency, "tc-1.3")
        [dossier] = judged(expert, officer, plan)
        close(expert, agency, dossier)
        judge(other, dossier, "tc-1.3", "met")

    def test_later_dossiers_need_a_report_of_their_own(
        self, officer: User, plan: Plan, expert: User, agency: Agency
    ) -> None:
        [first] = judged(expert, officer, plan)
        close(expert, agency, first)
        [later] = judged(expert, officer, plan)
        assert list(queries.open_dossiers(plan, agency)) == [later]
        made = close(expert, agency, later)
        assert made.figures["supplementary"] is True
        assert list(made.lines.values_list("assessment_id", flat=True)) == [later.pk]

    def test_a_second_click_finds_the_first_report(
        self, officer: User, plan: Plan, expert: User, agency: Agency
    ) -> None:
        dossiers = judged(expert, officer, plan)
        assert close(expert, agency, *dossiers).pk == close(expert, agency, *dossiers).pk
        assert AgencyReport.objects.count() == 1
        colleague = factories.AgencyOfficerFactory(agency=agency)
        with pytest.raises(Refusal, match="Không có hồ sơ nào"):
            close(colleague, agency, *dossiers)

    @pytest.mark.parametrize(("day", "late"), [(14, False), (15, True), (16, True)])
    def test_before_is_strict(
        self, officer: User, plan: Plan, expert: User, agency: Agency, day: int, late: bool
    ) -> None:
        Milestone.objects.create(plan=plan, duty=Milestone.Duty.AGENCY_RESULT, before=date(2025, 10, 15))
        dossiers = judged(expert, officer, plan)
        with on(date(2025, 10, day)):
            figures = close(expert, agency, *dossiers, signed_on=date(2025, 10, 10)).figures
        assert (figures["late"], figures["before"]) == (late, "2025-10-15")

    def test_without_a_milestone_nothing_is_late(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        figures = close(expert, agency, *judged(expert, officer, plan)).figures
        assert (figures["late"], figures["before"]) == (False, "")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"signed_on": None}, "signed_on"),
            ({"signed_on": date(2100, 1, 1)}, "signed_on"),
            ({"signed_on": date(2025, 2, 27)}, "signed_on"),
            ({"signer_name": ""}, "signer_name"),
            ({"signer_title": ""}, "signer_title"),
            ({"signer_name": "x" * 151}, "signer_name"),
            ({"number": "x" * 51}, "number"),
        ],
    )
    def test_what_cannot_be_signed(
        self, officer: User, plan: Plan, expert: User, agency: Agency, changes: dict[str, Any], field: str
    ) -> None:
        plan.refresh_from_db()
        dossiers = judged(expert, officer, plan)
        with pytest.raises(InvalidInput) as error:
            close(expert, agency, *dossiers, **changes)
        assert error.value.field == field
        assert not AgencyReport.objects.exists()

    def test_who_may(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User, city_leader: User
    ) -> None:
        dossiers = judged(expert, officer, plan)
        for stranger in (factories.AgencyOfficerFactory(), officer, factories.DelegationMemberFactory()):
            with pytest.raises(Agency.DoesNotExist):
                close(stranger, agency, *dossiers)
        with pytest.raises(Refusal, match="Chỉ cán bộ của cơ quan"):
            close(city_leader, agency, *dossiers)
        assert close(home_affairs, agency, *dossiers).closed_by == home_affairs

    def test_home_affairs_is_told(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User
    ) -> None:
        made = close(expert, agency, *judged(expert, officer, plan))
        [notice] = Notice.objects.filter(kind=Notice.Kind.AGENCY)
        assert notice.recipient == home_affairs and notice.url.endswith(f"/{made.pk}/")

    def test_a_return_to_the_ward_ends_the_closing(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User
    ) -> None:
        [dossier] = judged(expert, officer, plan)
        close(expert, agency, dossier)
        due = timezone.localdate() + timedelta(days=5)
        moving.return_to_ward(user=home_affairs, assessment_id=dossier.pk, reason="Bổ sung", new_due=due)
        factories.in_state(dossier, State.APPRAISAL)
        assert answerable(expert, dossier, "agency")
        close(expert, agency, dossier)
        assert AgencyReportLine.objects.filter(assessment=dossier, closed=True).count() == 1


class TestReopen:
    def test_gives_the_dossiers_back(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User
    ) -> None:
        dossiers = judged(expert, officer, plan, 2)
        made = close(expert, agency, *dossiers)
        closing.reopen(user=home_affairs, report_id=made.pk, reason="Xem lại mục 1.2")
        made.refresh_from_db()
        assert (made.reopened_by, made.reopen_reason) == (home_affairs, "Xem lại mục 1.2")
        assert not made.lines.filter(closed=True).exists()
        for dossier in dossiers:
            last = Event.objects.filter(assessment=dossier, kind=Event.Kind.AGENCY_REPORT).latest("pk")
            assert (last.action, last.reason) == ("reopened", "Xem lại mục 1.2")
        assert Notice.objects.filter(recipient=expert, text__contains="Xem lại mục 1.2").count() == 1
        judge(expert, dossiers[0], "tc-1.2", "not_met", "Đã xem lại", 1)
        assert close(expert, agency, *dossiers).pk != made.pk

    def test_only_once(self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User) -> None:
        made = close(expert, agency, *judged(expert, officer, plan))
        closing.reopen(user=home_affairs, report_id=made.pk, reason="Xem lại")
        with pytest.raises(Refusal, match="đã được mở lại"):
            closing.reopen(user=home_affairs, report_id=made.pk, reason="Lần nữa")

    def test_what_moved_on_stays_closed(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User
    ) -> None:
        gone, here = judged(expert, officer, plan, 2)
        made = close(expert, agency, gone, here)
        factories.in_state(gone, State.CONCLUDED)
        closing.reopen(user=home_affairs, report_id=made.pk, reason="Xem lại")
        assert dict(made.lines.values_list("assessment_id", "closed")) == {gone.pk: True, here.pk: False}
        assert Event.objects.filter(assessment=gone, action="reopened").count() == 0

    def test_not_when_all_moved_on(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User
    ) -> None:
        [dossier] = judged(expert, officer, plan)
        made = close(expert, agency, dossier)
        factories.in_state(dossier, State.RECOGNISED)
        with pytest.raises(Refusal, match="không mở lại được"):
            closing.reopen(user=home_affairs, report_id=made.pk, reason="Xem lại")

    @pytest.mark.parametrize("reason", ["", " \n\u200b", "x" * 2001])
    def test_needs_a_reason(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User, reason: str
    ) -> None:
        made = close(expert, agency, *judged(expert, officer, plan))
        with pytest.raises(InvalidInput):
            closing.reopen(user=home_affairs, report_id=made.pk, reason=reason)
        assert made.lines.filter(closed=True).count() == 1

    def test_who_may(self, officer: User, plan: Plan, expert: User, agency: Agency, city_leader: User) -> None:
        made = close(expert, agency, *judged(expert, officer, plan))
        for reader in (expert, city_leader):
            with pytest.raises(Refusal, match="Chỉ cơ quan nội vụ"):
                closing.reopen(user=reader, report_id=made.pk, reason="Xem lại")
        for stranger in (officer, factories.AgencyOfficerFactory()):
            with pytest.raises(AgencyReport.DoesNotExist):
                closing.reopen(user=stranger, report_id=made.pk, reason="Xem lại")


class TestSignedScan:
    def test_is_kept_once_and_recorded(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        made = close(expert, agency, *judged(expert, officer, plan))
        for _ in range(2):
            closing.attach_signed(user=expert, report_id=made.pk, file=files.upload("ban-ky.pdf", files.pdf()))
        assert made.attachments.count() == 1
        assert Event.objects.filter(plan=plan, kind=Event.Kind.ATTACHED).count() == 1

    def test_only_a_pdf(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        made = close(expert, agency, *judged(expert, officer, plan))
        with pytest.raises(InvalidInput):
            closing.attach_signed(user=expert, report_id=made.pk, file=SimpleUploadedFile("a.pdf", b"khong phai"))
        assert not made.attachments.exists()

    def test_who_may(self, officer: User, plan: Plan, expert: User, agency: Agency, city_leader: User) -> None:
        made = close(expert, agency, *judged(expert, officer, plan))
        file = files.upload("ban-ky.pdf", files.pdf())
        with pytest.raises(Refusal):
            closing.attach_signed(user=city_leader, report_id=made.pk, file=file)
        with pytest.raises(AgencyReport.DoesNotExist):
            closing.attach_signed(user=factories.AgencyOfficerFactory(), report_id=made.pk, file=file)


class TestStates:
    def test_how_far_every_agency_is(
        self, officer: User, plan: Plan, expert: User, agency: Agency, home_affairs: User
    ) -> None:
        idle = factories.AgencyFactory()
        assign(plan, idle, "tc-1.3")
        [done], [half] = judged(expert, officer, plan), in_appraisal(officer, plan)
        judge(expert, half, "tc-1.2", "met")

        def numbers() -> dict[int, tuple[int, int, int, int, bool]]:
            return {
                s.agency.pk: (s.done, s.total, s.closed, s.dossiers, s.finished)
                for s in queries.agency_states(home_affairs, plan)
            }

        assert numbers() == {agency.pk: (3, 4, 0, 2, False), idle.pk: (0, 2, 0, 2, False)}
        assert queries.agency_left(plan, agency) == queries.Left(cells=1, dossiers=1, open=2)
        judge(expert, half, "th-1", "absent")
        close(expert, agency, done, half)
        assert numbers()[agency.pk] == (4, 4, 2, 2, True)
        assert queries.agency_left(plan, agency) == queries.Left(0, 0, 0)


def test_names_come_in_composed_form(officer: User, plan: Plan, expert: User, agency: Agency) -> None:
    """The deed refuses what the database would: the form has composed it before."""
    nfd = unicodedata.normalize("NFD", "Trưởng phòng")
    dossiers = judged(expert, officer, plan)
    with pytest.raises(InvalidInput):
        closing.close(
            user=expert,
            plan_id=plan.pk,
            agency_id=agency.pk,
            assessment_ids=[d.pk for d in dossiers],
            report=report(signer_title=nfd),
        )
