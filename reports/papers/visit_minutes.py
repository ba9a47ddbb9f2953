"""The minutes of a visit in the decree's form for biên bản, and the sheet for writing by hand on site."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assessments import explanation
from assessments.models import Assessment, DelegationMember, Event, Layer, Visit
from assessments.permissions import AnyUser, visible_visits
from assessments.self_assessment import entry_name
from criteria import spec
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers.unit_paper import UnitPaper
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
class Visited(UnitPaper):
    """What the two papers of a visit have in common."""

    visit: Visit
    record: Record
    authority: Authority | None
    members: list[tuple[str, str, str]]  # name, office, role
    differing: list[Line]
    agreeing: str
    parts: list[Part]

    @property
    def letterhead(self) -> offices.Letterhead:
        superior = wording.superior(self.authority) if self.authority else offices.BLANK
        place = self.authority.place_name if self.authority else offices.SHORT_BLANK
        return offices.Letterhead(superior, [self.visit.delegation.name.upper()], "ĐTĐ", place)

    @property
    def draft(self) -> bool:
        return self.visit.closed_at is None

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


@dataclass(frozen=True, slots=True)
class Minutes(Visited):
    """The minutes; a draft until the delegation closes them."""

    abbreviation = "BB"

    @property
    def title(self) -> str:
        return f"Biên bản thẩm định tại cơ sở, {self.unit_name}, năm {self.year}"

    @property
    def short(self) -> str:
        return f"bien-ban-tham-dinh-{plain(self.record.assessment.unit.name)}-{self.year}"

    @property
    def edition(self) -> str:
        """Minutes may be reopened and closed again; each closing is an edition of its own.

        They also tell what ward and agencies say, who go on after the closing: that makes an edition as well.
        """
        if self.visit.closed_at is None:
            return ""
        told = repr([self.differing, self.agreeing, self.judged, self.to_judge, self.evidence, self.conclusion])
        others = hashlib.sha256(told.encode()).hexdigest()[:16]
        return f"{self.visit.closed_at:%Y%m%dT%H%M%S%f}-{others}"

    @property
    def dated(self) -> date | None:
        return self.visit.held_on


@dataclass(frozen=True, slots=True)
class Sheet(Visited):
    """The sheet for writing by hand on site."""

    @property
    def title(self) -> str:
        return f"Phiếu thẩm định tại cơ sở, {self.unit_name}, năm {self.year}"

    @property
    def short(self) -> str:
        return f"phieu-tham-dinh-{plain(self.record.assessment.unit.name)}-{self.year}"

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        return ""


def minutes(user: AnyUser, ids: tuple[int, ...]) -> Minutes:
    """The minutes of a visit; raises Visit.DoesNotExist outside the person's scope."""
    return Minutes(*_values(user, *ids))


def sheet(user: AnyUser, ids: tuple[int, ...]) -> Sheet:
    """The sheet for a visit; raises Visit.DoesNotExist outside the person's scope."""
    return Sheet(*_values(user, *ids))


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


def _values(user: AnyUser, pk: int) -> tuple[Any, ...]:
    """What both papers are made of, in the order of their fields."""
    visit, record = read(user, pk)
    issued_on = visit.delegation.plan.issued_on
    authority = authority_on(visit.held_on or issued_on) or authority_on(issued_on)
    spoken = [entry for entry in record.table.judged_by_hand if record.value(Layer.DELEGATION, entry)]
    differing = [_line(record, entry) for entry in spoken if _differs(record, entry)]
    agreeing = "; ".join(entry_name(entry) for entry in spoken if not _differs(record, entry))
    return visit, record, authority, members_of(visit), differing, agreeing, list(_parts(record))


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
