"""What the check-ins send by themselves."""
