"""From official files to typed rows and problems; no Django here."""


def gettext_noop(message: str) -> str:
    """Mark a message for translation; it is translated where it is shown."""
    return message
