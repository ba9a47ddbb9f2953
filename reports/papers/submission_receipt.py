"""The receipt of what a ward sent to the city in one go, as plain values for the template."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.models import Event, Submission
from assessments.permissions import AnyUser
from assessments.queries import submissions
from assessments.queries.submissions import ReceiptLine
from assessments.workflow import Action
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers.base import Official


@dataclass(frozen=True, slots=True)
class Receipt(Official):
    """Everything the template prints."""

    abbreviation = "PG"
    sent: Submission
    lines: list[ReceiptLine]
    authority: Authority | None

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        """Never kept: it tells how the sent dossiers stand today."""
        return ""

    @property
    def short(self) -> str:
        return f"phieu-gui-{plain(str(self.ward))}-{self.year}-lan-{self.sent.number}"

    @property
    def letterhead(self) -> offices.Letterhead:
        return offices.of_ward(self.ward, self.authority)

    @property
    def dated(self) -> date:
        return timezone.localdate(self.sent.submitted_at)

    @property
    def ward(self) -> Ward:
        return self.sent.ward

    @property
    def year(self) -> int:
        return self.sent.plan.year

    @property
    def title(self) -> str:
        return f"Phiếu gửi hồ sơ {wording.inside(self.ward)}, lần {self.sent.number} năm {self.year}"

    @property
    def day(self) -> str:
        return wording.long_date(self.dated)

    @property
    def receiver(self) -> str:
        """The city's office of home affairs at the time."""
        return self.authority.home_affairs_name if self.authority else "Cơ quan nội vụ thành phố"

    @property
    def rows(self) -> list[tuple[int, ReceiptLine, str]]:
        return [(number, line, _standing(line)) for number, line in enumerate(self.lines, 1)]

    @property
    def accepted(self) -> list[Event]:
        return [line.accepted for line in self.lines if line.accepted]

    @property
    def received_by(self) -> str:
        """Whoever accepted everything that stands; blank while something waits."""
        standing = [line for line in self.lines if line.line.standing]
        if not standing or not all(line.accepted for line in standing):
            return ""
        people = [line.accepted.actor.full_name for line in standing if line.accepted]
        return ", ".join(dict.fromkeys(people))


def read(user: AnyUser, ids: tuple[int, ...]) -> Receipt:
    """A receipt in the person's scope; raises Submission.DoesNotExist outside it."""
    [pk] = ids
    sent = submissions.submission(user, pk)
    return Receipt(sent, submissions.receipt(sent), authority_on(sent.plan.issued_on))


def _standing(line: ReceiptLine) -> str:
    ended = line.line.ended_at
    if ended is not None:
        word = "Đã rút" if line.ended == Action.WITHDRAW else "Bị trả lại"
        return f"{word} lúc {timezone.localtime(ended):%H:%M %d/%m/%Y}"
    if line.accepted:
        return f"Đã tiếp nhận lúc {timezone.localtime(line.accepted.at):%H:%M %d/%m/%Y}"
    return "Chờ tiếp nhận"
