"""The figures of half-year and yearly reports, counted from what is stored; plain numbers that fit into JSON.

As many queries for all wards, or all agencies, as for one. Nothing here asks who reads: a report's own people are
checked before, and other wards' single answers do not appear. Unknown numbers are None, not 0.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from accounts.models import Agency
from assessments.models import (
    Assessment,
    Assignment,
    BudgetEstimate,
    CommunityModel,
    Guidance,
    Helping,
    Layer,
    Plan,
    Question,
    Summary,
    Verdict,
    WardPlan,
    WardPlanTask,
)
from assessments.queries.agencies import IN_GRID
from assessments.queries.standing import standing_state
from assessments.unit_years import FIELDS
from assessments.workflow import ROAD, State
from criteria.queries import table
from localities.models import Unit, UnitYear, Ward
from localities.queries import there_in

Figures = dict[str, Any]

# From here on the city's own verdicts are known; before, what the ward says of itself.
CONCLUDED = [state.value for state in ROAD[ROAD.index(State.CONCLUDED) :]]
_ESTIMATE_SENT = ("submitted", "appraised", "approved")


def ward_figures(plan: Plan, wards: Sequence[Ward]) -> dict[int, Figures]:
    """For each ward, by its number: units, registrations, states, standards, criteria, counts, models, money, tasks."""
    ids, today = [ward.pk for ward in wards], timezone.localdate()
    found: dict[int, Figures] = {
        pk: {"kind": "ward", "as_of": today.isoformat(), "units": 0, "registered": dict.fromkeys(_AIMS, 0)}
        for pk in ids
    }
    _add_units(found, plan)
    _add_registered(found, plan)
    _add_results(found, plan)
    _add_years(found, plan)
    _add_models(found, plan)
    _add_money(found, plan)
    _add_tasks(found, plan, today)
    return found


_AIMS = ("total", "maintain", "new", "pilot")


def _add_units(found: dict[int, Figures], plan: Plan) -> None:
    """Units that existed at some time of the year."""
    existing = Unit.objects.filter(there_in(plan.year), ward__in=found)
    for ward, n in existing.order_by().values_list("ward").annotate(n=Count("pk")):
        found[ward]["units"] = n


def _add_registered(found: dict[int, Figures], plan: Plan) -> None:
    states: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Assessment.objects.filter(registration__plan=plan, registration__unit__ward__in=found)
    told = rows.order_by().values_list(
        "registration__unit__ward", "registration__aim", "registration__pilot", standing_state()
    )
    for ward, aim, pilot, state in told:
        registered = found[ward]["registered"]
        registered["total"] += 1
        registered[aim] += 1
        registered["pilot"] += pilot
        states[ward][state] += 1
    for ward, figures in found.items():
        figures["states"] = {state.value: states[ward][state.value] for state in ROAD}


def _add_results(found: dict[int, Figures], plan: Plan) -> None:
    """How many units hold each standard, and which criteria they miss.

    Of a concluded dossier the city's verdicts count, of any other the ward's own; only those judged throughout.
    """
    whole = table(plan.criteria_set_id)
    holding: dict[int, Counter[int]] = defaultdict(Counter)
    missed: dict[int, Counter[str]] = defaultdict(Counter)
    judged: dict[int, Counter[str]] = defaultdict(Counter)
    concluded = Q(assessment__state__in=CONCLUDED)
    rows = Summary.objects.filter(
        (concluded & Q(layer=Layer.EFFECTIVE)) | (~concluded & Q(layer=Layer.SELF)),
        assessment__registration__plan=plan,
        assessment__registration__unit__ward__in=found,
        assessed=F("to_assess"),
    ).order_by()
    for ward, layer, qualifies, outcome in rows.values_list(
        "assessment__registration__unit__ward", "layer", "qualifies", "outcome"
    ):
        judged[ward][layer] += 1
        judged[ward]["qualifying"] += qualifies
        for standard in outcome["standards"]:
            holding[ward][standard["number"]] += standard["holds"]
            missed[ward].update(standard["not_met"])
    for ward, figures in found.items():
        of_city, own = judged[ward][Layer.EFFECTIVE], judged[ward][Layer.SELF]
        figures["judged"] = {"city": of_city, "self": own, "qualifying": judged[ward]["qualifying"]}
        figures["standards"] = [
            {"number": s.number, "name": s.name, "holding": holding[ward][s.number], "judged": of_city + own}
            for s in whole.standards
        ]
        criteria = [entry for standard in whole.standards for entry in standard.entries if missed[ward][entry.key]]
        figures["failed"] = _most_failed(
            [{"code": e.code, "text": e.text, "units": missed[ward][e.key]} for e in criteria]
        )


def _most_failed(rows: Iterable[Figures]) -> list[Figures]:
    """The most failed first; those failed as often in the table's order, which is the order they come in."""
    return sorted(rows, key=lambda row: -row["units"])


