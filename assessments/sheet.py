"""What the assessment page shows: the table with one or more layers' answers as plain rows for the template."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from assessments import explanation, profile_hints, scoring
from assessments.answers import LayerAnswers, Stored
from assessments.figures import FigureRow, figure_lines, figure_row
from assessments.models import VERDICT_LABELS, Assessment, CommunityModel, Evidence, Layer, Question
from assessments.queries.year.guidance import Beside
from criteria import spec

CASES = "truong-hop"
SHORT_LABELS = VERDICT_LABELS | {"": "Chưa đánh giá"}
# Form of a state: a sign first, then the word, then the colour.
SIGNS = {"met": "✓", "absent": "✓", "not_met": "✕", "occurs": "✕", "not_applicable": "–", "": "○"}


@dataclass(slots=True)
class Option:
    """A verdict that may be chosen."""

    value: str
    label: str
    sign: str
    key: str  # the key on the keyboard


@dataclass(slots=True)
class EntryRow:
    """One entry as the page shows it for the layer in focus."""

    entry: spec.Entry
    dom: str
    value: str
    label: str
    sign: str
    stated: str
    note: str
    version: int
    options: list[Option]
    figures: list[FigureRow]
    reasons: list[str]
    saved: str
    evidence: list[Evidence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    guidance: list[Beside] = field(default_factory=list)  # what agencies say about the entry
    models: list[CommunityModel] = field(default_factory=list)  # the unit's, that may be shown as evidence here
    before: str = ""  # last year's verdict in words
    before_note: str = ""
    self_value: str = ""
    self_label: str = ""
    self_note: str = ""
    self_figures: list[str] = field(default_factory=list)
    agency_value: str = ""
    agency_label: str = ""
    agency_note: str = ""
    differs: bool = False
    error: str = ""
    save_url: str = ""
    upload_url: str = ""
    model_url: str = ""
    editable: bool = False
    theirs: "EntryRow | None" = None
    theirs_by: str = ""

    @property
    def typed(self) -> dict[str, str]:
        """The answer as form fields, for a page that takes it over."""
        fields = {"stated": self.stated, "note": self.note, "version": str(self.version)}
        for figure in self.figures:
            fields[f"{figure.name}-tu"] = "" if figure.numerator is None else str(figure.numerator)
            if figure.own_total:
                fields[f"{figure.name}-mau"] = "" if figure.denominator is None else str(figure.denominator)
        return fields


# How a section stands, with the sign before its words.
TONES = {"open": "○", "not_applicable": "–", "met": "✓", "not_met": "✕"}


@dataclass(slots=True)
class Group:
    """A standard, a content or the cases: for the list at the left and the headings in the middle."""

    dom: str
    title: str
    name: str
    number: int
    rows: list[EntryRow]
    met: int = 0
    applicable: int = 0
    state: str = ""
    holds: bool = False
    pending: bool = False  # nothing speaks against it yet, but not everything was answered

    @property
    def tone(self) -> str:
        """How it stands, one of TONES."""
        if self.pending:
            return "open"
        if self.dom.startswith("noi-dung") and not self.applicable:
            return "not_applicable"
        return "met" if self.holds else "not_met"

    @property
    def sign(self) -> str:
        return TONES[self.tone]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is with the entries that are theirs."""

    assessed: int
    to_assess: int
    first_open: str  # dom id of the first unassessed entry
    open_count: int


@dataclass(slots=True)
class Result:
    """The panel at the right."""

    qualifies: bool
    headline: str
    provisional: bool
    lines: list[str]
    contents: list[str]
    warnings: list[str]
    nearest: str
    whole: Progress
    own: Progress | None = None  # of the agency whose officer reads

    @property
    def progress(self) -> Progress:
        """What the reader has to do."""
        return self.own or self.whole


@dataclass(slots=True)
class Sheet:
    """The whole page: the entries in their groups, and the result."""

    assessment: Assessment
    layer: str
    groups: list[Group]
    result: Result

    @property
    def standards(self) -> list[Group]:
        return [group for group in self.groups if group.dom.startswith("tieu-chuan")]

    @property
    def contents(self) -> list[Group]:
        return [group for group in self.groups if group.dom.startswith("noi-dung")]

    @property
    def cases(self) -> list[Group]:
        return [group for group in self.groups if group.dom == CASES]

    @property
    def rows(self) -> Iterator[EntryRow]:
        """Every row shown, in printed order."""
        return (row for group in self.groups for row in group.rows)

    def row(self, key: str) -> EntryRow:
        """The row of an entry; KeyError when none is shown."""
        for row in self.rows:
            if row.entry.key == key:
                return row
        raise KeyError(key)


