"""Lists of other directories, stating only what a case is about."""

import csv
import io
from datetime import date
from pathlib import Path

from essor.register.importers.directories import ListKind
from essor.register.services.directories import ListAsked, import_list

HDF = Path(__file__).parents[3] / "shared" / "data" / "hdf"
SIAE_FILE = HDF / "siae-hauts-de-france-2020-12.csv"
FINESS_FILE = HDF / "finess-hauts-de-france-extrait-2026-01.csv"
SIREN = "784671695"
SIRET = "78467169500012"
OTHER_SIREN = "443061841"
DAY = date(2020, 12, 18)


def a_list(*rows, delimiter=",", encoding="utf-8"):
    """A table with a heading made of all the columns that its rows have."""
    columns = list(dict.fromkeys(column for row in rows for column in row)) or ["nom"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def asked(**changes):
    values = {"name": "Liste", "licence": "Licence Ouverte 2.0", "source_date": DAY, **changes}
    return ListAsked(**values)


def import_rows(*rows, file_name="liste.csv", **changes):
    return import_list(a_list(*rows), file_name=file_name, asked=asked(**changes))


def import_siae(*rows, **changes):
    return import_rows(*rows, kind=ListKind.SIAE, name="SIAE", **changes)
