"""Names of roles: who does things, told by the noun that heads the name."""

import re
from collections.abc import Sequence

from sopc_compiler.language.word import Word, is_base_verb

_STRONG = frozenset(
    """
    accountant accountants administrator administrators admin admins advisor advisors agent agents
    adviser analyst analysts approver approvers architect assignee assignees assistant assistants
    associate
    associates attendant auditor auditors bookkeeper broker buyer buyers captain caretaker ceo cfo
    cio ciso cto coo chairperson clerk clerks commander commissioner commissioners concierge
    consultant consultants contractor contractors controller controllers coordinator coordinators
    counsel counselor crew custodian deputy designer developer developers director directors
    dispatcher dri editor employee employees engineer engineers evaluator examiner executive
    executives facilitator foreman founder founders gatekeeper housekeeper inspector inspectors
    instructor intern interviewer interviewers investigator investigators librarian maintainer
    maintainers manager managers marketer mediator mentor messenger moderator nurse nurses officer
    officers operator operators organizer owner owners paramedic pharmacist physician planner
    preparer president processor programmer purchaser receptionist recruiter recruiters registrar
    representative representatives rep reps requester requestor researcher responder responders
    reviewer reviewers scheduler scientist secretary shepherd specialist specialists staff staffer
    steward submitter superintendent supervisor supervisors surveyor teacher technician technicians
    teammate teammates tester trainer treasurer trustee vp warden peo peoples peopleops
    """.split()
)
"""Nouns that name a role by themselves, in any case."""

_WEAK = frozenset(
    """
    authority board chair champion chief coach committee compliance council department departments
    desk driver executive facilities finance group handler head hr it judge lead leader leaders
    leadership leads legal liaison logistics management marketing member members office operations
    panel partner payroll personnel principal procurement producer provider purchasing sales
    security sponsor support team teams unit vendor worker workers accounting engineering ops
    techops author authors host contact champions squad
    """.split()
)
"""Nouns that name a role where something tells which: "the security team", "Legal"."""

HEADS = _STRONG | _WEAK
_PRONOUNS = frozenset(
    """
    you we they he she i everyone anyone someone whoever
    """.split()
)
_ACRONYM = re.compile(r"^(?:[A-Z]{2,4}s?)$")
_NO_MODIFIER = frozenset(
    """
    the a an your our their his her its this that these those each every all any some no relevant
    appropriate other another same new current additional respective responsible entire whole right
    both existing designated assigned necessary my which what former next local more most several
    many few two three one including contact notify wider selected own least of out and for in best
    sure such off-boarding onboarding offboarding hiring'
    """.split()
)

_NO_MODIFIER_TAGS = ("V", "MD", "IN", "DT", "CC", "TO", "PRP", "RB", "W", "CD")
_CROWDS = frozenset(
    """
    employee employees staff teammate teammates contractor contractors owner owners
    """.split()
)
"""Nouns that say who somebody is rather than what they do."""
_LED = frozenset(
    """
    head director vp president chief manager office chair
    """.split()
)
_LONGEST_FIELD = 2
_ALSO_VERBS = frozenset("leads supports staffs contacts hosts heads".split())
_PERSONS = frozenset(
    """
    person people hire hires buddy boss client clients customer customers guest guests candidate
    candidates colleague colleagues applicant applicants user users student patient caller agency
    company firm carrier
    """.split()
)
_AGENT_ENDING = re.compile(r"(?:[^aeiou]er|[^aeiou]or|ist|eer|ian)s?$")
_NO_AGENTS = frozenset(
    """
    order orders folder number paper letter calendar folders tracker other whether after matter
    center server servers ladder register quarter chapter header footer transfer offer error errors
    monitor sensor vector mirror list filter either newsletter voucher buffer timer computer printer
    scanner router container former latter december october november september parameter cover
    banner poster drawer counter dinner laser meter
    """.split()
)


def _core(word: str) -> str:
    lower = word.lower().replace("’", "'")
    for ending in ("'re", "'ll", "'ve"):
        lower = lower.removesuffix(ending)
    lower = lower.removesuffix("'s").removesuffix("'").removesuffix("(s)")
    return lower.rpartition("-")[2] if "-" in lower and lower.rpartition("-")[2] in _WEAK else lower


