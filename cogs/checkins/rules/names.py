"""How long a check-in's name is. Pure."""

LONGEST_NAME = 45
"""Characters: a form's title and a thread's beginning hold it."""
