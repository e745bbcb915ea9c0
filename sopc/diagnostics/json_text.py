"""JSON that every reader takes, whatever stands in files and their names."""

import json
from typing import Any

# JSON can write half of a surrogate pair, but strict readers refuse the whole document then.
_LONE = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


def json_text(content: Any) -> str:
    """Write a value as indented JSON in printable ASCII, with a line end behind it."""
    whole = json.dumps(content, ensure_ascii=False).translate(_LONE)
    return json.dumps(json.loads(whole), indent=2).replace("\x7f", "\\u007f") + "\n"
