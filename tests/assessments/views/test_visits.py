"""Pages of visits: the list, the work page, the minutes, and the service worker's script."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Evidence, Layer, Verdict, Visit
from assessments.self_assessment import NewAnswer
from assessments.views import visit_worker
from assessments.workflow import State
from tests import factories, files
from tests.assessments import visits
from tests.assessments.roads import save
from tests.assessments.views.world import World, has_error, has_form, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

MINE = reverse("assessments:my_visits")


@pytest.fixture
def visit(world: World) -> Visit:
    factories.in_state(world.assessment, State.APPRAISAL)
    made = visits.visit_to(world["ha"], world.assessment, world["dm"])
    visits.plan_visit(world["ha"], made, date(2025, 10, 2), place="Nhà văn hóa")
    made.refresh_from_db()
    return made


def address(name: str, visit: Visit) -> str:
    return reverse(f"assessments:{name}", args=[visit.pk])


def typed(visit: Visit, **changes: Any) -> dict[str, Any]:
    visit.refresh_from_db()
    return {
        "version": visit.version,
        "held_on": timezone.localdate().isoformat(),
        "starts_at": "08:30",
        "ends_at": "11:00",
        "place": "Nhà văn hóa",
        "hosts": "Tổ trưởng tổ dân phố",
        "findings": "Đã đi thực địa",
        "proposals": "",
    } | changes


class TestList:
    @pytest.mark.parametrize(
        ("role", "rows"),
        [
            ("dm", 1), ("ha", 1), ("cl", 1), ("of", 1), ("lf", 1), ("hd", 1),
            ("oo", 0), ("oh", 0), ("ag", 0), ("fp", None), ("ad", None),
        ],
    )  # fmt: skip
    def test_who_sees_what(self, client: Client, world: World, visit: Visit, role: str, rows: int | None) -> None:
        client.force_login(world[role])
        response = client.get(MINE)
        assert response.status_code == (404 if rows is None else 200)
        if rows is not None:
            assert len(response.context["open_visits"]) == rows
            assert response.headers.get("X-Kept-For") == (str(world[role].pk) if role in ("dm", "ha", "ag") else None)

    def test_wards_see_it_once_it_is_planned(self, client: Client, world: World, visit: Visit) -> None:
        Visit.objects.update(planned_on=None)
        client.force_login(world["of"])
        assert not client.get(MINE).context["open_visits"]
        client.force_login(world["dm"])
        assert client.get(MINE).context["open_visits"]

    def test_progress_and_differences(self, client: Client, world: World, visit: Visit) -> None:
        answers = (("tc-1.1", NewAnswer("met", "Đã xem")), ("tc-1.3", NewAnswer("not_met", "Thực tế khác")))
        for key, said in answers:
            save(world["dm"], world.assessment, key, said, layer=Layer.DELEGATION)
        client.force_login(world["dm"])
        [row] = client.get(MINE).context["open_visits"]
        assert (row.judged, row.differences) == (2, 1)

    def test_home_desk_and_menu(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        page = client.get(reverse("assessments:home")).content.decode()
        assert "Thẩm định cơ sở" in page and address("visit_minutes", visit) in page
        visits.close(world["dm"], visit)
        assert "Không có buổi thẩm định nào chờ bạn." in client.get(reverse("assessments:home")).content.decode()

    def test_somebody_with_a_seat_beside_the_own_work(self, client: Client, world: World) -> None:
        factories.in_state(world.assessment, State.APPRAISAL)
        made = visits.visit_to(world["ha"], world.assessment, world["ag"])
        client.force_login(world["ag"])
        assert address("visit", made) not in client.get(reverse("assessments:home")).content.decode()
        visits.plan_visit(world["ha"], made, timezone.localdate())
        assert address("visit", made) in client.get(reverse("assessments:home")).content.decode()

    def test_as_many_queries_for_three_rows(self, client: Client, world: World, visit: Visit) -> None:
        def count() -> list[int]:
            found = []
            for url in (MINE, reverse("assessments:home")):
                client.get(url)
                with CaptureQueriesContext(connection) as queries:
                    client.get(url)
                found.append(len(queries))
            return found

        client.force_login(world["dm"])
        one = count()
        for _ in range(2):
            more = factories.open_assessment(plan=world.plan, officer=world["of"])
            visits.choose(world["ha"], visit.delegation, [factories.in_state(more, State.APPRAISAL)])
        assert count() == one


class TestWorkPage:
    def test_three_words_beside_each_other(self, client: Client, world: World, visit: Visit) -> None:
        save(world["ha"], world.assessment, "tc-1.1", NewAnswer("not_met", "Chưa đủ hồ sơ"), layer=Layer.AGENCY)
        client.force_login(world["dm"])
        page = client.get(address("visit", visit)).content.decode()
        [beside] = re.findall(r'<p class="beside beside-differs" id="b-tc-1-1".*?</p>', page, re.DOTALL)
        assert "Cơ quan:" in beside and "Chưa đủ hồ sơ" in beside and "Khác nhau giữa các bên" in beside
        assert page.count('class="beside-agency"') == 83
        assert page.count("data-photos") == 83

    @pytest.mark.parametrize(
        ("role", "status", "forms"),
        [
            ("dm", 200, True), ("ha", 200, False), ("cl", 200, False), ("of", 200, False), ("lf", 200, False),
            ("hd", 200, False), ("oo", 404, None), ("oh", 404, None), ("ag", 404, None), ("fp", 404, None),
            ("ad", 404, None),
        ],
    )  # fmt: skip
    def test_who_works_on_it(
        self, client: Client, world: World, visit: Visit, role: str, status: int, forms: bool | None
    ) -> None:
        client.force_login(world[role])
        response = client.get(address("visit", visit))
        assert response.status_code == status
        if forms is not None:
            assert has_form(response.content.decode()) == forms
            kept = role in ("dm", "ha")
            assert response.headers.get("X-Kept-For") == (str(world[role].pk) if kept else None)
            assert ("data-keep=" in response.content.decode()) == kept

    def test_closed_or_returned_it_is_read_only(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        visits.close(world["dm"], visit)
        page = client.get(address("visit", visit)).content.decode()
        assert "Biên bản đã chốt" in page and not has_form(page)
        factories.in_state(world.assessment, State.DRAFT)
        page = client.get(address("visit", visit)).content.decode()
        assert "đã trả lại xã, phường" in page and not has_form(page)

    def test_an_older_page_overwrites_nobody(self, client: Client, world: World, visit: Visit) -> None:
        """What a page from the device sends carries the version it was based on."""
        other = factories.DelegationMemberFactory()
        visit.delegation.members.create(user=other, full_name="Khác", job_title="x", role="member", position=9)
        save(other, world.assessment, "tc-1.1", NewAnswer("met", "Người khác"), layer=Layer.DELEGATION)
        client.force_login(world["dm"])
        url = reverse("assessments:save", args=[world.assessment.pk, "tc-1.1"])
        old = {"layer": "delegation", "version": "0", "stated": "not_met", "note": "Từ bản cũ"}
        response = client.post(url, old, headers={"HX-Request": "true"})
        assert response.status_code == 409
        assert "Người khác" in response.content.decode()
        row = Verdict.objects.get(assessment=world.assessment, layer=Layer.DELEGATION, entry__key="tc-1.1")
        assert (row.note, row.version) == ("Người khác", 1)

    def test_the_fragment_keeps_the_agency_beside(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        url = reverse("assessments:save", args=[world.assessment.pk, "tc-1.1"])
        data = {"layer": "delegation", "version": "0", "stated": "met", "note": ""}
        assert "beside-agency" in client.post(url, data, headers={"HX-Request": "true"}).content.decode()

    def test_a_stale_token_is_refused_not_lost(self, world: World, visit: Visit) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(world["dm"])
        url = reverse("assessments:save", args=[world.assessment.pk, "tc-1.1"])
        data = {"layer": "delegation", "version": "0", "stated": "met", "note": "", "csrfmiddlewaretoken": "x" * 64}
        assert strict.post(url, data, headers={"HX-Request": "true"}).status_code == 403
        assert not Verdict.objects.filter(layer=Layer.DELEGATION).exists()

    def test_a_photograph_sent_twice_is_there_once(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        url = reverse("assessments:evidence_upload", args=[world.assessment.pk, "tc-1.1"])
        content = files.jpg((800, 600))
        for _ in range(2):
            data = {"layer": "delegation", "files": files.upload("Tổ 1 mục 1.1 2025-10-02 08.30.00.jpg", content)}
            response = client.post(url, data, headers={"HX-Request": "true"})
            assert (response.status_code, 'class="errors"' in response.content.decode()) == (200, False)
        assert Evidence.objects.filter(layer=Layer.DELEGATION).count() == 1

    def test_as_many_queries_with_answers_as_without(self, client: Client, world: World, visit: Visit) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address("visit", visit)).status_code == 200
            return len(queries)

        client.force_login(world["dm"])
        client.get(address("visit", visit))
        before = count()
        for key in ("tc-1.1", "tc-1.3", "nd-1.1"):
            save(world["dm"], world.assessment, key, NewAnswer("not_met", "Thực tế"), layer=Layer.DELEGATION)
        assert count() == before <= 12


class TestMinutes:
    def test_saved_then_closed(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        url = address("visit_minutes", visit)
        assert client.post(url, typed(visit)).headers["Location"] == url
        visit.refresh_from_db()
        assert (visit.findings, visit.closed_at) == ("Đã đi thực địa", None)
        client.post(url, typed(visit, close="1"))
        visit.refresh_from_db()
        assert visit.closed_by == world["dm"]
        page = main(client.get(url).content.decode())
        assert "Đã đi thực địa" in page and "Lưu biên bản" not in page and "Đính kèm bản ký" in page

    @pytest.mark.parametrize(
        "changes",
        [
            {"held_on": "x"},
            {"starts_at": "25:00"},
            {"ends_at": "07:00"},
            {"findings": "x" * 8001},
            {"version": "1"},
            {"version": "x"},
            {"close": "1", "hosts": ""},
            {"held_on": "2999-01-01"},
        ],
    )
    def test_what_was_typed_comes_back(
        self, client: Client, world: World, visit: Visit, changes: dict[str, str]
    ) -> None:
        client.force_login(world["dm"])
        response = client.post(address("visit_minutes", visit), typed(visit) | {"proposals": "Kiến nghị cũ"} | changes)
        assert response.status_code == 200
        page = response.content.decode()
        assert has_error(page) and "Kiến nghị cũ" in page
        visit.refresh_from_db()
        assert (visit.findings, visit.closed_at) == ("", None)

    def test_a_conflict_shows_both_and_lets_choose(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        url, mine = address("visit_minutes", visit), typed(visit, findings="Bản của đoàn")
        client.force_login(world["ha"])
        client.post(url, typed(visit, findings="Bản của nội vụ"))
        client.force_login(world["dm"])
        page = client.post(url, mine).content.decode()
        assert "Bản của nội vụ" in page and "Bản của đoàn" in page
        [version] = re.findall(r'<button[^>]*name="version" value="(\d+)"', page)
        client.post(url, mine | {"version": [str(mine["version"]), version]})
        visit.refresh_from_db()
        assert visit.findings == "Bản của đoàn"

    @pytest.mark.parametrize("role", ["of", "lf", "hd", "cl"])
    def test_readers_are_refused(self, client: Client, world: World, visit: Visit, role: str) -> None:
        client.force_login(world[role])
        url = address("visit_minutes", visit)
        assert not has_form(client.get(url).content.decode())
        assert has_error(client.post(url, typed(visit), follow=True).content.decode())
        upload = {"file": files.upload("a.pdf", files.pdf())}
        assert has_error(client.post(address("visit_attach", visit), upload, follow=True).content.decode())
        reason = {"reason": "x", "version": visit.version}
        assert has_error(client.post(address("visit_reopen", visit), reason, follow=True).content.decode())
        visit.refresh_from_db()
        assert visit.findings == ""

    @pytest.mark.parametrize("role", ["oo", "ol", "oh", "ag", "fp", "ad"])
    def test_for_strangers_there_is_none(self, client: Client, world: World, visit: Visit, role: str) -> None:
        client.force_login(world[role])
        for name in ("visit_minutes", "visit_attach", "visit_reopen"):
            assert client.post(address(name, visit), typed(visit)).status_code == 404

    def test_reopened_by_home_affairs(self, client: Client, world: World, visit: Visit) -> None:
        visits.close(world["dm"], visit)
        client.force_login(world["ha"])
        url, data = address("visit_reopen", visit), {"version": visit.version, "reason": ""}
        visit.refresh_from_db()
        assert client.get(url).status_code == 405
        client.post(url, data | {"version": visit.version})
        client.post(url, {"reason": "Bổ sung", "version": 1})
        visit.refresh_from_db()
        assert visit.closed_at
        client.post(url, {"reason": "Bổ sung", "version": visit.version})
        visit.refresh_from_db()
        assert visit.closed_at is None

    def test_signed_scan(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        url = address("visit_attach", visit)
        client.post(url, {"file": files.upload("bb.pdf", files.pdf())})
        assert visit.attachments.count() == 0
        visits.close(world["dm"], visit)
        client.post(url)
        client.post(url, {"file": files.upload("bb.docx", files.docx())})
        client.post(url, {"file": files.upload("bb.pdf", files.pdf())})
        assert visit.attachments.count() == 1


class TestWorker:
    def test_script(self, client: Client, db: None) -> None:
        """For everybody, also when the session has ended: it names nobody."""
        response = client.get(reverse("assessments:visit_worker"))
        assert response.status_code == 200
        assert response["Content-Type"] == "text/javascript; charset=utf-8"
        assert response["Service-Worker-Allowed"] == MINE
        assert "worker-src 'self'" in response["Content-Security-Policy"]
        script = response.content.decode()
        assert script.startswith("const FACTS = {") and f'"scope": "{MINE}"' in script
        assert client.post(reverse("assessments:visit_worker")).status_code == 405

    def test_keeps_every_file_that_the_pages_name(self, client: Client, world: World, visit: Visit) -> None:
        client.force_login(world["dm"])
        kept = client.get(reverse("assessments:visit_worker")).content.decode().partition("\n")[0]
        for url in (MINE, address("visit", visit), address("visit_minutes", visit)):
            page = client.get(url).content.decode()
            for named in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
                assert f'"{named}"' in kept, (url, named)

    def test_keeps_every_module_that_a_kept_one_imports(self) -> None:
        folder = visit_worker.SOURCE.parent
        for name in visit_worker.ASSETS:
            if name.startswith("js/"):
                for imported in re.findall(r'from "\./([^"]+)"', (folder / name[3:]).read_text()):
                    assert f"js/{imported}" in visit_worker.ASSETS


@pytest.mark.parametrize("name", ["visit", "visit_minutes", "visit_attach", "visit_reopen", "visit_drop"])
def test_a_number_that_nobody_has(client: Client, world: World, name: str) -> None:
    client.force_login(world["ha"])
    url = reverse(f"assessments:{name}", args=[999_999_999])
    assert (client.get(url) if name in ("visit", "visit_minutes") else client.post(url)).status_code == 404
    assert Assessment.objects.count() == 4
