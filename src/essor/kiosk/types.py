"""Values of the kiosk."""

from enum import StrEnum

FRAME_HEIGHT_PX = 350
"""Height of a frame that shows a strip without scrolling: measured by a browser test."""

MOST_RECORDS = 100


class Order(StrEnum):
    """In which order a kiosk shows its records."""

    CHOSEN = "chosen"
    TITLE = "title"
    NEWEST = "newest"
