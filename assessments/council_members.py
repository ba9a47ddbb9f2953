"""The ward council's list of members. Minutes keep their own copy of it, so no deed here changes any."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal, Stale, record_plan
from assessments.models import CouncilMember, CouncilRole, Event
from assessments.permissions import may_keep_council
from assessments.queries import current_plan
from localities.models import Ward
from localities.text import clean


def seen(member: CouncilMember) -> str:
    """What a page showed of a member: sent back with the form, it tells whether somebody changed it since."""
    return "|".join([member.full_name, member.job_title, member.role, str(member.active)])


@transaction.atomic
def save_member(
    *, user: User, full_name: str, job_title: str, role: str, member_id: int | None = None, shown: str | None = None
) -> CouncilMember:
    """Add a member, or correct one; a new one stands last. The same new member sent twice is one.

    Raises InvalidInput naming the field (a second chair among them), Stale when somebody changed the member
    since the page that said `shown`, CouncilMember.DoesNotExist for another ward's.
    """
    ward = _ward(user)
    given = {"full_name": clean(full_name), "job_title": clean(job_title), "role": role}
    if member_id is None:
        same = CouncilMember.objects.filter(ward=ward, active=True, **given).first()
        if same is not None:
            return same
        last = CouncilMember.objects.filter(ward=ward).aggregate(last=Max("position"))["last"] or 0
        member, before = CouncilMember(ward=ward, position=last + 1), None
    else:
        member = CouncilMember.objects.get(pk=member_id, ward=ward)
        before = _facts(member)
        if shown is not None and shown != seen(member):
            raise Stale("Người khác vừa sửa thành viên này. Xem nội dung mới rồi sửa tiếp phần cần sửa.")
    for name, value in given.items():
        setattr(member, name, value)
    _check(member)
    if before != _facts(member):
        member.save()
        _record(user, "member_saved", member, before)
    return member


@transaction.atomic
def set_active(*, user: User, member_id: int, active: bool) -> CouncilMember:
    """A member leaves the council, or comes back; the row stays for the minutes that name it."""
    member = CouncilMember.objects.get(pk=member_id, ward=_ward(user))
    if member.active != active:
        before, member.active = _facts(member), active
        _check(member)
        member.save(update_fields=["active"])
        _record(user, "member_back" if active else "member_left", member, before)
    return member


@transaction.atomic
def move_member(*, user: User, member_id: int, up: bool) -> CouncilMember:
    """One place up or down among the active members; at the end of the list nothing happens."""
    members = list(CouncilMember.objects.filter(ward=_ward(user), active=True))
    at = next((place for place, member in enumerate(members) if member.pk == member_id), None)
    if at is None:
        raise CouncilMember.DoesNotExist
    member, to = members[at], at - 1 if up else at + 1
    if 0 <= to < len(members):
        before = _facts(member)
        members[at], members[to] = members[to], members[at]
        for position, row in enumerate(members, 1):
            row.position = position
        CouncilMember.objects.bulk_update(members, ["position"])
        _record(user, "member_moved", member, before)
    return member


def _ward(user: User) -> Ward:
    """The person's ward, its list locked: one change after the other."""
    if user.ward_id is None or not may_keep_council(user):
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường lập danh sách thành viên hội đồng.")
    return Ward.objects.select_for_update(no_key=True).get(pk=user.ward_id)


def _check(member: CouncilMember) -> None:
    chair = CouncilMember.objects.filter(ward=member.ward, active=True, role=CouncilRole.CHAIR).exclude(pk=member.pk)
    if member.active and member.role == CouncilRole.CHAIR and (other := chair.first()):
        raise InvalidInput(
            f"Hội đồng chỉ có một Chủ tịch, hiện là {other.full_name}. Đổi vai trò của người này trước.", "role"
        )
    try:
        member.full_clean(exclude=["ward"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error


def _facts(member: CouncilMember) -> dict[str, Any]:
    return {
        "full_name": member.full_name,
        "job_title": member.job_title,
        "role": member.role,
        "active": member.active,
        "position": member.position,
    }


def _record(user: User, action: str, member: CouncilMember, before: dict[str, Any] | None) -> None:
    """Who sits in a council is recorded with the plan people work on; there is none before the first."""
    plan = current_plan()
    if plan is not None:
        data = {"ward": member.ward_id, "member": member.pk, "before": before, "after": _facts(member)}
        record_plan(plan, Event.Kind.COUNCIL, user, action=action, data=data)
