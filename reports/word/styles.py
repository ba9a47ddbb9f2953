"""Word's named styles: what the clerk finds in the list of styles, each looking as the stylesheet says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import cssselect2

from reports.files import plain
from reports.word import css
from reports.word.looks import SINGLE, Look
from reports.word.xml import element, properties, switch, twips

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
NORMAL = "Normal"
HEADER, FOOTER, RULE, SPACE = "header", "footer", "Đường kẻ", "Khoảng cách"
SINGLE_LINE = 240  # Word's unit for single spacing


@dataclass(frozen=True, slots=True)
class Named:
    """A style: its name, whose style it is (CSS), and the elements of an example from the outside in."""

    name: str
    selector: str
    example: str
    outline: int | None = None


# Names that Word knows itself are English; it shows them in the language of its menus.
NAMED = (
    Named("Lời văn", "p", "p"),
    Named("Gạch đầu dòng", "li", "ul li"),
    Named("heading 1", "h2", "h2", outline=0),
    Named("heading 2", "h3", "h3", outline=1),
    Named("heading 3", "h4", "h4", outline=2),
    Named("Title", "h1", "h1.kind"),
    Named("Trích yếu", ".abstract", "div.abstract"),
    Named("Số, ký hiệu", ".letterhead .number td", "table.letterhead tr.number td"),
    Named("Địa danh, ngày tháng", ".letterhead .place-and-date", "table.letterhead tr.number td.place-and-date"),
    Named("Quốc hiệu", ".nation", "table.letterhead tr td div.nation"),
    Named("Tiêu ngữ", ".motto", "table.letterhead tr td div.motto"),
    Named("Cơ quan cấp trên", ".superior", "table.letterhead tr td div.superior"),
    Named("Cơ quan ban hành", ".office", "table.letterhead tr td div.office"),
    Named("Số phụ lục", ".appendix-number", "section.appendix h1.appendix-number"),
    Named("Tên phụ lục", ".appendix-title", "section.appendix div.appendix-title"),
    Named("Kính gửi", ".addressees", "p.addressees"),
    Named("Kính gửi nhiều nơi", "table.addressees td", "table.addressees tr td"),
    Named("Căn cứ", ".grounds p", "div.grounds p"),
    Named("Kèm theo văn bản", ".attached-to", "p.attached-to"),
    Named("Thông tin chung", ".facts td", "table.facts tr td"),
    Named("Chữ trong bảng", ".grid td", "table.grid tbody tr td"),
    Named("Số trong bảng", ".grid .c", "table.grid tbody tr td.c"),
    Named("Đầu bảng", ".grid th", "table.grid thead tr th"),
    Named("Người ký", ".signatures td", "table.signatures tr td"),
    Named("Nơi nhận", ".receivers, .signatures .receivers", "table.signatures tr td.receivers"),
    Named("Mã kiểm tra", ".chain-head", "p.chain-head"),
)


@lru_cache(maxsize=1)
def _matcher() -> cssselect2.Matcher:
    matcher = cssselect2.Matcher()
    for named in NAMED:
        for selector in cssselect2.compile_selector_list(named.selector):
            matcher.add_selector(selector, named.name)
    return matcher


def name_of(found: cssselect2.ElementWrapper | None) -> str:
    """The style of a paragraph in this element: its own, or that of the nearest element around with one."""
    while found is not None:
        names = [payload for *_, payload in _matcher().match(found)]
        if names:
            return str(names[-1])
        found = found.parent
    return NORMAL


@lru_cache(maxsize=1)
def looks() -> dict[str, Look]:
    """How paragraphs of each style look, margins included."""
    page = css.rules().page("")
    base = _example("")
    found = {named.name: _example(named.example) for named in NAMED}
    found[NORMAL] = base
    found[HEADER] = replace(page.number.look, align="center", padding=base.padding)
    found[FOOTER] = replace(page.foot.look, padding=base.padding)
    found[RULE] = Look(1, line=SINGLE)
    found[SPACE] = Look(1, line=SINGLE)
    return found


def _example(path: str) -> Look:
    """The look of the innermost of these elements in an empty paper."""
    root = Element("html")
    node = SubElement(root, "body")
    for step in path.split():
        tag, *classes = step.split(".")
        node = SubElement(node, tag)
        if classes:
            node.set("class", " ".join(classes))
    look = Look()
    rules, at = css.rules(), css.wrapped(root)
    look = rules.look(at, look)
    while children := list(at.iter_children()):
        at = children[0]
        look = rules.look(at, look)
    return look


def identity(name: str) -> str:
    """The style's id in the file."""
    return name if name == NORMAL else plain(name)


