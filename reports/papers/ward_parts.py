"""What the two papers have in common with which a ward sends dossiers to the city: what was sent, and as whose.

A submission is never written again, its lines may only end (withdrawn, returned). So a paper tells what was true
when it was sent and which lines stand: registrations and earlier sendings of that moment, results of the standing
lines alone, whose self layer nobody can change. Each state of the lines is an edition of its own and kept for ever.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from assessments.models import Assessment, CouncilItem, CouncilMeeting, Layer, Registration, Submission, SubmissionLine
from assessments.permissions import AnyUser
from assessments.queries import submissions
from assessments.queries.submissions import ReceiptLine
from assessments.scoring import Outcome
from assessments.workflow import Action
from localities.models import Authority, Unit, Ward
from localities.queries import authority_on
from reports import offices, queries, wording
from reports.papers import city
from reports.papers.base import Official
from reports.queries import Record


@dataclass(frozen=True, slots=True)
class SentUnit:
    """One dossier of the submission that stands, with its own result and the council's approval."""

    record: Record
    outcome: Outcome
    approval: CouncilItem | None

    @property
    def registration(self) -> Registration:
        return self.record.assessment.registration

    @property
    def unit(self) -> Unit:
        return self.registration.unit

    @property
    def aim(self) -> str:
        return str(self.registration.get_aim_display()) + (", làm điểm" if self.registration.pilot else "")

    @property
    def maintains(self) -> bool:
        return self.registration.aim == Registration.Aim.MAINTAIN

    @property
    def met(self) -> int:
        """Criteria met, of all standards."""
        return sum(standard.met for standard in self.outcome.standards)

    @property
    def applicable(self) -> int:
        return sum(standard.applicable for standard in self.outcome.standards)

    @property
    def holding(self) -> int:
        """How many standards hold."""
        return sum(standard.holds for standard in self.outcome.standards)

    @property
    def votes(self) -> str:
        """Votes for it of the members present: 7/8."""
        return f"{self.approval.votes_for}/{self.approval.meeting.present}" if self.approval else ""

    @property
    def evidence(self) -> int:
        return sum(row.layer == Layer.SELF for row in self.record.evidence)


@dataclass(frozen=True, slots=True)
class Registered:
    """How many units the ward had registered when it sent."""

    fresh: int
    kept: int
    pilots: int

    @property
    def total(self) -> int:
        return self.fresh + self.kept


@dataclass(frozen=True, slots=True)
class Sending:
    """What was read of one submission."""

    sent: Submission
    authority: Authority | None
    units: list[SentUnit]  # whose lines stand
    ended: list[str]  # in words
    meetings: list[CouncilMeeting]  # that approved the standing ones, in the order of their days
    registered: Registered
    earlier: int  # dossiers of earlier sendings that stood when this one went
    letterhead: offices.Letterhead
    signing: offices.Signing


def read_sending(user: AnyUser, pk: int) -> Sending:
    """One submission in the person's scope; raises Submission.DoesNotExist outside it."""
    sent = submissions.submission(user, pk)
    lines = submissions.receipt(sent)
    standing = [line for line in lines if line.line.standing]
    # Whoever sees the submission reads what it is of.
    found = queries.records(Assessment.objects.filter(pk__in=[line.assessment.pk for line in standing]))
    approvals = _approvals(sent, found)
    units = [
        SentUnit(record, record.outcomes[Layer.SELF], approvals.get(record.assessment.pk))
        for record in found
        if Layer.SELF in record.outcomes
    ]
    meetings = {item.meeting_id: item.meeting for item in approvals.values()}
    authority = authority_on(sent.plan.issued_on)
    return Sending(
        sent=sent,
        authority=authority,
        units=units,
        ended=[_ended(line) for line in lines if not line.line.standing],
        meetings=sorted(meetings.values(), key=lambda meeting: (meeting.held_on, meeting.pk)),
        registered=_registered(sent),
        earlier=_earlier(sent),
        letterhead=offices.of_ward(sent.ward, authority),
        signing=offices.signing(sent.ward, timezone.localdate(sent.submitted_at)),
    )


