"""Who may do what: each role from its own screens, and each refusal from the wrong one."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, WorkflowState

from essor.portal.models import ArticlePage, HomePage
from essor.portal.services.roles import (
    ADMINISTRATORS,
    EDITORS,
    LIBRARY_EDITORS_PREFIX,
    MODERATORS,
    open_section,
    provide_roles,
)

from .builders import a_dossier, a_member, a_section, an_article, the_portal

pytestmark = pytest.mark.django_db

TITLE = "Médiathèque des Tilleuls"
LIBRARY_EDITORS = LIBRARY_EDITORS_PREFIX + TITLE


def an_article_form(title="Un article", **more):
    return {
        "title": title,
        "slug": "un-article",
        "introduction": '{"blocks": [], "entityMap": {}}',
        "picture": "",
        "byline": "",
        "language": "fr",
        "body-count": "0",
        "tags": "",
        "seo_title": "",
        "search_description": "",
        "show_in_menus": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **more,
    }


def add_article(client, user, parent, **more):
    client.force_login(user)
    address = reverse("wagtailadmin_pages:add", args=["portal", "articlepage", parent.pk])
    return client.post(address, an_article_form(**more))


@pytest.mark.parametrize("role", [ADMINISTRATORS, EDITORS])
def test_administrators_and_editors_publish_anywhere(client, role):
    dossier = a_dossier()
    response = add_article(client, a_member(role), dossier, **{"action-publish": "1"})
    assert response.status_code == 302
    assert ArticlePage.objects.child_of(dossier).live().count() == 1


def test_a_library_editor_writes_in_the_section_of_the_library(client):
    section = a_section(title=TITLE)
    response = add_article(client, a_member(LIBRARY_EDITORS), section)
    assert response.status_code == 302
    assert ArticlePage.objects.child_of(section).count() == 1


def test_a_library_editor_cannot_publish_there(client):
    section = a_section(title=TITLE)
    add_article(client, a_member(LIBRARY_EDITORS), section, **{"action-publish": "1"})
    assert not ArticlePage.objects.child_of(section).live().exists()


def test_a_library_editor_writes_nowhere_else(client):
    section, dossier = a_section(title=TITLE), a_dossier()
    other = a_section(title="Une autre", slug="autre")
    user = a_member(LIBRARY_EDITORS)
    for parent in (dossier, other):
        assert add_article(client, user, parent).status_code in (302, 403)
        assert not ArticlePage.objects.child_of(parent).exists()
    article = an_article(dossier)
    response = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    assert response.status_code in (302, 403)
    assert section.pk


def test_what_a_library_editor_submits_is_published_by_a_moderator(client):
    section = a_section(title=TITLE)
    add_article(client, a_member(LIBRARY_EDITORS), section, **{"action-submit": "1"})
    article = ArticlePage.objects.child_of(section).get()
    state = WorkflowState.objects.get(object_id=str(article.pk))
    assert state.status == WorkflowState.STATUS_IN_PROGRESS

    client.force_login(a_member(MODERATORS))
    task_state = state.current_task_state
    address = reverse(
        "wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task_state.pk]
    )
    client.post(address, {"comment": "Merci"})
    assert ArticlePage.objects.get(pk=article.pk).live


def test_a_library_editor_cannot_approve_their_own_article(client):
    section = a_section(title=TITLE)
    user = a_member(LIBRARY_EDITORS)
    add_article(client, user, section, **{"action-submit": "1"})
    article = ArticlePage.objects.child_of(section).get()
    task_state = WorkflowState.objects.get(object_id=str(article.pk)).current_task_state
    address = reverse(
        "wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task_state.pk]
    )
    client.post(address, {"comment": ""})
    assert not ArticlePage.objects.get(pk=article.pk).live


@pytest.mark.parametrize("role", [EDITORS, MODERATORS, LIBRARY_EDITORS])
@pytest.mark.parametrize(
    "address", ["wagtailusers_users:index", "wagtailusers_groups:index", "wagtailsites:index"]
)
def test_accounts_and_sites_are_for_administrators(client, role, address):
    a_section(title=TITLE)
    client.force_login(a_member(role))
    assert client.get(reverse(address)).status_code in (302, 403)


@pytest.mark.parametrize(
    "address", ["wagtailusers_users:index", "wagtailusers_groups:index", "wagtailsites:index"]
)
def test_an_administrator_reaches_accounts_and_sites(client, address):
    client.force_login(a_member(ADMINISTRATORS))
    assert client.get(reverse(address)).status_code == 200


def test_somebody_without_a_role_does_not_enter_the_staff_screens(client):
    client.force_login(User.objects.create_user("personne", password="x"))
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_roles_provided_twice_are_the_same():
    provide_roles()
    before = (Group.objects.count(), GroupPagePermission.objects.count())
    provide_roles()
    assert (Group.objects.count(), GroupPagePermission.objects.count()) == before


def test_a_renamed_section_keeps_its_group_of_editors():
    section = a_section(title=TITLE)
    section.title = "Médiathèque des Glycines"
    section.save()
    assert open_section(section).name == LIBRARY_EDITORS
    assert Group.objects.filter(name__startswith=LIBRARY_EDITORS_PREFIX).count() == 1


def test_the_groups_of_a_new_wagtail_base_are_replaced():
    provide_roles()
    assert not Group.objects.filter(name__in=("Moderators", "Editors")).exists()


def test_only_home_pages_stand_at_the_root():
    site = the_portal()
    assert HomePage.can_create_at(Page.get_first_root_node())
    assert not ArticlePage.can_create_at(site.root_page)


def test_after_one_migration_editors_have_their_rights_on_boxes():
    assert (
        Group.objects.get(name=EDITORS).permissions.filter(codename="publish_reusablebox").exists()
    )


def test_two_libraries_of_one_name_do_not_share_their_editors():
    one = a_section(title=TITLE)
    two = a_section(title=TITLE, slug="autres-tilleuls")
    assert open_section(one) != open_section(two)
    assert open_section(two) == open_section(two)
    held = [
        set(open_section(section).collection_permissions.values_list("collection", flat=True))
        for section in (one, two)
    ]
    assert held[0].isdisjoint(held[1])


@pytest.mark.parametrize("role", [ADMINISTRATORS, EDITORS, MODERATORS, LIBRARY_EDITORS])
def test_every_role_brings_pictures_in(client, role):
    a_section(title=TITLE)
    client.force_login(a_member(role))
    assert client.get(reverse("wagtailimages:add")).status_code == 200


def test_somebody_without_a_role_brings_no_picture_in(client):
    client.force_login(User.objects.create_user("personne", password="x"))
    assert client.get(reverse("wagtailimages:add")).status_code == 302
