-- Every active legal person with its status, its family and the reasons for them.
-- Rule (docs/decisions/016-register.md, law 2014-856): with the flag O, recognised when the legal category
-- is in the perimeter, else declared. Without it, and null is not N, a co-operative or a mutual is presumed
-- unless its activity is excluded; a unit on the list of ESS France is presumed. Others are outside.
-- The same rule stands in essor.register.rules.classify; a test holds the two together.
-- Source: received_units, perimeter, exclusions, ess_list. Grain: one legal unit.
SELECT
  siren,
  is_partial,
  category,
  flag,
  activity,
  nomenclature,
  activity25,
  registered_name,
  usual_name,
  acronym,
  rna,
  created_text,
  updated_text,
  headcount_band,
  headcount_year,
  head_office_nic,
  is_listed,
  status,
  CASE WHEN status <> 'outside' THEN coalesce(statute, 'commercial') END AS family,
  concat_ws(
    ' ',
    concat('flag=', coalesce(flag, 'unknown')),
    concat('category=', coalesce(category, 'unknown')),
    CASE WHEN coalesce(flag, '') <> 'O' AND is_presumable AND is_excluded
      THEN concat('excluded-activity=', activity) END,
    CASE WHEN coalesce(flag, '') <> 'O' AND is_listed AND (is_excluded OR NOT is_presumable)
      THEN 'list=ess-france' END,
    CASE WHEN status <> 'outside' THEN concat('family=', coalesce(statute, 'commercial')) END,
    concat('perimeter=', perimeter)
  ) AS reasons
FROM (
  SELECT
    *,
    CASE
      WHEN flag = 'O' AND statute IS NOT NULL THEN 'recognised'
      WHEN flag = 'O' THEN 'declared'
      WHEN is_presumable AND NOT is_excluded THEN 'presumed'
      WHEN is_listed THEN 'presumed'
      ELSE 'outside'
    END AS status
  FROM (
    SELECT
      u.*,
      p.family AS statute,
      coalesce(p.family IN ('cooperative', 'mutual'), FALSE) AS is_presumable,
      x.code IS NOT NULL AS is_excluded,
      l.siren IS NOT NULL AS is_listed,
      b.perimeter
    FROM received_units AS u
    CROSS JOIN build AS b
    LEFT JOIN perimeter AS p ON p.code = u.category
    LEFT JOIN exclusions AS x ON x.code = u.activity AND x.nomenclature = u.nomenclature
    LEFT JOIN ess_list AS l ON l.siren = u.siren
    WHERE u.left_out IS NULL
  ) AS joined
) AS judged
