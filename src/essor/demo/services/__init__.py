"""Writes of the demonstration, all through the public doors of the other apps."""
