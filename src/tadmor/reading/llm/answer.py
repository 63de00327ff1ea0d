"""The form of the model's answer: its JSON schema goes to the endpoint, and what comes back is held to it.

One claim that is not in form does not cost the others: it is left out and counted. Whatever is no answer at all is asked again.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema

from tadmor import taxonomy

COUNTED = (
    "killed", "injured", "casualties", "captured", "missing", "displaced", "fighters", "civilians", "strikes", "vehicles",
    "area_ha", "other",
)  # fmt: skip
_MOST_CLAIMS = 300  # of one part: no report has as many, and a model that repeats itself has no end
_MOST_ITEMS = 40
_LONGEST = 2_000  # characters of any string
_HIGHEST = 1e10


def _clean(value: str) -> str:
    if len(value) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters")
    return value


def _one_of(words: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return value

    return AfterValidator(check)


def _listed(value: Any) -> Any:
    """A list where a model gave one item or none, without what is empty."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [i for i in items if i not in (None, "", [])][:_MOST_ITEMS]


def _number(value: Any) -> Any:
    return None if isinstance(value, bool) else value


def _all_required(schema: dict[str, Any]) -> None:
    """Ask for every field, so that a model that is held to the schema leaves none out; answers may lack some all the same."""
    schema["required"] = list(schema["properties"])
    schema["additionalProperties"] = False
    schema.pop("description", None)  # ours, for whoever reads the code
    schema.pop("title", None)
    for field in schema["properties"].values():
        field.pop("default", None)


Words = Annotated[str, AfterValidator(_clean)]
Names = Annotated[list[Words], BeforeValidator(_listed)]
Type = Annotated[str, _one_of(tuple(taxonomy.types())), Field(json_schema_extra={"enum": list(taxonomy.types())})]
Certainty = Annotated[str, _one_of(taxonomy.CERTAINTIES), Field(json_schema_extra={"enum": list(taxonomy.CERTAINTIES)})]
Counted = Annotated[str, _one_of(COUNTED), Field(json_schema_extra={"enum": list(COUNTED)})]
Amount = Annotated[Annotated[float, Field(ge=0, le=_HIGHEST)] | None, BeforeValidator(_number)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, json_schema_extra=_all_required)


class ToldCount(_Form):
    """How many, as the model says it; ``number`` is verbatim."""

    what: Counted
    number: Words
    min: Amount = None
    max: Amount = None
    approx: bool = False
    of: Words | None = None


def _formed_counts(value: Any) -> list[ToldCount]:
    """The counts that are in form: one that is not costs itself alone, since its number is found in the text again anyway."""
    out = []
    for item in _listed(value):
        with suppress(ValidationError):
            out.append(ToldCount.model_validate(item))
    return out


class ToldClaim(_Form):
    """A claim as the model tells it: strings are verbatim text of the report, or words of the codebook."""

    quote: Words
    also: Names = []
    type: Type
    certainty: Certainty
    trigger: Words | None = None
    sources: Annotated[list[Names], BeforeValidator(_listed)] = []
    actors: Names = []
    targets: Names = []
    places: Names = []
    date: Words | None = None
    counts: Annotated[list[ToldCount], BeforeValidator(_formed_counts)] = []
    confidence: Annotated[float | None, BeforeValidator(_number)] = None


class Answer(_Form):
    """The claims of a part in the order of its text; ``unformed`` counts those that were not in form and are left out."""

    claims: list[ToldClaim]
    unformed: SkipJsonSchema[int] = 0

    @model_validator(mode="before")
    @classmethod
    def _keep_formed(cls, value: Any) -> Any:
        """Leave out the claims that are not in form; raises when none of those given is."""
        given = value.get("claims") if isinstance(value, dict) else None
        if not isinstance(given, list):
            return value
        formed: list[ToldClaim] = []
        fault: ValidationError | None = None
        for item in given[:_MOST_CLAIMS]:
            try:
                formed.append(ToldClaim.model_validate(item))
            except ValidationError as error:
                fault = error
        if fault is not None and not formed:
            raise ValueError(
                f"no claim is in form; {fault.error_count()} faults, the first: {fault.errors()[0]['msg']}"
            )
        return {"claims": formed, "unformed": len(given) - len(formed)}


@cache
def schema_digest() -> str:
    """Hex SHA-256 of the schema: answers to another form are other answers."""
    return hashlib.sha256(json.dumps(Answer.model_json_schema(), sort_keys=True).encode()).hexdigest()
