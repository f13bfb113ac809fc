"""What organisations, items and regions are called; whatever the packs no longer know goes by its code."""

from app.schemas.common import Bilingual
from app.usecases.accounts import department
from app.usecases.context import Context


def office_name(context: Context, code: str) -> Bilingual:
    """The name of an organisation, or its code."""
    found = department(context.world, code)
    return Bilingual.of(found.name) if found else Bilingual(zh=code, en=code)


def item_name(context: Context, code: str) -> Bilingual:
    """The name of an item, or its code."""
    found = context.world.library.items.get(code)
    return Bilingual.of(found.name) if found else Bilingual(zh=code, en=code)


def region_name(context: Context, code: str) -> Bilingual:
    """The name of a region, or its code."""
    regions = context.world.catalogue.regions
    return Bilingual.of(regions[code].name) if code in regions else Bilingual(zh=code, en=code)
