"""Acts on baskets and saved searches leave the log that is shown by kind for the one that hides private names."""

from django.db import migrations

KINDS = ("basket", "savedsearch")
FIELDS = (
    "content_type_id",
    "object_id",
    "label",
    "action",
    "data",
    "timestamp",
    "uuid",
    "user_id",
    "revision_id",
    "content_changed",
    "deleted",
)
AT_ONCE = 500


def to_their_own_log(apps, schema_editor):
    move(
        apps.get_model("wagtailcore", "ModelLogEntry"),
        apps.get_model("catalogue", "SelectionLogEntry"),
    )


def back_to_the_log_of_all(apps, schema_editor):
    move(
        apps.get_model("catalogue", "SelectionLogEntry"),
        apps.get_model("wagtailcore", "ModelLogEntry"),
    )


def move(source, target):
    ours = source.objects.filter(
        content_type__app_label="catalogue", content_type__model__in=KINDS
    ).order_by("pk")
    while entries := list(ours.values("pk", *FIELDS)[:AT_ONCE]):
        keys = [entry.pop("pk") for entry in entries]
        target.objects.bulk_create(target(**entry) for entry in entries)
        source.objects.filter(pk__in=keys).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0007_acts_on_selections"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(to_their_own_log, back_to_the_log_of_all)]
