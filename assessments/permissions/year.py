"""Who sees and does what in the year of the plan, around the assessments. Source: domain rules, sections 4 and 6."""

from django.db.models import Q, QuerySet

from accounts.models import AGENCY_ROLES, WARD_ROLES, Agency, Role, User
from assessments.models import (
    BudgetDecision,
    BudgetEstimate,
    Commendation,
    CommendationDecision,
    CommunityModel,
    Guidance,
    Helping,
    WardPlan,
    YearReport,
)
from assessments.permissions.roles import CITY_WIDE, AnyUser
from assessments.permissions.scope import visible_units
from localities.models import Unit, Ward

# Rows that are still at their author's desk exist for nobody else.
_OWN_DESK = ("draft", "returned")


def _is(user: AnyUser, *roles: str) -> bool:
    return isinstance(user, User) and user.role in roles


def _inside(user: AnyUser) -> bool:
    """Everybody of the administration but whoever only keeps accounts."""
    return isinstance(user, User) and user.role != Role.ADMINISTRATOR


# ---- The city's plan ----


def may_keep_plan(user: AnyUser) -> bool:
    """Whether the person drafts, issues and adjusts the city's plan."""
    return _is(user, Role.HOME_AFFAIRS)


def may_see_draft_plans(user: AnyUser) -> bool:
    return _is(user, Role.HOME_AFFAIRS, Role.CITY_LEADER)


# ---- Ward plans ----


def may_see_ward_plans(user: AnyUser) -> bool:
    """Ward plans go to home affairs and to the agencies concerned (plan 2020, section V.15)."""
    return _is(user, *WARD_ROLES, *AGENCY_ROLES, *CITY_WIDE)


def visible_ward_plans(user: AnyUser) -> QuerySet[WardPlan]:
    if not isinstance(user, User) or not may_see_ward_plans(user):
        return WardPlan.objects.none()
    if user.role in WARD_ROLES:
        return WardPlan.objects.filter(ward=user.ward_id)
    return WardPlan.objects.filter(state=WardPlan.State.SUBMITTED)


def may_write_ward_plan(user: AnyUser, ward: Ward | None = None) -> bool:
    """Officer and leader of the ward write it and keep its tasks up to date."""
    return isinstance(user, User) and user.role in WARD_ROLES and (ward is None or ward.pk == user.ward_id)


def may_send_for_ward(user: AnyUser, ward: Ward | None = None) -> bool:
    """What leaves the ward (plan, estimate, report) its leader sends."""
    return _is(user, Role.WARD_LEADER) and (ward is None or ward.pk == getattr(user, "ward_id", None))


def may_receive(user: AnyUser) -> bool:
    """Home affairs takes ward plans and reports, gives them back, and states when paper came."""
    return _is(user, Role.HOME_AFFAIRS)


# ---- Budget ----


def may_see_budget(user: AnyUser) -> bool:
    return _is(user, *WARD_ROLES, Role.FINANCE_PLANNING, *CITY_WIDE)


def may_see_all_budgets(user: AnyUser) -> bool:
    """Whether the person sees all wards' money side by side."""
    return _is(user, Role.FINANCE_PLANNING, *CITY_WIDE)


def visible_estimates(user: AnyUser) -> QuerySet[BudgetEstimate]:
    if not isinstance(user, User) or not may_see_budget(user):
        return BudgetEstimate.objects.none()
    if user.role in WARD_ROLES:
        return BudgetEstimate.objects.filter(ward=user.ward_id)
    return BudgetEstimate.objects.exclude(state__in=_OWN_DESK)


def visible_budget_decisions(user: AnyUser) -> QuerySet[BudgetDecision]:
    """Confirmed ones for whoever sees budgets (wards: those on their own estimate); before, the city's.

    Rules 4 and 6: the city approves with a decision, which goes to every ward it names and lists all of them. So a
    ward reads who gets how much, as in the signed paper. The lines stay their own ward's and the city's: whose
    estimate a person does not see (visible_estimates), of that neither page nor paper tells a line.
    """
    if not isinstance(user, User) or not may_see_budget(user):
        return BudgetDecision.objects.none()
    if user.role in (Role.FINANCE_PLANNING, Role.HOME_AFFAIRS, Role.CITY_LEADER):
        return BudgetDecision.objects.all()
    confirmed = BudgetDecision.objects.filter(confirmed_at__isnull=False)
    if user.role in WARD_ROLES:
        return confirmed.filter(pk__in=BudgetEstimate.objects.filter(ward=user.ward_id).values("decision"))
    return confirmed