def _add_years(found: dict[int, Figures], plan: Plan) -> None:
    """Sums over the units whose figure is known, and of how many units there are figures at all."""
    rows = UnitYear.objects.filter(year=plan.year, unit__ward__in=found).order_by().values("unit__ward")
    sums: dict[str, Any] = {name: Sum(name) for name in FIELDS}
    known: dict[int, Any] = {row["unit__ward"]: row for row in rows.annotate(profiles=Count("households"), **sums)}
    for ward, figures in found.items():
        row: Figures = known.get(ward, {})
        figures["year"] = {name: row.get(name) for name in FIELDS} | {"profiles": row.get("profiles", 0)}


def _add_models(found: dict[int, Figures], plan: Plan) -> None:
    """Models and groups that were at work at the end of the plan's year, or are today."""
    last = date(plan.year, 12, 31)
    active = Q(state=CommunityModel.State.ACTIVE) | Q(state=CommunityModel.State.ENDED, ended_on__gt=last)
    rows = CommunityModel.objects.filter(active, unit__ward__in=found, since__lte=last).order_by()
    by_kind: dict[int, dict[str, Figures]] = defaultdict(dict)
    for ward, kind, n, households in rows.values_list("unit__ward", "kind").annotate(
        n=Count("pk"), households=Sum("households")
    ):
        by_kind[ward][kind] = {"count": n, "households": households}
    for ward, figures in found.items():
        nothing = {"count": 0, "households": None}
        figures["models"] = {kind: by_kind[ward].get(kind, dict(nothing)) for kind in CommunityModel.Kind.values}


def _add_money(found: dict[int, Figures], plan: Plan) -> None:
    """The three amounts of the ward's estimate, as far as each has been given; nothing of one not yet sent."""
    rows = BudgetEstimate.objects.filter(plan=plan, ward__in=found, state__in=_ESTIMATE_SENT).order_by()
    sums: dict[int, Any] = {
        row["ward"]: row
        for row in rows.values("ward", "state").annotate(
            asked=Sum("lines__asked"), appraised=Sum("lines__appraised"), approved=Sum("lines__approved")
        )
    }
    for ward, figures in found.items():
        row: Figures = sums.get(ward, {})
        state = row.get("state")
        figures["budget"] = {
            "asked": _whole(row.get("asked")),
            "appraised": _whole(row.get("appraised")) if state in ("appraised", "approved") else None,
            "approved": _whole(row.get("approved")) if state == "approved" else None,
        }


def _whole(amount: Any) -> int | None:
    """The database sums whole đồng to a Decimal."""
    return None if amount is None else int(amount)


def _add_tasks(found: dict[int, Figures], plan: Plan, today: date) -> None:
    """Tasks of the ward's plan that was sent; those not done on their day are late: "before" is strict."""
    done = Q(state=WardPlanTask.State.DONE)
    rows = WardPlanTask.objects.filter(
        ward_plan__plan=plan, ward_plan__ward__in=found, ward_plan__state=WardPlan.State.SUBMITTED
    )
    sums: dict[int, Any] = {
        row["ward_plan__ward"]: row
        for row in rows.order_by()
        .values("ward_plan__ward")
        .annotate(
            total=Count("pk"), done=Count("pk", filter=done), late=Count("pk", filter=~done & Q(due_on__lte=today))
        )
    }
    for ward, figures in found.items():
        row: Figures = sums.get(ward, {})
        figures["tasks"] = {name: row.get(name, 0) for name in ("total", "done", "late")}


def agency_figures(plan: Plan, agencies: Sequence[Agency]) -> dict[int, Figures]:
    """For each agency, by its number: entries, dossiers, verdicts, questions, guidance, help."""
    today = timezone.localdate()
    found: dict[int, Figures] = {
        agency.pk: {"kind": "agency", "as_of": today.isoformat(), **dict.fromkeys(_AGENCY_COUNTS, 0)}
        for agency in agencies
    }
    _add_entries(found, plan)
    _add_verdicts(found, plan)
    _add_questions(found, plan)
    _add_help(found, plan)
    return found


_AGENCY_COUNTS: tuple[str, ...] = (
    "assigned",
    "responsible",
    "dossiers",
    "appraised",
    "differing",
    "asked",
    "answered",
    "guidance",
    "helped",
    "deeds",
    "worth",
)


def _add_entries(found: dict[int, Figures], plan: Plan) -> None:
    """What it appraises: entries that a rule derives are nobody's."""
    rows = Assignment.objects.filter(plan=plan, agency__in=found, entry__derived=False).order_by()
    for agency, total, first in rows.values_list("agency").annotate(
        n=Count("pk"), first=Count("pk", filter=Q(position=1))
    ):
        found[agency]["assigned"], found[agency]["responsible"] = total, first


