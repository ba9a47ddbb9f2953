"""The dossier of one unit under one plan: what it shows, as plain values for the template."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from assessments import explanation
from assessments.models import ANSWERED, DecisionLine, Layer
from assessments.scoring import Outcome, SectionResult
from assessments.self_assessment import entry_name
from assessments.workflow import STATE_LABELS, State
from criteria import spec
from localities.models import Authority, Ward
from reports import wording
from reports.queries import Record

# Remarks longer than this get a row of their own under the entry: a narrow column would run over pages.
LONG_REMARKS = 180
COLUMNS = (Layer.SELF, Layer.AGENCY, Layer.DELEGATION)
PROFILE = (
    ("households", "Tổng số hộ", "hộ"),
    ("persons", "Số nhân khẩu", "người"),
    ("working_age_persons", "Số người trong độ tuổi lao động", "người"),
    ("poor_households", "Số hộ nghèo", "hộ"),
    ("near_poor_households", "Số hộ cận nghèo", "hộ"),
    ("business_households", "Số hộ kinh doanh", "hộ"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the table."""

    code: str
    text: str
    figures: str  # one line each, like the remarks
    verdicts: list[str]  # self, agency, delegation
    remarks: str
    block: str = ""  # heading of the block that begins with this row

    @property
    def wide(self) -> bool:
        return len(self.remarks) > LONG_REMARKS


@dataclass(frozen=True, slots=True)
class Part:
    """A standard or a content with its rows and how it stands per layer."""

    title: str
    rows: list[Row]
    totals: list[str]  # met/applicable by layer
    verdict: str  # in words, of the layer that counts


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of the dossier: parts, or plain rows where there are none."""

    title: str
    what: str  # heading of the column of texts
    word: str = ""  # label of the subtotals
    parts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def figures(self) -> bool:
        """Whether the table needs a column of figures."""
        return any(row.figures for row in (*self.rows, *(row for part in self.parts for row in part.rows)))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the overview: a standard and its result by layer, the effective one included."""

    label: str
    results: list[str]


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one layer with its reasons."""

    layer: str
    headline: str
    progress: str
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    number: int
    entry: str
    name: str
    layer: str
    size: str
    added: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the template prints; names of offices come from the data of the plan's time."""

    record: Record
    authority: Authority | None
    printed_at: datetime
    grounds: list[str]
    facts: list[tuple[str, str]]  # side by side
    grids: list[Grid]
    evidence: list[EvidenceRow]
    overview: list[Line]
    results: list[Result]
    receivers: list[str]

    @property
    def title(self) -> str:
        unit = self.record.assessment.unit
        return f"Hồ sơ đánh giá {wording.place(unit)}, năm {self.year}"

    @property
    def year(self) -> str:
        return str(self.record.assessment.plan.year)

    @property
    def open_date(self) -> str:
        return wording.open_date(self.record.assessment.plan.year)

    @property
    def ward(self) -> Ward:
        return self.record.assessment.unit.ward

    @property
    def unit_name(self) -> str:
        return wording.place(self.record.assessment.unit)

    @property
    def superior(self) -> str:
        return wording.superior(self.authority) if self.authority else ""

    @property
    def issuer(self) -> list[str]:
        return wording.issuer(self.ward)

    @property
    def unit_head(self) -> str:
        return wording.unit_head(self.record.assessment.unit)

    @property
    def signing_for(self) -> str:
        return wording.signing_for(self.ward)

    @property
    def signer_titles(self) -> list[str]:
        return self.ward.signer_title.splitlines()

    @property
    def entry_count(self) -> int:
        """Criteria, items and cases that people judge."""
        return len(self.record.table.judged_by_hand)

    @property
    def draft(self) -> bool:
        """Until the ward submits it; what its leader signs then is the real paper."""
        return self.record.assessment.workflow_state in (State.DRAFT, State.COUNCIL)

    @property
    def state(self) -> str:
        return STATE_LABELS[self.record.assessment.workflow_state]

    @property
    def meeting_date(self) -> str:
        resolution = self.record.resolution
        return wording.long_date(resolution.meeting.held_on) if resolution else ""

    @property
    def decision(self) -> DecisionLine | None:
        return self.record.line

    @property
    def decision_date(self) -> str:
        return wording.long_date(self.record.line.decision.issued_on) if self.record.line else ""


