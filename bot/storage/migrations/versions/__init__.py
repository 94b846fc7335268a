"""Revisions in portable DDL: `op.create_table` and its kin, batch mode for changes, no raw SQL of one engine."""
