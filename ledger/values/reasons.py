"""What each refusal means and the way out, as docs/refusals.md tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.values.refusals import Refusal


class Reason(NamedTuple):
    """When something is refused, and what to do: how to record it otherwise where that can be."""

    meaning: str
    way_out: str


REASONS: Mapping[Refusal, Reason] = {
    # Reading a file
    Refusal.ENCODING: Reason(
        "A file holds bytes that are no UTF-8.",
        "Save it as UTF-8.",
    ),
    Refusal.SYNTAX: Reason(
        "A file is neither JSON Lines nor YAML where it is said to be.",
        "Mend the line that is named. Texts with a colon or a number sign stand in quotes.",
    ),
    Refusal.DUPLICATE_KEY: Reason(
        "One object gives a field twice.",
        "Give it once. What two sources say is two events.",
    ),
    Refusal.TOO_LARGE: Reason(
        "A file, a line or a value is larger than any event needs.",
        "Split the file; put long texts into a file of their own and cite it as a source.",
    ),
    Refusal.TOO_DEEP: Reason(
        "Lists and objects are nested deeper than any event needs.",
        "Flatten it.",
    ),
    Refusal.NOT_AN_EVENT: Reason(
        "An entry of a file is no object with a type.",
        "Give fields by name, the type first. A mere remark is a note-added.",
    ),
    Refusal.YAML_FEATURE: Reason(
        "A YAML file uses anchors, aliases, tags or another feature that hides what is recorded.",
        "Write the value out.",
    ),
    Refusal.EMPTY: Reason(
        "There is no event in a file, or no file in a folder.",
        "Give at least one event.",
    ),
    Refusal.UNREADABLE_FILE: Reason(
        "A file cannot be opened or read.",
        "Check the name and the permissions.",
    ),
    Refusal.OTHER_FORMAT: Reason(
        "A file is not of the format or version that it is said to be, is cut, or is unsafe to"
        " unpack.",
        "Save it anew in that format. XLS, XLSB and ODS are saved as XLSX or as CSV UTF-8.",
    ),
    Refusal.QUESTION_OPEN: Reason(
        "A table can be read in more than one way: a date such as 03/04/2023, two columns for one"
        " field, a name that the ledger knows.",
        "Add the line that is named to the mapping file or to the ids file. `append --dry-run`"
        " prints the mapping as it would be used.",
    ),
    # Fields
    Refusal.UNKNOWN_TYPE: Reason(
        "There is no event type of this name.",
        "`stakebook events` lists the types by topic, and `stakebook events WORDS` finds the one"
        " for what happened. What has no type of its own is a claim-recorded: subject,"
        " attribute, value.",
    ),
    Refusal.UNKNOWN_FIELD: Reason(
        "The event type has no field of this name.",
        "`stakebook events TYPE` lists its fields. What has no field can stand in note.",
    ),
    Refusal.MISSING_FIELD: Reason(
        "A field that events of this type always have is not given.",
        "Give it. An effective date may be unknown; a step of which too little is known is said"
        " as a claim-recorded.",
    ),
    Refusal.ASSIGNED_BY_STORE: Reason(
        "A field is given that the store gives itself: id, position, time of recording.",
        "Leave it out. When something became known is known_on.",
    ),
    Refusal.BAD_DATE: Reason(
        "A text is no date of the calendar, or written in another way.",
        "Write a day, a month, a quarter, a half or a year. An effective date may be unknown;"
        " words about a date go into note.",
    ),
    Refusal.BAD_NUMBER: Reason(
        "A text is no number of the kind that the field takes.",
        "Write plain digits. About, at most and at least go into the qualifier; a range is said"
        " as a claim-recorded.",
    ),
    Refusal.BAD_TEXT: Reason(
        "A text is empty, too long, or holds characters that deceive or cannot be seen.",
        "Leave those characters out; use one line.",
    ),
    Refusal.BAD_IDENTIFIER: Reason(
        "A text is no id, key or digest of the form that the field takes.",
        "Write lower-case words joined by hyphens. The name as it is spelt is the name field.",
    ),
    Refusal.BAD_CHOICE: Reason(
        "A word is not among those that the field takes.",
        "Write one of them. What none of them says can stand in note.",
    ),
    Refusal.BAD_CHECK_DIGIT: Reason(
        "An LEI or ISIN is misspelt: its check digits do not fit.",
        "Check it; where the source misspells it, leave it out and put it into note.",
    ),
    Refusal.FIELDS_DISAGREE: Reason(
        "Two fields of one event cannot stand together.",
        "Follow the sentence. What two sources say is two events.",
    ),
    Refusal.BAD_SHAPE: Reason(
        "A field is given a number, a list or an object where it takes a text, or the reverse.",
        "Write values as text, in quotes in JSON.",
    ),
    Refusal.BAD_DEFAULTS: Reason(
        "Defaults are no fields by name, name what no event has, or do not stand alone.",
        "Write them as an item of their own, with fields that events take. What is no field of all"
        " stands in the events themselves.",
    ),
    Refusal.NO_EFFECTIVE_DATE: Reason(
        "A known date is said to be the effective one, and the event has none.",
        "Give the date on which it became known, or today.",
    ),
    # References
    Refusal.SEALED_VALUE: Reason(
        'A value has the form {"sealed": "..."}, which is kept for values that can be erased.',
        "Write the text itself, or leave the field out and keep it elsewhere.",
    ),
    Refusal.UNKNOWN_REFERENCE: Reason(
        "An event names a party, class, source, event or subject that is not recorded.",
        "Record it first. A party may be of kind other where nobody says who it is; without a"
        " class, what is held is a stake-disclosed; without a source, known_on says since when it"
        " is known.",
    ),
    Refusal.ALREADY_REGISTERED: Reason(
        "An id is registered already, with other facts.",
        "Choose another id, or record the change: party-renamed, source-corrected, or `correct`.",
    ),
    Refusal.BAD_AMENDMENT: Reason(
        "A correction or retraction cannot apply to what it names.",
        "Retract the retraction, correct other fields, or record a new event. A remark about an"
        " event is a note-added.",
    ),
    # The register of shares
    Refusal.SHARES_NOT_THERE: Reason(
        "A holder would give shares that it does not have on that day.",
        "Correct the number, record the missing movement first, or record a source's word as"
        " stake-disclosed or claim-recorded.",
    ),
    Refusal.BREAKS_LATER_EVENT: Reason(
        "A back-dated movement, or an amendment, takes away shares that a later event needs.",
        "Record the missing movement first, correct the later event, or record a source's word as"
        " stake-disclosed or claim-recorded.",
    ),
    Refusal.SPLIT_LEAVES_FRACTION: Reason(
        "A split or conversion leaves a holder with a fraction of a share.",
        "Record what becomes of the fractions before. Where nobody says it, record the split as"
        " claim-recorded, and what is held after it as stake-disclosed.",
    ),
    Refusal.SAME_HOLDER: Reason(
        "Shares would pass from a holder to itself.",
        "Name two parties. What moves no shares is a note-added or a claim-recorded.",
    ),
    Refusal.PARTY_ENDED: Reason(
        "A party gains shares, a right or a seat on a day on which it had ended.",
        "Name its successor, or correct the date. A source's word is kept with standing reported.",
    ),
    # Instruments and pools
    Refusal.INSTRUMENT_NOT_OPEN: Reason(
        "More of an instrument is used, passed on or ended than is open, or it was never granted.",
        "Correct the number or the day, or record the grant first. A source's word is kept with"
        " standing reported.",
    ),
    Refusal.NOT_VESTED: Reason(
        "An instrument is exercised on more shares than had vested.",
        "Give early yes, or record what vested them (instrument-vested).",
    ),
    Refusal.POOL_TOO_SMALL: Reason(
        "The new total of a pool is below what is granted of it.",
        "Give the total, with all that was ever granted and did not come back.",
    ),
    # Steps and seats
    Refusal.CONTRADICTORY_STEP: Reason(
        "An official step contradicts the official history of its deal, offering, agreement, ...",
        "Give reaffirms where it says the same again; record what a source claims otherwise with"
        " standing reported, or as claim-recorded; correct or retract the earlier step.",
    ),
    Refusal.SEAT_WITHOUT_RIGHT: Reason(
        "A party would have more nominees on a board than seats that it may fill.",
        "Record board-seat-granted or director-left first, leave nominated_by out, or say who"
        " nominated a director as a claim-recorded.",
    ),
    # Writing
    Refusal.KEY_REUSED: Reason(
        "An idempotency key stands for another event already.",
        "Give another key; if the event is to be another, use `correct`.",
    ),
    Refusal.IDENTICAL_EVENT: Reason(
        "The same event is recorded, and nothing says that it happened twice.",
        "Give each a key, append with --again, or let the second one reaffirm the first.",
    ),
    Refusal.WRITTEN_MEANWHILE: Reason(
        "The stream has moved on from the version that was expected.",
        "Look at what was written, then append again.",
    ),
    Refusal.CLOCK_AHEAD: Reason(
        "The clock is far ahead of the last recorded time, and recorded times never change.",
        "Set the clock; if it is right, add --clock-is-right.",
    ),
    Refusal.WARNED: Reason(
        "There is something to warn of, and --strict says that nothing is recorded then.",
        "Follow the warning; [warnings](warnings.md) lists them. Without --strict it is recorded"
        " and told.",
    ),
    Refusal.WORKER_ENDED: Reason(
        "A process that reads or checks many events beside this one was ended before it had done.",
        "Run it again, with --jobs 1 to start no other process.",
    ),
    # Asking
    Refusal.UNKNOWN_SUBJECT: Reason(
        "A question is about an id or an event that nothing recorded, and known at its cut, speaks"
        " of.",
        "Take one of the ids named, or see `stakebook timeline`.",
    ),
    Refusal.AMBIGUOUS_NAME: Reason(
        "A name is typed in place of an id, and several things that are recorded bear it.",
        "Write the id of the one that is meant.",
    ),
    # The ledger file
    Refusal.NOT_A_LEDGER: Reason(
        "A file is no ledger of this program.",
        "Name the ledger with --ledger; put a backup in its place with `stakebook restore FILE`.",
    ),
    Refusal.NO_LEDGER: Reason(
        "There is no file at the place named.",
        "Make one with `stakebook init`, or name another with --ledger.",
    ),
    Refusal.LEDGER_EXISTS: Reason(
        "A ledger would be made where a file is.",
        "Name a new file, or append to the one that is there.",
    ),
    Refusal.LEDGER_BUSY: Reason(
        "Another process writes the ledger and does not finish in time.",
        "Try again; nothing was recorded.",
    ),
    Refusal.FILE_TROUBLE: Reason(
        "The operating system does not let a file be used.",
        "Check its folder, permissions and free space.",
    ),
    Refusal.NETWORK_FILE_SYSTEM: Reason(
        "The ledger lies where locks and durable writes cannot be relied on.",
        "Keep it on a disk of this machine, and share exports or backups.",
    ),
    Refusal.FILE_EXISTS: Reason(
        "A command would write over a file.",
        "Name a file that does not exist.",
    ),
    Refusal.NAMED_LIKE_READ_MODEL: Reason(
        "A ledger is named as read models are, which are deleted and made anew.",
        "Give it another name.",
    ),
    Refusal.FOREIGN_JOURNAL: Reason(
        "A journal lies beside a file to which it does not belong; SQLite would spoil the file.",
        "Keep it with its own file. `stakebook restore FILE` puts a backup in place safely.",
    ),
    Refusal.RESERVED_NAME: Reason(
        "A file is named as SQLite names those that it deletes.",
        "Choose a name that does not end so.",
    ),
    Refusal.LONG_NAME: Reason(
        "A ledger's name leaves no room for the names of the files beside it.",
        "Choose a shorter name.",
    ),
    # Proofs
    Refusal.SERVER_UNREACHABLE: Reason(
        "The server of a ledger cannot be used.",
        "Check the URL, the network and the server; `--offline` answers from what was read before.",
    ),
    Refusal.SERVER_UNSAFE: Reason(
        "The URL holds a password, or the server is not what a ledger may lie on.",
        "Keep the password in the password file of libpq; use full TLS and PostgreSQL 15 or later.",
    ),
    Refusal.SERVER_REFUSED: Reason(
        "The server gives this login no right to what is asked.",
        "Ask who keeps the ledger for the role that it needs.",
    ),
    Refusal.NOT_ON_A_SERVER: Reason(
        "What is done with files is asked of a ledger on a server.",
        "Use what does the same there: `stakebook export --audit FILE` backs it up.",
    ),
    Refusal.LEDGER_MOVED: Reason(
        "The ledger goes on at another place, and this one takes no more events.",
        "Name that place with --ledger.",
    ),
    Refusal.NO_ACTORS: Reason(
        "It is said who records, and the ledger does not keep that.",
        "Leave --by out; `stakebook init --actors` makes a ledger that keeps it.",
    ),
    Refusal.NEEDS_APPROVAL: Reason(
        "The ledger takes only what one person has drafted and another approves.",
        "Draft it with --draft; another person records it with `stakebook approve NUMBER`.",
    ),
    Refusal.NO_DRAFTS: Reason(
        "The ledger has no drafts: it is a file, or was not made for two people.",
        "Append the events, or make a ledger on a server with `stakebook init --four-eyes`.",
    ),
    Refusal.DRAFT_ENDED: Reason(
        "A draft is recorded, rejected or withdrawn already.",
        "`stakebook drafts --all` tells what became of it; draft it again if it is still wanted.",
    ),
    Refusal.BAD_KEY: Reason(
        "A key, public or private, cannot be read or does not fit.",
        "Give the line that `stakebook keygen FILE` printed, or the file that it wrote.",
    ),
    Refusal.KEY_UNSAFE: Reason(
        "A private key can be read or written by others.",
        "Allow only yourself: chmod 600. If others may have read it, use `stakebook rotate-key`.",
    ),
    Refusal.BAD_NOTE: Reason(
        "A text is no signed note, or its signatures do not hold.",
        "Give it as it was written, unchanged.",
    ),
    Refusal.NOT_SEALED: Reason(
        "Something is to be proven that no checkpoint covers.",
        "Sign one with `stakebook seal`.",
    ),
    Refusal.LOG_CHANGED: Reason(
        "What is recorded is not what was sealed.",
        "`stakebook verify` says what was changed; go on from a backup.",
    ),
    Refusal.BAD_EXPORT: Reason(
        "A file is no whole audit export.",
        "Ask for it again; `stakebook export --audit FILE` writes it.",
    ),
    Refusal.OTHER_LEDGER: Reason(
        "A file or a checkpoint is of another ledger.",
        "Import it into a new file, or name the ledger that it is of.",
    ),
    Refusal.NOT_COSIGNED: Reason(
        "A witness does not cosign: it cannot see that the history only grew.",
        "Give the memory that it kept, or the request that follows it.",
    ),
    Refusal.NOT_PROVABLE: Reason(
        "A question cannot be bundled with a proof, or a bundle cannot be read.",
        "Ask one of the questions named.",
    ),
    Refusal.IMPOSSIBLE_TIME: Reason(
        "A cosignature bears a time that cannot be.",
        "Compare the clocks, and ask the witness again.",
    ),
}
