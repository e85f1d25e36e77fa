//! The ledger: booked settlements with their basis, entries and postings.
//!
//! Owns: that a settlement is booked whole and in turn, and that every entry balances. Does not own:
//! what is posted (`kernel::settle`).

use crate::batch::Origin;
use crate::database::{Value, insert_many, number, parsed, text};
use crate::{Store, StoreError};
use kernel::money::Money;
use kernel::time::{Day, Month};
use sqlx::any::AnyRow;
use sqlx::{Any, Transaction};

/// A settlement to book, with its basis (underlag).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSettlement {
    /// Its id, never used before.
    pub id: String,
    /// The month that is settled.
    pub month: Month,
    /// The day of the settlement.
    pub settled_on: Day,
    /// The last revision of the register it rests on; 0 for none.
    pub revision: i64,
    /// The last batch it rests on; 0 for none.
    pub batches: i64,
    /// Reports up to this day.
    pub cutoff: Day,
    /// Care up to this day.
    pub through: Day,
    /// The version that computed it.
    pub engine: String,
    /// SHA-256 of the file with its lines.
    pub lines_hash: String,
    /// Synthetic as soon as any batch is.
    pub origin: Origin,
    /// Its total.
    pub total: Money,
    /// How many lines its file has.
    pub lines: i64,
}

/// A booked settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Number from 1, in the order of booking.
    pub seq: i64,
    /// What was booked.
    pub booked: NewSettlement,
}

/// An entry (verifikation) to book; its postings sum to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The unit it concerns; empty where it concerns none.
    pub unit: String,
    /// What people read.
    pub text: String,
    /// Its postings.
    pub postings: Vec<Posting>,
}

/// A posting (kontering). Texts that do not apply are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Account.
    pub account: String,
    /// Unit id.
    pub unit: String,
    /// Element of pay.
    pub element: String,
    /// Payer.
    pub payer: String,
    /// Payee.
    pub payee: String,
    /// Month of care.
    pub care_month: Month,
    /// Cause.
    pub cause: String,
    /// Amount; debit is positive.
    pub amount: Money,
}

/// A booked posting with the entry it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingRow {
    /// Number of the settlement.
    pub settlement: i64,
    /// Number of the entry in the settlement, from 1.
    pub entry: i64,
    /// Number of the posting in the entry, from 1.
    pub no: i64,
    /// The posting.
    pub posting: Posting,
}

const INSERT_SETTLEMENT: &str = "INSERT INTO settlement (seq, id, month, settled_on, revision, \
    batches, cutoff, through, engine, lines_hash, origin, total_ore, line_count) VALUES";
const INSERT_ENTRY: &str = "INSERT INTO entry (settlement, no, unit, text) VALUES";
const INSERT_POSTING: &str = "INSERT INTO posting (settlement, entry, no, account, unit, element, \
    payer, payee, care_month, cause, amount_ore) VALUES";

impl Store {
    /// Books a settlement with its entries, all or nothing; gives its number.
    ///
    /// `expected_last` is the number of the last settlement that the caller has seen, 0 for none:
    /// where another has been booked since, this one is refused. So is an entry that does not balance.
    pub async fn book(
        &self,
        settlement: &NewSettlement,
        entries: &[NewEntry],
        expected_last: i64,
    ) -> Result<i64, StoreError> {
        refuse_unbalanced(&settlement.id, entries)?;
        let mut transaction = self.begin().await?;
        refuse_out_of_turn(&mut transaction, &settlement.id, expected_last).await?;
        let seq = expected_last + 1;
        insert_many(&mut transaction, INSERT_SETTLEMENT, &[settlement_values(seq, settlement)])
            .await?;
        insert_many(&mut transaction, INSERT_ENTRY, &entry_rows(seq, entries)).await?;
        insert_many(&mut transaction, INSERT_POSTING, &posting_rows(seq, entries)).await?;
        transaction.commit().await?;
        Ok(seq)
    }

    /// Every settlement in order.
    pub async fn settlements(&self) -> Result<Vec<Settlement>, StoreError> {
        let select = "SELECT seq, id, month, settled_on, revision, batches, cutoff, through, \
            engine, lines_hash, origin, total_ore, line_count FROM settlement ORDER BY seq";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        rows.iter().map(settlement).collect()
    }

