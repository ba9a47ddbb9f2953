"""Every paper against decree 30/2020/NĐ-CP, appendix I, part I, whatever is written in it.

The papers are those of the registry, printed in a world with the longest names: one added later is checked by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from lxml import html
from pytest_django import DjangoDbBlocker

from reports import registry
from reports.models.files import Format
from tests.reports import world_of_papers as worlds
from tests.reports.pdf_archive import check_embedded_fonts, check_pdf_a
from tests.reports.pdf_checks import (
    LEFT,
    RIGHT,
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
    squeezed,
)

pytestmark = pytest.mark.django_db
# Papers with a form of their own (a certificate), and why: fonts, archive and overlaps are checked, the form is not.
OWN_LAYOUT = {"giay-cong-nhan": "a certificate is none of the decree's documents: it has a form of its own"}
# What is put together from papers checked here and from pages that others made has tests of its own.
PDF_PAPERS = [paper for paper in registry.PAPERS if Format.PDF in paper.formats and not paper.compose]


@dataclass(frozen=True)
class Row:
    """A component: where the template has it, the type the decree gives it, where the decree says so."""

    name: str
    path: str  # XPath in the filled template
    least: float
    largest: float
    bold: bool | None
    italic: bool
    caps: bool | None
    source: str


def _has(name: str) -> str:
    return f"contains(concat(' ', @class, ' '), ' {name} ')"


TABLE = (
    Row("Quốc hiệu", f"//*[{_has('nation')}]", 12, 13, True, False, True, "II.1.a; V, mẫu chữ 1"),
    Row("Tiêu ngữ", f"//*[{_has('motto')}]", 13, 14, True, False, False, "II.1.b; V, 1"),
    Row("Cơ quan chủ quản", f"//*[{_has('superior')}]", 12, 13, False, False, True, "II.2.b; V, 2"),
    Row("Cơ quan ban hành", f"//*[{_has('office')}]", 12, 13, True, False, True, "II.2.b; V, 2"),
    Row("Số, ký hiệu", f"//tr[{_has('number')}]/td[1]/text()[1]", 13, 13, False, False, None, "II.3.c; V, 3"),
    Row("Địa danh, thời gian", f"//*[{_has('place-and-date')}]", 13, 14, False, True, False, "II.4.c; V, 4"),
    Row("Tên loại", f"//h1[{_has('kind')}]", 13, 14, True, False, True, "II.5.b; V, 5a"),
    Row("Trích yếu", f"//div[{_has('abstract')}]", 13, 14, True, False, False, "II.5.b; V, 5a"),
    Row("Trích yếu công văn", f"//*[{_has('letter')}]", 12, 13, False, False, False, "II.5.b; V, 5b"),
    Row("Căn cứ", f"//*[{_has('grounds')}]/p", 13, 14, False, True, False, "II.6.a"),
    Row("Lời văn", "//body/p[not(@class) or @class='as-typed']/text()", 13, 14, False, False, None, "II.6.e; V, 6"),
    Row("Lời văn", "//ul/li", 13, 14, False, False, None, "II.6.e; V, 6"),
    Row("Phần", f"//h2[{_has('part')}]", 13, 14, True, False, None, "II.6.đ; V, 6b"),
    Row("Mục", "//h2[not(@class)]", 13, 14, True, False, True, "V, 6b: số thứ tự và tiêu đề của mục"),
    Row("Khoản có tiêu đề", "//h3", 13, 14, True, False, None, "V, 6b"),
    Row("Kính gửi", f"//*[{_has('addressees')}]", 13, 14, False, False, False, "II.9.d; V, 8a"),
    Row(
        "Quyền hạn, chức vụ, họ tên", f"//table[{_has('signatures')}]//td[not({_has('receivers')})]/text()",
        13, 14, True, False, None, "II.7.đ; V, 7",
    ),
    Row("Từ Nơi nhận", f"//*[{_has('receivers')}]/b", 12, 12, True, True, False, "II.9.d; V, 8b"),
    Row("Nơi nhận", f"//*[{_has('receivers')}]/text()", 11, 11, False, False, None, "II.9.d; V, 8b"),
    Row("Phụ lục", f"//h1[{_has('appendix-number')}]", 14, 14, True, False, False, "III.1.b; V, 9"),
    Row("Tên phụ lục", f"//*[{_has('appendix-title')}]", 13, 14, True, False, True, "III.1.b; V, 9"),
    Row("Chỉ dẫn kèm theo", f"//*[{_has('attached-to')}]", 13, 14, False, True, False, "III.1.c"),
)  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """A paper on the table of whoever checks it."""

    printed: worlds.Printed
    sheets: Sheets

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.printed.html)


@pytest.fixture(scope="module")
def papers(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[Copy]]]:
    """Every paper, printed once or twice for all tests of this module."""
    folder: Path = tmp_path_factory.mktemp("papers")
    with (
        override_settings(DOCUMENT_ROOT=folder / "documents", MEDIA_ROOT=folder / "evidence"),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        world = worlds.longest()
        made = {
            paper.code: [Copy(printed, Sheets(printed.pdf)) for printed in world.printed(paper)] for paper in PDF_PAPERS
        }
        transaction.set_rollback(True)
    yield made


@pytest.fixture(params=[f"{paper.code} {which}" for paper in PDF_PAPERS for which in ("latest", "earlier")])
def copy(request: pytest.FixtureRequest, papers: dict[str, list[Copy]]) -> Copy:
    """The paper of the thing furthest along, and of one before it."""
    code, _, which = request.param.partition(" ")
    copies = papers[code]
    if which == "earlier" and len(copies) < 2:
        pytest.skip("one such thing in this world")
    return copies[0 if which == "latest" else 1]


@pytest.fixture
def official(copy: Copy) -> Copy:
    """A paper in the decree's form."""
    if copy.printed.paper.code in OWN_LAYOUT:
        pytest.skip(OWN_LAYOUT[copy.printed.paper.code])
    return copy


