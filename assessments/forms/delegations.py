"""Shape of what is typed about delegations, their members, their plan, and the minutes of a visit."""

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from accounts.models import User
from assessments.forms import CleanTextMixin, DateInput, TimeInput, inline_helper
from assessments.models import Delegation, DelegationMember, Visit
from assessments.queries.delegations import candidates

_DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}
_TIME = {"invalid": "Giờ không hợp lệ. Nhập theo dạng giờ:phút, ví dụ 08:30."}


class DelegationForm(CleanTextMixin, forms.ModelForm):
    """A delegation and the decision that founds it."""

    class Meta:
        model = Delegation
        fields = ["name", "decision_number", "decided_on", "decided_by", "task"]
        widgets = {"decided_on": DateInput(), "task": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": "Ví dụ: Đoàn thẩm định số 1",
            "decision_number": "Ví dụ: 1234/QĐ-UBND",
            "decided_by": "Cơ quan, người ký quyết định thành lập",
        }
        error_messages = {"decided_on": _DAY}

    helper = inline_helper(
        "name",
        Row(Column("decision_number", css_class="col-md-6"), Column("decided_on", css_class="col-md-6")),
        "decided_by",
        "task",
    )


class AccountChoice(forms.ModelChoiceField):
    """Accounts that a member of a delegation may have."""

    def label_from_instance(self, obj: Any) -> str:
        place = f", {obj.agency}" if obj.agency_id else ""
        return f"{obj.full_name} ({obj.username}{place})"


class MemberForm(CleanTextMixin, forms.Form):
    """One line of the list. A line without names is nobody, and a member whose names were emptied leaves."""

    full_name = forms.CharField(label="Họ và tên", max_length=150, required=False)
    job_title = forms.CharField(label="Chức vụ, đơn vị công tác", max_length=200, required=False)
    role = forms.ChoiceField(
        label="Vai trò", choices=DelegationMember.Role.choices, initial=DelegationMember.Role.MEMBER
    )
    user = AccountChoice(User.objects.none(), label="Tài khoản", required=False, empty_label="Không có tài khoản")

    def __init__(self, *args: Any, accounts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = self.fields["user"]
        assert isinstance(account, forms.ModelChoiceField)
        account.queryset = accounts
        # One reading for all lines.
        account.choices = [("", account.empty_label), *((a.pk, account.label_from_instance(a)) for a in accounts)]
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"


def members_formset(data: Any, members: list[dict[str, Any]]) -> forms.BaseFormSet:
    """The list of members as a form, with free lines at its end."""
    made = forms.formset_factory(MemberForm, extra=2 if members else 5, max_num=60, absolute_max=60)
    accounts = candidates().select_related("agency")
    return made(data, initial=members, prefix="thanh-vien", form_kwargs={"accounts": accounts})


class ScheduleForm(CleanTextMixin, forms.Form):
    """When chosen units are visited."""

    planned_on = forms.DateField(
        label="Ngày", widget=DateInput(), error_messages={"required": "Chưa nhập ngày.", **_DAY}
    )
    planned_at = forms.TimeField(label="Giờ", required=False, widget=TimeInput(), error_messages=_TIME)
    place = forms.CharField(
        label="Địa điểm", required=False, max_length=200, help_text="Để trống thì giữ địa điểm đã ghi của từng tổ, bản."
    )
    helper = inline_helper(
        Row(Column("planned_on", css_class="col-6 col-md-3"), Column("planned_at", css_class="col-6 col-md-3")), "place"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The visits are ticked in tables that hold forms of their own: the fields name the form they belong to.
        for field in self.fields.values():
            field.widget.attrs["form"] = "schedule"


class MinutesForm(CleanTextMixin, forms.ModelForm):
    """A visit's minutes."""

    class Meta:
        model = Visit
        fields = ["held_on", "starts_at", "ends_at", "place", "hosts", "findings", "proposals"]
        widgets = {
            "held_on": DateInput(),
            "starts_at": TimeInput(),
            "ends_at": TimeInput(),
            "hosts": forms.Textarea(attrs={"rows": 3}),
            "findings": forms.Textarea(attrs={"rows": 6}),
            "proposals": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"hosts": "Mỗi dòng một người: họ tên, chức vụ."}
        error_messages = {"held_on": _DAY, "starts_at": _TIME, "ends_at": _TIME}

    helper = inline_helper(
        Row(
            Column("held_on", css_class="col-12 col-md-4"),
            Column("starts_at", css_class="col-6 col-md-4"),
            Column("ends_at", css_class="col-6 col-md-4"),
        ),
        "place",
        "hosts",
        "findings",
        "proposals",
    )
