"""Founding delegations, choosing their units, planning visits: the deeds."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from accounts.models import User
from assessments import delegations
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.delegations import Member
from assessments.models import Assessment, Delegation, Event, Layer, Notice, Plan, Visit
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from tests import factories, files
from tests.assessments import visits
from tests.assessments.roads import People, save

pytestmark = pytest.mark.django_db
DAY = date(2025, 9, 15)


@pytest.fixture
def member() -> User:
    return factories.DelegationMemberFactory()


@pytest.fixture
def submitted(assessment: Assessment) -> Assessment:
    return factories.in_state(assessment, State.SUBMITTED)


def founded(home_affairs: User, plan: Plan, members: list[Member], **changes: Any) -> Delegation:
    made = visits.unsaved()
    for name, value in changes.items():
        setattr(made, name, value)
    return delegations.save_delegation(user=home_affairs, plan_id=plan.pk, delegation=made, members=members)


class TestFounding:
    def test_with_members_in_order_and_an_event(self, home_affairs: User, plan: Plan, member: User) -> None:
        made = founded(home_affairs, plan, [visits.head(), Member("Thư ký đoàn", "Văn phòng", "secretary", member.pk)])
        assert [(m.full_name, m.role, m.user_id) for m in made.members.all()] == [
            ("Phó Trưởng phòng", "head", None),
            ("Thư ký đoàn", "secretary", member.pk),
        ]
        [event] = Event.objects.filter(plan=plan, kind=Event.Kind.DELEGATION)
        assert (event.action, event.actor, event.data["after"]["name"]) == ("founded", home_affairs, "Đoàn số 1")

    @pytest.mark.parametrize(
        ("members", "says"),
        [
            ([], "đúng một Trưởng đoàn"),
            ([Member("A", "B", "member")], "đúng một Trưởng đoàn"),
            ([Member("A", "B", "head"), Member("C", "D", "head")], "đang có 2"),
            ([Member("", "B", "head")], "cần họ và tên"),
            ([Member("A", " ", "head")], "cần họ và tên"),
            ([Member("A", "B", "chief")], "vai trò"),
            ([Member("A" * 151, "B", "head")], "150"),
            ([Member("A", "B", "head"), *[Member("C", "D", "member")] * 40], "tối đa 40"),
        ],
    )
    def test_members_are_checked(self, home_affairs: User, plan: Plan, members: list[Member], says: str) -> None:
        with pytest.raises(InvalidInput, match=says) as error:
            founded(home_affairs, plan, members)
        assert error.value.field == "members"
        assert not Delegation.objects.exists()

    def test_only_accounts_of_such_roles_each_once(self, home_affairs: User, plan: Plan, officer: User) -> None:
        gone = factories.DelegationMemberFactory(is_active=False)
        fine = factories.AgencyOfficerFactory()
        for wrong in ([officer.pk], [gone.pk], [999_999], [fine.pk, fine.pk]):
            members = [visits.head(), *(Member("A", "B", "member", pk) for pk in wrong)]
            with pytest.raises(InvalidInput):
                founded(home_affairs, plan, members)
        assert founded(home_affairs, plan, [visits.head(fine)]).pk

    def test_fields_are_named(self, home_affairs: User, plan: Plan) -> None:
        for field, value in (("name", ""), ("name", "x" * 201), ("decided_by", ""), ("decided_on", date(1999, 1, 1))):
            with pytest.raises(InvalidInput) as error:
                founded(home_affairs, plan, [visits.head()], **{field: value})
            assert error.value.field == field

    def test_one_name_once_a_plan(self, home_affairs: User, plan: Plan) -> None:
        visits.found(home_affairs, plan)
        with pytest.raises(InvalidInput, match="cùng tên"):
            visits.found(home_affairs, plan)

    @pytest.mark.parametrize("role", ["WardOfficer", "WardLeader", "AgencyOfficer", "DelegationMember", "CityLeader"])
    def test_others_are_refused(self, plan: Plan, role: str) -> None:
        with pytest.raises(Refusal, match="Chỉ cơ quan nội vụ"):
            founded(getattr(factories, f"{role}Factory")(), plan, [visits.head()])

    def test_changed_on_its_version(self, home_affairs: User, plan: Plan, member: User) -> None:
        made = visits.found(home_affairs, plan)
        first = Delegation.objects.get(pk=made.pk)
        first.task = "Nhiệm vụ mới"
        saved = delegations.save_delegation(
            user=home_affairs, plan_id=plan.pk, delegation=first, members=[visits.head(member)], version=1
        )
        assert (saved.version, saved.members.get().user) == (2, member)
        event = Event.objects.get(plan=plan, action="changed")
        assert (event.data["before"]["task"], event.data["after"]["task"]) == ("Thẩm định thực tế", "Nhiệm vụ mới")
        with pytest.raises(Stale):
            delegations.save_delegation(
                user=home_affairs, plan_id=plan.pk, delegation=first, members=[visits.head()], version=1
            )
        assert Delegation.objects.get(pk=made.pk).members.get().user == member

    def test_the_same_again_leaves_no_event(self, home_affairs: User, plan: Plan) -> None:
        made = visits.found(home_affairs, plan)
        delegations.save_delegation(
            user=home_affairs, plan_id=plan.pk, delegation=made, members=[visits.head()], version=1
        )
        assert Event.objects.filter(plan=plan).count() == 1


class TestUnits:
    def test_chosen_once(self, home_affairs: User, submitted: Assessment) -> None:
        made = visits.found(home_affairs, submitted.plan)
        [visit] = visits.choose(home_affairs, made, [submitted])
        assert visits.choose(home_affairs, made, [submitted]) == []
        assert made.visits.get() == visit
        event = Event.objects.get(plan=submitted.plan, action="units_added")
        assert event.data["units"] == [f"{submitted.unit}, {submitted.unit.ward}"]

    def test_not_in_two_delegations(self, home_affairs: User, submitted: Assessment) -> None:
        visits.visit_to(home_affairs, submitted)
        other = visits.found(home_affairs, submitted.plan, name="Đoàn số 2")
        with pytest.raises(Refusal, match="đã có trong “Đoàn số 1”"):
            visits.choose(home_affairs, other, [submitted])

    @pytest.mark.parametrize(
        ("state", "fits"),
        [
            (State.DRAFT, False),
            (State.COUNCIL, False),
            (State.SUBMITTED, True),
            (State.APPRAISAL, True),
            (State.CONCLUDED, True),
            (State.PROPOSED, False),
        ],
    )
    def test_only_dossiers_with_the_city(
        self, home_affairs: User, assessment: Assessment, state: State, fits: bool
    ) -> None:
        factories.in_state(assessment, state)
        made = visits.found(home_affairs, assessment.plan)
        if fits:
            assert len(visits.choose(home_affairs, made, [assessment])) == 1
        else:
            with pytest.raises(Refusal, match="nên chưa đưa vào lịch"):
                visits.choose(home_affairs, made, [assessment])

    def test_all_or_none_and_only_of_the_plan(self, home_affairs: User, submitted: Assessment, officer: User) -> None:
        made = visits.found(home_affairs, submitted.plan)
        draft = factories.open_assessment(plan=submitted.plan, officer=officer)
        with pytest.raises(Refusal):
            visits.choose(home_affairs, made, [submitted, draft])
        other_year = factories.open_assessment(plan=factories.PlanFactory(), officer=officer)
        factories.in_state(other_year, State.SUBMITTED)
        with pytest.raises(Assessment.DoesNotExist):
            visits.choose(home_affairs, made, [submitted, other_year])
        with pytest.raises(InvalidInput, match="ít nhất một"):
            visits.choose(home_affairs, made, [])
        assert not Visit.objects.exists()

    def test_on_the_version_that_was_seen(self, home_affairs: User, submitted: Assessment) -> None:
        made = visits.found(home_affairs, submitted.plan)
        with pytest.raises(Stale):
            delegations.choose_units(user=home_affairs, delegation_id=made.pk, assessment_ids=[submitted.pk], version=7)

    def test_taken_off_before_the_visit(self, home_affairs: User, submitted: Assessment, member: User) -> None:
        visit = visits.visit_to(home_affairs, submitted, member)
        visits.plan_visit(home_affairs, visit, DAY)
        Notice.objects.all().delete()
        delegations.drop_visit(user=home_affairs, visit_id=visit.pk)
        assert not Visit.objects.exists()
        assert submitted.events.filter(kind=Event.Kind.VISIT, action="unplanned").count() == 1
        assert Notice.objects.filter(recipient=member).count() == 1
        with pytest.raises(Visit.DoesNotExist):
            delegations.drop_visit(user=home_affairs, visit_id=visit.pk)

    def test_not_taken_off_after_it(self, home_affairs: User, submitted: Assessment, member: User) -> None:
        visit = visits.visit_to(home_affairs, submitted, member)
        factories.in_state(submitted, State.APPRAISAL)
        save(member, submitted, "tc-1.1", NewAnswer("met", "Đã xem"), layer=Layer.DELEGATION)
        with pytest.raises(Refusal, match="đã làm việc"):
            delegations.drop_visit(user=home_affairs, visit_id=visit.pk)
        assert Visit.objects.filter(pk=visit.pk).exists()


class TestSchedule:
    def test_planned_recorded_and_told(self, people: People, submitted: Assessment, member: User) -> None:
        unit_head = factories.UnitHeadFactory(unit=submitted.unit)
        stranger = factories.WardOfficerFactory()
        visit = visits.visit_to(people.home_affairs, submitted, member)
        assert visits.plan_visit(people.home_affairs, visit, DAY, place="Nhà văn hóa") == 1
        visit.refresh_from_db()
        assert (visit.planned_on, visit.planned_at, visit.place) == (DAY, time(8, 0), "Nhà văn hóa")
        event = submitted.events.get(kind=Event.Kind.VISIT)
        assert (event.action, event.data["after"]["on"]) == ("scheduled", "2025-09-15")
        told = {notice.recipient for notice in Notice.objects.filter(kind=Notice.Kind.VISIT)}
        assert told == {people.officer, people.leader, unit_head, member}
        assert stranger not in told
        assert "08:00 ngày 15/09/2025, tại Nhà văn hóa" in Notice.objects.get(recipient=people.officer).text

    def test_moved_keeps_the_place_and_tells_again(self, people: People, submitted: Assessment) -> None:
        visit = visits.visit_to(people.home_affairs, submitted)
        visits.plan_visit(people.home_affairs, visit, DAY, place="Nhà văn hóa")
        visits.plan_visit(people.home_affairs, visit, DAY + timedelta(days=1))
        visit.refresh_from_db()
        assert (visit.planned_on, visit.place) == (DAY + timedelta(days=1), "Nhà văn hóa")
        assert submitted.events.filter(action="rescheduled").count() == 1
        assert "chuyển lịch làm việc sang" in Notice.objects.filter(recipient=people.officer).first().text  # type: ignore[union-attr]

    def test_the_same_plan_again_tells_nobody(self, people: People, submitted: Assessment) -> None:
        visit = visits.visit_to(people.home_affairs, submitted)
        visits.plan_visit(people.home_affairs, visit, DAY)
        before = (Notice.objects.count(), Event.objects.count())
        assert visits.plan_visit(people.home_affairs, visit, DAY) == 0
        assert (Notice.objects.count(), Event.objects.count()) == before

    def test_many_are_one_notice_for_a_member(self, people: People, submitted: Assessment, member: User) -> None:
        others = [factories.open_assessment(plan=submitted.plan, officer=people.officer) for _ in range(6)]
        for other in others:
            factories.in_state(other, State.SUBMITTED)
        made = visits.found(people.home_affairs, submitted.plan, member)
        chosen = visits.choose(people.home_affairs, made, [submitted, *others])
        made.refresh_from_db()
        delegations.schedule(
            user=people.home_affairs,
            delegation_id=made.pk,
            visit_ids=[visit.pk for visit in chosen],
            planned_on=DAY,
            planned_at=None,
            place="",
            version=made.version,
        )
        assert "và 2 tổ, bản khác" in Notice.objects.get(recipient=member).text
        assert Notice.objects.filter(recipient=people.officer).count() == 7

    def test_what_cannot_be(self, people: People, submitted: Assessment) -> None:
        visit = visits.visit_to(people.home_affairs, submitted)
        for day, place, field in (
            (date(2024, 12, 31), "", "planned_on"),
            (date(2031, 1, 1), "", "planned_on"),
            (DAY, "x" * 201, "place"),
        ):
            with pytest.raises(InvalidInput) as error:
                visits.plan_visit(people.home_affairs, visit, day, place=place)
            assert error.value.field == field
        foreign = visits.found(people.home_affairs, submitted.plan, name="Đoàn số 2")
        with pytest.raises(Visit.DoesNotExist):
            delegations.schedule(
                user=people.home_affairs,
                delegation_id=foreign.pk,
                visit_ids=[visit.pk],
                planned_on=DAY,
                planned_at=None,
                place="",
                version=1,
            )
        with pytest.raises(Refusal, match="Chỉ cơ quan nội vụ"):
            visits.plan_visit(people.leader, visit, DAY)

    def test_not_after_the_minutes_are_closed(self, people: People, submitted: Assessment, member: User) -> None:
        visit = visits.visit_to(people.home_affairs, submitted, member)
        factories.in_state(submitted, State.APPRAISAL)
        visits.close(member, visit)
        with pytest.raises(Refusal, match="đã chốt biên bản"):
            visits.plan_visit(people.home_affairs, visit, DAY)


def test_signed_decision_is_kept_once(home_affairs: User, plan: Plan, city_leader: User) -> None:
    made = visits.found(home_affairs, plan)
    content = files.pdf()
    for new in (True, False):
        _, added = delegations.attach_decision(
            user=home_affairs, delegation_id=made.pk, file=files.upload("qd.pdf", content)
        )
        assert added is new
    assert made.attachments.count() == 1
    assert Event.objects.filter(plan=plan, kind=Event.Kind.ATTACHED).count() == 1
    with pytest.raises(InvalidInput, match="không phải PDF"):
        delegations.attach_decision(user=home_affairs, delegation_id=made.pk, file=files.upload("a.jpg", files.jpg()))
    with pytest.raises(Refusal):
        delegations.attach_decision(user=city_leader, delegation_id=made.pk, file=files.upload("qd.pdf", content))
