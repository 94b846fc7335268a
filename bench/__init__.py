"""Measures the bot beside a bare discord.py bot that writes the same row, over the Discord of the wire tests."""
