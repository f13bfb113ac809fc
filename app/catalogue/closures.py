"""The closure of one bundle (一件事): the JSON of the bundle and of all it uses, and the digest that names the version.

A closure is stored with an application, which lives by the version it was filed under. Keep it as text: the order of
its keys is meaning (questions are asked and fields shown in it), and a column that sorts keys would lose it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel

from app.catalogue.data_documents import DatasetDocument, OfferDocument
from app.catalogue.documents import (
    BundleDocument,
    CertificateDocument,
    FieldDocument,
    ItemDocument,
    MaterialDocument,
    PackDocument,
)
from app.domain.vocabulary import Text

T = TypeVar("T")
Closure = dict[str, Any]
"""``{"bundles": {code: document}, "items": {…}, …, "overrides": […]}``, JSON-able, defaults filled in."""

SECTIONS = ("bundles", "items", "fields", "materials", "datasets", "certificates", "lines", "groups", "overrides")
"""What a closure is made of: enough to plan, submit and decide; no regions, people or stories."""


def bundle_closure(pack: PackDocument, code: str) -> Closure:
    """The documents the bundle ``code`` uses, as JSON-able data: itself, its items with merged defaults, their fields
    and materials, the datasets, certificates, lines and form sections of all these, and what regions say differently.

    Names that point to nothing are left out. Raises ``KeyError`` when the pack has no such bundle.
    """
    return _closure(pack, code, {})


def bundle_closures(pack: PackDocument) -> dict[str, Closure]:
    """The closure of every bundle. What bundles share is one and the same object: do not change a closure in place."""
    dumped: dict[tuple[str, str], Any] = {}
    return {code: _closure(pack, code, dumped) for code in pack.bundles}


def digest(closure: Closure) -> str:
    """SHA-256, in hexadecimal, over the compact JSON of a closure in the order it has."""
    return hashlib.sha256(orjson.dumps(closure)).hexdigest()


def _closure(pack: PackDocument, code: str, dumped: dict[tuple[str, str], Any]) -> Closure:
    bundle = pack.bundles[code]
    items = _known(pack.items, bundle.items)
    fields = _known(pack.fields, _fields_of(items.values(), pack))
    materials = _known(pack.materials, (name for item in items.values() for name in item.materials))
    datasets = _known(pack.datasets, _datasets_of(bundle, items, fields, materials))
    certificates = _known(pack.certificates, _certificates_of(bundle, items, materials))
    lines = _known(pack.lines, _lines_of(bundle, items, datasets, certificates))
    used = {field.group for field in fields.values()}
    parts: dict[str, Mapping[str, Any]] = {
        "bundles": {code: bundle},
        "items": items,
        "fields": fields,
        "materials": materials,
        "datasets": datasets,
        "certificates": certificates,
        "lines": lines,
        "groups": {name: text for name, text in pack.groups.items() if name in used},
    }
    closure: Closure = {
        section: {name: _dump(section, name, document, dumped) for name, document in part.items()}
        for section, part in parts.items()
    }
    closure["overrides"] = [each.model_dump(mode="json") for each in pack.overrides if each.item in items]
    return closure


def _dump(section: str, name: str, document: BaseModel | Text, dumped: dict[tuple[str, str], Any]) -> Any:
    key = (section, name)
    if key not in dumped:
        if isinstance(document, Text):
            dumped[key] = {"zh": document.zh, "en": document.en}
        else:
            dumped[key] = document.model_dump(mode="json")
    return dumped[key]


def _known(documents: Mapping[str, T], names: Iterable[str]) -> dict[str, T]:
    """The documents of these names in the pack's order, which is the order the one form shows its fields in."""
    wanted = set(names)
    return {name: document for name, document in documents.items() if name in wanted}


def _fields_of(items: Iterable[ItemDocument], pack: PackDocument) -> set[str]:
    """The fields of the items, and those their derivations copy from."""
    found: set[str] = set()
    waiting = [name for item in items for name in item.fields]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        field = pack.fields.get(name)
        if field is not None and (derived := field.sources.derived) is not None:
            waiting += [derived.of] if derived.rule == "field" and derived.of else []
    return found


def _datasets_of(
    bundle: BundleDocument,
    items: Mapping[str, ItemDocument],
    fields: Mapping[str, FieldDocument],
    materials: Mapping[str, MaterialDocument],
) -> Iterator[str]:
    yield from (name for item in items.values() for name in item.needs_data)
    sources = [
        *(fact.dataset for offer in _offers_of(bundle) for fact in offer.facts.values()),
        *(question.dataset for question in bundle.questions.values()),
        *(way.dataset for party in bundle.parties.values() for way in (*party.found_by, *party.shown_by)),
        *(field.sources.dataset for field in fields.values()),
        *(material.sources.dataset for material in materials.values()),
    ]
    yield from (name for name in sources if name is not None)


def _offers_of(bundle: BundleDocument) -> Iterator[OfferDocument]:
    return (part.offer for part in bundle.items.values() if part.offer is not None)


def _lines_of(
    bundle: BundleDocument,
    items: Mapping[str, ItemDocument],
    datasets: Mapping[str, DatasetDocument],
    certificates: Mapping[str, CertificateDocument],
) -> Iterator[str]:
    yield bundle.lead
    yield from (item.line for item in items.values())
    yield from (dataset.holder for dataset in datasets.values())
    yield from (certificate.issuer for certificate in certificates.values())


def _certificates_of(
    bundle: BundleDocument, items: Mapping[str, ItemDocument], materials: Mapping[str, MaterialDocument]
) -> Iterator[str]:
    yield from (name for offer in _offers_of(bundle) for name in offer.certificates)
    names = [
        *(item.result.certificate for item in items.values()),
        *(material.sources.certificate for material in materials.values()),
    ]
    yield from (name for name in names if name is not None)
