"""Every paper that comes as Word: the file itself, and what LibreOffice makes of it against the decree's table.

The components, their types and the checks of a page are those of the PDF (test_decree.py): one decree, two writers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, takewhile

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from lxml import html
from pytest_django import DjangoDbBlocker

from accounts.models import User
from reports import fonts, making, registry, rendering, store, word
from reports.models.files import Format
from tests.reports import office
from tests.reports import world_of_papers as worlds
from tests.reports.pdf_checks import (
    LEFT,
    Sheets,
    Stroke,
    check_component,
    check_draft_marks,
    check_no_clipping,
    check_page_numbers,
    check_repeated_heads,
    check_rule,
    check_signatures_have_company,
    squeezed,
)
from tests.reports.test_decree import OWN_LAYOUT, TABLE, Row
from tests.reports.word_checks import (
    Word,
    check_composed,
    check_font,
    check_no_empty_paragraphs,
    check_opens_without_repair,
    check_properties,
    check_says_all,
    w,
)

pytestmark = pytest.mark.django_db
WORD_PAPERS = [paper for paper in registry.PAPERS if Format.WORD in paper.formats]


@dataclass(frozen=True)
class Copy:
    """A paper in Word, with what it was made of and what LibreOffice prints of it."""

    paper: registry.Paper
    view: object
    html: str
    word: Word
    sheets: Sheets

    @property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.html)

    def texts(self, path: str) -> list[str]:
        found = self.tree.xpath(path)
        told = [node if isinstance(node, str) else node.text_content() for node in found]
        return [text for text in told if squeezed(text).strip("/.…:;-")]


@pytest.fixture(scope="module")
def papers(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Copy]]:
    """Every paper in a plain world and in that of the longest names, converted in one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("word")
    made: dict[str, tuple[registry.Paper, object, str, bytes]] = {}
    with override_settings(DOCUMENT_ROOT=folder / "documents", MEDIA_ROOT=folder / "evidence"):
        for world in (worlds.plain, worlds.longest):
            with django_db_blocker.unblock(), transaction.atomic():
                found = world()
                for paper in WORD_PAPERS:
                    if copy := next(found.copies(paper), None):
                        made[f"{world.__name__}-{paper.code}"] = (paper, *_written(paper, *copy))
                transaction.set_rollback(True)
    printed = office.to_pdf({name: content for name, (*_, content) in made.items()}, folder / "office")
    yield {
        name: Copy(paper, view, filled, Word(content), Sheets(printed[name]))
        for name, (paper, view, filled, content) in made.items()
    }


def _written(paper: registry.Paper, person: User, thing: object) -> tuple[object, str, bytes]:
    ids = registry.ids(registry.subject(thing))
    with time_machine.travel(worlds.NOW, tick=False):
        view = paper.read(person, ids)
        document = making.make(person, paper, ids, Format.WORD)
        return view, making.html(paper, view), store.read(document.file)


@pytest.fixture(params=[f"{world}-{paper.code}" for world in ("plain", "longest") for paper in WORD_PAPERS])
def copy(request: pytest.FixtureRequest, papers: dict[str, Copy]) -> Copy:
    assert request.param in papers, "nobody can print it: give the world such a thing (world_of_papers.py)"
    return papers[request.param]


@pytest.fixture
def official(copy: Copy) -> Copy:
    if copy.paper.code in OWN_LAYOUT:
        pytest.skip(OWN_LAYOUT[copy.paper.code])
    return copy


def test_word_opens_it_without_repair(copy: Copy) -> None:
    check_opens_without_repair(copy.word)
    check_no_empty_paragraphs(copy.word)


def test_every_word_of_the_pdf_is_in_word(copy: Copy) -> None:
    check_says_all(copy.word, copy.html)
    check_composed(copy.word)


def test_font_language_and_properties(copy: Copy) -> None:
    check_font(copy.word)
    author = copy.tree.xpath("string(//meta[@name='author']/@content)")
    assert author
    check_properties(copy.word, " ".join(copy.tree.findtext(".//title").split()), " ".join(author.split()))


