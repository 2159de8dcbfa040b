"""The dictionary of headings, and of the words of a few cells, in English, French, German and
Japanese; from the laws on registers and the import guides of cap-table programs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

DICTIONARY: Mapping[str, str] = {  # fields: headings in the four languages, after folding
    "holder": "member, members, shareholder, stakeholder, holder, investor, name of member,"
    " name, nom, name of shareholder, name of holder, legal name, holder name, shareholder name,"
    " owner, actionnaire, associe, titulaire, nom de l actionnaire,"
    " gesellschafter, aktionar, inhaber, 株主, 氏名又は名称, 株主名, 氏名",
    "share_class": "class, share class, security, type of shares, class of shares, share type,"
    " security type, stock class, categorie, categorie d actions, nature des titres,"
    " gattung, art der aktien, aktiengattung, anteilsklasse, 株式の種類, 種類",
    "shares": "shares, number of shares, quantity, no of shares, shares held, number of securities,"
    " nombre de titres, nombre d actions, quantite, stuckzahl, anzahl, anzahl aktien,"
    " anzahl der aktien, 株式数, 持株数",
    "balance": "balance, balance of shares, shares balance, solde, saldo, bestand, 残高, 残株数",
    "effective_on": "date, transaction date, date of entry, issue date, date of issue,"
    " date of transaction, date of transfer, date of allotment, effective date, date appointed,"
    " date of appointment, appointed, appointed on, date de l operation, date d entree,"
    " date d inscription, date de nomination, datum, tag der eintragung, eintragungsdatum,"
    " 取得日, 取得年月日, 日付, 異動日, 就任日",
    "kind": "transaction, type, nature, transaction type, type of transaction, movement,"
    " nature de l operation, type d operation, operation, vorgang, veranderung, 異動事由, 事由",
    "transferor": "from, seller, transferor, cedant, vendeur, verausserer, von, 譲渡人",
    "transferee": "to, buyer, transferee, cessionnaire, acquereur, erwerber, an, 譲受人",
    "certificate": "certificate no, certificate number, certificate, id, certificate id,"
    " security id, no de certificat, numero de certificat, urkundennummer, 株券番号",
    "entry": "folio, entry no, entry, entry number, transaction no, transaction number,"
    " transaction id, folio no, no d ordre, numero d ordre, lfd nr, nr, 番号",
    "price": "price per share, issue price, price, share price, prix, prix par action,"
    " prix unitaire, prix d emission, preis, preis je aktie, ausgabepreis, 価額, 一株の価額",
    "currency": "currency, devise, monnaie, wahrung, 通貨",
    "percent": "percent, percentage, ownership, percent ownership, percent of shares,"
    " percent of class, percent held, percent du capital, pourcentage, percent capital,"
    " prozent, beteiligung, beteiligung in percent, anteil in percent, 持株比率, 議決権比率",
    "ceased_on": "date ceased, date of cessation, ceased, ceased on, resigned, resigned on,"
    " date of resignation, date resigned, date de sortie, date de cessation, ausscheiden,"
    " ausgeschieden, 喪失日, 退任日",
    "person": "director, person, officer, name of director, officer name, administrateur,"
    " dirigeant, vorstand, geschaftsfuhrer, aufsichtsrat, 役員",
    "role": "office, role, position, office held, fonction, amt, funktion, 役職",
    "ratio": "ratio, split ratio, parite, rapport, verhaltnis, 比率",
    "into_class": "into, into class, to class, converted into, en categorie, in gattung",
    "issuer": "issuer, company, societe, emetteur, gesellschaft, emittent, 発行会社",
    "party": "party, party name, entity, entity name, name of party, partie",
    "party_kind": "party kind, holder type, shareholder type, stakeholder type, entity type,"
    " type of holder, type of shareholder, kind of holder, kind of party, type d actionnaire,"
    " art des gesellschafters, 株主区分",
    "lei": "lei, lei code, legal entity identifier",
    "born": "born, date of birth, birth date, dob, year of birth, date de naissance,"
    " geburtsdatum, geboren, 生年月日",
    "address": "address, service address, residential address, registered address, adresse,"
    " anschrift, wohnort, 住所",
    "votes_per_share": "votes per share, voix par action, stimmen je aktie, 一株の議決権",
    "authorised": "authorised, authorized, authorised shares, authorized shares, shares authorized,"
    " autorise, genehmigt, 発行可能株式総数",
    "isin": "isin",
    "nominated_by": "nominated by, appointed by, designated by, nomme par, entsandt von",
}
KINDS: Mapping[str, str] = {
    "shares-issued": "allotment, issue, issued, issuance, subscription, creation, emission,"
    " souscription, apport, ausgabe, zeichnung, grundung, kapitalerhohung, 発行, 新株発行, 設立",
    "shares-transferred": "transfer, transferred, sale, gift, donation, transmission,"
    " transmission on death, cession, vente, succession, ubertragung, abtretung, verkauf,"
    " schenkung, erbfolge, 譲渡, 相続, 贈与",
    "shares-repurchased": "buy back, buyback, repurchase, share buy back, rachat, ruckkauf,"
    " ruckerwerb, 自己株式取得, 自己株式の取得",
    "shares-cancelled": "cancellation, cancelled, canceled, annulation, einziehung, 消却",
    "shares-split": "split, stock split, share split, consolidation, subdivision, reverse split,"
    " division, regroupement, aktiensplit, zusammenlegung, 株式分割, 株式併合",
    "shares-converted": "conversion, converted, umwandlung, 転換",
    "register-opened": "opening balance, opening, brought forward, report a nouveau, vortrag",
}
PARTY_KINDS: Mapping[str, str] = {
    "person": "person, individual, natural person, personne physique, naturliche person, 個人",
    "company": "company, corporation, corporate, legal entity, personne morale,"
    " juristische person, 法人",
    "fund": "fund, fonds, venture fund, ファンド",
    "trust": "trust",
    "state": "state, government, etat, staat, 国",
}
TOTALS = (
    "total, totals, grand total, total shares, total issued, sum, subtotal, sub total,"
    " total general, sous total, gesamt, summe, insgesamt, zwischensumme, 合計, 計, 小計"
)
OPTION_HEADINGS = (
    "fully diluted, options, option, warrants, vesting, vested, unvested, convertible, safe,"
    " pool, entierement dilue"
)
_MULTIPLES = re.compile(
    r"\b(thousands?|000s?|millions?|mn|tsd|tausend|mio|milliers?)\b|\b[km]\b|[千万億]",
    re.IGNORECASE,
)
_OF_TOTALS = re.compile(
    r"\b((sub|sous)?totals?|totaux|totale|issued|outstanding|gesamt\w*|(zwischen)?summe)\b|合計|小計|総数"
)
_OF_NOBODY = re.compile(
    r"\b(unissued|unallocated|ungranted|available for (grant|issue)|(option|esop|share) pool"
    r"|treasury (shares|stock)|actions propres|eigene (aktien|anteile))\b|自己株式"
)
_BRACKETED = re.compile(r"[(\[]([^)\]]*)[)\]]")


def folded(text: str) -> str:
    """A heading or word for comparing: NFKC, without case, accents, punctuation, bracketed unit."""
    plain = _BRACKETED.sub(" ", unicodedata.normalize("NFKC", text))
    return _words(plain) or _words(text)


def same_name(text: str) -> str:
    """A name for comparing: as ``folded``, with what stands in brackets."""
    return _words(text)


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("%", " percent ")
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = unicodedata.normalize("NFC", plain)
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def unit_of(heading: str) -> str:
    """What stands in the brackets of a heading, as it is written."""
    found = _BRACKETED.search(unicodedata.normalize("NFKC", heading))
    return found[1].strip() if found else ""


def is_multiple(heading: str) -> bool:
    """Whether a heading says that its figures are thousands or millions."""
    unit = unit_of(heading)
    after = unicodedata.normalize("NFKC", heading).partition(" in ")[2]
    return bool(_MULTIPLES.search(f"{unit} {after}"))


def fields_of(heading: str) -> frozenset[str]:
    """The fields that a heading may stand for."""
    word = folded(heading)
    return _BY_HEADING.get(word, frozenset()) if word else frozenset()


def is_of_options(heading: str) -> bool:
    """Whether a heading speaks of dilution, options or vesting, for which there are no events."""
    words = folded(heading)
    return any(re.search(rf"\b{one}\b", words) for one in _listed(OPTION_HEADINGS))


def word_of(table: Mapping[str, str], text: str) -> str:
    """The value of a closed list that a word stands for; empty for an unknown word."""
    wanted = folded(text)
    return next((value for value, words in table.items() if wanted in _listed(words)), "")


def is_total(text: str) -> bool:
    """Whether a cell labels a row of totals."""
    return folded(text) in _listed(TOTALS)


def speaks_of_total(text: str) -> bool:
    """Whether a name has a word of totals in it, and may be the label of one."""
    return bool(_OF_TOTALS.search(folded(text)))


def is_of_nobody(text: str) -> bool:
    """Whether a name may be the label of shares that are not in issue or are the company's own."""
    return bool(_OF_NOBODY.search(_words(text)))


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]


def _by_heading() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for field, headings in DICTIONARY.items():
        for heading in _listed(headings):
            found.setdefault(_words(heading), set()).add(field)
    return {heading: frozenset(fields) for heading, fields in found.items()}


_BY_HEADING = _by_heading()
