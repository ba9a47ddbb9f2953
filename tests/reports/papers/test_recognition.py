"""Submission, draft decision, decision, notice: what they say, and when there are none."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Role
from assessments.models import Decision, Plan
from localities.models import Unit
from reports import making, registry
from reports.models import IssuedPaper, Signer
from reports.models.files import Format
from reports.papers import law
from reports.papers.base import NotYet
from tests import factories
from tests.assessments.appraising import REFUSED, correct
from tests.assessments.roads import People
from tests.reports.papers.deciding import Deciding, build, made, pages_of, text_of

pytestmark = pytest.mark.django_db
SUBMISSION, DRAFT, DECISION, NOTICE = (
    "to-trinh-cong-nhan",
    "du-thao-quyet-dinh",
    "quyet-dinh",
    "thong-bao-khong-cong-nhan",
)


@pytest.fixture
def deciding(people: People, plan: Plan) -> Deciding:
    return build(people, plan)


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Any) -> None:
    settings.DOCUMENT_ROOT = tmp_path


class TestSubmission:
    def test_says_who_and_who_not_and_why(self, deciding: Deciding) -> None:
        found = text_of(made(deciding.people.home_affairs, SUBMISSION, deciding.plan.pk), SUBMISSION)
        assert "Số: /TTr-PNV" in found and "Kính gửi: Ủy ban nhân dân thành phố Lai Châu." in found
        assert "công nhận 02 tổ dân phố, bản" in found and "Công nhận mới (1)" in found
        assert "Chưa đề nghị công nhận 01 tổ dân phố, bản" in found
        assert "Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.1)." in found
        assert "Không giữ được danh hiệu" in found and "DỰ THẢO" not in found
        assert found.rstrip().endswith("TRƯỞNG PHÒNG")
        for assessment in deciding.all:
            assert assessment.unit.name in found

    def test_signed_by_whom_home_affairs_recorded(self, deciding: Deciding) -> None:
        agency = factories.AgencyFactory(code="noi-vu", name="Phòng Nội vụ")
        Signer.objects.create(agency=agency, title="KT. TRƯỞNG PHÒNG\nPHÓ TRƯỞNG PHÒNG", full_name="Người Ký Thử")
        found = text_of(made(deciding.people.home_affairs, SUBMISSION, deciding.plan.pk), SUBMISSION)
        assert "KT. TRƯỞNG PHÒNG" in found and found.rstrip().endswith("Người Ký Thử")

    def test_leaves_out_what_is_decided(self, deciding: Deciding) -> None:
        deciding.decide(deciding.new)
        paper: Any = made(deciding.people.home_affairs, SUBMISSION, deciding.plan.pk)
        assert [row.assessment_id for row in paper.lists] == [deciding.kept.pk, deciding.refused.pk]

    @pytest.mark.parametrize("code", [SUBMISSION, DRAFT])
    def test_nothing_proposed(self, deciding: Deciding, client: Client, code: str) -> None:
        deciding.decide()
        with pytest.raises(NotYet):
            made(deciding.people.home_affairs, code, deciding.plan.pk)
        client.force_login(deciding.people.home_affairs)
        for tail in ("", "tep.pdf", "tep.docx", "trang-1.png"):
            answer = client.get(f"/van-ban/{code}/{deciding.plan.pk}/{tail}")
            assert answer.status_code == 409
            assert "Chưa có tổ dân phố, bản nào đang trình" in answer.content.decode()

    def test_a_clear_number_of_queries(self, deciding: Deciding, django_assert_max_num_queries: Any) -> None:
        making.html(registry.find(SUBMISSION), made(deciding.people.home_affairs, SUBMISSION, deciding.plan.pk))
        with django_assert_max_num_queries(14):
            made(deciding.people.home_affairs, SUBMISSION, deciding.plan.pk)


class TestDraft:
    def test_number_and_day_are_blank(self, deciding: Deciding) -> None:
        found = text_of(made(deciding.people.home_affairs, DRAFT, deciding.plan.pk), DRAFT)
        assert "Số: /QĐ-UBNDDỰ THẢO" in found and "ngày tháng năm 2025" in found
        assert "CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ LAI CHÂU Căn cứ Luật Tổ chức chính quyền địa phương" in found
        assert "Theo đề nghị của Trưởng phòng Nội vụ tại Tờ trình số /TTr-PNV" in found
        assert "QUYẾT ĐỊNH: Điều 1. Công nhận 02 tổ dân phố, bản" in found
        assert "TM. ỦY BAN" not in found  # the chairman decides alone

    def test_lists_begin_on_pages_of_their_own(self, deciding: Deciding) -> None:
        pages = pages_of(made(deciding.people.home_affairs, DRAFT, deciding.plan.pk), DRAFT)
        assert len(pages) == 3
        assert pages[1].startswith("DỰ THẢO Phụ lục I DANH SÁCH")
        assert pages[2].startswith("DỰ THẢO Phụ lục II DANH SÁCH")
        assert deciding.refused.unit.name not in pages[1] and deciding.refused.unit.name in pages[2]

    def test_a_long_list_counts_its_own_pages(self, deciding: Deciding) -> None:
        paper: Any = made(deciding.people.home_affairs, DRAFT, deciding.plan.pk)
        for _ in range(60):
            paper.lists.add(deciding.new, True, [])
        pages = pages_of(paper, DRAFT)
        second = next(n for n, page in enumerate(pages) if page.startswith("DỰ THẢO Phụ lục I ")) + 1
        assert pages[second].startswith("2 DỰ THẢO Số TT Tổ dân phố, bản"), pages[second][:60]

    def test_excel_has_both_lists(self, deciding: Deciding) -> None:
        paper = registry.find(DRAFT)
        assert paper.workbook
        book = load_workbook(BytesIO(paper.workbook(made(deciding.people.home_affairs, DRAFT, deciding.plan.pk))))
        first, second = book.worksheets
        names = [first.cell(row, 2).value for row in range(3, first.max_row + 1)]
        assert names == [deciding.new.unit.name, deciding.kept.unit.name]
        assert [first.cell(row, 1).value for row in (3, 4)] == [1, 2]
        assert second.cell(3, 2).value == deciding.refused.unit.name and "1.1" in str(second.cell(3, 5).value)


class TestDecision:
    def test_draft_until_confirmed_then_the_same_file_for_ever(self, deciding: Deciding) -> None:
        from tests.assessments.roads import record

        waiting = record(deciding.people, *deciding.all)
        assert made(deciding.people.home_affairs, DECISION, waiting.pk).draft
        with pytest.raises(Decision.DoesNotExist):
            made(deciding.people.officer, DECISION, waiting.pk)
        from assessments.recognition import confirm_decision

        confirm_decision(user=deciding.people.city_leader, decision_id=waiting.pk)
        first = making.make(deciding.people.officer, registry.find(DECISION), (waiting.pk,))
        assert not first.draft and IssuedPaper.objects.get(kind=DECISION).file == first.file
        Unit.objects.filter(pk=deciding.new.unit.pk).update(name="Tên đổi sau")
        again = making.make(deciding.people.home_affairs, registry.find(DECISION), (waiting.pk,))
        assert again.file.sha256 == first.file.sha256

    def test_words(self, deciding: Deciding) -> None:
        found = text_of(made(deciding.people.officer, DECISION, deciding.decide().pk), DECISION)
        assert "Số: 12/QĐ-UBND" in found and "DỰ THẢO" not in found
        assert "Về việc công nhận tổ dân phố, bản" in found
        assert "công nhận mới 01; tiếp tục công nhận (duy trì) 01" in found
        assert "Không công nhận 01 tổ dân phố, bản" in found
        assert "(Kèm theo Quyết định số 12/QĐ-UBND" in found and "KT. CHỦ TỊCHPHÓ CHỦ TỊCH" in found

    def test_only_recognised_has_one_list_without_a_number(self, deciding: Deciding) -> None:
        paper: Any = made(deciding.people.officer, DECISION, deciding.decide(deciding.new).pk)
        assert [(item.number, item.kind) for item in paper.appendices] == [("", "recognised")]
        assert "tại Phụ lục kèm theo" in paper.articles[0]

    def test_a_correction_replaces_part_of_the_earlier(self, deciding: Deciding) -> None:
        earlier = deciding.decide()
        later = correct(deciding.people, earlier, {deciding.new: REFUSED}, number="20/QĐ-UBND")
        paper: Any = made(deciding.people.home_affairs, DECISION, later.pk)
        found = text_of(paper, DECISION)
        assert "Đính chính, thay thế một phần Quyết định số 12/QĐ-UBND" in found
        assert "Giấy công nhận đã cấp" in found and "giữ nguyên hiệu lực" in found
        assert "Nhập nhầm kết quả ở khâu tổng hợp" in found
        [row] = paper.corrected
        assert (row.before, row.after) == ("Công nhận", "Không công nhận")
        workbook = registry.find(DECISION).workbook
        assert workbook
        sheet = load_workbook(BytesIO(workbook(paper))).worksheets[0]
        assert sheet.cell(3, 2).value == deciding.new.unit.name

    def test_word_and_pdf_are_given_out(self, deciding: Deciding, client: Client) -> None:
        client.force_login(deciding.people.officer)
        made_decision = deciding.decide()
        for form in (Format.PDF, Format.WORD, Format.EXCEL):
            answer = client.get(f"/van-ban/{DECISION}/{made_decision.pk}/tep.{form}")
            assert answer.status_code == 200 and making.CONTENT_TYPES[form] == answer["Content-Type"]


class TestNotice:
    def test_reasons_and_how_to_be_heard(self, deciding: Deciding) -> None:
        decision = deciding.decide()
        found = text_of(made(deciding.people.home_affairs, NOTICE, decision.pk), NOTICE)
        assert "Số: /TB-UBND" in found and "thông báo 01 tổ dân phố, bản chưa được công nhận" in found
        assert deciding.refused.unit.name in found and "(chưa đạt: 1.1)" in found
        assert deciding.new.unit.name not in found
        assert "gửi ý kiến bằng văn bản" in found and "TM. ỦY BAN NHÂN DÂN" in found

    def test_not_where_nobody_is_refused(self, deciding: Deciding) -> None:
        decision = deciding.decide(deciding.new)
        with pytest.raises(NotYet):
            made(deciding.people.home_affairs, NOTICE, decision.pk)
        from assessments.queries import decisions

        listed = decisions(deciding.people.home_affairs).get(pk=decision.pk)
        codes = [p.code for p in registry.offered(deciding.people.home_affairs, registry.About.DECISION, listed)]
        assert NOTICE not in codes and DECISION in codes

    @pytest.mark.parametrize("role", [r for r in Role.values if r not in ("home_affairs", "city_leader")])
    def test_is_the_citys(self, deciding: Deciding, role: str, client: Client) -> None:
        maker = "".join(word.title() for word in role.split("_")) + "Factory"
        client.force_login(getattr(factories, maker)())
        decision = deciding.decide()
        for code, pk in ((NOTICE, decision.pk), (SUBMISSION, deciding.plan.pk), (DRAFT, deciding.plan.pk)):
            assert client.get(f"/van-ban/{code}/{pk}/").status_code == 404


@pytest.mark.parametrize(
    ("day", "year"), [((2020, 5, 1), "2015"), ((2021, 1, 1), "2015"), ((2025, 5, 1), "2025"), ((2025, 6, 16), "2025")]
)
def test_the_law_of_the_day(day: tuple[int, int, int], year: str) -> None:
    from datetime import date

    found = law.organisation(date(*day))
    assert found[0].endswith(year) and (len(found) == 2) == (day == (2021, 1, 1))
    assert "16 tháng 6" in found[0] if day == (2025, 6, 16) else "16 tháng 6" not in found[0]
