"""Acts of a sentence: candidate instructions, from their verb to the end of their object.

An instruction is an imperative ("Send the form"), an obligation ("the lead must approve", "clients
must be told"), a duty in the present tense ("Accounting pays twice a week"), or a gerund in a
list of duties ("Maintaining the log").
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sopc_compiler.language.clause_end import clause_end
from sopc_compiler.language.lexicon import (
    AUTOMATED_VERBS,
    BEFORE_VERB,
    CLAUSE_STOPS,
    DUTY_WORDS,
    EXTRA_VERBS,
    MODALS,
    NEGATIONS,
    NO_IMPERATIVES,
    NOUNS_FIRST,
    STATIVE_VERBS,
    STRONG_MODALS,
)
from sopc_compiler.language.role_name import names_somebody, role_spans
from sopc_compiler.language.system_name import system_spans
from sopc_compiler.language.word import Word, is_base_verb, is_only_verb, verb_base

Span = tuple[int, int]
_CLAUSE_MARKS = frozenset(",;:—–-().•*?!")
_CLAUSE_WORDS = frozenset(["and", "or", "then", "please", "but"])
"""Marks and words behind which a new clause may open."""
_THINGS = frozenset(
    """
    this that it these those there which what
    """.split()
)
_AFTER_VERB = frozenset({"with", "out", "up", "off"})
_BETWEEN = BEFORE_VERB | DUTY_WORDS | {"be", "get", "been"}
"""Words that may stand between "must" or the like and its verb."""
_LABEL_REST = 2
"""So many words and marks behind a noun still make a label of it, as in "Review responses."."""


@dataclass(frozen=True, slots=True)
class Act:
    """A candidate instruction at `start` to `end` of the passage.

    `verb` is its verb's base form; `form` how it is put: `imperative`, `modal`, `passive`,
    `present`, `gerund` or `participle`; `subject` the place of the words that name who does it.
    """

    start: int
    end: int
    verb: str
    form: str
    subject: Span | None = None


def acts(sentence: Sequence[Word], blocked: Sequence[Span], *, duties: bool = False) -> list[Act]:
    """Find the candidate instructions of one sentence.

    Args:
        sentence: Its words.
        blocked: Places of condition clauses and time expressions: no act starts there, and an
            act's object ends where one begins.
        duties: Whether the sentence stands in a list whose lead-in makes gerunds instructions.
    """
    return _Finder(sentence, blocked, duties=duties).find()


def negation(sentence: Sequence[Word], first: int) -> int:
    """Give the index where an act begins that may be forbidden: at its "do not" or "never"."""
    index = first
    while index > 0 and sentence[index - 1].lower in BEFORE_VERB | {"be"}:
        index -= 1
    before = [place for place in range(index, first) if sentence[place].lower in NEGATIONS]
    if not before:
        return first
    starts = before[0]
    return starts - 1 if starts > 0 and sentence[starts - 1].lower == "do" else starts


class _Finder:
    def __init__(self, sentence: Sequence[Word], blocked: Sequence[Span], *, duties: bool) -> None:
        self.words = sentence
        self.blocked_at = [
            any(start <= word.start < end for start, end in blocked) for word in sentence
        ]
        self.duties = duties
        self.found: list[Act] = []
        self.depth = 0

    def find(self) -> list[Act]:
        index = 0
        opens = True  # a clause opens here, so that an imperative may stand here
        while index < len(self.words):
            word = self.words[index]
            if self.blocked_at[index] or (opens and word.lower in BEFORE_VERB):
                opens = True
                index += 1
                continue
            end = None if self._parenthesis(word, index) else self._act_at(index, opens=opens)
            if end is not None:
                index, opens = end + 1, True
                continue
            opens = word.text in _CLAUSE_MARKS or word.lower in _CLAUSE_WORDS
            index += 1
        return self.found

    def _parenthesis(self, word: Word, index: int) -> bool:
        """Tell whether a word stands in a parenthesis that an earlier word opened."""
        if word.text == "(" and index > 0:
            self.depth += 1
        elif word.text == ")" and self.depth:
            self.depth -= 1
        return self.depth > 0

    def _act_at(self, index: int, *, opens: bool) -> int | None:
        """Add the act that shows itself at a word; give the index of its last word."""
        form = self._opening_form(index) if opens else None
        if form is not None:
            return self._add(index, index, form, None)
        word = self.words[index]
        if word.lower in MODALS or word.lower in DUTY_WORDS or word.lower in {"is", "are"}:
            return self._obligation(index)
        if word.lower == "to":
            return self._assigned(index)
        if word.lower.endswith("s") and word.tag in {"VBZ", "VB", "VBP", "NNS", "NN"}:
            return self._present(index)
        return None

    def _opening_form(self, index: int) -> str | None:
        """Tell the form of the instruction that a clause's first word opens, if it opens one."""
        word = self.words[index]
        if self._imperative(index):
            return "imperative"
        if self.duties and self._gerund(index):
            return "gerund"
        if word.tag == "VBN" and self._lower(index + 1) == "to" and word.text[0].isupper():
            return "participle"
        return None

    def _lower(self, index: int) -> str:
        return self.words[index].lower if 0 <= index < len(self.words) else ""

    def _tag(self, index: int) -> str:
        return self.words[index].tag if 0 <= index < len(self.words) else ""

    def _imperative(self, index: int) -> bool:
        if not self._can_instruct(index):
            return False
        if index + 1 >= len(self.words) or self._lower(index + 1) in {".", ";", ","}:
            return bool(self.found) or (self._tag(index).startswith("VB") and index == 0)
        purpose = self._lower(index - 1) == "to" and not self.found
        if purpose or self._heads_role(index):
            return False
        after = self.words[index + 1]
        if after.tag in {"MD", "VBZ"} or after.text in {":", ")", "|", "/", "="}:
            return after.text == ":" and self._lower(index) in EXTRA_VERBS
        if after.lower in {"is", "are", "was", "were", "has", "have", "of"}:
            return False
        return self._verb_not_noun(index, after)

    def _can_instruct(self, index: int) -> bool:
        """Tell whether a word by itself can be an instruction's verb."""
        word = self.words[index]
        if word.lower == "open" and self._tag(index + 1) in {"DT", "PRP$"}:
            return True
        if word.lower in NO_IMPERATIVES:
            return False
        if word.lower == "keep" and self._lower(index + 1) == "in":
            return False  # "keep in mind"
        return word.lower in EXTRA_VERBS or (is_base_verb(word.lower) and not word.text.isupper())

    def _verb_not_noun(self, index: int, after: Word) -> bool:
        """Tell whether a word that can be both is a verb here."""
        word = self.words[index]
        if not word.tag.startswith("NN") or word.lower in EXTRA_VERBS:
            return True
        if index == 0:
            return self._verb_at_start(index, after)
        if self._lower(index - 1) in {"and", "or", ","} and not self.found:
            # a noun in an enumeration, unless an adverbial opened the sentence
            behind_case = index > 1 and self.blocked_at[index - 2]
            return (behind_case or self._tag(0) in {"IN", "TO"}) and after.tag[:2] in {
                "DT",
                "PR",
                "NN",
                "JJ",
                "CD",
            }
        return True

    def _verb_at_start(self, index: int, after: Word) -> bool:
        """Tell a verb that the tagger takes for a noun, as in "Review the responses"."""
        if after.tag[:2] in {"DT", "PR", "CD", "WR", "WP"} or after.lower in _AFTER_VERB:
            return True
        if after.tag[:2] in {"IN", "TO", "CC"} or not after.is_word:
            return False
        # "Schedule kickoff call" instructs, "Project name" or "Market research report" does not
        rest = self.words[index + 1 : index + 8]
        if self._lower(index) in NOUNS_FIRST or any(
            word.tag in {"MD", "VBZ"} or word.lower in {"is", "are"} for word in rest
        ):
            return False
        return len(rest) > _LABEL_REST or any(word.tag in {"DT", "IN", "TO"} for word in rest)

    def _heads_role(self, index: int) -> bool:
        """Tell whether the words from here name a role, as in "finance manager"."""
        place = role_spans(self.words[index : index + 3])
        return bool(place) and place[0][0] == self.words[index].start

    def _gerund(self, index: int) -> bool:
        word = self.words[index]
        first = index == 0 or self._lower(index - 1) in {"and", ","}
        base = verb_base(word.lower) if first and word.lower.endswith("ing") else None
        return base is not None and self._tag(index + 1)[:1] not in {"", "."}

    def _obligation(self, index: int) -> int | None:
        """Read "the lead must …", "you need to …", "is responsible for …", "must be …"."""
        word = self.words[index]
        if word.lower in {"is", "are"}:
            if not any(self._lower(index + ahead) in DUTY_WORDS for ahead in (1, 2)):
                return self._handled(index)
        elif word.lower in {"have", "has"} and self._lower(index + 1) != "to":
            return None
        if self._released(index):
            return None
        position, passive = index + 1, False
        while position < len(self.words) and not self._is_verb_slot(position):
            passive = passive or (self._lower(position) == "be" and not self.blocked_at[position])
            position += 1
        if position >= len(self.words):
            return None
        return self._obliged(index, position, passive=passive)

    def _released(self, index: int) -> bool:
        """Tell whether a duty is denied: "is not expected to", "do not need to"."""
        behind = (self._lower(index + ahead) for ahead in (1, 2))
        before = self._lower(index - 1) if index else ""
        negated = {before, *behind} & NEGATIONS
        duties = {self.words[index].lower, *(self._lower(index + ahead) for ahead in (1, 2))}
        return bool(negated) and bool(duties & (DUTY_WORDS - {"supposed", "ought"}))

    def _is_verb_slot(self, position: int) -> bool:
        word = self.words[position]
        if self.blocked_at[position] or word.lower in _BETWEEN:
            return False
        return not (
            word.tag in {"RB", "MD"}
            or (word.lower == "for" and self._lower(position - 1) == "responsible")
        )

    def _obliged(self, index: int, verb: int, *, passive: bool) -> int | None:
        """Add what "must" and the like oblige to, if it is an act and somebody's."""
        word, base = self.words[index], verb_base(self._lower(verb))
        if base is None and word.lower in MODALS and self._tag(verb).startswith(("VB", "NN")):
            base = self._lower(verb)  # a verb that the lexicon lacks
        subject = self._subject(index)
        if base is None or subject is None or self.blocked_at[verb]:
            return None
        if self.words[subject[0]].lower in _THINGS:
            return None
        somebody = self._somebody(subject)
        infinitive = self._lower(verb - 1) in {"to", "for"}
        if passive and self._lower(verb) != base and not infinitive:
            binds = word.lower in STRONG_MODALS or (word.lower not in MODALS and somebody)
            binds = binds or (word.lower == "will" and self._names_follow(verb))
            return self._add(verb, subject[0], "passive", None) if binds else None
        gerund = self._lower(verb - 1) == "for" and self._lower(verb).endswith("ing")
        if base in {"be", "have", "need", "like"} or not (gerund or self._lower(verb) == base):
            return None
        if not somebody:
            binds = word.lower in STRONG_MODALS
            return self._add(verb, subject[0], "passive", None) if binds else None
        return None if self._allows(word, base, verb) else self._add(verb, verb, "modal", subject)

    def _allows(self, word: Word, base: str, verb: int) -> bool:
        """Tell whether a modal describes or permits ("you may work from home") without a task."""
        if word.lower in MODALS - STRONG_MODALS and base in STATIVE_VERBS:
            return True
        without_object = (
            self._tag(verb + 1) in {"IN", "RB", "TO", ".", ""} and self._lower(verb + 1) != "with"
        )
        return word.lower in {"can", "may", "would"} and without_object

    def _handled(self, index: int) -> int | None:
        """Read "contracts are handled by the People Team": a duty that names its doer."""
        if verb_base(self._lower(index + 1)) is None or self._tag(index + 1) not in {"VBN", "VBD"}:
            return None
        window = range(index + 2, min(index + 8, len(self.words)))
        if not any(
            self._lower(i) == "by" and role_spans(self.words[i + 1 : i + 6]) for i in window
        ):
            return None
        subject = self._subject(index)
        return None if subject is None else self._add(index + 1, subject[0], "passive", None)

    def _names_follow(self, verb: int) -> bool:
        rest = self.words[verb + 1 :]
        return bool(role_spans(rest) or system_spans(rest))

    def _assigned(self, index: int) -> int | None:
        """Read "Controller to send an email": somebody, then what they are to do."""
        subject = self._subject(index)
        if subject is None or (
            subject[0] > 0 and self.words[subject[0] - 1].text not in {".", "|", ",", ";"}
        ):
            return None
        if not is_base_verb(self._lower(index + 1)) or not self._somebody(subject):
            return None
        return self._add(index + 1, index + 1, "modal", subject)

    def _present(self, index: int) -> int | None:
        word = self.words[index]
        base = verb_base(word.lower)
        if base is None or base == word.lower or base in STATIVE_VERBS or index == 0:
            return None
        subject = self._subject(index)
        if subject is None or not (
            self._somebody(subject) or (base in AUTOMATED_VERBS and self._system(subject))
        ):
            return None
        after = self.words[index + 1] if index + 1 < len(self.words) else None
        if (
            after is None
            or not (after.is_word or after.text in '[`"“')
            or after.lower in {"is", "are", "of"}
        ):
            return None
        verb = word.tag == "VBZ" or is_only_verb(word.lower) or self._object_follows(subject, after)
        return self._add(index, index, "present", subject) if verb else None

    def _object_follows(self, subject: Span, after: Word) -> bool:
        """Tell whether the word behind "files" or the like shows that it is a verb there."""
        if after.tag in {"DT", "PRP$", "PRP", "NNP", "CD"}:
            return True
        determined = self.words[subject[0]].tag in {"DT", "PRP$"}
        return determined and after.tag in {"JJ", "NN", "IN", "RP", "RB", "CC", "WP"}

    def _subject(self, index: int) -> Span | None:
        """Give the word indexes of the noun phrase right before `index`."""
        first = index
        while first > 0:
            word = self.words[first - 1]
            if self.blocked_at[first - 1] or not (word.is_word or word.text in "&()'/`"):
                break
            if (
                word.lower in CLAUSE_STOPS
                or word.tag == "MD"
                or word.lower in {"that", "please", "then", "but"}
            ):
                break
            verb = (
                word.tag in {"VB", "VBZ", "VBP"}
                and word.text.islower()
                and not word.lower.endswith("s")
            )
            if verb and word.lower != "lead" and first - 1 > 0 and first < index:
                break
            first -= 1
        while first < index and (
            self.words[first].lower in BEFORE_VERB - {"both", "either"}
            or not self.words[first].is_word
        ):
            first += 1
        return (first, index) if first < index else None

    def _somebody(self, subject: Span) -> bool:
        phrase = [word.text for word in self.words[subject[0] : subject[1]]]
        return phrase[0].lower() not in _THINGS and names_somebody(phrase)

    def _system(self, subject: Span) -> bool:
        return bool(system_spans(self.words[subject[0] : subject[1]]))

    def _add(self, verb: int, first: int, form: str, subject: Span | None) -> int:
        last = clause_end(self.words, verb, lambda at: self.blocked_at[at])
        place = None
        if subject is not None:
            place = (self.words[subject[0]].start, self.words[subject[1] - 1].end)
        base = verb_base(self._lower(verb)) or self._lower(verb)
        first = negation(self.words, first)
        self.found.append(Act(self.words[first].start, self.words[last].end, base, form, place))
        return last
