"""Pages of commendation: buttons by state and role, filters, nothing typed is lost, other wards find nothing."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Commendation, CommendationDecision, Plan
from assessments.year import commendation_decisions
from tests import factories
from tests.assessments.views.world import main
from tests.assessments.year.commending import accepted, decide, judge, propose, send
from tests.queries import MOST, cost

pytestmark = pytest.mark.django_db

State = Commendation.State
BUTTONS = ("Gửi đề nghị", "Sửa đề nghị", "Bỏ đề nghị", "Rút lại đề nghị", "Chấp nhận", "Không chấp nhận")


@pytest.fixture
def people(officer: User, leader: User, stranger: User, home_affairs: User, city_leader: User) -> dict[str, User]:
    return {
        "of": officer,
        "lf": leader,
        "oo": stranger,
        "ag": factories.AgencyOfficerFactory(),
        "ha": home_affairs,
        "cl": city_leader,
        "hd": factories.UnitHeadFactory(),
        "dm": factories.DelegationMemberFactory(),
    }


def in_state(people: dict[str, User], plan: Plan, state: str, **told: Any) -> Commendation:
    """The ward's proposal, brought there by the deeds."""
    row = propose(people["of"], plan, **told)
    if state != State.DRAFT:
        send(people["lf"], row)
    if state == State.DECLINED:
        judge(people["ha"], row, accept=False, reason="Chưa đủ thành tích")
    if state in (State.ACCEPTED, State.AWARDED):
        judge(people["ha"], row, reason="Có thành tích nổi bật" if row.unit_id else "")
    if state == State.AWARDED:
        made = decide(people["ha"], row, number=f"{row.pk}/QĐ-UBND")
        commendation_decisions.confirm(user=people["cl"], pk=made.pk)
        row.refresh_from_db()
    assert row.state == state
    return row


