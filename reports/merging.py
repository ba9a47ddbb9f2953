"""Several PDFs in one volume: pages, bookmarks, structure of the own papers, and a number on every sheet."""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from reports.fonts import FACES

# What a page of somebody else's PDF may not bring along: links, fields, actions, and a place in a structure it left.
STRIPPED = ("/Annots", "/AA", "/A", "/StructParents", "/Metadata", "/PieceInfo", "/B", "/Dur", "/Trans", "/Tabs")
NUMBER_SIZE = 9.5  # points
EDGE = 30.0  # points from the right and from the lower edge of a sheet
FONT = "/SheetNumber"

Bookmark = IndirectObject | None


class Volume:
    """One PDF in the making. Sources stay open until it is written: their objects are told apart by identity."""

    def __init__(self, title: str) -> None:
        self.writer = PdfWriter()
        self.writer.add_metadata({"/Title": title, "/Producer": "Tự quản Lai Châu"})
        self.writer.root_object[NameObject("/Lang")] = TextStringObject("vi-VN")
        show = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
        self.writer.root_object[NameObject("/ViewerPreferences")] = show
        self._sources: list[PdfReader] = []
        self._own: list[PdfReader] = []

    @property
    def pages(self) -> int:
        return len(self.writer.pages)

    def open(self, content: Path | bytes, *, own: bool) -> PdfReader:
        """A source. The own papers bring their structure; of others only the pages come."""
        reader = PdfReader(BytesIO(content) if isinstance(content, bytes) else BytesIO(content.read_bytes()))
        self._sources.append(reader)
        if own:
            self._own.append(reader)
        return reader

    def add(self, reader: PdfReader, pages: tuple[int, int] | None = None) -> int:
        """Append all pages, or from one up to another; the number of the first of them, from 1."""
        first = self.pages + 1
        excluded = () if reader in self._own else STRIPPED
        self.writer.append(reader, pages=pages, import_outline=False, excluded_fields=excluded)
        return first

    def bookmark(self, title: str, page: int, parent: Bookmark = None) -> IndirectObject:
        return self.writer.add_outline_item(title=title, page_number=page - 1, parent=parent)

    def number_sheets(self, beginning: int = 2) -> None:
        """Print the number of every sheet into its lower right corner."""
        font = self.writer._add_object(number_font(self.writer))
        for number, page in enumerate(self.writer.pages, 1):
            if number >= beginning:
                _stamp(self.writer, page, font, str(number))

    def write(self, path: Path) -> None:
        """To disk, with the structure of the own papers under one root."""
        self._adopt_structures()
        self.writer.root_object[NameObject("/PageMode")] = NameObject("/UseOutlines")
        with path.open("wb") as file:
            self.writer.write(file)
        self.writer.close()

    def _adopt_structures(self) -> None:
        writer = self.writer
        root = DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")})
        root_at = writer._add_object(root)
        whole = DictionaryObject({NameObject("/S"): NameObject("/Document"), NameObject("/P"): root_at})
        whole_at = writer._add_object(whole)
        kids, numbers, offset = ArrayObject(), ArrayObject(), 0
        for reader in self._own:
            source = reader.root_object.get("/StructTreeRoot")
            if source is None:
                continue
            tree: Any = source.get_object().clone(writer)
            for kid in _listed(tree.get("/K")):
                kid.get_object()[NameObject("/P")] = whole_at
                kids.append(kid)
            entries = _numbers(tree.get("/ParentTree"))
            for key, value in entries:
                numbers.extend([NumberObject(key + offset), value])
            if roles := tree.get("/RoleMap"):
                root[NameObject("/RoleMap")] = roles
            self._shift_parents(reader, offset)
            offset += max((key for key, _ in entries), default=-1) + 1
        if not kids:
            return
        whole[NameObject("/K")] = kids
        root[NameObject("/K")] = whole_at
        root[NameObject("/ParentTree")] = DictionaryObject({NameObject("/Nums"): numbers})
        root[NameObject("/ParentTreeNextKey")] = NumberObject(offset)
        writer.root_object[NameObject("/StructTreeRoot")] = root_at
        mark = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
        writer.root_object[NameObject("/MarkInfo")] = mark

    def _shift_parents(self, reader: PdfReader, offset: int) -> None:
        """The pages of this source count on in the common parent tree."""
        known = self.writer._id_translated[id(reader)]
        for page in reader.pages:
            number = known.get(page.indirect_reference.idnum) if page.indirect_reference else None
            copied = self.writer.get_object(number) if number else None
            if not isinstance(copied, DictionaryObject):
                continue
            if "/StructParents" in page:  # left behind by pypdf
                copied[NameObject("/StructParents")] = NumberObject(int(str(page["/StructParents"])) + offset)
            for annotation in copied.get("/Annots", ()):
                _shift(annotation.get_object(), "/StructParent", offset)


