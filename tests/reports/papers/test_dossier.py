"""The dossier on paper: complete, in the decree's layout, nothing cut off, nothing let in."""

import pytest

from assessments.models import Assessment, Layer
from assessments.scoring import Outcome
from reports import queries
from reports.papers import dossier
from tests.reports.conftest import HOSTILE, LONG_NOTE, LONG_WORD, Printed, printed, squeezed

# Also where only the dossiers printed once are looked at: it makes pytest-django set up the test database.
pytestmark = pytest.mark.django_db


def test_every_entry_stands_with_code_text_note_and_figures(draft: Printed) -> None:
    for entry in draft.record.table:
        stored = draft.record.stored(Layer.SELF, entry)
        assert squeezed(f"{entry.code}{entry.text}") in draft.text, entry.key
        assert squeezed(stored.note) in draft.text, entry.key
    assert squeezed("Số hộ thực hiện: 190/198 (95,95 %); yêu cầu ≥ 98 %.") in draft.text
    assert squeezed("Số hộ vi phạm: 3/198 (1,51 %); ngưỡng ≥ 10 %.") in draft.text
    assert squeezed("Đã chọn “Đạt”, theo số liệu tính “Không đạt”.") in draft.text


def test_long_notes_and_long_words_are_complete(draft: Printed) -> None:
    assert len(LONG_NOTE) > 1990
    assert squeezed(LONG_NOTE) in draft.text
    assert LONG_WORD in draft.text


def test_evidence_is_listed_and_named_at_its_entry(draft: Printed) -> None:
    for line in (
        "1Tiêu chí 1.1Biên bản họp.pdfTự đánh giá1,5 MB",
        "2Tiêu chí 3.4ảnh ra quân <Chủ nhật xanh>.pdfTự đánh giá1,5 MB",
        "3Trường hợp 4Báo cáo số 15/BC-CB ngày 05/9/2025Tự đánh giáBản giấy",
        "Minh chứng số 3.",
    ):
        assert squeezed(line) in draft.text
    by = draft.record.evidence[0].added_by
    assert squeezed(str(by)) in draft.text


def test_hostile_text_is_printed_as_it_was_typed(draft: Printed) -> None:
    assert squeezed(HOSTILE) in draft.text
    assert not any(page.images for page in draft.reader.pages)


def test_head_of_the_document(draft: Printed) -> None:
    first = squeezed(draft.pages[0])
    for text in (
        "UBND THÀNH PHỐ LAI CHÂU",
        "ỦY BAN NHÂN DÂN PHƯỜNG QUYẾT THẮNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Quyết Thắng, ngày tháng năm 2025",
        "PHIẾU ĐÁNH GIÁ",
        "Tổ 5, phường Quyết Thắng",
        "Căn cứ Kế hoạch số 604/KH-UBND ngày 28 tháng 02 năm 2025 của Ủy ban nhân dân thành phố Lai Châu về",
        "Căn cứ Kế hoạch số 922/KH-UBND",
        "Ghi chú áp dụng: Năm 2025 áp dụng bộ tiêu chí năm 2020.",
        "Đăng ký: đạt mới",
        "Số nhân khẩu: 1.250 người",
        "Số hộ kinh doanh: chưa có số liệu",
        "DỰ THẢO",
    ):
        assert squeezed(text) in first, text


def test_result_and_reasons_of_the_draft(draft: Printed) -> None:
    for text in (
        "Tự đánh giá: Chưa đủ điều kiện (tạm tính), mới đánh giá 82/83 mục",
        "Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.3).",
        "Để đủ điều kiện cần ít nhất: thêm 1 tiêu chí ở tiêu chuẩn 1.",
        "Số tiêu chí đạt3/4Cần 4; thiếu 1. Chưa đạt: 1.3.",
        "Không áp dụng",
        "Hội đồng chưa họp",
    ):
        assert squeezed(text) in draft.text, text


def test_draft_says_when_it_was_printed_and_what_it_is(draft: Printed) -> None:
    for page in draft.pages:
        assert squeezed("trạng thái: Đang tự đánh giá") in squeezed(page)


