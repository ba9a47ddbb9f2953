"""iCalendar files by RFC 5545: escaped, folded at 75 octets, read back as they were written."""

from datetime import UTC, date, datetime

from assessments.icalendar import Event, calendar, escape, fold


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_text_is_escaped() -> None:
    assert escape("a;b,c\\d\ne\r\nf") == "a\\;b\\,c\\\\d\\ne\\nf"


def test_lines_are_folded_between_letters_at_75_octets() -> None:
    text = "SUMMARY:" + "Hồ sơ đề nghị công nhận tổ dân phố, bản " * 6
    pieces = fold(text).encode().split(b"\r\n")
    assert len(pieces) > 3 and all(len(piece) <= 75 for piece in pieces)
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    assert "".join([pieces[0].decode(), *(piece.decode()[1:] for piece in pieces[1:])]) == text
    assert fold("x" * 75) == "x" * 75 and fold("x" * 76) == "x" * 75 + "\r\n x"


def test_a_file_with_one_day() -> None:
    event = Event(
        "moc-1@vi-du", date(2025, 12, 31), "Ngày cuối: A, B", "Dòng 1\nDòng 2", datetime(2025, 2, 28, tzinfo=UTC)
    )
    content = calendar("Mốc; 2025", [event])
    assert content.endswith(b"END:VCALENDAR\r\n") and b"\n\n" not in content
    lines = unfolded(content)
    assert lines[0] == "BEGIN:VCALENDAR" and "VERSION:2.0" in lines and "X-WR-CALNAME:Mốc\\; 2025" in lines
    assert "DTSTART;VALUE=DATE:20251231" in lines and "DTEND;VALUE=DATE:20260101" in lines
    assert "SUMMARY:Ngày cuối: A\\, B" in lines and "DESCRIPTION:Dòng 1\\nDòng 2" in lines
    assert "DTSTAMP:20250228T000000Z" in lines and "TRIGGER:-P7D" in lines
    assert "LAST-MODIFIED:20250228T000000Z" in lines and "SEQUENCE:0" in lines
    assert calendar("Mốc; 2025", [event]) == content, "the same thing is the same file"


def test_a_whole_file_of_long_vietnamese_lines_is_folded_and_escaped() -> None:
    text = "Kế hoạch số 604/KH-UBND; “trước ngày” không gồm chính ngày đó, xem \\ mục 2\n" * 4
    event = Event("moc-1@vi-du", date(2025, 12, 31), text, text, datetime(2025, 2, 28, tzinfo=UTC), 3)
    content = calendar(text, [event])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b""), "no bare line end"
    lines = unfolded(content)
    [summary] = [line for line in lines if line.startswith("SUMMARY:")]
    back = summary.removeprefix("SUMMARY:")
    for marked, sign in (("\\n", "\n"), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
        back = back.replace(marked, sign)
    assert back == text and "SEQUENCE:3" in lines
