"""Who gets which document, under which name, and at what price in queries."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from assessments.models import Assessment, Plan
from assessments.workflow import State
from localities.models import Unit, Ward
from tests import factories
from tests.reports import data
from tests.reports.addresses import file_url
from tests.reports.conftest import open_with_figures

QUERIES_OF_A_DOSSIER = 14  # session and person included


def dossier_url(assessment: Assessment) -> str:
    return file_url("phieu-danh-gia", assessment.pk)


def table_url(plan: Plan, xa: int | None = None, code: str = "bang-tu-danh-gia") -> str:
    """The city's table, or one ward's."""
    named, of = (code, [plan.pk]) if xa is None else (f"{code}-xa-phuong", [plan.pk, xa])
    return file_url(named, *of, form="xlsx")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows(content: bytes) -> list[tuple[str, str]]:
    """Ward and unit of every row of the overview."""
    sheet = load_workbook(BytesIO(content))["Tổng hợp"]
    return [(row[1], row[2]) for row in sheet.iter_rows(min_row=6, values_only=True) if isinstance(row[0], int)]


def test_addresses(assessment: Assessment, plan: Plan) -> None:
    assert dossier_url(assessment) == f"/van-ban/phieu-danh-gia/{assessment.pk}/tep.pdf"
    assert table_url(plan) == f"/van-ban/bang-tu-danh-gia/{plan.pk}/tep.xlsx"
    assert table_url(plan, xa=7) == f"/van-ban/bang-tu-danh-gia-xa-phuong/{plan.pk}-7/tep.xlsx"


def test_dossier_comes_as_a_pdf_with_a_good_name(officer: User, assessment: Assessment) -> None:
    response = signed_in(officer).get(dossier_url(assessment))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-cache"
    named = response["Content-Disposition"]
    assert re.match(r'inline; filename="phieu-danh-gia-thu-nghiem-\d+-to-5-2025\.pdf"; filename\*=UTF-8', named)
    assert "''Phi%E1%BA%BFu%20" in named or "''H%E1%BB%93%20s%C6%A1" in named
    assert named.isascii()
    assert len(PdfReader(BytesIO(response.content)).pages) > 1


def test_name_of_the_file_cannot_break_out_of_the_header(officer: User, assessment: Assessment) -> None:
    Unit.objects.filter(pk=assessment.unit.pk).update(name='Tổ "5"; a=b/../Đông')
    named = signed_in(officer).get(dossier_url(assessment))["Content-Disposition"]
    assert '-to-5-abdong-2025.pdf"; filename*=' in named
    assert named.count('"') == 2
    assert "%2F" not in named


def test_strangers_get_404(stranger: User, assessment: Assessment, plan: Plan, ward: Ward) -> None:
    client = signed_in(stranger)
    assert client.get(dossier_url(assessment)).status_code == 404
    assert client.get(table_url(plan, xa=ward.pk)).status_code == 404
    assert client.get(table_url(plan)).status_code == 404
    assert rows(client.get(table_url(plan, xa=stranger.ward_id)).content) == []


def test_nobody_gets_anything_without_signing_in(assessment: Assessment, plan: Plan) -> None:
    for url in (dossier_url(assessment), table_url(plan)):
        response = Client().get(url)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("accounts:sign_in"))


@pytest.mark.parametrize("made", [factories.AdministratorFactory, factories.FinancePlanningFactory])
def test_roles_that_see_no_assessments(made: type[factories.UserFactory], assessment: Assessment, plan: Plan) -> None:
    client = signed_in(made())
    assert client.get(dossier_url(assessment)).status_code == 404
    assert client.get(table_url(plan)).status_code == 404
    assert client.get(table_url(plan, xa=assessment.unit.ward_id)).status_code == 404


def test_head_of_the_unit_prints_the_own_dossier_only(assessment: Assessment, plan: Plan) -> None:
    other = factories.open_assessment(plan=plan)
    client = signed_in(factories.UnitHeadFactory(unit=assessment.unit))
    assert client.get(dossier_url(assessment)).status_code == 200
    assert client.get(dossier_url(other)).status_code == 404
    assert client.get(table_url(plan)).status_code == 404


def test_agency_sees_a_ward_once_it_has_submitted(assessment: Assessment, plan: Plan, ward: Ward) -> None:
    client = signed_in(factories.AgencyOfficerFactory())
    assert client.get(dossier_url(assessment)).status_code == 404
    assert rows(client.get(table_url(plan, xa=ward.pk)).content) == []
    factories.in_state(assessment, State.SUBMITTED)
    assert client.get(dossier_url(assessment)).status_code == 200
    assert rows(client.get(table_url(plan, xa=ward.pk)).content) == [(str(ward), "Tổ 5")]
    assert client.get(table_url(plan)).status_code == 404


def test_ward_gets_its_own_table_and_the_city_all(
    officer: User, leader: User, home_affairs: User, city_leader: User, assessment: Assessment, plan: Plan
) -> None:
    own = (str(assessment.unit.ward), "Tổ 5")
    other = factories.open_assessment(unit=factories.UnitFactory(name="Tổ 9"), plan=plan)
    both = {own, (str(other.unit.ward), "Tổ 9")}
    for user in (officer, leader):
        assert rows(signed_in(user).get(table_url(plan, xa=assessment.unit.ward_id)).content) == [own]
        assert signed_in(user).get(table_url(plan)).status_code == 404
        assert signed_in(user).get(table_url(plan, xa=other.unit.ward_id)).status_code == 404
    for user in (home_affairs, city_leader):
        assert set(rows(signed_in(user).get(table_url(plan)).content)) == both
        assert rows(signed_in(user).get(table_url(plan, xa=assessment.unit.ward_id)).content) == [own]


def test_table_comes_as_a_download(officer: User, assessment: Assessment, plan: Plan) -> None:
    response = signed_in(officer).get(table_url(plan, xa=assessment.unit.ward_id, code="bang-tham-dinh"))
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Disposition"].startswith('attachment; filename="tong-hop-tham-dinh-phuong-thu-nghiem-')


@pytest.mark.parametrize(
    "path",
    [
        "phieu-danh-gia/999999999/tep.pdf",
        f"phieu-danh-gia/{10**30}/tep.pdf",
        "phieu-danh-gia/1-2/tep.pdf",
        "phieu-danh-gia/²/tep.pdf",
        "phieu-danh-gia/-1/tep.pdf",
        "phieu-danh-gia/1/tep.xlsx",
        "phieu-danh-gia/1/tep.exe",
        "khong-co/1/",
        "bang-tu-danh-gia/99/tep.xlsx",
        "bang-tu-danh-gia-xa-phuong/{plan}/tep.xlsx",
        "bang-tu-danh-gia-xa-phuong/{plan}-999999/tep.xlsx",
        f"bang-tu-danh-gia/{10**16}/tep.xlsx",
    ],
)
def test_what_nobody_has_gets_404(path: str, home_affairs: User, plan: Plan) -> None:
    assert signed_in(home_affairs).get(f"/van-ban/{path.format(plan=plan.pk)}").status_code == 404


def test_documents_are_only_read(officer: User, assessment: Assessment, plan: Plan) -> None:
    for url in (dossier_url(assessment), table_url(plan, xa=assessment.unit.ward_id)):
        assert signed_in(officer).post(url).status_code == 405


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_dossier_costs_the_same_empty_and_full(officer: User, unit: Unit, plan: Plan) -> None:
    assessment = open_with_figures(unit, plan)
    client = signed_in(officer)
    client.get(dossier_url(assessment))  # the criteria table is kept from here on, and the paper in the store
    empty = count_queries(client, dossier_url(assessment))
    data.fill(officer, assessment)
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        data.attach(officer, assessment, "tc-1.1", name)
    client.get(dossier_url(assessment))
    assert count_queries(client, dossier_url(assessment)) == empty <= QUERIES_OF_A_DOSSIER


def test_table_costs_the_same_for_one_unit_and_three(home_affairs: User, officer: User, unit: Unit, plan: Plan) -> None:
    data.fill(officer, open_with_figures(unit, plan))
    client = signed_in(home_affairs)
    client.get(table_url(plan))
    client.get(table_url(plan))
    one = count_queries(client, table_url(plan))
    for another in (factories.UnitFactory(ward=unit.ward), factories.UnitFactory(kind=Unit.Kind.VILLAGE)):
        assessment = open_with_figures(another, plan)
        data.fill(assessment.registration.registered_by, assessment)
    client.get(table_url(plan))
    assert count_queries(client, table_url(plan)) == one
