"""Answers of OAI-PMH servers, as a test wants them."""

from xml.sax.saxutils import escape, quoteattr

MARCXML = "http://www.loc.gov/MARC21/slim"
OAI = "http://www.openarchives.org/OAI/2.0/"
PMB = (
    '<unimarc><notice><rs>n</rs><dt>a</dt><bl>m</bl><f c="001">7</f>'
    '<f c="200" ind="1 "><s c="a">Titre</s></f></notice></unimarc>'
)
DUBLIN_CORE = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Titre</dc:title></oai_dc:dc>'
)
ANSWERED = "2026-03-01T04:00:00Z"


def answer(body, *, answered=ANSWERED):
    """An answer of any kind around its body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{OAI}">'
        f"<responseDate>{answered}</responseDate><request>http://x</request>{body}</OAI-PMH>"
    ).encode()


def identify(*, deletions="persistent", granularity="YYYY-MM-DDThh:mm:ssZ", earliest="2020-01-01"):
    """What a server says of itself."""
    return answer(
        "<Identify><repositoryName>Médiathèque</repositoryName><baseURL>http://x</baseURL>"
        f"<earliestDatestamp>{earliest}</earliestDatestamp>"
        f"<deletedRecord>{deletions}</deletedRecord>"
        f"<granularity>{granularity}</granularity></Identify>"
    )


def marcxml(number, title="Germinal", more=""):
    """A record in MARCXML, UNIMARC."""
    return (
        f'<record xmlns="{MARCXML}"><leader>00000nam a2200000   4500</leader>'
        f'<controlfield tag="001">{escape(number)}</controlfield>'
        '<datafield tag="200" ind1="1" ind2=" ">'
        f'<subfield code="a">{escape(title)}</subfield></datafield>{more}</record>'
    )


def record(number, title="Germinal", *, identifier=None, metadata=None, stamp="2026-01-01"):
    """A record of a list; its identifier is made from its number."""
    content = marcxml(number, title) if metadata is None else metadata
    name = escape(identifier or f"oai:x:{number}")
    return (
        f"<record><header><identifier>{name}</identifier><datestamp>{stamp}</datestamp></header>"
        f"<metadata>{content}</metadata></record>"
    )


def deleted(number):
    """A record that the server says it deleted."""
    return (
        f'<record><header status="deleted"><identifier>oai:x:{escape(number)}</identifier>'
        "<datestamp>2026-01-01</datestamp></header></record>"
    )


def page(*records, token=None, size=None, cursor=None, answered=ANSWERED):
    """A page of a list; an empty token is written, None is not."""
    counts = "".join(
        f" {name}={quoteattr(str(count))}"
        for name, count in (("completeListSize", size), ("cursor", cursor))
        if count is not None
    )
    mark = "" if token is None else f"<resumptionToken{counts}>{escape(token)}</resumptionToken>"
    return answer(f"<ListRecords>{''.join(records)}{mark}</ListRecords>", answered=answered)


def error(code, words="because"):
    """A refusal."""
    return answer(f"<error code={quoteattr(code)}>{escape(words)}</error>")
