"""The city's decision that approves estimates (model 1.2 of the decree), with its lists."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from assessments import money
from assessments.models import BudgetDecision, BudgetEstimate, Plan
from assessments.permissions import AnyUser, may_see_all_budgets
from assessments.queries.year import budget
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers import budget_parts, city, law

WHAT = "xây dựng tổ dân phố, bản tự quản, phát triển toàn diện"


@dataclass(frozen=True, slots=True)
class WardRow:
    """One ward in the list of the decision."""

    number: int
    ward: str
    amounts: list[str]  # asked, appraised, approved
    lines: list[budget_parts.Line] | None  # None: not for the reader of this copy


@dataclass(frozen=True, slots=True)
class BudgetDecisionPaper(city.CityPaper):
    """Everything the template prints."""

    abbreviation = "QĐ"
    decision: BudgetDecision
    decided: list[tuple[BudgetEstimate, budget.Sheet]]
    authority: Authority | None
    finance: str
    letterhead: offices.Letterhead
    signing: offices.Signing
    readable: set[int]  # the estimates whose lines this copy tells
    part_of: Ward | None  # a ward's copy has only its own lines

    @property
    def plan(self) -> Plan:
        return self.decision.plan

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def title(self) -> str:
        return f"Quyết định số {self.decision.number} {wording.long_date(self.decision.issued_on)}"

    @property
    def short(self) -> str:
        return f"quyet-dinh-kinh-phi-{plain(self.decision.number.replace('/', '-'))}"

    @property
    def draft(self) -> bool:
        return self.decision.confirmed_at is None

    @property
    def edition(self) -> str:
        """A confirmed decision never changes."""
        if self.draft:
            return ""
        return f"xac-nhan-phan-{self.part_of.pk}" if self.part_of else "xac-nhan"

    @property
    def number(self) -> str:
        return self.decision.number

    @property
    def dated(self) -> date:
        return self.decision.issued_on

    @property
    def chairman(self) -> str:
        """Whose decision it is, above the grounds."""
        return f"CHỦ TỊCH {self.committee}".upper()

    @property
    def abstract(self) -> str:
        said = self.decision.title.strip().removeprefix("Về việc").strip(" .")
        return said[:1].lower() + said[1:]

    @property
    def grounds(self) -> list[str]:
        day = self.decision.issued_on
        agency = budget_parts.finance()
        symbol = offices.named(agency, day)[1] if agency else ""
        asked = f"TTr-{symbol}" if symbol else "TTr"
        return [
            *law.organisation(day),
            law.budget(self.year),
            city.plan_ground(self.plan, self.authority),
            f"Theo đề nghị của {city.head_of(self.finance)} tại Tờ trình số{wording.ROOM}/{asked} "
            f"{wording.open_date(day.year)}",
        ]

    @property
    def receivers(self) -> list[str]:
        return [f"Như Điều {len(self.articles)}", "Lãnh đạo UBND thành phố", city.home_affairs(self.authority)]

    @property
    def total(self) -> money.Three:
        return budget.total_of(sheet for _, sheet in self.decided)

    @property
    def articles(self) -> list[str]:
        """The articles, each without its "Điều n."."""
        return [
            f"Phê duyệt kinh phí thực hiện {WHAT} năm {self.year} của {len(self.decided):02d} xã, phường với tổng số "
            f"tiền {budget_parts.in_full(self.total.approved or 0)} (có phụ lục kèm theo).",
            "Nguồn kinh phí: ngân sách nhà nước, nguồn xã hội hóa và các nguồn hợp pháp khác theo dự toán đề nghị của "
            "từng xã, phường.",
            f"Giao {self.finance} hướng dẫn, kiểm tra việc quản lý, sử dụng kinh phí; Ủy ban nhân dân các xã, phường "
            "quản lý, sử dụng kinh phí đúng mục đích, thanh toán, quyết toán theo quy định hiện hành.",
            "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân "
            f"{city.place(self.authority)}; {city.head_of(self.finance)}; Thủ trưởng các cơ quan, đơn vị có liên "
            "quan; Chủ tịch Ủy ban nhân dân các xã, phường có tên trong phụ lục chịu trách nhiệm thi hành "
            "Quyết định này",
        ]

    @property
    def attached(self) -> str:
        return f"Kèm theo {self.title} của Chủ tịch {self.committee}"

    @property
    def rows(self) -> list[WardRow]:
        return [
            WardRow(
                number,
                str(estimate.ward),
                _amounts(sheet.total),
                budget_parts.lines(sheet) if estimate.pk in self.readable else None,
            )
            for number, (estimate, sheet) in enumerate(self.decided, 1)
        ]

    @property
    def sums(self) -> list[str]:
        return _amounts(self.total)

    @property
    def in_words(self) -> str:
        return money.dong_words(self.total.approved or 0)


def _amounts(three: money.Three) -> list[str]:
    return [money.dong(amount) for amount in (three.asked, three.appraised, three.approved)]


def read(user: AnyUser, ids: tuple[int, ...]) -> BudgetDecisionPaper:
    """A recorded decision in its present state; raises BudgetDecision.DoesNotExist for whoever does not see it."""
    [pk] = ids
    decision = budget.decisions(user).get(pk=pk)  # type: ignore[arg-type]
    day = decision.issued_on
    authority = authority_on(day) or authority_on(decision.plan.issued_on)
    return BudgetDecisionPaper(
        decision=decision,
        decided=budget.decided(decision),
        readable=budget.readable(user, decision),
        part_of=user.ward if isinstance(user, User) and not may_see_all_budgets(user) else None,
        authority=authority,
        finance=budget_parts.finance_name(budget_parts.finance(), day),
        letterhead=city.city_letterhead(authority),
        signing=city.chairman_signing(authority, day, decision.signer_title, decision.signer_name),
    )
