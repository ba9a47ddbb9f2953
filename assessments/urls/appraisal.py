"""Home affairs: the layers side by side, questions, concluding; signed papers."""

from django.urls import URLPattern, path

from assessments.views import appraisal, corrections, papers, questions

urlpatterns: list[URLPattern] = [
    path("ke-hoach/<int:year>/ket-luan/", appraisal.dossier_list, name="appraisal_list"),
    path("ke-hoach/<int:year>/ket-luan/thuc-hien/", appraisal.step, name="appraisal_step"),
    path("ho-so/<int:pk>/doi-chieu/", appraisal.compare_page, name="compare"),
    path("ho-so/<int:pk>/muc/<str:key>/hoi/", questions.ask, name="ask"),
    path("giai-trinh/", questions.question_list, name="question_list"),
    path("giai-trinh/<int:pk>/", questions.question, name="question"),
    path("quyet-dinh/<int:pk>/dinh-chinh/", corrections.create, name="correction_new"),
    path("quyet-dinh/<int:pk>/dinh-chinh/sua/", corrections.edit, name="correction_edit"),
    path("quyet-dinh/<int:pk>/ban-ky/", corrections.attach, name="decision_attach"),
    path("van-ban-ky/<int:pk>/", papers.attachment, name="attachment"),
]
