"""How tests work on the screens: signing in, and the assessment page by what a person sees on it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from accounts.models import User
from assessments.models import Assessment, Layer, Verdict

NewPage = Callable[..., Page]
SAVED = re.compile(r"^Đã lưu \d\d:\d\d$")


def sign_in_by_cookie(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def sign_in_on_screen(page: Page, user: User, password: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_hidden()


@dataclass
class Sheet:
    """The assessment page in one browser."""

    page: Page
    assessment: Assessment
    layer: str = Layer.SELF.value

    @property
    def path(self) -> str:
        own = f"/ho-so/{self.assessment.pk}/"
        return own if self.layer == Layer.SELF else f"{own}tham-dinh/"

    def open(self) -> "Sheet":
        self.page.goto(self.path)
        return self

    def entry(self, key: str) -> Locator:
        return self.page.locator(f'.entry[data-key="{key}"]')

    def verdict(self, key: str, label: str) -> Locator:
        return self.entry(key).locator(".entry-verdict label", has_text=re.compile(rf"^\S\s*{label}$"))

    def chosen(self, key: str, value: str) -> Locator:
        return self.entry(key).locator(f'input[name=stated][value="{value}"]:checked')

    def note(self, key: str) -> Locator:
        return self.entry(key).locator("textarea[name=note]")

    def figure(self, key: str, name: str) -> Locator:
        return self.entry(key).locator(f'[name="so-lieu-{name}"]')

    def state(self, key: str) -> Locator:
        return self.entry(key).locator(".saved")

    def notice(self, key: str) -> Locator:
        return self.entry(key).locator(".entry-notice")

    @property
    def bar(self) -> Locator:
        return self.page.locator("#save-bar")

    @property
    def result(self) -> Locator:
        return self.page.locator("#sheet-result")

    def expect_saved(self, key: str) -> None:
        expect(self.state(key)).to_have_text(SAVED)

    def stored(self, key: str) -> Verdict | None:
        return Verdict.objects.filter(assessment=self.assessment, entry__key=key, layer=self.layer).first()

    def kept_here(self) -> str:
        """What the browser holds for the time without network, as text."""
        return str(self.page.evaluate("JSON.stringify(localStorage)"))


def is_save(response: Response) -> bool:
    return "/muc/" in response.url
