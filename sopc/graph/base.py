"""What every part of the graph is made of: strict, immutable records and checked names."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class GraphRecord(BaseModel):
    """A part of the graph file: immutable, and nothing in it that the format does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", min_length=1, max_length=80)
]
"""An id: lower-case words and digits joined by hyphens, as `send-welcome-email`."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$", min_length=1, max_length=80)]
"""A value's name in expressions: a CEL identifier in lower case, as `invoice_amount`."""

Key = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$", min_length=1, max_length=80)
]
"""A key of a mapping with free keys: a field or a prompt, as `system` or `extract/step`."""

Words = Annotated[str, StringConstraints(min_length=1)]
"""Words of the prose or of a person, never empty."""

Cel = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
"""A CEL expression, as `amount > 50000`; parsed and type-checked by `sopc.graph.expression`."""
