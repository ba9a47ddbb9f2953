"""Everything of a unit in one file: contents that are right, files that are harmless, a ZIP that can be checked."""

import hashlib
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from django.core.exceptions import ObjectDoesNotExist
from pypdf import PdfReader
from pytest_django import Settings

from accounts.models import User
from assessments.evidence import add_files, add_reference
from assessments.models import Assessment, Evidence, Layer
from assessments.recognition import confirm_decision
from assessments.workflow import State
from reports import foreign, making, neutral, registry, store
from reports.models import IssuedPaper, StoredFile
from reports.models.files import Format
from tests import factories, files
from tests.assessments.roads import People, record, walk
from tests.reports import hostile

pytestmark = pytest.mark.django_db
KIND = registry.find("toan-bo-ho-so")


@pytest.fixture(autouse=True)
def documents(settings: Settings, tmp_path: Path) -> None:
    settings.DOCUMENT_ROOT = tmp_path / "documents"


def attach(officer: User, assessment: Assessment, name: str, content: bytes, key: str = "tc-1.1") -> Evidence:
    who = {"user": officer, "assessment_id": assessment.pk, "layer": Layer.SELF.value, "key": key}
    add_files(**who, files=[files.upload(name, content)])
    return Evidence.objects.latest("pk")


def keep(officer: User, assessment: Assessment, name: str, content: bytes, kind: str = "application/pdf") -> Evidence:
    """A file past the checks of uploading: it may have come before them."""
    row = attach(officer, assessment, f"{name}-tam.pdf", files.pdf() + name.encode())
    Path(row.file.path).write_bytes(content)
    Evidence.objects.filter(pk=row.pk).update(
        sha256=hashlib.sha256(content).hexdigest(), original_name=name, size=len(content), content_type=kind
    )
    return row


def made(user: User, assessment: Assessment, form: Format = Format.PDF) -> StoredFile:
    return making.make(user, KIND, (assessment.pk,), form).file


def opened(file: StoredFile) -> PdfReader:
    return PdfReader(BytesIO(store.read(file)))


def bookmarks(reader: PdfReader) -> dict[str, int]:
    """Every bookmark with its page, from 1."""
    found: dict[str, int] = {}

    def walk_through(level: list) -> None:  # type: ignore[type-arg]
        for mark in level:
            if isinstance(mark, list):
                walk_through(mark)
            else:
                found[mark.title] = (reader.get_destination_page_number(mark) or 0) + 1

    walk_through(reader.outline)  # type: ignore[arg-type]
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_contents_name_the_right_pages(officer: User, assessment: Assessment) -> None:
    attach(officer, assessment, "Biên bản họp.pdf", hostile.written(hostile.pdf(3)))
    attach(officer, assessment, "Ảnh ra quân.jpg", files.jpg((300, 200)), "tc-3.4")
    attach(officer, assessment, "Bảng tính.xlsx", files.xlsx(), "tc-2.1")
    add_reference(
        user=officer, assessment_id=assessment.pk, layer=Layer.SELF.value, key="tc-1.2", reference="Báo cáo số 15"
    )
    file = made(officer, assessment)
    reader, marks = opened(file), bookmarks(opened(file))
    texts = [squeezed(page.extract_text()) for page in reader.pages]
    assert len(texts) == file.pages
    assert "HỒSƠ" in texts[0] and "Sốtrang:" + str(file.pages) in texts[0]
    contents = texts[1]
    for number, name in ((1, "1. Biên bản họp.pdf"), (3, "3. Ảnh ra quân.jpg")):
        page = marks[name]
        assert f"TỆPSỐ{number}" in texts[page - 1]
        assert squeezed(name[3:]) + str(page) in contents
    assert marks["3. Ảnh ra quân.jpg"] == marks["2. Bảng tính.xlsx"] + 1  # a sheet that only tells of the file
    assert marks["2. Bảng tính.xlsx"] == marks["1. Biên bản họp.pdf"] + 4  # its sheet and three pages
    assert "xemtrongbảnZIP" in contents and "Báocáosố15" in contents
    first_paper = next(page for title, page in marks.items() if title.startswith("Hồ sơ đánh giá"))
    assert f"năm2025{first_paper}" in contents
    row = Evidence.objects.get(original_name="Biên bản họp.pdf")
    assert row.sha256 in texts[marks["1. Biên bản họp.pdf"] - 1]


