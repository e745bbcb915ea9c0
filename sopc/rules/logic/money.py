"""Amounts of money in words: minor units as major ones."""

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


def in_words(units: int, currency: str) -> str:
    """Give an amount of minor units as people write it, for example `500.00 USD`."""
    decimals = _DECIMALS.get(currency, 2)
    if not decimals:
        return f"{units} {currency}"
    major, minor = divmod(abs(units), 10**decimals)
    return f"{'-' if units < 0 else ''}{major}.{minor:0{decimals}} {currency}"
