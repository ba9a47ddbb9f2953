"""The ward's list of council members."""

from typing import Any

import pytest

from accounts.models import User
from assessments import council_members
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, CouncilMember, Event, Plan
from assessments.queries import councils
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import People, approve, council_of, walk

pytestmark = pytest.mark.django_db


def add(user: User, name: str = "Chủ tịch UBND phường", role: str = "chair", **more: Any) -> CouncilMember:
    return council_members.save_member(user=user, full_name=name, job_title="UBND phường", role=role, **more)


def test_added_in_order_and_recorded_with_the_plan(officer: User, leader: User, plan: Plan) -> None:
    first, second = add(officer), add(leader, "Công chức Văn phòng", "secretary")
    assert [m.pk for m in councils.members(officer.ward_id)] == [first.pk, second.pk]
    events = Event.objects.filter(plan=plan, kind=Event.Kind.COUNCIL)
    assert [e.data["after"]["full_name"] for e in events.order_by("pk")] == [first.full_name, second.full_name]


def test_the_same_member_sent_twice_is_one(officer: User) -> None:
    assert add(officer).pk == add(officer).pk
    assert CouncilMember.objects.count() == 1


def test_one_chair(officer: User) -> None:
    chair = add(officer)
    with pytest.raises(InvalidInput, match="chỉ có một Chủ tịch, hiện là Chủ tịch UBND phường") as refusal:
        add(officer, "Phó Chủ tịch UBND phường")
    assert refusal.value.field == "role"
    council_members.set_active(user=officer, member_id=chair.pk, active=False)
    add(officer, "Phó Chủ tịch UBND phường")
    with pytest.raises(InvalidInput, match="chỉ có một Chủ tịch, hiện là Phó Chủ tịch"):
        council_members.set_active(user=officer, member_id=chair.pk, active=True)


def test_another_ward_has_its_own_chair(officer: User, stranger: User) -> None:
    add(officer)
    add(stranger)
    assert CouncilMember.objects.filter(role="chair", active=True).count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "\u200b "}, "full_name"),
        ({"full_name": "a" * 151}, "full_name"),
        ({"job_title": ""}, "job_title"),
        ({"job_title": "a" * 201}, "job_title"),
        ({"role": "king"}, "role"),
    ],
)
def test_what_cannot_be_stored_names_its_field(officer: User, given: dict[str, str], field: str) -> None:
    values = {"full_name": "A", "job_title": "B", "role": "member"} | given
    with pytest.raises(InvalidInput) as refusal:
        council_members.save_member(user=officer, **values)
    assert refusal.value.field == field and not CouncilMember.objects.exists()


def test_stale_page(officer: User, leader: User) -> None:
    member = add(officer)
    shown = council_members.seen(member)
    add(leader, "Chủ tịch mới", member_id=member.pk, shown=shown)
    with pytest.raises(Stale):
        add(officer, "Ý của tôi", member_id=member.pk, shown=shown)
    member.refresh_from_db()
    assert member.full_name == "Chủ tịch mới"


def test_order(officer: User) -> None:
    members = [add(officer, f"Ủy viên {n}", "member") for n in range(3)]

    def names() -> list[str]:
        return [member.full_name[-1] for member in councils.members(officer.ward_id)]

    council_members.move_member(user=officer, member_id=members[2].pk, up=True)
    assert names() == ["0", "2", "1"]
    council_members.move_member(user=officer, member_id=members[0].pk, up=False)
    assert names() == ["2", "0", "1"]
    council_members.move_member(user=officer, member_id=members[2].pk, up=True)
    assert names() == ["2", "0", "1"], "at the end nothing happens"


@pytest.mark.parametrize("maker", ["UnitHead", "HomeAffairs", "CityLeader", "AgencyOfficer", "Administrator"])
def test_others_are_refused(maker: str, officer: User) -> None:
    member, other = add(officer), getattr(factories, f"{maker}Factory")()
    for deed in (
        lambda: add(other, "X", "member"),
        lambda: add(other, "X", "member", member_id=member.pk),
        lambda: council_members.set_active(user=other, member_id=member.pk, active=False),
        lambda: council_members.move_member(user=other, member_id=member.pk, up=True),
    ):
        with pytest.raises(Refusal):
            deed()


def test_another_wards_members_do_not_exist(officer: User, stranger: User) -> None:
    member = add(officer)
    for deed in (
        lambda: add(stranger, "X", "member", member_id=member.pk),
        lambda: council_members.set_active(user=stranger, member_id=member.pk, active=False),
        lambda: council_members.move_member(user=stranger, member_id=member.pk, up=True),
    ):
        with pytest.raises(CouncilMember.DoesNotExist):
            deed()


def test_old_minutes_keep_their_names(people: People, assessment: Assessment) -> None:
    meeting = approve(people.leader, walk(people, assessment, State.COUNCIL))
    before = list(meeting.attendance.values_list("full_name", "job_title", "role"))
    member = council_of(people.leader)[1]
    add(people.officer, "Tên khác", "member", member_id=member.pk)
    council_members.set_active(user=people.officer, member_id=member.pk, active=False)
    assert list(meeting.attendance.values_list("full_name", "job_title", "role")) == before
