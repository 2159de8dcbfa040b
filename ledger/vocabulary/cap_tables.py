"""The transactions of the Open Cap Format, and the agreements of its Japanese sister format."""

from __future__ import annotations

from ledger.vocabulary.entries import Entry, Listing, said

_UNITS = {  # what a format has a set of transactions for: its name, and the kind of instrument
    "CONVERTIBLE": ("a convertible", "convertible|future-equity"),
    "EQUITY_COMPENSATION": ("equity compensation", "option|share-unit|phantom"),
    "PLAN_SECURITY": ("a plan security", "option|share-unit"),
    "WARRANT": ("a warrant", "warrant"),
}


def _of_unit(code: str) -> tuple[Entry, ...]:
    """What can happen to each kind of instrument alike."""
    name, kind = _UNITS[code]
    return (
        said(f"TX_{code}_ACCEPTANCE", f"Acceptance of {name}", "approval-granted",
             why="By the holder, of the grant."),
        said(f"TX_{code}_CANCELLATION", f"Cancellation of {name}",
             "instrument-ended reason=cancelled|forfeited|expired|lapsed|redeemed|cashed-out"),
        said(f"TX_{code}_ISSUANCE", f"Issuance of {name}", f"instrument-granted kind={kind}"),
        said(f"TX_{code}_RETRACTION", f"Retraction of {name}",
             "instrument-ended reason=withdrawn", "event-retracted",
             why="Withdrawn by the issuer, or recorded in error."),
        said(f"TX_{code}_TRANSFER", f"Transfer of {name}", "instrument-transferred"),
    )  # fmt: skip


_TRANSACTIONS: tuple[Entry, ...] = (
    said("TX_ISSUER_AUTHORIZED_SHARES_ADJUSTMENT", "Authorised shares of an issuer",
         "capital-authorised limit=total share_class=-"),
    said("TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT", "Authorised shares of a class",
         "capital-authorised limit=total share_class=+"),
    said("TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT", "Conversion ratio of a class",
         "share-class-amended converts_at=+", "share-class-amended conversion_price=+"),
    said("TX_STOCK_CLASS_SPLIT", "Split of a class", "shares-split"),
    said("TX_STOCK_PLAN_POOL_ADJUSTMENT", "Size of a plan's pool", "pool-reserved"),
    said("TX_STOCK_PLAN_RETURN_TO_POOL", "Return to a plan's pool",
         "instrument-ended returns_to_pool=yes"),
    *_of_unit("CONVERTIBLE"),
    said("TX_CONVERTIBLE_CONVERSION", "Conversion of a convertible", "instrument-exercised"),
    *_of_unit("EQUITY_COMPENSATION"),
    said("TX_EQUITY_COMPENSATION_EXERCISE", "Exercise of equity compensation",
         "instrument-exercised"),
    said("TX_EQUITY_COMPENSATION_RELEASE", "Release of equity compensation",
         "instrument-exercised"),
    said("TX_EQUITY_COMPENSATION_REPRICING", "Repricing of equity compensation",
         "instrument-amended exercise_price=+"),
    *_of_unit("PLAN_SECURITY"),
    said("TX_PLAN_SECURITY_EXERCISE", "Exercise of a plan security", "instrument-exercised"),
    said("TX_PLAN_SECURITY_RELEASE", "Release of a plan security", "instrument-exercised"),
    *_of_unit("WARRANT"),
    said("TX_WARRANT_EXERCISE", "Exercise of a warrant", "instrument-exercised"),
    said("TX_STOCK_ACCEPTANCE", "Acceptance of stock", "approval-granted",
             why="By the holder, of the grant."),
    said("TX_STOCK_CANCELLATION", "Cancellation of stock", "shares-cancelled"),
    said("TX_STOCK_CONSOLIDATION", "Consolidation of stock certificates",
         "certificate-recorded",
         why="Several certificates of one holder become one; the register does not move."),
    said("TX_STOCK_CONVERSION", "Conversion of stock", "shares-converted"),
    said("TX_STOCK_ISSUANCE", "Issuance of stock", "shares-issued"),
    said("TX_STOCK_REISSUANCE", "Reissuance of a stock certificate",
         "certificate-recorded",
         why="A certificate is replaced; the register does not move."),
    said("TX_STOCK_REPURCHASE", "Repurchase of stock", "shares-repurchased"),
    said("TX_STOCK_RETRACTION", "Retraction of stock", "shares-cancelled ground=withdrawn",
         "event-retracted", why="Withdrawn by the issuer, or recorded in error."),
    said("TX_STOCK_TRANSFER", "Transfer of stock", "shares-transferred"),
    said("TX_VESTING_ACCELERATION", "Acceleration of vesting", "instrument-vested accelerated=yes"),
    said("TX_VESTING_EVENT", "A condition of vesting is met", "instrument-vested"),
    said("TX_VESTING_START", "Vesting starts", "instrument-amended vests_from=+",
         "instrument-granted vests_from=+"),
)  # fmt: skip
_CHANGES: tuple[Entry, ...] = (
    said("CE_STAKEHOLDER_RELATIONSHIP", "A stakeholder's relationship changes",
         "relationship-began", "relationship-ended"),
    said("CE_STAKEHOLDER_STATUS", "A stakeholder's status changes",
         "relationship-ended", "party-ended", "party-status-changed"),
)  # fmt: skip


