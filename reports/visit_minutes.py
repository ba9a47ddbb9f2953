"""The minutes of a visit in the decree's form for biên bản, and the sheet for writing by hand on site."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from assessments import explanation
from assessments.models import Assessment, DelegationMember, Event, Layer, Visit
from assessments.permissions import AnyUser, visible_visits
from assessments.self_assessment import entry_name
from criteria import spec
from localities.models import Authority
from reports import wording
from reports.queries import Record, records

ROLES = dict(DelegationMember.Role.choices)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with the three verdicts in words."""

    code: str
    text: str
    own: str
    agency: str
    delegation: str
    reason: str
    block: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the sheet with its entries."""

    title: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Minutes:
    """Everything the two papers print."""

    visit: Visit
    record: Record
    authority: Authority | None
    members: list[tuple[str, str, str]]  # name, office, role
    differing: list[Line]
    agreeing: str
    parts: list[Part]
    printed_at: datetime

    @property
    def unit_name(self) -> str:
        return wording.place(self.record.assessment.unit)

    @property
    def year(self) -> int:
        return self.record.assessment.plan.year

    @property
    def title(self) -> str:
        return f"Biên bản thẩm định tại cơ sở, {self.unit_name}, năm {self.year}"

    @property
    def sheet_title(self) -> str:
        return f"Phiếu thẩm định tại cơ sở, {self.unit_name}, năm {self.year}"

    @property
    def superior(self) -> str:
        return wording.superior(self.authority) if self.authority else ""

    @property
    def issuer(self) -> list[str]:
        return [self.visit.delegation.name.upper()]

    @property
    def place_name(self) -> str:
        return self.authority.place_name if self.authority else ""

    @property
    def draft(self) -> bool:
        return self.visit.closed_at is None

    @property
    def dated(self) -> str:
        return wording.long_date(self.visit.held_on) if self.visit.held_on else self.open_date

    @property
    def open_date(self) -> str:
        return wording.open_date(self.year)

    @property
    def begins(self) -> str:
        return wording.moment(self.visit.starts_at, self.visit.held_on)

    @property
    def ends(self) -> str:
        return wording.moment(self.visit.ends_at, self.visit.held_on)

    @property
    def founded(self) -> str:
        made = self.visit.delegation
        return f"Quyết định số {made.decision_number} {wording.long_date(made.decided_on)} của {made.decided_by}"

    @property
    def hosts(self) -> list[str]:
        return [line.strip(" -;") for line in self.visit.hosts.splitlines() if line.strip(" -;")]

    @property
    def head(self) -> tuple[str, str, str] | None:
        return next((m for m in self.members if m[2] == ROLES["head"]), None)

    @property
    def secretary(self) -> tuple[str, str, str] | None:
        return next((m for m in self.members if m[2] == ROLES["secretary"]), None)

    @property
    def judged(self) -> int:
        outcome = self.record.outcomes.get(Layer.DELEGATION)
        return outcome.assessed if outcome else 0

    @property
    def to_judge(self) -> int:
        return len(self.record.table.judged_by_hand)

    @property
    def evidence(self) -> int:
        return sum(item.layer == Layer.DELEGATION for item in self.record.evidence)

    @property
    def conclusion(self) -> str:
        """What agencies and delegation together come to, once every entry has a verdict that counts."""
        outcome = self.record.outcomes.get(Layer.EFFECTIVE)
        if outcome is None or not outcome.complete:
            done = f"{outcome.assessed}/{outcome.to_assess}" if outcome else f"0/{self.to_judge}"
            return f"Kết quả thẩm định chung chưa đủ để kết luận (đã thẩm định {done} mục)."
        return f"Kết quả thẩm định chung của các cơ quan và đoàn: {explanation.headline(outcome).lower()}."

    @property
    def unit_head(self) -> str:
        return wording.unit_head(self.record.assessment.unit)


def read(user: AnyUser, pk: int) -> tuple[Visit, Record]:
    """A visit within the person's scope with all that its assessment holds; Visit.DoesNotExist outside it."""
    visit = visible_visits(user).select_related("delegation__plan").get(pk=pk)
    # Whoever sees the visit reads its paper, also while the dossier itself is back with the ward.
    [record] = records(Assessment.objects.filter(pk=visit.assessment_id))
    return visit, record


def members_of(visit: Visit) -> list[tuple[str, str, str]]:
    """The delegation as it was when the minutes were closed, or as it is while they are open."""
    if visit.closed_at:
        closed = Event.objects.filter(assessment=visit.assessment_id, kind=Event.Kind.VISIT, action="closed").first()
        if closed is not None and closed.data.get("members"):
            return [(name, office, ROLES.get(role, "")) for name, office, role in closed.data["members"]]
    return [(m.full_name, m.job_title, m.get_role_display()) for m in visit.delegation.members.all()]


def build(visit: Visit, record: Record, authority: Authority | None, members: list[tuple[str, str, str]]) -> Minutes:
    """The papers from what was read; no query happens here."""
    spoken = [entry for entry in record.table.judged_by_hand if record.value(Layer.DELEGATION, entry)]
    differing = [entry for entry in spoken if _differs(record, entry)]
    agreeing = [entry_name(entry) for entry in spoken if not _differs(record, entry)]
    return Minutes(
        visit=visit,
        record=record,
        authority=authority,
        members=members,
        differing=[_line(record, entry) for entry in differing],
        agreeing="; ".join(agreeing),
        parts=list(_parts(record)),
        printed_at=timezone.localtime(),
    )


def _differs(record: Record, entry: spec.Entry) -> bool:
    said = {record.value(layer, entry) for layer in (Layer.SELF, Layer.AGENCY, Layer.DELEGATION)} - {""}
    return len(said) > 1


def _line(record: Record, entry: spec.Entry, block: str = "") -> Line:
    own, agency, delegation = (
        wording.verdict(record.value(layer, entry)) for layer in (Layer.SELF, Layer.AGENCY, Layer.DELEGATION)
    )
    return Line(entry.code, entry.text, own, agency, delegation, record.stored(Layer.DELEGATION, entry).note, block)


def _parts(record: Record) -> Iterator[Part]:
    """Every entry that is judged on site, in the order of the table."""
    for word, sections in (("Tiêu chuẩn", record.table.standards), ("Nội dung tự quản", record.table.contents)):
        for section in sections:
            part, block = Part(f"{word} {section.number}. {section.name}"), ""
            for entry in section.entries:
                if entry.derived:
                    continue
                begins = f"{entry.block}. {entry.block_name}" if entry.block and entry.block != block else ""
                part.lines.append(_line(record, entry, begins))
                block = entry.block
            yield part
    yield Part("Các trường hợp không đảm bảo", [_line(record, case) for case in record.table.cases])
