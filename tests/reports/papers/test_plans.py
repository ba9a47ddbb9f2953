"""The city's plan, a ward's plan, and the table of the wards' plans on paper."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from openpyxl import load_workbook

from accounts.models import User
from assessments import assigning
from assessments.models import Plan, Target
from assessments.year import city_plans, ward_plans
from assessments.year.ward_plans import Progress
from localities.models import Unit
from reports import making, offices, registry, word, wording
from tests import factories
from tests.assessments.roads import People
from tests.assessments.views.year_plans import written
from tests.reports import data
from tests.reports.papers.reading import pages, printed, read
from tests.reports.pdf_archive import check_pdf_a

pytestmark = pytest.mark.django_db
CITY, WARD, TABLE = "ke-hoach", "ke-hoach-xa-phuong", "bang-ke-hoach-xa-phuong"
NOW = "2025-05-19 03:00:00+00:00"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(db: None) -> Plan:
    data.city_authority()
    made: Plan = factories.PlanFactory(
        year=2025, number="604/KH-UBND", purpose="1. Mục đích\nNâng cao chất lượng.", goals="Mục tiêu chung."
    )
    factories.MilestoneFactory(plan=made, duty="ward_plan", before=date(2025, 5, 20))
    factories.MilestoneFactory(plan=made, duty="agency_result", before=date(2025, 10, 15))
    Target.objects.create(plan=made, kind="maintain", minimum=35)
    Target.objects.create(plan=made, kind="new", minimum=2)
    Target.objects.create(plan=made, kind="pilot_per_ward", minimum=1, maximum=2)
    return made


def html(code: str, user: User, *ids: int) -> str:
    return making.html(registry.find(code), read(code, user, *ids))


def test_city_plan_says_its_targets_days_and_units(plan: Plan, officer: User, unit: Unit) -> None:
    page = html(CITY, officer, plan.pk)
    assert "<p>Ủy ban nhân dân thành phố Lai Châu ban hành kế hoạch" in page
    assert "năm 2025 của Ủy ban nhân dân thành phố Lai Châu./." in page
    assert "Số: 604/KH-UBND" in page and "Thành phố Lai Châu, ngày 28 tháng 02 năm 2025" in page
    assert "Duy trì 35 tổ dân phố, bản đã được công nhận" in page and "Xây dựng 02 tổ dân phố, bản đạt mới" in page
    assert "xây dựng điểm 1-2 tổ dân phố" in page
    assert "báo cáo kết quả thẩm định các tiêu chí được phân công trước ngày 15/10/2025" in page
    assert "gửi về UBND thành phố trước ngày 20/05/2025" in page
    assert "DỰ THẢO" not in page and "Chưa có tổ dân phố, bản đăng ký" in page and "Chưa phân công" in page
    factories.open_assessment(unit=unit, plan=plan, officer=officer, aim="maintain")
    factories.AgencyFactory(code="noi-vu", name="Phòng Nội vụ")
    assigning.load_default(plan)
    found = read(CITY, officer, plan.pk)
    [row] = found.units  # type: ignore[attr-defined]
    assert (row.number, row.unit, row.aim, row.pilot) == (1, "Tổ 5", "Duy trì", False)
    [home] = [row for row in found.agencies if row.name == "Phòng Nội vụ"]  # type: ignore[attr-defined]
    assert home.leading.startswith("1.1, 1.2, 1.3, 1.4") and "TH 1" in home.leading


def test_draft_of_a_city_plan_is_marked_and_left_open(plan: Plan, home_affairs: User, officer: User) -> None:
    draft = city_plans.create(user=home_affairs, source_id=plan.pk, year=2026)
    found = read(CITY, home_affairs, draft.pk)
    page = making.html(registry.find(CITY), found)
    assert found.draft and "DỰ THẢO" in page and "tháng\N{NO-BREAK SPACE}" in page and "năm 2026" in page
    with pytest.raises(ObjectDoesNotExist):
        read(CITY, officer, draft.pk)


def test_time_without_an_authority_leaves_dotted_lines(plan: Plan, home_affairs: User) -> None:
    """The city's names end with 30/6/2025: what is dated later leaves room for the names to come."""
    draft = city_plans.create(user=home_affairs, source_id=plan.pk, year=2026)
    found = read(CITY, home_affairs, draft.pk)
    assert found.letterhead.blank and not read(CITY, home_affairs, plan.pk).letterhead.blank
    assert found.number_line.endswith(f"/KH-{offices.SHORT_BLANK}")
    content = printed(CITY, found)
    check_pdf_a(content)
    first = pages(content)[0]
    assert first.count(offices.BLANK) == 2 and f"{offices.SHORT_BLANK},ngày" in first
    page = making.html(registry.find(CITY), found)
    assert f"<p>Ủy ban nhân dân thành phố {offices.SHORT_BLANK} ban hành kế hoạch" in page
    assert word.document(page).startswith(b"PK")


