"""The agency's sheet: verdicts side by side, what differs with its reason, and what becomes of it after closing."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Agency, User
from assessments import closing
from assessments.models import AgencyReport, Assessment, Plan, Verdict
from assessments.workflow import State
from reports import making, registry
from reports.papers import agency_sheet
from reports.papers.agency_sheet import ClosedSheet, Sheet
from reports.workbooks.agency_sheet import workbook
from tests import factories
from tests.assessments.agencies import assign, close, in_appraisal, judge
from tests.reports.conftest import HOSTILE, squeezed
from tests.reports.papers.reading import LANDSCAPE, numbers, pages, printed, sizes, tables

KEYS = ("tc-1.1", "tc-1.2", "th-2")
REASON = "Biên bản họp thiếu chữ ký."


@pytest.fixture
def agent(db: None) -> User:
    return factories.AgencyOfficerFactory()


@pytest.fixture
def agency(agent: User, plan: Plan) -> Agency:
    assert agent.agency is not None
    assign(plan, agent.agency, *KEYS)
    return agent.agency


@pytest.fixture
def dossiers(officer: User, plan: Plan, agency: Agency) -> list[Assessment]:
    """Two, of which the ward found one wanting."""
    return [*in_appraisal(officer, plan), *in_appraisal(officer, plan, bad=("tc-1.2",))]


def judge_all(agent: User, *dossiers: Assessment) -> None:
    """As the ward said, but for the first criterion of the first dossier."""
    for number, dossier in enumerate(dossiers):
        judge(agent, dossier, "tc-1.1", *(("met",) if number else ("not_met", REASON)))
        judge(agent, dossier, "tc-1.2", "not_met" if number == 1 else "met", "Theo hồ sơ.")
        judge(agent, dossier, "th-2", "absent")


def sheet(user: User, plan: Plan, agency: Agency) -> Sheet:
    return agency_sheet.read(user, (plan.pk, agency.pk))


def closed_sheet(user: User, report: AgencyReport) -> ClosedSheet:
    return agency_sheet.closed(user, (report.pk,))


def text(made: agency_sheet.AgencyTable) -> str:
    return "".join(pages(printed("phieu-tham-dinh", made)))


class TestWorkingSheet:
    def test_both_verdicts_stand_side_by_side(
        self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]
    ) -> None:
        judge_all(agent, *dossiers)
        content = printed("phieu-tham-dinh", sheet(agent, plan, agency))
        verdicts = tables(content)[0]
        assert [row[2:] for row in verdicts if row[0] in ("1", "2")] == [
            ["Đ", "K*", "Đ", "Đ", "Không", "Không"],
            ["Đ", "Đ", "K", "K", "Không", "Không"],
        ]
        totals = {row[0]: [cell for cell in row[2:] if cell is not None] for row in verdicts if row[0]}
        assert totals["Đạt (TH: không xảy ra)"] == ["2", "1", "1", "1", "2", "2"]
        assert totals["Không đạt (TH: có xảy ra)"] == ["0", "1", "1", "1", "0", "0"]
        assert totals["Khác tự đánh giá"] == ["1", "0", "0"]
        assert "Không áp dụng" not in totals and "Chưa đánh giá" not in totals

    def test_what_differs_is_listed_with_its_reason(
        self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]
    ) -> None:
        judge_all(agent, *dossiers)
        made = sheet(agent, plan, agency)
        assert [(line.row.assessment, line.column.code) for line in made.differences] == [(dossiers[0], "1.1")]
        assert squeezed(f"1.1ĐạtKhông đạt{REASON}") in text(made)

    def test_everything_stands_on_it(self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]) -> None:
        content = printed("phieu-tham-dinh", sheet(agent, plan, agency))
        assert set(sizes(content)) == {LANDSCAPE}
        said = "".join(pages(content))
        for line in (
            agency.name.upper(),
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "DỰ THẢO",
            "PHIẾU THẨM ĐỊNH",
            f"phát triển toàn diện năm {plan.year}",
            f"{agency} thẩm định 3 mục theo Kế hoạch số {plan.number}",
            "đối với 2 tổ dân phố, bản của 1 xã, phường; đã thẩm định 0/6 ô",
            f"{dossiers[0].unit.ward} (2)",
            "Chưa đánh giá",
            "NGƯỜI LẬP PHIẾU",
            "TRƯỞNG PHÒNG",
        ):
            assert squeezed(line) in said, line

    def test_empty_until_the_city_accepts(self, agent: User, plan: Plan, agency: Agency) -> None:
        made = sheet(agent, plan, agency)
        assert made.draft and squeezed("Chưa có hồ sơ nào được tiếp nhận") in text(made)

    def test_draft_until_everything_is_closed(
        self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment], officer: User
    ) -> None:
        judge_all(agent, *dossiers)
        assert sheet(agent, plan, agency).draft
        close(agent, agency, *dossiers)
        made = sheet(agent, plan, agency)
        assert not made.draft and made.edition == "" and "DỰTHẢO" not in text(made)
        in_appraisal(officer, plan)
        assert sheet(agent, plan, agency).draft

    def test_many_columns_make_several_tables_and_heads_repeat(
        self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]
    ) -> None:
        assign(plan, agency, "tc-1.3", "tc-1.4", *(f"tc-2.{n}" for n in range(1, 8)))
        made = sheet(agent, plan, agency)
        rows = [replace(made.rows[0], number=number) for number in range(1, 41)]
        assert [len(part.columns) for part in made.parts] == [6, 6]
        content = printed("phieu-tham-dinh", replace(made, rows=rows))
        printed_pages = pages(content)
        said = "".join(printed_pages)
        assert "Bảng1.Từmục1.1đếnmục2.2" in said and "Bảng2.Từmục2.3đếnmụcTH2" in said
        grids = [page for page in printed_pages if squeezed(str(dossiers[0].unit)) in page]
        assert len(grids) > 3 and all("TĐGCQTĐGCQ" in page for page in grids)
        assert numbers(content) == ["", *(str(number) for number in range(2, len(printed_pages) + 1))]

    def test_helping_is_told(self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]) -> None:
        assert "phốihợp" not in text(sheet(agent, plan, agency))
        assign(plan, agency, "tc-2.1", position=2)
        assert "phốihợp" in text(sheet(agent, plan, agency))

    def test_hostile_text_is_printed_as_it_was_typed(
        self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]
    ) -> None:
        judge(agent, dossiers[0], "tc-1.1", "not_met", HOSTILE)
        assert squeezed(HOSTILE) in text(sheet(agent, plan, agency))

    def test_long_reasons_and_names_are_whole(
        self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]
    ) -> None:
        unit = dossiers[0].unit
        unit.name = ("Tổ dân phố " + "W" * 88)[:100]
        unit.save()
        reason = "Còn hộ chưa thực hiện theo quy ước. " * 52 + "Hết lý do"
        judge(agent, dossiers[0], "tc-1.1", "not_met", reason)
        said = text(sheet(agent, plan, agency))
        assert squeezed(unit.name) in said and "Hếtlýdo" in said and said.count("Cònhộchưathựchiện") == 52

    def test_same_queries_for_one_dossier_and_three(
        self, agent: User, plan: Plan, agency: Agency, officer: User
    ) -> None:
        costs = []
        for number in (1, 2):
            in_appraisal(officer, plan, number)
            sheet(agent, plan, agency)  # the criteria table is read once
            with CaptureQueriesContext(connection) as caught:
                making.html(registry.find("phieu-tham-dinh"), sheet(agent, plan, agency))
            costs.append(len(caught))
        assert costs[0] == costs[1] <= 12


class TestWhoMay:
    def test_agencies_their_own_and_the_city_all(
        self, agent: User, plan: Plan, agency: Agency, home_affairs: User, city_leader: User, client: Client
    ) -> None:
        url = f"/van-ban/phieu-tham-dinh/{plan.pk}-{agency.pk}/tep.pdf"
        for user in (agent, home_affairs, city_leader):
            client.force_login(user)
            assert client.get(url).status_code == 200
        assert client.post(url).status_code == 405
        strangers = (
            factories.AgencyOfficerFactory(),
            factories.WardLeaderFactory(),
            factories.DelegationMemberFactory(),
            factories.FinancePlanningFactory(),
            factories.AdministratorFactory(),
        )
        for user in strangers:
            client.force_login(user)
            assert client.get(url).status_code == 404

    @pytest.mark.parametrize("subject", ["0-0", "1", "1-2-3", "99999999999999999-1"])
    def test_bad_subjects_are_not_found(self, subject: str, home_affairs: User, client: Client) -> None:
        client.force_login(home_affairs)
        assert client.get(f"/van-ban/phieu-tham-dinh/{subject}/").status_code == 404
        assert client.get(f"/van-ban/phieu-tham-dinh-da-chot/{subject}/").status_code == 404

    def test_none_for_an_agency_without_entries(self, home_affairs: User, plan: Plan) -> None:
        with pytest.raises(Agency.DoesNotExist):
            sheet(home_affairs, plan, factories.AgencyFactory())


class TestClosed:
    @pytest.fixture
    def report(self, agent: User, agency: Agency, dossiers: list[Assessment]) -> AgencyReport:
        judge_all(agent, *dossiers)
        return close(agent, agency, *dossiers)

    def test_only_the_dossiers_of_the_report(
        self, agent: User, plan: Plan, agency: Agency, officer: User, report: AgencyReport, dossiers: list[Assessment]
    ) -> None:
        in_appraisal(officer, plan)
        made = closed_sheet(agent, report)
        assert [row.assessment for row in made.rows] == dossiers
        assert len(sheet(agent, plan, agency).rows) == 3
        assert not made.draft and made.edition and not made.remarks

    def test_entries_stay_those_that_were_closed(
        self, agent: User, plan: Plan, agency: Agency, report: AgencyReport
    ) -> None:
        assign(plan, agency, "tc-2.1")
        assert [column.entry.key for column in closed_sheet(agent, report).columns] == list(KEYS)

    def test_the_file_stays_the_same(self, agent: User, home_affairs: User, report: AgencyReport) -> None:
        paper = registry.find("phieu-tham-dinh-da-chot")
        first = making.make(agent, paper, (report.pk,))
        Agency.objects.filter(pk=report.agency_id).update(name="Phòng Tên mới")
        second = making.make(home_affairs, paper, (report.pk,))
        assert first.issued and second.issued and first.file == second.file

    def test_reopened_it_is_a_draft_that_says_so(self, agent: User, home_affairs: User, report: AgencyReport) -> None:
        closing.reopen(user=home_affairs, report_id=report.pk, reason="Kiểm tra lại mục 1.1.")
        made = closed_sheet(agent, report)
        assert made.draft and made.edition == ""
        said = text(made)
        assert "DỰTHẢO" in said
        assert squeezed("Kết quả chốt đã được mở lại ngày") in said and squeezed("Kiểm tra lại mục 1.1.") in said

    def test_changed_after_closing_it_names_the_entries(
        self, agent: User, report: AgencyReport, dossiers: list[Assessment]
    ) -> None:
        Verdict.objects.filter(assessment=dossiers[1], layer="agency", entry__key="tc-1.2").update(value="met")
        made = closed_sheet(agent, report)
        assert made.draft and made.remarks == "Kết quả đã thay đổi sau khi chốt ở mục 1.2."

    def test_what_went_back_to_the_ward_is_left_out(
        self, agent: User, report: AgencyReport, dossiers: list[Assessment]
    ) -> None:
        report.lines.filter(assessment=dossiers[1]).update(closed=False)
        factories.in_state(dossiers[1], State.DRAFT)
        made = closed_sheet(agent, report)
        assert [row.assessment for row in made.rows] == dossiers[:1] and made.draft
        assert "1 hồ sơ đã trả lại xã, phường, không có trong bảng." in made.remarks

    def test_strangers_find_nothing(self, report: AgencyReport) -> None:
        for user in (factories.AgencyOfficerFactory(), factories.WardOfficerFactory()):
            with pytest.raises(AgencyReport.DoesNotExist):
                closed_sheet(user, report)


class TestWorkbook:
    def test_cells_and_reasons(self, agent: User, plan: Plan, agency: Agency, dossiers: list[Assessment]) -> None:
        judge_all(agent, *dossiers)
        Verdict.objects.filter(assessment=dossiers[0], layer="agency", entry__key="tc-1.1").update(note="=1+1")
        book = load_workbook(BytesIO(workbook(sheet(agent, plan, agency))))
        assert book.sheetnames == ["Phiếu thẩm định", "Khác tự đánh giá", "Nội dung các mục"]
        first = list(book["Phiếu thẩm định"].iter_rows(min_row=4, values_only=True))
        assert [code for code in first[0] if code] == ["TT", "Xã, phường", "Tổ dân phố, bản", "1.1", "1.2", "TH 2"]
        ward, unit = str(dossiers[0].unit.ward), dossiers[0].unit.name
        assert first[2] == (1, ward, unit, "Đ", "K*", "Đ", "Đ", "Không", "Không")
        differing = book["Khác tự đánh giá"]
        assert [cell.value for cell in differing[2]] == [1, ward, unit, "1.1", "Đạt", "Không đạt", "=1+1"]
        assert differing["G2"].data_type == "s"
        assert [row[0] for row in book["Nội dung các mục"].iter_rows(values_only=True)] == ["Mục", "1.1", "1.2", "TH 2"]

    def test_without_dossiers(self, agent: User, plan: Plan, agency: Agency) -> None:
        book = load_workbook(BytesIO(workbook(sheet(agent, plan, agency))))
        assert book["Phiếu thẩm định"]["A6"].value == "Chưa có hồ sơ nào được tiếp nhận để thẩm định."


class TestScreens:
    def test_pages_offer_the_papers(
        self, agent: User, home_affairs: User, plan: Plan, agency: Agency, dossiers: list[Assessment], client: Client
    ) -> None:
        work = f'href="/van-ban/phieu-tham-dinh/{plan.pk}-{agency.pk}/"'
        client.force_login(agent)
        for page in (f"/ke-hoach/{plan.year}/tham-dinh/", f"/ke-hoach/{plan.year}/tham-dinh/chot/"):
            assert work in client.get(page).text
        judge_all(agent, *dossiers)
        report = close(agent, agency, *dossiers)
        own = client.get(closing._address(report)).text
        for code in ("bao-cao-tham-dinh", "phieu-tham-dinh-da-chot"):
            assert f'href="/van-ban/{code}/{report.pk}/"' in own
        client.force_login(home_affairs)
        listed = client.get(f"/ke-hoach/{plan.year}/co-quan/").text
        assert work in listed and f'href="/van-ban/bao-cao-tham-dinh/{report.pk}/"' in listed
