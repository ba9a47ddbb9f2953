"""The steps of an assessment, and who may answer which entries of which layer."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from accounts.models import WARD_ROLES, Role, User
from assessments import workflow
from assessments.models import AgencyReportLine, Assessment, Assignment, Layer, Visit
from assessments.permissions.roles import CITY_WIDE, DELEGATION_ROLES, AnyUser
from assessments.workflow import Action, State


def _at_home(user: User, assessment: Assessment) -> bool:
    """Whether the assessment lies within the person's own place."""
    unit = assessment.registration.unit
    if user.role in WARD_ROLES:
        return unit.ward_id == user.ward_id
    if user.role == Role.UNIT_HEAD:
        return unit.pk == user.unit_id
    return user.role in CITY_WIDE


def may(user: AnyUser, action: Action, assessment: Assessment) -> bool:
    """Whether the person's role could take this action in the assessment's present state."""
    return (
        isinstance(user, User)
        and not assessment.registration.plan.is_closed
        and _at_home(user, assessment)
        and action in workflow.actions(assessment.workflow_state, user.role)
    )


def possible_actions(user: AnyUser, assessment: Assessment) -> tuple[Action, ...]:
    """The workflow's actions open to this person now, in the order of the table."""
    if not isinstance(user, User) or assessment.registration.plan.is_closed or not _at_home(user, assessment):
        return ()
    return workflow.actions(assessment.workflow_state, user.role)


NOTHING: frozenset[int] = frozenset()


def answerable(user: AnyUser, assessment: Assessment, layer: str) -> Collection[int] | None:
    """Ids of the entries the person may answer in this layer now; None stands for every entry.

    Home affairs may speak in the agency layer for any agency: the record names who did. Inside a
    transaction that has locked the assessment the answer holds until its end.
    """
    if not isinstance(user, User) or assessment.registration.plan.is_closed:
        return NOTHING
    if layer == Layer.SELF:
        return None if _may_self_assess(user, assessment) else NOTHING
    if assessment.state != State.APPRAISAL:
        return NOTHING
    if layer == Layer.AGENCY:
        if user.role == Role.HOME_AFFAIRS:
            return None
        return _assigned(user, assessment) if user.role == Role.AGENCY_OFFICER else NOTHING
    if layer == Layer.DELEGATION and user.role in DELEGATION_ROLES:
        open_visit = Visit.objects.filter(assessment=assessment, closed_at__isnull=True, delegation__members__user=user)
        return None if open_visit.exists() else NOTHING
    return NOTHING


def _may_self_assess(user: User, assessment: Assessment) -> bool:
    if assessment.state != State.DRAFT or not _at_home(user, assessment):
        return False
    if user.role == Role.UNIT_HEAD:
        return assessment.handed_over_at is None
    return user.role == Role.WARD_OFFICER


def _assigned(user: User, assessment: Assessment) -> Collection[int]:
    """The agency's entries of the plan, none when it has closed its work on this dossier.

    What another agency answers for and has reported on stands: who helps writes no more there.
    """
    closed = AgencyReportLine.objects.filter(assessment=assessment, closed=True)
    reported = Assignment.objects.filter(
        plan=OuterRef("plan"), entry=OuterRef("entry"), position=1, agency__in=closed.values("agency")
    )
    own = Assignment.objects.filter(~Exists(reported), plan=assessment.registration.plan_id, agency=user.agency_id)
    own = own.filter(~Exists(closed.filter(agency=user.agency_id)))
    return frozenset(own.values_list("entry_id", flat=True))


def sees_hand_over(user: AnyUser, assessment: Assessment) -> bool:
    """Whether the person is one of those between whom a draft is handed over: the unit's head and the ward."""
    own = isinstance(user, User) and (user.role in WARD_ROLES or user.role == Role.UNIT_HEAD)
    return own and isinstance(user, User) and _at_home(user, assessment)


def may_answer(user: AnyUser, assessment: Assessment, layer: str, entry_id: int | None = None) -> bool:
    """Whether the person may write verdict, figures, note and evidence of this entry, or of any entry, now."""
    entries = answerable(user, assessment, layer)
    if entries is None:
        return True
    return entry_id in entries if entry_id is not None else bool(entries)