def _clause(code: str, name: str, kind: str, why: str = "") -> Entry:
    return said(code, name, f"agreement-signed clauses.kind={kind}", why=why)


_AGREEMENTS: tuple[Entry, ...] = (
    said("TX_SECURITYHOLDERS_AGREEMENT_EXECUTION", "Agreement of holders is made",
         "agreement-signed + agreement-in-force"),
    said("TX_SECURITYHOLDERS_AGREEMENT_MODIFICATION", "Agreement of holders is changed",
         "agreement-amended"),
    said("TX_SECURITYHOLDERS_AGREEMENT_TERMINATION", "Agreement of holders ends",
         "agreement-ended"),
    said("number_of_electable_directors", "Directors a party may elect",
         "board-seat-granted seat=director"),
    said("number_of_electable_observers", "Observers a party may elect",
         "board-seat-granted seat=observer"),
    _clause("matters_requiring_prior_approval", "Matters that need approval", "consent"),
    _clause("matters_requiring_prior_consultation", "Matters that need consultation",
            "consultation"),
    _clause("matters_requiring_prior_notice", "Matters that need notice", "notice"),
    _clause("has_information_rights", "Right to information", "information"),
    _clause("obligation_to_provide_financial_information", "Financial information to be given",
            "information"),
    _clause("right_to_access_financial_information", "Access to the books", "information"),
    _clause("obligation_to_provide_material_information", "Material information to be given",
            "information"),
    _clause("obligation_of_managing_securityholder_to_fully_commit",
            "Managers work for the company alone", "conduct|non-compete"),
    _clause("preemptive_right", "Pre-emptive right", "pre-emption"),
    _clause("right_of_first_refusal", "Right of first refusal", "first-refusal"),
    _clause("transfer_restrictions_on_securityholder", "Restrictions on transfer",
            "transfer-restriction"),
    _clause("drag_along_right", "Drag-along right", "drag-along"),
    _clause("obligation_to_make_best_efforts_to_pursue_ipo", "Best efforts towards a listing",
            "conduct|other"),
    _clause("put_option_on_aquisition", "Put when the company is acquired", "put",
            "The format spells it so."),
    _clause("put_option_on_ipo_failure", "Put when no listing comes in time", "put"),
)  # fmt: skip

OCF = Listing(
    "ocf",
    "OCF",
    "Open Cap Format: transactions",
    "ObjectType, its 45 TX_ values",
    _TRANSACTIONS,
)
OCF_CHANGES = Listing(
    "ocf-changes",
    "OCF",
    "Open Cap Format: change events",
    "ObjectType, its 2 CE_ values",
    _CHANGES,
)
JOCF = Listing(
    "jocf",
    "JOCF",
    "Japan Open Cap Format: agreements",
    "3 agreement transactions, and the 17 terms of MasterSecurityholdersAgreement and"
    " AcquisitionDistributionAgreement",
    _AGREEMENTS,
)
