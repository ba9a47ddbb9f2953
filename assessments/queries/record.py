"""What is read of the record: the events of one chain, filtered, and the names needed to tell them."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import Agency, User
from assessments.models import Assessment, DecisionLine, Event, Plan
from assessments.permissions import AnyUser, may_confirm_decisions, may_record_decisions
from assessments.timeline import Words
from criteria.spec import Table


def chain(owner: Assessment | Plan) -> QuerySet[Event]:
    """Every event of an assessment's or a plan's own chain, with who did it and on which entry."""
    events = (
        Event.objects.filter(assessment=owner) if isinstance(owner, Assessment) else Event.objects.filter(plan=owner)
    )
    return events.select_related("actor__ward", "actor__unit", "actor__agency", "entry")


def about_entry(events: QuerySet[Event], key: str) -> QuerySet[Event]:
    """Those that touched this entry: alone, among many, or when many were taken back."""
    alone = Q(entry__key=key) | Q(data__key=key)
    among = Q(data__changes__contains=[{"key": key}])
    bulk = list(events.filter(among).order_by().values_list("pk", flat=True))
    return events.filter(alone | among | Q(kind=Event.Kind.UNDONE, data__event__in=bulk))


def people(owner: Assessment | Plan) -> QuerySet[User]:
    """Everybody who did something in this chain."""
    return User.objects.filter(pk__in=chain(owner).order_by().values("actor")).order_by("full_name", "pk")


def words(user: AnyUser, owner: Assessment | Plan, table: Table, events: Iterable[Event]) -> Words:
    """The names these events need, and what this person may read of decisions that nobody confirmed yet."""
    undone = {e.data["event"] for e in events if e.kind == Event.Kind.UNDONE and isinstance(e.data.get("event"), int)}
    open_decisions = None
    if isinstance(owner, Assessment) and not (may_record_decisions(user) or may_confirm_decisions(user)):
        lines = DecisionLine.objects.filter(assessment=owner, decision__confirmed_at__isnull=False)
        open_decisions = frozenset(lines.values_list("decision_id", flat=True))
    return Words(
        table=table,
        agencies=dict(Agency.objects.values_list("pk", "name")),
        undone={event.pk: event for event in Event.objects.filter(pk__in=undone)},
        open_decisions=open_decisions,
    )
