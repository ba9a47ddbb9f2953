"""Forms filled in with what they do not want: a sentence on the page that keeps what was typed, nothing written."""

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Decision, Event, Registration, Submission
from assessments.workflow import State
from localities.models import Unit, UnitYear
from tests import factories
from tests.assessments.roads import approve, council_of, meet
from tests.assessments.views.world import World, fingerprint, has_error

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

HUGE = "9" * 30
ENDLESS = "9" * 5000  # more digits than Python turns into a number
TODAY = timezone.localdate()


class TestRegistering:
    def post(self, client: Client, **data: Any) -> Any:
        return client.post(reverse("assessments:register", args=[2025]), data)

    @pytest.mark.parametrize("number", ["0", HUGE, ENDLESS, "9223372036854775808"])
    def test_units_nobody_has(self, signed_in: Client, number: str) -> None:
        before = fingerprint()
        response = self.post(signed_in, unit=number, **{f"aim-{number}"[:40]: "new"})
        assert response.status_code == 404 or has_error(response.content.decode())
        assert fingerprint() == before

    @pytest.mark.parametrize("number", ["abc", "-1", "1.5", "", "\x00", "٣"])
    def test_what_is_no_number(self, signed_in: Client, number: str) -> None:
        response = self.post(signed_in, unit=number)
        assert "Chưa chọn tổ dân phố, bản nào" in response.content.decode()

    def test_all_or_none(self, signed_in: Client, world: World) -> None:
        """The own unit is not registered when the rest of the list is refused."""
        own, foreign = world.free_unit.pk, factories.UnitFactory().pk
        before = fingerprint()
        both = {f"aim-{own}": "new", f"aim-{foreign}": "new"}
        assert self.post(signed_in, unit=[own, foreign], **both).status_code == 404
        assert fingerprint() == before, "another ward's unit in the list"
        second = factories.UnitFactory(ward=world.ward)
        before = fingerprint()
        response = self.post(signed_in, unit=[own, second.pk], **{f"aim-{own}": "new", f"aim-{second.pk}": "x"})
        assert "Chọn đăng ký" in response.content.decode()
        assert fingerprint() == before, "an aim that does not exist"

    def test_twice(self, signed_in: Client, world: World) -> None:
        before = Registration.objects.count()
        for _ in range(2):
            response = self.post(signed_in, unit=[world.free_unit.pk] * 2, **{f"aim-{world.free_unit.pk}": "new"})
            assert response.status_code == 302
        assert Registration.objects.count() == before + 1

    @pytest.mark.parametrize("name", ["", " ", "\u200b", "a" * 101, "Tổ\x001", "TỔ 1", "to\u0302\u0309 1"])
    def test_names_of_units(self, signed_in: Client, world: World, name: str) -> None:
        before = Unit.objects.count()
        response = self.post(signed_in, do="unit", name=name, kind="group")
        assert response.status_code == 200 and has_error(response.content.decode())
        assert Unit.objects.count() == before

    def test_a_kind_that_does_not_exist(self, signed_in: Client) -> None:
        before = Unit.objects.count()
        assert self.post(signed_in, do="unit", name="Tổ 77", kind="city").status_code == 200
        assert Unit.objects.count() == before


class TestYear:
    def post(self, client: Client, world: World, **data: Any) -> Any:
        url = reverse("assessments:unit_year", args=[world.unit.pk, 2025])
        return client.post(url, {"version": 0, "households": 120, "persons": 480, **data})

    @pytest.mark.parametrize(
        "data",
        [
            {"households": "-1"},
            {"households": HUGE},
            {"households": ENDLESS},
            {"households": "1.5"},
            {"households": "nhiều"},
            {"households": "1\x00"},
            {"poor_households": "100", "near_poor_households": "21"},
            {"poor_households": "2147483647", "near_poor_households": "2147483647"},
            {"working_age_persons": "481"},
            {"version": "abc", "households": "130"},
            {"version": "-1", "households": "130"},
            {"version": "", "households": "130"},
            {"version": "7", "households": "130"},
            {"version": HUGE, "households": "130"},
        ],
        ids=str,
    )
    def test_refused(self, signed_in: Client, world: World, data: dict[str, str]) -> None:
        before = fingerprint()
        response = self.post(signed_in, world, **data)
        assert response.status_code == 200 and has_error(response.content.decode())
        assert fingerprint() == before

    def test_stale_for_a_year_without_figures(self, signed_in: Client, world: World) -> None:
        UnitYear.objects.filter(unit=world.unit).delete()
        assert self.post(signed_in, world, version=3).status_code == 200

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil", "\n//e"]
    )
    def test_the_way_back_stays_here(self, signed_in: Client, world: World, target: str) -> None:
        assert self.post(signed_in, world, next=target).url == f"/ho-so/{world.assessment.pk}/"


