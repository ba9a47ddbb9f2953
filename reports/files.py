"""A finished document as the answer to a request."""

from urllib.parse import quote

from django.http import HttpResponse
from django.utils.text import slugify


def plain(name: str) -> str:
    """A name in ASCII letters, digits and hyphens, for programs that know no others."""
    return slugify(name.replace("Đ", "D").replace("đ", "d"))


def download(content: bytes, kind: str, short: str, full: str, *, inline: bool = False) -> HttpResponse:
    """A document that nobody but its reader keeps; old programs see the name without marks."""
    how = "inline" if inline else "attachment"
    full = full.replace("/", "-").replace("\\", "-")
    named = f"{how}; filename=\"{short}\"; filename*=UTF-8''{quote(full, safe='')}"
    return HttpResponse(content, kind, headers={"Content-Disposition": named, "Cache-Control": "private, no-store"})
