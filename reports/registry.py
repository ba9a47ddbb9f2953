"""Every document the application makes: what it is of, who may print it and from when, in which formats.

The screens list from here what is available, the addresses find here how a document is made. A new one is a
template, a view model in reports/papers/, and a row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments import permissions
from assessments.permissions import AnyUser
from reports.models.files import Format
from reports.papers import (
    agency_report,
    agency_sheet,
    budget_decision,
    budget_table,
    certificate,
    city_plan,
    city_table,
    commendation_decision,
    commendation_proposal,
    commendation_table,
    community_models,
    council_minutes,
    decision_list,
    detailed_plan,
    dossier,
    estimate,
    guidance_list,
    helping_table,
    looking_back,
    profile_table,
    progress,
    proposals,
    recognition_decision,
    recognition_submission,
    refusal_notice,
    self_sheet,
    submission_receipt,
    visit_minutes,
    ward_plan_table,
    ward_report,
    ward_submission,
    whole_dossier,
    year_report,
)
from reports.papers.base import Official
from reports.workbooks import agency_sheet as agency_workbook
from reports.workbooks import budget as budget_workbooks
from reports.workbooks import consolidated, recognition, ward_plans, year_tables
from reports.workbooks import guidance_list as guidance_workbook
from reports.workbooks import helping_table as helping_workbook
from reports.workbooks import looking_back as analysis_workbook
from reports.workbooks import progress as progress_workbook
from reports.workbooks import ward_report as ward_workbook
from reports.workbooks import year_report as year_workbook

Ids = tuple[int, ...]
PDF, WORD, EXCEL, ZIP = Format.PDF, Format.WORD, Format.EXCEL, Format.ZIP


class About(StrEnum):
    """What a document is of; its subject in addresses is the number (or numbers, 12-5) of that thing."""

    ASSESSMENT = "assessment"
    MEETING = "meeting"
    SUBMISSION = "submission"
    AGENCY_WORK = "agency_work"  # plan and agency
    REPORT = "report"
    VISIT = "visit"
    PLAN = "plan"
    WARD_PLAN = "ward_plan"  # plan and ward
    DECISION = "decision"
    CERTIFICATE = "certificate"
    DELEGATION = "delegation"
    DETAILED_PLAN = "detailed_plan"  # a ward's
    ESTIMATE = "estimate"
    BUDGET_DECISION = "budget_decision"
    YEAR_REPORT = "year_report"
    COMMENDATION_DECISION = "commendation_decision"

    @property
    def numbers(self) -> int:
        """How many numbers name one."""
        return 2 if self in (About.AGENCY_WORK, About.WARD_PLAN) else 1


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of document."""

    code: str  # in addresses
    name: str  # on screens
    about: About
    read: Callable[[AnyUser, Ids], Official]  # raises ObjectDoesNotExist outside the person's scope
    template: str = ""
    formats: tuple[Format, ...] = (PDF,)
    # Who may print it, beyond seeing the thing itself; from permissions.
    may: Callable[[AnyUser], bool] = permissions.may_print
    # From which state: whether there is such a paper of this thing yet.
    ready: Callable[[Any], bool] = lambda _: True
    since: str = ""  # the same in words, for whoever asks too early
    workbook: Callable[[Any], bytes] | None = None  # makes the Excel file of the view model
    # "module.function" that puts it together from other papers and files. It takes long: ordered, never made in a page.
    compose: str = ""