    /// The entries of a settlement with their postings, in order.
    pub async fn entries_of(&self, settlement: i64) -> Result<Vec<NewEntry>, StoreError> {
        let select = "SELECT unit, text FROM entry WHERE settlement = $1 ORDER BY no";
        let rows = sqlx::query(select).bind(settlement).fetch_all(self.pool()).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            entries.push(NewEntry { unit: text(row, 0)?, text: text(row, 1)?, postings: vec![] });
        }
        for row in self.postings_of(settlement).await? {
            let at = usize::try_from(row.entry - 1).unwrap_or(usize::MAX);
            let entry = entries.get_mut(at).ok_or_else(|| {
                StoreError::Damaged(format!("a posting of entry {} that is not there", row.entry))
            })?;
            entry.postings.push(row.posting);
        }
        Ok(entries)
    }

    /// The postings of a settlement, by entry and number.
    pub async fn postings_of(&self, settlement: i64) -> Result<Vec<PostingRow>, StoreError> {
        let select = "SELECT settlement, entry, no, account, unit, element, payer, payee, \
            care_month, cause, amount_ore FROM posting WHERE settlement = $1 ORDER BY entry, no";
        let rows = sqlx::query(select).bind(settlement).fetch_all(self.pool()).await?;
        rows.iter().map(posting_row).collect()
    }
}

fn refuse_unbalanced(settlement: &str, entries: &[NewEntry]) -> Result<(), StoreError> {
    for (entry, postings) in (1..).zip(entries) {
        let sum: i128 = postings.postings.iter().map(|p| i128::from(p.amount.ore())).sum();
        if sum != 0 {
            return Err(StoreError::Unbalanced { settlement: settlement.to_owned(), entry, sum });
        }
    }
    Ok(())
}

async fn refuse_out_of_turn(
    transaction: &mut Transaction<'_, Any>,
    id: &str,
    expected: i64,
) -> Result<(), StoreError> {
    let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM settlement";
    let found = number(&sqlx::query(last).fetch_one(&mut **transaction).await?, 0)?;
    if found != expected {
        return Err(StoreError::Stale { expected, found });
    }
    let known = sqlx::query("SELECT seq FROM settlement WHERE id = $1").bind(id.to_owned());
    match known.fetch_optional(&mut **transaction).await? {
        Some(_) => Err(StoreError::SettlementTwice { id: id.to_owned() }),
        None => Ok(()),
    }
}

fn settlement_values(seq: i64, settlement: &NewSettlement) -> [Value<'_>; 13] {
    [
        Value::Int(seq),
        Value::Text(&settlement.id),
        Value::Own(settlement.month.to_string()),
        Value::Own(settlement.settled_on.to_string()),
        Value::Int(settlement.revision),
        Value::Int(settlement.batches),
        Value::Own(settlement.cutoff.to_string()),
        Value::Own(settlement.through.to_string()),
        Value::Text(&settlement.engine),
        Value::Text(&settlement.lines_hash),
        Value::Text(settlement.origin.name()),
        Value::Int(settlement.total.ore()),
        Value::Int(settlement.lines),
    ]
}

fn entry_rows(settlement: i64, entries: &[NewEntry]) -> Vec<[Value<'_>; 4]> {
    let mut rows = Vec::new();
    for (no, entry) in (1..).zip(entries) {
        let (unit, text) = (Value::Text(&entry.unit), Value::Text(&entry.text));
        rows.push([Value::Int(settlement), Value::Int(no), unit, text]);
    }
    rows
}

fn posting_rows(settlement: i64, entries: &[NewEntry]) -> Vec<[Value<'_>; 11]> {
    let mut rows = Vec::new();
    for (entry_no, entry) in (1..).zip(entries) {
        for (no, posting) in (1..).zip(&entry.postings) {
            rows.push([
                Value::Int(settlement),
                Value::Int(entry_no),
                Value::Int(no),
                Value::Text(&posting.account),
                Value::Text(&posting.unit),
                Value::Text(&posting.element),
                Value::Text(&posting.payer),
                Value::Text(&posting.payee),
                Value::Own(posting.care_month.to_string()),
                Value::Text(&posting.cause),
                Value::Int(posting.amount.ore()),
            ]);
        }
    }
    rows
}

fn settlement(row: &AnyRow) -> Result<Settlement, StoreError> {
    let booked = NewSettlement {
        id: text(row, 1)?,
        month: parsed(row, 2, Month::parse)?,
        settled_on: parsed(row, 3, Day::parse)?,
        revision: number(row, 4)?,
        batches: number(row, 5)?,
        cutoff: parsed(row, 6, Day::parse)?,
        through: parsed(row, 7, Day::parse)?,
        engine: text(row, 8)?,
        lines_hash: text(row, 9)?,
        origin: parsed(row, 10, Origin::parse)?,
        total: Money::from_ore(number(row, 11)?),
        lines: number(row, 12)?,
    };
    Ok(Settlement { seq: number(row, 0)?, booked })
}

fn posting_row(row: &AnyRow) -> Result<PostingRow, StoreError> {
    let posting = Posting {
        account: text(row, 3)?,
        unit: text(row, 4)?,
        element: text(row, 5)?,
        payer: text(row, 6)?,
        payee: text(row, 7)?,
        care_month: parsed(row, 8, Month::parse)?,
        cause: text(row, 9)?,
        amount: Money::from_ore(number(row, 10)?),
    };
    Ok(PostingRow {
        settlement: number(row, 0)?,
        entry: number(row, 1)?,
        no: number(row, 2)?,
        posting,
    })
}
