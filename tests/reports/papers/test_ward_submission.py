"""The ward's submission (tờ trình): what was sent then, whatever becomes of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from assessments import moving
from assessments.models import Plan
from reports.models import IssuedPaper, Signer
from reports.models.files import Format
from reports.papers import ward_submission
from reports.papers.ward_submission import WardSubmission
from tests import factories
from tests.assessments.roads import People
from tests.queries import cost
from tests.reports import data
from tests.reports.addresses import file_url
from tests.reports.conftest import squeezed
from tests.reports.papers.ward import (
    HOSTILE,
    LONGEST,
    Sent,
    at_council,
    made,
    outside,
    pages,
    people_of,
    sent,
    spoken,
    text,
    twelve,
)

pytestmark = pytest.mark.django_db
CODE = "to-trinh-xa-phuong"


@pytest.fixture
def people(db: None) -> People:
    data.city_authority()
    return people_of("Tân Phong")


@pytest.fixture
def three(people: People, plan: Plan) -> Sent:
    """One new, one to keep its status, one that does not qualify."""
    return sent(
        people,
        at_council(people, plan, "Tổ 1"),
        at_council(people, plan, "Tổ 2", aim="maintain"),
        at_council(people, plan, "Tổ 10", bad=("tc-1.1",)),
    )


def paper(case: Sent) -> WardSubmission:
    return ward_submission.read(case.people.leader, (case.submission.pk,))


def printed(case: Sent) -> str:
    return text(made(case.people.leader, CODE, case.submission.pk))


def test_everything_stands_on_it(three: Sent) -> None:
    found, plan = printed(three), three.submission.plan
    day = timezone.localdate()
    for line in (
        "UBND THÀNH PHỐ LAI CHÂU",
        "ỦY BAN NHÂN DÂN",
        "PHƯỜNG TÂN PHONG",
        "/TTr-UBND",
        "TỜ TRÌNH",
        f"Về việc đề nghị công nhận tổ dân phố, bản tự quản, phát triển toàn diện năm {plan.year}",
        "Kính gửi: Ủy ban nhân dân thành phố Lai Châu (qua Phòng Nội vụ).",
        f"Căn cứ Kế hoạch số {plan.number}",
        f"Căn cứ Biên bản họp Hội đồng thẩm định, tự đánh giá phường Tân Phong ngày {day:%d} tháng",
        f"Toàn phường có 03 tổ dân phố, bản đăng ký năm {plan.year}, trong đó đạt mới 02, duy trì 01.",
        "02 tổ dân phố, bản tự đánh giá đủ điều kiện, 01 tổ dân phố, bản chưa đủ điều kiện.",
        "công nhận 02 tổ dân phố, bản tự quản",
        "đạt mới 01, duy trì 01.",
        "Đề nghị công nhận đạt mới (1)1Tổ 1Đạt mới6/641/419/9",
        "Đề nghị công nhận duy trì (1)2Tổ 2Duy trì6/641/419/9",
        "chưa đề nghị công nhận (1)3Tổ 10Đạt mới5/640/419/9",
        "Báo cáo kết quả tự đánh giá của Ủy ban nhân dân phường Tân Phong;",
        "Hồ sơ tự đánh giá của 03 tổ dân phố, bản, gồm phiếu tự đánh giá.",
        "xem xét, quyết định./.",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "Nơi nhận:",
        "- Như trên;",
    ):
        assert squeezed(line) in found, line
    assert "DỰTHẢO" not in found and "Số:/TTr-UBND" in found
    assert squeezed(f"Tân Phong, ngày tháng năm {plan.year}") in found


def test_who_signs_is_who_signed_for_the_ward_when_it_sent(three: Sent) -> None:
    today = timezone.localdate()
    ward = three.submission.ward
    Signer.objects.create(ward=ward, title="CŨ", valid_until=today - timedelta(days=1))
    Signer.objects.create(
        ward=ward, capacity="TM. ỦY BAN NHÂN DÂN", title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", valid_from=today
    )
    assert paper(three).signing.titles == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert "KT.CHỦTỊCHPHÓCHỦTỊCH" in printed(three)


def test_only_its_own_dossiers_and_those_sent_before_as_a_number(three: Sent, people: People, plan: Plan) -> None:
    later = sent(people, at_council(people, plan, "Tổ 4"))
    found = printed(later)
    assert squeezed("Các lần trước đã gửi 03 hồ sơ.") in found and squeezed("Gửi lần này (lần 2) 01 hồ sơ") in found
    assert squeezed("có 04 tổ dân phố, bản đăng ký") in found
    assert "1Tổ4" in found and "Tổ10" not in found
    assert squeezed("có 03 tổ dân phố, bản đăng ký") in printed(three), "as it was then"


def test_an_ended_line_makes_another_edition_that_tells_it(three: Sent) -> None:
    whole = made(three.people.leader, CODE, three.submission.pk)
    first = paper(three).edition
    moving.withdraw(user=three.people.leader, assessment_id=three.assessments[0].pk)
    moving.accept(user=three.people.home_affairs, assessment_id=three.assessments[2].pk)
    moving.return_to_ward(
        user=three.people.home_affairs,
        assessment_id=three.assessments[2].pk,
        reason="Xem lại.",
        new_due=timezone.localdate() + timedelta(days=9),
    )
    left, today = paper(three), timezone.localdate()
    assert left.edition != first and not left.draft
    assert [unit.unit.name for unit in left.units] == ["Tổ 2"]
    found = printed(three)
    told = f"Không còn trong lần gửi này: Tổ 1 (rút ngày {today:%d/%m/%Y}); Tổ 10 (được trả lại ngày {today:%d/%m/%Y})."
    assert squeezed(told) in found
    assert squeezed("công nhận 01 tổ dân phố, bản tự quản") in found
    kept = IssuedPaper.objects.filter(kind=CODE).order_by("pk")
    assert [row.edition for row in kept] == [first, left.edition]
    assert made(three.people.leader, CODE, three.submission.pk) != whole


def test_it_does_not_change_while_its_lines_stand(three: Sent, people: People, plan: Plan) -> None:
    before = made(people.leader, CODE, three.submission.pk)
    at_council(people, plan, "Tổ 77")
    moving.accept(user=people.home_affairs, assessment_id=three.assessments[0].pk)
    assert "77" not in str(paper(three).registered) and paper(three).registered.total == 3
    assert made(people.home_affairs, CODE, three.submission.pk) == before


def test_nothing_left_is_said(three: Sent) -> None:
    for assessment in three.assessments:
        moving.withdraw(user=three.people.leader, assessment_id=assessment.pk)
    found = printed(three)
    assert squeezed("Gửi lần này (lần 1) 0 hồ sơ") in found and squeezed("Tổ 2 (rút ngày") in found
    assert squeezed("Không có tổ dân phố, bản nào được đề nghị công nhận") in found


def test_word_says_the_same(three: Sent) -> None:
    written = spoken(made(three.people.leader, CODE, three.submission.pk, Format.WORD))
    for line in ("TỜ TRÌNH", "Kính gửi: Ủy ban nhân dân thành phố Lai Châu (qua Phòng Nội vụ).", "Tổ 10", "./."):
        assert squeezed(line) in written, line


def test_who_gets_it(three: Sent) -> None:
    address, seen = file_url(CODE, three.submission.pk), {}
    for name, user in {
        "officer": three.people.officer,
        "leader": three.people.leader,
        "head": factories.UnitHeadFactory(unit=three.assessments[0].unit),
        "home affairs": three.people.home_affairs,
        "city leader": three.people.city_leader,
        "other ward": factories.WardLeaderFactory(),
        "agency": factories.AgencyOfficerFactory(),
        "finance": factories.FinancePlanningFactory(),
        "admin": factories.AdministratorFactory(),
    }.items():
        client = Client()
        client.force_login(user)
        seen[name] = client.get(address).status_code
    assert {name for name, code in seen.items() if code == 200} == {"officer", "leader", "home affairs", "city leader"}
    assert set(seen.values()) == {200, 404}


@pytest.mark.parametrize("subject", ["0", "99999999999", "1-2"])
@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx", "exe"])
def test_bad_subjects_and_formats_are_not_found(people: People, subject: str, form: str) -> None:
    client = Client()
    client.force_login(people.leader)
    assert client.get(f"/van-ban/{CODE}/{subject}/tep.{form}").status_code == 404


def test_as_many_queries_for_three_as_for_one(people: People, plan: Plan) -> None:
    one = sent(people, at_council(people, plan, "Tổ 1"))
    many = sent(people, *(at_council(people, plan, f"Tổ {n}") for n in (2, 3, 4)))
    client = Client()
    client.force_login(people.leader)
    costs = []
    for case in (one, many):
        client.get(file_url(CODE, case.submission.pk))
        costs.append(cost(client, file_url(CODE, case.submission.pk)))
    assert costs[0] == costs[1]


@pytest.fixture(scope="module")
def long(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[bytes, WardSubmission]]:
    """Twelve units with the longest names, printed once."""
    from django.test import override_settings

    folder: Path = tmp_path_factory.mktemp("documents")
    with override_settings(DOCUMENT_ROOT=folder), django_db_blocker.unblock(), transaction.atomic():
        case = twelve()
        yield made(case.people.leader, CODE, case.submission.pk), paper(case)
        transaction.set_rollback(True)


def test_twelve_longest_names_stand_whole_within_the_margins(long: tuple[bytes, WardSubmission]) -> None:
    content, _ = long
    found = text(content)
    for n in range(1, 12):
        assert squeezed(LONGEST.format(n)) in found, n
    assert squeezed(HOSTILE) in found
    assert outside(content) == []


def test_signature_never_stands_alone(long: tuple[bytes, WardSubmission]) -> None:
    last = squeezed(pages(long[0])[-1])
    assert "quyếtđịnh./." in last and "CHỦTỊCH" in last


def test_day_is_left_to_the_clerk(long: tuple[bytes, WardSubmission]) -> None:
    assert long[1].dated is None and long[1].place_and_date.endswith(f"năm {date(2025, 1, 1).year}")
