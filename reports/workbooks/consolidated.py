"""The consolidated table of a ward or of the city as a workbook: units by criteria, then every detail."""

from collections.abc import Iterator, Sequence

from assessments import explanation
from assessments.models import Layer, Plan
from assessments.scoring import Outcome, SectionResult
from assessments.workflow import STATE_LABELS
from criteria import spec
from criteria.queries import table as criteria_table
from reports import wording
from reports.excel import BODY, CENTER, HEAD, LINE, REMARK, TITLE, Book, Cell, Column, Look, Sheet, Value
from reports.papers.city_table import CityTable
from reports.queries import Record
from reports.workbooks import details

LEGEND = (
    "Đ: đạt; K: không đạt; KA: không áp dụng; trống: chưa đánh giá. Cột cộng và cột nội dung: số đạt/số áp dụng. "
    "Nội dung của từng tiêu chí: ghi chú ở ô số tiêu chí, trang “Ghi chú”."
)
# Columns before the criteria, and after the cases.
UNIT_COLUMNS = (
    Column("TT", 5),
    Column("Xã, phường", 16),
    Column("Tổ dân phố, bản", 18),
    Column("Đăng ký", 9),
    Column("Điểm", 6),
)
RESULT_COLUMNS = (
    Column("Tiêu chuẩn đủ", 8),
    Column("Đã đánh giá", 9),
    Column("Kết quả", 14),
    Column("Trạng thái", 15),
)
CRITERION_WIDTH, SECTION_WIDTH, CASE_WIDTH = 4.2, 6.2, 6.8
FROZEN = "D6"  # below the two header rows, after the unit's name
MISSED = "F8E0DC"


def workbook(made: CityTable) -> bytes:
    """The whole file; the layer of `made` (the ward's own or the effective one) fills the first sheet."""
    plan, records, where = made.plan, made.records, made.where
    table = criteria_table(plan.criteria_set_id)
    book = Book(f"Tổng hợp kết quả đánh giá năm {plan.year}, {where}")
    _overview(book, made, table)
    details.add_entries(book, records)
    details.add_figures(book, records)
    details.add_evidence(book, records)
    details.add_results(book, records)
    details.add_units(book, records)
    _notes(book, plan, table)
    return book.as_bytes()


def _overview(book: Book, made: CityTable, table: spec.Table) -> None:
    plan, where, layer, records, as_of = made.plan, made.where, made.layer, made.records, made.as_of
    widths = [
        *(column.width for column in UNIT_COLUMNS),
        *(width for s in table.standards for width in [*[CRITERION_WIDTH] * len(s.entries), SECTION_WIDTH]),
        *[SECTION_WIDTH] * len(table.contents),
        *[CASE_WIDTH] * len(table.cases),
        *(column.width for column in RESULT_COLUMNS),
    ]
    sheet = book.sheet("Tổng hợp", widths, freeze=FROZEN, repeat_rows="4:5", repeat_columns="A:C", paper="A3")
    title = f"Tổng hợp kết quả đánh giá tổ dân phố, bản tự quản, phát triển toàn diện năm {plan.year}"
    sheet.row([title.upper()], TITLE, height=24)
    issued = wording.long_date(plan.issued_on)
    sheet.row([f"{where}. Theo Kế hoạch số {plan.number} {issued}. Bên đánh giá: {layer.label}."], LINE)
    until = f"Số liệu đến {as_of:%H:%M} ngày {as_of:%d/%m/%Y}. " if as_of else ""
    sheet.row([f"{until}{LEGEND}"], LINE)
    _head(sheet, table)
    head, ward_id = sheet.rows, 0
    for position, record in enumerate(records, 1):
        own = record.assessment.unit.ward_id
        sheet.row(_unit_row(record, position, layer, new_ward=ward_id not in (0, own)), CENTER)
        ward_id = own
    sheet.filter(head, len(widths))
    if records:
        sheet.row(_totals(records, layer, table), HEAD)
    else:
        sheet.row(["Chưa có tổ dân phố, bản nào đăng ký."], REMARK)


def _head(sheet: Sheet, table: spec.Table) -> None:
    """Two rows: groups of columns, then codes whose comments carry the full texts."""
    groups: list[tuple[str, int, str]] = [("Tổ dân phố, bản", len(UNIT_COLUMNS), "")]
    groups += [(f"Tiêu chuẩn {s.number}", len(s.entries) + 1, s.name) for s in table.standards]
    groups.append(("Nội dung tự quản", len(table.contents), ""))
    groups.append(("Trường hợp không đảm bảo", len(table.cases), ""))
    groups.append(("Kết quả", len(RESULT_COLUMNS), ""))
    filled: list[Value | Cell] = []
    for label, columns, name in groups:
        filled += [Cell(label, comment=name), *[None] * (columns - 1)]
    sheet.row(filled, HEAD, height=32)
    column = 1
    for _, columns, _ in groups:
        sheet.merge(column, column + columns - 1)
        column += columns
    sheet.row(_codes(table), HEAD, height=32)


