"""What the tests of the search share: an index that is whole, pages as a reader sees them."""

import re
from html import unescape

from essor.search.services import index_pending
from tests.catalogue.builders import BranchFactory, ItemFactory, RecordFactory


def a_record(title, *, by="", subjects=(), isbn="", branches=(), **fields):
    """A record as a search finds it: `by` is a filing name, `branches` hold an item each."""
    if by:
        name = " ".join(reversed(by.split(", ")))
        fields["creators"] = [
            {"name": name, "filing_name": by, "roles": ["070"], "is_primary": True}
        ]
    fields["subjects"] = [{"label": label, "kind": "topic"} for label in subjects]
    record = RecordFactory(title=title, **fields)
    if isbn:
        record.identifiers.create(kind="isbn", value=isbn, is_valid=True)
        record.save()
    for branch in branches:
        ItemFactory(record=record, branch=branch)
    return record


def a_branch(name):
    return BranchFactory(name=name)


def main_of(client, address):
    """Give the main part of a page, once every change is indexed."""
    index_pending()
    response = client.get(address)
    assert response.status_code == 200, response
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def titles_in(html):
    """Give the titles of the entries, in the order of the page."""
    titles = re.findall(r'class="entry__title">(.*?)</h3>', html, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", title)).strip() for title in titles]


def links_in(html):
    """Give the addresses by the text of their links; the last one wins."""
    return {
        text_of(label): unescape(href)
        for href, label in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    }


def titles_at(client, address):
    return titles_in(main_of(client, address))
