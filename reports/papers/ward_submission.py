"""The ward's submission (tờ trình) to the city, as plain values for the template."""

from dataclasses import dataclass

from assessments.permissions import AnyUser
from reports.files import plain
from reports.papers import dossier_parts
from reports.papers.ward_parts import SentUnit, WardPaper, read_sending


@dataclass(frozen=True, slots=True)
class ListRow:
    """One unit of the list."""

    number: int
    unit: SentUnit


@dataclass(frozen=True, slots=True)
class ListGroup:
    """Units for which the same is asked, under its name."""

    label: str
    rows: list[ListRow]


@dataclass(frozen=True, slots=True)
class WardSubmission(WardPaper):
    """Everything the template prints."""

    abbreviation = "TTr"

    @property
    def title(self) -> str:
        return (
            f"Tờ trình đề nghị công nhận tổ dân phố, bản tự quản, phát triển toàn diện năm {self.year}, "
            f"{self.place}, lần {self.sent.number}"
        )

    @property
    def short(self) -> str:
        return f"to-trinh-{plain(str(self.ward))}-{self.year}-lan-{self.sent.number}"

    @property
    def grounds(self) -> list[str]:
        plan = self.sent.plan
        found = dossier_parts.grounds(plan, plan.criteria_set.legal_basis, self.sending.authority)
        return found + [f"Căn cứ {minutes}" for minutes in self.meetings]

    @property
    def fresh(self) -> list[SentUnit]:
        """Proposed to reach the status newly."""
        return [unit for unit in self.qualifying if not unit.maintains]

    @property
    def kept(self) -> list[SentUnit]:
        """Proposed to keep the status."""
        return [unit for unit in self.qualifying if unit.maintains]

    @property
    def groups(self) -> list[ListGroup]:
        """The list, numbered through; groups without a unit are left out."""
        wanted = (
            ("Đề nghị công nhận đạt mới", self.fresh),
            ("Đề nghị công nhận duy trì", self.kept),
            ("Tự đánh giá chưa đủ điều kiện, chưa đề nghị công nhận", self.lacking),
        )
        groups, number = [], 0
        for label, units in wanted:
            if units:
                groups.append(ListGroup(label, [ListRow(number + at, unit) for at, unit in enumerate(units, 1)]))
                number += len(units)
        return groups


def read(user: AnyUser, ids: tuple[int, ...]) -> WardSubmission:
    """The submission in the person's scope; raises Submission.DoesNotExist outside it."""
    [pk] = ids
    return WardSubmission(read_sending(user, pk))
