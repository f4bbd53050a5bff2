-- Every row of StockEtablissement, with what keeps it out of the register from the start.
-- Rule: closed establishments, then rows without a known state, or without a SIRET of fourteen digits that
-- begins with their SIREN. An employer is told by its headcount band, never by caractereEmployeur.
-- Source: StockEtablissement. Grain: one row of the file. Read as a view.
SELECT
  siren,
  siret,
  coalesce(statutDiffusionEtablissement, '') <> 'O' AS is_partial,
  lower(etablissementSiege) = 'true' AS is_head_office,
  coalesce(denominationUsuelleEtablissement, enseigne1Etablissement) AS name,
  complementAdresseEtablissement AS complement,
  concat_ws(
    ' ',
    numeroVoieEtablissement,
    indiceRepetitionEtablissement,
    typeVoieEtablissement,
    libelleVoieEtablissement
  ) AS street,
  codePostalEtablissement AS postcode,
  codeCommuneEtablissement AS commune_as_published,
  trancheEffectifsEtablissement AS headcount_band,
  anneeEffectifsEtablissement AS headcount_year,
  activitePrincipaleEtablissement AS activity,
  nomenclatureActivitePrincipaleEtablissement AS nomenclature,
  activitePrincipaleNAF25Etablissement AS activity25,
  dateCreationEtablissement AS created_text,
  coordonneeLambertAbscisseEtablissement AS easting,
  coordonneeLambertOrdonneeEtablissement AS northing,
  caractereEmployeurEtablissement AS dead_employer,
  etatAdministratifEtablissement = 'A' AS is_active,
  CASE
    WHEN etatAdministratifEtablissement = 'F' THEN 'closed'
    WHEN
      etatAdministratifEtablissement = 'A'
      AND substr(siret, 1, 9) = siren
      AND regexp_matches(siret, '^[0-9]{14}$')
      THEN NULL
    ELSE 'malformed'
  END AS left_out
FROM source_establishments
