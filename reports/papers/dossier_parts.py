"""What the papers of one unit have in common: the table's rows, results, figures and evidence as plain values.

`layers` says whose word a paper prints: of the ward alone, or of ward, agency and delegation side by side.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from assessments import explanation
from assessments.models import Evidence, Layer, Plan
from assessments.scoring import Outcome, SectionResult
from assessments.self_assessment import entry_name
from criteria import spec
from localities.models import Authority
from reports import wording
from reports.queries import Record

Layers = Sequence[Layer]

# Remarks longer than this get a row of their own under the entry: a narrow column would run over pages.
LONG_REMARKS = 180
COLUMNS = {Layer.SELF: "Tự đánh giá", Layer.AGENCY: "Cơ quan", Layer.DELEGATION: "Đoàn"}
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
    verdicts: list[str]  # one a layer
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
    """One table of the paper: parts, or plain rows where there are none."""

    title: str
    what: str  # heading of the column of texts
    columns: list[str]  # headings of the layers
    word: str = ""  # label of the subtotals
    parts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def figures(self) -> bool:
        """Whether the table needs a column of figures."""
        return any(row.figures for row in (*self.rows, *(row for part in self.parts for row in part.rows)))

    @property
    def told(self) -> int:
        """Columns before the verdicts: number, text and, where there are any, figures."""
        return 3 if self.figures else 2

    @property
    def below(self) -> int:
        """Columns beside the number."""
        return self.whole - 1

    @property
    def whole(self) -> int:
        """All columns."""
        return self.told + len(self.columns) + 1


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


def speaks(record: Record, layer: str) -> bool:
    """Whether the layer has a result worth printing: the ward's always, another's once it judged something."""
    outcome = record.outcomes.get(layer)
    return outcome is not None and (layer == Layer.SELF or outcome.assessed > 0)


def count(result: SectionResult) -> str:
    return f"{result.met}/{result.applicable}"


def headline(outcome: Outcome) -> str:
    """The result in words; provisional while something is unassessed."""
    return f"{explanation.headline(outcome)}{'' if outcome.complete else ' (tạm tính)'}"


def contents_well_done(outcome: Outcome) -> str:
    judged = [content for content in outcome.contents if content.judged]
    return f"{sum(content.holds for content in judged)}/{len(judged)}"


def result(table: spec.Table, layer: Layer, outcome: Outcome) -> Result:
    """An appraising layer that judged only some entries has no reasons of its own yet."""
    progress = "" if outcome.complete else f"mới đánh giá {outcome.assessed}/{outcome.to_assess} mục"
    made = Result(str(layer.label), headline(outcome), progress)
    if progress and layer in (Layer.AGENCY, Layer.DELEGATION):
        return made
    made.lines.extend(explanation.reasons(table, outcome))
    made.lines.extend(explanation.content_line(table, content) for content in outcome.holding_back)
    made.lines.extend(explanation.contradiction_lines(table, outcome))
    if nearest := explanation.nearest_way(outcome):
        made.lines.append(nearest)
    return made


def grounds(plan: Plan, legal_basis: str, authority: Authority | None) -> list[str]:
    """The plan, then the criteria set's own basis where that is another document."""
    issuer = f" của {authority.name}" if authority else ""
    title = (plan.title[:1].lower() + plan.title[1:]).removeprefix("kế hoạch ").removeprefix("về ")
    found = [f"Kế hoạch số {plan.number} {wording.long_date(plan.issued_on)}{issuer} về {title}"]
    found += [
        line.strip(" ;.").removeprefix("Căn cứ ")
        for line in legal_basis.splitlines()
        if line.strip(" ;.") and f"{plan.number} " not in line
    ]
    return [f"Căn cứ {ground}" for ground in found]


def facts(record: Record) -> list[tuple[str, str]]:
    """Registration and figures of the year, two a line."""
    registration = record.assessment.registration
    unit, pilot = registration.unit, ", làm điểm" if registration.pilot else ""
    found = [
        f"{unit.get_kind_display()}: {unit.name}{' (dữ liệu minh họa)' if unit.demonstration else ''}",
        f"Xã, phường: {unit.ward}",
        f"Đăng ký: {registration.get_aim_display().lower()}{pilot}",
        *(_profile_line(record, *told) for told in PROFILE),
    ]
    found += [""] * (len(found) % 2)
    return list(zip(found[::2], found[1::2], strict=True))


