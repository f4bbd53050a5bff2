"""Bring the records of a library system into the catalogue."""

from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from essor.catalogue.importers.opening import NotRecords
from essor.catalogue.models import ImportRun
from essor.catalogue.report import import_report
from essor.catalogue.services import import_file


class Command(BaseCommand):
    """The door to `import_file`: a file in, a report out."""

    help = "Import the bibliographic records of a UNIMARC file (ISO 2709, UTF-8). Twice is once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the library system it comes from."""
        parser.add_argument("file", type=Path, help="UNIMARC file in ISO 2709 (.mrc, .pan, .iso)")
        parser.add_argument(
            "--source",
            default="catalogue",
            metavar="CODE",
            help="short name of the library system; control numbers are unique within it (%(default)s)",
        )

        parser.add_argument(
            "--source-name", default="", metavar="NAME", help="its name, as readers know it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what came in and what stayed out."""
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                run = self._import(stream, path=path, options=options)
        except OSError as error:
            reason = _("%(file)s cannot be read: %(reason)s.")
            raise CommandError(reason % {"file": path, "reason": error.strerror}) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for line in import_report(run):
            self.stdout.write(line)
        if run.read == run.rejected:
            raise CommandError(_("No record of this file could be read."))

    def _import(self, stream: BinaryIO, *, path: Path, options: dict[str, Any]) -> ImportRun:
        size = path.stat().st_size
        with tqdm(total=size, unit="B", unit_scale=True, delay=2, disable=None) as bar:
            try:
                return import_file(
                    stream,
                    source_code=options["source"],
                    source_name=options["source_name"],
                    file_name=path.name,
                    on_progress=lambda offset: bar.update(offset - bar.n),
                )
            except NotRecords as error:
                raise CommandError(f"{path} : {_(str(error))}") from error
