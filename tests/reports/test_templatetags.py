"""The menu of papers on the pages."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from assessments.workflow import State
from reports import menus, registry
from tests.assessments.views.world import World, build
from tests.matrix.papers import thing

pytestmark = pytest.mark.django_db
About = registry.About
OF_THE_YEAR = (
    About.DETAILED_PLAN,
    About.YEAR_REPORT,
    About.ESTIMATE,
    About.BUDGET_DECISION,
    About.COMMENDATION_DECISION,
)
# Who sees both what is being written and what was sent.
READERS = {"meeting": "lf", "detailed_plan": "lf", "year_report": "lf", "estimate": "lf", "budget_decision": "cl"}


@pytest.fixture
def world() -> World:
    return build(State.APPRAISAL, with_parts=True)


def shown(user: Any, about: str, *rows: Any, more: str = "") -> str:
    """What the tag makes of these rows for this person; one query where something may not be there yet."""
    request = RequestFactory().get("/")
    request.user = user
    names = " ".join(f"row{number}" for number in range(len(rows)))
    template = Template(f'{{% load papers %}}{{% papers "{about}" {names} {more} %}}')
    context = {"request": request} | {f"row{number}": row for number, row in enumerate(rows)}
    with CaptureQueriesContext(connection) as queries:
        text = template.render(Context(context))
    assert len(queries) <= (about in (About.PLAN, About.WARD_PLAN, About.AGENCY_WORK))
    return text.strip()


def test_one_paper_is_a_button_with_its_own_name(world: World) -> None:
    meeting = world.parts.minutes
    text = shown(world["of"], "meeting", meeting)
    assert text.startswith("<a ") and "Biên bản họp hội đồng" in text and "<details" not in text
    assert f'href="/van-ban/bien-ban-hoi-dong/{meeting.pk}/"' in text and "btn-sm" not in text
    assert "btn-sm" in shown(world["of"], "meeting", meeting, more="small=True")


def test_several_are_a_menu_with_each_ones_files(world: World) -> None:
    visit = world.parts.visit
    text = shown(world["ha"], "visit", visit)
    found = registry.offered(world["ha"], registry.About.VISIT, visit)
    assert text.startswith("<details") and text.count("<li>") == len(found) > 1
    for paper in found:
        assert f'href="/van-ban/{paper.code}/{visit.pk}/"' in text
        for form in paper.formats:
            assert f'href="/van-ban/{paper.code}/{visit.pk}/tep.{form}"' in text


def test_rows_that_belong_together(world: World) -> None:
    text = shown(world["of"], "ward_plan", world.plan, world.ward)
    assert f"/van-ban/bang-tham-dinh-xa-phuong/{world.plan.pk}-{world.ward.pk}/" in text


def test_nothing_where_there_is_nothing(world: World) -> None:
    assert shown(world["ad"], "plan", world.plan) == ""
    assert shown(world["ad"], "submission", world.parts.submission) == ""
    assert shown(AnonymousUser(), "submission", world.parts.submission) == ""


def test_drafts_are_marked_as_the_papers_say(world: World) -> None:
    """The mark in the menu and DỰ THẢO on the paper come from the same facts."""
    p = world.parts
    rows = [
        ("meeting", p.meeting), ("meeting", p.minutes), ("visit", p.visit), ("visit", p.closed_visit),
        ("decision", world.decision), ("assessment", world.assessment), ("assessment", p.at_council),
        ("plan", world.plan), ("plan", p.plans.draft),
        *((about, thing(world, about, done=done)) for about in OF_THE_YEAR for done in (False, True)),
    ]  # fmt: skip
    checked = set()
    for about, row in rows:
        who = world[READERS.get(str(about), "ha")]
        for paper in registry.offered(who, registry.About(about), row):
            if paper.code not in menus._OPEN:
                continue
            made = paper.read(who, (row.pk,))
            [link] = [link for link in menus.links(who, about, row) if link.name == paper.name]
            assert link.draft == made.draft, (paper.code, row)
            checked.add((paper.code, link.draft))
    assert {code for code, _ in checked} == set(menus._OPEN)
    both = {"bien-ban-hoi-dong", "ke-hoach", "ke-hoach-xa-phuong", "bao-cao-ky", "du-toan", "quyet-dinh-kinh-phi"}
    assert {(code, draft) for code in both for draft in (False, True)} <= checked


def test_the_mark_is_seen(world: World) -> None:
    assert "dự thảo" in shown(world["lf"], "meeting", world.parts.meeting)
    assert "dự thảo" not in shown(world["lf"], "meeting", world.parts.minutes)
    draft = Assessment.objects.get(pk=world.parts.at_council.pk)
    assert "dự thảo" in shown(world["of"], "assessment", draft)


def test_letters_are_left_to_who_knows_what_is_owed(world: World) -> None:
    assert "cong-van-don-doc" not in shown(world["ha"], "plan", world.plan)
    named = shown(world["ha"], "plan", world.plan, more='only="cong-van-don-doc"')
    assert f'href="/van-ban/cong-van-don-doc/{world.plan.pk}/"' in named
