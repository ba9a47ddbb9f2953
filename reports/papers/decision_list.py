"""The list that goes with a decision: every unit with its result, its reasons and the head of its record."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models import Decision, DecisionLine
from assessments.permissions import AnyUser
from assessments.queries import decisions
from assessments.queries.standing import grouped, line_words, lines_of
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers.base import Official

SHOWN = 16  # of a head's 64 digits: enough to recognise it on paper


@dataclass(frozen=True, slots=True)
class ListRow:
    """One unit of the list."""

    number: int
    ward: str
    unit: str
    reasons: str
    head: str


@dataclass(frozen=True, slots=True)
class ListGroup:
    """Units with the same result, under its name."""

    label: str
    rows: list[ListRow]


@dataclass(frozen=True, slots=True)
class DecisionList(Official):
    """Everything the template prints."""

    letterhead: offices.Letterhead
    decision: Decision
    issued_by: str
    groups: list[ListGroup]
    seal: str  # one hash over all heads, "" before the confirmation

    @property
    def title(self) -> str:
        return f"Danh sách kèm theo Quyết định số {self.decision.number}"

    @property
    def short(self) -> str:
        return f"danh-sach-quyet-dinh-{plain(self.decision.number)}"

    @property
    def edition(self) -> str:
        """A confirmed decision never changes."""
        return "" if self.draft else "xac-nhan"

    @property
    def draft(self) -> bool:
        return self.decision.confirmed_at is None

    @property
    def date(self) -> str:
        return wording.long_date(self.decision.issued_on)

    @property
    def year(self) -> int:
        return self.decision.plan.year

    @property
    def count(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def superseded(self) -> str:
        """The decision that this one corrects, in words."""
        earlier = self.decision.supersedes
        return f"Quyết định số {earlier.number} {wording.long_date(earlier.issued_on)}" if earlier else ""


def read(user: AnyUser, ids: tuple[int, ...]) -> DecisionList:
    """The list of one decision; raises Decision.DoesNotExist for whoever does not see it."""
    [pk] = ids
    decision = decisions(user).get(pk=pk)
    authority = authority_on(decision.issued_on) or authority_on(decision.plan.issued_on)
    return build(decision, lines_of(decision), authority)


def build(decision: Decision, lines: Iterable[DecisionLine], authority: Authority | None) -> DecisionList:
    """The list from what was read; no query happens here. `lines` come with unit, ward and registration."""
    lines, number = list(lines), 0
    groups = []
    for group in grouped(lines):
        rows = []
        for line in group.lines:
            number += 1
            unit = line.assessment.unit
            reasons = "\n".join(line_words(line)) or "Đủ điều kiện."
            rows.append(ListRow(number, str(unit.ward), unit.name, reasons, line.chain_head[:SHOWN]))
        groups.append(ListGroup(group.label, rows))
    issued_by = authority.name if authority else ""
    letterhead = offices.of_city(authority) if authority else offices.NOBODY
    return DecisionList(letterhead, decision, issued_by, groups, seal(lines) if decision.confirmed_at else "")


def seal(lines: Iterable[DecisionLine]) -> str:
    """SHA-256 over all heads, whole, one a line, in the order of the dossiers' numbers."""
    heads = [line.chain_head for line in sorted(lines, key=lambda line: line.assessment_id)]
    return hashlib.sha256("\n".join(heads).encode()).hexdigest()
