"""The synthetic extract of SIRENE that the demonstration shows, for the 95 communes of the Lille metropolis.

    python -m bench._demo_extract

No unit is real. Names end with « (exemple) ». SIRENs have their right key and begin by 726, by which
none of the 53,142 SIRENs and EPCI codes of the official rows at hand begins; INSEE could not be asked.
Points are drawn in the outline of the commune, and are not those of the street that the address names.
"""

import csv
import json
import random
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from pyproj import Transformer

from bench._stock import (
    ESTABLISHMENT_COLUMNS,
    ESTABLISHMENTS,
    LEGAL_UNITS,
    UNIT_COLUMNS,
    label,
    luhn_key,
)

TO = Path(__file__).resolve().parents[1] / "src" / "essor" / "demo" / "data" / "sirene"
EPCI = "200093201"
FIRST = 72_600_000
UNITS = 2_000
LAST_DAY = date(2026, 10, 31)
SEED = 20261126
TO_LAMBERT = Transformer.from_crs(4326, 2154, always_xy=True)


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of structure to draw: its category and activity, its names, and how many of a thousand."""

    share: int
    category: str
    activity: str
    forms: tuple[str, ...]
    flag: str | None = "O"
    most: int = 12
    is_employer: float = 0.15


PLACES = (
    "du Moulin", "des Tilleuls", "du Canal", "du Beffroi", "de la Deûle", "du Faubourg", "des Remparts",
    "du Vieux Pont", "de la Filature", "des Houblonnières", "du Carillon", "des Quatre Chemins",
    "de la Briqueterie", "du Grand Pré", "des Saules", "de la Marque", "du Pont Levis", "des Courées",
    "du Jardin public", "de l’Écluse", "des Peupliers", "du Lin bleu", "de la Verrière", "des Ateliers",
    "du Petit Bois", "de la Teinturerie", "du Marais", "des Mésanges", "de la Rose des vents",
)  # fmt: skip
TRADES = (
    Trade(130, "9220", "94.99Z", ("Amicale des habitants", "Comité de quartier", "Les Amis", "Entraide",
          "Maison citoyenne", "Collectif", "Café associatif", "Tiers-lieu", "Accorderie")),
    Trade(85, "9220", "93.12Z", ("Club de judo", "Union cycliste", "Club d’aviron", "Football club",
          "Cercle d’escrime", "Club de randonnée", "Basket club", "Tennis de table")),
    Trade(75, "9220", "90.01Z", ("Compagnie de théâtre", "Chorale", "Orchestre", "Troupe de marionnettes",
          "Compagnie de danse", "Fanfare")),
    Trade(34, "9220", "88.99B", ("Épicerie solidaire", "Accueil", "Resto solidaire", "Vestiaire",
          "Aide aux devoirs"), is_employer=0.4),
    Trade(26, "9220", "85.59B", ("Atelier de langues", "École du numérique", "Formation continue"),
          is_employer=0.5),
    Trade(18, "9220", "88.91A", ("Crèche parentale", "Multi-accueil"), most=22, is_employer=0.95),
    Trade(14, "9220", "88.10A", ("Aide à domicile", "Soins à domicile"), most=31, is_employer=0.95),
    Trade(12, "9220", "87.10A", ("Résidence", "Foyer de vie"), most=32, is_employer=1),
    Trade(14, "9220", "91.01Z", ("Bibliothèque associative", "Bouquinerie", "Livres en partage")),
    Trade(10, "9221", "38.32Z", ("Ressourcerie", "Recyclerie", "Chantier d’insertion"), most=22,
          is_employer=1),
    Trade(6, "9222", "78.20Z", ("Association intermédiaire",), most=22, is_employer=1),
    Trade(6, "9223", "78.30Z", ("Groupement d’employeurs",), most=22, is_employer=1),
    Trade(8, "9230", "88.99B", ("Secours",), most=32, is_employer=0.9),
    Trade(6, "9300", "94.99Z", ("Fondation", "Fonds de dotation"), is_employer=0.3),
    Trade(12, "5458", "43.34Z", ("SCOP Bâtisseurs", "SCOP Menuisiers", "SCOP Peintres"), most=21,
          is_employer=0.95),
    Trade(8, "5458", "62.01Z", ("SCOP Logiciels libres", "SCOP Atelier numérique"), most=12,
          is_employer=0.9),
    Trade(8, "5560", "47.29Z", ("SCIC Supermarché coopératif", "SCIC Halle"), most=12, is_employer=0.8),
    Trade(5, "5460", "10.71C", ("Boulange coopérative", "Fournil coopératif"), most=11, is_employer=0.8),
    Trade(5, "5460", "70.22Z", ("CAE",), most=22, is_employer=1),
    Trade(4, "6316", "01.61Z", ("CUMA",), is_employer=0.1),
    Trade(4, "6595", "64.19Z", ("Caisse locale mutualiste",), is_employer=0.5),
    Trade(6, "8210", "65.12Z", ("Mutuelle",), most=31, is_employer=0.7),
    Trade(18, "5710", "56.10A", ("Table solidaire", "Cantine", "Brasserie solidaire"), most=12,
          is_employer=0.6),
    Trade(12, "5710", "53.20Z", ("Livraison à vélo", "Cyclologistique"), most=12, is_employer=0.6),
    Trade(6, "5499", "81.30Z", ("Jardins d’insertion", "Paysages solidaires"), most=21, is_employer=0.9),
    # Statutes of the ESS that the flag misses, at about the rates seen in SIRENE.
    Trade(10, "9220", "94.99Z", ("Association nouvelle",), flag=None),
    Trade(5, "5458", "71.12B", ("SCOP Études",), flag=None, most=11, is_employer=0.9),
    Trade(3, "5560", "68.20A", ("SCIC Habitat",), flag=None),
    # Outside the ESS, for those who ask whether a name belongs to it.
    Trade(130, "5499", "47.11F", ("Comptoir", "Garage", "Boulangerie", "Pharmacie", "Hôtel"), flag="N",
          is_employer=0.5),
    Trade(120, "5710", "70.22Z", ("Conseil", "Studio", "Agence", "Holding"), flag=None),
    Trade(90, "6540", "68.20B", ("SCI",), flag=None, is_employer=0),
    Trade(20, "9110", "81.10Z", ("Copropriété",), flag=None, is_employer=0),
    Trade(8, "7361", "88.99B", ("Centre d’action sociale",), flag=None, most=22, is_employer=1),
    Trade(6, "9900", "94.99Z", ("Groupement",), flag=None, is_employer=0),
    Trade(2, "9210", "94.99Z", ("Association de fait",), flag=None, is_employer=0),
    Trade(74, "1000", "43.34Z", ("",), flag=None, is_employer=0),
)  # fmt: skip
STREETS = (
    ("RUE", "du Moulin"), ("RUE", "de la Gare"), ("PLACE", "du Marché"), ("AVENUE", "des Tilleuls"),
    ("RUE", "des Écoles"), ("CHEMIN", "du Canal"), ("RUE", "de la Fontaine"), ("ALLEE", "des Saules"),
)  # fmt: skip
BANDS = ("01", "01", "01", "02", "02", "03", "11", "12", "21", "22", "31", "32")


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the metropolis: its outline in degrees, to draw points in."""

    code: str
    name: str
    postcode: str
    population: int
    outline: tuple[tuple[float, float], ...]


