"""Home affairs' list: what it shows, its filters, and many dossiers at once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from assessments import questioning
from assessments.models import Assessment, Layer, Plan
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from tests import factories
from tests.assessments.appraising import assign, correct, decided, dossier, visit
from tests.assessments.roads import People, answer, answer_all
from tests.assessments.views.world import World, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

URL, STEP = (reverse(f"assessments:appraisal_{name}", args=[2025]) for name in ("list", "step"))


@pytest.fixture
def office(client: Client, home_affairs: User) -> Client:
    client.force_login(home_affairs)
    return client


def page(client: Client, query: str = "") -> str:
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return main(response.content.decode())


def press(client: Client, action: str, *assessments: Assessment, **more: object) -> str:
    data = {"action": action, "assessment": [a.pk for a in assessments]} | more
    return main(client.post(STEP, data, follow=True).content.decode())


def test_everything_on_one_line(office: Client, people: People, plan: Plan) -> None:
    agency = factories.AgencyFactory(name="Phòng Thử nghiệm")
    assign(plan, agency)
    made = dossier(people, plan, State.APPRAISAL, bad=["tc-1.1"])
    answer(people.home_affairs, made, Layer.AGENCY, {"tc-1.2": NewAnswer("not_met", "Thực địa")})
    visit(made)
    questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-1.1", text="Vì sao?")
    shown = page(office)
    assert "82 mục" in shown and "Phòng Thử nghiệm: 82" in shown
    assert "Đoàn số 1: chưa chốt biên bản" in shown
    assert "◆ 1" in shown and "1/83" in shown
    assert f"{made.unit.ward}: 1" in shown


def test_nobody_has_sent_anything(office: Client, plan: Plan, assessment: Assessment) -> None:
    shown = page(office)
    assert "Chưa có hồ sơ nào năm 2025 được gửi về thành phố." in shown and str(assessment.unit) not in shown


def test_filters(office: Client, people: People, plan: Plan) -> None:
    agency, idle = factories.AgencyFactory(), factories.AgencyFactory()
    assign(plan, agency, "tc-1.1")
    assign(plan, idle, "tc-1.2")
    sent, open_one, done = (dossier(people, plan, s) for s in (State.SUBMITTED, State.APPRAISAL, State.CONCLUDED))
    answer(people.home_affairs, open_one, Layer.AGENCY, {"tc-1.2": NewAnswer("not_met", "x")})
    questioning.ask(user=people.home_affairs, assessment_id=sent.pk, key="tc-1.1", text="Vì sao?")
    for query, wanted in {
        "?trang_thai=submitted": {sent},
        "?loc=khac": {open_one},
        "?loc=thieu": {sent, open_one},
        "?loc=du": {done},
        "?loc=hoi": {sent},
        f"?co_quan={agency.pk}": {open_one},
        f"?co_quan={idle.pk}": set(),
        f"?xa={people.officer.ward_id}": {sent, open_one, done},
    }.items():
        shown = page(office, query)
        found = {a for a in (sent, open_one, done) if reverse("assessments:compare", args=[a.pk]) in shown}
        assert found == wanted, query
    assert "Không có hồ sơ nào khớp bộ lọc." in page(office, f"?co_quan={idle.pk}")


@pytest.mark.parametrize("query", ["?xa=x", "?xa=99999", "?co_quan=-1", "?trang_thai=draft", "?loc=<b>", "?trang=zz"])
def test_hostile_filters(office: Client, people: People, plan: Plan, query: str) -> None:
    made = dossier(people, plan, State.SUBMITTED)
    shown = page(office, query)
    assert str(made.unit) in shown and "<b>" not in shown.replace("<b></b>", "")


def test_many_at_once(office: Client, people: People, plan: Plan) -> None:
    full, open_one = (dossier(people, plan, State.APPRAISAL) for _ in range(2))
    answer_all(people.home_affairs, full, layer=Layer.AGENCY)
    shown = press(office, "conclude", full, open_one, back=f"{URL}?loc=thieu")
    assert "Kết luận thẩm định: 1/2 hồ sơ đã kết luận." in shown
    assert "1 hồ sơ giữ nguyên:" in shown and "còn 83 mục chưa có kết quả thẩm định" in shown
    assert str(full.unit) not in shown.partition("<table")[2], "the filter is kept"
    assert "hồ sơ giữ nguyên:" not in page(office), "said once"
    shown = press(office, "propose", full)
    assert "1/1 hồ sơ đã trình UBND thành phố." in shown
    assert "chưa thực hiện được hồ sơ nào" in press(office, "conclude", open_one)


def test_hostile_presses(office: Client, people: People, plan: Plan) -> None:
    sent = dossier(people, plan, State.SUBMITTED)
    other = factories.open_assessment(plan=factories.PlanFactory())
    assert "Chọn ít nhất một hồ sơ." in press(office, "accept")
    assert "Chọn một việc" in press(office, "return", sent)
    assert "Chọn một việc" in press(office, "<b>", sent)
    assert office.post(STEP, {"action": "accept", "assessment": [sent.pk, other.pk]}).status_code == 404
    assert office.post(STEP, {"action": "accept", "assessment": ["9" * 30, "x"]}).url == URL
    assert office.post(STEP, {"action": "accept", "assessment": [sent.pk], "back": "https://x.vn/"}).url == URL
    assert office.get(STEP).status_code == 405
    assert office.get(reverse("assessments:appraisal_list", args=[1999])).status_code == 404


def test_the_leader_reads(client: Client, people: People, plan: Plan) -> None:
    sent = dossier(people, plan, State.SUBMITTED)
    client.force_login(people.city_leader)
    shown = page(client)
    assert str(sent.unit) in shown and '<form method="post"' not in shown and 'type="checkbox"' not in shown
    assert client.post(STEP, {"action": "accept", "assessment": [sent.pk]}).status_code == 404


@pytest.mark.parametrize("role", ["of", "lf", "hd", "ag", "dm", "fp", "ad"])
def test_nobody_else(client: Client, world: World, role: str) -> None:
    client.force_login(world[role])
    assert client.get(URL).status_code == client.post(STEP, {"action": "accept"}).status_code == 404
    assert "Kết luận</a>" not in client.get(reverse("assessments:home")).content.decode()


def test_corrected_results(office: Client, people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.PROPOSED)
    correct(people, decided(people, made), {made: "not_recognised"})
    shown = page(office, "?trang_thai=not_recognised")
    assert str(made.unit) in shown and "theo quyết định đính chính" in shown
    assert str(made.unit) not in page(office, "?trang_thai=recognised").partition("<table")[2]


def test_same_queries_for_three(office: Client, people: People, plan: Plan) -> None:
    assign(plan, factories.AgencyFactory())

    def add() -> None:
        made = dossier(people, plan, State.APPRAISAL)
        answer(people.home_affairs, made, Layer.AGENCY, {"tc-1.2": NewAnswer("not_met", "x")})
        questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-1.1", text="Vì sao?")
        dossier(people, plan, State.CONCLUDED)

    def cost() -> int:
        page(office)
        with CaptureQueriesContext(connection) as queries:
            page(office)
        return len(queries)

    add()
    one = cost()
    add()
    add()
    assert cost() == one <= 23
