"""Every page in light and dark: readable for everybody (axe-core), no error, nothing from elsewhere."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessments.models import Assessment
from tests import factories
from tests.assessments.roads import save
from tests.browser.city import City
from tests.browser.screens import NewPage, Sheet

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FULL = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}
# In the other colours only the colours can differ.
COLOURS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
REPORT_CSP = (
    "addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI}`))"
)


class Watch:
    """What goes wrong while a page is used."""

    def __init__(self, page: Page, host: str) -> None:
        self.page, self.host, self.axe = page, host, Axe()
        self.faults: list[str] = []
        page.add_init_script(REPORT_CSP)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        expected = "the server responded with a status of" in message.text  # pages that say 404, 409 or 422
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.host:
            self.faults.append(f"{self.page.url} asks {request.url}")

    def look(self, name: str = "") -> None:
        """Both colour schemes of what the page shows now."""
        for scheme, options in (("light", FULL), ("dark", COLOURS)):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            expect(self.page.locator("html")).to_have_attribute("data-bs-theme", scheme)
            for found in self.axe.run(self.page, options=options).response["violations"]:
                if found["impact"] in ("serious", "critical"):
                    places = [f"{' '.join(node['target'])}: {node['failureSummary']}" for node in found["nodes"][:3]]
                    self.faults.append(f"{name or self.page.url} {scheme} {found['id']} {places}")


Watcher = Callable[..., Watch]


@pytest.fixture
def watched(new_page: NewPage, live_server: LiveServer) -> Iterator[Watcher]:
    """Opens watched pages, and fails the test for whatever went wrong on them."""
    watches: list[Watch] = []

    def watched(user: User | None = None) -> Watch:
        watches.append(Watch(new_page(user), urlsplit(live_server.url).netloc))
        return watches[-1]

    yield watched
    faults = [fault for watch in watches for fault in watch.faults]
    assert not faults, "\n".join(faults)


def test_every_page(city: City, watched: Watcher) -> None:
    people = city.people
    seen: set[str] = set()
    for user in (people.officer, people.home_affairs, people.city_leader, people.leader, city.finance):
        watch = watched(user)
        for path in city.pages(user):
            watch.page.goto(path)
            # The same page for another role shows the same parts; the first page is made for each.
            if path == "/" or path not in seen:
                watch.look(f"{user.role} {path}")
            seen.add(path)
        watch.page.close()


def test_signing_in_and_accounts(watched: Watcher, db: None) -> None:
    watch = watched()
    watch.page.goto("/")
    watch.page.get_by_role("button", name="Đăng nhập").click()
    watch.look("mistake while signing in")
    administrator = watched(factories.AdministratorFactory(is_superuser=True))
    for path in ("/", "/quan-tri/", "/quan-tri/accounts/user/add/", "/quan-tri/localities/ward/"):
        administrator.page.goto(path)  # Django's own pages: no errors, nothing from elsewhere


def test_everything_that_opens_on_the_assessment_page(watched: Watcher, assessment: Assessment, officer: User) -> None:
    watch = watched(officer)
    sheet = Sheet(watch.page, assessment).open()
    save(factories.WardOfficerFactory(ward=officer.ward), assessment, "tc-1.2", "met")
    sheet.verdict("tc-1.2", "Không đạt").click()
    expect(sheet.notice("tc-1.2")).to_contain_text("Giữ của họ")
    sheet.verdict("nd-2.2.1", "Không áp dụng").click()
    expect(sheet.notice("nd-2.2.1")).to_contain_text("cần ghi lý do")
    sheet.verdict("tc-1.1", "Đạt").click()
    sheet.verdict("th-1", "Có xảy ra").click()
    sheet.expect_saved("th-1")
    sheet.entry("tc-1.1").focus()
    watch.page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    watch.look("notices and evidence")
    watch.page.keyboard.press("?")
    expect(watch.page.locator("#keys")).to_be_visible()
    watch.look("list of keys")