def may_write_estimate(user: AnyUser, ward: Ward | None = None) -> bool:
    return isinstance(user, User) and user.role in WARD_ROLES and (ward is None or ward.pk == user.ward_id)


def may_appraise_budget(user: AnyUser) -> bool:
    """The finance agency appraises, gives back, and prepares the decision."""
    return _is(user, Role.FINANCE_PLANNING)


def may_confirm_budget(user: AnyUser) -> bool:
    return _is(user, Role.CITY_LEADER)


# ---- Guidance ----


def may_see_guidance(user: AnyUser) -> bool:
    return _inside(user)


def visible_guidance(user: AnyUser) -> QuerySet[Guidance]:
    """Published and withdrawn guidance is everybody's; a draft its agency's and home affairs'."""
    if not isinstance(user, User) or not _inside(user):
        return Guidance.objects.none()
    if user.role == Role.HOME_AFFAIRS:
        return Guidance.objects.all()
    return Guidance.objects.filter(~Q(state=Guidance.State.DRAFT) | Q(agency=user.agency_id or 0))


def guiding_agencies(user: AnyUser) -> QuerySet[Agency]:
    """For whom the person may publish: the own agency; home affairs for every one."""
    if _is(user, Role.HOME_AFFAIRS):
        return Agency.objects.all()
    own = user.agency_id if isinstance(user, User) and user.role in AGENCY_ROLES else None
    return Agency.objects.filter(pk=own or 0)


def may_publish_guidance(user: AnyUser, agency: Agency | None = None) -> bool:
    if not isinstance(user, User) or user.role not in AGENCY_ROLES:
        return False
    return agency is None or user.role == Role.HOME_AFFAIRS or user.agency_id == agency.pk


# ---- Models and self-management groups ----


def may_see_models(user: AnyUser) -> bool:
    return _inside(user)


def visible_models(user: AnyUser) -> QuerySet[CommunityModel]:
    """Those of visible units; exemplary ones are there for everybody to learn from."""
    if not _inside(user):
        return CommunityModel.objects.none()
    return CommunityModel.objects.filter(
        Q(unit__in=visible_units(user).values("pk")) | Q(exemplary_since__isnull=False)
    )


def may_keep_models(user: AnyUser, unit: Unit | None = None) -> bool:
    """The ward's officer and the unit's head keep the unit's models."""
    if not isinstance(user, User):
        return False
    if user.role == Role.WARD_OFFICER:
        return unit is None or unit.ward_id == user.ward_id
    return user.role == Role.UNIT_HEAD and (unit is None or unit.pk == user.unit_id)


def may_choose_exemplary(user: AnyUser) -> bool:
    return _is(user, Role.HOME_AFFAIRS)


# ---- Helping agencies ----


def may_see_helping(user: AnyUser) -> bool:
    return _is(user, *WARD_ROLES, Role.UNIT_HEAD, *AGENCY_ROLES, *CITY_WIDE)


def visible_helping(user: AnyUser) -> QuerySet[Helping]:
    """Who helps whom: all of it for city and agencies, the own place for wards and units."""
    if not isinstance(user, User) or not may_see_helping(user):
        return Helping.objects.none()
    if user.role in WARD_ROLES or user.role == Role.UNIT_HEAD:
        return Helping.objects.filter(unit__in=visible_units(user).values("pk"))
    return Helping.objects.all()


def may_assign_helping(user: AnyUser) -> bool:
    return _is(user, Role.HOME_AFFAIRS)


def may_record_help(user: AnyUser, helping: Helping) -> bool:
    """The helping agency's own people, and home affairs for whoever cannot."""
    if not isinstance(user, User) or user.role not in AGENCY_ROLES:
        return False
    return user.role == Role.HOME_AFFAIRS or user.agency_id == helping.agency_id


# ---- Half-year and yearly reports ----


