"""What exists for a person: querysets that leave out what is no business of theirs."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import WARD_ROLES, Role, User
from assessments.models import (
    AgencyReport,
    Assessment,
    Certificate,
    CouncilMeeting,
    Delegation,
    Question,
    Submission,
    Visit,
)
from assessments.permissions.roles import CITY_WIDE, DELEGATION_ROLES, SEEN_BY_APPRAISERS, AnyUser
from localities.models import Unit, Ward


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
        return Q(state__in=SEEN_BY_APPRAISERS)
    if user.role == Role.DELEGATION_MEMBER:
        visited = Visit.objects.filter(assessment=OuterRef("pk"), delegation__members__user=user)
        return Q(Exists(visited), state__in=SEEN_BY_APPRAISERS)
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


def may_see_units(user: AnyUser) -> bool:
    """Whether there are pages of units for this person at all."""
    return isinstance(user, User) and user.role in (*CITY_WIDE, *WARD_ROLES, Role.AGENCY_OFFICER, Role.UNIT_HEAD)


def visible_wards(user: AnyUser) -> QuerySet[Ward]:
    """The wards whose lists and tables this person may open."""
    if not isinstance(user, User):
        return Ward.objects.none()
    if user.role in CITY_WIDE or user.role == Role.AGENCY_OFFICER:
        return Ward.objects.all()
    if user.role in WARD_ROLES:
        return Ward.objects.filter(pk=user.ward_id or 0)
    return Ward.objects.none()


def visible_meetings(user: AnyUser) -> QuerySet[CouncilMeeting]:
    """Council meetings: the ward's own people see all of them, the city those that are concluded."""
    if not isinstance(user, User):
        return CouncilMeeting.objects.none()
    if user.role in WARD_ROLES:
        return CouncilMeeting.objects.filter(ward=user.ward_id)
    if user.role in CITY_WIDE:
        return CouncilMeeting.objects.filter(concluded_at__isnull=False)
    return CouncilMeeting.objects.none()


def visible_submissions(user: AnyUser) -> QuerySet[Submission]:
    """Receipts: of the own ward, and all of them for the city."""
    if not isinstance(user, User):
        return Submission.objects.none()
    if user.role in WARD_ROLES:
        return Submission.objects.filter(ward=user.ward_id)
    return Submission.objects.all() if user.role in CITY_WIDE else Submission.objects.none()


def visible_reports(user: AnyUser) -> QuerySet[AgencyReport]:
    """Closing reports: of the own agency, and all of them for the city."""
    if not isinstance(user, User):
        return AgencyReport.objects.none()
    if user.role in CITY_WIDE:
        return AgencyReport.objects.all()
    if user.role == Role.AGENCY_OFFICER:
        return AgencyReport.objects.filter(agency=user.agency_id)
    return AgencyReport.objects.none()


def visible_delegations(user: AnyUser) -> QuerySet[Delegation]:
    """Delegations: all for the city; for others those they are members of."""
    if not isinstance(user, User):
        return Delegation.objects.none()
    if user.role in CITY_WIDE:
        return Delegation.objects.all()
    if user.role in DELEGATION_ROLES:
        return Delegation.objects.filter(pk__in=user.delegation_memberships.values("delegation"))
    return Delegation.objects.none()


def visible_visits(user: AnyUser) -> QuerySet[Visit]:
    """Visits: of visible delegations; the visited ward and unit see when somebody comes, and the minutes."""
    if not isinstance(user, User):
        return Visit.objects.none()
    if user.role in WARD_ROLES:
        return Visit.objects.filter(assessment__registration__unit__ward=user.ward_id)
    if user.role == Role.UNIT_HEAD:
        return Visit.objects.filter(assessment__registration__unit=user.unit_id)
    return Visit.objects.filter(delegation__in=visible_delegations(user).values("pk"))


def visible_questions(user: AnyUser) -> QuerySet[Question]:
    """Questions stand beside the entry for everybody who sees the assessment."""
    return Question.objects.filter(assessment__in=visible_assessments(user).values("pk"))


def visible_certificates(user: AnyUser) -> QuerySet[Certificate]:
    """Certificates hang in the unit; here whoever sees its dossier finds them."""
    return Certificate.objects.filter(line__assessment__in=visible_assessments(user).values("pk"))


def may_list_dossiers(user: AnyUser) -> bool:
    """Whether the list of dossiers can hold anything for this person."""
    roles = (*CITY_WIDE, *WARD_ROLES, Role.UNIT_HEAD, Role.AGENCY_OFFICER)
    return isinstance(user, User) and user.role in roles
