"""Who owes what: the table of the plan, and the letters by which home affairs reminds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessments.models import Plan
from assessments.permissions import AnyUser, may_remind, may_see_city
from assessments.queries.year import duties
from assessments.queries.year.duties import Board, Office, Owed, Standing
from assessments.queries.year.duty_facts import named
from localities.models import Authority, Ward
from reports import offices, wording
from reports.files import plain
from reports.papers import city
from reports.papers.base import NotYet

NOTHING_OWED = "{} không còn nợ việc nào có hạn nên không có công văn đôn đốc."
NOBODY_LATE = "Không nơi nào nợ việc quá hạn nên không có công văn đôn đốc chung."
OWN_OFFICE = "Cơ quan nội vụ không gửi công văn đôn đốc cho chính mình."
MOST_LINES = 3  # of wards, or of agencies, before they share a line after "Kính gửi"
MOST_NAMES = 20  # of units named in one cell


class HomeAffairsPaper(city.CityPaper):
    """A paper of the city's office of home affairs on the state of a day."""

    __slots__ = ()

    @property
    def year(self) -> int:
        return self.board.plan.year  # type: ignore[attr-defined]

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        """Tomorrow the days have changed: nothing to keep for ever."""
        return ""

    @property
    def place_and_date(self) -> str:
        """Room for the day of signing, which may come after the plan's year."""
        day = wording.open_date(self.board.today.year)  # type: ignore[attr-defined]
        place = self.letterhead.place
        return f"{place}, {day}" if place else day

    @property
    def ground(self) -> str:
        """The plan with number, day and issuer, inside a sentence."""
        return city.plan_ground(self.board.plan, self.authority).removeprefix("Căn cứ ")  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ProgressTable(HomeAffairsPaper):
    """Every ward and agency with every duty."""

    board: Board
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def title(self) -> str:
        return f"Bảng tiến độ thực hiện kế hoạch năm {self.year}"

    @property
    def short(self) -> str:
        return f"bang-tien-do-{self.year}"

    @property
    def parts(self) -> list[tuple[str, list[tuple[str, date | None]], list[tuple[str, list[str]]], list[str]]]:
        """Heading, columns, rows and totals of the two tables."""
        board = self.board
        return [
            ("Xã, phường", board.ward_columns, _rows(board.wards), _totals(board.ward_totals)),
            ("Cơ quan thành phố", board.agency_columns, _rows(board.agencies), _totals(board.agency_totals)),
        ]


def _rows(found: list[Office]) -> list[tuple[str, list[str]]]:
    return [(office.name, [cell_words(cell) for cell in office.cells]) for office in found]


def cell_words(cell: Owed) -> str:
    """A cell in words: Nộp muộn 3 ngày (22/5/2020)."""
    if cell.standing is Standing.FREE:
        return "–"
    if cell.standing is Standing.LATE:
        return f"Muộn {cell.days} ngày" + (f" ({cell.done_on:%d/%m/%Y})" if cell.done_on else "")
    if cell.standing is Standing.DONE:
        return cell.label + (f" ({cell.done_on:%d/%m/%Y})" if cell.done_on else "")
    words = cell.words or cell.label
    words = words if cell.overdue or not cell.words else f"{cell.label}, {words}"
    return f"{words[:1].upper()}{words[1:]}" + (f" ({cell.note})" if cell.note else "")


