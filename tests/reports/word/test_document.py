"""The closed vocabulary of the templates, element by element, as Word gets it."""

import re
from base64 import b64encode
from io import BytesIO

import docx
import pytest
from docx.shared import Mm
from lxml import etree
from PIL import Image

from reports import rendering, word
from reports.word import css, measure
from reports.word.looks import Look
from tests.reports.word_checks import (
    Word,
    check_font,
    check_no_empty_paragraphs,
    check_opens_without_repair,
    check_says_all,
    squeezed,
    w,
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><rect width="90" height="90" fill="#888"/></svg>'
)


def page(body: str, body_class: str = "") -> str:
    return (
        "<!doctype html><html lang=vi><head><title>Thử</title><meta name=author content='Phòng Nội vụ'></head>"
        f"<body class='{body_class}'>{body}</body></html>"
    )


def made(body: str) -> Word:
    """The file, which every test here leaves whole."""
    found = Word(word.document(page(body)))
    check_opens_without_repair(found)
    check_font(found)
    return found


def paragraphs(found: Word) -> list[str]:
    return [paragraph.text for paragraph in found.document.paragraphs if paragraph.text]


def styled(found: Word, text: str) -> str:
    style = next(p.style for p in found.document.element.body.iter(w("p")) if text in "".join(p.itertext(w("t"))))
    return str(style)


def of(found: Word, text: str, path: str) -> list[etree._Element]:
    """Properties of the paragraph that says this."""
    paragraph = next(p for p in found.body.iter(w("p")) if text in "".join(p.itertext(w("t"))))
    return list(paragraph.iterfind("/".join(map(w, path.split("/")))))


def test_headings_are_numbered_and_stay_with_what_follows() -> None:
    found = made("<h2>Một</h2><p>a</p><h2>Hai</h2><h3>1. Nhỏ</h3><p>b</p>")
    assert paragraphs(found) == ["I. Một", "a", "II. Hai", "1. Nhỏ", "b"]
    assert [styled(found, text) for text in ("Một", "Nhỏ", "a")] == ["heading-1", "heading-2", "loi-van"]
    heading = found.styles.find(f"{w('style')}[@{w('styleId')}='heading-1']/{w('pPr')}")
    assert heading is not None and heading.find(w("keepNext")) is not None
    assert heading.find(w("outlineLvl")) is not None


def test_body_is_justified_with_the_first_line_in_by_a_centimetre() -> None:
    style = made("<p>a</p>").document.styles["Lời văn"].paragraph_format
    assert style.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.JUSTIFY
    assert abs(style.first_line_indent - Mm(10)) < Mm(0.1)
    assert style.space_after is not None and style.space_after.pt >= 6
    assert 1 <= float(style.line_spacing or 0) <= 1.5


def test_distances_between_two_paragraphs_are_not_added() -> None:
    """CSS takes the larger of two; in the file only one of the neighbours has any."""
    found = made("<p>a</p><h2>Một</h2><p>b</p>")
    before = of(found, "a", "pPr/spacing")
    assert before[0].get(w("after")) == "0"
    assert of(found, "Một", "pPr/spacing") == []  # its style's own


def test_bold_and_other_letters_within_a_line() -> None:
    found = made("<p>một <b>đậm <i>cả hai</i></b> <u>gạch</u> m<sup>2</sup></p>")
    runs = {run.text.strip(): run for run in found.document.paragraphs[0].runs}
    assert runs["đậm"].bold and not runs["đậm"].italic
    assert runs["cả hai"].bold and runs["cả hai"].italic
    assert runs["gạch"].underline and runs["2"].font.superscript
    assert not runs["một"].bold
    assert found.document.paragraphs[0].text == "một đậm cả hai gạch m2"


def test_typed_line_ends_stay_and_others_do_not() -> None:
    found = made("<p class='as-typed'>một\n  hai</p><p>ba\nbốn</p><p>năm<br>sáu</p>")
    assert paragraphs(found) == ["một\nhai", "ba bốn", "năm\nsáu"]


def test_room_for_handwriting_keeps_its_width() -> None:
    room = "\N{NO-BREAK SPACE}" * 6
    found = made(
        f"<table class='letterhead'><tr class='number'><td>Số:{room}/TTr</td></tr></table><p>ngày{room}tháng</p>"
    )
    said = [text.text for text in found.body.iter(w("t"))]
    assert said == [f"Số:{' ' * 6}/TTr", f"ngày{room}tháng"]


