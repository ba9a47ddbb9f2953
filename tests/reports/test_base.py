"""What the base template can do and no paper of today does: letters, appendices, several signatures; and the press."""

from dataclasses import dataclass, field
from io import BytesIO

import pytest
from django.template import engines
from pypdf import PdfReader

from reports import fonts, rendering
from reports.offices import Letterhead, Signing
from tests.reports.pdf_archive import check_embedded_fonts, check_pdf_a, elements
from tests.reports.pdf_checks import (
    LEFT,
    Sheets,
    check_component,
    check_draft_marks,
    check_level,
    check_no_clipping,
    check_page_numbers,
    check_repeated_heads,
    check_rule,
    check_signatures_have_company,
    lines,
    said,
)

OFFICE = Letterhead("UBND THÀNH PHỐ LAI CHÂU", ["ỦY BAN NHÂN DÂN", "PHƯỜNG THỬ NGHIỆM"], "UBND", "Thử Nghiệm")
SIGNING = Signing("TM. ỦY BAN NHÂN DÂN", ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "Người Ký")


@dataclass
class Paper:
    """A view model by hand."""

    title: str = "Văn bản thử"
    letterhead: Letterhead = OFFICE
    number_line: str = "Số: 05/UBND-NV"
    place_and_date: str = "Thử Nghiệm, ngày 05 tháng 01 năm 2025"
    draft: bool = False
    addressees: list[str] = field(default_factory=list)
    grounds: list[str] = field(default_factory=list)
    signing: Signing = SIGNING
    receivers: list[str] = field(default_factory=lambda: ["Như trên", "Phòng Nội vụ"])


def sheets(blocks: str, paper: Paper | None = None) -> Sheets:
    """The paper that extends the base with these blocks."""
    source = '{% extends "reports/document.html" %}' + blocks
    filled = engines["django"].from_string(source).render({"d": paper or Paper()})
    return Sheets(rendering.pdf(filled))


def paragraphs(count: int) -> str:
    return "{% block content %}" + "<p>Nội dung của văn bản được trình bày.</p>" * count + "{% endblock %}"


KIND = "{% block kind %}BÁO CÁO{% endblock %}{% block abstract %}Về kết quả đánh giá năm 2025{% endblock %}"
LETTER = (
    '{% block letter %}<div class="letter">V/v nộp hồ sơ đánh giá</div>{% endblock %}{% block heading %}{% endblock %}'
)


def test_letter_says_what_it_is_about_below_its_number() -> None:
    """II.5.b, 5b: 12 to 13 points, upright, 6 points below the number, in its middle; no kind of document."""
    made = sheets(LETTER + paragraphs(2), Paper(addressees=["Phòng Nội vụ"]))
    about = check_component(made, "V/v nộp hồ sơ đánh giá", (12, 13), bold=False, italic=False, caps=False)
    number = made.find("Số: 05/UBND-NV")
    assert abs((about[0].left + about[-1].right) - (number[0].left + number[-1].right)) < 2
    assert 1 <= about[0].top - number[0].bottom <= 4.5  # 6 points are 2.1 mm, and the lines have some room of their own
    check_no_clipping(made)


def test_one_addressee_on_one_line_many_below_the_colon() -> None:
    one = sheets(KIND + paragraphs(2), Paper(addressees=["Phòng Nội vụ"])).find("Kính gửi: Phòng Nội vụ.")
    assert len(lines(one)) == 1
    made = sheets(KIND + paragraphs(2), Paper(addressees=["Phòng Nội vụ", "Phòng Kinh tế", "Công an thành phố"]))
    word = check_component(made, "Kính gửi:", (13, 14), bold=False, italic=False)
    named = [made.find(text) for text in ("- Phòng Nội vụ;", "- Phòng Kinh tế;", "- Công an thành phố.")]
    for dash in (name[0] for name in named):
        assert abs(dash.left - word[-1].left) < 0.7
        assert dash.top > word[-1].bottom - 1


def test_receivers_and_signer() -> None:
    made = sheets(KIND + paragraphs(3))
    word = check_component(made, "Nơi nhận:", (12, 12), bold=True, italic=True)
    capacity = check_component(made, "TM. ỦY BAN NHÂN DÂN", (13, 14), bold=True, caps=True)
    check_level(word, capacity)
    listed = check_component(made, "- Như trên;- Phòng Nội vụ;- Lưu: VT.", (11, 11))
    for letter in (word[0], *(line[0] for line in lines(listed))):
        assert abs(letter.left - LEFT[0]) < 1
    name = check_component(made, "Người Ký", (13, 14), bold=True, caps=False)
    middles = [(found[0].left + found[-1].right) / 2 for found in (capacity, name)]
    assert abs(middles[0] - middles[1]) < 1
    check_rule(made, made.find("PHƯỜNG THỬ NGHIỆM"), (1 / 3, 1 / 2))


def test_headings_of_parts_sections_and_clauses() -> None:
    blocks = (
        '{% block content %}<h2 class="part">Phần I<br>TÌNH HÌNH</h2><h2>Những kết quả</h2>'
        '<h3>1. Phạm vi</h3><p>Một.</p><h2>Hạn chế</h2><h2 class="part">Phần II<br>NHIỆM VỤ</h2>'
        "<h2>Việc cần làm</h2><p>Hai.</p>{% endblock %}"
    )
    made = sheets(KIND + blocks)
    for text in ("Phần I", "TÌNH HÌNH", "Phần II", "NHIỆM VỤ"):
        check_component(made, text, (13, 14), bold=True, centred_in=(30, 194))
    for text in ("I. NHỮNG KẾT QUẢ", "II. HẠN CHẾ", "I. VIỆC CẦN LÀM"):
        check_component(made, text, (13, 14), bold=True, caps=True)
    check_component(made, "1. Phạm vi", (13, 14), bold=True, caps=False)


