"""Whose hands a draft is in: the unit's head's or the ward officer's."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Role, User
from assessments.models import Assessment, Event
from assessments.permissions import AnyUser, sees_hand_over
from assessments.workflow import Action, State


@dataclass(frozen=True, slots=True)
class Hands:
    """What a draft's page says about it; `last` is the hand-over or the handing back that led here."""

    mine: bool  # the reader is the unit's head
    handed: bool
    has_head: bool  # somebody could hand it over
    last: Event | None


def hands(user: AnyUser, assessment: Assessment) -> Hands | None:
    """Nothing for whoever it does not concern, and once the draft has gone to the council."""
    if assessment.state != State.DRAFT or not sees_hand_over(user, assessment) or not isinstance(user, User):
        return None
    last = assessment.events.filter(kind=Event.Kind.HANDED).select_related("actor").first()
    mine, handed = user.unit_id == assessment.registration.unit_id, assessment.handed_over_at is not None
    has_head = mine or handed or assessment.registration.unit_id in units_with_head([assessment])
    return Hands(mine, handed, has_head, last)


def units_with_head(assessments: Iterable[Assessment]) -> set[int]:
    """Ids of the units whose head has an account; one query."""
    units = [assessment.registration.unit_id for assessment in assessments]
    heads = User.objects.filter(role=Role.UNIT_HEAD, is_active=True, unit__in=units)
    return {pk for pk in heads.values_list("unit", flat=True) if pk is not None}


def handed_back(assessments: Iterable[Assessment]) -> dict[int, Event]:
    """By assessment, the handing back that stands: no hand-over followed it; one query."""
    events = Event.objects.filter(assessment__in=[a.pk for a in assessments], kind=Event.Kind.HANDED).order_by("pk")
    last = {event.assessment_id: event for event in events if event.assessment_id}
    return {pk: event for pk, event in last.items() if event.action == Action.HAND_BACK}
