"""Amounts of money in words: minor units as major ones."""

from sopc.graph.currency import decimals_of


def in_words(units: int, currency: str) -> str:
    """Give an amount of minor units as people write it, for example `500.00 USD`."""
    decimals = decimals_of(currency)
    if not decimals:
        return f"{units} {currency}"
    major, minor = divmod(abs(units), 10**decimals)
    return f"{'-' if units < 0 else ''}{major}.{minor:0{decimals}} {currency}"
