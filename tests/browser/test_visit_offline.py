"""A member on site without network: the page opens again, nothing typed is lost, and nobody is overwritten."""

import contextlib
import io
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from accounts.models import User
from assessments import delegations
from assessments.models import Assessment, Delegation, Evidence, Layer, Verdict, Visit
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import People, save, walk
from tests.browser.screens import sign_in_by_cookie, sign_in_on_screen

READY = "Đã sẵn sàng dùng khi không có mạng"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@dataclass
class Mast:
    """The network between phone and server: a local port that passes everything on, or nothing.

    Cut below the browser, so that what the service worker asks for fails as surely as what the page does.
    """

    target: tuple[str, int]
    up: bool = True
    server: socket.socket = field(default_factory=socket.socket)
    carried: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.server.bind(("127.0.0.1", 0))
        self.server.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            if not self.up:
                near.close()
                continue
            far = socket.create_connection(self.target)
            self.carried += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()

    def down(self) -> None:
        self.up = False
        for end in self.carried:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.carried.clear()

    def close(self) -> None:
        self.down()
        self.server.close()


def _carry(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
    except OSError:
        pass
    finally:
        for end in (source, target):
            # Closing alone does not wake the other direction's thread, and the server would wait on.
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def mast(live_server: LiveServer) -> Iterator[Mast]:
    made = Mast((live_server.thread.host, live_server.thread.port))
    yield made
    made.close()


@pytest.fixture
def member(db: None) -> User:
    return factories.DelegationMemberFactory(username="thanh-vien-doan")


@pytest.fixture
def visit(people: People, assessment: Assessment, member: User) -> Visit:
    walk(people, assessment, State.APPRAISAL)
    founded = delegations.save_delegation(
        user=people.home_affairs,
        plan_id=assessment.plan.pk,
        delegation=Delegation(name="Đoàn số 1", decision_number="1/QĐ", decided_on=date(2025, 1, 2), decided_by="UBND"),
        members=[
            delegations.Member("Trưởng đoàn", "Phòng Nội vụ", "head", people.home_affairs.pk),
            delegations.Member("Thành viên", "Văn phòng", "member", member.pk),
        ],
    )
    [made] = delegations.choose_units(
        user=people.home_affairs, delegation_id=founded.pk, assessment_ids=[assessment.pk], version=founded.version
    )
    return made


@dataclass
class Phone:
    """A member's phone: one browser, whose tab is closed and opened again."""

    context: BrowserContext
    mast: Mast
    visit: Visit
    page: Page

    def open(self, *, ready: bool = True) -> "Phone":
        self.page.goto(f"{self.mast.url}{reverse('assessments:visit', args=[self.visit.pk])}")
        if ready:
            expect(self.page.locator("[data-ready]")).to_contain_text(READY, timeout=30_000)
        return self

    def again(self, *, ready: bool) -> "Phone":
        self.page.close()
        self.page = self.context.new_page()
        return self.open(ready=ready)

    def entry(self, key: str) -> Locator:
        return self.page.locator(f'.entry[data-key="{key}"]')

    def say(self, key: str, label: str, note: str = "") -> None:
        self.entry(key).locator(".entry-verdict label", has_text=re.compile(rf"^\S\s*{label}$")).click()
        if note:
            self.entry(key).locator("textarea").fill(note)
            self.entry(key).locator("textarea").blur()

    def chosen(self, key: str, value: str) -> Locator:
        return self.entry(key).locator(f'input[value="{value}"]:checked')

    def expect_saved(self, key: str) -> None:
        expect(self.entry(key).locator(".saved")).to_have_text(re.compile(r"^Đã lưu \d\d:\d\d$"), timeout=60_000)

    def until(self, condition: str) -> None:
        """Wait for a script to come true; the page's policy forbids Playwright's own way."""
        for _ in range(100):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(condition)

    def wake(self) -> None:
        """The phone notices that the network is back."""
        self.mast.up = True
        self.page.evaluate("window.dispatchEvent(new Event('online'))")


@pytest.fixture
def phone(mast: Mast, member: User, visit: Visit, new_context: CreateContextCallback) -> Phone:
    context = new_context(**PHONE)
    sign_in_by_cookie(context, member, mast.url)
    return Phone(context, mast, visit, context.new_page())


def stored(assessment: Assessment, key: str) -> Verdict | None:
    return Verdict.objects.filter(assessment=assessment, entry__key=key, layer=Layer.DELEGATION).first()


def photograph(size: tuple[int, int] = (3000, 2000)) -> bytes:
    """A large picture that the phone took sideways: Orientation 6, shown upright it is as high as it was wide."""
    buffer = io.BytesIO()
    picture = Image.effect_noise(size, 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(buffer, "JPEG", quality=95, exif=exif)
    return buffer.getvalue()


def take(phone: Phone, key: str, content: bytes, name: str = "IMG_0001.jpg") -> None:
    phone.entry(key).locator("[data-photo]").last.set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": content}]
    )


def test_a_day_without_network(phone: Phone, people: People, assessment: Assessment, member: User) -> None:
    phone.open()
    phone.say("tc-1.1", "Đạt")
    phone.expect_saved("tc-1.1")
    phone.mast.down()
    phone.say("tc-1.2", "Đạt")
    phone.say("tc-1.3", "Không đạt", "Thực tế còn hộ chưa chấp hành")
    raw = photograph()
    take(phone, "tc-1.3", raw)
    expect(phone.entry("tc-1.3").locator(".photo-size")).to_contain_text("→")
    expect(phone.entry("tc-1.3").locator(".photo-state")).to_have_text("chưa có mạng, đã giữ trên máy này")
    take(phone, "tc-1.3", raw)
    expect(phone.entry("tc-1.3").locator(".photo-problem")).to_contain_text("đã có ở mục này")
    phone.again(ready=False)
    expect(phone.page.locator("[data-ready]")).to_contain_text("Bản giữ trên máy lúc")
    for key, value in (("tc-1.1", "met"), ("tc-1.2", "met"), ("tc-1.3", "not_met")):
        expect(phone.chosen(key, value)).to_have_count(1)
    expect(phone.entry("tc-1.3").locator("textarea")).to_have_value("Thực tế còn hộ chưa chấp hành")
    expect(phone.entry("tc-1.3").locator(".photo-list img")).to_have_count(1)
    # Meanwhile another member of the delegation judges the same criterion.
    save(
        people.home_affairs,
        assessment,
        "tc-1.2",
        NewAnswer("not_met", "Ý kiến của trưởng đoàn"),
        layer=Layer.DELEGATION,
    )
    phone.wake()
    phone.expect_saved("tc-1.3")
    expect(phone.entry("tc-1.2").locator(".entry-notice")).to_contain_text("Người khác vừa sửa mục này")
    expect(phone.entry("tc-1.3").locator(".photo-list li")).to_have_count(0, timeout=30_000)
    theirs = stored(assessment, "tc-1.2")
    assert theirs is not None and (theirs.value, theirs.updated_by) == ("not_met", people.home_affairs)
    mine = stored(assessment, "tc-1.3")
    assert mine is not None and (mine.value, mine.updated_by, mine.version) == ("not_met", member, 1)
    [photo] = Evidence.objects.filter(assessment=assessment, layer=Layer.DELEGATION)
    with photo.file.open() as file, Image.open(file) as picture:
        assert picture.size == (1067, 1600)
    assert photo.size < len(raw) / 2
    assert re.fullmatch(r"Tổ 5 mục 1\.3 \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.jpg", photo.original_name)


def test_saved_just_before_the_network_went_is_shown_and_can_be_changed(phone: Phone, assessment: Assessment) -> None:
    phone.open()
    # The page kept on the device is from before this answer.
    phone.say("tc-1.1", "Đạt")
    phone.expect_saved("tc-1.1")
    noted = "Object.keys(localStorage).some((key) => key.startsWith('tuquan:acknowledged'))"
    phone.until(noted)
    phone.mast.down()
    phone.again(ready=False)
    expect(phone.chosen("tc-1.1", "met")).to_have_count(1)
    phone.say("tc-1.1", "Không đạt", "Xem lại thực tế")
    phone.wake()
    phone.expect_saved("tc-1.1")
    expect(phone.entry("tc-1.1").locator(".entry-notice")).to_be_empty()
    now = stored(assessment, "tc-1.1")
    assert now is not None and (now.value, now.version) == ("not_met", 2)


def test_signing_in_again_after_the_day_sends_what_waits(phone: Phone, member: User, assessment: Assessment) -> None:
    """Session and token of the kept page are both gone: the page says so, and leads on."""
    phone.open()
    phone.mast.down()
    phone.say("tc-1.1", "Đạt")
    phone.again(ready=False)
    phone.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    phone.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    phone.wake()
    expect(phone.page.locator("[data-ready]")).to_contain_text("Phiên làm việc đã hết")
    assert stored(assessment, "tc-1.1") is None
    phone.page.get_by_role("link", name="Đăng nhập lại để gửi").click()
    sign_in_on_screen(phone.page, member, factories.PASSWORD)
    phone.expect_saved("tc-1.1")
    now = stored(assessment, "tc-1.1")
    assert now is not None and now.value == "met"


def test_a_stale_token_is_renewed_without_a_person(phone: Phone, assessment: Assessment) -> None:
    phone.open()
    phone.mast.down()
    phone.say("tc-1.1", "Đạt")
    phone.again(ready=False)
    phone.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    phone.wake()
    phone.expect_saved("tc-1.1")
    now = stored(assessment, "tc-1.1")
    assert now is not None and now.value == "met"


KEPT = "caches.open('tuquan-visit-pages').then((kept) => kept.keys()).then((keys) => keys.length)"


def test_signing_out_takes_the_kept_pages_and_leaves_what_waits(phone: Phone) -> None:
    phone.open()
    assert phone.page.evaluate(KEPT) == 3
    phone.page.evaluate("localStorage.setItem('tuquan:1:1:delegation', '{}')")
    phone.page.locator(".user-menu summary").click()
    phone.page.get_by_role("button", name="Đăng xuất").click()
    expect(phone.page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert phone.page.evaluate(KEPT) == 0
    assert phone.page.evaluate("localStorage.getItem('tuquan:1:1:delegation')") == "{}"
    phone.mast.down()
    phone.page.close()
    page = phone.context.new_page()
    page.goto(f"{phone.mast.url}{reverse('assessments:visit', args=[phone.visit.pk])}")
    expect(page.get_by_role("heading", name="Chưa có mạng")).to_be_visible()
    assert page.locator("[id^='tc-']").count() == 0  # the worker's own sentence, nothing of the visit


def test_another_person_finds_nothing_of_the_first(phone: Phone, people: People) -> None:
    phone.open()
    phone.mast.down()
    phone.say("tc-1.1", "Đạt")
    phone.mast.up = True
    sign_in_by_cookie(phone.context, people.officer, phone.mast.url)
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(phone.mast.url)
    phone.until(f"{KEPT}.then((count) => count === 0)")
    waiting = "Object.keys(localStorage).filter((key) => key.endsWith(':delegation')).length"
    assert phone.page.evaluate(waiting) == 1


def test_minutes_typed_without_network_wait_for_it(phone: Phone, visit: Visit) -> None:
    phone.open()
    phone.mast.down()
    phone.page.get_by_role("link", name="Biên bản", exact=True).click()
    phone.page.get_by_label("Nội dung làm việc, nhận xét").fill("Đã đi thực địa các tuyến đường")
    phone.page.get_by_role("button", name="Lưu biên bản").click()
    expect(phone.page.locator("[data-minutes-notice]")).to_contain_text("Chưa có mạng; nội dung đã giữ trên máy này")
    path = phone.page.url
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.goto(path)
    expect(phone.page.get_by_label("Nội dung làm việc, nhận xét")).to_have_value("Đã đi thực địa các tuyến đường")
    phone.mast.up = True
    phone.page.get_by_role("button", name="Lưu biên bản").click()
    expect(phone.page.get_by_text("Đã lưu biên bản.")).to_be_visible()
    visit.refresh_from_db()
    assert visit.findings == "Đã đi thực địa các tuyến đường"
    expect(phone.page.locator("[data-minutes-notice]")).to_be_hidden()


def test_filters_and_the_reason(phone: Phone, people: People, assessment: Assessment) -> None:
    save(people.home_affairs, assessment, "tc-2.1", NewAnswer("not_met", "Chưa có mô hình"), layer=Layer.AGENCY)
    phone.open()
    shown: Callable[[], int] = lambda: phone.page.locator(".sheet-middle .entry:visible").count()  # noqa: E731
    phone.page.get_by_role("button", name="Khác nhau (1)").click()
    assert shown() == 1
    expect(phone.entry("tc-2.1")).to_be_visible()
    phone.page.get_by_role("button", name=re.compile("Chưa xem")).click()
    assert shown() == 83
    phone.mast.down()
    phone.say("tc-2.1", "Không đạt")
    expect(phone.entry("tc-2.1").locator(".needs-reason")).to_be_visible()
    phone.entry("tc-2.1").locator("textarea").fill("Đúng như cơ quan nêu")
    expect(phone.entry("tc-2.1").locator(".needs-reason")).to_have_count(0)
    phone.page.get_by_role("button", name="Chưa xem (82)").click()
    assert shown() == 82
