"""What stands in the margins: the page's number from the second page on, and the running texts of all pages."""

from collections.abc import Mapping
from typing import Any

from docx.oxml.ns import qn
from docx.parts.document import DocumentPart

from reports.word import styles
from reports.word.css import Page
from reports.word.xml import element, properties, text_of, twips


def references(part: DocumentPart, page: Page, running: Mapping[str, str]) -> list[Any]:
    """Headers and footers for pages of this kind, as a section names them."""
    corner, foot = (running.get(box.running, "") for box in (page.corner, page.foot))
    made = [
        _reference(part.add_header_part(), "headerReference", "default", _head(page, corner, numbered=True)),
        _reference(part.add_header_part(), "headerReference", "first", _head(page, corner, numbered=False)),
    ]
    if foot:
        for kind in ("default", "first"):
            made.append(_reference(part.add_footer_part(), "footerReference", kind, _foot(foot)))
    return made


def _reference(added: tuple[Any, str], tag: str, kind: str, paragraph: Any) -> Any:
    part, identity = added
    for child in list(part.element):
        part.element.remove(child)
    part.element.append(paragraph)
    made = element(tag, type=kind)
    made.set(qn("r:id"), identity)
    return made


def _head(page: Page, corner: str, *, numbered: bool) -> Any:
    """The number in the middle; with a word in the right corner both stand at tabs."""
    own = [element("pStyle", val=styles.identity(styles.HEADER))]
    number = element("fldSimple", element("r", text_of("2")), instr=" PAGE ") if numbered else None
    if not corner:
        return element("p", properties("pPr", own), number)
    stops = [element("tab", val="center", pos=twips(page.room / 2)), element("tab", val="right", pos=twips(page.room))]
    own += [element("tabs", *stops), element("jc", val="left")]
    look = properties("rPr", styles.letters(page.corner.look, styles.looks()[styles.HEADER]))
    words = element("r", look, element("tab"), text_of(corner))
    return element("p", properties("pPr", own), element("r", element("tab")), number, words)


def _foot(text: str) -> Any:
    own = [element("pStyle", val=styles.identity(styles.FOOTER))]
    return element("p", properties("pPr", own), element("r", text_of(text)))
