"""Signed papers: a scan or a digitally signed PDF is added to minutes, a report or a decision, and stays."""

from collections.abc import Callable
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from assessments import filetypes, keeping, signatures
from assessments.deeds import InvalidInput
from assessments.models import Attachment

PAPER = "application/pdf"


def attach(
    *,
    user: User,
    target: str,
    owner: Any,
    file: File,
    signed: list[signatures.Signature],
    told: Callable[[Attachment], object],
    any_type: bool = False,
) -> tuple[Attachment, bool]:
    """Keep `file` with its owner (`target` names the field: meeting, visit, report ...); (attachment, is new).

    The caller has checked the right, and looked at the digital signatures (`signed`) before locking anything: that
    takes as long as the file likes, up to a quarter of a minute. `told` writes a new paper into the record, in the
    same transaction. The same content again adds nothing. Broken signatures refuse nothing.
    Raises InvalidInput for anything but a whole PDF within the size limit; with `any_type` for no accepted file.
    The file is deleted again when its row or its record cannot be written.
    """
    kept = keeping.keep(file)
    if isinstance(kept, str):
        raise InvalidInput(kept if any_type else _of_paper(kept), "file")
    if not any_type and kept.type.content_type != PAPER:
        keeping.forget([kept.path])
        raise InvalidInput(f"Tệp “{kept.name}” không phải PDF. Quét hoặc xuất văn bản ra PDF rồi gửi lại.", "file")
    try:
        with transaction.atomic():
            added, new = Attachment.objects.get_or_create(
                **{target: owner},
                sha256=kept.sha256,
                defaults={
                    "file": kept.path,
                    "original_name": kept.name,
                    "content_type": kept.type.content_type,
                    "size": kept.size,
                    "added_by": user,
                    "signatures": signatures.stored(signed),
                },
            )
            if new:
                told(added)
    except BaseException:
        keeping.forget([kept.path])
        raise
    if not new:
        keeping.forget([kept.path])
    return added, new


def _of_paper(sentence: str) -> str:
    """The refusal of a file as said of signed papers: other types that evidence may have do not count here."""
    return sentence.replace(filetypes.accepted_labels(), "PDF").replace("một trong các loại này", "PDF")
