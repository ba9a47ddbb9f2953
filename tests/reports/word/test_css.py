"""The stylesheet as Word understands it."""

from xml.etree.ElementTree import fromstring

import pytest

from reports.word import css
from reports.word.looks import POINTS, SINGLE, Look
from reports.word.model import Break, Text
from reports.word.reading import numeral
from reports.word.spaces import settled


def look(sheet: str, tree: str) -> Look:
    """The look of the innermost first element."""
    rules, at, found = css.parse(sheet), css.wrapped(fromstring(tree)), Look()  # noqa: S314
    found = rules.look(at, found)
    while children := list(at.iter_children()):
        at = children[0]
        found = rules.look(at, found)
    return found


def test_stronger_rule_holds_whatever_its_place() -> None:
    assert (
        look(".a .b { font-size: 11pt } td { font-size: 9pt }", "<table class='a'><td class='b'/></table>").size == 11
    )
    assert look("td { font-size: 9pt !important } .b { font-size: 11pt }", "<td class='b'/>").size == 9
    assert look("th { font-weight: normal }", "<th/>").bold is False


def test_letters_pass_on_and_boxes_do_not() -> None:
    found = look("div { font: italic bold 14pt/1.5 Tinos; margin: 6pt; text-align: center }", "<div><p/></div>")
    assert (found.size, found.bold, found.italic, found.line, found.align) == (14, True, True, 1.5, "center")
    assert found.margin == (0, 0, 0, 0)


def test_font_names_what_it_does_not_say_ordinary() -> None:
    found = look("div { font-style: italic } p { font: 12pt Tinos }", "<div><p/></div>")
    assert (found.italic, found.bold, found.line) == (False, False, SINGLE)


@pytest.mark.parametrize(
    ("value", "edges"),
    [("1pt", (1, 1, 1, 1)), ("1pt 2pt", (1, 2, 1, 2)), ("1pt 2pt 3pt", (1, 2, 3, 2)), ("1pt 2pt 3pt 4pt", (1, 2, 3, 4)),
     ("10mm", (10 * POINTS["mm"],) * 4), ("2em", (26,) * 4)],
)  # fmt: skip
def test_shorthands_and_units(value: str, edges: tuple[float, ...]) -> None:
    assert look(f"p {{ padding: {value} }}", "<p/>").padding == pytest.approx(edges)


def test_lines_are_never_closer_than_single() -> None:
    assert look("p { line-height: 1 }", "<p/>").line == SINGLE


def test_style_of_the_element_itself_goes_first() -> None:
    assert look("p { width: 5mm }", "<p style='width: 11mm'/>").width == (11, "mm")


def test_named_page_begins_as_the_unnamed_one() -> None:
    rules = css.parse("@page { margin: 20mm 15mm } @page side { size: A4 landscape } @page :first { margin: 0 }")
    plain, side = rules.page(""), rules.page("side")
    assert plain.margin == side.margin == pytest.approx([edge * css.MM for edge in (20, 15, 20, 15)])
    assert (plain.width, plain.height) == (side.height, side.width)


def test_whatever_css_says_is_read() -> None:
    """A rule that this reader does not understand is no error."""
    css.parse(
        "@media print { p { color: red } } p:hover > a::first-line { x: y } @page x { @unknown { a: b } } p { ; }"
    )


def texts(*pieces: str | None, kept: bool = False) -> str:
    given = [Break() if piece is None else Text(piece, Look(keeps_lines=kept)) for piece in pieces]
    return "".join("|" if isinstance(piece, Break) else getattr(piece, "text", "") for piece in settled(given))


def test_spaces() -> None:
    assert texts("  a \n\t b ", " c  ") == "a b c"
    assert texts("a ", None, "  b", None) == "a|b"
    assert texts("a \n b\n", kept=True) == "a|b"
    assert texts("a\n\nb", kept=True) == "a||b"
    assert texts("a\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}b") == "a\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}b"
    assert texts(" ", "  ") == ""


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (4, "upper-roman", "IV"),
        (19, "lower-roman", "xix"),
        (2, "lower-alpha", "b"),
        (3, "upper-alpha", "C"),
        (12, "", "12"),
    ],
)
def test_numerals(number: int, style: str, text: str) -> None:
    assert numeral(number, style) == text
