"""The formula that chains the events. Pure, and written down twice on purpose: here, and as the database's
function `event_hash` (migration 0004), which fills the column. What the database wrote, `manage.py
verify_events` proves with this one, so that a changed function is found out too. It never changes: hashes
made years ago must still come out.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Link:
    """What of an event enters its hash. `data` is the text of the column as the database writes it."""

    previous_hash: str
    assessment_id: int | None
    plan_id: int | None
    sequence: int
    kind: str
    action: str
    entry_id: int | None
    layer: str
    from_state: str
    to_state: str
    reason: str
    data: str
    actor_id: int
    at: datetime


def payload(link: Link) -> str:
    """The event as one line of JSON, in the spelling of PostgreSQL's jsonb."""
    parts = [
        link.previous_hash,
        link.assessment_id,
        link.plan_id,
        link.sequence,
        link.kind,
        link.action,
        link.entry_id,
        link.layer,
        link.from_state,
        link.to_state,
        link.reason,
    ]
    texts = [json.dumps(part, ensure_ascii=False) for part in parts]
    at = link.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return "[" + ", ".join([*texts, link.data, json.dumps(link.actor_id), json.dumps(at)]) + "]"


def digest(link: Link) -> str:
    """SHA-256 of the payload in UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(payload(link).encode()).hexdigest()