def main() -> None:
    """Write both files and their labels again: the same bytes of rows for the same seed."""
    units, establishments = rows_of(random.Random(SEED), communes())
    TO.mkdir(parents=True, exist_ok=True)
    for name, columns, rows in (
        (LEGAL_UNITS, UNIT_COLUMNS, units),
        (ESTABLISHMENTS, ESTABLISHMENT_COLUMNS, establishments),
    ):
        _write(TO / name, columns, rows)
        label(TO / name, rows=len(rows), made_by="bench/_demo_extract.py")
        print(f"{name}: {len(rows):,} rows, {(TO / name).stat().st_size:,} bytes")


def communes() -> list[Commune]:
    """Give the communes with their outlines, and the postcodes of the COG (kept in this repository)."""
    from essor.territory.importers.packed import read_contours, read_territories
    from essor.territory.rules import decode_ring
    from essor.territory.types import Kind, TerritoryRow

    with (TO / "codes-postaux.csv").open(encoding="utf-8") as file:
        postcodes = {row["code"]: row["postcode"] for row in csv.DictReader(file)}
    outlines = {
        contour.code: max((decode_ring(rings[0]) for rings in contour.polygons), key=len)
        for contour in read_contours()
        if getattr(contour, "kind", None) is Kind.COMMUNE
    }
    return [
        Commune(
            row.code, row.name, postcodes[row.code], row.population or 1, tuple(outlines[row.code])
        )
        for row in read_territories()
        if isinstance(row, TerritoryRow) and row.kind is Kind.COMMUNE and row.epci == EPCI
    ]


