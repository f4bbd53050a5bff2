"""Names are compared, and rows matched: sure when a number says so, else for a person to review."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.register.importers.directories import EntryRow
from essor.register.matching import Known, Neighbours, Verdict, match_of, similarity
from tests.register.directory_lists import OTHER_SIREN, SIREN, SIRET


def row(name="Les Amis du quartier", **fields):
    return EntryRow(line=2, key="k", received={}, name=name, **fields)


def judged(entry, *, names=(), at=(), number="siren", there=()):
    known = {SIREN: Known(SIREN, tuple(names))} if names else {}
    by_siret = {SIRET: Known(SIREN, tuple(at))} if at else {}
    neighbours = Neighbours("Lille", {one.siren: one for one in there}) if there else None
    return match_of(entry, by_siret=by_siret, by_siren=known, neighbours=neighbours)


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("ASSOC AILES", "Ailes", 1, 1),
        ("Régie de Quartiers Impulsion", "REGIE DE QUARTIER IMPULSION", 1, 1),
        ("CCAS LILLE", "Centre communal d’action sociale", 0.6, 0.9),
        ("ESAT APEI LILLE", "APEI", 0.5, 0.95),
        ("Les Papillons Blancs de Lille", "PAPILLONS BLANCS", 0.5, 0.95),
        ("Foyer de vie Les Tilleuls", "Foyer de vie Les Peupliers", 0, 0.5),
        ("Vitamine T", "Interval", 0, 0.2),
        ("", "Interval", 0, 0),
    ],
)
def test_names_are_alike_by_the_words_that_tell_them(one, other, least, most):
    assert least <= similarity(one, other, "Lille") <= most


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_names_are_compared_and_the_order_does_not_count(one, other):
    score = similarity(one, other)

    assert 0 <= score <= 1
    assert abs(score - similarity(other, one)) <= 1
    assert similarity(one, one) in (0, 1)


def test_a_siret_of_the_register_is_believed_whatever_the_name():
    match = judged(row(siret=SIRET, siren=SIREN), at=["Autre nom"])

    assert (match.verdict, match.siren, match.means) == (Verdict.CERTAIN, SIREN, "siret")


def test_a_siret_on_several_rows_is_in_doubt_for_the_one_called_otherwise():
    shared = {"siret": SIRET, "siren": SIREN, "is_siret_shared": True}
    wrong = judged(row("Garage Martinet", **shared), at=["Tremplins pour l’emploi"])
    right = judged(row("Tremplins", **shared), at=["Tremplins pour l’emploi"])

    assert (wrong.verdict, wrong.candidates[0].siren) == (Verdict.DOUBTFUL, SIREN)
    assert right.verdict == Verdict.CERTAIN


def test_a_siren_stands_in_for_an_unknown_siret():
    match = judged(row(siret=SIRET, siren=SIREN), names=["Autre nom"])

    assert (match.verdict, match.means) == (Verdict.CERTAIN, "siren")


def test_a_wrong_siret_is_believed_only_if_the_name_agrees():
    wrong = f"{SIREN}00000"
    agrees = judged(row("Les Amis", damaged_siret=wrong), names=["LES AMIS"])
    differs = judged(row("Vitamine", damaged_siret=wrong), names=["LES AMIS"])

    assert (agrees.verdict, agrees.siren) == (Verdict.CERTAIN, SIREN)
    assert (differs.verdict, differs.siren) == (Verdict.DOUBTFUL, "")


def test_a_name_alone_is_sure_when_it_is_the_same_and_the_only_one():
    same = Known(SIREN, ("LES AMIS DU QUARTIER",))
    near = Known(OTHER_SIREN, ("LES AMIS DU JARDIN",))

    assert judged(row(), there=[same, near]).verdict == Verdict.CERTAIN
    twin = Known(OTHER_SIREN, ("Association Les Amis du Quartier",))
    assert judged(row(), there=[same, twin]).verdict == Verdict.DOUBTFUL


def test_a_near_name_is_in_doubt_with_its_score_and_a_far_one_is_nothing():
    near = judged(row("Papillons Blancs de Lille"), there=[Known(SIREN, ("PAPILLONS BLANCS 59",))])
    far = judged(row("Papillons Blancs"), there=[Known(SIREN, ("Vitamine T",))])

    assert near.verdict == Verdict.DOUBTFUL
    assert 0.5 <= near.candidates[0].score < 1
    assert (far.verdict, far.candidates) == (Verdict.NONE, ())


def test_a_row_that_states_another_siren_is_never_matched_by_its_name_alone():
    match = judged(row(siren=OTHER_SIREN), there=[Known(SIREN, ("Les Amis du quartier",))])

    assert match.verdict == Verdict.DOUBTFUL


names = st.text("abcdé AILES", max_size=12)
knowns = st.lists(names, max_size=3).map(lambda given: Known(SIREN, tuple(given)))


@given(
    st.builds(
        row,
        names,
        siret=st.sampled_from(["", SIRET]),
        siren=st.sampled_from(["", SIREN, OTHER_SIREN]),
        damaged_siret=st.sampled_from(["", f"{SIREN}00000"]),
        is_siret_shared=st.booleans(),
    ),
    st.lists(names, max_size=2),
    st.lists(names, max_size=2),
    st.lists(knowns, max_size=2),
)
def test_any_row_gets_one_verdict_and_only_a_certain_one_names_a_structure(entry, at, known, there):
    match = judged(entry, at=at, names=known, there=there)

    assert (match.verdict == Verdict.CERTAIN) == bool(match.siren)
    assert (match.verdict == Verdict.DOUBTFUL) == bool(match.candidates)
    scores = [one.score for one in match.candidates]
    assert scores == sorted(scores, reverse=True)
