"""Estimates, their appraisal and approval."""

from django.urls import path

from assessments.views.year import budget, budget_appraisal, budget_decisions

urlpatterns = [
    path("ke-hoach/<int:year>/kinh-phi/", budget.table, name="budget"),
    path("ke-hoach/<int:year>/kinh-phi/lap/", budget.create, name="estimate_new"),
    path("ke-hoach/<int:year>/kinh-phi/tu-excel/", budget.read_excel, name="estimate_import"),
    path("ke-hoach/<int:year>/kinh-phi/quyet-dinh/", budget_decisions.create, name="budget_decision_new"),
    path("du-toan/<int:pk>/", budget.detail, name="estimate"),
    path("du-toan/<int:pk>/sua/", budget.edit, name="estimate_edit"),
    path("du-toan/<int:pk>/gui/", budget.send, name="estimate_send"),
    path("du-toan/<int:pk>/ngay-nhan/", budget.paper_day, name="estimate_paper_day"),
    path("du-toan/<int:pk>/dinh-kem/", budget.attach, name="estimate_attach"),
    path("du-toan/<int:pk>/tham-dinh/", budget_appraisal.appraise, name="estimate_appraise"),
    path("du-toan/<int:pk>/tra-lai/", budget_appraisal.give_back, name="estimate_return"),
    path("du-toan/<int:pk>/mo-lai/", budget_appraisal.reopen, name="estimate_reopen"),
    path("quyet-dinh-kinh-phi/<int:pk>/", budget_decisions.detail, name="budget_decision"),
    path("quyet-dinh-kinh-phi/<int:pk>/sua/", budget_decisions.edit, name="budget_decision_edit"),
    path(
        "quyet-dinh-kinh-phi/<int:pk>/du-toan/<int:estimate>/", budget_decisions.amounts, name="budget_decision_amounts"
    ),
    path("quyet-dinh-kinh-phi/<int:pk>/xac-nhan/", budget_decisions.confirm, name="budget_decision_confirm"),
    path("quyet-dinh-kinh-phi/<int:pk>/bo/", budget_decisions.drop, name="budget_decision_drop"),
    path("quyet-dinh-kinh-phi/<int:pk>/dinh-kem/", budget_decisions.attach, name="budget_decision_attach"),
]
