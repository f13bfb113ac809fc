"""What every shape of a pack is made of: strict models, codes, conditions and fictional telephones."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$", description="code: a letter, then letters, digits, _ . -")
]
Expression = Annotated[
    str, Field(max_length=4000, description="condition over the questions, e.g. area_m2 >= 300 or entertainment")
]
Phone = Annotated[
    str, Field(pattern=r"^(0000-\d{8}|1[0-2]\d{9})$", description="fictional telephone number, 0000-00000001")
]


class Document(BaseModel):
    """Anything an author writes: unknown keys are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
