"""What the check-ins show."""
