"""The ward's report: numbers that agree with the dossiers, tables, chart, appendices, Word and Excel."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import openpyxl
import pdfplumber
import pytest
from django.db import transaction
from django.test import Client, override_settings
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from assessments import moving
from assessments.models import Layer, Plan
from reports.models.files import Format
from reports.papers import ward_report
from reports.papers.ward_report import WardReport
from tests import factories
from tests.assessments.roads import People
from tests.queries import cost
from tests.reports import data
from tests.reports.addresses import file_url
from tests.reports.conftest import squeezed
from tests.reports.papers.ward import (
    HOSTILE,
    LONGEST,
    Sent,
    above,
    at_council,
    made,
    outside,
    pages,
    people_of,
    sent,
    spoken,
    text,
    twelve,
)

pytestmark = pytest.mark.django_db
CODE = "bao-cao-xa-phuong"


@dataclass(frozen=True)
class Printed:
    """The report of twelve units in all its formats."""

    report: WardReport
    pdf: bytes
    word: bytes
    excel: bytes


@pytest.fixture(scope="module")
def twelve_units(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Printed]:
    folder = tmp_path_factory.mktemp("documents")
    with override_settings(DOCUMENT_ROOT=folder), django_db_blocker.unblock(), transaction.atomic():
        case = twelve()
        files = [
            made(case.people.leader, CODE, case.submission.pk, form) for form in (Format.PDF, Format.WORD, Format.EXCEL)
        ]
        yield Printed(ward_report.read(case.people.leader, (case.submission.pk,)), *files)
        transaction.set_rollback(True)


@pytest.fixture
def one(plan: Plan) -> Sent:
    data.city_authority()
    people = people_of("Tân Phong")
    return sent(people, at_council(people, plan, "Tổ 1"))


def test_numbers_agree_with_the_dossiers(twelve_units: Printed) -> None:
    report = twelve_units.report
    assert len(report.units) == 12 and len(report.rows) == 12
    for at, line in enumerate(report.standards):
        results = [unit.outcome.standards[at] for unit in report.units]
        assert line.holding == sum(result.holds for result in results)
        assert (line.met, line.applicable) == (sum(r.met for r in results), sum(r.applicable for r in results))
    signs = [sign for row in report.rows for sign in row.signs]
    assert len(signs) == 12 * 41 and signs.count("Đ") == sum(report.met_by) == sum(
        line.met for line in report.standards
    )
    said = [
        unit.record.value(Layer.SELF, entry)
        for unit in report.units
        for standard in unit.record.table.standards
        for entry in standard.entries
    ]
    assert signs.count("K") == said.count("not_met") and signs.count("Đ") == said.count("met")
    assert len(report.qualifying) + len(report.lacking) == 12 and len(report.reasons) == len(report.lacking)
    assert all(row.lines for row in report.reasons)


def test_most_failed_come_first_with_their_units(twelve_units: Printed) -> None:
    failed = twelve_units.report.failed
    assert [(row.code, len(row.units)) for row in failed[:2]] == [("1.1", 3), ("2.3", 2)]
    assert [len(row.units) for row in failed] == sorted((len(row.units) for row in failed), reverse=True)
    assert failed[0].units == [LONGEST.format(n) for n in (1, 4, 10)]


def test_text_of_the_report(twelve_units: Printed) -> None:
    found = text(twelve_units.pdf)
    for line in (
        "BÁO CÁO",
        "/BC-UBND",
        "Kết quả tự đánh giá tổ dân phố, bản tự quản, phát triển toàn diện năm 2025",
        "Kính gửi: Ủy ban nhân dân thành phố Lai Châu (qua Phòng Nội vụ).",
        "I. TÌNH HÌNH CHUNG",
        "có 12 tổ dân phố, bản đăng ký, trong đó đạt mới 06, duy trì 06",
        "kèm 03 minh chứng (Phụ lục III)",
        "II. KẾT QUẢ TỰ ĐÁNH GIÁ",
        "Có xảy ra tại 01 tổ dân phố, bản",
        "(trường hợp 2)",
        "III. KHÓ KHĂN, HẠN CHẾ VÀ NGUYÊN NHÂN",
        "IV. ĐỀ XUẤT, KIẾN NGHỊ",
        "……………………",
        "Phụ lục I",
        "Phụ lục II",
        "Phụ lục III",
        HOSTILE,
    ):
        assert squeezed(line) in found, line
    report = twelve_units.report
    for row in report.reasons:
        for line in row.lines:
            assert squeezed(line) in found, line
    for n in range(1, 12):
        assert found.count(squeezed(LONGEST.format(n))) >= 3, n


def test_nothing_leaves_the_margins(twelve_units: Printed) -> None:
    assert outside(twelve_units.pdf) == []


def test_criteria_stand_on_their_side_each_in_its_column(twelve_units: Printed) -> None:
    with pdfplumber.open(BytesIO(twelve_units.pdf)) as document:
        wide = [page for page in document.pages if page.width > page.height]
        rows = [row for page in wide for table in page.extract_tables() for row in table]
    assert wide
    signs = {
        squeezed(row[1] or ""): [cell or "" for cell in row[2:]] for row in rows if (row[0] or "").strip().isdigit()
    }
    assert len(signs) == 12
    for row in twelve_units.report.rows:
        assert signs[squeezed(row.unit)] == row.signs


def test_chart_stands_in_it_with_its_alternative(twelve_units: Printed) -> None:
    report = twelve_units.report
    found = text(twelve_units.pdf)
    for line in report.standards:
        assert squeezed(f"Tiêu chuẩn {line.number} {line.holding}/12 ({line.share})") in found
    reader = PdfReader(BytesIO(twelve_units.pdf))
    assert squeezed(report.chart.alt) in squeezed("".join(_alternatives(reader.trailer["/Root"]["/StructTreeRoot"])))


def _alternatives(node: object) -> Iterator[str]:
    """What the structure of the document says instead of pictures."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _alternatives(child)
    elif isinstance(node, dict):
        if "/Alt" in node:
            yield str(node["/Alt"])
        if "/K" in node:
            yield from _alternatives(node["/K"])


