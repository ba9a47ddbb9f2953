"""Agencies: assignments, the grid, closing reports."""

from django.urls import URLPattern, path

from assessments.views import agency_reports, assignments, grid

urlpatterns: list[URLPattern] = [
    path("ke-hoach/<int:year>/phan-cong/", assignments.assignments, name="assignments"),
    path("ke-hoach/<int:year>/phan-cong/dien/", assignments.fill, name="assignments_fill"),
    path("ke-hoach/<int:year>/tham-dinh/", grid.grid, name="grid"),
    path("ke-hoach/<int:year>/tham-dinh/o/<int:pk>/<str:key>/", grid.cell, name="grid_cell"),
    path("ke-hoach/<int:year>/tham-dinh/cot/<str:key>/", grid.column, name="grid_column"),
    path("ke-hoach/<int:year>/tham-dinh/hoan-tac/", grid.undo, name="grid_undo"),
    path("ke-hoach/<int:year>/tham-dinh/chot/", agency_reports.close, name="agency_close"),
    path("ke-hoach/<int:year>/co-quan/", agency_reports.agency_list, name="agency_list"),
    path("ke-hoach/<int:year>/bao-cao-tham-dinh/<int:pk>/", agency_reports.detail, name="agency_report"),
    path("ke-hoach/<int:year>/bao-cao-tham-dinh/<int:pk>/mo-lai/", agency_reports.reopen, name="agency_reopen"),
    path("ke-hoach/<int:year>/bao-cao-tham-dinh/<int:pk>/ban-ky/", agency_reports.attach, name="agency_report_attach"),
]
