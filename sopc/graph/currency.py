"""Currencies: how many decimals their amounts have."""

import re
from decimal import Decimal

_LONGEST = 15

# ISO 4217 (2024): how many decimals the amounts of a currency have, where it is not two.
_DECIMALS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),  # noqa: SIM905  # codes read best as words
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),  # noqa: SIM905
    "CLF": 4,
    "UYW": 4,
}


def decimals_of(currency: str) -> int:
    """Give how many decimals amounts of a currency (ISO 4217) have: 2 for most, 0 for JPY."""
    return _DECIMALS.get(currency, 2)


def minor_units(text: str, currency: str) -> int:
    """Read an amount as people write it, its currency with it or not: `12.50`, `USD 12.50`.

    Raises:
        ValueError: It is no amount, or has more decimals than the currency.
    """
    bare = re.sub(rf"^{re.escape(currency)}\s*|\s*{re.escape(currency)}$", "", text.strip())
    if not re.fullmatch(rf"[+-]?[0-9]{{1,{_LONGEST}}}(\.[0-9]{{1,{_LONGEST}}})?", bare):
        raise ValueError(text)
    amount = Decimal(bare).scaleb(decimals_of(currency))
    if amount != amount.to_integral_value():
        raise ValueError(text)
    return int(amount)