def _profile_line(record: Record, name: str, label: str, word: str) -> str:
    value = getattr(record.year, name) if record.year else None
    return f"{label}: {'chưa có số liệu' if value is None else f'{wording.number(value)} {word}'}"


def receivers(record: Record, authority: Authority | None) -> list[str]:
    """Who gets the paper; the copy to keep is the template's own line."""
    unit = str(record.assessment.unit)
    if authority is None:
        return [unit]
    place = authority.place_name[:1].lower() + authority.place_name[1:]
    return [f"{authority.home_affairs_name} {place}", unit]


def given(record: Record, layers: Layers) -> list[Evidence]:
    """The evidence these layers gave, in the order in which the paper numbers it."""
    return [row for row in record.evidence if row.layer in layers]


def evidence_rows(record: Record, layers: Layers) -> list[EvidenceRow]:
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
        for position, row in enumerate(given(record, layers), 1)
    ]


def grids(record: Record, layers: Layers) -> list[Grid]:
    """The three tables of the criteria set: standards, contents, cases."""
    table = record.table
    numbers: dict[int, list[int]] = {}
    for position, evidence in enumerate(given(record, layers), 1):
        numbers.setdefault(evidence.entry_id, []).append(position)

    def row(entry: spec.Entry, block: str = "") -> Row:
        return _row(record, entry, layers, numbers.get(entry.id, []), block)

    columns = [COLUMNS[layer] for layer in layers]
    standards = _parts(record, layers, table.standards, "Tiêu chuẩn", lambda o: o.standards, row)
    contents = _parts(record, layers, table.contents, "Nội dung", lambda o: o.contents, row)
    cases = [row(case) for case in table.cases]
    return [
        Grid("Đánh giá theo từng tiêu chí", "Nội dung tiêu chí", columns, "Số tiêu chí đạt", standards),
        Grid("Các nội dung tự quản", "Nội dung tự quản", columns, "Số mục đạt", contents),
        Grid("Các trường hợp không đảm bảo", "Trường hợp", columns, rows=cases),
    ]


def _row(record: Record, entry: spec.Entry, layers: Layers, evidence: list[int], block: str) -> Row:
    remarks = [r for layer in layers for r in wording.remarks(layer, entry, record.stored(layer, entry))]
    if entry.derived:
        remarks.insert(0, _derived_from(record))
    if evidence:
        remarks.append(f"Minh chứng số {', '.join(map(str, evidence))}.")
    verdicts = [wording.verdict(record.value(layer, entry)) for layer in layers]
    verdicts[0] = verdicts[0] or wording.UNASSESSED
    return Row(entry.code, entry.text, "\n".join(_figures(record, entry, layers)), verdicts, "\n".join(remarks), block)


def _figures(record: Record, entry: spec.Entry, layers: Layers) -> list[str]:
    """Each indicator as the ward states it, then as another layer does where it says something else."""
    lines = []
    for indicator in entry.indicators:
        own = record.stored(Layer.SELF, entry).figures.get(indicator.key, spec.Figure())
        lines.append(_unbroken(f"{wording.figure(indicator, own)}; {wording.threshold(entry, indicator)}."))
        for layer in (layer for layer in layers if layer != Layer.SELF):
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
    layers: Layers,
    sections: Iterable[spec.Section],
    word: str,
    results_of: Callable[[Outcome], tuple[SectionResult, ...]],
    row: Callable[[spec.Entry, str], Row],
) -> list[Part]:
    together = len(layers) > 1 and speaks(record, Layer.EFFECTIVE)
    parts = []
    for position, section in enumerate(sections):
        rows, block = [], ""
        for entry in section.entries:
            begins = f"{entry.block}. {entry.block_name}" if entry.block and entry.block != block else ""
            rows.append(row(entry, begins))
            block = entry.block
        by_layer = {layer: results_of(outcome)[position] for layer, outcome in record.outcomes.items()}
        counting = by_layer.get(Layer.EFFECTIVE if together else Layer.SELF)
        totals = [count(by_layer[layer]) if speaks(record, layer) else "" for layer in layers]
        parts.append(Part(f"{word} {section.number}. {section.name}", rows, totals, _stands(record.table, counting)))
    return parts


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
