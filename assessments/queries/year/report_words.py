"""The figures of a report as titled tables of plain values, the same on the page, on paper and in the workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.models import VERDICT_LABELS, CommunityModel
from assessments.money import dong
from assessments.queries.year.report_figures import Figures
from assessments.workflow import ROAD, STATE_LABELS, State

MOST_FAILED = 10
Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One table: its heading row names the columns; the first `words` of them are words, the others numbers.

    `money` marks whole đồng. The last row is a sum where `summed`.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[list[Value]]
    words: int = 1
    money: bool = False
    summed: bool = False


def tables(figures: Figures) -> list[FigureTable]:
    """Everything there is to show of these figures, in the order of the report."""
    if figures.get("kind") == "city":
        return [*_ward(figures["total"]), *by_office(figures)] if figures["total"] else by_office(figures)
    if figures.get("kind") == "agency":
        return [_appraisal(figures), _help(figures)]
    return _ward(figures) if figures else []


def _ward(figures: Figures) -> list[FigureTable]:
    made = [_registered(figures), _standards(figures)]
    if figures["failed"]:
        made.append(_failed(figures))
    return [*made, _year(figures), _models(figures), _money(figures), _tasks(figures)]


def _registered(figures: Figures) -> FigureTable:
    registered, judged = figures["registered"], figures["judged"]
    rows: list[list[Value]] = [
        ["Tổng số tổ dân phố, bản", figures["units"]],
        ["Đăng ký tham gia", registered["total"]],
        ["Trong đó: duy trì", registered["maintain"]],
        ["Trong đó: đạt mới", registered["new"]],
        ["Trong đó: làm điểm", registered["pilot"]],
    ]
    final = (State.RECOGNISED, State.NOT_RECOGNISED)
    rows += [
        [f"Hồ sơ: {_inside(STATE_LABELS[state])}", figures["states"][state.value]]
        for state in ROAD
        if figures["states"][state.value] and state not in final
    ]
    rows += [
        ["Đã đánh giá xong", judged["city"] + judged["self"]],
        ["Trong đó: đủ điều kiện", judged["qualifying"]],
        ["Được công nhận", figures["states"][State.RECOGNISED]],
        ["Không được công nhận", figures["states"][State.NOT_RECOGNISED]],
    ]
    return FigureTable("Đăng ký và kết quả", ("Nội dung", "Số tổ dân phố, bản"), rows)


def _inside(label: str) -> str:
    return label[:1].lower() + label[1:]


def _standards(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [
        [f"{row['number']}. {row['name']}", row["holding"], row["judged"]] for row in figures["standards"]
    ]
    return FigureTable("Kết quả theo tiêu chuẩn", ("Tiêu chuẩn", "Số tổ, bản đảm bảo", "Số tổ, bản đã đánh giá"), rows)


def _failed(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [[row["code"], row["text"], row["units"]] for row in figures["failed"][:MOST_FAILED]]
    return FigureTable("Các tiêu chí chưa đạt nhiều nhất", ("Tiêu chí", "Nội dung", "Số tổ, bản chưa đạt"), rows, 2)


_YEAR = {
    "profiles": "Số tổ dân phố, bản đã có số liệu năm",
    "households": "Tổng số hộ",
    "persons": "Số nhân khẩu",
    "poor_households": "Số hộ nghèo",
    "near_poor_households": "Số hộ cận nghèo",
    "working_age_persons": "Số người trong độ tuổi lao động",
    "business_households": "Số hộ kinh doanh",
}


def _year(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [[label, figures["year"][name]] for name, label in _YEAR.items()]
    return FigureTable("Hộ gia đình, nhân khẩu", ("Nội dung", "Số lượng"), rows)


def _models(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [
        [str(kind.label), figures["models"][kind.value]["count"], figures["models"][kind.value]["households"]]
        for kind in CommunityModel.Kind  # stored objects do not keep their order
    ]
    return FigureTable("Mô hình, tổ tự quản đang hoạt động", ("Loại", "Số lượng", "Số hộ tham gia"), rows)


def _money(figures: Figures) -> FigureTable:
    labels = {"asked": "Dự toán đề nghị", "appraised": "Số thẩm định", "approved": "Số được phê duyệt"}
    rows: list[list[Value]] = [[label, figures["budget"][name]] for name, label in labels.items()]
    return FigureTable("Kinh phí", ("Nội dung", "Số tiền (đồng)"), rows, money=True)


def _tasks(figures: Figures) -> FigureTable:
    labels = {"total": "Nhiệm vụ trong kế hoạch", "done": "Đã hoàn thành", "late": "Quá hạn chưa hoàn thành"}
    rows: list[list[Value]] = [[label, figures["tasks"][name]] for name, label in labels.items()]
    return FigureTable("Nhiệm vụ theo kế hoạch của xã, phường", ("Nội dung", "Số nhiệm vụ"), rows)


def _appraisal(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [
        ["Số mục được phân công thẩm định", figures["assigned"]],
        ["Trong đó: chủ trì", figures["responsible"]],
        ["Số hồ sơ đã tiếp nhận để thẩm định", figures["dossiers"]],
        ["Số hồ sơ cơ quan đã thẩm định đủ các mục", figures["appraised"]],
        ["Tổng số lượt thẩm định", sum(figures["verdicts"].values())],
        *(
            [f"Trong đó: {_inside(label)}", figures["verdicts"][value]]
            for value, label in VERDICT_LABELS.items()
            if value in figures["verdicts"]
        ),
        ["Số lượt khác với tự đánh giá của xã, phường", figures["differing"]],
        ["Số đề nghị giải trình nhận được", figures["asked"]],
        ["Trong đó: đã trả lời", figures["answered"]],
    ]
    return FigureTable("Thẩm định", ("Nội dung", "Số lượng"), rows)


def _help(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [
        ["Số hướng dẫn đã công bố", figures["guidance"]],
        ["Số tổ dân phố, bản được phân công giúp đỡ", figures["helped"]],
        ["Số việc đã giúp đỡ", figures["deeds"]],
        ["Trị giá (đồng)", figures["worth"]],
    ]
    return FigureTable("Hướng dẫn, giúp đỡ cơ sở", ("Nội dung", "Số lượng"), rows)


def by_office(figures: Figures) -> list[FigureTable]:
    """The city's tables with a line for each ward or agency: the appendix of its report."""
    made: list[FigureTable] = []
    if figures["wards"]:
        made += [_by_ward(figures), _standards_by_ward(figures), _money_by_ward(figures)]
    if figures["agencies"]:
        made.append(_by_agency(figures))
    return [*made, _reports(figures)]