def _totals(totals: Sequence[duties.Total]) -> list[str]:
    return [
        f"Đúng hạn {one.done}; muộn {one.late}; chưa nộp {one.due + one.open}; quá hạn {one.overdue}" for one in totals
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing an office owes, as the letter lists it."""

    number: int
    office: str
    duty: str
    before: str
    state: str
    missing: str


@dataclass(frozen=True, slots=True)
class ReminderLetter(HomeAffairsPaper):
    """An official letter (công văn) to one office, or to everybody who is late."""

    board: Board
    to: list[Office]
    everybody: bool
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def title(self) -> str:
        whom = "các nơi chậm tiến độ" if self.everybody else self.to[0].name
        if not self.everybody and self.to[0].ward:
            whom = wording.inside(whom)
        return f"Công văn đôn đốc {whom}, kế hoạch năm {self.year}"

    @property
    def short(self) -> str:
        whom = "chung" if self.everybody else plain(self.to[0].name)
        return f"cong-van-don-doc-{whom}-{self.year}"

    @property
    def addressees(self) -> list[str]:
        wards = [office.ward.name for office in self.to if office.ward]
        agencies = [office.name for office in self.to if office.agency]
        found = [_addressed(office) for office in self.to if office.ward]
        if len(wards) > MOST_LINES:
            found = [f"Ủy ban nhân dân các xã, phường: {', '.join(wards)}"]
        return found + ([f"Các cơ quan: {', '.join(agencies)}"] if len(agencies) > MOST_LINES else agencies)

    @property
    def whom(self) -> str:
        """The one office inside a sentence."""
        return self.addressees[0]

    @property
    def late(self) -> bool:
        """Whether something is overdue; otherwise the letter reminds before the day."""
        return any(office.overdue for office in self.to)

    @property
    def lines(self) -> list[Line]:
        found: list[Line] = []
        for office in self.to:
            for cell in office.overdue if self.everybody else office.owed:
                state = f"{cell.words[:1].upper()}{cell.words[1:]}"
                state += f"; {cell.note}" if cell.note else ""
                assert cell.before is not None
                before = f"Trước ngày {cell.before:%d/%m/%Y}"
                found.append(Line(len(found) + 1, office.name, cell.duty.label, before, state, _missing(cell)))
        return found

    @property
    def receivers(self) -> list[str]:
        return ["Như trên", f"{self.short_committee} (báo cáo)"]

    @property
    def attached(self) -> str:
        return f"Kèm theo Công văn số {self.number_line.removeprefix('Số: ')} của {self.office}"


def _addressed(office: Office) -> str:
    return office.thing.authority_name if isinstance(office.thing, Ward) else office.name


def _missing(cell: Owed) -> str:
    """The units by name and ward, as far as a cell takes them."""
    return named(cell.missing, MOST_NAMES) or cell.duty.label


def read_table(user: AnyUser, ids: tuple[int, ...]) -> ProgressTable:
    """The table of today. Raises Plan.DoesNotExist for whoever does not see the city."""
    [pk] = ids
    if not may_see_city(user):
        raise Plan.DoesNotExist
    plan = Plan.objects.get(pk=pk)
    return ProgressTable(duties.board(plan), *_office(plan))


def read_all(user: AnyUser, ids: tuple[int, ...]) -> ReminderLetter:
    """One letter to everybody who is late. Raises NotYet where nobody is."""
    [pk] = ids
    plan = _plan(user, pk)
    board = duties.board(plan)
    if not board.to_remind:
        raise NotYet(NOBODY_LATE)
    return ReminderLetter(board, board.to_remind, True, *_office(plan))


def read_ward(user: AnyUser, ids: tuple[int, ...]) -> ReminderLetter:
    """The letter to a ward. Raises NotYet where it owes nothing by a day."""
    plan_pk, pk = ids
    plan = _plan(user, plan_pk)
    return _one(plan, duties.board(plan, ward=pk))


def read_agency(user: AnyUser, ids: tuple[int, ...]) -> ReminderLetter:
    """The letter to an agency; likewise."""
    plan_pk, pk = ids
    plan = _plan(user, plan_pk)
    return _one(plan, duties.board(plan, agency=pk))


def _plan(user: AnyUser, pk: int) -> Plan:
    if not may_remind(user):
        raise Plan.DoesNotExist
    return Plan.objects.get(pk=pk)


def _one(plan: Plan, board: Board) -> ReminderLetter:
    if not board.offices:
        raise Plan.DoesNotExist
    [office] = board.offices
    if office.writes_letters:
        raise NotYet(OWN_OFFICE)
    if not office.owed:
        raise NotYet(NOTHING_OWED.format(office.name))
    return ReminderLetter(board, [office], False, *_office(plan))


def _office(plan: Plan) -> tuple[Authority | None, offices.Letterhead, offices.Signing]:
    """Who acts, its heading, and who signs."""
    authority, day = city.acting(plan)
    head = offices.of_home_affairs(authority) if authority else offices.NOBODY
    return authority, head, offices.home_affairs_signing(day)
