"""Units on their way to a decision, for tests of the papers about it."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pdfplumber
from lxml import html as parser

from accounts.models import User
from assessments.models import Assessment, Decision, Plan
from assessments.workflow import State
from localities.models import Authority
from reports import making, registry, rendering
from reports.papers.base import Official
from tests.assessments.appraising import decided, dossier
from tests.assessments.roads import People
from tests.reports import data


@dataclass(frozen=True)
class Deciding:
    """Three units of one ward, all proposed: one new, one maintained, one that does not qualify."""

    people: People
    plan: Plan
    authority: Authority
    new: Assessment
    kept: Assessment
    refused: Assessment

    @property
    def all(self) -> tuple[Assessment, Assessment, Assessment]:
        return self.new, self.kept, self.refused

    def decide(self, *assessments: Assessment, number: str = "12/QĐ-UBND") -> Decision:
        return decided(self.people, *(assessments or self.all), number=number)


def build(people: People, plan: Plan) -> Deciding:
    authority = data.city_authority()
    Authority.objects.filter(pk=authority.pk).update(valid_until=None)
    return Deciding(
        people,
        plan,
        authority,
        dossier(people, plan, State.PROPOSED),
        dossier(people, plan, State.PROPOSED, aim="maintain"),
        dossier(people, plan, State.PROPOSED, aim="maintain", bad=["tc-1.1"]),
    )


def made(user: User, code: str, *ids: int) -> Official:
    return registry.find(code).read(user, ids)


def text_of(paper: Official, code: str) -> str:
    """What the filled template says, spaces single."""
    return " ".join(parser.fromstring(making.html(registry.find(code), paper)).text_content().split())


def pages_of(paper: Official, code: str) -> list[str]:
    """The text of each page of the PDF, spaces single."""
    content = rendering.pdf(making.html(registry.find(code), paper))
    with pdfplumber.open(BytesIO(content)) as pdf:
        return [" ".join((page.extract_text() or "").split()) for page in pdf.pages]


DAY = date(2025, 11, 5)