def appendix(number: str, wide: str = "", rows: int = 60) -> str:
    head = '{% include "reports/partials/appendix_head.html" with number="' + number
    head += '" title="Danh sách tổ dân phố" attached="Kèm theo Báo cáo số 15/BC-UBND ngày 05 tháng 01 năm 2025" %}'
    table = '<table class="grid"><colgroup><col style="width: 20mm"><col></colgroup>'
    table += "<thead><tr><th>Số TT</th><th>Tên gọi</th></tr></thead><tbody>"
    table += '<tr class="row"><td class="c">1</td><td>Tổ dân phố</td></tr>' * rows
    return f'<section class="appendix{wide}">{head}{table}</tbody></table></section>'


def test_appendices_count_their_own_pages() -> None:
    """III.1.b to đ: Phụ lục 14 bold, title in capitals, where it belongs italic; none on the first page."""
    appendices = appendix("I") + appendix("II") + appendix("III", " wide") + appendix("IV", " wide") + appendix("V")
    made = sheets(KIND + paragraphs(60) + "{% block appendices %}" + appendices + "{% endblock %}")
    for number in ("I", "II", "III", "IV", "V"):
        found = [
            page for page in range(1, len(made.sizes) + 1) if said(made.on(page)).startswith(f"Phụlục{number}DANH")
        ]
        assert len(found) == 1
    check_component(made, "Phụ lục I", (14, 14), bold=True, caps=False, centred_in=(30, 194))
    check_component(made, "Danh sách tổ dân phố", (13, 14), bold=True, caps=True, centred_in=(30, 194))
    check_component(made, "(Kèm theo Báo cáo số 15/BC-UBND", (13, 14), italic=True)
    check_page_numbers(made)
    check_no_clipping(made)
    check_repeated_heads(made, ["Số TT Tên gọi"])
    turned = [number for number, (width, height) in enumerate(made.sizes, 1) if width > height]
    assert len(turned) >= 4
    assert said(made.on(turned[0])).startswith("PhụlụcIII")


def test_page_number_checks_can_fail() -> None:
    made = sheets(KIND + paragraphs(80))
    made.margins = [letter for letter in made.margins if letter.page != 2]
    with pytest.raises(AssertionError, match="page 2 shows ''"):
        check_page_numbers(made)


@pytest.mark.parametrize("count", range(22, 34))
def test_signatures_stay_with_the_text_wherever_the_page_ends(count: int) -> None:
    """Two rows of signatures, as under the minutes of a visit."""
    rows = (
        '{% block signatures %}<table class="signatures"><tr><td>THƯ KÝ</td><td>CHỦ TRÌ</td></tr>'
        '<tr class="names"><td>Thư ký một</td><td>Chủ trì một</td></tr></table>'
        '<table class="signatures"><tr><td>ĐẠI DIỆN PHƯỜNG</td><td>TỔ TRƯỞNG</td></tr></table>{% endblock %}'
    )
    made = sheets(KIND + paragraphs(count) + rows)
    for text in ("THƯ KÝ", "ĐẠI DIỆN PHƯỜNG", "Thư ký một"):
        check_signatures_have_company(made, text)
    last = made.on(len(made.sizes))
    assert said(last[:8]) == "Nộidungc"  # a paragraph, not a signature, begins the last page
    assert made.find("THƯ KÝ")[0].page == made.find("ĐẠI DIỆN PHƯỜNG")[0].page


def test_draft_is_marked_on_every_page() -> None:
    check_draft_marks(sheets(KIND + paragraphs(80), Paper(draft=True)), draft=True)
    final = sheets(KIND + paragraphs(80))
    check_draft_marks(final, draft=False)
    with pytest.raises(AssertionError, match="pages marked"):
        check_draft_marks(final, draft=True)


def test_only_tables_of_data_are_tables() -> None:
    made = sheets(KIND + "{% block content %}" + appendix("I", rows=2) + "{% endblock %}")
    check_pdf_a(made.content, tables=True)
    kinds = [kind for kind, _ in elements(PdfReader(BytesIO(made.content)))]
    assert kinds.count("Table") == 1
    assert kinds.count("TH") == 2
    check_pdf_a(sheets(KIND + paragraphs(1)).content, tables=False)


STRANGE = "☐ ☑ ✓ ★ ① ◆ ⅓ Ж Ω א → 😀 ｆｕｌｌ 𝐁 中文 👍 \ue000 a\u0300 \u0007\u202eabc\u202c\u2066 \ufeff‍\ufe0f"


def test_strange_characters_are_printed_in_our_own_fonts_and_never_as_nothing() -> None:
    made = sheets(
        KIND + "{% block content %}<p>Ghi chú: " + STRANGE + " hết.</p><p><b>" + STRANGE + "</b></p>{% endblock %}"
    )
    check_embedded_fonts(made.content)
    check_pdf_a(made.content)
    assert {letter.font.partition("-")[0] for letter in made.letters} == {"Tinos", "DejaVu"}
    made.find("Ghi chú: ☐ ☑ ✓ ★ ① ◆")
    made.find("full B")
    made.find("abc")  # not turned round


def test_clean_keeps_what_can_be_printed() -> None:
    assert fonts.clean("Tổ dân phố số 5: đạt ≥ 98 % ✓") == "Tổ dân phố số 5: đạt ≥ 98 % ✓"
    assert fonts.clean("a\u202eb\x07c\ue000d") == "abc\N{REPLACEMENT CHARACTER}d"
    assert fonts.clean("＜script＞") == "\N{REPLACEMENT CHARACTER}script\N{REPLACEMENT CHARACTER}"
