"""Half-year and yearly reports: who has sent, one report with its figures, writing it, and what is done with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.forms.year.reports import GiveBackForm, PaperForm, YearReportForm
from assessments.models import Plan, YearReport
from assessments.models.year.year_report import NARRATIVE
from assessments.permissions import (
    may_receive,
    may_see_city,
    may_see_year_reports,
    may_send_year_report,
    may_write_year_report,
)
from assessments.queries.year import history
from assessments.queries.year import report_words as words
from assessments.queries.year import reports as queries
from assessments.views.common import or_404, person, plan_of, posted_version, put_refusal, tell, whole_number
from assessments.views.papers import take_paper
from assessments.views.year.closed import offered
from assessments.year import report_desk as desk
from assessments.year import reports as deeds

PERIODS = {"6-thang": YearReport.Period.HALF, "nam": YearReport.Period.YEAR}
SLUGS = {period.value: slug for slug, period in PERIODS.items()}
EVENTS_SHOWN = 50


@require_safe
@never_cache
@or_404
def report_list(request: HttpRequest, year: int) -> HttpResponse:
    """For the city who has sent and how; for an office its own two reports; the city's own for everybody."""
    plan, user = plan_of(year), person(request)
    if not may_see_year_reports(user):
        raise Plan.DoesNotExist
    office = queries.own_office(user)
    rows = queries.table(plan, [office] if office else None) if office or may_see_city(user) else []
    days, own_city = queries.milestones(plan), queries.city_reports(user, plan)
    context = {
        "plan": plan,
        "rows": rows if not office else [],
        "periods": [
            {
                "slug": slug,
                "name": period.label,
                "before": days.get(period.value),
                "city": own_city.get(period.value),
                "own": rows[0].cells[at] if office else None,
                "came": sum(row.cells[at].received for row in rows),
                "missing": [str(row.office) for row in rows if not row.cells[at].received],
            }
            for at, (slug, period) in enumerate(PERIODS.items())
        ],
        "office": office,
        # One button leads on: the first report that is still to be sent.
        "next": next((slug for at, slug in enumerate(PERIODS) if office and not rows[0].cells[at].received), ""),
        "may_compose": may_write_year_report(user, None, None),
        "may_gather": may_see_city(user),
    }
    return render(request, "assessments/year/report_list.html", offered(plan, context, keep=("may_gather",)))


@require_POST
@or_404
def begin(request: HttpRequest, year: int, period: str) -> HttpResponse:
    """Begin the own office's report, or go on with it."""
    if period not in PERIODS:
        raise YearReport.DoesNotExist
    try:
        report, new = deeds.open_report(user=person(request), plan_id=plan_of(year).pk, period=PERIODS[period])
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:year_reports", year=year)
    if new:
        messages.success(request, "Đã lập báo cáo với số liệu có sẵn. Ghi phần đánh giá rồi lưu.")
    name = "year_report_edit" if report.state in queries.OPEN else "year_report"
    return redirect(f"assessments:{name}", pk=report.pk)


