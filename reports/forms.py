"""Shape of what is typed about signers and names of offices."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from assessments.forms import CleanTextMixin, DateInput, inline_helper
from reports.models import OfficeName, Signer

_DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}
_PERIOD = Row(Column("valid_from", css_class="col-md-6"), Column("valid_until", css_class="col-md-6"))


class PeriodForm(CleanTextMixin, forms.Form):
    """From one day to the end of another; `past_meant` is asked for only once the past is touched."""

    valid_from = forms.DateField(
        label="Hiệu lực từ ngày", required=False, widget=DateInput(), error_messages=_DAY,
        help_text="Để trống nếu đã có từ trước khi dùng hệ thống.",
    )  # fmt: skip
    valid_until = forms.DateField(
        label="Đến hết ngày", required=False, widget=DateInput(), error_messages=_DAY,
        help_text="Để trống nếu chưa biết.",
    )  # fmt: skip
    past_meant = forms.BooleanField(label="Tôi xác nhận sửa cả thời gian đã qua", required=False)
    own_rows: tuple[Any, ...] = ()  # of the layout, above the period

    def __init__(self, *args: Any, asks_past: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_past and not self.data.get("past_meant"):
            del self.fields["past_meant"]
        rows = [*self.own_rows, _PERIOD]
        rows += [name for name in ("end_previous", "past_meant") if name in self.fields]
        self.helper = inline_helper(*rows)

    def values(self, names: tuple[str, ...]) -> dict[str, Any]:
        """What a deed wants."""
        return {name: self.cleaned_data[name] for name in names}


class SignerForm(PeriodForm):
    """The block above a signature, and the period it is good for."""

    capacity = forms.CharField(
        label="Quyền hạn ký", required=False, max_length=Signer._meta.get_field("capacity").max_length,
        help_text="Ví dụ: TM. ỦY BAN NHÂN DÂN. Để trống nếu ký với chức vụ người đứng đầu.",
    )  # fmt: skip
    title = forms.CharField(
        label="Chức vụ", max_length=Signer._meta.get_field("title").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng một chức vụ, ví dụ: KT. CHỦ TỊCH, xuống dòng PHÓ CHỦ TỊCH. Tự chuyển thành chữ in hoa.",
    )  # fmt: skip
    full_name = forms.CharField(
        label="Họ và tên", required=False, max_length=Signer._meta.get_field("full_name").max_length,
        help_text="Không ghi học hàm, học vị. Để trống thì văn bản chừa chỗ ghi tay.",
    )  # fmt: skip
    end_previous = forms.BooleanField(required=False, initial=True)
    own_rows = ("capacity", "title", "full_name")

    def __init__(self, *args: Any, previous: Signer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if previous is None:
            del self.fields["end_previous"]
            self.helper = inline_helper(*[row for row in self.helper.layout if row != "end_previous"])
        else:
            self.fields["end_previous"].label = f"“{previous}” thôi ký từ ngày liền trước ngày bắt đầu này"


class OfficeNameForm(PeriodForm):
    """What an agency is called during a period."""

    name = forms.CharField(label="Tên cơ quan", max_length=OfficeName._meta.get_field("name").max_length)
    symbol = forms.CharField(
        label="Chữ viết tắt trong ký hiệu văn bản", max_length=OfficeName._meta.get_field("symbol").max_length,
        help_text="Ví dụ: PNV, trong ký hiệu 15/TTr-PNV.",
    )  # fmt: skip
    own_rows = (Row(Column("name", css_class="col-md-8"), Column("symbol", css_class="col-md-4")),)
