"""No form of ours speaks in Django's words: whatever is typed, the field is named and what to do is said."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.utils.translation import gettext

import assessments.forms
import reports.forms
from accounts.models import Agency, User
from assessments.forms import CleanTextMixin, DateInput
from assessments.forms.record import HeadsForm
from assessments.forms.words import OwnWords
from assessments.models import BudgetLine, Plan
from assessments.queries.year.profiles import ProfileRow
from criteria.queries import table
from localities.models import COUNTS, Unit, Ward
from tests import factories

pytestmark = pytest.mark.django_db


def form_classes() -> Iterator[type[forms.BaseForm]]:
    modules = [reports.forms]
    for found in pkgutil.walk_packages(assessments.forms.__path__, "assessments.forms."):
        modules.append(importlib.import_module(found.name))
    modules.append(assessments.forms)
    for module in modules:
        for name, thing in sorted(vars(module).items()):
            is_form = isinstance(thing, type) and issubclass(thing, forms.BaseForm)
            if is_form and thing.__module__ == module.__name__ and not name.startswith("_"):
                yield thing


CLASSES = list(form_classes())
NEEDED: dict[str, Callable[[Plan], dict[str, Any]]] = {
    "PlanForm": lambda plan: {"plan": plan},
    "DraftForm": lambda plan: {"plan": plan},
    "AdjustForm": lambda plan: {"plan": plan},
    "TaskForm": lambda plan: {"plan": plan},
    "ProgressForm": lambda plan: {"plan": plan},
    "GuidanceForm": lambda plan: {"agencies": Agency.objects.all()},
    "CommendationForm": lambda plan: {"units": Unit.objects.all()},
    "LineForm": lambda plan: {"units": []},
    "SaidForm": lambda plan: {"lines": [BudgetLine(pk=1, position=1, asked=5)], "what": "appraised"},
    "ProfileLine": lambda plan: {"row": ProfileRow(factories.UnitFactory(), dict.fromkeys(COUNTS))},
    "AppraisalFilter": lambda plan: {"wards": Ward.objects.all(), "agencies": Agency.objects.all()},
    "AskForm": lambda plan: {"choices": [("a", "A")]},
    "delegations.MemberForm": lambda plan: {"accounts": User.objects.all()},
    "RecordFilter": lambda plan: {"table": table(plan.criteria_set_id), "people": User.objects.all(), "of_plan": True},
    "CommendationFilter": lambda plan: {"offices": []},
    "ModelFilter": lambda plan: {"wards": Ward.objects.all()},
    "RiskFilter": lambda plan: {"wards": Ward.objects.all()},
    "CriteriaFilter": lambda plan: {"wards": Ward.objects.all(), "standards": [], "own": True},
    "ComparisonFilter": lambda plan: {"wards": Ward.objects.all(), "plans": Plan.objects.all()},
    "ListFilter": lambda plan: {"wards": Ward.objects.all()},
}
SILENT = {HeadsForm}  # only a file, which may be left out
TYPED = ["", "x" * 30_000, "9" * 20, "-5", "1,5", "khác", "\0", "2025-02-30", "0001-01-01"]


def djangos() -> set[str]:
    """What Django says of every kind of field, in Vietnamese."""
    said = set()
    kinds = [forms.Field, *(kind for kind in vars(forms).values() if _is_field(kind))]
    for kind in kinds:
        said |= {str(text) for text in getattr(kind, "default_error_messages", {}).values()}
    return said


def _is_field(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, forms.Field)


@pytest.mark.parametrize("made", CLASSES, ids=lambda c: f"{c.__module__}.{c.__name__}")
def test_whatever_is_typed(made: type[forms.BaseForm], plan: Plan) -> None:
    assert issubclass(made, OwnWords)
    needed = NEEDED.get(made.__name__) or NEEDED.get(f"{made.__module__.rpartition('.')[2]}.{made.__name__}")
    more = needed(plan) if needed else {}
    blank, foreign, told = made(None, **more), djangos(), 0
    for typed in TYPED:
        # A tick may say that the line is none.
        names = [name for name, field in blank.fields.items() if not isinstance(field, forms.BooleanField)]
        form = made({blank.add_prefix(name): typed for name in names}, **more)
        for name, errors in form.errors.items():
            for error in errors:
                assert "Đảm bảo" not in error and error not in foreign, (name, typed[:20], error)
                told += 1
    assert told or made in SILENT


def test_limits_name_field_and_limit() -> None:
    class Asked(CleanTextMixin, forms.Form):
        year = forms.IntegerField(label="Cho năm", max_value=2100)
        many = forms.IntegerField(label="Số hộ", max_value=10_000_000, required=False)
        number = forms.CharField(label="Số, ký hiệu", max_length=5)
        own = forms.CharField(label="Tên", validators=[MaxLengthValidator(3, "Tên quá dài.")])
        day = forms.DateField(label="Ngày ký", widget=DateInput())

    form = Asked({"year": "2101", "many": "10000001", "number": "123456", "own": "abcd", "day": "x"})
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "year": ["Cho năm: số quá lớn, nhiều nhất 2100. Nhập lại."],
        "many": ["Số hộ: số quá lớn, nhiều nhất 10.000.000. Nhập lại."],
        "number": ["Số, ký hiệu: dài 6 ký tự, tối đa 5. Rút gọn lại."],
        "own": ["Tên quá dài."],
        "day": ["Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."],
    }
    assert Asked({}).errors["number"] == ["Chưa nhập số, ký hiệu."]


def test_django_still_speaks_elsewhere() -> None:
    """Else the tests above could not fail."""
    field = forms.IntegerField(validators=[MaxValueValidator(1)])
    with pytest.raises(forms.ValidationError, match="Đảm bảo"):
        field.clean("2")
    assert gettext("This field is required.") in djangos()
