"""Words of a passage with their places and parts of speech.

Tags are those of the Penn Treebank. They come from TextBlob's rule tagger, whose lexicon is part of
the package; it takes many an instruction's first word for a noun ("Log your hours"), so whoever
looks for a verb also asks whether the word can be one.
"""

import gc
import re
import warnings
from dataclasses import dataclass
from functools import cache, lru_cache

_TOKEN = re.compile(
    r"https?://[^\s)\]>,]+"  # addresses
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # mail boxes
    r"|(?<![\w/])[#@][\w-]+"  # channels and handles
    r"|\d+-[a-z]+(?:-[a-z]+)*"  # measures as adjectives: "45-minute"
    r"|[$€£¥]?\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|x|k|hrs?|h|m|d|%)?\b"  # figures
    r"|[^\W_]+(?:['’.&/_-][^\W_]+)*(?:['’]s?(?!\w)|\(s\))?"  # words, hyphened ones and doublets too
    r"|\S",
    re.UNICODE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """A token: its characters `start` to `end` of the passage, and its tag."""

    text: str
    lower: str
    start: int
    end: int
    tag: str

    @property
    def is_word(self) -> bool:
        """Whether it has letters or digits, rather than being a mark."""
        return self.text[0].isalnum() or self.text[0] in "#@$€£¥"


@cache
def _tagger() -> object:
    from textblob.en.taggers import PatternTagger

    tagger = PatternTagger()
    with warnings.catch_warnings():
        # it leaves its lexicon's file for the garbage collector to close
        warnings.simplefilter("ignore", ResourceWarning)
        tagger.tag("Warm up", tokenize=False)
        gc.collect()
    return tagger


@lru_cache(maxsize=20_000)
def verb_base(word: str) -> str | None:
    """Give the base form of a word that can be a verb, else None: `files` gives `file`."""
    from lemminflect import getAllLemmas

    lemmas = getAllLemmas(word).get("VERB", ())
    return str(lemmas[0]) if lemmas else None


@lru_cache(maxsize=20_000)
def is_base_verb(word: str) -> bool:
    """Tell whether a lower-case word can be a verb's base form, as an instruction's first word."""
    if not word.isascii() or len(word) < 2:  # noqa: PLR2004 - no verb has one letter
        return False
    from lemminflect import getAllLemmas

    return word in getAllLemmas(word, upos="VERB").get("VERB", ())


@lru_cache(maxsize=20_000)
def is_only_verb(word: str) -> bool:
    """Tell whether a lower-case word can be a verb and not a noun, as `escalates`."""
    from lemminflect import getAllLemmas

    lemmas = getAllLemmas(word)
    return "VERB" in lemmas and "NOUN" not in lemmas


@lru_cache(maxsize=4_096)
def words(text: str) -> tuple[Word, ...]:
    """Split a text into words with places (code points) and tags."""
    found = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    if not found:
        return ()
    spaced = " ".join(piece.replace("’", "'") for piece, _, _ in found)
    tags = [tag for _, tag in _tagger().tag(spaced, tokenize=False)]  # type: ignore[attr-defined]
    if len(tags) != len(found):
        tags = ["NN"] * len(found)
    return tuple(
        Word(piece, piece.lower().replace("’", "'"), start, end, tag)
        for (piece, start, end), tag in zip(found, tags, strict=True)
    )