def page(client: Client, who: User, url: str, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == status, (who.role, url, response.status_code)
    return main(response.content.decode())


def detail(row: Commendation) -> str:
    return reverse("assessments:commendation", args=[row.pk])


def edit(row: Commendation) -> str:
    return reverse("assessments:commendation_edit", args=[row.pk])


def listed(plan: Plan) -> str:
    return reverse("assessments:commendations", args=[plan.year])


def buttons(shown: str) -> set[str]:
    found = re.findall(r"<(?:button|a)[^>]*class=\"btn[^>]*>([^<]*)<", shown)
    return {text.strip() for text in found} & set(BUTTONS)


JUDGE = {"Chấp nhận", "Không chấp nhận"}
SEEN: dict[tuple[str, str], set[str]] = {
    ("draft", "of"): {"Sửa đề nghị", "Bỏ đề nghị"},
    ("draft", "lf"): {"Gửi đề nghị", "Sửa đề nghị", "Bỏ đề nghị"},
    ("sent", "of"): set(),
    ("sent", "lf"): {"Rút lại đề nghị"},
    ("sent", "ha"): JUDGE,
    ("sent", "cl"): set(),
    ("declined", "of"): set(),
    ("declined", "lf"): set(),
    ("declined", "ha"): JUDGE,
    ("declined", "cl"): set(),
    ("accepted", "of"): set(),
    ("accepted", "lf"): set(),
    ("accepted", "ha"): JUDGE,
    ("accepted", "cl"): set(),
    # What was awarded everybody reads who sees any.
    **{("awarded", role): set() for role in ("of", "lf", "oo", "ag", "ha", "cl")},
}


@pytest.mark.parametrize("role", ["of", "lf", "oo", "ag", "ha", "cl", "hd", "dm"])
@pytest.mark.parametrize("state", State.values)
def test_buttons(client: Client, people: dict[str, User], plan: Plan, state: str, role: str) -> None:
    row = in_state(people, plan, state)
    expected = SEEN.get((state, role))
    if expected is None:
        page(client, people[role], detail(row), status=404)
        return
    shown = page(client, people[role], detail(row))
    assert buttons(shown) == expected
    assert ("Chưa đủ thành tích" in shown) == (state == "declined")


def test_others_hear_of_the_award_not_how_it_came_about(client: Client, people: dict[str, User], plan: Plan) -> None:
    row = propose(people["of"], plan)
    send(people["lf"], row)
    judge(people["ha"], row, reason="Có ý kiến trái chiều")
    made = decide(people["ha"], row)
    commendation_decisions.confirm(user=people["cl"], pk=made.pk)
    assert "Có ý kiến trái chiều" in page(client, people["of"], detail(row))
    assert "Có ý kiến trái chiều" not in page(client, people["oo"], detail(row))


def test_strangers_change_nothing(client: Client, people: dict[str, User], plan: Plan) -> None:
    row = in_state(people, plan, State.DRAFT)
    for role in ("oo", "ag", "ha", "cl", "hd", "dm"):
        client.force_login(people[role])
        assert client.get(edit(row)).status_code == 404, role
        assert client.post(edit(row), typed(row, name="Lạ")).status_code == 404, role
        for name in ("commendation_remove", "commendation_withdraw"):
            url = reverse(f"assessments:{name}", args=[row.pk])
            assert client.post(url, {"version": row.version}).status_code == 404, (role, name)
        sending = reverse("assessments:commendations_send", args=[plan.year])
        assert client.post(sending, {"commendation": row.pk}).status_code == 404, role
    row.refresh_from_db()
    assert (row.state, row.name) == ("draft", "Tổ hòa giải")


# What is typed


def typed(row: Commendation | None = None, **changes: Any) -> dict[str, Any]:
    facts = {"kind": "collective", "unit": "", "name": "Tổ hòa giải", "position": "", "form": "Giấy khen"}
    return facts | {"achievements": "Hòa giải thành", "version": row.version if row else 0, **changes}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": ""}, "Nhập tên tập thể"),
        ({"kind": "person", "name": ""}, "Nhập họ tên cá nhân"),
        ({"kind": "person"}, "Nhập chức vụ, đơn vị công tác"),
        ({"kind": "xyz"}, "Chọn tập thể hoặc cá nhân."),
        ({"unit": "0"}, "Chọn tổ dân phố, bản trong danh sách."),
        ({"name": "x" * 500}, "tối đa 200"),
    ],
)
def test_a_refused_field_says_why_and_keeps_the_rest(
    client: Client, people: dict[str, User], plan: Plan, changes: dict[str, str], why: str
) -> None:
    client.force_login(people["of"])
    url = reverse("assessments:commendation_new", args=[plan.year])
    response = client.post(url, typed(achievements="Vừa gõ xong") | changes)
    shown = main(response.content.decode())
    assert response.status_code == 200 and why in " ".join(re.findall(r"<strong>(.*?)</strong>", shown))
    assert "Vừa gõ xong" in shown
    assert not Commendation.objects.exists()


def test_another_wards_unit_is_no_choice(client: Client, people: dict[str, User], plan: Plan) -> None:
    client.force_login(people["of"])
    foreign = factories.UnitFactory(ward=people["oo"].ward)
    url = reverse("assessments:commendation_new", args=[plan.year])
    shown = main(client.post(url, typed(unit=foreign.pk)).content.decode())
    assert "Chọn tổ dân phố, bản trong danh sách." in shown and foreign.name not in shown
    assert not Commendation.objects.exists()


def test_an_older_version_keeps_what_was_typed(client: Client, people: dict[str, User], plan: Plan) -> None:
    row = in_state(people, plan, State.DRAFT)
    client.force_login(people["lf"])
    assert client.post(edit(row), typed(row, achievements="Bản của lãnh đạo")).status_code == 302
    client.force_login(people["of"])
    shown = main(client.post(edit(row), typed(row, achievements="Bản của cán bộ")).content.decode())
    assert "Người khác vừa sửa" in shown and "Bản của cán bộ" in shown
    assert f'name="version" value="{row.version}"' in shown, "stale until the newer text was seen"
    row.refresh_from_db()
    assert row.achievements == "Bản của lãnh đạo"


