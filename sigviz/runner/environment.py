"""What the environment says about the training: ``SIGVIZ_WORKERS`` and its siblings."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PositiveInt, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SIGVIZ_"


def _digits(text: str) -> str | None:
    """Digits alone, or nothing; pydantic would take ``1_0`` for ten and ``2.0`` for two."""
    if not re.fullmatch(r"\s*\d*\s*", text, re.ASCII):
        raise ValueError("not digits alone")
    return text.strip() or None


class Environment(BaseSettings):
    """The variables, by their names without ``SIGVIZ_``; a description says what one must be.

    Attributes:
        workers: How many workers there are.
        remember_mb: Megabytes of finished runs to keep.
        ray_address: Where the Ray cluster is that trains in place of this machine.
        fork: Whether workers are forked from a process that has imported everything, where that is
            safe.
        ahead: Whether idle workers train what learners may ask for next.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        frozen=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
        validate_default=False,
    )

    workers: Annotated[PositiveInt | None, BeforeValidator(_digits)] = Field(
        default=None,
        description="a whole number from 1, or unset for as many workers as there are processors",
    )
    remember_mb: float = Field(
        default=256,
        ge=0,
        le=1e9,
        description="a number of megabytes, such as 256, or 0 to remember nothing",
    )
    ray_address: str = Field(default="", description="an address, such as 10.0.0.4:6379")
    fork: bool = Field(
        default=True, description="1, or 0 to start every worker as a process of its own"
    )
    ahead: bool = Field(default=True, description="1, or 0 to train nothing before it is asked for")

    @property
    def remember(self) -> int:
        """Bytes of finished runs to keep."""
        return int(self.remember_mb * 1e6)


def environment() -> Environment:
    """What the environment says now.

    Raises:
        ValueError: A variable is not what it must be.
    """
    try:
        return Environment()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        must = Environment.model_fields[name].description
        raise ValueError(
            f"{PREFIX}{name.upper()} is {first['input']!r}; it must be {must}"
        ) from None