def _approvals(sent: Submission, found: list[Record]) -> dict[int, CouncilItem]:
    """By dossier, the last approval before it was sent."""
    items = CouncilItem.objects.filter(
        assessment__in=[record.assessment.pk for record in found],
        outcome=CouncilItem.Outcome.APPROVED,
        meeting__concluded_at__lte=sent.submitted_at,
    )
    return {item.assessment_id: item for item in items.select_related("meeting").order_by("meeting__concluded_at")}


def _registered(sent: Submission) -> Registered:
    rows = Registration.objects.filter(
        plan=sent.plan_id, unit__ward=sent.ward_id, registered_at__lte=sent.submitted_at
    ).values_list("aim", "pilot")
    kept = sum(aim == Registration.Aim.MAINTAIN for aim, _ in rows)
    return Registered(len(rows) - kept, kept, sum(pilot for _, pilot in rows))


def _earlier(sent: Submission) -> int:
    before = SubmissionLine.objects.filter(
        submission__ward=sent.ward_id, submission__plan=sent.plan_id, submission__number__lt=sent.number
    )
    return before.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=sent.submitted_at)).count()


def _ended(line: ReceiptLine) -> str:
    """For instance: Tổ 3 (rút ngày 05/10/2025)."""
    word = "rút" if line.ended == Action.WITHDRAW else "được trả lại"
    day = f" ngày {timezone.localtime(line.line.ended_at):%d/%m/%Y}" if line.line.ended_at else ""
    return f"{line.assessment.registration.unit} ({word}{day})"


@dataclass(frozen=True, slots=True)
class WardPaper(Official):
    """A paper that goes with a submission; its number and its day are the clerk's."""

    sending: Sending

    @property
    def sent(self) -> Submission:
        return self.sending.sent

    @property
    def ward(self) -> Ward:
        return self.sent.ward

    @property
    def year(self) -> int:
        return self.sent.plan.year

    @property
    def draft(self) -> bool:
        """Never: what it tells was sent."""
        return False

    @property
    def edition(self) -> str:
        """Ended lines never stand again, so that how many stand says which."""
        return f"con-{len(self.units)}"

    @property
    def letterhead(self) -> offices.Letterhead:
        return self.sending.letterhead

    @property
    def signing(self) -> offices.Signing:
        return self.sending.signing

    @property
    def city(self) -> str:
        """The people's committee of the city."""
        return city.committee(self.sending.authority)

    @property
    def addressees(self) -> list[str]:
        authority = self.sending.authority
        through = authority.home_affairs_name if authority else "cơ quan nội vụ"
        return [f"{self.city} (qua {through})"]

    @property
    def receivers(self) -> list[str]:
        return ["Như trên", f"Hội đồng thẩm định, tự đánh giá {self.place}"]

    @property
    def place(self) -> str:
        """For instance: phường Tân Phong."""
        return f"{self.ward.get_kind_display().lower()} {self.ward.name}"

    @property
    def plan_date(self) -> str:
        return wording.long_date(self.sent.plan.issued_on)

    @property
    def units(self) -> list[SentUnit]:
        return self.sending.units

    @property
    def registered(self) -> Registered:
        return self.sending.registered

    @property
    def earlier(self) -> int:
        return self.sending.earlier

    @property
    def ended(self) -> list[str]:
        return self.sending.ended

    @property
    def meetings(self) -> list[str]:
        """The minutes that approved what was sent, in words."""
        days: list[date] = [meeting.held_on for meeting in self.sending.meetings]
        minutes = f"Biên bản họp Hội đồng thẩm định, tự đánh giá {self.place}"
        return [f"{minutes} {wording.long_date(day)}" for day in dict.fromkeys(days)]

    @property
    def qualifying(self) -> list[SentUnit]:
        return [unit for unit in self.units if unit.outcome.qualifies]

    @property
    def lacking(self) -> list[SentUnit]:
        return [unit for unit in self.units if not unit.outcome.qualifies]

    @property
    def evidence(self) -> int:
        return sum(unit.evidence for unit in self.units)
