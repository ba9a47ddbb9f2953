"""The road of an assessment against a table written down by hand from section 4 of the domain's rules."""

from dataclasses import fields, replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.workflow import (
    ACTION_LABELS,
    FINAL,
    ROAD,
    RULES,
    STATE_LABELS,
    Action,
    Allowed,
    Facts,
    Refused,
    Role,
    State,
    actions,
    decide,
)

# Everybody who has an account, the roles that never act here, and nobody.
EVERYBODY = (
    "ward_officer", "ward_leader", "unit_head", "agency_officer", "delegation_member", "home_affairs",
    "city_leader", "finance_planning", "administrator", "", "WARD_OFFICER", "stranger",
)  # fmt: skip

# state -> (action, who, where to). Nothing else is possible.
EXPECTED: dict[str, set[tuple[str, str, str]]] = {
    "draft": {
        ("hand_over", "unit_head", "draft"),
        ("hand_back", "ward_officer", "draft"),
        ("send_to_council", "ward_officer", "council"),
    },
    "council": {
        ("approve", "ward_leader", "council"),
        ("submit", "ward_leader", "submitted"),
        ("council_return", "ward_leader", "draft"),
    },
    "submitted": {
        ("withdraw", "ward_leader", "council"),
        ("accept", "home_affairs", "appraisal"),
        ("return", "home_affairs", "draft"),
    },
    "appraisal": {
        ("conclude", "home_affairs", "concluded"),
        ("return", "home_affairs", "draft"),
    },
    "concluded": {
        ("propose", "home_affairs", "proposed"),
        ("return", "home_affairs", "draft"),
    },
    "proposed": {
        ("record_decision", "home_affairs", "proposed"),
        ("recognise", "city_leader", "recognised"),
        ("refuse", "city_leader", "not_recognised"),
    },
    "recognised": set(),
    "not_recognised": set(),
}
TODAY = date(2025, 10, 14)
TOMORROW = date(2025, 10, 15)
READY = Facts(
    handed_over=False,
    council_approved=False,
    unassessed=0,
    without_effective=0,
    qualifies=True,
    reason="Thiếu minh chứng tiêu chí 2.4",
    new_due=TOMORROW,
    today=TODAY,
    votes_for=5,
    present=7,
    members=9,
    decision_number="1234/QĐ-UBND",
    decision_date=TODAY,
    decision_recorded=True,
)


def ready(action: Action) -> Facts:
    """Facts to which no guard of this action objects."""
    return replace(
        READY,
        qualifies=action is not Action.REFUSE,
        handed_over=action is Action.HAND_BACK,
        council_approved=action is Action.SUBMIT,
    )


def refusal(state: State, action: Action, role: str, facts: Facts) -> str:
    answer = decide(state, action, role, facts)
    assert isinstance(answer, Refused), answer
    return answer.reason


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("state", State)
def test_the_whole_table(state: State, action: Action, role: str) -> None:
    """Every state x action x role: allowed to the one target written down, or refused in words."""
    targets = [target for step, who, target in EXPECTED[state] if (step, who) == (action, role)]
    answer = decide(state, action, role, ready(action))
    if targets:
        assert answer == Allowed(State(targets[0]))
    else:
        assert isinstance(answer, Refused) and answer.reason.endswith(".")


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("state", State)
def test_the_buttons_shown_are_what_could_be_done(state: State, role: str) -> None:
    possible = {a for a in Action if isinstance(decide(state, a, role, ready(a)), Allowed)}
    shown = actions(state, role)
    assert set(shown) == possible
    assert len(shown) == len(set(shown))
    assert set(shown) == {Action(step) for step, who, _ in EXPECTED[state] if who == role}


def test_every_state_action_and_role_is_known_by_its_stored_value() -> None:
    assert {s.value for s in State} == set(EXPECTED)
    assert {a.value for a in Action} == {step for steps in EXPECTED.values() for step, _, _ in steps}
    assert {r.value for r in Role} == {who for steps in EXPECTED.values() for _, who, _ in steps}


def test_no_step_has_two_rules() -> None:
    assert len(RULES) == len({(rule.state, rule.action) for rule in RULES}) == 16