def test_what_was_sent_is_not_edited(client: Client, people: dict[str, User], plan: Plan) -> None:
    row = in_state(people, plan, State.SENT)
    client.force_login(people["of"])
    shown = client.get(edit(row), follow=True).content.decode()
    assert "Đề nghị đã gửi nên không sửa được nữa." in shown
    refused = main(client.post(edit(row), typed(row, name="Đổi tên")).content.decode())
    assert "Đề nghị đã gửi nên không sửa được nữa" in refused and "Đổi tên" in refused


def judged(row: Commendation, **changes: Any) -> dict[str, Any]:
    return {"commendation": row.pk, f"version-{row.pk}": row.version, "do": "decline", "reason": "", **changes}


def test_a_refused_judgement_keeps_reason_and_ticks(client: Client, people: dict[str, User], plan: Plan) -> None:
    row = in_state(people, plan, State.SENT)
    client.force_login(people["ha"])
    url = reverse("assessments:commendations_judge", args=[plan.year])
    shown = main(client.post(url, judged(row)).content.decode())
    assert "Ghi lý do không đề nghị khen thưởng" in shown
    assert re.search(rf'name="commendation" value="{row.pk}" checked', shown)
    stale = judged(row, reason="Gõ dở dang", **{f"version-{row.pk}": row.version + 3})
    shown = main(client.post(url, stale).content.decode())
    assert "Người khác vừa sửa" in shown and "Gõ dở dang" in shown
    nobody = main(client.post(url, {"do": "accept", "reason": "Gõ dở dang"}).content.decode())
    assert "Đánh dấu ít nhất một đề nghị để xét" in nobody and "Gõ dở dang" in nobody
    row.refresh_from_db()
    assert row.state == State.SENT


# The list


def test_filters(client: Client, people: dict[str, User], plan: Plan) -> None:
    rows = {state: in_state(people, plan, state, name=f"Tập thể {state}") for state in State.values}
    someone = in_state(people, plan, State.SENT, kind="person", name="Tổ trưởng tổ dân phố", position="Tổ trưởng Tổ 5")
    own = propose(people["ag"], plan, name="Tổ công tác cơ quan")
    send(people["ag"], own)

    def found(query: str, who: str = "ha") -> set[str]:
        shown = page(client, people[who], f"{listed(plan)}?{query}")
        return {row.name for row in Commendation.objects.all() if f'{detail(row)}"' in shown}

    everything = {row.name for row in (*rows.values(), someone, own)}
    drafts = {rows[State.DRAFT].name}
    assert found("") == everything - drafts, "a draft is its ward's own"
    assert found("doi_tuong=person") == {someone.name}
    assert found("tinh_trang=declined") == {rows[State.DECLINED].name}
    assert found(f"noi=co-quan-{own.agency_id}") == {own.name}
    assert found(f"noi=xa-{someone.ward_id}&tinh_trang=sent") == {rows[State.SENT].name, someone.name}
    assert found("tinh_trang=xyz&doi_tuong=1&noi=xa-0") == everything - drafts, "an unknown value filters nothing"
    assert found("", "of") == everything - {own.name}
    assert found("", "oo") == {rows[State.AWARDED].name}
    nothing = page(client, people["ha"], f"{listed(plan)}?doi_tuong=person&tinh_trang=awarded")
    assert "Không có đề nghị nào khớp bộ lọc." in nothing and "Bỏ lọc" in nothing


def test_buttons_of_the_list(client: Client, people: dict[str, User], plan: Plan) -> None:
    assert "Lập đề nghị cho tập thể, cá nhân có thành tích." in page(client, people["of"], listed(plan))
    in_state(people, plan, State.DRAFT)
    send_button, judging = "Gửi các đề nghị đã đánh dấu", "Xét các đề nghị đã đánh dấu"
    assert send_button not in page(client, people["of"], listed(plan))
    assert "do lãnh đạo xã, phường gửi thành phố" in page(client, people["of"], listed(plan))
    assert send_button in page(client, people["lf"], listed(plan))
    assert judging not in page(client, people["ha"], listed(plan))
    in_state(people, plan, State.SENT)
    assert judging in page(client, people["ha"], listed(plan))
    record = "Ghi quyết định khen thưởng"
    assert record not in page(client, people["ha"], listed(plan))
    in_state(people, plan, State.ACCEPTED)
    assert record in page(client, people["ha"], listed(plan))
    for role in ("lf", "ag", "cl"):
        shown = page(client, people[role], listed(plan))
        assert judging not in shown and record not in shown
    for role in ("hd", "dm"):
        page(client, people[role], listed(plan), status=404)


