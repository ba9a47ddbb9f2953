"""Text as it is stored: NFC, one kind of line end, nothing invisible."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localities.text import clean


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Tổ 5 ", "Tổ 5"),
        (unicodedata.normalize("NFD", "Bản Sùng Phài"), "Bản Sùng Phài"),
        ("một\r\nhai\rba", "một\nhai\nba"),
        ("a\x00b\x07c\x1bd\x7f", "abcd"),
        ("\ufeffa\u200bb\u2060", "ab"),
        ("a\tb", "a\tb"),
        ("", ""),
    ],
)
def test_clean(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(st.text())
def test_clean_text_stays_as_it_is(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
