"""The JSON Schema that editors use."""

import json

from app.catalogue.schema import pack_schema
from app.catalogue.sources import SECTIONS


def test_the_schema_names_its_dialect_its_title_and_that_all_is_illustrative() -> None:
    schema = pack_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert "illustrative" in schema["description"]
    assert "教学演示" in schema["description"]


def test_the_schema_describes_every_section_and_every_element_of_an_item() -> None:
    schema = pack_schema()
    assert list(schema["properties"]) == list(SECTIONS)
    item = schema["$defs"]["ItemDocument"]
    assert "statutory" in item["properties"]
    assert "required" not in item, "item_defaults may supply any element"
    assert item["additionalProperties"] is False
    assert "licence" in schema["$defs"]["PowerType"]["enum"]
    assert json.loads(json.dumps(schema)) == schema
