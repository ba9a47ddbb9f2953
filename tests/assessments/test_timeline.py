"""Every event in words: each kind, each deed of the code, and data written by programs we have not met."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from assessments import evidence, moving, self_assessment
from assessments.deeds import table_of
from assessments.models import Assessment, Event, Layer
from assessments.queries import record as queries
from assessments.timeline import _TELLERS, Line, Words, tell
from assessments.timeline_words import ACTIONS, KIND_LABELS
from assessments.workflow import Action, State
from criteria.spec import Figure
from localities.models import Unit
from tests import factories
from tests.assessments import roads
from tests.assessments.roads import NewAnswer, People, answer_all, save, save_year, walk


def event(kind: str, data: Any = None, actor: User | None = None, **facts: Any) -> Event:
    """An event that was never stored."""
    actor = actor or User(full_name="Cán bộ thử", username="thu", role="home_affairs")
    return Event(kind=kind, data={} if data is None else data, actor=actor, at=timezone.now(), sequence=1, **facts)


def text_of(line: Line) -> str:
    parts = [(change.label, change.before, change.after) for change in line.changes]
    inner = [(part.subject, *((c.label, c.before, c.after) for c in part.changes)) for part in line.parts]
    return f"{line.what} {line.subject} {line.layer} {parts} {line.facts} {inner} {line.reason}"


def told(assessment: Assessment, reader: User, **only: Any) -> list[Line]:
    events = list(queries.chain(assessment).filter(**only).order_by("sequence"))
    return [tell(e, queries.words(reader, assessment, table_of(assessment), events)) for e in events]


def test_every_kind_has_words_and_a_teller() -> None:
    assert set(_TELLERS) == set(Event.Kind) == set(KIND_LABELS)
    for kind in Event.Kind:
        line = tell(event(kind), Words())
        assert line.what and line.what != kind.value, kind
        assert line.who == "Cán bộ thử" and line.office == "Cơ quan nội vụ thành phố"


def test_every_action_of_the_code_has_words() -> None:
    """Deeds name their action beside the kind; a new one without words is found here."""
    assert {("moved", action.value) for action in Action} <= set(ACTIONS)
    for kind, action in ACTIONS:
        line = tell(event(kind, action=action), Words())
        assert line.what == ACTIONS[kind, action]
    folder = Path(moving.__file__).parent
    named = re.findall(
        r'Event\.Kind\.([A-Z_]+),[^)]*?action="(\w+)"', "\n".join(p.read_text() for p in folder.glob("*.py"))
    )
    assert named
    for kind_name, action in named:
        assert (Event.Kind[kind_name].value, action) in ACTIONS, (kind_name, action)


@pytest.mark.django_db
class TestStored:
    def test_the_whole_road(self, people: People, assessment: Assessment) -> None:
        save_year(people.officer, assessment, 0, {})
        moving_on = walk(people, assessment, State.SUBMITTED)
        moving.return_to_ward(
            user=people.home_affairs, assessment_id=moving_on.pk, reason="Thiếu minh chứng 2.4",
            new_due=timezone.localdate() + timedelta(days=9),
        )  # fmt: skip
        lines = told(moving_on, people.officer)
        assert [line.what for line in lines] == [
            "Đăng ký tham gia",
            "Sửa số liệu năm",
            "Đánh giá nhiều mục",
            "Gửi hội đồng",
            "Đưa vào cuộc họp hội đồng",
            "Hội đồng xã, phường thông qua",
            "Gửi thành phố",
            "Trả lại xã, phường",
        ]
        assert lines[0].facts == [("Đăng ký", "Đạt mới")]
        assert ("Tổng số hộ", "để trống", "120") in [(c.label, c.before, c.after) for c in lines[1].changes]
        assert len(lines[2].parts) == 83 and lines[2].layer == "Tự đánh giá"
        assert lines[5].facts[1:] == [("Có mặt", "9/9 thành viên"), ("Tán thành", "9/9 phiếu")]
        back = lines[7]
        assert back.reason == "Thiếu minh chứng 2.4" and back.facts[0][0] == "Hạn nộp lại"
        [change] = back.changes
        assert (change.before, change.after) == ("Đã gửi thành phố", "Đang tự đánh giá")
        assert back.office == f"Cơ quan nội vụ thành phố, {people.home_affairs.agency}"

    def test_an_answer(self, people: People, assessment: Assessment) -> None:
        save_year(people.officer, assessment, 0, {})
        first = NewAnswer("met", "Ghi chú cũ", {"ho-nep-song-van-minh": Figure(110)})
        saved = save(people.officer, assessment, "tc-4.4", first)
        assert saved.answers["self"]["tc-4.4"].figures
        save(people.officer, assessment, "tc-4.4", NewAnswer("not_met", "Ghi chú mới"), 1)
        one, other = told(assessment, people.officer, kind=Event.Kind.ANSWERED)
        assert one.subject.startswith("Tiêu chí 4.4: ")
        assert [(c.before, c.after) for c in one.changes][:2] == [("Chưa đánh giá", "Đạt"), ("để trống", "Ghi chú cũ")]
        assert one.changes[2].after == "110/120" and "ho-" not in one.changes[2].label
        assert [(c.label, c.before, c.after) for c in other.changes] == [
            ("Kết quả", "Đạt", "Không đạt"),
            ("Ghi chú", "Ghi chú cũ", "Ghi chú mới"),
        ]

    def test_many_at_once_and_taken_back(self, people: People, assessment: Assessment) -> None:
        done = self_assessment.mark_standard_met(user=people.officer, assessment_id=assessment.pk, number=1)
        assert done.event is not None
        save(people.officer, assessment, "tc-1.2", "not_met", 1)
        self_assessment.undo(user=people.officer, assessment_id=assessment.pk, event_id=done.event.pk)
        bulk, _, undone = told(assessment, people.officer)[1:]
        assert bulk.what == "Đánh giá đạt cả tiêu chuẩn 1" and bulk.reason == ""
        assert [p.changes[0].after for p in bulk.parts] == ["Đạt"] * 4
        assert len(undone.parts) == 3 and {p.changes[0].after for p in undone.parts} == {"Chưa đánh giá"}
        assert ("Hoàn tác việc", "sự kiện số 2") in undone.facts
        assert ("Giữ nguyên vì đã được sửa sau đó", "tiêu chí 1.2") in undone.facts

    def test_evidence_names(self, people: People, assessment: Assessment) -> None:
        added = evidence.add_reference(
            user=people.officer, assessment_id=assessment.pk, layer=Layer.SELF, key="tc-1.1", reference="Biên bản số 9"
        )
        evidence.remove(user=people.officer, assessment_id=assessment.pk, evidence_id=added.pk)
        lines = told(assessment, people.officer)[1:]
        assert [line.what for line in lines] == ["Thêm minh chứng", "Gỡ minh chứng"]
        assert all(line.facts == [("Văn bản", "Biên bản số 9")] for line in lines)

    def test_hands(self, people: People, assessment: Assessment, unit: Unit) -> None:
        head = factories.UnitHeadFactory(unit=unit)
        moving.hand_over(user=head, assessment_id=assessment.pk)
        moving.hand_back(user=people.officer, assessment_id=assessment.pk, reason="Bổ sung số hộ")
        over, back = told(assessment, people.officer)[1:]
        assert over.what.startswith("Tổ trưởng, trưởng bản chuyển") and over.office.endswith("Tổ 5")
        assert back.reason == "Bổ sung số hộ"

    def test_an_unconfirmed_decision_is_the_makers_own(self, people: People, assessment: Assessment) -> None:
        walk(people, assessment, State.PROPOSED)
        made = roads.record(people, assessment)

        def facts(reader: User) -> list[tuple[str, str]]:
            [line] = told(assessment, reader, kind=Event.Kind.DECISION)
            return line.facts

        complete = [("Số, ký hiệu", "12/QĐ-UBND"), ("Kết quả", "Công nhận")]
        assert facts(people.home_affairs) == facts(people.city_leader) == complete
        assert facts(people.officer) == [("Nội dung", "hiện khi lãnh đạo thành phố xác nhận quyết định")]
        from assessments import recognition

        recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
        assert facts(people.officer) == complete

    def test_filter_by_entry_finds_alone_among_many_and_taken_back(
        self, people: People, assessment: Assessment
    ) -> None:
        done = self_assessment.mark_standard_met(user=people.officer, assessment_id=assessment.pk, number=1)
        assert done.event is not None
        save(people.officer, assessment, "tc-2.1", "met")
        self_assessment.undo(user=people.officer, assessment_id=assessment.pk, event_id=done.event.pk)
        answer_all(people.officer, assessment)
        numbers = {
            key: [e.sequence for e in queries.about_entry(queries.chain(assessment), key).order_by("sequence")]
            for key in ("tc-1.2", "tc-2.1", "tc-9.9")
        }
        assert numbers == {"tc-1.2": [2, 4, 5], "tc-2.1": [3], "tc-9.9": []}


class TestOtherKinds:
    """The data of deeds that other parts of the program write."""

    @pytest.mark.parametrize(
        ("kind", "data", "said"),
        [
            ("asked", {"key": "tc-1.1", "agency": 3, "due_on": "2025-10-09"}, ["Phòng Thử", "09/10/2025"]),
            ("explained", {"question": 4}, []),
            (
                "agency_report",
                {"agency": "Phòng Kinh tế", "number": "5/BC", "late": True},
                ["Phòng Kinh tế", "Sau hạn", "Có"],
            ),
            ("visit", {"planned_on": "2025-09-30", "place": "Nhà văn hóa"}, ["30/09/2025", "Nhà văn hóa"]),
            (
                "visit",
                {"before": {"planned_on": "2025-09-30"}, "after": {"planned_on": "2025-10-01"}},
                ["30/09/2025", "01/10/2025"],
            ),
            (
                "assigned",
                {"key": "tc-1.1", "before": [3], "after": [3, 4]},
                ["Phòng Thử", "4", "Cơ quan thẩm định"],
            ),
            (
                "assigned",
                {"changes": [{"key": "tc-1.1", "before": [], "after": ["Phòng Kinh tế"]}]},
                ["chưa giao", "Phòng Kinh tế"],
            ),
            ("delegation", {"name": "Đoàn số 1", "number": "7/QĐ"}, ["Đoàn số 1", "7/QĐ"]),
            (
                "attached",
                {"target": "visit", "name": "bien-ban.pdf"},
                ["biên bản thẩm định tại cơ sở", "bien-ban.pdf"],
            ),
            (
                "decision",
                {"decision": 1, "number": "2/QĐ", "result": "not_recognised", "correction": "Sai tên"},
                ["Không công nhận", "Sai tên"],
            ),
            ("council", {"meeting": 1, "held_on": "2025-09-01", "votes_for": 5}, ["01/09/2025", "5/?"]),
        ],
    )
    def test_says_what_the_data_holds(self, kind: str, data: dict[str, Any], said: list[str]) -> None:
        text = text_of(tell(event(kind, data), Words(agencies={3: "Phòng Thử"})))
        for words in said:
            assert words in text
        assert "{" not in text

    def test_numbers_of_rows_are_not_shown(self) -> None:
        line = tell(event("visit", {"meeting": 99, "event": 77, "sha256": "aa", "decision": 55}), Words())
        assert not re.search("99|77|55|aa", text_of(line))


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)
KEYS = (
    "key", "before", "after", "changes", "event", "skipped", "decision", "number", "result", "meeting", "held_on",
    "votes_for", "present", "members", "due_on", "evidence", "name", "reference", "agency", "target", "aim", "units",
)  # fmt: skip


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(
    st.sampled_from(list(Event.Kind)),
    st.one_of(anything, st.dictionaries(st.sampled_from(KEYS), anything, max_size=6)),
    st.text(max_size=8),
    st.booleans(),
)
def test_no_data_breaks_the_page(kind: str, data: Any, action: str, redacted: bool) -> None:
    stored = event(kind, actor=User(full_name="A", role="city_leader"), action=action, layer=action, from_state=action)
    stored.data = data
    words = Words(open_decisions=frozenset() if redacted else None, undone={1: event("bulk", data)})
    assert tell(stored, words).what
