"""The files that SIRENE publishes, as they are found: Parquet, CSV, or a zip that holds one CSV.

Columns are read by their names: others may be added, those that the register needs may not be missing.
All is given as text, empty and masked (`[ND]`) values as NULL; numbers that lost their zeros have them
again. A file of text is first turned into Parquet, in the folder of the build, so that every engine
reads the same rows; lines that are not whole are counted and left out.
"""

import csv
import shutil
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from essor.problems import Problem
from essor.register.build import gettext_noop as _
from essor.register.build.engines.embedded import connected, quoted
from essor.register.types import RegisterError

LARGEST_TEXT = 60 * 1024**3
"""Bytes that a zip may hold: five times the largest file that SIRENE publishes."""
ROOM_LEFT = 1024**3
"""Bytes that are never taken from the disk: the portal and its store live there too."""
MOST_SAMPLES = 5

_BLOCK = 1024 * 1024
_LONGEST_LINE = 1024 * 1024
_DOWNLOAD_AGAIN = _("Download it again: nothing has been changed.")


@dataclass(frozen=True, slots=True)
class Published:
    """A file that SIRENE publishes: columns that are codes, columns that are texts, and those it may lack.

    `padded` gives the digits of the codes that a number would lose zeros from.
    """

    name: str
    codes: tuple[str, ...]
    texts: tuple[str, ...]
    optional: tuple[str, ...]
    padded: dict[str, int] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which the file is refused."""
        return tuple(one for one in (*self.codes, *self.texts) if one not in self.optional)


LEGAL_UNITS = Published(
    "StockUniteLegale",
    codes=(
        "siren",
        "statutDiffusionUniteLegale",
        "unitePurgeeUniteLegale",
        "dateCreationUniteLegale",
        "trancheEffectifsUniteLegale",
        "anneeEffectifsUniteLegale",
        "dateDernierTraitementUniteLegale",
        "etatAdministratifUniteLegale",
        "categorieJuridiqueUniteLegale",
        "activitePrincipaleUniteLegale",
        "nomenclatureActivitePrincipaleUniteLegale",
        "nicSiegeUniteLegale",
        "economieSocialeSolidaireUniteLegale",
        "activitePrincipaleNAF25UniteLegale",
        "caractereEmployeurUniteLegale",
    ),
    texts=(
        "sigleUniteLegale",
        "identifiantAssociationUniteLegale",
        "denominationUniteLegale",
        "denominationUsuelle1UniteLegale",
        "denominationUsuelle2UniteLegale",
        "denominationUsuelle3UniteLegale",
    ),
    optional=(
        "unitePurgeeUniteLegale",
        "activitePrincipaleNAF25UniteLegale",
        "caractereEmployeurUniteLegale",
    ),
    padded={"siren": 9, "categorieJuridiqueUniteLegale": 4, "nicSiegeUniteLegale": 5,
            "trancheEffectifsUniteLegale": 2},
)  # fmt: skip
ESTABLISHMENTS = Published(
    "StockEtablissement",
    codes=(
        "siren",
        "siret",
        "statutDiffusionEtablissement",
        "dateCreationEtablissement",
        "trancheEffectifsEtablissement",
        "anneeEffectifsEtablissement",
        "etablissementSiege",
        "codePostalEtablissement",
        "codeCommuneEtablissement",
        "etatAdministratifEtablissement",
        "activitePrincipaleEtablissement",
        "nomenclatureActivitePrincipaleEtablissement",
        "activitePrincipaleNAF25Etablissement",
        "coordonneeLambertAbscisseEtablissement",
        "coordonneeLambertOrdonneeEtablissement",
        "caractereEmployeurEtablissement",
    ),
    texts=(
        "complementAdresseEtablissement",
        "numeroVoieEtablissement",
        "indiceRepetitionEtablissement",
        "typeVoieEtablissement",
        "libelleVoieEtablissement",
        "enseigne1Etablissement",
        "denominationUsuelleEtablissement",
    ),
    optional=(
        "activitePrincipaleNAF25Etablissement",
        "coordonneeLambertAbscisseEtablissement",
        "coordonneeLambertOrdonneeEtablissement",
        "caractereEmployeurEtablissement",
    ),
    padded={"siren": 9, "siret": 14, "codePostalEtablissement": 5, "codeCommuneEtablissement": 5,
            "trancheEffectifsEtablissement": 2},
)  # fmt: skip
ESS_LIST = Published("ESS France", codes=("siren",), texts=(), optional=(), padded={"siren": 9})


@dataclass(frozen=True, slots=True)
class Opened:
    """An official file ready for an engine: its Parquet, its columns as SQL, and the lines left out of it."""

    path: Path
    select: str
    unreadable: int = 0
    problems: tuple[Problem, ...] = ()


def opened(path: Path, published: Published, work: Path) -> Opened:
    """Open an official file. Raises RegisterError when it is missing, wrong, damaged or cut short."""
    start = _beginning(path)
    if start.startswith(b"PK\x03\x04"):
        path = _extracted(path, work)
        start = _beginning(path)
    if start.startswith(b"PAR1"):
        return _opened_parquet(path, published, work)
    return _opened_text(path, published, work)


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError as error:
        raise RegisterError(
            Problem(
                f"{path} ({error.strerror})",
                _("The file cannot be read."),
                _("Check the name of the file."),
            )
        ) from error
    if not start:
        raise RegisterError(Problem(str(path), _("The file is empty."), _DOWNLOAD_AGAIN))
    return start


def _extracted(path: Path, work: Path) -> Path:
    """Take the one table out of a zip, never more than what it announces, which the disk must have room for."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) != 1:
                raise RegisterError(
                    Problem(
                        str(path),
                        _("This zip does not hold exactly one file."),
                        _("Give the zip that SIRENE publishes, or the file taken out of it."),
                    )
                )
            if members[0].file_size > LARGEST_TEXT:
                raise RegisterError(
                    Problem(str(path), _("What this zip holds is too large."), _DOWNLOAD_AGAIN)
                )
            if members[0].file_size > shutil.disk_usage(work).free - ROOM_LEFT:
                raise _no_room(path)
            target = work / f"{path.stem}.extracted"
            with archive.open(members[0]) as packed, target.open("wb") as out:
                shutil.copyfileobj(packed, out, _BLOCK)
            return target
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise _cut_short(
            path
        ) from error  # RuntimeError: packed in a way that is not ours, or locked
    except OSError as error:
        raise _no_room(path) from error


