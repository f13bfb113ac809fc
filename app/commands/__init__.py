"""The terminal doors: one module per command of ``python -m app``, each a function that :mod:`app.commands.program`
loads.

Commands say the illustrative label on everything, speak Chinese or English (``--lang``, or ``APP_LANG``), answer a
program with ``--json``, and put every error into one sentence on standard error. What is heavy to import (FastAPI,
SQLAlchemy, the search engine) is imported inside the command that needs it, so that ``--help`` and ``check`` are quick.
"""
