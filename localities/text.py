"""Text as the archives law wants it: Unicode NFC, without invisible control characters."""

import re
import unicodedata

from django.db.models import BooleanField, CharField, Func

# Tab and new line are text; every other control character is noise from a clipboard or an attack.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff]")


def clean(value: str) -> str:
    """The same text in NFC with one kind of line end, no control characters, no spaces at its ends."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", unicodedata.normalize("NFC", value)).strip()


class IsNFC(Func):
    """PostgreSQL's own test of normalisation, for check constraints on what people typed."""

    template = "%(expressions)s IS NFC NORMALIZED"
    output_field = BooleanField()
    conditional = True


class NaturalOrder(Func):
    """The text with every number padded to eight digits, so that "Tổ 2" stands before "Tổ 10"."""

    template = (
        r"regexp_replace(regexp_replace(lower(%(expressions)s), '(\d+)', '0000000\1', 'g'), "
        r"'\d*(\d{8})(?!\d)', '\1', 'g')"
    )
    output_field = CharField()
