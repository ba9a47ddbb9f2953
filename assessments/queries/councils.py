"""What is read of the wards' councils: members, meetings, and the units that wait for one."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from assessments import explanation
from assessments.deeds import table_of
from assessments.models import (
    Assessment,
    Attendance,
    CouncilItem,
    CouncilMeeting,
    CouncilMember,
    CouncilRole,
    Event,
    Plan,
)
from assessments.permissions import AnyUser, visible_assessments, visible_meetings
from assessments.queries import assessment_list
from assessments.scoring import Outcome
from assessments.workflow import State
from criteria.spec import Table


def members(ward_id: int | None) -> list[CouncilMember]:
    """The ward's list, those who left last."""
    return list(CouncilMember.objects.filter(ward=ward_id))


def lacking(rows: list[CouncilMember]) -> list[str]:
    """Roles that minutes need and nobody on the list has."""
    needed = (CouncilRole.CHAIR, CouncilRole.SECRETARY)
    have = {row.role for row in rows if row.active}
    return [role.label for role in needed if role not in have]


def meetings(user: AnyUser, plan: Plan) -> QuerySet[CouncilMeeting]:
    """The plan's meetings in the person's scope, newest first, with how many units and what became of them."""
    counted = visible_meetings(user).filter(plan=plan).select_related("ward")
    return counted.annotate(
        units=Count("items", distinct=True),
        approved=Count("items", filter=Q(items__outcome=CouncilItem.Outcome.APPROVED), distinct=True),
        returned=Count("items", filter=Q(items__outcome=CouncilItem.Outcome.RETURNED), distinct=True),
        signed=Count("attachments", distinct=True),
    ).order_by("ward__position", "-held_on", "-pk")


def meeting(user: AnyUser, pk: int) -> CouncilMeeting:
    """One meeting in the person's scope, with ward, plan and who wrote and concluded it."""
    return visible_meetings(user).select_related("ward", "plan", "recorded_by", "concluded_by").get(pk=pk)


def agenda(held: CouncilMeeting) -> list[CouncilItem]:
    """The meeting's units in the order of their names."""
    items = held.items.select_related("assessment__registration__unit__ward", "assessment__registration__plan")
    return list(items.order_by("assessment__registration__unit__sort_name", "pk"))


def attendance(held: CouncilMeeting) -> list[Attendance]:
    """Who was expected at the meeting, in the order of the list of members."""
    return list(held.attendance.all())


@dataclass(frozen=True, slots=True)
class SelfResult:
    """What the ward found itself."""

    qualifies: bool
    assessed: int
    to_assess: int
    reasons: tuple[str, ...] = ()  # why it does not qualify


def self_result(table: Table, outcome: Outcome) -> SelfResult:
    """The ward's own result in short."""
    reasons = tuple(explanation.reasons(table, outcome))
    return SelfResult(outcome.qualifies, outcome.assessed, outcome.to_assess, reasons)


@dataclass(slots=True)
class Candidate:
    """A unit that a meeting may speak about."""

    assessment: Assessment
    result: SelfResult
    elsewhere: str = ""  # another meeting that is not concluded has it on its agenda
    chosen: bool = False


def candidates(user: User, plan: Plan, held: CouncilMeeting | None = None) -> list[Candidate]:
    """The ward's units that wait for the council without an approval; two queries whatever their number."""
    approved = CouncilItem.objects.filter(assessment=OuterRef("pk"), standing=True)
    waiting = _with_outcome(assessment_list(user, plan).filter(~Exists(approved), state=State.COUNCIL))
    open_items = CouncilItem.objects.filter(meeting__ward=user.ward_id, meeting__concluded_at__isnull=True)
    if held is not None and held.pk:
        open_items = open_items.exclude(meeting=held)
    elsewhere = {item.assessment_id: str(item.meeting) for item in open_items.select_related("meeting")}
    return [Candidate(found, _present_result(found), elsewhere.get(found.pk, "")) for found in waiting]


def _with_outcome(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return assessments.annotate(self_outcome=F("own__outcome"))


def _present_result(assessment: Assessment) -> SelfResult:
    return self_result(table_of(assessment), Outcome.from_dict(assessment.self_outcome))  # type: ignore[attr-defined]


def results(user: AnyUser, held: CouncilMeeting) -> dict[int, SelfResult]:
    """The self result of each unit of a meeting: as the record keeps it once concluded, the present one before."""
    if held.concluded_at is None:
        found = _with_outcome(assessment_list(user, held.plan).filter(council_items__meeting=held))
        return {assessment.pk: _present_result(assessment) for assessment in found}
    resolved = Event.objects.filter(
        kind=Event.Kind.COUNCIL, data__meeting=held.pk, assessment__council_items__meeting=held, data__has_key="self"
    )
    return {
        pk: SelfResult(told["qualifies"], told["assessed"], told["to_assess"], tuple(told["reasons"]))
        for pk, told in resolved.values_list("assessment", "data__self")
        if pk is not None
    }


def open_meetings(user: AnyUser, plan: Plan) -> list[CouncilMeeting]:
    """The plan's meetings that wait to be concluded, with the number of their units."""
    waiting = visible_meetings(user).filter(plan=plan, concluded_at__isnull=True)
    return list(waiting.annotate(units=Count("items")).order_by("held_on", "pk"))


def approved_ids(user: AnyUser, plan: Plan) -> set[int]:
    """Assessments whose approval stands."""
    seen = visible_assessments(user).filter(registration__plan=plan)
    return set(CouncilItem.objects.filter(assessment__in=seen, standing=True).values_list("assessment", flat=True))


def on_open_agenda(user: AnyUser, plan: Plan) -> set[int]:
    """Assessments on the agenda of a meeting that is not concluded."""
    items = CouncilItem.objects.filter(meeting__in=visible_meetings(user).filter(plan=plan, concluded_at__isnull=True))
    return set(items.values_list("assessment", flat=True))


@dataclass(frozen=True, slots=True)
class CouncilStage:
    """Where one assessment stands with the council."""

    approved: bool
    open_meeting: int | None  # the meeting that is being prepared about it


def council_stage(assessment: Assessment) -> CouncilStage:
    """One query: whether an approval stands, and which open meeting speaks about it."""
    items = list(
        assessment.council_items.filter(Q(standing=True) | Q(meeting__concluded_at__isnull=True))
        .order_by("-pk")
        .values_list("standing", "meeting")
    )
    open_meeting = next((meeting for standing, meeting in items if not standing), None)
    return CouncilStage(any(standing for standing, _ in items), open_meeting)
