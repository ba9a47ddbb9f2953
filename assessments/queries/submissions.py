"""What is read of sending: which dossiers can go, what they lack, and the receipts of those that went."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts.models import User
from assessments.deeds import table_of
from assessments.models import (
    Assessment,
    CouncilItem,
    Event,
    Evidence,
    Figure,
    Layer,
    Milestone,
    Plan,
    Submission,
    SubmissionLine,
)
from assessments.permissions import AnyUser, visible_submissions
from assessments.queries import assessment_list
from assessments.queries.councils import on_open_agenda
from assessments.workflow import Action, State
from localities.models import UnitYear


@dataclass(slots=True)
class Ready:
    """A dossier in the council's hands: what keeps it from being sent, and what an appraiser will miss."""

    assessment: Assessment
    unassessed: int
    approval: CouncilItem | None
    in_meeting: bool  # on the agenda of a meeting that is not concluded
    warnings: list[str] = field(default_factory=list)
    chosen: bool = False

    @property
    def complete(self) -> bool:
        return self.approval is not None and not self.unassessed


def ready(user: User, plan: Plan) -> list[Ready]:
    """The ward's dossiers in the council's hands; three queries whatever their number."""
    found = list(_with_lacks(assessment_list(user, plan).filter(state=State.COUNCIL)))
    approvals = {
        item.assessment_id: item
        for item in CouncilItem.objects.filter(assessment__in=found, standing=True).select_related("meeting")
    }
    talked = on_open_agenda(user, plan)
    return [
        Ready(
            assessment=assessment,
            unassessed=(assessment.to_assess or 0) - (assessment.assessed or 0),  # type: ignore[attr-defined]
            approval=approvals.get(assessment.pk),
            in_meeting=assessment.pk in talked,
            warnings=_warnings(assessment),
        )
        for assessment in found
    ]


def _with_lacks(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Households of the year, how many figures were given, whether there is any evidence."""
    year = UnitYear.objects.filter(unit=OuterRef("registration__unit"), year=OuterRef("registration__plan__year"))
    figures = Figure.objects.filter(
        verdict__assessment=OuterRef("pk"), verdict__layer=Layer.SELF, numerator__isnull=False
    )
    counted = figures.order_by().values("verdict__assessment").annotate(n=Count("pk")).values("n")
    return assessments.annotate(
        households=Subquery(year.values("households")[:1]),
        figures=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        has_evidence=Exists(Evidence.objects.filter(assessment=OuterRef("pk"), removed_at=None)),
    )


def _warnings(assessment: Assessment) -> list[str]:
    """It may be sent without these, but an appraiser will ask."""
    wanted = sum(len(entry.indicators) for entry in table_of(assessment))
    without = wanted - assessment.figures  # type: ignore[attr-defined]
    warnings = ["Chưa nhập tổng số hộ của năm"] if assessment.households is None else []  # type: ignore[attr-defined]
    warnings += [f"{without} chỉ số chưa có số liệu"] if without > 0 else []
    warnings += [] if assessment.has_evidence else ["Chưa có minh chứng nào"]  # type: ignore[attr-defined]
    return warnings


def submissions(user: AnyUser, plan: Plan) -> QuerySet[Submission]:
    """The plan's receipts in the person's scope, newest first, with how many dossiers went and still stand."""
    return (
        visible_submissions(user)
        .filter(plan=plan)
        .select_related("ward", "submitted_by")
        .annotate(units=Count("lines"), standing=Count("lines", filter=Q(lines__standing=True)))
        .order_by("ward__position", "-submitted_at", "-pk")
    )


def submission(user: AnyUser, pk: int) -> Submission:
    """One receipt in the person's scope."""
    return visible_submissions(user).select_related("ward", "plan", "submitted_by").get(pk=pk)


@dataclass(slots=True)
class ReceiptLine:
    """One dossier of a receipt, as it was when it was sent and what became of the sending since."""

    line: SubmissionLine
    council_on: date | None
    due: date | None  # before this day, as it was when it was sent
    ended: str  # Action.WITHDRAW, Action.RETURN or ""
    accepted: Event | None

    @property
    def assessment(self) -> Assessment:
        return self.line.assessment

    @property
    def waiting(self) -> bool:
        """Sent, and home affairs has not accepted it yet: it may be withdrawn."""
        return self.line.standing and self.assessment.state == State.SUBMITTED

    @property
    def late(self) -> bool:
        return self.due is not None and timezone.localdate(self.line.submission.submitted_at) >= self.due


def receipt(sent: Submission) -> list[ReceiptLine]:
    """The dossiers of a receipt by unit; four queries whatever their number."""
    lines = list(
        SubmissionLine.objects.filter(submission=sent)
        .select_related("submission", "assessment__registration__unit__ward", "assessment__registration__plan")
        .order_by("assessment__registration__unit__sort_name", "pk")
    )
    assessments = [line.assessment_id for line in lines]
    held = CouncilItem.objects.filter(
        assessment__in=assessments,
        outcome=CouncilItem.Outcome.APPROVED,
        meeting__concluded_at__lte=sent.submitted_at,
    ).order_by("meeting__concluded_at")
    council = dict(held.values_list("assessment", "meeting__held_on"))
    milestone = Milestone.objects.filter(plan=sent.plan_id, duty=Milestone.Duty.DOSSIER).first()
    steps: dict[int | None, list[Event]] = {}
    moved = Event.objects.filter(
        assessment__in=assessments,
        kind=Event.Kind.MOVED,
        action__in=[Action.ACCEPT, Action.RETURN, Action.WITHDRAW],
    )
    for event in moved.select_related("actor").order_by("pk"):
        steps.setdefault(event.assessment_id, []).append(event)
    return [
        _line(line, council.get(line.assessment_id), milestone, steps.get(line.assessment_id, [])) for line in lines
    ]


def _line(
    line: SubmissionLine, council_on: date | None, milestone: Milestone | None, steps: list[Event]
) -> ReceiptLine:
    """The dossier's own due day may have changed since: each return sets a new one for the next sending."""
    sent_at: datetime = line.submission.submitted_at
    due = milestone.before if milestone else None
    for step in steps:
        if step.action == Action.RETURN and step.at < sent_at:
            due = parse_date(str(step.data.get("due_on", ""))) or due
    after = [step for step in steps if step.at >= sent_at]
    end = next((step for step in after if step.action != Action.ACCEPT), None)
    accepted = next(
        (step for step in after if step.action == Action.ACCEPT and (end is None or step.pk < end.pk)), None
    )
    return ReceiptLine(line, council_on, due, end.action if end and not line.standing else "", accepted)


def standing_line(assessment_id: int) -> SubmissionLine | None:
    """The sending of this assessment that stands."""
    return SubmissionLine.objects.filter(assessment=assessment_id, standing=True).first()


def in_draft(user: User, plan: Plan) -> int:
    """How many of the ward's dossiers have not come to the council yet."""
    return assessment_list(user, plan).filter(state=State.DRAFT).count()
