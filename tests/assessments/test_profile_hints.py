"""Numbers the year's figures know are offered in empty fields, and differing ones are pointed out."""

import pytest

from assessments import profile_hints
from assessments.answers import Stored
from assessments.figures import FigureRow, figure_row
from criteria.models import Indicator
from criteria.spec import Comparator, Figure, IndicatorKind
from criteria.spec import Indicator as Spec
from tests import factories

PROFILE = {"business_households": 40, "poor_households": 0}


def row(key: str, kind: IndicatorKind, **given: int | None) -> FigureRow:
    stored = Stored(figures={key: Figure(**given)}) if given else Stored()
    return figure_row(Spec(key, "Chỉ số", kind, Comparator.EXACTLY, 100), stored, None)


def test_an_empty_total_is_offered_and_not_stored() -> None:
    shops, poor = row("ho-kinh-doanh-dang-ky", IndicatorKind.RATIO), row("ho-ngheo", IndicatorKind.COUNT)
    profile_hints.offer([shops, poor], PROFILE)
    assert (shops.offered_total, shops.offered_count, shops.denominator) == (40, None, None)
    assert (poor.offered_total, poor.offered_count, poor.numerator) == (None, 0, None)


def test_a_typed_number_stays() -> None:
    shops = row("ho-kinh-doanh-dang-ky", IndicatorKind.RATIO, numerator=38, denominator=38)
    profile_hints.offer([shops], PROFILE)
    assert shops.offered_total is None
    [told] = profile_hints.differences([shops], PROFILE, 2025)
    assert "38" in told and "40" in told and "2025" in told
    assert profile_hints.differences([shops], {"business_households": 38}, 2025) == []


@pytest.mark.parametrize("profile", [None, {}, {"business_households": None}])
def test_an_unknown_number_says_nothing(profile: dict[str, int | None] | None) -> None:
    shops = row("ho-kinh-doanh-dang-ky", IndicatorKind.RATIO)
    profile_hints.offer([shops], profile)
    assert shops.offered_total is None and profile_hints.differences([shops], profile, 2025) == []


@pytest.mark.django_db
def test_the_published_table_has_these_indicators() -> None:
    published = factories.published_2020()
    for key, source in profile_hints.SOURCES.items():
        indicator = Indicator.objects.get(entry__criteria_set=published, key=key)
        assert (indicator.kind == "ratio") is source.total
