"""What follows from publishing: readers see it at once."""

from essor.kiosk.kept_frames import forget_kiosks


def forget_public_pages() -> None:
    """Drop every kept page and frame once the current transaction is committed, so that readers see the change."""
    forget_kiosks()
