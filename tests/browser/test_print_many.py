"""Printing many papers on the screens: one, seventy with progress, cancelling, and a worker that is killed."""

import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import User
from assessments.models import Assessment, Notice, Plan
from reports.models import PrintJob
from tests.browser.screens import NewPage
from tests.reports.printing import Crew, units, wait_for, workers

MANY = 70
PATIENCE = 300  # seconds: seventy empty dossiers take a second or two each


@pytest.fixture
def documents(settings: Settings, tmp_path: Path) -> Path:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return tmp_path


@pytest.fixture
def crew(documents: Path) -> Iterator[Crew]:
    with workers(2, documents) as crew:
        yield crew


def order_all(page: Page, plan: Plan) -> PrintJob:
    """From the list of dossiers, in one click."""
    page.goto(reverse("assessments:list", args=[plan.year]))
    page.get_by_role("button", name="In tất cả hồ sơ").click()
    expect(page.locator("#tien-do")).to_be_visible()
    return PrintJob.objects.latest("pk")


def made(job: PrintJob) -> int:
    return job.parts.filter(file__isnull=False).count()


def ended(job: PrintJob) -> bool:
    return not PrintJob.objects.get(pk=job.pk).open


def test_one_whole_dossier_from_its_page(
    new_page: NewPage, officer: User, assessment: Assessment, crew: Crew, tmp_path: Path
) -> None:
    page = new_page(officer)
    page.goto(reverse("reports:paper", args=["toan-bo-ho-so", assessment.pk]))
    page.get_by_label("Tệp ZIP").check()
    page.get_by_role("button", name="Lập bộ hồ sơ").click()
    link = page.get_by_role("link", name="Tải tệp ZIP")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "taken.zip")
    with zipfile.ZipFile(tmp_path / "taken.zip") as archive:
        assert "SHA256SUMS" in archive.namelist()
    page.goto(reverse("assessments:notices"))
    expect(page.get_by_text("Đã in xong: Toàn bộ hồ sơ Tổ 5")).to_be_visible()


def test_seventy_with_progress_and_a_worker_killed_on_the_way(
    new_page: NewPage, officer: User, plan: Plan, crew: Crew
) -> None:
    units(officer, plan, MANY)
    page = new_page(officer)
    job = order_all(page, plan)
    wait_for(lambda: made(job) >= 3, PATIENCE)
    bar = page.locator("#tien-do progress")
    before = int(bar.get_attribute("value") or 0)
    os.kill(crew.workers()[0].pid, signal.SIGKILL)
    wait_for(lambda: made(job) >= before + 10, PATIENCE)
    page.wait_for_function(f"document.querySelector('#tien-do progress')?.value > {before}")  # without a reload
    wait_for(lambda: ended(job), PATIENCE)
    expect(page.get_by_text(f"Đã xong: {MANY}/{MANY} văn bản.")).to_be_visible()
    expect(page.get_by_role("link", name="Tải tệp PDF")).to_be_visible()
    assert Notice.objects.filter(kind=Notice.Kind.PRINTED, recipient=officer).count() == 1


def test_cancelled_on_the_way_and_gone_on_with(new_page: NewPage, officer: User, plan: Plan, crew: Crew) -> None:
    units(officer, plan, 8)
    page = new_page(officer)
    job = order_all(page, plan)
    wait_for(lambda: made(job) >= 1, PATIENCE)
    page.get_by_role("button", name="Hủy").click()
    expect(page.get_by_text("Đã hủy lúc")).to_be_visible()
    assert made(job) < 8
    page.get_by_role("button", name="In tiếp").click()
    wait_for(lambda: ended(job), PATIENCE)
    expect(page.get_by_text("Đã xong: 8/8 văn bản.")).to_be_visible()


def test_without_scripts_the_progress_is_asked_for_by_hand(
    new_page: NewPage, officer: User, plan: Plan, documents: Path
) -> None:
    units(officer, plan, 1)
    page = new_page(officer, java_script_enabled=False)
    job = order_all(page, plan)
    expect(page.get_by_text("0/1")).to_be_visible()
    with workers(1, documents):
        wait_for(lambda: ended(job), PATIENCE)
    page.get_by_role("link", name="Xem tiến độ mới").click()
    expect(page.get_by_role("link", name="Tải tệp PDF")).to_be_visible()


def test_without_a_service_the_page_says_whom_to_tell(
    new_page: NewPage, officer: User, plan: Plan, documents: Path
) -> None:
    units(officer, plan, 1)
    page = new_page(officer)
    job = order_all(page, plan)
    PrintJob.objects.filter(pk=job.pk).update(ordered_at="2025-01-01T00:00Z")
    expect(page.get_by_text("Dịch vụ in chưa chạy")).to_be_visible()
