"""The words documents use."""

from datetime import date

import pytest

from localities.models import Unit, Ward
from reports import wording
from tests import factories


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 2, 28), "ngày 28 tháng 02 năm 2025"),
        (date(2020, 5, 8), "ngày 08 tháng 5 năm 2020"),
        (date(2025, 12, 1), "ngày 01 tháng 12 năm 2025"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
    ],
)
def test_dates_as_the_decree_writes_them(day: date, words: str) -> None:
    assert wording.long_date(day) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(812, "812 byte"), (1024, "1 KB"), (24_600, "24 KB"), (1_572_864, "1,5 MB"), (20 << 20, "20,0 MB")],
)
def test_sizes(count: int, words: str) -> None:
    assert wording.size(count) == words


def test_thousands_are_parted_by_a_point() -> None:
    assert [wording.number(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1.000", "1.234.567"]


@pytest.mark.parametrize(
    ("kind", "authority", "lines"),
    [
        ("ward", "Ủy ban nhân dân phường Quyết Thắng", ["ỦY BAN NHÂN DÂN", "PHƯỜNG QUYẾT THẮNG"]),
        ("commune", "Ủy ban nhân dân xã Quyết Thắng", ["ỦY BAN NHÂN DÂN", "XÃ QUYẾT THẮNG"]),
        ("ward", "Cơ quan khác", ["CƠ QUAN KHÁC"]),
    ],
)
def test_name_of_the_issuer_is_data(kind: str, authority: str, lines: list[str]) -> None:
    ward = Ward(kind=kind, name="Quyết Thắng", authority_name=authority)
    assert wording.issuer(ward) == lines
    assert wording.signing_for(ward) == f"TM. {lines[0]}"


def test_head_of_a_group_and_of_a_village() -> None:
    assert wording.unit_head(Unit(kind="group")) == "TỔ TRƯỞNG TỔ DÂN PHỐ"
    assert wording.unit_head(Unit(kind="village")) == "TRƯỞNG BẢN"


def test_place_of_a_unit() -> None:
    ward = factories.WardFactory.build(kind="commune", name="San Thàng")
    assert wording.place(Unit(name="Bản 2", ward=ward)) == "Bản 2, xã San Thàng"
