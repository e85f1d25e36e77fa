//! The hash chain: whoever changes, removes or inserts a kept row behind the program's back breaks it.
//!
//! Owns: one link for every revision, batch, deed, access, account and proposal, in the order they came: the hash of all its rows,
//! and the hash of that and of
//! the link before. Does not own: the bulk files, which are named by their own hash (`files`); the rows that name them are in the chain.

use crate::database::{Value, insert_many, number, text};
use crate::files::sha256;
use crate::{Store, StoreError};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};
use std::fmt::Write;

/// Something that is linked: its table and number, and all rows that make up its content.
struct Linked {
    kind: &'static str,
    key: &'static str,
    parts: &'static [Part],
}

/// Rows of a table: its columns, and the condition that picks the rows in order.
struct Part {
    table: &'static str,
    columns: &'static str,
    which: &'static str,
}

const fn part(table: &'static str, columns: &'static str, which: &'static str) -> Part {
    Part { table, columns, which }
}

const OF_SETTLEMENT: &str = "id, month, settled_on, revision, batches, cutoff, through, engine, \
    lines_hash, origin, total_ore, line_count";

const LINKED: [Linked; 7] = [
    Linked {
        kind: "revision",
        key: "revision",
        parts: &[part(
            "revision",
            "revision, recorded_on, decision_id, known_from, sha256, file, body",
            "revision = $1 ORDER BY revision",
        )],
    },
    Linked {
        kind: "batch",
        key: "seq",
        parts: &[
            part(
                "batch",
                "seq, source_sha256, file, name, origin, row_count, accepted, rejected, imported_on",
                "seq = $1 ORDER BY seq",
            ),
            part(
                "rejected_row",
                "batch, no, line, code, field, value",
                "batch = $1 ORDER BY batch, no",
            ),
            part(
                "rejected_contact",
                "batch, no, contact_id, unit, report, reported_on, care_date",
                "batch = $1 ORDER BY batch, no",
            ),
            part(
                "warned_row",
                "batch, no, line, code, contact_id, value",
                "batch = $1 ORDER BY batch, no",
            ),
        ],
    },
    Linked {
        kind: "deed",
        key: "seq",
        parts: &[
            part("deed", "seq, kind, subject, by_whom, on_day, due, note", "seq = $1 ORDER BY seq"),
            part(
                "deed_row",
                "deed, no, settlement, unit, payee, contact_id, element, care_month, amount_ore",
                "deed = $1 ORDER BY deed, no",
            ),
            part("draft", OF_SETTLEMENT, "deed = $1 ORDER BY deed"),
            part(
                "settlement",
                OF_SETTLEMENT,
                "id = (SELECT subject FROM deed WHERE seq = $1 AND kind = 'book') ORDER BY seq",
            ),
            part("entry", "deed, no, unit, text", "deed = $1 ORDER BY deed, no"),
            part(
                "posting",
                "deed, entry, no, account, unit, element, payer, payee, care_month, cause, \
                 decision, financing, amount_ore",
                "deed = $1 ORDER BY deed, entry, no",
            ),
        ],
    },
    Linked {
        kind: "access",
        key: "seq",
        parts: &[part(
            "access",
            "seq, at_time, by_whom, action, unit, contact_id, row_count, note",
            "seq = $1 ORDER BY seq",
        )],
    },
    Linked {
        kind: "account",
        key: "seq",
        parts: &[part(
            "account",
            "seq, name, role, provider, password, by_whom, at_time",
            "seq = $1 ORDER BY seq",
        )],
    },
    Linked {
        kind: "proposal",
        key: "seq",
        parts: &[part(
            "proposal",
            "seq, decision_id, file, body, by_whom, at_time",
            "seq = $1 ORDER BY seq",
        )],
    },
    Linked {
        kind: "proposal_end",
        key: "seq",
        parts: &[part(
            "proposal_end",
            "seq, outcome, by_whom, at_time, note",
            "seq = $1 ORDER BY seq",
        )],
    },
];

const INSERT: &str = "INSERT INTO link (seq, kind, ref, content, hash) VALUES";
/// What the first link follows.
const NOTHING: &str = "";

/// Where the chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Number of the link; 0 for something that has no link.
    pub link: i64,
    /// What is linked, by the name of its table.
    pub kind: String,
    /// Its number.
    pub number: i64,
    /// What is wrong.
    pub what: BreakKind,
}

/// How a chain can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakKind {
    /// The rows are not those that were linked.
    Content,
    /// The link does not follow the one before.
    Link,
    /// The rows were never linked.
    Unlinked,
    /// A link is missing in the row of numbers.
    Missing,
}

