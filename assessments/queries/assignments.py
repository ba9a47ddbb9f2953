"""Which agencies a plan's entries are assigned to, and who changed that."""

from django.db.models import Exists, OuterRef, QuerySet

from assessments.models import Assignment, Event, Plan
from criteria import spec
from criteria.queries import table

Codes = tuple[str, ...]  # agencies of one entry in order; the first is responsible


def stored_assignment(plan: Plan) -> dict[str, Codes]:
    """What stands: entry key -> codes of its agencies in order. One query."""
    found: dict[str, Codes] = {}
    rows = Assignment.objects.filter(plan=plan).order_by("entry__position", "position")
    for key, code in rows.values_list("entry__key", "agency__code"):
        found[key] = (*found.get(key, ()), code)
    return found


def without_agency(plan: Plan) -> list[spec.Entry]:
    """Entries judged by hand that no agency answers for."""
    stands = stored_assignment(plan)
    return [entry for entry in table(plan.criteria_set_id).judged_by_hand if entry.key not in stands]


def assignment_events(plan: Plan) -> QuerySet[Event]:
    """Who changed the plan's assignments, newest first."""
    return Event.objects.filter(plan=plan, kind=Event.Kind.ASSIGNED).select_related("actor").order_by("-pk")


def earlier_assigned_plan(plan: Plan) -> Plan | None:
    """The latest earlier plan that has assignments to copy."""
    assigned = Assignment.objects.filter(plan=OuterRef("pk"))
    return Plan.objects.filter(Exists(assigned), year__lt=plan.year).order_by("-year").first()
