"""The wards' plans and their tasks as a workbook."""

from reports.papers.ward_plan_table import WardPlanTable, state_words, task_words, time_words
from reports.workbooks.plain import Column, Table, Value
from reports.workbooks.plain import workbook as write


def workbook(made: WardPlanTable) -> bytes:
    """A sheet for the plans, one for all tasks."""
    return write(made.title, [_plans(made), _tasks(made)])


def _plans(made: WardPlanTable) -> Table:
    columns = [
        Column("Số TT", 7), Column("Xã, phường", 28), Column("Tình trạng", 26), Column("Số, ký hiệu", 18),
        Column("Ngày ký", 12), Column("Ngày nhận", 12), Column("Thời hạn", 14), Column("Nhiệm vụ", 12),
        Column("Đã xong", 12), Column("Quá hạn", 12),
    ]  # fmt: skip
    rows: list[list[Value]] = []
    for number, row in enumerate(made.rows, 1):
        line: list[Value] = [number, str(row.ward), state_words(row)]
        own = row.ward_plan if row.sent else None
        line += [own.number, own.signed_on, own.received_on] if own else [None, None, None]
        line.append(time_words(row))
        if own:
            line += [getattr(own, name) for name in ("tasks", "done", "late_tasks")]
        rows.append(line)
    return Table(f"Kế hoạch xã, phường năm {made.year}", columns, rows)


def _tasks(made: WardPlanTable) -> Table:
    columns = [
        Column("Xã, phường", 28), Column("Số TT", 7), Column("Nội dung", 60), Column("Phụ trách", 30),
        Column("Phối hợp", 30), Column("Trước ngày", 12), Column("Tình trạng", 24), Column("Hoàn thành ngày", 14),
        Column("Kết quả", 50),
    ]  # fmt: skip
    rows: list[list[Value]] = [
        [
            group.ward,
            number,
            row.task.content,
            row.task.responsible,
            row.task.partners,
            row.task.due_on,
            task_words(row),
            row.task.done_on,
            row.task.result,
        ]
        for group in made.tasks
        for number, row in enumerate(group.rows, 1)
    ]
    return Table(f"Nhiệm vụ năm {made.year}", columns, rows)
