"""The road of an assessment as one table. Pure: no Django, no database.

Read a row as: who may do what in which state, where it leads, and what must be true before.
Source: rules of the domain, section 4.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    COUNCIL = "council"
    SUBMITTED = "submitted"
    APPRAISAL = "appraisal"
    CONCLUDED = "concluded"
    PROPOSED = "proposed"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"


STATE_LABELS: dict[State, str] = {
    State.DRAFT: "Đang tự đánh giá",
    State.COUNCIL: "Chờ hội đồng xã, phường",
    State.SUBMITTED: "Đã gửi thành phố",
    State.APPRAISAL: "Đang thẩm định",
    State.CONCLUDED: "Đã kết luận thẩm định",
    State.PROPOSED: "Đã trình UBND thành phố",
    State.RECOGNISED: "Đã công nhận",
    State.NOT_RECOGNISED: "Không công nhận",
}

# Road order: how far an assessment has come, for bars and sorting.
ROAD = tuple(State)
FINAL = frozenset({State.RECOGNISED, State.NOT_RECOGNISED})


class Action(StrEnum):
    HAND_OVER = "hand_over"
    HAND_BACK = "hand_back"
    SEND_TO_COUNCIL = "send_to_council"
    APPROVE = "approve"
    SUBMIT = "submit"
    COUNCIL_RETURN = "council_return"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    RETURN = "return"
    CONCLUDE = "conclude"
    PROPOSE = "propose"
    RECORD_DECISION = "record_decision"
    RECOGNISE = "recognise"
    REFUSE = "refuse"


ACTION_LABELS: dict[Action, str] = {
    Action.HAND_OVER: "Chuyển cán bộ xã, phường",
    Action.HAND_BACK: "Trả lại tổ trưởng, trưởng bản",
    Action.SEND_TO_COUNCIL: "Gửi hội đồng",
    Action.APPROVE: "Hội đồng thông qua",
    Action.SUBMIT: "Gửi thành phố",
    Action.COUNCIL_RETURN: "Trả lại cán bộ",
    Action.WITHDRAW: "Rút hồ sơ",
    Action.ACCEPT: "Tiếp nhận",
    Action.RETURN: "Trả lại xã, phường",
    Action.CONCLUDE: "Kết luận thẩm định",
    Action.PROPOSE: "Trình UBND thành phố",
    Action.RECORD_DECISION: "Ghi quyết định",
    Action.RECOGNISE: "Xác nhận công nhận",
    Action.REFUSE: "Xác nhận không công nhận",
}


class Role(StrEnum):
    """The roles that act here; values equal accounts.models.Role."""

    UNIT_HEAD = "unit_head"
    WARD_OFFICER = "ward_officer"
    WARD_LEADER = "ward_leader"
    HOME_AFFAIRS = "home_affairs"
    CITY_LEADER = "city_leader"


ROLE_LABELS: dict[Role, str] = {
    Role.UNIT_HEAD: "Tổ trưởng, trưởng bản",
    Role.WARD_OFFICER: "Cán bộ xã, phường",
    Role.WARD_LEADER: "Lãnh đạo xã, phường",
    Role.HOME_AFFAIRS: "Phòng Nội vụ",
    Role.CITY_LEADER: "Lãnh đạo thành phố",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the guards look at. The deed fills in what it knows at the moment of acting."""

    handed_over: bool = False  # the unit's head has left the draft to the ward's officer
    unassessed: int = 0  # entries without a verdict in the self layer
    council_approved: bool = False  # an approval of the ward's council stands
    without_effective: int = 0  # entries without an effective verdict
    qualifies: bool = False  # by the effective verdicts
    reason: str = ""
    new_due: date | None = None
    today: date = date.max  # a deed that forgets it makes every due date past
    votes_for: int | None = None
    present: int | None = None
    members: int | None = None
    decision_number: str = ""
    decision_date: date | None = None
    decision_recorded: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    state: State


@dataclass(frozen=True, slots=True)
class Refused:
    """Why not, as a sentence for the screen."""

    reason: str


Guard = Callable[[Facts], str]  # the objection, or ""


def everything_assessed(facts: Facts) -> str:
    if facts.unassessed:
        return f"Chưa gửi được vì còn {facts.unassessed} mục chưa đánh giá. Xem các mục còn thiếu."
    return ""


def not_handed_over(facts: Facts) -> str:
    return "Tổ trưởng, trưởng bản đã chuyển hồ sơ này cho cán bộ xã, phường." if facts.handed_over else ""


def was_handed_over(facts: Facts) -> str:
    return "" if facts.handed_over else "Hồ sơ này đang ở tổ dân phố, bản, chưa được chuyển cho cán bộ."


def not_approved(facts: Facts) -> str:
    return "Hội đồng đã thông qua hồ sơ này." if facts.council_approved else ""


def approved(facts: Facts) -> str:
    return (
        "" if facts.council_approved else "Chưa gửi được vì hội đồng xã, phường chưa thông qua. Ghi biên bản họp trước."
    )


