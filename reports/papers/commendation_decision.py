"""The decision that commends (model 1.2 of the decree) with its lists of collectives and persons."""

from dataclasses import dataclass
from datetime import date

from assessments.models import Commendation, CommendationDecision, Plan
from assessments.permissions import AnyUser
from assessments.queries.year.commendations import IN_ORDER, decisions, office
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers import city, law

ROMAN = ("I", "II")


@dataclass(frozen=True, slots=True)
class Commended:
    """One row of a list."""

    number: int
    name: str
    position: str
    form: str
    office: str


@dataclass(frozen=True, slots=True)
class Appendix:
    """A list that goes with the decision; `number` is "" where there is only one."""

    number: str
    name: str
    persons: bool
    rows: list[Commended]


@dataclass(frozen=True, slots=True)
class CommendationPaper(city.CityPaper):
    """Everything the template prints."""

    abbreviation = "QĐ"
    decision: CommendationDecision
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    rows: list[Commendation]

    @property
    def plan(self) -> Plan:
        return self.decision.plan

    @property
    def draft(self) -> bool:
        return self.decision.confirmed_at is None

    @property
    def edition(self) -> str:
        """A confirmed decision never changes."""
        return "" if self.draft else "xac-nhan"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def number(self) -> str:
        return self.decision.number

    @property
    def dated(self) -> date | None:
        return self.decision.issued_on

    @property
    def title(self) -> str:
        return f"Quyết định số {self.decision.number} {wording.long_date(self.decision.issued_on)}"

    @property
    def short(self) -> str:
        return f"quyet-dinh-khen-thuong-{plain(self.decision.number.replace('/', '-'))}"

    @property
    def receivers(self) -> list[str]:
        return [
            f"Như Điều {len(self.articles)}",
            "TT. Thành ủy, HĐND thành phố",
            "Lãnh đạo UBND thành phố",
            "Trang thông tin điện tử thành phố",
        ]

    @property
    def chairman(self) -> str:
        """Whose decision it is, above the grounds."""
        return f"CHỦ TỊCH {self.committee}".upper()

    @property
    def attached(self) -> str:
        return f"Kèm theo {self.title} của Chủ tịch {self.committee}"

    @property
    def abstract(self) -> str:
        """After "Về việc"; the recorded decision says it itself."""
        said = self.decision.title.strip().removeprefix("Về việc").strip(" .")
        return said[:1].lower() + said[1:]

    @property
    def grounds(self) -> list[str]:
        day = self.decision.issued_on
        symbol = f"TTr-{self.authority.home_affairs_symbol}" if self.authority else "TTr"
        head = city.head_of(city.home_affairs(self.authority))
        return [
            *law.organisation(day),
            *law.commendation(day),
            city.plan_ground(self.plan, self.authority),
            f"Theo đề nghị của {head} tại Tờ trình số{wording.ROOM}/{symbol} {wording.open_date(day.year)}",
        ]

    @property
    def articles(self) -> list[str]:
        """The articles, each without its "Điều n."."""
        told = [
            f"{len(item.rows):02d} {'cá nhân' if item.persons else 'tập thể'} ({self._pointer(item)})"
            for item in self.appendices
        ]
        office = city.head_of(city.home_affairs(self.authority))
        return [
            f"Khen thưởng {' và '.join(told)} đã có thành tích xuất sắc trong xây dựng tổ dân phố, bản tự quản, phát "
            f"triển toàn diện năm {self.year}.",
            "Hình thức khen thưởng và mức tiền thưởng kèm theo thực hiện theo quy định hiện hành của pháp luật về thi "
            "đua, khen thưởng.",
            "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân "
            f"{city.place(self.authority)}; {office}; Thủ trưởng các cơ quan, đơn vị có liên quan; Chủ tịch Ủy ban "
            "nhân dân các xã, phường và các tập thể, cá nhân có tên trong danh sách chịu trách nhiệm thi hành "
            "Quyết định này",
        ]

    @staticmethod
    def _pointer(item: Appendix) -> str:
        return f"có danh sách tại Phụ lục{f' {item.number}' if item.number else ''} kèm theo"

    @property
    def appendices(self) -> list[Appendix]:
        """Collectives, then persons; without an empty list."""
        named = []
        for kind, word in ((Commendation.Kind.COLLECTIVE, "TẬP THỂ"), (Commendation.Kind.PERSON, "CÁ NHÂN")):
            own = [row for row in self.rows if row.kind == kind]
            if own:
                listed = [
                    Commended(number, row.name, row.position, row.form, office(row))
                    for number, row in enumerate(own, 1)
                ]
                year = f"NĂM\N{NO-BREAK SPACE}{self.year}"
                named.append((f"DANH SÁCH {word} ĐƯỢC KHEN THƯỞNG {year}", kind == Commendation.Kind.PERSON, listed))
        numbers = ROMAN if len(named) > 1 else ("",)
        return [Appendix(n, *told) for n, told in zip(numbers, named, strict=False)]


def read(user: AnyUser, ids: tuple[int, ...]) -> CommendationPaper:
    """A recorded decision as it stands; CommendationDecision.DoesNotExist for whoever does not see it."""
    [pk] = ids
    decision = decisions(user).get(pk=pk)
    authority = authority_on(decision.issued_on) or authority_on(decision.plan.issued_on)
    rows = decision.commendations.select_related("ward", "agency", "unit__ward").order_by(*IN_ORDER)
    return CommendationPaper(
        decision=decision,
        authority=authority,
        letterhead=city.city_letterhead(authority),
        signing=city.chairman_signing(authority, decision.issued_on, decision.signer_title, decision.signer_name),
        rows=list(rows),
    )
