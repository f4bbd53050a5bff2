"""The tags that a portal starts with; editors rename, add and delete as they like."""

from django.db import migrations

SUPPORT = True
TAGS = (
    ("amap", "AMAP", not SUPPORT),
    ("atelier-solidaire", "Atelier solidaire", not SUPPORT),
    ("cafe-associatif", "Café associatif", not SUPPORT),
    ("coworking", "Coworking", not SUPPORT),
    ("energie-citoyenne", "Énergie citoyenne", not SUPPORT),
    ("epicerie-solidaire", "Épicerie solidaire", not SUPPORT),
    ("fablab", "Fablab", not SUPPORT),
    ("habitat-participatif", "Habitat participatif", not SUPPORT),
    ("jardin-partage", "Jardin partagé", not SUPPORT),
    ("librairie-solidaire", "Librairie solidaire", not SUPPORT),
    ("monnaie-locale", "Monnaie locale", not SUPPORT),
    ("recyclerie", "Recyclerie", not SUPPORT),
    ("scic", "SCIC", not SUPPORT),
    ("scop", "SCOP", not SUPPORT),
    ("structure-d-insertion", "Structure d’insertion", not SUPPORT),
    ("tiers-lieu", "Tiers-lieu", not SUPPORT),
    ("cae", "Coopérative d’activités et d’emploi (CAE)", SUPPORT),
    ("chambre-de-l-ess", "Chambre régionale de l’ESS (CRESS)", SUPPORT),
    ("financement-solidaire", "Financement solidaire", SUPPORT),
    ("incubateur", "Incubateur", SUPPORT),
    ("reseau-d-accompagnement", "Réseau d’accompagnement", SUPPORT),
)


def add_tags(apps, schema_editor):
    """Add those that are not there yet."""
    tags = apps.get_model("register", "StructureTag")
    for slug, name, is_support in TAGS:
        tags.objects.get_or_create(slug=slug, defaults={"name": name, "is_support": is_support})


class Migration(migrations.Migration):
    dependencies = [("register", "0002_profiles_and_contributions")]

    operations = [migrations.RunPython(add_tags, migrations.RunPython.noop)]
