"""The preview, its pictures and the files: quick, never of another content, and with words for refusals."""

import dataclasses
import hashlib
import logging
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pytest_django import Settings

from accounts.models import User
from assessments.models import Assessment, CouncilMeeting
from assessments.workflow import State
from assessments.year import city_plans
from reports import making, registry, rendering, store
from reports.models import StoredFile
from reports.models.files import Format
from reports.papers.base import NotYet
from reports.views import papers
from tests import factories
from tests.assessments.views.world import World, build
from tests.reports import data

pytestmark = pytest.mark.django_db

MINUTES, SHEET = "bien-ban-hoi-dong", "phieu-danh-gia"


@pytest.fixture(autouse=True)
def documents(settings: Settings, tmp_path: Path) -> Path:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return tmp_path / "documents"


@pytest.fixture
def world() -> World:
    return build(State.APPRAISAL, with_parts=True)


@pytest.fixture
def reader(world: World, client: Client) -> Client:
    """The ward's leader, who sees both meetings."""
    client.force_login(world["lf"])
    return client


def address(code: str, *ids: int, name: str = "paper", more: tuple[Any, ...] = ()) -> str:
    return reverse(f"reports:{name}", args=[code, ids, *more])


def text_of(response: Any) -> str:
    return str(response.content.decode())


def pictures(page: str) -> list[str]:
    return re.findall(r'<img class="paper-page[^>]*src="([^"]+)"', page)


def test_the_page_comes_before_its_document_is_made(
    world: World, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "pdf", lambda html: pytest.fail("the page waited for the PDF"))
    response = reader.get(address(MINUTES, world.parts.meeting.pk))
    page = text_of(response)
    assert response.status_code == 200 and "Đang dựng văn bản" in page and not pictures(page)
    assert f'hx-get="{address(MINUTES, world.parts.meeting.pk, name="paper_pages")}"' in page
    assert "Dự thảo" in page and "?day-du=1" in page.partition("<noscript>")[2]
    assert page.count("btn-primary") == 1 and "Tải PDF để in" in page


def test_without_scripts_all_of_it_comes_at_once(world: World, reader: Client) -> None:
    url = address(MINUTES, world.parts.meeting.pk)
    page = text_of(reader.get(url + "?day-du=1"))
    content = reader.get(address(MINUTES, world.parts.meeting.pk, name="paper_file", more=("pdf",))).content
    assert len(pictures(page)) == len(PdfReader(BytesIO(content)).pages) > 0
    assert "hx-get" not in page.partition("<main")[2]


def test_the_part_brings_every_page_and_the_number_of_pages(world: World, reader: Client) -> None:
    page = text_of(reader.get(address(SHEET, world.assessment.pk, name="paper_pages"), headers={"HX-Request": "true"}))
    found = pictures(page)
    assert len(found) > 1 and "<html" not in page
    assert 'hx-swap-oob="true"' in page and f"<dt>Số trang</dt><dd>{len(found)}</dd>" in page
    assert page.count('loading="lazy"') == len(found) - 1
    picture = reader.get(found[0])
    size = re.search(r'width="(\d+)" height="(\d+)"', page)
    assert size, "the page keeps its place while the picture comes"
    given, real = map(int, size.groups()), Image.open(BytesIO(picture.content)).size
    assert all(abs(one - other) <= 1 for one, other in zip(given, real, strict=True))


def test_what_is_final_says_so_with_its_checksum(world: World, reader: Client) -> None:
    pk = world.parts.minutes.pk
    assert "bản in đầu tiên được giữ nguyên" in text_of(reader.get(address(MINUTES, pk)))
    content = reader.get(address(MINUTES, pk, name="paper_file", more=("pdf",))).content
    page = text_of(reader.get(address(MINUTES, pk)))
    assert "Bản chốt" in page and hashlib.sha256(content).hexdigest() in page
    assert pictures(page) and "hx-get" not in page.partition("<main")[2], "what is there needs no waiting"


def test_a_draft_names_the_time_of_its_data(world: World, reader: Client) -> None:
    Assessment.objects.filter(pk=world.parts.at_council.pk).update(state=State.COUNCIL)
    page = text_of(reader.get(address(SHEET, world.parts.at_council.pk)))
    assert re.search(r"Dự thảo</span>, số liệu đến \d\d:\d\d \d\d/\d\d/\d{4}", page)


