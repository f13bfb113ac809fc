"""Templates as Jinja compiled them last time, so that no first visitor waits for a page to be compiled."""

import hashlib
import io

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from app import compiled


class CompiledTemplates(BytecodeCache):
    """One file for each template, whatever the language: a sentence is translated when a page is rendered.

    A template that was changed is compiled again, and so are all under another version of Jinja or other ways of it.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept for this source, if anything."""
        found = compiled.kept(_name(bucket))
        if found is not None:
            bucket.load_bytecode(io.BytesIO(found))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next process."""
        compiled.keep(_name(bucket), bucket.bytecode_to_string())


def _name(bucket: Bucket) -> str:
    found = bucket.environment
    ways = (found.trim_blocks, found.lstrip_blocks, found.autoescape, sorted(found.extensions))
    made_by = hashlib.sha256(repr((jinja2.__version__, ways)).encode()).hexdigest()
    return f"template_{made_by[:8]}_{bucket.key[:24]}"