def texts(copy: Copy, path: str) -> list[str]:
    """What the template says there: text nodes and elements, without emptiness."""
    found = copy.tree.xpath(path)
    told = [node if isinstance(node, str) else node.text_content() for node in found]
    return [text for text in told if squeezed(text).strip("/.…:;-")]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name} ({row.source})")
def test_type_of_each_component(official: Copy, row: Row) -> None:
    for text in texts(official, row.path):
        check_component(
            official.sheets, printable(text), (row.least, row.largest), bold=row.bold, italic=row.italic, caps=row.caps
        )


def printable(text: str) -> str:
    """As the press cleans it; of long text the beginning, which no page break parts."""
    from reports.fonts import clean

    return squeezed(clean(text))[:60]


def test_every_component_of_the_table_occurs(papers: dict[str, list[Copy]]) -> None:
    """Otherwise the test above could not fail for it."""
    missing = {
        row.name for row in TABLE if not any(texts(copy, row.path) for copies in papers.values() for copy in copies)
    }
    assert missing <= {"Trích yếu công văn", "Phần", "Phụ lục", "Tên phụ lục"}  # checked in test_base.py


def test_page_and_nothing_clipped(copy: Copy) -> None:
    check_no_clipping(copy.sheets, margins=copy.printed.paper.code not in OWN_LAYOUT)


def test_page_numbers(official: Copy) -> None:
    check_page_numbers(official.sheets)


def test_draft_is_marked(official: Copy) -> None:
    check_draft_marks(official.sheets, official.printed.view.draft)


def test_heads_of_tables_repeat(official: Copy) -> None:
    heads = [head.text_content() for head in official.tree.xpath("//table//thead")]
    check_repeated_heads(official.sheets, heads)


def test_archive_and_fonts(copy: Copy) -> None:
    check_pdf_a(copy.printed.pdf, tables=bool(copy.tree.xpath("//th")), heading=bool(copy.tree.xpath("//h1")))
    check_embedded_fonts(copy.printed.pdf)


