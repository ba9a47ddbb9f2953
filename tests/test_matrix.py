"""Every address of the application x every role x GET and POST, in a draft and in an appraisal.

The tables in tests/matrix/*.txt are written by hand from section 6 of the domain's rules. A new address fails the
first test until it stands there. Anonymous people are sent to the sign-in page from everywhere but PUBLIC.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assessments.workflow import State
from reports import rendering
from tests import files
from tests.assessments.views.world import ROLES, World, build, fingerprint, has_error, has_form
from tests.matrix.requests import address_of, body

pytestmark = pytest.mark.django_db

WORLDS = {"draft": State.DRAFT, "appraisal": State.APPRAISAL}
PUBLIC = ("accounts:sign_in", "health", "icon", "assessments:visit_worker", "reports:certificate_ask")
PUBLIC += ("reports:certificate_check",)
# Opening one's own notice marks it as read on the way to its page.
MARKING = ("assessments:notice",)

# R  a page (or file) without anything to send        D  done: something was written
# P  a page with a form                               N  nothing was left to do, and the page says so
# X  refused with a sentence, nothing written         H  led to another page, nothing written
# -  not found                                        M  wrong method
# One letter stands for everybody.
# The store of made documents fills when they are read.
_WRITE = re.compile(
    r"(INSERT INTO|UPDATE|DELETE FROM) \"(?!django_session|reports_storedfile|reports_issuedpaper)", re.IGNORECASE
)
Rows = dict[tuple[str, str, str], dict[str, str]]


def read_table() -> Rows:
    """Outcome by role for each (address, method, world)."""
    rows: Rows = {}
    for path in sorted((Path(__file__).parent / "matrix").glob("*.txt")):
        header, *lines = path.read_text(encoding="utf-8").strip().splitlines()
        assert tuple(header.split()[3:]) == ROLES
        for line in filter(None, lines):
            address, method, world, *letters = line.split()
            letters = letters * len(ROLES) if len(letters) == 1 else letters
            for name in WORLDS if world == "both" else (world,):
                assert (address, method, name) not in rows, line
                rows[address, method, name] = dict(zip(ROLES, letters, strict=True))
    return rows


ROWS = read_table()


def names(patterns: Any, namespace: str = "") -> Iterator[str]:
    """Every named address of the URLconf outside Django's admin, which has a test of its own below."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from names(pattern.url_patterns, namespace + inner)
        else:
            assert isinstance(pattern, URLPattern) and pattern.name, f"{pattern} has no name"
            yield namespace + pattern.name


def test_every_address_has_its_row() -> None:
    known = {address.partition("?")[0] for address, _, _ in ROWS}
    assert set(names(get_resolver().url_patterns)) == known
    missing = [
        (name, method, world)
        for name in known
        for method in ("GET", "POST")
        for world in WORLDS
        # Addresses of papers stand there once for each kind of paper.
        if not any(a.partition("?")[0] == name and (m, w) == (method, world) for a, m, w in ROWS)
    ]
    assert not missing


class Writes:
    """Notes, as a wrapper of the connection, whether a statement tried to write to a table of ours."""

    def __init__(self) -> None:
        self.tried = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.tried = self.tried or bool(_WRITE.match(sql))
        return execute(sql, params, many, context)


def outcome(client: Client, method: str, url: str, data: dict[str, Any], *, may_write: bool = False) -> str:
    """The letter for what happens; whatever was written is rolled back."""
    writes = Writes()
    with transaction.atomic():
        before = fingerprint() if may_write or method == "POST" else []
        with connection.execute_wrapper(writes):
            response = client.post(url, data) if method == "POST" else client.get(url)
        if method == "GET" and not may_write:
            assert not writes.tried, f"{url} writes when it is read"
        letter = "D" if writes.tried and fingerprint() != before else unwritten(response)
        transaction.set_rollback(True)
    return letter


def unwritten(response: Any) -> str:
    status = response.status_code
    if status in (404, 405):
        return {404: "-", 405: "M"}[status]
    if status in (301, 302):
        return led(response)
    page = text(response)
    if status in (409, 422) or (status == 200 and has_error(page)):
        return "X with a form" if response.request["REQUEST_METHOD"] == "GET" and has_form(page) else "X"
    if status == 200:
        return "P" if has_form(page) else "R"
    return str(status)


def led(response: Any) -> str:
    """What a redirect is for: the sign-in page, or a page that will say what happened."""
    if response.url.startswith(reverse("accounts:sign_in") + "?next="):
        return "sign in"
    told = {message.level_tag for message in get_messages(response.wsgi_request)}
    return "X" if "error" in told else "N" if told else "H"


def text(response: HttpResponseBase | Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


@pytest.fixture
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> World:
    # Who may have the paper matters here, not the paper: printing takes a second each time.
    monkeypatch.setattr(rendering, "pdf", lambda _: files.pdf())
    return build(WORLDS[request.param], with_parts=True)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("world", WORLDS, indirect=True)
def test_matrix(client: Client, world: World, role: str, request: pytest.FixtureRequest) -> None:
    name = next(n for n, state in WORLDS.items() if state == world.assessment.state)
    client.force_login(world[role])
    client.get(reverse("health"))  # writes down when the person was last seen
    signed_in = client.cookies[settings.SESSION_COOKIE_NAME].value
    wrong = []
    for (address, method, where), wanted in ROWS.items():
        if where == name:
            client.cookies.clear()  # whatever the last request left behind
            client.cookies[settings.SESSION_COOKIE_NAME] = signed_in
            may_write = method == "POST" or address in MARKING
            got = outcome(client, method, address_of(world, address), body(world, address), may_write=may_write)
            if got != wanted[role]:
                wrong.append(f"{address} {method}: {got}, wanted {wanted[role]}")
    assert not wrong, f"{role} in {name}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("world", WORLDS, indirect=True)
def test_anonymous(client: Client, world: World) -> None:
    wrong = []
    for address, method, _ in ROWS:
        if address not in PUBLIC:
            got = outcome(client, method, address_of(world, address), body(world, address))
            if got != "sign in":
                wrong.append(f"{address} {method}: {got}")
    assert not wrong, "\n".join(wrong)
    assert outcome(client, "GET", reverse("accounts:sign_in"), {}) == "P"
    assert outcome(client, "GET", reverse("health"), {}) == "R"
    assert outcome(client, "GET", reverse("assessments:visit_worker"), {}) == "R"
    assert outcome(client, "GET", reverse("reports:certificate_ask"), {}) == "R"