def fill(root: Any) -> None:
    """Make these the styles of a document (its w:styles), and no others."""
    for child in list(root):
        root.remove(child)
    fonts = element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)
    language = element("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi=LANGUAGE)
    base = looks()[NORMAL]
    size = [element("sz", val=round(base.size * 2)), element("szCs", val=round(base.size * 2))]
    root.append(
        element(
            "docDefaults",
            element("rPrDefault", properties("rPr", [fonts, *size, language])),
            element("pPrDefault", properties("pPr", [spacing(SINGLE, 0, 0)])),
        )
    )
    root.append(_bare("paragraph", NORMAL, identity(NORMAL), *_formatting(base, None), quick=True))
    root.append(_bare("character", "Default Paragraph Font", "DefaultParagraphFont", hidden=True))
    root.append(_bare("table", "Normal Table", "TableNormal", _normal_table(), hidden=True))
    root.append(_bare("numbering", "No List", "NoList", hidden=True))
    outlines = {named.name: named.outline for named in NAMED}
    for name, look in looks().items():
        if name != NORMAL:
            based = element("basedOn", val=identity(NORMAL))
            made = _formatting(look, outlines.get(name))
            root.append(_bare("paragraph", name, identity(name), based, *made, quick=name in outlines, default=False))


def _formatting(look: Look, outline: int | None) -> Iterator[Any]:
    level = None if outline is None else element("outlineLvl", val=outline)
    keep = element("keepNext") if look.keep_next else None
    yield properties(
        "pPr",
        [keep, spacing(look.line, look.margin[0], look.margin[2]), indent(look.indent), alignment(look), level],
    )
    yield properties("rPr", [element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT), *letters(look, None)])


def _bare(
    kind: str, name: str, identity: str, *children: Any, hidden: bool = False, quick: bool = False, default: bool = True
) -> Any:
    flags = [element("uiPriority", val=99 if hidden else 1)]
    flags += [element("semiHidden"), element("unhideWhenUsed")] if hidden else []
    flags += [element("qFormat")] if quick else []
    made = properties("style", [element("name", val=name), *flags, *children])
    made.tag = element("style").tag
    attributes = {"type": kind, "styleId": identity} | ({"default": 1} if default else {"customStyle": 1})
    if not default and name in ("Title", HEADER, FOOTER, "heading 1", "heading 2", "heading 3"):
        del attributes["customStyle"]
    source = element("style", **attributes)
    for key, value in source.items():
        made.set(key, value)
    return made


def _normal_table() -> Any:
    edges = {edge: element(edge, w=0, type="dxa") for edge in ("top", "left", "bottom", "right")}
    return properties("tblPr", [element("tblInd", w=0, type="dxa"), element("tblCellMar", *edges.values())])


def spacing(line: float, before: float, after: float) -> Any:
    """Lines as a multiple of single spacing, room before and after the paragraph."""
    tall = max(round(SINGLE_LINE * line / SINGLE), SINGLE_LINE)
    return element("spacing", before=twips(before), after=twips(after), line=tall, lineRule="auto")


def indent(first: float, left: float = 0, right: float = 0) -> Any:
    """The first line's indent and those of the whole paragraph."""
    which = {"firstLine": twips(first)} if first >= 0 else {"hanging": twips(-first)}
    return element("ind", left=twips(left), right=twips(right), **which)


def alignment(look: Look) -> Any:
    return element("jc", val={"justify": "both"}.get(look.align, look.align))


def letters(look: Look, base: Look | None) -> list[Any]:
    """Properties of letters: all of them, or only those in which `look` is not as `base`."""
    made: list[Any] = []
    for tag, name in (("b", "bold"), ("i", "italic"), ("caps", "caps")):
        on = getattr(look, name)
        if on != getattr(base, name) if base else on:
            made += [switch(tag, on), *([] if tag == "caps" else [switch(f"{tag}Cs", on)])]
    if base is None or look.size != base.size:
        made += [element(tag, val=round(look.size * 2)) for tag in ("sz", "szCs")]
    if look.colour != (base.colour if base else "000000"):
        made.append(element("color", val=look.colour))
    if look.underline:
        made.append(element("u", val="single"))
    if look.raised:
        made.append(element("vertAlign", val={"super": "superscript", "sub": "subscript"}[look.raised]))
    if base is not None and any(look.border):
        made.append(element("bdr", val="single", sz=eighths(max(look.border)), space=1, color=look.colour))
    return made


def eighths(points: float) -> int:
    """A line's thickness in Word's unit; never thinner than half a point."""
    return max(round(points * 8), 4)
