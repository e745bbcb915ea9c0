"""Values of columns as they stand in JSON."""

import base64
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import isodate

_WRITTEN: dict[type, Any] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: isodate.duration_isoformat,
    UUID: str,
    bytes: lambda value: base64.b64encode(value).decode(),
    memoryview: lambda value: base64.b64encode(value).decode(),
    Decimal: lambda value: (
        int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
    ),
    list: lambda value: [plain(each) for each in value],
    tuple: lambda value: [plain(each) for each in value],
    dict: lambda value: {str(key): plain(each) for key, each in value.items()},
}


def plain(value: Any) -> Any:
    """Give a value of a column: times in ISO 8601, bytes in base 64, decimals as numbers."""
    written = _WRITTEN.get(type(value))
    return value if written is None else written(value)