def _codes(table: spec.Table) -> list[Value | Cell]:
    codes: list[Value | Cell] = [column.title for column in UNIT_COLUMNS]
    for standard in table.standards:
        codes += [Cell(entry.code, comment=entry.text) for entry in standard.entries]
        codes.append("Cộng")
    codes += [Cell(f"ND{content.number}", comment=content.name) for content in table.contents]
    codes += [Cell(f"TH{case.code}", comment=case.text) for case in table.cases]
    return [*codes, *(column.title for column in RESULT_COLUMNS)]


def _unit_row(record: Record, position: int, layer: Layer, *, new_ward: bool) -> list[Value | Cell]:
    assessment, outcome = record.assessment, record.outcomes.get(layer)
    registration = assessment.registration
    left, middle = Look(heavy_top=new_ward), Look(center=True, heavy_top=new_ward)
    return [
        Cell(position, middle),
        Cell(str(assessment.unit.ward), left),
        Cell(assessment.unit.name, left),
        Cell(registration.get_aim_display(), middle),
        Cell("x" if registration.pilot else "", middle),
        *_verdicts(record, layer, outcome, new_ward),
        *_result(record, outcome, middle),
    ]


def _verdicts(record: Record, layer: Layer, outcome: Outcome | None, heavy: bool) -> Iterator[Cell]:
    """Criteria with the count of their standard, then contents, then cases."""

    def sign(entry: spec.Entry) -> Cell:
        value = record.value(layer, entry)
        fill = MISSED if value in ("not_met", "occurs") else ""
        return Cell(wording.SIGNS.get(value, ""), Look(center=True, heavy_top=heavy, fill=fill))

    for at, standard in enumerate(record.table.standards):
        yield from map(sign, standard.entries)
        yield _count(outcome.standards[at] if outcome else None, heavy)
    for at, _ in enumerate(record.table.contents):
        yield _count(outcome.contents[at] if outcome else None, heavy)
    yield from map(sign, record.table.cases)


def _count(result: SectionResult | None, heavy: bool) -> Cell:
    """The number of met, shown over the number applicable: sorts as a number, reads as 6/8."""
    if result is None or not result.judged:
        return Cell(None, Look(center=True, heavy_top=heavy))
    fill = "" if result.holds else MISSED
    look = Look(bold=True, center=True, heavy_top=heavy, fill=fill, number_format=f'0"/{result.applicable}"')
    return Cell(result.met, look)


def _result(record: Record, outcome: Outcome | None, look: Look) -> list[Cell]:
    state = STATE_LABELS[record.standing]
    if outcome is None:
        return [Cell(None, look), Cell(None, look), Cell("", look), Cell(state, look)]
    holding = sum(standard.holds for standard in outcome.standards)
    headline = explanation.headline(outcome) + ("" if outcome.complete else " (tạm tính)")
    return [
        Cell(holding, _over(look, len(outcome.standards))),
        Cell(outcome.assessed, _over(look, outcome.to_assess)),
        Cell(headline, look),
        Cell(state, look),
    ]


def _over(look: Look, total: int) -> Look:
    return Look(center=True, heavy_top=look.heavy_top, number_format=f'0"/{total}"')


def _totals(records: Sequence[Record], layer: Layer, table: spec.Table) -> list[Value | Cell]:
    """How many units meet each criterion, hold each standard, do each content well, fall under each case."""
    outcomes = [record.outcomes[layer] for record in records if layer in record.outcomes]

    def saying(entry: spec.Entry, value: str) -> int:
        return sum(record.value(layer, entry) == value for record in records)

    totals: list[Value | Cell] = [None, f"Số đạt/{len(records)} (TH: số xảy ra)", None, None, None]
    for at, standard in enumerate(table.standards):
        totals += [saying(entry, "met") for entry in standard.entries]
        totals.append(sum(outcome.standards[at].holds for outcome in outcomes))
    totals += [
        sum(o.contents[at].judged and o.contents[at].holds for o in outcomes) for at in range(len(table.contents))
    ]
    totals += [saying(case, "occurs") for case in table.cases]
    return [*totals, None, sum(outcome.complete for outcome in outcomes), sum(o.qualifies for o in outcomes), None]


def _notes(book: Book, plan: Plan, table: spec.Table) -> None:
    """What the reader must know of the plan and the criteria, and the full text behind every code."""
    sheet = book.sheet("Ghi chú", [10, 26, 110])
    sheet.row([f"Kế hoạch số {plan.number} {wording.long_date(plan.issued_on)}: {plan.title}"], LINE)
    remarks = [f"Bộ tiêu chí: {table.title}", table.legal_basis, plan.notes, table.notes, LEGEND]
    for text in (line for remark in remarks for line in remark.splitlines() if line.strip()):
        sheet.row([text], REMARK, height=15 * (1 + len(text) // 130))
        sheet.merge(1, 3)
    sheet.row(["Số", "Thuộc", "Nội dung"], HEAD)
    head = sheet.rows
    for word, sections in (("Tiêu chuẩn", table.standards), ("Nội dung tự quản", table.contents)):
        for section in sections:
            sheet.row(["", f"{word} {section.number}", Cell(section.name, Look(bold=True))])
            for entry in section.entries:
                sheet.row([entry.code, f"{word} {section.number}", entry.text], BODY)
    for case in table.cases:
        sheet.row([f"TH{case.code}", "Trường hợp không đảm bảo", case.text], BODY)
    sheet.filter(head, 3)
