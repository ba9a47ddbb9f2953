"""The wards' detailed plans."""

from django.urls import path

from assessments.views.year import ward_plans as views

urlpatterns = [
    path("ke-hoach/<int:year>/ke-hoach-xa-phuong/", views.ward_plan_list, name="ward_plans"),
    path("ke-hoach/<int:year>/ke-hoach-xa-phuong/soan/", views.edit, name="ward_plan_edit"),
    path("ke-hoach/<int:year>/ke-hoach-xa-phuong/nam-truoc/", views.fill, name="ward_plan_fill"),
    path("ke-hoach/<int:year>/ke-hoach-xa-phuong/to-ban/", views.units, name="ward_plan_units"),
    path("ke-hoach-xa-phuong/<int:pk>/", views.detail, name="ward_plan"),
    path("ke-hoach-xa-phuong/<int:pk>/gui/", views.send, name="ward_plan_send"),
    path("ke-hoach-xa-phuong/<int:pk>/tra-lai/", views.give_back, name="ward_plan_return"),
    path("ke-hoach-xa-phuong/<int:pk>/ngay-nhan/", views.receive, name="ward_plan_received"),
    path("ke-hoach-xa-phuong/<int:pk>/nhiem-vu/", views.tasks, name="ward_plan_tasks"),
    path("ke-hoach-xa-phuong/<int:pk>/dinh-kem/", views.attach, name="ward_plan_attach"),
]
