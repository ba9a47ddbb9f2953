"""What people and programs send that they should not: a sentence or "not found", nothing half-written, no error."""

import logging
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Event, Verdict
from assessments.workflow import State
from localities.models import Unit
from tests.assessments.roads import answer_all
from tests.assessments.views.world import World, build, fingerprint

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
HUGE = "9" * 30
ENDLESS = "9" * 5000  # more digits than Python turns into a number
SCRIPT = "<script>alert(1)</script>"
NFD = unicodedata.normalize("NFD", "Tuyên truyền đầy đủ")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def no_error(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever was sent, nothing in the application broke."""
    yield
    broken = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not [record.getMessage() for record in broken]


@pytest.fixture
def world() -> World:
    return build(State.DRAFT)


@pytest.fixture
def signed_in(client: Client, world: World) -> Client:
    client.force_login(world["of"])
    client.get(reverse("health"))
    return client


def save(client: Client, assessment: Assessment, key: str = "tc-1.2", **data: Any) -> Any:
    """One answer by htmx; the version is the present one unless the test says otherwise."""
    stored = Verdict.objects.filter(assessment=assessment, layer="self", entry__key=key).first()
    version = stored.version if stored else 0
    url = reverse("assessments:save", args=[assessment.pk, key])
    return client.post(url, {"layer": "self", "version": version, **data}, headers=HTMX)


SENTENCES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a word of another kind": ("tc-1.2", {"stated": "occurs"}, "lựa chọn đánh giá không hợp lệ"),
    "a case met": ("th-1", {"stated": "met"}, "lựa chọn đánh giá không hợp lệ"),
    "no word at all": ("tc-1.2", {"stated": "yes"}, "lựa chọn đánh giá không hợp lệ"),
    "a word with NUL": ("tc-1.2", {"stated": "met\x00"}, "lựa chọn đánh giá không hợp lệ"),
    "exempt without permission": ("tc-1.2", {"stated": "not_applicable", "note": "Vì"}, "không được phép"),
    "exempt without reason": ("nd-2.2.1", {"stated": "not_applicable", "note": " \u200b"}, "cần ghi lý do"),
    "derived": ("tc-4.1", {"stated": "met"}, "không nhập trực tiếp"),
    "derived, nothing stated": ("tc-4.1", {"note": "x"}, "không nhập trực tiếp"),
    "long note": ("tc-1.2", {"stated": "met", "note": "a" * 2001}, "tối đa 2000"),
    "negative": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": "-1"}, "không phải là số nguyên không âm"),
    "huge": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": HUGE}, "không phải là số nguyên không âm"),
    "endless": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": ENDLESS}, "không phải là số nguyên không âm"),
    "above the limit": ("tc-3.4", {"so-lieu-ve-sinh-cong-cong-tu": "10000001"}, "từ 0 đến 10000000"),
    "decimal comma": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": "98,5"}, "không phải là số nguyên không âm"),
    "decimal point": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": "98.5"}, "không phải là số nguyên không âm"),
    "two numbers": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": "1 2"}, "không phải là số nguyên không âm"),
    "words": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": "chín mươi"}, "không phải là số nguyên không âm"),
    "other digits": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": "٣"}, "không phải là số nguyên không âm"),
    "script as a number": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": SCRIPT}, "không phải là số nguyên không âm"),
    "more than all": ("tc-4.4", {"so-lieu-ho-nep-song-van-minh-tu": "121"}, "lớn hơn"),
    "more than the own total": (
        "tc-1.1",
        {"so-lieu-chuc-danh-duoc-boi-duong-tu": "9", "so-lieu-chuc-danh-duoc-boi-duong-mau": "8"},
        "lớn hơn",
    ),
}


@pytest.mark.parametrize(("key", "data", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_an_answer_that_cannot_be(
    signed_in: Client, world: World, key: str, data: dict[str, Any], sentence: str
) -> None:
    before = fingerprint()
    response = save(signed_in, world.assessment, key, **data)
    page = response.content.decode()
    assert response.status_code == 422 and sentence in page and SCRIPT not in page
    plain = signed_in.post(reverse("assessments:save", args=[world.assessment.pk, key]), {"version": "1", **data})
    assert plain.status_code == 422 and SCRIPT not in plain.content.decode()
    assert sentence in plain.content.decode() or key == "tc-4.1"  # which has no form on the page
    assert fingerprint() == before


@pytest.mark.parametrize("typed", ["1.234", "1 234", "1234", "\u00a01\u00a0234 "])
def test_numbers_as_people_write_them(signed_in: Client, world: World, typed: str) -> None:
    data = {"so-lieu-chuc-danh-duoc-boi-duong-tu": "7", "so-lieu-chuc-danh-duoc-boi-duong-mau": typed}
    assert save(signed_in, world.assessment, "tc-1.1", stated="met", **data).status_code == 200
    verdict = Verdict.objects.get(assessment=world.assessment, entry__key="tc-1.1")
    assert verdict.figures.get().denominator == 1234


@pytest.mark.parametrize("layer", ["delegation", "effective", "nonsense", "", "self\x00", "agency"])
def test_a_layer_that_is_not_open(signed_in: Client, world: World, layer: str) -> None:
    """It is never taken for another one."""
    before = fingerprint()
    response = save(signed_in, world.assessment, stated="not_met", layer=layer)
    assert response.status_code in (404, 409, 422)
    assert fingerprint() == before


@pytest.mark.parametrize("version", ["abc", "", "-1", "1.0", HUGE, ENDLESS, "0", "\x00", None])
def test_a_version_that_is_none_overwrites_nothing(signed_in: Client, world: World, version: str | None) -> None:
    before = fingerprint()
    url = reverse("assessments:save", args=[world.assessment.pk, "tc-1.2"])
    data = {"stated": "not_met", "note": "Của tôi", "version": version}
    response = signed_in.post(url, {k: v for k, v in data.items() if v is not None}, headers=HTMX)
    assert response.status_code == 409 and "Người khác vừa sửa mục này" in response.content.decode()
    assert fingerprint() == before


def test_text_is_kept_whole_and_clean(signed_in: Client, world: World) -> None:
    typed = f"{NFD}\x00\x07\u200b =1+1 {SCRIPT} {{{{ x }}}}\r\nDòng hai"
    response = save(signed_in, world.assessment, stated="met", note=typed)
    assert response.status_code == 200 and SCRIPT not in response.content.decode()
    note = Verdict.objects.get(assessment=world.assessment, entry__key="tc-1.2").note
    assert note == f"Tuyên truyền đầy đủ =1+1 {SCRIPT} {{{{ x }}}}\nDòng hai"
    page = signed_in.get(reverse("assessments:detail", args=[world.assessment.pk])).content.decode()
    assert SCRIPT not in page and "&lt;script&gt;alert(1)&lt;/script&gt; {{ x }}" in page


def test_the_same_answer_twice_is_one_event(signed_in: Client, world: World) -> None:
    data = {"stated": "not_met", "note": NFD, "version": "2"}
    before = Event.objects.count()
    for _ in range(2):
        assert save(signed_in, world.assessment, **data).status_code == 200
    assert Event.objects.count() == before + 1


def test_fields_nobody_asked_for_change_nothing_else(signed_in: Client, world: World) -> None:
    more = {"state": "recognised", "assessment_id": 1, "entry": 1, "value": "met", "updated_by": 1, "id": 1, "pk": 1}
    assert save(signed_in, world.assessment, stated="not_met", **more).status_code == 200
    world.assessment.refresh_from_db()
    assert world.assessment.state == State.DRAFT
    row = Verdict.objects.get(assessment=world.assessment, entry__key="tc-1.2")
    assert (row.stated, row.value, row.updated_by) == ("not_met", "not_met", world["of"])


@pytest.mark.parametrize(
    "raw",
    [b"stated=met&note=%FF%FE%80&version=2", b"stated=met&note=\xff\xfe&version=2", b"%00=%00&stated=%C3%28", b"&&&=;"],
)
def test_bytes_that_are_no_text(signed_in: Client, world: World, raw: bytes) -> None:
    url = reverse("assessments:save", args=[world.assessment.pk, "tc-1.2"])
    response = signed_in.post(url, raw, content_type="application/x-www-form-urlencoded", headers=HTMX)
    assert response.status_code in (200, 409, 422)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"note=" + b"a" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"a=1", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"&".join(b"a=1" for _ in range(3000)), "application/x-www-form-urlencoded"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary="),
        (b'{"stated": "met"}', "application/json"),
    ],
    ids=["3 MB of note", "another encoding", "3000 fields", "broken parts", "json"],
)
def test_a_body_that_is_no_form(signed_in: Client, world: World, caplog: Any, raw: bytes, kind: str) -> None:
    before = fingerprint()
    response = signed_in.post(reverse("assessments:save", args=[world.assessment.pk, "tc-1.2"]), raw, content_type=kind)
    caplog.clear()  # Django notes a suspicious operation as an error
    assert response.status_code in (400, 409, 413)
    assert fingerprint() == before
    assert 'lang="vi"' in response.content.decode()


BAD_PLACES = [
    ("assessments:detail", ["{}"]),
    ("assessments:appraise", ["{}"]),
    ("assessments:unit", ["{}"]),
    ("assessments:unit_year", ["unit", "{}"]),
    ("assessments:unit_year", ["{}", "2025"]),
    ("assessments:plan", ["{}"]),
    ("assessments:list", ["{}"]),
    ("assessments:register", ["{}"]),
    ("assessments:decision_list", ["{}"]),
    ("assessments:decision", ["{}"]),
    ("assessments:undo", ["a", "{}"]),
    ("assessments:mark_standard", ["a", "{}"]),
    ("assessments:fill_last_year", ["{}"]),
    ("assessments:save", ["{}", "tc-1.2"]),
    ("assessments:move", ["{}", "gui-hoi-dong"]),
    ("assessments:evidence_upload", ["{}", "tc-1.2"]),
    ("assessments:evidence_remove", ["a", "{}"]),
    ("assessments:evidence_download", ["a", "{}"]),
    ("reports:paper", ["phieu-danh-gia", "{}"]),
    ("reports:paper", ["bang-tu-danh-gia", "{}"]),
    ("criteria:detail", ["{}"]),
]


@pytest.mark.parametrize("number", ["0", "99999", "2147483648", "9223372036854775808", HUGE, ENDLESS])
def test_numbers_nobody_has(signed_in: Client, world: World, number: str) -> None:
    places = {"a": str(world.assessment.pk), "unit": str(world.unit.pk), "{}": number}
    before = fingerprint()
    for name, arguments in BAD_PLACES:
        one = reverse(name, args=[1 if a in places else a for a in map(str.strip, arguments)])
        url = one
        for argument in arguments:
            url = url.replace("/1/", f"/{places.get(argument, argument)}/", 1) if argument in places else url
        for response in (signed_in.get(url), signed_in.post(url, {"stated": "met", "version": "0"})):
            assert response.status_code in (404, 405), f"{url[:80]}: {response.status_code}"
    assert fingerprint() == before


@pytest.mark.parametrize("key", ["tc-9.9", "tc-1.2 ", "TC-1.2", "%00", "%FF%FE", "..%2F..", "<script>", "a" * 3000])
def test_criteria_nobody_knows(signed_in: Client, world: World, key: str) -> None:
    for name in ("muc/{}/", "minh-chung/{}/them/"):
        url = f"/ho-so/{world.assessment.pk}/" + name.format(key)
        assert signed_in.post(url, {"stated": "met", "reference": "x"}, headers=HTMX).status_code == 404


def test_another_assessments_things_under_ones_own_address(signed_in: Client, world: World) -> None:
    other = world.decision.lines.get().assessment
    foreign = Event.objects.filter(assessment=other).first()
    assert foreign is not None
    before = fingerprint()
    for url in (
        reverse("assessments:undo", args=[world.assessment.pk, foreign.pk]),
        reverse("assessments:undo", args=[other.pk, world.event.pk]),
        reverse("assessments:evidence_remove", args=[other.pk, world.evidence.pk]),
    ):
        assert signed_in.post(url).status_code == 404
    assert fingerprint() == before


@pytest.mark.parametrize("name", [SCRIPT, "=cmd|' /C calc'!A0", "{{ 7*7 }}{% debug %}", "Tổ & <b>1</b>"])
def test_a_name_stays_text_on_every_page(client: Client, world: World, name: str) -> None:
    for unit in (world.unit, world.free_unit, world.waiting.unit, world.decision.lines.get().assessment.unit):
        Unit.objects.filter(pk=unit.pk).update(name=f"{name} {unit.pk}")
    reviewed, a = reverse("assessments:decision", args=[world.decision.pk]), world.assessment.pk
    pages = {
        "of": ["/", "/ke-hoach/2025/dang-ky/", f"/to-dan-pho/{world.unit.pk}/so-lieu/2025/", f"/ho-so/{a}/"],
        "ha": [
            "/",
            "/ke-hoach/2025/ho-so/",
            "/ke-hoach/2025/quyet-dinh/moi/",
            reviewed,
            f"/to-dan-pho/{world.unit.pk}/",
        ],
        "cl": ["/", reviewed, f"/ho-so/{a}/chuyen/gui-hoi-dong/", f"/ho-so/{a}/tham-dinh/"],
    }
    for role, urls in pages.items():
        client.force_login(world[role])
        for url in urls:
            page = client.get(url).content.decode()
            assert "<script>alert" not in page and "<b>1</b>" not in page, url


@pytest.mark.parametrize(
    "query",
    [
        "xa=abc", f"xa={HUGE}", f"xa={ENDLESS}", "xa=%00", "trang_thai=x", "dang_ky=%FF", "ket_qua=1", "tim=%00",
        "tim=" + "a" * 101, "tim=%25_%5C", "trang=abc", "trang=-1", f"trang={ENDLESS}", "trang=0", "la=1&&&==;",
    ],
    ids=lambda query: query[:20],
)  # fmt: skip
def test_filters(client: Client, world: World, query: str) -> None:
    client.force_login(world["ha"])
    assert client.get(f"/ke-hoach/2025/ho-so/?{query}").status_code == 200
    assert client.get(f"/ke-hoach/2025/van-ban/?{query}").status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_methods_nobody_uses(signed_in: Client, world: World, method: str) -> None:
    before = fingerprint()
    for url in (
        "/",
        "/ke-hoach/2025/ho-so/",
        f"/ho-so/{world.assessment.pk}/",
        f"/ho-so/{world.assessment.pk}/nam-truoc/",
    ):
        assert getattr(signed_in, method)(url).status_code == 405
    assert fingerprint() == before


def test_everything_stays_stated_after_all_this(signed_in: Client, world: World) -> None:
    """A complete assessment goes its way although somebody sent nonsense in between."""
    save(signed_in, world.assessment, stated="occurs")
    answer_all(world["of"], world.assessment)
    url = reverse("assessments:move", args=[world.assessment.pk, "gui-hoi-dong"])
    assert signed_in.post(url, {"version": "nonsense"}).status_code == 409
    assert signed_in.post(url, {"version": world.assessment.version}).status_code == 302
    world.assessment.refresh_from_db()
    assert world.assessment.state == State.COUNCIL
