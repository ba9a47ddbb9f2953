"""A bare application with the upload handler, for a real gunicorn in test_uploads.py; no database."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

from tests.assessments.upload_settings import HANDLERS

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="only for this test",
    ALLOWED_HOSTS=["*"],
    FILE_UPLOAD_HANDLERS=HANDLERS,
    FILE_UPLOAD_TEMP_DIR=os.environ["UPLOAD_TEMP_DIR"],
    UPLOAD_MAX_BYTES=int(os.environ["UPLOAD_MAX_BYTES"]),
)


def receive(request: HttpRequest) -> JsonResponse:
    from assessments import uploads

    return JsonResponse(
        {
            "refused": uploads.refused(request),
            "files": [(file.name, file.size) for file in request.FILES.getlist("files")],
            "fields": request.POST.dict(),
        }
    )


urlpatterns = [path("", receive)]
application = get_wsgi_application()
