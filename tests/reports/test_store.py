"""The store of made files: large ones from disk, and rows that outlived their bytes."""

from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from reports import store
from reports.models import IssuedPaper, PrintJob, StoredFile
from reports.models.files import Format

pytestmark = pytest.mark.django_db
KEY = "a" * 64


@pytest.fixture(autouse=True)
def documents(settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


def kept(content: bytes) -> StoredFile:
    with store.workshop() as folder:
        made = folder / "made.zip"
        made.write_bytes(content)
        return store.keep_file(KEY, Format.ZIP, made)


def test_a_large_file_is_moved_into_its_place() -> None:
    file = kept(b"PK" * 1000)
    assert (store.read(file), file.size, store.find(KEY)) == (b"PK" * 1000, 2000, file)
    assert not list(store.place(file).parents[1].glob(f"{store.WORKSHOP}*"))


def test_whoever_made_it_first_counts() -> None:
    first = kept(b"first")
    assert kept(b"second") == first
    assert store.read(first) == b"first"


def test_a_row_without_bytes_gives_way_and_its_order_loses_the_file(officer: User) -> None:
    first = kept(b"first")
    job = PrintJob.objects.create(owner=officer, title="In", format="zip", key=KEY, finished_at="2025-01-01T00:00Z")
    PrintJob.objects.filter(pk=job.pk).update(file=first)
    store.place(first).unlink()
    assert store.find(KEY) is None
    assert store.read(kept(b"second")) == b"second"
    job.refresh_from_db()
    assert job.file is None


def test_what_was_issued_is_never_replaced(officer: User) -> None:
    first = kept(b"first")
    IssuedPaper.objects.create(kind="x", subject="1", edition="1", format="zip", title="T", file=first, made_by=officer)
    store.place(first).unlink()
    with pytest.raises(store.Damaged):
        kept(b"second")


def test_changed_bytes_are_noticed() -> None:
    file = kept(b"first")
    store.place(file).write_bytes(b"other")
    with pytest.raises(store.Damaged):
        store.read(file)
