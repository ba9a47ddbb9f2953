"""Commendation."""

from django.urls import path

from assessments.views.year import commendation_decisions as decisions
from assessments.views.year import commendations

urlpatterns = [
    path("ke-hoach/<int:year>/khen-thuong/", commendations.commendation_list, name="commendations"),
    path("ke-hoach/<int:year>/khen-thuong/moi/", commendations.create, name="commendation_new"),
    path("ke-hoach/<int:year>/khen-thuong/gui/", commendations.send, name="commendations_send"),
    path("ke-hoach/<int:year>/khen-thuong/xet/", commendations.judge, name="commendations_judge"),
    path("ke-hoach/<int:year>/khen-thuong/quyet-dinh/moi/", decisions.create, name="commendation_decision_new"),
    path("khen-thuong/<int:pk>/", commendations.detail, name="commendation"),
    path("khen-thuong/<int:pk>/sua/", commendations.edit, name="commendation_edit"),
    path("khen-thuong/<int:pk>/xoa/", commendations.remove, name="commendation_remove"),
    path("khen-thuong/<int:pk>/rut/", commendations.withdraw, name="commendation_withdraw"),
    path("quyet-dinh-khen-thuong/<int:pk>/", decisions.detail, name="commendation_decision"),
    path("quyet-dinh-khen-thuong/<int:pk>/sua/", decisions.edit, name="commendation_decision_edit"),
    path("quyet-dinh-khen-thuong/<int:pk>/bo/", decisions.drop, name="commendation_decision_drop"),
    path("quyet-dinh-khen-thuong/<int:pk>/xac-nhan/", decisions.confirm, name="commendation_decision_confirm"),
    path("quyet-dinh-khen-thuong/<int:pk>/dinh-kem/", decisions.attach, name="commendation_decision_attach"),
]
