"""The files of packs, and a digest of them. Needs nothing that reads one: a start that finds its catalogue kept loads
neither parser nor shapes (:func:`app.catalogue.loader.opened`)."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path


def pack_files(folder: Path) -> Iterator[Path]:
    """Every ``*.yaml`` below the folder, sorted; a path to one file is that file. Nothing when there is nothing."""
    if folder.is_file():
        yield folder
    elif folder.is_dir():
        yield from sorted(path for path in folder.rglob("*.yaml") if path.is_file())


def fingerprint(folders: Sequence[Path]) -> str:
    """A digest of all that ``read_folders`` would read, wherever it stands. Raises ``OSError`` when a file cannot be
    read."""
    whole = hashlib.sha256()
    for folder in folders:
        files = [(file.relative_to(folder), file.read_bytes()) for file in pack_files(folder)]
        whole.update(f"{len(files)}\0".encode())
        for name, content in files:
            whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()