def test_an_excel_only_table_has_a_sentence_and_a_button(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No kind is like that today; the registry may have one again tomorrow."""
    table = dataclasses.replace(registry.find("bang-tham-dinh"), formats=(Format.EXCEL,))
    monkeypatch.setattr(registry, "find", lambda _: table)
    client.force_login(world["ha"])
    page = text_of(client.get(address("bang-tham-dinh", world.plan.pk)))
    assert "chỉ có dạng Excel" in page and "hx-get" not in page.partition("<main")[2]
    assert page.count("btn-primary") == 1 and "tep.xlsx" in page
    for name, more in (("paper_pages", ()), ("paper_page", (1,)), ("paper_file", ("pdf",))):
        assert client.get(address("bang-tham-dinh", world.plan.pk, name=name, more=more)).status_code == 404


def subjects(world: World) -> list[tuple[str, str, tuple[int, ...]]]:
    return [
        ("lf", SHEET, (world.assessment.pk,)),
        ("lf", MINUTES, (world.parts.minutes.pk,)),
        ("lf", "phieu-gui", (world.parts.submission.pk,)),
        ("dm", "phieu-tham-dinh-co-so", (world.parts.visit.pk,)),
        ("ha", "bang-tham-dinh", (world.plan.pk,)),
        ("lf", "bang-tham-dinh-xa-phuong", (world.plan.pk, world.ward.pk)),
        ("ha", "danh-sach-quyet-dinh", (world.decision.pk,)),
    ]


def test_the_crumbs_lead_to_pages_their_reader_may_open(world: World, client: Client) -> None:
    for role, code, ids in subjects(world):
        client.force_login(world[role])
        crumbs = text_of(client.get(address(code, *ids))).partition('class="crumbs"')[2].partition("</p>")[0]
        links = re.findall(r'href="([^"]+)"', crumbs)
        assert len(links) == 3, code
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code == 200, (code, link)


def test_who_signs_is_said(world: World, reader: Client) -> None:
    assert "<dt>Người ký</dt>" in text_of(reader.get(address(SHEET, world.assessment.pk)))


# ---- Pictures ----


def test_a_picture_of_the_file_just_shown_needs_no_reading(
    world: World, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = pictures(text_of(reader.get(address(SHEET, world.assessment.pk, name="paper_pages"))))
    monkeypatch.setattr(making, "finish", lambda *args: pytest.fail("made again for a picture"))
    response = reader.get(first)
    assert response.status_code == 200 and response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "private, max-age=3600, immutable"
    again = reader.get(first, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304 and not again.content and again["ETag"] == response["ETag"]


def test_a_changed_draft_has_other_addresses_and_marks(world: World, reader: Client) -> None:
    pk = world.parts.meeting.pk
    before = pictures(text_of(reader.get(address(MINUTES, pk) + "?day-du=1")))
    bare = address(MINUTES, pk, name="paper_page", more=(1,))
    etag = reader.get(bare)["ETag"]
    CouncilMeeting.objects.filter(pk=pk).update(place="Nhà văn hóa khác")
    assert pictures(text_of(reader.get(address(MINUTES, pk) + "?day-du=1")))[0] != before[0]
    changed = reader.get(bare, headers={"If-None-Match": etag})
    assert changed.status_code == 200 and changed["ETag"] != etag and changed["Cache-Control"] == "private, no-cache"
    assert reader.get(before[0]).status_code == 200, "a page still open goes on showing what it showed"


def test_anothers_mark_opens_nothing(world: World, reader: Client, client: Client) -> None:
    first, *_ = pictures(text_of(reader.get(address(SHEET, world.assessment.pk, name="paper_pages"))))
    stranger = Client()
    stranger.force_login(world["ol"])
    assert stranger.get(first).status_code == 404
    assert reader.get(first[:-3] + "xyz")["Cache-Control"] == "private, no-cache", "a broken mark goes the long way"


def test_an_old_mark_goes_the_long_way(world: World, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = pictures(text_of(reader.get(address(SHEET, world.assessment.pk, name="paper_pages"))))
    hour = papers._hour()
    monkeypatch.setattr(papers, "_hour", lambda: hour + 1)
    assert "immutable" in reader.get(first)["Cache-Control"]
    monkeypatch.setattr(papers, "_hour", lambda: hour + 2)
    late = reader.get(first)
    assert late.status_code == 200 and late["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("number", [0, 9999])
def test_a_page_that_is_not_there(world: World, reader: Client, number: int) -> None:
    assert reader.get(address(SHEET, world.assessment.pk, name="paper_page", more=(number,))).status_code == 404


def test_landscape_pages_lie_down(world: World, rf: Any) -> None:
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_blank_page(842, 595)
    writer.write(out)
    file = store.keep("0" * 64, Format.PDF, out.getvalue(), 2)
    request = rf.get("/")
    request.user = world["lf"]
    document = making.Document(file, "t", "t", True)
    upright, lying = papers._pages(request, registry.find(SHEET), (1,), document)
    assert upright["portrait"] and (upright["width"], upright["height"]) == (1000, 1415)
    assert not lying["portrait"] and (lying["width"], lying["height"]) == (1400, 989)


# ---- Files ----


def test_a_file_the_browser_has_is_not_sent_again(world: World, reader: Client) -> None:
    url = address(MINUTES, world.parts.minutes.pk, name="paper_file", more=("pdf",))
    first = reader.get(url, headers={"Accept-Encoding": "gzip"})
    assert first["ETag"] == f'"{hashlib.sha256(first.content).hexdigest()}"' and first.content.startswith(b"%PDF-")
    assert first["Cache-Control"] == "private, no-cache" and first["Content-Disposition"].startswith("inline")
    again = reader.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content


def test_asking_for_heads_only(world: World, reader: Client) -> None:
    pk = world.parts.minutes.pk
    for name, more in (("paper", ()), ("paper_pages", ()), ("paper_file", ("pdf",)), ("paper_page", (1,))):
        response = reader.head(address(MINUTES, pk, name=name, more=more))
        assert response.status_code == 200 and not response.content, name
        assert reader.post(address(MINUTES, pk, name=name, more=more)).status_code == 405, name


# ---- Why there is none ----


def replace(monkeypatch: pytest.MonkeyPatch, code: str, **changes: Any) -> None:
    """The kind of paper as if it behaved otherwise."""
    monkeypatch.setitem(registry._BY_CODE, code, dataclasses.replace(registry.find(code), **changes))


def test_too_early_is_a_page_with_the_next_step(world: World, reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def early(*args: Any) -> Any:
        raise NotYet("Biên bản có sau khi chốt cuộc họp. Chốt cuộc họp rồi in.")

    replace(monkeypatch, MINUTES, read=early)
    for name, headers in (("paper", {}), ("paper_pages", {"HX-Request": "true"})):
        response = reader.get(address(MINUTES, world.parts.meeting.pk, name=name), headers=headers)
        assert response.status_code == 409 and "Chốt cuộc họp rồi in." in text_of(response)
        assert ("<html" in text_of(response)) == (not headers)


def test_an_issued_file_that_is_lost(
    world: World, reader: Client, documents: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = address(MINUTES, world.parts.minutes.pk, name="paper_file", more=("pdf",))
    assert reader.get(url).status_code == 200
    store.place(StoredFile.objects.get(format=Format.PDF)).unlink()
    reader.raise_request_exception = False
    for name, more in (("paper", ()), ("paper_file", ("pdf",)), ("paper_page", (1,))):
        with caplog.at_level(logging.ERROR):
            response = reader.get(address(MINUTES, world.parts.minutes.pk, name=name, more=more))
        assert response.status_code == 500 and "Báo quản trị để khôi phục" in text_of(response), name
        assert "lost or damaged" in caplog.text
        caplog.clear()


def test_a_failure_in_the_making_is_told_and_logged(
    world: World, reader: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(html: str) -> bytes:
        raise OSError("No space left on device")

    monkeypatch.setattr(rendering, "pdf", broken)
    response = reader.get(address(MINUTES, world.parts.meeting.pk, name="paper_pages"), headers={"HX-Request": "true"})
    assert response.status_code == 500 and response["X-Paper-Problem"] == "failed"
    assert "Thử lại" in text_of(response) and "<html" not in text_of(response)
    assert "No space left on device" in caplog.text and "No space left" not in text_of(response)
    whole = reader.get(address(MINUTES, world.parts.meeting.pk, name="paper_file", more=("pdf",)))
    assert whole.status_code == 500 and "<html" in text_of(whole)
    monkeypatch.undo()
    assert reader.get(address(MINUTES, world.parts.meeting.pk, name="paper_pages")).status_code == 200


HOSTILE = ["0", "1-2-3", "9" * 17, "1-1", "00000000000000001-9"]


@pytest.mark.parametrize("subject", HOSTILE)
def test_numbers_of_nothing(world: World, reader: Client, subject: str) -> None:
    for tail in ("", "trang/", "tep.pdf", "tep.docx", "trang-1.png"):
        assert reader.get(f"/van-ban/{MINUTES}/{subject}/{tail}").status_code == 404


@pytest.mark.parametrize("path", ["khong-co/1/", f"{MINUTES}/x/", f"{MINUTES}/1/tep.exe", f"{MINUTES}/1/trang--1.png"])
def test_addresses_of_nothing(world: World, reader: Client, path: str) -> None:
    assert reader.get(f"/van-ban/{path}").status_code == 404


def test_a_stranger_finds_nothing(world: World, client: Client) -> None:
    for role in ("ol", "ad", "ag"):
        client.force_login(world[role])
        for name, more in (("paper", ()), ("paper_pages", ()), ("paper_file", ("pdf",)), ("paper_page", (1,))):
            assert client.get(address(MINUTES, world.parts.minutes.pk, name=name, more=more)).status_code == 404


def test_the_session_ended_while_the_page_was_open(world: World, client: Client) -> None:
    url = address(MINUTES, world.parts.minutes.pk, name="paper_pages")
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 401


def test_preview_says_where_the_name_is_entered(client: Client, home_affairs: User) -> None:
    """A time for which no authority is named."""
    data.city_authority()
    plan = factories.PlanFactory(year=2025)
    draft = city_plans.create(user=home_affairs, source_id=plan.pk, year=2026)
    client.force_login(home_affairs)
    told = "Chưa có tên cơ quan ban hành cho thời gian của văn bản này"
    assert told in text_of(client.get(address("ke-hoach", draft.pk)))
    assert told not in text_of(client.get(address("ke-hoach", plan.pk)))
