"""Pages of half-year and yearly reports: buttons by state and role, nothing typed is lost, other wards find nothing."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Plan, YearReport
from assessments.models.year.year_report import NARRATIVE
from assessments.year import reports as deeds
from localities.models import Ward
from tests import factories
from tests.assessments.views.world import main
from tests.assessments.views.year_reports import WORDS, make
from tests.queries import MOST, cost

pytestmark = pytest.mark.django_db

OPEN_STATES = ("draft", "returned")
BUTTONS = (
    "Gửi cơ quan nội vụ",
    "Soạn báo cáo",
    "Sửa báo cáo",
    "Rút lại",
    "Tiếp nhận báo cáo",
    "Trả lại báo cáo",
    "Ghi ngày nhận",
    "Phát hành báo cáo",
    "Đính kèm tệp",
)


@pytest.fixture
def agent(db: None) -> User:
    made: User = factories.AgencyOfficerFactory()
    return made


@pytest.fixture
def people(
    officer: User, leader: User, stranger: User, agent: User, home_affairs: User, city_leader: User
) -> dict[str, User]:
    return {
        "of": officer,
        "lf": leader,
        "oo": stranger,
        "ag": agent,
        "ha": home_affairs,
        "cl": city_leader,
        "hd": factories.UnitHeadFactory(),
        "dm": factories.DelegationMemberFactory(),
    }


def in_state(plan: Plan, state: str, sender: User, taker: User, **office: Any) -> YearReport:
    """A report of this office on its way."""
    if state in OPEN_STATES:
        reason = {"return_reason": "Thiếu số liệu 6 tháng"} if state == "returned" else {}
        return make(plan, "half", state=state, **reason, **office)
    return make(plan, "half", sender, taker if state == "accepted" else None, state=state, **office)


def page(client: Client, who: User, url: str, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == status, (who.role, url, response.status_code)
    return main(response.content.decode())


def detail(report: YearReport) -> str:
    return reverse("assessments:year_report", args=[report.pk])


def edit(report: YearReport) -> str:
    return reverse("assessments:year_report_edit", args=[report.pk])


def listed(plan: Plan) -> str:
    return reverse("assessments:year_reports", args=[plan.year])


def buttons(shown: str) -> set[str]:
    """Which of the steps the page offers."""
    found = re.findall(r"<(?:button|a)[^>]*class=\"btn[^>]*>([^<]*)<", shown)
    return {text.strip() for text in found} & set(BUTTONS)


SEEN: dict[tuple[str, str], set[str]] = {
    ("draft", "of"): {"Soạn báo cáo", "Đính kèm tệp"},
    ("draft", "lf"): {"Gửi cơ quan nội vụ", "Soạn báo cáo", "Đính kèm tệp"},
    ("returned", "of"): {"Sửa báo cáo", "Đính kèm tệp"},
    ("returned", "lf"): {"Gửi cơ quan nội vụ", "Sửa báo cáo", "Đính kèm tệp"},
    ("submitted", "of"): {"Đính kèm tệp"},
    ("submitted", "lf"): {"Rút lại", "Đính kèm tệp"},
    ("submitted", "ha"): {"Tiếp nhận báo cáo", "Trả lại báo cáo", "Ghi ngày nhận"},
    ("submitted", "cl"): set(),
    ("accepted", "of"): set(),
    ("accepted", "lf"): set(),
    ("accepted", "ha"): set(),
    ("accepted", "cl"): set(),
}


@pytest.mark.parametrize("role", ["of", "lf", "oo", "ag", "ha", "cl", "hd", "dm"])
@pytest.mark.parametrize("state", YearReport.State.values)
def test_buttons_of_a_wards_report(
    client: Client, people: dict[str, User], ward: Ward, plan: Plan, state: str, role: str
) -> None:
    report = in_state(plan, state, people["lf"], people["ha"], ward=ward)
    expected = SEEN.get((state, role))
    if expected is None:
        page(client, people[role], detail(report), status=404)
        return
    shown = page(client, people[role], detail(report))
    assert buttons(shown) == expected
    assert ("Thiếu số liệu 6 tháng" in shown) == (state == "returned")
    assert WORDS["results"] in shown


def test_an_agency_sends_its_own(client: Client, people: dict[str, User], plan: Plan) -> None:
    report = in_state(plan, "draft", people["ag"], people["ha"], agency=people["ag"].agency)
    assert buttons(page(client, people["ag"], detail(report))) == {
        "Gửi cơ quan nội vụ",
        "Soạn báo cáo",
        "Đính kèm tệp",
    }
    other = factories.AgencyOfficerFactory()
    page(client, other, detail(report), status=404)
    page(client, other, edit(report), status=404)


def test_the_citys_own_is_issued_by_home_affairs(client: Client, people: dict[str, User], plan: Plan) -> None:
    report = make(plan, "half")
    assert buttons(page(client, people["ha"], detail(report))) == {"Phát hành báo cáo", "Soạn báo cáo", "Đính kèm tệp"}
    for role in ("of", "ag", "cl"):
        page(client, people[role], detail(report), status=404)
    issued = make(plan, "year", people["ha"], people["ha"], state="accepted", number="9/BC", signed_on=plan.issued_on)
    for role in ("of", "ag", "cl"):
        assert WORDS["results"] in page(client, people[role], detail(issued))


@pytest.mark.parametrize(
    ("state", "word"),
    [(None, "Lập báo cáo 6 tháng"), ("draft", "Soạn tiếp báo cáo 6 tháng"), ("returned", "Sửa báo cáo 6 tháng"),
     ("submitted", "Xem báo cáo 6 tháng"), ("accepted", "Xem báo cáo 6 tháng")],
)  # fmt: skip
def test_the_list_leads_on_by_the_state(
    client: Client, people: dict[str, User], ward: Ward, plan: Plan, state: str | None, word: str
) -> None:
    if state:
        in_state(plan, state, people["lf"], people["ha"], ward=ward)
    shown = page(client, people["of"], listed(plan))
    assert word in shown
    words = ("Lập báo cáo 6 tháng", "Soạn tiếp báo cáo 6 tháng", "Sửa báo cáo 6 tháng", "Xem báo cáo 6 tháng")
    assert [one for one in words if one in shown] == [word]


def test_the_city_reads_who_has_sent(client: Client, people: dict[str, User], ward: Ward, plan: Plan) -> None:
    in_state(plan, "submitted", people["lf"], people["ha"], ward=ward)
    stranger_ward = people["oo"].ward
    in_state(plan, "draft", people["oo"], people["ha"], ward=stranger_ward)
    for role in ("ha", "cl"):
        shown = page(client, people[role], listed(plan))
        assert "Đã gửi, chờ tiếp nhận" in shown
        missing = re.search(r"report-missing\">(.*?)</p>", shown, re.DOTALL)
        assert missing and str(stranger_ward) in missing[1] and str(ward) not in missing[1]
    own = page(client, people["of"], listed(plan))
    assert str(stranger_ward) not in own


def typed(report: YearReport, **changes: Any) -> dict[str, Any]:
    words = {name: getattr(report, name) for name in NARRATIVE}
    return {"version": report.version, "number": "", "signed_on": "", "do": "save", **words, **changes}


def test_an_older_version_keeps_what_was_typed(client: Client, people: dict[str, User], ward: Ward, plan: Plan) -> None:
    report = make(plan, "half", ward=ward)
    client.force_login(people["of"])
    newer = typed(report, results="Bản của lãnh đạo")
    client.force_login(people["lf"])
    assert client.post(edit(report), newer).status_code == 302
    client.force_login(people["of"])
    response = client.post(edit(report), typed(report, results="Bản của cán bộ", causes="Gõ dở"))
    shown = main(response.content.decode())
    assert "Người khác vừa sửa" in shown
    assert "Bản của cán bộ" in shown and "Gõ dở" in shown
    assert f'name="version" value="{report.version}"' in shown, "stale until the newer text was seen"
    report.refresh_from_db()
    assert report.results == "Bản của lãnh đạo"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"signed_on": "2999-01-01"}, "không sau hôm nay"),
        ({"signed_on": "hôm qua"}, "Ngày không hợp lệ"),
        ({"number": "1" * 51}, "50"),
        ({"results": "x" * 20_001}, "tối đa 20000"),
    ],
)
def test_a_refused_field_says_why_and_keeps_the_rest(
    client: Client, people: dict[str, User], ward: Ward, plan: Plan, changes: dict[str, str], why: str
) -> None:
    report = make(plan, "half", ward=ward)
    client.force_login(people["of"])
    response = client.post(edit(report), typed(report, **({"proposals": "Vừa gõ xong"} | changes)))
    shown = main(response.content.decode())
    assert response.status_code == 200 and why in shown
    assert "Vừa gõ xong" in shown
    report.refresh_from_db()
    assert report.proposals == WORDS["proposals"]


@pytest.mark.parametrize(
    ("step", "data", "why"),
    [
        ("tra-lai", {"tra-lai-reason": ""}, "bắt buộc|Cần ghi rõ"),
        ("ban-giay", {"ban-giay-received_on": "", "ban-giay-reason": "Sổ đến số 7"}, "Chưa nhập ngày"),
        ("ban-giay", {"ban-giay-received_on": "2999-01-01", "ban-giay-reason": "Sổ đến số 7"}, "Ngày nhận bản giấy"),
    ],
)
def test_a_refused_step_keeps_what_was_typed(
    client: Client, people: dict[str, User], ward: Ward, plan: Plan, step: str, data: dict[str, str], why: str
) -> None:
    report = in_state(plan, "submitted", people["lf"], people["ha"], ward=ward)
    client.force_login(people["ha"])
    address = reverse("assessments:year_report_step", args=[report.pk, step])
    shown = main(client.post(address, data | {"version": report.version}).content.decode())
    assert re.search(why, shown)
    assert all(value in shown for value in data.values())
    report.refresh_from_db()
    assert report.state == "submitted"


def test_an_older_version_of_a_step(client: Client, people: dict[str, User], ward: Ward, plan: Plan) -> None:
    report = in_state(plan, "submitted", people["lf"], people["ha"], ward=ward)
    client.force_login(people["ha"])
    address = reverse("assessments:year_report_step", args=[report.pk, "tra-lai"])
    data = {"tra-lai-reason": "Bổ sung số liệu", "version": report.version + 1}
    shown = main(client.post(address, data).content.decode())
    assert "Người khác vừa sửa" in shown and "Bổ sung số liệu" in shown


def test_nothing_written_is_not_sent(client: Client, people: dict[str, User], ward: Ward, plan: Plan) -> None:
    report = make(plan, "half", ward=ward, results="")
    client.force_login(people["lf"])
    address = reverse("assessments:year_report_step", args=[report.pk, "gui"])
    shown = client.post(address, {"version": report.version}, follow=True).content.decode()
    assert "kết quả thực hiện còn trống" in shown
    report.refresh_from_db()
    assert report.state == "draft"


def test_strangers_change_nothing(client: Client, people: dict[str, User], ward: Ward, plan: Plan) -> None:
    report = in_state(plan, "draft", people["lf"], people["ha"], ward=ward)
    for role in ("oo", "ag", "cl", "hd", "dm"):
        client.force_login(people[role])
        assert client.get(edit(report)).status_code == 404, role
        assert client.post(edit(report), typed(report, results="Lạ")).status_code == 404, role
        for step in ("gui", "rut-lai", "tiep-nhan", "tra-lai", "phat-hanh"):
            address = reverse("assessments:year_report_step", args=[report.pk, step])
            data = {"version": report.version, "tra-lai-reason": "Lạ"}
            assert client.post(address, data).status_code == 404, (role, step)
    report.refresh_from_db()
    assert (report.state, report.results) == ("draft", WORDS["results"])


def test_pages_cost_the_same_for_many(client: Client, people: dict[str, User], ward: Ward, plan: Plan) -> None:
    own = in_state(plan, "submitted", people["lf"], people["ha"], ward=ward)
    city = make(plan, "half")
    costs = []
    for _ in range(3):
        leader = factories.WardLeaderFactory()
        in_state(plan, "submitted", leader, people["ha"], ward=leader.ward)
        agent = factories.AgencyOfficerFactory()
        in_state(plan, "accepted", agent, people["ha"], agency=agent.agency)
        client.force_login(people["ha"])
        costs.append([cost(client, url) for url in (listed(plan), detail(own), edit(city))])
    assert costs[0] == costs[2]
    assert max(costs[0][:2]) <= MOST["other"]


@pytest.mark.parametrize("faster", ["accept", "withdraw"])
def test_a_reason_typed_while_another_was_faster_stays(
    client: Client, people: dict[str, User], ward: Ward, plan: Plan, faster: str
) -> None:
    """Accepted meanwhile it stays in its form; taken back the report is on no page of home affairs any more."""
    report = make(plan, "half", ward=ward)
    deeds.send(user=people["lf"], report_id=report.pk, version=report.version)
    report.refresh_from_db()
    seen = report.version
    who = people["ha" if faster == "accept" else "lf"]
    getattr(deeds, faster)(user=who, report_id=report.pk, version=seen)
    client.force_login(people["ha"])
    address = reverse("assessments:year_report_step", args=[report.pk, "tra-lai"])
    answer = client.post(address, {"tra-lai-reason": "Bổ sung số liệu", "version": seen}, follow=True)
    shown = main(answer.content.decode())
    if faster == "accept":
        assert answer.context["give_back"]["reason"].value() == "Bổ sung số liệu" and "Bổ sung số liệu" in shown
        assert "vừa được xử lý" in shown and "Ghi ngày nhận" not in shown
    else:
        assert "Nội dung bạn vừa nhập: “Bổ sung số liệu”" in shown and "vừa được rút lại hoặc trả lại" in shown
