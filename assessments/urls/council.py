"""The ward's council, its meetings, and sending dossiers to the city."""

from django.urls import path

from assessments.views import council, council_members, submission

urlpatterns = [
    path("hoi-dong/thanh-vien/", council_members.member_list, name="council_members"),
    path("hoi-dong/thanh-vien/<int:pk>/", council_members.edit, name="council_member"),
    path("hoi-dong/thanh-vien/<int:pk>/<slug:step>/", council_members.do, name="council_member_do"),
    path("ke-hoach/<int:year>/hoi-dong/", council.meeting_list, name="council"),
    path("ke-hoach/<int:year>/hoi-dong/moi/", council.create, name="council_new"),
    path("hoi-dong/<int:pk>/", council.detail, name="council_meeting"),
    path("hoi-dong/<int:pk>/sua/", council.edit, name="council_edit"),
    path("hoi-dong/<int:pk>/ket-luan/", council.conclude, name="council_conclude"),
    path("hoi-dong/<int:pk>/bo/", council.drop, name="council_drop"),
    path("hoi-dong/<int:pk>/ban-ky/", council.attach, name="council_attach"),
    path("ke-hoach/<int:year>/gui/", submission.submissions, name="submissions"),
    path("gui/<int:pk>/", submission.detail, name="submission"),
    path("gui/<int:pk>/ban-ky/", submission.attach, name="submission_attach"),
]
