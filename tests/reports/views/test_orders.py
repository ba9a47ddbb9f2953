"""The pages of orders: form, progress, list, file; each person's own."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from assessments.models import Assessment, Plan
from reports import store, working
from reports.models import PrintJob
from reports.models.files import Format
from tests import factories
from tests.reports.printing import order, units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def documents(settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def browser(officer: User) -> Client:
    return signed_in(officer)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def set_of(officer: User, plan: Plan) -> str:
    return f"/in/dat/phieu-danh-gia-xa-phuong/{plan.pk}-{officer.ward_id}/"


def finished(job: PrintJob, content: bytes = b"%PDF-1.7 x") -> PrintJob:
    job.file = store.keep(f"{job.pk:064x}", Format.PDF, content, 7)
    job.finished_at = timezone.now()
    job.save()
    return job


def test_one_click_orders_and_a_second_click_is_the_same(browser: Client, officer: User, plan: Plan) -> None:
    units(officer, plan, 2)
    first, second = browser.post(set_of(officer, plan)), browser.post(set_of(officer, plan))
    assert first.url == second.url == f"/in/{PrintJob.objects.get().pk}/"  # type: ignore[attr-defined]
    assert PrintJob.objects.get().format == "pdf"
    page = browser.get(first.url).content.decode()  # type: ignore[attr-defined]
    assert "0/2" in page and "every 1s" in page and "Đang chờ đến lượt" in page


def test_the_form_says_how_many_and_the_empty_set_has_no_button(browser: Client, officer: User, plan: Plan) -> None:
    assert "Chưa có văn bản nào" in browser.get(set_of(officer, plan)).content.decode()
    assert browser.post(set_of(officer, plan)).url == set_of(officer, plan)  # type: ignore[attr-defined]
    units(officer, plan, 2)
    assert "2 văn bản." in browser.get(set_of(officer, plan)).content.decode()


@pytest.mark.parametrize("path", ["x", "x/1/", "phieu-danh-gia-xa-phuong/1/", "phieu-danh-gia-xa-phuong/999-999/"])
def test_addresses_of_nothing(path: str, browser: Client) -> None:
    assert browser.get(f"/in/dat/{path}").status_code == 404


def test_another_wards_set_does_not_exist(stranger: User, officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    client = signed_in(stranger)
    assert client.get(set_of(officer, plan)).status_code == 404
    assert client.post(set_of(officer, plan)).status_code == 404
    assert not PrintJob.objects.exists()


def test_a_form_that_does_not_exist_is_told(browser: Client, officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    response = browser.post(set_of(officer, plan), {"dang": "exe"}, follow=True)
    assert "Chọn một dạng tệp" in response.content.decode()
    assert not PrintJob.objects.exists()


def test_an_order_is_its_owners_alone(browser: Client, officer: User, leader: User, plan: Plan) -> None:
    units(officer, plan, 1)
    pk = finished(order(officer, plan)).pk
    other = signed_in(leader)
    for path in (f"/in/{pk}/", f"/in/{pk}/tien-do/", f"/in/{pk}/tep/"):
        response = browser.get(path)
        b"".join(getattr(response, "streaming_content", ()))  # a file that is read is closed
        assert response.status_code == 200
        assert other.get(path).status_code == 404
    for path in (f"/in/{pk}/huy/", f"/in/{pk}/thu-lai/"):
        assert other.post(path).status_code == 404
        assert browser.get(path).status_code == 405
    assert "Chưa có lệnh in nào" in other.get("/in/").content.decode()


def test_the_file_is_given_out_with_its_vietnamese_name(browser: Client, officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    job = finished(order(officer, plan, Format.PDF))
    page = browser.get(f"/in/{job.pk}/").content.decode()
    assert job.file is not None and job.file.sha256 in page and "7 trang" in page
    response = browser.get(f"/in/{job.pk}/tep/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 x"  # type: ignore[attr-defined]
    assert response["Content-Type"] == "application/pdf" and response["Cache-Control"] == "private, no-store"
    assert "filename*=UTF-8''Phi%E1%BA%BFu" in response["Content-Disposition"]


def test_progress_asks_for_the_whole_page_at_the_end(browser: Client, officer: User, plan: Plan) -> None:
    units(officer, plan, 2)
    job = order(officer, plan)
    running = browser.get(f"/in/{job.pk}/tien-do/")
    assert "HX-Refresh" not in running and "every 1s" in running.content.decode()
    finished(job)
    ended = browser.get(f"/in/{job.pk}/tien-do/")
    assert ended["HX-Refresh"] == "true" and "every 1s" not in ended.content.decode()


def test_without_a_worker_the_page_says_so_after_a_while(browser: Client, officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    assert "Dịch vụ in chưa chạy" not in browser.get(f"/in/{job.pk}/").content.decode()
    PrintJob.objects.filter(pk=job.pk).update(ordered_at=timezone.now() - timedelta(seconds=20))
    assert "Dịch vụ in chưa chạy" in browser.get(f"/in/{job.pk}/").content.decode()
    working.show_alive()
    assert "Đang chờ đến lượt" in browser.get(f"/in/{job.pk}/").content.decode()


def test_failures_are_listed_and_tried_again(browser: Client, officer: User, plan: Plan) -> None:
    units(officer, plan, 2)
    job = order(officer, plan)
    job.parts.filter(position=1).update(error=working.FAILED)
    finished(job)
    page = browser.get(f"/in/{job.pk}/").content.decode()
    assert "Không lập được (1)" in page and "Tổ 1" in page and working.FAILED in page
    browser.post(f"/in/{job.pk}/thu-lai/")
    assert PrintJob.objects.get().open
    response = browser.post(f"/in/{job.pk}/thu-lai/", follow=True)
    assert "đang chạy" in response.content.decode()


def test_cancel_and_go_on(browser: Client, officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    page = browser.post(f"/in/{job.pk}/huy/", follow=True).content.decode()
    assert "Đã hủy" in page and "In tiếp" in page
    assert "không hủy được" in browser.post(f"/in/{job.pk}/huy/", follow=True).content.decode()
    browser.post(f"/in/{job.pk}/thu-lai/")
    assert PrintJob.objects.get().open


def test_the_list_asks_the_same_of_the_database_for_one_and_for_three(
    browser: Client, officer: User, plan: Plan
) -> None:
    units(officer, plan, 2)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    finished(order(officer, plan))
    browser.get("/in/")
    one = asked("/in/")
    for _ in range(2):
        finished(order(officer, plan))
    assert asked("/in/") == one
    few = asked(set_of(officer, plan))
    factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward), plan=plan, officer=officer)
    assert asked(set_of(officer, plan)) == few


def test_a_whole_dossier_is_ordered_not_opened(browser: Client, assessment: Assessment) -> None:
    path = f"/van-ban/toan-bo-ho-so/{assessment.pk}/"
    assert browser.get(path).url == f"/in/dat/toan-bo-ho-so/{assessment.pk}/"  # type: ignore[attr-defined]
    for made in ("tep.pdf", "tep.zip", "trang-1.png"):
        assert browser.get(path + made).status_code == 404
    page = browser.get(f"/in/dat/toan-bo-ho-so/{assessment.pk}/").content.decode()
    assert "Lập bộ hồ sơ" in page


def test_the_administrator_prints_nothing() -> None:
    client = signed_in(factories.AdministratorFactory())
    assert client.get("/in/").status_code == 404
