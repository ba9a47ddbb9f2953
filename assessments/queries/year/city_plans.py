"""The city's plan as it is read: drafts apart, its history, and its targets against reality, unit by unit."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, Value

from assessments import queries
from assessments.models import (
    Assessment,
    BudgetDecision,
    CommendationDecision,
    Decision,
    Event,
    Plan,
    Registration,
    Target,
)
from assessments.permissions import AnyUser, may_see_draft_plans, may_see_submissions
from assessments.workflow import FINAL
from criteria.models import CriteriaSet
from localities.models import Ward
from localities.queries import authority_on, wards_in


def plans_for(user: AnyUser) -> QuerySet[Plan]:
    """The plans that exist for this person: drafts only for those who prepare and sign them."""
    found = Plan.every.all() if may_see_draft_plans(user) else Plan.objects.all()
    return found.select_related("criteria_set")


def drafts(user: AnyUser) -> QuerySet[Plan]:
    """Plans not issued yet, the newest year first; nothing for whoever has no business with them."""
    return plans_for(user).filter(status=Plan.Status.DRAFT).order_by("-year")


def history(user: AnyUser, plan: Plan) -> QuerySet[Event]:
    """What was done with the plan, as far as the person may know it.

    While it was a draft, that stands in the record of the plan before it: told to those who saw the draft.
    """
    events = Event.objects.filter(plan__isnull=False, data__row=f"plan:{plan.pk}")
    if not may_see_draft_plans(user):
        events = events.filter(plan=plan)
    return events.select_related("actor__ward", "actor__agency").order_by("-pk")


def selectable_sets() -> QuerySet[CriteriaSet]:
    """The criteria tables that a new plan may apply."""
    return CriteriaSet.objects.filter(status=CriteriaSet.Status.PUBLISHED).order_by("code", "-version")


@dataclass(slots=True)
class WardGroup:
    """A ward's units that count towards a target."""

    ward: Ward
    units: list[Assessment] = field(default_factory=list)
    warning: str = ""  # what the plan would have otherwise


@dataclass(slots=True)
class TargetDetail:
    """One target with the units behind its numbers."""

    target: Target
    groups: list[WardGroup]
    missing: int = 0  # registrations that lack

    @property
    def filter(self) -> str:
        """How the list of dossiers is asked for the same units."""
        return "pilot" if self.target.kind == Target.Kind.PILOT_PER_WARD else self.target.kind


def target_details(user: AnyUser, plan: Plan) -> list[TargetDetail]:
    """For each target which units, and how far each is, within the person's scope; three queries."""
    if not may_see_submissions(user):
        return []
    targets = list(plan.targets.all())
    rows: list[Any] = list(queries.assessment_list(user, plan)) if targets else []
    wards = {ward.pk: ward for ward in wards_in(plan.year)} if targets else {}
    ward_id = getattr(user, "ward_id", None)
    if ward_id:
        wards = {pk: ward for pk, ward in wards.items() if pk == ward_id}
    return [_detail(target, rows, wards, whole=not ward_id) for target in targets]


def _detail(target: Target, rows: list[Any], wards: dict[int, Ward], *, whole: bool) -> TargetDetail:
    pilots = target.kind == Target.Kind.PILOT_PER_WARD
    groups = {pk: WardGroup(ward) for pk, ward in wards.items()}
    for row in rows:
        registration: Registration = row.registration
        if registration.pilot if pilots else registration.aim == target.kind:
            ward = registration.unit.ward
            groups.setdefault(ward.pk, WardGroup(ward)).units.append(row)
    found = list(groups.values())
    if pilots:
        for group in found:
            group.warning = span_warning(target, len(group.units))
        return TargetDetail(target, found)
    found = [group for group in found if group.units]
    registered = sum(len(group.units) for group in found)
    return TargetDetail(target, found, max(target.minimum - registered, 0) if whole else 0)


def span_warning(target: Target, number: int) -> str:
    """What is wrong with a ward's number of pilots under the plan; "" when nothing is."""
    if number < target.minimum:
        return "Chưa có đơn vị làm điểm" if not number else f"Còn thiếu {target.minimum - number}"
    if target.maximum is not None and number > target.maximum:
        return f"Nhiều hơn kế hoạch {number - target.maximum}"
    return ""


def unconfirmed(plan: Plan) -> list[str]:
    """Decisions under the plan that wait for the city's leader, in words; one query."""
    kinds = {"công nhận": Decision, "khen thưởng": CommendationDecision, "kinh phí": BudgetDecision}
    first, *others = (
        kind._default_manager.filter(plan=plan, confirmed_at__isnull=True).order_by().values_list(Value(name), "number")
        for name, kind in kinds.items()
    )
    return sorted(f"quyết định {name} số {number}" for name, number in first.union(*others, all=True))


def undecided(plan: Plan) -> int:
    """How many dossiers of the plan have no decision yet: closing the year leaves them as they are."""
    return Assessment.objects.filter(registration__plan=plan).exclude(state__in=FINAL).count()


def missing_places(plan: Plan) -> list[str]:
    """What of the places a plan's papers and lists would lack: sentences for whoever is about to issue it."""
    found = []
    if not wards_in(plan.year).exists():
        found.append(
            f"Danh mục chưa có xã, phường nào của năm {plan.year}: sau khi ban hành không nơi nào thực hiện được. "
            "Cập nhật danh mục trước."
        )
    if authority_on(plan.issued_on) is None:
        found.append(
            f"Chưa có tên cơ quan ban hành vào ngày {plan.issued_on:%d/%m/%Y}: văn bản in dòng chấm. "
            "Quản trị hệ thống ghi ở danh mục cơ quan."
        )
    return found
