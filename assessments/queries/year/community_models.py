"""Models and self-management groups: of a unit, of a plan's year, and those that others learn from."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from assessments import model_evidence
from assessments.models import Assessment, Attachment, CommunityModel, Event, Evidence, Plan
from assessments.permissions import AnyUser, may_see_units, visible_models, visible_units
from localities.models import Unit, UnitYear

Kind, State = CommunityModel.Kind, CommunityModel.State


def in_year(year: int) -> Q:
    """The condition on models that there were at some time of the year."""
    return Q(since__year__lte=year) & (Q(ended_on__isnull=True) | Q(ended_on__year__gte=year))


def models_of_year(user: AnyUser, plan: Plan) -> QuerySet[CommunityModel]:
    """The year's models of the units whose pages the person opens; for others the exemplary ones."""
    found = visible_models(user).filter(in_year(plan.year)).select_related("unit__ward")
    return found.filter(unit__in=visible_units(user).values("pk")) if may_see_units(user) else found


def exemplary(user: AnyUser, plan: Plan) -> QuerySet[CommunityModel]:
    """The city's exemplary models of the plan's year, with their photographs as `photos`."""
    pictures = Attachment.objects.filter(content_type__startswith="image/").order_by("pk")
    found = visible_models(user).filter(in_year(plan.year), exemplary_since__year__lte=plan.year)
    return found.select_related("unit__ward").prefetch_related(
        Prefetch("attachments", queryset=pictures, to_attr="photos")
    )


def unit_models(unit: Unit) -> QuerySet[CommunityModel]:
    """Everything a unit has built up, what is at work first."""
    return unit.community_models.order_by(F("ended_on").desc(nulls_first=True), "kind", "name")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many models there are, by kind and by state, in the order of the choices."""

    total: int
    exemplary: int
    kinds: list[tuple[str, str, int]] = field(default_factory=list)
    states: list[tuple[str, str, int]] = field(default_factory=list)


def counts(models: QuerySet[CommunityModel]) -> Counts:
    """Of all these models, in one query."""
    rows = models.order_by().values("kind", "state").annotate(n=Count("pk"), best=Count("exemplary_since"))
    kinds: Counter[str] = Counter()
    states: Counter[str] = Counter()
    best = 0
    for row in rows:
        kinds[row["kind"]] += row["n"]
        states[row["state"]] += row["n"]
        best += row["best"]
    return Counts(
        total=kinds.total(),
        exemplary=best,
        kinds=[(value, label, kinds[value]) for value, label in Kind.choices],
        states=[(value, label, states[value]) for value, label in State.choices],
    )


def households(model: CommunityModel, year: int) -> int | None:
    """How many households the model's unit has that year, if it is known."""
    return UnitYear.objects.filter(unit=model.unit_id, year=year).values_list("households", flat=True).first()


def history(model: CommunityModel) -> QuerySet[Event]:
    """What was done with the model under any plan, the newest first: it is kept over the years."""
    events = Event.objects.filter(data__row=f"{model._meta.model_name}:{model.pk}", plan__isnull=False)
    return events.select_related("actor__ward", "actor__agency").order_by("-pk")


def with_evidence(models: QuerySet[CommunityModel], plan: Plan) -> QuerySet[CommunityModel]:
    """Each with `as_evidence`: whether a dossier of the plan shows it."""
    shown = Evidence.objects.filter(
        community_model=OuterRef("pk"), removed_at=None, assessment__registration__plan=plan
    )
    return models.annotate(as_evidence=Exists(shown))


def offered_models(
    assessment: Assessment, shown: Collection[tuple[str, int | None]]
) -> dict[str, list[CommunityModel]]:
    """By key of the entry: models of the unit to show as evidence, without those `shown` there. One query."""
    models = CommunityModel.objects.filter(unit=assessment.unit).order_by("kind", "name")
    return model_evidence.offered(models, shown, assessment.unit.kind, assessment.plan.year)


def models_of_entry(assessment: Assessment, key: str, evidence: Iterable[Evidence]) -> list[CommunityModel]:
    """The same for one entry with what it shows now."""
    shown = {(key, item.community_model_id) for item in evidence}
    return offered_models(assessment, shown).get(key, [])
