"""The boxes of a zone, as the templates show them."""

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import StreamValue
from wagtail.models import Page

from essor.portal.types import Box


def boxes_of(stream: StreamValue, page: Page | None) -> Iterator[Box]:
    """Give the boxes of a zone in order; a reusable one gives what it holds, when it is published."""
    for block in stream:
        shown = _inner(block)
        if shown is not None:
            anchor = box_anchor(block.id)
            yield Box(
                anchor=f"box-{anchor}",
                title=_title(shown.value),
                kind=shown.block_type,
                permalink_id=f"{page.pk}-{anchor}" if page and page.pk else "",
                content=shown,
            )


def box_anchor(block_id: str | None) -> str:
    """Give the short name of a box in addresses: the first 8 digits of its identifier."""
    return (block_id or "").replace("-", "")[:8]


def _inner(block: Any) -> Any:
    if block.block_type != "reusable":
        return block
    reusable = block.value
    return next(iter(reusable.content), None) if reusable and reusable.live else None


def _title(value: Any) -> str:
    return str(value.get("title") or "") if hasattr(value, "get") else ""
