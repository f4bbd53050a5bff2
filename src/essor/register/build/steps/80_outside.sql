-- Every active legal person that the directory does not show, for “is it of the ESS?”.
-- Rule: natural persons are not here, they were never read; masked units have no name. A unit of the ESS
-- without an establishment in the area is here with its own status.
-- Source: classified, units. Grain: one legal unit.
SELECT
  u.siren,
  CASE WHEN u.is_partial THEN '' ELSE coalesce(u.registered_name, u.usual_name, '') END AS name,
  CASE WHEN u.is_partial THEN '' ELSE coalesce(u.acronym, '') END AS acronym,
  CASE WHEN u.is_partial THEN '' ELSE translate(
    replace(replace(
      lower(concat_ws(' ', coalesce(u.registered_name, u.usual_name), u.acronym)), 'œ', 'oe'
    ), 'æ', 'ae'),
    b.marked_letters, b.plain_letters
  ) END AS folded_name,
  coalesce(u.category, '') AS category,
  coalesce(u.activity, '') AS activity,
  coalesce(u.nomenclature, '') AS nomenclature,
  u.is_partial,
  u.flag,
  u.is_listed,
  u.family,
  u.status,
  u.reasons
FROM classified AS u
CROSS JOIN build AS b
LEFT JOIN units AS kept ON kept.siren = u.siren
WHERE kept.siren IS NULL
