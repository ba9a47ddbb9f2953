"""Papers about models: the exemplary ones with their photographs, and the table of them all."""

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pdfplumber
import pytest
from django.core.exceptions import ObjectDoesNotExist
from openpyxl import load_workbook
from PIL import Image

from accounts.models import User
from assessments.models import CommunityModel, Plan
from assessments.year import community_models as deeds
from localities.models import Unit
from reports import photos, registry, word
from reports.making import html
from tests import factories, files
from tests.reports import data
from tests.reports.papers.reading import pages, printed, read
from tests.reports.pdf_archive import check_embedded_fonts, check_pdf_a

pytestmark = pytest.mark.django_db
EXEMPLARY, TABLE = "mo-hinh-tieu-bieu", "bang-mo-hinh"
MM = 72 / 25.4


@pytest.fixture(autouse=True)
def authority(db: None) -> None:
    data.city_authority()


@pytest.fixture
def model(officer: User, plan: Plan, unit: Unit) -> CommunityModel:
    return made(officer, plan, unit, "Nhóm hộ trồng rau")


def made(officer: User, plan: Plan, unit: Unit, name: str, households: int | None = 1250) -> CommunityModel:
    told = deeds.Described("economic", name, date(2021, 3, 1), households, "Góp vốn <b>.", "Tăng thu nhập.")
    return deeds.add(user=officer, plan_id=plan.pk, unit_id=unit.pk, told=told)


def choose(home_affairs: User, plan: Plan, model: CommunityModel) -> CommunityModel:
    model.refresh_from_db()
    given = {"version": model.version, "reason": "Dễ làm theo.", "on": date(plan.year, 6, 1)}
    return deeds.choose(user=home_affairs, plan_id=plan.pk, model_id=model.pk, **given)


def attach(officer: User, plan: Plan, model: CommunityModel, name: str, content: bytes) -> Path:
    """The photograph's place on the disk."""
    sent = files.upload(name, content)
    kept, _ = deeds.attach(user=officer, plan_id=plan.pk, model_id=model.pk, file=sent)
    return Path(kept.file.path)


def pictures(content: bytes) -> list[tuple[int, int]]:
    """Width and height in millimetres of every picture, each whole within the text's edges."""
    found = []
    with pdfplumber.open(BytesIO(content)) as document:
        for page in document.pages:
            for image in page.images:
                assert image["x0"] >= 29.9 * MM and image["x1"] <= page.width - 15.9 * MM, "out of the margins"
                assert image["top"] >= 21.9 * MM and image["bottom"] <= page.height - 19.9 * MM
                found.append((round(image["width"] / MM), round(image["height"] / MM)))
    return found


def camera(size: tuple[int, int]) -> bytes:
    """A picture as a telephone writes it: lying, with the note that it was held upright, and where."""
    noted = Image.Exif()
    noted[0x0112] = 6
    noted[0x010F] = "Máy ảnh"
    buffer = BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(buffer, "JPEG", exif=noted)
    return buffer.getvalue()


def test_no_model_is_chosen_yet(home_affairs: User, plan: Plan, model: CommunityModel) -> None:
    [page] = pages(printed(EXEMPLARY, read(EXEMPLARY, home_affairs, plan.pk)))
    assert "chưachọnmôhình,tổtựquảntiêubiểunào." in page and "Nhómhộtrồngrau" not in page


def test_what_others_learn(officer: User, home_affairs: User, plan: Plan, model: CommunityModel) -> None:
    choose(home_affairs, plan, model)
    page = html(registry.find(EXEMPLARY), read(EXEMPLARY, officer, plan.pk))
    assert "chọn 01 mô hình" in page and "hoạt động từ tháng 03/2021; 1.250 hộ tham gia" in page
    assert "Dễ làm theo." in page and "Góp vốn &lt;b&gt;." in page
    assert "photos" not in page, "a gap for photographs that it has not"


