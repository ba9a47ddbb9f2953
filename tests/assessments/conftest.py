"""Everybody around one open assessment, and its yearly figures."""

import pytest

from accounts.models import User
from assessments.models import Assessment
from localities.models import UnitYear
from tests.assessments.roads import People, save_year


@pytest.fixture
def people(officer: User, leader: User, home_affairs: User, city_leader: User) -> People:
    return People(officer, leader, home_affairs, city_leader)


@pytest.fixture
def profile(officer: User, assessment: Assessment) -> UnitYear:
    """120 households in the assessment's year."""
    return save_year(officer, assessment, 0, {})
