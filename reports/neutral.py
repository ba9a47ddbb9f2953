"""Somebody else's file made into harmless pages: a program of its own, so that a bad file hurts nobody else.

`python -m reports.neutral KIND SOURCE TARGET` (KIND pdf or image) writes a PDF without scripts, actions, forms,
links or attached files, and prints what became of it as JSON: {"pages": 3}, or {"refused": "encrypted"}. KIND photo
writes a small JPEG for a paper's text instead, without what a camera notes in it.
It knows no Django, and takes no more memory, time and disk than LIMITS allows.
"""

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_PAGES = 300  # of one file
MAX_PIXELS = 80_000_000
LIMITS = {
    resource.RLIMIT_AS: 2 * 1024**3,
    resource.RLIMIT_CPU: 40,
    resource.RLIMIT_FSIZE: 256 * 1024**2,
    resource.RLIMIT_CORE: 0,
}
A4 = (595.28, 841.89)  # points
MARGIN = 42.5
LONGEST = 2200  # pixels of a picture's longer side: 200 to the inch on A4
OF_PHOTO = 900  # the same within a text: 300 to the inch where two stand side by side
SMALLEST, LARGEST = 10, 14_400  # points of a page's side


class Refused(Exception):
    """Why the file cannot become pages: encrypted, damaged, too_long, too_large."""


def pdf(source: Path, target: Path) -> int:
    """The pages with what their forms and notes show drawn in; how many there are."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if "password" in str(error).lower() else "damaged") from error
    count = len(document)
    if count == 0:
        raise Refused("damaged")
    if count > MAX_PAGES:
        raise Refused("too_long")
    for number in range(count):
        page = document[number]
        if not all(SMALLEST <= side <= LARGEST for side in page.get_size()):
            raise Refused("damaged")
        pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_PRINT)
        page.close()
    # Pages alone are taken over: scripts, actions and attached files of the document stay behind.
    clean = pypdfium2.PdfDocument.new()
    clean.import_pages(document)
    if len(clean) != count:
        raise Refused("damaged")
    clean.save(target)
    return count


def image(source: Path, target: Path) -> int:
    """A picture on one sheet, upright or lying as it is itself."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

    picture = _opaque(source, LONGEST)
    packed = target.with_suffix(".jpg")
    picture.save(packed, "JPEG", quality=85)
    sheet = A4 if picture.height >= picture.width else A4[::-1]
    room = [side - 2 * MARGIN for side in sheet]
    scale = min(room[0] / picture.width, room[1] / picture.height, 1.0)
    width, height = picture.width * scale, picture.height * scale
    writer = PdfWriter()
    page = writer.add_blank_page(*sheet)
    drawn = StreamObject()
    drawn.set_data(packed.read_bytes())
    named = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
    counted = {"/Width": picture.width, "/Height": picture.height, "/BitsPerComponent": 8}
    drawn.update({NameObject(key): NameObject(value) for key, value in named.items()})
    drawn.update({NameObject(key): NumberObject(value) for key, value in counted.items()})
    content = StreamObject()
    left, bottom = (sheet[0] - width) / 2, (sheet[1] - height) / 2
    content.set_data(f"q {width:.2f} 0 0 {height:.2f} {left:.2f} {bottom:.2f} cm /Picture Do Q".encode())
    pictures = DictionaryObject({NameObject("/Picture"): writer._add_object(drawn)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.write(target)
    return 1


def photo(source: Path, target: Path) -> int:
    """A picture as JPEG, small enough to stand in a text."""
    _opaque(source, OF_PHOTO).save(target, "JPEG", quality=82)
    return 1


def _opaque(source: Path, longest: int) -> "Picture":
    """The picture in red, green and blue on white, turned as its camera was held, no side longer than this."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(source) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused("too_large")
            opened.draft("RGB", (longest, longest))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((longest, longest))
            if picture.mode in ("RGBA", "LA", "P", "PA"):
                picture = picture.convert("RGBA")
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
            return picture.convert("RGB")
    except Image.DecompressionBombError as error:
        raise Refused("too_large") from error


def main(kind: str, source: str, target: str) -> int:
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, most))
    try:
        pages = {"pdf": pdf, "image": image, "photo": photo}[kind](Path(source), Path(target))
        said: dict[str, object] = {"pages": pages}
    except Refused as refused:
        said = {"refused": str(refused)}
    except Exception as error:
        said = {"refused": "damaged", "error": type(error).__name__}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
