"""How feeds come in: bytes to entries and problems, without Django, network or clock."""


def gettext_noop(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message