# The decision


def test_buttons_of_a_decision(client: Client, people: dict[str, User], plan: Plan) -> None:
    row = accepted(people["lf"], people["ha"], plan)
    made = decide(people["ha"], row)
    url = reverse("assessments:commendation_decision", args=[made.pk])
    assert "Xác nhận quyết định" in page(client, people["cl"], url)
    prepared = page(client, people["ha"], url)
    assert reverse("assessments:commendation_decision_edit", args=[made.pk]) in prepared
    assert "Xác nhận quyết định</button>" not in prepared
    for role in ("of", "lf", "oo", "ag", "hd", "dm"):
        page(client, people[role], url, status=404)
    commendation_decisions.confirm(user=people["cl"], pk=made.pk)
    for role in ("of", "ha", "cl"):
        shown = page(client, people[role], url)
        assert "Xác nhận quyết định</button>" not in shown and row.name in shown


def test_a_refused_decision_keeps_what_was_typed(client: Client, people: dict[str, User], plan: Plan) -> None:
    row = accepted(people["lf"], people["ha"], plan)
    client.force_login(people["ha"])
    url = reverse("assessments:commendation_decision_new", args=[plan.year])
    data = {"number": "5/QĐ", "issued_on": "hôm qua", "title": "Khen thưởng đợt 1", "signer_title": "CHỦ TỊCH"}
    shown = main(client.post(url, data | {"commendation": row.pk}).content.decode())
    assert "Ngày không hợp lệ" in shown and "Khen thưởng đợt 1" in shown
    assert re.search(rf'value="{row.pk}"[^>]*checked', shown)
    assert not CommendationDecision.objects.exists()


def test_pages_cost_the_same_for_many(client: Client, people: dict[str, User], plan: Plan) -> None:
    first = in_state(people, plan, State.SENT)
    costs: dict[str, list[list[int]]] = {"ha": [], "lf": []}
    for number in range(3):
        for state in State.values:
            in_state(
                people, plan, state, unit=factories.UnitFactory(ward=people["of"].ward, name=f"Tổ {state}{number}")
            )
        other = factories.AgencyOfficerFactory()
        send(other, propose(other, plan, name=f"Cơ quan {number}"))
        for role, found in costs.items():
            client.force_login(people[role])
            found.append([cost(client, url) for url in (listed(plan), detail(first))])
    for role, found in costs.items():
        assert found[0] == found[2], role
        assert max(found[0]) <= MOST["other"], role


def test_another_wards_unit_is_not_said_to_be_none(client: Client, people: dict[str, User], plan: Plan) -> None:
    """Awards are told to everybody, the unit's results only to its own ward and the city."""
    unit = factories.UnitFactory(ward=people["of"].ward, name="Tổ 9")
    row = in_state(people, plan, State.AWARDED, unit=unit)
    stranger = page(client, people["oo"], reverse("assessments:commendation", args=[row.pk]))
    assert "Không gắn với tổ dân phố, bản" not in stranger
    assert f"Kết quả do {unit.ward} và thành phố xem" in stranger
    assert "thành phố xem" not in page(client, people["of"], reverse("assessments:commendation", args=[row.pk]))


def test_a_missing_reason_stays_with_its_proposal(client: Client, people: dict[str, User], plan: Plan) -> None:
    unit = factories.UnitFactory(ward=people["of"].ward, name="Tổ 9")
    row = in_state(people, plan, State.SENT, unit=unit)
    client.force_login(people["ha"])
    posted = {"commendation": row.pk, f"version-{row.pk}": row.version, "do": "decline", "reason": "", "alone": "1"}
    shown = main(client.post(reverse("assessments:commendations_judge", args=[plan.year]), posted).content.decode())
    assert "Xét đề nghị" in shown and "invalid-feedback" in shown
    row.refresh_from_db()
    assert row.state == State.SENT
