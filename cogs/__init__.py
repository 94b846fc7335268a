"""The features: one package each, with the same rooms in each (see docs/architecture.md)."""