def test_items_of_lists() -> None:
    found = made("<ul><li>- một;</li><li>- hai.</li></ul><ol><li>Ba</li><li>Bốn</li></ol>")
    assert paragraphs(found) == ["- một;", "- hai.", "1. Ba", "2. Bốn"]
    assert styled(found, "hai") == "gach-dau-dong"


def test_what_is_unknown_arrives() -> None:
    body = """<custom-x>một</custom-x><section class="la"><blockquote>hai<!-- không --> ba</blockquote></section>
    <dl><dt>bốn</dt><dd>năm</dd></dl><p>sáu <mark class="x">bảy</mark></p>tám<hr>
    <article>chín<div>mười</div>cuối</article>"""
    check_says_all(made(body), page(body))


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b\x0b\x1f\x7f\ufffe", "]]> &lt;/w:t&gt;", "w" * 5000, "مرحبا \u202eđảo\u202c", "a\ud800b", "😀 ☐ 中",
        "e\u0302\u0301",
    ],
    ids=["controls", "markup", "long", "right to left", "half of a pair", "signs", "decomposed"],
)  # fmt: skip
def test_hostile_text_breaks_nothing(text: str) -> None:
    found = made(f"<p>trước {text} sau</p><table class='grid'><tr><td>{text}</td></tr></table>")
    said = found.text()
    assert said.startswith("trước") and "sau" in said
    assert not re.search("[\x00-\x08\x0b\x1f\u202a-\u202e\ud800-\udfff]", said)
    if text.startswith("e"):
        assert "ế" in said


GRID = """<table class="grid"><colgroup><col style="width: 11mm"><col><col style="width: 20mm"><col style="width: 20mm">
<col></colgroup>
<thead><tr><th rowspan="2">TT</th><th rowspan="2">Tên</th><th colspan="2">Kết quả</th><th rowspan="2">Ghi chú</th></tr>
<tr><th>Đạt</th><th>Không</th></tr></thead>
<tbody><tr class="title"><td colspan="5">Phần A</td></tr>
<tr class="row"><td class="c">1</td><td>Tổ 1</td><td class="c">4</td><td class="c"></td><td rowspan="2">gộp
hai dòng</td></tr>
<tr class="row"><td class="c">2</td><td>Tổ 2</td><td class="c">3</td><td class="c">1</td></tr>
<tr class="row total"><td colspan="2">Cộng</td><td class="c">7</td><td class="c">1</td><td></td></tr></tbody></table>"""


def test_table_has_its_columns_and_merged_cells() -> None:
    found = made(GRID)
    table = found.document.tables[0]
    widths = [int(column.get(w("w"))) / 20 / css.MM for column in found.body.iter(w("gridCol"))]
    assert [round(width) for width in widths[:1] + widths[2:4]] == [11, 20, 20]
    assert abs(widths[1] - widths[4]) < 0.1
    assert abs(sum(widths) - css.rules().page("").room / css.MM) < 0.1
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0] == ["TT", "Tên", "Kết quả", "Kết quả", "Ghi chú"]
    assert texts[1] == ["TT", "Tên", "Đạt", "Không", "Ghi chú"]
    assert texts[2] == ["Phần A"] * 5
    assert texts[3][4] == texts[4][4] == "gộp\nhai dòng"
    assert texts[5] == ["Cộng", "Cộng", "7", "1", ""]


def test_rows_of_a_table_on_several_pages() -> None:
    rows = list(made(GRID).tables()[0].iterfind(w("tr")))

    def has(number: int, name: str) -> bool:
        return rows[number].find(f"{w('trPr')}/{w(name)}") is not None

    def stays(number: int) -> bool:
        found = rows[number].findall(f"{w('tc')}/{w('p')}")
        return any(p.find(f"{w('pPr')}/{w('keepNext')}") is not None for p in found)

    assert [has(number, "tblHeader") for number in range(6)] == [True, True, False, False, False, False]
    assert [has(number, "cantSplit") for number in range(2, 6)] == [False, True, True, True]
    assert stays(2), "a title stays with its first row"
    assert not stays(3)
    assert stays(4), "the row before the total stays with it"
    fill = rows[2].find(f"{w('tc')}/{w('tcPr')}/{w('shd')}")
    assert fill is not None and fill.get(w("fill")) == "EEEEEE"
    assert all(run.find(f"{w('rPr')}/{w('b')}") is not None for run in rows[5].iter(w("r")))


