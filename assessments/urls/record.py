"""The record, the picture of the road, and notices."""

from django.urls import path

from assessments.views import notices, record, workflow

urlpatterns = [
    path("ho-so/<int:pk>/nhat-ky/", record.record, name="record"),
    path("ke-hoach/<int:year>/nhat-ky/", record.plan_record, name="plan_record"),
    path("ke-hoach/<int:year>/nhat-ky/ma-bam/", record.heads, name="record_heads"),
    path("ke-hoach/<int:year>/nhat-ky/kiem-tra/", record.check, name="record_check"),
    path("quy-trinh/", workflow.picture, name="workflow"),
    path("thong-bao/", notices.notice_list, name="notices"),
    path("thong-bao/da-doc/", notices.read_all, name="notices_read"),
    path("thong-bao/nhan-thu/", notices.mail_preference, name="notices_mail"),
    path("thong-bao/<int:pk>/", notices.go, name="notice"),
]
