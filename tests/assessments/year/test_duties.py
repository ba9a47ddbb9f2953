"""Who owes what: every ward and agency x every duty, the day itself late; the letters that went out."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal
from assessments.models import (
    AgencyReport,
    AgencyReportLine,
    Assessment,
    Assignment,
    Event,
    Milestone,
    Notice,
    Plan,
)
from assessments.queries.year import duties
from assessments.queries.year.duties import Owed, Standing
from assessments.queries.year.duty_facts import Duty, Missing, named
from assessments.workflow import State
from assessments.year.duties import letter_sent, letters
from criteria.models import Entry
from tests import factories
from tests.assessments.roads import People
from tests.assessments.year.handing_in import hand_in

pytestmark = pytest.mark.django_db
BEFORE = date(2025, 10, 15)
EARLIER, LAST, LATER = BEFORE - timedelta(days=30), BEFORE - timedelta(days=1), BEFORE + timedelta(days=4)


@pytest.fixture
def due(plan: Plan) -> Plan:
    """A plan where everything is due before one day."""
    for duty in Duty:
        factories.MilestoneFactory(plan=plan, duty=duty, before=BEFORE)
    return plan


def cell(plan: Plan, user: User, duty: str, today: date) -> Owed:
    office = duties.board(plan, today).office_of(user)
    assert office is not None
    return next(found for found in office.cells if found.duty == duty)


def stands(plan: Plan, user: User, duty: str, today: date) -> tuple[str, int]:
    found = cell(plan, user, duty, today)
    return found.standing, found.days


WRITTEN = [Duty.WARD_PLAN, Duty.BUDGET, Duty.HALF_YEAR_REPORT, Duty.YEARLY_REPORT]


@pytest.mark.parametrize("duty", WRITTEN)
class TestWrittenDuties:
    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            (EARLIER, (Standing.DUE, 30)),
            (LAST, (Standing.DUE, 1)),
            (BEFORE, (Standing.OVERDUE, 1)),
            (LATER, (Standing.OVERDUE, 5)),
        ],
    )
    def test_not_there(self, due: Plan, officer: User, duty: str, today: date, expected: tuple[str, int]) -> None:
        assert stands(due, officer, duty, today) == expected

    @pytest.mark.parametrize(
        ("on", "expected"),
        [(LAST, (Standing.DONE, 0)), (BEFORE, (Standing.LATE, 1)), (LATER, (Standing.LATE, 5))],
    )
    def test_received(self, due: Plan, officer: User, duty: str, on: date, expected: tuple[str, int]) -> None:
        hand_in(duty, due, officer, on=on)
        found = cell(due, officer, duty, LATER)
        assert (found.standing, found.days) == expected
        assert found.done_on == on and not found.owed

    @pytest.mark.parametrize(("state", "note"), [("draft", "đang"), ("returned", "được trả lại")])
    def test_at_its_own_desk_it_is_owed(self, due: Plan, officer: User, duty: str, state: str, note: str) -> None:
        hand_in(duty, due, officer, state=state)
        found = cell(due, officer, duty, LATER)
        assert found.overdue and found.note.startswith(note)

    def test_without_a_milestone_nothing_is_owed_by_a_day(self, plan: Plan, officer: User, duty: str) -> None:
        found = cell(plan, officer, duty, LATER)
        assert found.standing is Standing.OPEN and not found.owed
        hand_in(duty, plan, officer, on=LATER)
        assert stands(plan, officer, duty, LATER) == (Standing.DONE, 0)

    def test_of_another_ward_or_year_it_does_not_count(
        self, due: Plan, officer: User, stranger: User, duty: str
    ) -> None:
        hand_in(duty, due, stranger, on=LAST)
        hand_in(duty, factories.PlanFactory(), officer, on=LAST)
        assert cell(due, officer, duty, LATER).overdue


class TestAgencies:
    @pytest.mark.parametrize("duty", [Duty.HALF_YEAR_REPORT, Duty.YEARLY_REPORT])
    def test_reports_are_owed_by_every_agency_but_the_one_that_takes_them(self, due: Plan, duty: Duty) -> None:
        officer = factories.AgencyOfficerFactory()
        takes = factories.AgencyOfficerFactory(agency__code="noi-vu")
        assert cell(due, officer, duty, LATER).overdue
        assert cell(due, takes, duty, LATER).standing is Standing.FREE
        hand_in(duty, due, officer, on=LAST)
        assert cell(due, officer, duty, LATER).standing is Standing.DONE

    def test_result(self, due: Plan, people: People, assessment: Assessment) -> None:
        busy, free = factories.AgencyOfficerFactory(), factories.AgencyOfficerFactory()
        entry = Entry.objects.get(criteria_set=due.criteria_set, key="tc-1.1")
        Assignment.objects.create(plan=due, entry=entry, agency=busy.agency, position=1)
        assert cell(due, busy, Duty.AGENCY_RESULT, LATER).standing is Standing.FREE, "nothing is accepted yet"
        factories.in_state(assessment, State.APPRAISAL)
        assert stands(due, busy, Duty.AGENCY_RESULT, LAST) == (Standing.DUE, 1)
        found = cell(due, busy, Duty.AGENCY_RESULT, BEFORE)
        assert found.overdue and [one.name for one in found.missing] == ["Tổ 5"]
        ward = str(assessment.registration.unit.ward)
        assert found.missing_words == f"{ward[:1].lower()}{ward[1:]}: Tổ 5"
        assert cell(due, free, Duty.AGENCY_RESULT, BEFORE).standing is Standing.FREE
        close(busy, due, assessment, LAST)
        assert stands(due, busy, Duty.AGENCY_RESULT, LATER) == (Standing.DONE, 0)

    @pytest.mark.parametrize(("on", "expected"), [(BEFORE, (Standing.LATE, 1)), (LATER, (Standing.LATE, 5))])
    def test_closed_late(self, due: Plan, assessment: Assessment, on: date, expected: tuple[str, int]) -> None:
        busy = factories.AgencyOfficerFactory()
        factories.in_state(assessment, State.APPRAISAL)
        close(busy, due, assessment, on)
        assert stands(due, busy, Duty.AGENCY_RESULT, LATER) == expected

    def test_what_home_affairs_concluded_is_settled(self, due: Plan, assessment: Assessment) -> None:
        busy = factories.AgencyOfficerFactory()
        entry = Entry.objects.get(criteria_set=due.criteria_set, key="tc-1.1")
        Assignment.objects.create(plan=due, entry=entry, agency=busy.agency, position=1)
        factories.in_state(assessment, State.CONCLUDED)
        assert cell(due, busy, Duty.AGENCY_RESULT, LATER).standing is Standing.FREE


def close(user: User, plan: Plan, assessment: Assessment, on: date) -> None:
    report = AgencyReport.objects.create(
        plan=plan, agency=user.agency, signed_on=on, signer_title="x", signer_name="x", closed_by=user,
        closed_at=noon(on),
    )  # fmt: skip
    AgencyReportLine.objects.create(report=report, agency=user.agency, assessment=assessment)


def noon(day: date) -> Any:
    from datetime import datetime, time

    return timezone.make_aware(datetime.combine(day, time(12)))


class TestDossiers:
    def test_nothing_registered_nothing_owed(self, due: Plan, officer: User) -> None:
        assert cell(due, officer, Duty.DOSSIER, LATER).standing is Standing.FREE

    def test_all_must_be_sent(self, due: Plan, officer: User, assessment: Assessment) -> None:
        other = factories.open_assessment(
            unit=factories.UnitFactory(ward=officer.ward, name="Tổ 6"), plan=due, officer=officer
        )
        sent = factories.in_state(assessment, State.SUBMITTED)
        Assessment.objects.filter(pk=sent.pk).update(submitted_at=noon(LAST))
        found = cell(due, officer, Duty.DOSSIER, LATER)
        assert found.overdue and found.days == 5
        assert [one.name for one in found.missing] == ["Tổ 6"] and found.note == "1/2 hồ sơ đã gửi"
        factories.in_state(other, State.SUBMITTED)
        Assessment.objects.filter(pk=other.pk).update(submitted_at=noon(LAST))
        found = cell(due, officer, Duty.DOSSIER, LATER)
        assert found.standing is Standing.DONE and found.done_on == LAST

    def test_sent_on_the_day_itself_is_late(self, due: Plan, officer: User, assessment: Assessment) -> None:
        factories.in_state(assessment, State.SUBMITTED)
        Assessment.objects.filter(pk=assessment.pk).update(submitted_at=noon(BEFORE))
        assert stands(due, officer, Duty.DOSSIER, LATER) == (Standing.LATE, 1)

    def test_own_day_of_a_returned_dossier_binds(self, due: Plan, officer: User, assessment: Assessment) -> None:
        Assessment.objects.filter(pk=assessment.pk).update(due_on=BEFORE + timedelta(days=20))
        assert stands(due, officer, Duty.DOSSIER, LATER) == (Standing.DUE, 16)


def test_units_are_named_with_their_wards() -> None:
    missing = [Missing("Tổ 1", None, ward="phường Tân Phong"), Missing("Bản 1", None, ward="xã San Thàng")]
    missing.append(Missing("Tổ 2", None, ward="phường Tân Phong"))
    assert named(missing) == "phường Tân Phong: Tổ 1, Tổ 2; xã San Thàng: Bản 1"
    assert named(missing, 2) == "phường Tân Phong: Tổ 1; xã San Thàng: Bản 1 và 1 nơi khác"
    assert named([Missing("Tổ 1", None), Missing("Tổ 2", None)]) == "Tổ 1, Tổ 2" and not named([])


class TestBoard:
    def test_totals_and_who_is_late(self, due: Plan, officer: User, stranger: User) -> None:
        hand_in(Duty.WARD_PLAN, due, officer, on=LAST)
        hand_in(Duty.WARD_PLAN, due, stranger, on=BEFORE)
        board = duties.board(due, LATER)
        total = board.ward_totals[0]
        assert (total.done, total.late, total.overdue) == (1, 1, 0)
        assert {office.ward for office in board.late} == {officer.ward, stranger.ward}

    def test_wards_of_another_time_owe_nothing(self, due: Plan) -> None:
        gone = factories.WardFactory(valid_until=date(2024, 12, 31))
        later = factories.WardFactory(valid_from=date(2026, 1, 1))
        here = factories.WardFactory(valid_until=date(2025, 6, 30))
        found = {office.ward for office in duties.board(due, LATER).wards}
        assert here in found and not found & {gone, later}

    def test_scope(self, due: Plan, people: People, stranger: User) -> None:
        agency = factories.AgencyOfficerFactory()

        def seen(user: User) -> list[Any]:
            return [office.thing for office in duties.board_for(user, due, LATER).offices]

        assert seen(people.officer) == seen(people.leader) == [people.officer.ward]
        assert seen(agency) == [agency.agency]
        assert len(seen(people.home_affairs)) == len(seen(people.city_leader)) >= 4
        assert seen(factories.FinancePlanningFactory())[0].code.startswith("phong")

    def test_as_many_queries_for_one_office_as_for_ten(self, due: Plan, people: People) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                board = duties.board(Plan.objects.get(pk=due.pk), LATER)
                assert board.offices
            return len(queries)

        def add() -> None:
            officer = factories.WardOfficerFactory()
            factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward), plan=due, officer=officer)
            for duty in WRITTEN:
                hand_in(duty, due, officer)
            agency = factories.AgencyOfficerFactory()
            made = factories.in_state(factories.open_assessment(plan=due), State.APPRAISAL)
            close(agency, due, made, LAST)

        add()
        one = cost()
        for _ in range(3):
            add()
        assert cost() == one <= 11


class TestLetters:
    def send(self, user: User, plan: Plan, **changes: Any) -> Event:
        given = {"number": "51/PNV", "sent_on": timezone.localdate()} | changes
        return letter_sent(user=user, plan_id=plan.pk, **given)

    def test_the_office_is_told_and_the_record_knows(self, due: Plan, people: People, stranger: User) -> None:
        ward = people.officer.ward
        assert ward is not None
        event = self.send(people.home_affairs, due, ward_id=ward.pk)
        assert event.plan == due and "51/PNV" in event.data["what"]
        assert "Kế hoạch của xã, phường (quá hạn" in event.data["changes"][0]["after"]
        told = set(Notice.objects.values_list("recipient", flat=True))
        assert told == {people.officer.pk, people.leader.pk}
        assert list(letters(due)) == [f"ward:{ward.pk}"]
        assert Event.objects.get(pk=event.pk).hash

    def test_an_agency_is_told_too(self, due: Plan, people: People) -> None:
        officer, money = factories.AgencyOfficerFactory(), factories.FinancePlanningFactory()
        for user in (officer, money):
            self.send(people.home_affairs, due, agency_id=user.agency.pk)
            assert Notice.objects.filter(recipient=user).count() == 1

    def test_twice_the_same_is_refused(self, due: Plan, people: People) -> None:
        ward = people.officer.ward
        assert ward is not None
        self.send(people.home_affairs, due, ward_id=ward.pk)
        with pytest.raises(InvalidInput, match="đã được ghi"):
            self.send(people.home_affairs, due, ward_id=ward.pk)
        self.send(people.home_affairs, due, ward_id=ward.pk, number="60/PNV")
        assert len(letters(due)[f"ward:{ward.pk}"]) == 2

    def test_of_a_day_to_come_it_is_refused(self, due: Plan, people: People) -> None:
        with pytest.raises(InvalidInput) as caught:
            self.send(
                people.home_affairs, due, ward_id=people.officer.ward_id,
                sent_on=timezone.localdate() + timedelta(days=1),
            )  # fmt: skip
        assert caught.value.field == "sent_on"

    def test_days_are_counted_to_its_own_day(self, due: Plan, people: People) -> None:
        hand_in(Duty.WARD_PLAN, due, people.officer, on=LATER + timedelta(days=2))
        event = self.send(people.home_affairs, due, ward_id=people.officer.ward_id, sent_on=LATER)
        after = event.data["changes"][0]["after"]
        assert "Dự toán kinh phí (quá hạn 5 ngày)" in after
        assert "Kế hoạch của xã, phường (quá hạn 5 ngày)" in after, "it came only after the letter"
        assert "quá hạn 5 ngày" in Notice.objects.filter(recipient=people.officer).get().text

    def test_before_the_day_it_only_reminds_ahead(self, due: Plan, people: People) -> None:
        given = {"ward_id": people.officer.ward_id, "sent_on": LAST}
        with pytest.raises(InvalidInput, match=r"chưa có việc nào quá hạn .*15/10/2025.*nhắc trước hạn") as caught:
            self.send(people.home_affairs, due, **given)
        assert caught.value.field == "sent_on" and not letters(due)
        event = self.send(people.home_affairs, due, ahead=True, **given)
        assert "(hôm nay là ngày cuối)" in event.data["changes"][0]["after"]
        with pytest.raises(InvalidInput, match="đã được ghi"):
            self.send(people.home_affairs, due, ahead=True, **given)
        self.send(people.home_affairs, due, ward_id=people.officer.ward_id, sent_on=BEFORE, number="52/PNV")

    def test_while_nothing_is_overdue_no_mark_is_needed(self, due: Plan, people: People) -> None:
        with time_machine.travel("2025-10-14 03:00:00+00:00", tick=False):
            event = self.send(people.home_affairs, due, ward_id=people.officer.ward_id, sent_on=EARLIER)
        assert "(còn 30 ngày)" in event.data["changes"][0]["after"]

    def test_who_owes_nothing_gets_none(self, plan: Plan, people: People) -> None:
        with pytest.raises(Refusal, match="không còn nợ"):
            self.send(people.home_affairs, plan, ward_id=people.officer.ward_id)
        assert not Event.objects.filter(action="reminded").exists()

    def test_only_home_affairs_sends_and_only_to_offices_there_are(self, due: Plan, people: People) -> None:
        for user in (people.officer, people.leader, people.city_leader, factories.AgencyOfficerFactory()):
            with pytest.raises(Plan.DoesNotExist):
                self.send(user, due, ward_id=people.officer.ward_id)
        with pytest.raises(Plan.DoesNotExist):
            self.send(people.home_affairs, due, ward_id=999_999)


def test_every_duty_of_the_plan_is_somebodys() -> None:
    assert {*duties.OF_WARDS, *duties.OF_AGENCIES} == set(Milestone.Duty)