def _add_verdicts(found: dict[int, Figures], plan: Plan) -> None:
    """Verdicts on its entries, how many differ from the ward's own, and in how many dossiers none is missing."""
    assigned: dict[int, list[int]] = defaultdict(list)
    for agency, entry in Assignment.objects.filter(plan=plan, agency__in=found, entry__derived=False).values_list(
        "agency", "entry"
    ):
        assigned[entry].append(agency)
    dossiers = set(Assessment.objects.filter(registration__plan=plan, state__in=IN_GRID).values_list("pk", flat=True))
    same = Verdict.objects.filter(
        assessment=OuterRef("assessment"), entry=OuterRef("entry"), layer=Layer.SELF, value=OuterRef("value")
    )
    rows = Verdict.objects.filter(
        ~Q(value=""), assessment__in=dossiers, layer=Layer.AGENCY, entry__in=list(assigned)
    ).annotate(agrees=Exists(same))
    said: dict[int, Counter[str]] = defaultdict(Counter)
    given: dict[int, Counter[int]] = defaultdict(Counter)
    for assessment, entry, value, agrees in rows.order_by().values_list("assessment", "entry", "value", "agrees"):
        for agency in assigned[entry]:
            said[agency][value] += 1
            given[agency][assessment] += 1
            found[agency]["differing"] += not agrees
    for agency, figures in found.items():
        figures["verdicts"] = dict(sorted(said[agency].items()))
        if figures["assigned"]:
            figures["dossiers"] = len(dossiers)
            figures["appraised"] = sum(n == figures["assigned"] for n in given[agency].values())


def _add_questions(found: dict[int, Figures], plan: Plan) -> None:
    rows = Question.objects.filter(assessment__registration__plan=plan, agency__in=found).order_by()
    for agency, asked, answered in rows.values_list("agency").annotate(n=Count("pk"), done=Count("answered_at")):
        found[agency]["asked"], found[agency]["answered"] = asked, answered


def _add_help(found: dict[int, Figures], plan: Plan) -> None:
    """Guidance it published, units it helps and what it did for them."""
    published = Guidance.objects.filter(plan=plan, agency__in=found).exclude(state=Guidance.State.DRAFT)
    for agency, n in published.order_by().values_list("agency").annotate(n=Count("pk")):
        found[agency]["guidance"] = n
    kept = Q(deeds__removed_at__isnull=True)
    rows = Helping.objects.filter(plan=plan, agency__in=found).order_by().values("agency")
    for row in rows.annotate(
        helped=Count("unit", distinct=True),
        deeds_done=Count("deeds", filter=kept),
        worth=Sum("deeds__worth", filter=kept),
    ):
        figures = found[row["agency"]]
        figures["helped"], figures["deeds"] = row["helped"], row["deeds_done"]
        figures["worth"] = _whole(row["worth"]) or 0


def city_figures(plan: Plan, wards: Sequence[Ward], agencies: Sequence[Agency]) -> Figures:
    """All of it: every ward and agency by itself, and the wards together."""
    of_wards, of_agencies = ward_figures(plan, wards), agency_figures(plan, agencies)
    return {
        "kind": "city",
        "as_of": timezone.localdate().isoformat(),
        "total": total(list(of_wards.values())),
        "wards": [of_wards[ward.pk] | {"name": str(ward)} for ward in wards],
        "agencies": [of_agencies[agency.pk] | {"name": str(agency)} for agency in agencies],
    }


def total(figures: Sequence[Figures]) -> Figures:
    """The sum over wards. A number that no ward knows stays unknown; {} of none."""
    if not figures:
        return {}
    summed: Figures = {name: _sum([one[name] for one in figures]) for name in figures[0] if name not in _NOT_SUMMED}
    criteria: dict[str, Figures] = {}
    for one in figures:
        for row in one["failed"]:
            kept = criteria.setdefault(row["code"], row | {"units": 0})
            kept["units"] += row["units"]
    summed["standards"] = [
        row | {name: sum(one["standards"][at][name] for one in figures) for name in ("holding", "judged")}
        for at, row in enumerate(figures[0]["standards"])
    ]
    in_order = sorted(criteria.values(), key=lambda row: [int(part) for part in row["code"].split(".")])
    return {**summed, "kind": "ward", "as_of": figures[0]["as_of"], "failed": _most_failed(in_order)}


_NOT_SUMMED = ("kind", "as_of", "standards", "failed", "name")


def _sum(values: Sequence[Any]) -> Any:
    """Numbers together, dictionaries by key; None is unknown and adds nothing."""
    first = values[0]
    if isinstance(first, Mapping):
        return {name: _sum([value[name] for value in values]) for name in first}
    known = [value for value in values if value is not None]
    return sum(known) if known else None
