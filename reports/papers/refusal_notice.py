"""The city's notice to wards: which units were not recognised, why, and what they can do."""

from dataclasses import dataclass
from datetime import date

from assessments.models import Decision
from assessments.permissions import AnyUser, may_draft_decisions
from assessments.queries import decisions
from assessments.queries.standing import lines_of
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers import city, recognition_lists
from reports.papers.base import NotYet
from reports.papers.recognition_lists import UnitRow

NOBODY_REFUSED = "Quyết định này không có tổ dân phố, bản nào không được công nhận nên không cần thông báo."


@dataclass(frozen=True, slots=True)
class RefusalNotice(city.CityPaper):
    """Everything the template prints."""

    abbreviation = "TB"
    decision: Decision
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    rows: list[UnitRow]

    @property
    def draft(self) -> bool:
        return self.decision.confirmed_at is None

    @property
    def edition(self) -> str:
        """What a confirmed decision says never changes; number and date are filled in by hand."""
        return "" if self.draft else "xac-nhan"

    @property
    def year(self) -> int:
        return self.decision.plan.year

    @property
    def title(self) -> str:
        return f"Thông báo không công nhận, kèm Quyết định số {self.decision.number}"

    @property
    def short(self) -> str:
        return f"thong-bao-khong-cong-nhan-{plain(self.decision.number.replace('/', '-'))}"

    @property
    def place_and_date(self) -> str:
        """Room for the day; the year is the decision's, which may come after the plan's."""
        day = wording.open_date(self.decision.issued_on.year)
        return f"{self.letterhead.place}, {day}" if self.letterhead.place else day

    @property
    def cited(self) -> str:
        return f"Quyết định số {self.decision.number} {wording.long_date(self.decision.issued_on)}"

    @property
    def wards(self) -> list[str]:
        """Which wards it goes to."""
        return list(dict.fromkeys(str(row.ward) for row in self.rows))

    @property
    def receivers(self) -> list[str]:
        named = [f"UBND {wording.inside(ward)}" for ward in self.wards]
        return [*named, "Các tổ dân phố, bản có tên trong Thông báo", f"Lãnh đạo {self.short_committee}", self.office]


def read(user: AnyUser, ids: tuple[int, ...]) -> RefusalNotice:
    """The notice of one decision.

    Raises Decision.DoesNotExist for whoever makes no decisions, NotYet where nobody is refused.
    """
    [pk] = ids
    if not may_draft_decisions(user):
        raise Decision.DoesNotExist
    decision = decisions(user).get(pk=pk)
    rows = recognition_lists.decided(lines_of(decision)).refused
    if not rows:
        raise NotYet(NOBODY_REFUSED)
    day: date = decision.issued_on
    authority = authority_on(day) or authority_on(decision.plan.issued_on)
    return RefusalNotice(
        decision=decision,
        authority=authority,
        letterhead=city.city_letterhead(authority),
        signing=offices.signing(authority, day) if authority else offices.Signing("", [city.CHAIRMAN]),
        rows=rows,
    )


def ready(decision: Decision) -> bool:
    """Whether the decision refuses somebody; lists of decisions have counted it (`refused`)."""
    return bool(getattr(decision, "refused", True))
