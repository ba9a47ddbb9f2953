"""Certificates: every unit that a confirmed decision recognises gets the next number of the year's register."""

import secrets

from django.db import connection
from django.db.models import Max

from assessments.models import Certificate, Decision, DecisionLine

# No 0/O, 1/I: people type the code from paper. 32 signs, twenty of them: 100 bits.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 20
_LOCK = 740003


def issue(decision: Decision) -> list[Certificate]:
    """Give the recognised units of a decision their certificates, by ward and unit.

    Belongs into the transaction that confirms the decision; whoever confirms another one of the same plan waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, decision.plan_id])
    last = Certificate.objects.filter(plan=decision.plan_id).aggregate(last=Max("number"))["last"] or 0
    lines = decision.lines.filter(result=DecisionLine.Result.RECOGNISED, certificate__isnull=True).order_by(
        "assessment__registration__unit__ward__position", "assessment__registration__unit__sort_name", "pk"
    )
    return Certificate.objects.bulk_create(
        Certificate(line=line, plan_id=decision.plan_id, number=number, code=new_code())
        for number, line in enumerate(lines, last + 1)
    )


def new_code() -> str:
    """A code that nobody finds by guessing."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
