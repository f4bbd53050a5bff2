"""Synthetic stock files of SIRENE: the official columns and types, realistic shares, no real unit.

Everything about unit number `n` follows from `n` and the seed, so that both files agree without one
reading the other, and the same seed gives the same files. Each file says that it is synthetic, in its
own metadata and in the `<file>.json` beside it.

Shares: INSEE, counts of the SIRENE flag of 02/2026 (1,362,312 of 29.9 million units; 56.4 % of all
units are natural persons), and the flag by legal category in samples of 03/2026; the others are orders
of magnitude. Communes are drawn by population. Postcodes and coordinates are made up near the place.
"""

import hashlib
import json
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import duckdb

LEGAL_UNITS = "StockUniteLegale_synthetic.parquet"
ESTABLISHMENTS = "StockEtablissement_synthetic.parquet"
FULL = (30_000_000, 44_000_000)
"""Legal units and establishments of SIRENE in 2026, rounded."""

WITH_SEVERAL = 0.3
"""The share of units that have more than their first establishment."""
FIRST_NUMBER = 30_000_000
"""The first eight digits of unit 0; real units bear such numbers too, these files are for benches only."""

UNIT_COLUMNS = {
    "siren": "VARCHAR",
    "statutDiffusionUniteLegale": "VARCHAR",
    "unitePurgeeUniteLegale": "BOOLEAN",
    "dateCreationUniteLegale": "DATE",
    "sigleUniteLegale": "VARCHAR",
    "sexeUniteLegale": "VARCHAR",
    "prenom1UniteLegale": "VARCHAR",
    "prenom2UniteLegale": "VARCHAR",
    "prenom3UniteLegale": "VARCHAR",
    "prenom4UniteLegale": "VARCHAR",
    "prenomUsuelUniteLegale": "VARCHAR",
    "pseudonymeUniteLegale": "VARCHAR",
    "identifiantAssociationUniteLegale": "VARCHAR",
    "trancheEffectifsUniteLegale": "VARCHAR",
    "anneeEffectifsUniteLegale": "BIGINT",
    "dateDernierTraitementUniteLegale": "TIMESTAMP",
    "nombrePeriodesUniteLegale": "BIGINT",
    "categorieEntreprise": "VARCHAR",
    "anneeCategorieEntreprise": "BIGINT",
    "dateDebut": "DATE",
    "etatAdministratifUniteLegale": "VARCHAR",
    "nomUniteLegale": "VARCHAR",
    "nomUsageUniteLegale": "VARCHAR",
    "denominationUniteLegale": "VARCHAR",
    "denominationUsuelle1UniteLegale": "VARCHAR",
    "denominationUsuelle2UniteLegale": "VARCHAR",
    "denominationUsuelle3UniteLegale": "VARCHAR",
    "categorieJuridiqueUniteLegale": "BIGINT",
    "activitePrincipaleUniteLegale": "VARCHAR",
    "nomenclatureActivitePrincipaleUniteLegale": "VARCHAR",
    "nicSiegeUniteLegale": "BIGINT",
    "economieSocialeSolidaireUniteLegale": "VARCHAR",
    "societeMissionUniteLegale": "VARCHAR",
    "caractereEmployeurUniteLegale": "VARCHAR",
    "activitePrincipaleNAF25UniteLegale": "VARCHAR",
}
ESTABLISHMENT_COLUMNS = {
    "siren": "VARCHAR",
    "nic": "BIGINT",
    "siret": "VARCHAR",
    "statutDiffusionEtablissement": "VARCHAR",
    "dateCreationEtablissement": "DATE",
    "trancheEffectifsEtablissement": "VARCHAR",
    "anneeEffectifsEtablissement": "BIGINT",
    "activitePrincipaleRegistreMetiersEtablissement": "VARCHAR",
    "dateDernierTraitementEtablissement": "TIMESTAMP",
    "etablissementSiege": "BOOLEAN",
    "nombrePeriodesEtablissement": "BIGINT",
    "complementAdresseEtablissement": "VARCHAR",
    "numeroVoieEtablissement": "VARCHAR",
    "indiceRepetitionEtablissement": "VARCHAR",
    "dernierNumeroVoieEtablissement": "VARCHAR",
    "indiceRepetitionDernierNumeroVoieEtablissement": "VARCHAR",
    "typeVoieEtablissement": "VARCHAR",
    "libelleVoieEtablissement": "VARCHAR",
    "codePostalEtablissement": "VARCHAR",
    "libelleCommuneEtablissement": "VARCHAR",
    "libelleCommuneEtrangerEtablissement": "VARCHAR",
    "distributionSpecialeEtablissement": "VARCHAR",
    "codeCommuneEtablissement": "VARCHAR",
    "codeCedexEtablissement": "VARCHAR",
    "libelleCedexEtablissement": "VARCHAR",
    "codePaysEtrangerEtablissement": "VARCHAR",
    "libellePaysEtrangerEtablissement": "VARCHAR",
    "identifiantAdresseEtablissement": "VARCHAR",
    "coordonneeLambertAbscisseEtablissement": "VARCHAR",
    "coordonneeLambertOrdonneeEtablissement": "VARCHAR",
    "complementAdresse2Etablissement": "VARCHAR",
    "numeroVoie2Etablissement": "VARCHAR",
    "indiceRepetition2Etablissement": "VARCHAR",
    "typeVoie2Etablissement": "VARCHAR",
    "libelleVoie2Etablissement": "VARCHAR",
    "codePostal2Etablissement": "VARCHAR",
    "libelleCommune2Etablissement": "VARCHAR",
    "libelleCommuneEtranger2Etablissement": "VARCHAR",
    "distributionSpeciale2Etablissement": "VARCHAR",
    "codeCommune2Etablissement": "VARCHAR",
    "codeCedex2Etablissement": "VARCHAR",
    "libelleCedex2Etablissement": "VARCHAR",
    "codePaysEtranger2Etablissement": "VARCHAR",
    "libellePaysEtranger2Etablissement": "VARCHAR",
    "dateDebut": "DATE",
    "etatAdministratifEtablissement": "VARCHAR",
    "enseigne1Etablissement": "VARCHAR",
    "enseigne2Etablissement": "VARCHAR",
    "enseigne3Etablissement": "VARCHAR",
    "denominationUsuelleEtablissement": "VARCHAR",
    "activitePrincipaleEtablissement": "VARCHAR",
    "nomenclatureActivitePrincipaleEtablissement": "VARCHAR",
    "caractereEmployeurEtablissement": "VARCHAR",
    "activitePrincipaleNAF25Etablissement": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Category:
    """A legal category: its units in all of SIRENE, and the share of its active ones that are flagged O."""

    code: str
    units: int
    flagged: float = 0.0
    kind: str = "company"


CATEGORIES = (
    Category("1000", 16_890_000, kind="person"),
    Category("5499", 4_600_000, 0.0015),
    Category("6540", 2_700_000, kind="property"),
    Category("5710", 2_300_000, 0.0055),
    Category("9220", 1_480_000, 0.987, kind="association"),
    Category("5599", 380_000, 0.0005),
    Category("9110", 560_000, kind="property"),
    Category("5202", 130_000),
    Category("6599", 220_000, kind="property"),
    Category("7210", 36_000, kind="public"),
    Category("7343", 12_000, kind="public"),
    Category("7361", 16_000, kind="public"),
    Category("9260", 42_000, 0.985, kind="association"),
    Category("8310", 60_000, kind="association"),
    Category("8410", 35_000, kind="association"),
    Category("9210", 30_000, 0.0008, kind="association"),
    Category("6316", 14_000, 0.98, kind="farming"),
    Category("9223", 12_500, 0.98, kind="association"),
    Category("6317", 3_400, 0.3, kind="farming"),
    Category("5458", 4_200, 0.84, kind="company"),
    Category("5460", 3_600, 0.87),
    Category("9300", 5_200, 0.99, kind="association"),
    Category("9230", 2_300, 0.99, kind="association"),
    Category("6595", 2_100, 0.97, kind="finance"),
    Category("6596", 2_500, 0.97, kind="finance"),
    Category("5558", 1_300, 0.84),
    Category("5560", 1_500, 0.76),
    Category("8210", 1_800, 0.95, kind="finance"),
    Category("8250", 1_500, 0.95, kind="finance"),
    Category("6411", 300, 0.95, kind="finance"),
    Category("9221", 750, 0.98, kind="association"),
    Category("9222", 680, 0.98, kind="association"),
    Category("5195", 350, 0.98, kind="finance"),
    Category("5547", 250, 0.9, kind="property"),
    Category("5552", 400, 0.8),
    Category("5651", 200, 0.5),
    Category("5453", 200, 0.8),
    Category("6560", 180, 0.8, kind="property"),
    Category("9150", 40_000, 0.0002, kind="property"),
    Category("9240", 2_000, kind="association"),
    Category("9900", 9_000, kind="association"),
)
ACTIVITIES = {
    "association": {
        "94.99Z": 46, "93.12Z": 15, "90.01Z": 9, "88.99B": 4, "93.29Z": 3, "93.19Z": 2, "85.52Z": 2,
        "85.59B": 2, "90.02Z": 2, "85.59A": 1, "88.10A": 1, "91.01Z": 1, "55.20Z": 1, "72.19Z": 1,
        "94.11Z": 1, "94.12Z": 1, "94.20Z": 1, "94.91Z": 1, "94.92Z": 1, "87.10A": 1, "88.91A": 1,
        "78.30Z": 1, "00.00Z": 2,
    },
    "company": {
        "47.11F": 6, "56.10A": 9, "43.21A": 7, "43.34Z": 6, "70.22Z": 10, "62.01Z": 6, "62.02A": 3,
        "49.41A": 4, "45.11Z": 4, "10.71C": 3, "47.71Z": 4, "96.02A": 4, "64.20Z": 9, "71.12B": 4,
        "38.32Z": 1, "81.21Z": 3, "01.11Z": 3, "25.62B": 2, "47.29Z": 2, "88.10A": 1, "85.59A": 2,
        "00.00Z": 1,
    },
    "person": {
        "86.90D": 6, "43.34Z": 6, "47.91B": 8, "53.20Z": 6, "96.02B": 6, "01.50Z": 8, "70.22Z": 8,
        "85.51Z": 5, "68.20B": 12, "49.32Z": 4, "56.10C": 4, "90.03B": 5, "00.00Z": 3,
    },
    "property": {"68.20A": 30, "68.20B": 45, "81.10Z": 15, "68.32A": 3},
    "public": {"84.11Z": 70, "84.12Z": 10, "88.99B": 10, "85.20Z": 10},
    "farming": {"01.61Z": 60, "77.31Z": 35, "46.21Z": 5},
    "finance": {"64.19Z": 50, "65.12Z": 40, "65.11Z": 10},
}  # fmt: skip
OLD_ACTIVITIES = {
    "NAP": ("57.03", "62.43", "67.05", "96.11"),
    "NAF1993": ("55.4B", "52.4C", "91.3E", "92.6C"),
    "NAFRev1": ("55.3A", "52.1A", "91.3E", "45.3A"),
}
BANDS = {
    "association": {"": 22, "NN": 62, "00": 3, "01": 6, "02": 3, "03": 1.6, "11": 1.2, "12": 0.8,
                    "21": 0.25, "22": 0.1, "31": 0.02, "32": 0.02, "41": 0.01},
    "company": {"": 25, "NN": 42, "00": 4, "01": 14, "02": 7, "03": 3.6, "11": 2.2, "12": 1.4,
                "21": 0.45, "22": 0.22, "31": 0.05, "32": 0.06, "41": 0.02, "42": 0.005},
    "person": {"": 30, "NN": 66, "00": 1, "01": 2.4, "02": 0.6},
    "property": {"": 35, "NN": 64, "01": 1},
    "public": {"": 10, "NN": 30, "01": 15, "02": 15, "03": 12, "11": 10, "12": 5, "21": 2, "42": 0.2},
    "farming": {"": 15, "NN": 73, "01": 9, "02": 3},
    "finance": {"": 10, "NN": 45, "01": 10, "02": 10, "03": 10, "11": 8, "12": 4, "21": 2, "53": 0.02},
}  # fmt: skip
STREET_KINDS = ("RUE", "RUE", "RUE", "AVENUE", "PL", "CHEMIN", "RTE", "BOULEVARD", "IMPASSE", "ALL")
STREETS = (
    "DU MOULIN", "DE LA GARE", "DES TILLEULS", "DU CANAL", "DE LA FONTAINE", "DES ECOLES", "DU MARCHE",
    "DE L EGLISE", "DES LILAS", "DU STADE", "DE LA REPUBLIQUE", "VICTOR HUGO", "DES JARDINS", "DU PONT",
    "DES ACACIAS", "DE LA PAIX", "DES PEUPLIERS", "DU GENERAL DE GAULLE", "PASTEUR", "JEAN JAURES",
)  # fmt: skip
OPENINGS = {
    "association": (
        "ASSOCIATION", "COMITE DES FETES", "AMICALE", "CLUB SPORTIF", "LES AMIS", "COMPAGNIE", "ATELIER",
        "FOYER RURAL", "CERCLE", "COLLECTIF", "MAISON", "UNION SPORTIVE", "CHORALE", "SECOURS", "ENTRAIDE",
    ),
    "company": ("SOCIETE", "ETABLISSEMENTS", "ATELIERS", "COMPTOIR", "GROUPE", "TRANSPORTS", "MENUISERIE"),
    "property": ("SCI", "SYNDICAT DES COPROPRIETAIRES", "RESIDENCE"),
    "public": ("COMMUNE", "REGIE", "CENTRE COMMUNAL"),
    "farming": ("CUMA", "COOPERATIVE", "UNION"),
    "finance": ("CAISSE LOCALE", "MUTUELLE", "CAISSE"),
}  # fmt: skip
MIDDLES = (
    "DES JARDINS", "DU MOULIN", "DE LA VALLEE", "DES QUATRE VENTS", "DE L ARC EN CIEL", "DES TILLEULS",
    "DU VIEUX PONT", "DE LA FONTAINE", "SOLIDAIRE", "DES PARENTS D ELEVES", "DE QUARTIER", "MUSICALE",
    "DES ANCIENS ELEVES", "DE RANDONNEE", "DE THEATRE", "DU PATRIMOINE", "DE JUDO", "DES CHASSEURS",
    "DE TENNIS DE TABLE", "POUR L EMPLOI", "DES HABITANTS", "CULTURELLE", "D INSERTION", "NUMERIQUE",
)  # fmt: skip
ENDINGS = (
    "ALPHA", "BREZ", "CORVAL", "DOMBES", "ESTRAN", "FLORIS", "GALVA", "HERMINE", "ISARD", "JONQUE",
    "KERVAL", "LANDIER", "MISTRAL", "NACRE", "ORVEL", "PRIMEL", "QUARTZ", "RIVAGE", "SOLANE", "TAMARIS",
    "URVAL", "VERCEL", "XANDRE", "YSER", "ZEPHYR",
)  # fmt: skip
SURNAMES = ("EXEMPLAIRE", "FICTIF", "SYNTHETIQUE", "MODELE", "SPECIMEN", "IMAGINAIRE")
FORENAMES = ("CAMILLE", "DOMINIQUE", "CLAUDE", "ALIX", "SACHA", "NOA", "EDEN", "LOU")

_SLOTS = 200_000


@dataclass(frozen=True, slots=True)
class Place:
    """A commune to draw: its weight is its population; the Lambert 93 point is unknown overseas."""

    code: str
    name: str
    postcode: str
    weight: int
    x: float | None
    y: float | None


def write_stock(
    folder: Path,
    *,
    units: int,
    establishments: int,
    seed: int = 1,
    places: Iterable[Place] = (),
    categories: Sequence[Category] = CATEGORIES,
) -> tuple[Path, Path]:
    """Write both files and their labels; give their paths. There are at least as many establishments as units."""
    folder.mkdir(parents=True, exist_ok=True)
    several = max(1, int(units * WITH_SEVERAL))
    with duckdb.connect(str(folder / "stock.duckdb")) as connection:
        connection.execute("SET memory_limit = '3GB'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = false")
        _make_places(connection, tuple(places) or tuple(french_places()))
        for macro in _macros(seed, several, categories):
            connection.execute(macro)
        paths = folder / LEGAL_UNITS, folder / ESTABLISHMENTS
        slots = connection.execute("SELECT count(*) FROM drawn").fetchall()[0][0]
        _copy(connection, _units(units), paths[0])
        _copy(connection, _establishments(units, establishments, several, slots), paths[1])
    (folder / "stock.duckdb").unlink()
    for path, rows in zip(paths, (units, establishments), strict=True):
        label(path, rows=rows, made_by=f"bench/_stock.py, seed {seed}")
    return paths


def label(path: Path, *, rows: int, made_by: str) -> None:
    """Say beside the file that it is synthetic, in the words of a receipt."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    said = {
        "synthetic": True,
        "made_by": made_by,
        "rows": rows,
        "size": path.stat().st_size,
        "sha256": sha256,
        "last_modified": "",
    }
    text = json.dumps(said, indent=2)
    path.with_name(f"{path.name}.json").write_text(f"{text}\n", encoding="utf-8")


def luhn_key(digits: str) -> str:
    """Give the digit that makes a SIREN or a SIRET of these."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return str(-sum(n - 9 * (n > 9) for n in doubled) % 10)


def french_places() -> Iterator[Place]:
    """Give the communes of today that the package carries, with a made-up postcode and point."""
    from pyproj import Transformer

    from essor.territory.importers.packed import read_contours, read_territories
    from essor.territory.types import Kind, TerritoryRow

    to_lambert = Transformer.from_crs(4326, 2154, always_xy=True)
    middles = {
        (contour.kind, contour.code): to_lambert.transform(*_middle(contour.polygons))
        for contour in read_contours()
        if not hasattr(contour, "what")
    }
    for row in read_territories():
        if not isinstance(row, TerritoryRow) or row.kind is not Kind.COMMUNE:
            continue
        chance = random.Random(row.code)
        middle = middles.get((Kind.COMMUNE, row.code)) or _scattered(
            middles.get((Kind.DEPARTMENT, row.department)), chance
        )
        postcode = (
            f"{row.code[:2].replace('2A', '20').replace('2B', '20')}{chance.randrange(100):02}0"
        )
        yield Place(
            row.code, row.name.upper(), postcode, row.population or 1, *(middle or (None, None))
        )


def _middle(polygons: Iterable[str]) -> tuple[float, float]:
    from essor.territory.rules import decode_ring

    rings = [
        decode_ring(rings[0] if isinstance(rings, (list, tuple)) else rings) for rings in polygons
    ]
    ring = max(rings, key=len)
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def _scattered(
    middle: tuple[float, float] | None, chance: random.Random
) -> tuple[float, float] | None:
    if middle is None:
        return None
    angle, distance = chance.random() * math.tau, 35_000 * math.sqrt(chance.random())
    return middle[0] + distance * math.cos(angle), middle[1] + distance * math.sin(angle)


def _make_places(connection: duckdb.DuckDBPyConnection, places: tuple[Place, ...]) -> None:
    """Make a table of slots, as many for each commune as its part of the population, at least one."""
    total = sum(place.weight for place in places)
    columns = [[*one] for one in zip(*(astuple(place) for place in places), strict=True)]
    connection.execute(
        "CREATE TEMP TABLE places AS SELECT unnest(range(len($1))) AS place, unnest($1::VARCHAR[]) AS code,"
        " unnest($2::VARCHAR[]) AS name, unnest($3::VARCHAR[]) AS postcode, unnest($4::DOUBLE[]) AS x,"
        " unnest($5::DOUBLE[]) AS y",
        [column for at, column in enumerate(columns) if at != 3],
    )
    slots = [
        at for at, p in enumerate(places) for _ in range(max(1, round(p.weight / total * _SLOTS)))
    ]
    connection.execute(
        "CREATE TEMP TABLE slots AS SELECT unnest(range(len($1))) AS slot, unnest($1::BIGINT[]) AS place",
        [slots],
    )
    connection.execute(
        "CREATE TEMP TABLE drawn AS SELECT slot, code, name, postcode, x, y FROM slots JOIN places"
        " USING (place)"
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(
        f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd,"
        " KV_METADATA {'essor.synthetic': 'true'})"
    )


def _macros(seed: int, several: int, categories: Sequence[Category]) -> Iterator[str]:
    """Give the draws, as functions of a unit's number: `u` is between 0 and 1."""
    yield (
        f"CREATE TEMP MACRO u(n, salt) AS (hash(n, salt, {seed}) >> 11)::DOUBLE"
        " * 1.1102230246251565e-16"
    )
    yield "CREATE TEMP MACRO doubled(d) AS d * 2 - CASE WHEN d > 4 THEN 9 ELSE 0 END"
    yield "CREATE TEMP MACRO digit(b, power) AS (b // power) % 10"
    yield (
        "CREATE TEMP MACRO key8(b) AS (10 - (doubled(digit(b, 1)) + digit(b, 10) + doubled(digit(b, 100))"
        " + digit(b, 1000) + doubled(digit(b, 10000)) + digit(b, 100000) + doubled(digit(b, 1000000))"
        " + digit(b, 10000000)) % 10) % 10"
    )
    yield f"CREATE TEMP MACRO siren_number(n) AS ({FIRST_NUMBER} + n) * 10 + key8({FIRST_NUMBER} + n)"
    odd, even = range(0, 9, 2), range(1, 9, 2)
    siren_sum = " + ".join(
        [f"doubled(digit(s, {10**p}))" for p in odd] + [f"digit(s, {10**p})" for p in even]
    )
    yield f"CREATE TEMP MACRO siren_sum(s) AS {siren_sum}"
    yield (
        "CREATE TEMP MACRO nic_of(s, order_number) AS order_number * 10 + (10 - (siren_sum(s)"
        " + doubled(digit(order_number, 1)) + digit(order_number, 10)"
        " + doubled(digit(order_number, 100)) + digit(order_number, 1000)) % 10) % 10"
    )
    weights = {one.code: one.units for one in categories}
    yield f"CREATE TEMP MACRO category(x) AS {_drawn('x', weights)}"
    yield f"CREATE TEMP MACRO kind(c) AS {_kinds(categories)}"
    yield (
        "CREATE TEMP MACRO is_active(n, k) AS u(n, 2) < CASE k WHEN 'association' THEN 0.8"
        " WHEN 'person' THEN 0.45 WHEN 'property' THEN 0.8 WHEN 'public' THEN 0.9 ELSE 0.55 END"
    )
    yield f"CREATE TEMP MACRO flagged(c) AS {_flagged(categories)}"
    yield (
        "CREATE TEMP MACRO flag(n, c, k, active) AS CASE WHEN u(n, 3) < flagged(c)"
        " * CASE WHEN active THEN 1 ELSE 0.3 END THEN 'O'"
        " WHEN active AND k <> 'person' AND u(n, 4) < 0.3 THEN 'N' END"
    )
    # Old codes are those of units closed before 2008.
    yield "CREATE TEMP MACRO is_old(n, active) AS NOT active AND u(n, 5) < 0.3"
    yield (
        "CREATE TEMP MACRO nomenclature(n, active) AS CASE WHEN NOT is_old(n, active) THEN 'NAFRev2'"
        " WHEN u(n, 6) < 0.3 THEN 'NAP' WHEN u(n, 6) < 0.6 THEN 'NAF1993' ELSE 'NAFRev1' END"
    )
    yield f"CREATE TEMP MACRO activity_of(x, k) AS {_by_kind('x', ACTIVITIES)}"
    yield f"CREATE TEMP MACRO old_activity(x, nomenclature) AS {_old_activities()}"
    yield f"CREATE TEMP MACRO band(x, k) AS nullif({_by_kind('x', BANDS)}, '')"
    yield (
        "CREATE TEMP MACRO is_partial(n, k) AS u(n, 8) < CASE k WHEN 'person' THEN 0.14 ELSE 0.004 END"
    )
    yield (
        "CREATE TEMP MACRO created(n, active) AS CASE WHEN u(n, 9) < 0.01 THEN NULL ELSE"
        " DATE '2026-10-31' - (CASE WHEN active THEN 16000 ELSE 8000 END * u(n, 10) * u(n, 10)"
        " + CASE WHEN active THEN 0 ELSE 900 END)::INT END"
    )
    yield f"CREATE TEMP MACRO has_moved(n) AS n < {several} AND u(n, 11) < 0.5"
    yield f"CREATE TEMP MACRO name_of(n, k) AS {_names()}"


def _units(units: int) -> str:
    return f"""
    SELECT
        lpad(siren_number(n)::VARCHAR, 9, '0') AS siren,
        CASE WHEN partial THEN 'P' ELSE 'O' END AS statutDiffusionUniteLegale,
        CASE WHEN NOT active AND u(n, 20) < 0.02 THEN true END AS unitePurgeeUniteLegale,
        created(n, active) AS dateCreationUniteLegale,
        CASE WHEN k = 'association' AND u(n, 21) < 0.2 AND NOT partial
            THEN 'S' || (hash(n, 22) % 9000)::VARCHAR END AS sigleUniteLegale,
        CASE WHEN k = 'person' THEN CASE WHEN partial THEN '[ND]' WHEN u(n, 23) < 0.4 THEN 'F' ELSE 'M' END
            END AS sexeUniteLegale,
        CASE WHEN k = 'person' THEN CASE WHEN partial THEN '[ND]' ELSE {_one_of(FORENAMES, "u(n, 30)")} END END
            AS prenom1UniteLegale,
        NULL::VARCHAR AS prenom2UniteLegale,
        NULL::VARCHAR AS prenom3UniteLegale,
        NULL::VARCHAR AS prenom4UniteLegale,
        CASE WHEN k = 'person' THEN CASE WHEN partial THEN '[ND]' ELSE {_one_of(FORENAMES, "u(n, 30)")} END END
            AS prenomUsuelUniteLegale,
        NULL::VARCHAR AS pseudonymeUniteLegale,
        CASE WHEN k = 'association' AND u(n, 24) < 0.6
            THEN 'W' || lpad((hash(n, 25) % 1000000000)::VARCHAR, 9, '0') END
            AS identifiantAssociationUniteLegale,
        headcount AS trancheEffectifsUniteLegale,
        CASE WHEN headcount NOT IN ('NN') THEN 2024::BIGINT END AS anneeEffectifsUniteLegale,
        TIMESTAMP '2026-01-01' + to_days((hash(n, 26) % 300)::INT) AS dateDernierTraitementUniteLegale,
        1 + (hash(n, 27) % 5)::BIGINT AS nombrePeriodesUniteLegale,
        CASE WHEN active AND k <> 'person' THEN CASE WHEN headcount >= '41' AND headcount < 'NN' THEN 'ETI'
            ELSE 'PME' END END AS categorieEntreprise,
        CASE WHEN active AND k <> 'person' THEN 2024::BIGINT END AS anneeCategorieEntreprise,
        coalesce(created(n, active), DATE '2008-01-01') AS dateDebut,
        CASE WHEN active THEN 'A' ELSE 'C' END AS etatAdministratifUniteLegale,
        CASE WHEN k = 'person' THEN CASE WHEN partial THEN '[ND]' ELSE {_one_of(SURNAMES, "u(n, 31)")} END END
            AS nomUniteLegale,
        NULL::VARCHAR AS nomUsageUniteLegale,
        CASE WHEN k <> 'person' THEN CASE WHEN partial THEN '[ND]' ELSE name_of(n, k) END END
            AS denominationUniteLegale,
        CASE WHEN k <> 'person' AND NOT partial AND u(n, 28) < 0.05 THEN {_one_of(ENDINGS, "u(n, 32)")} END
            AS denominationUsuelle1UniteLegale,
        NULL::VARCHAR AS denominationUsuelle2UniteLegale,
        NULL::VARCHAR AS denominationUsuelle3UniteLegale,
        c::BIGINT AS categorieJuridiqueUniteLegale,
        CASE WHEN nomenclature = 'NAFRev2' THEN acts ELSE old_activity(acting, nomenclature) END
            AS activitePrincipaleUniteLegale,
        nomenclature AS nomenclatureActivitePrincipaleUniteLegale,
        nic_of(siren_number(n), CASE WHEN has_moved(n) THEN 2 ELSE 1 END)::BIGINT AS nicSiegeUniteLegale,
        flag(n, c, k, active) AS economieSocialeSolidaireUniteLegale,
        CASE WHEN active AND k = 'company' AND u(n, 29) < 0.001 THEN 'O' END AS societeMissionUniteLegale,
        NULL::VARCHAR AS caractereEmployeurUniteLegale,
        CASE WHEN active THEN left(acts, 5) || 'Y' END
            AS activitePrincipaleNAF25UniteLegale
    FROM (
        SELECT *, CASE WHEN active THEN band(banded, k) END AS headcount,
            activity_of(acting, k) AS acts, nomenclature(n, active) AS nomenclature
        FROM (SELECT *, is_active(n, k) AS active, is_partial(n, k) AS partial, u(n, 7) AS acting,
            u(n, 12) AS banded
        FROM (SELECT n, c, kind(c) AS k FROM (SELECT n, category(x) AS c
            FROM (SELECT range AS n, u(range, 1) AS x FROM range({units}))))))
    """


def _establishments(units: int, establishments: int, several: int, slots: int) -> str:
    """The first establishment of each unit, then the others of those that have several.

    The head office of a unit that has moved is its second establishment, and its first one is closed.
    """
    return f"""
    SELECT
        lpad(s::VARCHAR, 9, '0') AS siren,
        nic::BIGINT AS nic,
        lpad(s::VARCHAR, 9, '0') || lpad(nic::VARCHAR, 5, '0') AS siret,
        CASE WHEN partial THEN 'P' ELSE 'O' END AS statutDiffusionEtablissement,
        created(n, unit_active) + (CASE WHEN rank > 1 THEN 200 ELSE 0 END) AS dateCreationEtablissement,
        headcount AS trancheEffectifsEtablissement,
        CASE WHEN headcount NOT IN ('NN') THEN 2024::BIGINT END AS anneeEffectifsEtablissement,
        NULL::VARCHAR AS activitePrincipaleRegistreMetiersEtablissement,
        TIMESTAMP '2026-01-01' + to_days((hash(row, 40) % 300)::INT) AS dateDernierTraitementEtablissement,
        is_head AS etablissementSiege,
        1 + (hash(row, 41) % 4)::BIGINT AS nombrePeriodesEtablissement,
        CASE WHEN partial THEN '[ND]' WHEN u(row, 42) < 0.1 THEN 'BATIMENT ' || (hash(row, 43) % 9)::VARCHAR
            END AS complementAdresseEtablissement,
        CASE WHEN partial THEN '[ND]' WHEN u(row, 44) < 0.85 THEN (1 + hash(row, 45) % 180)::VARCHAR END
            AS numeroVoieEtablissement,
        CASE WHEN NOT partial AND u(row, 46) < 0.03 THEN 'B' END AS indiceRepetitionEtablissement,
        NULL::VARCHAR AS dernierNumeroVoieEtablissement,
        NULL::VARCHAR AS indiceRepetitionDernierNumeroVoieEtablissement,
        CASE WHEN partial THEN '[ND]' ELSE {
        _one_of(STREET_KINDS, "u(row, 47)")
    } END AS typeVoieEtablissement,
        CASE WHEN partial THEN '[ND]' ELSE {
        _one_of(STREETS, "u(row, 48)")
    } END AS libelleVoieEtablissement,
        CASE WHEN partial THEN '[ND]' ELSE postcode END AS codePostalEtablissement,
        name AS libelleCommuneEtablissement,
        NULL::VARCHAR AS libelleCommuneEtrangerEtablissement,
        NULL::VARCHAR AS distributionSpecialeEtablissement,
        code AS codeCommuneEtablissement,
        {_nothing("codeCedex", "libelleCedex", "codePaysEtranger", "libellePaysEtranger")},
        CASE WHEN NOT partial AND u(row, 49) < 0.8 THEN code || '_' || lpad((hash(row, 50) % 10000)::VARCHAR, 4, '0')
            || '_00001' END AS identifiantAdresseEtablissement,
        CASE WHEN partial THEN '[ND]' WHEN u(row, 51) < 0.93
            THEN round(drawn.x + 1500 * (u(row, 52) + u(row, 53) - 1), 2)::VARCHAR END
            AS coordonneeLambertAbscisseEtablissement,
        CASE WHEN partial THEN '[ND]' WHEN u(row, 51) < 0.93
            THEN round(drawn.y + 1500 * (u(row, 54) + u(row, 55) - 1), 2)::VARCHAR END
            AS coordonneeLambertOrdonneeEtablissement,
        {
        _nothing(
            "complementAdresse2",
            "numeroVoie2",
            "indiceRepetition2",
            "typeVoie2",
            "libelleVoie2",
            "codePostal2",
            "libelleCommune2",
            "libelleCommuneEtranger2",
            "distributionSpeciale2",
            "codeCommune2",
            "codeCedex2",
            "libelleCedex2",
            "codePaysEtranger2",
            "libellePaysEtranger2",
        )
    },
        coalesce(created(n, unit_active), DATE '2008-01-01') AS dateDebut,
        CASE WHEN active THEN 'A' ELSE 'F' END AS etatAdministratifEtablissement,
        CASE WHEN NOT partial AND u(row, 56) < 0.08 THEN {_one_of(ENDINGS, "u(row, 57)")} END
            AS enseigne1Etablissement,
        NULL::VARCHAR AS enseigne2Etablissement,
        NULL::VARCHAR AS enseigne3Etablissement,
        CASE WHEN NOT partial AND u(row, 58) < 0.05 THEN {_one_of(ENDINGS, "u(row, 59)")} END
            AS denominationUsuelleEtablissement,
        CASE WHEN nomenclature = 'NAFRev2' THEN acts ELSE old_activity(acting, nomenclature) END
            AS activitePrincipaleEtablissement,
        nomenclature AS nomenclatureActivitePrincipaleEtablissement,
        CASE WHEN headcount IS NULL OR headcount IN ('NN', '00') THEN 'N' ELSE 'O' END
            AS caractereEmployeurEtablissement,
        CASE WHEN unit_active THEN left(acts, 5) || 'Y' END
            AS activitePrincipaleNAF25Etablissement
    FROM (
        SELECT *, CASE WHEN active THEN band(banded, k) END AS headcount, nic_of(s, rank) AS nic,
            activity_of(acting, k) AS acts, nomenclature(n, unit_active) AS nomenclature
        FROM (
            SELECT *, unit_active AND (is_head OR (rank > 1 AND u(row, 62) < 0.6)) AS active,
                u(row, 60) AS banded, u(n, 7) AS acting, floor(u(row, 61) * {slots})::BIGINT AS slot
            FROM (
                SELECT *, is_active(n, k) AS unit_active, is_partial(n, k) AS partial,
                    siren_number(n) AS s, rank = CASE WHEN has_moved(n) THEN 2 ELSE 1 END AS is_head
                FROM (
                    SELECT *, kind(c) AS k FROM (
                        SELECT *, category(x) AS c FROM (
                            SELECT *, u(n, 1) AS x FROM (
                                SELECT range AS row,
                                    CASE WHEN range < {units} THEN range
                                        ELSE (range - {units}) % {several} END AS n,
                                    CASE WHEN range < {units} THEN 1
                                        ELSE 2 + (range - {units}) // {several} END AS rank
                                FROM range({establishments})
                            )
                        )
                    )
                )
            )
        )
    ) JOIN drawn USING (slot)
    """


def _nothing(*names: str) -> str:
    """Give columns that are hardly ever filled."""
    return ", ".join(f"NULL::VARCHAR AS {name}Etablissement" for name in names)


def _one_of(words: Sequence[str], x: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][1 + least({len(words) - 1}, floor({x} * {len(words)})::INT)]"


def _drawn(x: str, weights: Mapping[str, float]) -> str:
    """Give the SQL that draws one of these words: the frequent ones are tried first."""
    total, below = sum(weights.values()), 0.0
    ordered = sorted(weights.items(), key=lambda item: -item[1])
    branches = []
    for word, weight in ordered[:-1]:
        below += weight / total
        branches.append(f"WHEN {x} < {below!r} THEN '{word}'")
    return f"CASE {' '.join(branches)} ELSE '{ordered[-1][0]}' END"


def _by_kind(x: str, tables: Mapping[str, Mapping[str, float]]) -> str:
    """Give the SQL that draws a word from the table of a kind: by its place in a list, which is quick."""
    branches = " ".join(
        f"WHEN '{kind}' THEN {_one_of(_thousand(table), x)}" for kind, table in tables.items()
    )
    return f"CASE k {branches} END"


def _thousand(weights: Mapping[str, float]) -> list[str]:
    """Give each word as often as its weight is thousandths of the whole; the rare ones once."""
    total = sum(weights.values())
    return [
        word
        for word, weight in weights.items()
        for _ in range(max(1, round(weight / total * 1_000)))
    ]


def _kinds(categories: Sequence[Category]) -> str:
    by_kind: dict[str, list[str]] = {}
    for one in categories:
        by_kind.setdefault(one.kind, []).append(f"'{one.code}'")
    branches = " ".join(
        f"WHEN c IN ({', '.join(codes)}) THEN '{kind}'"
        for kind, codes in by_kind.items()
        if kind != "company"
    )
    return f"CASE {branches} ELSE 'company' END"


def _flagged(categories: Sequence[Category]) -> str:
    branches = " ".join(
        f"WHEN '{one.code}' THEN {one.flagged}" for one in categories if one.flagged
    )
    return f"CASE c {branches} ELSE 0 END"


def _old_activities() -> str:
    branches = " ".join(
        f"WHEN '{nomenclature}' THEN {_one_of(codes, 'x')}"
        for nomenclature, codes in OLD_ACTIVITIES.items()
    )
    return f"CASE nomenclature {branches} END"


def _names() -> str:
    branches = " ".join(
        f"WHEN '{kind}' THEN {_one_of(words, 'u(n, 13)')}" for kind, words in OPENINGS.items()
    )
    middle, ending = _one_of(MIDDLES, "u(n, 14)"), _one_of(ENDINGS, "u(n, 15)")
    return f"(CASE k {branches} END) || ' ' || {middle} || ' ' || {ending} || ' ' || (n % 9973)::VARCHAR"
