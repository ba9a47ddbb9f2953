"""Every address of the application x every role x GET and POST, in a draft and in an appraisal.

The table below is written by hand from section 6 of the domain's rules. A new address fails the first test
until it stands here. Anonymous people are sent to the sign-in page from everywhere but PUBLIC.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.workflow import State
from reports import rendering
from tests.assessments.views.world import ROLES, World, build, fingerprint, has_error, has_form
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

WORLDS = {"draft": State.DRAFT, "appraisal": State.APPRAISAL}
PUBLIC = ("accounts:sign_in", "health", "icon")

# R  a page (or file) without anything to send        D  done: something was written
# P  a page with a form                               N  nothing was left to do, and the page says so
# X  refused with a sentence, nothing written         H  led to another page, nothing written
# -  not found                                        M  wrong method
# One letter stands for everybody.
TABLE = """
address                        method world      of lf hd  oo ol oh  ag dm ha cl fp ad
health                         GET    both       R
health                         POST   both       M
icon                           GET    both       H
icon                           POST   both       M
assessments:home               GET    both       R
assessments:home               POST   both       M
assessments:plan_list          GET    both       R
assessments:plan_list          POST   both       M
assessments:plan               GET    both       R
assessments:plan               POST   both       M
assessments:register           GET    both       P  -  -   P  -  -   -  -  -  -  -  -
assessments:register           POST   both       D  -  -   -  -  -   -  -  -  -  -  -
assessments:list               GET    both       R
assessments:list               POST   both       M
assessments:decision_list      GET    both       R  R  R   R  R  R   R  R  R  R  R  -
assessments:decision_list      POST   both       M
assessments:decision_new       GET    both       -  -  -   -  -  -   -  -  P  -  -  -
assessments:decision_new       POST   both       -  -  -   -  -  -   -  -  D  -  -  -
assessments:decision           GET    draft      -  -  -   -  -  -   -  -  P  P  -  -
assessments:decision           GET    appraisal  R  R  R   R  R  R   R  R  R  R  R  -
assessments:decision           POST   both       M
assessments:decision_edit      GET    draft      -  -  -   -  -  -   -  -  P  -  -  -
assessments:decision_edit      GET    appraisal  -
assessments:decision_edit      POST   draft      -  -  -   -  -  -   -  -  D  -  -  -
assessments:decision_edit      POST   appraisal  -
assessments:decision_confirm   GET    both       M
assessments:decision_confirm   POST   draft      -  -  -   -  -  -   -  -  -  D  -  -
assessments:decision_confirm   POST   appraisal  -  -  -   -  -  -   -  -  -  N  -  -
assessments:decision_drop      GET    both       M
assessments:decision_drop      POST   draft      -  -  -   -  -  -   -  -  D  -  -  -
assessments:decision_drop      POST   appraisal  -  -  -   -  -  -   -  -  X  -  -  -
assessments:detail             GET    draft      P  R  P   -  -  -   -  -  R  R  -  -
assessments:detail             GET    appraisal  R  R  R   -  -  -   R  -  R  R  -  -
assessments:detail             POST   both       M
assessments:appraise           GET    draft      R  R  R   -  -  -   -  -  R  R  -  -
assessments:appraise           GET    appraisal  R  R  R   -  -  -   R  -  P  R  -  -
assessments:appraise           POST   both       M
assessments:confirm_self       GET    both       M
assessments:confirm_self       POST   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:confirm_self       POST   appraisal  X  X  X   -  -  -   X  -  N  X  -  -
assessments:save               GET    both       M
assessments:save               POST   draft      D  X  D   -  -  -   -  -  X  X  -  -
assessments:save               POST   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:save?agency        POST   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:save?agency        POST   appraisal  X  X  X   -  -  -   X  -  D  X  -  -
assessments:mark_standard      GET    both       M
assessments:mark_standard      POST   draft      D  X  D   -  -  -   -  -  X  X  -  -
assessments:mark_standard      POST   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:fill_last_year     GET    both       M
assessments:fill_last_year     POST   draft      N  X  N   -  -  -   -  -  X  X  -  -
assessments:fill_last_year     POST   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:undo               GET    both       M
assessments:undo               POST   draft      D  X  X   -  -  -   -  -  X  X  -  -
assessments:undo               POST   appraisal  X  X  X   -  -  -   X  -  D  X  -  -
assessments:move               GET    both       -
assessments:move               POST   both       -
assessments:move?gui-hoi-dong       GET   draft      P  X  X   -  -  -   -  -  X  X  -  -
assessments:move?gui-hoi-dong       GET   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?gui-hoi-dong       POST  draft      D  X  X   -  -  -   -  -  X  X  -  -
assessments:move?gui-hoi-dong       POST  appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?gui-thanh-pho      GET   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?gui-thanh-pho      GET   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?gui-thanh-pho      POST  draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?gui-thanh-pho      POST  appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?tra-lai-can-bo     GET   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?tra-lai-can-bo     GET   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?tra-lai-can-bo     POST  draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?tra-lai-can-bo     POST  appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?rut                GET   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?rut                GET   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?rut                POST  draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?rut                POST  appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?tiep-nhan          GET   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?tiep-nhan          GET   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?tiep-nhan          POST  draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?tiep-nhan          POST  appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?tra-lai-xa-phuong  GET   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?tra-lai-xa-phuong  GET   appraisal  X  X  X   -  -  -   X  -  P  X  -  -
assessments:move?tra-lai-xa-phuong  POST  draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?tra-lai-xa-phuong  POST  appraisal  X  X  X   -  -  -   X  -  D  X  -  -
assessments:move?ket-luan           GET   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?ket-luan           GET   appraisal  X  X  X   -  -  -   X  -  P  X  -  -
assessments:move?ket-luan           POST  draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?ket-luan           POST  appraisal  X  X  X   -  -  -   X  -  D  X  -  -
assessments:move?trinh              GET   draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?trinh              GET   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:move?trinh              POST  draft      X  X  X   -  -  -   -  -  X  X  -  -
assessments:move?trinh              POST  appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:evidence_upload    GET    both       M
assessments:evidence_upload    POST   draft      D  X  D   -  -  -   -  -  X  X  -  -
assessments:evidence_upload    POST   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:evidence_remove    GET    both       M
assessments:evidence_remove    POST   draft      D  X  D   -  -  -   -  -  X  X  -  -
assessments:evidence_remove    POST   appraisal  X  X  X   -  -  -   X  -  X  X  -  -
assessments:evidence_download  GET    draft      R  R  R   -  -  -   -  -  R  R  -  -
assessments:evidence_download  GET    appraisal  R  R  R   -  -  -   R  -  R  R  -  -
assessments:evidence_download  POST   both       M
assessments:unit               GET    both       R  R  R   -  -  -   R  -  R  R  -  -
assessments:unit               POST   both       M
assessments:unit_year          GET    both       P  -  P   -  -  -   -  -  -  -  -  -
assessments:unit_year          POST   draft      D  -  D   -  -  -   -  -  -  -  -  -
assessments:unit_year          POST   appraisal  X  -  X   -  -  -   -  -  -  -  -  -
reports:dossier                GET    draft      R  R  R   -  -  -   -  -  R  R  -  -
reports:dossier                GET    appraisal  R  R  R   -  -  -   R  -  R  R  -  -
reports:dossier                POST   both       M
reports:consolidated           GET    both       R  R  -   R  R  -   -  -  R  R  -  -
reports:consolidated           POST   both       M
reports:consolidated?xa        GET    both       R  R  -   -  -  -   R  -  R  R  -  -
criteria:index                 GET    both       R
criteria:index                 POST   both       M
criteria:detail                GET    both       R
criteria:detail                POST   both       M
accounts:sign_in               GET    both       H
accounts:sign_in               POST   both       H
accounts:sign_out              GET    both       M
accounts:sign_out              POST   both       N
accounts:password_change       GET    both       P
accounts:password_change       POST   both       D
"""

_WRITE = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) \"(?!django_session)", re.IGNORECASE)
Rows = dict[tuple[str, str, str], dict[str, str]]


def read_table() -> Rows:
    """Outcome by role for each (address, method, world)."""
    rows: Rows = {}
    header, *lines = TABLE.strip().splitlines()
    assert tuple(header.split()[3:]) == ROLES
    for line in lines:
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
        if (name, method, world) not in ROWS
    ]
    assert not missing


def address_of(world: World, address: str) -> str:
    name, _, variant = address.partition("?")
    a, key = world.assessment.pk, "tc-1.2"
    arguments: dict[str, list[Any]] = {
        "assessments:undo": [a, world.event.pk],
        "assessments:save": [a, key],
        "assessments:mark_standard": [a, 2],
        "assessments:move": [a, variant or "khong-co"],
        "assessments:evidence_upload": [a, key],
        "assessments:evidence_remove": [a, world.evidence.pk],
        "assessments:evidence_download": [a, world.evidence.pk],
        "assessments:unit": [world.unit.pk],
        "assessments:unit_year": [world.unit.pk, world.plan.year],
        "criteria:detail": [world.plan.criteria_set_id],
    }
    of_year = ("plan", "register", "list", "decision_list", "decision_new", "consolidated")
    of_decision = ("decision", "decision_edit", "decision_confirm", "decision_drop")
    arguments |= {f"assessments:{n}": [world.plan.year] for n in of_year} | {"reports:consolidated": [world.plan.year]}
    arguments |= {f"assessments:{n}": [world.decision.pk] for n in of_decision}
    arguments |= {f"assessments:{n}": [a] for n in ("detail", "appraise", "confirm_self", "fill_last_year")}
    arguments |= {"reports:dossier": [a]}
    query = f"?xa={world.ward.pk}" if variant == "xa" else ""
    return reverse(name, args=arguments.get(name, [])) + query


def body(world: World, address: str) -> dict[str, Any]:
    """What a person who may would send, and have done."""
    today = timezone.localdate()
    verdict = {"stated": "not_met", "note": "Ghi chú mới", "version": "1", "layer": "self"}
    if world.assessment.state == State.DRAFT:  # the bulk change has raised the version
        verdict["version"] = "2"
    paper = {"number": "34/QĐ-UBND", "issued_on": today, "title": "Công nhận", "signer_title": "CHỦ TỊCH"}
    minutes = {"held_on": today, "place": "UBND", "members": "A", "members_total": 9, "present": 9, "votes_for": 9}
    passwords = {"new_password1": "mat-khau-moi-hoan-toan", "new_password2": "mat-khau-moi-hoan-toan"}
    decision = world.decision
    bodies: dict[str, dict[str, Any]] = {
        "assessments:save": verdict,
        "assessments:save?agency": verdict | {"layer": "agency", "version": "1"},
        "assessments:register": {"unit": world.free_unit.pk, f"aim-{world.free_unit.pk}": "new", "do": "register"},
        "assessments:decision_new": paper | {"assessment": world.waiting.pk},
        "assessments:decision_edit": paper | {"assessment": world.waiting.pk, "version": decision.version},
        "assessments:decision_confirm": {"version": decision.version},
        "assessments:move?gui-thanh-pho": minutes,
        "assessments:move?tra-lai-can-bo": {"reason": "Thiếu số liệu"},
        "assessments:move?tra-lai-xa-phuong": {"reason": "Thiếu", "new_due": today + timedelta(days=9)},
        "assessments:evidence_upload": {"layer": "self", "reference": "Biên bản số 9"},
        "assessments:unit_year": {"version": 0, "households": 130, "persons": 500},
        "accounts:sign_in": {"username": world["of"].username, "password": PASSWORD},
        "accounts:password_change": passwords | {"old_password": PASSWORD},
    }
    known = {"version": world.assessment.version} if address.startswith("assessments:move") else {}
    return known | bodies.get(address, {})


class Writes:
    """Notes, as a wrapper of the connection, whether a statement tried to write to a table of ours."""

    def __init__(self) -> None:
        self.tried = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.tried = self.tried or bool(_WRITE.match(sql))
        return execute(sql, params, many, context)


def outcome(client: Client, method: str, url: str, data: dict[str, Any]) -> str:
    """The letter for what happens; whatever was written is rolled back."""
    writes = Writes()
    with transaction.atomic():
        before = fingerprint() if method == "POST" else []
        with connection.execute_wrapper(writes):
            response = client.post(url, data) if method == "POST" else client.get(url)
        if method == "GET":
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
    monkeypatch.setattr(rendering, "document", lambda *_: b"%PDF")
    return build(WORLDS[request.param])


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
            got = outcome(client, method, address_of(world, address), body(world, address))
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
