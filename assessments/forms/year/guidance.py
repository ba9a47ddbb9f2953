"""Shape of what an agency types about its guidance."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.core.validators import URLValidator

from accounts.models import Agency
from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.models import Guidance

_DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}

_LINK = "Liên kết không hợp lệ. Nhập địa chỉ đầy đủ, bắt đầu bằng https://."


class _Page(forms.URLField):
    """An address that a browser opens as a page; said once when it is none."""

    default_validators = [URLValidator(["http", "https"], message=_LINK)]


class GuidanceForm(CleanTextMixin, forms.ModelForm):
    """The words of guidance; its criteria are ticked in a list of their own."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Cơ quan hướng dẫn",
        empty_label="Chọn cơ quan",
        error_messages={"required": "Chưa chọn cơ quan hướng dẫn.", "invalid_choice": "Chọn lại cơ quan hướng dẫn."},
    )
    link = _Page(
        label="Liên kết",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Địa chỉ trang có hướng dẫn, bắt đầu bằng https://",
        error_messages={"invalid": _LINK},
    )

    class Meta:
        model = Guidance
        fields = ["title", "number", "text", "link", "valid_from", "valid_until"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8}), "valid_from": DateInput(), "valid_until": DateInput()}
        help_texts = {
            "number": "Ví dụ: 35/HD-PKT; để trống nếu không có",
            "text": "Hiện ngay bên tiêu chí khi xã, phường tự đánh giá. Viết ngắn, nêu cách làm và minh chứng cần có.",
            "valid_until": "Để trống nếu áp dụng đến khi có bản thay thế; các năm sau vẫn hiện.",
        }
        error_messages = {
            "valid_from": {"required": "Chưa nhập ngày bắt đầu áp dụng.", **_DAY},
            "valid_until": _DAY,
        }

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["agency"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = agencies
        rows: list[Any] = [
            "title",
            Row(Column("number", css_class="col-md-4"), Column("link", css_class="col-md-8")),
            "text",
            Row(Column("valid_from", css_class="col-md-4"), Column("valid_until", css_class="col-md-4")),
        ]
        if self.instance.pk:
            del self.fields["agency"]
        else:
            rows.insert(0, "agency")
        self.helper = inline_helper(*rows)
