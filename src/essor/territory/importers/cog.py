"""Read the published files of a year of the COG, and outlines, into rows.

The folder holds `cog/communes-<year>.json.gz`, `epci-`, `ept-`, `departements-`, `regions-<year>.json`
as etalab publishes them, and `contours/*.geojson`. Populations are those of the communes' file,
summed for larger territories, so that the parts always make the whole: the populations which the
EPCI file repeats are of another vintage and are left aside. "France" is, as for INSEE, the
territories with a department: mainland and the five overseas regions.
"""

import gzip
import json
import math
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from essor.problems import Problem
from essor.territory.importers import gettext_noop as _
from essor.territory.rules import encode_ring
from essor.territory.types import ContourRow, Kind, Polygons, TerritoryFileError, TerritoryRow

COUNTRY_CODE = "FR"
_OUTSIDE_FRANCE_OF_INSEE = "com"
_KINDS = {
    "commune-actuelle": Kind.COMMUNE,
    "arrondissement-municipal": Kind.MUNICIPAL_ARRONDISSEMENT,
    "commune-deleguee": Kind.FORMER_COMMUNE,
    "commune-associee": Kind.FORMER_COMMUNE,
}
Entry = dict[str, Any]

_UNREADABLE = (
    _("The file cannot be read as the published one."),
    _("Download it again and start over: nothing has been changed."),
)
_NOT_A_TERRITORY = (
    _("Its sort, its code or its name is missing or not known."),
    _("It is left out. Check it in the published file."),
)
_NO_POPULATION = (
    _("Its population is not a whole number."),
    _("It is kept as unknown. Check it in the published file."),
)
_NO_MEMBER = (
    _("This member is no commune of that year, or belongs to another group."),
    _("It is left out of the group. Check that the files are of the same year."),
)
_NO_OUTLINE = (
    _("This is no outline on Earth of a territory with a code."),
    _("It is left out. Check it in the published file."),
)


@dataclass(frozen=True, slots=True)
class OutlineFile:
    """One file of outlines: what it outlines, where it comes from, and how many decimals to keep."""

    path: str
    kind: Kind
    source: str
    decimals: int = 5


OUTLINES = (
    OutlineFile(
        "epci-hauts-de-france-2026-derives.geojson",
        Kind.EPCI,
        "IGN Admin Express 2018, communes réunies selon les membres de 2026",
    ),
    OutlineFile("communes-mel-2018.geojson", Kind.COMMUNE, "IGN Admin Express 2018"),
    OutlineFile(
        "departements-metropole-simplifies-2018.geojson",
        Kind.DEPARTMENT,
        "IGN Admin Express 2018, simplifié",
        decimals=3,
    ),
    OutlineFile(
        "regions-metropole-simplifiees-2018.geojson",
        Kind.REGION,
        "IGN Admin Express 2018, simplifié",
        decimals=3,
    ),
)


def read_cog(folder: Path, year: int) -> Iterator[TerritoryRow | Problem]:
    """Give every territory of one year, larger ones first. Raises TerritoryFileError on a missing file."""
    published = {
        name: _load(_existing(folder / "cog", f"{name}-{year}"))
        for name in ("communes", "epci", "ept", "departements", "regions")
    }
    yield from rows_of(published)


def rows_of(published: Mapping[str, list[Entry]]) -> Iterator[TerritoryRow | Problem]:
    """Give the rows of decoded files, by name of file."""
    communes, problems = _keep_known(published["communes"])
    yield from problems
    current = {entry["code"]: entry for entry in communes if _kind(entry) is Kind.COMMUNE}
    yield TerritoryRow(
        Kind.COUNTRY, COUNTRY_CODE, "France", population=_sum(current.values(), _counts_in_france)
    )
    for entry in published["regions"]:
        yield _larger(entry, Kind.REGION, current, "region")
    for entry in published["departements"]:
        yield _larger(entry, Kind.DEPARTMENT, current, "departement")
    group_of: dict[Kind, dict[str, str]] = {}
    for kind, name in ((Kind.EPCI, "epci"), (Kind.EPT, "ept")):
        group_of[kind] = yield from _groups(published[name], kind, current)
    for entry in sorted(communes, key=lambda entry: list(Kind).index(_kind(entry))):
        yield _commune(entry, group_of)


def _existing(folder: Path, stem: str) -> Path:
    for name in (f"{stem}.json", f"{stem}.json.gz"):
        if (folder / name).exists():
            return folder / name
    raise TerritoryFileError(
        Problem(
            f"{folder / stem}.json(.gz)",
            _("The file is missing."),
            _("Give the folder that holds the published files of that year."),
        )
    )


def _load(path: Path) -> list[Entry]:
    try:
        content = path.read_bytes()
        decoded = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    except (OSError, EOFError, ValueError, RecursionError) as error:
        raise TerritoryFileError(Problem(f"{path} ({error})", *_UNREADABLE)) from error
    if not isinstance(decoded, list):
        raise TerritoryFileError(Problem(str(path), *_UNREADABLE))
    return [entry for entry in decoded if isinstance(entry, dict)]


def _kind(entry: Entry) -> Kind:
    return _KINDS[entry["type"]]


