"""Helping agencies."""

from django.urls import URLPattern, path

from assessments.views.year import helping

urlpatterns: list[URLPattern] = [
    path("ke-hoach/<int:year>/giup-do/", helping.helping_list, name="helping"),
    path("ke-hoach/<int:year>/giup-do/phan-cong/", helping.assign, name="helping_assign"),
    path("ke-hoach/<int:year>/giup-do/sao-chep/", helping.copy, name="helping_copy"),
    path("giup-do/<int:pk>/", helping.detail, name="helping_detail"),
    path("giup-do/<int:pk>/sua/", helping.edit, name="helping_edit"),
    path("giup-do/<int:pk>/thoi/", helping.end, name="helping_end"),
    path("giup-do/<int:pk>/bo/", helping.remove, name="helping_remove"),
    path("giup-do/<int:pk>/viec/", helping.add_deed, name="helping_deed"),
    path("giup-do/viec/<int:pk>/go/", helping.remove_deed, name="helping_deed_remove"),
]
