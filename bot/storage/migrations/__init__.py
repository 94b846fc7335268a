"""The schema's history, one file a revision in `versions/`. Nothing here is imported while the bot runs."""
