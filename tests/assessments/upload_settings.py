"""The handlers as settings.py lists them; test_uploads.py holds the two together."""

HANDLERS = [
    "assessments.uploads.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
