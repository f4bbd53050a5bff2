"""What a harvester asks: its arguments, checked as the protocol wants them checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core import signing

SALT = "essor.oai"
LONGEST_ARGUMENT = 2_000
DAY_FORM, SECOND_FORM = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"


class Verb(StrEnum):
    """The six requests of the protocol."""

    IDENTIFY = "Identify"
    METADATA_FORMATS = "ListMetadataFormats"
    SETS = "ListSets"
    IDENTIFIERS = "ListIdentifiers"
    RECORDS = "ListRecords"
    RECORD = "GetRecord"


class Prefix(StrEnum):
    """The forms that records are given in."""

    DUBLIN_CORE = "oai_dc"
    MARCXML = "marcxml"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The arguments of a verb; `is_list` allows a resumption token, alone."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    is_list: bool = False


SELECTION = Allowed(
    frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), is_list=True
)
ALLOWED = {
    Verb.IDENTIFY: Allowed(),
    Verb.METADATA_FORMATS: Allowed(optional=frozenset({"identifier"})),
    Verb.SETS: Allowed(is_list=True),
    Verb.IDENTIFIERS: SELECTION,
    Verb.RECORDS: SELECTION,
    Verb.RECORD: Allowed(frozenset({"identifier", "metadataPrefix"})),
}


class Refused(Exception):
    """The request cannot be answered: a code of the protocol, and why in words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose arguments are those of its verb, each given once; their values are still to be read."""

    verb: Verb
    arguments: Mapping[str, str]

    @property
    def token(self) -> str | None:
        """The resumption token, None on a first page."""
        return self.arguments.get("resumptionToken")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are listed, and where the list stands.

    `since` is included and `before` is not. `after` is the place of the last record given, `given`
    how many came so far, `size` how many there were at the first page.
    """

    prefix: Prefix
    set_spec: str = ""
    since: datetime | None = None
    before: datetime | None = None
    after: tuple[datetime, int] | None = None
    given: int = 0
    size: int | None = None

    def following(self, last: tuple[datetime, int], *, count: int, size: int) -> "Selection":
        """Give the rest of the list, after a page of so many records that ended there."""
        return replace(self, after=last, given=self.given + count, size=size)


def asked_of(lists: Iterable[tuple[str, list[str]]]) -> Asked:
    """Read the arguments of a request (a QueryDict's lists). Raises Refused."""
    given = dict(lists)
    verbs = given.pop("verb", [])
    if len(verbs) != 1 or verbs[0] not in set(Verb):
        raise Refused("badVerb", _words_on_verb(verbs))
    verb = Verb(verbs[0])
    for name, values in given.items():
        if len(values) != 1:
            raise Refused("badArgument", f"The argument {name} is given more than once.")
        if len(values[0]) > LONGEST_ARGUMENT:
            raise Refused("badArgument", f"The argument {name} is too long.")
    asked = Asked(verb, {name: values[0] for name, values in given.items()})
    _check_names(asked, ALLOWED[verb])
    return asked


def _words_on_verb(verbs: list[str]) -> str:
    if not verbs:
        return "The argument verb is missing."
    return "The argument verb is given more than once." if verbs[1:] else "There is no such verb."


def _check_names(asked: Asked, allowed: Allowed) -> None:
    names = set(asked.arguments)
    if allowed.is_list and "resumptionToken" in names:
        if len(names) > 1:
            raise Refused("badArgument", "resumptionToken goes with no other argument but verb.")
        return
    unknown = sorted(names - allowed.required - allowed.optional)
    if unknown:
        words = f"{asked.verb} takes no argument {', '.join(unknown)}."
        raise Refused("badArgument", words[:LONGEST_ARGUMENT])
    missing = sorted(name for name in allowed.required if not asked.arguments.get(name))
    if missing:
        raise Refused("badArgument", f"{asked.verb} needs the argument {', '.join(missing)}.")


def prefix_of(asked: Asked) -> Prefix:
    """Read the form that is asked for. Raises Refused when it is not one of ours."""
    try:
        return Prefix(asked.arguments["metadataPrefix"])
    except ValueError:
        words = f"Records are given as {' or '.join(Prefix)} only."
        raise Refused("cannotDisseminateFormat", words) from None


def selection_of(asked: Asked) -> Selection:
    """Read which records are asked for, from the arguments or from the token. Raises Refused."""
    if asked.token is not None:
        return _resumed(asked.token)
    since = _date(asked, "from")
    until = _date(asked, "until")
    if since and until and since[1] != until[1]:
        raise Refused("badArgument", "from and until are not written in the same granularity.")
    if since and until and since[0] > until[0]:
        raise Refused("badArgument", "from is later than until.")
    if asked.arguments.get("set") == "":
        raise Refused("badArgument", "set is empty.")
    return Selection(
        prefix=prefix_of(asked),
        set_spec=asked.arguments.get("set", ""),
        since=since and since[0],
        before=until and _next(*until),
    )


def _date(asked: Asked, name: str) -> tuple[datetime, timedelta] | None:
    """Read a date and its granularity; strptime alone would take « 2026-1-2 » too."""
    text = asked.arguments.get(name)
    if text is None:
        return None
    form, unit = (DAY_FORM, timedelta(1)) if len(text) == 10 else (SECOND_FORM, timedelta(0, 1))
    try:
        moment = datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None or len(text) not in (10, 20):
        words = f"{name} is no date: write 2026-01-31 or 2026-01-31T12:00:00Z."
        raise Refused("badArgument", words)
    return moment, unit


def _next(moment: datetime, unit: timedelta) -> datetime | None:
    """Give the end of a day or second; None past the last one that there is."""
    try:
        return moment + unit
    except OverflowError:
        return None


# Tokens


def token_of(selection: Selection) -> str:
    """Write the rest of a list in a token, which nobody else can make."""
    place = selection.after and (_number(selection.after[0]), selection.after[1])
    return sealed(
        [
            selection.prefix.value,
            selection.set_spec,
            selection.since and _number(selection.since),
            selection.before and _number(selection.before),
            place,
            selection.given,
            selection.size,
        ]
    )


def _resumed(token: str) -> Selection:
    prefix, set_spec, since, before, place, given, size = unsealed(token, 7)
    return Selection(
        prefix=Prefix(prefix),
        set_spec=set_spec,
        since=None if since is None else _moment(since),
        before=None if before is None else _moment(before),
        after=place and (_moment(place[0]), place[1]),
        given=given,
        size=size,
    )


def sealed(values: list[Any]) -> str:
    """Sign values, as a text of letters, digits and signs that addresses leave alone."""
    return signing.dumps(values, salt=SALT)


def unsealed(token: str, count: int) -> list[Any]:
    """Read so many values back. Raises Refused when the token is not one of ours."""
    try:
        values = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        values = []
    if not isinstance(values, list) or len(values) != count:
        raise Refused("badResumptionToken", "This resumption token is not one of ours.")
    return values


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _number(moment: datetime) -> int:
    """Write a moment without loss: the place in a list is exact to the microsecond."""
    return (moment - _EPOCH) // _MICROSECOND


def _moment(number: int) -> datetime:
    return _EPOCH + number * _MICROSECOND