def together(figures: Figures) -> list[FigureTable]:
    """The tables in the text of the report: the city's without those of single offices."""
    return tables(figures["total"] if figures.get("kind") == "city" else figures)


def _with_sum(rows: list[list[Value]], words: int = 1) -> list[list[Value]]:
    """The rows and their sum; a column in which nothing is known stays unknown."""
    columns = list(zip(*rows, strict=True))[words:]
    sums: list[Value] = []
    for column in columns:
        known = [value for value in column if isinstance(value, int)]
        sums.append(sum(known) if known else None)
    return [*rows, ["Cộng", *[""] * (words - 1), *sums]]


def _by_ward(figures: Figures) -> FigureTable:
    columns = (
        "Xã, phường",
        "Tổng số",
        "Đăng ký",
        "Duy trì",
        "Đạt mới",
        "Làm điểm",
        "Đủ điều kiện",
        "Công nhận",
        "Không công nhận",
    )
    rows: list[list[Value]] = [
        [
            ward["name"],
            ward["units"],
            *(ward["registered"][name] for name in ("total", "maintain", "new", "pilot")),
            ward["judged"]["qualifying"],
            ward["states"][State.RECOGNISED],
            ward["states"][State.NOT_RECOGNISED],
        ]
        for ward in figures["wards"]
    ]
    return FigureTable("Tổ dân phố, bản theo xã, phường", columns, _with_sum(rows), summed=True)


