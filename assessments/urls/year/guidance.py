"""Guidance of the agencies."""

from django.urls import URLPattern, path

from assessments.views.year import guidance

urlpatterns: list[URLPattern] = [
    path("ke-hoach/<int:year>/huong-dan/", guidance.guidance_list, name="guidance"),
    path("ke-hoach/<int:year>/huong-dan/moi/", guidance.create, name="guidance_new"),
    path("huong-dan/<int:pk>/", guidance.detail, name="guidance_detail"),
    path("huong-dan/<int:pk>/sua/", guidance.edit, name="guidance_edit"),
    path("huong-dan/<int:pk>/dinh-kem/", guidance.attach, name="guidance_attach"),
    path("huong-dan/<int:pk>/cong-bo/", guidance.publish, name="guidance_publish"),
    path("huong-dan/<int:pk>/thoi-ap-dung/", guidance.withdraw, name="guidance_withdraw"),
    path("huong-dan/<int:pk>/ban-moi/", guidance.renew, name="guidance_renew"),
    path("huong-dan/<int:pk>/bo/", guidance.discard, name="guidance_discard"),
]