def names_somebody(phrase: Sequence[str]) -> bool:
    """Tell whether the words of a noun phrase name a role, a team or a person spoken to."""
    content = [word for word in phrase if word[0].isalnum()]
    if not content or content[0].lower() == "no":
        return False
    head = content
    for index, word in enumerate(content):
        if index and (
            word.lower() in {"of", "on", "in", "for", "at", "from", "with"}
            or (word.endswith("ing") and _core(content[index - 1]) in HEADS)
        ):
            head = content[:index]
            break
    last = _core(head[-1])
    return (
        last in _PRONOUNS
        or last in HEADS
        or _core(content[-1]) in _STRONG | _PERSONS
        or last in _PERSONS
        or (bool(_AGENT_ENDING.search(last)) and last not in _NO_AGENTS)
        or bool(_ACRONYM.match(head[-1]))
    )


def heads_role(words: Sequence[str]) -> bool:
    """Tell whether words end in a role's noun, and are no such noun of weak force alone."""
    core = _core(words[-1])
    if len(words) == 1 and core in {"owner", "owners"}:
        return False
    return core in _STRONG or (core in _WEAK and (len(words) > 1 or words[0][0].isupper()))


def is_certain_role(words: Sequence[str]) -> bool:
    """Tell whether a name shows by itself that it is a role: a role's noun with a modifier."""
    last = _core(words[-1])
    return len(words) > 1 and (last in _STRONG - _CROWDS or _core(words[0]) in _LED)


def role_spans(
    words: Sequence[Word], codes: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Find the role names of a sentence, as places in its passage, determiners left out.

    Places in `codes` are literal names of other things (fields, templates), and hold no role.
    """
    spans: list[tuple[int, int]] = []
    for index, word in enumerate(words):
        if any(start <= word.start < end for start, end in codes) or not _heads(words, index):
            continue
        first = _first_modifier(words, index)
        if first == index and not _stands_alone(words, index):
            continue
        last = _qualified(words, index)
        end = words[last].end
        if words[last].lower.endswith("'s"):
            end -= 2
        if not spans or words[first].start >= spans[-1][1]:
            spans.append((words[first].start, end))
    return spans


def _heads(words: Sequence[Word], index: int) -> bool:
    """Tell whether a word heads a role's name, rather than modifies the noun behind it."""
    word = words[index]
    core = _core(word.text)
    if core not in HEADS or (core == "it" and word.text != "IT"):
        return False
    if index + 1 == len(words):
        return True
    following = words[index + 1]
    if _core(following.text) not in HEADS or following.text == "it":
        return True
    if core in _STRONG and following.lower in _ALSO_VERBS:
        return True  # "the manager leads": the name ends here
    return not (following.tag.startswith("NN") or following.text[0].isupper() or core in _WEAK)


def _stands_alone(words: Sequence[Word], index: int) -> bool:
    """Tell whether a word without modifiers names a role: a strong noun, or an office."""
    word = words[index]
    core = _core(word.text)
    if core in _STRONG:
        return core not in {"owner", "owners"} or (
            index > 0 and words[index - 1].lower in {"the", "its"}
        )
    of = index + 2 < len(words) and words[index + 1].lower == "of" and core in _LED
    return of or (word.text[0].isupper() and index > 0 and not word.tag.startswith("V"))


def _first_modifier(words: Sequence[Word], head: int) -> int:
    """Give the index of the first word of the name that a noun heads."""
    first = head
    capital_head = words[head].text[0].isupper()
    while first > 0:
        word = words[first - 1]
        capital = word.text[0].isupper()
        if (
            not word.text[0].isalnum()
            or word.lower in _NO_MODIFIER
            or (capital_head and not capital)
        ):
            break
        if word.lower.endswith("'s") and not capital:
            break
        participle = word.tag == "VBG" and not capital_head and first - 1 > 0
        named = capital and first - 1 > 0
        if word.tag.startswith(_NO_MODIFIER_TAGS) and not (named or participle):
            break
        if not capital_head and capital and first - 1 == 0 and is_base_verb(word.lower):
            break  # "Notify manager": an instruction's first word
        first -= 1
    return first


def _qualified(words: Sequence[Word], head: int) -> int:
    """Take "Head of Security", "head of client services" and the like whole."""
    if head + 2 >= len(words) or words[head + 1].lower != "of":
        return head
    if _core(words[head].text) not in _LED:
        return head
    last = head + 1
    while last + 1 < len(words) and last - head <= _LONGEST_FIELD and _is_field(words[last + 1]):
        last += 1
    return last if last > head + 1 else head


def _is_field(word: Word) -> bool:
    """Tell whether a word can name the field that somebody leads."""
    return word.text[0].isupper() or (
        word.text[0].isalpha() and word.tag in {"NN", "NNS"} and word.lower not in _NO_MODIFIER
    )
