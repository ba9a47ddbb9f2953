"""The ward's consolidated report of its self-assessment with its tables and chart, as plain values for the template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments import explanation, percentages
from assessments.models import Layer
from assessments.permissions import AnyUser
from assessments.scoring import SectionResult
from criteria import spec
from reports import charts, wording
from reports.files import plain
from reports.papers.dossier_parts import count
from reports.papers.ward_parts import SentUnit, WardPaper, read_sending

MOST_FAILED = 10
# How a verdict stands in a narrow column; nothing for what is not assessed.
SIGNS = {
    spec.Verdict.MET.value: "Đ",
    spec.Verdict.NOT_MET.value: "K",
    spec.Verdict.NOT_APPLICABLE.value: "–",
}


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A standard or a content over all units."""

    number: int
    name: str
    holding: int  # units in which it holds
    judged: int
    met: int
    applicable: int

    @property
    def share(self) -> str:
        return percentages.text(self.holding, self.judged) if self.judged else ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why one unit does not qualify."""

    unit: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Failed:
    """A criterion with the units that do not meet it."""

    code: str
    text: str
    units: list[str]

    @property
    def named(self) -> str:
        return ", ".join(self.units)


@dataclass(frozen=True, slots=True)
class Mark:
    """Met of applicable, and whether that is enough."""

    count: str
    holds: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in the appendices."""

    number: int
    unit: str
    aim: str
    marks: list[Mark]  # one a standard
    qualifies: bool
    signs: list[str]  # one a criterion
    evidence: list[int]  # by standard, then contents, cases and all together


@dataclass(frozen=True, slots=True)
class WardReport(WardPaper):
    """Everything the template and the workbook print."""

    abbreviation = "BC"
    standards: list[SectionLine]
    contents: list[SectionLine]
    reasons: list[Reasons]
    cases: list[str]
    failed: list[Failed]
    rows: list[UnitRow]
    headings: list[spec.Section]  # the standards with their criteria, over the columns of the appendices
    met_by: list[int]  # units that meet each criterion

    @property
    def title(self) -> str:
        return (
            f"Báo cáo kết quả tự đánh giá tổ dân phố, bản tự quản, phát triển toàn diện năm {self.year}, "
            f"{self.place}, lần {self.sent.number}"
        )

    @property
    def short(self) -> str:
        return f"bao-cao-tu-danh-gia-{plain(str(self.ward))}-{self.year}-lan-{self.sent.number}"

    @property
    def attached(self) -> str:
        """Below the title of each appendix."""
        symbol = f"{self.abbreviation}-{self.letterhead.symbol}"
        return (
            f"Kèm theo Báo cáo số {wording.ROOM}/{symbol} {wording.open_date(self.year)} của {self.ward.authority_name}"
        )

    @property
    def evidence_by(self) -> list[int]:
        """Evidence of all units, column by column."""
        return [sum(column) for column in zip(*(row.evidence for row in self.rows), strict=True)]

    @property
    def chart(self) -> charts.Chart:
        """How many units meet each standard."""
        labels = [f"Tiêu chuẩn {line.number}" for line in self.standards]
        title = f"Số tổ dân phố, bản đảm bảo từng tiêu chuẩn năm {self.year}"
        return charts.shares(title, labels, [line.holding for line in self.standards], len(self.units), paper=True)


def read(user: AnyUser, ids: tuple[int, ...]) -> WardReport:
    """The report of a submission in the person's scope; raises Submission.DoesNotExist outside it."""
    [pk] = ids
    sending = read_sending(user, pk)
    units = sending.units
    table = units[0].record.table if units else None
    standards = table.standards if table else ()
    rows = [_row(number, unit) for number, unit in enumerate(units, 1)]
    return WardReport(
        sending=sending,
        standards=[_line(section, [u.outcome.standards[at] for u in units]) for at, section in enumerate(standards)],
        contents=[
            _line(section, [u.outcome.contents[at] for u in units])
            for at, section in enumerate(table.contents if table else ())
        ],
        reasons=[
            Reasons(str(unit.unit), explanation.reasons(unit.record.table, unit.outcome))
            for unit in units
            if not unit.outcome.qualifies
        ],
        cases=[f"{unit.unit} (trường hợp {_cases(unit)})" for unit in units if unit.outcome.occurring],
        failed=_failed(standards, units)[:MOST_FAILED],
        rows=rows,
        headings=list(standards),
        met_by=[
            sum(sign == SIGNS["met"] for sign in column) for column in zip(*(row.signs for row in rows), strict=True)
        ],
    )


def _line(section: spec.Section, results: Sequence[SectionResult]) -> SectionLine:
    judged = [result for result in results if result.judged]
    return SectionLine(
        number=section.number,
        name=section.name,
        holding=sum(result.holds for result in judged),
        judged=len(judged),
        met=sum(result.met for result in judged),
        applicable=sum(result.applicable for result in judged),
    )


def _cases(unit: SentUnit) -> str:
    return ", ".join(unit.record.table.entries_by_key[key].code for key in unit.outcome.occurring)


def _failed(standards: Iterable[spec.Section], units: Sequence[SentUnit]) -> list[Failed]:
    """Every criterion that some unit does not meet, the most failed first."""
    missed: dict[str, list[str]] = {}
    for unit in units:
        for result in unit.outcome.standards:
            for key in result.not_met:
                missed.setdefault(key, []).append(str(unit.unit))
    found = [
        Failed(entry.code, entry.text, missed[entry.key])
        for section in standards
        for entry in section.entries
        if entry.key in missed
    ]
    return sorted(found, key=lambda row: -len(row.units))


def _row(number: int, unit: SentUnit) -> UnitRow:
    table = unit.record.table
    sections = {entry.id: section.number for section in table.standards for entry in section.entries}
    items = {entry.id for section in table.contents for entry in section.entries}
    own = [row.entry_id for row in unit.record.evidence if row.layer == Layer.SELF]
    by_standard = [sum(sections.get(entry) == section.number for entry in own) for section in table.standards]
    in_contents = sum(entry in items for entry in own)
    return UnitRow(
        number=number,
        unit=str(unit.unit),
        aim=unit.aim,
        marks=[Mark(count(result), result.holds) for result in unit.outcome.standards],
        qualifies=unit.outcome.qualifies,
        signs=[
            SIGNS.get(unit.record.value(Layer.SELF, entry), "")
            for section in table.standards
            for entry in section.entries
        ],
        evidence=[*by_standard, in_contents, len(own) - sum(by_standard) - in_contents, len(own)],
    )