def test_each_appendix_counts_its_own_pages(twelve_units: Printed) -> None:
    firsts = [at for at, page in enumerate(pages(twelve_units.pdf)) if squeezed(page).startswith("Phụlục")]
    numbers = above(twelve_units.pdf)
    assert len(firsts) == 3 and all(numbers[at] == "" for at in firsts)
    expected = [at - max(first for first in [0, *firsts] if first <= at) + 1 for at in range(len(numbers))]
    assert numbers == ["" if n == 1 else str(n) for n in expected]


def test_word_says_the_same(twelve_units: Printed) -> None:
    written = spoken(twelve_units.word)
    for line in ("BÁO CÁO", "Kính gửi:", "Đề xuất, kiến nghị", HOSTILE, LONGEST.format(11), "./."):
        assert squeezed(line).lower() in written.lower(), line


def test_excel_holds_the_tables_as_numbers(twelve_units: Printed) -> None:
    book, report = openpyxl.load_workbook(BytesIO(twelve_units.excel)), twelve_units.report
    assert len(book.worksheets) == 6
    standards, contents, units, criteria, failed, evidence = (list(sheet.values) for sheet in book.worksheets)
    assert [row[2] for row in standards[2:]] == [line.holding for line in report.standards]
    assert len(contents[2:]) == 6
    assert [row[1] for row in units[2:]] == [row.unit for row in report.rows]
    assert [list(row[2:43]) for row in criteria[2:14]] == [row.signs for row in report.rows]
    assert list(criteria[14][2:43]) == report.met_by
    assert [row[0] for row in failed[2:]] == [row.code for row in report.failed]
    assert list(evidence[2][2:]) == report.rows[0].evidence and sum(evidence[14][2:8]) == 1
    assert evidence[14][10] == 3


def test_a_ward_with_one_unit(one: Sent) -> None:
    found = text(made(one.people.leader, CODE, one.submission.pk))
    for line in (
        "có 01 tổ dân phố, bản đăng ký, trong đó đạt mới 01, duy trì 0.",
        "Trong 01 tổ dân phố, bản của lần gửi này, có 01 tổ dân phố, bản đủ điều kiện đề nghị công nhận",
        "Không xảy ra.",
        "Không có tiêu chí chưa đạt.",
        "Tiêu chuẩn 1 1/1 (100 %)",
    ):
        assert squeezed(line) in found, line
    assert "DỰTHẢO" not in found


def test_without_standing_dossiers_it_has_no_tables(one: Sent) -> None:
    before = ward_report.read(one.people.leader, (one.submission.pk,)).edition
    moving.withdraw(user=one.people.leader, assessment_id=one.assessments[0].pk)
    found = text(made(one.people.leader, CODE, one.submission.pk))
    assert squeezed("Không còn hồ sơ nào trong lần gửi này.") in found and "Phụlục" not in found
    assert ward_report.read(one.people.leader, (one.submission.pk,)).edition not in ("", before)
    book = openpyxl.load_workbook(BytesIO(made(one.people.leader, CODE, one.submission.pk, Format.EXCEL)))
    assert [sheet.cell(3, 1).value for sheet in book.worksheets] == ["Chưa có số liệu."] * 6


def test_who_gets_it(one: Sent) -> None:
    seen = {}
    for name, user in {
        "officer": one.people.officer,
        "head": factories.UnitHeadFactory(unit=one.assessments[0].unit),
        "home affairs": one.people.home_affairs,
        "other ward": factories.WardOfficerFactory(),
        "agency": factories.AgencyOfficerFactory(),
        "admin": factories.AdministratorFactory(),
    }.items():
        client = Client()
        client.force_login(user)
        seen[name] = {client.get(file_url(CODE, one.submission.pk, form=form)).status_code for form in ("pdf", "xlsx")}
    assert {name for name, codes in seen.items() if codes == {200}} == {"officer", "home affairs"}
    assert all(codes in ({200}, {404}) for codes in seen.values())


def test_wrong_method_is_refused(one: Sent) -> None:
    client = Client()
    client.force_login(one.people.leader)
    assert client.post(file_url(CODE, one.submission.pk)).status_code == 405


def test_as_many_queries_for_three_as_for_one(one: Sent, plan: Plan) -> None:
    people: People = one.people
    many = sent(people, *(at_council(people, plan, f"Tổ {n}", bad=("tc-1.1",)) for n in (2, 3, 4)))
    client = Client()
    client.force_login(people.leader)
    costs = []
    for case in (one, many):
        client.get(file_url(CODE, case.submission.pk))
        costs.append(cost(client, file_url(CODE, case.submission.pk)))
    assert costs[0] == costs[1]
