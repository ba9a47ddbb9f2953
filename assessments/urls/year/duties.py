"""Milestones, and who owes what."""

from django.urls import path

from assessments.views.year import calendar, duties

urlpatterns = [
    path("ke-hoach/<int:year>/tien-do/", duties.board, name="duties"),
    path("ke-hoach/<int:year>/tien-do/xa-phuong/<int:pk>/cong-van/", duties.ward_letter, name="duties_ward_letter"),
    path("ke-hoach/<int:year>/tien-do/co-quan/<int:pk>/cong-van/", duties.agency_letter, name="duties_agency_letter"),
    path("ke-hoach/<int:year>/lich/", calendar.month, name="calendar"),
    path("ke-hoach/<int:year>/lich/moc-thoi-gian.ics", calendar.milestones, name="calendar_file"),
]
