"""Evidence: the deeds, with everything that can go wrong between the file and its row."""

import hashlib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError
from pytest_django import Settings

from accounts.models import User
from assessments import evidence, keeping
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment, Event, Evidence
from assessments.workflow import State
from tests import factories, files

KEY = "tc-3.4"


def add(user: User, assessment: Assessment, *uploads: Any, key: str = KEY, layer: str = "self") -> list[evidence.Added]:
    return evidence.add_files(user=user, assessment_id=assessment.pk, layer=layer, key=key, files=uploads)


def add_reference(user: User, assessment: Assessment, reference: str, key: str = KEY) -> Evidence:
    return evidence.add_reference(user=user, assessment_id=assessment.pk, layer="self", key=key, reference=reference)


def stored() -> list[Path]:
    """All files in the storage."""
    return [path for path in Path(default_storage.location).rglob("*") if path.is_file()]  # type: ignore[attr-defined]


def events(assessment: Assessment) -> list[Event]:
    kinds = [Event.Kind.EVIDENCE_ADDED, Event.Kind.EVIDENCE_REMOVED]
    return list(Event.objects.filter(assessment=assessment, kind__in=kinds).order_by("pk"))


class TestAddFiles:
    def test_a_file_is_kept_whole(self, officer: User, assessment: Assessment) -> None:
        content = files.pdf()
        (added,) = add(officer, assessment, files.upload("Biên bản.pdf", content))
        row = Evidence.objects.get()
        assert added.evidence == row
        assert (row.original_name, row.content_type, row.size) == ("Biên bản.pdf", "application/pdf", len(content))
        assert row.sha256 == hashlib.sha256(content).hexdigest()
        assert (row.entry.key, row.layer, row.added_by) == (KEY, "self", officer)
        assert row.file.read() == content
        row.file.close()

    def test_name_in_the_storage_is_ours(self, officer: User, assessment: Assessment) -> None:
        add(officer, assessment, files.upload("../../x.pdf", files.pdf()))
        assert Evidence.objects.get().original_name == "x.pdf"
        (path,) = stored()
        year, month, name = path.relative_to(default_storage.location).parts  # type: ignore[attr-defined]
        assert (len(year), len(month), path.suffix) == (4, 2, ".pdf")
        assert "x.pdf" not in name
        assert path.stat().st_mode & 0o077 == 0

    def test_event(self, officer: User, assessment: Assessment) -> None:
        add(officer, assessment, files.upload("a.pdf", files.pdf()))
        (event,) = events(assessment)
        row = Evidence.objects.get()
        assert (event.kind, event.actor, event.entry, event.layer) == ("evidence_added", officer, row.entry, "self")
        assert event.data == {
            "key": KEY,
            "evidence": row.pk,
            "name": "a.pdf",
            "size": row.size,
            "sha256": row.sha256,
        }

    def test_good_files_are_kept_beside_bad_ones(self, officer: User, assessment: Assessment) -> None:
        results = add(
            officer,
            assessment,
            files.upload("a.pdf", files.pdf()),
            files.upload("virus.pdf", b"MZ" + bytes(500)),
            files.upload("anh.jpg", files.jpg()),
            files.upload("rong.docx", b""),
        )
        assert [bool(result.evidence) for result in results] == [True, False, True, False]
        assert results[1].error.startswith("Tệp “virus.pdf” không thuộc loại được nhận. Chỉ nhận PDF")
        assert results[3].error.startswith("Tệp “rong.docx” rỗng (0 byte).")
        assert len(stored()) == Evidence.objects.count() == len(events(assessment)) == 2

    def test_true_type_counts(self, officer: User, assessment: Assessment) -> None:
        add(officer, assessment, files.upload("anh.pdf", files.png()))
        row = Evidence.objects.get()
        assert (row.original_name, row.content_type) == ("anh.png", "image/png")
        assert row.file.name.endswith(".png")

    def test_same_file_twice_is_one(self, officer: User, assessment: Assessment) -> None:
        content = files.pdf()
        add(officer, assessment, files.upload("a.pdf", content))
        again, other = add(officer, assessment, files.upload("a.pdf", content), files.upload("b.pdf", content))
        assert again.repeated
        assert again.notice == "Tệp “a.pdf” đã có ở mục này, không thêm lần nữa."
        assert other.notice == "Tệp “b.pdf” đã có ở mục này với tên “a.pdf”, không thêm lần nữa."
        assert len(stored()) == Evidence.objects.count() == len(events(assessment)) == 1

    def test_same_file_twice_at_once(self, officer: User, assessment: Assessment) -> None:
        content = files.pdf()
        results = add(officer, assessment, files.upload("a.pdf", content), files.upload("a.pdf", content))
        assert [result.repeated for result in results] == [False, True]
        assert len(stored()) == 1

    def test_same_file_elsewhere_or_after_removal_is_new(self, officer: User, assessment: Assessment) -> None:
        content = files.pdf()
        (first,) = add(officer, assessment, files.upload("a.pdf", content))
        add(officer, assessment, files.upload("a.pdf", content), key="tc-3.5")
        assert first.evidence is not None
        evidence.remove(user=officer, assessment_id=assessment.pk, evidence_id=first.evidence.pk)
        add(officer, assessment, files.upload("a.pdf", content))
        assert Evidence.objects.count() == 3
        assert Evidence.objects.filter(removed_at=None).count() == 2

    def test_over_the_limit(self, officer: User, assessment: Assessment, settings: Settings) -> None:
        settings.UPLOAD_MAX_BYTES = 100
        (result,) = add(officer, assessment, files.upload("a.pdf", files.pdf()))
        assert result.error.startswith("Tệp “a.pdf” lớn hơn ")
        assert not stored()