def _seen(request: HttpRequest, pk: int) -> YearReport:
    return queries.readable(person(request)).get(pk=pk)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: figures, narrative, files, what may be done with it, and its history."""
    return _detail(request, _seen(request, pk))


def _detail(request: HttpRequest, report: YearReport, **forms: BaseForm) -> HttpResponse:
    user, place = person(request), (report.ward_id, report.agency_id)
    city, open_still = desk.is_city(report), report.state in queries.OPEN
    sent, writer = report.state == YearReport.State.SUBMITTED, may_write_year_report(user, *place)
    taker = may_receive(user) and not city and sent
    before = desk.due(report)
    figures = queries.figures_of(report)
    context = {
        "report": report,
        "plan": report.plan,
        "heading": _heading(report),
        "city": city,
        "tables": words.tables(figures),
        "as_of": figures.get("as_of", ""),
        "figures": figures,
        "missing": words.missing(figures),
        "sections": [(name, label, getattr(report, name)) for name, label in _labels().items()],
        "before": before,
        "late": report.state in queries.WITH_THE_CITY and not city and report.came_late(before),
        "open": open_still,
        "may_write": writer and open_still,
        "may_send": not city and open_still and may_send_year_report(user, *place),
        "leader_sends": writer and open_still and not city and not may_send_year_report(user, *place),
        "may_issue": city and writer and open_still,
        "may_withdraw": not city and sent and may_send_year_report(user, *place),
        "may_take": taker,
        "give_back": forms.get("give_back") or GiveBackForm(prefix="tra-lai"),
        "paper": forms.get("paper") or PaperForm(prefix="ban-giay"),
        "may_attach": writer and (city or report.state != YearReport.State.ACCEPTED),
        "attachments": report.attachments.select_related("added_by"),
        "events": history(report.plan, report)[:EVENTS_SHOWN],
        "version": report.version,
    }
    return render(request, "assessments/year/report_detail.html", offered(report.plan, context))


def _heading(report: YearReport) -> str:
    return f"Báo cáo {desk.period_name(report)} {report.plan.year}: {desk.office_name(report)}"


def _labels() -> dict[str, str]:
    return {name: str(label) for name, label in (YearReportForm.Meta.labels or {}).items() if name in NARRATIVE}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report; each button saves what is typed, and some put more into it first."""
    report = _seen(request, pk)
    if not may_write_year_report(request.user, report.ward_id, report.agency_id):
        raise YearReport.DoesNotExist
    if report.state not in queries.OPEN:
        messages.info(request, "Báo cáo đã gửi nên không sửa được. Rút lại trước nếu cần sửa.")
        return redirect("assessments:year_report", pk=pk)
    shown = report.version
    form = YearReportForm(request.POST or None, instance=report)
    sources = queries.sources(person(request), report) if desk.is_city(report) else []
    earlier = queries.previous(report)
    if request.method == "POST" and form.is_valid():
        values, told, anchor = _with_more(request, form.cleaned_data, sources, earlier)
        try:
            deeds.save_report(user=person(request), report_id=pk, version=posted_version(request), values=values)
        except Refusal as refusal:
            # What was put in is shown too, so that nothing has to be chosen again.
            form = YearReportForm({**request.POST.dict(), **{name: values[name] for name in NARRATIVE}})
            form.is_valid()
            put_refusal(form, refusal)
        else:
            messages.success(request, told)
            there = reverse(f"assessments:{'year_report_edit' if anchor else 'year_report'}", args=[pk])
            return redirect(f"{there}#{anchor}" if anchor else there)
    context = {
        "report": report,
        "plan": report.plan,
        "heading": _heading(report),
        "writing": f"Soạn {_heading(report)[:1].lower()}{_heading(report)[1:]}",
        "form": form,
        "parts": [
            {"field": form[name], "sources": [(s, getattr(s, name)) for s in sources if getattr(s, name)]}
            for name in NARRATIVE
        ],
        "missing": _missing(report) if desk.is_city(report) else [],
        "city": desk.is_city(report),
        "sources": sources,
        "earlier": earlier,
        "version": request.POST.get("version", shown),
    }
    return render(request, "assessments/year/report_form.html", context)


def _missing(report: YearReport) -> list[str]:
    at = list(queries.DUTIES).index(report.period)
    return [str(row.office) for row in queries.table(report.plan) if not row.cells[at].received]


def _with_more(
    request: HttpRequest, typed: dict[str, Any], sources: list[YearReport], earlier: YearReport | None
) -> tuple[dict[str, Any], str, str]:
    """What to store, the sentence for it, and where on the form to go on ("" to leave it)."""
    do = request.POST.get("do", "")
    if do == "earlier" and earlier is not None:
        made = deeds.filled(typed, earlier)
        new = sum(made[name] != typed[name] for name in NARRATIVE)
        where = f"báo cáo {desk.period_name(earlier)} {earlier.plan.year}"
        told = f"Đã lấy lại {new} phần từ {where} và lưu. Sửa lại cho kỳ này." if new else "Các phần đã có nội dung."
        return made, told, f"id_{NARRATIVE[0]}"
    if do == "gather" or do.startswith("take:"):
        taken = _taken(request, do, {source.pk: source for source in sources})
        made = deeds.gathered(typed, taken)
        changed = [name for name in NARRATIVE if made[name] != typed[name]]
        told = "Đã đưa vào báo cáo và lưu." if changed else "Đã lưu. Chưa chọn nội dung mới nào để đưa vào."
        return made, told, f"id_{(changed or [NARRATIVE[0]])[0]}"
    if do == "stay":
        return typed, "Đã lưu bản nháp.", f"id_{NARRATIVE[0]}"
    return typed, "Đã lưu báo cáo.", ""


