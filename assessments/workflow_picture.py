"""The road as a picture and a table, made from workflow.RULES alone. Pure: positions and words, no HTML.

The states stand one below the other in road order, the ends side by side at the foot. A step down is a
straight arrow, a step back an arc on the left, a step that stays a loop on the right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments import workflow
from assessments.workflow import ACTION_LABELS, FINAL, ROAD, ROLE_LABELS, RULES, STATE_LABELS, Guard, Role, Rule, State

WIDTH = 900
BOX_WIDTH, BOX_HEIGHT = 280, 76
LEFT = 300  # where the boxes begin; arcs and their labels stand before it
GAP = 84
TOP = 16
LANE = 24  # between two arcs
LABEL_ROOM = 196  # for the words on an arc, before the first lane
BADGE_WIDTH = 34

# Who acts: a short sign, so that colour is not needed to tell them apart.
BADGES: dict[Role, str] = {
    Role.UNIT_HEAD: "TT",
    Role.WARD_OFFICER: "CB",
    Role.WARD_LEADER: "LĐX",
    Role.HOME_AFFAIRS: "NV",
    Role.CITY_LEADER: "LĐT",
}

# When a guard lets a step through, in words. Every guard of the table stands here (a test says so).
GUARD_WORDS: dict[Guard, str] = {
    workflow.everything_assessed: "mọi mục đã được tự đánh giá",
    workflow.not_handed_over: "hồ sơ chưa được chuyển cho cán bộ",
    workflow.was_handed_over: "tổ trưởng, trưởng bản đã chuyển hồ sơ cho cán bộ",
    workflow.not_approved: "hội đồng chưa thông qua hồ sơ này",
    workflow.approved: "hội đồng đã thông qua",
    workflow.minutes_recorded: "biên bản có quá nửa thành viên có mặt, quá nửa số có mặt tán thành",
    workflow.has_reason: "ghi rõ lý do",
    workflow.has_new_due: "đặt hạn nộp lại sau ngày hôm nay",
    workflow.every_effective_verdict: "mọi mục đã có kết quả thẩm định",
    workflow.decision_numbered: "quyết định có số và ngày ban hành",
    workflow.decision_ready: "cơ quan nội vụ đã ghi quyết định",
    workflow.does_qualify: "kết quả thẩm định đủ điều kiện",
    workflow.does_not_qualify: "kết quả thẩm định chưa đủ điều kiện",
}


@dataclass(frozen=True, slots=True)
class Box:
    """A state in its place."""

    state: State
    label: str
    x: int
    y: int
    final: bool
    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def text_y(self) -> int:
        return self.y + self.height // 2 + 5

    @property
    def foot(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Arrow:
    """An action: its line, and where its badge and its words stand."""

    rule: Rule
    label: str
    role: str
    badge: str
    path: str
    badge_x: int
    text_x: int
    text_y: int
    anchor: str  # "start" or "end"
    back: bool

    @property
    def badge_y(self) -> int:
        return self.text_y - 15

    @property
    def badge_middle(self) -> int:
        return self.badge_x + BADGE_WIDTH // 2


@dataclass(frozen=True, slots=True)
class Step:
    """A rule as a row of the table."""

    state: str
    action: str
    who: str
    badge: str
    role: str
    when: str
    target: str
    back: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing: how large, and what stands where."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    actors: tuple[tuple[str, str, str], ...]  # role, badge, name


def draw(rules: Sequence[Rule] = RULES) -> Picture:
    """The picture of these rules; every rule becomes one arrow."""
    boxes = _boxes()
    arrows = [*_downs(rules, boxes), *_backs(rules, boxes), *_loops(rules, boxes)]
    roles = {rule.role for rule in rules}
    actors = tuple((role.value, BADGES[role], ROLE_LABELS[role]) for role in Role if role in roles)
    height = max(box.foot for box in boxes.values()) + TOP
    return Picture(WIDTH, height, tuple(boxes.values()), tuple(arrows), actors)


def steps(rules: Sequence[Rule] = RULES) -> list[Step]:
    """The same rules as rows, in road order."""
    ordered = sorted(rules, key=lambda rule: ROAD.index(rule.state))
    return [
        Step(
            state=STATE_LABELS[rule.state],
            action=ACTION_LABELS[rule.action],
            who=ROLE_LABELS[rule.role],
            badge=BADGES[rule.role],
            role=rule.role.value,
            when=condition(rule),
            target=STATE_LABELS[rule.target],
            back=_row(rule.target) < _row(rule.state),
        )
        for rule in ordered
    ]


def condition(rule: Rule) -> str:
    """When the step may be taken, as one sentence."""
    words = "; ".join(GUARD_WORDS.get(guard, guard.__name__) for guard in rule.guards)
    return f"{words[:1].upper()}{words[1:]}." if words else "Bất cứ lúc nào ở trạng thái này."


def description(rules: Sequence[Rule] = RULES) -> str:
    """The road in one sentence for those who do not see the picture."""
    road = ", ".join(STATE_LABELS[state] for state in ROAD if state not in FINAL)
    ends = " hoặc ".join(STATE_LABELS[state] for state in ROAD if state in FINAL)
    return f"Hồ sơ đi qua các trạng thái: {road}, rồi {ends}. Có {len(rules)} bước, liệt kê trong bảng bên dưới."


def _row(state: State) -> int:
    """The row a state stands in; all ends share the last one."""
    return min(ROAD.index(state), min(ROAD.index(end) for end in FINAL))


def _boxes() -> dict[State, Box]:
    boxes: dict[State, Box] = {}
    ends = [state for state in ROAD if state in FINAL]
    for state in ROAD:
        x = LEFT
        if state in FINAL:
            x += (2 * ends.index(state) - 1) * (BOX_WIDTH // 2 + 24)
        y = TOP + _row(state) * (BOX_HEIGHT + GAP)
        boxes[state] = Box(state, STATE_LABELS[state], x, y, state in FINAL)
    return boxes


def _arrow(rule: Rule, path: str, badge_x: int, text_y: int, anchor: str = "start", back: bool = False) -> Arrow:
    text_x = badge_x + BADGE_WIDTH + 6 if anchor == "start" else badge_x - 6
    return Arrow(
        rule,
        ACTION_LABELS[rule.action],
        rule.role.value,
        BADGES[rule.role],
        path,
        badge_x,
        text_x,
        text_y,
        anchor,
        back,
    )


def _downs(rules: Iterable[Rule], boxes: dict[State, Box]) -> list[Arrow]:
    """Arrows to a later row; several between the same two states stand side by side."""
    arrows = []
    drawn: dict[tuple[State, State], int] = {}
    for rule in rules:
        if _row(rule.target) <= _row(rule.state):
            continue
        number = drawn[rule.state, rule.target] = drawn.get((rule.state, rule.target), -1) + 1
        start, end = boxes[rule.state], boxes[rule.target]
        x = start.middle + number * 20
        label_y = start.foot + 32 + number * 22
        badge_x = x + 12
        if rule.target in FINAL:  # the road forks: down, aside, down
            x = start.middle + (end.middle - start.middle) // 4
            path = f"M{x} {start.foot} V{start.foot + GAP // 2 - 8} H{end.middle} V{end.y - 8}"
            left = end.middle < start.middle
            badge_x = end.middle - BADGE_WIDTH - 12 if left else end.middle + 12
            arrows.append(_arrow(rule, path, badge_x, start.foot + GAP - 20, "end" if left else "start"))
            continue
        arrows.append(_arrow(rule, f"M{x} {start.foot} V{end.y - 8}", badge_x, label_y))
    return arrows


def _backs(rules: Iterable[Rule], boxes: dict[State, Box]) -> list[Arrow]:
    """Arcs on the left. Long ones run outside of short ones; on a box those that leave stand above those that come."""
    back = [rule for rule in rules if _row(rule.target) < _row(rule.state)]
    back.sort(key=lambda rule: (_row(rule.state) - _row(rule.target), _row(rule.state)))
    lanes: dict[tuple[State, State, str], int] = {}
    taken: list[list[tuple[int, int]]] = []
    for rule in back:
        low, high = _row(rule.target), _row(rule.state)
        free = (n for n, spans in enumerate(taken) if all(high <= a or b <= low for a, b in spans))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((low, high))
        lanes[rule.state, rule.target, rule.action] = lane
    arrows = []
    for rule in back:
        lane = lanes[rule.state, rule.target, rule.action]
        start, end = boxes[rule.state], boxes[rule.target]
        x = LEFT - LABEL_ROOM - lane * LANE
        leaving = [other for other in back if other.state == rule.state]
        coming = [other for other in reversed(back) if other.target == rule.target]
        y = start.y + 28 + 30 * leaving.index(rule)
        arriving = end.foot - 8 - 12 * (len(coming) - 1 - coming.index(rule))
        corners = f"Q{x} {y} {x} {y - 8} V{arriving + 8} Q{x} {arriving} {x + 8} {arriving}"
        path = f"M{start.x} {y} H{x + 8} {corners} H{end.x - 8}"
        arrows.append(_arrow(rule, path, start.x - BADGE_WIDTH - 8, y - 9, "end", back=True))
    return arrows


def _loops(rules: Iterable[Rule], boxes: dict[State, Box]) -> list[Arrow]:
    """Steps that leave the state as it is: small loops on the right."""
    arrows = []
    drawn: dict[State, int] = {}
    for rule in rules:
        if rule.target != rule.state:
            continue
        number = drawn[rule.state] = drawn.get(rule.state, -1) + 1
        box = boxes[rule.state]
        x, y = box.x + box.width, box.y + 14 + 34 * number
        path = f"M{x} {y} H{x + 26} Q{x + 36} {y} {x + 36} {y + 8} T{x + 26} {y + 16} H{x + 8}"
        arrows.append(_arrow(rule, path, x + 46, y + 13))
    return arrows
