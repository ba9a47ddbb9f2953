"""The certificate: one landscape sheet on which the longest names find room."""

from io import BytesIO
from typing import Any

import pdfplumber
import pytest
import segno
from django.db.models import Model
from lxml import html as parser

from assessments.models import Certificate, Plan
from localities.models import Authority, Unit, Ward
from reports import bundles, making, registry, rendering
from reports.models import IssuedPaper
from reports.papers.base import NotYet
from tests import factories
from tests.assessments.appraising import REFUSED, correct
from tests.assessments.roads import People
from tests.reports.papers.deciding import Deciding, build, made

pytestmark = pytest.mark.django_db
CODE = "giay-cong-nhan"
LONGEST = "Tổ dân phố số 12 khu tái định cư Nậm Loỏng - Chin Chu Chải thuộc cụm dân cư liên bản Gia Khâu Thành Lập"[
    :100
]


@pytest.fixture
def deciding(people: People, plan: Plan) -> Deciding:
    return build(people, plan)


@pytest.fixture
def certificate(deciding: Deciding) -> Certificate:
    deciding.decide()
    return Certificate.objects.get(line__assessment=deciding.new)


def pdf(deciding: Deciding, certificate: Certificate) -> Any:
    paper = made(deciding.people.home_affairs, CODE, certificate.pk)
    return pdfplumber.open(BytesIO(rendering.pdf(making.html(registry.find(CODE), paper))))


def rename(row: Model, **names: str) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**names)


def test_says_what_it_is_for(deciding: Deciding, certificate: Certificate) -> None:
    [page] = pdf(deciding, certificate).pages
    assert (round(page.width / 72 * 25.4), round(page.height / 72 * 25.4)) == (297, 210)
    found = " ".join(page.extract_text().split())
    unit = deciding.new.unit
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "GIẤY CÔNG NHẬN",
        "CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ LAI CHÂU",
        unit.name,
        f"phường {unit.ward.name}, thành phố Lai Châu",
        "Đạt tiêu chuẩn tổ dân phố tự quản, phát triển toàn diện năm 2025",
        "(Quyết định số 12/QĐ-UBND ngày",
        "Vào sổ số: 01",
    ):
        assert words in found, words
    assert page.curves or page.rects or page.lines  # the frame


def test_the_longest_names_are_not_clipped(deciding: Deciding, certificate: Certificate) -> None:
    rename(deciding.new.unit, name=LONGEST)
    rename(deciding.new.unit.ward, name="Thị trấn có tên thật dài và còn dài hơn nữa để thử chỗ in")
    rename(deciding.authority, name="Ủy ban nhân dân thành phố có tên rất dài để thử một dòng chữ in hoa Lai Châu")
    sheet = pdf(deciding, certificate)
    assert len(sheet.pages) == 1
    [page] = sheet.pages
    found = "".join(page.extract_text().split())
    assert "".join(LONGEST.split()) in found
    words = page.extract_words(extra_attrs=["size"])
    millimetres = 72 / 25.4
    for word in words:
        assert word["x0"] >= 20 * millimetres and word["x1"] <= (297 - 20) * millimetres, word
        assert word["top"] >= 20 * millimetres and word["bottom"] <= 190 * millimetres, word
    name_end = max(word["bottom"] for word in words if word["text"] == "toàn")
    foot = min(word["top"] for word in words if word["text"].startswith("tháng") and word["size"] > 13.5)
    assert name_end < foot, "the names run into the signature"


def test_the_code_of_squares_is_the_public_address(deciding: Deciding, certificate: Certificate, settings: Any) -> None:
    settings.SITE_URL = "https://tuquan.example"
    paper: Any = made(deciding.people.home_affairs, CODE, certificate.pk)
    assert paper.address == f"https://tuquan.example/xac-nhan/{certificate.code}/"
    assert paper.code.replace("-", "") == certificate.code and paper.code.count("-") == 4
    drawn = parser.fromstring(str(paper.qr)).find(".//path")
    wanted = parser.fromstring(segno.make(paper.address, error="m", micro=False).svg_inline(border=0)).find(".//path")
    assert drawn is not None and wanted is not None and drawn.get("d") == wanted.get("d")


def test_only_for_whoever_sees_the_dossier(deciding: Deciding, certificate: Certificate) -> None:
    assert made(deciding.people.officer, CODE, certificate.pk).title
    for stranger in (
        factories.WardOfficerFactory(),
        factories.FinancePlanningFactory(),
        factories.AdministratorFactory(),
    ):
        with pytest.raises(Certificate.DoesNotExist):
            made(stranger, CODE, certificate.pk)


def test_the_first_copy_is_kept(deciding: Deciding, certificate: Certificate, settings: Any, tmp_path: Any) -> None:
    settings.DOCUMENT_ROOT = tmp_path
    first = making.make(deciding.people.officer, registry.find(CODE), (certificate.pk,))
    rename(deciding.new.unit, name="Tên đổi sau")
    assert making.make(deciding.people.home_affairs, registry.find(CODE), (certificate.pk,)).file == first.file
    assert IssuedPaper.objects.get(kind=CODE).title == first.title and not first.draft


def test_none_is_made_after_a_later_decision(deciding: Deciding, certificate: Certificate) -> None:
    home_affairs, decision = deciding.people.home_affairs, certificate.line.decision
    given = bundles.find("giay-cong-nhan-quyet-dinh").find(home_affairs, (decision.pk,))
    correct(deciding.people, decision, {deciding.new: REFUSED})
    with pytest.raises(NotYet, match="không còn hiệu lực"):
        made(home_affairs, CODE, certificate.pk)
    left = bundles.find("giay-cong-nhan-quyet-dinh").find(home_affairs, (decision.pk,))
    assert {item.subject for item in given.items} - {item.subject for item in left.items} == {str(certificate.pk)}


def test_a_village_is_called_a_village(deciding: Deciding, certificate: Certificate) -> None:
    Unit.objects.filter(pk=deciding.new.unit.pk).update(kind="village")
    Ward.objects.filter(pk=deciding.new.unit.ward_id).update(kind="commune")
    paper: Any = made(deciding.people.home_affairs, CODE, certificate.pk)
    assert paper.kind == "bản" and paper.where.startswith("xã ")
    Authority.objects.all().delete()
    assert made(deciding.people.home_affairs, CODE, certificate.pk).title  # nobody is known: blanks, no failure
