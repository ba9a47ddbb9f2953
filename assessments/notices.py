"""Telling people what concerns them: whom, and the rows they find under the bell. Mail goes out later, grouped."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from accounts.models import WARD_ROLES, Role, User
from assessments.models import Assessment, Notice, Plan
from assessments.permissions import DELEGATION_ROLES


def _active() -> QuerySet[User]:
    return User.objects.filter(is_active=True)


def ward_people(ward_id: int) -> QuerySet[User]:
    """Officers and leaders of a ward."""
    return _active().filter(ward=ward_id, role__in=WARD_ROLES)


def ward_officers(ward_id: int) -> QuerySet[User]:
    """Officers of a ward."""
    return _active().filter(ward=ward_id, role=Role.WARD_OFFICER)


def ward_leaders(ward_id: int) -> QuerySet[User]:
    """Leaders of a ward."""
    return _active().filter(ward=ward_id, role=Role.WARD_LEADER)


def unit_heads(unit_id: int) -> QuerySet[User]:
    """Heads of a unit."""
    return _active().filter(unit=unit_id, role=Role.UNIT_HEAD)


def agency_officers(agency_ids: Iterable[int]) -> QuerySet[User]:
    """Officers who appraise for these agencies; home affairs is told by what concerns home affairs."""
    return _active().filter(agency__in=list(agency_ids), role=Role.AGENCY_OFFICER)


def agency_people(agency_id: int) -> QuerySet[User]:
    """Everybody of an agency, whatever the work."""
    return _active().filter(agency=agency_id)


def home_affairs() -> QuerySet[User]:
    """The city's office of home affairs."""
    return _active().filter(role=Role.HOME_AFFAIRS)


def city_leaders() -> QuerySet[User]:
    """The city's leaders."""
    return _active().filter(role=Role.CITY_LEADER)


def delegation_people(delegation_id: int) -> QuerySet[User]:
    """Members of a delegation who have an account that still does such work."""
    members = _active().filter(delegation_memberships__delegation=delegation_id, role__in=DELEGATION_ROLES)
    return members.distinct()


def send(
    kind: Notice.Kind,
    to: Iterable[User],
    text: str,
    url: str,
    *,
    actor: User | None = None,
    assessment: Assessment | None = None,
    plan: Plan | None = None,
    due_on: date | None = None,
    key: str = "",
) -> int:
    """Tell each of these people once; whoever did it is not told of the own deed. How many were told.

    Call it inside the deed's transaction: what is rolled back was never told. With a `key`, somebody
    who was told the same thing on the same occasion is not told again.
    """
    rows = [
        Notice(
            recipient=person,
            kind=kind,
            text=text[:500],
            url=url,
            assessment=assessment,
            plan=plan or (assessment.plan if assessment else None),
            due_on=due_on,
            key=key,
        )
        for person in to
        if actor is None or person.pk != actor.pk
    ]
    return len(Notice.objects.bulk_create(rows, ignore_conflicts=bool(key)))
