"""The columns of the files: their names, which programs read and which do not change, and what they mean."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: Mapping[str, tuple[str, Promise]] = {
    "siren": ("siren", _("SIREN of the legal unit; empty when the identity is hidden")),
    "siret": ("siret_siege", _("SIRET of the head office")),
    "name": ("nom", _("name in SIRENE")),
    "acronym": ("sigle", _("acronym")),
    "usual_name": ("nom_usuel", _("usual name")),
    "rna": ("rna", _("RNA number of an association")),
    "family": (
        "famille",
        _("family, as a code: association, cooperative, mutual, foundation, commercial"),
    ),
    "family_label": ("famille_libelle", _("family in words")),
    "status": (
        "statut",
        _(
            "recognised (official flag and statute), declared (commercial company with the flag) or "
            "presumed (without the flag)"
        ),
    ),
    "status_label": ("statut_libelle", _("status in words")),
    "reasons": ("raisons", _("why it is in the register: key=value, in the order applied")),
    "category": ("categorie_juridique", _("legal category, code of INSEE")),
    "category_label": ("categorie_juridique_libelle", _("legal category in words")),
    "activity": ("ape", _("main activity, code of NAF rév. 2")),
    "activity_label": ("ape_libelle", _("main activity in words")),
    "activity_naf2025": ("naf2025", _("main activity, code of NAF 2025")),
    "sector": ("secteur", _("sector of this portal, as a code")),
    "sector_label": ("secteur_libelle", _("sector in words")),
    "created_on": ("date_creation", _("day of creation, as 2026-11-30; empty when unknown")),
    "headcount_band": ("tranche_effectifs", _("headcount band, code of SIRENE")),
    "headcount_year": ("annee_effectifs", _("year of the headcount band")),
    "street": ("adresse", _("street of the head office")),
    "postcode": ("code_postal", _("postcode")),
    "commune": ("code_commune", _("commune of today, code of INSEE")),
    "commune_label": ("commune", _("commune in words")),
    "longitude": ("longitude", _("degrees, WGS 84")),
    "latitude": ("latitude", _("degrees, WGS 84")),
    "point_source": (
        "precision_point",
        _("address, commune (the middle of the commune) or none"),
    ),
    "approvals": ("agrements", _("approvals in force: esus, siae")),
    "tags": ("etiquettes", _("tags given by the editors of the portal")),
    "web_site": ("site_web", _("web site, given by the editors of the portal")),
    "is_hidden": (
        "identite_masquee",
        _("true when SIRENE masks the identity, or when someone asked for it: counted, not named"),
    ),
    "provenance": ("provenance", _("source, vintage, perimeter, licence")),
}
"""By field of a row: the name of the column, in French as in the official files, and its meaning."""
