"""Writes of the portal: each a plain function, one transaction."""
