"""The table of who owes what, and the letters that remind."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from assessments.models import Plan
from reports import making, registry
from reports.papers.base import NotYet
from tests import factories
from tests.assessments.year.handing_in import hand_in
from tests.reports import data
from tests.reports.papers.reading import pages, printed, read

pytestmark = pytest.mark.django_db
TABLE, ALL, TO_WARD, TO_AGENCY = (
    "bang-tien-do",
    "cong-van-don-doc",
    "cong-van-don-doc-xa-phuong",
    "cong-van-don-doc-co-quan",
)
EARLY, LAST, LATE = ("2025-05-01 03:00:00+00:00", "2025-05-31 03:00:00+00:00", "2025-06-03 03:00:00+00:00")


@pytest.fixture
def plan(db: None) -> Plan:
    data.city_authority()
    made: Plan = factories.PlanFactory(year=2025, number="604/KH-UBND")
    factories.MilestoneFactory(plan=made, duty="half_year_report", before=date(2025, 6, 1))
    return made


def html(code: str, user: User, *ids: int) -> str:
    return making.html(registry.find(code), read(code, user, *ids))


def test_letter_to_a_ward_reminds_before_the_day(plan: Plan, officer: User, home_affairs: User) -> None:
    ward = officer.ward
    assert ward is not None
    with time_machine.travel(LAST, tick=False):
        page = html(TO_WARD, home_affairs, plan.pk, ward.pk)
        found = read(TO_WARD, home_affairs, plan.pk, ward.pk)
    assert f"Đến ngày 31/05/2025, {ward.authority_name} còn 01 việc chưa hoàn thành" in page
    assert "Trước ngày 01/06/2025" in page and "Hôm nay là ngày cuối" in page
    assert "Chủ động hoàn thành" in page and "Khẩn trương" not in page
    assert found.addressees == [ward.authority_name] and not found.draft
    assert found.number_line.startswith("Số:") and found.number_line.endswith("/PNV")


def test_letter_to_a_ward_that_is_late(plan: Plan, officer: User, home_affairs: User) -> None:
    with time_machine.travel(LATE, tick=False):
        page = html(TO_WARD, home_affairs, plan.pk, officer.ward_id or 0)
        first = pages(printed(TO_WARD, read(TO_WARD, home_affairs, plan.pk, officer.ward_id or 0)))[0]
    assert "Quá hạn 3 ngày" in page and "Khẩn trương hoàn thành" in page
    assert "V/vđônđốcthựchiệnKếhoạch" in first and "Kínhgửi:" in first and "Như trên" in page
    assert "Kếhoạchsố604/KH-UBNDngày28tháng02năm2025" in first


@pytest.mark.parametrize("code", [TO_WARD, TO_AGENCY])
def test_no_letter_where_nothing_is_owed(plan: Plan, officer: User, home_affairs: User, code: str) -> None:
    agent = factories.AgencyOfficerFactory()
    who, pk = (officer, officer.ward_id) if code == TO_WARD else (agent, agent.agency_id)
    with time_machine.travel(LATE, tick=False):
        assert read(code, home_affairs, plan.pk, pk).lines  # type: ignore[attr-defined]
        hand_in("half_year_report", plan, who)
        with pytest.raises(NotYet, match="không còn nợ việc nào"):
            read(code, home_affairs, plan.pk, pk)
        for other in (officer, factories.CityLeaderFactory(), factories.AgencyOfficerFactory()):
            with pytest.raises(ObjectDoesNotExist):
                read(code, other, plan.pk, pk)


def test_home_affairs_writes_itself_no_letter(plan: Plan, home_affairs: User) -> None:
    own = factories.AgencyFactory(code="noi-vu")
    with time_machine.travel(LATE, tick=False), pytest.raises(NotYet, match="cho chính mình"):
        read(TO_AGENCY, home_affairs, plan.pk, own.pk)


def test_common_letter_lists_only_who_is_late(plan: Plan, officer: User, home_affairs: User) -> None:
    done = factories.WardOfficerFactory()
    agency = factories.AgencyFactory(name="Phòng Chậm")
    assert home_affairs.agency is not None
    hand_in("half_year_report", plan, done, on=date(2025, 5, 20))
    hand_in("half_year_report", plan, home_affairs, on=date(2025, 5, 20))
    with time_machine.travel(EARLY, tick=False), pytest.raises(NotYet, match="Không nơi nào nợ việc quá hạn"):
        read(ALL, home_affairs, plan.pk)
    with time_machine.travel(LATE, tick=False):
        found = read(ALL, home_affairs, plan.pk)
        page = making.html(registry.find(ALL), found)
    assert "còn 02 nơi chưa hoàn thành 02 việc đã quá hạn" in page
    assert {line.office for line in found.lines} == {str(officer.ward), "Phòng Chậm"}  # type: ignore[attr-defined]
    assert [line.number for line in found.lines] == [1, 2]  # type: ignore[attr-defined]
    assert agency.name in found.addressees and str(done.ward) not in page


def test_table_has_every_office_with_its_standing(plan: Plan, officer: User, home_affairs: User) -> None:
    late = factories.WardOfficerFactory()
    hand_in("half_year_report", plan, late, on=date(2025, 6, 1))
    with time_machine.travel(LATE, tick=False):
        found = read(TABLE, home_affairs, plan.pk)
        page = making.html(registry.find(TABLE), found)
    (_, columns, wards, totals), _ = found.parts  # type: ignore[attr-defined]
    at = [name for name, _ in columns].index("Báo cáo 6 tháng")
    by_name = {name: cells[at] for name, cells in wards}
    assert by_name == {str(officer.ward): "Quá hạn 3 ngày", str(late.ward): "Muộn 1 ngày (01/06/2025)"}
    assert totals[at] == "Đúng hạn 0; muộn 1; chưa nộp 0; quá hạn 1"
    assert "(trước 01/06/2025)" in page and "(không có mốc)" in page
    with pytest.raises(ObjectDoesNotExist):
        read(TABLE, officer, plan.pk)
