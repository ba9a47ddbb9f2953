"""Reading a Word file back: whether Word opens it without repair, and what it says.

The order lists are those of ECMA-376, part 1, annex A (transitional): Word refuses a file whose properties stand in
another order, LibreOffice does not notice.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from zipfile import ZipFile

import docx
from lxml import etree, html

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
    "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
    "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
    "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tcBorders": "top left start bottom right end insideH insideV tl2br tr2bl",
    "tblCellMar": "top left start bottom right end",
    "tcMar": "top left start bottom right end",
    "pBdr": "top left bottom right between bar",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
    "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
    "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "settings": "writeProtection view zoom removePersonalInformation removeDateAndTime doNotDisplayPageBoundaries "
    "displayBackgroundShape embedTrueTypeFonts defaultTabStop autoHyphenation evenAndOddHeaders "
    "characterSpacingControl compat docVars rsids mathPr themeFontLang clrSchemeMapping decimalSymbol listSeparator",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "docDefaults": "rPrDefault pPrDefault",
}
# What may be there once only.
REPEATED = {"headerReference", "footerReference", "tr", "tc", "compatSetting"}
LETTERS = re.compile(r"\s+", re.UNICODE)
# What the stylesheet puts in front of headings and items.
NUMBERS = re.compile(r"([IVXLC]+|\d+)\.")


def w(name: str) -> str:
    return f"{{{W}}}{name}"


def squeezed(text: str) -> str:
    """Without spaces and marks that have no shape, in composed letters."""
    return LETTERS.sub("", unicodedata.normalize("NFC", text))


class Word:
    """A Word file, opened."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.files = dict(_unpacked(content))
        self.document = docx.Document(BytesIO(content))

    @cached_property
    def trees(self) -> dict[str, etree._Element]:
        """Every XML part, parsed by a strict parser."""
        return {name: etree.fromstring(data) for name, data in self.files.items() if name.endswith((".xml", ".rels"))}

    @property
    def body(self) -> etree._Element:
        found = self.trees["word/document.xml"].find(w("body"))
        assert found is not None
        return found

    @property
    def styles(self) -> etree._Element:
        return self.trees["word/styles.xml"]

    def text(self, tree: etree._Element | None = None) -> str:
        """All words in their order, without spaces."""
        return squeezed("".join((self.body if tree is None else tree).itertext(w("t"))))

    def margin_text(self, kind: str) -> set[str]:
        """What headers ("header") or footers ("footer") say."""
        return {self.text(tree) for name, tree in self.trees.items() if name.startswith(f"word/{kind}")}

    def tables(self) -> list[etree._Element]:
        return list(self.body.iter(w("tbl")))


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    with ZipFile(BytesIO(content)) as opened:
        assert opened.testzip() is None
        for name in opened.namelist():
            yield name, opened.read(name)


def check_opens_without_repair(word: Word) -> None:
    """Order of properties, shape of tables, whole relations: where Word would offer to repair the file."""
    for name, tree in word.trees.items():
        for tag, order in ORDER.items():
            for found in tree.iter(w(tag)):
                check_order(found, order.split(), name)
    for table in word.tables():
        _check_table(table)
    for cell in word.body.iter(w("tc")):
        assert cell[-1].tag == w("p"), "a cell must end with a paragraph"
    children = [child.tag for child in word.body]
    assert children[-1] == w("sectPr") and children.count(w("sectPr")) == 1
    _check_relations(word)
    _check_styles(word)


def check_order(found: etree._Element, order: list[str], where: str) -> None:
    """That the children are known, stand in the schema's order and not twice."""
    names = [etree.QName(child).localname for child in found]
    unknown = [name for name in names if name not in order]
    assert not unknown, f"{where}: {unknown} in {found.tag}"
    places = [order.index(name) for name in names]
    assert places == sorted(places), f"{where}: {found.tag} has {names}"
    single = [name for name in names if name not in REPEATED]
    assert len(single) == len(set(single)), f"{where}: {found.tag} has {names}"


def _check_table(table: etree._Element) -> None:
    """Every row covers the grid, widths add up, merged cells go on under their beginning."""
    widths = [int(column.get(w("w"), "")) for column in table.iterfind(f"{w('tblGrid')}/{w('gridCol')}")]
    assert widths and min(widths) > 0
    size = table.find(f"{w('tblPr')}/{w('tblW')}")
    assert size is not None and int(size.get(w("w"), "")) == sum(widths)
    above: dict[int, int] = {}  # column: span of a merged cell that may go on
    heads = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in table.iterfind(w("tr"))]
    assert heads == sorted(heads, reverse=True), "repeated heads must be the first rows"
    for row in table.iterfind(w("tr")):
        at, merged = 0, {}
        for cell in row.iterfind(w("tc")):
            span_of, width = cell.find(f"{w('tcPr')}/{w('gridSpan')}"), cell.find(f"{w('tcPr')}/{w('tcW')}")
            span = int(span_of.get(w("val"), "")) if span_of is not None else 1
            assert width is not None and int(width.get(w("w"), "")) == sum(widths[at : at + span])
            merge = cell.find(f"{w('tcPr')}/{w('vMerge')}")
            if merge is not None:
                assert merge.get(w("val")) == "restart" or above.get(at) == span, "a merged cell without beginning"
                merged[at] = span
            at += span
        assert at == len(widths), f"a row covers {at} of {len(widths)} columns"
        above = merged


