"""What is stored of kiosks: the kiosks themselves, the numbers of the old portal, how often they are seen."""

from essor.kiosk.models.counts import DailyCount, RecordClicks
from essor.kiosk.models.kiosks import DISPLAYS, PERMALINK_LETTER, Kiosk
from essor.kiosk.models.old_numbers import OldNumber

__all__ = ["DISPLAYS", "PERMALINK_LETTER", "DailyCount", "Kiosk", "OldNumber", "RecordClicks"]
