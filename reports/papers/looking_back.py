"""The analysis of a year: criteria that fail, units at risk, the year beside an earlier one, targets over the years."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.models import Plan
from assessments.permissions import AnyUser, may_print_analysis, visible_wards
from assessments.queries.year import comparing, looking_back
from assessments.queries.year.comparing import Comparison
from assessments.queries.year.looking_back import CriterionRow, Ranking, TargetYear
from assessments.queries.year.risks import Risks, RiskUnit, risks
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import analysis, charts, offices, wording
from reports.files import plain
from reports.papers import city
from reports.papers.base import Official


@dataclass(frozen=True, slots=True)
class Analysis(Official):
    """Everything the template prints."""

    abbreviation = "BC"
    plan: Plan
    ward: Ward | None
    today: date
    ranking: Ranking
    risks: Risks
    comparison: Comparison | None
    targets: list[TargetYear]
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def title(self) -> str:
        where = f", {self.where}" if self.ward else ""
        return f"Báo cáo phân tích kết quả năm {self.year}{where}"

    @property
    def short(self) -> str:
        where = f"{plain(str(self.ward))}-" if self.ward else ""
        return f"bao-cao-phan-tich-{where}{self.year}"

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        """The figures go on changing: nothing to keep for ever."""
        return ""

    @property
    def place_and_date(self) -> str:
        day = wording.open_date(self.today.year)
        return f"{self.letterhead.place}, {day}" if self.letterhead.place else day

    @property
    def where(self) -> str:
        return f"{self.ward.get_kind_display().lower()} {self.ward.name}" if self.ward else city.place(self.authority)

    @property
    def office(self) -> str:
        return self.ward.authority_name if self.ward else city.home_affairs(self.authority)

    @property
    def failing(self) -> list[CriterionRow]:
        return self.ranking.failing

    @property
    def most_changing(self) -> list[comparing.CriterionChange]:
        """The criteria in the picture of the two years."""
        return analysis.most_changing(self.comparison) if self.comparison else []

    @property
    def most_failing(self) -> list[CriterionRow]:
        """The criteria in the pictures."""
        return self.failing[: analysis.MOST]

    @property
    def wards_failing(self) -> list[tuple[Ward, list[int]]]:
        """For each ward in how many units each of these is not met."""
        return [
            (ward, [row.wards[at].not_met for row in self.most_failing]) for at, ward in enumerate(self.ranking.wards)
        ]

    @property
    def earlier_years(self) -> list[int]:
        return [plan.year for plan in self.ranking.plans[:-1]]

    @property
    def pictures(self) -> dict[str, charts.Chart | None]:
        """Each chart by the name the template knows; None where there is nothing to draw."""
        both, years = self.comparison, len(self.ranking.plans)
        return {
            "failing": analysis.failing(self.failing, self.year, paper=True),
            "wards": analysis.by_ward(self.ranking, paper=True),
            # Of two years the comparison tells.
            "years": analysis.over_years(self.ranking, paper=True) if years > 2 else None,
            "danger": analysis.endangered(self.risks, paper=True),
            "danger_standards": analysis.endangering(self.risks, paper=True),
            "standards": analysis.standards(both, paper=True) if both else None,
            "compared": analysis.compared(both, paper=True) if both else None,
            "targets": analysis.targets(self.targets, whole=self.ward is None, paper=True),
        }

    @property
    def receivers(self) -> list[str]:
        if self.ward:
            return [city.home_affairs(self.authority), "Lãnh đạo Ủy ban nhân dân"]
        return [f"Lãnh đạo {city.short_committee(self.authority)}", "UBND các xã, phường", "Các cơ quan có liên quan"]


def risk_words(unit: RiskUnit) -> list[str]:
    """Why the unit stands in the list, a sentence each."""
    words = []
    for one in unit.standards:
        lost = f"không đạt {', '.join(one.lost)}"
        if one.open:
            lost += f"; chưa đánh giá {', '.join(one.open)}"
        head = f"Tiêu chuẩn {one.number}: {one.met}/{one.applicable}, cần {one.needed}"
        if one.below:
            words.append(f"{head}, thiếu {one.missing} ({lost}).")
        else:
            words.append(f"{head}, vừa đủ ({lost}). Mất nếu thêm một trong {', '.join(one.tipping)} không đạt.")
            words += [f"Dễ mất nhất ở tiêu chuẩn {one.number}: {', '.join(one.shaky)}."] if one.shaky else []
    words += [f"Trường hợp không đảm bảo {case}" for case in unit.cases]
    return words + [f"{one}." for one in unit.near]


def change(row: comparing.StandardChange | comparing.CriterionChange) -> str:
    """In a word."""
    if not row.before.of or not row.now.of:
        return "Chưa so được"
    return {1: "Tốt lên", -1: "Kém đi", 0: "Như trước"}[row.change]


def read_city(user: AnyUser, ids: tuple[int, ...]) -> Analysis:
    """The analysis of all wards. Raises Plan.DoesNotExist for whoever does not look over them."""
    [pk] = ids
    if not may_print_analysis(user):
        raise Plan.DoesNotExist
    plan = Plan.objects.get(pk=pk)
    authority, day = city.acting(plan)
    head = offices.of_home_affairs(authority) if authority else offices.NOBODY
    return _read(user, plan, None, authority, head, offices.home_affairs_signing(day))


def read_ward(user: AnyUser, ids: tuple[int, ...]) -> Analysis:
    """The analysis of one ward. Raises Ward.DoesNotExist outside the person's scope."""
    plan_pk, pk = ids
    plan, ward = Plan.objects.get(pk=plan_pk), visible_wards(user).get(pk=pk)
    authority, day = city.acting(plan)
    authority = authority or authority_on(plan.issued_on)
    return _read(user, plan, ward, authority, offices.of_ward(ward, authority), offices.signing(ward, day))


def _read(
    user: AnyUser,
    plan: Plan,
    ward: Ward | None,
    authority: Authority | None,
    letterhead: offices.Letterhead,
    signing: offices.Signing,
) -> Analysis:
    earlier = Plan.objects.filter(year__lt=plan.year).order_by("-year").first()
    return Analysis(
        plan=plan,
        ward=ward,
        today=timezone.localdate(),
        ranking=looking_back.ranking(user, plan, ward=ward),
        risks=risks(user, plan, ward),
        comparison=comparing.compare(user, earlier, plan, ward) if earlier else None,
        targets=looking_back.target_history(user, plan, ward),
        authority=authority,
        letterhead=letterhead,
        signing=signing,
    )
