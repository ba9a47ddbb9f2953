"""Plans, dossiers, decisions and units."""

from django.urls import path

from assessments.views import decisions, evidence, home, lists, moving, sheet, units

urlpatterns = [
    path("", home.home, name="home"),
    path("ke-hoach/<int:year>/dang-ky/", lists.register, name="register"),
    path("ke-hoach/<int:year>/ho-so/", lists.assessment_list, name="list"),
    path("ke-hoach/<int:year>/quyet-dinh/", decisions.decision_list, name="decision_list"),
    path("ke-hoach/<int:year>/quyet-dinh/moi/", decisions.create, name="decision_new"),
    path("quyet-dinh/<int:pk>/", decisions.detail, name="decision"),
    path("quyet-dinh/<int:pk>/sua/", decisions.edit, name="decision_edit"),
    path("quyet-dinh/<int:pk>/xac-nhan/", decisions.confirm, name="decision_confirm"),
    path("quyet-dinh/<int:pk>/bo/", decisions.drop, name="decision_drop"),
    path("ho-so/<int:pk>/", sheet.detail, name="detail"),
    path("ho-so/<int:pk>/tham-dinh/", sheet.appraise, name="appraise"),
    path("ho-so/<int:pk>/tai-co-so/", sheet.visit_sheet, name="visit_sheet"),
    path("ho-so/<int:pk>/tham-dinh/xac-nhan/", sheet.confirm_self, name="confirm_self"),
    path("ho-so/<int:pk>/muc/<str:key>/", sheet.save, name="save"),
    path("ho-so/<int:pk>/tieu-chuan/<int:number>/dat-het/", sheet.mark_standard, name="mark_standard"),
    path("ho-so/<int:pk>/nam-truoc/", sheet.fill_last_year, name="fill_last_year"),
    path("ho-so/<int:pk>/hoan-tac/<int:event_id>/", sheet.undo, name="undo"),
    path("ho-so/<int:pk>/chuyen/<slug:slug>/", moving.move, name="move"),
    path("ho-so/<int:pk>/minh-chung/<str:key>/them/", evidence.upload, name="evidence_upload"),
    path("ho-so/<int:pk>/minh-chung/<str:key>/mo-hinh/", evidence.add_model, name="evidence_model"),
    path("ho-so/<int:pk>/minh-chung/<int:evidence_id>/go/", evidence.remove, name="evidence_remove"),
    path("ho-so/<int:pk>/minh-chung/<int:evidence_id>/tai/", evidence.download, name="evidence_download"),
    path("to-dan-pho/<int:pk>/", units.detail, name="unit"),
    path("to-dan-pho/<int:pk>/so-lieu/<int:year>/", units.year, name="unit_year"),
]
