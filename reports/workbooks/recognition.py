"""The lists of a decision as a workbook."""

from reports.papers.recognition_decision import RecognitionDecision
from reports.workbooks.plain import Column, Table, Value, workbook

_UNIT = (Column("Số TT", 7), Column("Tổ dân phố, bản", 28), Column("Xã, phường", 28))


def lists(made: RecognitionDecision) -> bytes:
    """A sheet for each list the decision has."""
    return workbook(made.title, [_SHEETS[item.kind](made, item.name.capitalize()) for item in made.appendices])


def _recognised(made: RecognitionDecision, title: str) -> Table:
    rows: list[list[Value]] = [
        [number, row.unit.name, str(row.ward), row.aim, label]
        for number, (label, row) in enumerate(((label, row) for label, part in made.lists.parts for row in part), 1)
    ]
    return Table(title, [*_UNIT, Column("Đăng ký", 18), Column("Kết quả", 30)], rows)


def _refused(made: RecognitionDecision, title: str) -> Table:
    rows: list[list[Value]] = [
        [row.number, row.unit.name, str(row.ward), row.aim, row.why] for row in made.lists.refused
    ]
    return Table(title, [*_UNIT, Column("Đăng ký", 18), Column("Lý do", 70)], rows)


def _corrected(made: RecognitionDecision, title: str) -> Table:
    columns = [*_UNIT, Column("Kết quả trước", 18), Column("Kết quả đính chính", 20), Column("Nội dung, lý do", 60)]
    rows: list[list[Value]] = [
        [row.number, row.unit.name, str(row.unit.ward), row.before, row.after, row.text] for row in made.corrected
    ]
    return Table(title, columns, rows)


_SHEETS = {"recognised": _recognised, "refused": _refused, "corrected": _corrected}
