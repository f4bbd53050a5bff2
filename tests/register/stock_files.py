"""Small stock files in the official format of SIRENE, saying only what a case is about.

`unit(siren, ...)` and `establishment(siret, ...)` give one row with every official column; `write_csv`
and `write_parquet` make the file.
"""

import csv
import random
from pathlib import Path

import duckdb

_UNIT_COLUMNS = (
    "siren statutDiffusionUniteLegale unitePurgeeUniteLegale dateCreationUniteLegale sigleUniteLegale"
    " sexeUniteLegale prenom1UniteLegale prenom2UniteLegale prenom3UniteLegale prenom4UniteLegale"
    " prenomUsuelUniteLegale pseudonymeUniteLegale identifiantAssociationUniteLegale"
    " trancheEffectifsUniteLegale anneeEffectifsUniteLegale dateDernierTraitementUniteLegale"
    " nombrePeriodesUniteLegale categorieEntreprise anneeCategorieEntreprise dateDebut"
    " etatAdministratifUniteLegale nomUniteLegale nomUsageUniteLegale denominationUniteLegale"
    " denominationUsuelle1UniteLegale denominationUsuelle2UniteLegale denominationUsuelle3UniteLegale"
    " categorieJuridiqueUniteLegale activitePrincipaleUniteLegale"
    " nomenclatureActivitePrincipaleUniteLegale nicSiegeUniteLegale"
    " economieSocialeSolidaireUniteLegale societeMissionUniteLegale caractereEmployeurUniteLegale"
    " activitePrincipaleNAF25UniteLegale"
)
UNIT_COLUMNS = _UNIT_COLUMNS.split()
_ADDRESS = (
    "complementAdresse{0}Etablissement numeroVoie{0}Etablissement indiceRepetition{0}Etablissement"
)
_PLACE = (
    "typeVoie{0}Etablissement libelleVoie{0}Etablissement codePostal{0}Etablissement"
    " libelleCommune{0}Etablissement libelleCommuneEtranger{0}Etablissement"
    " distributionSpeciale{0}Etablissement codeCommune{0}Etablissement codeCedex{0}Etablissement"
    " libelleCedex{0}Etablissement codePaysEtranger{0}Etablissement libellePaysEtranger{0}Etablissement"
)
ESTABLISHMENT_COLUMNS = (
    "siren nic siret statutDiffusionEtablissement dateCreationEtablissement"
    " trancheEffectifsEtablissement anneeEffectifsEtablissement"
    " activitePrincipaleRegistreMetiersEtablissement dateDernierTraitementEtablissement"
    " etablissementSiege nombrePeriodesEtablissement "
    + _ADDRESS.format("")
    + " dernierNumeroVoieEtablissement indiceRepetitionDernierNumeroVoieEtablissement "
    + _PLACE.format("")
    + " identifiantAdresseEtablissement coordonneeLambertAbscisseEtablissement"
    " coordonneeLambertOrdonneeEtablissement "
    + _ADDRESS.format("2")
    + " "
    + _PLACE.format("2")
    + " dateDebut etatAdministratifEtablissement enseigne1Etablissement enseigne2Etablissement"
    " enseigne3Etablissement denominationUsuelleEtablissement activitePrincipaleEtablissement"
    " nomenclatureActivitePrincipaleEtablissement caractereEmployeurEtablissement"
    " activitePrincipaleNAF25Etablissement"
).split()

UNIT_DEFAULTS = {
    "statutDiffusionUniteLegale": "O",
    "dateCreationUniteLegale": "2010-05-01",
    "trancheEffectifsUniteLegale": "NN",
    "dateDernierTraitementUniteLegale": "2026-10-31T03:12:00",
    "nombrePeriodesUniteLegale": "1",
    "dateDebut": "2010-05-01",
    "etatAdministratifUniteLegale": "A",
    "categorieJuridiqueUniteLegale": "9220",
    "activitePrincipaleUniteLegale": "94.99Z",
    "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
    "nicSiegeUniteLegale": "00011",
}
ESTABLISHMENT_DEFAULTS = {
    "statutDiffusionEtablissement": "O",
    "dateCreationEtablissement": "2010-05-01",
    "trancheEffectifsEtablissement": "NN",
    "etablissementSiege": "true",
    "numeroVoieEtablissement": "12",
    "typeVoieEtablissement": "RUE",
    "libelleVoieEtablissement": "DU MARCHE",
    "codePostalEtablissement": "59000",
    "libelleCommuneEtablissement": "LILLE",
    "codeCommuneEtablissement": "59350",
    "coordonneeLambertAbscisseEtablissement": "704000.0",
    "coordonneeLambertOrdonneeEtablissement": "7059000.0",
    "dateDebut": "2010-05-01",
    "etatAdministratifEtablissement": "A",
    "activitePrincipaleEtablissement": "94.99Z",
    "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
}

