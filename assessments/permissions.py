"""Who may see and do what: the only place that knows. Queries, deeds and templates all ask here.

A record outside somebody's scope does not exist for that person (404). Inside the scope, `may` answers for
actions of the workflow and the other functions for writing. Source: rules of the domain, section 6.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import WARD_ROLES, Role, User
from assessments import workflow
from assessments.models import Assessment, Layer
from assessments.workflow import Action, State
from localities.models import Unit, Ward

# Everything but accounts, and reading all.
CITY_WIDE = (Role.HOME_AFFAIRS, Role.CITY_LEADER)
SEEN_BY_AGENCIES = [s.value for s in workflow.ROAD if s not in (State.DRAFT, State.COUNCIL)]

AnyUser = User | AnonymousUser


def _assessment_scope(user: AnyUser) -> Q | None:
    """The condition on assessments; None when the role sees none."""
    if not isinstance(user, User):
        return None
    if user.role in CITY_WIDE:
        return Q()
    if user.role in WARD_ROLES:
        return Q(registration__unit__ward=user.ward_id)
    if user.role == Role.UNIT_HEAD:
        return Q(registration__unit=user.unit_id)
    if user.role == Role.AGENCY_OFFICER:
        return Q(state__in=SEEN_BY_AGENCIES)
    return None


def visible_assessments(user: AnyUser) -> QuerySet[Assessment]:
    """The assessments that exist for this person."""
    scope = _assessment_scope(user)
    return Assessment.objects.none() if scope is None else Assessment.objects.filter(scope)


def visible_units(user: AnyUser) -> QuerySet[Unit]:
    """The units whose page this person may open."""
    if not isinstance(user, User):
        return Unit.objects.none()
    if user.role in CITY_WIDE or user.role == Role.AGENCY_OFFICER:
        return Unit.objects.all()
    if user.role in WARD_ROLES:
        return Unit.objects.filter(ward=user.ward_id)
    if user.role == Role.UNIT_HEAD:
        return Unit.objects.filter(pk=user.unit_id or 0)
    return Unit.objects.none()


def visible_wards(user: AnyUser) -> QuerySet[Ward]:
    """The wards whose lists and tables this person may open."""
    if not isinstance(user, User):
        return Ward.objects.none()
    if user.role in CITY_WIDE or user.role == Role.AGENCY_OFFICER:
        return Ward.objects.all()
    if user.role in WARD_ROLES:
        return Ward.objects.filter(pk=user.ward_id or 0)
    return Ward.objects.none()


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
        and _at_home(user, assessment)
        and action in workflow.actions(assessment.workflow_state, user.role)
    )


def possible_actions(user: AnyUser, assessment: Assessment) -> tuple[Action, ...]:
    """The workflow's actions open to this person now, in the order of the table."""
    if not isinstance(user, User) or not _at_home(user, assessment):
        return ()
    return workflow.actions(assessment.workflow_state, user.role)


def may_answer(user: AnyUser, assessment: Assessment, layer: str) -> bool:
    """Whether the person may write verdicts, figures, notes and evidence of this layer now.

    Home affairs speaks in the agency layer while it appraises: the record names who did.
    """
    if not isinstance(user, User) or not _at_home(user, assessment):
        return False
    if layer == Layer.SELF:
        return assessment.state == State.DRAFT and user.role in (Role.WARD_OFFICER, Role.UNIT_HEAD)
    if layer == Layer.AGENCY:
        return assessment.state == State.APPRAISAL and user.role == Role.HOME_AFFAIRS
    return False


def may_register(user: AnyUser, ward: Ward | None = None) -> bool:
    """Whether the person enters units and registers them, in this ward or anywhere."""
    return isinstance(user, User) and user.role == Role.WARD_OFFICER and (ward is None or ward.pk == user.ward_id)


def may_edit_unit_year(user: AnyUser, unit: Unit) -> bool:
    """Whether the person keeps this unit's yearly figures; the deed also looks at the assessment's state."""
    if not isinstance(user, User):
        return False
    return (user.role == Role.WARD_OFFICER and unit.ward_id == user.ward_id) or (
        user.role == Role.UNIT_HEAD and unit.pk == user.unit_id
    )


def may_record_decisions(user: AnyUser) -> bool:
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS


def may_confirm_decisions(user: AnyUser) -> bool:
    return isinstance(user, User) and user.role == Role.CITY_LEADER


def may_see_decisions(user: AnyUser) -> bool:
    """Decisions are public inside the administration."""
    return isinstance(user, User) and user.role != Role.ADMINISTRATOR


def may_see_city(user: AnyUser) -> bool:
    """Whether the person sees all wards side by side."""
    return isinstance(user, User) and user.role in CITY_WIDE