def test_photographs(officer: User, home_affairs: User, plan: Plan, unit: Unit, model: CommunityModel) -> None:
    choose(home_affairs, plan, model)
    plain = choose(home_affairs, plan, made(officer, plan, unit, "Tổ đoàn kết", None))
    attach(officer, plan, model, "hợp đồng.pdf", files.pdf())
    attach(officer, plan, model, "Vườn rau của bản.png", files.png((1600, 900)))
    attach(officer, plan, model, "IMG_20250301_081500.jpg", camera((1200, 900)))
    attach(officer, plan, model, "Ảnh thứ ba.png", files.png((64, 48)))
    made_now = read(EXEMPLARY, home_affairs, plan.pk)
    content = printed(EXEMPLARY, made_now)
    # The first fills its box by the width; the second, turned as it was held, by the height; no third.
    assert sorted(pictures(content)) == [(43, 57), (76, 43)]
    check_pdf_a(content)
    check_embedded_fonts(content)
    text = "".join(pages(content))
    assert "Vườnraucủabản" in text and "IMG" not in text and "Ảnhthứba" not in text
    assert text.count("Nhómhộtrồngrau") == 2  # its title, and below what the camera named
    assert plain.name.replace(" ", "") in text and "hợpđồng" not in text and "Máy ảnh".encode() not in content


def test_photographs_in_word(officer: User, home_affairs: User, plan: Plan, model: CommunityModel) -> None:
    choose(home_affairs, plan, model)
    attach(officer, plan, model, "Vườn rau của bản.png", files.png((2000, 1000)))
    document = word.document(html(registry.find(EXEMPLARY), read(EXEMPLARY, home_affairs, plan.pk)))
    with ZipFile(BytesIO(document)) as package:
        [media] = [name for name in package.namelist() if name.startswith("word/media/")]
        with Image.open(BytesIO(package.read(media))) as picture:
            assert picture.size == (900, 450), "larger than paper shows"
        body = package.read("word/document.xml").decode()
    assert 'descr="Ảnh: Vườn rau của bản"' in body and "Vườn rau của bản</w:t>" in body
    assert f'cx="{round(76 * MM * 12_700)}"' in body


def test_damaged_photograph_leaves_no_gap(officer: User, home_affairs: User, plan: Plan, model: CommunityModel) -> None:
    choose(home_affairs, plan, model)
    lost = attach(officer, plan, model, "Ảnh bị hỏng.png", files.png((80, 60)))
    attach(officer, plan, model, "Ảnh còn tốt.png", files.png((80, 50)))
    lost.write_bytes(files.png((80, 61)))
    page = html(registry.find(EXEMPLARY), read(EXEMPLARY, home_affairs, plan.pk))
    assert "Ảnh còn tốt" in page and "bị hỏng" not in page and page.count("<img") == 1


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Vườn rau của bản.jpg", "Vườn rau của bản"),
        ("Tuyen_duong_hoa.JPG", "Tuyen duong hoa"),
        ("IMG_20250301_081500.jpg", ""),
        ("DSC 0012.jpg", ""),
        ("z4567890123_abc.jpg", ""),
        ("Screenshot_2025-03-01.png", ""),
    ],
)
def test_caption(name: str, title: str) -> None:
    assert photos.caption(name) == title


def test_table_counts_by_kind_and_state(
    officer: User, leader: User, home_affairs: User, plan: Plan, unit: Unit, model: CommunityModel
) -> None:
    choose(home_affairs, plan, model)
    paused = made(officer, plan, unit, "Nuôi dê", None)
    deeds.set_state(user=officer, plan_id=plan.pk, model_id=paused.pk, version=1, state="paused")
    found = read(TABLE, home_affairs, plan.pk)
    assert found.counts[0][1:] == (2, 1, 1, 0, 1) and found.totals == [2, 1, 1, 0, 1]  # type: ignore[attr-defined]
    book = load_workbook(BytesIO(registry.find(TABLE).workbook(found)))  # type: ignore[misc]
    rows = {row[4]: row for row in book.worksheets[0].iter_rows(values_only=True)}
    assert rows["Nhóm hộ trồng rau"][6] == 1250 and rows["Nuôi dê"][6] is None
    with pytest.raises(ObjectDoesNotExist):
        read(TABLE, leader, plan.pk)
    with pytest.raises(ObjectDoesNotExist):
        read("bang-mo-hinh-xa-phuong", factories.WardLeaderFactory(), plan.pk, unit.ward_id)
