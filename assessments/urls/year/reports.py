"""Half-year and yearly reports."""

from django.urls import path

from assessments.views.year import reports

urlpatterns = [
    path("ke-hoach/<int:year>/bao-cao/", reports.report_list, name="year_reports"),
    path("ke-hoach/<int:year>/bao-cao/<slug:period>/", reports.begin, name="year_report_begin"),
    path("bao-cao-ky/<int:pk>/", reports.detail, name="year_report"),
    path("bao-cao-ky/<int:pk>/soan/", reports.edit, name="year_report_edit"),
    path("bao-cao-ky/<int:pk>/tep/", reports.attach, name="year_report_attach"),
    path("bao-cao-ky/<int:pk>/<slug:step>/", reports.step, name="year_report_step"),
]