def test_decided_dossier_carries_council_and_decision_and_no_mark(decided: Printed) -> None:
    assert "DỰTHẢO" not in decided.text
    assert "Sốliệuđến" not in decided.text
    for text in (
        "Hội đồng họp ngày 08 tháng 9 năm 2025 tại Hội trường UBND phường; tổng số 9 thành viên, có mặt 8, "
        "tán thành 7/8 phiếu.",
        "Kết luận của cuộc họp: Nhất trí đề nghị thành phố công nhận.",
        "Quyết định số 1234/QĐ-UBND ngày 09 tháng 6 năm 2025 của Ủy ban nhân dân thành phố Lai Châu: Công nhận.",
        "Kết quả thẩm định: Đủ điều kiện",
        "TRƯỞNG BẢN",
        "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
        "Nơi nhận: - Phòng Nội vụ thành phố Lai Châu; - Bản 2; - Lưu: VT.",
    ):
        assert squeezed(text) in decided.text, text


def test_layers_stand_side_by_side(decided: Printed) -> None:
    rows = [row for grid in dossier.build(decided.record, None).grids for part in grid.parts for row in part.rows]
    assert {tuple(row.verdicts) for row in rows} == {("Đạt", "Đạt", "")}


def test_whole_page_is_a4_portrait_throughout(draft: Printed) -> None:
    for page in draft.reader.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_only_tinos_is_used_and_embedded(draft: Printed, decided: Printed) -> None:
    names = set()
    for page in [*draft.reader.pages, *decided.reader.pages]:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert "/FontFile2" in descriptor
            names.add(str(font["/BaseFont"]).partition("+")[2])
    assert names == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}


def test_page_numbers_stand_in_the_top_margin_from_page_two(draft: Printed) -> None:
    above: dict[int, list[tuple[float, float]]] = {}
    for page, left, bottom, right, _ in draft.boxes:
        if bottom > 297 - 20 and left < 140:  # to the right of it a draft says DỰ THẢO
            above.setdefault(page, []).append((left, right))
    assert sorted(above) == list(range(2, len(draft.pages) + 1))
    middle = 30 + (210 - 30 - 16) / 2
    for page, letters in above.items():
        assert len(letters) == len(str(page))
        assert abs((min(letters)[0] + max(letters)[1]) / 2 - middle) < 1
        assert str(page) in draft.pages[page - 1].split()


@pytest.mark.parametrize("which", ["draft", "decided"])
def test_nothing_leaves_the_margins(which: str, request: pytest.FixtureRequest) -> None:
    shown: Printed = request.getfixturevalue(which)
    for page, left, bottom, right, top in shown.boxes:
        assert left >= 29.8, (page, left)
        assert right <= 210 - 15, (page, right)
        assert bottom >= 10, (page, bottom)
        assert top <= 297 - 10, (page, top)


def test_header_row_is_repeated_where_the_table_goes_on(draft: Printed) -> None:
    heads = {"tc": "Nội dung tiêu chí", "nd": "Nội dung tự quản"}
    found = 0
    for page in map(squeezed, draft.pages):
        for entry in draft.record.table:
            head = heads.get(entry.key[:2])
            if head and squeezed(entry.text) in page:
                found += 1
                assert squeezed(f"Số TT{head}") in page, entry.key
    assert found == 80


def test_title_language_and_author(draft: Printed) -> None:
    reader = draft.reader
    assert reader.metadata is not None
    assert reader.metadata.title == "Hồ sơ đánh giá Tổ 5, phường Quyết Thắng, năm 2025"
    assert reader.metadata.author == "Ủy ban nhân dân phường Quyết Thắng"
    assert reader.trailer["/Root"]["/Lang"] == "vi"


def test_a_fresh_assessment_prints_too(assessment: Assessment) -> None:
    """Nothing assessed, no figures of the year, no authority known."""
    shown = printed(assessment)
    assert squeezed("Tự đánh giá: Chưa đủ điều kiện (tạm tính), mới đánh giá 0/83 mục") in shown.text
    assert shown.text.count("Chưađánhgiá") >= 83
    assert squeezed("Chưa có minh chứng.") in shown.text


def test_results_are_read_not_reckoned(assessment: Assessment) -> None:
    """What the summary stores is what the paper says, even where it were wrong."""
    [record] = queries.records(Assessment.objects.filter(pk=assessment.pk))
    stored = record.outcomes[Layer.SELF].as_dict()
    stored["standards"][0] |= {"met": 4, "holds": True, "unassessed": []}
    record.outcomes[Layer.SELF] = Outcome.from_dict(stored)
    made = dossier.build(record, None)
    assert made.overview[0].results[0] == "4/4; đủ"
    assert made.grids[0].parts[0].totals[0] == "4/4"
