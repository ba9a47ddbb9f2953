"""iCalendar files (RFC 5545) of whole days: written by line, escaped, folded at 75 octets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LINE = 75  # octets, without the line's end


@dataclass(frozen=True, slots=True)
class Event:
    """One whole day. `uid` stays the same for the same thing, so that a second import adds nothing.

    `changed` and `sequence` grow with every change: by them a calendar that has the thing knows the newer one.
    """

    uid: str
    day: date
    summary: str
    description: str
    changed: datetime
    sequence: int = 0


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """Text as a value: backslash, semicolon, comma and line ends are marked (section 3.3.11)."""
    for sign, marked in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(sign, marked)
    return text


def fold(line: str) -> str:
    """The line in pieces of at most 75 octets, never cut inside a letter (section 3.1)."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def calendar(name: str, events: Iterable[Event], *, remind_days: int = 7) -> bytes:
    """The file: every event on its day, with a reminder some days before."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tu quan Lai Chau//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(name)}",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{escape(event.uid)}",
            f"DTSTAMP:{_moment(event.changed)}",
            f"LAST-MODIFIED:{_moment(event.changed)}",
            f"SEQUENCE:{event.sequence}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escape(event.summary)}",
            f"DESCRIPTION:{escape(event.description)}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escape(event.summary)}",
            f"TRIGGER:-P{remind_days}D",
            "END:VALARM",
            "END:VEVENT",
        ]
    return ("\r\n".join(fold(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n").encode()
