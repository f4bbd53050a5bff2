"""The upkeep of the index in the background. A busy index is no failure: the next turn catches up."""

import logging

from django_tasks import task

from essor.search.types import IndexBusyError, IndexUnusableError

logger = logging.getLogger(__name__)


@task
def index_changes() -> None:
    """Index what changed since the last time."""
    from essor.search import services  # it enqueues this task

    try:
        services.index_pending()
    except IndexBusyError:
        logger.info("search.busy")
    except IndexUnusableError:
        services.keep_whole()


@task
def keep_whole() -> None:
    """Rebuild the index if need be, and catch up with what was missed."""
    from essor.search import services  # it enqueues the task above

    try:
        services.keep_whole()
    except IndexBusyError:
        logger.info("search.busy")
