"""Writes of the catalogue: imports, withdrawals, works and duplicates, baskets, sources."""

from essor.catalogue.services.baskets import add_to_basket, create_basket, import_basket
from essor.catalogue.services.importing import store_received
from essor.catalogue.services.imports import (
    RunBusy,
    ask_to_stop,
    close_run,
    import_file,
    prepare_run,
    resumable_run,
    resume,
    run_import,
)
from essor.catalogue.services.sources import source_known_as, stored_profile
from essor.catalogue.services.withdrawals import (
    WithdrawalRefused,
    missing_records,
    withdraw_missing,
    withdraw_records,
)
from essor.catalogue.services.works import join_work, part_duplicate, part_from_work

__all__ = [
    "RunBusy",
    "WithdrawalRefused",
    "add_to_basket",
    "ask_to_stop",
    "close_run",
    "create_basket",
    "import_basket",
    "import_file",
    "join_work",
    "missing_records",
    "part_duplicate",
    "part_from_work",
    "prepare_run",
    "resumable_run",
    "resume",
    "run_import",
    "source_known_as",
    "store_received",
    "stored_profile",
    "withdraw_missing",
    "withdraw_records",
]
