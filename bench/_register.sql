-- The register by hand: what a statistician would write for this very input, in one go, on typed columns.
-- Same rows as the build of the package; nothing here guards against damaged files or rows.

CREATE TEMP MACRO iso_latitude(x, y) AS -ln(sqrt((x - 700000) ^ 2 + (y - 12655612.049876) ^ 2) / 11754255.426096) / 0.7256077650532670;
CREATE TEMP MACRO next_latitude(l, phi) AS
  2 * atan(((1 + 0.08181919104281579 * sin(phi)) / (1 - 0.08181919104281579 * sin(phi))) ^ 0.040909595521407895 * exp(l)) - pi() / 2;

CREATE TEMP TABLE judged AS
SELECT *, CASE WHEN status <> 'outside' THEN coalesce(statute, 'commercial') END AS family,
  'flag=' || coalesce(flag, 'unknown') || ' category=' || category
  || CASE WHEN flag IS DISTINCT FROM 'O' AND presumable AND excluded THEN ' excluded-activity=' || activity ELSE '' END
  || CASE WHEN status <> 'outside' THEN ' family=' || coalesce(statute, 'commercial') ELSE '' END
  || ' perimeter={perimeter}' AS reasons
FROM (
  SELECT *, CASE WHEN flag = 'O' AND statute IS NOT NULL THEN 'recognised' WHEN flag = 'O' THEN 'declared'
    WHEN presumable AND NOT excluded THEN 'presumed' ELSE 'outside' END AS status
  FROM (
    SELECT siren, statutDiffusionUniteLegale <> 'O' AS is_partial,
      categorieJuridiqueUniteLegale::VARCHAR AS category, economieSocialeSolidaireUniteLegale AS flag,
      activitePrincipaleUniteLegale AS activity, nomenclatureActivitePrincipaleUniteLegale AS nomenclature,
      activitePrincipaleNAF25UniteLegale AS activity25, nullif(denominationUniteLegale, '[ND]') AS registered_name,
      denominationUsuelle1UniteLegale AS usual_name, sigleUniteLegale AS acronym,
      identifiantAssociationUniteLegale AS rna, dateCreationUniteLegale AS created_on,
      dateDernierTraitementUniteLegale::DATE AS updated_on, trancheEffectifsUniteLegale AS headcount_band,
      anneeEffectifsUniteLegale::INT AS headcount_year, nicSiegeUniteLegale AS nic, p.family AS statute,
      coalesce(p.family IN ('cooperative', 'mutual'), false) AS presumable, x.code IS NOT NULL AS excluded
    FROM '{units}' u
    LEFT JOIN perimeter p ON p.code = u.categorieJuridiqueUniteLegale
    LEFT JOIN exclusions x ON x.code = u.activitePrincipaleUniteLegale
      AND x.nomenclature = u.nomenclatureActivitePrincipaleUniteLegale
    WHERE categorieJuridiqueUniteLegale <> 1000 AND etatAdministratifUniteLegale = 'A'
      AND unitePurgeeUniteLegale IS NOT true
  )
);

CREATE TEMP TABLE places AS
SELECT siret, siren, is_head_office, CASE WHEN hidden THEN '' ELSE coalesce(name, '') END AS name,
  CASE WHEN hidden THEN '' ELSE coalesce(complement, '') END AS complement,
  CASE WHEN hidden THEN '' ELSE street END AS street, CASE WHEN hidden THEN '' ELSE postcode END AS postcode,
  commune, commune_as_published, headcount_band, headcount_year, is_employer, activity, nomenclature,
  activity25, created_on, hidden AS is_partial,
  round(CASE WHEN hidden THEN NULL WHEN x IS NOT NULL
    THEN 3 + degrees(atan((x - 700000) / (12655612.049876 - y)) / 0.7256077650532670)
    ELSE centre_x END, 6) AS longitude,
  round(CASE WHEN hidden THEN NULL WHEN x IS NOT NULL THEN degrees(
    next_latitude(l, next_latitude(l, next_latitude(l, next_latitude(l, next_latitude(l, 2 * atan(exp(l)) - pi() / 2))))))
    ELSE centre_y END, 6) AS latitude,
  CASE WHEN hidden THEN 'none' WHEN x IS NOT NULL THEN 'address' WHEN centre_x IS NOT NULL THEN 'commune'
    ELSE 'none' END AS point_source
