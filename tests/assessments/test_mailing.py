"""The letters of the daily command: one for each person, to nobody who wants none, and never twice."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from assessments.mailing import FRESH, send_letters
from assessments.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


def waiting(person: User, number: int = 1, **facts: Any) -> list[Notice]:
    given = {"recipient": person, "kind": "waiting", "url": "/"} | facts
    return [Notice.objects.create(text=f"Việc số {n}", **given) for n in range(number)]


@pytest.fixture
def reader(officer: User) -> User:
    officer.email = "can.bo@example.vn"
    officer.save()
    return officer


class TestLetters:
    def test_one_letter_with_everything_by_kind(self, settings: Settings, reader: User) -> None:
        settings.SITE_URL = "https://tuquan.example"
        [first, *_] = waiting(reader, 2)
        waiting(reader, kind="returned")
        Notice.objects.filter(pk=first.pk).update(text="Lý do <b>“đậm”</b> & khác")
        assert (send_letters().letters, len(mail.outbox)) == (1, 1)
        letter = mail.outbox[0]
        assert letter.to == ["can.bo@example.vn"] and letter.subject == "Tự quản Lai Châu: 3 thông báo mới"
        assert letter.body.index("Hồ sơ được trả lại\n") < letter.body.index("Việc đang chờ\n")
        assert f"https://tuquan.example/thong-bao/{first.pk}/" in letter.body
        assert "<b>“đậm”</b> & khác" in letter.body
        html = letter.alternatives[0][0]  # type: ignore[attr-defined]
        assert "&lt;b&gt;" in html and "<b>" not in html and "https://tuquan.example/thong-bao/" in html
        assert not Notice.objects.filter(mailed_at__isnull=True).exists()
        assert send_letters().letters == 0

    @pytest.mark.parametrize(
        "change", [{"email": ""}, {"is_active": False}, {"wants_mail": False}], ids=lambda change: next(iter(change))
    )
    def test_who_gets_none(self, reader: User, change: dict[str, Any]) -> None:
        waiting(reader)
        User.objects.filter(pk=reader.pk).update(**change)
        assert send_letters().letters == 0 and not mail.outbox
        assert Notice.objects.get().mailed_at is None

    def test_read_or_old_notices_are_no_news(self, reader: User) -> None:
        read, old = waiting(reader, 2)
        Notice.objects.filter(pk=read.pk).update(read_at=timezone.now())
        Notice.objects.filter(pk=old.pk).update(created_at=timezone.now() - FRESH - timedelta(days=1))
        assert send_letters().letters == 0

    def test_one_failing_address_stops_no_other(
        self, reader: User, leader: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        User.objects.filter(pk=leader.pk).update(email="hong@example.vn")
        third = factories.HomeAffairsFactory(email="noi.vu@example.vn")
        for person in (reader, leader, third):
            waiting(person)
        honest: Callable[..., int] = EmailBackend.send_messages

        def failing(self: EmailBackend, messages: Any) -> int:
            if messages[0].to == ["hong@example.vn"]:
                raise OSError("550 no such user")
            return honest(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", failing)
        sent = send_letters()
        assert (sent.letters, sent.failed) == (2, 1)
        assert set(Notice.objects.filter(mailed_at__isnull=True).values_list("recipient", flat=True)) == {leader.pk}
        with pytest.raises(CommandError, match="1 thư chưa gửi được"):
            call_command("send_notices", stdout=io.StringIO())
        monkeypatch.undo()
        assert send_letters().letters == 1

    def test_a_server_that_takes_nothing(self, reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
        waiting(reader)
        monkeypatch.setattr(EmailBackend, "send_messages", lambda self, messages: 0)
        assert send_letters().failed == 1 and Notice.objects.get().mailed_at is None

    def test_an_address_that_would_add_headers(self, reader: User) -> None:
        waiting(reader)
        User.objects.filter(pk=reader.pk).update(email="a@example.vn\nBcc: b@example.vn")
        assert send_letters().failed == 1 and not mail.outbox

    def test_nobody_reads_another_s_notices(self, reader: User, leader: User) -> None:
        User.objects.filter(pk=leader.pk).update(email="lanh.dao@example.vn")
        waiting(reader)
        Notice.objects.update(text="Chỉ dành cho cán bộ")
        waiting(leader)
        send_letters()
        [other] = [letter for letter in mail.outbox if letter.to == ["lanh.dao@example.vn"]]
        assert "Chỉ dành cho cán bộ" not in other.body

    def test_within_a_transaction_that_fails_nothing_counts_as_mailed(self, reader: User) -> None:
        waiting(reader)
        with pytest.raises(RuntimeError), transaction.atomic():
            send_letters()
            raise RuntimeError
        assert Notice.objects.get().mailed_at is None
