"""What was given to the questions of a form. The shape itself lives in the rules: the tables keep it, too."""

from cogs.checkins.rules.answers import Given

__all__ = ["Given"]
