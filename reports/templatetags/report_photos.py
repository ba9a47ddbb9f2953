"""Photographs within the text of a paper."""

from collections.abc import Iterable

from django import template

from assessments.models import Attachment
from reports import photos

register = template.Library()


@register.filter(name="photos")
def photos_of(files: Iterable[Attachment], name: str) -> list[photos.Photo]:
    """{{ row.files|photos:row.model.name }}: the first pictures; `name` stands below what has no title of its own."""
    return photos.photos(files, name)