class TestMeeting:
    """Everything typed comes back with a sentence; nothing is written."""

    def body(self, world: World, **data: Any) -> dict[str, Any]:
        members = [member.pk for member in council_of(world["lf"])]
        given = {"held_on": TODAY, "starts_at": "08:00", "ends_at": "10:00", "place": "UBND", "present": members}
        return given | {"assessment": [world.assessment.pk], "guests": "Khách <mời>"} | data

    @pytest.mark.parametrize(
        "data",
        [
            {"held_on": "31/02/2025"}, {"held_on": "hôm qua"}, {"held_on": ""}, {"held_on": "1999-12-31"},
            {"held_on": TODAY + timedelta(days=1)}, {"place": ""}, {"place": "\u200b"}, {"place": "a" * 201},
            {"starts_at": "25:00"}, {"starts_at": "sáng"}, {"ends_at": "07:59"}, {"guests": "Khách <mời>" * 200},
            {"conclusion": "a" * 4001}, {"assessment": []}, {"assessment": ["abc"]}, {"assessment": [HUGE]},
        ],
        ids=str,
    )  # fmt: skip
    def test_refused(self, client: Client, world: World, data: dict[str, Any]) -> None:
        factories.in_state(world.assessment, State.COUNCIL)
        client.force_login(world["lf"])
        body = self.body(world, **data)
        before = fingerprint()
        response = client.post(reverse("assessments:council_new", args=[2025]), body)
        page = response.content.decode()
        assert response.status_code == 200 and has_error(page) and "Khách &lt;mời&gt;" in page
        assert fingerprint() == before

    @pytest.mark.parametrize("number", ["0", "999999999"])
    def test_assessments_nobody_has(self, client: Client, world: World, number: str) -> None:
        factories.in_state(world.assessment, State.COUNCIL)
        factories.in_state(world.waiting, State.COUNCIL)
        client.force_login(world["lf"])
        url = reverse("assessments:council_new", args=[2025])
        for foreign in (number, world.waiting.pk):
            body = self.body(world, assessment=[world.assessment.pk, foreign])
            before = fingerprint()
            assert client.post(url, body).status_code == 404
            assert fingerprint() == before

    @pytest.mark.parametrize(
        "data",
        [
            {"votes_for": 10}, {"votes_for": -1}, {"votes_for": 99999}, {"votes_for": HUGE}, {"votes_for": "chín"},
            {"votes_for": 4}, {"votes_for": ""}, {"outcome": ""}, {"outcome": "perhaps"},
            {"outcome": "returned"}, {"outcome": "returned", "opinion": " \u200b"}, {"opinion": "a" * 2001},
            {"outcome": "returned", "opinion": "Thiếu", "votes_for": 10},
        ],
        ids=str,
    )  # fmt: skip
    def test_resolutions(self, client: Client, world: World, data: dict[str, Any]) -> None:
        factories.in_state(world.assessment, State.COUNCIL)
        meeting = meet(world["lf"], world.assessment)
        client.force_login(world["lf"])
        resolution = {"outcome": "approved", "votes_for": 9, "opinion": ""} | data
        body = {f"item-{world.assessment.pk}-{name}": value for name, value in resolution.items()}
        body |= {"version": meeting.version, "conclusion": "Kết luận <giữ lại>"}
        before = fingerprint()
        response = client.post(reverse("assessments:council_conclude", args=[meeting.pk]), body)
        page = response.content.decode()
        assert response.status_code == 200 and has_error(page) and "Kết luận &lt;giữ lại&gt;" in page
        assert f"{world.unit}: " in page, "the sentence names the unit"
        assert fingerprint() == before

    @pytest.mark.parametrize("version", ["99", "", "abc", HUGE])
    def test_stale(self, client: Client, world: World, version: str) -> None:
        factories.in_state(world.assessment, State.COUNCIL)
        meeting = meet(world["lf"], world.assessment)
        client.force_login(world["lf"])
        before = fingerprint()
        page = client.post(
            reverse("assessments:council_edit", args=[meeting.pk]), self.body(world, version=version)
        ).content.decode()
        assert "Người khác vừa sửa biên bản này" in page
        resolution = {f"item-{world.assessment.pk}-outcome": "approved", f"item-{world.assessment.pk}-votes_for": 9}
        url = reverse("assessments:council_conclude", args=[meeting.pk])
        assert has_error(client.post(url, resolution | {"version": version}).content.decode())
        assert fingerprint() == before