def test_rules_below_motto_office_and_abstract(official: Copy) -> None:
    """II.1.b: as long as the text; II.2.b and II.5.b: a third to a half of it."""
    for path, shares in (("motto", (1, 1)), ("office", (1 / 3, 1 / 2)), ("abstract", (1 / 3, 1 / 2))):
        for element in official.tree.xpath(f"//*[{_has(path)}][.//*[{_has('ruled')}]]"):
            if element.text_content().strip():
                check_rule(official.sheets, official.sheets.find(element.text_content()), shares)


def test_heading_is_centred(official: Copy) -> None:
    """II.4.c: place and date below the middle of national title and motto; II.5.b: kind and abstract on the page."""
    sheets = official.sheets
    for name in ("kind", "abstract"):
        for text in texts(official, f"//*[{_has(name)}]"):
            check_component(sheets, text, (13, 14), bold=True, centred_in=(LEFT[0], sheets.sizes[0][0] - 16))
    titles = texts(official, f"//*[{_has('nation')}]")
    if titles:
        nation = sheets.find(titles[0])
        assert len(lines(nation)) == 1, "national title on two lines"
        middle = (nation[0].left, nation[-1].right)
        for text in ["Độc lập - Tự do - Hạnh phúc", *texts(official, f"//*[{_has('place-and-date')}]")]:
            for line in lines(sheets.find(text)):
                assert abs(line[0].left + line[-1].right - sum(middle)) / 2 < 1.5, said(line)


def test_paragraphs_begin_one_centimetre_in(official: Copy) -> None:
    """II.6.e: first line in by 1 or 1.27 cm, then both margins."""
    for paragraph in official.tree.xpath("//body/p[not(@class)]"):
        if len(squeezed(paragraph.text or "")) > 12 and not squeezed(paragraph.text).startswith("…"):
            starts = {
                round(found[0].left - LEFT[0], 1) for found in official.sheets.find_all(printable(paragraph.text))
            }
            assert any(9.7 <= start <= 10.3 or 12.4 <= start <= 13 for start in starts), (paragraph.text, starts)


def test_receivers_are_level_with_the_signer_and_at_the_edge(official: Copy) -> None:
    """II.9.d: on the line of the signer's capacity, at the left margin, the dashes too."""
    sheets = official.sheets
    for cell in official.tree.xpath(f"//table[{_has('signatures')}]//td[{_has('receivers')}]"):
        word = sheets.find("Nơi nhận:")
        signer = cell.getnext().text_content().strip()
        check_level(word, sheets.find(signer))
        for line in lines(sheets.find(cell.text_content())):
            if line[0].text in "N-":
                assert abs(line[0].left - LEFT[0]) < 1, said(line)


def test_addressees_below_the_colon(official: Copy) -> None:
    """II.9.d: the dashes stand in one line below the colon."""
    for cell in official.tree.xpath(f"//table[{_has('addressees')}]//td[2]"):
        colon = official.sheets.find("Kính gửi:")[-1]
        starts = [line[0] for line in lines(official.sheets.find(cell.text_content())) if line[0].text == "-"]
        assert starts and all(abs(dash.left - colon.left) < 1 and dash.top > colon.top for dash in starts)


def test_signatures_never_stand_alone(official: Copy) -> None:
    for table in official.tree.xpath(f"//table[{_has('signatures')}]"):
        for cell in table.xpath(f".//tr[1]/td[not({_has('receivers')})]"):
            if squeezed(cell.text_content()):
                check_signatures_have_company(official.sheets, cell.text_content())


def test_margins_are_the_decrees(official: Copy) -> None:
    """I.3: the least distances are kept by test_page_and_nothing_clipped; here that none is wider than allowed."""
    width = official.sheets.sizes[0][0]
    upright = [number for number, size in enumerate(official.sheets.sizes, 1) if size[0] == width]
    drawn = (*official.sheets.strokes, *official.sheets.letters)
    right = max(thing.right for thing in drawn if thing.page in upright)  # type: ignore[type-var]
    assert RIGHT[0] - 0.5 <= width - right <= RIGHT[1]
