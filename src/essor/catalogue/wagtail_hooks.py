"""What the catalogue adds to the staff screens."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from essor.catalogue.admin import CatalogueGroup, RecordChooser
from essor.catalogue.models import ImportRun, Record, Source
from essor.catalogue.perms import LookOnly, NoDeletion

register_permission_policy(Record, LookOnly(Record))
register_permission_policy(ImportRun, LookOnly(ImportRun))
register_permission_policy(Source, NoDeletion(Source))


@hooks.register("register_admin_viewset")
def catalogue_screens() -> list[object]:
    """Records, imports, sources and baskets, under one entry of the menu; a chooser of records."""
    return [RecordChooser("record_chooser"), CatalogueGroup()]
