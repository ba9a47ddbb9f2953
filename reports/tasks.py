"""Work in the background, as django-tasks knows it. Each task may be called too often: it then finds nothing to do."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import QuerySet
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from reports.models import PrintJob


@task
def print_lane(job_id: int) -> None:
    """Make papers of an order until none is free; several lanes share an order."""
    from reports import working

    working.work_off(job_id)


@task
def bind_order(job_id: int) -> None:
    """Put the papers of an order into one file and tell its owner."""
    from reports import working

    working.finish(job_id)


OURS = (print_lane.module_path, bind_order.module_path)


def call_lanes(job: PrintJob) -> None:
    """As many lanes as may work on one order, and no more than it has papers to be made."""
    unmade = job.parts.filter(file__isnull=True, error="").count()
    for _ in range(min(settings.PRINT_LANES, unmade)):
        print_lane.enqueue(job.pk)
    if not unmade:
        bind_order.enqueue(job.pk)


def of_job(job_id: int, paths: Sequence[str] = OURS) -> QuerySet[DBTaskResult]:
    """The rows of tasks that were called for this order."""
    return DBTaskResult.objects.filter(task_path__in=paths, args_kwargs__args=[job_id])
