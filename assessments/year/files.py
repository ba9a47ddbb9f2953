"""Files of the year: the text of a plan, the signed estimate, the scan of a decision, a photograph of a model."""

from django.core.files.base import File
from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.models import User
from assessments import signatures
from assessments.attaching import attach
from assessments.models import Attachment, Event, Plan
from assessments.year.rows import lock, note, open_plan

# What may be more than a PDF: guidance is often a Word file, a model is shown by photographs.
_ANY_TYPE = ("guidance", "community_model", "year_report", "city_plan")
_OF_NO_YEAR = "community_model"


def add_file(
    *, user: User, target: str, visible: QuerySet[Model], pk: int, plan: Plan, kind: Event.Kind, file: File
) -> tuple[Attachment, bool]:
    """Keep a file with the row that `target` names; (attachment, is new). The caller has checked the right to write.

    The plan's record tells of it. Raises InvalidInput for a file that is not accepted, the model's DoesNotExist
    outside the person's scope, Refusal once the plan is closed.
    """
    signed = signatures.look(file)
    with transaction.atomic():
        if target != _OF_NO_YEAR:
            open_plan(plan.pk)
        owner = lock(visible, pk)
        return attach(
            user=user,
            target=target,
            owner=owner,
            file=file,
            signed=signed,
            any_type=target in _ANY_TYPE,
            told=lambda kept: note(
                plan,
                kind,
                user,
                owner,
                f"Đính kèm tệp “{kept.original_name}”",
                action="attached",
                changes=[("Mã kiểm tra", "", kept.sha256)],
            ),
        )
