"""The formula of the chain: here, and in the database. Neither may drift, in any text a person can type."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from assessments.chain import Link, digest, payload
from assessments.models import Assessment, Event

HOSTILE = [
    "", " ", '"', "\\", '\\"', "\\u0000", "\n\r\t\b\f", "\x01\x1f\x7f", "Tổ dân phố số 5", "To\u0302\u0309",
    "😀👩‍👩‍👧", "\u2028\u2029",
    "\u200b\ufeff", "'; DROP TABLE x; --", "</script>", "[1, 2]", "\u00a0", "\U0010ffff", "\ud7ff\ue000", "null",
    "é" * 300,
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
)
numbers = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -0.0, 1e-300, 1e300, 1.10, 2**63, 2**64 + 1, 0.1, 100, 1e5, 12345678901234567890]),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
_ROW = (
    "SELECT event_hash(e), e.data::text, jsonb_build_array(e.previous_hash, e.assessment_id, e.plan_id, e.sequence,"
    " e.kind, e.action, e.entry_id, e.layer, e.from_state, e.to_state, e.reason, e.data, e.actor_id,"
    " to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))::text"
    " FROM jsonb_populate_record(NULL::assessments_event, %s) e"
)


def in_database(row: dict[str, Any]) -> tuple[str, str, str]:
    """Hash, data and payload as PostgreSQL writes them, for a row that need not be stored."""
    with connection.cursor() as cursor:
        cursor.execute(_ROW, [json.dumps(row)])
        return cursor.fetchone()  # type: ignore[no-any-return]


def link(row: dict[str, Any], data: str) -> Link:
    return Link(**{k: v for k, v in row.items() if k not in ("data", "at")}, data=data, at=AT)


AT = datetime(2025, 10, 14, 23, 59, 59, 7, tzinfo=timezone(timedelta(hours=7)))


def row(**changes: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "previous_hash": "", "assessment_id": 1, "plan_id": None, "sequence": 1, "kind": "answered", "action": "",
        "entry_id": None, "layer": "", "from_state": "", "to_state": "", "reason": "", "data": {}, "actor_id": 1,
        "at": AT.isoformat(),
    }  # fmt: skip
    return plain | changes


@pytest.mark.django_db
@settings(
    max_examples=250,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    reason=texts,
    action=texts.map(lambda t: t[:20]),
    layer=texts.map(lambda t: t[:10]),
    data=values,
    number=st.integers(1, 2**31 - 1),
)
@example(reason='"\\', action="\x1f", layer="\x7f", data={"\\": [1e300, 10**30, -0.0, {"": "\x01"}]}, number=1)
def test_database_and_formula_agree(reason: str, action: str, layer: str, data: Any, number: int) -> None:
    given_row = row(reason=reason, action=action, layer=layer, data={"v": data}, sequence=number, entry_id=number)
    stored_hash, data_text, stored_payload = in_database(given_row)
    made = link(given_row, data_text)
    assert payload(made) == stored_payload
    assert digest(made) == stored_hash


def test_written_down_once_and_for_all() -> None:
    """Hashes made years ago must still come out: a changed formula fails here."""
    fixed = Link("ab", 7, None, 3, "moved", "return", None, "", "submitted", "draft", 'Thiếu "2.4"', "{}", 5, AT)
    assert payload(fixed) == (
        '["ab", 7, null, 3, "moved", "return", null, "", "submitted", "draft", "Thiếu \\"2.4\\"", {}, 5, '
        '"2025-10-14T16:59:59.000007Z"]'
    )
    assert digest(fixed) == "ea01d2eb30808022f97dbf1a094364586fa49c78234b3558574561e48c9fa4f4"


def test_every_field_enters_the_hash() -> None:
    plain = Link("", 1, None, 1, "a", "b", 2, "c", "d", "e", "f", "{}", 3, AT)
    others: dict[str, Any] = {
        "previous_hash": "x", "assessment_id": 2, "plan_id": 1, "sequence": 2, "kind": "x", "action": "x",
        "entry_id": 3, "layer": "x", "from_state": "x", "to_state": "x", "reason": "x", "data": "[]", "actor_id": 4,
        "at": AT + timedelta(microseconds=1),
    }  # fmt: skip
    assert set(others) == set(Link.__dataclass_fields__)
    hashes = {digest(plain)} | {
        digest(Link(**{name: changed if name == field else getattr(plain, name) for name in others}))
        for field, changed in others.items()
    }
    assert len(hashes) == len(others) + 1


def test_the_same_moment_in_another_zone_is_the_same_moment() -> None:
    one = Link("", 1, None, 1, "a", "", None, "", "", "", "", "{}", 3, AT)
    other = Link("", 1, None, 1, "a", "", None, "", "", "", "", "{}", 3, AT.astimezone(UTC))
    assert digest(one) == digest(other)


class TestTrigger:
    """What the database fills in as an event is added."""

    def add(self, assessment: Assessment, officer: User, **facts: Any) -> Event:
        made = Event.objects.create(assessment=assessment, kind=Event.Kind.ANSWERED, actor=officer, **facts)
        made.refresh_from_db()
        return made

    def test_chained_in_order(self, assessment: Assessment, officer: User) -> None:
        first = assessment.events.get()
        assert (first.sequence, first.previous_hash, len(first.hash)) == (1, "", 64)
        second = self.add(assessment, officer, reason='“Trả lại” "\\\n', data={"a": [1, 2.50]})
        assert (second.sequence, second.previous_hash) == (2, first.hash)

    def test_nobody_chooses_place_or_hash(self, assessment: Assessment, officer: User) -> None:
        forged = self.add(assessment, officer, sequence=77, previous_hash="x", hash="y")
        assert forged.sequence == 2 and forged.hash not in ("", "y")

    def test_each_plan_has_a_chain_of_its_own(self, assessment: Assessment, home_affairs: User) -> None:
        made = [
            Event.objects.create(plan=assessment.plan, kind=Event.Kind.ASSIGNED, actor=home_affairs) for _ in range(2)
        ]
        for event in made:
            event.refresh_from_db()
        assert [event.sequence for event in made] == [1, 2]
        assert made[1].previous_hash == made[0].hash
