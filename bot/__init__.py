"""Evenkeel's platform: everything a feature stands on, and nothing that knows a feature."""
