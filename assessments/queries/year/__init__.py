"""What is read in the year of the plan: one module for each part, and what they share."""

from datetime import date

from django.db.models import Model, QuerySet

from assessments.models import Event, Milestone, Plan


def history(plan: Plan, row: Model) -> QuerySet[Event]:
    """What was done with this row, the newest first (see assessments.year.rows.note)."""
    events = Event.objects.filter(plan=plan, data__row=f"{row._meta.model_name}:{row.pk}")
    return events.select_related("actor__ward", "actor__agency").order_by("-pk")


def milestone(plan: Plan, duty: str) -> date | None:
    """The day before which this is due under the plan, if the plan names one."""
    return Milestone.objects.filter(plan=plan, duty=duty).values_list("before", flat=True).first()