def rows_of(
    chance: random.Random, places: list[Commune]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw the units, each with its head office and sometimes other establishments."""
    weights = [place.population for place in places]
    trades = chance.choices(TRADES, [trade.share for trade in TRADES], k=UNITS)
    units: list[dict[str, Any]] = []
    establishments: list[dict[str, Any]] = []
    taken: set[str] = set()
    for number, trade in enumerate(trades):
        unit = _unit(chance, trade, siren_of(number), taken)
        places_of = chance.choices(places, weights, k=_how_many(chance, trade))
        mine = [_place(chance, unit, place, rank) for rank, place in enumerate(places_of, 1)]
        unit["nicSiegeUniteLegale"] = mine[0]["nic"]
        units.append(unit)
        establishments += mine
    return units, establishments


def siren_of(number: int) -> str:
    """Give a SIREN of the range that belongs to nobody we know of."""
    digits = f"{FIRST + number:08}"
    return digits + luhn_key(digits)


def _how_many(chance: random.Random, trade: Trade) -> int:
    return chance.choice((2, 2, 3, 4)) if chance.random() < 0.1 + trade.is_employer / 6 else 1


def _unit(chance: random.Random, trade: Trade, siren: str, taken: set[str]) -> dict[str, Any]:
    is_partial = chance.random() < 0.02
    is_active = chance.random() < 0.97
    is_person = trade.category == "1000"
    name = "[ND]" if is_partial else _name(chance, trade, taken)
    is_employer = chance.random() < trade.is_employer
    band = _band(chance, trade) if is_employer else chance.choice(("NN", "NN", None))
    created = LAST_DAY - timedelta(days=int(25 + 15_000 * chance.random() ** 2))
    return {
        "siren": siren,
        "statutDiffusionUniteLegale": "P" if is_partial else "O",
        "dateCreationUniteLegale": created,
        "identifiantAssociationUniteLegale": _rna(chance, trade, siren),
        "trancheEffectifsUniteLegale": band if is_active else None,
        "anneeEffectifsUniteLegale": 2024 if is_employer and is_active else None,
        "dateDernierTraitementUniteLegale": f"2026-10-{chance.randrange(1, 32):02} 06:30:00",
        "nombrePeriodesUniteLegale": 1,
        "dateDebut": created,
        "etatAdministratifUniteLegale": "A" if is_active else "C",
        "nomUniteLegale": "Exemple" if is_person else None,
        "prenom1UniteLegale": "Camille" if is_person else None,
        "denominationUniteLegale": None if is_person else name,
        "categorieJuridiqueUniteLegale": int(trade.category),
        "activitePrincipaleUniteLegale": trade.activity,
        "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
        "economieSocialeSolidaireUniteLegale": trade.flag,
    }


def _name(chance: random.Random, trade: Trade, taken: set[str]) -> str:
    """Give a name that no other unit has."""
    for place in chance.sample(PLACES, len(PLACES)):
        for form in chance.sample(trade.forms, len(trade.forms)):
            name = f"{form} {place}"
            if name not in taken:
                taken.add(name)
                return f"{name} (exemple)"
    number = len(taken)
    taken.add(f"{number}")
    return f"{chance.choice(trade.forms)} {chance.choice(PLACES)}, n° {number} (exemple)"


def _rna(chance: random.Random, trade: Trade, siren: str) -> str | None:
    """Give a number of the form that the RNA uses, of a department that does not exist."""
    return f"W00{siren[2:]}" if trade.category == "9220" and chance.random() < 0.6 else None


def _band(chance: random.Random, trade: Trade) -> str:
    return chance.choice([band for band in BANDS if int(band) <= trade.most])


def _place(
    chance: random.Random, unit: dict[str, Any], commune: Commune, rank: int
) -> dict[str, Any]:
    nic = f"{rank:04}"
    nic += luhn_key(unit["siren"] + nic)
    is_partial = unit["statutDiffusionUniteLegale"] == "P"
    kind, street = chance.choice(STREETS)
    number = str(chance.randrange(1, 90))
    easting, northing = _point(chance, commune)
    has_point = chance.random() < 0.94
    is_active = unit["etatAdministratifUniteLegale"] == "A" and (rank == 1 or chance.random() < 0.9)
    hidden = "[ND]" if is_partial else None
    return {
        "siren": unit["siren"],
        "nic": int(nic),
        "siret": unit["siren"] + nic,
        "statutDiffusionEtablissement": unit["statutDiffusionUniteLegale"],
        "dateCreationEtablissement": unit["dateCreationUniteLegale"],
        "trancheEffectifsEtablissement": unit["trancheEffectifsUniteLegale"] if is_active else None,
        "anneeEffectifsEtablissement": unit["anneeEffectifsUniteLegale"] if is_active else None,
        "dateDernierTraitementEtablissement": unit["dateDernierTraitementUniteLegale"],
        "etablissementSiege": rank == 1,
        "nombrePeriodesEtablissement": 1,
        "numeroVoieEtablissement": hidden or number,
        "typeVoieEtablissement": hidden or kind,
        "libelleVoieEtablissement": hidden or street,
        "codePostalEtablissement": hidden or commune.postcode,
        "libelleCommuneEtablissement": commune.name.upper(),
        "codeCommuneEtablissement": commune.code,
        "coordonneeLambertAbscisseEtablissement": hidden
        or (f"{easting:.1f}" if has_point else None),
        "coordonneeLambertOrdonneeEtablissement": hidden
        or (f"{northing:.1f}" if has_point else None),
        "dateDebut": unit["dateCreationUniteLegale"],
        "etatAdministratifEtablissement": "A" if is_active else "F",
        "activitePrincipaleEtablissement": unit["activitePrincipaleUniteLegale"],
        "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
    }


def _point(chance: random.Random, commune: Commune) -> tuple[float, float]:
    """Draw a point in the outline, in Lambert 93."""
    longitudes, latitudes = zip(*commune.outline, strict=True)
    while True:
        x = chance.uniform(min(longitudes), max(longitudes))
        y = chance.uniform(min(latitudes), max(latitudes))
        if _is_inside(x, y, commune.outline):
            return TO_LAMBERT.transform(x, y)


def _is_inside(x: float, y: float, outline: tuple[tuple[float, float], ...]) -> bool:
    """Count the sides that a line to the east crosses."""
    crossings = 0
    for (ax, ay), (bx, by) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossings += 1
    return crossings % 2 == 1


def _write(path: Path, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    """Write the rows as official Parquet, by way of JSON: every column, whether it is filled or not."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        lines = Path(folder) / "rows.jsonl"
        lines.write_text(
            "".join(f"{json.dumps(row, default=str)}\n" for row in rows), encoding="utf-8"
        )
        types = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
        connection.execute(
            f"COPY (SELECT * FROM read_json('{lines}', format = 'newline_delimited',"
            f" columns = {{{types}}})) TO '{path}' (FORMAT parquet, COMPRESSION zstd,"
            " KV_METADATA {'essor.synthetic': 'true'})"
        )


if __name__ == "__main__":
    main()
