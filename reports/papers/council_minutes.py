"""Minutes of a ward council's meeting in the decree's form (model 1.9), as plain values for the template."""

from dataclasses import dataclass

from assessments.models import Attendance, CouncilItem, CouncilMeeting, CouncilRole
from assessments.permissions import AnyUser
from assessments.queries import councils
from assessments.queries.councils import SelfResult
from localities.models import Ward
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers.base import Official

COUNCIL_NAME = ["HỘI ĐỒNG THẨM ĐỊNH,", "TỰ ĐÁNH GIÁ"]
OUTCOMES = {
    CouncilItem.Outcome.APPROVED.value: "Thông qua",
    CouncilItem.Outcome.RETURNED.value: "Trả lại cán bộ",
    "": "",
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the agenda."""

    number: int
    unit: str
    aim: str
    result: str
    votes: str
    outcome: str
    opinion: str


@dataclass(frozen=True, slots=True)
class Minutes(Official):
    """Everything the template prints."""

    abbreviation = "BB"
    meeting: CouncilMeeting
    attendance: list[Attendance]
    rows: list[UnitRow]
    letterhead: offices.Letterhead

    @property
    def short(self) -> str:
        return f"bien-ban-hoi-dong-{plain(str(self.ward))}-{self.meeting.held_on:%Y-%m-%d}"

    @property
    def edition(self) -> str:
        """Concluded minutes are never opened again."""
        return "" if self.draft else "ket-luan"

    @property
    def draft(self) -> bool:
        return self.meeting.concluded_at is None

    @property
    def ward(self) -> Ward:
        return self.meeting.ward

    @property
    def year(self) -> int:
        return self.meeting.plan.year

    @property
    def title(self) -> str:
        return f"Biên bản họp hội đồng {wording.inside(self.ward)}, {wording.long_date(self.meeting.held_on)}"

    @property
    def begins(self) -> str:
        return wording.moment(self.meeting.starts_at, self.meeting.held_on)

    @property
    def ends(self) -> str:
        return wording.moment(self.meeting.ends_at, self.meeting.held_on)

    @property
    def came(self) -> list[Attendance]:
        return [row for row in self.attendance if row.present]

    @property
    def absent(self) -> list[Attendance]:
        return [row for row in self.attendance if not row.present]

    @property
    def chair(self) -> Attendance | None:
        """Who presided: the chair, in the chair's absence a deputy."""
        return self._first(CouncilRole.CHAIR) or self._first(CouncilRole.DEPUTY)

    @property
    def secretary(self) -> Attendance | None:
        return self._first(CouncilRole.SECRETARY)

    @property
    def opinions(self) -> list[UnitRow]:
        return [row for row in self.rows if row.opinion]

    @property
    def approved(self) -> int:
        return sum(row.outcome == OUTCOMES["approved"] for row in self.rows)

    @property
    def returned(self) -> int:
        return sum(row.outcome == OUTCOMES["returned"] for row in self.rows)

    def _first(self, role: CouncilRole) -> Attendance | None:
        return next((row for row in self.came if row.role == role), None)


def read(user: AnyUser, ids: tuple[int, ...]) -> Minutes:
    """The minutes of a meeting in the person's scope; raises CouncilMeeting.DoesNotExist outside it."""
    [pk] = ids
    meeting = councils.meeting(user, pk)
    results = councils.results(user, meeting)
    rows = [
        _row(number, item, meeting, results.get(item.assessment_id))
        for number, item in enumerate(councils.agenda(meeting), 1)
    ]
    ward = meeting.ward
    superior = offices.of_ward(ward, authority_on(meeting.held_on)).issuer
    letterhead = offices.Letterhead(_short(superior), COUNCIL_NAME, "HĐ", ward.place_name)
    return Minutes(meeting, councils.attendance(meeting), rows, letterhead)


def _short(name: list[str]) -> str:
    """The people's committee above the council, its common words abbreviated."""
    return " ".join(name).replace(wording.COMMITTEE.upper(), "UBND", 1)


def _row(number: int, item: CouncilItem, meeting: CouncilMeeting, result: SelfResult | None) -> UnitRow:
    registration = item.assessment.registration
    return UnitRow(
        number=number,
        unit=registration.unit.name,
        aim=str(registration.get_aim_display()) + (", làm điểm" if registration.pilot else ""),
        result=_result(result) if result else "",
        votes="" if item.votes_for is None else f"{item.votes_for}/{meeting.present}",
        outcome=OUTCOMES[item.outcome],
        opinion=item.opinion,
    )


def _result(result: SelfResult) -> str:
    headline = "Đủ điều kiện" if result.qualifies else "Chưa đủ điều kiện"
    return "\n".join([f"{headline}, đã đánh giá {result.assessed}/{result.to_assess} mục.", *result.reasons])
