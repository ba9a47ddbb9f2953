"""{% load signatures %}: what the digital signatures of an attachment say."""

from django import template

from assessments import signatures as reader
from assessments.models import Attachment
from assessments.signatures import Signature

register = template.Library()


@register.filter
def signatures(attachment: Attachment) -> list[Signature] | None:
    """The signatures kept with a paper; None when it came before they were looked at."""
    return reader.of(attachment.signatures)
