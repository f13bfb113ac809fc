"""Packs on disk → frozen domain objects.

A pack is a folder of YAML files; the sections of all files are merged, so an author may write one file or twenty.
``documents`` is the shape of a pack, ``sources`` reads YAML and remembers lines, ``loader`` builds the catalogue,
``checks`` is the linter.
"""
