"""Closing an agency's appraisal over HTTP, its reports, and the table of all agencies."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from assessments.models import AgencyReport, Assessment, Plan
from tests import factories, files
from tests.assessments.agencies import assign, close, in_appraisal, judge
from tests.assessments.views.world import fingerprint, has_error, has_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

KEY = "tc-1.2"


@pytest.fixture
def agency(plan: Plan) -> Agency:
    made: Agency = factories.AgencyFactory(code="kinh-te", name="Phòng Kinh tế thử")
    assign(plan, made, KEY)
    return made


@pytest.fixture
def expert(agency: Agency, client: Client) -> User:
    made: User = factories.AgencyOfficerFactory(agency=agency)
    client.force_login(made)
    return made


@pytest.fixture
def dossiers(officer: User, plan: Plan, expert: User) -> list[Assessment]:
    made = in_appraisal(officer, plan, 2)
    for dossier in made:
        judge(expert, dossier, KEY, "met")
    return made


@pytest.fixture
def url(plan: Plan) -> str:
    return reverse("assessments:agency_close", args=[plan.year])


def form(dossiers: list[Assessment], **changes: Any) -> dict[str, Any]:
    given = {
        "number": "15/BC-PKT",
        "signed_on": timezone.localdate().isoformat(),
        "signer_title": "Trưởng phòng",
        "signer_name": "Người ký",
        "remarks": "",
        "assessment": [dossier.pk for dossier in dossiers],
    }
    return given | changes


def report_url(report: AgencyReport, name: str = "agency_report") -> str:
    return reverse(f"assessments:{name}", args=[report.plan.year, report.pk])


class TestClose:
    def test_from_page_to_report(self, client: Client, url: str, dossiers: list[Assessment], plan: Plan) -> None:
        page = client.get(url).content.decode()
        assert "2 hồ sơ sẽ được chốt" in page
        response = client.post(url, form(dossiers), follow=True)
        made = AgencyReport.objects.get()
        assert response.redirect_chain == [(report_url(made), 302)]
        page = response.content.decode()
        assert "15/BC-PKT" in page and "Trưởng phòng" in page and str(dossiers[0].unit) in page
        assert "Không có hồ sơ nào đang thẩm định mà chưa chốt" in client.get(url).content.decode()

    def test_what_is_missing_is_listed(
        self, client: Client, url: str, dossiers: list[Assessment], officer: User, plan: Plan
    ) -> None:
        [half] = in_appraisal(officer, plan)
        page = client.get(url).content.decode()
        assert "còn 1 ô chưa thẩm định trên 1 hồ sơ" in page and str(half.unit) in page and not has_form(page)
        response = client.post(url, form([*dossiers, half]))
        assert response.status_code == 200 and has_error(response.content.decode())
        assert not AgencyReport.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"signed_on": ""},
            {"signed_on": "hôm qua"},
            {"signed_on": "2999-01-01"},
            {"signer_name": ""},
            {"signer_title": "x" * 201},
            {"remarks": "x" * 4001},
            {"number": "\x00" * 51},
            {"assessment": []},
            {"assessment": ["x", "-1", "9" * 40]},
        ],
    )
    def test_hostile_forms_keep_what_was_typed(
        self, client: Client, url: str, dossiers: list[Assessment], changes: dict[str, Any]
    ) -> None:
        before = fingerprint()
        response = client.post(url, form(dossiers, **changes))
        page = response.content.decode()
        assert response.status_code == 200 and has_error(page)
        assert 'value="15/BC-PKT"' in page or "number" in changes
        assert fingerprint() == before

    def test_foreign_dossiers_are_not_closed(
        self, client: Client, url: str, dossiers: list[Assessment], officer: User
    ) -> None:
        other = in_appraisal(officer, factories.PlanFactory())[0]
        assert has_error(client.post(url, form([*dossiers, other])).content.decode())
        assert not AgencyReport.objects.exists()

    def test_who(
        self, client: Client, url: str, dossiers: list[Assessment], officer: User, home_affairs: User, city_leader: User
    ) -> None:
        client.force_login(factories.AgencyOfficerFactory())
        query = "?co-quan=kinh-te"
        assert client.get(url + query).status_code == client.post(url + query, form(dossiers)).status_code == 404
        for user in (officer, city_leader, factories.AdministratorFactory()):
            client.force_login(user)
            assert client.get(url + query).status_code == client.post(url + query, form(dossiers)).status_code == 404
        client.force_login(home_affairs)
        assert client.post(url, form(dossiers, **{"co-quan": "kinh-te"})).status_code == 302

    def test_nothing_to_answer_for(self, client: Client, url: str, plan: Plan) -> None:
        client.force_login(factories.AgencyOfficerFactory())
        assert "không được giao chủ trì" in client.get(url).content.decode()


class TestReport:
    @pytest.fixture
    def report(self, expert: User, agency: Agency, dossiers: list[Assessment]) -> AgencyReport:
        return close(expert, agency, *dossiers)

    def test_who_reads(
        self, client: Client, report: AgencyReport, home_affairs: User, city_leader: User, officer: User
    ) -> None:
        for user, status in (
            (home_affairs, 200),
            (city_leader, 200),
            (officer, 404),
            (factories.AgencyOfficerFactory(), 404),
            (factories.DelegationMemberFactory(), 404),
        ):
            client.force_login(user)
            assert client.get(report_url(report)).status_code == status
        client.force_login(home_affairs)
        wrong_year = reverse("assessments:agency_report", args=[factories.PlanFactory().year, report.pk])
        assert client.get(wrong_year).status_code == 404

    def test_reopen(self, client: Client, report: AgencyReport, home_affairs: User, expert: User) -> None:
        url = report_url(report, "agency_reopen")
        assert client.post(url, {"reason": "Xem lại"}).status_code == 404  # the agency itself
        client.force_login(home_affairs)
        response = client.post(url, {"reason": "  "})
        assert response.status_code == 200 and "Cần ghi rõ lý do mở lại." in response.content.decode()
        page = client.post(url, {"reason": "Xem lại mục 1.2"}, follow=True).content.decode()
        assert "Đã mở lại" in page and "Xem lại mục 1.2" in page
        assert "Mở lại cho cơ quan" not in page
        assert has_error(client.post(url, {"reason": "Lần nữa"}, follow=True).content.decode())
        assert client.get(url).status_code == 405

    def test_signed_scan(self, client: Client, report: AgencyReport, city_leader: User) -> None:
        url = report_url(report, "agency_report_attach")
        assert has_error(client.post(url, follow=True).content.decode())
        page = client.post(url, {"file": files.upload("a.pdf", b"khong phai")}, follow=True).content.decode()
        assert has_error(page) and not report.attachments.exists()
        page = client.post(url, {"file": files.upload("ban-ky.pdf", files.pdf())}, follow=True).content.decode()
        assert "ban-ky.pdf" in page and report.attachments.count() == 1
        client.force_login(city_leader)
        assert client.post(url, {"file": files.upload("b.pdf", files.pdf())}).status_code == 404


class TestAgencyList:
    def test_who_and_what(
        self, client: Client, dossiers: list[Assessment], agency: Agency, expert: User, plan: Plan,
        home_affairs: User, city_leader: User, officer: User,
    ) -> None:  # fmt: skip
        url = reverse("assessments:agency_list", args=[plan.year])
        assert client.get(url).status_code == 404
        client.force_login(officer)
        assert client.get(url).status_code == 404
        client.force_login(home_affairs)
        page = client.get(url).content.decode()
        assert "2/2" in page and "Xong, chưa chốt" in page
        close(expert, agency, *dossiers)
        client.force_login(city_leader)
        page = client.get(url).content.decode()
        assert "✓ Đã chốt" in page and str(expert) in page

    def test_the_same_number_of_queries(
        self, client: Client, dossiers: list[Assessment], agency: Agency, expert: User, plan: Plan,
        home_affairs: User, officer: User,
    ) -> None:  # fmt: skip
        def cost(url: str) -> int:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            return len(queries)

        client.force_login(home_affairs)
        urls = [reverse("assessments:agency_list", args=[plan.year])]
        urls.append(reverse("assessments:agency_close", args=[plan.year]) + "?co-quan=kinh-te")
        first = close(expert, agency, *dossiers)
        one = [cost(url) for url in [*urls, report_url(first)]]
        for key in ("tc-1.3", "tc-1.4"):
            other = factories.AgencyFactory()
            assign(plan, other, key)
            user = factories.AgencyOfficerFactory(agency=other)
            for dossier in dossiers:
                judge(user, dossier, key, "met")
            close(user, other, *dossiers)
        [more] = in_appraisal(officer, plan)
        judge(expert, more, KEY, "met")
        close(expert, agency, more)
        assert [cost(url) for url in [*urls, report_url(first)]] == one
        assert max(one) <= 13  # one asks which papers are not there yet
