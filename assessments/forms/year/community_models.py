"""Shape of what is typed about models and self-management groups."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils import timezone

from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.models import CommunityModel
from localities.models import Ward

_DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}


class CommunityModelForm(CleanTextMixin, forms.Form):
    """What a unit says of its model. A plain form: the deed compares it with the row as it is then."""

    kind = forms.ChoiceField(
        label="Loại",
        choices=[("", "Chọn loại"), *CommunityModel.Kind.choices],
        error_messages={"required": "Chưa chọn loại."},
    )
    name = forms.CharField(label="Tên", max_length=200, help_text="Ví dụ: Nhóm hộ trồng rau an toàn")
    since = forms.DateField(
        label="Hoạt động từ ngày", widget=DateInput(), error_messages={"required": "Chưa nhập ngày bắt đầu.", **_DAY}
    )
    households = forms.IntegerField(
        label="Số hộ tham gia",
        required=False,
        max_value=10_000_000,
        help_text="Chỉ ghi số lượng, không ghi tên hộ.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    description = forms.CharField(
        label="Cách làm", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    results = forms.CharField(
        label="Kết quả, hiệu quả", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    helper = inline_helper(
        Row(Column("kind", css_class="col-md-6"), Column("name", css_class="col-md-6")),
        Row(Column("since", css_class="col-md-6"), Column("households", css_class="col-md-6")),
        "description",
        "results",
    )


class StateForm(CleanTextMixin, forms.Form):
    """Whether the model is at work."""

    state = forms.ChoiceField(label="Tình trạng", choices=CommunityModel.State.choices)
    ended_on = forms.DateField(
        label="Ngày kết thúc",
        required=False,
        widget=DateInput(),
        help_text="Chỉ nhập khi mô hình đã kết thúc.",
        error_messages=_DAY,
    )
    helper = inline_helper(Row(Column("state", css_class="col-md-6"), Column("ended_on", css_class="col-md-6")))


class ExemplaryForm(CleanTextMixin, forms.Form):
    """Why home affairs chooses a model, and from when."""

    on = forms.DateField(
        label="Tiêu biểu từ ngày",
        widget=DateInput(),
        initial=timezone.localdate,
        error_messages={"required": "Chưa nhập ngày chọn.", **_DAY},
    )
    reason = forms.CharField(
        label="Lý do chọn",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Điều nơi khác học được; được in và phát thanh.",
    )
    helper = inline_helper("on", "reason")


class TakeBackForm(CleanTextMixin, forms.Form):
    """Why a model is no longer exemplary."""

    reason = forms.CharField(label="Lý do thôi chọn", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    helper = inline_helper()


class ModelFilter(CleanTextMixin, forms.Form):
    """The filters above the year's list; an unknown value filters nothing and says so."""

    xa = forms.ModelChoiceField(Ward.objects.none(), label="Xã, phường", required=False, empty_label="Tất cả")
    loai = forms.ChoiceField(label="Loại", required=False, choices=[("", "Tất cả"), *CommunityModel.Kind.choices])
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Tất cả"), *CommunityModel.State.choices]
    )
    tieu_bieu = forms.ChoiceField(
        label="Tiêu biểu", required=False, choices=[("", "Tất cả"), ("co", "Tiêu biểu"), ("khong", "Chưa chọn")]
    )

    def __init__(self, *args: Any, wards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ward_field = self.fields["xa"]
        if isinstance(ward_field, forms.ModelChoiceField):
            ward_field.queryset = wards
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
