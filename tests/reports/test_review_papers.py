"""What a hostile reader found in papers: rights that were lost, content of two moments, and a store that is damaged."""

import dataclasses
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Role, User
from assessments import attaching, decision_papers, recognition, signature_reader, signatures, visiting
from assessments.models import Assessment, Layer, Plan, Visit
from assessments.self_assessment import NewAnswer
from assessments.workflow import State
from reports import foreign, making, ordering, registry, store, sweeping, working
from reports.models import IssuedPaper, PrintJob, StoredFile
from reports.models.files import Format
from reports.papers import visit_minutes
from tests import factories, files, signing
from tests.assessments import visits
from tests.assessments.parallel import outcome
from tests.assessments.roads import answer_all, decision, save
from tests.reports.printing import QuickPress, order, units

pytestmark = pytest.mark.django_db
KEY, OTHER = "a" * 64, "b" * 64


@pytest.fixture(autouse=True)
def documents(settings: Settings, tmp_path: Path) -> Path:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return settings.DOCUMENT_ROOT


@pytest.fixture
def done(officer: User, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> PrintJob:
    """A finished order of two papers."""
    monkeypatch.setattr(working.making, "make", QuickPress().make)
    units(officer, plan, 2)
    job = order(officer, plan)
    working.work_off(job.pk)
    working.finish(job.pk)
    job.refresh_from_db()
    return job


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def told(response: Any) -> str:
    return " ".join(map(str, get_messages(response.wsgi_request)))


# ---- Rights ----


def test_whoever_lost_the_ward_lost_the_file_of_an_old_order(done: PrintJob, officer: User) -> None:
    browser, address = signed_in(officer), f"/in/{done.pk}/tep/"
    given = browser.get(address)
    assert given.status_code == 200 and b"".join(given.streaming_content)  # type: ignore[attr-defined]
    User.objects.filter(pk=officer.pk).update(ward=factories.WardFactory())
    refused = browser.get(address)
    assert refused.status_code == 302 and "không còn trong phạm vi" in told(refused)


def test_whoever_may_print_no_such_paper_any_more_gets_no_old_file(done: PrintJob, officer: User) -> None:
    agency = factories.AgencyOfficerFactory().agency
    User.objects.filter(pk=officer.pk).update(role=Role.AGENCY_OFFICER, ward=None, agency=agency)
    assert signed_in(officer).get(f"/in/{done.pk}/tep/").status_code == 302, "drafts are no business of agencies"


def test_a_lost_file_of_an_order_is_told_in_words(done: PrintJob, officer: User) -> None:
    assert done.file is not None
    store.place(done.file).unlink()
    response = signed_in(officer).get(f"/in/{done.pk}/tep/")
    assert response.status_code == 302 and "Đặt lệnh in mới" in told(response)


# ---- What is kept for ever ----


def changing(monkeypatch: pytest.MonkeyPatch, paper: registry.Paper, editions: list[str]) -> Iterator[Any]:
    """The paper, whose edition changes from one reading to the next."""
    answers = iter(editions)

    @dataclasses.dataclass(frozen=True)
    class Made:
        edition: str
        title: str = "Phiếu"
        short: str = "phieu"
        draft: bool = False

    def read(user: Any, ids: Any) -> Any:
        return Made(next(answers))

    monkeypatch.setattr(making, "_file", lambda paper, made, form: store.keep(KEY, form, made.edition.encode()))
    yield dataclasses.replace(paper, read=read)


def test_what_was_reopened_while_it_was_read_is_not_kept(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    [paper] = changing(monkeypatch, registry.find("phieu-tu-danh-gia"), ["lan-1", ""])
    document = making.make(officer, paper, (1,))
    assert document.issued is None and not IssuedPaper.objects.exists()


def test_what_does_not_change_is_kept(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    [paper] = changing(monkeypatch, registry.find("phieu-tu-danh-gia"), ["lan-1", "lan-1"])
    assert making.make(officer, paper, (1,)).issued == IssuedPaper.objects.get(edition="lan-1")


@pytest.fixture
def visit(assessment: Assessment, officer: User, home_affairs: User) -> Visit:
    answer_all(officer, assessment)
    factories.in_state(assessment, State.APPRAISAL)
    member = factories.DelegationMemberFactory()
    made = visits.visit_to(home_affairs, assessment, member)
    save(member, assessment, "tc-1.1", NewAnswer("met", ""), layer=Layer.DELEGATION)
    Visit.objects.filter(pk=made.pk).update(closed_at=timezone.now(), closed_by=member, held_on=timezone.localdate())
    return made


def test_minutes_that_tell_of_a_later_verdict_are_another_edition(visit: Visit, home_affairs: User) -> None:
    """The agencies go on after the delegation has closed its minutes, which print their verdicts."""
    first = visit_minutes.minutes(home_affairs, (visit.pk,))
    assert first.edition and visit_minutes.minutes(home_affairs, (visit.pk,)).edition == first.edition
    save(home_affairs, visit.assessment, "tc-1.1", NewAnswer("not_met", "Khác"), layer=Layer.AGENCY)
    second = visit_minutes.minutes(home_affairs, (visit.pk,))
    assert second.differing != first.differing and second.edition != first.edition
    assert len(second.edition) <= IssuedPaper._meta.get_field("edition").max_length


# ---- The store ----


def test_a_truncated_file_is_made_anew() -> None:
    file = store.keep(KEY, Format.PDF, b"whole")
    store.place(file).write_bytes(b"who")
    assert store.find(KEY) is None
    assert store.read(store.keep(KEY, Format.PDF, b"whole")) == b"whole"


def test_a_file_with_wrong_bytes_is_found_once_and_then_made_anew() -> None:
    file = store.keep(KEY, Format.PDF, b"whole")
    store.place(file).write_bytes(b"WHOLE")
    with pytest.raises(store.Damaged):
        store.read(file)
    assert store.find(KEY) is None
    assert store.read(store.keep(KEY, Format.PDF, b"whole")) == b"whole"


def test_wrong_bytes_of_the_same_length_are_written_over() -> None:
    store.place(store.keep(KEY, Format.PDF, b"whole")).write_bytes(b"WHOLE")
    assert store.read(store.keep(OTHER, Format.PDF, b"whole")) == b"whole"


def test_what_was_issued_is_left_for_whoever_mends_it(officer: User) -> None:
    file = store.keep(KEY, Format.PDF, b"whole")
    IssuedPaper.objects.create(kind="x", subject="1", edition="1", format="pdf", title="T", file=file, made_by=officer)
    store.place(file).write_bytes(b"WHOLE")
    for _ in range(2):
        with pytest.raises(store.Damaged):
            store.read(file)
    assert store.place(file).is_file()


def test_a_row_swept_while_it_was_found_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    file = store.keep(KEY, Format.PDF, b"x")
    StoredFile.objects.filter(pk=file.pk).update(used_on="2020-01-01")
    real = store._whole

    def swept_between(found: StoredFile) -> bool:
        here = real(found)
        StoredFile.objects.filter(pk=found.pk).delete()
        return here

    monkeypatch.setattr(store, "_whole", swept_between)
    assert store.find(KEY) is None


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
def test_only_the_service_looks_into_the_store(documents: Path) -> None:
    place = store.place(store.keep(KEY, Format.PDF, b"x"))
    modes = [path.stat().st_mode & 0o777 for path in (documents, place.parent, place)]
    assert modes == [0o700, 0o700, 0o600]


def test_a_full_disk_leaves_neither_a_row_nor_half_a_file(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.keep(KEY, Format.PDF, b"x")
    assert not StoredFile.objects.exists()
    assert not [path for path in documents.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh_tables")
def test_bytes_that_another_process_is_about_to_name_are_not_swept() -> None:
    """Its row cannot be seen before its transaction ends."""
    file = store.keep(KEY, Format.PDF, b"same")
    StoredFile.objects.filter(pk=file.pk).update(used_on="2020-01-01")
    swept: list[Any] = []
    with transaction.atomic():
        store.keep(OTHER, Format.PDF, b"same")
        thread = threading.Thread(target=lambda: swept.append(outcome(lambda: sweeping.sweep(90))))
        thread.start()
        thread.join(20)
    assert swept[0].files == 0
    assert store.read(StoredFile.objects.get(key=OTHER)) == b"same"
    assert sweeping.sweep(90).files == 1
    assert store.read(StoredFile.objects.get(key=OTHER)) == b"same"


# ---- Orders ----


def test_a_part_that_was_damaged_is_told_and_made_anew(
    officer: User, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working.making, "make", QuickPress().make)
    units(officer, plan, 2)
    job = order(officer, plan)
    working.work_off(job.pk)
    first = job.parts.get(position=1)
    assert first.file is not None
    content = store.place(first.file).read_bytes()
    store.place(first.file).write_bytes(b"x" * len(content))
    job.parts.filter(position=2).update(file=store.keep(OTHER, Format.PDF, files.pdf() + b"\n", 1))
    working.finish(job.pk)
    first.refresh_from_db()
    job.refresh_from_db()
    assert (first.file, first.error) == (None, working.DAMAGED) and job.file is not None
    ordering.retry(user=officer, job_id=job.pk)
    working.work_off(job.pk)
    working.finish(job.pk)
    assert not job.parts.filter(file__isnull=True).exists()


# ---- Files of strangers ----


def test_the_reader_of_strangers_files_knows_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    real = foreign.subprocess.run

    def run(*args: Any, **kwargs: Any) -> Any:
        given.update(kwargs)
        return real(*args, **kwargs)

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr(foreign.subprocess, "run", run)
    source = tmp_path / "tờ trình.pdf"
    source.write_bytes(files.pdf())
    assert foreign.pages_of(source, "application/pdf", tmp_path / "ra.pdf").count == 1
    assert set(given["env"]) == {"PATH"}


def test_a_certificate_that_one_made_oneself_looks_like_nothing_good() -> None:
    content = signing.signed(by=signing.identity("Chủ tịch UBND thành phố Lai Châu"))
    [one] = signatures.look(ContentFile(content))
    assert one.intact and one.self_issued
    assert not one.sound and one.tone == "differs" and one.sign != "✓"
    assert one.verdict == "chứng thư tự cấp, không rõ ai ký"


def test_an_authority_that_was_not_looked_up_gets_no_tick() -> None:
    [one] = signatures.look(ContentFile(signing.signed()))
    assert one.trust == "unchecked" and one.sign != "✓"


def test_a_name_turns_nothing_around() -> None:
    [one] = signatures.of([{"signer": "\u202eA\u2066B\u200f" + "C" * 500, "issuer": "x\u202dy"}]) or []
    assert one.signer.startswith("ABC") and len(one.signer) == signatures.NAME_LIMIT and one.issuer == "xy"


@pytest.mark.parametrize("number", [5, 500])
def test_a_thousand_signatures_are_one_line(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = [(f"o-{at}" * 900, object(), None) for at in range(number)]
    monkeypatch.setattr(signature_reader, "enumerate_sig_fields", lambda *_, **__: fields)
    monkeypatch.setattr(signature_reader, "_embedded", lambda reader, name, field: (name, None))
    told = signature_reader.read(files.pdf(), [])
    assert len(told) == min(number, signature_reader.MOST + 1)
    assert all(len(row["field"]) <= signature_reader.LONGEST for row in told)


def test_an_endless_answer_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Done:
        stdout = b'[{"signer": "x"}' + b" " * signatures.MOST_TOLD + b"]"

    monkeypatch.setattr(signatures.subprocess, "run", lambda *args, **kwargs: Done())
    assert [one.problem for one in signatures.look(ContentFile(signing.signed()))] == ["unreadable"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("fresh_tables")
def test_signatures_are_looked_at_before_anything_is_locked(
    home_affairs: User, officer: User, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment, other = units(officer, plan, 2)
    factories.in_state(assessment, State.PROPOSED)
    made = recognition.record_decision(
        user=home_affairs, plan_id=plan.pk, assessment_ids=[assessment.pk], decision=decision("9/QĐ-UBND")
    )
    member = factories.DelegationMemberFactory()
    visit = visits.visit_to(home_affairs, factories.in_state(other, State.APPRAISAL), member)
    Visit.objects.filter(pk=visit.pk).update(closed_at=timezone.now(), closed_by=member, held_on=timezone.localdate())
    within: list[bool] = []

    def look(_: Any) -> list[signatures.Signature]:
        within.append(connection.in_atomic_block)
        return []

    monkeypatch.setattr(attaching.signatures, "look", look)
    file = ContentFile(files.pdf(), "a.pdf")
    decision_papers.attach_decision(user=home_affairs, decision_id=made.pk, file=file)
    visiting.attach_minutes(user=home_affairs, visit_id=visit.pk, file=file)
    assert within == [False, False]