def _check_relations(word: Word) -> None:
    types = word.trees["[Content_Types].xml"]
    known = {row.get("PartName", "").lstrip("/") for row in types} | {row.get("Extension", "") for row in types}
    for name in word.files:
        assert name == "[Content_Types].xml" or name in known or name.rpartition(".")[2] in known, f"no type for {name}"
    identities: dict[str, set[str]] = {}
    for name, tree in word.trees.items():
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            identities[name] = {row.get("Id", "") for row in tree}
            for row in tree:
                assert row.get("TargetMode") != "External", f"{name} names {row.get('Target')}"
                target = row.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                assert path in word.files, f"{name}: {path} is missing"
    used = set(re.findall(rb'r:(?:id|embed)="([^"]+)"', word.files["word/document.xml"]))
    assert {value.decode() for value in used} <= identities["word/_rels/document.xml.rels"]


def _check_styles(word: Word) -> None:
    known = {style.get(w("styleId")) for style in word.styles.iterfind(w("style"))}
    for tree in word.trees.values():
        for tag in ("pStyle", "basedOn"):
            for used in tree.iter(w(tag)):
                assert used.get(w("val")) in known, f"style {used.get(w('val'))} is not there"


def check_font(word: Word) -> None:
    """Times New Roman for every letter of every script, and no theme that would change it; Vietnamese."""
    fonts = [font for tree in word.trees.values() for font in tree.iter(w("rFonts"))]
    assert fonts
    for font in fonts:
        assert dict(font.attrib) == {w(name): "Times New Roman" for name in ("ascii", "hAnsi", "cs", "eastAsia")}
    default = word.styles.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
    assert default is not None and default.find(w("rFonts")) is not None
    language = default.find(w("lang"))
    assert language is not None and language.get(w("val")) == "vi-VN"
    assert not [name for name in word.files if "theme" in name]


def check_properties(word: Word, title: str, author: str) -> None:
    """Title, office, language; no person, no program, no hour."""
    core = word.document.core_properties
    assert (core.title, core.author, core.language) == (title[:255], author[:255], "vi-VN")
    names = sorted(etree.QName(child).localname for child in word.trees["docProps/core.xml"])
    assert names == ["creator", "language", "title"]
    assert not [name for name in word.files if name.startswith(("docProps/app", "docProps/thumb", "customXml"))]
    everything = b"".join(word.files.values()).lower()
    assert b"python" not in everything and b"rsid" not in everything


def check_says_all(word: Word, filled: str) -> None:
    """That every word of the template is in the file, in its order, and nothing else but numbers of headings."""
    tree = html.fromstring(filled)
    for aside in tree.xpath("//div[contains(@class, 'printed')]"):
        assert word.margin_text("footer") == {squeezed(aside.text_content())}
        aside.getparent().remove(aside)
    said, at = word.text(), 0
    extra = []
    for node in tree.find("body").itertext():
        wanted = squeezed(re.sub(r"[\u202a-\u202e\u2066-\u2069]", "", node))
        if wanted:
            found = said.find(wanted, at)
            assert found >= 0, f"missing after {said[max(0, at - 40) : at]!r}: {wanted[:80]!r}"
            extra.append(said[at:found])
            at = found + len(wanted)
    extra.append(said[at:])
    strange = [text for text in extra if text and not NUMBERS.fullmatch(text)]
    assert not strange, f"not in the template: {strange}"


def check_composed(word: Word) -> None:
    """Unicode NFC throughout."""
    for name, data in word.files.items():
        if name.endswith(".xml"):
            assert unicodedata.is_normalized("NFC", data.decode()), name


def check_no_empty_paragraphs(word: Word) -> None:
    """None but lines and the tiny ones that Word wants beside tables; in cells only where the cell is empty."""
    for paragraph in word.body.iterfind(w("p")):
        if not "".join(paragraph.itertext(w("t"))) and paragraph.find(f".//{w('drawing')}") is None:
            style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
            assert style is not None and style.get(w("val")) in ("duong-ke", "khoang-cach")
    first = word.body[0]
    assert first.tag == w("tbl") or word.text(first), "the file begins with an empty paragraph"
