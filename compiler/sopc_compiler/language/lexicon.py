"""Closed word classes that the rules for acts speak of."""

MODALS = frozenset({"should", "must", "shall", "will", "can", "may", "would"})
NEGATIONS = frozenset({"not", "don't", "never"})
"""Words that make an instruction forbid."""

STRONG_MODALS = frozenset({"should", "must", "shall"})

DUTY_WORDS = frozenset(
    """
    need needs have has required asked expected responsible encouraged supposed ought requested
    obliged tasked
    """.split()
)
"""Words that make "is … to" or "… to" an obligation."""

BEFORE_VERB = frozenset(
    """
    please then also always never first next finally immediately simply just only not do don't
    either kindly again now both be sure to once formally fully promptly directly quickly and or but
    so generally typically ideally automatically manually usually carefully additionally
    alternatively jointly afterwards instead still feel free
    """.split()
)
"""Words that may stand between a clause's opening, or a modal, and its verb."""

REPORTING_VERBS = frozenset(
    """
    notify tell inform confirm ensure verify check make remind validate track state say communicate
    explain ask assess determine consider decide indicate know note see
    """.split()
)
"""Verbs whose "that" clause is their object."""

CLAUSE_STOPS = frozenset(
    """
    if when unless until once because so which who whose while whenever wherever though although
    since including otherwise therefore thus whereas
    """.split()
)

PREPOSITIONS = frozenset(
    """
    in on at by for with from of to via through under into as about using within during after before
    regarding against along across according around between over per
    """.split()
)

STATIVE_VERBS = frozenset(
    """
    be is are was were have has had do does did seem become mean result include contain exist depend
    differ relate apply matter refer let like may can will need cover consist get own vary cause
    allow help define describe note thank want remain come look appear belong equal cost last start
    begin end act work
    """.split()
)
"""Verbs that in the present tense describe rather than oblige."""

AUTOMATED_VERBS = frozenset(
    """
    alert send notify create update assign route email post open close copy add remind move generate
    escalate log book pause start tag file archive publish sync search
    match set forward
    """.split()
)
"""Verbs that a system does by itself in a procedure's prose, as in "HubSpot alerts the owner"."""

NO_IMPERATIVES = frozenset(
    """
    please note see like be have may can will must do does can't well being further same even open
    part second average over per time total best better fine key minute means ready no low high
    medium full partial false true potential free due most people case up down off out so wire still
    today need needs is are was if while as except step section level class phase table page example
    purpose scope policy role staff client customer team group manager process procedure board head
    lead partner back light long clean dry warm slow steady early late remember version date subject
    title status owner product item office
    """.split()
)
"""Words that can be verbs but seldom are where an instruction would begin."""

EXTRA_VERBS = frozenset(
    """
    cc bcc dm e-mail email login onboard offboard backfill triage re-send resend follow-up upload
    download prorate archive loop cross-post reschedule unregister message ping
    """.split()
)
"""Verbs of the trade that general lexicons lack or tag as nouns."""

NOUNS_FIRST = frozenset(
    """
    project market award home document slack finance test interest name type plan budget access
    account invoice report host post position contract charge balance cost order range return figure
    picture benefit grade rate value
    """.split()
)
"""Words that open an item far oftener as a noun than as a verb, unless a determiner follows."""
