"""Which kept files exist for a person: those of the things that exist for that person."""

from django.db.models import Q, QuerySet

from accounts.models import User
from assessments.models import Attachment, Plan
from assessments.permissions.city import makes_decisions, may_see_decisions
from assessments.permissions.roles import AnyUser
from assessments.permissions.scope import (
    visible_delegations,
    visible_meetings,
    visible_reports,
    visible_submissions,
    visible_visits,
)
from assessments.permissions.year import (
    may_see_draft_plans,
    visible_budget_decisions,
    visible_commendation_decisions,
    visible_estimates,
    visible_guidance,
    visible_models,
    visible_ward_plans,
    visible_year_reports,
)


def visible_attachments(user: AnyUser) -> QuerySet[Attachment]:
    """Signed papers and other files, as far as what they belong to is visible."""
    own = Q(meeting__in=visible_meetings(user).values("pk"))
    own |= Q(visit__in=visible_visits(user).values("pk"))
    own |= Q(delegation__in=visible_delegations(user).values("pk"))
    own |= Q(report__in=visible_reports(user).values("pk"))
    own |= Q(submission__in=visible_submissions(user).values("pk"))
    if may_see_decisions(user):
        confirmed = Q(decision__isnull=False, decision__confirmed_at__isnull=False)
        own |= Q(decision__isnull=False) if makes_decisions(user) else confirmed
    own |= Q(ward_plan__in=visible_ward_plans(user).values("pk"))
    own |= Q(estimate__in=visible_estimates(user).values("pk"))
    own |= Q(budget_decision__in=visible_budget_decisions(user).values("pk"))
    own |= Q(guidance__in=visible_guidance(user).values("pk"))
    own |= Q(community_model__in=visible_models(user).values("pk"))
    own |= Q(year_report__in=visible_year_reports(user).values("pk"))
    own |= Q(commendation_decision__in=visible_commendation_decisions(user).values("pk"))
    if isinstance(user, User):  # the city's plan is everybody's once it is issued
        drafts = Q(city_plan__status=Plan.Status.DRAFT)
        own |= Q(city_plan__isnull=False) if may_see_draft_plans(user) else Q(city_plan__isnull=False) & ~drafts
    return Attachment.objects.filter(own)
