"""Delegations and their visits. All pages of visits lie under one folder: the scope of their service worker."""

from django.urls import path

from assessments.views import delegations, visit_worker, visits

urlpatterns = [
    path("ke-hoach/<int:year>/doan/", delegations.delegation_list, name="delegations"),
    path("ke-hoach/<int:year>/doan/moi/", delegations.create, name="delegation_new"),
    path("doan-tham-dinh/<int:pk>/", delegations.detail, name="delegation"),
    path("doan-tham-dinh/<int:pk>/sua/", delegations.edit, name="delegation_edit"),
    path("doan-tham-dinh/<int:pk>/to-ban/", delegations.units, name="delegation_units"),
    path("doan-tham-dinh/<int:pk>/lich/", delegations.schedule, name="delegation_schedule"),
    path("doan-tham-dinh/<int:pk>/quyet-dinh/", delegations.attach, name="delegation_attach"),
    path("tham-dinh-co-so/", visits.my_visits, name="my_visits"),
    path("tham-dinh-co-so/sw.js", visit_worker.worker, name="visit_worker"),
    path("tham-dinh-co-so/<int:pk>/", visits.visit, name="visit"),
    path("tham-dinh-co-so/<int:pk>/bo/", delegations.drop_visit, name="visit_drop"),
    path("tham-dinh-co-so/<int:pk>/bien-ban/", visits.minutes, name="visit_minutes"),
    path("tham-dinh-co-so/<int:pk>/bien-ban/mo-lai/", visits.reopen, name="visit_reopen"),
    path("tham-dinh-co-so/<int:pk>/bien-ban/ban-ky/", visits.attach, name="visit_attach"),
]
