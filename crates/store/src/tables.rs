//! The tables that are copied and linked: their columns, and the order of their rows.
//!
//! Owns: one list for both, so that no column is copied and not linked, or the other way. Does not own: the tables themselves
//! (`schema.sql` and those after it), which a test compares with it.

/// A table that is kept.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Every column, parted by `, `.
    pub(crate) columns: &'static str,
    /// What its rows are in order by.
    pub(crate) order: &'static str,
}

const fn table(name: &'static str, columns: &'static str, order: &'static str) -> Table {
    Table { name, columns, order }
}

pub(crate) const REVISION: Table = table(
    "revision",
    "revision, recorded_on, decision_id, known_from, sha256, file, body",
    "revision",
);
pub(crate) const BATCH: Table = table(
    "batch",
    "seq, source_sha256, file, name, origin, row_count, accepted, rejected, imported_on",
    "seq",
);
pub(crate) const REJECTED_ROW: Table =
    table("rejected_row", "batch, no, line, code, field, value", "batch, no");
pub(crate) const REJECTED_CONTACT: Table = table(
    "rejected_contact",
    "batch, no, contact_id, unit, report, reported_on, care_date",
    "batch, no",
);
pub(crate) const WARNED_ROW: Table =
    table("warned_row", "batch, no, line, code, contact_id, value", "batch, no");
pub(crate) const SETTLEMENT: Table = table(
    "settlement",
    "seq, id, month, settled_on, revision, batches, cutoff, through, engine, lines_hash, \
     origin, total_ore, line_count",
    "seq",
);
pub(crate) const DEED: Table =
    table("deed", "seq, kind, subject, by_whom, on_day, due, note", "seq");
pub(crate) const DEED_ROW: Table = table(
    "deed_row",
    "deed, no, settlement, unit, payee, contact_id, element, care_month, amount_ore",
    "deed, no",
);
pub(crate) const DRAFT: Table = table(
    "draft",
    "deed, id, month, settled_on, revision, batches, cutoff, through, engine, lines_hash, \
     origin, total_ore, line_count",
    "deed",
);
pub(crate) const ENTRY: Table = table("entry", "deed, no, unit, text", "deed, no");
pub(crate) const POSTING: Table = table(
    "posting",
    "deed, entry, no, account, unit, element, payer, payee, care_month, cause, decision, \
     financing, amount_ore",
    "deed, entry, no",
);
pub(crate) const ACCESS: Table =
    table("access", "seq, at_time, by_whom, action, unit, contact_id, row_count, note", "seq");
pub(crate) const ACCOUNT: Table =
    table("account", "seq, name, role, provider, password, by_whom, at_time", "seq");
pub(crate) const PROPOSAL: Table =
    table("proposal", "seq, decision_id, file, body, by_whom, at_time", "seq");
pub(crate) const PROPOSAL_END: Table =
    table("proposal_end", "seq, outcome, by_whom, at_time, note", "seq");
pub(crate) const INPUT: Table = table(
    "input",
    "seq, kind, source_sha256, file, name, origin, row_count, accepted, rejected, imported_on",
    "seq",
);
pub(crate) const INPUT_REJECTED: Table =
    table("input_rejected", "input, no, line, code, field, value", "input, no");
pub(crate) const IDEMPOTENCY: Table =
    table("idempotency", "key, by_whom, request, status, answer, at_time", "key, by_whom");
pub(crate) const LINK: Table = table("link", "seq, kind, ref, content, hash", "seq");

/// Every table but those of the form, of the folder that the database belongs to and of who is logged in, each after those it refers to.
pub(crate) const ALL: [Table; 19] = [
    REVISION,
    BATCH,
    REJECTED_ROW,
    REJECTED_CONTACT,
    WARNED_ROW,
    SETTLEMENT,
    DEED,
    DEED_ROW,
    DRAFT,
    ENTRY,
    POSTING,
    ACCESS,
    ACCOUNT,
    PROPOSAL,
    PROPOSAL_END,
    INPUT,
    INPUT_REJECTED,
    IDEMPOTENCY,
    LINK,
];