def test_lines_only_around_grids() -> None:
    found = made(f"{GRID}<table class='facts'><tr><td>a</td><td>b</td></tr></table>")
    grid, facts = found.tables()
    lines = grid.find(f"{w('tblPr')}/{w('tblBorders')}")
    assert lines is not None and {line.get(w("val")) for line in lines} == {"single"}
    assert facts.find(f"{w('tblPr')}/{w('tblBorders')}") is None
    assert not list(facts.iter(w("tcBorders")))


def test_tables_one_after_another_stay_two() -> None:
    found = made("<table class='grid'><tr><td>a</td></tr></table><table class='grid'><tr><td>b</td></tr></table>")
    assert [child.tag for child in found.body] == [w("tbl"), w("p"), w("tbl"), w("p"), w("sectPr")]
    check_no_empty_paragraphs(found)


def test_broken_table_is_still_a_table() -> None:
    body = """<table class="grid"><tr><td rowspan="9" colspan="x">a</td><td>b</td></tr><tr></tr>
    <tr><td>c</td><td>d</td></tr></table><table></table>
    <table class="grid"><tr><td><table class="grid"><tr><td>trong</td></tr></table></td></tr></table>"""
    check_says_all(made(body), page(body))


def test_signatures_are_kept_together_with_room_to_sign() -> None:
    body = """<p>Hết./.</p><table class="signatures"><tr><td class="receivers"><b>Nơi nhận:</b><br>- Lưu: VT.</td>
    <td>CHỦ TỊCH</td></tr><tr class="names"><td></td><td>Tên</td></tr></table>"""
    found = made(body)
    first = found.tables()[0].find(w("tr"))
    assert first is not None
    height = first.find(f"{w('trPr')}/{w('trHeight')}")
    assert height is not None and int(height.get(w("val"), "")) / 20 / css.MM > 30
    assert first.find(f"{w('trPr')}/{w('cantSplit')}") is not None
    assert of(found, "CHỦ TỊCH", "pPr/keepNext")
    assert [styled(found, text) for text in ("CHỦ TỊCH", "Lưu")] == ["nguoi-ky", "noi-nhan"]


HEAD = """<table class="letterhead"><colgroup><col class="issuer"><col></colgroup>
<tr><td><div class="superior">UBND THÀNH PHỐ</div><div class="office"><span class="ruled">PHÒNG NỘI VỤ</span></div></td>
<td><div class="nation">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</div>
<div class="motto"><span class="ruled">Độc lập - Tự do - Hạnh phúc</span></div></td></tr>
<tr class="number"><td>Số: 15/TTr<br><span class="draft">DỰ THẢO</span></td>
<td class="place-and-date">Lai Châu</td></tr>
</table><h1 class="kind">TỜ TRÌNH</h1>
<div class="abstract"><span class="ruled">Về việc thử</span></div>"""


def test_lines_of_the_heading_are_as_long_as_the_decree_says() -> None:
    found = made(HEAD)
    rules = [p for p in found.body.iter(w("p")) if p.find(f"{w('pPr')}/{w('pBdr')}") is not None]
    lengths = []
    for rule, room in zip(rules, (70, 164 - 70, 164), strict=True):
        indent = rule.find(f"{w('pPr')}/{w('ind')}")
        assert indent is not None
        sides = [int(indent.get(w(side), "")) / 20 for side in ("left", "right")]
        assert abs(sides[0] - sides[1]) < 0.2, "in the middle"
        lengths.append(room * css.MM - sum(sides))
    bold = Look(12, bold=True)
    words = [("PHÒNG NỘI VỤ", 12), ("Độc lập - Tự do - Hạnh phúc", 13), ("Về việc thử", 14)]
    shares = [
        length / (measure.width(text, bold) * size / 12) for length, (text, size) in zip(lengths, words, strict=True)
    ]
    assert abs(shares[1] - 1) < 0.01
    assert all(1 / 3 < share < 1 / 2 for share in (shares[0], shares[2]))


def test_draft_stands_in_a_box() -> None:
    run = next(run for run in made(HEAD).body.iter(w("r")) if "DỰ THẢO" in "".join(run.itertext(w("t"))))
    assert run.find(f"{w('rPr')}/{w('bdr')}") is not None


