"""The one address of the server."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from essor.catalogue.oai import answers, listing
from essor.catalogue.oai.arguments import (
    Asked,
    Refused,
    Verb,
    asked_of,
    prefix_of,
    sealed,
    selection_of,
    unsealed,
)
from essor.search.later import or_later

KEPT_S = 60
"""What changes rarely may be kept for a minute; lists are as large as they are short-lived."""

SHORT = frozenset({Verb.IDENTIFY, Verb.METADATA_FORMATS, Verb.SETS})


@csrf_exempt  # nothing is written, and harvesters have no session
@or_later
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> StreamingHttpResponse:
    """Answer a request of OAI-PMH; errors of the protocol are answers too (200).

    A saved search that cannot be run now is no empty set: 503, as the protocol has it for a busy server.
    """
    asked: Asked | None = None
    try:
        asked = asked_of((request.POST if request.method == "POST" else request.GET).lists())
        body, is_refused = _ANSWERS[asked.verb](request, asked), False
    except Refused as error:
        body, is_refused = answers.refusal(error), True
        asked = None if error.code in ("badVerb", "badArgument") else asked
    pieces = answers.whole(
        body,
        address=_address(request),
        arguments={"verb": asked.verb, **asked.arguments} if asked else {},
        now=timezone.now(),
    )
    response = StreamingHttpResponse(pieces, content_type="text/xml; charset=utf-8")
    if asked and asked.verb in SHORT and not is_refused and request.method != "POST":
        patch_cache_control(response, public=True, max_age=KEPT_S)
    else:
        patch_cache_control(response, no_cache=True)
    return response


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oai"))


def _identify(request: HttpRequest, asked: Asked) -> Iterator[str]:
    site = Site.find_for_request(request)
    return answers.identity(
        name=(site and site.site_name) or request.get_host(),
        address=_address(request),
        mail=settings.DEFAULT_FROM_EMAIL,
        earliest=listing.earliest_change(),
    )


def _formats(request: HttpRequest, asked: Asked) -> Iterator[str]:
    if "identifier" in asked.arguments:
        listing.header_of(asked.arguments["identifier"])  # refused when there is no such record
    return answers.formats()


def _sets(request: HttpRequest, asked: Asked) -> Iterator[str]:
    after = "" if asked.token is None else str(unsealed(asked.token, 1)[0])
    found = [one for one in listing.public_sets() if one.spec > after]
    if not found:
        raise Refused("noSetHierarchy", "There is no public basket or saved search.")
    page, has_more = found[: listing.SETS_A_PAGE], len(found) > listing.SETS_A_PAGE
    token = sealed([page[-1].spec]) if has_more else None if asked.token is None else ""
    return answers.sets(page, token)


def _identifiers(request: HttpRequest, asked: Asked) -> Iterator[str]:
    return answers.identifiers(listing.page_of(selection_of(asked)))


def _records(request: HttpRequest, asked: Asked) -> Iterator[str]:
    selection = selection_of(asked)
    page = listing.page_of(selection)
    contents = listing.contents_of(page.headers, prefix=selection.prefix)
    return answers.records(page, contents, selection.prefix)


def _record(request: HttpRequest, asked: Asked) -> Iterator[str]:
    prefix = prefix_of(asked)
    header = listing.header_of(asked.arguments["identifier"])
    contents = listing.contents_of([header], prefix=prefix)
    return answers.record(header, contents, prefix)


_ANSWERS = {
    Verb.IDENTIFY: _identify,
    Verb.METADATA_FORMATS: _formats,
    Verb.SETS: _sets,
    Verb.IDENTIFIERS: _identifiers,
    Verb.RECORDS: _records,
    Verb.RECORD: _record,
}
