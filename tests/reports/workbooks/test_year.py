"""Workbooks of the year's papers, opened again: values keep their types, and the sums are those of the rows."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.models import User
from assessments.models import Assessment, Plan
from assessments.year import community_models, helping
from assessments.year.community_models import Described
from localities.models import Unit
from reports import registry
from tests import factories
from tests.assessments.roads import answer_all
from tests.assessments.views.year_parts import draft, publish
from tests.assessments.year.budget import City
from tests.assessments.year.budget import draft as draft_estimate
from tests.reports import data

pytestmark = pytest.mark.django_db
Sheet = list[tuple[Any, ...]]


@pytest.fixture
def plan(db: None) -> Plan:
    data.city_authority()
    return factories.PlanFactory(year=2025)


def opened(code: str, user: User, *ids: int) -> dict[str, Sheet]:
    """The rows below each sheet's head, by the sheet's name."""
    book = load_workbook(BytesIO(_workbook(code, user, *ids)))
    return {sheet.title: [*sheet.iter_rows(min_row=3, values_only=True)] for sheet in book}


def named(sheet: Sheet, name: str) -> tuple[Any, ...]:
    """The one row that says so."""
    [found] = [row for row in sheet if name in row]
    return found


def test_money_of_all_wards(plan: Plan) -> None:
    town, waiting = City(plan), City(plan)
    estimate = town.sent()
    town.say(estimate, (5_000_000, "Giá cao"), (3_000_000, ""), finish=True)
    waiting.sent()
    draft_estimate(City(plan).officer, plan)  # nobody's business yet
    wards, lines = opened("bang-tham-dinh-kinh-phi", town.finance, plan.pk).values()
    assert named(wards, str(town.ward))[3:7] == (9_000_000, 8_000_000, -1_000_000, None)
    assert named(wards, str(town.ward))[7:] == (7_000_000, 1_500_000, 500_000)
    assert named(wards, str(waiting.ward))[3:7] == (9_000_000, None, None, None)
    total = wards[-1]
    assert (total[0], total[3], total[4]) == ("Tổng cộng", 18_000_000, 8_000_000)
    assert total[3] == sum(row[3] or 0 for row in wards[:-1])
    assert [row[6] for row in lines] == [6_000_000, 3_000_000] * 2
    assert sum(row[7] or 0 for row in lines) == 8_000_000


def test_help(plan: Plan, home_affairs: User) -> None:
    agent = factories.AgencyOfficerFactory()
    units = [factories.UnitFactory(), factories.UnitFactory()]
    rows = helping.assign(
        user=home_affairs,
        plan_id=plan.pk,
        agency_id=agent.agency_id,
        unit_ids=[unit.pk for unit in units],
        focus="Vệ sinh",
    )
    for row, worth in zip(rows, (12_500_000, 500_000), strict=True):
        helping.add_deed(user=agent, helping_id=row.pk, done_on=date(2025, 2, 3), content="=Tặng giống", worth=worth)
    helping.add_deed(user=agent, helping_id=rows[0].pk, done_on=date(2025, 2, 4), content="Góp ngày công")
    book = opened("bang-giup-do", home_affairs, plan.pk)
    assigned, done, agencies = (book[name] for name in ("Phân công giúp đỡ", "Việc đã làm", "Theo cơ quan"))
    assert named(assigned, str(rows[0].unit))[7:] == (2, 12_500_000)
    assert named(assigned, str(rows[1].unit))[7:] == (1, 500_000)
    assert [row[4].date() for row in done if row[5] == "=Tặng giống"] == [date(2025, 2, 3)] * 2
    assert agencies[-1] == (None, "Cộng", None, None, 3, 13_000_000)
    assert sum(row[6] or 0 for row in done) == agencies[-1][5]


def test_guidance(plan: Plan, home_affairs: User) -> None:
    agent = factories.AgencyOfficerFactory()
    publish(agent, plan, "=Hướng dẫn chung", ("tc-1.1", "tc-1.2"))
    draft(agent, plan, "Chưa ban hành")
    [rows] = opened("danh-muc-huong-dan", home_affairs, plan.pk).values()
    [row] = rows
    assert row[:4] == (1, str(agent.agency), "=Hướng dẫn chung", "35/HD-PTN")
    assert "1.1" in row[4] and "1.2" in row[4]
    assert (row[5].date(), row[6]) == (date(2025, 1, 5), None)


def test_models(plan: Plan, officer: User, unit: Unit, home_affairs: User) -> None:
    elsewhere = factories.UnitFactory()
    for where, who, name in (
        (unit, officer, "Nhóm hộ trồng rau"),
        (unit, officer, "Nhóm hộ nuôi ong"),
        (elsewhere, factories.WardOfficerFactory(ward=elsewhere.ward), "Nhóm hộ khác"),
    ):
        told = Described("economic", name, date(2021, 3, 1), 24, "Góp vốn.", "Tăng thu nhập.")
        community_models.add(user=who, plan_id=plan.pk, unit_id=where.pk, told=told)
    found = opened("bang-mo-hinh", home_affairs, plan.pk)
    rows, counts = found["Mô hình, tổ tự quản"], found["Theo loại"]
    assert named(rows, "Nhóm hộ nuôi ong")[6] == 24
    assert named(rows, "Nhóm hộ nuôi ong")[5].date() == date(2021, 3, 1)
    assert sum(row[1] for row in counts) == len(rows) == 3
    own = opened("bang-mo-hinh-xa-phuong", officer, plan.pk, unit.ward_id)
    assert len(own["Mô hình, tổ tự quản"]) == sum(row[2] for row in own["Theo loại"]) == 2


def test_progress(plan: Plan, officer: User, home_affairs: User) -> None:
    factories.MilestoneFactory(plan=plan, duty="ward_plan", before=date(2025, 3, 20))
    factories.WardFactory()
    book = load_workbook(BytesIO(_workbook("bang-tien-do", home_affairs, plan.pk)))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    at = next(n for n, head in enumerate(heads) if "(trước 20/03/2025)" in str(head))
    rows = [*sheet.iter_rows(min_row=3, values_only=True)]
    assert [row[0] for row in rows] == [1, 2, None]
    assert all("Quá hạn" in row[at] for row in rows[:-1])
    assert rows[-1][at] == "Đúng hạn 0; muộn 0; chưa nộp 0; quá hạn 2"


def test_analysis(plan: Plan, officer: User, assessment: Assessment, home_affairs: User) -> None:
    answer_all(officer, assessment, bad=["tc-5.2"])
    other = factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward), plan=plan, officer=officer)
    answer_all(officer, other, bad=["tc-5.2", "tc-1.1"])
    book = opened("bao-cao-phan-tich", home_affairs, plan.pk)
    criteria = {row[1]: row for row in book["Tiêu chí còn đạt thấp"]}
    assert criteria["5.2"][0] == 1 and criteria["5.2"][3:5] == (2, 0)
    assert criteria["1.1"][3:5] == (1, 1)
    wards = book["Không đạt theo xã, phường"]
    assert [row[0] for row in wards] == ["5.2", "1.1"]
    assert all(sum(row[1:-1]) == row[-1] for row in wards)
    assert len(criteria) == 41
    shares = [criteria[code][7] for code in ("5.2", "1.1", "1.2")]
    assert shares == [1, 0.5, 0], "numbers, not words"


def test_analysis_has_pictures_of_its_figures(plan: Plan, officer: User, home_affairs: User) -> None:
    earlier = factories.PlanFactory(year=plan.year - 1)
    plan.targets.create(kind="maintain", minimum=35)
    for number, (year, bad) in enumerate(((earlier, ["tc-5.2"]), (plan, ["tc-5.2"]), (plan, [])), 1):
        made = factories.open_assessment(
            unit=factories.UnitFactory(ward=officer.ward, name=f"Tổ {number}"), plan=year, officer=officer
        )
        answer_all(officer, made, bad=bad)
    book = load_workbook(BytesIO(_workbook("bao-cao-phan-tich", home_affairs, plan.pk)))
    assert all(len(sheet.title) <= 31 for sheet in book)
    ranks, changes = book["Tiêu chí còn đạt thấp"], book["Tiêu chuẩn bảo đảm, tiêu chí"]
    worst, over_years, standards, criteria, targets = book["Biểu đồ"]._charts
    assert [one.val.numRef.f for one in worst.series] == ["'Tiêu chí còn đạt thấp'!$D$3"]
    heads = [ranks[one.tx.strRef.f.rpartition("!")[2].replace("$", "")].value for one in over_years.series]
    assert heads == [f"Tỷ lệ không đạt năm {earlier.year}", f"Tỷ lệ không đạt năm {plan.year}"]
    assert [(ranks[at].value, ranks[at].number_format) for at in ("H3", "I3")] == [(0.5, "0.00%"), (1, "0.00%")]
    assert [one.val.numRef.f.rpartition("!")[2] for one in standards.series] == ["$E$3:$E$8", "$H$3:$H$8"]
    assert [one.val.numRef.f.rpartition("!")[2] for one in criteria.series] == ["$E$9", "$H$9"], "those that fail"
    failing = changes[9]
    assert failing[0].value == "5.2" and changes.max_row == 49
    assert [(failing[at].value, failing[at].number_format) for at in (4, 7)] == [(1, "0.00%"), (0.5, "0.00%")]
    assert len(targets.series) == 3 and book["Chỉ tiêu qua các năm"]["C3"].value == 35


def _workbook(code: str, user: User, *ids: int) -> bytes:
    paper = registry.find(code)
    assert paper.workbook is not None
    return paper.workbook(paper.read(user, ids))
