"""The layers side by side: differences first, for everybody who sees the assessment, actions by right."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import evidence, moving, questioning
from assessments.models import Assessment, Evidence, Layer, Plan
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from tests import factories, files
from tests.assessments.appraising import assign, dossier
from tests.assessments.roads import People, answer, answer_all, approve_and_submit, save
from tests.assessments.views.world import World, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]


@pytest.fixture
def made(people: People, plan: Plan) -> Assessment:
    return dossier(people, plan, State.APPRAISAL)


def address(assessment: Assessment, query: str = "") -> str:
    return reverse("assessments:compare", args=[assessment.pk]) + query


def page(client: Client, who: User, assessment: Assessment, query: str = "") -> str:
    client.force_login(who)
    response = client.get(address(assessment, query))
    assert response.status_code == 200
    return main(response.content.decode())


def part(shown: str, name: str) -> str:
    return shown.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_differences_then_missing_then_the_rest(client: Client, people: People, made: Assessment) -> None:
    answer(
        people.home_affairs,
        made,
        Layer.AGENCY,
        {"tc-3.6": NewAnswer("not_met", "Thực địa thấy mái che"), "tc-1.1": NewAnswer("met")},
    )
    shown = page(client, people.home_affairs, made)
    assert "Khác nhau giữa các bên (1)" in shown and "Chưa có kết quả thẩm định (81)" in shown
    assert 'id="tc-3-6"' in part(shown, "khac-nhau") and "Thực địa thấy mái che" in part(shown, "khac-nhau")
    assert 'id="tc-1-2"' in part(shown, "con-thieu") and 'id="tc-1-1"' in part(shown, "thong-nhat")
    assert 'id="tc-4-1"' in part(shown, "thong-nhat"), "what is derived is nobody's to judge"


def test_filters(client: Client, people: People, plan: Plan, made: Assessment) -> None:
    officer = factories.AgencyOfficerFactory()
    assign(plan, officer.agency, "tc-2.1", "th-1")
    questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-2.2", text="Vì sao?")

    def shown(query: str, who: User = people.home_affairs) -> int:
        return page(client, who, made, query).count('class="compare-entry"')

    assert shown("") == 84
    assert (shown("?phan=tc-1"), shown("?phan=nd-5"), shown("?phan=th"), shown("?phan=xx")) == (4, 13, 4, 84)
    assert (shown("?loc=khac"), shown("?loc=thieu"), shown("?loc=hoi"), shown("?loc=%00")) == (0, 83, 1, 84)
    assert shown("?loc=cua-toi", officer) == 2
    assert shown("?phan=th&loc=cua-toi", officer) == 1


def test_everybody_on_it_reads_and_only_home_affairs_acts(
    client: Client, people: People, plan: Plan, made: Assessment, stranger: User
) -> None:
    head = factories.UnitHeadFactory(unit=made.unit)
    for who in (people.officer, people.leader, head, factories.AgencyOfficerFactory(), people.city_leader):
        shown = page(client, who, made)
        assert "Đề nghị giải trình<" not in shown and "Trả lại xã, phường" not in shown
    shown = page(client, people.home_affairs, made)
    assert "Đề nghị giải trình<" in shown and "Trả lại xã, phường" in shown
    for who in (stranger, factories.DelegationMemberFactory(), factories.AdministratorFactory()):
        client.force_login(who)
        assert client.get(address(made)).status_code == 404
    assert client.post(address(made)).status_code == 405


def test_question_and_answer_beside_the_entry(client: Client, people: People, made: Assessment) -> None:
    question = questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-3.5", text="<b>Khi nào?</b>")
    shown = page(client, people.officer, made)
    link = reverse("assessments:question", args=[question.pk])
    assert "&lt;b&gt;Khi nào?&lt;/b&gt;" in shown and link in shown
    assert link not in page(client, people.home_affairs, made)
    questioning.explain(user=people.officer, question_id=question.pk, answer="Tháng 8 & tháng 9")
    shown = page(client, people.city_leader, made)
    assert "Tháng 8 &amp; tháng 9" in shown and "Chưa được trả lời" not in shown
    sheet = client.get(reverse("assessments:detail", args=[made.pk])).content.decode()
    assert "Đã giải trình" in sheet


def test_a_settled_entry_that_waits_for_an_answer_is_not_folded(
    client: Client, people: People, made: Assessment
) -> None:
    answer(people.home_affairs, made, Layer.AGENCY, {"tc-3.5": NewAnswer("met")})
    questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-3.5", text="Khi nào?")
    shown = page(client, people.home_affairs, made)
    assert 'id="tc-3-5"' in part(shown, "cho-giai-trinh")


def test_evidence_with_links(client: Client, people: People, plan: Plan, assessment: Assessment) -> None:
    who = {"user": people.officer, "assessment_id": assessment.pk, "layer": Layer.SELF.value, "key": "tc-1.1"}
    evidence.add_files(**who, files=[files.upload("Biên bản.pdf", files.pdf())])  # type: ignore[arg-type]
    evidence.add_reference(**who, reference="Báo cáo số 15")  # type: ignore[arg-type]
    shown = page(client, people.officer, assessment)
    link = reverse("assessments:evidence_download", args=[assessment.pk, Evidence.objects.exclude(file="").get().pk])
    assert "Minh chứng (2)" in shown and link in shown and "Báo cáo số 15" in shown


def test_what_the_ward_changed_since_is_marked(client: Client, people: People, made: Assessment) -> None:
    answer(people.home_affairs, made, Layer.AGENCY, {"tc-3.5": NewAnswer("not_met", "Xả thải")})
    due = timezone.localdate() + timedelta(days=9)
    moving.return_to_ward(user=people.home_affairs, assessment_id=made.pk, reason="3.5", new_due=due)
    mark = "Xã, phường đã sửa mục này sau khi thẩm định"
    assert mark not in page(client, people.officer, made)
    save(people.officer, made, "tc-3.5", NewAnswer("not_met", "Đúng là còn"), version=1)
    moving.send_to_council(user=people.officer, assessment_id=made.pk)
    approve_and_submit(people.leader, made)
    shown = page(client, people.home_affairs, made)
    assert shown.count(mark) == 1 and mark in shown.partition('id="tc-3-5"')[2].partition("</article>")[0]


def test_hints_for_the_reason_of_a_return(client: Client, people: People, made: Assessment) -> None:
    answer(people.home_affairs, made, Layer.AGENCY, {"tc-3.6": NewAnswer("not_met", "Thấy mái che")})
    questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-3.5", text="Khi nào?")
    client.force_login(people.home_affairs)
    shown = client.get(reverse("assessments:move", args=[made.pk, "tra-lai-xa-phuong"])).content.decode()
    assert "1 mục khác nhau giữa các bên, 1 đề nghị giải trình" in shown
    assert "Thấy mái che" in shown and "Khi nào?" in shown
    shown = client.get(reverse("assessments:move", args=[made.pk, "ket-luan"])).content.decode()
    assert "Gợi ý cho lý do" not in shown


def test_linked_from_the_sheet(client: Client, people: People, made: Assessment, assessment: Assessment) -> None:
    client.force_login(people.officer)
    assert address(made) in client.get(reverse("assessments:detail", args=[made.pk])).content.decode()
    assert address(assessment) not in client.get(reverse("assessments:detail", args=[assessment.pk])).content.decode()


def test_same_queries_with_more_on_it(client: Client, people: People, plan: Plan, made: Assessment) -> None:
    assign(plan, factories.AgencyFactory())

    def cost() -> int:
        page(client, people.home_affairs, made)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(made))
        return len(queries)

    questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-1.1", text="Một?")
    answer(people.home_affairs, made, Layer.AGENCY, {"tc-3.6": NewAnswer("not_met", "x")})
    one = cost()
    for key in ("tc-1.2", "tc-1.3", "th-1"):
        questioning.ask(user=people.home_affairs, assessment_id=made.pk, key=key, text="Vì sao?")
    answer_all(people.home_affairs, made, layer=Layer.AGENCY, bad=["tc-3.6", "tc-1.1"])
    assert cost() == one <= 16


def test_a_number_nobody_has(client: Client, world: World) -> None:
    client.force_login(world["ha"])
    assert client.get("/ho-so/999999/doi-chieu/").status_code == 404