def _keep_known(entries: Iterable[Entry]) -> tuple[list[Entry], list[Problem]]:
    kept, problems = [], []
    for entry in entries:
        where = f"commune {entry.get('code') or '?'}"
        if entry.get("type") not in _KINDS or not entry.get("code") or not entry.get("nom"):
            problems.append(Problem(where, *_NOT_A_TERRITORY))
            continue
        if "population" in entry and _population(entry) is None:
            problems.append(Problem(where, *_NO_POPULATION))
        kept.append(entry)
    return kept, problems


def _population(entry: Entry) -> int | None:
    value = entry.get("population")
    return value if isinstance(value, int) and value >= 0 else None


def _counts_in_france(entry: Entry) -> bool:
    return entry.get("zone") != _OUTSIDE_FRANCE_OF_INSEE


def _sum(entries: Iterable[Entry], counts: Any = lambda entry: True) -> int | None:
    """Add populations; the sum of what is not known is not known."""
    populations = [_population(entry) for entry in entries if counts(entry)]
    known = [population for population in populations if population is not None]
    return sum(known) if known and len(known) == len(populations) else None


def _larger(
    entry: Entry, kind: Kind, current: Mapping[str, Entry], column: str
) -> TerritoryRow | Problem:
    members = [commune for commune in current.values() if commune.get(column) == entry.get("code")]
    if not entry.get("code") or not entry.get("nom"):
        return Problem(f"{column} {entry.get('code') or '?'}", *_NOT_A_TERRITORY)
    return TerritoryRow(
        kind,
        entry["code"],
        entry["nom"],
        population=_sum(members),
        region=entry.get("region", "") if kind is Kind.DEPARTMENT else "",
    )


def _groups(
    entries: list[Entry], kind: Kind, current: Mapping[str, Entry]
) -> Generator[TerritoryRow | Problem, None, dict[str, str]]:
    """Give the groups of communes of one kind; return the group of each commune."""
    group_of: dict[str, str] = {}
    for entry in entries:
        code, members = entry.get("code", ""), []
        for member in entry.get("membres", ()):
            commune = member.get("code", "")
            if commune not in current or commune in group_of:
                yield Problem(f"{kind} {code}, commune {commune}", *_NO_MEMBER)
                continue
            group_of[commune] = code
            members.append(current[commune])
        yield TerritoryRow(
            kind,
            code,
            entry.get("nom", ""),
            nature=entry.get("type", ""),
            population=_sum(members),
            department=_only(members, "departement"),
            region=_only(members, "region"),
        )
    return group_of


def _only(members: Iterable[Entry], column: str) -> str:
    """Give the value that all members share; nothing when they straddle two."""
    values = {member.get(column, "") for member in members}
    return values.pop() if len(values) == 1 else ""


def _commune(entry: Entry, group_of: Mapping[Kind, Mapping[str, str]]) -> TerritoryRow:
    kind = _kind(entry)
    whole = entry.get("commune") or entry.get("chefLieu") or ""
    seat = entry["code"] if kind is Kind.COMMUNE else whole
    return TerritoryRow(
        kind,
        entry["code"],
        entry["nom"],
        nature=entry["type"] if kind is Kind.FORMER_COMMUNE else "",
        population=_population(entry),
        commune="" if kind is Kind.COMMUNE else whole,
        ept=group_of[Kind.EPT].get(seat, ""),
        epci=group_of[Kind.EPCI].get(seat, ""),
        department=entry.get("departement", ""),
        region=entry.get("region", ""),
    )


# Outlines


def read_outlines(folder: Path) -> Iterator[ContourRow | Problem]:
    """Give the outlines of the files known to this module. Raises TerritoryFileError on a missing one."""
    for outline in OUTLINES:
        path = folder / "contours" / outline.path
        try:
            features = json.loads(path.read_bytes())["features"]
        except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
            raise TerritoryFileError(Problem(f"{path} ({error})", *_UNREADABLE)) from error
        yield from outlines_of(features, outline)


def outlines_of(features: Iterable[Any], outline: OutlineFile) -> Iterator[ContourRow | Problem]:
    """Give the outline of each feature, or the problem of one that is no polygon on Earth."""
    for rank, feature in enumerate(features, start=1):
        try:
            properties = feature["properties"]
            yield ContourRow(
                outline.kind,
                properties["code"],
                outline.source,
                is_complete=properties.get("communes") == properties.get("communes_hdf"),
                polygons=_polygons(feature["geometry"], outline.decimals),
            )
        except (KeyError, TypeError, ValueError):
            yield Problem(f"{outline.path}:{rank}", *_NO_OUTLINE)


def _polygons(geometry: Mapping[str, Any], decimals: int) -> Polygons:
    found = geometry["coordinates"]
    polygons = {"Polygon": [found], "MultiPolygon": found}[geometry["type"]]
    return tuple(tuple(_ring(ring, decimals) for ring in polygon) for polygon in polygons)


def _ring(points: list[list[float]], decimals: int) -> str:
    rounded = [
        (round(longitude, decimals), round(latitude, decimals)) for longitude, latitude in points
    ]
    if len(rounded) < 4 or not all(_on_earth(*point) for point in rounded):
        raise ValueError("a ring has fewer than four points, or a point that is not on Earth")
    return encode_ring(rounded)


def _on_earth(longitude: float, latitude: float) -> bool:
    return math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90
