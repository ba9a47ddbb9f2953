"""What forms say when something typed cannot be taken: in our words, naming the field and what to do."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import BaseValidator

_DAY = "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."
_UNLISTED = "{label}: chọn một giá trị trong danh sách."
_NO_FILE = "{label}: chưa nhận được tệp. Chọn lại tệp."
# By kind of field, the more special first, and by code; {label} is the field's.
_WORDS: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (
        forms.FileField,
        {
            "required": "Chưa chọn {small}.",
            "invalid": _NO_FILE,
            "missing": _NO_FILE,
            "empty": "Tệp rỗng. Chọn tệp khác.",
        },
    ),
    (forms.IntegerField, {"invalid": "Nhập số nguyên, không có phần thập phân."}),
    (forms.DateField, {"invalid": _DAY}),
    (forms.TimeField, {"invalid": "Giờ không hợp lệ. Nhập theo dạng giờ:phút."}),
    (
        forms.ChoiceField,
        {
            "required": "Chưa chọn {small}.",
            "invalid_choice": _UNLISTED,
            "invalid_list": _UNLISTED,
            "invalid_pk_value": _UNLISTED,
        },
    ),
    (
        forms.Field,
        {"required": "Chưa nhập {small}.", "invalid": "{label}: nội dung không hợp lệ. Nhập lại."},
    ),
)
_LIMITS = {
    "max_value": "{label}: số quá lớn, nhiều nhất {limit}. Nhập lại.",
    "min_value": "{label}: số quá nhỏ, ít nhất {limit}. Nhập lại.",
    "max_length": "{label}: dài %(show_value)s ký tự, tối đa {limit}. Rút gọn lại.",
    "min_length": "{label}: có %(show_value)s ký tự, ít nhất {limit}. Ghi thêm.",
}
_NUL = "{label}: có ký tự lạ. Xóa rồi nhập lại."


class OwnWords:
    """A form that never speaks in Django's words; whoever gave a field words of its own keeps them."""

    fields: dict[str, forms.Field]

    def full_clean(self) -> None:
        # Not before: forms add fields and give labels until they are ready.
        model = getattr(getattr(self, "_meta", None), "model", None)
        columns = {field.name: field for field in model._meta.concrete_fields} if model else {}
        for name, field in self.fields.items():
            _speak(field, name, columns[name].validators if name in columns else ())
        super().full_clean()  # type: ignore[misc]


def _speak(field: forms.Field, name: str, beneath: Iterable[Any]) -> None:
    """Give the field our words; `beneath` are the validators of the model's field below it."""
    label = str(field.label or name.replace("_", " "))
    label = label[:1].upper() + label[1:]
    small = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    words = field.error_messages
    for kind, said in _WORDS:
        for code, sentence in said.items() if isinstance(field, kind) else ():
            if words.get(code) == _djangos(field, code) is not None:
                words[code] = sentence.format(label=label, small=small)
    words.setdefault("null_characters_not_allowed", _NUL.format(label=label))
    for validator in (*field.validators, *beneath):
        if isinstance(validator, BaseValidator) and validator.code in _LIMITS:
            _limit(field, validator, label)


def _djangos(field: forms.Field, code: str) -> Any:
    """What Django itself says under this code; None when a class of ours speaks for the field."""
    for kind in type(field).__mro__:
        said = vars(kind).get("default_error_messages", {})
        if code in said:
            return said[code] if kind.__module__.startswith("django.") else None
    return None


def _limit(field: forms.Field, validator: BaseValidator, label: str) -> None:
    code = validator.code
    if validator.message != type(validator).message:  # it has words of its own
        field.error_messages.setdefault(code, str(validator.message))
        return
    limit = validator.limit_value() if callable(validator.limit_value) else validator.limit_value
    shown = f"{limit:,}".replace(",", ".") if isinstance(limit, int) and limit >= 10_000 else str(limit)
    field.error_messages.setdefault(code, _LIMITS[code].format(label=label, limit=shown))
