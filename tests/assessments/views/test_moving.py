"""The steps of the road as pages: asked, taken, refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import moving
from assessments.models import Event, Submission
from assessments.views.moving import STEPS
from assessments.workflow import ACTION_LABELS, Action, State
from tests import factories
from tests.assessments.roads import answer_all, approve, save
from tests.assessments.views.world import World, has_error, has_form, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

TODAY = timezone.localdate()
RETURN = {"reason": "Thiếu <số liệu>", "new_due": TODAY + timedelta(days=9)}
# action: where, who, the form, where it leads, a colleague who may not
ROAD: dict[Action, tuple[State, str, dict[str, Any], State, str]] = {
    Action.SEND_TO_COUNCIL: (State.DRAFT, "of", {}, State.COUNCIL, "hd"),
    Action.HAND_OVER: (State.DRAFT, "hd", {}, State.DRAFT, "lf"),
    Action.HAND_BACK: (State.DRAFT, "of", {"reason": "Thiếu"}, State.DRAFT, "hd"),
    Action.SUBMIT: (State.COUNCIL, "lf", {}, State.SUBMITTED, "of"),
    Action.COUNCIL_RETURN: (State.COUNCIL, "lf", {"reason": "Thiếu"}, State.DRAFT, "of"),
    Action.WITHDRAW: (State.SUBMITTED, "lf", {}, State.COUNCIL, "of"),
    Action.ACCEPT: (State.SUBMITTED, "ha", {}, State.APPRAISAL, "cl"),
    Action.RETURN: (State.APPRAISAL, "ha", RETURN, State.DRAFT, "cl"),
    Action.CONCLUDE: (State.APPRAISAL, "ha", {}, State.CONCLUDED, "lf"),
    Action.PROPOSE: (State.CONCLUDED, "ha", {}, State.PROPOSED, "cl"),
}


def url(world: World, action: Action) -> str:
    return reverse("assessments:move", args=[world.assessment.pk, STEPS[action].slug])


def put(world: World, state: State, action: Action | None = None) -> None:
    """The assessment in a state, complete in both layers, and ready for the action."""
    factories.in_state(world.assessment, State.APPRAISAL)
    answer_all(world["ha"], world.assessment, layer="agency")
    factories.in_state(world.assessment, state)
    if action is Action.SUBMIT:
        approve(world["lf"], world.assessment)
    if action is Action.HAND_BACK:
        moving.hand_over(user=world["hd"], assessment_id=world.assessment.pk)
    world.assessment.refresh_from_db()


def now(world: World) -> State:
    world.assessment.refresh_from_db()
    return State(world.assessment.state)


def test_every_step_is_walked() -> None:
    assert set(ROAD) == set(STEPS)


@pytest.mark.parametrize("action", ROAD)
def test_step(client: Client, world: World, action: Action) -> None:
    start, who, data, end, colleague = ROAD[action]
    put(world, start, action)
    client.force_login(world[who])
    page = client.get(url(world, action)).content.decode()
    assert f"<h1>{ACTION_LABELS[action]}</h1>" in page and STEPS[action].question in page and has_form(page)
    assert f'name="version" value="{world.assessment.version}"' in page
    sent = {"version": world.assessment.version, **data}
    client.force_login(world[colleague])
    for response in (client.get(url(world, action)), client.post(url(world, action), sent)):
        page = response.content.decode()
        assert has_error(page) and not has_form(page) and "Vai trò của bạn không được" in page
    assert now(world) is start
    client.force_login(world[who])
    response = client.post(url(world, action), sent, follow=True)
    assert STEPS[action].done in response.content.decode() and now(world) is end
    again = client.post(url(world, action), sent)
    assert again.status_code == 302, "a second press is the same press"
    assert Event.objects.filter(assessment=world.assessment, action=action.value).count() == 1


@pytest.mark.parametrize("action", ROAD)
def test_stale_page(client: Client, world: World, action: Action) -> None:
    start, who, data, _, _ = ROAD[action]
    put(world, start, action)
    client.force_login(world[who])
    response = client.post(url(world, action), {**data, "version": world.assessment.version + 1})
    assert "Hồ sơ vừa được người khác xử lý" in response.content.decode() and now(world) is start


@pytest.mark.parametrize("action", [a for a in ROAD if ROAD[a][2]])
def test_a_form_without_the_right_still_says_so(client: Client, world: World, action: Action) -> None:
    """Whatever was typed, or nothing: the page tells why the step is not taken."""
    put(world, ROAD[action][0])
    client.force_login(world[ROAD[action][4]])
    page = client.post(url(world, action), {}).content.decode()
    assert "Vai trò của bạn không được" in page and now(world) is ROAD[action][0]


def test_incomplete(signed_in: Client, world: World) -> None:
    save(world["of"], world.assessment, "tc-2.1", "", 1)
    page = signed_in.get(url(world, Action.SEND_TO_COUNCIL)).content.decode()
    assert "Còn 1 mục chưa đánh giá nên chưa gửi được." in page and "#tc-2-1" in page
    response = signed_in.post(url(world, Action.SEND_TO_COUNCIL), {"version": world.assessment.version})
    assert response.status_code == 409 and "còn 1 mục chưa đánh giá" in response.content.decode()


def test_not_submitted_without_the_council(client: Client, world: World) -> None:
    put(world, State.COUNCIL)
    client.force_login(world["lf"])
    response = client.post(url(world, Action.SUBMIT), {"version": world.assessment.version})
    assert response.status_code == 409
    assert f"{world.unit}: Chưa gửi được vì hội đồng xã, phường chưa thông qua." in response.content.decode()
    assert now(world) is State.COUNCIL and not Submission.objects.exists()


def test_what_was_typed_stays(client: Client, world: World) -> None:
    put(world, State.APPRAISAL)
    client.force_login(world["ha"])
    page = client.post(
        url(world, Action.RETURN),
        RETURN | {"new_due": TODAY, "reason": "Nhà <văn hóa>", "version": world.assessment.version},
    ).content.decode()
    assert "Hạn nộp lại phải sau ngày hôm nay." in page and "Nhà &lt;văn hóa&gt;" in page
    assert now(world) is State.APPRAISAL


def test_the_reason_is_read_where_it_matters(client: Client, world: World) -> None:
    put(world, State.APPRAISAL)
    client.force_login(world["ha"])
    client.post(url(world, Action.RETURN), RETURN | {"version": world.assessment.version})
    client.force_login(world["of"])
    page = main(client.get(reverse("assessments:detail", args=[world.assessment.pk])).content.decode())
    assert "Thiếu &lt;số liệu&gt;" in page and f"trước ngày {RETURN['new_due']:%d/%m/%Y}" in page


@pytest.mark.parametrize("role", ["oo", "ol", "oh", "dm", "fp", "ad", "ag"])
def test_strangers(client: Client, world: World, role: str) -> None:
    client.force_login(world[role])
    for action in ROAD:
        assert client.get(url(world, action)).status_code == 404
        assert client.post(url(world, action), ROAD[action][2]).status_code == 404
    assert now(world) is State.DRAFT


def test_no_such_step(signed_in: Client, world: World) -> None:
    for slug in ("cong-nhan", "recognise", "submit"):
        address = reverse("assessments:move", args=[world.assessment.pk, slug])
        assert signed_in.get(address).status_code == signed_in.post(address).status_code == 404
