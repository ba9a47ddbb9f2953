"""The further sheets of the consolidated table: everything the assessments hold, one fact a row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assessments import explanation, percentages
from assessments.figures import requirement
from assessments.models import ANSWERED, Layer
from assessments.queries.standing import line_group, line_words
from assessments.scoring import Outcome, SectionResult
from assessments.self_assessment import entry_name
from assessments.workflow import STATE_LABELS
from criteria import spec
from reports import wording
from reports.excel import FACT, Book, Cell, Column, Value
from reports.papers.dossier_parts import PROFILE
from reports.queries import Record

Rows = Iterator[Sequence[Value | Cell]]
SHARE = replace(FACT, number_format=percentages.FORMAT)
PLACE = (Column("Xã, phường", 18), Column("Tổ dân phố, bản", 18))


def _place(record: Record) -> list[Value]:
    unit = record.assessment.unit
    return [str(unit.ward), unit.name]


def _add(
    book: Book, name: str, columns: Sequence[Column], records: Sequence[Record], rows_of: Callable[[Record], Rows]
) -> None:
    """One sheet whose rows begin with the unit they belong to."""
    all_columns = (*PLACE, *columns)
    sheet = book.sheet(
        name, [column.width for column in all_columns], freeze="C2", repeat_rows="1:1", repeat_columns="A:B", paper="A3"
    )
    sheet.table(all_columns, ([*_place(record), *row] for record in records for row in rows_of(record)))


def add_entries(book: Book, records: Sequence[Record]) -> None:
    """Every entry of every unit with what each layer says, figures, notes and evidence."""
    columns = (
        Column("Mục", 16),
        Column("Nội dung", 60),
        Column("Tự đánh giá", 13),
        Column("Cơ quan thẩm định", 13),
        Column("Đoàn thẩm định", 13),
        Column("Kết quả thẩm định", 13),
        Column("Số liệu", 38),
        Column("Ghi chú tự đánh giá", 40),
        Column("Ghi chú của cơ quan", 40),
        Column("Ghi chú của đoàn", 40),
        Column("Giải thích", 30),
        Column("Minh chứng", 40),
    )
    _add(book, "Chi tiết", columns, records, _entries)


def _entries(record: Record) -> Rows:
    evidence: dict[int, list[str]] = {}
    for row in record.evidence:
        evidence.setdefault(row.entry_id, []).append(wording.evidence_name(row))
    for entry in record.table:
        stored = [record.stored(layer, entry) for layer in ANSWERED]
        yield [
            entry_name(entry),
            entry.text,
            *(wording.verdict(record.value(layer, entry)) for layer in (*ANSWERED, Layer.EFFECTIVE)),
            "\n".join(_figure_lines(record, entry)),
            *(answer.note for answer in stored),
            " ".join(filter(None, (wording.overruled(entry, answer) for answer in stored))),
            "\n".join(evidence.get(entry.id, ())),
        ]


def _figure_lines(record: Record, entry: spec.Entry) -> Iterator[str]:
    for layer in ANSWERED:
        given = record.stored(layer, entry).figures
        for indicator in entry.indicators:
            if indicator.key in given:
                yield f"{wording.SPEAKERS[layer]}{wording.figure(indicator, given[indicator.key])}"


def add_figures(book: Book, records: Sequence[Record]) -> None:
    """Every figure as numbers to reckon with."""
    columns = (
        Column("Mục", 16),
        Column("Bên đánh giá", 18),
        Column("Chỉ số", 50),
        Column("Số đạt", 12),
        Column("Tổng số", 12),
        Column("Tỷ lệ", 12),
        Column("Yêu cầu, ngưỡng", 16),
        Column("Đơn vị tính", 20),
    )
    _add(book, "Số liệu", columns, records, _figures)


def _figures(record: Record) -> Rows:
    for entry in record.table:
        for layer in ANSWERED:
            given = record.stored(layer, entry).figures
            for indicator in entry.indicators:
                figure = given.get(indicator.key)
                if figure is not None:
                    top, total = figure.numerator, figure.denominator
                    yield [
                        entry_name(entry),
                        str(layer.label),
                        indicator.label,
                        top,
                        total,
                        None if top is None or total is None else Cell(percentages.number(top, total), SHARE),
                        requirement(indicator),
                        indicator.unit_word,
                    ]


def add_evidence(book: Book, records: Sequence[Record]) -> None:
    """Every piece of evidence."""
    columns = (
        Column("Mục", 16),
        Column("Bên cung cấp", 18),
        Column("Tên, số ký hiệu văn bản", 45),
        Column("Tên tệp", 45),
        Column("Dung lượng (byte)", 14),
        Column("Thêm lúc", 18),
        Column("Người cung cấp", 25),
    )
    _add(book, "Minh chứng", columns, records, _evidence)


def _evidence(record: Record) -> Rows:
    entries = {entry.id: entry for entry in record.table}
    for row in record.evidence:
        yield [
            entry_name(entries[row.entry_id]),
            str(Layer(row.layer).label),
            row.reference,
            row.original_name,
            row.size or None,
            row.added_at,
            str(row.added_by),
        ]


def add_results(book: Book, records: Sequence[Record]) -> None:
    """How every standard and content stands for every layer, with what is missing."""
    columns = (
        Column("Bên đánh giá", 20),
        Column("Phần", 20),
        Column("Số đạt", 10),
        Column("Số áp dụng", 10),
        Column("Cần", 10),
        Column("Thiếu", 10),
        Column("Kết quả", 16),
        Column("Chưa đạt", 30),
        Column("Chưa đánh giá", 40),
    )
    _add(book, "Kết quả từng phần", columns, records, _results)


def _results(record: Record) -> Rows:
    for layer in Layer:
        outcome = record.outcomes.get(layer)
        if outcome is not None:
            for word, results in (("Tiêu chuẩn", outcome.standards), ("Nội dung tự quản", outcome.contents)):
                for result in results:
                    label = f"{word} {result.number}"
                    yield [str(layer.label), label, *_numbers(result), *_open(record.table, result)]


def _numbers(result: SectionResult) -> list[Value]:
    stands = ("Đủ" if result.holds else "Chưa đủ") if result.judged else "Không xét"
    return [result.met, result.applicable, result.needed, result.missing, stands]


def _open(table: spec.Table, result: SectionResult) -> list[Value]:
    return [", ".join(table.entries_by_key[key].code for key in keys) for keys in (result.not_met, result.unassessed)]


def add_units(book: Book, records: Sequence[Record]) -> None:
    """One row a unit: registration, figures of the year, results with reasons, council, decision."""
    columns = (
        Column("Loại", 12),
        Column("Đăng ký", 10),
        Column("Làm điểm", 10),
        Column("Trạng thái", 20),
        Column("Hạn nộp riêng, trước ngày", 14),
        Column("Gửi thành phố lúc", 17),
        Column("Kết luận lúc", 17),
        *(Column(label, 12) for _, label, _ in PROFILE),
        *(Column(f"{label}: {what}", width) for label in LAYER_WORDS for what, width in RESULT_WORDS),
        *(Column(f"Hội đồng: {label}", width) for label, width in COUNCIL_WORDS),
        *(Column(label, width) for label, width in DECISION_WORDS),
    )
    _add(book, "Đơn vị", columns, records, _unit)


LAYER_WORDS = [str(layer.label) for layer in Layer]
RESULT_WORDS = (("kết quả", 18), ("lý do", 60))
COUNCIL_WORDS = (
    ("ngày họp", 12),
    ("địa điểm", 24),
    ("thành phần", 40),
    ("tổng số", 9),
    ("có mặt", 9),
    ("tán thành", 9),
    ("kết luận", 40),
)
DECISION_WORDS = (("Quyết định số", 16), ("Ngày quyết định", 12), ("Nội dung quyết định", 18), ("Lý do", 50))


def _unit(record: Record) -> Rows:
    assessment, registration = record.assessment, record.assessment.registration
    row: list[Value] = [
        registration.unit.get_kind_display(),
        registration.get_aim_display(),
        "Có" if registration.pilot else "Không",
        STATE_LABELS[record.standing],
        assessment.due_on,
        assessment.submitted_at,
        assessment.concluded_at,
        *(getattr(record.year, name) if record.year else None for name, _, _ in PROFILE),
    ]
    for layer in Layer:
        row += _told(record.table, record.outcomes.get(layer))
    yield [*row, *_council(record), *_decision(record)]


def _told(table: spec.Table, outcome: Outcome | None) -> list[Value]:
    if outcome is None:
        return ["", ""]
    lines = [
        *explanation.reasons(table, outcome),
        *(explanation.content_line(table, content) for content in outcome.holding_back),
        *explanation.contradiction_lines(table, outcome),
        explanation.nearest_way(outcome),
    ]
    provisional = "" if outcome.complete else f" (tạm tính, {outcome.assessed}/{outcome.to_assess} mục)"
    return [f"{explanation.headline(outcome)}{provisional}", "\n".join(filter(None, lines))]


def _council(record: Record) -> list[Value]:
    item = record.resolution
    if item is None:
        return [None] * len(COUNCIL_WORDS)
    held = item.meeting
    return [
        held.held_on,
        held.place,
        "\n".join(row.words for row in held.attendance.all()),
        held.members_total,
        held.present,
        item.votes_for,
        "\n".join(filter(None, [item.opinion, held.conclusion])),
    ]


def _decision(record: Record) -> list[Value]:
    line = record.line
    if line is None:
        return [None] * len(DECISION_WORDS)
    return [line.decision.number, line.decision.issued_on, line_group(line), "\n".join(line_words(line))]
