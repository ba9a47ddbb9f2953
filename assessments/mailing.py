"""Letters: one for each person with everything not yet mailed, grouped by kind.

A notice counts as mailed only once the mail server took the letter. Two commands at the same time do not
send twice: each locks a person's notices and leaves alone what another one has locked.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.models import Notice

logger = logging.getLogger(__name__)

# Somebody who wants mail again after a long time does not get the whole past.
FRESH = timedelta(days=30)
MOST_IN_ONE = 100


@dataclass(slots=True)
class Sent:
    """How a run went."""

    letters: int = 0
    notices: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The notices of one kind in a letter, each with its address."""

    label: str
    rows: list[tuple[str, str]]


def send_letters() -> Sent:
    """Send what waits to everybody who wants mail; a letter that fails stops no other one."""
    sent = Sent()
    waiting = Notice.objects.filter(**_unmailed()).values("recipient")
    for person in User.objects.filter(pk__in=waiting, is_active=True, wants_mail=True).exclude(email="").order_by("pk"):
        try:
            number = _send_to(person)
        except Exception:  # an address or a server that fails: the notices stay unmailed for the next run
            logger.warning("Thư cho tài khoản %s chưa gửi được.", person.pk, exc_info=True)
            sent.failed += 1
        else:
            sent.letters += bool(number)
            sent.notices += number
    return sent


def _unmailed() -> dict[str, object]:
    """What was read in the application already is no news in a letter."""
    since = timezone.now() - FRESH
    return {"mailed_at__isnull": True, "read_at__isnull": True, "created_at__gte": since}


@transaction.atomic
def _send_to(person: User) -> int:
    """One letter; how many notices it carried."""
    own = Notice.objects.filter(recipient=person, **_unmailed()).select_for_update(skip_locked=True)
    notices = list(own.order_by("kind", "pk")[:MOST_IN_ONE])
    if not notices:
        return 0
    if not letter(person, notices).send():
        raise OSError("the mail server took no letter")
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
    return len(notices)


def letter(person: User, notices: list[Notice]) -> EmailMultiAlternatives:
    """The letter as plain text with a simple HTML alternative."""
    context = {
        "person": person,
        "groups": list(_groups(notices)),
        "number": len(notices),
        "all": settings.SITE_URL + reverse("assessments:notices"),
    }
    subject = f"Tự quản Lai Châu: {len(notices)} thông báo mới"
    message = EmailMultiAlternatives(
        subject, render_to_string("assessments/mail/notices.txt", context), None, [person.email]
    )
    message.attach_alternative(render_to_string("assessments/mail/notices.html", context), "text/html")
    return message


def _groups(notices: list[Notice]) -> Iterator[Group]:
    for _, rows in groupby(notices, key=lambda notice: notice.kind):
        of_kind = list(rows)
        addresses = [(row.text, settings.SITE_URL + reverse("assessments:notice", args=[row.pk])) for row in of_kind]
        yield Group(of_kind[0].get_kind_display(), addresses)
