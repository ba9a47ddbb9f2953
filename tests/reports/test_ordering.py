"""Ordering many papers: what an order is, who may, and what becomes of a second click."""

import unicodedata
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from assessments.models import Assessment, Delegation, Plan, Visit
from reports import binding, bundles, ordering
from reports.models import PrintJob
from reports.models.files import Format
from tests import factories
from tests.reports.printing import WARD_SET, order, units

pytestmark = pytest.mark.django_db


def test_an_order_holds_every_unit_of_the_ward_and_calls_two_lanes(officer: User, plan: Plan) -> None:
    made = units(officer, plan, 3)
    factories.open_assessment(plan=plan)  # another ward's
    job = order(officer, plan)
    parts = list(job.parts.all())
    assert [int(part.subject) for part in parts] == [assessment.pk for assessment in made]
    assert {part.kind for part in parts} == {"phieu-danh-gia"}
    assert DBTaskResult.objects.count() == 2
    assert parts[0].file_name.endswith("/001. Tổ 1 - Phiếu đánh giá.pdf")


def test_the_same_order_while_it_runs_is_the_same_order(officer: User, plan: Plan) -> None:
    units(officer, plan, 2)
    first, second = order(officer, plan), order(officer, plan)
    assert first.pk == second.pk
    assert DBTaskResult.objects.count() == 2
    assert order(officer, plan, Format.PDF).pk != first.pk


def test_after_the_end_it_is_a_new_order(officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    first = order(officer, plan)
    PrintJob.objects.filter(pk=first.pk).update(finished_at=timezone.now())
    assert order(officer, plan).pk != first.pk


def test_two_people_have_two_orders(officer: User, leader: User, plan: Plan) -> None:
    units(officer, plan, 1)
    assert order(officer, plan).pk != order(leader, plan).pk


def test_another_ward_does_not_exist(officer: User, stranger: User, plan: Plan) -> None:
    units(officer, plan, 1)
    assert officer.ward is not None
    with pytest.raises(ObjectDoesNotExist):
        ordering.order(user=stranger, bundle=WARD_SET, ids=(plan.pk, officer.ward.pk), form=Format.ZIP)


def test_an_empty_set_is_no_order(officer: User, plan: Plan) -> None:
    with pytest.raises(ordering.NothingToPrint):
        order(officer, plan)
    assert not PrintJob.objects.exists()


def test_only_the_owner_cancels(officer: User, leader: User, plan: Plan) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    with pytest.raises(PrintJob.DoesNotExist):
        ordering.cancel(user=leader, job_id=job.pk)
    assert not ordering.cancel(user=officer, job_id=job.pk).open
    with pytest.raises(ordering.TooLate):
        ordering.cancel(user=officer, job_id=job.pk)


def test_retry_takes_up_the_failures_alone(officer: User, plan: Plan) -> None:
    units(officer, plan, 2)
    job = order(officer, plan)
    with pytest.raises(ordering.TooLate):  # nothing has failed
        ordering.retry(user=officer, job_id=job.pk)
    first = job.parts.all()[0]
    job.parts.filter(pk=first.pk).update(error="Hỏng", attempts=3)
    PrintJob.objects.filter(pk=job.pk).update(finished_at=timezone.now())
    DBTaskResult.objects.all().delete()
    again = ordering.retry(user=officer, job_id=job.pk)
    first.refresh_from_db()
    assert (again.open, first.error, first.attempts) == (True, "", 0)
    assert DBTaskResult.objects.count() == 2


def test_retry_gives_way_to_the_same_order_that_runs(officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    ordering.cancel(user=officer, job_id=job.pk)
    order(officer, plan)
    with pytest.raises(ordering.TooLate):
        ordering.retry(user=officer, job_id=job.pk)


def test_a_whole_dossier_is_one_part_in_the_form_that_was_asked_for(officer: User, assessment: Assessment) -> None:
    whole = bundles.find("toan-bo-ho-so")
    for form in Format.PDF, Format.ZIP:
        [part] = ordering.order(user=officer, bundle=whole, ids=(assessment.pk,), form=form).parts.all()
        assert (part.format, part.file_name.rpartition(".")[2]) == (form, form)


def test_the_delegations_sets(home_affairs: User, assessment: Assessment) -> None:
    plan = assessment.plan
    delegation = Delegation.objects.create(
        plan=plan, name="Đoàn số 1", decision_number="1/QĐ", decided_on=timezone.localdate(), decided_by="UBND"
    )
    visit = Visit.objects.create(delegation=delegation, assessment=assessment)
    found = {code: bundles.find(code).find(home_affairs, (delegation.pk,)) for code in ("ho-so-doan", "bien-ban-doan")}
    assert [item.subject for item in found["ho-so-doan"].items] == [str(assessment.pk)]
    assert found["bien-ban-doan"].items == []  # nobody has been there yet
    Visit.objects.filter(pk=visit.pk).update(held_on=timezone.localdate() - timedelta(days=1))
    [item] = bundles.find("bien-ban-doan").find(home_affairs, (delegation.pk,)).items
    assert item.subject == str(visit.pk)
    member = factories.DelegationMemberFactory()
    with pytest.raises(ObjectDoesNotExist):
        bundles.find("ho-so-doan").find(member, (delegation.pk,))


def test_which_sets_are_offered_to_whom(officer: User, home_affairs: User) -> None:
    agency, admin = factories.AgencyOfficerFactory(), factories.AdministratorFactory()

    def codes(user: User, about: str) -> list[str]:
        return [row.code for row in bundles.offered(user, bundles.About(about), object())]

    assert codes(officer, "ward_plan") == ["phieu-danh-gia-xa-phuong", "toan-bo-ho-so-xa-phuong"]
    assert codes(home_affairs, "plan") == ["phieu-danh-gia-thanh-pho"]
    assert codes(officer, "plan") == codes(agency, "ward_plan") == codes(admin, "assessment") == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("Tổ 1/2: <khu chợ>?.pdf", "Tổ 1-2_ _khu chợ__.pdf"),
        ("con.pdf", "_con.pdf"),
        ("…" * 300 + ".pdf", "…" * 116 + ".pdf"),
        (unicodedata.normalize("NFD", "Tổ dân phố Quyết Thắng"), "Tổ dân phố Quyết Thắng"),
        ("..", "Văn bản"),
        ("a\u202egpj.exe", "agpj.exe"),
    ],
)
def test_names_inside_a_zip_are_safe_everywhere(given: str, wanted: str) -> None:
    assert binding.safe_name(given) == wanted


def test_equal_names_are_counted() -> None:
    names = ["a/Tổ 1.pdf", "a/tổ 1.pdf", "a/Tổ 1.pdf", "b/Tổ 1.pdf", "ba.b/tên"]
    assert binding.unique(names) == ["a/Tổ 1.pdf", "a/tổ 1 (2).pdf", "a/Tổ 1 (3).pdf", "b/Tổ 1.pdf", "ba.b/tên"]
