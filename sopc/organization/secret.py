"""Secrets that stand in the organization file in clear, where only their names may stand."""

import re
from itertools import pairwise

from sopc.organization.system import Setting

_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|pwd|passphrase|secret|token|credentials?|authorization|bearer"
    r"|apikey|(?:api|access|account|auth|private|secret|signing|encryption|shared)_key)$|^key$"
)
_KNOWN_FORMS = re.compile(
    r"""
    ^(?:Bearer|Basic)\s+\S{8,}                      # a header with credentials
    | ^(?:sk|pk|rk)[-_][A-Za-z0-9_-]{12,}           # keys of payment and model providers
    | ^xox[a-z]-[A-Za-z0-9-]{10,}                   # chat tokens
    | ^(?:gh[a-z]_|github_pat_|glpat-)[A-Za-z0-9_-]{16,}
    | ^(?:AKIA|ASIA)[A-Z0-9]{16}$                   # cloud access keys
    | ^AIza[A-Za-z0-9_-]{30,}$
    | ^eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}      # a JSON Web Token
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----
    | ://[^/\s:@]+:[^/\s@]+@                        # a password within a URL
    | [?&](?:api_?key|key|token|secret|password|access_token|sig)=[^&\s]{6,}
    """,
    re.VERBOSE,
)
_OPAQUE = re.compile(r"[A-Za-z0-9+/_=-]{32,}")
_IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def secret_problem(name: str, value: Setting) -> str | None:
    """Say how a setting shows a secret, or refers to one in vain; None if it does neither.

    The message never holds the value.
    """
    if isinstance(value, bool):
        return None
    text = str(value)
    if text.startswith("env:"):
        if _REFERENCE.fullmatch(text):
            return None
        return f"setting `{name}` refers to no variable that there can be"
    if _SECRET_NAME.search(name):
        return f"setting `{name}` holds a secret in clear"
    if _KNOWN_FORMS.search(text) or _is_opaque(text):
        return f"setting `{name}` holds what looks like a secret in clear"
    return None


def _is_opaque(text: str) -> bool:
    """Tell whether a value is long and mixed as keys are; words and ids of records are not."""
    if _OPAQUE.fullmatch(text) is None or _IDENTIFIER.fullmatch(text):
        return False
    kinds = (str.islower, str.isupper, str.isdigit)
    mixed = sum(any(kind(character) for character in text) for kind in kinds)
    changes = sum(one.isdigit() != other.isdigit() for one, other in pairwise(text))
    return mixed >= 2 and changes >= 6  # noqa: PLR2004  # letters and digits in turns
