"""Who may have which papers, beyond seeing what they are of."""

from accounts.models import AGENCY_ROLES, WARD_ROLES, Role, User
from assessments.permissions.roles import CITY_WIDE, DELEGATION_ROLES, AnyUser


def may_print(user: AnyUser) -> bool:
    """Whoever sees a thing prints its papers; accounts are no papers."""
    return isinstance(user, User) and user.role != Role.ADMINISTRATOR


def may_print_for_ward(user: AnyUser) -> bool:
    """Papers that a ward sends to the city: its own people, and the city that receives them."""
    return isinstance(user, User) and user.role in (*WARD_ROLES, *CITY_WIDE)


def may_print_for_agency(user: AnyUser) -> bool:
    """Sheets and reports of agencies: their own officers, and the city that receives them."""
    return isinstance(user, User) and user.role in (Role.AGENCY_OFFICER, *CITY_WIDE)


def may_print_agency_proposal(user: AnyUser) -> bool:
    """An agency's proposals for commendation: its own people, and the city that receives them."""
    return isinstance(user, User) and user.role in (Role.AGENCY_OFFICER, Role.FINANCE_PLANNING, *CITY_WIDE)


def may_draft_decisions(user: AnyUser) -> bool:
    """Submission, draft decision and notices are home affairs' papers; the leader who signs reads them."""
    return isinstance(user, User) and user.role in (Role.HOME_AFFAIRS, Role.CITY_LEADER)


def may_print_analysis(user: AnyUser) -> bool:
    """The analysis of the whole city: agencies and the city; a ward has its own."""
    return isinstance(user, User) and user.role in (*AGENCY_ROLES, *CITY_WIDE)


def may_print_many(user: AnyUser) -> bool:
    """Whether the person orders many papers at once: wards their own, delegations theirs, the city all."""
    return isinstance(user, User) and user.role in (*WARD_ROLES, *CITY_WIDE, *DELEGATION_ROLES)


def may_keep_offices(user: AnyUser) -> bool:
    """Whether the person keeps signers and names of offices: home affairs for all."""
    return isinstance(user, User) and user.role == Role.HOME_AFFAIRS


def may_keep_own_signers(user: AnyUser) -> bool:
    """Whether the person keeps who signs for the own ward."""
    return isinstance(user, User) and user.role in WARD_ROLES
