"""How readers claim a page, correct it, or ask that personal data be taken away; staff decides.

A form without cookie nor script, an e-mail that asks to confirm, a decision that is told.
"""
