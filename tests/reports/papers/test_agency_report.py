"""The agency's report: the figures of the closing, what differs, and the sheet as an appendix on its side."""

import pytest
from django.test import Client

from accounts.models import Agency, User
from assessments import closing
from assessments.models import AgencyReport, Assessment, Plan
from reports.models import OfficeName, Signer
from reports.papers import agency_report
from reports.papers.agency_report import AgencyReportPaper
from tests import factories
from tests.assessments.agencies import assign, close, in_appraisal, judge
from tests.reports import data
from tests.reports.conftest import HOSTILE, squeezed
from tests.reports.papers.reading import LANDSCAPE, PORTRAIT, numbers, pages, printed, sizes

REASON = "Biên bản họp thiếu chữ ký."


@pytest.fixture
def agent(db: None) -> User:
    return factories.AgencyOfficerFactory(agency__name="Phòng Thử nghiệm", agency__symbol="PTN")


@pytest.fixture
def agency(agent: User, plan: Plan) -> Agency:
    assert agent.agency is not None
    data.city_authority()
    assign(plan, agent.agency, "tc-1.1", "tc-1.2")
    return agent.agency


@pytest.fixture
def dossiers(officer: User, plan: Plan, agency: Agency, agent: User) -> list[Assessment]:
    """Two that the agency has judged, one entry otherwise than the ward."""
    made = in_appraisal(officer, plan, 2)
    for number, dossier in enumerate(made):
        judge(agent, dossier, "tc-1.1", *(("met",) if number else ("not_met", REASON)))
        judge(agent, dossier, "tc-1.2", "met")
    return made


def paper(user: User, report: AgencyReport) -> AgencyReportPaper:
    return agency_report.read(user, (report.pk,))


def text(made: AgencyReportPaper) -> str:
    return "".join(pages(printed("bao-cao-tham-dinh", made)))


def test_everything_stands_on_it(agent: User, agency: Agency, plan: Plan, dossiers: list[Assessment]) -> None:
    given = {"number": "7", "remarks": "Cơ bản sát thực tế.", "signer_title": "Trưởng phòng", "signer_name": "Người ký"}
    report = close(agent, agency, *dossiers, **given)
    made = paper(agent, report)
    said, day = text(made), made.place_and_date
    for line in (
        "UBND THÀNH PHỐ LAI CHÂU",
        "PHÒNG THỬ NGHIỆM",
        "Số: 07/BC-PTN",
        day,
        "BÁO CÁO",
        f"Kết quả thẩm định tổ dân phố, bản tự quản, phát triển toàn diện năm {plan.year}",
        "Kính gửi: Ủy ban nhân dân thành phố Lai Châu (qua Phòng Nội vụ).",
        f"Căn cứ Kế hoạch số {plan.number}",
        "chủ trì thẩm định 02 mục đối với 02 tổ dân phố, bản:",
        f"phường {dossiers[0].unit.ward.name} (02).",
        "Tổng số 4 lượt thẩm định, trong đó: đạt 3; không đạt 1.",
        "Khác với kết quả tự đánh giá của xã, phường: 1 lượt.",
        "Cộng311",
        f"1.1ĐạtKhông đạt{REASON}",
        "Cơ bản sát thực tế.",
        "Như trên",
        "TRƯỞNG PHÒNG",
        "Người ký",
        "Phụ lục",
        "Kèm theo Báo cáo số 07/BC-PTN",
    ):
        assert squeezed(line) in said, line
    assert "muộn" not in said and "DỰTHẢO" not in said and "bổsung" not in said


def test_the_appendix_lies_on_its_side_and_counts_its_own_pages(
    agent: User, agency: Agency, dossiers: list[Assessment]
) -> None:
    content = printed("bao-cao-tham-dinh", paper(agent, close(agent, agency, *dossiers)))
    found = sizes(content)
    assert found[0] == PORTRAIT and found[-1] == LANDSCAPE
    first = found.index(LANDSCAPE)
    assert "Phụlục" in pages(content)[first]
    assert numbers(content)[first] == "" and numbers(content)[:first] == ["", *map(str, range(2, first + 1))]


