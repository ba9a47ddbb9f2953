"""The road of a dossier as a picture, for everybody who is signed in."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.workflow_picture import description, draw, steps


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """States, steps and who takes them, made from the table of the workflow."""
    rows = [(state, list(group)) for state, group in groupby(steps(), key=lambda step: step.state)]
    context = {"picture": draw(), "description": description(), "rows": rows}
    return render(request, "assessments/workflow_detail.html", context)