def build(record: Record, authority: Authority | None) -> Dossier:
    """The dossier from what was read; no query happens here."""
    table = record.table
    numbers: dict[int, list[int]] = {}
    for position, evidence in enumerate(record.evidence, 1):
        numbers.setdefault(evidence.entry_id, []).append(position)

    def row(entry: spec.Entry, block: str = "") -> Row:
        return _row(record, entry, numbers.get(entry.id, []), block)

    standards = _parts(record, table.standards, "Tiêu chuẩn", lambda o: o.standards, row)
    contents = _parts(record, table.contents, "Nội dung", lambda o: o.contents, row)
    return Dossier(
        record=record,
        authority=authority,
        printed_at=timezone.localtime(),
        grounds=_grounds(record, authority),
        facts=_facts(record),
        grids=[
            Grid("Đánh giá theo từng tiêu chí", "Nội dung tiêu chí", "Số tiêu chí đạt", standards),
            Grid("Các nội dung tự quản", "Nội dung tự quản", "Số mục đạt", contents),
            Grid("Các trường hợp không đảm bảo", "Trường hợp", rows=[row(case) for case in table.cases]),
        ],
        evidence=_evidence(record),
        overview=_overview(record),
        results=[_result(table, Layer(layer), record.outcomes[layer]) for layer in Layer if _speaks(record, layer)],
        receivers=_receivers(record, authority),
    )


def _row(record: Record, entry: spec.Entry, evidence: list[int], block: str) -> Row:
    remarks = [r for layer in ANSWERED for r in wording.remarks(layer, entry, record.stored(layer, entry))]
    if entry.derived:
        remarks.insert(0, _derived_from(record))
    if evidence:
        remarks.append(f"Minh chứng số {', '.join(map(str, evidence))}.")
    verdicts = [wording.verdict(record.value(layer, entry)) for layer in COLUMNS]
    verdicts[0] = verdicts[0] or wording.UNASSESSED
    return Row(entry.code, entry.text, "\n".join(_figures(record, entry)), verdicts, "\n".join(remarks), block)


def _figures(record: Record, entry: spec.Entry) -> list[str]:
    """Each indicator as the ward states it, then as another layer does where it says something else."""
    lines = []
    for indicator in entry.indicators:
        own = record.stored(Layer.SELF, entry).figures.get(indicator.key, spec.Figure())
        lines.append(_unbroken(f"{wording.figure(indicator, own)}; {wording.threshold(entry, indicator)}."))
        for layer in (Layer.AGENCY, Layer.DELEGATION):
            other = record.stored(layer, entry).figures.get(indicator.key)
            if other is not None and other != own:
                lines.append(_unbroken(f"{wording.SPEAKERS[layer]}{wording.figure(indicator, other)}."))
    return lines


