"""The criteria table for reading: everybody who signs in may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from criteria.queries import criteria_sets, table


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "criteria/set_list.html", {"sets": criteria_sets()})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    criteria_set = get_object_or_404(criteria_sets(), pk=pk)
    return render(request, "criteria/set_detail.html", {"set": criteria_set, "table": table(pk)})
