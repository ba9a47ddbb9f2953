"""Browser tests: the system's Chromium against a live server that serves the real, hashed static files."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from accounts.models import User
from assessments.models import Assessment
from scripts.chromium import find
from tests.browser.city import city  # noqa: F401  a fixture
from tests.browser.screens import NewPage, Sheet, sign_in_by_cookie

HERE = Path(__file__).parent
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # Chromium's sandbox does not start as root, nor in most containers
    "--disable-gpu",
    # Nothing of its own on the network: the tests must be the same without one.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is a browser test, without having to say so."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def collected_static_files() -> None:
    """Pages name hashed files, so the live server needs what collectstatic makes of them."""
    # Playwright's event loop runs in the test's thread, where Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    call_command("collectstatic", interactive=False, verbosity=0)
    expect.set_options(timeout=10_000)  # a loaded machine is slow, not wrong


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find()
    if chromium is None:
        pytest.fail("Thiếu Chromium. Cài bằng lệnh: sudo apt-get install chromium, hoặc đặt CHROMIUM=/đường/dẫn")
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Lets tests say page.goto("/...")."""
    return str(live_server.url)


@pytest.fixture(autouse=True)
def real_transactions(fresh_tables: None) -> None:
    """Every test here has them."""


@pytest.fixture
def new_page(live_server: LiveServer, new_context: CreateContextCallback) -> NewPage:
    """Opens a page in a browser of its own, signed in as this person without the screens."""

    def new_page(user: User | None = None, **context_options: Any) -> Page:
        context = new_context(**context_options)
        if user is not None:
            sign_in_by_cookie(context, user, live_server.url)
        return context.new_page()

    return new_page


@pytest.fixture
def sheet(assessment: Assessment, officer: User, new_page: NewPage) -> Sheet:
    """The ward officer before the open assessment page."""
    return Sheet(new_page(officer), assessment).open()