def test_every_sheet_carries_its_number(officer: User, assessment: Assessment) -> None:
    attach(officer, assessment, "Quét nghiêng.pdf", hostile.written(hostile.pdf(2)))
    with pdfplumber.open(BytesIO(store.read(made(officer, assessment)))) as document:
        for number, page in enumerate(document.pages[1:], 2):
            corner = page.crop((page.width - 80, page.height - 45, page.width, page.height))
            assert (corner.extract_text() or "").strip() == str(number)
            fonts = {char["fontname"] for char in corner.chars}
            assert fonts == {"AAAAAA+Tinos"}


def test_own_papers_stay_tagged_and_no_archival_claim_is_made(officer: User, assessment: Assessment) -> None:
    attach(officer, assessment, "Biên bản.pdf", files.pdf())
    reader = opened(made(officer, assessment))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "vi-VN" and "/Metadata" not in root  # type: ignore[index]
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]  # type: ignore[index]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))  # type: ignore[index]
    tagged = [page for page in reader.pages if "/StructParents" in page]
    assert len(tagged) == len(reader.pages) - 1  # all but the foreign page
    keys = [int(page["/StructParents"]) for page in tagged]  # type: ignore[call-overload]
    assert len(keys) == len(set(keys))
    for page, key in zip(tagged, keys, strict=True):
        element = parents[key].get_object()[0].get_object()
        while "/Pg" not in element:
            element = element["/K"][0].get_object()
        assert element["/Pg"].get_object().indirect_reference == page.indirect_reference


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (hostile.encrypted, "encrypted"),
        (hostile.cut_short, "damaged"),
        (hostile.loop_of_pages, "damaged"),
        (hostile.giant_page, "damaged"),
        (lambda: hostile.written(hostile.pdf(neutral.MAX_PAGES + 1)), "too_long"),
    ],
)
def test_what_cannot_be_bound_in_is_told_of(
    content: Callable[[], bytes], reason: str, officer: User, assessment: Assessment
) -> None:
    keep(officer, assessment, "Tệp.pdf", content())
    attach(officer, assessment, "Tốt.pdf", files.pdf(), "tc-1.2")
    text = squeezed("".join(page.extract_text() for page in opened(made(officer, assessment)).pages))
    assert text.count(squeezed(foreign.REASONS[reason])) == 2  # in the contents, and on its sheet
    assert "TỆPSỐ2" in text


def test_a_bomb_of_a_picture_is_told_of(officer: User, assessment: Assessment, tmp_path: Path) -> None:
    header = files.png((8, 8))
    bomb = header[:16] + (60000).to_bytes(4, "big") * 2 + header[24:]
    (tmp_path / "bom.png").write_bytes(bomb)
    found = foreign.pages_of(tmp_path / "bom.png", "image/png", tmp_path / "out.pdf")
    assert (found.path, found.reason) in ((None, "too_large"), (None, "damaged"))


def test_a_table_that_can_be_mended_is_bound_in(officer: User, assessment: Assessment) -> None:
    keep(officer, assessment, "Tệp.pdf", hostile.bad_table())
    reader = opened(made(officer, assessment))
    assert bookmarks(reader)["1. Tệp.pdf"] == len(reader.pages) - 1


