"""The database's own rules on files, issued papers, orders, signers and names, tried past every form and deed."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from localities.models import Ward
from reports.models import IssuedPaper, OfficeName, PrintJob, PrintPart, Signer, StoredFile
from tests import factories
from tests.database import refused

pytestmark = pytest.mark.django_db

HASH = "0123456789abcdef" * 4
NFD = unicodedata.normalize("NFD", "Chủ tịch")


def file(**facts: Any) -> StoredFile:
    return StoredFile.objects.create(**{"key": HASH, "sha256": HASH, "format": "pdf", "size": 1} | facts)


class TestStoredFile:
    def test_format(self) -> None:
        with refused("stored_format_known"):
            file(format="exe")

    @pytest.mark.parametrize("wrong", [{"key": "a" * 63}, {"sha256": "G" * 64}, {"key": ""}])
    def test_hashes(self, wrong: dict[str, str]) -> None:
        with refused("stored_hashes_whole"):
            file(**wrong)

    def test_only_the_day_of_use_changes(self) -> None:
        made = file()
        StoredFile.objects.filter(pk=made.pk).update(used_on=date(2020, 1, 1))
        with refused("is fixed"):
            StoredFile.objects.filter(pk=made.pk).update(sha256="f" * 64)
        made.delete()


class TestIssuedPaper:
    def issue(self, user: User, **facts: Any) -> IssuedPaper:
        given = {"kind": "quyet-dinh", "subject": "1", "edition": "x", "format": "pdf", "title": "Quyết định"}
        if "file" not in facts:
            facts["file"] = StoredFile.objects.filter(key=HASH).first() or file()
        return IssuedPaper.objects.create(made_by=user, **given | facts)

    def test_once(self, officer: User) -> None:
        self.issue(officer)
        self.issue(officer, edition="y")
        with refused("issued_paper_once"):
            self.issue(officer)

    @pytest.mark.parametrize("name", ["kind", "subject", "edition", "title"])
    def test_named(self, officer: User, name: str) -> None:
        with refused("issued_paper_named"):
            self.issue(officer, **{name: ""})

    def test_for_ever(self, officer: User) -> None:
        made = self.issue(officer)
        with refused("is append-only"):
            IssuedPaper.objects.filter(pk=made.pk).update(title="Khác")
        with refused("is append-only"):
            IssuedPaper.objects.filter(pk=made.pk)._raw_delete("default")


class TestPrintJob:
    def job(self, user: User, **facts: Any) -> PrintJob:
        return PrintJob.objects.create(owner=user, **{"title": "Hồ sơ", "format": "zip", "key": HASH} | facts)

    def test_the_same_order_once_while_it_runs(self, officer: User) -> None:
        self.job(officer, finished_at=timezone.now())
        self.job(officer)
        with refused("print_job_once"):
            self.job(officer)

    def test_format(self, officer: User) -> None:
        with refused("print_job_format_known"):
            self.job(officer, format="docx")

    def test_ends_once(self, officer: User) -> None:
        with refused("print_job_ends_once"):
            self.job(officer, finished_at=timezone.now(), cancelled_at=timezone.now())

    def test_file_when_finished(self, officer: User) -> None:
        with refused("print_job_file_when_finished"):
            self.job(officer, file=file())

    def test_parts(self, officer: User) -> None:
        job = self.job(officer)
        given = {"job": job, "kind": "phieu-danh-gia", "subject": "1", "format": "pdf", "label": "Tổ 1"}
        PrintPart.objects.create(position=1, **given)
        with refused("print_part_position_once"):
            PrintPart.objects.create(position=1, **given)
        with refused("print_part_made_or_failed"):
            PrintPart.objects.create(position=2, file=file(), error="Không in được", **given)


class TestSigner:
    def test_of_one_office(self, ward: Ward) -> None:
        agency = factories.AgencyFactory()
        for wrong in ({}, {"ward": ward, "agency": agency}):
            with refused("signer_of_one_office"):
                Signer.objects.create(title="CHỦ TỊCH", **wrong)

    def test_period(self, ward: Ward) -> None:
        with refused("signer_period_in_order"):
            Signer.objects.create(
                ward=ward, title="CHỦ TỊCH", valid_from=date(2025, 2, 1), valid_until=date(2025, 1, 1)
            )

    @pytest.mark.parametrize("wrong", [{"title": ""}, {"title": NFD}, {"full_name": NFD}, {"capacity": NFD}])
    def test_text(self, ward: Ward, wrong: dict[str, str]) -> None:
        with refused("signer_text_nfc"):
            Signer.objects.create(ward=ward, **{"title": "CHỦ TỊCH"} | wrong)

    def test_one_at_a_time(self, ward: Ward) -> None:
        Signer.objects.create(ward=ward, title="CHỦ TỊCH", valid_until=date(2025, 6, 30))
        Signer.objects.create(ward=ward, title="PHÓ CHỦ TỊCH", valid_from=date(2025, 7, 1))
        Signer.objects.create(ward=factories.WardFactory(), title="CHỦ TỊCH")
        with refused("signer_one_at_a_time"):
            Signer.objects.create(ward=ward, title="KHÁC", valid_from=date(2025, 6, 30))


class TestOfficeName:
    def test_one_at_a_time(self) -> None:
        agency = factories.AgencyFactory()
        OfficeName.objects.create(agency=agency, name="Phòng cũ", symbol="PC", valid_until=date(2024, 12, 31))
        with refused("office_name_one_at_a_time"):
            OfficeName.objects.create(agency=agency, name="Phòng khác", symbol="PK", valid_from=date(2024, 12, 31))

    def test_period(self) -> None:
        with refused("office_name_period_in_order"):
            OfficeName.objects.create(
                agency=factories.AgencyFactory(), name="Phòng", symbol="P",
                valid_from=date(2025, 2, 1), valid_until=date(2025, 1, 1),
            )  # fmt: skip

    @pytest.mark.parametrize("wrong", [{"name": ""}, {"symbol": ""}, {"name": NFD}])
    def test_text(self, wrong: dict[str, str]) -> None:
        with refused("office_name_text_nfc"):
            OfficeName.objects.create(agency=factories.AgencyFactory(), **{"name": "Phòng", "symbol": "P"} | wrong)