/// The state of the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// How many links there are.
    pub links: i64,
    /// The hash of the last link; to be kept elsewhere, so that an end that was cut off is seen too.
    pub head: String,
    /// The hash of every link.
    pub hashes: Vec<String>,
    /// Where it does not hold, in order.
    pub broken: Vec<Broken>,
}

/// Links everything that is not linked yet, in the transaction that wrote it.
pub(crate) async fn extend(transaction: &mut Transaction<'_, Any>) -> Result<(), StoreError> {
    let (mut last, mut hash) = head(transaction).await?;
    for Linked { kind, key, .. } in &LINKED {
        // The names are constants of this file.
        let select = format!(
            "SELECT {key} FROM {kind} \
             WHERE {key} > (SELECT COALESCE(MAX(ref), 0) FROM link WHERE kind = '{kind}') \
             ORDER BY {key}"
        );
        let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut **transaction).await?;
        for row in &rows {
            let of = number(row, 0)?;
            let content = content(transaction, kind, of).await?;
            last += 1;
            hash = link_hash(&hash, last, kind, of, &content);
            let values = [
                Value::Int(last),
                Value::Text(kind),
                Value::Int(of),
                Value::Text(&content),
                Value::Text(&hash),
            ];
            insert_many(transaction, INSERT, &[values]).await?;
        }
    }
    Ok(())
}

async fn head(transaction: &mut Transaction<'_, Any>) -> Result<(i64, String), StoreError> {
    let select = "SELECT seq, hash FROM link ORDER BY seq DESC LIMIT 1";
    match sqlx::query(select).fetch_optional(&mut **transaction).await? {
        Some(row) => Ok((number(&row, 0)?, text(&row, 1)?)),
        None => Ok((0, NOTHING.to_owned())),
    }
}

fn link_hash(before: &str, seq: i64, kind: &str, of: i64, content: &str) -> String {
    sha256(format!("{before}\n{seq}\n{kind}\n{of}\n{content}\n").as_bytes())
}

/// The hash of all rows that belong to something.
async fn content(
    transaction: &mut Transaction<'_, Any>,
    kind: &str,
    of: i64,
) -> Result<String, StoreError> {
    let mut written = String::new();
    let parts = LINKED.iter().find(|linked| linked.kind == kind).map_or(&[][..], |one| one.parts);
    for Part { table, columns, which } in parts {
        let texts: Vec<String> =
            columns.split(',').map(|column| format!("CAST({} AS TEXT)", column.trim())).collect();
        let select = format!("SELECT {} FROM {table} WHERE {which}", texts.join(", "));
        let rows =
            sqlx::query(AssertSqlSafe(select)).bind(of).fetch_all(&mut **transaction).await?;
        for row in &rows {
            written.push_str(table);
            for column in 0..row.len() {
                let text = text(row, column)?;
                // With its length before it, no text can pass for two.
                let _infallible = write!(written, " {}:{text}", text.len());
            }
            written.push('\n');
        }
    }
    Ok(sha256(written.as_bytes()))
}

impl Store {
    /// Walks the whole chain and everything that should be in it.
    pub async fn chain(&self) -> Result<Chain, StoreError> {
        let mut transaction = self.begin().await?;
        let select = "SELECT seq, kind, ref, content, hash FROM link ORDER BY seq";
        let rows = sqlx::query(select).fetch_all(&mut *transaction).await?;
        let mut chain = Chain { head: NOTHING.to_owned(), ..Chain::default() };
        for row in &rows {
            let (seq, kind, of) = (number(row, 0)?, text(row, 1)?, number(row, 2)?);
            let (kept, hash) = (text(row, 3)?, text(row, 4)?);
            let found = content(&mut transaction, &kind, of).await?;
            let what = if seq != chain.links + 1 {
                Some(BreakKind::Missing)
            } else if hash != link_hash(&chain.head, seq, &kind, of, &kept) {
                Some(BreakKind::Link)
            } else {
                (found != kept).then_some(BreakKind::Content)
            };
            if let Some(what) = what {
                chain.broken.push(Broken { link: seq, kind, number: of, what });
            }
            chain.hashes.push(hash.clone());
            (chain.links, chain.head) = (seq, hash);
        }
        for Linked { kind, key, .. } in &LINKED {
            let select = format!(
                "SELECT {key} FROM {kind} \
                 WHERE {key} NOT IN (SELECT ref FROM link WHERE kind = '{kind}') ORDER BY {key}"
            );
            let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut *transaction).await?;
            for row in &rows {
                let (number, what) = (number(row, 0)?, BreakKind::Unlinked);
                chain.broken.push(Broken { link: 0, kind: (*kind).to_owned(), number, what });
            }
        }
        Ok(chain)
    }
}
