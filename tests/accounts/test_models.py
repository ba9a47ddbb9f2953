"""People: each role belongs to its own kind of place, in the database too."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from accounts.models import Role, User
from localities.models import Unit, Ward
from tests import factories
from tests.database import refused

PLACES = {
    Role.WARD_OFFICER: "ward",
    Role.WARD_LEADER: "ward",
    Role.UNIT_HEAD: "unit",
    Role.AGENCY_OFFICER: "agency",
    Role.HOME_AFFAIRS: "agency",
    Role.FINANCE_PLANNING: "agency",
    Role.DELEGATION_MEMBER: "",
    Role.CITY_LEADER: "",
    Role.ADMINISTRATOR: "",
}


@pytest.fixture
def places(unit: Unit) -> dict[str, Any]:
    return {"ward": unit.ward, "unit": unit, "agency": factories.AgencyFactory()}


def test_every_role_is_here() -> None:
    assert set(PLACES) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_role_at_its_place(places: dict[str, Any], role: Role) -> None:
    place = PLACES[role]
    user = factories.UserFactory(role=role, **({place: places[place]} if place else {}))
    user.full_clean()
    assert user.place == (str(places[place]) if place else "")


WRONG = ["", "ward", "unit", "agency", "ward unit", "ward agency", "ward unit agency"]


@pytest.mark.parametrize(("role", "wrong"), [(role, w) for role in Role for w in WRONG if w != PLACES[role]])
def test_role_elsewhere(places: dict[str, Any], role: Role, wrong: str) -> None:
    given = {name: places[name] for name in wrong.split()}
    with refused("user_role_has_its_place"):
        factories.UserFactory(role=role, **given)
    with pytest.raises(ValidationError, match="Vai trò và nơi công tác không khớp"):
        factories.UserFactory.build(role=role, **given).full_clean()


def test_unknown_role(db: None) -> None:
    with refused("user_role_has_its_place"):
        factories.UserFactory(role="king")


@pytest.mark.parametrize("role", [role for role in Role if not PLACES[role] and role != Role.ADMINISTRATOR])
def test_only_administrators_enter_the_administration(db: None, role: Role) -> None:
    with refused("user_staff_is_administrator"):
        factories.UserFactory(role=role, is_staff=True)


def test_user_name_once(officer: User) -> None:
    with refused("accounts_user_username_key"):
        factories.UserFactory(username=officer.username)


def test_place_with_people_stays(officer: User, ward: Ward) -> None:
    with pytest.raises(ProtectedError):
        ward.delete()


def test_names() -> None:
    user = User(username="lan", full_name="Lò Thị Lan")
    assert (str(user), user.get_full_name(), user.get_short_name()) == ("Lò Thị Lan",) * 3
    assert str(User(username="lan")) == "lan"


def test_agency_by_code(db: None) -> None:
    agency = factories.AgencyFactory(code="noi-vu")
    assert type(agency).objects.get_by_natural_key(*agency.natural_key()) == agency


def test_sign_in_names_differ_by_more_than_case(db: None) -> None:
    factories.CityLeaderFactory(username="canbo.thu")
    with refused("username_once"):
        factories.CityLeaderFactory(username="Canbo.Thu")
    assert User.objects.get_by_natural_key("CANBO.THU").username == "canbo.thu"
