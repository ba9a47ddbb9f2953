"""An event of the record in words anybody understands. Reads no database: names come in with `Words`.

Each kind of event has one function in `_TELLERS`. All of them bear an event whose data lacks a key: records
are read for years by programs that write them differently by then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assessments.models import DecisionLine, Event, Layer, Registration
from assessments.timeline_values import (
    EMPTY,
    NOT_ASSESSED,
    YEAR_FIELDS,
    field_label,
    figure_words,
    mapping,
    person_words,
    shortened,
    shown,
    state_words,
    texts,
    verdict_words,
)
from assessments.timeline_words import (
    ACTIONS,
    AT_THE_DESK,
    BULK_ACTIONS,
    FIELDS,
    HIDDEN,
    KIND_LABELS,
    PLACES,
    REASON_LABELS,
    RESULTS,
    TARGETS,
)  # fmt: skip
from criteria import spec


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became another."""

    label: str
    before: str
    after: str

    @property
    def from_nothing(self) -> bool:
        return self.before in (EMPTY, NOT_ASSESSED)


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a change that touched many."""

    subject: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Line:
    """One event as the page shows it."""

    event: Event
    who: str
    office: str
    what: str
    subject: str = ""
    layer: str = ""
    changes: list[Change] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    reason: str = ""
    reason_label: str = "Lý do"

    @property
    def at(self) -> datetime:
        return self.event.at


@dataclass(frozen=True)
class Words:
    """The names an event needs to be told."""

    table: spec.Table | None = None  # as the unit sees it; for a plan, the whole
    agencies: Mapping[int, str] = field(default_factory=dict)
    undone: Mapping[int, Event] = field(default_factory=dict)  # bulk changes that were taken back
    # Decisions whose number and results the reader may know; None: all of them.
    open_decisions: frozenset[int] | None = None

    def entry(self, key: str) -> spec.Entry | None:
        return self.table.entries_by_key.get(key) if self.table else None

    def subject(self, key: str) -> str:
        """Code and short text of an entry; of one that this unit does not have, its key."""
        entry = self.entry(key)
        if entry is None:
            return key
        return f"{_KINDS[entry.kind]} {entry.code}: {shortened(entry.text)}"


_KINDS = {
    spec.EntryKind.CRITERION: "Tiêu chí",
    spec.EntryKind.ITEM: "Mục",
    spec.EntryKind.CASE: "Trường hợp",
}


def tell(event: Event, words: Words) -> Line:
    """The event in words; `event.actor` with its place and `event.entry` should be loaded."""
    actor = event.actor
    office = actor.job_title or actor.get_role_display()
    place = actor.place
    line = Line(
        event,
        who=actor.full_name or actor.username,
        office=f"{office}, {place}" if place and place not in office else office,
        what=ACTIONS.get((event.kind, event.action)) or KIND_LABELS.get(event.kind, event.kind),
        layer=Layer(event.layer).label if event.layer in Layer.values else "",
        reason=event.reason,
        reason_label=REASON_LABELS.get(event.kind, "Lý do"),
    )
    data = event.data if isinstance(event.data, dict) else {}
    key = event.entry.key if event.entry else data.get("key")
    if isinstance(key, str) and key:
        line.subject = words.subject(key)
    _TELLERS.get(event.kind, _plainly)(line, data, words)
    return line


# ---- One function for each kind ----


def _registered(line: Line, data: Mapping[str, Any], words: Words) -> None:
    aim, before = data.get("aim"), mapping(data.get("before"))
    if before and before.get("aim") in Registration.Aim.values:  # corrected
        line.facts.append(("Trước đó", str(Registration.Aim(before["aim"]).label) + _pilot(before)))
    if aim in Registration.Aim.values:
        line.facts.append(("Đăng ký", str(Registration.Aim(aim).label)))
    if data.get("pilot"):
        line.facts.append(("Làm điểm", "Có"))


def _pilot(data: Mapping[str, Any]) -> str:
    return ", làm điểm" if data.get("pilot") else ""


def _answered(line: Line, data: Mapping[str, Any], words: Words) -> None:
    line.changes = _answer_changes(data, words.entry(str(data.get("key", ""))))


def _bulk(line: Line, data: Mapping[str, Any], words: Words) -> None:
    line.parts = _parts(data.get("changes"), words)
    made = BULK_ACTIONS.get(line.event.action)
    if made:  # the reason column holds the standard's number or the year that was copied
        line.what, line.reason = made.format(line.reason), ""
    line.facts.append(("Số mục", str(len(line.parts))))


def _undone(line: Line, data: Mapping[str, Any], words: Words) -> None:
    undone = words.undone.get(data["event"]) if isinstance(data.get("event"), int) else None
    skipped = set(texts(data.get("skipped")))
    if undone is not None:
        line.facts.append(("Hoàn tác việc", f"sự kiện số {undone.sequence}"))
        changes = undone.data.get("changes") if isinstance(undone.data, dict) else None
        kept = [c for c in changes if mapping(c).get("key") not in skipped] if isinstance(changes, list) else []
        back = [
            {"key": mapping(c).get("key"), "before": mapping(c).get("after"), "after": mapping(c).get("before")}
            for c in kept
        ]
        line.parts = _parts(back, words)
    if skipped:
        line.facts.append(("Giữ nguyên vì đã được sửa sau đó", ", ".join(_code(key, words) for key in sorted(skipped))))


def _evidence(line: Line, data: Mapping[str, Any], words: Words) -> None:
    if data.get("name"):
        line.facts.append(("Tệp", str(data["name"])))
    if data.get("reference"):
        line.facts.append(("Văn bản", str(data["reference"])))


def _profile(line: Line, data: Mapping[str, Any], words: Words) -> None:
    if "row" in data:  # in the plan's record
        _of_the_year(line, data, words)
        return
    before, after = mapping(data.get("before")), mapping(data.get("after"))
    for name in YEAR_FIELDS:  # in the order of the form
        if before.get(name) != after.get(name):
            line.changes.append(Change(field_label(name), shown(before.get(name)), shown(after.get(name))))


def _moved(line: Line, data: Mapping[str, Any], words: Words) -> None:
    line.changes = [Change("Trạng thái", state_words(line.event.from_state), state_words(line.event.to_state))]
    if data.get("due_on"):
        line.facts.append(("Hạn nộp lại", f"trước ngày {shown(data['due_on'])}"))


def _decision(line: Line, data: Mapping[str, Any], words: Words) -> None:
    decision = data.get("decision")
    known = words.open_decisions is None or (isinstance(decision, int) and decision in words.open_decisions)
    if not known:
        line.facts.append(("Nội dung", "hiện khi lãnh đạo thành phố xác nhận quyết định"))
        line.reason = ""
        return
    _plainly(line, data, words)


def _attached(line: Line, data: Mapping[str, Any], words: Words) -> None:
    (_decision if line.event.action == "decision" else _plainly)(line, data, words)


def _council(line: Line, data: Mapping[str, Any], words: Words) -> None:
    if data.get("held_on"):
        line.facts.append(("Họp ngày", shown(data["held_on"])))
    if data.get("members") is not None:
        line.facts.append(("Có mặt", f"{data.get('present', '?')}/{data['members']} thành viên"))
    if data.get("votes_for") is not None:
        line.facts.append(("Tán thành", f"{data['votes_for']}/{data.get('present', '?')} phiếu"))
    _plainly(line, {k: v for k, v in data.items() if k not in ("held_on", "members", "present", "votes_for")}, words)


def _assigned(line: Line, data: Mapping[str, Any], words: Words) -> None:
    changes = data.get("changes")
    if isinstance(changes, list):
        for change in map(mapping, changes):
            was, now = (_agencies(change.get(side), words) for side in ("before", "after"))
            subject = words.subject(str(change.get("key", "")))
            line.parts.append(Part(subject, (Change("Cơ quan thẩm định", was, now),)))
    elif line.subject and ("before" in data or "after" in data):
        was, now = (_agencies(data.get(side), words) for side in ("before", "after"))
        line.changes = [Change("Cơ quan thẩm định", was, now)]
        data = {k: v for k, v in data.items() if k not in ("before", "after")}
    _plainly(line, data, words)


def _agency_report(line: Line, data: Mapping[str, Any], words: Words) -> None:
    if data.get("name"):  # the code beside it says nothing to a reader
        data = {k: v for k, v in data.items() if k != "name"} | {"agency": str(data["name"])}
    _plainly(line, data, words)


def _plainly(line: Line, data: Mapping[str, Any], words: Words) -> None:
    """What the data holds, by its known names: fields before and after, then single facts."""
    before, after = data.get("before"), data.get("after")
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        was, now = mapping(before), mapping(after)
        for name in {**was, **now}:
            if was.get(name) != now.get(name) and name not in HIDDEN:
                line.changes.append(
                    Change(field_label(name), _said(name, was.get(name), words), _said(name, now.get(name), words))
                )
    elif before is not None or after is not None:
        line.changes.append(Change("Nội dung", _said("result", before, words), _said("result", after, words)))
    changes = data.get("changes")
    if isinstance(changes, list) and not line.parts:
        line.parts = _parts(changes, words)
    elif isinstance(changes, Mapping):
        line.changes += _field_changes(changes, words)
    for name, label in FIELDS.items():
        value = data.get(name)
        # A number under a name that should say something is the row's own.
        if value not in (None, "", [], {}) and not (name == "delegation" and isinstance(value, int)):
            line.facts.append((label, _said(name, value, words)))


def _field_changes(changes: Mapping[str, Any], words: Words) -> list[Change]:
    """Fields by name with what stood before and after; whatever is no such pair is left out."""
    return [
        Change(field_label(name), _said(name, pair[0], words), _said(name, pair[1], words))
        for name, pair in changes.items()
        if isinstance(pair, list | tuple) and len(pair) == 2
    ]


def _of_the_year(line: Line, data: Mapping[str, Any], words: Words) -> None:
    """These events carry their own sentence and changes as people read them (assessments.year.rows.note)."""
    line.what = str(data.get("what") or line.what)
    if (str(data.get("row", "")).partition(":")[0], line.event.action) in AT_THE_DESK:
        return
    changes = data.get("changes")
    for change in map(mapping, changes if isinstance(changes, list) else []):
        label, before, after = (str(change.get(key, "")) for key in ("label", "before", "after"))
        line.changes.append(Change(label, shortened(before) or EMPTY, shortened(after) or EMPTY))


_TELLERS: dict[str, Callable[[Line, Mapping[str, Any], Words], None]] = {
    Event.Kind.REGISTERED: _registered,
    Event.Kind.ANSWERED: _answered,
    Event.Kind.BULK: _bulk,
    Event.Kind.UNDONE: _undone,
    Event.Kind.EVIDENCE_ADDED: _evidence,
    Event.Kind.EVIDENCE_REMOVED: _evidence,
    Event.Kind.PROFILE: _profile,
    Event.Kind.MOVED: _moved,
    Event.Kind.DECISION: _decision,
    Event.Kind.HANDED: _plainly,
    Event.Kind.COUNCIL: _council,
    Event.Kind.ASKED: _plainly,
    Event.Kind.EXPLAINED: _plainly,
    Event.Kind.AGENCY_REPORT: _agency_report,
    Event.Kind.VISIT: _plainly,
    Event.Kind.ASSIGNED: _assigned,
    Event.Kind.DELEGATION: _plainly,
    Event.Kind.ATTACHED: _attached,
    **dict.fromkeys(
        (
            Event.Kind.PLAN,
            Event.Kind.WARD_PLAN,
            Event.Kind.BUDGET,
            Event.Kind.GUIDANCE,
            Event.Kind.MODEL,
            Event.Kind.HELPING,
            Event.Kind.REPORT,
            Event.Kind.COMMENDATION,
        ),
        _of_the_year,
    ),
}


# ---- Answers ----


def _parts(changes: Any, words: Words) -> list[Part]:
    found = []
    for change in map(mapping, changes if isinstance(changes, list) else []):
        key = str(change.get("key", ""))
        found.append(Part(words.subject(key), tuple(_answer_changes(change, words.entry(key)))))
    return found


def _answer_changes(data: Mapping[str, Any], entry: spec.Entry | None) -> list[Change]:
    """Verdict, note and figures where they differ. What a change does not mention stayed."""
    before, after = mapping(data.get("before")), mapping(data.get("after"))
    changes = []
    was, now = str(before.get("stated", "")), str(after.get("stated", ""))
    if was != now:
        changes.append(Change("Kết quả", verdict_words(was), verdict_words(now)))
    old, new = before.get("note", ""), after.get("note", before.get("note", ""))
    if old != new:
        changes.append(Change("Ghi chú", shown(old), shown(new)))
    if "figures" in after:
        labels = {indicator.key: indicator for indicator in entry.indicators} if entry else {}
        old_figures, new_figures = mapping(before.get("figures")), mapping(after.get("figures"))
        for key in {**old_figures, **new_figures}:
            if old_figures.get(key) != new_figures.get(key):
                name = labels[key].label or labels[key].numerator_label if key in labels else "Số liệu"
                changes.append(Change(name, figure_words(old_figures.get(key)), figure_words(new_figures.get(key))))
    return changes


def _code(key: str, words: Words) -> str:
    entry = words.entry(key)
    return f"{_KINDS[entry.kind].lower()} {entry.code}" if entry else key


def _agencies(value: Any, words: Words) -> str:
    """Agencies by number or name, one or several."""
    many = value if isinstance(value, list | tuple) else [value]
    names = [words.agencies.get(one, str(one)) if isinstance(one, int) else str(one) for one in many if one]
    return ", ".join(names) or "chưa giao"


def _said(name: str, value: Any, words: Words) -> str:
    """A value under its field's name: some fields have words of their own."""
    if name in ("agency", "agencies"):
        return _agencies(value, words)
    if name == "result" and value in DecisionLine.Result.values:
        return str(DecisionLine.Result(value).label)
    if name == "target" and isinstance(value, str) and value in TARGETS:
        return TARGETS[value]
    if name in ("attendance", "members") and isinstance(value, list):
        return "; ".join(person_words(row) for row in value) or EMPTY
    if name in ("outcome", "result", "role", "to") and isinstance(value, str):
        return RESULTS.get(value) or PLACES.get(value) or value
    return shown(value)
