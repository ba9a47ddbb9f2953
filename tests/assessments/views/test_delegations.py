"""Pages of delegations: who opens them, founding, choosing, planning, and what hostile input comes to."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Delegation, Visit
from assessments.workflow import State
from tests import factories, files
from tests.assessments import visits
from tests.assessments.views.world import World, has_error, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

LIST, NEW = reverse("assessments:delegations", args=[2025]), reverse("assessments:delegation_new", args=[2025])


@pytest.fixture
def delegation(world: World) -> Delegation:
    factories.in_state(world.assessment, State.APPRAISAL)
    return visits.found(world["ha"], world.plan, world["dm"])


@pytest.fixture
def visit(world: World, delegation: Delegation) -> Visit:
    [made] = visits.choose(world["ha"], delegation, [world.assessment])
    delegation.refresh_from_db()
    return made


def address(name: str, pk: int) -> str:
    return reverse(f"assessments:{name}", args=[pk])


def form(members: list[tuple[str, str, str, Any]], **changes: Any) -> dict[str, Any]:
    """The founding form as a browser sends it."""
    data: dict[str, Any] = {
        "name": "Đoàn số 9",
        "decision_number": "9/QĐ-UBND",
        "decided_on": "2025-03-01",
        "decided_by": "Ủy ban nhân dân thành phố",
        "task": "",
        "thanh-vien-TOTAL_FORMS": str(len(members)),
        "thanh-vien-INITIAL_FORMS": "0",
    }
    for number, (name, office, role, user) in enumerate(members):
        row = {"full_name": name, "job_title": office, "role": role, "user": user}
        data |= {f"thanh-vien-{number}-{field}": value for field, value in row.items()}
    return data | changes


HEAD = ("Phó Trưởng phòng", "Phòng Nội vụ", "head", "")


@pytest.mark.parametrize(
    ("role", "seen"),
    [("ha", 1), ("cl", 1), ("dm", 1), ("ag", 0), ("of", None), ("lf", None), ("hd", None), ("fp", None), ("ad", None)],
)
def test_who_sees_the_list(client: Client, world: World, delegation: Delegation, role: str, seen: int | None) -> None:
    client.force_login(world[role])
    response = client.get(LIST)
    if seen is None:
        assert response.status_code == 404
        return
    assert len(response.context["rows"]) == seen
    page = main(response.content.decode())
    assert (NEW in page) == (role == "ha")
    assert ("Phó Trưởng phòng" in page) == bool(seen)


@pytest.mark.parametrize(
    ("role", "status", "forms"),
    [("ha", 200, True), ("cl", 200, False), ("dm", 200, False), ("ag", 404, None), ("of", 404, None)],
)
def test_who_sees_one(client: Client, world: World, visit: Visit, role: str, status: int, forms: bool | None) -> None:
    client.force_login(world[role])
    response = client.get(address("delegation", visit.delegation_id))
    assert response.status_code == status
    if forms is not None:
        edit = reverse("assessments:delegation_edit", args=[visit.delegation_id])
        assert (edit in response.content.decode()) == forms


@pytest.mark.parametrize("role", ["cl", "dm", "ag", "of", "lf", "hd", "oo", "fp", "ad"])
def test_only_home_affairs_changes_anything(client: Client, world: World, visit: Visit, role: str) -> None:
    client.force_login(world[role])
    pk = visit.delegation_id
    assert client.post(NEW, form([HEAD])).status_code == 404
    assert client.post(address("delegation_edit", pk), form([HEAD])).status_code == 404
    assert client.post(address("delegation_units", pk), {"assessment": world.assessment.pk}).status_code == 404
    assert client.post(address("delegation_schedule", pk), {"visit": visit.pk}).status_code == 404
    assert client.post(address("visit_drop", visit.pk), {"version": 2}).status_code == 404
    upload = {"file": files.upload("a.pdf", files.pdf())}
    assert client.post(address("delegation_attach", pk), upload).status_code == 404
    assert Delegation.objects.get(pk=pk).version == visit.delegation.version
    assert Visit.objects.count() == 1


def test_founding_on_the_page(client: Client, world: World) -> None:
    client.force_login(world["ha"])
    assert client.get(NEW).status_code == 200
    lines = [HEAD, ("Chuyên viên", "Văn phòng", "member", world["dm"].pk), ("", "", "member", "")]
    response = client.post(NEW, form(lines))
    made = Delegation.objects.get()
    assert response.headers["Location"] == address("delegation", made.pk)
    assert [member.user for member in made.members.all()] == [None, world["dm"]]


def test_what_was_typed_comes_back_with_the_error(client: Client, world: World) -> None:
    client.force_login(world["ha"])
    response = client.post(NEW, form([("Chuyên viên A", "Văn phòng", "member", "")]))
    page = response.content.decode()
    assert (response.status_code, Delegation.objects.count()) == (200, 0)
    assert "đúng một Trưởng đoàn" in page and 'value="Chuyên viên A"' in page and 'value="9/QĐ-UBND"' in page


def test_unchanged_members_stay_and_an_emptied_one_leaves(client: Client, world: World, delegation: Delegation) -> None:
    client.force_login(world["ha"])
    url = address("delegation_edit", delegation.pk)
    client.get(url)
    lines = [(m.full_name, m.job_title, m.role, m.user_id or "") for m in delegation.members.all()]
    data = form(lines, name=delegation.name, version="1", **{"thanh-vien-INITIAL_FORMS": "2"})
    assert client.post(url, data).status_code == 302
    assert delegation.members.count() == 2
    data |= {"thanh-vien-1-full_name": "", "thanh-vien-1-job_title": "", "version": "2"}
    assert client.post(url, data).status_code == 302
    assert [member.role for member in delegation.members.all()] == ["head"]


@pytest.mark.parametrize(
    "changes",
    [
        {"decided_on": "31/31/2025"},
        {"name": ""},
        {"name": "x" * 201},
        {"task": "x" * 4001},
        {"thanh-vien-0-role": "chief"},
        {"thanh-vien-0-user": "999999"},
        {"thanh-vien-0-user": "abc"},
        {"thanh-vien-TOTAL_FORMS": "abc"},
        {"thanh-vien-TOTAL_FORMS": "100000"},
    ],
)
def test_hostile_founding_is_answered(client: Client, world: World, changes: dict[str, Any]) -> None:
    client.force_login(world["ha"])
    response = client.post(NEW, form([HEAD], **changes))
    assert response.status_code == 200
    assert has_error(response.content.decode()) or "state-not_met" in response.content.decode()
    assert not Delegation.objects.exists()


def test_choosing_units(client: Client, world: World, delegation: Delegation) -> None:
    client.force_login(world["ha"])
    url = address("delegation_units", delegation.pk)
    page = main(client.get(url).content.decode())
    assert f'value="{world.assessment.pk}"' in page and f'value="{world.waiting.pk}"' not in page
    response = client.post(url, {"assessment": world.assessment.pk, "version": delegation.version})
    assert response.headers["Location"] == address("delegation", delegation.pk)
    for data in (
        {"version": 2},
        {"assessment": world.waiting.pk, "version": 2},
        {"assessment": world.assessment.pk, "version": 1},
        {"assessment": "x", "version": 2},
        {"assessment": world.assessment.pk},
    ):
        assert has_error(client.post(url, data).content.decode())
    assert client.post(url, {"assessment": 999_999, "version": 2}).status_code == 404
    assert Visit.objects.count() == 1


def test_planning_on_the_page(client: Client, world: World, visit: Visit) -> None:
    client.force_login(world["ha"])
    url = address("delegation_schedule", visit.delegation_id)
    data = {"visit": visit.pk, "planned_on": "2025-10-02", "planned_at": "08:30", "place": "Nhà văn hóa", "version": 2}
    for wrong in (
        {"planned_on": ""},
        {"planned_on": "2025-99-99"},
        {"planned_at": "99:99"},
        {"planned_on": "2020-01-01"},
        {"place": "x" * 201},
        {"version": 1},
        {"visit": ""},
    ):
        response = client.post(url, data | wrong)
        assert response.status_code == 200, wrong
        assert has_error(response.content.decode()), wrong
    assert client.post(url, data | {"visit": 999_999}).status_code == 404
    response = client.post(url, data)
    assert response.headers["Location"] == address("delegation", visit.delegation_id)
    assert "08:30 02/10/2025" in client.get(response.headers["Location"]).content.decode()


def test_dropping_on_the_page(client: Client, world: World, visit: Visit) -> None:
    client.force_login(world["ha"])
    url = address("visit_drop", visit.pk)
    assert client.get(url).status_code == 405
    assert has_error(client.post(url, {"version": 1}, follow=True).content.decode())
    assert client.post(url, {"version": 2}).status_code == 302
    assert not Visit.objects.exists()
    assert client.post(url, {"version": 3}).status_code == 404


def test_decision_is_attached(client: Client, world: World, delegation: Delegation) -> None:
    client.force_login(world["ha"])
    url = address("delegation_attach", delegation.pk)
    client.post(url)
    client.post(url, {"file": files.upload("a.png", files.png())})
    assert delegation.attachments.count() == 0
    for _ in range(2):
        client.post(url, {"file": files.upload("quyet-dinh.pdf", files.pdf())})
    assert delegation.attachments.count() == 1


def test_as_many_queries_for_three_rows(client: Client, world: World, delegation: Delegation, visit: Visit) -> None:
    def count(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    client.force_login(world["ha"])
    urls = [LIST, address("delegation", delegation.pk), address("delegation_edit", delegation.pk)]
    one = [count(url) for url in urls]
    for number in (2, 3):
        visits.found(world["ha"], world.plan, world["dm"], name=f"Đoàn số {number}")
        more = factories.open_assessment(plan=world.plan, officer=world["of"])
        visits.choose(world["ha"], delegation, [factories.in_state(more, State.SUBMITTED)])
        factories.DelegationMemberFactory()
    assert [count(url) for url in urls] == one
