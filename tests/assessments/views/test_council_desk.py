"""What the assessment page and the first page offer between unit head, officer, council and city."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments import council, moving
from assessments.models import CouncilMeeting
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import approve, council_of, meet
from tests.assessments.views.world import World, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

LIST = reverse("assessments:council", args=[2025])
NEW = reverse("assessments:council_new", args=[2025])


def address(name: str, meeting: CouncilMeeting) -> str:
    return reverse(f"assessments:council_{name}", args=[meeting.pk])


@pytest.fixture
def waiting(world: World) -> World:
    """The ward's unit waits for the council."""
    factories.in_state(world.assessment, State.COUNCIL)
    council_of(world["lf"])
    return world


def page(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == 200, url
    return main(response.content.decode())


class TestButtons:
    """On the assessment page: only what fits now."""

    def buttons(self, client: Client, world: World, role: str) -> list[str]:
        found = page(client, world[role], reverse("assessments:detail", args=[world.assessment.pk]))
        panel = found.partition('id="result-body"')[2]
        labels = [
            "Chuyển cán bộ xã, phường",
            "Trả lại tổ trưởng, trưởng bản",
            "Gửi hội đồng",
            "Họp hội đồng",
            "Biên bản họp hội đồng",
            "Gửi thành phố",
            "Trả lại cán bộ",
        ]
        return [label for label in labels if f">{label}</a>" in panel]

    def test_hand_over(self, client: Client, world: World) -> None:
        assert self.buttons(client, world, "hd") == ["Chuyển cán bộ xã, phường"]
        assert self.buttons(client, world, "of") == ["Gửi hội đồng"]
        moving.hand_over(user=world["hd"], assessment_id=world.assessment.pk)
        assert self.buttons(client, world, "hd") == []
        assert self.buttons(client, world, "of") == ["Trả lại tổ trưởng, trưởng bản", "Gửi hội đồng"]
        found = page(client, world["hd"], reverse("assessments:detail", args=[world.assessment.pk]))
        assert "Bạn đã chuyển hồ sơ cho cán bộ xã, phường lúc" in found and "entry-form" not in found
        moving.hand_back(user=world["of"], assessment_id=world.assessment.pk, reason="Xem <2.3>")
        found = page(client, world["hd"], reverse("assessments:detail", args=[world.assessment.pk]))
        assert "Cán bộ trả lại" in found and "Xem &lt;2.3&gt;" in found and "entry-form" in found

    def test_council(self, client: Client, waiting: World) -> None:
        assert self.buttons(client, waiting, "lf") == ["Họp hội đồng", "Trả lại cán bộ"]
        assert self.buttons(client, waiting, "of") == ["Họp hội đồng"]
        assert self.buttons(client, waiting, "hd") == []
        meeting = meet(waiting["of"], waiting.assessment)
        assert self.buttons(client, waiting, "lf") == ["Biên bản họp hội đồng", "Trả lại cán bộ"]
        council.conclude_meeting(
            user=waiting["lf"],
            meeting_id=meeting.pk,
            resolutions={waiting.assessment.pk: council.Resolution(True, 9)},
        )
        assert self.buttons(client, waiting, "lf") == ["Gửi thành phố", "Trả lại cán bộ"]
        assert self.buttons(client, waiting, "of") == []

    def test_the_meeting_link_names_the_unit(self, client: Client, waiting: World) -> None:
        found = page(client, waiting["lf"], reverse("assessments:detail", args=[waiting.assessment.pk]))
        assert f'href="{NEW}?ho-so={waiting.assessment.pk}"' in found

    def test_hand_over_page_warns(self, client: Client, world: World) -> None:
        url = reverse("assessments:move", args=[world.assessment.pk, "gui-hoi-dong"])
        assert "chưa chuyển hồ sơ này cho cán bộ" in page(client, world["of"], url)
        moving.hand_over(user=world["hd"], assessment_id=world.assessment.pk)
        assert "chưa chuyển hồ sơ này cho cán bộ" not in page(client, world["of"], url)


class TestDesk:
    """The first page leads to the next step."""

    def test_head(self, client: Client, world: World) -> None:
        assert "Xem và chuyển cán bộ" in page(client, world["hd"], "/")
        moving.hand_over(user=world["hd"], assessment_id=world.assessment.pk)
        found = page(client, world["hd"], "/")
        assert "Bản tự đánh giá năm 2025 đã chuyển cán bộ xã, phường." in found
        assert "Xem và chuyển cán bộ" not in found
        assert "Tổ trưởng, trưởng bản đã chuyển lúc" in page(client, world["of"], "/")
        moving.hand_back(user=world["of"], assessment_id=world.assessment.pk, reason="Xem <2.3>")
        assert "Cán bộ trả lại: Xem &lt;2.3&gt;" in page(client, world["hd"], "/")
        assert "Đã trả lại tổ, bản: Xem &lt;2.3&gt;" in page(client, world["of"], "/")

    def test_leader(self, client: Client, waiting: World) -> None:
        found = page(client, waiting["lf"], "/")
        assert "1 hồ sơ chờ hội đồng xã, phường thông qua." in found and f'href="{NEW}"' in found
        assert f'href="{NEW}"' in page(client, waiting["of"], "/")
        meeting = meet(waiting["of"], waiting.assessment)
        found = page(client, waiting["lf"], "/")
        assert f'href="{address("conclude", meeting)}"' in found and f'href="{NEW}"' not in found
        approve(waiting["lf"], waiting.assessment)
        found = page(client, waiting["lf"], "/")
        assert "1 hồ sơ đã thông qua chờ gửi" in found
        assert f'href="{reverse("assessments:submissions", args=[2025])}"' in found

    def test_list_of_the_ward(self, client: Client, world: World) -> None:
        url = reverse("assessments:list", args=[2025])
        found = page(client, world["of"], url)
        assert "Đang ở tổ, bản" in found and f'href="{LIST}"' in found
        moving.hand_over(user=world["hd"], assessment_id=world.assessment.pk)
        assert "Tổ trưởng, trưởng bản đã chuyển lúc" in page(client, world["lf"], url)
        assert "đã chuyển lúc" not in page(client, world["ha"], url)
        User.objects.filter(pk=world["hd"].pk).update(is_active=False)
        assert "đã chuyển lúc" not in page(client, world["of"], url)
