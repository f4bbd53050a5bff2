"""The catalogue given to whoever harvests it: OAI-PMH 2.0 at `/oai`.

Every record is given, in Dublin Core and in MARCXML; one that was withdrawn is announced as deleted,
for ever, since none is erased. Nothing is kept between two pages: the place in a list travels in the
token, signed. Lists go by (changed_at, pk), so that what changes meanwhile moves to their end, and is
given again rather than missed. Source: openarchives.org/OAI/2.0/openarchivesprotocol.htm.
"""
