"""Papers of commendation and of the year's figures: what they say, and who may have them."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from openpyxl import load_workbook

from accounts.models import User
from assessments.models import Plan
from assessments.year.commendation_decisions import confirm
from reports import making, registry
from reports.papers.base import NotYet
from tests import factories
from tests.assessments.roads import People
from tests.assessments.year.commending import accepted, decide, propose
from tests.reports import data

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def authority(db: None) -> None:
    data.city_authority()


def read(user: User, code: str, *ids: int) -> tuple[Any, str]:
    """The view model and its page."""
    paper = registry.find(code)
    made = paper.read(user, ids)
    return made, making.html(paper, made)


def cells(code: str, made: Any) -> list[Any]:
    """Every value of its workbook."""
    paper = registry.find(code)
    assert paper.workbook is not None
    book = load_workbook(BytesIO(paper.workbook(made)))
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]


def test_a_wards_proposal(people: People, plan: Plan) -> None:
    ward = people.officer.ward_id or 0
    with pytest.raises(NotYet):
        read(people.leader, "de-nghi-khen-thuong", plan.pk, ward)
    propose(people.officer, plan, name="Tổ hòa giải <b>")
    propose(people.officer, plan, kind="person", name="Công chức", position="UBND")
    made, page = read(people.leader, "de-nghi-khen-thuong", plan.pk, ward)
    assert made.draft and "Tổ hòa giải &lt;b&gt;" in page and "01 tập thể và 01 cá nhân" in page
    assert "Công chức" in cells("de-nghi-khen-thuong", made)
    with pytest.raises(ObjectDoesNotExist):
        read(factories.WardLeaderFactory(), "de-nghi-khen-thuong", plan.pk, ward)


def test_an_agencys_proposal(people: People, plan: Plan) -> None:
    agency = factories.AgencyOfficerFactory()
    propose(agency, plan, name="Tổ công tác")
    made, page = read(agency, "de-nghi-khen-thuong-co-quan", plan.pk, agency.agency_id)
    assert "Tổ công tác" in page and str(agency.agency) in page and made.draft
    with pytest.raises(ObjectDoesNotExist):
        read(factories.AgencyOfficerFactory(), "de-nghi-khen-thuong-co-quan", plan.pk, agency.agency_id)


def test_home_affairs_table(people: People, plan: Plan) -> None:
    unit = factories.UnitFactory(ward=people.officer.ward)
    row = accepted(people.leader, people.home_affairs, plan, unit=unit)
    propose(people.officer, plan, name="Chưa gửi")
    made, page = read(people.home_affairs, "bang-khen-thuong", plan.pk)
    assert row.name in page and f"Không đăng ký năm {plan.year}" in page and "Chưa gửi" not in page
    assert not made.draft and row.name in cells("bang-khen-thuong", made)
    with pytest.raises(ObjectDoesNotExist):
        read(people.leader, "bang-khen-thuong", plan.pk)


def test_the_decision(people: People, plan: Plan) -> None:
    rows = [
        accepted(people.leader, people.home_affairs, plan, name="Tổ hòa giải"),
        accepted(people.leader, people.home_affairs, plan, kind="person", name="Công chức", position="UBND"),
    ]
    decision = decide(people.home_affairs, *rows)
    made, page = read(people.home_affairs, "quyet-dinh-khen-thuong", decision.pk)
    assert made.draft and not made.edition and [item.number for item in made.appendices] == ["I", "II"]
    assert "Luật Thi đua, khen thưởng" in page and "Khen thưởng 01 tập thể" in page
    with pytest.raises(ObjectDoesNotExist):
        read(people.leader, "quyet-dinh-khen-thuong", decision.pk)
    confirm(user=people.city_leader, pk=decision.pk)
    made, _ = read(people.leader, "quyet-dinh-khen-thuong", decision.pk)
    assert not made.draft and made.edition == "xac-nhan"


def test_figures(people: People, plan: Plan) -> None:
    unit = factories.UnitFactory(ward=people.officer.ward, name="Tổ 5")
    factories.UnitYearFactory(unit=unit, year=plan.year, households=1234, persons=None)
    factories.UnitYearFactory(year=plan.year, households=66, persons=200)
    made, page = read(people.leader, "bieu-so-lieu-xa-phuong", plan.pk, unit.ward_id)
    assert "1.234" in page and "Tổng cộng (1)" in page and "66" not in [str(v) for v in cells("bieu-so-lieu", made)]
    made, page = read(people.home_affairs, "bieu-so-lieu", plan.pk)
    assert "1.300" in page and 1300 in cells("bieu-so-lieu", made)
    with pytest.raises(ObjectDoesNotExist):
        read(people.leader, "bieu-so-lieu", plan.pk)
