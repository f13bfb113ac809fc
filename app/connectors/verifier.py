"""Where the program is that checks receipts on anybody's machine. It is handed out as it stands and never imported."""

from importlib import resources

SOURCE = resources.files("app.connectors") / "static" / "verify_receipt.py"