def _standards_by_ward(figures: Figures) -> FigureTable:
    numbers = [row["number"] for row in figures["wards"][0]["standards"]]
    columns = ("Xã, phường", "Đã đánh giá", *(f"Tiêu chuẩn {number}" for number in numbers))
    rows: list[list[Value]] = [
        [ward["name"], ward["judged"]["city"] + ward["judged"]["self"], *(s["holding"] for s in ward["standards"])]
        for ward in figures["wards"]
    ]
    title = "Số tổ dân phố, bản đảm bảo từng tiêu chuẩn theo xã, phường"
    return FigureTable(title, columns, _with_sum(rows), summed=True)


def _money_by_ward(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [
        [ward["name"], *(ward["budget"][name] for name in ("asked", "appraised", "approved"))]
        for ward in figures["wards"]
    ]
    columns = ("Xã, phường", "Đề nghị (đồng)", "Thẩm định (đồng)", "Phê duyệt (đồng)")
    return FigureTable("Kinh phí theo xã, phường", columns, _with_sum(rows), money=True, summed=True)


def _by_agency(figures: Figures) -> FigureTable:
    columns = (
        "Cơ quan",
        "Mục được giao",
        "Hồ sơ thẩm định đủ",
        "Lượt thẩm định",
        "Khác tự đánh giá",
        "Hướng dẫn",
        "Tổ, bản giúp đỡ",
        "Việc giúp đỡ",
    )
    rows: list[list[Value]] = [
        [
            row["name"],
            row["assigned"],
            row["appraised"],
            sum(row["verdicts"].values()),
            row["differing"],
            row["guidance"],
            row["helped"],
            row["deeds"],
        ]
        for row in figures["agencies"]
    ]
    return FigureTable("Cơ quan, phòng ban của thành phố", columns, rows)


_REPORTED = {"missing": "Chưa gửi", "submitted": "Đã gửi", "returned": "Được trả lại", "accepted": "Đã tiếp nhận"}


def _reports(figures: Figures) -> FigureTable:
    rows: list[list[Value]] = [
        [row["name"], reported(row), date.fromisoformat(row["received_on"]) if row["received_on"] else None]
        for row in figures["reports"]
    ]
    return FigureTable("Tình hình gửi báo cáo", ("Cơ quan, đơn vị", "Tình trạng", "Ngày nhận"), rows, words=3)


def reported(row: Figures) -> str:
    """How far an office's report was: Chưa gửi, quá hạn."""
    late = ""
    if row["late"]:
        late = ", muộn" if row["received_on"] else ", quá hạn"
    return f"{_REPORTED[row['state']]}{late}"


def missing(figures: Figures) -> list[str]:
    """Offices whose report has not come."""
    return [row["name"] for row in figures.get("reports", []) if not row["received_on"]]


def shown(value: Value, *, unknown: str = "") -> str:
    """As Vietnamese writes it: 1.250; 05/6/2025; nothing for what is not known."""
    if value is None:
        return unknown
    if isinstance(value, int):
        return dong(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def chart_of(figures: Figures) -> tuple[list[str], list[int], int] | None:
    """Labels, counts and the whole for a chart of the standards; None while nothing is judged."""
    own: Figures = figures.get("total", figures) if figures.get("kind") == "city" else figures
    standards: Sequence[Any] = own.get("standards", [])
    if not standards or not standards[0]["judged"]:
        return None
    labels = [f"Tiêu chuẩn {row['number']}" for row in standards]
    return labels, [row["holding"] for row in standards], standards[0]["judged"]
