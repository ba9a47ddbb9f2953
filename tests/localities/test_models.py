"""Places: the database's own rules, and names in the order people count."""

import unicodedata
from datetime import date
from typing import Any

import pytest

from localities.models import Authority, Unit, UnitYear, Ward
from tests import factories
from tests.database import refused

FIRST, LAST = date(2020, 1, 1), date(2025, 6, 30)


class TestWard:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ((None, None), (None, None)),
            ((None, None), (FIRST, LAST)),
            ((None, LAST), (LAST, None)),
            ((FIRST, LAST), (FIRST, LAST)),
            ((FIRST, None), (LAST, None)),
        ],
    )
    def test_code_once_at_a_time(self, db: None, one: tuple[Any, Any], other: tuple[Any, Any]) -> None:
        factories.WardFactory(code="03386", valid_from=one[0], valid_until=one[1])
        with refused("ward_code_once_at_a_time"):
            factories.WardFactory(code="03386", valid_from=other[0], valid_until=other[1])

    def test_code_is_free_again_the_day_after(self, db: None) -> None:
        factories.WardFactory(code="03386", valid_until=LAST)
        factories.WardFactory(code="03386", valid_from=date(2025, 7, 1))
        assert Ward.objects.get_by_natural_key("03386", "2025-06-30").valid_until == LAST

    def test_other_codes_at_the_same_time(self, db: None) -> None:
        factories.WardFactory(code="03386")
        factories.WardFactory(code="03387")

    def test_period_in_order(self, db: None) -> None:
        factories.WardFactory(valid_from=LAST, valid_until=LAST)
        # daterange() itself refuses a reversed period before the constraint "ward_period_in_order" is asked.
        with pytest.raises(Exception, match=r"range lower bound|ward_period_in_order"):
            factories.WardFactory(valid_from=LAST, valid_until=FIRST)

    def test_kind(self, ward: Ward) -> None:
        with refused("ward_kind_known"):
            Ward.objects.update(kind="district")

    def test_name_with_its_kind(self) -> None:
        assert str(Ward(kind="ward", name="Tân Phong")) == "Phường Tân Phong"
        assert str(Ward(kind="commune", name="San Thàng")) == "Xã San Thàng"


class TestUnit:
    @pytest.mark.parametrize("name", ["Tổ 5", "tổ 5", "TỔ 5"])
    def test_name_once_in_a_ward(self, unit: Unit, name: str) -> None:
        with refused("unit_name_once_in_ward"):
            factories.UnitFactory(ward=unit.ward, name=name)

    def test_same_name_in_another_ward(self, unit: Unit) -> None:
        factories.UnitFactory(name=unit.name)

    def test_name_is_nfc(self, unit: Unit) -> None:
        with refused("unit_name_nfc"):
            Unit.objects.update(name=unicodedata.normalize("NFD", "Tổ 6"))

    def test_kind(self, unit: Unit) -> None:
        with refused("unit_kind_known"):
            Unit.objects.update(kind="street")

    def test_names_in_the_order_people_count(self, ward: Ward) -> None:
        wanted = ["Bản 1", "Bản 02", "Bản 10", "Tổ 1", "Tổ 2", "TỔ 3", "Tổ 10", "Tổ 10A", "Tổ 10B", "Tổ 21", "Tổ 100"]
        for name in sorted(wanted):
            factories.UnitFactory(ward=ward, name=name)
        assert [unit.name for unit in Unit.objects.filter(ward=ward)] == wanted

    def test_wards_first(self, db: None) -> None:
        last, first = factories.WardFactory(position=2), factories.WardFactory(position=1)
        for ward in (last, first):
            factories.UnitFactory(ward=ward, name="Tổ 1")
        assert [unit.ward for unit in Unit.objects.all()] == [first, last]

    def test_order_follows_a_new_name(self, unit: Unit) -> None:
        Unit.objects.update(name="Tổ 12")
        unit.refresh_from_db()
        assert unit.sort_name == "tổ 00000012"


class TestUnitYear:
    def test_once(self, unit: Unit) -> None:
        factories.UnitYearFactory(unit=unit)
        with refused("unit_year_once"):
            factories.UnitYearFactory(unit=unit)

    def test_poor_within_households(self, unit: Unit) -> None:
        factories.UnitYearFactory(unit=unit, households=10, poor_households=6, near_poor_households=4)
        with refused("unit_year_poor_within_households"):
            UnitYear.objects.update(poor_households=7)

    def test_workers_within_persons(self, unit: Unit) -> None:
        factories.UnitYearFactory(unit=unit, households=3, persons=10, working_age_persons=10)
        with refused("unit_year_workers_within_persons"):
            UnitYear.objects.update(working_age_persons=11)

    def test_every_household_has_a_person(self, unit: Unit) -> None:
        factories.UnitYearFactory(unit=unit, households=10, persons=10)
        with refused("unit_year_households_within_persons"):
            UnitYear.objects.update(persons=9)

    def test_business_households_within_households(self, unit: Unit) -> None:
        factories.UnitYearFactory(unit=unit, households=10, business_households=10)
        with refused("unit_year_business_within_households"):
            UnitYear.objects.update(business_households=11)

    def test_unknown_figures_are_no_contradiction(self, unit: Unit) -> None:
        factories.UnitYearFactory(unit=unit, households=None, persons=None, poor_households=6, working_age_persons=9)

    @pytest.mark.parametrize("field", ["households", "persons", "poor_households", "business_households"])
    def test_no_negative_count(self, unit: Unit, field: str) -> None:
        factories.UnitYearFactory(unit=unit)
        with refused(f"{field}_check"):
            UnitYear.objects.update(**{field: -1})


def test_authorities_newest_first(db: None) -> None:
    for year in (2012, 2025, 2004):
        Authority.objects.create(
            name=str(year),
            place_name="Lai Châu",
            home_affairs_name="x",
            home_affairs_symbol="x",
            signer_authority="x",
            signer_title="x",
            valid_from=date(year, 1, 1),
        )
    assert [authority.name for authority in Authority.objects.all()] == ["2025", "2012", "2004"]
