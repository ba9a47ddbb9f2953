"""A ward that sends dossiers to the city, for the tests of what it prints with them."""

from dataclasses import dataclass
from io import BytesIO

import docx
import pdfplumber
from pypdf import PdfReader

from assessments.models import Assessment, Plan, Submission
from assessments.workflow import State
from localities.models import Unit
from reports import making, registry, store
from reports.models.files import Format
from tests import factories
from tests.assessments.roads import People, approve_and_submit, walk
from tests.reports import data
from tests.reports.conftest import squeezed

LONGEST = ("Tổ dân phố số {} thuộc khu vực trung tâm mở rộng theo quy hoạch điều chỉnh giai đoạn hai " + "x" * 100)[:98]
HOSTILE = "Tổ <b>9</b> & {{ x }}"


@dataclass(frozen=True)
class Sent:
    """A submission with everybody around it."""

    people: People
    submission: Submission
    assessments: list[Assessment]


def people_of(name: str) -> People:
    """A ward with this name and its people."""
    ward = factories.WardFactory(name=name)
    return People(
        factories.WardOfficerFactory(ward=ward),
        factories.WardLeaderFactory(ward=ward),
        factories.HomeAffairsFactory(),
        factories.CityLeaderFactory(),
    )


def at_council(people: People, plan: Plan, name: str, *, aim: str = "new", bad: tuple[str, ...] = ()) -> Assessment:
    """A unit of the ward, assessed and in the council's hands."""
    unit = factories.UnitFactory(ward=people.officer.ward, name=name)
    assessment = factories.open_assessment(unit=unit, plan=plan, officer=people.officer, aim=aim)
    return walk(people, assessment, State.COUNCIL, bad=bad)


def sent(people: People, *assessments: Assessment) -> Sent:
    return Sent(people, approve_and_submit(people.leader, *assessments), list(assessments))


def twelve() -> Sent:
    """Twelve units with the longest names, every third lacking; the ward's name is the longest too."""
    data.city_authority()
    people, plan = people_of("Trung tâm hành chính mở rộng phía Đông Nam"), factories.PlanFactory(year=2025)
    bad = {0: ("tc-1.1", "tc-2.3", "nd-5.1.1"), 3: ("tc-1.1", "th-2"), 6: ("tc-2.3", "tc-2.4"), 9: ("tc-1.1",)}
    units = [
        at_council(people, plan, LONGEST.format(n + 1), aim="maintain" if n % 2 else "new", bad=bad.get(n, ()))
        for n in range(12)
    ]
    Unit.objects.filter(pk=units[11].unit.pk).update(name=HOSTILE)
    data.attach(people.officer, units[0], "tc-1.1", "Biên bản họp.pdf")
    data.refer(people.officer, units[0], "nd-5.1.1", "Báo cáo số 15/BC-CB")
    data.refer(people.officer, units[1], "th-4", "Báo cáo số 16/BC-CB")
    return sent(people, *units)


def made(user: object, code: str, pk: int, form: Format = Format.PDF) -> bytes:
    """The file as the application gives it out."""
    return store.read(making.make(user, registry.find(code), (pk,), form).file)  # type: ignore[arg-type]


def pages(content: bytes) -> list[str]:
    """The text of each page in the order in which it was written."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def above(content: bytes) -> list[str]:
    """What stands in the top margin of each page, between the corners: its number."""
    found = []
    with pdfplumber.open(BytesIO(content)) as document:
        for page in document.pages:
            third = float(page.width) / 3
            found.append(page.crop((third, 0, third * 2, 62)).extract_text() or "")
    return found


def text(content: bytes) -> str:
    return squeezed("".join(pages(content)))


def spoken(content: bytes) -> str:
    """All text of a Word file, tables included."""
    document = docx.Document(BytesIO(content))
    return squeezed("".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")))


def outside(content: bytes) -> list[tuple[int, str]]:
    """Letters beyond the decree's margins: 30 mm left, 15 mm right (20 at the binding, 15 on a page on its side)."""
    millimetre, found = 72 / 25.4, []
    with pdfplumber.open(BytesIO(content)) as document:
        for number, page in enumerate(document.pages, 1):
            for letter in page.chars:
                left, right = letter["x0"] / millimetre, (float(page.width) - letter["x1"]) / millimetre
                if letter["text"].strip() and (left < 29.9 or right < 14.9):
                    found.append((number, letter["text"]))
    return found
