"""一件事: one need, several departments, one application. A teaching-scale prototype, illustrative throughout.

The rooms, from the ground up (nothing imports upward, see the layers contract in ``pyproject.toml``):

``domain``      pure rules: no database, HTTP, YAML, clock, randomness or environment
``catalogue``   packs on disk → frozen domain objects, and the linter
``schemas``     shapes in and out
``storage``     tables, the writer, queries, files, the search index
``usecases``    what people can do; the only place that joins data and rules
``transport``   request → context, identity, problems
``api``         the JSON doors, one router per noun
``commands``    the terminal doors, one module per command
"""

__version__ = "0.1.0"
