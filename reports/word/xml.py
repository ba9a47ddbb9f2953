"""Elements of WordprocessingML with their children in the order of its schema (ECMA-376, part 1, annex A)."""

from collections.abc import Iterable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

ORDER = {
    name: {child: at for at, child in enumerate(children.split())}
    for name, children in {
        "w:pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr shd tabs spacing ind jc "
        "outlineLvl rPr sectPr",
        "w:rPr": "rFonts b bCs i iCs caps noProof color sz szCs u bdr shd vertAlign lang",
        "w:tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
        "w:trPr": "cantSplit trHeight tblHeader",
        "w:tcPr": "tcW gridSpan vMerge tcBorders shd tcMar vAlign",
        "w:sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
        "w:style": "name basedOn next uiPriority semiHidden unhideWhenUsed qFormat pPr rPr tblPr",
    }.items()
}
TWIPS = 20  # in a point


def twips(points: float) -> int:
    return round(points * TWIPS)


def element(tag: str, *children: Any, **attributes: object) -> Any:
    """<w:tag w:attribute="value">children</w:tag>; children that are None are left out."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(child for child in children if child is not None)
    return made


def properties(tag: str, children: Iterable[Any]) -> Any:
    """The element with these children put in order; None, to be left out, where there are none."""
    given = [child for child in children if child is not None]
    if not given:
        return None
    order = ORDER[f"w:{tag}"]
    return element(tag, *sorted(given, key=lambda child: order[child.tag.rpartition("}")[2]]))


def switch(tag: str, on: bool) -> Any:
    """A property that is there or is switched off by name."""
    return element(tag) if on else element(tag, val=0)


def text_of(text: str) -> Any:
    """The w:t of a run."""
    made = element("t")
    made.text = text
    if text != text.strip():
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made
