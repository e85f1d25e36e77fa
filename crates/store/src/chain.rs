//! The hash chain: whoever changes, removes or inserts a kept row behind the program's back breaks it.
//!
//! Owns: one link for every revision, batch, deed, access, account, proposal and input, in the order they came: the hash of all its rows,
//! and the hash of that and of the link before. Does not own:
//! the bulk files, which are named by their own hash (`files`); the rows that name them are in the chain.

use crate::database::{Value, insert_many, number, text};
use crate::files::sha256;
use crate::tables::{self, Table};
use crate::{Store, StoreError};
use sqlx::{Any, AssertSqlSafe, Row, Transaction};
use std::fmt::Write;

/// Something that is linked: its table and number, and all rows that make up its content.
struct Linked {
    kind: &'static str,
    key: &'static str,
    parts: &'static [Part],
    /// Whether what comes later has the higher number; a proposal may end before an earlier one does.
    in_turn: bool,
}

/// What is linked has this key and these rows, and is numbered in turn.
const fn linked(kind: &'static str, key: &'static str, parts: &'static [Part]) -> Linked {
    Linked { kind, key, parts, in_turn: true }
}

/// Rows of a table: the condition that picks them, and whether they are linked without their first column.
struct Part {
    table: Table,
    which: &'static str,
    without_first: bool,
}

const fn part(table: Table, which: &'static str) -> Part {
    Part { table, which, without_first: false }
}

/// Without the number that the database gives it: a draft is linked with the same content as the settlement that is booked of it.
const fn unnumbered(table: Table, which: &'static str) -> Part {
    Part { table, which, without_first: true }
}

const LINKED: [Linked; 8] = [
    linked("revision", "revision", &[part(tables::REVISION, "revision = $1")]),
    linked(
        "batch",
        "seq",
        &[
            part(tables::BATCH, "seq = $1"),
            part(tables::REJECTED_ROW, "batch = $1"),
            part(tables::REJECTED_CONTACT, "batch = $1"),
            part(tables::WARNED_ROW, "batch = $1"),
        ],
    ),
    linked(
        "deed",
        "seq",
        &[
            part(tables::DEED, "seq = $1"),
            part(tables::DEED_ROW, "deed = $1"),
            unnumbered(tables::DRAFT, "deed = $1"),
            unnumbered(
                tables::SETTLEMENT,
                "id = (SELECT subject FROM deed WHERE seq = $1 AND kind = 'book')",
            ),
            part(tables::ENTRY, "deed = $1"),
            part(tables::POSTING, "deed = $1"),
        ],
    ),
    linked("access", "seq", &[part(tables::ACCESS, "seq = $1")]),
    linked("account", "seq", &[part(tables::ACCOUNT, "seq = $1")]),
    linked("proposal", "seq", &[part(tables::PROPOSAL, "seq = $1")]),
    Linked {
        in_turn: false,
        ..linked("proposal_end", "seq", &[part(tables::PROPOSAL_END, "seq = $1")])
    },
    linked(
        "input",
        "seq",
        &[part(tables::INPUT, "seq = $1"), part(tables::INPUT_REJECTED, "input = $1")],
    ),
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
    extend_in(transaction, Order::Numbers).await
}

/// The same with the rows of each in an order.
pub(crate) async fn extend_in(
    transaction: &mut Transaction<'_, Any>,
    order: Order,
) -> Result<(), StoreError> {
    let (mut last, mut hash) = head(transaction).await?;
    for Linked { kind, key, in_turn, .. } in &LINKED {
        // The names are constants of this file.
        let is_new = if *in_turn {
            format!("{key} > (SELECT COALESCE(MAX(ref), 0) FROM link WHERE kind = '{kind}')")
        } else {
            format!("{key} NOT IN (SELECT ref FROM link WHERE kind = '{kind}')")
        };
        let select = format!("SELECT {key} FROM {kind} WHERE {is_new} ORDER BY {key}");
        let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut **transaction).await?;
        for row in &rows {
            let of = number(row, 0)?;
            let content = content(transaction, kind, of, order).await?;
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

/// In which order rows are linked.
#[derive(Clone, Copy)]
pub(crate) enum Order {
    /// By their numbers.
    Numbers,
    /// By their numbers as texts, 10 before 2: so did earlier versions on PostgreSQL, where a bare name in ORDER BY is that of a column
    /// of the answer, and the answer is of texts.
    Texts,
}

impl Order {
    /// The column of the table, never that of the answer.
    fn by(self, table: &Table) -> String {
        let column = |column| match self {
            Self::Numbers => format!("{}.{column}", table.name),
            Self::Texts => format!("CAST({}.{column} AS TEXT)", table.name),
        };
        table.order.split(", ").map(column).collect::<Vec<_>>().join(", ")
    }
}

/// The hash of all rows that belong to something.
async fn content(
    transaction: &mut Transaction<'_, Any>,
    kind: &str,
    of: i64,
    order: Order,
) -> Result<String, StoreError> {
    let mut written = String::new();
    let parts = LINKED.iter().find(|linked| linked.kind == kind).map_or(&[][..], |one| one.parts);
    for Part { table, which, without_first } in parts {
        let (Table { name, columns, .. }, order) = (table, order.by(table));
        let linked = columns.split(", ").skip(usize::from(*without_first));
        let texts: Vec<String> = linked.map(|column| format!("CAST({column} AS TEXT)")).collect();
        let texts = texts.join(", ");
        let select = format!("SELECT {texts} FROM {name} WHERE {which} ORDER BY {order}");
        let rows =
            sqlx::query(AssertSqlSafe(select)).bind(of).fetch_all(&mut **transaction).await?;
        for row in &rows {
            written.push_str(name);
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

/// Whether the rows are those that were linked.
async fn is_kept(
    transaction: &mut Transaction<'_, Any>,
    kind: &str,
    of: i64,
    kept: &str,
) -> Result<bool, StoreError> {
    for order in [Order::Numbers, Order::Texts] {
        if content(transaction, kind, of, order).await? == kept {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Store {
    /// Walks the whole chain and everything that should be in it.
    pub async fn chain(&self) -> Result<Chain, StoreError> {
        let mut transaction = self.look().await?;
        let select = "SELECT seq, kind, ref, content, hash FROM link ORDER BY seq";
        let rows = sqlx::query(select).fetch_all(&mut *transaction).await?;
        let mut chain = Chain { head: NOTHING.to_owned(), ..Chain::default() };
        for row in &rows {
            let (seq, kind, of) = (number(row, 0)?, text(row, 1)?, number(row, 2)?);
            let (kept, hash) = (text(row, 3)?, text(row, 4)?);
            let is_kept = is_kept(&mut transaction, &kind, of, &kept).await?;
            let what = if seq != chain.links + 1 {
                Some(BreakKind::Missing)
            } else if hash != link_hash(&chain.head, seq, &kind, of, &kept) {
                Some(BreakKind::Link)
            } else {
                (!is_kept).then_some(BreakKind::Content)
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
