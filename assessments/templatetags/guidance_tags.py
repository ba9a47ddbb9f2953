"""What templates say of guidance."""

from urllib.parse import urlsplit

from django import template

from assessments.models import Guidance
from assessments.queries.year import guidance as queries
from criteria import spec
from criteria.models import Entry

register = template.Library()


@register.filter
def host(link: str) -> str:
    """Where a link leads, as people know it: laichau.gov.vn."""
    try:
        return (urlsplit(link).hostname or link).removeprefix("www.")
    except ValueError:
        return link


@register.filter
def code_in_words(entry: Entry | spec.Entry) -> str:
    """The number of an entry with the word that tells it from a criterion."""
    return queries.code_in_words(entry)


@register.filter
def entry_codes(guidance: Guidance) -> str:
    """The criteria in one line, from what was read with the list."""
    return queries.codes(guidance.entries.all())
