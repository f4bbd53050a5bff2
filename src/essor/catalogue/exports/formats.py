"""The formats that a reader can choose, by the end of the address of a download."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from essor.catalogue.exports import bibtex, data, dublin_core, isbd, marc, ris
from essor.catalogue.exports.types import Published

Writer = Callable[[Published], bytes]
Streamer = Callable[[Iterable[Published]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """One way out: `/catalogue/12.ris`. `one` writes one record, `many` the pieces of a file of them.

    `extension` ends the address, `label` is what readers see. `needs_marc` asks for the records as
    they were received, which lists leave in the store.
    """

    extension: str
    label: Promise | str
    content_type: str
    one: Writer
    many: Streamer
    needs_marc: bool = False


def _text(of: Callable[[Published], str]) -> tuple[Writer, Streamer]:
    """Make the writers of a format whose file is one text after another."""
    return (lambda record: of(record).encode()), (
        lambda records: (of(record).encode() for record in records)
    )


def _first(many: Streamer) -> Writer:
    """Make the writer of one record of a format that is always a list."""
    return lambda record: b"".join(many([record]))


FORMATS: dict[str, Format] = {
    each.extension: each
    for each in (
        Format("ris", "RIS", "application/x-research-info-systems", *_text(ris.ris_of)),
        Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8", *_text(bibtex.bibtex_of)),
        Format(
            "csl.json",
            "CSL-JSON",
            "application/vnd.citationstyles.csl+json",
            _first(data.csl_collection),
            data.csl_collection,
        ),
        Format(
            "txt",
            _("Citation in one line"),
            "text/plain; charset=utf-8",
            *_text(lambda record: f"{isbd.isbd_of(record)}\n"),
        ),
        Format(
            "mrc",
            _("MARC (ISO 2709)"),
            "application/marc",
            marc.iso2709_of,
            lambda records: map(marc.iso2709_of, records),
            needs_marc=True,
        ),
        Format(
            "xml",
            "MARCXML",
            "application/marcxml+xml",
            marc.written,
            marc.collection,
            needs_marc=True,
        ),
        Format(
            "dc.xml",
            "Dublin Core",
            "application/xml",
            dublin_core.written,
            dublin_core.collection,
        ),
        Format("json", "JSON", "application/json", data.written, data.collection),
        Format(
            "csv",
            _("Table (CSV)"),
            "text/csv; charset=utf-8",
            _first(data.table),
            data.table,
        ),
    )
}
