"""Groups of roles that several rights share."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from assessments import workflow
from assessments.workflow import State

# Everything but accounts, and reading all.
CITY_WIDE = (Role.HOME_AFFAIRS, Role.CITY_LEADER)
SEEN_BY_APPRAISERS = [s.value for s in workflow.ROAD if s not in (State.DRAFT, State.COUNCIL)]
# Whoever has one of these roles may be named with an account in a delegation.
DELEGATION_ROLES = (Role.DELEGATION_MEMBER, Role.AGENCY_OFFICER, Role.HOME_AFFAIRS)

AnyUser = User | AnonymousUser