def _opened_parquet(path: Path, published: Published, work: Path) -> Opened:
    with connected(work) as connection:
        rows = f"read_parquet({quoted(path)}, binary_as_string = true)"
        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()  # noqa: S608
        except duckdb.Error as error:
            raise _cut_short(path) from error
    types = {name: kind for name, kind, *_rest in described}
    _check_columns(path, types, published)
    return Opened(path, _select(published, types))


def _opened_text(path: Path, published: Published, work: Path) -> Opened:
    header, delimiter = _header(path)
    _check_columns(path, header, published)
    _check_end(path, columns=len(header), delimiter=delimiter)
    present = [name for name in (*published.codes, *published.texts) if name in header]
    target = work / f"{published.name.replace(' ', '-')}.source.parquet"
    columns = ", ".join(f'"{name}"' for name in present)
    options = (
        f"delim = '{delimiter}', header = true, all_varchar = true, quote = '\"', escape = '\"',"
        " auto_detect = true, ignore_errors = true, store_rejects = true, rejects_limit = 0"
    )
    with connected(work) as connection:
        source = f"SELECT {columns} FROM read_csv({quoted(path)}, {options})"  # noqa: S608
        try:
            connection.execute(f"COPY ({source}) TO {quoted(target)} (FORMAT parquet)")
        except duckdb.Error as error:
            raise _cut_short(path) from error
        rejected = connection.execute(
            "SELECT line, min(error_message) FROM reject_errors GROUP BY line ORDER BY line"
        ).fetchall()
    problems = tuple(
        Problem(
            f"{path.name}:{line}",
            _("The line is not whole: it is left out."),
            str(message).split("\n", 1)[0][:200],
        )
        for line, message in rejected[:MOST_SAMPLES]
    )
    return Opened(
        target, _select(published, dict.fromkeys(present, "VARCHAR")), len(rejected), problems
    )


def _header(path: Path) -> tuple[list[str], str]:
    with path.open("rb") as stream:
        line = stream.readline(_LONGEST_LINE)
    try:
        text = line.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError as error:
        raise _not_a_table(path) from error
    if "\0" in text or not text:
        raise _not_a_table(path)
    delimiter = max(",;\t", key=text.count)
    return next(csv.reader([text], delimiter=delimiter)), delimiter


def _check_columns(path: Path, found: object, published: Published) -> None:
    names = set(found)  # type: ignore[call-overload]
    missing = [name for name in published.required if name not in names]
    if missing:
        raise RegisterError(
            Problem(
                f"{path} ({published.name}: {', '.join(missing)})",
                _("Columns are missing."),
                _("Give the file of this name, as it is published."),
            )
        )


def _check_end(path: Path, *, columns: int, delimiter: str) -> None:
    """Refuse a file whose last line is broken off: its download stopped before the end."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - _LONGEST_LINE))
        end = stream.read()
    if end.endswith(b"\n"):
        return
    last = end.rsplit(b"\n", 1)[-1].decode("utf-8", errors="replace")
    fields = next(csv.reader([last], delimiter=delimiter), [])
    if len(fields) != columns:
        raise _cut_short(path)


def _select(published: Published, types: dict[str, str]) -> str:
    shown = [_code(name, types.get(name), published.padded.get(name)) for name in published.codes]
    shown += [_text(name, types.get(name)) for name in published.texts]
    return ",\n  ".join(shown)


def _code(name: str, kind: str | None, digits: int | None) -> str:
    if kind is None:
        return f"CAST(NULL AS VARCHAR) AS {name}"
    if kind == "VARCHAR":
        return f"nullif(nullif({name}, ''), '[ND]') AS {name}"
    number = f"CAST({name} AS BIGINT)" if kind in ("DOUBLE", "FLOAT") and digits else name
    text = f"CAST({number} AS VARCHAR)"
    return f"lpad({text}, {digits}, '0') AS {name}" if digits else f"{text} AS {name}"


def _text(name: str, kind: str | None) -> str:
    if kind is None:
        return f"CAST(NULL AS VARCHAR) AS {name}"
    return f"nullif(nullif(trim(CAST({name} AS VARCHAR)), ''), '[ND]') AS {name}"


def _cut_short(path: Path) -> RegisterError:
    return RegisterError(
        Problem(str(path), _("The file is damaged, or was cut short."), _DOWNLOAD_AGAIN)
    )


def _no_room(path: Path) -> RegisterError:
    return RegisterError(
        Problem(
            str(path),
            _("What this zip holds does not fit on the disk."),
            _("Give another folder with --output, or free some space."),
        )
    )


def _not_a_table(path: Path) -> RegisterError:
    return RegisterError(
        Problem(
            str(path),
            _("This is neither Parquet, nor CSV in UTF-8, nor a zip of one."),
            _("Give a stock file of SIRENE, as it is published."),
        )
    )