def test_agreement_is_told_in_a_sentence(agent: User, agency: Agency, plan: Plan, officer: User) -> None:
    [dossier] = in_appraisal(officer, plan)
    for key in ("tc-1.1", "tc-1.2"):
        judge(agent, dossier, key, "met")
    assert squeezed("thống nhất với kết quả tự đánh giá") in text(paper(agent, close(agent, agency, dossier)))


def test_a_second_report_is_supplementary(
    agent: User, agency: Agency, plan: Plan, officer: User, dossiers: list[Assessment]
) -> None:
    close(agent, agency, *dossiers)
    [later] = in_appraisal(officer, plan)
    for key in ("tc-1.1", "tc-1.2"):
        judge(agent, later, key, "met")
    said = text(paper(agent, close(agent, agency, later)))
    assert squeezed("Kết quả thẩm định (bổ sung)") in said and squeezed("đối với 01 tổ dân phố, bản") in said


@pytest.mark.parametrize(("given", "shown"), [("", "/BC-PTN"), ("15", "15/BC-PTN"), ("15/BC-PYT", "15/BC-PYT")])
def test_number(given: str, shown: str, agent: User, agency: Agency, dossiers: list[Assessment]) -> None:
    made = paper(agent, close(agent, agency, *dossiers, number=given))
    assert made.number_line.removeprefix("Số: ").strip("\N{NO-BREAK SPACE}") == shown


def test_known_signers_bring_their_capacity(agent: User, agency: Agency, dossiers: list[Assessment]) -> None:
    Signer.objects.create(agency=agency, title="KT. TRƯỞNG PHÒNG\nPHÓ TRƯỞNG PHÒNG", full_name="Người ký thay")
    report = close(agent, agency, *dossiers, signer_title="Phó Trưởng phòng", signer_name="Người ký thay")
    assert paper(agent, report).signing.titles == ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]


def test_the_name_is_that_of_the_day(agent: User, agency: Agency, dossiers: list[Assessment]) -> None:
    report = close(agent, agency, *dossiers)
    OfficeName.objects.create(agency=agency, name="Phòng Tên cũ", symbol="PTC", valid_until=report.signed_on)
    assert paper(agent, report).letterhead.issuer == ["PHÒNG TÊN CŨ"]


def test_home_affairs_does_not_write_through_itself(agent: User, agency: Agency, dossiers: list[Assessment]) -> None:
    report = close(agent, agency, *dossiers)
    Agency.objects.filter(pk=agency.pk).update(name="Phòng Nội vụ")
    assert paper(agent, report).addressees == ["Ủy ban nhân dân thành phố Lai Châu"]


def test_figures_stay_those_of_the_closing(
    agent: User, home_affairs: User, agency: Agency, dossiers: list[Assessment]
) -> None:
    report = close(agent, agency, *dossiers)
    closing.reopen(user=home_affairs, report_id=report.pk, reason="Xem lại.")
    judge(agent, dossiers[0], "tc-1.1", "met", "", version=1)
    made = paper(agent, report)
    assert made.draft and made.edition == ""
    assert made.sums == [("đạt", 3), ("không đạt", 1)] and not made.sheet.differences
    assert squeezed("đã được mở lại") in text(made)


def test_hostile_text_is_printed_as_it_was_typed(agent: User, agency: Agency, dossiers: list[Assessment]) -> None:
    assert squeezed(HOSTILE) in text(paper(agent, close(agent, agency, *dossiers, remarks=HOSTILE)))


def test_who_may(
    agent: User, agency: Agency, home_affairs: User, city_leader: User, dossiers: list[Assessment], client: Client
) -> None:
    url = f"/van-ban/bao-cao-tham-dinh/{close(agent, agency, *dossiers).pk}/tep.pdf"
    for user in (agent, home_affairs, city_leader):
        client.force_login(user)
        assert client.get(url).status_code == 200
    for user in (factories.AgencyOfficerFactory(), factories.WardLeaderFactory(), factories.AdministratorFactory()):
        client.force_login(user)
        assert client.get(url).status_code == 404
