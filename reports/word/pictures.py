"""Pictures of a paper for Word: drawings as PNG, and the words that stand for a picture where there is none."""

from base64 import b64decode
from io import BytesIO
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from PIL import Image, UnidentifiedImageError

from reports import rendering
from reports.word.looks import Look, points
from reports.word.model import Picture, Piece, Text

DRAWING = "image/svg+xml"
PHOTOS = {"image/png", "image/jpeg", "image/gif"}
SCREEN = 96  # dots in an inch, of pictures that do not say


def read(element: ElementWrapper, look: Look, room: float) -> Piece:
    """An <img> with its picture in the address, or an <svg>; no other address is opened."""
    node = element.etree_element
    alt = node.get("alt", "") or node.get("aria-label", "")
    if element.local_name == "svg":
        ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
        kind, content = DRAWING, ElementTree.tostring(node, encoding="utf-8")
    else:
        kind, content = _inside(node.get("src", ""))
    try:
        if kind == DRAWING:
            content, dots = rendering.svg_png(content.decode()), rendering.DRAWING_DOTS
        elif kind in PHOTOS:
            dots = SCREEN
        else:
            raise ValueError(kind)
        with Image.open(BytesIO(content)) as opened:
            size = (opened.width * 72 / dots, opened.height * 72 / dots)
    except (ValueError, UnidentifiedImageError):
        return Text(alt, look)
    width = _wanted(element, look, size, room)
    return Picture(content, width, size[1] * width / size[0], alt)


def _wanted(element: ElementWrapper, look: Look, size: tuple[float, float], room: float) -> float:
    said = element.etree_element.get("width", "")
    width = size[0]
    if look.width:
        width = points(look.width, look.size, room)
    elif look.height:
        width = size[0] * look.height / size[1]
    elif element.local_name == "img" and said.isascii() and said.isdigit() and int(said):
        width = int(said) * 0.75
    return min(width, room)


def _inside(address: str) -> tuple[str, bytes]:
    """Kind and content of a data: address; "" for any other."""
    head, comma, data = address.partition(",")
    if not (comma and head.lower().startswith("data:")):
        return "", b""
    kind, *options = head[len("data:") :].lower().split(";")
    raw = unquote_to_bytes(data)
    try:
        return kind, b64decode(raw) if "base64" in options else raw
    except ValueError:
        return "", b""
