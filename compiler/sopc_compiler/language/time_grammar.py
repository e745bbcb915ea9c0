"""The grammar of time expressions in English prose, as named fragments of regular expressions.

Procedures speak of bounds ("within 24 hours of", "no later than", "2x daily") far more than of
dates, and each part is needed with its place; general date parsers give neither.
"""

import re

NUMBERS = {
    "a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0,
    "six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0,
    "twelve": 12.0, "fourteen": 14.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0,
    "forty-five": 45.0, "forty-eight": 48.0, "sixty": 60.0, "seventy-two": 72.0, "ninety": 90.0,
    "half an": 0.5, "half a": 0.5,
}  # fmt: skip
"""Number words that people write before units of time."""


def _any(*options: str) -> str:
    return "(?:" + "|".join(options) + ")"


NUMBER = (
    r"(?:~?\d+(?:\.\d+)?(?:\s*(?:-|–|to)\s*\d+)?|"
    + "|".join(sorted(NUMBERS, key=len, reverse=True))
    + r")(?:\s*\(\d+\))?"
)
UNIT = (
    r"(?:(?:business|working|calendar|work|full|consecutive|clock)[\s-]+)*"
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|fortnights?|months?"
    r"|quarters?|years?)"
)
DURATION = rf"(?<![\w.$€£]){NUMBER}\s*{UNIT}\b(?!-)"
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
ZONE = (
    r"(?:\s*\(?(?-i:UTC|GMT|[ECMP][SD]?T|CES?T|BST|[A-Z][a-z]+/[A-Z][A-Za-z_]+"
    r"|(?:[A-Z][a-z]+ )?[A-Z][a-z]+ [Tt]ime)\)?)?"
)
CLOCK = (
    r"(?:(?:(?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?:\s*[ap]\.?m\b\.?)?|(?:1[0-2]|0?[1-9])\s*[ap]\.?m\b\.?"
    rf"|(?:12\s+)?noon|midnight){ZONE})"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = (
    rf"(?:{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}\b(?:\s+\d{{4}})?|\d{{4}}-\d{{2}}-\d{{2}})"
)
PERIOD = r"(?:day|week|month|quarter|year|shift|sprint|morning|evening|afternoon|night|hour|minute)"
DAY_OF = (
    r"(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|last|final)"
    rf"(?:\s+(?:business|working|calendar))?(?:\s+(?:day|{WEEKDAY}))?"
    rf"\s+(?:of|in)\s+(?:the|each|every)\s+(?:(?:current|following|next|same)\s+)?{PERIOD}"
)
END_OF = (
    r"(?:(?:the\s+)?(?:end|close|start|beginning)\s+of\s+(?:(?:the|each|every|that|this|your|next"
    r"|same|business|working|calendar|following|current|final|last)\s+)*"
    rf"(?:business|{PERIOD})\b|\b(?:EOD|COB|EOB|EOW|EOM)\b)"
)
NAMED_DAY = (
    r"(?:(?:(?:the\s+)?(?:next|following|same|this|that|each|every)\s+)?"
    rf"(?:(?:business|working|calendar)\s+)?(?:{WEEKDAY}|{PERIOD})\b(?:\s+(?:at\s+)?{CLOCK})?)"
)
POINT = _any(
    rf"{CLOCK}(?:\s+(?:on\s+)?(?:each\s+|every\s+)?{WEEKDAY})?",
    END_OF,
    DAY_OF,
    DATE,
    NAMED_DAY,
    "today",
    "tomorrow",
)
_STOP = (
    r"(?:and|or|but|if|when|unless|to|by|via|using|with|in|on|so|who|which|that|please|must"
    r"|should|shall|will|then|is|are|was|were|at|for|we|you|they|it)"
)
ANCHOR = rf"(?:\s+(?!{_STOP}\b)[\w'’/$-]+){{1,6}}"
"""What a bound is counted from: a short noun phrase, ended by a mark or a new clause."""
CLAUSE = (
    r"(?:\s+(?!(?:and|or|but|so|please|must|should|shall|then|who|which)\b)"
    r"[\w'’“”\"/&-]+[”\"]?){1,10}"
)
"""An event named by a clause, as in "before you depart"."""
_LEAST = (
    r"(?:(?:at\s+least|at\s+most|no\s+(?:later|less|fewer|more)\s+than|not\s+(?:later|less|more)"
    r"\s+than|a\s+(?:minimum|maximum)\s+of|minimum|ideally|up\s+to|approximately|about|around"
    r"|roughly|exactly|more\s+than|less\s+than|another|the\s+next|the|a\s+further)\s+)*"
)
_FROM = rf"(?:\s+(?:of|from|after|following|before|prior\s+to){ANCHOR})?"

_RULES: tuple[tuple[str, str], ...] = (
    # bounds that name a duration
    ("deadline", rf"\b(?:within|inside|under|in)\s+{_LEAST}(?:first\s+)?{DURATION}{_FROM}"),
    ("deadline", rf"\bwithin\s+(?:(?:the|one|same|business|working)\s+)*{PERIOD}\b{_FROM}"),
    (
        "deadline",
        (
            rf"\b{_LEAST}{DURATION}\s*(?:in\s+advance|ahead(?:\s+of(?:\s+time|{ANCHOR}))?|beforehand"
            rf"|earlier|(?:before|prior(?:\s+to|\s+of)?){ANCHOR}|(?:before|prior)\b)"
        ),
    ),
    ("delay", rf"\b{_LEAST}{DURATION}\s+(?:after|following|later|from|past)\b(?:{ANCHOR})?"),
    (
        "delay",
        (
            rf"\bafter\s+(?:a\s+)?{_LEAST}{DURATION}"
            rf"(?:\s+(?:of|without|with\s+no|from){ANCHOR})?"
        ),
    ),
    # cadences
    ("cadence", rf"\b(?:every|each)\s+(?:other\s+)?(?:{DURATION}|{NUMBER}\s+{UNIT}|{NAMED_DAY})"),
    ("cadence", rf"\b(?:once|twice|{NUMBER}\s*(?:times|x))\s+(?:a|an|per|each|every)\s+{PERIOD}\b"),
    ("cadence", r"\b\d+x\s+(?:daily|weekly|monthly)\b"),
    (
        "cadence",
        (
            r"\b(?:(?:on|in)\s+(?:an?\s+)?)?(?:bi-?|semi-?)?(?:hourly|daily|weekly|monthly|quarterly"
            r"|yearly|annually|annual|nightly|fortnightly)\s+(?:basis|iterations?|intervals?|cadence)\b"
        ),
    ),
    (
        "cadence",
        (
            r"\b(?:bi-?|semi-?)?(?:hourly|daily|weekly|monthly|quarterly|yearly|annually|nightly"
            r"|fortnightly)\b(?=\s*(?:[.,;:)]|$|at\b|by\b|until\b|and\b|to\b|on\b|in\b|for\b))"
        ),
    ),
    ("cadence", rf"\b(?:on\s+)?{WEEKDAY}s\b(?:\s+(?:at\s+)?{CLOCK})?"),
    # points in time
    (
        "deadline",
        (
            r"\b(?:no\s+later\s+than|not\s+later\s+than|by|before|prior\s+to|until|as\s+early\s+as"
            rf"|on\s+or\s+before)\s+(?:the\s+)?{POINT}{_FROM}"
        ),
    ),
    (
        "deadline",
        (
            rf"\b(?:at|on|by|in|during)\s+(?:{CLOCK}|{DATE}|{DAY_OF}|{END_OF})"
            rf"(?:\s+on\s+{POINT})?"
        ),
    ),
    (
        "deadline",
        (
            r"\b(?:on\s+)?(?:the\s+)?(?:same|next|following)\s+(?:(?:business|working)\s+)?"
            rf"(?:day|{WEEKDAY})\b"
        ),
    ),
    ("deadline", rf"\b{END_OF}|\bon\s+{WEEKDAY}\b(?:\s+(?:at|by)\s+{CLOCK})?"),
    # events as anchors
    ("deadline", rf"\b(?:at\s+least\s+)?(?:before|prior\s+to){CLAUSE}"),
    ("delay", rf"\buntil{CLAUSE}"),
    (
        "during",
        (
            r"\bduring\s+(?:the|your|their|each|every|this|that|a|an)\s+(?:[\w'’-]+\s+){0,3}?"
            r"(?:meeting|call|review|session|week|month|shift|sprint|stand-?up|interview|hours|period)\b"
        ),
    ),
    # what no clock can read
    (
        "vague",
        (
            r"\bas\s+(?:soon|quickly|promptly|early|fast|often|frequently|timely)(?:\s+and\s+\w+)?\s+as"
            r"\s+(?:reasonably\s+)?(?:possible|practicable|practical|feasible|needed|necessary"
            r"|(?:you|we|they)\s+can)\b|\bASAP\b"
        ),
    ),
    (
        "vague",
        (
            r"\b(?:immediately|promptly|(?:right|straight)\s+away|without\s+(?:(?:undue|unreasonable"
            r"|any|further)\s+)?delay|at\s+once|shortly|soon|quickly|urgently|in\s+a\s+timely"
            r"\s+(?:manner|fashion)|timely|ahead\s+of\s+time|(?:well\s+)?in\s+advance|on\s+time"
            rf"|in\s+due\s+course|right\s+after)\b(?:\s+(?:after|before|following|upon){ANCHOR})?"
        ),
    ),
    (
        "vague",
        (
            r"\b(?:regularly|periodically|frequently|occasionally|from\s+time\s+to\s+time|(?:on\s+a\s+)?"
            r"regular(?:\s+basis|\s+intervals?)?|on\s+an\s+ongoing\s+basis|continuously|as\s+time"
            r"\s+(?:allows|permits)|(?:when|whenever|where|as)\s+convenient|at\s+(?:any|your|their|the)"
            r"\s+(?:earliest\s+)?(?:stage|convenience)(?:\s+in\s+the(?:\s+\w+){1,2})?|at\s+all\s+times"
            r"|in\s+the\s+next\s+few\s+(?:hours|days|weeks)|(?:a|after\s+a)\s+few\s+(?:hours|days|weeks)"
            r"(?:\s+(?:later|after|before))?)\b"
        ),
    ),
    # a bare length
    ("length", rf"\b(?:for\s+)?{_LEAST}{DURATION}"),
)

PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rule, re.IGNORECASE)) for kind, rule in _RULES
)
"""Kinds of expression with their patterns; where two overlap, the longer one counts."""
