"""A delegation and its visits, for tests that need them."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.utils import timezone

from accounts.models import User
from assessments import delegations, visiting
from assessments.delegations import Member
from assessments.models import Assessment, Delegation, Plan, Visit

MINUTES: dict[str, Any] = {
    "starts_at": time(8, 30),
    "ends_at": time(11, 0),
    "place": "Nhà văn hóa tổ dân phố",
    "hosts": "Phó Chủ tịch UBND phường\nTổ trưởng tổ dân phố",
    "findings": "Đoàn đã kiểm tra hồ sơ và đi thực tế.",
    "proposals": "",
}


def minutes(**changes: Any) -> dict[str, Any]:
    """What complete minutes say, held today."""
    return {"held_on": timezone.localdate(), **MINUTES, **changes}


def head(user: User | None = None) -> Member:
    return Member("Phó Trưởng phòng", "Phòng Nội vụ", "head", user.pk if user else None)


def unsaved(name: str = "Đoàn số 1") -> Delegation:
    return Delegation(
        name=name,
        decision_number="12/QĐ-UBND",
        decided_on=date(2025, 1, 2),
        decided_by="Ủy ban nhân dân thành phố",
        task="Thẩm định thực tế",
    )


def found(home_affairs: User, plan: Plan, *accounts: User, name: str = "Đoàn số 1") -> Delegation:
    """A delegation whose head has no account, with a member for each of these accounts."""
    members = [head(), *(Member(user.full_name, "Chuyên viên", "member", user.pk) for user in accounts)]
    return delegations.save_delegation(user=home_affairs, plan_id=plan.pk, delegation=unsaved(name), members=members)


def choose(home_affairs: User, delegation: Delegation, assessments: Iterable[Assessment]) -> list[Visit]:
    delegation.refresh_from_db()
    return delegations.choose_units(
        user=home_affairs,
        delegation_id=delegation.pk,
        assessment_ids=[assessment.pk for assessment in assessments],
        version=delegation.version,
    )


def visit_to(home_affairs: User, assessment: Assessment, *accounts: User, name: str = "Đoàn số 1") -> Visit:
    """A delegation founded for this one unit."""
    [made] = choose(home_affairs, found(home_affairs, assessment.plan, *accounts, name=name), [assessment])
    return made


def plan_visit(home_affairs: User, visit: Visit, day: date, at: time | None = time(8, 0), place: str = "") -> int:
    visit.delegation.refresh_from_db()
    return delegations.schedule(
        user=home_affairs,
        delegation_id=visit.delegation.pk,
        visit_ids=[visit.pk],
        planned_on=day,
        planned_at=at,
        place=place,
        version=visit.delegation.version,
    )


def close(user: User, visit: Visit, **changes: Any) -> Visit:
    visit.refresh_from_db()
    return visiting.close_minutes(user=user, visit_id=visit.pk, version=visit.version, values=minutes(**changes))
