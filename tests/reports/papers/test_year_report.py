"""Half-year and yearly reports on paper: who they go to, what they say, appendices of the city's, Excel."""

from io import BytesIO

import openpyxl
import pytest

from accounts.models import User
from assessments.models import Plan, YearReport
from reports.workbooks import year_report as workbooks
from tests import factories
from tests.assessments.views.year_reports import make
from tests.reports import data
from tests.reports.conftest import squeezed
from tests.reports.papers import reading

pytestmark = pytest.mark.django_db
CODE, PROPOSALS = "bao-cao-ky", "tong-hop-kien-nghi"


@pytest.fixture(autouse=True)
def authority(db: None) -> None:
    data.city_authority()


def printed(user: User, report: YearReport) -> list[str]:
    return reading.pages(reading.printed(CODE, reading.read(CODE, user, report.pk)))


def test_a_wards_draft_goes_to_home_affairs_with_blanks(officer: User, plan: Plan) -> None:
    report = make(plan, "half", ward=officer.ward, proposals="", difficulties="Thiếu nhà văn hóa.")
    made = reading.read(CODE, officer, report.pk)
    assert made.draft and not made.edition
    text = "".join(printed(officer, report))
    assert squeezed("DỰ THẢO") in text and squeezed("Kính gửi: Phòng Nội vụ thành phố Lai Châu") in text
    assert squeezed("6 tháng đầu năm") in text and squeezed("Thiếu nhà văn hóa.") in text
    assert made.number_line.endswith(f"/BC-{made.letterhead.symbol}")


def test_a_sent_one_is_final_and_each_sending_its_own(officer: User, leader: User, plan: Plan) -> None:
    report = make(plan, "year", leader, state="submitted", ward=officer.ward, number="7", causes="")
    made = reading.read(CODE, leader, report.pk)
    assert not made.draft and made.edition
    assert made.number == f"07/BC-{made.letterhead.symbol}"
    assert squeezed("2. Nguyên nhân Không.") in "".join(printed(leader, report))
    with pytest.raises(YearReport.DoesNotExist):
        reading.read(CODE, factories.WardOfficerFactory(), report.pk)


def test_the_citys_has_appendices(officer: User, leader: User, home_affairs: User, plan: Plan) -> None:
    make(plan, "year", leader, state="submitted", ward=officer.ward, proposals="Xin thêm đèn đường.")
    silent = factories.WardFactory(name="Im Lặng")
    city = make(
        plan, "year", home_affairs, home_affairs, state="accepted", number="9/BC-UBND", signed_on=plan.issued_on
    )
    content = reading.printed(CODE, reading.read(CODE, officer, city.pk))
    found = reading.pages(content)
    assert squeezed("Kính gửi: Ủy ban nhân dân tỉnh Lai Châu") in found[0]
    assert squeezed(f"chưa gửi báo cáo: {silent}") in found[0]
    assert squeezed("SỐ LIỆU THEO XÃ, PHƯỜNG, CƠ QUAN") in "".join(found)
    assert squeezed("Xin thêm đèn đường.") in found[-1] and squeezed(str(officer.ward)) in found[-1]
    assert reading.LANDSCAPE in reading.sizes(content)


def test_excel_keeps_numbers(officer: User, home_affairs: User, plan: Plan) -> None:
    factories.UnitFactory(ward=officer.ward)
    city = make(plan, "year", home_affairs, home_affairs, state="accepted", number="9/BC-UBND")
    book = openpyxl.load_workbook(BytesIO(workbooks.figures(reading.read(CODE, home_affairs, city.pk))))
    values = next(iter(book.worksheets[0].iter_rows(min_row=3, max_row=3, values_only=True)))
    assert values[:2] == ("Tổng số tổ dân phố, bản", 1)


def test_proposals_of_both_periods(officer: User, leader: User, home_affairs: User, plan: Plan) -> None:
    make(plan, "half", leader, state="submitted", ward=officer.ward, proposals="Xin tập huấn.")
    agent = factories.AgencyOfficerFactory()
    make(plan, "year", agent, home_affairs, state="accepted", agency=agent.agency, proposals="Gửi sớm minh chứng.")
    make(plan, "year", ward=officer.ward, proposals="Còn nháp.")
    made = reading.read(PROPOSALS, home_affairs, plan.pk)
    assert made.periods == [
        ("Báo cáo 6 tháng", [(str(officer.ward), "Xin tập huấn.")]),
        ("Báo cáo năm", [(str(agent.agency), "Gửi sớm minh chứng.")]),
    ]
    book = openpyxl.load_workbook(BytesIO(workbooks.proposals(made)))
    assert book.worksheets[0]["D4"].value == "Gửi sớm minh chứng."
    with pytest.raises(Plan.DoesNotExist):
        reading.read(PROPOSALS, officer, plan.pk)
