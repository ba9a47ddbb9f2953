"""Stored values in words, for the record's page: dates, figures, names, fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assessments.models import VERDICT_LABELS
from assessments.timeline_words import FIELDS, HIDDEN, RESULTS
from assessments.workflow import STATE_LABELS, State
from localities.models import UnitYear

EMPTY = "để trống"
NOT_ASSESSED = "Chưa đánh giá"
SHORT = 110
YEAR_FIELDS = {
    f.name: str(f.verbose_name)[:1].upper() + str(f.verbose_name)[1:] for f in UnitYear._meta.concrete_fields
}


def verdict_words(value: str) -> str:
    """A verdict as the forms call it."""
    return VERDICT_LABELS.get(value, value) or NOT_ASSESSED


def figure_words(value: Any) -> str:
    """A count, or a count of a total."""
    if not isinstance(value, list | tuple) or not value or value[0] is None:
        return EMPTY
    total = value[1] if len(value) > 1 else None
    return f"{value[0]}" if total is None else f"{value[0]}/{total}"


def mapping(value: Any) -> Mapping[str, Any]:
    """The value when it is a mapping, else an empty one: old events may hold anything."""
    return value if isinstance(value, Mapping) else {}


def texts(value: Any) -> list[str]:
    """The items of a list as texts, none for anything else."""
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def shortened(text: str) -> str:
    """The beginning of a text on one line."""
    first = " ".join(text.split())
    return first if len(first) <= SHORT else first[:SHORT].rsplit(" ", 1)[0] + "…"


def field_label(name: str) -> str:
    """What the reader calls a field; an unknown name stays as it is."""
    if name in FIELDS:
        return FIELDS[name]
    if name in YEAR_FIELDS:
        return YEAR_FIELDS[name]
    return name


def state_words(value: str) -> str:
    """A state of an assessment in words."""
    return STATE_LABELS[State(value)] if value in list(State) else value or EMPTY


def person_words(row: Any) -> str:
    """One person of a list, however the deed wrote it down: name first, then office or role."""
    parts = list(row.values()) if isinstance(row, Mapping) else row if isinstance(row, list | tuple) else [row]
    words = [RESULTS.get(part, part) for part in parts if isinstance(part, str) and part]
    absent = ["vắng"] if False in [part for part in parts if isinstance(part, bool)] else []
    return ", ".join([*words, *absent])


def shown(value: Any) -> str:
    """Any stored value for a reader: dates as people write them, lists with commas."""
    if value is None or value == "" or value == [] or value == {}:
        return EMPTY
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{field_label(str(k))}: {shown(v)}" for k, v in value.items() if k not in HIDDEN)
    if isinstance(value, str):
        return day(value)
    return str(value)


def day(text: str) -> str:
    if len(text) == 10 and text[4:5] == "-":
        try:
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        except ValueError:
            return text
    return text
