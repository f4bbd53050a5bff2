"""From the official files to a folder of Parquet files: the steps are SQL, an engine runs them.

`perimeter` reads who may belong to the ESS, `official_files` what SIRENE publishes, `building` runs the steps
of `steps/` on an engine, `points` places establishments, and `built` reads a finished build. Nothing
here knows of the portal's store.
"""


def gettext_noop(message: str) -> str:
    """Mark a message for translation; it is translated where it is shown."""
    return message
