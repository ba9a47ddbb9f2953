"""The day on which a paper copy came: one rule for ward plans, estimates and reports.

Home affairs states an earlier day than that of the sending; it decides whether the thing was in time.
"""

from datetime import date
from typing import Any

from django.utils import timezone

from assessments.deeds import InvalidInput
from localities.text import clean

REASON_MOST = 2000  # characters


def checked(row: Any, received_on: date, reason: str) -> str:
    """The reason, cleaned, for a day that fits what was sent (models.year.sending.Sent, with its plan).

    Raises InvalidInput naming received_on for a day before the city's plan or before the paper was signed, after
    the sending (so never in the future), or already recorded; naming reason for none or too long a one.
    """
    reason = clean(reason)
    if not reason:
        raise InvalidInput("Ghi căn cứ của ngày nhận bản giấy, ví dụ số công văn đến.", "reason")
    if len(reason) > REASON_MOST:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa {REASON_MOST}. Rút gọn rồi thử lại.", "reason")
    first = max(row.plan.issued_on, row.signed_on or row.plan.issued_on)
    sent = timezone.localdate(row.submitted_at)
    if not first <= received_on <= sent:
        since = "ngày ký" if first != row.plan.issued_on else "ngày ban hành kế hoạch"
        raise InvalidInput(
            f"Ngày nhận bản giấy phải từ {since} ({first:%d/%m/%Y}) đến ngày gửi trên hệ thống ({sent:%d/%m/%Y}).",
            "received_on",
        )
    if received_on == row.received_on:
        raise InvalidInput(f"Ngày nhận đã ghi là {received_on:%d/%m/%Y}. Nhập ngày khác.", "received_on")
    return reason


def change(before: date | None, received_on: date) -> tuple[str, object, object]:
    """As the record tells it."""
    return "Ngày nhận", f"{before:%d/%m/%Y}" if before else "", f"{received_on:%d/%m/%Y}"
