"""What is read of delegations and their visits, within a person's scope."""

from django.db.models import Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from assessments import workflow
from assessments.delegations import VISITABLE
from assessments.models import Assessment, Delegation, DelegationMember, Layer, Plan, Verdict, Visit
from assessments.permissions import (
    DELEGATION_ROLES,
    may_see_city,
    visible_assessments,
    visible_delegations,
    visible_visits,
)


def delegations(user: User, plan: Plan) -> QuerySet[Delegation]:
    """The plan's delegations with how many units they visit, how many are planned and how many are closed."""
    return (
        visible_delegations(user)
        .filter(plan=plan)
        .annotate(
            units=Count("visits"),
            planned=Count("visits", filter=Q(visits__planned_on__isnull=False)),
            closed=Count("visits", filter=Q(visits__closed_at__isnull=False)),
        )
        .prefetch_related(Prefetch("members", DelegationMember.objects.filter(role="head"), to_attr="heads"))
        .order_by("pk")
    )


def with_progress(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Visits with their unit and delegation, how many entries are judged on site, and how many differ from the ward's.

    Annotations: judged, to_judge, differences. One query whatever the number of rows.
    """
    same = Verdict.objects.filter(
        assessment=OuterRef("assessment"), entry=OuterRef("entry"), layer=Layer.SELF, value=OuterRef("value")
    )
    differing = (
        Verdict.objects.filter(~Q(stated=""), ~Exists(same), assessment=OuterRef("assessment"), layer=Layer.DELEGATION)
        .order_by()
        .values("assessment")
        .annotate(n=Count("pk"))
    )
    return (
        visits.select_related("delegation__plan", "assessment__registration__unit__ward")
        .annotate(
            site=FilteredRelation("assessment__summaries", condition=Q(assessment__summaries__layer=Layer.DELEGATION)),
            own=FilteredRelation("assessment__summaries", condition=Q(assessment__summaries__layer=Layer.SELF)),
        )
        .annotate(
            judged=Coalesce(F("site__assessed"), 0),
            to_judge=Coalesce(F("site__to_assess"), F("own__to_assess"), 0),
            differences=Coalesce(Subquery(differing.values("n"), output_field=IntegerField()), 0),
        )
    )


def delegation_visits(delegation: Delegation) -> QuerySet[Visit]:
    """A delegation's visits by ward and unit."""
    return with_progress(delegation.visits.all()).order_by(
        "assessment__registration__unit__ward__position",
        "assessment__registration__unit__ward",
        "assessment__registration__unit__sort_name",
    )


def is_member(user: User) -> bool:
    """Whether the person sits in a delegation with this account."""
    return user.role in DELEGATION_ROLES and user.delegation_memberships.exists()


def my_visits(user: User, plan: Plan | None) -> QuerySet[Visit]:
    """The visits that concern a person, of the plan and those still open of earlier ones, soonest first.

    Members see those of their delegations; home affairs and the city's leaders without a seat see all; wards
    and heads of units those that come to them, once they are planned.
    """
    found = visible_visits(user)
    if is_member(user):
        found = found.filter(delegation__in=user.delegation_memberships.values("delegation"))
    elif not may_see_city(user):
        found = found.filter(planned_on__isnull=False)
    # A decided dossier is visited no more, whatever was planned.
    decided = Q(assessment__state__in=[state.value for state in workflow.FINAL])
    found = found.exclude(decided, closed_at__isnull=True)
    current = Q(delegation__plan=plan) | Q(closed_at__isnull=True)
    return with_progress(found.filter(current)).order_by(
        F("planned_on").asc(nulls_last=True), F("planned_at").asc(nulls_last=True), "pk"
    )


def open_visits(user: User) -> QuerySet[Visit]:
    """Visits of the person's own delegations whose minutes are not closed yet, soonest first."""
    seats = user.delegation_memberships.values("delegation")
    found = visible_visits(user).filter(delegation__in=seats, closed_at__isnull=True)
    found = found.exclude(assessment__state__in=[state.value for state in workflow.FINAL])
    return with_progress(found).order_by(
        F("planned_on").asc(nulls_last=True), F("planned_at").asc(nulls_last=True), "pk"
    )


def visitable(user: User, delegation: Delegation) -> QuerySet[Assessment]:
    """The plan's dossiers with the city that no delegation visits yet, by ward and unit."""
    return (
        visible_assessments(user)
        .filter(registration__plan=delegation.plan_id, state__in=[s.value for s in VISITABLE], visit__isnull=True)
        .select_related("registration__unit__ward", "registration__plan")
        .order_by("registration__unit__ward__position", "registration__unit__ward", "registration__unit__sort_name")
    )


def candidates() -> QuerySet[User]:
    """Accounts that may be named as members."""
    return User.objects.filter(is_active=True, role__in=DELEGATION_ROLES).order_by("full_name", "pk")
