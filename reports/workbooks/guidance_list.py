"""The list of guidance as a workbook."""

from reports.papers.guidance_list import GuidanceList
from reports.workbooks.plain import Column, Table
from reports.workbooks.plain import workbook as write


def workbook(made: GuidanceList) -> bytes:
    """One sheet, the words of the guidance too."""
    columns = [
        Column("Số TT", 7), Column("Cơ quan", 26), Column("Tên hướng dẫn", 40), Column("Số, ký hiệu", 16),
        Column("Tiêu chí", 28), Column("Áp dụng từ", 12), Column("Đến hết ngày", 12), Column("Nội dung", 70),
        Column("Liên kết, tệp kèm theo", 40),
    ]  # fmt: skip
    rows = (
        [
            line.position,
            line.guidance.agency.name,
            line.guidance.title,
            line.guidance.number,
            line.codes,
            line.guidance.valid_from,
            line.guidance.valid_until,
            line.guidance.text,
            line.where,
        ]
        for line in made.lines
    )
    return write(made.title, [Table(made.title, columns, rows)])
