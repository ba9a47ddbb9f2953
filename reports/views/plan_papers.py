"""All papers of a plan on one page."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.forms import CleanTextMixin
from assessments.models import Plan
from assessments.permissions import may_print, visible_wards
from localities.models import Ward
from reports import plan_papers


class PapersFilter(CleanTextMixin, forms.Form):
    """What is looked for; an unknown value filters nothing and says so."""

    phan = forms.ChoiceField(label="Loại", required=False)
    xa = forms.ModelChoiceField(Ward.objects.none(), label="Xã, phường", required=False, empty_label="Tất cả")
    tim = forms.CharField(label="Tên, số", required=False, max_length=100)

    def __init__(self, *args: Any, wards: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        part, ward = self.fields["phan"], self.fields["xa"]
        if isinstance(part, forms.ChoiceField) and isinstance(ward, forms.ModelChoiceField):
            part.choices = [("", "Tất cả"), *parts]
            ward.queryset = wards
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control" if isinstance(field.widget, forms.TextInput) else "form-select"


@require_safe
@never_cache
def papers_of_plan(request: HttpRequest, year: int) -> HttpResponse:
    """Everything that can be printed of this plan for this person."""
    plan = Plan.objects.filter(year=year).first()
    if plan is None or not may_print(request.user):
        raise Http404
    wards = visible_wards(request.user).filter(units__registrations__plan=plan).distinct().order_by("position", "pk")
    form = PapersFilter(request.GET, wards=wards, parts=plan_papers.choices(request.user))
    data: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    only, ward, text = data.get("phan") or "", data.get("xa"), data.get("tim") or ""
    wanted = plan_papers.Wanted(ward, text)
    context = {
        "plan": plan,
        "form": form,
        "only": only,
        "several_wards": wards.count() > 1,
        "filtered": bool(only or ward or text),
        "parts": plan_papers.parts(request.user, plan, wanted, only, request.GET.get("trang") if only else None),
    }
    return render(request, "reports/plan_papers.html", context)
