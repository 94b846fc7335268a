"""The only room that knows the tables of the check-ins."""
