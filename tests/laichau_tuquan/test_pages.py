"""Pages as a whole: no dead way out of any of them for any role, error pages, headers, Django's admin."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.urls.resolvers import RoutePattern

from assessments.workflow import State
from reports import rendering
from tests import factories, files
from tests.assessments.views.world import ROLES, World, build, main

pytestmark = pytest.mark.django_db

_LINK = re.compile(r"<a\b[^>]*\bhref=\"([^\"#]+)")
_FORM = re.compile(r"<form\b[^>]*>")
_ACTION = re.compile(r"\baction=\"([^\"]*)\"")


@pytest.fixture
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(rendering, "pdf", lambda _: files.pdf())  # printing has tests of its own
    return build(request.param, with_parts=True)


def ways(page: str, here: str) -> Iterator[tuple[str, str]]:
    """Method and address of every link and form of a page."""
    for link in _LINK.findall(page):
        yield "GET", urljoin(here, unescape(link))
    for form in _FORM.findall(main(page)):
        action = _ACTION.search(form)
        yield "POST" if 'method="post"' in form else "GET", urljoin(here, unescape(action[1]) if action else here)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("world", [State.DRAFT, State.APPRAISAL], indirect=True)
def test_no_page_offers_a_way_that_is_closed(client: Client, world: World, role: str) -> None:
    """From the first page along every link; a form is sent empty, and may complain but not be unknown."""
    client.force_login(world[role])
    todo, seen, dead = ["/"], {"/"}, []
    posts: dict[str, tuple[str, str]] = {}  # one form of each kind
    while todo:
        here = todo.pop()
        response: Any = client.get(here, follow=True)
        # A page may say from when there is such a paper.
        if response.status_code != 200 and response.headers.get("X-Paper-Problem") != "early":
            dead.append(f"{here}: {response.status_code}")
        elif "text/html" in response["Content-Type"]:
            for method, url in ways(response.content.decode(), here):
                if method == "POST":
                    posts.setdefault(resolve(urlsplit(url).path).view_name, (url, here))
                elif url not in seen and not urlsplit(url).netloc and not url.startswith("/quan-tri/"):
                    seen.add(url)
                    todo.append(url)
        elif response.streaming:
            assert b"".join(response.streaming_content)  # reading a file to its end closes it
    for url, where in posts.values():
        with transaction.atomic():
            status = client.post(url).status_code
            transaction.set_rollback(True)
        if status not in (200, 302, 409, 422):
            dead.append(f"form {url} on {where}: {status}")
    assert not dead, "\n".join(dead)
    assert len(seen) > 5


def test_errors_speak_vietnamese(client: Client) -> None:
    client.force_login(factories.CityLeaderFactory())
    response = client.get("/khong-co/")
    assert response.status_code == 404 and "Không tìm thấy trang" in response.content.decode()
    assert Client().get("/khong-co/").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("accounts:sign_in"), {"username": "a"})
    page = response.content.decode()
    assert response.status_code == 403 and "Trang đã hết hạn" in page
    assert "trang đánh giá" not in page, "it may be any page"


def test_headers(client: Client) -> None:
    client.force_login(factories.CityLeaderFactory())
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY" and response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    cookie = client.cookies["tuquan_session"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_health_needs_nobody(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        response = client.get("/suc-khoe/")
    assert (response.status_code, response.content) == (200, b"ok")


def admin_addresses() -> Iterator[str]:
    """Every address of Django's admin, numbers and names filled in."""
    prefix = "/" + next(str(p.pattern) for p in get_resolver().url_patterns if getattr(p, "namespace", "") == "admin")

    def walk(patterns: Any, so_far: str) -> Iterator[str]:
        for p in patterns:
            part = str(p.pattern) if isinstance(p.pattern, RoutePattern) else ""
            if hasattr(p, "url_patterns"):
                yield from walk(p.url_patterns, so_far + part)
            elif p.name not in ("login", "logout"):
                yield re.sub(r"<[^>]+>", "1", so_far + part)

    yield from walk(admin.site.get_urls(), prefix)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "ad"])
@pytest.mark.parametrize("world", [State.DRAFT], indirect=True)
def test_every_address_of_the_admin_is_the_administrators(client: Client, world: World, role: str) -> None:
    client.force_login(world[role])
    addresses = set(admin_addresses())
    assert len(addresses) > 20
    for url in addresses:
        for response in (client.get(url), client.post(url, {})):
            led = getattr(response, "url", "")
            assert led.startswith("/quan-tri/") or response.status_code in (403, 404), f"{url}: {response.status_code}"
