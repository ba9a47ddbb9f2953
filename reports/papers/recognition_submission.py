"""Home affairs' submission to the city: whom to recognise, whom not and why, as plain values for the template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from assessments.models import AgencyReport, Plan, Registration, Visit
from assessments.permissions import AnyUser, may_draft_decisions, visible_reports, visible_visits
from localities.models import Authority
from reports import offices, wording
from reports.papers import city, recognition_lists
from reports.papers.base import NotYet
from reports.papers.recognition_lists import Lists

NOTHING_PROPOSED = (
    "Chưa có tổ dân phố, bản nào đang trình UBND thành phố mà chưa có quyết định. "
    "Kết luận thẩm định rồi bấm “Trình UBND thành phố” ở trang Kết luận, sau đó in văn bản này."
)


@dataclass(frozen=True, slots=True)
class RecognitionSubmission(city.CityPaper):
    """Everything the template prints. No draft: the units are proposed by it; never kept: the set may still grow."""

    abbreviation = "TTr"
    plan: Plan
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    grounds: list[str]
    lists: Lists
    registered: int
    reports: list[str]  # of agencies, each as a paper cites it
    delegations: list[str]
    as_of: datetime

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        return ""

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def title(self) -> str:
        return f"Tờ trình công nhận tổ dân phố, bản tự quản, phát triển toàn diện năm {self.year}"

    @property
    def short(self) -> str:
        return f"to-trinh-cong-nhan-{self.year}"

    @property
    def addressees(self) -> list[str]:
        return [self.committee]

    @property
    def receivers(self) -> list[str]:
        return ["Như trên", f"Lãnh đạo {self.office}"]

    @property
    def counts(self) -> list[recognition_lists.WardCounts]:
        return self.lists.by_ward()

    @property
    def total(self) -> recognition_lists.WardCounts:
        lists = self.lists
        return recognition_lists.WardCounts("Tổng số", len(lists.new), len(lists.kept), len(lists.refused))

    @property
    def enclosures(self) -> list[str]:
        """What goes with it."""
        found = [f"Dự thảo Quyết định của Chủ tịch {self.short_committee}"]
        found += ["Bảng tổng hợp kết quả thẩm định", "Hồ sơ, phiếu đánh giá của các tổ dân phố, bản"]
        found += ["Báo cáo kết quả thẩm định của các cơ quan"] if self.reports else []
        found += ["Biên bản thẩm định tại cơ sở"] if self.delegations else []
        return found


def read(user: AnyUser, ids: tuple[int, ...]) -> RecognitionSubmission:
    """The submission over what waits for a decision.

    Raises Plan.DoesNotExist outside the person's scope, NotYet while nothing waits.
    """
    [pk] = ids
    plan = plan_of(user, pk)
    lists = proposed_lists(user, plan)
    authority, day = city.acting(plan)
    return RecognitionSubmission(
        plan=plan,
        authority=authority,
        letterhead=offices.of_home_affairs(authority) if authority else offices.NOBODY,
        signing=offices.home_affairs_signing(day),
        grounds=[city.plan_ground(plan, authority)],
        lists=lists,
        registered=Registration.objects.filter(plan=plan).count(),
        reports=[_cited(report) for report in _standing_reports(user, plan)],
        delegations=_delegations(visible_visits(user).filter(assessment__in=[row.assessment_id for row in lists])),
        as_of=recognition_lists.as_of(lists),
    )


def plan_of(user: AnyUser, pk: int) -> Plan:
    """The plan for whoever drafts its decisions. Raises Plan.DoesNotExist for everybody else."""
    if not may_draft_decisions(user):
        raise Plan.DoesNotExist
    return Plan.objects.select_related("criteria_set").get(pk=pk)


def proposed_lists(user: AnyUser, plan: Plan) -> Lists:
    """What waits for a decision. Raises NotYet for nothing."""
    lists = recognition_lists.proposed(user, plan)
    if not lists.total:
        raise NotYet(NOTHING_PROPOSED)
    return lists


def _standing_reports(user: AnyUser, plan: Plan) -> Iterable[AgencyReport]:
    """The closing reports that were not opened again, by agency."""
    found = visible_reports(user).filter(plan=plan, reopened_at__isnull=True)
    return found.select_related("agency").order_by("agency__position", "signed_on", "pk")


def _cited(report: AgencyReport) -> str:
    number = f" số {report.number}" if report.number else ""
    return f"Báo cáo{number} {wording.long_date(report.signed_on)} của {report.agency.name}"


def _delegations(visits: Iterable[Visit]) -> list[str]:
    """Each delegation with the decision that founds it and the number of its closed minutes."""
    closed = visits.filter(closed_at__isnull=False).select_related("delegation").order_by("delegation", "pk")  # type: ignore[attr-defined]
    found: dict[int, tuple[str, int]] = {}
    for visit in closed:
        made = visit.delegation
        founded = f"{made.name} (Quyết định số {made.decision_number} {wording.long_date(made.decided_on)})"
        _, number = found.get(made.pk, (founded, 0))
        found[made.pk] = founded, number + 1
    return [f"{founded}: {number:02d} biên bản" for founded, number in found.values()]