def test_scripts_links_and_attached_programs_stay_outside(officer: User, assessment: Assessment) -> None:
    keep(officer, assessment, "Tệp.pdf", hostile.with_scripts())
    file = made(officer, assessment)
    reader = opened(file)
    page = reader.pages[-1]
    assert not {"/AA", "/Annots"} & set(page)
    assert not {"/Names", "/OpenAction", "/AcroForm", "/AA"} & set(reader.root_object)
    raw = store.read(file)
    assert b"MARK" not in raw and b"JavaScript" not in raw and b"EmbeddedFile" not in raw


def test_a_file_that_was_changed_on_the_server_is_not_passed_off(officer: User, assessment: Assessment) -> None:
    row = attach(officer, assessment, "Biên bản.pdf", files.pdf())
    Path(row.file.path).write_bytes(hostile.written(hostile.pdf(2)))
    text = squeezed("".join(page.extract_text() for page in opened(made(officer, assessment)).pages))
    assert squeezed(foreign.REASONS["missing"]) in text
    with zipfile.ZipFile(store.place(made(officer, assessment, Format.ZIP))) as archive:
        assert not [name for name in archive.namelist() if name.startswith("3.")]
        assert "không còn nguyên vẹn" in archive.read("Mục lục.txt").decode()


def test_a_program_that_hangs_or_dies_is_only_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "SECONDS", 0.01)
    (tmp_path / "a.pdf").write_bytes(files.pdf())
    assert foreign.pages_of(tmp_path / "a.pdf", "application/pdf", tmp_path / "b.pdf").reason == "damaged"


def test_the_zip_holds_the_files_as_they_were_sent_with_checksums(officer: User, assessment: Assessment) -> None:
    contents = {"Biên bản họp.pdf": hostile.encrypted(), "Bảng.xlsx": files.xlsx()}
    keep(officer, assessment, "Biên bản họp.pdf", contents["Biên bản họp.pdf"])
    attach(officer, assessment, "Bảng.xlsx", contents["Bảng.xlsx"])
    with zipfile.ZipFile(store.place(made(officer, assessment, Format.ZIP))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for number, name in enumerate(contents, 1):
            assert archive.read(f"3. Minh chứng/{number:03d}. {name}") == contents[name]
        for line in archive.read("SHA256SUMS").decode().splitlines():
            told, _, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == told
        listed = archive.read("Mục lục.html").decode()
        assert all(Evidence.objects.get(original_name=name).sha256 in listed for name in contents)
    assert {"Mục lục.txt", "Mục lục.html", "SHA256SUMS"} <= set(names)


def test_unchanged_it_comes_from_the_store(officer: User, assessment: Assessment) -> None:
    first = made(officer, assessment)
    assert made(officer, assessment) == first
    attach(officer, assessment, "Thêm.pdf", files.pdf())
    assert made(officer, assessment) != first


def test_strangers_get_nothing(stranger: User, assessment: Assessment) -> None:
    with pytest.raises(ObjectDoesNotExist):
        made(stranger, assessment)


def test_of_a_proposed_unit_it_holds_the_papers_of_the_road(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    record(people, assessment)
    titles = list(bookmarks(opened(made(people.home_affairs, assessment))))
    assert any(title.startswith("Biên bản họp hội đồng") for title in titles)
    assert any(title.startswith("Phiếu gửi hồ sơ") for title in titles)
    assert not IssuedPaper.objects.filter(kind=KIND.code).exists()
    agency = factories.AgencyOfficerFactory()  # sees the dossier, but not the ward's council
    assert not any(title.startswith("Biên bản họp") for title in bookmarks(opened(made(agency, assessment))))


def test_of_a_decided_unit_it_is_kept_for_ever(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    confirm_decision(user=people.city_leader, decision_id=record(people, assessment).pk)
    file = made(people.home_affairs, assessment)
    assert IssuedPaper.objects.get(kind=KIND.code, subject=str(assessment.pk)).file == file
    assert any(title.startswith("Danh sách kèm theo") for title in bookmarks(opened(file)))
