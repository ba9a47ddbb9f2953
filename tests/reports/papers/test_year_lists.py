"""Guidance, helping agencies and the units' figures on paper."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from assessments.models import Plan
from assessments.year import helping
from localities.models import Unit
from reports import making, registry
from tests import factories
from tests.assessments.views.year_parts import draft, publish
from tests.reports import data
from tests.reports.papers.reading import read

pytestmark = pytest.mark.django_db
GUIDANCE, HELPING, FIGURES = "danh-muc-huong-dan", "bang-giup-do", "bieu-so-lieu"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel("2025-06-02 03:00:00+00:00", tick=False):
        yield


@pytest.fixture
def plan(db: None) -> Plan:
    data.city_authority()
    return factories.PlanFactory(year=2025)


@pytest.fixture
def agent(db: None) -> User:
    made: User = factories.AgencyOfficerFactory()
    return made


def html(code: str, user: User, *ids: int) -> str:
    return making.html(registry.find(code), read(code, user, *ids))


def test_guidance_in_force_by_agency(agent: User, officer: User, plan: Plan) -> None:
    page = html(GUIDANCE, officer, plan.pk)
    assert "đã công bố 0 hướng dẫn đang áp dụng đến ngày 02 tháng 6 năm 2025." in page and "<thead>" not in page
    draft(agent, plan, "Còn dự thảo")
    publish(agent, plan, "Hướng dẫn chung", ("tc-1.1", "tc-1.2"))
    page = html(GUIDANCE, officer, plan.pk)
    assert "đã công bố 01 hướng dẫn" in page and "Còn dự thảo" not in page
    assert "Hướng dẫn chung (số 35/HD-PTN)" in page and "Từ 05/01/2025" in page and "đến hết" not in page
    assert "1.1, 1.2" in page and "https://laichau.gov.vn/a" in page and f"{agent.agency} (1)" in page
    with pytest.raises(ObjectDoesNotExist):
        read(GUIDANCE, factories.AdministratorFactory(), plan.pk)


def test_helping_table_sums_by_agency(home_affairs: User, agent: User, officer: User, plan: Plan, unit: Unit) -> None:
    second = factories.UnitFactory(ward=unit.ward, name="Tổ 9")
    assert agent.agency_id is not None
    made = helping.assign(
        user=home_affairs, plan_id=plan.pk, agency_id=agent.agency_id, unit_ids=[unit.pk, second.pk], focus="Vệ sinh"
    )
    row = next(row for row in made if row.unit_id == unit.pk)
    assert "đã làm 0 việc." in html(HELPING, home_affairs, plan.pk), "no worth where nobody gave one"
    for day, content, worth in ((3, "Tặng giống", 12_500_000), (1, "Góp ngày công", None), (2, "Tặng sách", 500_000)):
        helping.add_deed(user=agent, helping_id=row.pk, done_on=date(2025, 2, day), content=content, worth=worth)
    page = html(HELPING, home_affairs, plan.pk)
    assert "01 cơ quan giúp đỡ 02 tổ dân phố, bản; đã làm 03 việc, trị giá 13.000.000 đồng." in page
    assert page.index("Ngày 01/02/2025: Góp ngày công") < page.index("Ngày 03/02/2025: Tặng giống")
    assert page.count("Chưa ghi việc nào") == 1
    lines = {line.helping.unit_id: line for line in read(HELPING, home_affairs, plan.pk).lines}  # type: ignore[attr-defined]
    assert (lines[unit.pk].money, lines[second.pk].money) == ("13.000.000", "")
    assert str(unit.ward) not in html(HELPING, factories.WardOfficerFactory(), plan.pk)
    assert "trị giá 13.000.000 đồng" in html(HELPING, officer, plan.pk)


def test_figures_leave_unknown_cells_empty(home_affairs: User, leader: User, plan: Plan, unit: Unit) -> None:
    other = factories.UnitFactory(ward=unit.ward, name="Tổ 9")
    factories.UnitYearFactory(unit=unit, year=2025, households=1234, persons=None)
    page = html("bieu-so-lieu-xa-phuong", leader, plan.pk, unit.ward_id)
    assert "Ô trống: chưa có số liệu (02 tổ dân phố, bản)." in page and "1.234</td>" in page
    assert "None" not in page and ">0</td>" not in page
    made = read(FIGURES, home_affairs, plan.pk)
    assert made.total.sums[0] == (1234, 1) and made.total.sums[1] == (None, 0)  # type: ignore[attr-defined]
    assert [row.unit for _, row in made.groups[0].rows] == [unit, other]  # type: ignore[attr-defined]
    assert not made.total.complete  # type: ignore[attr-defined]
