"""Show a build of the register in the directory."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from essor.register.build.built import read_build
from essor.register.loading_report import loading_report, problem_in_words
from essor.register.services.following import follow
from essor.register.services.loading import load
from essor.register.types import RegisterError


class Command(BaseCommand):
    """The door to `load`: a folder in, a report out."""

    help = (
        "Load the folder that “essor build_register” made: it is shown in place of the current "
        "vintage, which is kept and can be shown again. Twice is once; a damaged folder changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path, help="folder of the build")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, have all that hangs on the vintage follow, say what changed."""
        try:
            build = read_build(options["folder"])
            rows = sum(file.rows for file in build.manifest.files if file.name in _LOADED)
            with _bar(rows, _("Loading")) as bar:
                loading = load(build, on_progress=lambda rows: _advance(bar, rows))
        except RegisterError as error:
            raise CommandError(problem_in_words(error.problem)) from error
        with _bar(loading.vintage.units, _("Indexing")) as bar:
            has_followed = follow(lambda documents: _advance(bar, documents))
        for line in loading_report(loading):
            self.stdout.write(line)
        if not has_followed:
            self.stdout.write(_("The search index is busy: it will follow in the background."))


_LOADED = ("units.parquet", "establishments.parquet")


def _bar(total: int, label: str) -> "tqdm[Any]":
    return tqdm(total=total, desc=label, unit="", unit_scale=True, delay=2, disable=None)


def _advance(bar: "tqdm[Any]", done: int) -> None:
    bar.update(done)
