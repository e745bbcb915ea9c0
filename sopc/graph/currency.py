"""Currencies: how many decimals their amounts have."""

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