def dom_id(key: str) -> str:
    """An entry's key as an element id that a selector can name."""
    return key.replace(".", "-")


def build(
    assessment: Assessment,
    table: spec.Table,
    answers: Mapping[str, LayerAnswers],
    layer: str,
    outcome: scoring.Outcome,
    *,
    evidence: Iterable[Evidence] = (),
    before: LayerAnswers | None = None,
    answerable: Collection[int] | None = (),
) -> Sheet:
    """The whole page from what was read; no query happens here.

    `answerable`: ids of the entries open to the person, None for all of them.
    """
    by_entry, warnings = _by_entry(evidence), _warnings(table, outcome)
    households, profile = getattr(assessment, "households", None), getattr(assessment, "profile", None)

    def row(entry: spec.Entry) -> EntryRow:
        stored = answers[layer].get(entry.key) or Stored()
        made = entry_row(entry, stored, outcome, table, households)
        made.evidence = by_entry.get(entry.id, [])
        made.editable = not entry.derived and (answerable is None or entry.id in answerable)
        if layer == Layer.SELF:
            made.reasons += profile_hints.differences(made.figures, profile, assessment.registration.plan.year)
            if made.editable:
                profile_hints.offer(made.figures, profile)
        if entry.key in warnings:
            made.reasons.append(f"◆ {warnings[entry.key]}")
        if before is not None and (then := before.get(entry.key)) is not None and (then.value or then.note):
            made.before, made.before_note = SHORT_LABELS[then.value], then.note
        if layer != Layer.SELF and Layer.SELF in answers:
            _put_beside(made, stored, answers[Layer.SELF].get(entry.key) or Stored(), households)
        if layer == Layer.DELEGATION and Layer.AGENCY in answers:
            _put_agency_beside(made, answers[Layer.AGENCY].get(entry.key) or Stored())
        return made

    standards = zip(table.standards, outcome.standards, strict=True)
    contents = zip(table.contents, outcome.contents, strict=True)
    groups = [_group("tieu-chuan", "Tiêu chuẩn", section, result, row) for section, result in standards]
    groups += [_group("noi-dung", "Nội dung tự quản", section, result, row) for section, result in contents]
    groups.append(_cases(table, outcome, row))
    return Sheet(assessment, layer, groups, result_of(table, outcome))


