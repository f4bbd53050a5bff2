-- The units of the register: those of the ESS that have an active establishment in the area.
-- Rule: the name is masked under partial diffusion; a unit without a registered name goes by its usual one.
-- Source: classified, establishments. Grain: one legal unit.
SELECT
  siren,
  name,
  acronym,
  usual_name,
  rna,
  category,
  activity,
  nomenclature,
  activity25,
  created_on,
  headcount_band,
  headcount_year,
  is_partial,
  flag,
  is_listed,
  family,
  status,
  reasons,
  head_office,
  updated_on
FROM (
  SELECT
    u.siren,
    CASE WHEN u.is_partial THEN '' ELSE coalesce(u.registered_name, u.usual_name, '') END AS name,
    CASE WHEN u.is_partial THEN '' ELSE coalesce(u.acronym, '') END AS acronym,
    CASE WHEN u.is_partial THEN '' ELSE coalesce(u.usual_name, '') END AS usual_name,
    CASE WHEN u.is_partial THEN '' ELSE coalesce(u.rna, '') END AS rna,
    coalesce(u.category, '') AS category,
    coalesce(u.activity, '') AS activity,
    coalesce(u.nomenclature, '') AS nomenclature,
    coalesce(u.activity25, '') AS activity25,
    try_cast(substr(u.created_text, 1, 10) AS DATE) AS created_on,
    a.band AS headcount_band,
    try_cast(u.headcount_year AS INTEGER) AS headcount_year,
    u.is_partial,
    u.flag,
    u.is_listed,
    u.family,
    u.status,
    u.reasons,
    coalesce(concat(u.siren, lpad(u.head_office_nic, 5, '0')), '') AS head_office,
    try_cast(substr(u.updated_text, 1, 10) AS DATE) AS updated_on,
    row_number() OVER (
      PARTITION BY u.siren ORDER BY u.updated_text DESC, u.status, u.registered_name, u.created_text
    ) AS occurrence
  FROM classified AS u
  LEFT JOIN bands AS a ON a.band = u.headcount_band
  WHERE u.status <> 'outside' AND u.siren IN (SELECT siren FROM establishments)
) AS numbered
WHERE occurrence = 1
ORDER BY siren
