"""A ward's plan: writing, sending, late or in time, giving back, tasks, and correcting registrations."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, Event, Notice, Plan, Registration, WardPlan, WardPlanTask, WardPlanUnit
from assessments.queries.year import ward_plans as reading
from assessments.registering import Correction, correct_all
from assessments.workflow import State
from assessments.year import city_plans, rows, ward_plans
from assessments.year.ward_plans import Content, Progress, Task
from tests import factories
from tests.assessments.roads import People
from tests.assessments.views.year_plans import written
from tests.database import refused

pytestmark = pytest.mark.django_db
NOW = "2025-05-19 03:00:00+00:00"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(db: None) -> People:
    ward = factories.WardFactory()
    return People(
        factories.WardOfficerFactory(ward=ward),
        factories.WardLeaderFactory(ward=ward),
        factories.HomeAffairsFactory(),
        factories.CityLeaderFactory(),
    )


@pytest.fixture
def plan(people: People) -> Plan:
    made: Plan = factories.PlanFactory(year=2025)
    factories.MilestoneFactory(plan=made, duty="ward_plan", before=date(2025, 5, 20))
    return made


@pytest.fixture
def dossier(people: People, plan: Plan) -> Assessment:
    return factories.open_assessment(unit=factories.UnitFactory(ward=people.officer.ward), plan=plan, aim="maintain")


def sent(people: People, plan: Plan) -> WardPlan:
    made = written(people.officer, plan)
    return ward_plans.send(user=people.leader, ward_plan_id=made.pk, version=made.version)


def test_sending_keeps_the_units_and_tells_home_affairs(people: People, plan: Plan, dossier: Assessment) -> None:
    found = sent(people, plan)
    assert (found.state, found.received_on) == ("submitted", date(2025, 5, 19))
    assert not found.came_late(date(2025, 5, 20))
    assert [row.unit for row in found.units.all()] == [dossier.unit]
    assert Notice.objects.get().recipient == people.home_affairs
    factories.open_assessment(unit=factories.UnitFactory(ward=people.officer.ward), plan=plan)
    assert len(reading.sent_units(found)) == 1
    assert len(reading.later_registrations(reading.sent_units(found), reading.registered_units(plan, found.ward))) == 1


def test_on_the_day_itself_it_is_late(people: People, plan: Plan) -> None:
    made = written(people.officer, plan)
    with time_machine.travel("2025-05-20 03:00:00+00:00", tick=False):
        [row] = reading.ward_rows(plan)
        assert row.overdue and not row.late
        ward_plans.send(user=people.leader, ward_plan_id=made.pk, version=made.version)
        [row] = reading.ward_rows(plan)
        assert row.late and not row.overdue


def test_home_affairs_says_when_the_paper_came(people: People, plan: Plan) -> None:
    made = written(people.officer, plan)
    with time_machine.travel("2025-05-25 03:00:00+00:00", tick=False):
        found = ward_plans.send(user=people.leader, ward_plan_id=made.pk, version=made.version)
        for day in (date(2025, 5, 26), date(2025, 3, 4)):
            with pytest.raises(InvalidInput) as caught:
                ward_plans.receive(
                    user=people.home_affairs, ward_plan_id=found.pk, version=found.version, received_on=day, reason="x"
                )
            assert caught.value.field == "received_on"
        found = ward_plans.receive(
            user=people.home_affairs, ward_plan_id=found.pk, version=found.version, received_on=date(2025, 5, 19),
            reason="Bản giấy đến trước",
        )  # fmt: skip
    assert not found.came_late(date(2025, 5, 20))


def test_only_a_whole_plan_is_sent_and_only_by_the_leader(people: People, plan: Plan) -> None:
    made = ward_plans.save(
        user=people.officer, plan_id=plan.pk, version=rows.NEW, content=Content(goals="Duy trì"), tasks=[]
    )
    with pytest.raises(Refusal, match="số, ký hiệu, ngày ký, ít nhất một nhiệm vụ"):
        ward_plans.send(user=people.leader, ward_plan_id=made.pk, version=made.version)
    with pytest.raises(Refusal, match="Chỉ lãnh đạo"):
        ward_plans.send(user=people.officer, ward_plan_id=made.pk, version=made.version)


def test_what_is_with_the_city_changes_only_after_a_return(people: People, plan: Plan) -> None:
    found = sent(people, plan)
    with pytest.raises(Refusal, match="đã gửi"):
        ward_plans.save(user=people.officer, plan_id=plan.pk, version=found.version, content=Content(), tasks=[])
    with pytest.raises(InvalidInput):
        ward_plans.give_back(user=people.home_affairs, ward_plan_id=found.pk, version=found.version, reason=" ")
    back = ward_plans.give_back(
        user=people.home_affairs, ward_plan_id=found.pk, version=found.version, reason="Thiếu nhiệm vụ"
    )
    assert (back.state, back.received_on) == ("returned", None)
    assert Notice.objects.filter(recipient=people.leader, text__contains="Thiếu nhiệm vụ").exists()
    again = ward_plans.send(user=people.leader, ward_plan_id=back.pk, version=back.version)
    assert (again.state, again.return_reason) == ("submitted", "")


def test_lines_are_added_moved_and_taken_away(people: People, plan: Plan) -> None:
    made = written(people.officer, plan)
    first, second = made.task_lines.order_by("position")
    ward_plans.report_tasks(
        user=people.officer, ward_plan_id=made.pk, version=made.version, progress=[Progress(second.pk, "doing")]
    )
    lines = [Task("Việc mới", "Công chức"), Task(second.content, "Người khác", pk=second.pk)]
    ward_plans.save(user=people.officer, plan_id=plan.pk, version=2, content=Content(), tasks=lines)
    now = list(made.task_lines.order_by("position"))
    assert [(t.content, t.responsible, t.state) for t in now] == [
        ("Việc mới", "Công chức", "planned"),
        (second.content, "Người khác", "doing"),
    ]
    assert not WardPlanTask.objects.filter(pk=first.pk).exists()
    with pytest.raises(Stale):
        ward_plans.save(user=people.leader, plan_id=plan.pk, version=2, content=Content(), tasks=[])
    with pytest.raises(InvalidInput, match="cần nội dung"):
        ward_plans.save(user=people.leader, plan_id=plan.pk, version=3, content=Content(), tasks=[Task("Việc", "")])


def test_progress_after_sending_and_what_is_overdue(people: People, plan: Plan) -> None:
    found = sent(people, plan)
    first, second = found.task_lines.order_by("position")
    changed = ward_plans.report_tasks(
        user=people.officer, ward_plan_id=found.pk, version=found.version,
        progress=[Progress(first.pk, "done", None, "Xong"), Progress(second.pk, "planned")],
    )  # fmt: skip
    assert changed == 1
    first.refresh_from_db()
    assert (first.state, first.done_on) == ("done", date(2025, 5, 19))
    second.due_on = date(2025, 5, 19)
    assert reading.TaskRow(second, date(2025, 5, 19)).overdue
    assert not reading.TaskRow(second, date(2025, 5, 18)).overdue
    with pytest.raises(InvalidInput):
        ward_plans.report_tasks(
            user=people.officer, ward_plan_id=found.pk, version=found.version + 1,
            progress=[Progress(first.pk, "done", date(2025, 5, 20))],
        )  # fmt: skip


def test_last_years_plan_fills_what_is_empty(people: People, plan: Plan) -> None:
    with pytest.raises(Refusal, match="chưa có kế hoạch năm trước"):
        ward_plans.fill(user=people.officer, plan_id=plan.pk)
    sent(people, factories.PlanFactory(year=2024))
    made = ward_plans.fill(user=people.officer, plan_id=plan.pk)
    assert (made.number, made.signed_on) == ("", None)
    assert made.goals and [t.due_on for t in made.task_lines.order_by("position")] == [
        date(2025, 6, 16),  # the 15th is a Sunday
        date(2025, 9, 30),
    ]
    with pytest.raises(Refusal, match="đủ nội dung"):
        ward_plans.fill(user=people.officer, plan_id=plan.pk)


def test_closed_years_and_strangers(people: People, plan: Plan) -> None:
    made = written(people.officer, plan)
    stranger = factories.WardLeaderFactory()
    with pytest.raises(WardPlan.DoesNotExist):
        ward_plans.send(user=stranger, ward_plan_id=made.pk, version=made.version)
    city_plans.close(user=people.home_affairs, plan_id=plan.pk, version=plan.version)
    with pytest.raises(Refusal, match="đã kết thúc"):
        ward_plans.send(user=people.leader, ward_plan_id=made.pk, version=made.version)


def test_a_registration_is_corrected_while_nothing_has_gone_out(
    people: People, plan: Plan, dossier: Assessment
) -> None:
    registration = dossier.registration

    def correct(aim: str, pilot: bool, seen: tuple[str, bool]) -> int:
        wish = Correction(registration.pk, aim, pilot, seen)
        return correct_all(user=people.officer, plan_id=plan.pk, corrections=[wish])

    assert correct("new", True, ("maintain", False)) == 1
    assert correct("new", True, ("new", True)) == 0
    with pytest.raises(Stale):
        correct("maintain", False, ("maintain", False))
    told = Event.objects.filter(assessment=dossier).order_by("-pk")[0]
    assert told.action == "corrected" and told.data["before"] == {"aim": "maintain", "pilot": False}
    made = sent(people, plan)
    with pytest.raises(Refusal, match="đã gửi"):
        correct("maintain", False, ("new", True))
    ward_plans.give_back(user=people.home_affairs, ward_plan_id=made.pk, version=made.version, reason="Sửa")
    factories.in_state(dossier, State.SUBMITTED)
    with pytest.raises(Refusal, match="không còn ở bước tự đánh giá"):
        correct("maintain", False, ("new", True))


def test_registrations_that_do_not_fit_are_marked(people: People, plan: Plan, dossier: Assessment) -> None:
    [row] = reading.registered_units(plan, dossier.unit.ward)
    assert row.warning.startswith("Đăng ký duy trì")
    assert reading.aim_warning("new", "recognised").startswith("Đăng ký đạt mới")
    assert not reading.aim_warning("new", None) and not reading.aim_warning("maintain", "recognised")
    assert reading.pilot_warning(plan, [row]) == ""
    plan.targets.create(kind="pilot_per_ward", minimum=1, maximum=2)
    assert "hiện có 0" in reading.pilot_warning(plan, [row])


def test_the_database_holds_ward_plans_to_their_rules(people: People, plan: Plan, dossier: Assessment) -> None:
    found = sent(people, plan)
    mine = WardPlan.objects.filter(pk=found.pk)
    with refused("ward_plan_once"):
        WardPlan.objects.create(plan=plan, ward=found.ward)
    with refused("ward_plan_state_known"):
        mine.update(state="lost")
    with refused("ward_plan_sent_has_time"):
        mine.update(received_on=None)
    with refused("ward_plan_return_has_reason"):
        mine.update(state="returned")
    with refused("ward_plan_text_nfc"):
        mine.update(goals="Đoa\u0300n")
    with refused("ward_plan_unit_once"):
        WardPlanUnit.objects.create(ward_plan=found, unit=dossier.unit, aim="new")
    with refused("ward_plan_unit_aim_known"):
        WardPlanUnit.objects.update(aim="else")
    tasks = WardPlanTask.objects.filter(ward_plan=found)
    with refused("ward_plan_task_in_order"):
        tasks.update(position=1)
    with refused("ward_plan_task_state_known"):
        tasks.update(state="lost")
    with refused("ward_plan_task_done_has_day"):
        tasks.update(state="done")
    with refused("ward_plan_task_text_nfc"):
        tasks.update(content="")


def test_standing_names_every_ward(people: People, plan: Plan) -> None:
    found = sent(people, plan)
    other = factories.WardFactory()
    assert reading.standing(plan) == {found.ward_id: found, other.pk: None}
    assert Registration.objects.filter(plan=plan).count() == 0


def test_every_wrong_task_is_told_at_once(client: Client, people: People, plan: Plan) -> None:
    client.force_login(people.officer)
    lines = [
        {"content": "Rà soát", "responsible": "Văn thư", "due_on": "2031-01-01"},
        {"content": "Họp", "responsible": "", "due_on": "hôm qua"},
        {"content": "", "responsible": "Văn thư", "due_on": ""},
        {"content": "x" * 501, "responsible": "y" * 201, "due_on": "2025-06-01", "order": "1000"},
    ]
    typed = {f"nhiem-vu-{at}-{name}": value for at, one in enumerate(lines) for name, value in one.items()}
    typed |= {"nhiem-vu-TOTAL_FORMS": "4", "nhiem-vu-INITIAL_FORMS": "0", "version": "0", "number": "1" * 51}
    page = client.post(reverse("assessments:ward_plan_edit", args=[plan.year]), typed)
    told = [set(errors) for errors in page.context["lines"].errors]
    assert told == [{"due_on"}, {"responsible", "due_on"}, {"content"}, {"content", "responsible", "order"}]
    assert set(page.context["form"].errors) == {"number"}
    assert "Thời hạn phải thuộc năm 2025 hoặc 2026." in page.content.decode()
    assert not WardPlan.objects.exists()


def test_every_wrong_day_of_progress_is_told_at_once(client: Client, people: People, plan: Plan) -> None:
    made = written(people.officer, plan)
    WardPlanTask.objects.create(ward_plan=made, position=9, content="Họp", responsible="Văn thư")
    client.force_login(people.officer)
    typed = {"version": made.version, "tien-do-INITIAL_FORMS": made.task_lines.count()}
    typed["tien-do-TOTAL_FORMS"] = made.task_lines.count()
    for at, task in enumerate(made.task_lines.order_by("position", "pk")):
        day = "2031-01-01" if task.content == "Họp" else "2001-01-01"
        typed |= {f"tien-do-{at}-pk": task.pk, f"tien-do-{at}-state": "done", f"tien-do-{at}-done_on": day}
    page = client.post(reverse("assessments:ward_plan_tasks", args=[made.pk]), typed)
    assert [set(errors) for errors in page.context["lines"].errors] == [{"done_on"}] * made.task_lines.count()
    assert made.task_lines.count() > 1