def test_labels_as_printed() -> None:
    assert STATE_LABELS == {
        "draft": "Đang tự đánh giá",
        "council": "Chờ hội đồng xã, phường",
        "submitted": "Đã gửi thành phố",
        "appraisal": "Đang thẩm định",
        "concluded": "Đã kết luận thẩm định",
        "proposed": "Đã trình UBND thành phố",
        "recognised": "Đã công nhận",
        "not_recognised": "Không công nhận",
    }
    assert set(ACTION_LABELS) == set(Action)
    assert len(set(ACTION_LABELS.values())) == len(Action)
    assert list(ROAD) == list(EXPECTED)
    assert {"recognised", "not_recognised"} == FINAL


any_number = st.one_of(st.none(), st.integers(0, 12))
any_facts = st.builds(
    Facts,
    handed_over=st.booleans(),
    council_approved=st.booleans(),
    unassessed=st.integers(0, 3),
    without_effective=st.integers(0, 3),
    qualifies=st.booleans(),
    reason=st.sampled_from(["", "  ", "lý do"]),
    new_due=st.one_of(st.none(), st.dates()),
    today=st.dates(),
    votes_for=any_number,
    present=any_number,
    members=any_number,
    decision_number=st.sampled_from(["", " ", "1/QĐ"]),
    decision_date=st.one_of(st.none(), st.dates()),
    decision_recorded=st.booleans(),
)


@settings(max_examples=100, derandomize=True, database=None, deadline=None)
@given(any_facts, st.sampled_from(EVERYBODY))
def test_no_facts_open_a_way_that_the_table_lacks(facts: Facts, role: str) -> None:
    """Final states have no way out at all; elsewhere facts only choose among the steps written down."""
    for state, action in product(State, Action):
        answer = decide(state, action, role, facts)
        if isinstance(answer, Allowed):
            assert (action, role, answer.state) in EXPECTED[state]
            assert state not in FINAL


