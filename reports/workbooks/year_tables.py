"""Tables of the year of the plan as workbooks: the units' figures, the proposals for commendation."""

from collections.abc import Sequence

from assessments.queries.year.commendations import Proposal, office
from reports.papers.commendation_proposal import CommendationProposal
from reports.papers.commendation_table import CommendationTable
from reports.papers.profile_table import ProfileTable
from reports.workbooks.plain import STRONG, Cell, Column, Table, Value
from reports.workbooks.plain import workbook as write

Rows = list[Sequence[Value | Cell]]


def profiles(made: ProfileTable) -> bytes:
    """Every unit's figures, sums below; unknown numbers stay empty."""
    wide = [Column(label, 14) for label in made.labels]
    columns = [Column("Số TT", 7), Column("Xã, phường", 22), Column("Tổ dân phố, bản", 24), *wide]
    rows: Rows = [
        [number, str(group.ward), str(row.unit), *(value for value, _ in row.cells)]
        for group in made.groups
        for number, row in group.rows
    ]
    if rows:
        sums = made.total.sums
        rows.append([None, Cell("Tổng cộng", STRONG), None, *(Cell(total, STRONG) for total, _ in sums)])
    return write(made.title, [Table(made.title, columns, rows)])


def commendations(made: CommendationTable | CommendationProposal) -> bytes:
    """Collectives and persons, each on a sheet, with what the results say."""
    columns = [
        Column("Số TT", 7), Column("Tên", 34), Column("Chức vụ, đơn vị", 30), Column("Nơi đề nghị", 24),
        Column("Hình thức đề nghị", 30), Column("Thành tích", 60), Column("Đối chiếu kết quả", 50),
        Column("Tình trạng", 18), Column("Lý do", 40), Column("Quyết định", 26),
    ]  # fmt: skip
    tables = [Table(label, columns, _rows(own)) for label, own in made.groups]
    return write(made.title, tables or [Table(made.title, columns, [])])


def _rows(found: list[Proposal]) -> Rows:
    return [
        [
            number,
            one.row.name,
            one.row.position,
            office(one.row),
            one.row.form,
            one.row.achievements,
            "\n".join(one.lines),
            str(one.row.get_state_display()),
            one.row.reason,
            str(one.row.decision) if one.row.decision else "",
        ]
        for number, one in enumerate(found, 1)
    ]
