"""What is asked, in the words of tantivy."""

from collections.abc import Iterable, Mapping

from tantivy import FieldType, Occur, Query

from essor.search.engines import SHORTEST_NUMBER, Ask
from essor.search.engines.stored import newest_from
from essor.search.engines.tantivy_documents import EVERY_WORD, SCHEMA, WEIGHTS, number_of
from essor.search.reading import Phrase
from essor.search.spelling import tolerated
from essor.search.types import Conditions, Match, Years

TITLES = {"title": 6.0}
ANYWHERE = {EVERY_WORD: 1.0}
NAMING = {"title": 6.0, "authors": 4.5, "keywords": 3.0}
"""The fields where the words are chosen ones: a better spelling is looked for there."""
BEGINNING_WEIGHT = 0.1
NEAR_WEIGHT = 0.1
NUMBER_WEIGHT = 1_000.0
TITLE_PHRASE_WEIGHT = 3.0
TITLE_PHRASE_SLOP = 2
MOST_LISTS = 10
"""Values whose lists of documents are read side by side; those of more are first made into one."""


def matching(ask: Ask) -> Query:
    """Ask for what the reading finds, in no order.

    Where a word stands does not matter, so that one list is read instead of one for each field.
    """
    return _found(ask, _wanted(ask, TITLES if ask.in_titles else ANYWHERE))


def ranked(ask: Ask) -> Query:
    """Ask for the same, where what is wanted counts for as much as its field weighs."""
    reading = ask.reading
    wanted = _wanted(ask, TITLES if ask.in_titles else WEIGHTS)
    if len(wanted) < 2:
        return _found(ask, wanted)
    if len(reading.words) > 1:
        wanted.append(_title_phrase(reading.words))
    if reading.whole:
        wanted.append(_whole_number(reading.whole))
    found = Query.const_score_query(matching(ask), 0.0)
    return Query.boolean_query([(Occur.Must, found), *((Occur.Should, query) for query in wanted)])


def _wanted(ask: Ask, fields: Mapping[str, float]) -> list[Query]:
    reading, of_phrases = ask.reading, WEIGHTS if fields is ANYWHERE else fields
    wanted = [_word(word, ask, fields) for word in reading.words]
    wanted += [any_field(of_phrases, phrase) for phrase in reading.phrases]
    return wanted + [_number(number.whole, number.terms, of_phrases) for number in reading.numbers]


def _found(ask: Ask, wanted: list[Query]) -> Query:
    reading = ask.reading
    if reading.asks_nothing:
        return Query.empty_query()
    clauses = [(Occur.MustNot, any_field(WEIGHTS, phrase)) for phrase in reading.excluded]
    if not wanted:
        clauses.append((Occur.Must, Query.all_query()))
    elif ask.match is Match.SOME_WORDS:
        clauses.append((Occur.Must, _either(*wanted)))
    else:
        clauses += [(Occur.Must, query) for query in wanted]
    words = Query.boolean_query(clauses)
    return _either(words, _whole_number(reading.whole)) if reading.whole else words


def _number(whole: str, terms: Phrase, fields: Mapping[str, float]) -> Query:
    """Ask for the number, or for a text where it is written."""
    return _either(_whole_number(whole), any_field(fields, terms))


def _whole_number(whole: str) -> Query:
    weight = NUMBER_WEIGHT if len(whole) >= SHORTEST_NUMBER else BEGINNING_WEIGHT
    return Query.const_score_query(Query.term_query(SCHEMA, "numbers", whole), weight)


def _word(word: str, ask: Ask, fields: Mapping[str, float]) -> Query:
    """Ask for the word; for less, as the beginning of one, or for words near it."""
    ways = [any_field(fields, (word,))]
    if word == ask.reading.last_word:
        ways.append(loosely(ask.reading.beginning, fields, BEGINNING_WEIGHT, errors=0, prefix=True))
    if ask.match is Match.NEAR_WORDS and tolerated(word):
        ways.append(loosely(word, fields, NEAR_WEIGHT, errors=tolerated(word), prefix=False))
    return _either(*ways)


def any_field(fields: Mapping[str, float], phrase: Phrase) -> Query:
    """Ask for a word or a phrase: the best field counts, the others break ties."""
    weighed = [Query.boost_query(_in_field(f, phrase), weight) for f, weight in fields.items()]
    return Query.disjunction_max_query(weighed, tie_breaker=0.1)


def _in_field(field: str, phrase: Phrase) -> Query:
    if len(phrase) == 1:
        return Query.term_query(SCHEMA, field, phrase[0])
    return Query.phrase_query(SCHEMA, field, list(phrase))


def loosely(
    word: str, fields: Mapping[str, float], weight: float, *, errors: int, prefix: bool
) -> Query:
    """Ask for words like this one; every match has the same small weight, by field."""
    return _either(
        *(
            Query.boost_query(
                Query.fuzzy_term_query(SCHEMA, f, word, distance=errors, prefix=prefix), weight * w
            )
            for f, w in fields.items()
        )
    )


def _title_phrase(words: Phrase) -> Query:
    """Ask for the words together in the title: the document one knows comes first."""
    phrase = Query.phrase_query(SCHEMA, "title", list(words), slop=TITLE_PHRASE_SLOP)
    return Query.boost_query(phrase, TITLE_PHRASE_WEIGHT)


def _either(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def filtered(text: Query, conditions: Conditions) -> Query:
    """Add the conditions, which count for nothing in the order."""
    values = dict(conditions.values)
    wanted = [_years(conditions.years, values.pop("year", ()))] if conditions.years else []
    wanted += [_any_value(name, chosen) for name, chosen in values.items()]
    if conditions.since:
        first = newest_from(conditions.since)
        wanted.append(Query.range_query(SCHEMA, "newest", FieldType.Integer, first, None))
    if conditions.keys is not None:
        wanted.append(_any_key(conditions.kinds, conditions.keys))
    clauses = [(Occur.Must, Query.const_score_query(query, 0.0)) for query in wanted]
    return Query.boolean_query([(Occur.Must, text), *clauses]) if clauses else text


def _any_value(facet: str, values: tuple[str, ...]) -> Query:
    field, numbers = f"facets.{facet}", [number_of(value) for value in values]
    if len(numbers) > MOST_LISTS:
        return Query.term_set_query(SCHEMA, field, numbers)
    return _either(*(Query.term_query(SCHEMA, field, number) for number in numbers))


def _any_key(kinds: Iterable[str], keys: tuple[str, ...]) -> Query:
    names = [f"{kind}:{key}" for kind in kinds for key in keys]
    return Query.term_set_query(SCHEMA, "name", names) if names else Query.empty_query()


def _years(ranges: Iterable[Years], values: tuple[str, ...]) -> Query:
    within = [
        Query.range_query(SCHEMA, "year", FieldType.Integer, first, last)
        if (first, last) != (None, None)
        else Query.exists_query("year")
        for first, last in ranges
    ]
    return _either(*within, _any_value("year", values))
