"""The consolidated table on paper: wards, units by standard, every criterion, in landscape pages."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments.models import Assessment, Plan
from localities.models import Ward
from reports import making, registry
from reports.papers import city_table
from reports.papers.city_table import CityTable
from tests import factories
from tests.assessments.roads import answer_all, save
from tests.reports import data
from tests.reports.conftest import squeezed
from tests.reports.papers.reading import LANDSCAPE, numbers, pages, printed, sizes, tables

CRITERIA = 41


@pytest.fixture
def filled(officer: User, plan: Plan) -> list[Assessment]:
    """A unit that qualifies, one that does not, one hardly begun; of one ward, and one of another ward."""
    data.city_authority()
    good, bad, begun = (
        factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward, name=name), plan=plan, officer=officer)
        for name in ("Tổ 1", "Tổ 2", "Tổ 3")
    )
    answer_all(officer, good)
    answer_all(officer, bad, bad=("tc-2.1", "tc-2.2", "th-1"))
    save(officer, begun, "tc-1.1", "met")
    other = factories.WardOfficerFactory(ward__name="Khác")
    elsewhere = factories.open_assessment(
        unit=factories.UnitFactory(ward=other.ward, name="Bản 9"), plan=plan, officer=other, aim="maintain"
    )
    return [good, bad, begun, elsewhere]


def table(user: User, plan: Plan, *ward: int) -> CityTable:
    return city_table.read_self(user, (plan.pk, *ward))


def test_everything_stands_on_it(home_affairs: User, plan: Plan, filled: list[Assessment]) -> None:
    content = printed("bang-tu-danh-gia", table(home_affairs, plan))
    assert set(sizes(content)) == {LANDSCAPE}
    said = "".join(pages(content))
    for line in (
        "PHÒNG NỘI VỤ",
        "DỰ THẢO",
        "BẢNG TỔNG HỢP KẾT QUẢ TỰ ĐÁNH GIÁ",
        "Tổng số 04 tổ dân phố, bản đăng ký (đạt mới 03, duy trì 01)",
        "đã tự đánh giá xong 02, trong đó đủ điều kiện 01, chưa đủ điều kiện 01.",
        "NGƯỜI LẬP BIỂU",
        "TRƯỞNG PHÒNG",
        "Phụ lục",
        "KẾT QUẢ TỰ ĐÁNH GIÁ TỪNG TIÊU CHÍ",
    ):
        assert squeezed(line) in said, line


def test_units_by_standard(home_affairs: User, plan: Plan, filled: list[Assessment]) -> None:
    rows = {
        row[1]: row[2:]
        for grid in tables(printed("bang-tu-danh-gia", table(home_affairs, plan)))
        for row in grid
        if len(row) == 17
    }
    assert rows["Tổ 1"][:7] == ["Đạt mới", "4/4", "8/8", "7/7", "8/8", "6/6", "8/8"]
    assert rows["Tổ 1"][-2:] == ["", "Đủ điều kiện"]
    assert rows["Tổ 2"][2] == "6/8*" and rows["Tổ 2"][-2:] == ["1", "Chưa đủ điều kiện"]
    assert rows["Tổ 3"][1] == "1/4" and rows["Tổ 3"][-1] == "Tạm tính, 1/83"
    assert rows["Bản 9"][0] == "Duy trì" and not any(rows["Bản 9"][1:])


def test_subtotals_and_totals(home_affairs: User, plan: Plan, filled: list[Assessment]) -> None:
    made = table(home_affairs, plan)
    own = str(filled[0].unit.ward)
    [first], [other] = ([g for g in made.groups if (g.ward == own) is wanted] for wanted in (True, False))
    assert first.counts[:6] == [2, 1, 2, 2, 2, 2] and (first.cases, first.qualifying) == (1, 1)
    assert made.counts == [a + b for a, b in zip(first.counts, other.counts, strict=True)]
    wards = {ward.ward: (ward.units, ward.complete, ward.qualifying, ward.lacking) for ward in made.wards}
    assert wards == {own: (3, 2, 1, 1), other.ward: (1, 0, 0, 0)}
    assert (made.whole.units, made.whole.complete, made.occurring) == (4, 2, 1)


def test_every_criterion_once(home_affairs: User, plan: Plan, filled: list[Assessment]) -> None:
    made = table(home_affairs, plan)
    codes = [entry.code for part in made.parts for standard in part.standards for entry in standard.entries]
    assert len(codes) == len(set(codes)) == CRITERIA
    assert all(len(part.totals) <= city_table.MOST_CRITERIA for part in made.parts)
    for part in made.parts:
        for _, rows in part.groups:
            assert all(sum(mark.span for mark in marks) == len(part.totals) for _, _, marks in rows)
    signs = {name: marks for _, rows in made.parts[0].groups for _, name, marks in rows}
    assert [mark.text for mark in signs["Tổ 1"]] == ["4/4", "8/8", "7/7"]
    assert [mark.text for mark in signs["Tổ 2"]] == ["4/4", "K", "K", *["Đ"] * 6, "7/7"]
    assert [mark.text for mark in signs["Tổ 3"]] == ["Đ", "", "", "", "", ""]
    assert made.parts[0].totals[:5] == [3, 2, 2, 2, 1]


def test_many_units_repeat_heads_and_number_pages(home_affairs: User, plan: Plan, filled: list[Assessment]) -> None:
    made = table(home_affairs, plan)
    content = printed("bang-tu-danh-gia", replace(made, records=made.records[:1] * 70))
    found = pages(content)
    appendix = next(number for number, page in enumerate(found) if "Phụlục" in page)
    grids = [page for page in found[:appendix] if "TC1TC2" in page]
    assert len(grids) > 2
    assert all("Tiêuchuẩn" in page for page in found[appendix:])
    own, attached = numbers(content)[:appendix], numbers(content)[appendix:]
    assert own == ["", *(str(number) for number in range(2, len(own) + 1))]
    assert attached == ["", *(str(number) for number in range(2, len(attached) + 1))]


def test_a_ward_prints_its_own(officer: User, leader: User, plan: Plan, filled: list[Assessment]) -> None:
    assert leader.ward is not None
    made = table(leader, plan, leader.ward.pk)
    said = "".join(pages(printed("bang-tu-danh-gia-xa-phuong", made)))
    assert squeezed(str(leader.ward)) in said and "Bản9" not in said
    assert squeezed("Kết quả theo xã, phường") not in said
    with pytest.raises(Ward.DoesNotExist):
        table(leader, plan, filled[3].unit.ward_id)


def test_without_registrations(home_affairs: User, plan: Plan) -> None:
    said = "".join(pages(printed("bang-tham-dinh", city_table.read_effective(home_affairs, (plan.pk,)))))
    assert squeezed("Chưa có tổ dân phố, bản nào đăng ký.") in said and "Phụlục" not in said


def test_same_queries_for_one_unit_and_four(home_affairs: User, officer: User, plan: Plan) -> None:
    costs = []
    for number in (1, 3):
        for _ in range(number):
            factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward), plan=plan, officer=officer)
        table(home_affairs, plan)
        with CaptureQueriesContext(connection) as caught:
            making.html(registry.find("bang-tu-danh-gia"), table(home_affairs, plan))
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 16


def test_who_may(home_affairs: User, city_leader: User, officer: User, plan: Plan, client: Client) -> None:
    assert officer.ward is not None
    city, own = (
        f"/van-ban/bang-tham-dinh/{plan.pk}/tep.pdf",
        f"/van-ban/bang-tham-dinh-xa-phuong/{plan.pk}-{officer.ward.pk}/tep.pdf",
    )
    for user in (home_affairs, city_leader):
        client.force_login(user)
        assert client.get(city).status_code == client.get(own).status_code == 200
    client.force_login(officer)
    assert client.get(city).status_code == 404 and client.get(own).status_code == 200
    client.force_login(factories.WardOfficerFactory())
    assert client.get(own).status_code == 404
