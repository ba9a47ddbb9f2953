"""Explanations on the screen: asked from the comparison, listed, answered, and on everybody's first page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import questioning
from assessments.models import Assessment, Plan, Question
from assessments.workflow import State
from tests import factories
from tests.assessments.appraising import assign, dossier
from tests.assessments.roads import People
from tests.assessments.views.world import World, has_error, has_form, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

LIST, HOME = reverse("assessments:question_list"), reverse("assessments:home")


@pytest.fixture
def made(people: People, plan: Plan) -> Assessment:
    return dossier(people, plan, State.APPRAISAL)


@pytest.fixture
def question(people: People, made: Assessment) -> Question:
    return questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-3.5", text="Khắc phục khi nào?")


def asking(assessment: Assessment, key: str = "tc-3.5") -> str:
    return reverse("assessments:ask", args=[assessment.pk, key])


def answering(question: Question) -> str:
    return reverse("assessments:question", args=[question.pk])


class TestAsk:
    def test_asks_the_agency(self, client: Client, people: People, plan: Plan, made: Assessment) -> None:
        agency = factories.AgencyFactory(name="Phòng Môi trường")
        assign(plan, agency, "tc-3.5")
        client.force_login(people.home_affairs)
        page = client.get(asking(made)).content.decode()
        assert "Phòng Môi trường" in page and str(made.unit.ward) in page
        due = timezone.localdate() + timedelta(days=2)
        response = client.post(asking(made), {"asked": agency.pk, "text": "Vì sao?", "due_on": due})
        assert response.url == reverse("assessments:compare", args=[made.pk]) + "#tc-3-5"
        asked = Question.objects.get()
        assert (asked.agency, asked.text, asked.due_on) == (agency, "Vì sao?", due)

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"text": ""}, "Chưa nhập nội dung cần giải trình."),
            ({"text": "<i>Giữ lại</i>", "due_on": "2020-01-01"}, "Hạn trả lời phải sau ngày hôm nay."),
            ({"text": "Giữ lại", "due_on": "32/13/2026"}, "Ngày không hợp lệ."),
            ({"text": "Giữ lại", "asked": "999999"}, "Chọn bên được hỏi trong danh sách."),
            ({"text": "Giữ lại" + "x" * 2000}, "2000"),
        ],
    )
    def test_what_was_typed_stays(
        self, client: Client, people: People, made: Assessment, data: dict[str, str], sentence: str
    ) -> None:
        client.force_login(people.home_affairs)
        page = client.post(asking(made), {"asked": "ward"} | data).content.decode()
        assert sentence in page and has_error(page) and not Question.objects.exists()
        assert not data["text"] or ("Giữ lại" in page and "<i>" not in main(page))

    def test_not_in_every_state(self, client: Client, people: People, assessment: Assessment) -> None:
        client.force_login(people.home_affairs)
        assert client.get(asking(assessment)).status_code == 404
        page = client.post(asking(assessment), {"asked": "ward", "text": "Vì sao?"}).content.decode()
        assert "khi hồ sơ đang ở thành phố và chưa trình" in page and not Question.objects.exists()

    def test_bad_places(self, client: Client, people: People, made: Assessment) -> None:
        client.force_login(people.home_affairs)
        for url in (asking(made, "tc-9.9"), "/ho-so/999999/muc/tc-1.1/hoi/"):
            assert client.get(url).status_code == client.post(url, {"asked": "ward", "text": "x"}).status_code == 404

    @pytest.mark.parametrize("who", ["officer", "leader"])
    def test_the_ward_does_not_ask(self, client: Client, people: People, made: Assessment, who: str) -> None:
        client.force_login(getattr(people, who))
        assert client.get(asking(made)).status_code == client.post(asking(made)).status_code == 404

    def test_the_leader_of_the_city_does_not_ask(self, client: Client, people: People, made: Assessment) -> None:
        client.force_login(people.city_leader)
        assert client.get(asking(made)).status_code == 404
        page = client.post(asking(made), {"asked": "ward", "text": "Vì sao?"}).content.decode()
        assert "Chỉ cơ quan nội vụ" in page and not Question.objects.exists()


class TestAnswer:
    def test_answers_once(self, client: Client, people: People, question: Question) -> None:
        client.force_login(people.officer)
        assert has_form(client.get(answering(question)).content.decode())
        page = client.post(answering(question), {"answer": "Tháng 8 <xong>"}, follow=True).content.decode()
        assert "Đã gửi giải trình." in page and "Tháng 8 &lt;xong&gt;" in page and not has_form(page)
        page = client.post(answering(question), {"answer": "Khác"}).content.decode()
        assert "đã được trả lời lúc" in page
        question.refresh_from_db()
        assert question.answer == "Tháng 8 <xong>"

    @pytest.mark.parametrize("answer", ["", "   ", "x" * 4001])
    def test_not_without_words(self, client: Client, people: People, question: Question, answer: str) -> None:
        client.force_login(people.officer)
        page = client.post(answering(question), {"answer": answer}).content.decode()
        assert has_error(page)
        question.refresh_from_db()
        assert question.answered_at is None

    def test_readers_do_not_answer(self, client: Client, people: People, question: Question) -> None:
        head = factories.UnitHeadFactory(unit=question.assessment.unit)
        for who in (people.home_affairs, people.city_leader, head, factories.AgencyOfficerFactory()):
            client.force_login(who)
            page = client.get(answering(question)).content.decode()
            assert "Khắc phục khi nào?" in page and not has_form(page)
            assert "Chỉ bên được hỏi" in client.post(answering(question), {"answer": "x"}).content.decode()

    def test_strangers(self, client: Client, question: Question, stranger: User) -> None:
        for who in (stranger, factories.AdministratorFactory(), factories.DelegationMemberFactory()):
            client.force_login(who)
            assert client.get(answering(question)).status_code == 404
            assert client.post(answering(question), {"answer": "x"}).status_code == 404


class TestList:
    def test_each_sees_what_is_theirs(self, client: Client, people: People, question: Question, stranger: User) -> None:
        for who, seen in ((people.officer, True), (people.home_affairs, True), (stranger, False)):
            client.force_login(who)
            assert (answering(question) in client.get(LIST).content.decode()) is seen
        assert "Chưa có đề nghị giải trình nào gửi tới bạn." in client.get(LIST).content.decode()

    def test_filters(self, client: Client, people: People, question: Question) -> None:
        client.force_login(people.home_affairs)
        assert answering(question) in client.get(f"{LIST}?loc=cho").content.decode()
        assert answering(question) not in client.get(f"{LIST}?loc=xong").content.decode()
        assert answering(question) in client.get(f"{LIST}?loc=%3Cb%3E&trang=x").content.decode()

    @pytest.mark.parametrize("role", ["hd", "dm", "fp", "ad"])
    def test_nobody_else(self, client: Client, world: World, role: str) -> None:
        client.force_login(world[role])
        assert client.get(LIST).status_code == 404

    def test_overdue(self, client: Client, people: People, made: Assessment) -> None:
        Question.objects.create(
            assessment=made,
            entry_id=made.verdicts.get(layer="self", entry__key="tc-1.1").entry_id,
            text="Vì sao?",
            due_on=timezone.localdate(),  # on the day itself it is late
            asked_by=people.home_affairs,
            asked_at=timezone.now(),
        )
        client.force_login(people.home_affairs)
        assert "Quá hạn" in main(client.get(LIST).content.decode())
        assert "1 đề nghị giải trình chưa được trả lời, 1 quá hạn" in client.get(HOME).content.decode()

    def test_same_queries_for_three(self, client: Client, people: People, made: Assessment) -> None:
        client.force_login(people.home_affairs)

        def cost() -> int:
            client.get(LIST)
            with CaptureQueriesContext(connection) as queries:
                client.get(LIST)
            return len(queries)

        def add(key: str) -> None:
            questioning.ask(user=people.home_affairs, assessment_id=made.pk, key=key, text="Vì sao?")

        add("tc-1.1")
        one = cost()
        add("tc-1.2")
        add("tc-1.3")
        assert cost() == one <= 8


class TestFirstPage:
    def test_the_asked(self, client: Client, people: People, question: Question) -> None:
        for who in (people.officer, people.leader):
            client.force_login(who)
            page = client.get(HOME).content.decode()
            assert "1 đề nghị giải trình chờ bạn trả lời" in page and f"{LIST}?loc=cho" in page

    def test_the_agency(self, client: Client, people: People, plan: Plan, made: Assessment) -> None:
        officer = factories.AgencyOfficerFactory()
        assign(plan, officer.agency, "tc-3.5")
        client.force_login(officer)
        assert "đề nghị giải trình" not in client.get(HOME).content.decode()
        questioning.ask(
            user=people.home_affairs, assessment_id=made.pk, key="tc-3.5", text="Vì sao?", agency_id=officer.agency_id
        )
        assert "1 đề nghị giải trình chờ bạn trả lời" in client.get(HOME).content.decode()

    def test_home_affairs(self, client: Client, people: People, question: Question) -> None:
        client.force_login(people.home_affairs)
        assert "1 đề nghị giải trình chưa được trả lời" in client.get(HOME).content.decode()
        questioning.explain(user=people.officer, question_id=question.pk, answer="Tháng 8")
        page = client.get(HOME).content.decode()
        assert "1 giải trình mới trong 7 ngày qua" in page and "chưa được trả lời" not in page
