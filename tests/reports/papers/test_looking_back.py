"""The analysis of a ward and of the city on paper."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from assessments.models import Assessment, Plan, Target
from reports import making, registry
from tests import factories
from tests.assessments.roads import answer_all
from tests.reports import data
from tests.reports.papers.reading import pages, printed, read

pytestmark = pytest.mark.django_db
WARD, CITY = "bao-cao-phan-tich-xa-phuong", "bao-cao-phan-tich"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel("2025-05-19 03:00:00+00:00", tick=False):
        yield


@pytest.fixture
def judged(plan: Plan, officer: User, assessment: Assessment) -> Plan:
    """One dossier of the ward fails at 5.2, one of another ward at 1.1."""
    data.city_authority()
    answer_all(officer, assessment, bad=["tc-5.2"])
    other = factories.WardOfficerFactory()
    made = factories.open_assessment(unit=factories.UnitFactory(ward=other.ward), plan=plan, officer=other)
    answer_all(other, made, bad=["tc-1.1"])
    Target.objects.create(plan=plan, kind="maintain", minimum=35)
    return plan


def html(code: str, user: User, *ids: int) -> str:
    return making.html(registry.find(code), read(code, user, *ids))


def test_a_wards_analysis_is_of_its_own_dossiers_and_in_its_name(judged: Plan, officer: User) -> None:
    ward = officer.ward
    assert ward is not None
    found = read(WARD, officer, judged.pk, ward.pk)
    page = making.html(registry.find(WARD), found)
    own = f"{ward.get_kind_display().lower()} {ward.name}"
    assert f"phân tích kết quả 01 hồ sơ của {own} đến ngày 19/05/2025" in page
    assert "01 hồ sơ chưa thẩm định xong nên tính theo tự đánh giá" in page
    assert [row.entry.code for row in found.failing] == ["5.2"]  # type: ignore[attr-defined]
    assert f"Trên đây là kết quả phân tích năm 2025 của {ward.authority_name}./." in page
    assert "- Phòng Nội vụ" in page and "Năm 2025 là năm đầu có dữ liệu" in page
    assert found.title.endswith(own) and not found.draft and not found.edition
    assert found.letterhead.issuer and found.number_line.startswith("Số:")


def test_the_city_has_all_of_it_and_strangers_nothing(judged: Plan, officer: User, home_affairs: User) -> None:
    found = read(CITY, home_affairs, judged.pk)
    assert {row.entry.code for row in found.failing} == {"5.2", "1.1"}  # type: ignore[attr-defined]
    assert "02 hồ sơ của thành phố Lai Châu" in making.html(registry.find(CITY), found)
    for person, code, ids in (
        (factories.WardOfficerFactory(), WARD, (judged.pk, officer.ward_id or 0)),
        (officer, CITY, (judged.pk,)),
    ):
        with pytest.raises(ObjectDoesNotExist):
            read(code, person, *ids)


def test_the_closing_sentence_never_stands_alone_with_the_signature(judged: Plan, officer: User) -> None:
    """However long the table above it, its last rows go with it to the last page."""
    for year in range(2000, 2024):
        plan = factories.PlanFactory(year=year, issued_on=date(year, 2, 1))
        for kind in ("maintain", "new"):
            Target.objects.create(plan=plan, kind=kind, minimum=year - 1990)
        made = printed(WARD, read(WARD, officer, judged.pk, officer.ward_id or 0))
        last = pages(made)[-1]
        assert "Trênđâylàkếtquả" in last
        assert last.index("Trênđâylàkếtquả") > 60, "something of the table stands above it"