def test_submitting_twice(client: Client, world: World) -> None:
    factories.in_state(world.assessment, State.COUNCIL)
    approve(world["lf"], world.assessment)
    world.assessment.refresh_from_db()
    client.force_login(world["lf"])
    url = reverse("assessments:move", args=[world.assessment.pk, "gui-thanh-pho"])
    for _ in range(2):
        assert client.post(url, {"version": world.assessment.version}).status_code == 302
    assert Submission.objects.count() == 1
    assert Event.objects.filter(assessment=world.assessment, action="submit").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        {"reason": ""}, {"reason": " \u200b\n"}, {"reason": "a" * 2001}, {"new_due": ""}, {"new_due": "2025-02-31"},
        {"new_due": TODAY}, {"new_due": "0000-00-00"}, {"new_due": "99999-01-01"}, {"version": "99"},
    ],
    ids=str,
)  # fmt: skip
def test_returning(client: Client, world: World, data: dict[str, Any]) -> None:
    factories.in_state(world.assessment, State.SUBMITTED)
    client.force_login(world["ha"])
    url = reverse("assessments:move", args=[world.assessment.pk, "tra-lai-xa-phuong"])
    response = client.post(
        url, {"version": world.assessment.version, "reason": "Thiếu", "new_due": TODAY + timedelta(days=5)} | data
    )
    assert response.status_code == 200 and has_error(response.content.decode())
    world.assessment.refresh_from_db()
    assert world.assessment.state == State.SUBMITTED


class TestDecisions:
    @pytest.mark.parametrize(
        "data",
        [
            {"number": ""}, {"number": "\u200b"}, {"number": "a" * 51}, {"number": "1\x00"}, {"number": "12/QĐ-UBND"},
            {"number": unicodedata.normalize("NFD", "12/QĐ-UBND ")}, {"issued_on": TODAY + timedelta(days=1)},
            {"issued_on": "31/02/2025"}, {"issued_on": "99999-01-01"}, {"title": ""}, {"title": "a" * 301},
            {"assessment": []}, {"assessment": ["abc"]}, {"assessment": [HUGE]},
        ],
        ids=str,
    )  # fmt: skip
    def test_refused(self, client: Client, world: World, data: dict[str, Any]) -> None:
        client.force_login(world["ha"])
        before = fingerprint()
        response = client.post(reverse("assessments:decision_new", args=[2025]), self.paper(world) | data)
        page = response.content.decode()
        assert response.status_code == 200 and has_error(page)
        assert fingerprint() == before

    @pytest.mark.parametrize("number", ["0", "999999999"])
    def test_assessments_nobody_has(self, client: Client, world: World, number: str) -> None:
        client.force_login(world["ha"])
        chosen = {"assessment": [world.waiting.pk, number]}
        url = reverse("assessments:decision_new", args=[2025])
        assert client.post(url, self.paper(world) | chosen).status_code == 404
        chosen = {"assessment": [world.waiting.pk, world.assessment.pk]}
        response = client.post(url, self.paper(world) | chosen)
        assert "không ở trạng thái" in response.content.decode()
        assert Decision.objects.count() == 1

    def test_twice_is_one(self, client: Client, world: World) -> None:
        client.force_login(world["ha"])
        url = reverse("assessments:decision_new", args=[2025])
        first, second = (client.post(url, self.paper(world)) for _ in range(2))
        assert first.status_code == 302 and Decision.objects.count() == 2
        assert second.status_code == 302 or has_error(second.content.decode())

    @pytest.mark.parametrize("version", ["99", "0", HUGE])
    def test_stale(self, client: Client, world: World, version: str) -> None:
        client.force_login(world["ha"])
        url = reverse("assessments:decision_edit", args=[world.decision.pk])
        chosen = {"assessment": [world.decision.lines.get().assessment_id], "version": version, "title": "Khác"}
        response = client.post(url, self.paper(world) | chosen)
        assert response.status_code == 200 and "Người khác vừa sửa" in response.content.decode()
        client.force_login(world["cl"])
        if version != HUGE:
            client.post(reverse("assessments:decision_confirm", args=[world.decision.pk]), {"version": version})
        world.decision.refresh_from_db()
        assert world.decision.confirmed_at is None and world.decision.title != "Khác"

    def paper(self, world: World) -> dict[str, Any]:
        given = {"number": "77/QĐ-UBND", "issued_on": TODAY, "title": "Công nhận", "signer_title": "CHỦ TỊCH"}
        return given | {"assessment": [world.waiting.pk]}
