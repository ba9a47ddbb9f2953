"""The list that goes with a decision, and the head of the record on papers."""

import hashlib
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from assessments.models import Decision, Event, Plan
from assessments.queries.standing import lines_of
from assessments.workflow import State
from localities.models import Authority
from reports.papers import decision_list
from tests import factories
from tests.assessments.appraising import REFUSED, correct, decided, dossier
from tests.assessments.roads import People, record
from tests.reports.addresses import file_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(db: None) -> Authority:
    return Authority.objects.create(
        name="Ủy ban nhân dân thành phố Lai Châu",
        place_name="Lai Châu",
        home_affairs_name="Phòng Nội vụ",
        home_affairs_symbol="PNV",
        signer_authority="TM. UBND",
        signer_title="CHỦ TỊCH",
    )


def text(client: Client, decision: Decision) -> str:
    response = client.get(file_url("danh-sach-quyet-dinh", decision.pk))
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())


def squeezed(words: str) -> str:
    return "".join(words.split())


def test_as_the_decree_wants_it(client: Client, people: People, plan: Plan, authority: Authority) -> None:
    good = dossier(people, plan, State.PROPOSED)
    lost = dossier(people, plan, State.PROPOSED, aim="maintain", bad=["tc-1.1"])
    kept = dossier(people, plan, State.PROPOSED, aim="maintain")
    made = decided(people, good, lost, kept)
    client.force_login(people.city_leader)
    shown = text(client, made)
    for words in (
        "DANH SÁCH",
        "(Kèm theo Quyết định số 12/QĐ-UBND ngày",
        "của Chủ tịch Ủy ban nhân dân thành phố Lai Châu)",
        "Công nhận mới (1)",
        "Tiếp tục công nhận (duy trì) (1)",
        "Không công nhận (1)",
        "Không giữ được danh hiệu đã được công nhận.",
        "Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.1).",
        "Danh sách này có 03 tổ dân phố, bản./.",
    ):
        assert squeezed(words) in shown, words
    assert "DỰTHẢO" not in shown
    heads = list(made.lines.order_by("assessment").values_list("chain_head", flat=True))
    assert all(len(head) == 64 and head[:16] in shown for head in heads)
    assert hashlib.sha256("\n".join(heads).encode()).hexdigest() in shown


def test_draft_before_the_confirmation(client: Client, people: People, plan: Plan) -> None:
    made = record(people, dossier(people, plan, State.PROPOSED))
    client.force_login(people.home_affairs)
    shown = text(client, made)
    assert "DỰTHẢO" in shown and "SHA-256" not in shown and "Chưaxácnhận" in shown
    client.force_login(people.officer)
    assert client.get(file_url("danh-sach-quyet-dinh", made.pk)).status_code == 404


def test_the_seal_speaks_of_every_head(people: People, plan: Plan) -> None:
    made = decided(people, *[dossier(people, plan, State.PROPOSED) for _ in range(2)])
    lines = list(lines_of(made))
    sealed = decision_list.seal(lines)
    assert sealed == decision_list.seal(reversed(lines)), "the order of the paper does not matter"
    lines[0].chain_head = "0" * 64
    assert decision_list.seal(lines) != sealed


def test_a_correction_names_the_earlier_one(client: Client, people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.PROPOSED)
    later = correct(people, decided(people, made), {made: REFUSED}, text="Nhập nhầm <b>kết quả</b>")
    client.force_login(people.officer)
    shown = text(client, later)
    assert squeezed("đính chính Quyết định số 12/QĐ-UBND ngày") in shown
    assert squeezed("Đính chính: Nhập nhầm <b>kết quả</b>") in shown


def test_who_reads_it(client: Client, people: People, plan: Plan) -> None:
    made = decided(people, dossier(people, plan, State.PROPOSED))
    url = file_url("danh-sach-quyet-dinh", made.pk)
    client.force_login(factories.AdministratorFactory())
    assert client.get(url).status_code == 404
    client.force_login(factories.FinancePlanningFactory())
    assert client.get(url).status_code == 200 and client.post(url).status_code == 405
    assert client.get(file_url("danh-sach-quyet-dinh", 999_999)).status_code == 404


def test_the_dossier_carries_its_head(client: Client, people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.PROPOSED)
    later = correct(people, decided(people, made), {made: REFUSED})
    last = Event.objects.filter(assessment=made).order_by("-sequence")[0]
    client.force_login(people.home_affairs)
    response = client.get(file_url("phieu-danh-gia", made.pk))
    shown = squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages))
    words = f"Mã băm cuối của nhật ký hồ sơ: {last.hash} (sự kiện thứ {last.sequence})"
    assert squeezed(words) in shown
    assert squeezed(f"Quyết định số {later.number}") in shown and squeezed("Nội dung đính chính:") in shown
