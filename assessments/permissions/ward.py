"""What a ward's people and the heads of its units may do."""

from accounts.models import WARD_ROLES, Role, User
from assessments.models import CouncilMeeting, Submission
from assessments.permissions.roles import CITY_WIDE, AnyUser
from localities.models import Unit, Ward


def may_register(user: AnyUser, ward: Ward | None = None) -> bool:
    """Whether the person enters units and registers them, in this ward or anywhere."""
    return isinstance(user, User) and user.role == Role.WARD_OFFICER and (ward is None or ward.pk == user.ward_id)


def may_edit_unit_year(user: AnyUser, unit: Unit) -> bool:
    """Whether the person keeps this unit's yearly figures; the deed also looks at the assessment's state."""
    if not isinstance(user, User):
        return False
    return (user.role == Role.WARD_OFFICER and unit.ward_id == user.ward_id) or (
        user.role == Role.UNIT_HEAD and unit.pk == user.unit_id
    )


def may_keep_council(user: AnyUser, ward: Ward | None = None) -> bool:
    """Whether the person keeps the council's list and prepares its meetings: officer and leader of the ward."""
    return isinstance(user, User) and user.role in WARD_ROLES and (ward is None or ward.pk == user.ward_id)


def may_conclude_meeting(user: AnyUser, meeting: CouncilMeeting) -> bool:
    """Concluding decides on the units, so the ward's leader does it."""
    return isinstance(user, User) and user.role == Role.WARD_LEADER and meeting.ward_id == user.ward_id


def may_see_submissions(user: AnyUser) -> bool:
    """Whether the person reads what is ready to be sent and the receipts: the ward's people and the city."""
    return isinstance(user, User) and (user.role in WARD_ROLES or user.role in CITY_WIDE)


def may_see_meetings(user: AnyUser) -> bool:
    """Whether the person reads councils' minutes; which ones, visible_meetings says."""
    return isinstance(user, User) and (user.role in WARD_ROLES or user.role in CITY_WIDE)


def may_submit(user: AnyUser) -> bool:
    """Whether the person sends the ward's dossiers to the city."""
    return isinstance(user, User) and user.role == Role.WARD_LEADER


def may_attach_to_submission(user: AnyUser, submission: Submission) -> bool:
    """The ward's officer and leader add the signed paper with which its dossiers went to the city."""
    return isinstance(user, User) and user.role in WARD_ROLES and submission.ward_id == user.ward_id
