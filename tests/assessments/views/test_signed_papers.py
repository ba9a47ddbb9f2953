"""Signed papers come in: what their signatures say is kept, shown and, where it is bad, told at once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from assessments import signatures
from assessments.models import Attachment, Event
from assessments.submitting import attach_paper
from assessments.workflow import State
from tests import files, signing
from tests.assessments.views.world import ROLES, World, build, fingerprint, has_error

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]


@pytest.fixture
def world() -> World:
    return build(State.APPRAISAL, with_parts=True)


def old(world: World) -> int:
    """The scan that the small city has from the beginning."""
    return world.parts.scans["submission"].pk


def page_of(world: World) -> str:
    return reverse("assessments:submission", args=[world.parts.submission.pk])


def send(client: Client, world: World, content: bytes, name: str = "to-trinh.pdf") -> Any:
    url = reverse("assessments:submission_attach", args=[world.parts.submission.pk])
    return client.post(url, {"file": files.upload(name, content)}, follow=True)


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("role", ROLES)
def test_who_attaches_the_wards_paper(world: World, client: Client, role: str) -> None:
    client.force_login(world[role])
    client.get(reverse("health"))
    seen, before = client.get(page_of(world)), fingerprint()
    assert ("Đính kèm bản ký" in text_of(seen)) == (role in ("of", "lf"))
    response = send(client, world, files.pdf())
    if role in ("of", "lf"):
        assert response.status_code == 200 and not has_error(text_of(response))
        [added] = Attachment.objects.filter(submission=world.parts.submission).exclude(pk=old(world))
        assert added.signatures == [] and added.added_by == world[role]
    else:
        reads = role in ("ha", "cl")
        assert response.status_code == (200 if reads else 404) and seen.status_code == response.status_code
        assert not reads or "Chỉ cán bộ, lãnh đạo xã, phường" in text_of(response)
        assert fingerprint() == before


@pytest.mark.parametrize("role", ROLES)
def test_who_opens_it(world: World, client: Client, role: str) -> None:
    added, _ = attach_paper(
        user=world["of"], submission_id=world.parts.submission.pk, file=files.upload("to-trinh.pdf", files.pdf())
    )
    client.force_login(world[role])
    response = client.get(reverse("assessments:attachment", args=[added.pk]))
    assert response.status_code == (200 if role in ("of", "lf", "ha", "cl") else 404)
    response.close()


def test_every_dossier_of_the_sending_records_it(world: World, client: Client) -> None:
    client.force_login(world["lf"])
    send(client, world, files.pdf())
    [event] = Event.objects.filter(kind=Event.Kind.ATTACHED, action="submission")
    assert event.assessment == world.parts.sent and event.data["name"] == "to-trinh.pdf"
    assert "Gửi bản ký tờ trình" in text_of(client.get(reverse("assessments:record", args=[world.parts.sent.pk])))
    send(client, world, files.pdf())
    assert Event.objects.filter(kind=Event.Kind.ATTACHED, action="submission").count() == 1, "the same file again"


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b""), ("a.pdf", b"x" * 99), ("anh.png", files.png())])
def test_only_whole_pdfs(world: World, client: Client, name: str, content: bytes) -> None:
    client.force_login(world["lf"])
    assert has_error(text_of(send(client, world, content, name)))
    assert not Attachment.objects.filter(submission__isnull=False).exclude(pk=old(world)).exists()


def test_nothing_chosen(world: World, client: Client) -> None:
    client.force_login(world["lf"])
    url = reverse("assessments:submission_attach", args=[world.parts.submission.pk])
    assert "Chọn tệp PDF của tờ trình đã ký" in text_of(client.post(url, follow=True))
    assert client.get(url).status_code == 405
    assert client.post(reverse("assessments:submission_attach", args=[10**9])).status_code == 404


def test_a_good_signature_is_shown(world: World, client: Client) -> None:
    client.force_login(world["lf"])
    page = text_of(send(client, world, signing.signed()))
    assert (
        "Chữ ký số: <bdi>“Chủ tịch UBND phường Tân Phong”</bdi>" in page
        and "nguyên vẹn, chứng thư chưa đối chiếu" in page
    )
    assert "theo máy của người ký" in page and "Cấp bởi Cơ quan chứng thực thử" in page
    assert "Kiểm tra lại chữ ký số" not in page
    kept = Attachment.objects.exclude(pk=old(world)).get(submission=world.parts.submission).signatures
    assert signatures.of(kept)[0].intact  # type: ignore[index]


def test_a_bad_signature_is_kept_and_told(world: World, client: Client) -> None:
    content = signing.signed()
    at = content.index(b"200")
    client.force_login(world["lf"])
    page = text_of(send(client, world, content[:at] + b"300" + content[at + 3 :]))
    assert "Đã đính kèm" in page and "notice-warning" in page
    assert page.count("đã bị sửa sau khi ký") == 2, "in the warning and at the paper"
    assert Attachment.objects.filter(submission=world.parts.submission).exists()


def test_an_unreadable_signature_is_kept_and_told(world: World, client: Client) -> None:
    client.force_login(world["lf"])
    page = text_of(send(client, world, signing.signed() + files.pdf()))
    assert page.count("không đọc được chữ ký số") == 2 and "notice-warning" in page


def test_a_scan_and_a_paper_from_before(world: World, client: Client) -> None:
    client.force_login(world["lf"])
    assert "Bản quét, không có chữ ký số." in text_of(send(client, world, files.pdf()))
    old = reverse("assessments:council_meeting", args=[world.parts.minutes.pk])
    assert "Nộp trước khi có kiểm tra chữ ký số." in text_of(client.get(old)), "made without looking"


def test_names_in_a_signature_are_text(world: World, client: Client) -> None:
    name = "<script>alert(1)</script>"
    client.force_login(world["lf"])
    page = text_of(send(client, world, signing.signed(by=signing.identity(name, signing.authority()))))
    assert escape(name) in page and name not in page


@pytest.mark.parametrize("target", ["council_attach", "visit_attach", "delegation_attach", "decision_attach"])
def test_every_other_door_looks_too(world: World, client: Client, target: str) -> None:
    p = world.parts
    of = {
        "council_attach": ("lf", p.minutes.pk),
        "visit_attach": ("dm", p.closed_visit.pk),
        "delegation_attach": ("ha", p.delegation.pk),
        "decision_attach": ("ha", world.decision.pk),
    }
    role, pk = of[target]
    client.force_login(world[role])
    url = reverse(f"assessments:{target}", args=[pk])
    page = text_of(client.post(url, {"file": files.upload("ky.pdf", signing.signed())}, follow=True))
    assert "Chữ ký số: <bdi>“Chủ tịch UBND phường Tân Phong”</bdi>" in page
