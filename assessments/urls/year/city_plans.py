"""The city's plan: drafting, issuing, adjusting."""

from django.urls import path

from assessments.views.year import city_plans as views

urlpatterns = [
    path("ke-hoach/", views.plan_list, name="plan_list"),
    path("ke-hoach/lap-moi/", views.create, name="plan_new"),
    path("ke-hoach/<int:year>/", views.plan_detail, name="plan"),
    path("ke-hoach/<int:year>/du-thao/", views.draft, name="plan_draft"),
    path("ke-hoach/<int:year>/du-thao/sua/", views.edit, name="plan_edit"),
    path("ke-hoach/<int:year>/du-thao/ban-hanh/", views.issue, name="plan_issue"),
    path("ke-hoach/<int:year>/du-thao/bo/", views.discard, name="plan_discard"),
    path("ke-hoach/<int:year>/dieu-chinh/", views.adjust, name="plan_adjust"),
    path("ke-hoach/<int:year>/ket-thuc/", views.close, name="plan_close"),
    path("ke-hoach/<int:year>/mo-lai/", views.reopen, name="plan_reopen"),
    path("ke-hoach/<int:year>/dinh-kem/", views.attach, name="plan_attach"),
]
