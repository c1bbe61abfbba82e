"""Batches run at once, as the worker beside a service would."""

from service.app import Services
from service.usecases.tenancy.batch_worker import BatchWorker


def answer_batch(huice: Services, batch_id: str) -> None:
    """Answer a batch that waits."""
    worker_of(huice).run(batch_id)


def worker_of(huice: Services) -> BatchWorker:
    return BatchWorker(huice.batch_service.batches, huice.compiled, huice.clock)
