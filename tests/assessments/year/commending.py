"""Proposals for commendation on their way, for tests that need them somewhere on it."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from assessments.models import Commendation, CommendationDecision, Plan
from assessments.year import commendation_decisions, commendations


def propose(user: User, plan: Plan, **told: Any) -> Commendation:
    """A draft of this person's office."""
    given = {"kind": "collective", "name": "Tổ hòa giải", "achievements": "Hòa giải thành nhiều vụ việc.", **told}
    if given.get("unit") is not None and given["kind"] == "collective":
        given["name"] = ""
    return commendations.save(user=user, plan_id=plan.pk, row=Commendation(**given))


def send(user: User, *rows: Commendation) -> None:
    """Sent to home affairs; the rows are read again."""
    commendations.send(user=user, plan_id=rows[0].plan_id, ids=[row.pk for row in rows])
    for row in rows:
        row.refresh_from_db()


def judge(user: User, *rows: Commendation, accept: bool = True, reason: str = "") -> None:
    """Accepted or declined; the rows are read again."""
    versions = {row.pk: row.version for row in rows}
    commendations.judge(user=user, plan_id=rows[0].plan_id, versions=versions, accept=accept, reason=reason)
    for row in rows:
        row.refresh_from_db()


def decide(user: User, *rows: Commendation, number: str = "77/QĐ-UBND", **changes: Any) -> CommendationDecision:
    """A decision over accepted rows, not yet confirmed; the rows are read again."""
    told = {"issued_on": timezone.localdate(), "title": "Khen thưởng", "signer_title": "CHỦ TỊCH", **changes}
    made = commendation_decisions.record(
        user=user,
        plan_id=rows[0].plan_id,
        decision=CommendationDecision(number=number, **told),
        ids=[row.pk for row in rows],
    )
    for row in rows:
        row.refresh_from_db()
    return made


def accepted(leader: User, home_affairs: User, plan: Plan, **told: Any) -> Commendation:
    """One row that home affairs accepts, against the results with a reason."""
    row = propose(leader, plan, **told)
    send(leader, row)
    judge(home_affairs, row, reason="Có thành tích nổi bật")
    return row
