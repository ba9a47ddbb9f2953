"""Proving the record: every hash computed again with chain.py, from the rows as the database writes them.

A chain shows tampering by itself, as long as nobody rewrote it from the tampered event to its end. Against
that stands a file of heads (exporting.py) kept outside the database: what it names must still be found.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from assessments.chain import Link, digest
from assessments.exporting import Exported
from assessments.models import Assessment, DecisionLine, Event, Plan
from assessments.workflow import STATE_LABELS, State

CHUNK = 2000
_FIELDS = (
    "previous_hash", "assessment_id", "plan_id", "sequence", "kind", "action", "entry_id", "layer",
    "from_state", "to_state", "reason", "data_text", "actor_id", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: in which chain, at which event (0: the chain as a whole), and what."""

    where: str
    sequence: int
    what: str

    def __str__(self) -> str:
        at = f", sự kiện số {self.sequence}" if self.sequence else ""
        return f"{self.where}{at}: {self.what}"


@dataclass(slots=True)
class Report:
    """What a verification found, and how much it looked at. `head` is the last chain's, for a single one."""

    chains: int = 0
    events: int = 0
    compared: int = 0  # heads of an exported file
    head: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.faults


@dataclass(slots=True)
class _Chain:
    """One chain while its events pass by."""

    where: str
    year: int
    assessment_id: int | None = None
    state: str = ""
    count: int = 0
    sequence: int = 0
    head: str = ""
    last_state: str = ""
    lines: dict[int, tuple[str, str, str]] = field(default_factory=dict)  # decision -> result, number, chain head
    said: dict[int, tuple[str, str]] = field(default_factory=dict)  # decision -> result, number as recorded
    wanted_heads: set[str] = field(default_factory=set)
    exported: dict[int, str] = field(default_factory=dict)  # number of events -> head


def verify(*, assessment_id: int | None = None, plan: Plan | None = None, exported: Exported | None = None) -> Report:
    """Verify one assessment's chain, those of one plan, or all; with `exported`, also against a file of heads.

    Reads in one snapshot, so that people may go on working, and event by event, whatever their number.
    """
    with _snapshot():
        chains = _chains(assessment_id, plan, exported)
        report = Report(chains=len(chains), compared=len(exported.rows) if exported else 0)
        current: _Chain | None = None
        for values in _events(assessment_id, plan):
            link, stored = Link(*values[:-1]), values[-1]
            chain = chains.get((link.assessment_id, link.plan_id))
            if chain is None:  # written after the list of chains was read: outside of a snapshot only
                continue
            if current is not None and chain is not current:
                report.faults += _ended(current)
            current = chain
            report.events += 1
            report.faults += _look(chain, link, stored)
        if current is not None:
            report.faults += _ended(current)
        for chain in chains.values():
            report.faults += () if chain.count else _ended(chain)
        report.head = current.head if current else ""
        if exported:
            report.faults += _unknown(exported, chains.values(), plan, assessment_id)
    return report


