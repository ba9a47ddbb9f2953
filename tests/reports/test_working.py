"""What workers do with an order: once each, through failures, cancellations and deaths."""

import hashlib
import os
import signal
import threading
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader
from pytest_django import Settings

from accounts.models import User
from assessments.models import Assessment, Notice, Plan
from reports import ordering, store, tasks, working
from reports.models import PrintJob, PrintPart
from reports.models.files import Format
from tests import factories
from tests.assessments.parallel import REAL_TRANSACTIONS, at_once, second_waits_for_first
from tests.reports.printing import QuickPress, order, units, wait_for, workers

pytestmark = REAL_TRANSACTIONS


@pytest.fixture(autouse=True)
def documents(settings: Settings, tmp_path: Path) -> Path:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return tmp_path


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> QuickPress:
    quick = QuickPress()
    monkeypatch.setattr(working.making, "make", quick.make)
    return quick


def work(job: PrintJob) -> PrintJob:
    """One lane, and the end if there is one."""
    working.work_off(job.pk)
    working.finish(job.pk)
    job.refresh_from_db()
    return job


def entries(job: PrintJob) -> list[str]:
    assert job.file is not None
    with zipfile.ZipFile(store.place(job.file)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_all_are_made_packed_and_told_once(officer: User, plan: Plan, press: QuickPress) -> None:
    made = units(officer, plan, 3)
    job = work(order(officer, plan))
    assert press.made == [str(assessment.pk) for assessment in made]
    assert [name.rpartition("/")[2] for name in entries(job)] == [
        "Mục lục.txt", *[f"00{n}. Tổ {n} - Phiếu đánh giá.pdf" for n in (1, 2, 3)], "SHA256SUMS",
    ]  # fmt: skip
    working.finish(job.pk)
    [notice] = Notice.objects.filter(recipient=officer, kind=Notice.Kind.PRINTED)
    assert notice.url == f"/in/{job.pk}/"
    assert set(job.parts.values_list("attempts", flat=True)) == {1}


def test_the_checksums_are_those_of_the_files(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 2)
    job = work(order(officer, plan))
    assert job.file is not None
    with zipfile.ZipFile(store.place(job.file)) as archive:
        lines = archive.read("SHA256SUMS").decode().splitlines()
        assert len(lines) == 3
        for line in lines:
            told, _, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == told


def test_one_pdf_has_a_bookmark_for_each(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 3)
    job = work(order(officer, plan, Format.PDF))
    assert job.file is not None and job.file.pages == 3
    reader = PdfReader(store.place(job.file))
    folder, inside = reader.outline
    assert folder["/Title"] == str(officer.ward)  # type: ignore[call-overload, index]
    assert [reader.get_destination_page_number(mark) for mark in inside] == [0, 1, 2]  # type: ignore[union-attr, arg-type]
    assert reader.metadata is not None and reader.metadata.title == job.title


def test_the_second_order_of_unchanged_papers_is_the_same_file(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 2)
    first, second = work(order(officer, plan)), work(order(officer, plan))
    assert first.pk != second.pk and first.file_id == second.file_id


def test_lanes_at_the_same_time_never_make_a_paper_twice(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 12)
    job = order(officer, plan)
    results = at_once(*[lambda: working.work_off(job.pk) for _ in range(4)])
    assert results == [None] * 4
    assert len(press.made) == len(set(press.made)) == 12
    assert set(job.parts.values_list("attempts", flat=True)) == {1}


def test_several_finish_together_and_one_tells(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 2)
    job = order(officer, plan)
    working.work_off(job.pk)
    assert at_once(*[lambda: working.finish(job.pk) for _ in range(3)]) == [None] * 3
    assert Notice.objects.filter(kind=Notice.Kind.PRINTED).count() == 1


def test_a_paper_that_fails_is_tried_three_times_and_the_others_come(
    officer: User, plan: Plan, press: QuickPress, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = units(officer, plan, 2)
    tried: list[str] = []

    def spoil(subject: str) -> None:
        tried.append(subject)
        if subject == str(bad.pk) and len(tried) <= 4:
            raise RuntimeError("hỏng")

    press.spoil = spoil
    job = work(order(officer, plan))
    failed, done = job.parts.all()
    assert (failed.attempts, failed.error, failed.file) == (3, working.FAILED, None)
    assert done.file is not None and "hỏng" in caplog.text
    assert len(entries(job)) == 3
    assert "còn 1 văn bản không lập được" in Notice.objects.get(kind=Notice.Kind.PRINTED).text
    tried.extend(["", ""])  # what was wrong is mended
    job = work(ordering.retry(user=officer, job_id=job.pk))
    assert press.made == [str(good.pk), str(bad.pk)]
    assert len(entries(job)) == 4


def test_a_paper_that_kills_its_worker_is_given_up(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    job.parts.update(attempts=3)  # counted before it was made; nobody lived to write more
    job = work(job)
    assert job.parts.get().error == working.FAILED
    assert (job.open, job.file, press.made) == (False, None, [])


def test_rights_count_when_the_paper_is_made(officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    User.objects.filter(pk=officer.pk).update(ward=factories.WardFactory())  # moved to another ward meanwhile
    job = work(job)
    assert (job.parts.get().error, job.file) == (working.NOT_YOURS, None)


def test_a_locked_account_prints_nothing_more(officer: User, plan: Plan) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert work(job).parts.get().error == working.NOT_YOURS


def test_a_unit_that_is_no_longer_theirs_is_left_out(officer: User, plan: Plan, press: QuickPress) -> None:
    _, moved = units(officer, plan, 2)
    job = order(officer, plan)

    def spoil(subject: str) -> None:
        if subject == str(moved.pk):
            raise Assessment.DoesNotExist

    press.spoil = spoil
    assert [part.error for part in work(job).parts.all()] == ["", working.NOT_YOURS]


def test_cancelled_between_two_papers(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 3)
    job = order(officer, plan)

    def spoil(_: str) -> None:
        thread = threading.Thread(target=cancel)
        thread.start()
        thread.join()

    def cancel() -> None:
        if PrintJob.objects.get(pk=job.pk).open:
            ordering.cancel(user=officer, job_id=job.pk)
        connection.close()

    press.spoil = spoil
    job = work(job)
    assert (len(press.made), job.file, job.cancelled_at is not None) == (1, None, True)
    assert not Notice.objects.filter(kind=Notice.Kind.PRINTED).exists()
    press.spoil = lambda _: None
    job = work(ordering.retry(user=officer, job_id=job.pk))
    assert len(press.made) == len(set(press.made)) == 3
    assert job.file is not None


def test_two_clicks_at_the_same_moment_are_one_order(officer: User, plan: Plan) -> None:
    units(officer, plan, 2)
    first, second = at_once(*[lambda: order(officer, plan)] * 2)
    assert first.pk == second.pk
    assert (PrintJob.objects.count(), PrintPart.objects.count(), DBTaskResult.objects.count()) == (1, 2, 2)


def test_nobody_cancels_while_the_file_is_put_together(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    working.work_off(job.pk)
    result = second_waits_for_first(
        lambda: working.finish(job.pk), lambda: ordering.cancel(user=officer, job_id=job.pk)
    )
    assert isinstance(result, ordering.TooLate)


def test_an_order_left_lying_is_taken_up_once(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 3)
    job = order(officer, plan)
    assert working.take_up() == 0  # lanes are called and wait
    died = DBTaskResult.objects.all()
    died.update(status="RUNNING", started_at="2025-01-01T00:00Z")  # their workers are no more
    assert working.take_up() == 1
    assert working.take_up() == 0
    assert tasks.of_job(job.pk).filter(status="READY").count() == 2


def test_an_order_somebody_works_on_is_left_to_them(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 2)
    job = order(officer, plan)
    DBTaskResult.objects.all().delete()
    seen: list[int] = []

    def look() -> None:
        seen.append(working.take_up())
        connection.close()

    def spoil(_: str) -> None:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    press.spoil = spoil
    working.work_off(job.pk)
    assert seen == [0, 0]


def test_a_file_that_cannot_be_put_together_ends_the_order(officer: User, plan: Plan, press: QuickPress) -> None:
    units(officer, plan, 1)
    job = order(officer, plan)
    working.work_off(job.pk)
    DBTaskResult.objects.all().delete()
    for _ in range(working.ATTEMPTS):
        tasks.bind_order.enqueue(job.pk)
    DBTaskResult.objects.update(status="RUNNING", started_at="2025-01-01T00:00Z")
    assert working.take_up() == 0
    job.refresh_from_db()
    assert (job.open, job.file) == (False, None)
    assert "Không in được" in Notice.objects.get(kind=Notice.Kind.PRINTED).text


def test_a_killed_worker_loses_nothing_and_nothing_is_made_twice(officer: User, plan: Plan, documents: Path) -> None:
    """Two real processes; one is killed with a paper in hand, and the service starts another."""
    units(officer, plan, 4)
    job = order(officer, plan)
    with workers(2, documents) as crew:
        wait_for(lambda: job.parts.filter(file__isnull=False).exists())
        done = dict(job.parts.filter(file__isnull=False).values_list("pk", "file"))
        victim = crew.workers()[0]
        os.kill(victim.pid, signal.SIGKILL)
        wait_for(lambda: not PrintJob.objects.get(pk=job.pk).open)
        wait_for(lambda: len([one for one in crew.workers() if one.pid != victim.pid]) == 2)
    job.refresh_from_db()
    assert len(entries(job)) == 6
    assert dict(job.parts.filter(pk__in=done).values_list("pk", "file")) == done
    assert set(job.parts.filter(pk__in=done).values_list("attempts", flat=True)) == {1}
    assert Notice.objects.filter(kind=Notice.Kind.PRINTED).count() == 1


def test_all_killed_and_started_again_the_order_goes_on(officer: User, plan: Plan, documents: Path) -> None:
    units(officer, plan, 4)
    job = order(officer, plan)
    with workers(2, documents) as crew:
        wait_for(lambda: job.parts.filter(file__isnull=False).exists())
        assert working.anybody_alive()
        children = crew.workers()
        os.kill(crew.process.pid, signal.SIGKILL)  # what it started ends with it
        for child in children:
            with suppress(ProcessLookupError):  # it has ended with what started it
                os.kill(child.pid, signal.SIGKILL)
            child.wait(20)
    assert PrintJob.objects.get(pk=job.pk).open
    wait_for(lambda: not working.anybody_alive())
    with workers(1, documents):
        wait_for(lambda: not PrintJob.objects.get(pk=job.pk).open)
    job.refresh_from_db()
    assert len(entries(job)) == 6


def test_asked_to_end_a_worker_finishes_its_paper_and_leaves_the_rest(
    officer: User, plan: Plan, documents: Path
) -> None:
    units(officer, plan, 4)
    job = order(officer, plan)
    with workers(1, documents) as crew:
        wait_for(lambda: job.parts.filter(file__isnull=False).exists())
        os.kill(crew.process.pid, signal.SIGTERM)
        assert crew.process.wait(20) == 0
    assert PrintJob.objects.get(pk=job.pk).open
    assert not job.parts.filter(file__isnull=True, attempts__gt=0).exists()  # none was cut off
    assert "Traceback" not in crew.log.read_text()
