-- Raw counts for the observatory.
-- Rule: a unit is counted once, in the commune of its head office when that is in the area, else in that
-- of its first establishment there, under its own sector; establishments under theirs. Headcounts are the
-- sums of the bounds of bands; those of unbounded and of unknown bands are counted beside, never guessed.
-- Creations are those of the twelve months before the month of the vintage.
-- Source: units, establishments, bands, sectors. Grain: one commune, family, status and sector.
SELECT
  commune,
  family,
  status,
  sector,
  CAST(sum(units) AS INTEGER) AS units,
  CAST(sum(unit_creations) AS INTEGER) AS unit_creations,
  CAST(sum(establishments) AS INTEGER) AS establishments,
  CAST(sum(employers) AS INTEGER) AS employers,
  CAST(sum(establishment_creations) AS INTEGER) AS establishment_creations,
  CAST(sum(headcount_low) AS BIGINT) AS headcount_low,
  CAST(sum(headcount_high) AS BIGINT) AS headcount_high,
  CAST(sum(headcount_unbounded) AS INTEGER) AS headcount_unbounded,
  CAST(sum(headcount_unknown) AS INTEGER) AS headcount_unknown
FROM (
  SELECT
    h.commune,
    u.family,
    u.status,
    coalesce(s.sector, 'unknown') AS sector,
    1 AS units,
    CASE WHEN u.created_on >= CAST(b.year_before AS DATE) AND u.created_on < CAST(b.month AS DATE)
      THEN 1 ELSE 0 END AS unit_creations,
    0 AS establishments,
    0 AS employers,
    0 AS establishment_creations,
    0 AS headcount_low,
    0 AS headcount_high,
    0 AS headcount_unbounded,
    0 AS headcount_unknown
  FROM units AS u
  CROSS JOIN build AS b
  JOIN (
    SELECT siren, commune FROM (
      SELECT
        siren,
        commune,
        row_number() OVER (PARTITION BY siren ORDER BY is_head_office DESC, siret) AS occurrence
      FROM establishments
    ) AS numbered
    WHERE occurrence = 1
  ) AS h ON h.siren = u.siren
  LEFT JOIN sectors AS s
    ON s.nomenclature = u.nomenclature AND s.division = substr(u.activity, 1, 2)
  UNION ALL
  SELECT
    e.commune,
    u.family,
    u.status,
    coalesce(s.sector, 'unknown') AS sector,
    0 AS units,
    0 AS unit_creations,
    1 AS establishments,
    CASE WHEN e.is_employer THEN 1 ELSE 0 END AS employers,
    CASE WHEN e.created_on >= CAST(b.year_before AS DATE) AND e.created_on < CAST(b.month AS DATE)
      THEN 1 ELSE 0 END AS establishment_creations,
    coalesce(CAST(a.least AS INTEGER), 0) AS headcount_low,
    coalesce(CAST(a.most AS INTEGER), 0) AS headcount_high,
    CASE WHEN a.band IS NOT NULL AND a.most IS NULL THEN 1 ELSE 0 END AS headcount_unbounded,
    CASE WHEN a.band IS NULL THEN 1 ELSE 0 END AS headcount_unknown
  FROM establishments AS e
  JOIN units AS u ON u.siren = e.siren
  CROSS JOIN build AS b
  LEFT JOIN bands AS a ON a.band = e.headcount_band
  LEFT JOIN sectors AS s
    ON s.nomenclature = e.nomenclature AND s.division = substr(e.activity, 1, 2)
) AS parts
GROUP BY commune, family, status, sector
ORDER BY commune, family, status, sector
