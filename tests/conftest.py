"""What all tests share: quick passwords, a folder of their own for files, people and one open assessment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from accounts.models import User
from assessments.models import Assessment, Plan
from criteria.queries import forget_tables
from localities.models import Unit, Ward
from tests import factories
from tests.assessments.roads import People


@pytest.fixture(autouse=True)
def test_settings(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "evidence"
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    # WhiteNoise warns, and a warning fails a test, while nothing has been collected yet.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if request.node.get_closest_marker("browser") is None:  # hashed names exist only after collectstatic
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def fresh_tables() -> Iterator[None]:
    """For real transactions: the criteria kept in memory belong to rows that the end of a test throws away."""
    forget_tables()
    yield
    forget_tables()


@pytest.fixture
def ward(db: None) -> Ward:
    return factories.WardFactory()


@pytest.fixture
def unit(ward: Ward) -> Unit:
    return factories.UnitFactory(ward=ward, name="Tổ 5")


@pytest.fixture
def officer(ward: Ward) -> User:
    """Officer of the ward the other fixtures live in."""
    return factories.WardOfficerFactory(ward=ward)


@pytest.fixture
def leader(ward: Ward) -> User:
    return factories.WardLeaderFactory(ward=ward)


@pytest.fixture
def stranger(db: None) -> User:
    """Officer of another ward."""
    return factories.WardOfficerFactory()


@pytest.fixture
def home_affairs(db: None) -> User:
    return factories.HomeAffairsFactory()


@pytest.fixture
def city_leader(db: None) -> User:
    return factories.CityLeaderFactory()


@pytest.fixture
def plan(db: None) -> Plan:
    return factories.PlanFactory()


@pytest.fixture
def assessment(officer: User, unit: Unit, plan: Plan) -> Assessment:
    return factories.open_assessment(unit=unit, plan=plan, officer=officer)


@pytest.fixture
def people(officer: User, leader: User, home_affairs: User, city_leader: User) -> People:
    """Everybody who moves a dossier."""
    return People(officer, leader, home_affairs, city_leader)
