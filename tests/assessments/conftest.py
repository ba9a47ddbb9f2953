"""Everybody around one open assessment, and its yearly figures."""

import pytest

from accounts.models import User
from assessments.models import Assessment
from localities.models import UnitYear
from tests.assessments.roads import save_year


@pytest.fixture
def profile(officer: User, assessment: Assessment) -> UnitYear:
    """120 households in the assessment's year."""
    return save_year(officer, assessment, 0, {})
