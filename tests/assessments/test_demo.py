"""The demonstration: every state, consistent, plainly fictional, and never where it does not belong."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Model
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import Role, User
from assessments.checking import stale_summaries
from assessments.demo import answering
from assessments.demo.accounts import PASSWORD, demo_accounts, usernames
from assessments.demo.data import PLACES, Quality, Stage
from assessments.demo.year import city_plans
from assessments.models import (
    Assessment,
    Attachment,
    BudgetDecision,
    BudgetEstimate,
    Commendation,
    CommendationDecision,
    CommunityModel,
    Decision,
    DecisionLine,
    Event,
    Evidence,
    Guidance,
    Helping,
    Layer,
    Milestone,
    Plan,
    Summary,
    Visit,
    WardPlan,
    WardPlanTask,
    YearReport,
)
from assessments.models import Verdict as StoredVerdict
from assessments.queries import dossier_due
from assessments.queries.year import budget_change, comparing, duties, looking_back, risks
from assessments.queries.year.duty_facts import Duty
from assessments.scoring import Answer, score
from assessments.workflow import State
from criteria.queries import unit_table
from criteria.spec import Figure, Verdict
from localities.models import Unit, UnitYear
from reports import making, registry
from tests import factories, tables

pytestmark = pytest.mark.django_db


# Before the demonstration is loaded


def test_refused_in_production(settings: Settings) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="vận hành chính thức"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_does_nothing_where_people_work_already(capsys: pytest.CaptureFixture[str]) -> None:
    factories.CityLeaderFactory()
    call_command("load_demo")
    assert "không nạp" in capsys.readouterr().out
    assert User.objects.count() == 1
    assert not Unit.objects.exists()


def test_no_accounts_are_announced_without_the_demonstration() -> None:
    factories.CityLeaderFactory()
    assert demo_accounts() == []


def test_the_same_seed_gives_the_same_answers() -> None:
    def made() -> object:
        random = Random("Tổ 1")  # noqa: S311
        return answering.profile(random, "group"), random.random()

    assert made() == made()


# Loaded once for all tests below


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demonstration in a transaction around the module's tests; yields where its files lie."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=folder, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            call_command("load_demo", verbosity=0)
        yield folder
        transaction.set_rollback(True)


def in_2025() -> Counter[str]:
    return Counter(Assessment.objects.filter(registration__plan__year=2025).values_list("state", flat=True))


def test_every_state_is_there(demo: Path) -> None:
    assert set(in_2025()) == {state.value for state in State}
    stages = {entry.stage for places in PLACES.values() for entry in places}
    assert stages == {*Stage, None}


def test_2020_is_decided_by_a_decision_of_that_december(demo: Path) -> None:
    states = set(Assessment.objects.filter(registration__plan__year=2020).values_list("state", flat=True))
    assert states == {"recognised", "not_recognised"}
    decision = Decision.objects.get(plan__year=2020)
    assert (decision.issued_on.year, decision.issued_on.month) == (2020, 12)
    assert decision.confirmed_at and "minh họa" in decision.title and decision.number.startswith("MH-")


def test_stored_summaries_and_values_are_fresh(demo: Path) -> None:
    assert stale_summaries() == []
    call_command("check_summaries", verbosity=0)


def test_plainly_fictional(demo: Path) -> None:
    assert not Unit.objects.filter(demonstration=False).exists()
    assert {name.split()[0] for name in Unit.objects.values_list("name", flat=True)} == {"Tổ", "Bản"}
    for unit in Unit.objects.select_related("ward"):
        assert unit.kind == ("village" if unit.name.startswith("Bản") else "group")
        assert unit.ward.kind == "ward" or unit.kind == "village", "communes have villages"
    per_ward = Counter(Unit.objects.values_list("ward__code", flat=True))
    assert len(per_ward) == 7 and all(4 <= number <= 7 for number in per_ward.values())
    assert not Decision.objects.exclude(title__contains="minh họa").exists()


def test_targets_of_2025_are_visible_against_reality(demo: Path) -> None:
    aims = Counter(Assessment.objects.filter(registration__plan__year=2025).values_list("registration__aim", flat=True))
    assert aims == {"maintain": 35, "new": 2}
    pilots = Assessment.objects.filter(registration__pilot=True).values_list("registration__unit__ward", flat=True)
    assert set(Counter(pilots).values()) == {2}


def test_some_drafts_have_twelve_days_and_some_are_late(demo: Path) -> None:
    today = timezone.localdate()
    drafts = Assessment.objects.filter(state="draft", registration__plan__year=2025)
    due = [dossier_due(draft) for draft in drafts.select_related("registration__plan")]
    assert due.count(today + timedelta(days=12)) >= 3
    assert sum(day is not None and day <= today for day in due) >= 3
    for draft in drafts.filter(due_on__isnull=False):
        returned = draft.events.filter(action="return").get()
        assert returned.reason and returned.data["due_on"] == draft.due_on.isoformat()


def test_drafts_of_every_sort(demo: Path) -> None:
    of_2025 = Summary.objects.filter(layer=Layer.SELF, assessment__registration__plan__year=2025)
    summaries = of_2025.filter(assessment__state="draft")
    assessed = [(summary.assessed, summary.to_assess) for summary in summaries]
    assert any(done == 0 for done, _ in assessed)
    assert any(20 < done < 60 for done, _ in assessed)
    assert any(done == all_ for done, all_ in assessed)
    assert any(all_ - done == 3 for done, all_ in assessed), "opened again after a return"
    assert Event.objects.filter(action="council_return", reason__gt="").exists()


def test_contradiction_case_and_exemptions(demo: Path) -> None:
    contradicting = [s for s in Summary.objects.filter(layer=Layer.SELF) if s.outcome["contradictions"]]
    assert [s.outcome["contradictions"] for s in contradicting] == [[["th-1", "tc-1.4"]]]
    case = DecisionLine.objects.filter(result="not_recognised", reasons__contains="trường hợp không đảm bảo")
    assert case.filter(decision__plan__year=2025).exists()
    exempt = StoredVerdict.objects.filter(value="not_applicable")
    assert exempt.filter(layer="self").exists() and not exempt.filter(note="").exists()
    kinds = exempt.values_list("assessment__registration__unit__kind", flat=True)
    assert set(kinds) == {"group"}


def test_open_decision_and_half_appraisal(demo: Path) -> None:
    waiting = Decision.objects.get(confirmed_at__isnull=True)
    assert set(waiting.lines.values_list("result", flat=True)) == {"recognised", "not_recognised"}
    agency = Summary.objects.filter(layer=Layer.EFFECTIVE, assessment__state="appraisal")
    assert any(0 < s.assessed < s.to_assess for s in agency)
    assert StoredVerdict.objects.filter(
        layer="agency", stated="not_met", note__contains="trái với tự đánh giá"
    ).exists()


def test_figures_fit_the_yearly_profile(demo: Path) -> None:
    for year in UnitYear.objects.all():
        assert year.households and (year.poor_households or 0) <= year.households
    # What took part in a year knows its persons too; others may still be asked.
    assert not UnitYear.objects.filter(persons=None, unit__registrations__plan__year=F("year")).exclude(
        unit__registrations__assessment__state="draft"
    )
    poor = (
        StoredVerdict.objects.filter(entry__key="tc-5.2", layer="self").exclude(stated="").prefetch_related("figures")
    )
    for verdict in poor.select_related("assessment__registration__unit", "assessment__registration__plan"):
        year = verdict.assessment.unit.years.get(year=verdict.assessment.plan.year)
        figure = verdict.figures.get()
        assert figure.numerator == year.poor_households
        assert verdict.value == ("not_met" if year.poor_households else "met")


def test_a_figure_overrules_a_stated_verdict_somewhere(demo: Path) -> None:
    assert StoredVerdict.objects.filter(stated="met", value="not_met", entry__key="tc-2.6").exists()


def test_evidence_is_references_and_real_files(demo: Path) -> None:
    assert Evidence.objects.filter(file="").exists()
    kinds = set(Evidence.objects.exclude(file="").values_list("content_type", flat=True))
    assert kinds == {"application/pdf", "image/png"}
    with override_settings(MEDIA_ROOT=demo):
        for evidence in Evidence.objects.exclude(file=""):
            with default_storage.open(evidence.file.name) as file:
                assert len(file.read()) == evidence.size


def test_one_account_for_every_role_and_ward(demo: Path) -> None:
    listed = demo_accounts()
    assert [name for _, name, _ in listed] == usernames()
    assert {user.role for user in User.objects.all()} == set(Role.values)
    assert set(User.objects.values_list("username", flat=True)) == set(usernames())
    assert all(username.isascii() and password == PASSWORD for _, username, password in listed)
    for role in (Role.WARD_OFFICER, Role.WARD_LEADER):
        assert User.objects.filter(role=role).values("ward").distinct().count() == 7
    head = User.objects.get(role=Role.UNIT_HEAD)
    assert head.unit and head.unit.registrations.get(plan__year=2025).assessment.state == "draft"


def test_the_password_opens_every_account_and_keeps_the_rules(demo: Path) -> None:
    assert len(PASSWORD) >= 14
    for user in User.objects.all():
        validate_password(PASSWORD, user)
        assert authenticate(HttpRequest(), username=user.username, password=PASSWORD) == user


def test_the_administrator_has_accounts_and_no_verdicts(demo: Path) -> None:
    administrator = User.objects.get(role=Role.ADMINISTRATOR)
    assert administrator.is_staff and not administrator.is_superuser
    assert administrator.has_perm("accounts.change_user") and administrator.has_perm("criteria.change_entry")
    assert not administrator.has_perm("assessments.change_verdict")
    assert not User.objects.filter(is_staff=True).exclude(pk=administrator.pk).exists()


def test_loading_again_changes_nothing(demo: Path) -> None:
    before = Event.objects.count()
    call_command("load_demo", verbosity=0)
    assert Event.objects.count() == before


# The year of the plan: every state, late and in time

YEAR_STATES: dict[str, tuple[type[Model], str, str]] = {
    "plan": (Plan, "status", ""),
    "ward_plan": (WardPlan, "state", "plan__"),
    "ward_plan_task": (WardPlanTask, "state", "ward_plan__plan__"),
    "estimate": (BudgetEstimate, "state", "plan__"),
    "report": (YearReport, "state", "plan__"),
    "report_period": (YearReport, "period", "plan__"),
    "commendation": (Commendation, "state", "plan__"),
    "commendation_kind": (Commendation, "kind", "plan__"),
    "guidance": (Guidance, "state", "plan__"),
    "model": (CommunityModel, "state", ""),
    "model_kind": (CommunityModel, "kind", ""),
    "milestone": (Milestone, "duty", "plan__"),
}


def choices(model: type[Model], field: str) -> set[str]:
    """Every value that the model knows."""
    return {value for value, _ in model._meta.get_field(field).flatchoices}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", YEAR_STATES)
def test_every_state_of_the_year_is_there(demo: Path, name: str) -> None:
    model, field, plan = YEAR_STATES[name]
    rows = Plan.every.all() if model is Plan else model._default_manager.all()
    wanted = choices(model, field)
    assert wanted and set(rows.order_by().values_list(field, flat=True)) == wanted
    if not plan:
        return
    of_2025 = set(rows.filter(**{f"{plan}year": 2025}).order_by().values_list(field, flat=True))
    assert of_2025 == wanted, "the year in progress shows all of them"
    assert rows.filter(**{f"{plan}year": 2020}).exists()


@pytest.mark.parametrize("year", [2020, 2025])
def test_no_table_of_the_year_is_empty(demo: Path, year: int) -> None:
    for model in (WardPlan, BudgetEstimate, BudgetDecision, YearReport, Commendation, CommendationDecision, Guidance):
        assert model._default_manager.filter(plan__year=year).exists(), model
    assert Helping.objects.filter(plan__year=year, deeds__isnull=False).exists()
    assert CommunityModel.objects.filter(exemplary_since__year=year).exists()
    assert Attachment.objects.filter(city_plan__year=year).exists()
    assert Visit.objects.filter(delegation__plan__year=year, closed_at__isnull=False).exists()
    assert year != 2025 or Helping.objects.filter(plan__year=year, deeds__isnull=True, ended_on=None).exists()


def test_offices_are_in_time_late_owing_and_not_yet_due(demo: Path) -> None:
    stands = {year: duties.board(Plan.objects.get(year=year)) for year in (2020, 2025)}
    for duty in (Duty.WARD_PLAN, Duty.BUDGET, Duty.HALF_YEAR_REPORT):
        at = duties.OF_WARDS.index(duty)
        found = {office.cells[at].standing for office in stands[2025].wards}
        assert found == {duties.Standing.DONE, duties.Standing.LATE, duties.Standing.OVERDUE}, duty
        begun = {office.cells[at].begun for office in stands[2025].wards if office.cells[at].overdue}
        assert begun == {"", "draft", "returned"}, duty
        before = {office.cells[at].standing for office in stands[2020].wards}
        assert before == {duties.Standing.DONE, duties.Standing.LATE}, duty
    coming = duties.OF_WARDS.index(Duty.YEARLY_REPORT)
    if timezone.localdate() < city_plans.LAST_DAY:
        found = {office.cells[coming].standing for office in stands[2025].wards}
        assert found == {duties.Standing.DONE, duties.Standing.DUE}
    assert all(day < timezone.localdate() for duty, day in stands[2025].before.items() if duty != Duty.YEARLY_REPORT)


def test_the_first_half_of_2020_tells_nothing_of_its_end(demo: Path) -> None:
    city = YearReport.objects.filter(plan__year=2020, ward=None, agency=None)
    half, whole = (
        city.get(period=period).figures["total"] for period in (YearReport.Period.HALF, YearReport.Period.YEAR)
    )
    assert half["registered"] == whole["registered"]
    assert half["judged"] == {"city": 0, "self": 0, "qualifying": 0}
    assert whole["judged"]["city"] == whole["registered"]["total"]


def test_decisions_wait_and_are_confirmed(demo: Path) -> None:
    for model in (BudgetDecision, CommendationDecision):
        waiting = model._default_manager.filter(plan__year=2025).values_list("confirmed_at", flat=True)
        assert None in waiting and any(waiting), model


def test_guidance_stands_comes_and_was_replaced(demo: Path) -> None:
    today, own = timezone.localdate(), Guidance.objects.filter(plan__year=2025)
    assert own.filter(state="published", valid_from__gt=today).exists()
    assert own.filter(state="published", valid_from__lte=today).exists()
    old = own.filter(state="withdrawn").values("entries")
    assert own.filter(state="published", valid_from__lte=today, entries__in=old).exists(), "replaced"


def test_every_group_of_two_years_has_units(demo: Path) -> None:
    user = User.objects.get(username="noivu")
    earlier, plan = Plan.objects.get(year=2020), Plan.objects.get(year=2025)
    made = comparing.compare(user, earlier, plan)
    assert all(units for _, units in made.groups), [(words, len(units)) for words, units in made.groups]
    assert made.better and made.worse
    assert any(row.before.number and row.now.number for row in made.criteria), "fails in both years"
    assert {row.change for row in made.standards} == {1, 0, -1}
    assert all(all(row.registered) for row in made.wards)
    found = risks.risks(user, plan)
    assert 0 < found.certain < len(found.units) < found.looked_at
    assert any(unit.cases for unit in found.units) and any(not unit.certain for unit in found.units)
    ranking = looking_back.ranking(user, plan)
    assert len(ranking.wards) == len(PLACES)
    assert any(all(count and count.not_met for count in row.years) for row in ranking.failing)
    assert all(target.reached for target in looking_back.target_history(user, plan))


def test_money_can_be_compared_line_by_line(demo: Path) -> None:
    estimate = BudgetEstimate.objects.get(plan__year=2025, state="approved")
    found = budget_change.change(estimate)
    assert found and {row.word for row in found.rows} == {"Tăng", "Mới", "Không còn"}


def resolved(figures: Mapping[str, Figure] | None, homes: int) -> dict[str, Figure]:
    """The figures with the household totals that the deed would put in."""
    return {key: Figure(f.numerator, f.denominator or homes) for key, f in (figures or {}).items()}


@pytest.mark.parametrize("quality", Quality)
@pytest.mark.parametrize("kind", [tables.GROUP, tables.VILLAGE])
@pytest.mark.parametrize("seed", range(5))
def test_answers_come_to_what_is_wanted(demo: Path, quality: Quality, kind: str, seed: int) -> None:
    table = unit_table(Plan.objects.get(year=2025).criteria_set_id, kind, tables.WARD)
    random = Random(seed)  # noqa: S311
    numbers = answering.profile(random, kind)
    answers = answering.self_answers(table, numbers, quality, random)
    homes = numbers["households"] or 0
    pure = {key: Answer(Verdict(said.stated), resolved(said.figures, homes)) for key, said in answers.items()}
    outcome = score(table, pure)
    assert outcome.complete
    assert outcome.qualifies is (quality is Quality.GOOD)
    assert bool(outcome.contradictions) is (quality is Quality.CONTRADICTION)
    assert bool(outcome.occurring) is (quality in (Quality.CASE, Quality.CONTRADICTION))


PAPER_PAGES = ("plan", "list", "decision_list", "agency_list", "grid", "budget", "commendations", "duties")
PAPER_LINK = re.compile(r'href="/van-ban/([a-z-]+)/([0-9-]+)/(?:tep\.pdf)?"')


@pytest.mark.parametrize("username", ["lanhdao.tanphong", "noivu", "kinhte", "taichinh", "lanhdao.thanhpho"])
def test_every_paper_that_a_menu_offers_is_there(demo: Path, username: str, client: Client) -> None:
    user = User.objects.get(username=username)
    client.force_login(user)
    offered: set[tuple[str, str]] = set()
    for year in Plan.every.values_list("year", flat=True):
        for name in ("reports:papers_of_plan", *(f"assessments:{name}" for name in PAPER_PAGES)):
            offered |= set(PAPER_LINK.findall(client.get(reverse(name, args=[year]), follow=True).content.decode()))
    assert len({code for code, _ in offered}) > 5
    for code, subject in sorted(offered):
        assert making.read(user, registry.find(code), registry.ids(subject)), (code, subject)
