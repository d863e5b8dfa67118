"""Taking out the names that people give themselves or others in a question.

A name is known by what stands before it ("my name is", "I'm", "Dr"), never by a list of names:
people's names are too many. After "I'm" and the like, whatever is not known to be an ordinary
word is taken for one.
"""

from __future__ import annotations

import re
from typing import Final

MARK: Final = "[name]"
_MOST_PARTS = 4
"""Words that one name may have."""

_WORD = re.compile(r"[^\W\d_]+(?:['.\-][^\W\d_]+)*")
_GAP = re.compile(r"(?:[ ,:;=\"'(*~–—-]|\.\.+)*")
_BETWEEN = re.compile(r"\.? |-")
_PARTICLES = frozenset(
    "van von der den de del della da di du la le dos das bin ibn binti bint al el ben mac mc st o"
    " abu ap ter ten zu".split()
)

# What people say of themselves, of a thing, or next in a sentence.
_ORDINARY = frozenset(
    """
    a about above absolutely abroad after afraid again against ago ahead alive all allergic almost
    alone already alright also although always am among an and angry another any anybody anyone
    anything anyway anxious are around as ashamed asap asian asleep at away awake aware back bad
    badly bald balder basically be because been before behind below beneath better between beyond
    big black blond blonde blue both breathless bright brown bruised but by called can cant certain
    clueless cold common completely confident constantly could curious currently dark dead
    deaf definitely depressed desperate did different difficult disabled dizzy do does doesn't don't
    dont down dreadful dry due during each early easy eight either elderly eleven else enough
    especially even ever every everyone everything ex exactly expensive expert extremely fair fairly
    faint fat fed female few fifteen fifty fine finally first fit five for forty four fourteen free
    fresh freshly from fully furious furthermore gay generally genuinely ginger glad going gone gonna
    good grateful great green gutted had hairy half happy hard hardly has hasn't have haven't he
    healthy heavily her here high hiv honest honestly hopeful hopeless horrible hot how however huge
    hungry i i'd i'll i'm i've if ill im immune in indeed infact infected inside insulin intolerant
    into is isn't it it's its itchy i.e jealous just keen kind lactose large last late later left
    less light like likely literally little livid lonely long lost low lucky lumpy mad mainly male
    many married may maybe me mental mentally mid middle might mine more most mostly much must my
    myself naturally near nearly nervous never new nine no nobody none normal normally not nothing
    now numb obese obviously of off often ok okay old older on once one online only onto open or
    other otherwise our out outside over own pain pale parents partially partly past patchy
    perfectly permanent personally petrified physically pink please poor possible possibly pregnant
    pretty probably prone properly proud purple quite rare rather ready real really recently red
    redhead relatively right risky rough rude runny sad safe scabby scarred scared second secondly
    self sensitive serious seriously seven seventeen several severe severely shaky she shocked short
    should shy sick similar simply since single six sixteen sixty skint slightly slow small so sober
    some somebody someone something sometimes somewhat soon sore sorry still straight stressful
    strange stuck stupid such super supposed suppose sure swollen tall tender ten terrible than
    thankful that that's thats the their them then there therefore these they thin thinner
    third thirsty thirteen thirty this those though three through thus til till tired to today
    together told tomorrow tonight too totally toward towards trans tried truly twelve twenty two
    ugly unable under underage unemployed unfit unhappy unlikely unlucky unsafe unsure until unusual
    unwell up upset urgent us used useless usual usually vegan very via vulnerable wanna was wasn't
    we weak weird well were what what's whats when where whether which while white who why wide will
    wise with within without woman women wondering won't wont worse worst worth would wouldn't
    wrong year years yellow yesterday yet you young younger your zero
    man men boy girl guy lad mum mom dad mother father nurse doctor student patient person people
    teen teenager adult kid child son daughter wife husband brother sister friend
    hair head scalp skin face body blood hairline spot spots lump lumps rash scab scabs scar scars
    dot dots ink pigment tattoo needle pain itch infection cancer eczema botox keloid steroid hormone
    day days week weeks month months hour hours night morning evening
    thank thanks hi hello hey dear said says say told tell gave give gets get got did put asked
    wants want needs need thinks think knows know used uses made makes
    urgent emergency normal fault using doing being dying lying aging owing
    """.split()
)
# Endings that make a word an ordinary one, and the names that have such an ending too.
_ENDING = re.compile(
    r".{3,}(?:ing|itis|osis|iasis|oma|emia|aemia|pathy|pathic|phobic|etic|atic|astic|istic|ectic"
    r"|ceptic|ptive|lergic|genic|oxic|omic|onic|less|ious|eous|able|ible|ative|ness|ation|sive"
    r"|ologist|ician|free|[^aeiou]ied|[^e]ed)"
)
_NAMES_WITH_ENDINGS = frozenset(
    "sterling irving fleming keating harding golding manning browning fielding channing"
    " pickering dowling cushing banning wilding ahmed mohammed mohamed muhammed muhamed mohammad"
    " alfred wilfred mildred winifred hamed khaled fahed majed rashed jared javed naved mehmed"
    " naveed manfred siegfried gottfried reed roma naoma thelma paloma sofoma mable venessa"
    " vanness agnes tuna".split()
)

