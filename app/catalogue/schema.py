"""The JSON Schema of a pack, for editors: completion and red lines while writing YAML."""

from typing import Any

from app.catalogue.documents import ItemDocument, PackDocument
from app.domain.vocabulary import ILLUSTRATIVE


def pack_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of one pack file. An item may leave out what ``item_defaults`` of the pack supplies, so the
    schema demands nothing of an item; the linter does, after merging."""
    schema = PackDocument.model_json_schema()
    definitions: dict[str, Any] = schema["$defs"]
    definitions[ItemDocument.__name__].pop("required", None)
    schema["properties"]["item_defaults"] = {
        "$ref": f"#/$defs/{ItemDocument.__name__}",
        "description": PackDocument.model_fields["item_defaults"].description,
    }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "一件事 pack",
        "description": f"Service items, bundles and what they use. {ILLUSTRATIVE.zh} / {ILLUSTRATIVE.en}",
    }
    return {**schema, **head}
