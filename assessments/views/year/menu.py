"""The parts of a plan's year, for the menu on its pages: name, address, and who has it. The one list of them."""

from dataclasses import dataclass

from django.urls import ResolverMatch, reverse

from assessments import permissions
from assessments.permissions import AnyUser


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the menu; `right` is a permission that needs nothing but the person."""

    code: str
    name: str
    url_name: str
    right: str


PARTS: tuple[Part, ...] = (
    Part("plan", "Kế hoạch", "plan", "may_see_decisions"),
    Part("duties", "Tiến độ", "duties", "may_see_duties"),
    Part("calendar", "Lịch", "calendar", "may_see_decisions"),
    Part("ward_plans", "Kế hoạch xã, phường", "ward_plans", "may_see_ward_plans"),
    Part("budget", "Kinh phí", "budget", "may_see_budget"),
    Part("profiles", "Số liệu năm", "profiles", "may_see_units"),
    Part("guidance", "Hướng dẫn", "guidance", "may_see_guidance"),
    Part("models", "Mô hình", "community_models", "may_see_models"),
    Part("helping", "Giúp đỡ tổ, bản", "helping", "may_see_helping"),
    Part("reports", "Báo cáo", "year_reports", "may_see_year_reports"),
    Part("commendations", "Khen thưởng", "commendations", "may_see_commendations"),
    Part("looking_back", "Nhìn lại", "looking_back", "may_look_back"),
)

# What nobody changes once the plan is closed.
ENDS = ("ward_plans", "budget", "helping", "reports", "commendations")


# Pages about the whole year that are no part of it, and stand under no other entry of the main menu.
_BESIDES = frozenset(
    (
        "agency_list", "assignments", "council", "council_new", "delegation_new", "delegations", "papers_of_plan",
        "plan_record", "record_check", "register", "submissions",
    )
)  # fmt: skip


def belongs_to_plan(match: ResolverMatch) -> bool:
    """Whether the page of this address stands under "Kế hoạch" in the main menu: every part of a year does."""
    return match.url_name in _BESIDES or match.func.__module__.startswith(f"{__package__}.")


def parts(user: AnyUser, year: int) -> list[tuple[Part, str]]:
    """What this person finds in the menu of the year, with addresses."""
    return [
        (part, reverse(f"assessments:{part.url_name}", args=[year]))
        for part in PARTS
        if getattr(permissions, part.right)(user)
    ]
