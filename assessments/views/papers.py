"""The checked way to signed papers, and the one way in."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from assessments import filetypes, keeping, signatures, uploads
from assessments.deeds import Refusal
from assessments.models import Attachment
from assessments.permissions import visible_attachments
from assessments.views.common import file_response, or_404, person, tell


@require_safe
@or_404
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """A signed paper, for whoever sees what it belongs to."""
    found = visible_attachments(person(request)).get(pk=pk)
    return file_response(found.file, found.original_name, found.content_type)


def take_paper(
    request: HttpRequest, what: str, keep: Callable[..., tuple[Attachment, bool]], *, any_type: bool = False
) -> None:
    """Give the posted file to a deed that keeps signed papers (user=, file=); the next page tells what came of it.

    `what` names the paper where the form brought none, for instance: biên bản đã ký; `any_type` says that the deed
    takes every accepted type, not only PDF.
    """
    stopped, file = uploads.refused(request), request.FILES.get("file")
    for name, sentence in stopped:
        messages.error(request, keeping.named(name, sentence))
    if file is None:
        if not stopped:
            taken = f" Nhận {filetypes.accepted_labels()}." if any_type else ""
            messages.error(request, f"Chọn tệp{'' if any_type else ' PDF'} của {what} rồi gửi lại.{taken}")
        return
    try:
        added, new = keep(user=person(request), file=file)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã đính kèm “{added}”." if new else f"Tệp này đã có với tên “{added}”.")
        _warn(request, added)


def _warn(request: HttpRequest, added: Attachment) -> None:
    """A paper is kept with a bad signature too; whoever brought it learns so at once, while the signer is near."""
    bad = [one for one in signatures.of(added.signatures) or [] if not one.sound]
    if bad:
        told = "; ".join(f"{one.signer}: {one.verdict}" if one.signer else one.verdict for one in bad)
        messages.warning(
            request,
            f"Kiểm tra lại chữ ký số của “{added}”: {told}. Tệp vẫn được giữ; nếu cần, đính kèm thêm bản ký đúng.",
        )
