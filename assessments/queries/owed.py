"""What people still owe: counted for one person, within what that person sees."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import WARD_ROLES, Role, User
from assessments import workflow
from assessments.models import (
    AgencyReportLine,
    Assessment,
    Assignment,
    CouncilItem,
    Layer,
    Plan,
    Question,
    Verdict,
    Visit,
)
from assessments.permissions import DELEGATION_ROLES, visible_assessments, visible_questions, visible_visits
from assessments.workflow import State

FINAL = [state.value for state in workflow.FINAL]
WITH_THE_WARD = [State.DRAFT.value, State.COUNCIL.value]


def open_plans() -> list[Plan]:
    """The newest plan, and earlier ones that still have undecided dossiers; newest first."""
    undecided = Assessment.objects.filter(registration__plan=OuterRef("pk")).exclude(state__in=FINAL)
    newest = Plan.objects.order_by("-year").values("pk")[:1]
    return list(
        Plan.objects.filter(Q(pk__in=newest) | Exists(undecided)).prefetch_related("milestones").order_by("-year")
    )


def dossiers(user: User, plan: Plan) -> QuerySet[Assessment]:
    """The plan's undecided dossiers this person sees, with `approved`: whether the council's approval stands."""
    standing = CouncilItem.objects.filter(assessment=OuterRef("pk"), standing=True)
    found = visible_assessments(user).filter(registration__plan=plan).exclude(state__in=FINAL)
    return found.select_related("registration__unit__ward", "registration__plan").annotate(approved=Exists(standing))


def open_cells(user: User, plan: Plan) -> int:
    """How many of the agency's verdicts are missing in accepted dossiers that it has not closed."""
    if user.role != Role.AGENCY_OFFICER:
        return 0
    closed = AgencyReportLine.objects.filter(agency=user.agency_id, assessment=OuterRef("pk"), closed=True)
    waiting = visible_assessments(user).filter(~Exists(closed), registration__plan=plan, state=State.APPRAISAL)
    entries = Assignment.objects.filter(plan=plan, agency=user.agency_id, entry__derived=False).values("entry")
    given = Verdict.objects.filter(assessment__in=waiting, layer=Layer.AGENCY, entry__in=entries).exclude(stated="")
    return waiting.count() * entries.count() - given.count()


def questions(user: User) -> QuerySet[Question]:
    """Unanswered questions that were put to this person's ward or agency."""
    asked = visible_questions(user).filter(answered_at__isnull=True).exclude(assessment__state__in=FINAL)
    asked = asked.select_related("entry", "assessment__registration__unit", "assessment__registration__plan")
    if user.role in WARD_ROLES:
        return asked.filter(agency__isnull=True, assessment__registration__unit__ward=user.ward_id)
    if user.role == Role.AGENCY_OFFICER:
        return asked.filter(agency=user.agency_id)
    return asked.none()


def visits_until(user: User, day: date) -> QuerySet[Visit]:
    """Visits not yet closed that the person is a member of and that are planned up to this day."""
    if user.role not in DELEGATION_ROLES:
        return Visit.objects.none()
    mine = visible_visits(user).filter(delegation__members__user=user, closed_at__isnull=True, planned_on__lte=day)
    mine = mine.filter(assessment__state=State.APPRAISAL).distinct()
    return mine.select_related("assessment__registration__unit__ward", "assessment__registration__plan")


def complete(assessments: Iterable[Assessment]) -> int:
    """How many of these have an effective verdict everywhere."""
    ids = [assessment.pk for assessment in assessments]
    whole = Assessment.objects.filter(pk__in=ids, summaries__layer=Layer.EFFECTIVE)
    return whole.filter(summaries__assessed=F("summaries__to_assess")).aggregate(n=Count("pk", distinct=True))["n"] or 0