def _shift(holder: Any, key: str, offset: int) -> None:
    if key in holder:
        holder[NameObject(key)] = NumberObject(int(holder[key]) + offset)


def _listed(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    return value if isinstance(value.get_object(), list) else [value]


def _numbers(tree: Any) -> list[tuple[int, Any]]:
    """The pairs of a number tree."""
    if tree is None:
        return []
    node = tree.get_object()
    own = node.get("/Nums", [])
    found = [(int(own[at]), own[at + 1]) for at in range(0, len(own) - 1, 2)]
    for kid in node.get("/Kids", []):
        found += _numbers(kid)
    return found


def _stamp(writer: PdfWriter, page: PageObject, font: IndirectObject, text: str) -> None:
    """Beside what the page shows, upright as it is read, and no part of its text."""
    resources: Any = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    fonts: Any = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    fonts[NameObject(FONT)] = font
    box, turned = page.cropbox, int(page.get("/Rotate", 0) or 0) % 360
    left, bottom, right, top = (float(side) for side in (box.left, box.bottom, box.right, box.top))
    width = len(text) * NUMBER_SIZE / 2  # every digit is half as wide as the letters are high
    places = {
        0: (1, 0, 0, 1, right - EDGE - width, bottom + EDGE),
        90: (0, 1, -1, 0, right - EDGE, top - EDGE - width),
        180: (-1, 0, 0, -1, left + EDGE + width, top - EDGE),
        270: (0, -1, 1, 0, left + EDGE, bottom + EDGE + width),
    }
    matrix = " ".join(f"{value:g}" for value in places.get(turned, places[0]))
    drawn = f"Q /Artifact <</Type /Pagination>> BDC q BT {FONT} {NUMBER_SIZE} Tf 0 g {matrix} Tm ({text}) Tj ET Q EMC"
    before, after = StreamObject(), StreamObject()
    before.set_data(b"q")
    after.set_data(drawn.encode())
    contents = page.get("/Contents")
    held = [] if contents is None else list(_listed(contents))
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(before), *held, writer._add_object(after)])


def number_font(writer: PdfWriter) -> DictionaryObject:
    """Digits of the documents' font, embedded."""
    program, widths, box = _digits()
    stream = StreamObject()
    stream.set_data(program)
    stream[NameObject("/Length1")] = NumberObject(len(program))
    descriptor = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/FontDescriptor"),
            NameObject("/FontName"): NameObject("/AAAAAA+Tinos"),
            NameObject("/Flags"): NumberObject(32),
            NameObject("/FontBBox"): ArrayObject(NumberObject(side) for side in box),
            NameObject("/ItalicAngle"): NumberObject(0),
            NameObject("/Ascent"): NumberObject(box[3]),
            NameObject("/Descent"): NumberObject(box[1]),
            NameObject("/CapHeight"): NumberObject(662),
            NameObject("/StemV"): NumberObject(80),
            NameObject("/FontFile2"): writer._add_object(stream.flate_encode()),
        }
    )
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/TrueType"),
            NameObject("/BaseFont"): NameObject("/AAAAAA+Tinos"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            NameObject("/FirstChar"): NumberObject(48),
            NameObject("/LastChar"): NumberObject(57),
            NameObject("/Widths"): ArrayObject(FloatObject(width) for width in widths),
            NameObject("/FontDescriptor"): writer._add_object(descriptor),
        }
    )


@lru_cache(maxsize=1)
def _digits() -> tuple[bytes, list[float], list[int]]:
    """Font program, widths and bounding box, in thousandths of the type size."""
    font = TTFont(settings.FONT_DIR / FACES[0][0])
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[], notdef_outline=True)
    chosen = subset.Subsetter(options)
    chosen.populate(text="0123456789")
    chosen.subset(font)
    scale = 1000 / font["head"].unitsPerEm
    widths = [font["hmtx"][font.getBestCmap()[code]][0] * scale for code in range(48, 58)]
    head = font["head"]
    box = [round(side * scale) for side in (head.xMin, head.yMin, head.xMax, head.yMax)]
    buffer = BytesIO()
    font.save(buffer)
    return buffer.getvalue(), widths, box
