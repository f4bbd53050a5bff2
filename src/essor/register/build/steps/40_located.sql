-- The active establishments of the units of the ESS, in the whole country, with today's commune.
-- Rule: former communes and municipal arrondissements stand for the commune they belong to. A unit or an
-- establishment under partial diffusion keeps its commune, and loses its name, its address and its point.
-- Source: received_establishments, classified, communes. Grain: one establishment (rows may be repeated
-- where the file repeats them; step 60 keeps one).
SELECT
  e.siret,
  e.siren,
  e.is_head_office,
  e.is_partial OR u.is_partial AS is_partial,
  CASE WHEN NOT (e.is_partial OR u.is_partial) THEN e.name END AS name,
  CASE WHEN NOT (e.is_partial OR u.is_partial) THEN e.complement END AS complement,
  CASE WHEN NOT (e.is_partial OR u.is_partial) THEN e.street END AS street,
  CASE WHEN NOT (e.is_partial OR u.is_partial) THEN e.postcode END AS postcode,
  e.commune_as_published,
  c.commune,
  c.department,
  coalesce(c.is_in_area = '1', b.is_country = '1') AS is_in_area,
  e.headcount_band,
  e.headcount_year,
  e.activity,
  e.nomenclature,
  e.activity25,
  e.created_text,
  CASE WHEN NOT (e.is_partial OR u.is_partial) THEN try_cast(e.easting AS DOUBLE) END AS easting,
  CASE WHEN NOT (e.is_partial OR u.is_partial) THEN try_cast(e.northing AS DOUBLE) END AS northing
FROM received_establishments AS e
JOIN (
  SELECT siren, max(is_partial) AS is_partial FROM classified WHERE status <> 'outside' GROUP BY siren
) AS u ON u.siren = e.siren
CROSS JOIN build AS b
LEFT JOIN communes AS c ON c.code = e.commune_as_published
WHERE
  e.is_active
  -- What is left of the check of step 30 once the SIREN is that of a unit. Written with both sides of the
  -- join, it is made for the few rows that were joined, and not for all that are active.
  AND substr(e.siret, 1, 9) = u.siren
  AND regexp_matches(concat(u.siren, substr(e.siret, 10)), '^[0-9]{14}$')