@contextmanager
def _snapshot() -> Iterator[None]:
    """One moment of the database for several statements; within a transaction, that transaction's own."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _events(assessment_id: int | None, plan: Plan | None) -> Iterator[tuple[Any, ...]]:
    """The events chain by chain, each as the fields of a Link and the stored hash."""
    events = Event.objects.annotate(data_text=Cast("data", TextField()))
    if assessment_id is not None:
        events = events.filter(assessment=assessment_id)
    if plan is not None:
        events = events.filter(Q(plan=plan) | Q(assessment__registration__plan=plan))
    rows = events.order_by(F("assessment_id").asc(nulls_last=True), "plan_id", "sequence", "pk")
    return rows.values_list(*_FIELDS, "hash").iterator(CHUNK)


def _chains(
    assessment_id: int | None, plan: Plan | None, exported: Exported | None
) -> dict[tuple[int | None, int | None], _Chain]:
    """Every chain there must be, with what the rest of the database says of it."""
    found: dict[tuple[int | None, int | None], _Chain] = {}
    assessments = Assessment.objects.all()
    if assessment_id is not None:
        assessments = assessments.filter(pk=assessment_id)
    if plan is not None:
        assessments = assessments.filter(registration__plan=plan)
    for pk, state, unit, kind, ward, year in assessments.order_by("pk").values_list(
        "pk",
        "state",
        "registration__unit__name",
        "registration__unit__ward__kind",
        "registration__unit__ward__name",
        "registration__plan__year",
    ):
        place = f"{'xã' if kind == 'commune' else 'phường'} {ward}"
        where = f"Hồ sơ {pk} ({unit}, {place}, năm {year})"
        found[pk, None] = _Chain(where, year, pk, state, exported=exported.of(year, pk) if exported else {})
    _add_decisions(found, assessment_id, plan)
    if assessment_id is None:
        plans = Plan.objects.filter(pk=plan.pk) if plan else Plan.objects.all()
        for pk, year in plans.order_by("pk").values_list("pk", "year"):
            heads = exported.of(year, None) if exported else {}
            found[None, pk] = _Chain(f"Kế hoạch năm {year}", year, exported=heads)
    return found


def _add_decisions(
    found: dict[tuple[int | None, int | None], _Chain], assessment_id: int | None, plan: Plan | None
) -> None:
    lines = DecisionLine.objects.filter(decision__confirmed_at__isnull=False)
    if assessment_id is not None:
        lines = lines.filter(assessment=assessment_id)
    if plan is not None:
        lines = lines.filter(decision__plan=plan)
    for pk, decision, result, number, head in lines.values_list(
        "assessment_id", "decision_id", "result", "decision__number", "chain_head"
    ):
        chain = found.get((pk, None))
        if chain is not None:
            chain.lines[decision] = (result, number, head)
            if head:
                chain.wanted_heads.add(head)


def _look(chain: _Chain, link: Link, stored: str) -> Iterator[Fault]:
    """What is wrong with one event in its place; the chain goes on from what is stored."""

    def fault(what: str, at: int = link.sequence) -> Fault:
        return Fault(chain.where, at, what)

    expected = chain.sequence + 1
    if link.sequence != expected:
        missing = f"từ số {expected} đến số {link.sequence - 1}" if link.sequence - expected > 1 else f"số {expected}"
        yield fault(f"thiếu sự kiện {missing} ngay trước đó (đã bị xóa).")
    elif link.previous_hash != chain.head:
        yield fault("không nối với mã băm của sự kiện trước.")
    computed = digest(link)
    if computed != stored:
        yield fault("nội dung không khớp với mã băm (đã bị sửa hoặc ghi thẳng vào cơ sở dữ liệu).")
    if not chain.count and chain.assessment_id and link.kind != Event.Kind.REGISTERED:
        yield fault("chuỗi không bắt đầu bằng sự kiện đăng ký.")
    wanted = chain.exported.pop(link.sequence, None)
    if wanted not in (None, stored):
        yield fault(
            f"khác bản đã xuất: mã băm trong tệp là {str(wanted)[:16]}…, trong cơ sở dữ liệu là {stored[:16]}…."
        )
    chain.count, chain.sequence, chain.head = chain.count + 1, link.sequence, stored
    chain.wanted_heads.discard(stored)
    if link.to_state and link.kind in (Event.Kind.REGISTERED, Event.Kind.MOVED):
        chain.last_state = link.to_state
    if link.kind == Event.Kind.DECISION and chain.lines:
        _note_decision(chain, link.data)


def _note_decision(chain: _Chain, text: str) -> None:
    data = json.loads(text)
    if isinstance(data, dict) and isinstance(data.get("decision"), int) and data.get("result"):
        chain.said[data["decision"]] = (str(data["result"]), str(data.get("number", "")))


def _ended(chain: _Chain) -> Iterator[Fault]:
    """What the chain as a whole says against the rest of the database and against the file."""

    def fault(what: str) -> Fault:
        return Fault(chain.where, 0, what)

    for number, head in chain.exported.items():
        yield fault(f"bản đã xuất có sự kiện số {number} (mã băm {head[:16]}…), nay không còn trong cơ sở dữ liệu.")
    if chain.assessment_id is None:
        return
    if not chain.count:
        yield fault("không có sự kiện nào (nhật ký đã bị xóa).")
        return
    if chain.last_state != chain.state:
        yield fault(
            f"trạng thái hồ sơ là “{_label(chain.state)}” nhưng sự kiện chuyển trạng thái cuối cùng "
            f"ghi “{_label(chain.last_state)}”."
        )
    for decision, (result, name, _) in chain.lines.items():
        if chain.said.get(decision) != (result, name):
            yield fault(f"Quyết định số {name} không khớp với sự kiện quyết định trong nhật ký.")
    for head in chain.wanted_heads:
        yield fault(f"mã băm {head[:16]}… in trên quyết định không có trong nhật ký.")


def _label(state: str) -> str:
    return STATE_LABELS[State(state)] if state in list(State) else state or "chưa có"


def _unknown(
    exported: Exported, chains: Iterable[_Chain], plan: Plan | None, assessment_id: int | None
) -> Iterator[Fault]:
    """Chains of the file that the database does not know at all any more."""
    known = {(chain.year, chain.assessment_id) for chain in chains}
    for row in exported.rows:
        asked_for = (plan is None or row.year == plan.year) and assessment_id in (None, row.assessment_id)
        if asked_for and (row.year, row.assessment_id) not in known:
            name = f"Hồ sơ {row.assessment_id} ({row.unit}, {row.ward}, năm {row.year})"
            where = name if row.assessment_id else f"Kế hoạch năm {row.year}"
            yield Fault(where, 0, "có trong bản đã xuất nhưng không còn trong cơ sở dữ liệu.")
