"""The picture and the table say all that the workflow's table says, and nothing else."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role as AccountRole
from assessments import workflow, workflow_picture
from assessments.workflow import ACTION_LABELS, ROLE_LABELS, RULES, STATE_LABELS, Action, Role, Rule, State
from assessments.workflow_picture import GUARD_WORDS, condition, description, draw, steps
from tests import factories

NEW = Rule(State.APPRAISAL, Action.WITHDRAW, Role.CITY_LEADER, State.SUBMITTED, (workflow.has_reason,))


def test_every_rule_is_an_arrow_and_a_row() -> None:
    picture = draw()
    assert sorted(RULES, key=repr) == sorted((arrow.rule for arrow in picture.arrows), key=repr)
    assert {box.state for box in picture.boxes} == set(State)
    assert {box.label for box in picture.boxes} == set(STATE_LABELS.values())
    rows = {(s.state, s.action, s.who, s.target) for s in steps()}
    assert rows == {
        (STATE_LABELS[r.state], ACTION_LABELS[r.action], ROLE_LABELS[r.role], STATE_LABELS[r.target]) for r in RULES
    }
    assert len(steps()) == len(RULES)


def test_one_more_rule_changes_both() -> None:
    more = (*RULES, NEW)
    assert len(draw(more).arrows) == len(RULES) + 1
    assert next(arrow for arrow in draw(more).arrows if arrow.rule is NEW).back
    [row] = [s for s in steps(more) if s not in steps()]
    assert (row.action, row.when, row.target) == ("Rút hồ sơ", "Ghi rõ lý do.", "Đã gửi thành phố")
    assert f"{len(RULES) + 1} bước" in description(more)
    fewer = [rule for rule in RULES if rule.role is not Role.CITY_LEADER]
    assert "LĐT" not in {badge for _, badge, _ in draw(fewer).actors}


def test_every_guard_has_words() -> None:
    used = {guard for rule in RULES for guard in rule.guards}
    assert used <= set(GUARD_WORDS)
    assert set(GUARD_WORDS) <= used, "words for guards that no rule has"
    assert condition(replace(NEW, guards=())) == "Bất cứ lúc nào ở trạng thái này."
    assert condition(NEW) == "Ghi rõ lý do."


def test_everybody_who_acts_has_a_sign_and_a_colour() -> None:
    assert set(workflow_picture.BADGES) == set(Role)
    assert len(set(workflow_picture.BADGES.values())) == len(Role)


def test_nothing_is_drawn_outside_or_on_top_of_another() -> None:
    picture = draw()
    for box in picture.boxes:
        assert box.x >= 0 and box.x + box.width <= picture.width and box.foot <= picture.height
    places = [(arrow.text_x, arrow.text_y) for arrow in picture.arrows]
    assert len(set(places)) == len(places)
    for arrow in picture.arrows:
        points = [int(n) for n in re.findall(r"-?\d+", arrow.path)]
        assert min(points) >= 0, arrow
        assert 0 <= arrow.text_x <= picture.width and 0 < arrow.text_y < picture.height
    boxes = [(box.x, box.y) for box in picture.boxes]
    assert len(set(boxes)) == len(boxes)


def test_labels_in_a_gap_do_not_touch() -> None:
    """Two labels on the same side at nearly the same height would cover each other."""
    arrows = draw().arrows
    for one in arrows:
        for other in arrows:
            if one is not other and one.anchor == other.anchor and abs(one.badge_x - other.badge_x) < 60:
                assert abs(one.text_y - other.text_y) >= 20, (one.label, other.label)


@pytest.mark.django_db
class TestPage:
    @pytest.mark.parametrize("role", AccountRole.values)
    def test_for_every_signed_in_person(self, client: Client, role: str) -> None:
        maker = "".join(word.title() for word in role.split("_")) + "Factory"
        client.force_login(getattr(factories, maker)())
        response = client.get(reverse("assessments:workflow"))
        assert response.status_code == 200

    def test_strangers_sign_in_first(self, client: Client) -> None:
        assert client.get(reverse("assessments:workflow")).status_code == 302

    def test_shows_every_rule_twice(self, client: Client) -> None:
        client.force_login(factories.CityLeaderFactory())
        page = unescape(client.get(reverse("assessments:workflow")).content.decode())
        picture, table = page.partition("<svg viewBox")[2].split("Khi nào được</h2>")
        for rule in RULES:
            assert f'data-rule="{rule.state.value} {rule.action.value}"' in picture
            assert ACTION_LABELS[rule.action] in table
            assert condition(rule) in table
        for state in State:
            assert STATE_LABELS[state] in picture
        assert table.count("<tr>") - 1 == len(RULES)
        assert '<title id="road-title">' in picture and '<desc id="road-description">' in picture

    def test_no_style_that_the_policy_forbids(self, client: Client) -> None:
        client.force_login(factories.CityLeaderFactory())
        page = client.get(reverse("assessments:workflow")).content.decode()
        assert " style=" not in page and "<style" not in page

    def test_is_linked(self, client: Client) -> None:
        client.force_login(factories.CityLeaderFactory())
        plan = factories.PlanFactory()
        page = client.get(reverse("assessments:plan", args=[plan.year])).content.decode()
        assert page.count(reverse("assessments:workflow")) == 2  # beside the plan, and at the foot of every page
        assert client.post(reverse("assessments:workflow")).status_code == 405
