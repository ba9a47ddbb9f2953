from django.urls import path, register_converter

from reports.views import certificates, estimates, offices, orders, papers, plan_papers
from reports.views.common import SubjectConverter

register_converter(SubjectConverter, "subject")

app_name = "reports"

urlpatterns = [
    path("ke-hoach/<int:year>/van-ban/", plan_papers.papers_of_plan, name="papers_of_plan"),
    path("ke-hoach/<int:year>/kinh-phi/mau.xlsx", estimates.template, name="estimate_template"),
    path("van-ban/<slug:code>/<subject:subject>/", papers.preview, name="paper"),
    path("van-ban/<slug:code>/<subject:subject>/trang/", papers.pages, name="paper_pages"),
    path("van-ban/<slug:code>/<subject:subject>/tep.<slug:form>", papers.file, name="paper_file"),
    path("van-ban/<slug:code>/<subject:subject>/trang-<int:page>.png", papers.page, name="paper_page"),
    path("co-quan-ky/", offices.offices, name="offices"),
    path("co-quan-ky/nguoi-ky/<int:pk>/", offices.signer, name="signer"),
    path("co-quan-ky/ten/<int:pk>/", offices.name, name="office_name"),
    path("co-quan-ky/co-quan/<int:pk>/ten/", offices.name_new, name="office_name_new"),
    path("co-quan-ky/<slug:kind>/<int:pk>/", offices.office, name="office"),
    path("co-quan-ky/<slug:kind>/<int:pk>/nguoi-ky/", offices.signer_new, name="signer_new"),
    path("xac-nhan/", certificates.ask, name="certificate_ask"),
    path("xac-nhan/<str:code>/", certificates.check, name="certificate_check"),
    # Many at once
    path("in/", orders.orders, name="orders"),
    path("in/dat/<slug:code>/<subject:subject>/", orders.order_new, name="order_new"),
    path("in/<int:pk>/", orders.order, name="order"),
    path("in/<int:pk>/tien-do/", orders.progress, name="order_progress"),
    path("in/<int:pk>/huy/", orders.cancel, name="order_cancel"),
    path("in/<int:pk>/thu-lai/", orders.retry, name="order_retry"),
    path("in/<int:pk>/tep/", orders.file, name="order_file"),
]
