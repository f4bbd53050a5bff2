"""Plain builders of documents, and a store to take them from."""

from essor import search


def a_document(title="Une histoire", *, kind="article", key=None, **fields):
    return search.Document(kind=kind, key=key or title, title=title, **fields)


def indexed(*titles, **fields):
    """Index documents with these titles, which are their keys too."""
    search.index().write(a_document(title, **fields) for title in titles)


def find(text, filters=None, **options):
    return search.index().search(search.Query(text, filters or {}, **options))


def found(text, filters=None, **options):
    """Give the keys of what is found, the best first."""
    return [hit.document.key for hit in find(text, filters, **options).hits]


def marked(parts):
    """Show the parts as a text, with what matches between brackets."""
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts)


class Shelf:
    """A store of documents: what is on it is the truth, what is hidden may not be seen."""

    label = "article"
    label_plural = "articles"

    def __init__(self, *documents):
        self.held = {document.key: document for document in documents}
        self.hidden = set()

    def put(self, document):
        self.held[document.key] = document

    def documents(self):
        yield from self.held.values()

    def count(self):
        return len(self.held)

    def documents_for(self, keys):
        return [self.held[key] for key in keys if key in self.held]

    def visible(self, keys):
        return {key for key in keys if key in self.held and key not in self.hidden}
