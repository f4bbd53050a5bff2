"""The staff screens of perimeters: copied, written, compared with a build, and only then chosen."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.utils import timezone

from essor.portal.services.roles import (
    ADMINISTRATORS,
    EDITORS,
    LIBRARY_EDITORS_PREFIX,
    MODERATORS,
    open_section,
)
from essor.register.build.comparison import Side, compare, moved
from essor.register.build.perimeter import read_perimeter
from essor.register.models import PerimeterComparison, PerimeterVersion, StructureProfile, Vintage
from essor.register.perimeter_queries import perimeter_of_next_build, perimeter_of_version
from essor.register.services.loading import load
from essor.register.services.perimeters import (
    ask_comparison,
    begin_draft,
    choose,
    discard,
    run_comparison,
    write_lines,
)
from essor.register.types import Family, RegisterError, Status
from tests.portal.builders import a_member, a_portal, a_section
from tests.register.build_fixtures import built_from
from tests.register.perimeters import a_draft, chosen
from tests.register.stock_files import unit
from tests.territory.factories import TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]

LIST = "/gestion/annuaire/perimetres/"
ASSOCIATION, CUMA, PRESUMED_CUMA, COMPANY, MASKED = (f"30000000{n}" for n in range(1, 6))


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    a_portal()
    TerritoryFactory(code="59350", name="Lille")


@pytest.fixture
def vintage(tmp_path):
    """A directory loaded from a build that is kept: two CUMAs, one of which nothing but its form places."""
    units = [
        unit(ASSOCIATION, flag="O"),
        unit(CUMA, flag="O", category="6316", name="CUMA DES TROIS VALLEES"),
        unit(PRESUMED_CUMA, category="6316", name="CUMA DU MARAIS"),
        unit(COMPANY, category="5710", name="SAS ORDINAIRE"),
        unit("300000009", category="1000", name="PERSONNE"),
    ]
    return load(built_from(tmp_path, units)).vintage


@pytest.fixture
def ada():
    return User.objects.create_superuser("ada", password="unused")


@pytest.fixture
def administrator(client):
    client.force_login(a_member(ADMINISTRATORS))
    return client


def compared(draft, vintage, by):
    comparison = ask_comparison(draft, vintage, by=by)
    run_comparison(comparison)
    comparison.refresh_from_db()
    return comparison


def lines_of(page):
    """Give what a form of lines would send, unchanged: a free line sends what its lists show first."""
    return {
        field.html_name: _first(field) if field.value() is None else field.value()
        for form in (page.context["formset"].management_form, *page.context["formset"])
        for field in form
        if not field.field.disabled and field.name != "DELETE"
    } | {"fingerprint": page.context["version"].fingerprint}


def _first(field):
    choices = getattr(field.field, "choices", None)
    return next(iter(choices))[0] if choices else ""


# From the list to the choice, as an administrator goes


def test_a_draft_is_written_compared_and_chosen(
    administrator, vintage, django_capture_on_commit_callbacks
):
    assert "2026-11" in administrator.get(LIST).content.decode()
    answer = administrator.post(
        f"{LIST}new/", {"version": "2027-01", "note": "Sans les CUMA.", "base": "2026-11"}
    )
    draft = PerimeterVersion.objects.get()
    assert answer["Location"] == f"{LIST}{draft.pk}/"

    page = administrator.get(f"{LIST}{draft.pk}/categories/")
    sent = lines_of(page)
    number = next(
        i for i, form in enumerate(page.context["formset"]) if form.initial["code"] == "6316"
    )
    answer = administrator.post(
        f"{LIST}{draft.pk}/categories/", {**sent, f"line-{number}-DELETE": "on"}
    )
    assert answer.status_code == 302
    html = administrator.get(f"{LIST}{draft.pk}/").content.decode()
    assert "6316" in html
    assert f"{LIST}{draft.pk}/choose/" not in html

    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(f"{LIST}{draft.pk}/compare/", {"vintage": vintage.pk})
    html = administrator.get(answer["Location"]).content.decode()
    assert "CUMA DU MARAIS" in html
    assert "PERSONNE" not in html
    assert "SAS ORDINAIRE" not in html

    assert f"{LIST}{draft.pk}/choose/" in administrator.get(f"{LIST}{draft.pk}/").content.decode()
    assert perimeter_of_next_build().version == "2026-11"
    administrator.get(f"{LIST}{draft.pk}/choose/")
    assert perimeter_of_next_build().version == "2026-11"
    administrator.post(f"{LIST}{draft.pk}/choose/")
    assert perimeter_of_next_build() == perimeter_of_version(PerimeterVersion.objects.get())
    assert "2027-01" in administrator.get(LIST).content.decode()

    administrator.post(f"{LIST}{draft.pk}/leave/")
    assert perimeter_of_next_build() == read_perimeter()


def test_dated_exclusions_are_added_and_ended(administrator):
    draft = a_draft()
    address = f"{LIST}{draft.pk}/exclusions/"
    page = administrator.get(address)
    sent, free = lines_of(page), len(draft.exclusions)

    answer = administrator.post(
        address,
        {
            **sent,
            "line-0-ends": "2026-12-31",
            f"line-{free}-code": "94.11y",
            f"line-{free}-nomenclature": "NAF2025",
            f"line-{free}-begins": "2027-01-01",
            f"line-{free}-proof": "candidate",
            f"line-{free}-source": "INSEE",
        },
    )

    draft.refresh_from_db()
    assert answer.status_code == 302, answer.context["formset"].errors
    perimeter = perimeter_of_version(draft)
    assert perimeter.exclusions[0].ends_on == date(2026, 12, 31)
    assert perimeter.exclusions[-1].starts_on == date(2027, 1, 1)
    assert perimeter.exclusions[-1].code == "94.11Y"
    assert perimeter.exclusions[-1].label


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"code": "99.99Q"}, "94.11Z"),
        ({"begins": "2027-02-01", "ends": "2027-01-01"}, "avant de commencer"),
        ({"code": "85.59A"}, "enseignement"),
        ({"source": ""}, "error-message"),
    ],
)
def test_a_line_that_is_not_understood_changes_nothing_and_is_told(administrator, values, words):
    draft = a_draft()
    address = f"{LIST}{draft.pk}/exclusions/"
    free = len(draft.exclusions)
    line = {"code": "94.11Z", "nomenclature": "NAFRev2", "proof": "candidate", "source": "INSEE"}
    sent = {f"line-{free}-{name}": value for name, value in {**line, **values}.items()}

    answer = administrator.post(address, {**lines_of(administrator.get(address)), **sent})

    assert answer.status_code == 200
    assert words in answer.content.decode()
    before = draft.fingerprint
    draft.refresh_from_db()
    assert draft.fingerprint == before


def test_what_two_people_write_at_once_is_not_mixed(administrator, ada):
    draft = a_draft()
    address = f"{LIST}{draft.pk}/categories/"
    sent = lines_of(administrator.get(address))
    write_lines(draft, seen=draft.fingerprint, by=ada, categories=draft.categories[5:])

    administrator.post(address, sent)

    draft.refresh_from_db()
    assert len(draft.categories) == 75


# Who may


@pytest.mark.parametrize(
    ("group", "may_look"), [(EDITORS, True), (MODERATORS, True), (LIBRARY_EDITORS_PREFIX, False)]
)
def test_only_administrators_write_compare_and_choose(client, vintage, ada, group, may_look):
    draft = a_draft(without=("6316",))
    comparison = compared(draft, vintage, ada)
    name = open_section(a_section()).name if group == LIBRARY_EDITORS_PREFIX else group
    client.force_login(a_member(name))

    for address in (LIST, f"{LIST}{draft.pk}/", f"{LIST}comparison/{comparison.pk}/"):
        assert (client.get(address).status_code == 200) is may_look, address
    assert client.get(f"{LIST}{draft.pk}/").status_code in ((200,) if may_look else (302, 403))
    for address in (
        f"{LIST}new/",
        f"{LIST}{draft.pk}/categories/",
        f"{LIST}{draft.pk}/exclusions/",
        f"{LIST}{draft.pk}/compare/",
        f"{LIST}{draft.pk}/choose/",
        f"{LIST}{draft.pk}/leave/",
        f"{LIST}{draft.pk}/delete/",
    ):
        assert client.post(address, {"vintage": vintage.pk}).status_code in (302, 403), address
        assert client.get(address).status_code in (302, 403, 405), address
    draft.refresh_from_db()
    assert not draft.is_chosen
    assert PerimeterVersion.objects.count() == 1
    assert PerimeterComparison.objects.count() == 1


def test_who_is_not_signed_in_and_who_has_no_right_see_nothing(client):
    draft = a_draft()
    assert client.get(f"{LIST}{draft.pk}/").status_code == 302
    person = User.objects.create_user("grace")
    person.user_permissions.add(*Permission.objects.filter(codename="access_admin"))
    client.force_login(person)
    assert client.get(f"{LIST}{draft.pk}/").status_code in (302, 403)
    assert client.get(LIST).status_code in (302, 403)


def test_the_screens_ask_the_store_no_more_for_more_lines(
    administrator, vintage, ada, django_assert_max_num_queries
):
    draft = a_draft(without=("6316",))
    comparison = compared(draft, vintage, ada)
    for address in (
        f"{LIST}{draft.pk}/",
        f"{LIST}{draft.pk}/categories/",
        f"{LIST}comparison/{comparison.pk}/",
    ):
        with django_assert_max_num_queries(30):
            administrator.get(address)


# What is counted and listed


def test_units_are_counted_by_status_and_category_and_listed_by_what_becomes_of_them(
    tmp_path,
):
    units = [
        unit(ASSOCIATION, flag="O"),
        unit(CUMA, flag="O", category="6316", name="CUMA DES TROIS VALLEES"),
        unit(PRESUMED_CUMA, category="6316", name="CUMA DU MARAIS"),
        unit(COMPANY, category="5710"),
        unit("300000009", category="1000", name="PERSONNE"),
    ]
    built, moves = built_from(tmp_path, units), tmp_path / "found" / "moves.parquet"
    told = []

    counted = compare(
        built,
        perimeter_of_version(a_draft(without=("6316",))),
        moves,
        say=lambda *where: told.append(where),
    )

    assert told[-1][0] == told[-1][1] > 0
    assert dict(counted.before) == {"recognised": 2, "presumed": 1, "outside": 1}
    assert dict(counted.after) == {"recognised": 1, "declared": 1, "outside": 2}
    assert counted.before.total() == counted.after.total()
    assert counted.moves[Side.LEAVES] == {"6316": 1}
    assert counted.moves[Side.CHANGES] == {"6316": 1}
    assert counted.total(Side.ENTERS) == 0
    (left,) = moved(moves, Side.LEAVES, first=0, most=10)
    assert (left.siren, left.name) == (PRESUMED_CUMA, "CUMA DU MARAIS")
    assert left.before == (Status.PRESUMED, Family.COOPERATIVE)
    assert left.after == (Status.OUTSIDE, None)
    assert moved(moves, Side.LEAVES, first=1, most=10) == ()
    assert [path.name for path in moves.parent.iterdir()] == ["moves.parquet"]


def test_a_perimeter_that_changes_nothing_moves_nobody(tmp_path):
    built = built_from(tmp_path, [unit(ASSOCIATION, flag="O")])

    counted = compare(built, read_perimeter(), tmp_path / "moves.parquet", say=lambda *_: None)

    assert counted.before == counted.after
    assert all(not counts for counts in counted.moves.values())
    assert moved(tmp_path / "moves.parquet", Side.ENTERS, first=0, most=10) == ()


def test_masked_and_withheld_identities_are_not_named(administrator, tmp_path, ada):
    units = [
        unit(ASSOCIATION, flag="O"),
        unit(PRESUMED_CUMA, category="6316", name="CUMA DU MARAIS"),
        unit(MASKED, category="6316", statutDiffusionUniteLegale="P", name="CUMA SECRETE"),
    ]
    vintage = load(built_from(tmp_path, units)).vintage
    StructureProfile.objects.create(siren=PRESUMED_CUMA, is_withheld=True)
    comparison = compared(a_draft(without=("6316",)), vintage, ada)

    html = administrator.get(f"{LIST}comparison/{comparison.pk}/").content.decode()

    assert html.count("identité n’est pas publiée") == 2
    for words in ("CUMA DU MARAIS", "CUMA SECRETE", "300\u00a0000\u00a0003", MASKED):
        assert words not in html


def test_the_units_are_read_page_by_page(administrator, tmp_path, ada):
    units = [unit(f"3000001{n:02}", category="6316") for n in range(60)]
    vintage = load(built_from(tmp_path, units)).vintage
    comparison = compared(a_draft(without=("6316",)), vintage, ada)
    address = f"{LIST}comparison/{comparison.pk}/?side=leaves"

    first = administrator.get(address).context["units"]
    second = administrator.get(f"{address}&p=2").context["units"]

    assert (len(first), len(second)) == (50, 10)
    assert not {unit.number for unit in first} & {unit.number for unit in second}
    assert len(administrator.get(f"{address}&p=99").context["units"]) == 10
    assert administrator.get(f"{LIST}comparison/{comparison.pk}/?side=x&p=y").status_code == 200


# What is refused


def test_a_draft_is_chosen_only_as_it_was_compared(vintage, ada):
    draft = a_draft(without=("6316",))
    with pytest.raises(ValidationError):
        choose(draft, by=ada)
    compared(draft, vintage, ada)
    draft = write_lines(draft, seen=draft.fingerprint, by=ada, exclusions=[])
    with pytest.raises(ValidationError):
        choose(draft, by=ada)

    compared(draft, vintage, ada)
    assert choose(draft, by=ada).is_chosen
    assert choose(draft, by=ada).is_chosen


def test_a_chosen_version_is_never_written_again_nor_deleted(ada):
    version = chosen()
    with pytest.raises(ValidationError):
        write_lines(version, seen=version.fingerprint, by=ada, exclusions=[])
    with pytest.raises(ValidationError):
        discard(version, by=ada)


def test_choosing_one_leaves_the_other(vintage, ada):
    first, second = chosen("2027-01"), a_draft("2027-02", without=("6316",))
    compared(second, vintage, ada)

    choose(second, by=ada)

    first.refresh_from_db()
    assert not first.is_chosen
    assert perimeter_of_next_build().version == "2027-02"


@pytest.mark.parametrize("name", ["2026-11", "2027-01", "Deux mots", "../x", ""])
def test_a_name_that_is_taken_or_that_is_no_name_is_refused(ada, name):
    a_draft("2027-01")
    with pytest.raises(ValidationError):
        begin_draft(name, "Un essai.", base=read_perimeter(), by=ada)


def test_a_build_that_is_gone_or_damaged_is_told_and_the_comparison_fails_in_words(
    administrator, vintage, ada
):
    draft = a_draft(without=("6316",))
    comparison = ask_comparison(draft, vintage, by=ada)
    path = Path(vintage.folder) / "units.parquet"
    content = bytearray(path.read_bytes())
    content[50] ^= 1
    path.write_bytes(content)

    run_comparison(comparison)
    comparison.refresh_from_db()
    assert comparison.state == PerimeterComparison.State.FAILED
    assert "units.parquet" in comparison.message
    assert administrator.get(f"{LIST}comparison/{comparison.pk}/").status_code == 200

    Vintage.objects.update(folder="")
    vintage.refresh_from_db()
    with pytest.raises(RegisterError):
        ask_comparison(draft, vintage, by=ada)
    html = administrator.get(f"{LIST}{draft.pk}/").content.decode()
    assert "Aucune fabrication" in html
    answer = administrator.post(f"{LIST}{draft.pk}/compare/", {"vintage": vintage.pk}, follow=True)
    assert answer.status_code == 200


def test_a_comparison_asked_again_replaces_the_former_with_its_file(
    vintage, ada, django_capture_on_commit_callbacks
):
    draft = a_draft(without=("6316",))
    first = compared(draft, vintage, ada)
    assert first.moves_path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        ask_comparison(draft, vintage, by=ada)
    assert not first.moves_path.exists()
    second = PerimeterComparison.objects.get()
    assert second.state == PerimeterComparison.State.FINISHED

    with django_capture_on_commit_callbacks(execute=True):
        discard(draft, by=ada)
    assert not second.moves_path.exists()
    assert not PerimeterComparison.objects.exists()


def test_a_comparison_whose_process_was_killed_is_told_and_can_be_asked_again(
    administrator, vintage, ada
):
    draft = a_draft(without=("6316",))
    comparison = ask_comparison(draft, vintage, by=ada)
    long_ago = timezone.now() - timedelta(hours=1)
    PerimeterComparison.objects.update(state="running", updated_at=long_ago)

    html = administrator.get(f"{LIST}comparison/{comparison.pk}/").content.decode()
    assert "arrêtée avant la fin" in html
    assert "data-renew" not in html
    assert compared(draft, vintage, ada).state == PerimeterComparison.State.FINISHED


def test_a_comparison_forgotten_while_it_ran_leaves_no_file(vintage, ada):
    comparison = ask_comparison(a_draft(without=("6316",)), vintage, by=ada)
    PerimeterComparison.objects.filter(pk=comparison.pk).delete()

    run_comparison(comparison)

    assert not comparison.moves_path.exists()
