"""The city's decision (model 1.2 of the decree) with its lists: a draft over what is proposed, or as recorded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from assessments.models import Decision, DecisionLine, Plan
from assessments.permissions import AnyUser
from assessments.queries import decisions
from assessments.queries.standing import lines_of
from localities.models import Authority, Unit
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers import city, law, recognition_lists
from reports.papers.recognition_lists import Lists
from reports.papers.recognition_submission import plan_of, proposed_lists

WHAT = "tự quản, phát triển toàn diện"
ROMAN = ("I", "II")


@dataclass(frozen=True, slots=True)
class Appendix:
    """A list that goes with the decision; `number` is "" where there is only one."""

    number: str
    name: str
    kind: str  # recognised, refused or corrected: which columns it has


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """One unit of a correcting decision."""

    number: int
    unit: Unit
    before: str
    after: str
    text: str


@dataclass(frozen=True, slots=True)
class RecognitionDecision(city.CityPaper):
    """Everything the template prints; without a `decision` it is the draft for the plan's proposed units."""

    abbreviation = "QĐ"
    plan: Plan
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    grounds: list[str]
    lists: Lists
    decision: Decision | None = None
    corrected: list[CorrectedRow] = field(default_factory=list)

    # ---- What every paper says of itself ----

    @property
    def draft(self) -> bool:
        return self.decision is None or self.decision.confirmed_at is None

    @property
    def edition(self) -> str:
        """A confirmed decision never changes."""
        return "" if self.draft else "xac-nhan"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def number(self) -> str:
        return self.decision.number if self.decision else ""

    @property
    def dated(self) -> date | None:
        return self.decision.issued_on if self.decision else None

    @property
    def title(self) -> str:
        if self.decision is None:
            return f"Dự thảo Quyết định công nhận tổ dân phố, bản {WHAT} năm {self.year}"
        return f"Quyết định số {self.decision.number} {wording.long_date(self.decision.issued_on)}"

    @property
    def short(self) -> str:
        if self.decision is None:
            return f"du-thao-quyet-dinh-cong-nhan-{self.year}"
        return f"quyet-dinh-{plain(self.decision.number.replace('/', '-'))}"

    @property
    def receivers(self) -> list[str]:
        return [
            f"Như Điều {len(self.articles)}",
            "TT. Thành ủy, HĐND thành phố",
            "Lãnh đạo UBND thành phố",
            "Trang thông tin điện tử thành phố",
        ]

    # ---- The decision's own words ----

    @property
    def chairman(self) -> str:
        """Whose decision it is, above the grounds."""
        return f"CHỦ TỊCH {self.committee}".upper()

    @property
    def attached(self) -> str:
        """What the heads of its appendices refer to."""
        return f"Kèm theo {self.own} của Chủ tịch {self.committee}"

    @property
    def abstract(self) -> str:
        """What it is about, after "Về việc"; a recorded decision says it itself."""
        if self.decision is None:
            return f"công nhận tổ dân phố, bản đạt tiêu chuẩn {WHAT} năm {self.year}"
        said = self.decision.title.strip().removeprefix("Về việc").strip(" .")
        return said[:1].lower() + said[1:]

    @property
    def earlier(self) -> str:
        """The decision that this one corrects, as it is cited."""
        first = self.decision.supersedes if self.decision else None
        return f"Quyết định số {first.number} {wording.long_date(first.issued_on)}" if first else ""

    @property
    def own(self) -> str:
        """How its lists name it; the draft leaves room."""
        if self.decision is None:
            return f"Quyết định số{wording.ROOM}/{self.symbol} {wording.open_date(self.year)}"
        return self.title

    @property
    def symbol(self) -> str:
        return f"{self.abbreviation}-{self.letterhead.symbol}" if self.letterhead.symbol else self.abbreviation

    @property
    def articles(self) -> list[str]:
        """The articles, each without its "Điều n."."""
        return [*(self._correcting() if self.corrected else self._deciding()), self._in_force()]

    def _deciding(self) -> Iterator[str]:
        lists, pages = self.lists, {item.kind: self._pointer(item) for item in self.appendices}
        if lists.recognised:
            parts = ((lists.new, "công nhận mới"), (lists.kept, "tiếp tục công nhận (duy trì)"))
            told = "; ".join(f"{label} {len(rows):02d}" for rows, label in parts if rows)
            yield (
                f"Công nhận {len(lists.recognised):02d} tổ dân phố, bản đạt tiêu chuẩn {WHAT} năm {self.year}, "
                f"gồm: {told} ({pages['recognised']})."
            )
        if lists.refused:
            yield (
                f"Không công nhận {len(lists.refused):02d} tổ dân phố, bản do chưa đủ điều kiện theo tiêu chuẩn {WHAT} "
                f"năm {self.year} ({pages['refused']})."
            )
        yield (
            f"Giao {city.home_affairs(self.authority)} tham mưu cấp Giấy công nhận, thông báo kết quả và hướng dẫn "
            "Ủy ban nhân dân các xã, phường duy trì, nâng cao chất lượng các tiêu chuẩn, tiêu chí theo quy định."
        )

    def _correcting(self) -> Iterator[str]:
        [pointer] = [self._pointer(item) for item in self.appendices]
        yield (
            f"Đính chính, thay thế một phần {self.earlier} của Chủ tịch {self.committee} về kết quả của "
            f"{len(self.corrected):02d} tổ dân phố, bản ({pointer})."
        )
        if self.lists.refused:
            yield (
                "Giấy công nhận đã cấp cho tổ dân phố, bản không còn được công nhận theo Điều 1 hết hiệu lực kể từ "
                "ngày Quyết định này có hiệu lực."
            )
        yield f"Các nội dung khác của {self.earlier} giữ nguyên hiệu lực."

    def _in_force(self) -> str:
        office = city.head_of(city.home_affairs(self.authority))
        return (
            "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Hội đồng nhân dân và Ủy ban nhân dân "
            f"{city.place(self.authority)}; {office}; Thủ trưởng các cơ quan, đơn vị có liên quan; Chủ tịch Ủy ban "
            "nhân dân các xã, phường và các tổ dân phố, bản có tên trong danh sách chịu trách nhiệm thi hành "
            "Quyết định này"
        )

    @staticmethod
    def _pointer(item: Appendix) -> str:
        return f"có danh sách tại Phụ lục{f' {item.number}' if item.number else ''} kèm theo"

    @property
    def appendices(self) -> list[Appendix]:
        about = f"tổ dân phố, bản {WHAT} năm\N{NO-BREAK SPACE}{self.year}".upper()
        if self.corrected:
            return [Appendix("", f"DANH SÁCH ĐÍNH CHÍNH KẾT QUẢ {about}", "corrected")]
        named = []
        if self.lists.recognised:
            named.append(("recognised", f"DANH SÁCH {about}"))
        if self.lists.refused:
            named.append(
                ("refused", f"DANH SÁCH TỔ DÂN PHỐ, BẢN KHÔNG ĐƯỢC CÔNG NHẬN NĂM\N{NO-BREAK SPACE}{self.year}")
            )
        numbers = ROMAN if len(named) > 1 else ("",)
        return [Appendix(number, name, kind) for number, (kind, name) in zip(numbers, named, strict=False)]