def test_ward_plan_is_a_draft_until_it_is_sent(plan: Plan, people: People, unit: Unit) -> None:
    factories.open_assessment(unit=unit, plan=plan, officer=people.officer, aim="new")
    own = written(people.officer, plan)
    found = read(WARD, people.officer, own.pk)
    page = making.html(registry.find(WARD), found)
    assert found.draft and not found.edition and "DỰ THẢO" in page
    assert "có 01 tổ dân phố, bản đăng ký: duy trì 0, đạt mới 01." in page
    assert "Rà soát, kiện toàn" in page and "15/06/2025" in page and "Công chức Địa chính - Xây dựng" in page
    for stranger in (people.home_affairs, factories.WardOfficerFactory()):
        with pytest.raises(ObjectDoesNotExist):
            read(WARD, stranger, own.pk)
    ward_plans.send(user=people.leader, ward_plan_id=own.pk, version=own.version)
    found = read(WARD, people.home_affairs, own.pk)
    page = making.html(registry.find(WARD), found)
    assert not found.draft and found.edition.startswith("gui-20250519") and "DỰ THẢO" not in page
    assert "Số: 15/KH-UBND" in page and "ngày 05 tháng 3 năm 2025" in page
    # Whoever registers later is not on what was sent.
    factories.open_assessment(unit=factories.UnitFactory(ward=unit.ward), plan=plan, officer=people.officer)
    assert len(read(WARD, people.home_affairs, own.pk).units) == 1  # type: ignore[attr-defined]


def test_ward_plan_without_words_leaves_lines_to_write_on(plan: Plan, people: People) -> None:
    own = written(people.officer, plan, goals="", number="", signed_on=None)
    page = html(WARD, people.officer, own.pk)
    assert 'class="open"' in page and "ngày\N{NO-BREAK SPACE}" in page and "Chưa có tổ dân phố, bản đăng ký" in page


def test_table_of_the_wards_plans(plan: Plan, people: People) -> None:
    own = written(people.officer, plan)
    silent = factories.WardFactory()
    page = html(TABLE, people.home_affairs, plan.pk)
    assert "Đến ngày 19/05/2025, 0/02 xã, phường đã gửi kế hoạch (hạn trước ngày 20/05/2025)." in page
    assert "15/KH-UBND" not in page, "nobody's business before it is sent"
    with time_machine.travel("2025-05-20 03:00:00+00:00", tick=False):
        sent = ward_plans.send(user=people.leader, ward_plan_id=own.pk, version=own.version)
        first = sent.task_lines.order_by("position").first()
        assert first is not None
        done = Progress(first.pk, "done", date(2025, 5, 20), "Đã rà soát")
        ward_plans.report_tasks(user=people.officer, ward_plan_id=own.pk, version=sent.version, progress=[done])
    with time_machine.travel("2025-10-01 03:00:00+00:00", tick=False):
        found = read(TABLE, people.home_affairs, plan.pk)
        page = making.html(registry.find(TABLE), found)
        book = load_workbook(BytesIO(registry.find(TABLE).workbook(found)))  # type: ignore[misc]
    assert (
        "trong đó 01 gửi muộn" in page
        and f"Chưa gửi: {wording.inside(silent)}" in page
        and "Có 01 nhiệm vụ quá hạn" in page
    )
    assert "1/2</td>" in page and "Đã rà soát" in page and "20/05/2025" in page
    plans, tasks = ([*sheet.iter_rows(min_row=3, values_only=True)] for sheet in book)
    [row] = [row for row in plans if row[1] == str(people.officer.ward)]
    assert row[2:4] == ("Đã gửi", "15/KH-UBND") and row[6:10] == ("Muộn", 2, 1, 1)
    [other] = [row for row in plans if row[1] == str(silent)]
    assert other[2] == "Chưa gửi" and other[3:6] == (None, None, None) and other[6] == "Quá hạn"
    assert [row[2] for row in tasks] == ["Rà soát, kiện toàn", "Tổng vệ sinh"]
    with pytest.raises(ObjectDoesNotExist):
        read(TABLE, people.leader, plan.pk)
