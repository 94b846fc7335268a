"""Daily check-ins that never leave anybody unanswered; so far their rules alone."""
