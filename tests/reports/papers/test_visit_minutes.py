"""The minutes of a visit on paper, and the sheet for writing by hand."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from accounts.models import User
from assessments.models import Assessment, DelegationMember, Layer, Visit
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from localities.models import Authority
from tests import factories
from tests.assessments import visits
from tests.assessments.roads import answer_all, save
from tests.reports.addresses import file_url

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=file:///etc/passwd> & {{ d.visit.pk }}"


@pytest.fixture
def authority() -> Authority:
    return Authority.objects.create(
        name="Ủy ban nhân dân thành phố Lai Châu",
        place_name="Thành phố Lai Châu",
        home_affairs_name="Phòng Nội vụ",
        home_affairs_symbol="PNV",
        signer_authority="TM. ỦY BAN NHÂN DÂN",
        signer_title="CHỦ TỊCH",
    )


@pytest.fixture
def member() -> User:
    return factories.DelegationMemberFactory(full_name="Thành viên thứ nhất")


@pytest.fixture
def visit(assessment: Assessment, officer: User, home_affairs: User, member: User, authority: Authority) -> Visit:
    answer_all(officer, assessment)
    factories.in_state(assessment, State.APPRAISAL)
    made = visits.visit_to(home_affairs, assessment, member)
    save(member, assessment, "tc-1.1", NewAnswer("met", "Đúng như tự đánh giá"), layer=Layer.DELEGATION)
    save(member, assessment, "tc-3.4", NewAnswer("not_met", "Còn rác tồn đọng"), layer=Layer.DELEGATION)
    return made


def text(user: User, name: str, visit: Visit) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(file_url(name, visit.pk))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Cache-Control"] == "private, no-cache"
    pages = PdfReader(BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_minutes_say_what_happened(visit: Visit, member: User) -> None:
    visits.close(member, visit, hosts=f"Tổ trưởng\n{HOSTILE}")
    told = text(member, "bien-ban-tham-dinh", visit)
    for words in (
        "ĐOÀN SỐ 1",
        "UBND THÀNH PHỐ LAI CHÂU",
        "BIÊN BẢN",
        "Thời gian bắt đầu: 08 giờ 30",
        "Địa điểm: Nhà văn hóa tổ dân phố",
        "thành lập theo Quyết định số 12/QĐ-UBND",
        "Thành viên thứ nhất, Chuyên viên - Thành viên",
        "Chủ trì: Phó Trưởng phòng, Trưởng đoàn",
        "Còn rác tồn đọng",
        "Tiêu chí 1.1",
        "01 mục có kết quả khác nhau",
        "Kiến nghị",
        "kết thúc vào 11 giờ 00",
        "CHỦ TRÌ",
        "THƯ KÝ",
    ):
        assert words.lower() in told.lower(), words
    assert "DỰ THẢO" not in told
    assert "<script>alert(1)</script>" in told and "Đúng như tự đánh giá" not in told


def test_open_minutes_are_a_draft_with_room_to_write(visit: Visit, member: User) -> None:
    told = text(member, "bien-ban-tham-dinh", visit)
    assert "DỰ THẢO" in told and "……" in told and "biên bản chưa chốt" in told


def test_closed_minutes_name_the_delegation_of_then(visit: Visit, member: User) -> None:
    visits.close(member, visit)
    DelegationMember.objects.filter(user=member).update(full_name="Người mới vào đoàn")
    told = text(member, "bien-ban-tham-dinh", visit)
    assert "Thành viên thứ nhất" in told and "Người mới vào đoàn" not in told


def test_the_paper_sheet_has_every_entry_and_no_verdict_of_the_delegation(visit: Visit, member: User) -> None:
    told = text(member, "phieu-tham-dinh-co-so", visit)
    assert "PHIẾU THẨM ĐỊNH TẠI CƠ SỞ" in told and "Còn rác tồn đọng" not in told
    for code in ("1.1", "4.8", "6.8", "5.2.3"):
        assert f" {code} " in told, code


@pytest.mark.parametrize("name", ["bien-ban-tham-dinh", "phieu-tham-dinh-co-so"])
def test_for_whom_it_is(visit: Visit, name: str, officer: User, stranger: User, city_leader: User) -> None:
    url = file_url(name, visit.pk)
    for user, status in (
        (officer, 200),
        (city_leader, 200),
        (stranger, 404),
        (factories.DelegationMemberFactory(), 404),
        (factories.FinancePlanningFactory(), 404),
    ):
        client = Client()
        client.force_login(user)
        assert client.get(url).status_code == status
    assert client.get(file_url(name, 999_999)).status_code == 404
    assert Client().get(url).status_code == 302


def test_read_while_the_dossier_is_back_with_the_ward(visit: Visit, member: User) -> None:
    factories.in_state(visit.assessment, State.DRAFT)
    assert "BIÊN BẢN" in text(member, "bien-ban-tham-dinh", visit)


def test_as_many_queries_whatever_was_said(visit: Visit, member: User, assessment: Assessment) -> None:
    client = Client()
    client.force_login(member)
    url = file_url("bien-ban-tham-dinh", visit.pk)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    count()
    before = count()
    for key in ("tc-1.2", "tc-1.3", "tc-2.1"):
        save(member, assessment, key, NewAnswer("not_met", "Thực tế khác"), layer=Layer.DELEGATION)
    count()
    assert count() == before <= 16