def test_every_state_is_on_a_road_from_draft_to_an_end() -> None:
    def reached(start: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        seen |= {start}
        for _, _, target in EXPECTED[start]:
            if target not in seen:
                seen |= reached(target, seen)
        return seen

    assert reached("draft") == set(EXPECTED)
    for state in set(EXPECTED) - FINAL:
        assert reached(state) >= FINAL


class TestRefusalsSayWhy:
    @pytest.mark.parametrize("role", EVERYBODY)
    def test_a_step_that_is_not_there_names_action_and_state(self, role: str) -> None:
        for state, action in product(State, Action):
            if action in {step for step, _, _ in EXPECTED[state]}:
                continue
            assert refusal(state, action, role, ready(action)) == (
                f"Không thể “{ACTION_LABELS[action]}” khi hồ sơ ở trạng thái “{STATE_LABELS[state]}”. "
                "Có thể người khác vừa xử lý; tải lại trang để xem tình trạng mới."
            )

    def test_in_full_once(self) -> None:
        assert refusal(State.DRAFT, Action.WITHDRAW, "ward_leader", READY) == (
            "Không thể “Rút hồ sơ” khi hồ sơ ở trạng thái “Đang tự đánh giá”. "
            "Có thể người khác vừa xử lý; tải lại trang để xem tình trạng mới."
        )

    @pytest.mark.parametrize("role", EVERYBODY)
    def test_the_wrong_role_is_told_the_action_before_any_guard_speaks(self, role: str) -> None:
        for state, steps in EXPECTED.items():
            for step, who, _ in steps:
                if who != role:
                    reason = refusal(State(state), Action(step), role, Facts(unassessed=1, without_effective=1))
                    assert reason == f"Vai trò của bạn không được thực hiện “{ACTION_LABELS[Action(step)]}”."


# What the guards of each step need; a step without an entry needs nothing.
NEEDS_REASON = "Cần ghi rõ lý do."
NEEDS_DUE = "Cần đặt hạn nộp lại."
LATE_DUE = "Hạn nộp lại phải sau ngày hôm nay."
HANDED_OVER = "Tổ trưởng, trưởng bản đã chuyển hồ sơ này cho cán bộ xã, phường."
NOT_HANDED_OVER = "Hồ sơ này đang ở tổ dân phố, bản, chưa được chuyển cho cán bộ."
APPROVED = "Hội đồng đã thông qua hồ sơ này."
NOT_APPROVED = "Chưa gửi được vì hội đồng xã, phường chưa thông qua. Ghi biên bản họp trước."
NO_MINUTES = "Chưa có biên bản họp hội đồng: nhập tổng số thành viên, số có mặt và số phiếu tán thành."
ABSURD = "Số phiếu tán thành không được lớn hơn số có mặt, số có mặt không được lớn hơn tổng số thành viên."
NO_QUORUM = "Cuộc họp chưa đủ quá nửa số thành viên hội đồng có mặt nên chưa thông qua được."
NO_MAJORITY = "Số phiếu tán thành chưa quá nửa số có mặt nên chưa thông qua được. Có thể trả lại cán bộ kèm lý do."
NO_DECISION = "Quyết định cần có số và ngày ban hành."
NOT_RECORDED = "Cơ quan nội vụ chưa ghi số và ngày của quyết định."
UNASSESSED = "Chưa gửi được vì còn 1 mục chưa đánh giá. Xem các mục còn thiếu."
NO_EFFECTIVE = "Chưa kết luận được vì còn 1 mục chưa có kết quả thẩm định."
RETURNS = [(s, "return", "home_affairs", "draft") for s in ("submitted", "appraisal", "concluded")]
GUARDS = [
    (("draft", "hand_over", "unit_head", "draft"), {"handed_over": True}, HANDED_OVER),
    (("draft", "hand_back", "ward_officer", "draft"), {"handed_over": False}, NOT_HANDED_OVER),
    (("draft", "hand_back", "ward_officer", "draft"), {"reason": ""}, NEEDS_REASON),
    (("draft", "hand_back", "ward_officer", "draft"), {"reason": " \n\t "}, NEEDS_REASON),
    (("draft", "send_to_council", "ward_officer", "council"), {"unassessed": 1}, UNASSESSED),
    (("council", "approve", "ward_leader", "council"), {"council_approved": True}, APPROVED),
    (("council", "approve", "ward_leader", "council"), {"unassessed": 1}, UNASSESSED),
    (("council", "approve", "ward_leader", "council"), {"present": None}, NO_MINUTES),
    (("council", "submit", "ward_leader", "submitted"), {"unassessed": 1}, UNASSESSED),
    (("council", "submit", "ward_leader", "submitted"), {"council_approved": False}, NOT_APPROVED),
    (("council", "council_return", "ward_leader", "draft"), {"reason": ""}, NEEDS_REASON),
    (("council", "council_return", "ward_leader", "draft"), {"reason": " \n\t "}, NEEDS_REASON),
    *((step, {"reason": ""}, NEEDS_REASON) for step in RETURNS),
    *((step, {"reason": "   "}, NEEDS_REASON) for step in RETURNS),
    *((step, {"new_due": None}, NEEDS_DUE) for step in RETURNS),
    *((step, {"new_due": TODAY}, LATE_DUE) for step in RETURNS),
    *((step, {"new_due": date(2025, 10, 13)}, LATE_DUE) for step in RETURNS),
    (("appraisal", "conclude", "home_affairs", "concluded"), {"without_effective": 1}, NO_EFFECTIVE),
    (("concluded", "propose", "home_affairs", "proposed"), {"without_effective": 1}, NO_EFFECTIVE),
    (("proposed", "record_decision", "home_affairs", "proposed"), {"decision_number": ""}, NO_DECISION),
    (("proposed", "record_decision", "home_affairs", "proposed"), {"decision_number": "  "}, NO_DECISION),
    (("proposed", "record_decision", "home_affairs", "proposed"), {"decision_date": None}, NO_DECISION),
    (("proposed", "recognise", "city_leader", "recognised"), {"decision_recorded": False}, NOT_RECORDED),
    (("proposed", "refuse", "city_leader", "not_recognised"), {"decision_recorded": False}, NOT_RECORDED),
    (
        ("proposed", "recognise", "city_leader", "recognised"),
        {"qualifies": False},
        "Kết quả thẩm định chưa đủ điều kiện công nhận.",
    ),
    (
        ("proposed", "refuse", "city_leader", "not_recognised"),
        {"qualifies": True},
        "Kết quả thẩm định đủ điều kiện công nhận.",
    ),
]


class TestGuards:
    @pytest.mark.parametrize(("step", "change", "reason"), GUARDS)
    def test_one_thing_wrong_refuses_and_mended_allows(
        self, step: tuple[str, str, str, str], change: dict[str, object], reason: str
    ) -> None:
        state, action, role, target = State(step[0]), Action(step[1]), step[2], State(step[3])
        wrong = replace(ready(action), **change)  # type: ignore[arg-type]
        assert refusal(state, action, role, wrong) == reason
        assert decide(state, action, role, ready(action)) == Allowed(target)

    def test_the_number_missing_is_told(self) -> None:
        facts = Facts(unassessed=83, without_effective=41)
        assert "còn 83 mục" in refusal(State.DRAFT, Action.SEND_TO_COUNCIL, "ward_officer", facts)
        assert "còn 41 mục" in refusal(State.APPRAISAL, Action.CONCLUDE, "home_affairs", facts)

    @pytest.mark.parametrize(
        ("state", "action", "role", "enough"),
        [
            ("draft", "hand_over", "unit_head", {}),  # also with entries still open: the officer goes on
            ("draft", "hand_back", "ward_officer", {"handed_over", "reason"}),
            ("draft", "send_to_council", "ward_officer", {}),  # whether or not the head handed it over
            ("council", "approve", "ward_leader", {"votes_for", "present", "members"}),
            ("council", "submit", "ward_leader", {"council_approved"}),
            ("council", "council_return", "ward_leader", {"reason"}),
            ("submitted", "withdraw", "ward_leader", {}),
            ("submitted", "accept", "home_affairs", {}),
            ("submitted", "return", "home_affairs", {"reason", "new_due", "today"}),
            ("appraisal", "conclude", "home_affairs", {}),
            ("concluded", "propose", "home_affairs", {}),
            ("proposed", "record_decision", "home_affairs", {"decision_number", "decision_date"}),
            ("proposed", "recognise", "city_leader", {"decision_recorded", "qualifies"}),
            ("proposed", "refuse", "city_leader", {"decision_recorded", "qualifies"}),
        ],
    )
    def test_a_step_asks_for_nothing_that_does_not_concern_it(
        self, state: str, action: str, role: str, enough: set[str]
    ) -> None:
        """A dossier that the city would refuse may still be sent, concluded and proposed."""
        given_facts = {f.name: getattr(ready(Action(action)), f.name) for f in fields(Facts) if f.name in enough}
        assert isinstance(decide(State(state), Action(action), role, Facts(**given_facts)), Allowed)

    @pytest.mark.parametrize(
        ("votes_for", "present", "members", "reason"),
        [
            (5, 9, 9, None),
            (4, 8, 9, NO_MAJORITY),  # exactly half of those present
            (5, 8, 9, None),
            (4, 7, 9, None),  # over half of those present is enough, though under half of all
            (3, 7, 9, NO_MAJORITY),
            (0, 7, 9, NO_MAJORITY),
            (5, 5, 9, None),  # just over half of the members present
            (3, 5, 9, None),
            (4, 4, 9, NO_QUORUM),
            (5, 5, 10, NO_QUORUM),  # exactly half of the members
            (6, 6, 10, None),
            (8, 7, 9, ABSURD),
            (7, 7, 7, None),
            (5, 10, 9, ABSURD),
            (1, 1, 1, None),
            (0, 0, 0, NO_QUORUM),
            (None, 7, 9, NO_MINUTES),
            (5, None, 9, NO_MINUTES),
            (5, 7, None, NO_MINUTES),
        ],
    )
    def test_minutes(self, votes_for: int | None, present: int | None, members: int | None, reason: str | None) -> None:
        facts = replace(READY, votes_for=votes_for, present=present, members=members)
        if reason is None:
            assert decide(State.COUNCIL, Action.APPROVE, "ward_leader", facts) == Allowed(State.COUNCIL)
        else:
            assert refusal(State.COUNCIL, Action.APPROVE, "ward_leader", facts) == reason