def _taken(request: HttpRequest, do: str, sources: dict[int, YearReport]) -> list[tuple[str, YearReport]]:
    """Ticked parts of other reports, each as "results-12"; or the one whose own button was pressed."""
    chosen = [do.removeprefix("take:")] if do.startswith("take:") else request.POST.getlist("source")
    found = []
    for value in chosen:
        name, _, number = value.partition("-")
        source = sources.get(whole_number(number) or 0)
        if name in NARRATIVE and source is not None:
            found.append((name, source))
    return found


# What is done with a report by its address: the deed and the sentence for it.
_STEPS: dict[str, tuple[Callable[..., YearReport], str]] = {
    "gui": (deeds.send, "Đã gửi báo cáo tới cơ quan nội vụ."),
    "rut-lai": (deeds.withdraw, "Đã rút lại báo cáo. Sửa rồi gửi lại."),
    "tiep-nhan": (deeds.accept, "Đã tiếp nhận báo cáo."),
    "tra-lai": (deeds.give_back, "Đã trả lại báo cáo và báo cho nơi gửi."),
    "ban-giay": (deeds.record_paper, "Đã ghi ngày nhận bản giấy."),
    "phat-hanh": (deeds.issue, "Đã phát hành báo cáo của thành phố."),
}


@require_POST
@or_404
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Send, take back, accept, give back, state when the paper came, or issue."""
    if step not in _STEPS:
        raise YearReport.DoesNotExist
    deed, told = _STEPS[step]
    year = YearReport.objects.values_list("plan__year", flat=True).get(pk=pk)
    form, key = _step_form(request, step)
    if form is None or form.is_valid():
        try:
            deed(
                user=person(request),
                report_id=pk,
                version=posted_version(request),
                **(form.cleaned_data if form else {}),
            )
        except Refusal as refusal:
            return _refused(request, pk, year, refusal, form, key)
        messages.success(request, told)
        if step == "tra-lai":  # it is at its author's desk again
            return redirect("assessments:year_reports", year=year)
        return redirect("assessments:year_report", pk=pk)
    return _detail(request, _seen(request, pk), **{key: form})


def _step_form(request: HttpRequest, step: str) -> tuple[BaseForm | None, str]:
    if step == "tra-lai":
        return GiveBackForm(request.POST, prefix="tra-lai"), "give_back"
    if step == "ban-giay":
        return PaperForm(request.POST, prefix="ban-giay"), "paper"
    return None, ""


def _refused(
    request: HttpRequest, pk: int, year: int, refusal: Refusal, form: BaseForm | None, key: str
) -> HttpResponse:
    """Say why; what was typed stays, unless the report is no more before this person."""
    seen = queries.readable(person(request)).filter(pk=pk).first()
    if seen is None:
        tell(request, refusal)
        if form is not None and form.cleaned_data.get("reason"):  # its form is on no page any more
            messages.info(request, f"Nội dung bạn vừa nhập: “{form.cleaned_data['reason']}”")
        return redirect("assessments:year_reports", year=year)
    if form is not None and may_receive(request.user) and not desk.is_city(seen):
        put_refusal(form, refusal)
        return _detail(request, seen, **{key: form})
    tell(request, refusal)
    missing_part = isinstance(refusal, InvalidInput) and not isinstance(refusal, Stale)
    if missing_part and seen.state in queries.OPEN:
        return redirect("assessments:year_report_edit", pk=pk)
    return redirect("assessments:year_report", pk=pk)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file with the report."""
    _seen(request, pk)
    take_paper(request, "báo cáo", partial(deeds.attach, report_id=pk), any_type=True)
    return redirect("assessments:year_report", pk=pk)