def minutes_recorded(facts: Facts) -> str:
    if facts.votes_for is None or facts.present is None or facts.members is None:
        return "Chưa có biên bản họp hội đồng: nhập tổng số thành viên, số có mặt và số phiếu tán thành."
    if not facts.votes_for <= facts.present <= facts.members:
        return "Số phiếu tán thành không được lớn hơn số có mặt, số có mặt không được lớn hơn tổng số thành viên."
    if facts.present * 2 <= facts.members:
        return "Cuộc họp chưa đủ quá nửa số thành viên hội đồng có mặt nên chưa thông qua được."
    if facts.votes_for * 2 <= facts.present:
        return "Số phiếu tán thành chưa quá nửa số có mặt nên chưa thông qua được. Có thể trả lại cán bộ kèm lý do."
    return ""


def has_reason(facts: Facts) -> str:
    return "" if facts.reason.strip() else "Cần ghi rõ lý do."


def has_new_due(facts: Facts) -> str:
    if facts.new_due is None:
        return "Cần đặt hạn nộp lại."
    if facts.new_due <= facts.today:
        return "Hạn nộp lại phải sau ngày hôm nay."
    return ""


def every_effective_verdict(facts: Facts) -> str:
    if facts.without_effective:
        return f"Chưa kết luận được vì còn {facts.without_effective} mục chưa có kết quả thẩm định."
    return ""


def decision_numbered(facts: Facts) -> str:
    if not facts.decision_number.strip() or facts.decision_date is None:
        return "Quyết định cần có số và ngày ban hành."
    return ""


def decision_ready(facts: Facts) -> str:
    return "" if facts.decision_recorded else "Cơ quan nội vụ chưa ghi số và ngày của quyết định."


def does_qualify(facts: Facts) -> str:
    return "" if facts.qualifies else "Kết quả thẩm định chưa đủ điều kiện công nhận."


def does_not_qualify(facts: Facts) -> str:
    return "Kết quả thẩm định đủ điều kiện công nhận." if facts.qualifies else ""


@dataclass(frozen=True, slots=True)
class Rule:
    state: State
    action: Action
    role: Role
    target: State
    guards: tuple[Guard, ...] = field(default=())


RULES: tuple[Rule, ...] = (
    Rule(State.DRAFT, Action.HAND_OVER, Role.UNIT_HEAD, State.DRAFT, (not_handed_over,)),
    Rule(State.DRAFT, Action.HAND_BACK, Role.WARD_OFFICER, State.DRAFT, (was_handed_over, has_reason)),
    Rule(State.DRAFT, Action.SEND_TO_COUNCIL, Role.WARD_OFFICER, State.COUNCIL, (everything_assessed,)),
    Rule(
        State.COUNCIL,
        Action.APPROVE,
        Role.WARD_LEADER,
        State.COUNCIL,
        (not_approved, everything_assessed, minutes_recorded),
    ),
    Rule(State.COUNCIL, Action.SUBMIT, Role.WARD_LEADER, State.SUBMITTED, (everything_assessed, approved)),
    Rule(State.COUNCIL, Action.COUNCIL_RETURN, Role.WARD_LEADER, State.DRAFT, (has_reason,)),
    Rule(State.SUBMITTED, Action.WITHDRAW, Role.WARD_LEADER, State.COUNCIL),
    Rule(State.SUBMITTED, Action.ACCEPT, Role.HOME_AFFAIRS, State.APPRAISAL),
    Rule(State.SUBMITTED, Action.RETURN, Role.HOME_AFFAIRS, State.DRAFT, (has_reason, has_new_due)),
    Rule(State.APPRAISAL, Action.CONCLUDE, Role.HOME_AFFAIRS, State.CONCLUDED, (every_effective_verdict,)),
    Rule(State.APPRAISAL, Action.RETURN, Role.HOME_AFFAIRS, State.DRAFT, (has_reason, has_new_due)),
    Rule(State.CONCLUDED, Action.PROPOSE, Role.HOME_AFFAIRS, State.PROPOSED, (every_effective_verdict,)),
    Rule(State.CONCLUDED, Action.RETURN, Role.HOME_AFFAIRS, State.DRAFT, (has_reason, has_new_due)),
    Rule(State.PROPOSED, Action.RECORD_DECISION, Role.HOME_AFFAIRS, State.PROPOSED, (decision_numbered,)),
    Rule(State.PROPOSED, Action.RECOGNISE, Role.CITY_LEADER, State.RECOGNISED, (decision_ready, does_qualify)),
    Rule(
        State.PROPOSED,
        Action.REFUSE,
        Role.CITY_LEADER,
        State.NOT_RECOGNISED,
        (decision_ready, does_not_qualify),
    ),
)
_BY_STEP = {(rule.state, rule.action): rule for rule in RULES}


def decide(state: State, action: Action, role: str, facts: Facts) -> Allowed | Refused:
    """Whether this role may take this action now; a refusal carries its reason in words for the screen."""
    rule = _BY_STEP.get((state, action))
    if rule is None:
        return Refused(
            f"Không thể “{ACTION_LABELS[action]}” khi hồ sơ ở trạng thái “{STATE_LABELS[state]}”. "
            "Có thể người khác vừa xử lý; tải lại trang để xem tình trạng mới."
        )
    if rule.role != role:
        return Refused(f"Vai trò của bạn không được thực hiện “{ACTION_LABELS[action]}”.")
    for guard in rule.guards:
        objection = guard(facts)
        if objection:
            return Refused(objection)
    return Allowed(rule.target)


def actions(state: State, role: str) -> tuple[Action, ...]:
    """What this role could do in this state, guards aside: which buttons to show."""
    return tuple(rule.action for rule in RULES if rule.state == state and rule.role == role)
