-- The establishments of the register: those of the area, with their point.
-- Rule: a point that SIRENE gives, else the centre of the commune where an outline is known; none for
-- those it masks. An establishment is an employer when its headcount band says at least one employee;
-- unknown without a band.
-- Source: located, points (made from located by essor.register.build.points), communes, bands.
-- Grain: one establishment.
SELECT
  siret,
  siren,
  is_head_office,
  name,
  complement,
  street,
  postcode,
  commune,
  commune_as_published,
  headcount_band,
  headcount_year,
  is_employer,
  activity,
  nomenclature,
  activity25,
  created_on,
  is_partial,
  longitude,
  latitude,
  point_source
FROM (
  SELECT
    e.siret,
    e.siren,
    coalesce(e.is_head_office, FALSE) AS is_head_office,
    coalesce(e.name, '') AS name,
    coalesce(e.complement, '') AS complement,
    coalesce(e.street, '') AS street,
    coalesce(e.postcode, '') AS postcode,
    coalesce(e.commune, '') AS commune,
    coalesce(e.commune_as_published, '') AS commune_as_published,
    a.band AS headcount_band,
    try_cast(e.headcount_year AS INTEGER) AS headcount_year,
    a.is_employer = '1' AS is_employer,
    coalesce(e.activity, '') AS activity,
    coalesce(e.nomenclature, '') AS nomenclature,
    coalesce(e.activity25, '') AS activity25,
    try_cast(substr(e.created_text, 1, 10) AS DATE) AS created_on,
    e.is_partial,
    CASE WHEN e.is_partial THEN NULL
      ELSE coalesce(CAST(p.longitude AS DOUBLE), CAST(c.longitude AS DOUBLE)) END AS longitude,
    CASE WHEN e.is_partial THEN NULL
      ELSE coalesce(CAST(p.latitude AS DOUBLE), CAST(c.latitude AS DOUBLE)) END AS latitude,
    CASE
      WHEN e.is_partial THEN 'none'
      WHEN p.siret IS NOT NULL THEN 'address'
      WHEN c.longitude IS NOT NULL THEN 'commune'
      ELSE 'none'
    END AS point_source,
    row_number() OVER (
      PARTITION BY e.siret ORDER BY e.is_head_office DESC, e.created_text, e.street, e.name
    ) AS occurrence
  FROM located AS e
  LEFT JOIN points AS p ON p.siret = e.siret
  LEFT JOIN communes AS c ON c.code = e.commune
  LEFT JOIN bands AS a ON a.band = e.headcount_band
  WHERE e.is_in_area
) AS numbered
WHERE occurrence = 1
ORDER BY siret
