"""Papers about money: what each says, and that the largest sums stand on one line."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pdfplumber
import pytest
from django.core.exceptions import ObjectDoesNotExist

from assessments import money
from assessments.models import BudgetEstimate
from assessments.year import rows
from reports import making, registry, wording
from reports.papers.base import NotYet
from tests.assessments.year import budget
from tests.assessments.year.budget import City
from tests.reports import data
from tests.reports.papers.reading import printed, read

pytestmark = pytest.mark.django_db
LINES, EACH = 120, 999_999_999_999
SUM = money.dong(LINES * EACH)  # fifteen digits
TABLE, SUBMISSION, ESTIMATE, DECISION = (
    "bang-tham-dinh-kinh-phi",
    "to-trinh-kinh-phi",
    "du-toan",
    "quyet-dinh-kinh-phi",
)


@pytest.fixture
def town(db: None) -> City:
    data.city_authority()
    return City()


def words(content: bytes) -> list[str]:
    """Whatever stands together on one line."""
    with pdfplumber.open(BytesIO(content)) as document:
        return [word["text"] for page in document.pages for word in page.extract_words()]


def html(code: str, town: City, *ids: int) -> str:
    return making.html(registry.find(code), read(code, town.finance, *ids))


def dear(town: City, sources: Iterable[money.Sources]) -> BudgetEstimate:
    """An estimate of so many lines, each of nearly the most there may be."""
    lines = [
        budget.line(f"Việc {n}", quantity=money.parse_quantity("1"), unit_price=EACH, sources=source)
        for n, source in enumerate(sources, 1)
    ]
    return budget.sent(town.officer, town.leader, town.plan, lines)


def test_largest_sums_stand_on_one_line(town: City) -> None:
    other = City(town.plan)
    whole = [money.Sources(EACH)] * (LINES - 2) + [money.Sources(0, EACH), money.Sources(0, 0, EACH)]
    assert len(SUM) == 19
    kept = budget.appraised(town.finance, dear(town, whole))
    cut = other.say(dear(other, whole), *[(1, "Không đúng định mức")] * LINES, finish=True)
    table = words(printed(TABLE, read(TABLE, town.finance, town.plan.pk)))
    assert table.count(SUM) >= 5  # asked twice and once more with its sources, appraised, in the lines below
    assert money.signed(LINES - LINES * EACH) in table and money.dong(2 * LINES * EACH) in table
    assert SUM in words(printed(SUBMISSION, read(SUBMISSION, town.finance, town.plan.pk)))
    assert words(printed(ESTIMATE, read(ESTIMATE, town.officer, kept.pk))).count(SUM) >= 2
    decision = budget.decided(town.finance, town.plan, kept, cut)
    assert words(printed(DECISION, read(DECISION, town.finance, decision.pk))).count(SUM) >= 3


def test_table_adds_up_and_leaves_blank_what_nobody_said(town: City) -> None:
    silent = City(town.plan)
    estimate = town.sent()
    page = html(TABLE, town, town.plan.pk)
    made = read(TABLE, town.finance, town.plan.pk)
    assert made.draft and "01/02 xã, phường đã gửi dự toán; đã thẩm định 0, đã phê duyệt 0" in page
    assert "Tổng thẩm định" not in page and "Tổng phê duyệt" not in page
    by_ward = {row.ward: row for row in made.rows}  # type: ignore[attr-defined]
    assert by_ward[str(town.ward)].amounts == ["9.000.000", "", "", "", ""]
    assert by_ward[str(town.ward)].sources == ["7.000.000", "1.500.000", "500.000"]
    assert by_ward[str(silent.ward)].state == "Chưa gửi" and by_ward[str(silent.ward)].amounts == [""] * 5
    town.say(estimate, (5_000_000, "Giá cao"), (3_000_000, ""), finish=True)
    assert "Nguồn theo dự toán đề nghị" in page
    made = read(TABLE, town.finance, town.plan.pk)
    assert made.sums == ["9.000.000", "8.000.000", "", "", ""]  # type: ignore[attr-defined]
    assert made.source_sums == ["7.000.000", "1.500.000", "500.000"]  # type: ignore[attr-defined]
    decision = budget.decided(town.finance, town.plan, BudgetEstimate.objects.get(pk=estimate.pk))
    budget.confirmed(town.head, decision)
    assert not read(TABLE, town.finance, town.plan.pk).draft
    assert "8.000.000 đồng (Bằng chữ: Tám triệu đồng)" in html(TABLE, town, town.plan.pk)
    for person in (town.officer, town.leader):
        with pytest.raises(ObjectDoesNotExist):
            read(TABLE, person, town.plan.pk)


def test_submission_waits_for_an_appraisal(town: City) -> None:
    waiting = City(town.plan)
    waiting.sent()
    with pytest.raises(NotYet, match="đã thẩm định xong"):
        read(SUBMISSION, town.finance, town.plan.pk)
    town.appraised()
    page = html(SUBMISSION, town, town.plan.pk)
    assert "dự toán kinh phí của 01 xã, phường" in page and "đề nghị: 9.000.000 đồng" in page
    assert f"3. Chưa gửi dự toán hoặc chưa thẩm định xong: {wording.inside(waiting.ward)}." in page


def test_submission_is_over_what_is_appraised_and_not_decided(town: City) -> None:
    """One total asked and one appraised, in the letter as in its rows, sums, sources and lines."""
    decided, waiting = City(town.plan), City(town.plan)
    waiting.sent()
    approval = budget.decided(town.finance, town.plan, decided.appraised())
    budget.confirmed(town.head, approval)
    with pytest.raises(NotYet, match="đều đã được phê duyệt"):
        read(SUBMISSION, town.finance, town.plan.pk)
    cut = town.say(town.sent(), (5_000_000, "Giá cao"), (3_000_000, ""), finish=True)
    budget.decided(town.finance, town.plan, cut, number="78/QĐ-UBND")  # prepared, not confirmed: still to be asked for
    made: Any = read(SUBMISSION, town.finance, town.plan.pk)
    assert [row.ward for row in made.rows] == [str(town.ward)] == [ward for ward, _, _ in made.details]
    assert made.sums == ["9.000.000", "8.000.000", "", "", ""] and made.details[0][2] == ["9.000.000", "8.000.000", ""]
    assert made.source_sums == ["7.000.000", "1.500.000", "500.000"]
    page = html(SUBMISSION, town, town.plan.pk)
    assert "đề nghị: 9.000.000 đồng (Bằng chữ: Chín triệu đồng)" in page
    assert "sau thẩm định: 8.000.000 đồng (Bằng chữ: Tám triệu đồng)" in page
    assert f"3. Đã được phê duyệt, không thuộc Tờ trình này: {wording.inside(decided.ward)}." in page
    assert f"4. Chưa gửi dự toán hoặc chưa thẩm định xong: {wording.inside(waiting.ward)}." in page
    for other in (decided, waiting):
        assert str(other.ward) not in page, "only named in its sentence"
    assert "18.000.000" not in page and "27.000.000" not in page


def test_estimate_is_a_draft_until_it_is_sent(town: City) -> None:
    made = budget.draft(town.officer, town.plan)
    page = html_of(town, made)
    assert "DỰ THẢO" in page and "9.000.000 đồng (Bằng chữ: Chín triệu đồng)" in page
    assert "Ngân sách nhà nước: 7.000.000 đồng" in page and "Xã hội hóa: 1.500.000 đồng" in page
    with pytest.raises(ObjectDoesNotExist):
        read(ESTIMATE, town.finance, made.pk)
    assert made.version != rows.NEW
    sent = budget.budget.send_estimate(user=town.leader, estimate_id=made.pk, version=made.version)
    assert "DỰ THẢO" not in html_of(town, sent)


def html_of(town: City, made: BudgetEstimate) -> str:
    return making.html(registry.find(ESTIMATE), read(ESTIMATE, town.officer, made.pk))


def test_decision_is_a_draft_until_it_is_confirmed(town: City) -> None:
    decision = budget.decided(town.finance, town.plan, town.appraised())
    made = read(DECISION, town.finance, decision.pk)
    assert made.draft and not made.edition
    with pytest.raises(ObjectDoesNotExist):
        read(DECISION, town.officer, decision.pk)
    budget.confirmed(town.head, decision)
    made = read(DECISION, town.officer, decision.pk)
    assert not made.draft and made.edition
    page = making.html(registry.find(DECISION), made)
    assert "của 01 xã, phường với tổng số tiền 9.000.000 đồng (Bằng chữ: Chín triệu đồng)" in page
    assert "Số: 77/QĐ-UBND" in page
    assert "theo dự toán đề nghị của từng xã, phường" in page, "no source is known of what was approved"
