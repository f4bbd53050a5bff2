"""The staff screens of the register."""
