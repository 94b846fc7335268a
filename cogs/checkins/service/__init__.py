"""Use cases of the check-ins."""