def test_equal_paper_gives_equal_bytes(copy: Copy) -> None:
    assert word.document(copy.html) == copy.word.content


def test_nothing_is_clipped_or_in_a_margin(copy: Copy) -> None:
    check_no_clipping(copy.sheets)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name} ({row.source})")
def test_type_of_each_component(official: Copy, row: Row) -> None:
    for text in official.texts(row.path):
        check_component(
            official.sheets, drawn(text), (row.least, row.largest), bold=row.bold, italic=row.italic, caps=row.caps
        )


def drawn(text: str) -> str:
    """The beginning of a text up to the first sign that the PDF's fonts lack: Word takes one of its own for it."""
    plain = "".join(takewhile(lambda char: fonts.clean(char) == char, text))
    return squeezed(plain)[:60] or squeezed(fonts.clean(text))[:1]


def test_page_numbers(official: Copy) -> None:
    check_page_numbers(official.sheets)


def test_draft_is_marked(official: Copy) -> None:
    official.sheets.strokes += frames(official.sheets.strokes)
    check_draft_marks(official.sheets, official.view.draft)  # type: ignore[attr-defined]


def frames(strokes: list[Stroke]) -> list[Stroke]:
    """Boxes around a few words: LibreOffice draws their four sides one by one."""
    level = sorted((s for s in strokes if s.bottom - s.top < 0.5), key=lambda s: (s.page, s.top))
    return [
        Stroke(above.page, above.left, above.right, above.top, below.bottom)
        for above, below in combinations(level, 2)
        if above.page == below.page and 3 < below.top - above.top < 10
        and abs(above.left - below.left) < 0.3 and abs(above.right - below.right) < 0.3
    ]  # fmt: skip


def test_heads_of_tables_repeat(official: Copy) -> None:
    heads = [head.text_content() for head in official.tree.xpath("//table//thead")]
    check_repeated_heads(official.sheets, heads)


def _has(name: str) -> str:
    return f"contains(concat(' ', @class, ' '), ' {name} ')"


def test_rules_below_motto_office_and_abstract(official: Copy) -> None:
    for name, shares in (("motto", (1, 1)), ("office", (1 / 3, 1 / 2)), ("abstract", (1 / 3, 1 / 2))):
        for element in official.tree.xpath(f"//*[{_has(name)}][.//*[{_has('ruled')}]]"):
            if element.text_content().strip():
                check_rule(official.sheets, official.sheets.find(element.text_content()), shares)


def test_heading_is_centred(official: Copy) -> None:
    for name in ("kind", "abstract"):
        for text in official.texts(f"//*[{_has(name)}]"):
            check_component(
                official.sheets, text, (13, 14), bold=True, centred_in=(LEFT[0], official.sheets.sizes[0][0] - 16)
            )


def test_signatures_are_not_alone(official: Copy) -> None:
    for text in official.texts(f"(//table[{_has('signatures')}])[1]//td[not({_has('receivers')})][1]/text()")[:1]:
        check_signatures_have_company(official.sheets, text)


def test_pages_are_about_those_of_the_pdf(copy: Copy) -> None:
    """The same text in the same type takes the same room; LibreOffice breaks lines a little otherwise."""
    pages = rendering.page_count(rendering.pdf(copy.html))
    assert abs(len(copy.sheets.sizes) - pages) <= max(1, pages // 10)


def test_table_columns_are_those_of_the_template(copy: Copy) -> None:
    """Widths in mm as the paper's colgroup says."""
    found = [table for table in copy.word.tables() if table.find(f".//{w('tblHeader')}") is not None]
    wanted = copy.tree.xpath(f"//table[{_has('grid')}][thead]")
    assert len(found) == len(wanted)
    for table, element in zip(found, wanted, strict=True):
        widths = [int(column.get(w("w"))) / 20 / 72 * 25.4 for column in table.iter(w("gridCol"))]
        for width, col in zip(widths, element.xpath("colgroup/col"), strict=True):
            style = col.get("style", "")
            if "mm" in style:
                assert abs(width - float(style.partition("width:")[2].partition("mm")[0])) < 0.2