def _unbroken(text: str) -> str:
    """Keeps a number and its sign on one line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%").replace("≥ ", "≥\N{NO-BREAK SPACE}")


def _derived_from(record: Record) -> str:
    outcome = record.outcomes.get(Layer.SELF)
    back = ", ".join(str(content.number) for content in outcome.holding_back) if outcome else ""
    reason = f"; nội dung chưa thực hiện tốt: {back}" if back else ""
    return f"Tính từ các nội dung tự quản{reason}."


def _parts(
    record: Record,
    sections: Iterable[spec.Section],
    word: str,
    results_of: Callable[[Outcome], tuple[SectionResult, ...]],
    row: Callable[[spec.Entry, str], Row],
) -> list[Part]:
    parts = []
    for position, section in enumerate(sections):
        rows, block = [], ""
        for entry in section.entries:
            begins = f"{entry.block}. {entry.block_name}" if entry.block and entry.block != block else ""
            rows.append(row(entry, begins))
            block = entry.block
        by_layer = {layer: results_of(outcome)[position] for layer, outcome in record.outcomes.items()}
        counting = by_layer.get(Layer.EFFECTIVE) if _speaks(record, Layer.EFFECTIVE) else by_layer.get(Layer.SELF)
        totals = [_count(by_layer[layer]) if _speaks(record, layer) else "" for layer in COLUMNS]
        parts.append(Part(f"{word} {section.number}. {section.name}", rows, totals, _stands(record.table, counting)))
    return parts


def _speaks(record: Record, layer: str) -> bool:
    """Whether the layer has a result worth printing: the ward's always, another's once it judged something."""
    outcome = record.outcomes.get(layer)
    return outcome is not None and (layer == Layer.SELF or outcome.assessed > 0)


def _count(result: SectionResult) -> str:
    return f"{result.met}/{result.applicable}"


def _stands(table: spec.Table, result: SectionResult | None) -> str:
    """For instance: Cần 7; thiếu 1. Chưa đạt: 2.3. Chưa đánh giá: 2.6."""
    if result is None:
        return ""
    if not result.judged:
        return "Không xét."
    parts = [f"Cần {result.needed}; {f'thiếu {result.missing}' if result.missing else 'đủ'}."]
    for label, keys in (("Chưa đạt", result.not_met), ("Chưa đánh giá", result.unassessed)):
        if keys:
            parts.append(f"{label}: {', '.join(table.entries_by_key[key].code for key in keys)}.")
    return " ".join(parts)


def _overview(record: Record) -> list[Line]:
    outcomes = [record.outcomes[layer] if _speaks(record, layer) else None for layer in Layer]

    def line(label: str, told: Callable[[Outcome], str]) -> Line:
        return Line(label, [told(outcome) if outcome else "" for outcome in outcomes])

    def section(result: SectionResult) -> str:
        return f"{_count(result)}; {f'thiếu {result.missing}' if result.missing else 'đủ'}"

    lines = [
        line(f"Tiêu chuẩn {standard.number}", lambda outcome, at=at: section(outcome.standards[at]))  # type: ignore[misc]
        for at, standard in enumerate(record.table.standards)
    ]
    lines.append(line("Nội dung tự quản thực hiện tốt", _contents_well_done))
    lines.append(line("Trường hợp không đảm bảo xảy ra", lambda outcome: str(len(outcome.occurring))))
    lines.append(line("Số mục đã đánh giá", lambda outcome: f"{outcome.assessed}/{outcome.to_assess}"))
    lines.append(line("Kết quả", _headline))
    return lines


def _contents_well_done(outcome: Outcome) -> str:
    judged = [content for content in outcome.contents if content.judged]
    return f"{sum(content.holds for content in judged)}/{len(judged)}"


def _headline(outcome: Outcome) -> str:
    return f"{explanation.headline(outcome)}{'' if outcome.complete else ' (tạm tính)'}"


def _result(table: spec.Table, layer: Layer, outcome: Outcome) -> Result:
    """An appraising layer that judged only some entries has no reasons of its own yet."""
    progress = "" if outcome.complete else f"mới đánh giá {outcome.assessed}/{outcome.to_assess} mục"
    result = Result(str(layer.label), _headline(outcome), progress)
    if progress and layer in (Layer.AGENCY, Layer.DELEGATION):
        return result
    result.lines.extend(explanation.reasons(table, outcome))
    result.lines.extend(explanation.content_line(table, content) for content in outcome.holding_back)
    result.lines.extend(explanation.contradiction_lines(table, outcome))
    if nearest := explanation.nearest_way(outcome):
        result.lines.append(nearest)
    return result


def _grounds(record: Record, authority: Authority | None) -> list[str]:
    """The plan, then the criteria set's own basis where that is another document."""
    plan = record.assessment.plan
    issuer = f" của {authority.name}" if authority else ""
    title = (plan.title[:1].lower() + plan.title[1:]).removeprefix("kế hoạch ").removeprefix("về ")
    grounds = [f"Kế hoạch số {plan.number} {wording.long_date(plan.issued_on)}{issuer} về {title}"]
    grounds += [
        line.strip(" ;.").removeprefix("Căn cứ ")
        for line in record.table.legal_basis.splitlines()
        if line.strip(" ;.") and f"{plan.number} " not in line
    ]
    return [f"Căn cứ {ground}" for ground in grounds]


def _facts(record: Record) -> list[tuple[str, str]]:
    """Registration and figures of the year, two a line."""
    registration = record.assessment.registration
    unit, pilot = registration.unit, ", làm điểm" if registration.pilot else ""
    facts = [
        f"{unit.get_kind_display()}: {unit.name}{' (dữ liệu minh họa)' if unit.demonstration else ''}",
        f"Xã, phường: {unit.ward}",
        f"Đăng ký: {registration.get_aim_display().lower()}{pilot}",
        *(_profile_line(record, *told) for told in PROFILE),
    ]
    facts += [""] * (len(facts) % 2)
    return list(zip(facts[::2], facts[1::2], strict=True))


def _profile_line(record: Record, name: str, label: str, word: str) -> str:
    value = getattr(record.year, name) if record.year else None
    return f"{label}: {'chưa có số liệu' if value is None else f'{wording.number(value)} {word}'}"


def _evidence(record: Record) -> list[EvidenceRow]:
    entries = {entry.id: entry for entry in record.table}
    return [
        EvidenceRow(
            number=position,
            entry=entry_name(entries[row.entry_id]),
            name=wording.evidence_name(row),
            layer=str(Layer(row.layer).label),
            size=wording.size(row.size) if row.size else "Bản giấy",
            added=timezone.localtime(row.added_at),
            by=str(row.added_by),
        )
        for position, row in enumerate(record.evidence, 1)
    ]


def _receivers(record: Record, authority: Authority | None) -> list[str]:
    """Who gets the paper; the copy to keep is the template's own line."""
    unit = str(record.assessment.unit)
    if authority is None:
        return [unit]
    place = authority.place_name[:1].lower() + authority.place_name[1:]
    return [f"{authority.home_affairs_name} {place}", unit]
