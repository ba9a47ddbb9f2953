"""Who is told of a step, that what they are led to opens for them, and that nobody else hears of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from assessments import council, moving, recognition
from assessments.deeds import Refusal
from assessments.models import Assessment, Assignment, Event, Notice, Plan
from assessments.move_notices import moved
from assessments.notices import send
from assessments.workflow import Action, State
from criteria.models import Entry
from localities.models import Unit
from tests import factories
from tests.assessments import roads
from tests.assessments.roads import People, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(unit: Unit) -> User:
    return factories.UnitHeadFactory(unit=unit)


@pytest.fixture
def agency_officer(plan: Plan) -> User:
    """Somebody whose agency appraises one criterion of the plan."""
    officer: User = factories.AgencyOfficerFactory()
    entry = Entry.objects.get(criteria_set=plan.criteria_set, key="tc-1.1")
    Assignment.objects.create(plan=plan, entry=entry, agency=officer.agency, position=1)
    return officer


@pytest.fixture
def strangers(db: None) -> list[User]:
    """Everybody who has nothing to do with the assessment, and somebody of the ward who left."""
    makers = [
        factories.WardOfficerFactory, factories.WardLeaderFactory, factories.UnitHeadFactory,
        factories.AgencyOfficerFactory, factories.DelegationMemberFactory, factories.FinancePlanningFactory,
        factories.AdministratorFactory,
    ]  # fmt: skip
    return [maker() for maker in makers]


@pytest.fixture
def gone(officer: User) -> User:
    return factories.WardOfficerFactory(ward=officer.ward, is_active=False)


@pytest.fixture(autouse=True)
def nobody_else(strangers: list[User], gone: User) -> Iterator[None]:
    """Holds for every test here."""
    yield
    heard = Notice.objects.filter(recipient__in=[*strangers, gone])
    assert not heard.exists(), list(heard.values_list("recipient__role", "text"))


def told(kind: str) -> set[str]:
    """Roles that were told something of this kind; the addresses open for each of them."""
    notices = list(Notice.objects.filter(kind=kind).select_related("recipient"))
    for notice in notices:
        client = Client()
        client.force_login(notice.recipient)
        response = client.get(notice.url)
        assert response.status_code == 200, f"{notice.recipient.role} cannot open {notice.url}"
        assert notice.text == notice.text.strip() and notice.text.endswith((".", "…", "4")), notice.text
    return {notice.recipient.role for notice in notices}


def test_sent_to_the_council(people: People, assessment: Assessment, head: User) -> None:
    walk(people, assessment, State.COUNCIL)
    assert told("council") == {Role.WARD_LEADER}
    assert Notice.objects.count() == 1
    assert Notice.objects.get().text == f"Tổ 5 năm {assessment.plan.year} chờ hội đồng xã, phường xem xét."


def test_returned_with_reason_and_date(people: People, assessment: Assessment, head: User) -> None:
    walk(people, assessment, State.SUBMITTED)
    due = timezone.localdate() + timedelta(days=9)
    moving.return_to_ward(
        user=people.home_affairs, assessment_id=assessment.pk, reason="Thiếu biên bản\nở 2.4", new_due=due
    )
    assert told("returned") == {Role.WARD_OFFICER, Role.WARD_LEADER, Role.UNIT_HEAD}
    notice = Notice.objects.filter(kind="returned")[0]
    assert f"trước ngày {due:%d/%m/%Y}" in notice.text and "Thiếu biên bản ở 2.4" in notice.text
    assert notice.due_on == due and notice.plan == assessment.plan


def test_a_long_reason_is_cut(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.SUBMITTED)
    due = timezone.localdate() + timedelta(days=9)
    moving.return_to_ward(user=people.home_affairs, assessment_id=assessment.pk, reason="x" * 2000, new_due=due)
    text = Notice.objects.filter(kind="returned")[0].text
    assert len(text) < 400 and text.endswith("…")


def test_withdrawn(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.SUBMITTED)
    before = Notice.objects.count()
    moving.withdraw(user=people.leader, assessment_id=assessment.pk)
    assert Notice.objects.count() == before + 1
    [last] = Notice.objects.filter(text__contains="rút")
    assert last.recipient == people.home_affairs and told("submitted") >= {Role.HOME_AFFAIRS}


def test_accepted_tells_ward_and_assigned_agencies(
    people: People, assessment: Assessment, agency_officer: User
) -> None:
    walk(people, assessment, State.APPRAISAL)
    assert told("accepted") == {Role.WARD_OFFICER, Role.WARD_LEADER}
    assert told("appraise") == {Role.AGENCY_OFFICER}
    assert Notice.objects.get(kind="appraise").recipient == agency_officer


def test_agencies_have_one_unread_notice_for_many_dossiers(people: People, plan: Plan, agency_officer: User) -> None:
    made = [
        factories.open_assessment(
            unit=factories.UnitFactory(ward=people.officer.ward), plan=plan, officer=people.officer
        )
        for _ in range(3)
    ]
    for assessment in made[:2]:
        walk(people, assessment, State.APPRAISAL)
    assert Notice.objects.filter(recipient=agency_officer).count() == 1
    Notice.objects.filter(recipient=agency_officer).update(read_at=timezone.now())
    walk(people, made[2], State.APPRAISAL)
    assert Notice.objects.filter(recipient=agency_officer, read_at__isnull=True).count() == 1


def test_concluded_and_proposed(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    assert told("concluded") == {Role.WARD_OFFICER, Role.WARD_LEADER}
    texts = set(Notice.objects.filter(kind="concluded").values_list("text", flat=True))
    assert len(texts) == 2


def test_recorded_changed_and_confirmed(people: People, assessment: Assessment, head: User) -> None:
    walk(people, assessment, State.PROPOSED)
    made = roads.record(people, assessment)
    assert told("decision") == {Role.CITY_LEADER}
    made.title = "Trích yếu khác"
    recognition.record_decision(
        user=people.home_affairs,
        plan_id=made.plan_id,
        assessment_ids=[assessment.pk],
        decision=made,
        version=made.version,
    )
    assert Notice.objects.filter(kind="decision").count() == 1, "the newer one takes the place of the unread one"
    recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
    assert told("decision") == {Role.WARD_OFFICER, Role.WARD_LEADER, Role.UNIT_HEAD, Role.HOME_AFFAIRS}
    assert Notice.objects.get(recipient=head).text.startswith(
        f"Tổ 5 năm {assessment.plan.year}: công nhận theo Quyết định"
    )
    texts = Notice.objects.filter(kind="decision", recipient=people.officer).values_list("text", flat=True)
    assert list(texts) == ["Quyết định số 12/QĐ-UBND: xã, phường có 1 tổ dân phố, bản được công nhận."]
    count = Notice.objects.count()
    recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
    assert Notice.objects.count() == count, "confirming again tells nothing"


def test_not_recognised_is_told_as_well(people: People, assessment: Assessment, head: User) -> None:
    walk(people, assessment, State.PROPOSED, bad=["tc-1.2"])
    made = roads.record(people, assessment)
    recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
    assert "không công nhận" in Notice.objects.get(recipient=head).text
    assert "1 tổ dân phố, bản không công nhận" in Notice.objects.filter(recipient=people.home_affairs).latest("pk").text


def test_dropped_decision_leads_nobody_into_the_void(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    made = roads.record(people, assessment)
    recognition.drop_decision(user=people.home_affairs, decision_id=made.pk)
    assert not Notice.objects.filter(kind="decision").exists()


def test_the_own_deed_is_no_news(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    assert not Notice.objects.filter(recipient=people.home_affairs, text__contains="trình").exists()
    send(Notice.Kind.COUNCIL, [people.leader], "x", "/", actor=people.leader)
    assert not Notice.objects.filter(text="x").exists()


def test_what_is_refused_was_never_told(people: People, assessment: Assessment) -> None:
    with pytest.raises(Refusal):
        moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
    assert not Notice.objects.exists()


def test_pressed_twice_is_told_once(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("action", [Action.RECOGNISE, Action.REFUSE, Action.HAND_OVER, Action.APPROVE])
def test_steps_that_tell_in_another_place(people: People, assessment: Assessment, action: Action) -> None:
    moved(assessment, action, people.officer)
    assert not Notice.objects.exists()


def test_every_notice_is_written_with_its_deed(people: People, assessment: Assessment) -> None:
    """In one statement for each group, whatever the number of people."""
    for _ in range(5):
        factories.WardLeaderFactory(ward=people.officer.ward)
    roads.answer_all(people.officer, assessment)
    with connection.execute_wrapper(_count_inserts := Inserts()):
        moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
    assert _count_inserts.number == 1 and Notice.objects.count() == 6


class Inserts:
    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 'INSERT INTO "assessments_notice"' in sql
        return execute(sql, params, many, context)


def test_a_council_that_returns_leaves_an_event_and_the_road_open(people: People, assessment: Assessment) -> None:
    """The notice of the council's own return belongs to the council; the move itself adds none."""
    walk(people, assessment, State.COUNCIL)
    meeting = roads.meet(people.leader, assessment)
    council.conclude_meeting(
        user=people.leader,
        meeting_id=meeting.pk,
        resolutions={assessment.pk: council.Resolution(approve=False, opinion="Xem lại 2.1")},
    )
    assert Event.objects.filter(kind=Event.Kind.MOVED, action="council_return").count() == 1
