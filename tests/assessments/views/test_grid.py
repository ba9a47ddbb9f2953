"""The agency's grid over HTTP: what it shows, saving a cell, columns, and what nobody may send."""

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency, User
from assessments import agency_work, evidence
from assessments.models import Assessment, Event, Layer, Plan, Verdict
from assessments.workflow import State
from tests import factories
from tests.assessments.agencies import assign, close, in_appraisal, judge
from tests.assessments.views.world import fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

KEY = "tc-1.2"


@pytest.fixture
def agency(plan: Plan) -> Agency:
    made: Agency = factories.AgencyFactory(code="kinh-te", name="Phòng <Kinh tế>")
    assign(plan, made, KEY, "th-1", "nd-2.2.1")
    return made


@pytest.fixture
def expert(agency: Agency, client: Client) -> User:
    made: User = factories.AgencyOfficerFactory(agency=agency)
    client.force_login(made)
    return made


@pytest.fixture
def dossier(officer: User, plan: Plan) -> Assessment:
    return in_appraisal(officer, plan)[0]


def grid_url(plan: Plan, **query: str) -> str:
    return reverse("assessments:grid", args=[plan.year], query=query)


def cell_url(dossier: Assessment, key: str = KEY) -> str:
    return reverse("assessments:grid_cell", args=[dossier.plan.year, dossier.pk, key])


def column_url(plan: Plan, key: str = KEY) -> str:
    return reverse("assessments:grid_column", args=[plan.year, key])


