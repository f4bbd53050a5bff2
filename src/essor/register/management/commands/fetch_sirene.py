"""`essor fetch_sirene`: bring the official monthly files that the register is built from."""

import re
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from essor.fetching import (
    BadAnswer,
    Downloaded,
    FetchError,
    NoNameService,
    ServerRefusal,
    Unreachable,
    portal_client,
)
from essor.fetching.errors import kept_words
from essor.presentation.problems import said
from essor.register.services.official_files import BASE, FILES, OfficialFile, fetch_official_file
from essor.register.types import RegisterError

MB = 1_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TOO_OFTEN = 429
"""From this code on a refusal is a passing one: too often, or a server in trouble."""


class Command(BaseCommand):
    """The door to `fetch_official_file`, one file after the other."""

    help = (
        "Download the legal units and the establishments of SIRENE (Parquet, some 2.5 GB). A second run "
        "brings nothing if nothing has changed; a run that was stopped goes on where it was."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, which file, from where, and its checksum if it is known."""
        parser.add_argument(
            "--to", type=Path, default=settings.HOME / "sirene", help="folder (%(default)s)"
        )
        parser.add_argument(
            "--only", choices=[file.key for file in FILES], help="one of the files (both)"
        )
        parser.add_argument(
            "--base", default=BASE, metavar="URL", help="address of the folder online (%(default)s)"
        )
        parser.add_argument(
            "--sha256",
            type=_checksum,
            metavar="HEX",
            help="checksum to verify, with --only: the publisher gives none for such large files",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring each file, and say what came."""
        if options["sha256"] and not options["only"]:
            raise CommandError(_("A checksum is that of one file: say which one with --only."))
        for file in FILES:
            if options["only"] in (None, file.key):
                self._fetch(file, options)

    def _fetch(self, file: OfficialFile, options: dict[str, Any]) -> None:
        bar = tqdm(unit="B", unit_scale=True, desc=file.name, disable=None)

        def show(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        try:
            with bar:
                done = fetch_official_file(
                    file,
                    options["to"],
                    base=options["base"],
                    client=portal_client(),
                    now=timezone.now(),
                    on_progress=show,
                    sha256=options["sha256"] or "",
                )
                elapsed_s = bar.format_dict["elapsed"]
        except FetchError as error:
            raise CommandError(f"{file.name}: {error.what} {_advice(error)}") from error
        except RegisterError as error:
            raise CommandError(said(error.problem)) from error
        except OSError as error:
            raise CommandError(
                _("%(folder)s cannot be written (%(reason)s). Choose another folder with --to.")
                % {"folder": options["to"], "reason": error.strerror}
            ) from error
        self._tell(file, done, elapsed_s)

    def _tell(self, file: OfficialFile, done: Downloaded, elapsed_s: float) -> None:
        values = {
            "name": file.name,
            "size": f"{done.receipt.size / MB:,.1f}",
            "received": f"{done.received / MB:,.1f}",
            "rate": f"{done.received / MB / max(elapsed_s, 0.001):,.1f}",
            "date": done.receipt.last_modified or _("date not stated"),
            "sha256": done.receipt.sha256,
        }
        if not done.is_new:
            self.stdout.write(_("%(name)s: the latest is there (%(date)s).") % values)
            return
        if done.restarted:
            self.stdout.write(
                _("The start that was kept could not be completed: all was fetched again.")
            )
        self.stdout.write(
            _("%(name)s: %(received)s MB received, %(rate)s MB/s; %(size)s MB in all, of %(date)s.")
            % values
        )
        self.stdout.write(f"SHA-256 {done.receipt.sha256}")


def _checksum(text: str) -> str:
    if not _SHA256.fullmatch(text.strip().lower()):
        raise ArgumentTypeError(_("a SHA-256 has 64 hexadecimal digits"))
    return text.strip().lower()


def _advice(error: FetchError) -> str:
    """Say what to do: nothing is tried again by itself, unlike the feeds of the portal."""
    if isinstance(error, ServerRefusal) and error.retry_after_s:
        minutes = -(-error.retry_after_s // 60)
        return (
            ngettext(
                "It asks to wait for %(minutes)d minute.",
                "It asks to wait for %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes}
            + " "
            + kept_words()
        )
    passing = (Unreachable, NoNameService, BadAnswer)
    if isinstance(error, passing) or getattr(error, "status", 0) >= _TOO_OFTEN:
        return kept_words()
    return error.advice
