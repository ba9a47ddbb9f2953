"""The upload limit while a request is being read: a file too large never reaches disk or memory whole.

First in settings.FILE_UPLOAD_HANDLERS. Forms put their token and hidden fields before the file input, so
that these are read before the first file. Nothing here knows the database.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

# How many files of the largest size one request may bring; this bounds what it takes of the disk.
FILES_AT_FULL_SIZE = 6
# The rest of a refused file is read and thrown away up to so many times the limit: a browser that cannot
# finish sending shows a broken connection instead of our sentence. Beyond, nobody waits for a page.
DISCARDED_SIZES = 50
_REFUSED = "_refused_uploads"


def limit_label(files: int = 1) -> str:
    """The limit for so many of the largest files as people say it: 20 MB."""
    megabytes = files * settings.UPLOAD_MAX_BYTES / 1024 / 1024
    return f"{megabytes:g} MB".replace(".", ",")


def too_large() -> str:
    """The sentence for one file over the limit."""
    return f"Tệp lớn hơn {limit_label()}. Nén ảnh hoặc tách tệp rồi thử lại. Nội dung đã nhập vẫn còn."


def refused(request: HttpRequest) -> list[tuple[str, str]]:
    """Name and sentence for each file that was stopped while this request was read."""
    request.FILES  # noqa: B018  reading it is what runs the handlers
    found: list[tuple[str, str]] = getattr(request, _REFUSED, [])
    return found


class SizeLimitHandler(FileUploadHandler):
    """Lets files through up to the limit; takes none from people who are not signed in."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._request_length = 0
        self._received = 0  # of the file being read
        self._kept = 0  # of the files before it

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self._request_length = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._received = 0
        user = getattr(self.request, "user", None)
        if user is not None and not user.is_authenticated:
            raise StopUpload(connection_reset=True)
        if self._request_length > DISCARDED_SIZES * settings.UPLOAD_MAX_BYTES:
            self._refuse(too_large())
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._received += len(raw_data)
        if self._received > settings.UPLOAD_MAX_BYTES:
            self._refuse(too_large())
            raise SkipFile
        if self._kept + self._received > FILES_AT_FULL_SIZE * settings.UPLOAD_MAX_BYTES:
            self._refuse(
                f"Tệp chưa được nhận vì mỗi lần chỉ gửi được {limit_label(FILES_AT_FULL_SIZE)}. Gửi tiếp ở lần sau."
            )
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """None: the handlers behind this one keep the file."""
        self._kept += file_size
        return None

    def _refuse(self, sentence: str) -> None:
        found = getattr(self.request, _REFUSED, [])
        setattr(self.request, _REFUSED, [*found, (self.file_name or "", sentence)])
