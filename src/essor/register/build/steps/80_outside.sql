-- Every active legal person that the directory does not show, for “is it of the ESS?”.
-- Rule: natural persons are not here, they were never read; masked units have no name. A unit of the ESS
-- without an establishment in the area is here with its own status.
-- Source: classified, units. Grain: one legal unit.
SELECT
  siren,
  name,
  acronym,
  CASE
    -- Letters are looked up one by one: names that are all ASCII, nearly all of them, go without.
    WHEN bit_length(lowered) = 8 * length(lowered) THEN lowered
    ELSE translate(
      replace(replace(lowered, 'œ', 'oe'), 'æ', 'ae'),
      marked_letters, plain_letters
    )
  END AS folded_name,
  category,
  activity,
  nomenclature,
  is_partial,
  flag,
  is_listed,
  family,
  status,
  reasons
FROM (
  SELECT
    u.siren,
    CASE WHEN u.is_partial THEN '' ELSE coalesce(u.registered_name, u.usual_name, '') END AS name,
    CASE WHEN u.is_partial THEN '' ELSE coalesce(u.acronym, '') END AS acronym,
    CASE WHEN u.is_partial THEN ''
      ELSE lower(concat_ws(' ', coalesce(u.registered_name, u.usual_name), u.acronym)) END AS lowered,
    coalesce(u.category, '') AS category,
    coalesce(u.activity, '') AS activity,
    coalesce(u.nomenclature, '') AS nomenclature,
    u.is_partial,
    u.flag,
    u.is_listed,
    u.family,
    u.status,
    u.reasons,
    b.marked_letters,
    b.plain_letters
  FROM classified AS u
  CROSS JOIN build AS b
  LEFT JOIN units AS kept ON kept.siren = u.siren
  WHERE kept.siren IS NULL
) AS named
