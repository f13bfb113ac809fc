"""Doors to other formats and systems: what the app knows, written as print pages and PDF."""
