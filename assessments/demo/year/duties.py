"""Letters that home affairs has sent to some of those who are late under the plan of 2025."""

from datetime import date, timedelta

from django.utils import timezone

from assessments.demo.stage import Stageplay
from assessments.models import Plan
from assessments.queries.year import duties
from assessments.year.duties import letter_sent

WARD = "03387"


def load(play: Stageplay) -> None:
    """One ward and one agency that are late got a letter."""
    plan = Plan.objects.get(year=2025)
    board, today = duties.board(plan), timezone.localdate()
    milestone = max((day for day in board.before.values() if day <= today), default=today)
    sent_on: date = min(today, milestone + timedelta(days=5))
    ward = next((one for one in board.wards if one.overdue and one.thing.pk == play.wards[WARD].pk), None)
    agency = next((one for one in board.to_remind if one.agency), None)
    for number, office in enumerate((ward, agency), 51):
        if office is not None:
            letter_sent(
                user=play.home_affairs,
                plan_id=plan.pk,
                number=f"MH-{number}/PNV",
                sent_on=sent_on,
                ward_id=office.ward.pk if office.ward else None,
                agency_id=office.agency.pk if office.agency else None,
            )
