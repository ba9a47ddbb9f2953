"""The public page of a certificate: what it tells to anybody, and what it does not."""

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Certificate, Plan
from tests.assessments.appraising import RECOGNISED, REFUSED, correct
from tests.assessments.roads import People
from tests.reports.papers.deciding import Deciding, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def deciding(people: People, plan: Plan) -> Deciding:
    return build(people, plan)


@pytest.fixture
def certificate(deciding: Deciding) -> Certificate:
    deciding.decide()
    return Certificate.objects.get(line__assessment=deciding.new)


def address(code: str) -> str:
    return reverse("reports:certificate_check", args=[code])


def test_number_unit_year_and_nothing_else(deciding: Deciding, certificate: Certificate, client: Client) -> None:
    answer = client.get(address(certificate.code))
    page = answer.content.decode()
    unit = deciding.new.unit
    assert answer.status_code == 200 and "đang có hiệu lực" in page
    main = " ".join(page.partition("<main")[2].split())
    facts = main.partition("<dl")[2].partition("</dl>")[0]
    assert [part.partition("</dd>")[0] for part in facts.split("<dd>")[1:]] == [
        "01",
        f"{unit.name}, phường {unit.ward.name}",
        "2025",
    ]
    people = deciding.people
    for person in (people.officer, people.leader, people.home_affairs, people.city_leader):
        assert person.full_name not in page and person.username not in page
    for word in ("12/QĐ-UBND", "Tiêu chuẩn", "Đủ điều kiện", "CHỦ TỊCH", str(deciding.kept.unit.name), "<script"):
        assert word not in main, word


def test_no_cookie_no_index_not_kept(certificate: Certificate, client: Client) -> None:
    for path in (address(certificate.code), reverse("reports:certificate_ask"), address("A" * 20)):
        answer = client.get(path)
        assert not answer.cookies and "Set-Cookie" not in answer.headers
        assert (
            answer["X-Robots-Tag"] == "noindex, nofollow" and 'content="noindex, nofollow"' in answer.content.decode()
        )
        assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "no-referrer"
    assert not client.session.keys()


def test_a_signed_in_person_sees_the_same(deciding: Deciding, certificate: Certificate, client: Client) -> None:
    anonymous = Client().get(address(certificate.code)).content
    client.force_login(deciding.people.officer)
    assert client.get(address(certificate.code)).content == anonymous


@pytest.mark.parametrize("between", ["-", " ", "–", "_"])
def test_what_people_type_is_forgiven(certificate: Certificate, client: Client, between: str) -> None:
    code = certificate.code
    typed = between.join(code[at : at + 4] for at in range(0, 20, 4)).lower()
    for answer in (client.get(address(typed)), client.get(reverse("reports:certificate_ask"), {"ma": f" {typed} "})):
        assert answer.status_code == 302 and answer["Location"] == address(code)


@pytest.mark.parametrize("code", ["A" * 20, "abc", "0" * 20, "<script>", "ả" * 20, "A" * 500, "%00", "ſ" * 20])
def test_unknown_codes_are_told_kindly(certificate: Certificate, client: Client, code: str) -> None:
    for answer in (
        client.get(f"/xac-nhan/{code}/", follow=True),
        client.get("/xac-nhan/", {"ma": code}, follow=True),
    ):
        page = answer.content.decode()
        assert answer.status_code == 404 and "So lại từng chữ" in page and "<script>" not in page


def test_the_field(client: Client) -> None:
    answer = client.get("/xac-nhan/")
    assert answer.status_code == 200 and 'method="get"' in answer.content.decode()
    for path in ("/xac-nhan/", address("A" * 20)):
        assert client.post(path).status_code == 405


def test_taken_back_and_given_again(deciding: Deciding, certificate: Certificate, client: Client) -> None:
    [first] = [certificate.line.decision]
    second = correct(deciding.people, first, {deciding.new: REFUSED}, number="20/QĐ-UBND")
    page = client.get(address(certificate.code)).content.decode()
    assert "không còn hiệu lực" in page and deciding.new.unit.name in page and "đang có hiệu lực" not in page
    correct(deciding.people, second, {deciding.new: RECOGNISED}, number="21/QĐ-UBND")
    newer = Certificate.objects.exclude(pk=certificate.pk).get(line__assessment=deciding.new)
    assert "đang có hiệu lực" in client.get(address(newer.code)).content.decode()
    assert "không còn hiệu lực" in client.get(address(certificate.code)).content.decode()


def test_not_before_it_counts(deciding: Deciding, certificate: Certificate, client: Client) -> None:
    """A correction that nobody has confirmed changes nothing."""
    correct(deciding.people, certificate.line.decision, {deciding.new: REFUSED}, number="20/QĐ-UBND", confirm=False)
    assert "đang có hiệu lực" in client.get(address(certificate.code)).content.decode()


class TestLinks:
    def test_decision_and_unit_page(self, deciding: Deciding, certificate: Certificate, client: Client) -> None:
        client.force_login(deciding.people.officer)
        link = reverse("reports:paper", args=["giay-cong-nhan", certificate.pk])
        pages = (
            reverse("assessments:decision", args=[certificate.line.decision_id]),
            reverse("assessments:unit", args=[deciding.new.unit.pk]),
        )
        for path in pages:
            assert link in client.get(path).content.decode(), path
        other = reverse("assessments:unit", args=[deciding.refused.unit.pk])
        assert "giay-cong-nhan" not in client.get(other).content.decode()

    def test_none_for_other_wards(self, deciding: Deciding, certificate: Certificate, client: Client) -> None:
        from tests import factories

        client.force_login(factories.WardOfficerFactory())
        page = client.get(reverse("assessments:decision", args=[certificate.line.decision_id]))
        assert page.status_code == 200 and "giay-cong-nhan" not in page.content.decode()