_SELF = r"\bi\s?['´`]?\s?m\b|\bi\s?am\b|\bthis\s+is\b|\bthis\s?['´`]?s\b|\bcall(?:ed)?\s+me\b"
_NAMED = (
    r"\b(?:my|the|her|his|their|our|me|full|first|last|sur|nick|pet|user|maiden)?\s?"
    r"(?:name|names|name's|surname|nickname)\s*(?:\bis\b|\bwas\b|'s\b|[:=]|\s-\s)\s*"
    r"|\bmy\s+names?\b|\bi(?:\s?'?m|\s+am)\s+(?:called|named|known\s+as)\b|\bi\s+go\s+by\b"
    r"|\bmy\s+friends\s+call\s+me\b|\bsigned\b|\bit'?s\s+me\b|\bme\s+llamo\b|\bje\s+m'appelle\b"
    r"|\bich\s+hei(?:ß|ss)e\b|\bmi\s+chiamo\b|\bmein\s+name\s+ist\b|\bменя\s+зовут\b"
    r"|\bis\s+(?:called|named)\b|\b(?:someone|somebody|person|guy|man|woman|lady|girl|technician"
    r"|artist|doctor|nurse|practitioner|place|clinic)\s+(?:called|named)\b"
)
_TITLE = r"\b(?:mrs?|ms|mx|dr|prof|professor|rev|sgt|capt)\b\.?"
_BEFORE_CAPITAL = (
    r"\b(?:[Mm]iss|[Dd]octor|[Nn]urse|[Ss]ister|[Ss]ir|[Dd]ame|[Uu]ncle|[Aa]unt(?:ie|y)?|[Mm]y\s+"
    r"(?:husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?|son|daughter|brother|sister|mum|mom"
    r"|dad|mother|father|cousin|nephew|niece|friend|mate|boss|neighbou?r|technician|artist|tech"
    r"|practitioner|barber|surgeon|dermatologist|gp|GP|doctor|clinic|therapist|pharmacist))\b,?"
)
_BEFORE = re.compile(
    f"(?P<named>{_NAMED})|(?P<self>{_SELF})|(?P<title>{_TITLE})", re.IGNORECASE
)
_CAPITAL = re.compile(f"(?P<capital>{_BEFORE_CAPITAL})")
_SIGNED_OFF = re.compile(
    r"(?:\b(?:thanks|thank\s+you|thx|cheers|regards|wishes|love|sincerely|yours|from|xx?)\b"
    r"|(?:^|\s)[–—-])[\s,.!:]*(?P<name>[^\W\d_]+(?: [^\W\d_]+)?)[\s.!x]*$",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"(?:^|[.!?,;]\s*|\b(?:hi|hello|hey|its|it's)\s+)(?P<name>[^\W\d_]+(?: [^\W\d_]+)?)"
    r"\s+(?:here|speaking)\b",
    re.IGNORECASE,
)


def without_names(text: str) -> str:
    """Return a text of single spaces with each name in it replaced by `MARK`."""
    for pattern in (_SIGNED_OFF, _HERE):
        text = _alone(text, pattern)
    for pattern in (_BEFORE, _CAPITAL):
        text = _after(text, pattern)
    return text


def _alone(text: str, pattern: re.Pattern[str]) -> str:
    def mark(found: re.Match[str]) -> str:
        words = [each for each in found["name"].split() if not is_ordinary(each)]
        if not words:
            return found[0]
        name = found["name"] if len(words) == len(found["name"].split()) else words[-1]
        return found[0].replace(name, MARK)

    return pattern.sub(mark, text)


def _after(text: str, pattern: re.Pattern[str]) -> str:
    kept, at = [], 0
    while found := pattern.search(text, at):
        begin = _skip(_GAP, text, found.end())
        end = _end_of_name(text, begin, found.lastgroup or "")
        kept.append(text[at:begin])
        if end > begin:
            kept.append(MARK)
        at = max(end, found.end())
        if at < begin:
            at = begin
    return "".join([*kept, text[at:]])


def _end_of_name(text: str, begin: int, by: str) -> int:
    """Where a name that begins here ends; `begin` itself when what is here is no name."""
    end, at = begin, begin
    for part in range(_MOST_PARTS):
        word = _WORD.match(text, at)
        if word is None or not _is_part(word[0], part, by):
            break
        if word[0].lower() not in _PARTICLES or part == 0:
            end = word.end()
        at = _skip(_BETWEEN, text, word.end())
        if at == word.end():
            break
    return end


def _is_part(word: str, part: int, by: str) -> bool:
    capital = word[0].isupper() and word.lower() not in ("i", "i'm", "im", "i've", "i'd", "i'll")
    if part == 0 and by == "named":
        return not _goes_on(word)
    if part == 0 and by == "capital":
        return capital and not is_ordinary(word)
    if part and word.lower() in _PARTICLES:
        return True
    if part and by == "capital":
        return capital and not is_ordinary(word)
    if part > 1:
        return capital and not is_ordinary(word)
    return not is_ordinary(word)


def _goes_on(word: str) -> bool:
    """Whether a word right after "my name is" still leads up to the name, or says there is none."""
    return word.lower() in ("not", "is", "a", "the", "on", "in", "and", "of", "to", "for")


def is_ordinary(word: str) -> bool:
    """Return whether a word is known to be none of a person's names where one could stand."""
    lower = word.lower()
    if lower in _ORDINARY:
        return True
    if lower in _NAMES_WITH_ENDINGS or word[0].isupper():
        return False
    return _ENDING.fullmatch(lower) is not None


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
