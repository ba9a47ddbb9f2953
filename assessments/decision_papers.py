"""The signed decision: scans or digitally signed PDFs are added to it, by whoever makes it, and stay for ever."""

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from assessments import signatures
from assessments.attaching import attach
from assessments.deeds import Refusal, record
from assessments.models import Assessment, Attachment, Decision, Event
from assessments.permissions import may_attach_to_decision


def attach_decision(*, user: User, decision_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep a PDF with the decision, before or after its confirmation; (attachment, is new).

    Every dossier of the decision records it. Raises Refusal without the right, InvalidInput for a file
    that is no PDF or too large, Decision.DoesNotExist.
    """
    if not may_attach_to_decision(user):
        raise Refusal("Chỉ cơ quan nội vụ và lãnh đạo thành phố đính kèm bản ký của quyết định.")
    signed = signatures.look(file)
    with transaction.atomic():
        decision = Decision.objects.select_for_update(no_key=True).get(pk=decision_id)
        return attach(
            user=user,
            target="decision",
            owner=decision,
            file=file,
            signed=signed,
            told=lambda kept: _record(decision, kept, user),
        )


def _record(decision: Decision, kept: Attachment, user: User) -> None:
    dossiers = Assessment.objects.filter(decision_lines__decision=decision)
    for assessment in dossiers.select_for_update(of=("self",), no_key=True).order_by("pk"):
        record(
            assessment,
            Event.Kind.ATTACHED,
            user,
            action="decision",
            data={
                "decision": decision.pk,
                "number": decision.number,
                "attachment": kept.pk,
                "name": kept.original_name,
                "sha256": kept.sha256,
            },
        )
