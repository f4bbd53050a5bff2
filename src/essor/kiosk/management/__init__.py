"""Commands of the kiosks."""