_SHORT_UNIT = {
    "diffusion": "statutDiffusionUniteLegale",
    "purged": "unitePurgeeUniteLegale",
    "created": "dateCreationUniteLegale",
    "acronym": "sigleUniteLegale",
    "rna": "identifiantAssociationUniteLegale",
    "band": "trancheEffectifsUniteLegale",
    "updated": "dateDernierTraitementUniteLegale",
    "state": "etatAdministratifUniteLegale",
    "name": "denominationUniteLegale",
    "usual_name": "denominationUsuelle1UniteLegale",
    "category": "categorieJuridiqueUniteLegale",
    "activity": "activitePrincipaleUniteLegale",
    "nomenclature": "nomenclatureActivitePrincipaleUniteLegale",
    "nic": "nicSiegeUniteLegale",
    "flag": "economieSocialeSolidaireUniteLegale",
    "activity25": "activitePrincipaleNAF25UniteLegale",
}
_SHORT_ESTABLISHMENT = {
    "diffusion": "statutDiffusionEtablissement",
    "created": "dateCreationEtablissement",
    "band": "trancheEffectifsEtablissement",
    "head_office": "etablissementSiege",
    "street": "libelleVoieEtablissement",
    "postcode": "codePostalEtablissement",
    "commune": "codeCommuneEtablissement",
    "x": "coordonneeLambertAbscisseEtablissement",
    "y": "coordonneeLambertOrdonneeEtablissement",
    "state": "etatAdministratifEtablissement",
    "name": "denominationUsuelleEtablissement",
    "sign": "enseigne1Etablissement",
    "activity": "activitePrincipaleEtablissement",
    "nomenclature": "nomenclatureActivitePrincipaleEtablissement",
}


def unit(siren, **values):
    """One row of StockUniteLegale: an active association without a flag, but for what is given."""
    named = {_SHORT_UNIT.get(name, name): value for name, value in values.items()}
    blank = dict.fromkeys(UNIT_COLUMNS, "")
    return (
        blank
        | UNIT_DEFAULTS
        | {"siren": siren, "denominationUniteLegale": f"UNITE {siren}"}
        | named
    )


def establishment(siret, **values):
    """One row of StockEtablissement: an active head office in Lille, but for what is given."""
    named = {_SHORT_ESTABLISHMENT.get(name, name): value for name, value in values.items()}
    blank = dict.fromkeys(ESTABLISHMENT_COLUMNS, "")
    keys = {"siret": siret, "siren": siret[:9], "nic": siret[9:]}
    return blank | ESTABLISHMENT_DEFAULTS | keys | named


def head_office(siren, **values):
    """The head office that a unit names by default."""
    return establishment(f"{siren}00011", **values)


def strange_rows(seed):
    """Rows of all sorts: known and unknown codes, masked and faulty values, accents, repeated rows."""
    draw = random.Random(seed).choice
    units, places = [], []
    for n in range(160):
        siren = f"{300_000_000 + n}"
        units.append(
            unit(
                draw([siren] * 9 + [f"X{n}"]),
                category=draw(["9220", "9220", "5710", "5458", "6316", "1000", "9210", "9999", ""]),
                flag=draw(["O", "O", "N", "", "X"]),
                activity=draw(["94.99Z", "94.11Z", "85.59A", "00.00Z", ""]),
                nomenclature=draw(["NAFRev2", "NAFRev2", "NAF1993", ""]),
                name=draw(
                    ["ŒUVRE D'ÉTÉ", 'CLUB "LES AMIS", SECTION Ô', "", "[ND]", "ÆTHER  -  ÇA & LÀ"]
                ),
                usual_name=draw(["", "Élan", "  "]),
                acronym=draw(["", "A.B.C."]),
                state=draw(["A"] * 6 + ["C", "", "Z"]),
                purged=draw(["", "", "true"]),
                diffusion=draw(["O", "O", "P", ""]),
                created=draw(["2026-02-01", "1901-01-01", "2010-13-45", "", "10/05/2010"]),
                updated=draw(["2026-10-31T03:12:00", "2026-10-01", ""]),
                band=draw(["NN", "03", "53", "99", ""]),
                nic=draw(["00011", "00029", ""]),
            )
        )
        places += [
            establishment(
                f"{siren}{place:05}",
                commune=draw(["59350", "59298", "75101", "97411", "57463", "", "99999"]),
                x=draw(["704000.25", "0", "", "[ND]", "abc", "1e5"]),
                y=draw(["7059000.5", "7060000"]),
                band=draw(["NN", "00", "03", "12", "53", "", "99"]),
                created=draw(["2026-02-01", "2010-05-01", ""]),
                state=draw(["A", "A", "A", "F", ""]),
                diffusion=draw(["O", "O", "O", "P"]),
                head_office=draw(["true", "false"]),
                sign=draw(["", "Le café"]),
            )
            for place in range(draw([0, 1, 1, 2, 3]))
        ]
    return units + units[:5], places + places[:5]


def write_csv(path: Path, rows, columns=None):
    """Write rows as SIRENE publishes them in CSV."""
    columns = columns or list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_parquet(path: Path, rows, columns=None):
    """Write rows as SIRENE publishes them in Parquet: legal category, NIC and year are numbers there."""
    text = write_csv(path.with_suffix(".csv"), rows, columns)
    numbers = [
        name
        for name in ("categorieJuridiqueUniteLegale", "nicSiegeUniteLegale", "nic")
        if name in rows[0]
    ]
    replaced = ", ".join(f"try_cast({name} AS INTEGER) AS {name}" for name in numbers)
    shown = f"* REPLACE ({replaced})" if numbers else "*"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {shown} FROM read_csv('{text}', header = true, all_varchar = true,"
            f" delim = ',', quote = '\"', escape = '\"')) TO '{path}' (FORMAT parquet)"
        )
    text.unlink()
    return path
