"""Filters above the record, and the exported file that is checked against the database."""

from typing import Any

from django import forms

from accounts.models import User
from assessments.exporting import SIZE_LIMIT, BadFile, Exported, parse
from assessments.forms import CleanTextMixin
from assessments.forms.words import OwnWords
from assessments.models import ANSWERED, Event
from criteria.spec import Table


class RecordFilter(CleanTextMixin, forms.Form):
    """Which events, and in which order; an unknown value is named and filters nothing."""

    viec = forms.ChoiceField(label="Việc", required=False, choices=[("", "Tất cả"), *Event.Kind.choices])
    ben = forms.ChoiceField(
        label="Bên đánh giá", required=False, choices=[("", "Tất cả"), *((x.value, x.label) for x in ANSWERED)]
    )
    muc = forms.ChoiceField(label="Mục", required=False)
    nguoi = forms.ModelChoiceField(User.objects.none(), label="Người thực hiện", required=False, empty_label="Tất cả")
    thu_tu = forms.ChoiceField(
        label="Thứ tự", required=False, choices=[("", "Mới nhất trước"), ("cu", "Cũ nhất trước")]
    )

    def __init__(self, *args: Any, table: Table, people: Any, of_plan: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries, person = self.fields["muc"], self.fields["nguoi"]
        assert isinstance(entries, forms.ChoiceField) and isinstance(person, forms.ModelChoiceField)
        entries.choices = [("", "Tất cả"), *_entries(table)]
        person.queryset = people
        if of_plan:
            del self.fields["ben"], self.fields["muc"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


def _entries(table: Table) -> list[tuple[str, list[tuple[str, str]]]]:
    """The table's entries in its own groups, by code."""
    groups = [(f"Tiêu chuẩn {s.number}", s.entries) for s in table.standards]
    groups += [(f"Nội dung tự quản {s.number}", s.entries) for s in table.contents]
    groups.append(("Trường hợp không đảm bảo", table.cases))
    return [(name, [(entry.key, entry.code) for entry in entries]) for name, entries in groups]


class HeadsForm(OwnWords, forms.Form):
    """A file of heads exported earlier; without one only the chains themselves are checked."""

    file = forms.FileField(
        label="Tệp CSV đã xuất",
        required=False,
        help_text="Để trống thì chỉ kiểm tra các chuỗi đang có trong cơ sở dữ liệu.",
        error_messages={"empty": "Tệp đã chọn không có nội dung.", "invalid": "Chọn lại tệp CSV đã xuất."},
    )
    exported: Exported | None = None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None:
            if file.size > SIZE_LIMIT:
                raise forms.ValidationError("Tệp quá lớn so với tệp mã băm của hệ thống.")
            try:
                self.exported = parse(file.read())
            except BadFile as error:
                raise forms.ValidationError(str(error)) from error
        return file
