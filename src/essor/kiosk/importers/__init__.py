"""What comes from the founding portal: its addresses, its baskets; no Django, no database."""


def gettext_noop(message: str) -> str:
    """Mark a message for translation; it is translated where it is shown."""
    return message
