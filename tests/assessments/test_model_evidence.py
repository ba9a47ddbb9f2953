"""What a model proves, when, and in which words."""

from datetime import date

import pytest

from assessments.model_evidence import active_in, entry_keys, offered, reference
from assessments.models import CommunityModel

Kind, State = CommunityModel.Kind, CommunityModel.State


def model(kind: str = Kind.ECONOMIC, **told: object) -> CommunityModel:
    given: dict[str, object] = {"pk": 7, "name": "Nhóm hộ trồng rau", "since": date(2021, 3, 9), "households": 24}
    return CommunityModel(kind=kind, **given | told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "in_group", "in_village"),
    [
        ("economic", ("tc-2.2",), ("tc-2.2",)),
        ("product", (), ("tc-2.3",)),
        ("business_street", ("tc-2.3",), ()),
        ("civilised_street", ("tc-4.2",), ("tc-4.2",)),
        ("security", ("tc-6.4",), ("tc-6.4",)),
        ("group", ("tc-1.4",), ("tc-1.4",)),
        ("unknown", (), ()),
    ],
)
def test_every_kind_has_its_entry(kind: str, in_group: tuple[str, ...], in_village: tuple[str, ...]) -> None:
    assert entry_keys(kind, "group") == in_group
    assert entry_keys(kind, "village") == in_village


def test_no_kind_is_forgotten() -> None:
    assert all(entry_keys(kind, "group") or entry_keys(kind, "village") for kind in Kind)


@pytest.mark.parametrize(
    ("told", "year", "active"),
    [
        ({}, 2020, False),
        ({}, 2021, True),
        ({}, 2025, True),
        ({"state": State.PAUSED}, 2025, False),
        ({"state": State.ENDED, "ended_on": date(2023, 1, 1)}, 2022, True),
        ({"state": State.ENDED, "ended_on": date(2022, 12, 31)}, 2022, False),
        ({"state": State.ENDED, "ended_on": date(2022, 12, 31)}, 2023, False),
    ],
)
def test_active_in_a_year(told: dict[str, object], year: int, active: bool) -> None:
    assert active_in(model(**told), year) is active


def test_reference() -> None:
    words = "Mô hình phát triển kinh tế “Nhóm hộ trồng rau”, hoạt động từ 03/2021"
    assert reference(model()) == f"{words}, 24 hộ tham gia"
    assert reference(model(households=None)) == words
    assert reference(model(households=0)) == f"{words}, 0 hộ tham gia"


@pytest.mark.parametrize("kind", Kind.values)
def test_the_longest_reference_fits_its_field(kind: str) -> None:
    words = reference(model(kind, name="x" * 200, households=10_000_000))
    assert len(words) <= 300 and words.endswith("10000000 hộ tham gia")


def test_offered_once() -> None:
    one, street, past = model(), model(Kind.CIVILISED_STREET, pk=8), model(Kind.SECURITY, pk=9, state=State.PAUSED)
    assert offered([one, street, past], set(), "group", 2025) == {"tc-2.2": [one], "tc-4.2": [street]}
    assert offered([one, street, past], {("tc-2.2", 7), ("tc-1.1", 8)}, "group", 2025) == {"tc-4.2": [street]}
