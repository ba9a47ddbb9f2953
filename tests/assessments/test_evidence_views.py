"""Evidence over HTTP: happy path, colleague, stranger, closed layer, bad ids, wrong method, bad files."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from assessments import evidence
from assessments.models import Assessment, Evidence
from assessments.sheet import dom_id
from assessments.workflow import State
from tests import factories, files
from tests.assessments.test_evidence import KEY, add, add_reference, stored

HTMX = {"HX-Request": "true"}


def send(client: Client, assessment: Assessment, key: str = KEY, **data: Any) -> Any:
    headers = data.pop("headers", {})
    address = reverse("assessments:evidence_upload", args=[assessment.pk, key])
    return client.post(address, {"layer": "self", **data}, headers=headers)


def take_off(client: Client, row: Evidence, **options: Any) -> Any:
    return client.post(reverse("assessments:evidence_remove", args=[row.assessment_id, row.pk]), **options)


def address_of(row: Evidence) -> str:
    return reverse("assessments:evidence_download", args=[row.assessment_id, row.pk])


def body(response: Any) -> bytes:
    """Everything that is sent; reading it to its end closes the file."""
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def signed_in(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


class TestUploadView:
    def test_plain_form(self, signed_in: Client, assessment: Assessment) -> None:
        response = send(signed_in, assessment, files=[files.upload("a.pdf", files.pdf())], reference="Biên bản số 5")
        assert response.status_code == 302
        assert response.url == reverse("assessments:detail", args=[assessment.pk]) + f"#{dom_id(KEY)}"
        assert Evidence.objects.count() == 2

    def test_htmx_gets_the_fragment(self, signed_in: Client, assessment: Assessment) -> None:
        both = [files.upload("a.pdf", files.pdf()), files.upload("virus.pdf", b"MZ")]
        response = send(signed_in, assessment, files=both, headers=HTMX)
        assert response.status_code == 200
        page = response.content.decode()
        assert f'id="evidence-self-{dom_id(KEY)}"' in page
        assert address_of(Evidence.objects.get()) in page
        assert "Tệp “virus.pdf” không thuộc loại được nhận" in page

    def test_too_large(self, signed_in: Client, assessment: Assessment, settings: Settings) -> None:
        settings.UPLOAD_MAX_BYTES = 20 * 1024 * 1024
        large = files.upload("to.pdf", b"%PDF-1.7" + bytes(settings.UPLOAD_MAX_BYTES))
        response = send(signed_in, assessment, files=[large, files.upload("a.pdf", files.pdf())], headers=HTMX)
        assert "Tệp “to.pdf” lớn hơn 20 MB. Nén ảnh hoặc tách tệp rồi thử lại." in response.content.decode()
        assert [row.original_name for row in Evidence.objects.all()] == ["a.pdf"]

    def test_name_cannot_become_markup(self, signed_in: Client, assessment: Assessment) -> None:
        for content in (files.png(), b"MZ"):
            response = send(
                signed_in,
                assessment,
                files=files.upload("<img src=x onerror=alert(1)>.png", content),
                headers=HTMX,
            )
            assert "<img" not in response.content.decode()

    def test_nothing_chosen(self, signed_in: Client, assessment: Assessment) -> None:
        assert "Chọn ít nhất một tệp" in send(signed_in, assessment, headers=HTMX).content.decode()

    def test_same_file_again_says_so(self, signed_in: Client, assessment: Assessment) -> None:
        content = files.pdf()
        for _ in range(2):
            response = send(signed_in, assessment, files=files.upload("a.pdf", content), headers=HTMX)
        assert "đã có ở mục này" in response.content.decode()

    def test_closed_layer(self, signed_in: Client, assessment: Assessment) -> None:
        factories.in_state(assessment, State.COUNCIL)
        response = send(signed_in, assessment, files=files.upload("a.pdf", files.pdf()), headers=HTMX)
        assert response.status_code == 409
        assert "không còn mở" in response.content.decode()
        assert send(signed_in, assessment, files=files.upload("a.pdf", files.pdf())).status_code == 302
        assert not stored()

    def test_home_affairs_returns_to_its_own_page(
        self, client: Client, home_affairs: User, assessment: Assessment
    ) -> None:
        factories.in_state(assessment, State.APPRAISAL)
        client.force_login(home_affairs)
        response = send(client, assessment, layer="agency", reference="Biên bản kiểm tra")
        assert response.url == reverse("assessments:appraise", args=[assessment.pk]) + f"#{dom_id(KEY)}"

    def test_stranger(self, client: Client, stranger: User, assessment: Assessment) -> None:
        client.force_login(stranger)
        for data in ({"files": files.upload("a.pdf", files.pdf())}, {"reference": "x"}, {}):
            assert send(client, assessment, headers=HTMX, **data).status_code == 404
            assert send(client, assessment, **data).status_code == 404

    @pytest.mark.parametrize("key", ["tc-9.9", "<script>"])
    def test_unknown_entry(self, signed_in: Client, assessment: Assessment, key: str) -> None:
        for data in ({"reference": "x"}, {}):
            assert send(signed_in, assessment, key=key, headers=HTMX, **data).status_code == 404
            assert send(signed_in, assessment, key=key, **data).status_code == 404

    def test_unknown_layer(self, signed_in: Client, assessment: Assessment) -> None:
        assert send(signed_in, assessment, layer="effective", reference="x", headers=HTMX).status_code == 409

    def test_anonymous(self, client: Client, assessment: Assessment) -> None:
        response = send(client, assessment, files=files.upload("a.pdf", files.pdf()))
        assert response.status_code == 302
        assert reverse("accounts:sign_in") in response.url

    def test_wrong_method(self, signed_in: Client, assessment: Assessment) -> None:
        address = reverse("assessments:evidence_upload", args=[assessment.pk, KEY])
        assert signed_in.get(address).status_code == 405

    def test_token_is_read_although_the_file_is_cut_off(
        self, officer: User, assessment: Assessment, settings: Settings
    ) -> None:
        settings.UPLOAD_MAX_BYTES = 1000
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        token = "a" * 32
        client.cookies["csrftoken"] = token
        response = send(
            client,
            assessment,
            csrfmiddlewaretoken=token,
            files=files.upload("to.pdf", bytes(200_000)),
            headers=HTMX,
        )
        assert response.status_code == 200
        assert "Tệp “to.pdf” lớn hơn" in response.content.decode()

    def test_temporary_file_is_kept(self, signed_in: Client, assessment: Assessment, settings: Settings) -> None:
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
        send(signed_in, assessment, files=files.upload("a.pdf", files.pdf()))
        assert Evidence.objects.get().file.size > 0


class TestRemoveView:
    def test_plain_and_htmx(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        rows = [add_reference(officer, assessment, f"Biên bản số {number}") for number in (1, 2)]
        plain, fragment = take_off(signed_in, rows[0]), take_off(signed_in, rows[1], headers=HTMX)
        assert plain.status_code == 302
        assert fragment.status_code == 200
        assert "Đã gỡ minh chứng “Biên bản số 2”." in fragment.content.decode()
        assert not Evidence.objects.filter(removed_at=None).exists()

    def test_closed_layer(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        row = add_reference(officer, assessment, "Biên bản số 1")
        factories.in_state(assessment, State.COUNCIL)
        assert take_off(signed_in, row, headers=HTMX).status_code == 409
        assert take_off(signed_in, row).status_code == 302
        assert Evidence.objects.filter(removed_at=None).exists()

    def test_stranger_and_unknown(self, client: Client, officer: User, stranger: User, assessment: Assessment) -> None:
        row = add_reference(officer, assessment, "Biên bản số 1")
        client.force_login(stranger)
        assert take_off(client, row).status_code == 404
        client.force_login(officer)
        other = factories.open_assessment(officer=officer)
        for ids in ([assessment.pk, row.pk + 1], [other.pk, row.pk]):
            assert client.post(reverse("assessments:evidence_remove", args=ids)).status_code == 404

    def test_wrong_method(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        row = add_reference(officer, assessment, "Biên bản số 1")
        address = reverse("assessments:evidence_remove", args=[assessment.pk, row.pk])
        assert signed_in.get(address).status_code == 405


class TestDownload:
    def kept(self, user: User, assessment: Assessment, name: str, content: bytes) -> Evidence:
        (added,) = add(user, assessment, files.upload(name, content))
        assert added.evidence is not None
        return added.evidence

    def test_bytes_and_headers(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        content = files.pdf()
        row = self.kept(officer, assessment, "Biên bản.pdf", content)
        response = signed_in.get(address_of(row), headers={"Accept-Encoding": "gzip"})
        assert body(response) == content
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Length"] == str(len(content))
        assert response["Content-Disposition"] == "inline; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n.pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "sandbox" in response["Content-Security-Policy"]
        assert "script-src" not in response["Content-Security-Policy"]

    @pytest.mark.parametrize(
        ("content", "disposition"),
        [(files.jpg(), "inline"), (files.png(), "inline"), (files.docx(), "attachment"), (files.xlsx(), "attachment")],
    )
    def test_shown_or_saved(
        self, signed_in: Client, officer: User, assessment: Assessment, content: bytes, disposition: str
    ) -> None:
        response = signed_in.get(address_of(self.kept(officer, assessment, "a", content)))
        body(response)
        assert response["Content-Disposition"].startswith(disposition)

    def test_name_cannot_break_the_header(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        row = self.kept(officer, assessment, "a\r\nSet-Cookie: x=1\r\n.pdf", files.pdf())
        Evidence.objects.filter(pk=row.pk).update(original_name='a"; filename=b.exe')
        response = signed_in.get(address_of(row))
        body(response)
        assert response["Content-Disposition"] == r'inline; filename="a\"; filename=b.exe"'
        assert "Set-Cookie" not in response

    def test_colleague_reads_stranger_does_not(
        self, client: Client, officer: User, leader: User, stranger: User, home_affairs: User, assessment: Assessment
    ) -> None:
        row = self.kept(officer, assessment, "a.pdf", files.pdf())
        agency = factories.AgencyOfficerFactory()  # does not see drafts
        administrator = factories.AdministratorFactory()
        expected = {leader: 200, home_affairs: 200, stranger: 404, agency: 404, administrator: 404}
        for user, status in expected.items():
            client.force_login(user)
            response = client.get(address_of(row))
            body(response)
            assert response.status_code == status, user.role

    def test_anonymous(self, client: Client, officer: User, assessment: Assessment) -> None:
        row = self.kept(officer, assessment, "a.pdf", files.pdf())
        assert reverse("accounts:sign_in") in client.get(address_of(row)).url  # type: ignore[attr-defined]

    def test_what_is_not_there(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        paper = add_reference(officer, assessment, "Biên bản số 1")
        removed = self.kept(officer, assessment, "a.pdf", files.pdf())
        evidence.remove(user=officer, assessment_id=assessment.pk, evidence_id=removed.pk)
        lost = self.kept(officer, assessment, "b.png", files.png())
        default_storage.delete(lost.file.name)
        other = factories.open_assessment(officer=officer)
        misplaced = reverse("assessments:evidence_download", args=[other.pk, lost.pk])
        for address in (address_of(paper), address_of(removed), address_of(lost), misplaced):
            assert signed_in.get(address).status_code == 404

    def test_wrong_method(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        row = self.kept(officer, assessment, "a.pdf", files.pdf())
        assert signed_in.post(address_of(row)).status_code == 405

    def test_no_other_way_to_a_file(self, signed_in: Client, officer: User, assessment: Assessment) -> None:
        row = self.kept(officer, assessment, "a.pdf", files.pdf())
        assert not Path(project_settings.STATIC_ROOT).is_relative_to(project_settings.MEDIA_ROOT)
        assert not Path(default_storage.path(row.file.name)).is_relative_to(project_settings.STATIC_ROOT)
        for prefix in ("/media/", "/evidence/", "/static/", "/"):
            assert signed_in.get(prefix + row.file.name).status_code == 404
