"""What is read in the year of the plan: one module for each part, and what they share."""

from datetime import date

from django.db.models import Model, Q, QuerySet

from accounts.models import Role, User
from assessments.models import Event, Milestone, Plan

HOME_AFFAIRS = "noi-vu"  # its code among the agencies: it is known also while its people have no accounts


def history(plan: Plan, row: Model) -> QuerySet[Event]:
    """What was done with this row, the newest first (see assessments.year.rows.note)."""
    events = Event.objects.filter(plan=plan, data__row=f"{row._meta.model_name}:{row.pk}")
    return events.select_related("actor__ward", "actor__agency").order_by("-pk")


def takes_reports() -> Q:
    """The condition on an Agency: the office of home affairs, which takes the others' reports and owes none itself."""
    people = User.objects.filter(role=Role.HOME_AFFAIRS, agency__isnull=False)
    return Q(code=HOME_AFFAIRS) | Q(pk__in=people.values("agency"))


def milestone(plan: Plan, duty: str) -> date | None:
    """The day before which this is due under the plan, if the plan names one."""
    return Milestone.objects.filter(plan=plan, duty=duty).values_list("before", flat=True).first()
