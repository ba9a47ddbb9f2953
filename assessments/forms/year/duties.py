"""The letter that went out: its number and day."""

from crispy_forms.layout import Column, Row
from django import forms

from assessments.forms import CleanTextMixin, DateInput, inline_helper


class LetterForm(CleanTextMixin, forms.Form):
    """What is written on the letter."""

    number = forms.CharField(label="Số, ký hiệu công văn", max_length=50, help_text="Ví dụ: 125/PNV")
    sent_on = forms.DateField(
        label="Ngày công văn",
        widget=DateInput(),
        error_messages={"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."},
    )
    ahead = forms.BooleanField(
        label="Là công văn nhắc trước hạn", required=False,
        help_text="Chỉ đánh dấu khi công văn gửi trước ngày mốc của kế hoạch.",
    )  # fmt: skip
    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("sent_on", css_class="col-md-6")),
        "ahead",
    )