class TestNothingHalfWritten:
    def test_failing_transaction(self, officer: User, assessment: Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
        calls = []

        def fail_at_second(*args: Any) -> None:
            calls.append(args)
            if len(calls) == 2:
                raise DatabaseError("gone")

        monkeypatch.setattr(evidence, "_record", fail_at_second)
        with pytest.raises(DatabaseError):
            add(officer, assessment, files.upload("a.pdf", files.pdf()), files.upload("b.png", files.png()))
        assert not stored()
        assert not Evidence.objects.exists()

    def test_layer_closed_while_files_were_checked(
        self, officer: User, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep = keeping.keep

        def keep_and_submit(file: Any) -> Any:
            kept = keep(file)
            factories.in_state(assessment, State.COUNCIL)
            return kept

        monkeypatch.setattr(keeping, "keep", keep_and_submit)
        with pytest.raises(Refusal):
            add(officer, assessment, files.upload("a.pdf", files.pdf()))
        assert not stored()
        assert not Evidence.objects.exists()

    def test_full_disk(
        self,
        officer: User,
        assessment: Assessment,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def full(path: str) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(keeping, "_flush", full)
        (result,) = add(officer, assessment, files.upload("a.pdf", files.pdf()))
        assert result.error.startswith("Máy chủ chưa lưu được tệp “a.pdf”")
        assert not stored()
        assert "could not be written" in caplog.text

    def test_interrupted_while_writing(
        self, officer: User, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(path: str) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(keeping, "_flush", interrupt)
        with pytest.raises(KeyboardInterrupt):
            add(officer, assessment, files.upload("a.pdf", files.pdf()))
        assert not stored()

    def test_nobody_without_the_right_makes_us_write(
        self, stranger: User, leader: User, assessment: Assessment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "keep", lambda file: pytest.fail("read although not allowed"))
        with pytest.raises(Assessment.DoesNotExist):
            add(stranger, assessment, files.upload("a.pdf", files.pdf()))
        with pytest.raises(Refusal):
            add(leader, assessment, files.upload("a.pdf", files.pdf()))


class TestRights:
    @pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
    def test_closed_self_layer(self, officer: User, assessment: Assessment, state: State) -> None:
        factories.in_state(assessment, state)
        with pytest.raises(Refusal, match="không còn mở"):
            add(officer, assessment, files.upload("a.pdf", files.pdf()))
        with pytest.raises(Refusal, match="không còn mở"):
            add_reference(officer, assessment, "Biên bản số 5")

    def test_head_of_the_unit(self, assessment: Assessment) -> None:
        head = factories.UnitHeadFactory(unit=assessment.unit)
        assert add(head, assessment, files.upload("a.pdf", files.pdf()))[0].evidence

    def test_home_affairs_in_its_own_layer(self, home_affairs: User, assessment: Assessment) -> None:
        factories.in_state(assessment, State.APPRAISAL)
        with pytest.raises(Refusal):
            add(home_affairs, assessment, files.upload("a.pdf", files.pdf()))
        add(home_affairs, assessment, files.upload("a.pdf", files.pdf()), layer="agency")
        assert Evidence.objects.get().layer == "agency"

    @pytest.mark.parametrize("layer", ["agency", "delegation", "effective", "", "x" * 500])
    def test_other_layers(self, officer: User, assessment: Assessment, layer: str) -> None:
        with pytest.raises(Refusal):
            add(officer, assessment, files.upload("a.pdf", files.pdf()), layer=layer)

    @pytest.mark.parametrize("key", ["tc-9.9", "", "x" * 500])
    def test_unknown_entry(self, officer: User, assessment: Assessment, key: str) -> None:
        with pytest.raises(Assessment.DoesNotExist):
            add(officer, assessment, files.upload("a.pdf", files.pdf()), key=key)


class TestReference:
    def test_added_with_event(self, officer: User, assessment: Assessment) -> None:
        row = add_reference(officer, assessment, "  Biên bản \n số 05/BB-TDP ")
        assert (row.reference, row.file.name, row.size) == ("Biên bản số 05/BB-TDP", "", 0)
        (event,) = events(assessment)
        assert event.data == {"key": KEY, "evidence": row.pk, "reference": "Biên bản số 05/BB-TDP"}

    def test_twice_is_one(self, officer: User, assessment: Assessment) -> None:
        first = add_reference(officer, assessment, "Biên bản số 5")
        assert add_reference(officer, assessment, unicodedata.normalize("NFD", "Biên bản  số 5")) == first
        assert len(events(assessment)) == 1

    @pytest.mark.parametrize("text", ["", "   ", "\x00\u200b\n", "x" * 301])
    def test_empty_or_too_long(self, officer: User, assessment: Assessment, text: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            add_reference(officer, assessment, text)
        assert caught.value.field == "reference"
        assert not Evidence.objects.exists()


class TestRemove:
    def remove(self, user: User, row: Evidence) -> Evidence:
        return evidence.remove(user=user, assessment_id=row.assessment_id, evidence_id=row.pk)

    def test_row_and_file_stay(self, officer: User, assessment: Assessment) -> None:
        (added,) = add(officer, assessment, files.upload("a.pdf", files.pdf()))
        assert added.evidence is not None
        row = self.remove(officer, added.evidence)
        assert row.removed_by == officer
        assert row.removed_at is not None
        assert len(stored()) == 1
        assert not evidence.present(assessment, row.entry_id).exists()
        assert [event.kind for event in events(assessment)] == ["evidence_added", "evidence_removed"]

    def test_twice_is_once(self, officer: User, assessment: Assessment) -> None:
        row = add_reference(officer, assessment, "Biên bản số 5")
        assert self.remove(officer, row).removed_at == self.remove(officer, row).removed_at
        assert len(events(assessment)) == 2

    def test_closed_layer(self, officer: User, home_affairs: User, assessment: Assessment) -> None:
        row = add_reference(officer, assessment, "Biên bản số 5")
        factories.in_state(assessment, State.APPRAISAL)
        for user in (officer, home_affairs):
            with pytest.raises(Refusal):
                self.remove(user, row)

    def test_stranger(self, officer: User, stranger: User, assessment: Assessment) -> None:
        row = add_reference(officer, assessment, "Biên bản số 5")
        with pytest.raises(Assessment.DoesNotExist):
            self.remove(stranger, row)

    def test_of_another_assessment(self, officer: User, assessment: Assessment) -> None:
        other = factories.open_assessment(officer=officer)
        row = add_reference(officer, assessment, "Biên bản số 5")
        with pytest.raises(Evidence.DoesNotExist):
            evidence.remove(user=officer, assessment_id=other.pk, evidence_id=row.pk)


class TestNames:
    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            ("Biên bản họp.pdf", "Biên bản họp.pdf"),
            (unicodedata.normalize("NFD", "Biên bản họp.pdf"), "Biên bản họp.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("..\\..\\x.pdf", "x.pdf"),
            ("C:\\Users\\a\\b.PDF", "b.pdf"),
            ("<img src=x onerror=alert(1)>.jpg", "_img src=x onerror=alert(1)_.pdf"),
            ("a\x00b\r\nc\u200b.pdf", "ab c.pdf"),
            ("bien-ban\u202efdp.exe", "bien-banfdp.exe.pdf"),
            ("a.docx", "a.pdf"),
            ("a.exe", "a.exe.pdf"),
            ("Số 12.QĐ", "Số 12.QĐ.pdf"),
            ("....", "tep.pdf"),
            ("", "tep.pdf"),
            (".pdf", "pdf.pdf"),
            ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
            ("\ud800.pdf", "pdf.pdf"),
            ('a"b;c.pdf', "a_b;c.pdf"),
        ],
    )
    def test_clean(self, raw: str, expected: str) -> None:
        assert keeping.clean_name(raw, "pdf") == expected

    def test_long_vietnamese_name_is_stored(self, officer: User, assessment: Assessment) -> None:
        add(officer, assessment, files.upload("ế" * 250 + ".jpeg", files.jpg()))
        name = Evidence.objects.get().original_name
        assert len(name) <= 200
        assert name.endswith("ế.jpg")
        assert unicodedata.is_normalized("NFC", name)
