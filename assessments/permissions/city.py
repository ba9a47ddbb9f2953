"""What the city's people may do: agencies, delegations, home affairs, leaders."""

from django.db.models import Q, QuerySet

from accounts.models import WARD_ROLES, Agency, Role, User
from assessments import workflow
from assessments.models import Assessment, Question, Visit
from assessments.permissions.roles import CITY_WIDE, DELEGATION_ROLES, AnyUser
from assessments.workflow import State


def may_work_on_grid(user: AnyUser) -> bool:
    """Whether the person appraises for an agency on the grid."""
    return isinstance(user, User) and user.role in (Role.AGENCY_OFFICER, Role.HOME_AFFAIRS)


def may_assign(user: AnyUser) -> bool:
    """Whether the person says which agency appraises what."""
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS


def may_see_assignments(user: AnyUser) -> bool:
    """Who appraises what is known to everybody inside the administration."""
    return isinstance(user, User) and user.role != Role.ADMINISTRATOR


def appraising_agencies(user: AnyUser) -> QuerySet[Agency]:
    """The agencies whose grid the person may open: the own one, and every one for home affairs."""
    if not isinstance(user, User):
        return Agency.objects.none()
    if user.role in CITY_WIDE:
        return Agency.objects.all()
    return Agency.objects.filter(pk=user.agency_id or 0) if user.role == Role.AGENCY_OFFICER else Agency.objects.none()


def may_appraise_for(user: AnyUser, agency: Agency) -> bool:
    """Whether the person writes in this agency's grid; each deed still asks `answerable`."""
    return may_close_agency(user, agency)


def may_close_agency(user: AnyUser, agency: Agency) -> bool:
    """Whether the person closes this agency's appraisal: its officers, and home affairs for whoever cannot."""
    if not isinstance(user, User):
        return False
    return user.role == Role.HOME_AFFAIRS or (user.role == Role.AGENCY_OFFICER and user.agency_id == agency.pk)


def may_reopen_agency(user: AnyUser) -> bool:
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS


def may_ask(user: AnyUser, assessment: Assessment) -> bool:
    """Home affairs asks while the dossier is with the city and not yet proposed."""
    open_states = (State.SUBMITTED, State.APPRAISAL, State.CONCLUDED)
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS and assessment.workflow_state in open_states


def may_explain(user: AnyUser, question: Question) -> bool:
    """Whoever was asked answers: the ward's people, or the agency's officers."""
    if not isinstance(user, User) or question.assessment.workflow_state in workflow.FINAL:
        return False
    if question.agency_id is None:
        return user.role in WARD_ROLES and question.assessment.registration.unit.ward_id == user.ward_id
    return user.role == Role.AGENCY_OFFICER and user.agency_id == question.agency_id


def may_list_questions(user: AnyUser) -> bool:
    """Whoever may be asked has a list of what is asked; the city reads all of it."""
    return isinstance(user, User) and user.role in (*WARD_ROLES, Role.AGENCY_OFFICER, *CITY_WIDE)


def questions_put_to(user: AnyUser) -> Q:
    """The condition on questions whose answer is this person's business."""
    if isinstance(user, User) and user.role in WARD_ROLES:
        return Q(agency__isnull=True, assessment__registration__unit__ward=user.ward_id)
    if isinstance(user, User) and user.role == Role.AGENCY_OFFICER:
        return Q(agency=user.agency_id)
    return Q(pk__in=[])


def may_conclude(user: AnyUser) -> bool:
    """Whether the person accepts, concludes and proposes dossiers."""
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS


def may_keep_delegations(user: AnyUser) -> bool:
    """Whether the person founds delegations, names members and plans visits."""
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS


def may_keep_visit(user: AnyUser, visit: Visit) -> bool:
    """Members of the delegation write and close the minutes of a visit; home affairs may too."""
    if not isinstance(user, User):
        return False
    if user.role == Role.HOME_AFFAIRS:
        return True
    return user.role in DELEGATION_ROLES and visit.delegation.members.filter(user=user).exists()


def may_reopen_visit(user: AnyUser) -> bool:
    return may_keep_delegations(user)


def may_see_delegations(user: AnyUser) -> bool:
    """Whether there is a list of delegations for this person at all."""
    return isinstance(user, User) and (user.role in CITY_WIDE or user.role in DELEGATION_ROLES)


def may_see_visits(user: AnyUser) -> bool:
    """Whether visits concern this person: who makes them, who is visited, and who reads everything."""
    return isinstance(user, User) and (
        may_see_delegations(user) or user.role in WARD_ROLES or user.role == Role.UNIT_HEAD
    )


def may_keep_pages(user: AnyUser) -> bool:
    """Whether pages of visits may lie on the person's device for the time without network: who goes there."""
    return isinstance(user, User) and user.role in DELEGATION_ROLES


def may_record_decisions(user: AnyUser) -> bool:
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS


def may_confirm_decisions(user: AnyUser) -> bool:
    return isinstance(user, User) and user.role == Role.CITY_LEADER


def may_attach_to_decision(user: AnyUser) -> bool:
    """Whoever makes decisions adds their signed papers."""
    return makes_decisions(user)


def makes_decisions(user: AnyUser) -> bool:
    """Whether the person has a part in making a decision, and so sees it before it is confirmed."""
    return may_record_decisions(user) or may_confirm_decisions(user)


def may_see_decisions(user: AnyUser) -> bool:
    """Decisions are public inside the administration."""
    return isinstance(user, User) and user.role != Role.ADMINISTRATOR


def may_make_visits(user: AnyUser) -> bool:
    """Whether visits are this person's main work; others with a seat in a delegation find theirs on the first page."""
    return isinstance(user, User) and user.role == Role.DELEGATION_MEMBER


def may_see_city(user: AnyUser) -> bool:
    """Whether the person sees all wards side by side."""
    return isinstance(user, User) and user.role in CITY_WIDE


def may_export_record(user: AnyUser) -> bool:
    """Whether the person takes the heads of the record's chains away, and reads the plan's own record."""
    return isinstance(user, User) and user.role in CITY_WIDE