PAPERS: tuple[Paper, ...] = (
    # The plans of the year
    Paper("ke-hoach", "Kế hoạch của thành phố", About.PLAN, city_plan.read, "city_plan", formats=(PDF, WORD)),
    Paper(
        "bang-ke-hoach-xa-phuong", "Bảng kế hoạch của các xã, phường", About.PLAN, ward_plan_table.read,
        "ward_plan_table", (PDF, EXCEL), may=permissions.may_see_city, workbook=ward_plans.workbook,
    ),
    Paper(
        "ke-hoach-xa-phuong", "Kế hoạch của xã, phường", About.DETAILED_PLAN, detailed_plan.read, "detailed_plan",
        formats=(PDF, WORD), may=permissions.may_see_ward_plans,
    ),
    # A unit's own
    Paper("phieu-tu-danh-gia", "Phiếu tự đánh giá", About.ASSESSMENT, self_sheet.read, "self_sheet"),
    Paper("phieu-danh-gia", "Phiếu đánh giá", About.ASSESSMENT, dossier.read, "dossier"),
    # The ward council's
    Paper(
        "bien-ban-hoi-dong", "Biên bản họp hội đồng", About.MEETING, council_minutes.read, "council_minutes",
        formats=(PDF, WORD),
    ),
    # What the ward sends
    Paper(
        "to-trinh-xa-phuong", "Tờ trình đề nghị công nhận", About.SUBMISSION, ward_submission.read, "ward_submission",
        formats=(PDF, WORD), may=permissions.may_print_for_ward,
    ),
    Paper(
        "bao-cao-xa-phuong", "Báo cáo kết quả tự đánh giá", About.SUBMISSION, ward_report.read, "ward_report",
        formats=(PDF, WORD, EXCEL), may=permissions.may_print_for_ward, workbook=ward_workbook.workbook,
    ),
    Paper("phieu-gui", "Phiếu gửi hồ sơ", About.SUBMISSION, submission_receipt.read, "submission_receipt"),
    # The agencies'
    Paper(
        "phieu-tham-dinh", "Phiếu thẩm định", About.AGENCY_WORK, agency_sheet.read, "agency_sheet",
        (PDF, WORD, EXCEL), may=permissions.may_print_for_agency, workbook=agency_workbook.workbook,
    ),
    Paper(
        "bao-cao-tham-dinh", "Báo cáo kết quả thẩm định", About.REPORT, agency_report.read, "agency_report",
        (PDF, WORD), may=permissions.may_print_for_agency,
    ),
    Paper(
        "phieu-tham-dinh-da-chot", "Phiếu thẩm định đã chốt", About.REPORT, agency_sheet.closed, "agency_sheet",
        (PDF, WORD, EXCEL), may=permissions.may_print_for_agency, workbook=agency_workbook.workbook,
    ),
    # The delegation's
    Paper(
        "phieu-tham-dinh-co-so", "Phiếu thẩm định tại cơ sở", About.VISIT, visit_minutes.sheet, "visit_sheet_paper",
        formats=(PDF, WORD),
    ),
    Paper(
        "bien-ban-tham-dinh", "Biên bản thẩm định", About.VISIT, visit_minutes.minutes, "visit_minutes",
        formats=(PDF, WORD),
    ),
    # The city's tables
    Paper(
        "bang-tu-danh-gia", "Bảng tổng hợp tự đánh giá", About.PLAN, city_table.read_self, "city_table", (PDF, EXCEL),
        may=permissions.may_see_city, workbook=consolidated.workbook,
    ),
    Paper(
        "bang-tham-dinh", "Bảng tổng hợp thẩm định", About.PLAN, city_table.read_effective, "city_table", (PDF, EXCEL),
        may=permissions.may_see_city, workbook=consolidated.workbook,
    ),
    Paper(
        "bang-tu-danh-gia-xa-phuong", "Bảng tổng hợp tự đánh giá", About.WARD_PLAN, city_table.read_self, "city_table",
        (PDF, EXCEL), workbook=consolidated.workbook,
    ),
    Paper(
        "bang-tham-dinh-xa-phuong", "Bảng tổng hợp thẩm định", About.WARD_PLAN, city_table.read_effective, "city_table",
        (PDF, EXCEL), workbook=consolidated.workbook,
    ),
    # Around the assessments of the year
    Paper(
        "danh-muc-huong-dan", "Danh mục hướng dẫn", About.PLAN, guidance_list.read, "guidance_list", (PDF, EXCEL),
        may=permissions.may_see_guidance, workbook=guidance_workbook.workbook,
    ),
    Paper(
        "bang-giup-do", "Bảng phân công giúp đỡ", About.PLAN, helping_table.read, "helping_table", (PDF, EXCEL),
        may=permissions.may_see_helping, workbook=helping_workbook.workbook,
    ),
    # What units have built up
    Paper(
        "mo-hinh-tieu-bieu", "Danh sách mô hình tiêu biểu", About.PLAN, community_models.read_exemplary,
        "exemplary_models", formats=(PDF, WORD), may=permissions.may_see_models,
    ),
    Paper(
        "bang-mo-hinh", "Bảng tổng hợp mô hình, tổ tự quản", About.PLAN, community_models.read_table, "model_table",
        (PDF, EXCEL), may=permissions.may_see_city, workbook=community_models.sheets,
    ),
    Paper(
        "bang-mo-hinh-xa-phuong", "Bảng tổng hợp mô hình, tổ tự quản", About.WARD_PLAN, community_models.read_table,
        "model_table", (PDF, EXCEL), workbook=community_models.sheets,
    ),
    # Home affairs' and the city's decisions
    Paper(
        "to-trinh-cong-nhan", "Tờ trình công nhận", About.PLAN, recognition_submission.read, "recognition_submission",
        formats=(PDF, WORD), may=permissions.may_draft_decisions,
    ),
    Paper(
        "du-thao-quyet-dinh", "Dự thảo quyết định công nhận", About.PLAN, recognition_decision.draft,
        "recognition_decision", formats=(PDF, WORD, EXCEL), may=permissions.may_draft_decisions,
        workbook=recognition.lists,
    ),
    Paper(
        "quyet-dinh", "Quyết định", About.DECISION, recognition_decision.read, "recognition_decision",
        formats=(PDF, WORD, EXCEL), workbook=recognition.lists,
    ),
    Paper("danh-sach-quyet-dinh", "Danh sách kèm quyết định", About.DECISION, decision_list.read, "decision_list"),
    Paper(
        "thong-bao-khong-cong-nhan", "Thông báo không công nhận", About.DECISION, refusal_notice.read, "refusal_notice",
        formats=(PDF, WORD), may=permissions.may_draft_decisions, ready=refusal_notice.ready,
        since="Chỉ có khi quyết định có tổ dân phố, bản không được công nhận.",
    ),
    # Who owes what, and the letters that remind
    Paper(
        "bang-tien-do", "Bảng tiến độ", About.PLAN, progress.read_table, "progress_table", formats=(PDF, EXCEL),
        may=permissions.may_see_city, workbook=progress_workbook.workbook,
    ),
    Paper(
        "cong-van-don-doc", "Công văn đôn đốc chung", About.PLAN, progress.read_all, "reminder_letter",
        formats=(PDF, WORD), may=permissions.may_remind, since="Chỉ có khi có nơi nợ việc quá hạn.",
    ),
    Paper(
        "cong-van-don-doc-xa-phuong", "Công văn đôn đốc", About.WARD_PLAN, progress.read_ward, "reminder_letter",
        formats=(PDF, WORD), may=permissions.may_remind, since="Chỉ có khi xã, phường còn nợ việc có hạn.",
    ),
    Paper(
        "cong-van-don-doc-co-quan", "Công văn đôn đốc", About.AGENCY_WORK, progress.read_agency, "reminder_letter",
        formats=(PDF, WORD), may=permissions.may_remind, since="Chỉ có khi cơ quan còn nợ việc có hạn.",
    ),
    # Looking back over the years
    Paper(
        "bao-cao-phan-tich", "Báo cáo phân tích", About.PLAN, looking_back.read_city, "looking_back",
        formats=(PDF, EXCEL), may=permissions.may_print_analysis, workbook=analysis_workbook.workbook,
    ),
    Paper(
        "bao-cao-phan-tich-xa-phuong", "Báo cáo phân tích", About.WARD_PLAN, looking_back.read_ward, "looking_back",
        formats=(PDF, EXCEL), may=permissions.may_print_for_ward, workbook=analysis_workbook.workbook,
    ),
    # The year's money
    Paper(
        "du-toan", "Tờ trình dự toán kinh phí", About.ESTIMATE, estimate.read, "estimate",
        formats=(PDF, WORD, EXCEL), workbook=budget_workbooks.estimate,
    ),
    Paper(
        "bang-tham-dinh-kinh-phi", "Bảng tổng hợp thẩm định kinh phí", About.PLAN, budget_table.read, "budget_table",
        formats=(PDF, EXCEL), may=permissions.may_see_all_budgets, workbook=budget_workbooks.table,
    ),
    Paper(
        "to-trinh-kinh-phi", "Tờ trình phê duyệt kinh phí", About.PLAN, budget_table.submission, "budget_submission",
        formats=(PDF, WORD), may=permissions.may_see_all_budgets,
    ),
    Paper(
        "quyet-dinh-kinh-phi", "Quyết định phê duyệt kinh phí", About.BUDGET_DECISION, budget_decision.read,
        "budget_decision", formats=(PDF, WORD),
    ),
    # The year's figures
    Paper(
        "bieu-so-lieu", "Biểu số liệu năm", About.PLAN, profile_table.read, "profile_table", (PDF, EXCEL),
        may=permissions.may_see_city, workbook=year_tables.profiles,
    ),
    Paper(
        "bieu-so-lieu-xa-phuong", "Biểu số liệu năm", About.WARD_PLAN, profile_table.read, "profile_table",
        (PDF, EXCEL), workbook=year_tables.profiles,
    ),
    # Commendation
    Paper(
        "de-nghi-khen-thuong", "Tờ trình đề nghị khen thưởng", About.WARD_PLAN, commendation_proposal.read_ward,
        "commendation_proposal", (PDF, WORD, EXCEL), may=permissions.may_print_for_ward,
        workbook=year_tables.commendations,
    ),
    Paper(
        "de-nghi-khen-thuong-co-quan", "Tờ trình đề nghị khen thưởng", About.AGENCY_WORK,
        commendation_proposal.read_agency, "commendation_proposal", (PDF, WORD, EXCEL),
        may=permissions.may_print_agency_proposal, workbook=year_tables.commendations,
    ),
    Paper(
        "bang-khen-thuong", "Bảng tổng hợp đề nghị khen thưởng", About.PLAN, commendation_table.read,
        "commendation_table", (PDF, EXCEL), may=permissions.may_see_city, workbook=year_tables.commendations,
    ),
    Paper(
        "quyet-dinh-khen-thuong", "Quyết định khen thưởng", About.COMMENDATION_DECISION, commendation_decision.read,
        "commendation_decision", (PDF, WORD), may=permissions.may_see_commendations,
    ),
    # Certificates
    Paper("giay-cong-nhan", "Giấy công nhận", About.CERTIFICATE, certificate.read, "certificate"),
    # Half-year and yearly reports
    Paper(
        "bao-cao-ky", "Báo cáo kỳ", About.YEAR_REPORT, year_report.read, "year_report", (PDF, WORD, EXCEL),
        may=permissions.may_see_year_reports, workbook=year_workbook.figures,
    ),
    Paper(
        "tong-hop-kien-nghi", "Tổng hợp kiến nghị", About.PLAN, proposals.read, "proposals", (PDF, WORD, EXCEL),
        may=permissions.may_see_city, workbook=year_workbook.proposals,
    ),
    # Everything of a unit in one file
    Paper(
        "toan-bo-ho-so", "Toàn bộ hồ sơ, kèm minh chứng", About.ASSESSMENT, whole_dossier.read, "whole_dossier",
        formats=(PDF, ZIP), compose="reports.whole_dossier.compose",
    ),
)  # fmt: skip
_BY_CODE = {paper.code: paper for paper in PAPERS}


def find(code: str) -> Paper:
    """The kind of document with this code. Raises KeyError for none."""
    return _BY_CODE[code]


def offered(user: AnyUser, about: About, thing: Any) -> list[Paper]:
    """What of this thing the person may print now. `thing` is the row itself (or a tuple of rows), already visible."""
    return [paper for paper in PAPERS if paper.about == about and paper.ready(thing) and paper.may(user)]


def subject(thing: Any) -> str:
    """The thing as addresses name it: 12, or 12-5 for a plan and an agency."""
    return "-".join(str(row.pk) for row in (thing if isinstance(thing, tuple) else (thing,)))


def ids(text: str) -> Ids:
    """The numbers of a subject. Raises ValueError for anything else."""
    parts = text.split("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        raise ValueError(text)
    return tuple(int(part) for part in parts)
