"""PDF/A-2a as far as it can be told from the file's structure.

This is no validator: veraPDF checks some hundred rules of ISO 19005-2, these are the ones a writer of papers can break
by a template, a stylesheet or a new version of WeasyPrint.
"""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ByteStringObject, ContentStream, DictionaryObject, TextStringObject

OWN_FAMILIES = ("Tinos", "DejaVu-Sans", "DejaVuSans")
_XMP = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "NonStruct", "P", "H1", "H2", "H3", "L", "LI",
    "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Link", "Figure", "Form",
}  # fmt: skip


def elements(reader: PdfReader) -> Iterator[tuple[str, DictionaryObject]]:
    """Every element of the structure with its type."""
    waiting: list[Any] = [reader.root_object["/StructTreeRoot"].get_object()]
    while waiting:
        node = waiting.pop()
        if isinstance(node, DictionaryObject):
            if "/S" in node:
                yield str(node["/S"])[1:], node
            kids = node.get("/K", [])
            kids = kids.get_object() if hasattr(kids, "get_object") else kids
            for kid in kids if isinstance(kids, ArrayObject | list) else [kids]:
                waiting.append(kid.get_object() if hasattr(kid, "get_object") else kid)


def check_pdf_a(content: bytes, *, tables: bool | None = None, heading: bool = True) -> None:
    """Declared and built as PDF/A-2a, in Vietnamese, with a title. `tables`: whether it has tables of data.

    `heading`: whether it has one; a letter (công văn) has none by the decree.
    """
    reader = PdfReader(BytesIO(content))
    root = reader.root_object
    assert content.startswith(b"%PDF-1.7")
    assert not reader.is_encrypted
    assert len(reader.trailer["/ID"]) == 2
    meta = ElementTree.fromstring(root["/Metadata"].get_object().get_data())  # noqa: S314 - our own file
    assert _said(meta, "pdfaid:part") == "2"
    assert _said(meta, "pdfaid:conformance") == "A"
    title = "".join(meta.find(".//dc:title", _XMP).itertext()).strip()
    assert title, "no title"
    assert title == reader.metadata.title
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(root["/Lang"]) == "vi"
    _check_colours(root)
    _check_nothing_active(reader)
    assert root["/MarkInfo"]["/Marked"]
    kinds = Counter(kind for kind, _ in elements(reader))
    assert bool(kinds["H1"]) is heading and kinds["P"], f"no heading or no paragraph: {kinds}"
    assert set(kinds) <= _STANDARD, f"unknown structure: {set(kinds) - _STANDARD}"
    assert tables is None or bool(kinds["Table"]) is tables, f"tables: {kinds['Table']}"
    for kind, element in elements(reader):
        if kind == "TH":
            assert element["/A"].get_object()["/Scope"] in ("/Column", "/Row"), "a heading of nothing"
        if kind == "Table":
            assert any(below == "TH" for below, _ in _below(element)), "a table without headings"


def _said(meta: ElementTree.Element, name: str) -> str | None:
    """A property of the XMP, written as attribute or element."""
    prefix, _, local = name.partition(":")
    key = f"{{{_XMP[prefix]}}}{local}"
    for node in meta.iter():
        if key in node.attrib:
            return node.attrib[key]
        if node.tag == key:
            return (node.text or "").strip()
    return None


def _below(element: DictionaryObject) -> Iterator[tuple[str, DictionaryObject]]:
    kids = element.get("/K", [])
    for kid in kids.get_object() if hasattr(kids, "get_object") else kids:
        node = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(node, DictionaryObject) and "/S" in node:
            yield str(node["/S"])[1:], node
            yield from _below(node)


def _check_colours(root: DictionaryObject) -> None:
    """One output intent with its profile, so that colours mean the same on every machine."""
    [intent] = (item.get_object() for item in root["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1"
    profile = intent["/DestOutputProfile"].get_object()
    assert profile["/N"] in (1, 3, 4)
    assert profile.get_data()[36:40] == b"acsp", "not a colour profile"


def _check_nothing_active(reader: PdfReader) -> None:
    """No script, no action, no address outside, no attached file."""
    root = reader.root_object
    assert "/AA" not in root and "/AcroForm" not in root
    assert not reader.attachments
    names = root.get("/Names", DictionaryObject()).get_object()
    assert "/JavaScript" not in names
    for page in reader.pages:
        assert "/AA" not in page
        for annotation in page.get("/Annots", []):
            action = annotation.get_object().get("/A", {})
            assert action.get("/S") in (None, "/GoTo"), f"an action: {action}"
        _check_opaque(page)
    for thing in _objects(reader):
        assert thing.get("/S") != "/JavaScript" and "/JS" not in thing
        assert not getattr(thing.get("/Interpolate"), "value", False), "a picture that asks to be smoothed"


def _check_opaque(page: DictionaryObject) -> None:
    """Nothing shines through: no alpha, no soft mask, no blending."""
    states = page["/Resources"].get("/ExtGState", DictionaryObject()).get_object()
    for state in (value.get_object() for value in states.values()):
        assert float(state.get("/ca", 1)) == 1 and float(state.get("/CA", 1)) == 1, "transparent"
        assert state.get("/SMask", "/None") == "/None"
        assert state.get("/BM", "/Normal") == "/Normal"


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    for number in range(1, int(reader.trailer["/Size"])):
        thing = reader.get_object(number)
        if isinstance(thing, DictionaryObject):
            yield thing


# Fonts


def fonts(content: bytes) -> dict[str, DictionaryObject]:
    """Every font that a page or something drawn on it can use, by its name."""
    found: dict[str, DictionaryObject] = {}
    waiting: list[Any] = [page["/Resources"] for page in PdfReader(BytesIO(content)).pages]
    seen: set[int] = set()
    while waiting:
        resources = waiting.pop().get_object()
        if id(resources) in seen:
            continue
        seen.add(id(resources))
        for font in resources.get("/Font", DictionaryObject()).get_object().values():
            found[str(font.get_object()["/BaseFont"])[1:]] = font.get_object()
        for drawn in resources.get("/XObject", DictionaryObject()).get_object().values():
            if "/Resources" in drawn.get_object():
                waiting.append(drawn.get_object()["/Resources"])
    return found


def check_embedded_fonts(content: bytes) -> None:
    """Every font is in the file, has its table of characters, is one of ours; no letter without shape is drawn."""
    found = fonts(content)
    assert found
    for name, font in found.items():
        assert re.fullmatch(r"[A-Z]{6}\+.+", name), f"{name} is no subset"
        assert name.partition("+")[2].startswith(OWN_FAMILIES), f"{name} is of this machine"
        assert "/ToUnicode" in font, f"{name} cannot be copied"
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        descriptor = inner["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), f"{name} is not embedded"
    assert not _shapeless(content), "letters without shape (.notdef)"


def _shapeless(content: bytes) -> int:
    """How many glyphs of number 0 the pages draw."""
    reader, count = PdfReader(BytesIO(content)), 0
    for page in reader.pages:
        for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
            if operator in (b"Tj", b"TJ"):
                strings = operands[0] if operator == b"TJ" else operands
                for item in strings:
                    if isinstance(item, ByteStringObject | TextStringObject):
                        raw = item.original_bytes
                        count += sum(raw[at : at + 2] == b"\0\0" for at in range(0, len(raw), 2))
    return count
