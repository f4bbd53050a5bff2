"""The themes that the innovation catalogue starts with; editors rename, add and delete as they like."""

from django.db import migrations

THEMES = (
    ("alimentation", "Alimentation et agriculture", "Food and farming"),
    ("culture", "Culture et éducation populaire", "Culture and popular education"),
    ("emploi", "Emploi et insertion", "Work and integration"),
    ("energie", "Énergie et climat", "Energy and climate"),
    ("finance", "Finance solidaire et monnaies locales", "Solidarity finance and local currencies"),
    ("habitat", "Habitat et urbanisme", "Housing and planning"),
    ("mobilite", "Mobilités", "Mobility"),
    ("numerique", "Numérique et communs", "Digital and commons"),
    ("reemploi", "Réemploi et économie circulaire", "Reuse and circular economy"),
    ("sante", "Santé et autonomie", "Health and autonomy"),
    ("solidarites", "Solidarités et accès aux droits", "Solidarity and access to rights"),
    ("tiers-lieux", "Tiers-lieux et coopération", "Third places and co-operation"),
)


def add_themes(apps, schema_editor):
    """Add those that are not there yet."""
    themes = apps.get_model("register", "InitiativeTheme")
    for slug, name, name_en in THEMES:
        themes.objects.get_or_create(slug=slug, defaults={"name": name, "name_en": name_en})


class Migration(migrations.Migration):
    dependencies = [("register", "0006_innovation_catalogue")]

    operations = [migrations.RunPython(add_themes, migrations.RunPython.noop)]
