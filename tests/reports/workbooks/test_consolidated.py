"""The consolidated table, reopened: everything the screen shows is in it, in its place and type."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import User
from assessments.models import Assessment, Layer, Plan
from assessments.self_assessment import NewAnswer
from criteria import spec
from localities.models import Ward
from reports import offices, queries, wording
from reports.papers.city_table import CityTable
from reports.workbooks import consolidated
from tests import factories
from tests.reports import data
from tests.reports.conftest import Printed, open_with_figures

# Also where only the dossiers printed once are looked at: it makes pytest-django set up the test database.
pytestmark = pytest.mark.django_db

HEAD = 5  # the row of codes


def made(plan: Plan, ward: Ward | None, layer: Layer, records: list[queries.Record]) -> CityTable:
    return CityTable(plan, ward, layer, records, None, offices.Letterhead("", [], "", ""))


def table(records: list[queries.Record], layer: Layer = Layer.SELF, ward: Ward | None = None) -> Workbook:
    plan = records[0].assessment.plan
    return load_workbook(BytesIO(consolidated.workbook(made(plan, ward, layer, records))))


@pytest.fixture(scope="module")
def book(draft: Printed) -> Workbook:
    return table([draft.record])


def by_head(sheet: Worksheet, head: int = 1) -> list[dict[str, object]]:
    """The rows below the header row by column title."""
    rows = list(sheet.iter_rows(min_row=head, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def overview(book: Workbook) -> dict[str, object]:
    return by_head(book["Tổng hợp"], HEAD)[0]


def test_overview_has_every_criterion_content_and_case(book: Workbook, draft: Printed) -> None:
    codes = [cell.value for cell in book["Tổng hợp"][HEAD]]
    criteria = [entry.code for standard in draft.record.table.standards for entry in standard.entries]
    assert len(criteria) == 41
    assert [code for code in codes if code in criteria] == criteria
    assert codes.count("Cộng") == 6
    assert codes[-14:-4] == [f"ND{n}" for n in range(1, 7)] + [f"TH{n}" for n in range(1, 5)]
    assert len(set(codes)) == len(codes) - 5


def test_overview_shows_the_stored_verdicts(book: Workbook, draft: Printed) -> None:
    row = overview(book)
    for standard in draft.record.table.standards:
        for entry in standard.entries:
            assert row[entry.code] == wording.SIGNS.get(draft.record.value(Layer.SELF, entry)), entry.code
    assert (row["1.1"], row["1.3"], row["2.2"], row["TH1"]) == ("Đ", "K", None, "Không")
    assert (row["Kết quả"], row["Trạng thái"]) == ("Chưa đủ điều kiện (tạm tính)", "Đang tự đánh giá")


def test_counts_are_numbers_that_read_as_so_many_of_so_many(book: Workbook) -> None:
    sheet = book["Tổng hợp"]
    heads = {cell.value: cell.column for cell in sheet[HEAD]}
    unit = sheet[HEAD + 1]
    content = unit[heads["ND2"] - 1]
    assert (content.value, content.number_format) == (7, '0"/7"')  # one of eight is not applicable
    first_sum = next(unit[cell.column - 1] for cell in sheet[HEAD] if cell.value == "Cộng")
    assert (first_sum.value, first_sum.data_type, first_sum.number_format) == (3, "n", '0"/4"')
    assert (unit[heads["Đã đánh giá"] - 1].value, unit[heads["Đã đánh giá"] - 1].number_format) == (82, '0"/83"')


def test_full_texts_stand_behind_the_codes(book: Workbook, draft: Printed) -> None:
    noted = {cell.value: cell.comment.text for cell in book["Tổng hợp"][HEAD] if cell.comment}
    listed = [row[2] for row in book["Ghi chú"].iter_rows(values_only=True)]
    for standard in draft.record.table.standards:
        for entry in standard.entries:
            assert noted[entry.code]
    assert noted["2.8"] == "Không để xảy ra tình trạng họp chợ tự phát."
    assert "Không để xảy ra tình trạng họp chợ tự phát." in listed
    assert any("Năm 2025 áp dụng bộ tiêu chí năm 2020." in str(row[0].value) for row in book["Ghi chú"].iter_rows())


def test_overview_is_set_up_for_work_and_print(book: Workbook) -> None:
    sheet = book["Tổng hợp"]
    assert sheet.freeze_panes == "D6"
    assert sheet.auto_filter.ref.startswith(f"A{HEAD}:")
    assert sheet.auto_filter.ref.endswith(str(HEAD + 1))
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.print_title_cols == "$A:$C"
    assert "NĂM 2025" in sheet["A1"].value
    assert "Kế hoạch số 604/KH-UBND ngày 28 tháng 02 năm 2025" in sheet["A2"].value
    assert {str(area) for area in sheet.merged_cells.ranges} >= {"A4:E4", "F4:J4"}


def test_every_answer_of_the_screen_comes_back(book: Workbook, draft: Printed) -> None:
    rows = {row["Mục"]: row for row in by_head(book["Chi tiết"])}
    words = {spec.EntryKind.CRITERION: "Tiêu chí", spec.EntryKind.ITEM: "Mục", spec.EntryKind.CASE: "Trường hợp"}
    assert len(rows) == 84
    for entry in draft.record.table:
        row, stored = rows[f"{words[entry.kind]} {entry.code}"], draft.record.stored(Layer.SELF, entry)
        assert row["Nội dung"] == entry.text
        assert row["Tự đánh giá"] == (wording.verdict(stored.value) or None)
        assert row["Ghi chú tự đánh giá"] == (stored.note or None)
    assert rows["Tiêu chí 1.3"]["Số liệu"] == "Số hộ thực hiện: 190/198 (95,95 %)"
    assert rows["Tiêu chí 1.3"]["Giải thích"] == "Đã chọn “Đạt”, theo số liệu tính “Không đạt”."
    assert rows["Tiêu chí 3.4"]["Minh chứng"] == "ảnh ra quân <Chủ nhật xanh>.pdf"
    assert rows["Trường hợp 4"]["Minh chứng"] == "Báo cáo số 15/BC-CB ngày 05/9/2025"


def test_figures_come_back_as_numbers(book: Workbook, draft: Printed) -> None:
    rows = by_head(book["Số liệu"])
    given = sum(len(draft.record.stored(Layer.SELF, entry).figures) for entry in draft.record.table)
    assert len(rows) == given > 10
    kept = next(row for row in rows if row["Mục"] == "Tiêu chí 1.3")
    assert (kept["Số đạt"], kept["Tổng số"], kept["Tỷ lệ"], kept["Yêu cầu, ngưỡng"]) == (190, 198, 0.9595, "≥ 98 %")


def test_evidence_comes_back(book: Workbook) -> None:
    rows = by_head(book["Minh chứng"])
    assert [(row["Mục"], row["Tên tệp"], row["Tên, số ký hiệu văn bản"]) for row in rows] == [
        ("Tiêu chí 1.1", "Biên bản họp.pdf", None),
        ("Tiêu chí 3.4", "ảnh ra quân <Chủ nhật xanh>.pdf", None),
        ("Trường hợp 4", None, "Báo cáo số 15/BC-CB ngày 05/9/2025"),
    ]
    assert [row["Dung lượng (byte)"] for row in rows] == [1_572_864, 1_572_864, None]


def test_result_of_every_part_comes_back(book: Workbook) -> None:
    rows = {row["Phần"]: row for row in by_head(book["Kết quả từng phần"])}
    assert len(rows) == 12
    first = rows["Tiêu chuẩn 1"]
    assert [first[name] for name in ("Số đạt", "Số áp dụng", "Cần", "Thiếu")] == [3, 4, 4, 1]
    assert (first["Kết quả"], first["Chưa đạt"]) == ("Chưa đủ", "1.3")
    assert rows["Tiêu chuẩn 2"]["Chưa đánh giá"] == "2.2"


def test_unit_comes_back_with_its_year_and_reasons(book: Workbook) -> None:
    [row] = by_head(book["Đơn vị"])
    assert (row["Tổng số hộ"], row["Số nhân khẩu"], row["Số hộ kinh doanh"]) == (198, 1250, None)
    assert "Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.3)." in str(row["Tự đánh giá: lý do"])
    assert row["Hội đồng: ngày họp"] is None


def test_council_decision_and_the_effective_layer_come_back(decided: Printed) -> None:
    book = table([decided.record], Layer.EFFECTIVE)
    row = overview(book)
    assert (row["1.1"], row["4.1"], row["Kết quả"], row["Trạng thái"]) == ("Đ", "Đ", "Đủ điều kiện", "Đã công nhận")
    [unit] = by_head(book["Đơn vị"])
    assert unit["Hội đồng: ngày họp"].date() == date(2025, 9, 8)  # type: ignore[attr-defined]
    assert (unit["Hội đồng: tán thành"], unit["Hội đồng: có mặt"]) == (7, 8)
    assert (unit["Quyết định số"], unit["Nội dung quyết định"]) == ("1234/QĐ-UBND", "Công nhận mới")


def test_notes_that_look_like_formulas_stay_notes(officer: User, assessment: Assessment) -> None:
    data.fill(officer, assessment, {"tc-1.2": NewAnswer("met", "=cmd|' /C calc'!A1"), "tc-2.8": NewAnswer("", "@x")})
    data.attach(officer, assessment, "tc-1.2", "=1+1.pdf")
    book = table(queries.records(Assessment.objects.all()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    starts = tuple("=+-@\t")
    assert all(cell.quotePrefix for cell in cells if isinstance(cell.value, str) and cell.value.startswith(starts))
    assert {"=cmd|' /C calc'!A1", "@x", "=1+1.pdf"} <= {cell.value for cell in cells}


def test_city_is_ordered_by_ward_and_unit(db: None) -> None:
    plan = factories.PlanFactory(year=2025)
    second, first = factories.WardFactory(position=2), factories.WardFactory(position=1)
    for ward, name in ((second, "Tổ 1"), (first, "Tổ 10"), (first, "Tổ 2")):
        open_with_figures(factories.UnitFactory(ward=ward, name=name), plan)
    book = table(queries.records(Assessment.objects.all()))
    rows = by_head(book["Tổng hợp"], HEAD)
    assert [(row["Xã, phường"], row["Tổ dân phố, bản"]) for row in rows[:3]] == [
        (str(first), "Tổ 2"),
        (str(first), "Tổ 10"),
        (str(second), "Tổ 1"),
    ]
    assert book["Tổng hợp"].cell(HEAD + 3, 1).border.top.style == "medium"
    assert str(rows[3]["Xã, phường"]).startswith("Số đạt/3")
    assert rows[3]["1.1"] == 0


def test_a_plan_without_units_says_so(plan: Plan) -> None:
    plan.refresh_from_db()
    book = load_workbook(BytesIO(consolidated.workbook(made(plan, None, Layer.SELF, []))))
    assert book["Tổng hợp"].cell(HEAD + 1, 1).value == "Chưa có tổ dân phố, bản nào đăng ký."