def _by_entry(evidence: Iterable[Evidence]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for item in evidence:
        found.setdefault(item.entry_id, []).append(item)
    return found


def _warnings(table: spec.Table, outcome: scoring.Outcome) -> dict[str, str]:
    """What to say at the two entries of each contradiction."""
    lines = explanation.contradiction_lines(table, outcome)
    pairs = zip(outcome.contradictions, lines, strict=True)
    return {key: line for found, line in pairs for key in (found.criterion, found.case)}


def _put_beside(made: EntryRow, stored: Stored, own: Stored, households: int | None) -> None:
    """The ward's own answer beside an appraising layer's."""
    made.self_value, made.self_label, made.self_note = own.value, SHORT_LABELS[own.value], own.note
    made.self_figures = figure_lines(made.entry, own, households)
    made.differs = bool(made.value) and made.value != own.value
    if stored.row and stored.stated and own.row and own.row.updated_at > stored.row.updated_at:
        made.reasons.append("Xã, phường đã sửa mục này sau khi thẩm định. Xem lại kết quả.")


def _put_agency_beside(made: EntryRow, agency: Stored) -> None:
    """The agency's word for the delegation; on site it matters wherever any two of the three differ."""
    made.agency_value, made.agency_label, made.agency_note = agency.value, SHORT_LABELS[agency.value], agency.note
    made.differs = len({value for value in (made.self_value, agency.value, made.value) if value}) > 1


def _group(
    dom: str, word: str, section: spec.Section, result: scoring.SectionResult, row: Callable[[spec.Entry], EntryRow]
) -> Group:
    content = dom == "noi-dung"
    if not result.judged and content:
        state = "không xét"
    elif result.holds:
        state = "tốt" if content else "đủ"
    else:
        state = f"thiếu {result.missing}"
    return Group(
        dom=f"{dom}-{section.number}",
        title=f"{word} {section.number}",
        name=section.name,
        number=section.number,
        rows=[row(entry) for entry in section.entries],
        met=result.met,
        applicable=result.applicable,
        state=state,
        holds=result.holds,
    )


def _cases(table: spec.Table, outcome: scoring.Outcome, row: Callable[[spec.Entry], EntryRow]) -> Group:
    occurring = len(outcome.occurring)
    still_open = sum(case.key in outcome.unassessed for case in table.cases)
    return Group(
        dom=CASES,
        title="Các trường hợp không đảm bảo",
        name="Có một trường hợp xảy ra thì không được công nhận",
        number=0,
        rows=[row(case) for case in table.cases],
        met=occurring,
        applicable=len(table.cases),
        state=f"{occurring} xảy ra" if occurring else (f"còn {still_open}" if still_open else "không có"),
        holds=not occurring and not still_open,
        pending=bool(still_open and not occurring),
    )


def entry_row(
    entry: spec.Entry,
    stored: Stored,
    outcome: scoring.Outcome,
    table: spec.Table,
    households: int | None,
) -> EntryRow:
    """One entry with its stored answer and what it comes to."""
    resolved = outcome.verdicts[entry.key]
    value = resolved.verdict.value if resolved.verdict else ""
    case = entry.kind is spec.EntryKind.CASE
    figures = [figure_row(indicator, stored, households, case) for indicator in entry.indicators]
    return EntryRow(
        entry=entry,
        dom=dom_id(entry.key),
        value=value,
        label=SHORT_LABELS[value],
        sign=SIGNS[value],
        stated=stored.stated,
        note=stored.note,
        version=stored.version,
        options=[
            Option(v.value, VERDICT_LABELS[v.value], SIGNS[v.value], str(number))
            for number, v in enumerate(entry.verdicts, start=1)
        ],
        figures=figures,
        reasons=_reasons(entry, resolved, figures, outcome, table),
        saved=saved_words(stored),
    )


def saved_words(stored: Stored) -> str:
    """When an answer was last changed: the time today, date and time before."""
    if stored.row is None or stored.row.updated_at is None:
        return ""
    at = timezone.localtime(stored.row.updated_at)
    return f"{at:%H:%M}" if at.date() == timezone.localdate() else f"{at:%H:%M %d/%m/%Y}"


def _reasons(
    entry: spec.Entry,
    resolved: scoring.Resolved,
    figures: list[FigureRow],
    outcome: scoring.Outcome,
    table: spec.Table,
) -> list[str]:
    if entry.derived:
        back = [explanation.content_line(table, content) for content in outcome.holding_back]
        return [f"Chưa thực hiện tốt: {line}" for line in back] or ["Mọi nội dung tự quản được xét đều thực hiện tốt."]
    case = entry.kind is spec.EntryKind.CASE
    lines = []
    for figure in figures:
        if figure.indicator.key in resolved.forced_by:
            number = figure.result or str(figure.numerator)
            what = "nên xảy ra trường hợp này" if case else "nên không đạt"
            lines.append(
                f"{figure.indicator.label}: {number}, {'ngưỡng' if case else 'yêu cầu'} {figure.requirement}, {what}."
            )
    if case and resolved.verdict is spec.Verdict.OCCURS and not resolved.forced_by and any(f.state for f in figures):
        lines.append("Số liệu chưa tới ngưỡng nhưng được đánh giá là có xảy ra. Kiểm tra lại một trong hai.")
    return lines


def result_of(table: spec.Table, outcome: scoring.Outcome) -> Result:
    """The result panel of one outcome."""
    return Result(
        qualifies=outcome.qualifies,
        headline=explanation.headline(outcome),
        provisional=not outcome.complete,
        lines=explanation.reasons(table, outcome),
        contents=[explanation.content_line(table, content) for content in outcome.holding_back],
        warnings=explanation.contradiction_lines(table, outcome),
        nearest=explanation.nearest_way(outcome),
        whole=Progress(
            outcome.assessed,
            outcome.to_assess,
            dom_id(outcome.unassessed[0]) if outcome.unassessed else "",
            len(outcome.unassessed),
        ),
    )