def html(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def row_of(page: str, dossier: Assessment) -> str:
    return page.partition(f'data-a="{dossier.pk}"')[2].partition("</tr>")[0]


def answer(response: HttpResponse) -> Any:
    return json.loads(response.content)


class TestPage:
    def test_shows_own_entries_and_units(self, client: Client, expert: User, dossier: Assessment, plan: Plan) -> None:
        judge(expert, dossier, KEY, "not_met", "Không đủ hồ sơ")
        page = html(client, grid_url(plan))
        assert 'data-key="tc-1.2"' in page and 'data-key="th-1"' in page and 'data-key="tc-1.3"' not in page
        row = row_of(page, dossier)
        assert str(dossier.unit) in row and reverse("assessments:appraise", args=[dossier.pk]) in row
        assert 'aria-label="Không đạt, tự đánh giá đạt, khác tự đánh giá, có ghi chú"' in row
        assert 'aria-label="Chưa thẩm định, tự đánh giá không xảy ra"' in row
        assert '<strong id="left">2</strong>' in page

    def test_marks_evidence_and_delegation(
        self, client: Client, expert: User, officer: User, dossier: Assessment, plan: Plan
    ) -> None:
        factories.in_state(dossier, State.DRAFT)
        evidence.add_reference(
            user=officer, assessment_id=dossier.pk, layer=Layer.SELF, key=KEY, reference="Biên bản họp"
        )
        factories.in_state(dossier, State.APPRAISAL)
        entry = Verdict.objects.get(assessment=dossier, layer="self", entry__key=KEY).entry
        Verdict.objects.create(
            assessment=dossier, entry=entry, layer="delegation", stated="met", value="met",
            updated_by=expert, updated_at=dossier.submitted_at,
        )  # fmt: skip
        row = row_of(html(client, grid_url(plan)), dossier)
        assert 'aria-label="Chưa thẩm định, tự đánh giá đạt, đoàn thẩm định đạt, có minh chứng"' in row

    def test_only_what_the_city_accepted(
        self, client: Client, expert: User, officer: User, dossier: Assessment, plan: Plan
    ) -> None:
        waiting, draft = in_appraisal(officer, plan, 2)
        factories.in_state(waiting, State.SUBMITTED)
        factories.in_state(draft, State.DRAFT)
        page = html(client, grid_url(plan))
        assert f'data-a="{dossier.pk}"' in page
        assert f'data-a="{waiting.pk}"' not in page and f'data-a="{draft.pk}"' not in page
        assert "1 hồ sơ đã gửi, chưa tiếp nhận" in page

    def test_names_are_escaped(self, client: Client, expert: User, officer: User, plan: Plan) -> None:
        unit = factories.UnitFactory(ward=officer.ward, name='Tổ <b>"1"</b>')
        factories.in_state(factories.open_assessment(unit=unit, plan=plan, officer=officer), State.APPRAISAL)
        page = html(client, grid_url(plan))
        assert "<b>&quot;1" not in page and "Tổ &lt;b&gt;&quot;1&quot;&lt;/b&gt;" in page
        assert "Phòng &lt;Kinh tế&gt;" in page

    def test_filters_hide_rows(self, client: Client, expert: User, officer: User, plan: Plan) -> None:
        one, two = in_appraisal(officer, plan, 2)
        judge(expert, one, KEY, "not_met", "Không đủ")
        for key, said in (("th-1", "absent"), ("nd-2.2.1", "met")):
            judge(expert, one, key, said)

        def shown(**query: str) -> list[bool]:
            page = html(client, grid_url(plan, **query))
            return [" hidden" not in page.partition(f'data-a="{d.pk}"')[2].partition(">")[0] for d in (one, two)]

        assert shown() == [True, True]
        assert shown(loc="khac") == [True, False]
        assert shown(loc="chua") == [False, True]
        assert shown(xa=str(officer.ward_id)) == [True, True] and shown(xa="0") == [False, False]
        number = two.unit.name.removeprefix("Tổ ")
        assert shown(tim=f"to {number}") == [False, True]
        assert shown(loc="<script>", xa="x", tim="\x00") == [False, False]

    def test_closed_dossiers_are_for_reading(
        self, client: Client, expert: User, dossier: Assessment, plan: Plan, agency: Agency, home_affairs: User
    ) -> None:
        for key, said in ((KEY, "met"), ("th-1", "absent"), ("nd-2.2.1", "met")):
            judge(expert, dossier, key, said)
        assert "data-write" in html(client, grid_url(plan))
        close(expert, agency, dossier)
        page = html(client, grid_url(plan))
        assert "data-write" not in page and "Đã chốt" in row_of(page, dossier)
        client.force_login(home_affairs)
        assert "data-write" in html(client, grid_url(plan, **{"co-quan": agency.code}))

    def test_home_affairs_chooses_the_agency(
        self, client: Client, agency: Agency, dossier: Assessment, plan: Plan, home_affairs: User, city_leader: User
    ) -> None:
        other = factories.AgencyFactory(code="y-te")
        assign(plan, other, "tc-1.3")
        for user, writes in ((home_affairs, True), (city_leader, False)):
            client.force_login(user)
            page = html(client, grid_url(plan, **{"co-quan": "y-te"}))
            assert 'data-key="tc-1.3"' in page and f'data-key="{KEY}"' not in page
            assert ("data-editable" in page) is writes and ("data-write" in page) is writes
            assert client.get(grid_url(plan, **{"co-quan": "khong-co"})).status_code == 404

    def test_an_officer_sees_the_own_agency_only(self, client: Client, expert: User, plan: Plan) -> None:
        factories.AgencyFactory(code="y-te")
        assert client.get(grid_url(plan, **{"co-quan": "y-te"})).status_code == 404
        assert client.get(grid_url(plan, **{"co-quan": "kinh-te"})).status_code == 200

    @pytest.mark.parametrize("role", ["WardOfficer", "WardLeader", "UnitHead", "DelegationMember", "FinancePlanning", "Administrator"])  # fmt: skip  # noqa: E501
    def test_nobody_else_finds_it(self, client: Client, agency: Agency, dossier: Assessment, plan: Plan, role: str) -> None:  # fmt: skip  # noqa: E501
        client.force_login(getattr(factories, f"{role}Factory")())
        urls = [grid_url(plan), cell_url(dossier)]
        assert [client.get(url).status_code for url in urls] == [404, 404]
        posts = [cell_url(dossier), column_url(plan), reverse("assessments:grid_undo", args=[plan.year])]
        before = fingerprint()
        assert [client.post(url, {"stated": "met", "choice": "self"}).status_code for url in posts] == [404] * 3
        assert fingerprint() == before

    def test_empty_states(self, client: Client, expert: User, plan: Plan) -> None:
        assert "Chưa có hồ sơ nào được tiếp nhận" in html(client, grid_url(plan))
        client.force_login(factories.AgencyOfficerFactory())
        assert "chưa được giao thẩm định mục nào" in html(client, grid_url(plan))
        assert client.get(reverse("assessments:grid", args=[1999])).status_code == 404

    def test_offers_to_take_the_last_column_step_back(
        self, client: Client, expert: User, dossier: Assessment, plan: Plan, agency: Agency
    ) -> None:
        batch = str(uuid.uuid4())
        agency_work.apply_column(
            user=expert, plan=plan, agency=agency, key=KEY, choice="self", reason="", batch=batch,
            assessment_ids=[dossier.pk],
        )  # fmt: skip
        page = html(client, grid_url(plan))
        assert f'data-undo="{batch}"' in page and "cột 1.2, 1 hồ sơ" in page


class TestQueries:
    def cost(self, client: Client, url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def test_grid_and_cell(self, client: Client, expert: User, officer: User, plan: Plan, agency: Agency) -> None:
        [first] = in_appraisal(officer, plan)
        one, one_cell = self.cost(client, grid_url(plan)), self.cost(client, cell_url(first))
        assert one <= 12 and one_cell <= 13
        for dossier in in_appraisal(factories.WardOfficerFactory(), plan, 2):
            judge(expert, dossier, KEY, "not_met", "Không đủ")
        judge(expert, first, KEY, "met")
        assert (self.cost(client, grid_url(plan)), self.cost(client, cell_url(first))) == (one, one_cell)

    def test_saving(self, client: Client, expert: User, officer: User, plan: Plan) -> None:
        numbers = []
        for dossier in in_appraisal(officer, plan, 3):
            with CaptureQueriesContext(connection) as queries:
                assert client.post(cell_url(dossier), {"stated": "met", "version": 0}).status_code == 200
            numbers.append(sum("SAVEPOINT" not in q["sql"] for q in queries))
        assert numbers[1] == numbers[2] <= 16


class TestCell:
    def test_shows_everything_of_one_entry(
        self, client: Client, expert: User, officer: User, dossier: Assessment, plan: Plan
    ) -> None:
        judge(expert, dossier, KEY, "not_met", "Không <đủ> hồ sơ")
        Verdict.objects.filter(assessment=dossier, layer="self", entry__key=KEY).update(note='Có "biên bản"')
        page = html(client, cell_url(dossier))
        assert "Không &lt;đủ&gt; hồ sơ" in page and "Có &quot;biên bản&quot;" in page
        assert str(expert) in page and 'data-version="1"' in page
        earlier = factories.PlanFactory(year=plan.year - 1)
        before = factories.open_assessment(unit=dossier.unit, plan=earlier, officer=officer)
        own = Verdict.objects.get(assessment=dossier, layer="self", entry__key=KEY)
        Verdict.objects.create(
            assessment=before, entry=own.entry, layer="self", stated="not_met", value="not_met",
            note="Năm ngoái", updated_by=officer, updated_at=own.updated_at,
        )  # fmt: skip
        page = html(client, cell_url(dossier))
        assert f"Năm {earlier.year}" in page and "Năm ngoái" in page

    def test_save(self, client: Client, expert: User, dossier: Assessment) -> None:
        response = client.post(cell_url(dossier), {"stated": "met", "version": "0"})
        assert response.status_code == 200
        cell = answer(response)["cell"]
        assert cell["class"] == "c g" and cell["version"] == 1 and "✓" in cell["html"]
        row = Verdict.objects.get(assessment=dossier, layer=Layer.AGENCY, entry__key=KEY)
        assert (row.value, row.updated_by) == ("met", expert)

    def test_the_cell_that_comes_back_looks_like_the_pages(
        self, client: Client, expert: User, dossier: Assessment, plan: Plan
    ) -> None:
        form = {"stated": "not_met", "note": "Không đủ", "version": 0}
        cell = answer(client.post(cell_url(dossier), form))["cell"]
        row = row_of(html(client, grid_url(plan)), dossier)
        assert f'<td class="{cell["class"]}" data-v="1" aria-label="{cell["words"]}">{cell["html"]}</td>' in row

    def test_a_difference_needs_a_reason(self, client: Client, expert: User, dossier: Assessment) -> None:
        response = client.post(cell_url(dossier), {"stated": "not_met", "version": 0})
        assert response.status_code == 422
        assert answer(response)["field"] == "note" and "cần ghi lý do" in answer(response)["error"]
        assert not Verdict.objects.filter(layer=Layer.AGENCY).exclude(value="").exists()

    def test_somebody_elses_newer_answer_is_shown(
        self, client: Client, expert: User, dossier: Assessment, agency: Agency
    ) -> None:
        colleague = factories.AgencyOfficerFactory(agency=agency)
        judge(colleague, dossier, KEY, "not_met", "Không đủ")
        response = client.post(cell_url(dossier), {"stated": "met", "version": 0})
        assert response.status_code == 409
        theirs = answer(response)["theirs"]
        assert theirs | {"at": ""} == {
            "stated": "not_met", "label": "Không đạt", "note": "Không đủ", "version": 1, "by": str(colleague), "at": "",
        }  # fmt: skip
        assert client.post(cell_url(dossier), {"stated": "met", "version": 1}).status_code == 200

    def test_sent_again_is_acknowledged_again(self, client: Client, expert: User, dossier: Assessment) -> None:
        for _ in range(2):
            assert client.post(cell_url(dossier), {"stated": "met", "version": 0}).status_code == 200
        assert Event.objects.filter(assessment=dossier, kind=Event.Kind.ANSWERED, layer="agency").count() == 1

    def test_home_affairs_only_in_the_agencys_columns(
        self, client: Client, agency: Agency, dossier: Assessment, home_affairs: User, city_leader: User
    ) -> None:
        client.force_login(home_affairs)
        form = {"stated": "met", "version": 0, "co-quan": agency.code}
        assert client.post(cell_url(dossier), form).status_code == 200
        assert client.post(cell_url(dossier, "tc-1.3"), form).status_code == 404
        client.force_login(city_leader)
        assert client.post(cell_url(dossier, "th-1"), form | {"stated": "absent"}).status_code == 409
        assert not Verdict.objects.filter(assessment=dossier, layer=Layer.AGENCY, entry__key="th-1").exists()

    @pytest.mark.parametrize("key", ["tc-1.3", "tc-4.1", "tc-9.9", "'", "%00", "…", "x" * 300])
    def test_entries_that_are_not_there(self, client: Client, expert: User, dossier: Assessment, key: str) -> None:
        for response in (client.get(cell_url(dossier, key)), client.post(cell_url(dossier, key), {"stated": "met"})):
            assert response.status_code == 404

    def test_dossiers_that_are_not_there(
        self, client: Client, expert: User, officer: User, dossier: Assessment, plan: Plan
    ) -> None:
        other = in_appraisal(officer, factories.PlanFactory())[0]
        waiting = factories.in_state(in_appraisal(officer, plan)[0], State.SUBMITTED)
        for pk in (0, 10**12, other.pk, waiting.pk):
            url = reverse("assessments:grid_cell", args=[plan.year, pk, KEY])
            assert client.get(url).status_code == client.post(url, {"stated": "met"}).status_code == 404

    @pytest.mark.parametrize(
        ("form", "status"),
        [
            ({"stated": "perfect"}, 422),
            ({"stated": "occurs"}, 422),
            ({"stated": "not_applicable", "note": "Không có"}, 422),
            ({"stated": "met", "note": "x" * 2001}, 422),
            ({"stated": "met", "version": "9"}, 409),
            ({"stated": "met", "version": "-1\x00"}, 200),
            ({}, 200),
        ],
    )
    def test_hostile_forms(
        self, client: Client, expert: User, dossier: Assessment, form: dict[str, str], status: int
    ) -> None:
        response = client.post(cell_url(dossier), form)
        assert response.status_code == status
        stored = Verdict.objects.filter(assessment=dossier, layer=Layer.AGENCY, entry__key=KEY).exclude(value="")
        assert stored.exists() is (status == 200 and bool(form))

    def test_other_methods_and_no_session(self, client: Client, expert: User, dossier: Assessment) -> None:
        assert client.put(cell_url(dossier)).status_code == 405
        assert client.get(column_url(dossier.plan)).status_code == 405
        for key in ("tc-9.9", "\x00", "tc-1.3"):
            assert client.post(column_url(dossier.plan, key), {"choice": "self"}).status_code == 404
        assert client.get(grid_url(dossier.plan, **{"co-quan": "\x00y"})).status_code == 404
        client.logout()
        response = client.post(cell_url(dossier), {"stated": "met"}, headers={"HX-Request": "true"})
        assert response.status_code == 401


class TestColumn:
    def test_step_and_back(self, client: Client, expert: User, officer: User, plan: Plan) -> None:
        dossiers, batch = in_appraisal(officer, plan, 2), str(uuid.uuid4())
        judge(expert, dossiers[0], KEY, "not_met", "Không đủ")
        form = {"choice": "self", "batch": batch, "assessment": [d.pk for d in dossiers]}
        first, second = answer(client.post(column_url(plan), form))["outcomes"]
        assert (first["saved"], second["saved"]) == (False, True) and "giữ nguyên" in first["why"]
        assert first["cell"]["class"] == "c b d n" and second["cell"]["class"] == "c g"
        undo = reverse("assessments:grid_undo", args=[plan.year])
        back = answer(client.post(undo, {"batch": batch}))
        assert (back["key"], back["next"]) == (KEY, 0)
        assert [(o["id"], o["cell"]["class"]) for o in back["outcomes"]] == [(dossiers[1].pk, "c o")]
        assert client.post(undo, {"batch": batch}).status_code == 409

    def test_too_many_at_once(self, client: Client, expert: User, dossier: Assessment, plan: Plan) -> None:
        form = {"choice": "self", "batch": str(uuid.uuid4()), "assessment": list(range(1, 52))}
        assert client.post(column_url(plan), form).status_code == 422

    @pytest.mark.parametrize("form", [{}, {"choice": "x", "batch": "abc"}, {"choice": "self", "batch": "\x00"}])
    def test_hostile_forms(
        self, client: Client, expert: User, dossier: Assessment, plan: Plan, form: dict[str, str]
    ) -> None:
        before = fingerprint()
        response = client.post(column_url(plan), form | {"assessment": [str(dossier.pk), "x", "-1", "9" * 30]})
        assert response.status_code == 422
        assert client.post(reverse("assessments:grid_undo", args=[plan.year]), form).status_code == 409
        assert fingerprint() == before

    def test_dossiers_of_nobody_are_skipped_not_shown(
        self, client: Client, expert: User, officer: User, plan: Plan
    ) -> None:
        unit = factories.UnitFactory(ward=officer.ward)
        draft = factories.open_assessment(unit=unit, plan=plan, officer=officer)
        form = {"choice": "self", "batch": str(uuid.uuid4()), "assessment": [draft.pk, 987654]}
        outcomes = answer(client.post(column_url(plan), form))["outcomes"]
        assert [(o["saved"], o["cell"]) for o in outcomes] == [(False, None)] * 2


def test_per_unit_page_of_an_agency_officer(client: Client, expert: User, dossier: Assessment) -> None:
    """Only the own entries can be written there, and the button confirms only them."""
    url = reverse("assessments:appraise", args=[dossier.pk])
    page = html(client, url)
    assert page.count('class="entry-form"') == 3
    client.post(reverse("assessments:confirm_self", args=[dossier.pk]))
    stored = Verdict.objects.filter(assessment=dossier, layer=Layer.AGENCY, stated__gt="")
    assert set(stored.values_list("entry__key", flat=True)) == {KEY, "th-1", "nd-2.2.1"}


class TestFirstPage:
    def test_says_what_is_left(
        self, client: Client, expert: User, dossier: Assessment, agency: Agency, plan: Plan
    ) -> None:
        factories.MilestoneFactory(plan=plan, duty="agency_result")
        home = reverse("assessments:home")
        assert f"Còn 3 ô chưa thẩm định trên 1 hồ sơ, hạn trước ngày 15/10/{plan.year}." in html(client, home)
        for key, said in ((KEY, "met"), ("th-1", "absent"), ("nd-2.2.1", "met")):
            judge(expert, dossier, key, said)
        page = html(client, home)
        assert "Đã thẩm định đủ 1 hồ sơ, chưa chốt kết quả" in page
        assert reverse("assessments:agency_close", args=[plan.year]) in page
        close(expert, agency, dossier)
        assert "Không có hồ sơ nào chờ cơ quan bạn thẩm định." in html(client, home)
