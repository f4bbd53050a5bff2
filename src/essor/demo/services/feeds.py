"""The feeds that the demonstration follows."""

from datetime import datetime

from essor.demo.importers.content import DATA, read_feeds
from essor.portal.models import FeedSource
from essor.portal.services.feeds import load_sample


def follow_feeds(now: datetime) -> None:
    """Follow each feed, with sample entries of ours until it answers: the network may be away."""
    for feed in read_feeds().values():
        source = FeedSource(name=feed.name, address=feed.address, site_address=feed.site_address)
        source.full_clean()
        source.save()
        load_sample(source, (DATA / feed.sample).read_bytes(), now=now)
