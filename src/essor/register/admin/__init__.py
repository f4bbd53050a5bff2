"""The screens of the register in the Wagtail admin."""
