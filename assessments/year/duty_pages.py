"""Where each duty is done, and how the button that leads there is called."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from assessments.models import Milestone

Duty = Milestone.Duty


@dataclass(frozen=True, slots=True)
class DutyPage:
    """The page's name in the URLconf, the verb while nothing is there yet, and what is owed inside a sentence."""

    url_name: str
    verb: str
    owed: str
    goes_on: str = ""  # the verb over a draft
    mends: str = ""  # and over what was given back


_REPORT = ("Soạn tiếp báo cáo", "Sửa báo cáo")
PAGES: dict[str, DutyPage] = {
    Duty.WARD_PLAN: DutyPage(
        "ward_plans",
        "Lập kế hoạch",
        "Kế hoạch năm {year} của xã, phường chưa gửi thành phố",
        "Soạn tiếp kế hoạch",
        "Sửa kế hoạch",
    ),
    Duty.BUDGET: DutyPage(
        "budget", "Lập dự toán", "Dự toán kinh phí năm {year} chưa gửi thẩm định", "Lập tiếp dự toán", "Sửa dự toán"
    ),
    Duty.HALF_YEAR_REPORT: DutyPage("year_reports", "Lập báo cáo", "Báo cáo 6 tháng năm {year} chưa gửi", *_REPORT),
    Duty.YEARLY_REPORT: DutyPage("year_reports", "Lập báo cáo", "Báo cáo năm {year} chưa gửi", *_REPORT),
    Duty.DOSSIER: DutyPage("list", "Mở hồ sơ", "Còn {number} hồ sơ năm {year} chưa gửi thành phố"),
    Duty.AGENCY_RESULT: DutyPage(
        "grid", "Thẩm định", "Còn {number} hồ sơ năm {year} cơ quan chưa chốt kết quả thẩm định"
    ),
}


def verb(duty: str, begun: str = "", *, sends: bool = False) -> str:
    """The button's words: begin, go on with a draft (who only has to send it: look and send), mend what came back."""
    page = PAGES[duty]
    if begun == "returned":
        return page.mends or page.verb
    if begun == "draft":
        return "Xem và gửi" if sends else page.goes_on or page.verb
    return page.verb


def address(duty: str, year: int) -> str:
    """The page of a duty; the plan's own where there is none."""
    try:
        return reverse(f"assessments:{PAGES[duty].url_name}", args=[year])
    except NoReverseMatch:
        return reverse("assessments:plan", args=[year])