def test_several_addressees_stand_below_each_other_in_the_middle() -> None:
    body = "<table class='addressees'><tr><td>Kính gửi:</td><td>- Ủy ban nhân dân;<br>- Phòng Nội vụ.</td></tr></table>"
    table = made(body).tables()[0]
    assert [jc.get(w("val")) for jc in table.iterfind(f"{w('tblPr')}/{w('jc')}")] == ["center"]
    width = sum(int(column.get(w("w"), "")) for column in table.iter(w("gridCol"))) / 20 / css.MM
    assert 50 < width < 80


def test_first_page_has_no_number_and_the_others_have() -> None:
    section = made("<p>a</p>").document.sections[0]
    assert section.different_first_page_header_footer
    assert "PAGE" in etree.tostring(section.header._element).decode()
    assert "PAGE" not in etree.tostring(section.first_page_header._element).decode()


def test_page_is_that_of_the_stylesheet() -> None:
    section = made("<p>a</p>").document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    wanted = [round(edge / css.MM) for edge in css.rules().page("").margin]
    found = [section.top_margin, section.right_margin, section.bottom_margin, section.left_margin]
    assert [round(margin.mm) for margin in found] == wanted
    assert 20 <= wanted[0] <= 25 and 15 <= wanted[1] <= 20 and 20 <= wanted[2] <= 25 and 30 <= wanted[3] <= 35


def test_appendices_are_sections_that_count_anew() -> None:
    found = made(
        "<p>a</p><section class='appendix'><h1>Phụ lục I</h1><p>b</p></section>"
        "<section class='appendix wide'><h1>Phụ lục II</h1><table class='grid'><tr><td>c</td></tr></table></section>"
    )
    sections = found.document.sections
    assert [section.orientation for section in sections] == [0, 0, 1]
    assert round(sections[2].page_width.mm) == 297
    starts = [section._sectPr.find(w("pgNumType")) for section in sections]
    assert starts[0] is None
    assert [start.get(w("start")) for start in starts[1:]] == ["1", "1"]
    check_no_empty_paragraphs(found)
    width = sum(int(column.get(w("w"), "")) for column in found.body.iter(w("gridCol")))
    assert abs(width / 20 - css.rules().page("wide").room) < 1


def test_after_an_appendix_the_first_kind_of_page_comes_back() -> None:
    found = made("<section class='appendix wide'><p>a</p></section><p>b</p>")
    assert [section.orientation for section in found.document.sections] == [1, 0]


def test_running_words_stand_in_the_foot_of_every_page() -> None:
    body = "<div class='printed'>Số liệu đến 10:00</div><p>a</p>"
    found = made(body)
    assert found.margin_text("footer") == {squeezed("Số liệu đến 10:00")}
    assert found.text() == "a"


def test_drawing_becomes_a_picture_with_its_words() -> None:
    data = b64encode(SVG.encode()).decode()
    found = made(f"<p><img alt='Biểu đồ: 87 %' src='data:image/svg+xml;base64,{data}' style='width: 100mm'></p>{SVG}")
    shapes = found.document.inline_shapes
    assert [round(shape.width.mm) for shape in shapes] == [100, 79]
    assert round(shapes[0].height.mm) == 40
    assert shapes[0]._inline.docPr.get("descr") == "Biểu đồ: 87 %"
    assert len({shape._inline.docPr.id for shape in shapes}) == 2
    picture = next(data for name, data in found.files.items() if name.endswith(".png"))
    with Image.open(BytesIO(picture)) as opened:
        assert opened.width == pytest.approx(300 * 0.75 / 72 * rendering.DRAWING_DOTS, abs=2)


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "http://127.0.0.1/a.png", "data:image/png;base64,AAAA", "data:text/plain,a",
               "data:image/svg+xml,nothing", "data:image/svg+xml,<svg></svg>", "data:image/png;base64,%%%", ""],
)  # fmt: skip
def test_picture_that_is_none_leaves_its_words(source: str) -> None:
    found = made(f"<p>trước <img alt='lời thay hình' src='{source}'></p>")
    assert found.document.paragraphs[0].text == "trước lời thay hình"
    assert not found.document.inline_shapes


@pytest.mark.parametrize("drawing", ["", "<p>", "<svg width='0' height='1'>", "<svg width='9999999' height='2'/>"])
def test_what_is_no_drawing_is_refused(drawing: str) -> None:
    with pytest.raises(ValueError, match="Hình vẽ"):
        rendering.svg_png(drawing)


def test_equal_html_gives_equal_bytes() -> None:
    assert word.document(page(GRID)) == word.document(page(GRID))


def test_fingerprint_tells_this_writer_from_the_press() -> None:
    assert word.fingerprint() != rendering.fingerprint()
