"""What the base template (templates/reports/document.html) asks of every paper, with the usual answers."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from reports import wording
from reports.offices import Letterhead, Signing


class NotYet(Exception):
    """There is no such paper of this thing yet; the message says from when and what to do."""


class Official:
    """A paper's view model: a frozen dataclass that inherits from this and says what is its own.

    A number or a date that is not known is printed as the blank that the clerk fills by hand.
    """

    __slots__ = ()

    # Abbreviation of the kind of document before the office's symbol: TTr, BC, QĐ, TB, BB (decree, appendix III.I).
    abbreviation: ClassVar[str] = ""

    # Fields or properties of each paper. Only declared here: a dataclass would take a base's property for a default.
    if TYPE_CHECKING:

        @property
        def title(self) -> str:
            """The file's name in full, and the PDF's title."""

        @property
        def short(self) -> str:
            """The file's name in plain letters, without extension."""

        @property
        def year(self) -> int: ...

        @property
        def letterhead(self) -> Letterhead: ...

        @property
        def draft(self) -> bool:
            """Whether it says DỰ THẢO."""

        @property
        def edition(self) -> str:
            """Under which the final paper is kept for ever; "" while it is a draft, and of what is never kept."""

        # A paper that has none of the following leaves it out.
        @property
        def addressees(self) -> Sequence[str]:
            """After "Kính gửi"."""

        @property
        def grounds(self) -> Sequence[str]:
            """Each a sentence without its last sign: the template ends them by ";" and "."."""

        @property
        def signing(self) -> Signing: ...

        @property
        def receivers(self) -> Sequence[str]:
            """After "Nơi nhận", without the copy to keep, which is the last line of every paper."""

    @property
    def number(self) -> str:
        """The number with its symbol once it has one, for instance 15/TTr-UBND."""
        return ""

    @property
    def dated(self) -> date | None:
        """The day on the paper."""
        return None

    @property
    def number_line(self) -> str:
        """For instance: Số: 15/TTr-UBND, with room where the number is not known."""
        symbol = "-".join(part for part in (self.abbreviation, self.letterhead.symbol) if part)
        return f"Số: {self.number or f'{wording.ROOM * 2}/{symbol}'}"

    @property
    def place_and_date(self) -> str:
        day = wording.long_date(self.dated) if self.dated else wording.open_date(self.year)
        return f"{self.letterhead.place}, {day}" if self.letterhead.place else day