def may_see_year_reports(user: AnyUser) -> bool:
    return _is(user, *WARD_ROLES, *AGENCY_ROLES, *CITY_WIDE)


def visible_year_reports(user: AnyUser) -> QuerySet[YearReport]:
    """The own office's; the city reads what was sent; the city's own once it is issued."""
    if not isinstance(user, User) or not may_see_year_reports(user):
        return YearReport.objects.none()
    sent = ~Q(state__in=_OWN_DESK)
    city = Q(ward__isnull=True, agency__isnull=True)
    if user.role == Role.HOME_AFFAIRS:
        return YearReport.objects.filter(sent | city | Q(agency=user.agency_id))
    if user.role in CITY_WIDE:
        return YearReport.objects.filter(sent)
    own = Q(ward=user.ward_id) if user.role in WARD_ROLES else Q(agency=user.agency_id)
    return YearReport.objects.filter(own | (city & sent))


def may_write_year_report(user: AnyUser, ward_id: int | None, agency_id: int | None) -> bool:
    """The ward's people for the ward, the agency's for the agency, home affairs for the city's own."""
    if not isinstance(user, User):
        return False
    if ward_id is not None:
        return user.role in WARD_ROLES and user.ward_id == ward_id
    if agency_id is not None:
        return user.role in AGENCY_ROLES and user.agency_id == agency_id
    return user.role == Role.HOME_AFFAIRS


def may_send_year_report(user: AnyUser, ward_id: int | None, agency_id: int | None) -> bool:
    """As writing; but what leaves a ward its leader sends."""
    if ward_id is not None:
        return _is(user, Role.WARD_LEADER) and may_write_year_report(user, ward_id, None)
    return may_write_year_report(user, None, agency_id)


# ---- Commendation ----


def may_see_commendations(user: AnyUser) -> bool:
    return _is(user, *WARD_ROLES, *AGENCY_ROLES, *CITY_WIDE)


def visible_commendations(user: AnyUser) -> QuerySet[Commendation]:
    """The own office's proposals; what was sent, for the city; what was awarded, for everybody who sees any."""
    if not isinstance(user, User) or not may_see_commendations(user):
        return Commendation.objects.none()
    sent = ~Q(state=Commendation.State.DRAFT)
    own_by_city = Q(ward__isnull=True, agency__isnull=True)
    if user.role == Role.HOME_AFFAIRS:
        return Commendation.objects.filter(sent | own_by_city)
    if user.role in CITY_WIDE:
        return Commendation.objects.filter(sent)
    own = Q(ward=user.ward_id) if user.role in WARD_ROLES else Q(agency=user.agency_id)
    return Commendation.objects.filter(own | Q(state=Commendation.State.AWARDED))


def may_propose_commendation(user: AnyUser) -> bool:
    """Wards and agencies propose; home affairs may itself."""
    return _is(user, *WARD_ROLES, *AGENCY_ROLES)


def may_decide_commendation(user: AnyUser) -> bool:
    """Home affairs checks the proposals and records the decision."""
    return _is(user, Role.HOME_AFFAIRS)


def may_confirm_commendation(user: AnyUser) -> bool:
    return _is(user, Role.CITY_LEADER)


def visible_commendation_decisions(user: AnyUser) -> QuerySet[CommendationDecision]:
    if not may_see_commendations(user):
        return CommendationDecision.objects.none()
    if may_decide_commendation(user) or may_confirm_commendation(user):
        return CommendationDecision.objects.all()
    return CommendationDecision.objects.filter(confirmed_at__isnull=False)


# ---- Who owes what; looking back and ahead ----


def may_see_duties(user: AnyUser) -> bool:
    """Cities see every office's duties, a ward or an agency its own."""
    return _is(user, *WARD_ROLES, *AGENCY_ROLES, *CITY_WIDE)


def may_remind(user: AnyUser) -> bool:
    """Home affairs writes reminder letters."""
    return _is(user, Role.HOME_AFFAIRS)


def may_look_back(user: AnyUser) -> bool:
    """Results over the years: a ward its own, agencies and the city all of them."""
    return _is(user, *WARD_ROLES, *AGENCY_ROLES, *CITY_WIDE)
