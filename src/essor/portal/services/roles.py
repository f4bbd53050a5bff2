"""The roles a network needs, made once and kept up to date at each migration.

- network administrator: everything, accounts and settings included;
- editor: writes and publishes anywhere in the portal;
- library editor: writes in the section of one library, and submits to moderation; makes baskets and
  saved searches that stay private until they give them to the network and an editor makes them public;
- moderator: reads what is submitted, publishes or sends back.
"""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

ADMINISTRATORS = "Administration du réseau"
EDITORS = "Rédaction"
MODERATORS = "Modération"
LIBRARY_EDITORS_PREFIX = "Rédaction – "
WORKFLOW = "Modération"

EVERYDAY_PAGE_RIGHTS = ("add_page", "change_page")
PUBLISHING_PAGE_RIGHTS = (*EVERYDAY_PAGE_RIGHTS, "publish_page", "lock_page", "unlock_page")
ADMINISTRATOR_PAGE_RIGHTS = (*PUBLISHING_PAGE_RIGHTS, "bulk_delete_page")

MEDIA_RIGHTS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)

EDITED_MODELS = {
    "portal": ("reusablebox", "feedsource"),
    "kiosk": ("kiosk", "oldnumber"),
    "catalogue": ("basket", "savedsearch", "cover"),
    "observatory": ("publishedfigure",),
    "register": (
        "structureprofile",
        "structuretag",
        "initiative",
        "initiativetheme",
        "guide",
    ),
}
"""Things of the staff screens that editors make and change, by app."""

PUT_RIGHT_MODELS = {"catalogue": ("work",), "register": ("contribution", "directoryentry")}
"""Things that come from elsewhere and that editors put right: which records are editions of one work,
what readers say of structures, which structure a row of another directory is."""

READ_MODELS = {
    "catalogue": ("record", "importrun", "mappingprofile", "branch"),
    "territory": ("territory",),
    "register": (
        "legalunit",
        "contribution",
        "vintage",
        "importeddirectory",
        "directoryimport",
        "directoryentry",
        "perimeterversion",
    ),
}
"""Things that editors may look up."""

OWN_MODELS = {"catalogue": ("basket", "savedsearch")}
"""Things that a library editor makes and changes too, but their own only, and for staff alone."""

READ_BY_LIBRARIES = {"catalogue": ("record",)}
"""Things that a library editor may look up."""


@transaction.atomic
def provide_roles() -> None:
    """Make the groups of the network, with their rights, and the moderation of pages; twice is once."""
    root = Page.get_first_root_node()
    media = Collection.get_first_root_node()
    if root is None or media is None:
        return
    administrators, editors, moderators = (
        Group.objects.get_or_create(name=name)[0] for name in (ADMINISTRATORS, EDITORS, MODERATORS)
    )
    _grant_pages(administrators, root, ADMINISTRATOR_PAGE_RIGHTS)
    _grant_pages(editors, root, PUBLISHING_PAGE_RIGHTS)
    _grant_pages(moderators, root, ("change_page", "publish_page"))
    for group in (administrators, editors, moderators):
        _grant_media(group, media)
        _grant(group, _access_to_staff_screens())
        _grant(group, _rights_on(READ_MODELS, ("view",)))
    _grant(administrators, _administration_rights())
    for group in (administrators, editors):
        _grant(group, _rights_on(EDITED_MODELS, ("add", "change", "delete", "view", "publish")))
    _grant(editors, _rights_on(PUT_RIGHT_MODELS, ("change",)))
    _grant(moderators, _rights_on({"portal": ("reusablebox",)}, ("change", "view", "publish")))
    _grant(moderators, _rights_on({"register": ("contribution",)}, ("change",)))
    for group in Group.objects.filter(name__startswith=LIBRARY_EDITORS_PREFIX).order_by("pk"):
        _grant_own_selections(group)
    _provide_moderation(root, moderators)


@transaction.atomic
def open_section(section: Page) -> Group:
    """Give the section of a library its group of editors, its folder of media and its rights; twice is once.

    The members of the group write in this section and nowhere else; publishing goes through moderation.
    """
    holder = GroupPagePermission.objects.filter(
        page=section, group__name__startswith=LIBRARY_EDITORS_PREFIX
    )
    existing = holder.select_related("group").order_by("pk").first()
    group = existing.group if existing else Group.objects.create(name=_free_name(section))
    _grant_pages(group, section, EVERYDAY_PAGE_RIGHTS)
    _grant_media(group, _collection_of(section, group))
    _grant(group, _access_to_staff_screens())
    _grant_own_selections(group)
    return group


def _grant_own_selections(group: Group) -> None:
    _grant(group, _rights_on(READ_BY_LIBRARIES, ("view",)))
    _grant(group, _rights_on(OWN_MODELS, ("add", "view")))


def _free_name(section: Page) -> str:
    """Give a name that no group has: two libraries of one name never share their editors."""
    name = f"{LIBRARY_EDITORS_PREFIX}{section.title}"[:130]
    return f"{name} ({section.pk})" if Group.objects.filter(name=name).exists() else name


def _collection_of(section: Page, group: Group) -> Collection:
    """Give the folder that the group already has, whatever the library is called by now."""
    held = Collection.objects.filter(group_permissions__group=group).order_by("pk").first()
    return held or Collection.get_first_root_node().add_child(name=section.title)


def _provide_moderation(root: Page, moderators: Group) -> None:
    _leave_wagtail_defaults()
    workflow, _made = Workflow.objects.get_or_create(name=WORKFLOW)
    task = GroupApprovalTask.objects.filter(
        name=WORKFLOW
    ).first() or GroupApprovalTask.objects.create(name=WORKFLOW)
    task.groups.add(moderators)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})


def _leave_wagtail_defaults() -> None:
    """Put aside the English groups and workflow that a new Wagtail base starts with."""
    defaults = Workflow.objects.filter(name="Moderators approval")
    if defaults.exists():
        defaults.delete()
        GroupApprovalTask.objects.filter(name="Moderators approval").delete()
        Group.objects.filter(name__in=("Moderators", "Editors"), user=None).delete()


def _grant(group: Group, permissions: Iterable[Permission]) -> None:
    group.permissions.add(*permissions)


def _grant_pages(group: Group, page: Page, rights: Iterable[str]) -> None:
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page", codename__in=list(rights)
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _grant_media(group: Group, collection: Collection) -> None:
    for permission in Permission.objects.filter(
        codename__in=MEDIA_RIGHTS,
        content_type__app_label__in=("wagtaildocs", "wagtailimages"),
    ):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )


def _access_to_staff_screens() -> Iterable[Permission]:
    return Permission.objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )


def _rights_on(
    models_of: Mapping[str, tuple[str, ...]], actions: Iterable[str]
) -> list[Permission]:
    codenames = {
        app: [f"{action}_{model}" for model in models for action in actions]
        for app, models in models_of.items()
    }
    return [
        permission
        for app, names in codenames.items()
        for permission in Permission.objects.filter(content_type__app_label=app, codename__in=names)
    ]


def _administration_rights() -> Iterable[Permission]:
    return Permission.objects.filter(
        content_type__app_label__in=(
            "auth",
            "portal",
            "kiosk",
            "catalogue",
            "observatory",
            "register",
            "territory",
            "wagtailcore",
            "wagtailredirects",
            "wagtaildocs",
            "taggit",
        )
    )