FROM (
  SELECT *, iso_latitude(x, y) AS l FROM (
    SELECT e.siret, e.siren, etablissementSiege AS is_head_office,
      coalesce(denominationUsuelleEtablissement, enseigne1Etablissement) AS name,
      complementAdresseEtablissement AS complement,
      concat_ws(' ', numeroVoieEtablissement, indiceRepetitionEtablissement, typeVoieEtablissement,
        libelleVoieEtablissement) AS street,
      codePostalEtablissement AS postcode, c.commune, codeCommuneEtablissement AS commune_as_published,
      b.band AS headcount_band, anneeEffectifsEtablissement::INT AS headcount_year, b.is_employer,
      activitePrincipaleEtablissement AS activity, nomenclatureActivitePrincipaleEtablissement AS nomenclature,
      coalesce(activitePrincipaleNAF25Etablissement, '') AS activity25, dateCreationEtablissement AS created_on,
      statutDiffusionEtablissement <> 'O' OR j.is_partial AS hidden,
      try_cast(coordonneeLambertAbscisseEtablissement AS DOUBLE) AS x,
      try_cast(coordonneeLambertOrdonneeEtablissement AS DOUBLE) AS y, c.centre_x, c.centre_y
    FROM '{establishments}' e
    JOIN judged j ON j.siren = e.siren AND j.status <> 'outside'
    JOIN communes c ON c.code = e.codeCommuneEtablissement
    LEFT JOIN bands b ON b.band = e.trancheEffectifsEtablissement
    WHERE etatAdministratifEtablissement = 'A'
  )
);
COPY (SELECT * FROM places ORDER BY siret) TO '{to}/establishments.parquet' (FORMAT parquet);

CREATE TEMP TABLE kept AS
SELECT siren, CASE WHEN is_partial THEN '' ELSE coalesce(registered_name, usual_name, '') END AS name,
  CASE WHEN is_partial THEN '' ELSE coalesce(acronym, '') END AS acronym,
  CASE WHEN is_partial THEN '' ELSE coalesce(usual_name, '') END AS usual_name,
  CASE WHEN is_partial THEN '' ELSE coalesce(rna, '') END AS rna, category, activity, nomenclature,
  coalesce(activity25, '') AS activity25, created_on, headcount_band, headcount_year, is_partial, flag,
  false AS is_listed, family, status, reasons, siren || lpad(nic::VARCHAR, 5, '0') AS head_office, updated_on
FROM judged SEMI JOIN places USING (siren) WHERE status <> 'outside';
COPY (SELECT * FROM kept ORDER BY siren) TO '{to}/units.parquet' (FORMAT parquet);

COPY (
  SELECT siren, CASE WHEN is_partial THEN '' ELSE coalesce(registered_name, usual_name, '') END AS name,
    CASE WHEN is_partial THEN '' ELSE coalesce(acronym, '') END AS acronym,
    CASE WHEN is_partial THEN '' ELSE translate(replace(replace(lower(concat_ws(' ',
      coalesce(registered_name, usual_name), acronym)), 'œ', 'oe'), 'æ', 'ae'), {marked}, {plain}) END AS folded_name,
    category, activity, nomenclature, is_partial, flag, false AS is_listed, family, status, reasons
  FROM judged ANTI JOIN kept USING (siren)
) TO '{to}/outside.parquet' (FORMAT parquet);

COPY (
  SELECT commune, family, status, sector, sum(units)::INT AS units, sum(unit_creations)::INT AS unit_creations,
    sum(establishments)::INT AS establishments, sum(employers)::INT AS employers,
    sum(establishment_creations)::INT AS establishment_creations, sum(low)::BIGINT AS headcount_low,
    sum(high)::BIGINT AS headcount_high, sum(unbounded)::INT AS headcount_unbounded,
    sum(unknown)::INT AS headcount_unknown
  FROM (
    SELECT h.commune, family, status, coalesce(s.sector, 'unknown') AS sector, 1 AS units,
      coalesce(created_on >= DATE '{month}' - INTERVAL 1 YEAR AND created_on < DATE '{month}', false)::INT AS unit_creations,
      0 AS establishments, 0 AS employers, 0 AS establishment_creations, 0 AS low, 0 AS high, 0 AS unbounded,
      0 AS unknown
    FROM kept
    JOIN (SELECT siren, arg_min(commune, (NOT is_head_office, siret)) AS commune FROM places GROUP BY siren) h USING (siren)
    LEFT JOIN sectors s ON s.nomenclature = kept.nomenclature AND s.division = left(kept.activity, 2)
    UNION ALL
    SELECT e.commune, family, status, coalesce(s.sector, 'unknown'), 0, 0, 1,
      coalesce(e.is_employer, false)::INT,
      coalesce(e.created_on >= DATE '{month}' - INTERVAL 1 YEAR AND e.created_on < DATE '{month}', false)::INT,
      coalesce(b.least, 0), coalesce(b.most, 0), (b.band IS NOT NULL AND b.most IS NULL)::INT, (b.band IS NULL)::INT
    FROM places e JOIN kept USING (siren)
    LEFT JOIN bands b ON b.band = e.headcount_band
    LEFT JOIN sectors s ON s.nomenclature = e.nomenclature AND s.division = left(e.activity, 2)
  )
  GROUP BY ALL ORDER BY commune, family, status, sector
) TO '{to}/counts.parquet' (FORMAT parquet);
