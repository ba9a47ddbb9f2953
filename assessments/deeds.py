"""What every deed needs: the locked row, the refusals, the record. No HTTP here."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from accounts.models import User
from assessments.models import Assessment, Event, Plan
from assessments.permissions import visible_assessments
from assessments.profile_hints import FIELDS
from assessments.workflow import STATE_LABELS, State
from criteria.queries import unit_table
from criteria.spec import Table
from localities.models import UnitYear


class Refusal(Exception):
    """The deed was not done; the message is a sentence for the person."""

    @property
    def message(self) -> str:
        return str(self.args[0])


class Stale(Refusal):
    """Somebody changed the same thing since this person loaded it."""


class InvalidInput(Refusal):
    """What was entered cannot be stored; `field` names the input it concerns."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def with_context(assessments: Any) -> Any:
    """Assessments with plan, unit, ward and figures of the year (`households`; `profile`: some more), in one query."""
    years = UnitYear.objects.filter(unit=OuterRef("registration__unit"), year=OuterRef("registration__plan__year"))
    known = JSONObject(**{name: name for name in FIELDS})
    return assessments.select_related("registration__plan", "registration__unit__ward").annotate(
        households=Subquery(years.values("households")[:1]),
        profile=Subquery(years.values(known=known)[:1]),
    )


def lock(user: User, assessment_id: int) -> Assessment:
    """The assessment, locked until the transaction ends, if it exists for this person.

    Rows are locked with no_key everywhere: nobody deletes them, and a full lock would stand in the way of every
    row that names them (events first of all), which the database checks at the commit, in whatever order.

    Raises Assessment.DoesNotExist otherwise, as for a number that nobody has; Refusal once its year is closed.
    """
    found = (
        visible_assessments(user)
        .select_related("registration__plan", "registration__unit__ward")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=assessment_id)
    )
    # Only now: a statement that waited for the lock still sees the figures of before.
    facts = JSONObject(**{name: name for name in ("households", *FIELDS)})
    years = UnitYear.objects.filter(unit=found.unit, year=OuterRef("year")).values(known=facts)
    plan = Plan.objects.annotate(known=Subquery(years[:1])).get(pk=found.plan.pk)
    refuse_closed(plan)
    found.households = plan.known["households"] if plan.known else None  # type: ignore[attr-defined]
    found.profile = plan.known  # type: ignore[attr-defined]
    return found


def refuse_closed(plan: Plan) -> None:
    """Raises Refusal once the plan's year is closed. For a plan read after the lock that closing waits for."""
    if plan.is_closed:
        raise Refusal(f"Kế hoạch năm {plan.year} đã kết thúc nên không thay đổi được nữa.")


def lock_chosen(user: User, plan_id: int, ids: Collection[int]) -> list[Assessment]:
    """These assessments of the plan, locked in the one order everybody uses.

    Raises Assessment.DoesNotExist when one of them does not exist for this person, Refusal once the year is closed.
    """
    chosen = list(
        visible_assessments(user)
        .filter(pk__in=ids, registration__plan=plan_id)
        .select_related("registration__plan", "registration__unit__ward")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if len(chosen) != len(set(ids)):
        raise Assessment.DoesNotExist
    if chosen:
        refuse_closed(Plan.objects.get(pk=plan_id))
    return chosen


def table_of(assessment: Assessment) -> Table:
    """The criteria table as this assessment's unit sees it."""
    unit = assessment.registration.unit
    return unit_table(assessment.registration.plan.criteria_set_id, unit.kind, unit.ward.kind)


def check_version(assessment: Assessment, version: int | None) -> None:
    """Raises Stale when the page was loaded before the last change of state."""
    if version is not None and version != assessment.version:
        label = STATE_LABELS[State(assessment.state)]
        raise Stale(f"Hồ sơ vừa được người khác xử lý (hiện ở trạng thái “{label}”). Xem lại rồi thực hiện tiếp.")


def bump(assessment: Assessment, **changes: Any) -> None:
    """Write changed fields of the locked assessment and count its version up."""
    Assessment.objects.filter(pk=assessment.pk).update(version=F("version") + 1, **changes)
    assessment.version += 1
    for name, value in changes.items():
        setattr(assessment, name, value)


def record(assessment: Assessment, kind: Event.Kind, actor: User, **facts: Any) -> Event:
    """Add one event to the assessment's record; the database chains it to the one before."""
    return Event.objects.create(assessment=assessment, kind=kind, actor=actor, **facts)


def record_plan(plan: Plan, kind: Event.Kind, actor: User, **facts: Any) -> Event:
    """Add one event to the plan's own record: assignments, delegations."""
    return Event.objects.create(plan=plan, kind=kind, actor=actor, **facts)