def draft(user: AnyUser, ids: tuple[int, ...]) -> RecognitionDecision:
    """The draft over what waits for a decision.

    Raises Plan.DoesNotExist outside the person's scope, NotYet while nothing waits.
    """
    [pk] = ids
    plan = plan_of(user, pk)
    authority, day = city.acting(plan)
    return RecognitionDecision(
        plan=plan,
        authority=authority,
        letterhead=city.city_letterhead(authority),
        signing=city.chairman_signing(authority, day),
        grounds=_grounds(plan, authority, day),
        lists=proposed_lists(user, plan),
    )


def read(user: AnyUser, ids: tuple[int, ...]) -> RecognitionDecision:
    """A recorded decision in its present state; raises Decision.DoesNotExist for whoever does not see it."""
    [pk] = ids
    decision = decisions(user).get(pk=pk)
    plan = decision.plan
    authority = authority_on(decision.issued_on) or authority_on(plan.issued_on)
    lines = list(lines_of(decision))
    corrected = _corrected(lines) if decision.supersedes_id else []
    return RecognitionDecision(
        plan=plan,
        authority=authority,
        letterhead=city.city_letterhead(authority),
        signing=city.chairman_signing(authority, decision.issued_on, decision.signer_title, decision.signer_name),
        grounds=_grounds(plan, authority, decision.issued_on, decision.supersedes),
        lists=recognition_lists.decided(lines),
        decision=decision,
        corrected=corrected,
    )


def _corrected(lines: list[DecisionLine]) -> list[CorrectedRow]:
    """A correction always says the opposite of what stood before."""
    labels = dict(DecisionLine.Result.choices)
    opposite = {
        DecisionLine.Result.RECOGNISED: DecisionLine.Result.NOT_RECOGNISED,
        DecisionLine.Result.NOT_RECOGNISED: DecisionLine.Result.RECOGNISED,
    }
    return [
        CorrectedRow(
            number=number,
            unit=line.assessment.unit,
            before=str(labels[opposite[DecisionLine.Result(line.result)]]),
            after=str(labels[line.result]),
            text=line.correction,
        )
        for number, line in enumerate(lines, 1)
    ]


def _grounds(plan: Plan, authority: Authority | None, day: date, earlier: Decision | None = None) -> list[str]:
    """Competence, content, and whose proposal it is (its number and date are the clerk's to fill in)."""
    office = city.home_affairs(authority)
    symbol = f"TTr-{authority.home_affairs_symbol}" if authority else "TTr"
    grounds = [*law.organisation(day), city.plan_ground(plan, authority)]
    if earlier:
        cited = f"Quyết định số {earlier.number} {wording.long_date(earlier.issued_on)}"
        grounds.append(f"Căn cứ {cited} của Chủ tịch {city.committee(authority)}")
    grounds.append(
        f"Theo đề nghị của {city.head_of(office)} tại Tờ trình số{wording.ROOM}/{symbol} {wording.open_date(day.year)}"
    )
    return grounds
