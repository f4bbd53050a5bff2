-- Every row of StockUniteLegale, with what keeps it out of the register from the start.
-- Rule: natural persons (legal category 1000) go first and are never read further; then purged
-- units, units that have ceased, and rows without a known state or without a SIREN of nine digits.
-- Diffusion: any status other than O masks the name, an empty one too.
-- Source: StockUniteLegale. Grain: one row of the file. Read as a view.
SELECT
  siren,
  coalesce(statutDiffusionUniteLegale, '') <> 'O' AS is_partial,
  categorieJuridiqueUniteLegale AS category,
  CASE WHEN economieSocialeSolidaireUniteLegale IN ('O', 'N')
    THEN economieSocialeSolidaireUniteLegale END AS flag,
  activitePrincipaleUniteLegale AS activity,
  nomenclatureActivitePrincipaleUniteLegale AS nomenclature,
  activitePrincipaleNAF25UniteLegale AS activity25,
  denominationUniteLegale AS registered_name,
  concat_ws(
    ' ',
    denominationUsuelle1UniteLegale,
    denominationUsuelle2UniteLegale,
    denominationUsuelle3UniteLegale
  ) AS usual_name,
  sigleUniteLegale AS acronym,
  identifiantAssociationUniteLegale AS rna,
  dateCreationUniteLegale AS created_text,
  dateDernierTraitementUniteLegale AS updated_text,
  trancheEffectifsUniteLegale AS headcount_band,
  anneeEffectifsUniteLegale AS headcount_year,
  nicSiegeUniteLegale AS head_office_nic,
  caractereEmployeurUniteLegale AS dead_employer,
  CASE
    WHEN categorieJuridiqueUniteLegale = '1000' THEN 'natural-person'
    WHEN lower(unitePurgeeUniteLegale) = 'true' THEN 'purged'
    WHEN etatAdministratifUniteLegale = 'C' THEN 'ceased'
    WHEN etatAdministratifUniteLegale = 'A' AND regexp_matches(siren, '^[0-9]{9}$') THEN NULL
    ELSE 'malformed'
  END AS left_out
FROM source_units
