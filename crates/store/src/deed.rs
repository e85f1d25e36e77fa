//! Deeds (åtgärder): what people did with settlements, months and payments, one after the other, with the entries that they gave.
//!
//! Owns: that a deed is kept whole and in turn, and that every entry balances. Does not own: what may be done (`kernel::journal`).

use crate::chain;
use crate::database::{Value, insert_many, number, parsed, text};
use crate::ledger::{NewSettlement, settlement_values};
use crate::{Store, StoreError};
use kernel::money::Money;
use kernel::time::{Day, Month};
use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Transaction};
use std::collections::BTreeMap;

/// A deed to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDeed {
    /// Its kind, by name.
    pub kind: String,
    /// The settlement, draft, month, payment run or dispute that it is done with.
    pub subject: String,
    /// Who did it; blank where nobody said.
    pub by: String,
    /// The day it counts from.
    pub on: Day,
    /// The day something is to be done by.
    pub due: Option<Day>,
    /// Why, or what else belongs to it.
    pub note: String,
    /// What it is about.
    pub rows: Vec<DeedRow>,
    /// Its entries.
    pub entries: Vec<NewEntry>,
}

/// A row of what a deed is about. Texts that do not apply are blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeedRow {
    /// Settlement id.
    pub settlement: String,
    /// Unit id.
    pub unit: String,
    /// Who is paid.
    pub payee: String,
    /// Contact id.
    pub contact: String,
    /// Element of pay.
    pub element: String,
    /// Month of care.
    pub care_month: Option<Month>,
    /// Amount.
    pub amount: Money,
}

/// A deed that was kept; its entries are read apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Number from 1.
    pub seq: i64,
    /// Its kind, by name.
    pub kind: String,
    /// What it is done with.
    pub subject: String,
    /// Who did it.
    pub by: String,
    /// The day it counts from.
    pub on: Day,
    /// The day something is to be done by.
    pub due: Option<Day>,
    /// Why, or what else belongs to it.
    pub note: String,
    /// What it is about.
    pub rows: Vec<DeedRow>,
}

/// An entry (verifikation); its postings sum to zero.
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
    pub care_month: Option<Month>,
    /// Cause.
    pub cause: String,
    /// The decision that states the rate.
    pub decision: String,
    /// What finances it.
    pub financing: String,
    /// Amount; debit is positive.
    pub amount: Money,
}

/// A kept posting with the entry it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingRow {
    /// Number of the deed.
    pub deed: i64,
    /// Number of the entry in the deed, from 1.
    pub entry: i64,
    /// Number of the posting in the entry, from 1.
    pub no: i64,
    /// The posting.
    pub posting: Posting,
}

const INSERT_DEED: &str =
    "INSERT INTO deed (seq, kind, subject, by_whom, on_day, due, note) VALUES";
const INSERT_ROW: &str = "INSERT INTO deed_row (deed, no, settlement, unit, payee, contact_id, \
    element, care_month, amount_ore) VALUES";
const INSERT_ENTRY: &str = "INSERT INTO entry (deed, no, unit, text) VALUES";
const INSERT_POSTING: &str = "INSERT INTO posting (deed, entry, no, account, unit, element, \
    payer, payee, care_month, cause, decision, financing, amount_ore) VALUES";
const INSERT_SETTLEMENT: &str = "INSERT INTO settlement (seq, id, month, settled_on, revision, \
    batches, cutoff, through, engine, lines_hash, origin, total_ore, line_count) VALUES";
const INSERT_DRAFT: &str = "INSERT INTO draft (deed, id, month, settled_on, revision, \
    batches, cutoff, through, engine, lines_hash, origin, total_ore, line_count) VALUES";

/// What a deed brings beside itself.
#[derive(Clone, Copy, Debug)]
pub enum Brings<'a> {
    /// Nothing.
    Nothing,
    /// A preview to be attested.
    Draft(&'a NewSettlement),
    /// A booked settlement.
    Settlement(&'a NewSettlement),
}

impl Store {
    /// Keeps a deed with all that belongs to it, or nothing; gives its number.
    ///
    /// `expected_last` is the number of the last deed that the caller has seen, 0 for none: where another has been done
    /// since, this one is refused. So is an entry that does not balance.
    pub async fn append_deed(
        &self,
        deed: &NewDeed,
        brings: Brings<'_>,
        expected_last: i64,
    ) -> Result<i64, StoreError> {
        refuse_unbalanced(&deed.subject, &deed.entries)?;
        let mut transaction = self.begin().await?;
        let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM deed";
        let found = number(&sqlx::query(last).fetch_one(&mut *transaction).await?, 0)?;
        if found != expected_last {
            return Err(StoreError::Stale { expected: expected_last, found });
        }
        let seq = expected_last + 1;
        insert_many(&mut transaction, INSERT_DEED, &[deed_values(seq, deed)]).await?;
        insert_many(&mut transaction, INSERT_ROW, &row_values(seq, &deed.rows)).await?;
        match brings {
            Brings::Nothing => {}
            Brings::Draft(draft) => {
                insert_many(&mut transaction, INSERT_DRAFT, &[settlement_values(seq, draft)])
                    .await?;
            }
            Brings::Settlement(settlement) => {
                let number = next_settlement(&mut transaction, &settlement.id).await?;
                let values = [settlement_values(number, settlement)];
                insert_many(&mut transaction, INSERT_SETTLEMENT, &values).await?;
            }
        }
        insert_many(&mut transaction, INSERT_ENTRY, &entry_rows(seq, &deed.entries)).await?;
        insert_many(&mut transaction, INSERT_POSTING, &posting_rows(seq, &deed.entries)).await?;
        chain::extend(&mut transaction).await?;
        transaction.commit().await?;
        Ok(seq)
    }

    /// Every deed in order.
    pub async fn deeds(&self) -> Result<Vec<Deed>, StoreError> {
        deeds(&mut *self.pool().acquire().await?).await
    }

    /// The entries of a deed with their postings, in order.
    pub async fn entries_of(&self, deed: i64) -> Result<Vec<NewEntry>, StoreError> {
        let select = "SELECT unit, text FROM entry WHERE deed = $1 ORDER BY no";
        let rows = sqlx::query(select).bind(deed).fetch_all(self.pool()).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            entries.push(NewEntry { unit: text(row, 0)?, text: text(row, 1)?, postings: vec![] });
        }
        for row in self.postings_of(deed).await? {
            let at = usize::try_from(row.entry - 1).unwrap_or(usize::MAX);
            let entry = entries.get_mut(at).ok_or_else(|| {
                StoreError::damaged(
                    format!("en kontering av verifikation {} som inte finns", row.entry),
                    format!("a posting of entry {} that is not there", row.entry),
                )
            })?;
            entry.postings.push(row.posting);
        }
        Ok(entries)
    }

    /// The postings of a deed, by entry and number.
    pub async fn postings_of(&self, deed: i64) -> Result<Vec<PostingRow>, StoreError> {
        let select = "SELECT deed, entry, no, account, unit, element, payer, payee, care_month, \
            cause, decision, financing, amount_ore FROM posting WHERE deed = $1 ORDER BY entry, no";
        let rows = sqlx::query(select).bind(deed).fetch_all(self.pool()).await?;
        rows.iter().map(posting_row).collect()
    }

    /// Every posting, by deed, entry and number.
    pub async fn postings(&self) -> Result<Vec<PostingRow>, StoreError> {
        let select = "SELECT deed, entry, no, account, unit, element, payer, payee, care_month, \
            cause, decision, financing, amount_ore FROM posting ORDER BY deed, entry, no";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        rows.iter().map(posting_row).collect()
    }
}

pub(crate) async fn deeds(connection: &mut AnyConnection) -> Result<Vec<Deed>, StoreError> {
    let select = "SELECT seq, kind, subject, by_whom, on_day, due, note FROM deed ORDER BY seq";
    let mut deeds = Vec::new();
    for row in &sqlx::query(select).fetch_all(&mut *connection).await? {
        deeds.push(Deed {
            seq: number(row, 0)?,
            kind: text(row, 1)?,
            subject: text(row, 2)?,
            by: text(row, 3)?,
            on: parsed(row, 4, Day::parse)?,
            due: day(row, 5)?,
            note: text(row, 6)?,
            rows: Vec::new(),
        });
    }
    let select = "SELECT deed, settlement, unit, payee, contact_id, element, care_month, \
        amount_ore FROM deed_row ORDER BY deed, no";
    let at: BTreeMap<i64, usize> = deeds.iter().map(|deed| deed.seq).zip(0..).collect();
    for row in &sqlx::query(select).fetch_all(&mut *connection).await? {
        let deed = at.get(&number(row, 0)?).and_then(|at| deeds.get_mut(*at));
        let Some(deed) = deed else {
            return Err(StoreError::damaged(
                "en rad av en åtgärd som inte finns",
                "a row of a deed that is not there",
            ));
        };
        deed.rows.push(DeedRow {
            settlement: text(row, 1)?,
            unit: text(row, 2)?,
            payee: text(row, 3)?,
            contact: text(row, 4)?,
            element: text(row, 5)?,
            care_month: month(row, 6)?,
            amount: Money::from_ore(number(row, 7)?),
        });
    }
    Ok(deeds)
}

fn refuse_unbalanced(subject: &str, entries: &[NewEntry]) -> Result<(), StoreError> {
    for (entry, postings) in (1..).zip(entries) {
        let sum: i128 = postings.postings.iter().map(|p| i128::from(p.amount.ore())).sum();
        if sum != 0 {
            return Err(StoreError::Unbalanced { subject: subject.to_owned(), entry, sum });
        }
    }
    Ok(())
}

async fn next_settlement(
    transaction: &mut Transaction<'_, Any>,
    id: &str,
) -> Result<i64, StoreError> {
    let known = sqlx::query("SELECT seq FROM settlement WHERE id = $1").bind(id.to_owned());
    if known.fetch_optional(&mut **transaction).await?.is_some() {
        return Err(StoreError::SettlementTwice { id: id.to_owned() });
    }
    let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM settlement";
    Ok(1 + number(&sqlx::query(last).fetch_one(&mut **transaction).await?, 0)?)
}

fn deed_values(seq: i64, deed: &NewDeed) -> [Value<'_>; 7] {
    [
        Value::Int(seq),
        Value::Text(&deed.kind),
        Value::Text(&deed.subject),
        Value::Text(&deed.by),
        Value::Own(deed.on.to_string()),
        Value::Own(deed.due.map_or_else(String::new, |due| due.to_string())),
        Value::Text(&deed.note),
    ]
}

fn month_text(month: Option<Month>) -> Value<'static> {
    Value::Own(month.map_or_else(String::new, |month| month.to_string()))
}

fn day(row: &AnyRow, column: usize) -> Result<Option<Day>, StoreError> {
    match text(row, column)?.as_str() {
        "" => Ok(None),
        _ => parsed(row, column, Day::parse).map(Some),
    }
}

fn month(row: &AnyRow, column: usize) -> Result<Option<Month>, StoreError> {
    match text(row, column)?.as_str() {
        "" => Ok(None),
        _ => parsed(row, column, Month::parse).map(Some),
    }
}

fn row_values(deed: i64, rows: &[DeedRow]) -> Vec<[Value<'_>; 9]> {
    let values = |(no, row): (i64, &'_ DeedRow)| {
        [
            Value::Int(deed),
            Value::Int(no),
            Value::Own(row.settlement.clone()),
            Value::Own(row.unit.clone()),
            Value::Own(row.payee.clone()),
            Value::Own(row.contact.clone()),
            Value::Own(row.element.clone()),
            month_text(row.care_month),
            Value::Int(row.amount.ore()),
        ]
    };
    (1..).zip(rows).map(values).collect()
}

fn entry_rows(deed: i64, entries: &[NewEntry]) -> Vec<[Value<'_>; 4]> {
    let mut rows = Vec::new();
    for (no, entry) in (1..).zip(entries) {
        let (unit, text) = (Value::Text(&entry.unit), Value::Text(&entry.text));
        rows.push([Value::Int(deed), Value::Int(no), unit, text]);
    }
    rows
}

fn posting_rows(deed: i64, entries: &[NewEntry]) -> Vec<[Value<'_>; 13]> {
    let mut rows = Vec::new();
    for (entry_no, entry) in (1..).zip(entries) {
        for (no, posting) in (1..).zip(&entry.postings) {
            rows.push([
                Value::Int(deed),
                Value::Int(entry_no),
                Value::Int(no),
                Value::Text(&posting.account),
                Value::Text(&posting.unit),
                Value::Text(&posting.element),
                Value::Text(&posting.payer),
                Value::Text(&posting.payee),
                month_text(posting.care_month),
                Value::Text(&posting.cause),
                Value::Text(&posting.decision),
                Value::Text(&posting.financing),
                Value::Int(posting.amount.ore()),
            ]);
        }
    }
    rows
}

fn posting_row(row: &AnyRow) -> Result<PostingRow, StoreError> {
    let posting = Posting {
        account: text(row, 3)?,
        unit: text(row, 4)?,
        element: text(row, 5)?,
        payer: text(row, 6)?,
        payee: text(row, 7)?,
        care_month: month(row, 8)?,
        cause: text(row, 9)?,
        decision: text(row, 10)?,
        financing: text(row, 11)?,
        amount: Money::from_ore(number(row, 12)?),
    };
    Ok(PostingRow { deed: number(row, 0)?, entry: number(row, 1)?, no: number(row, 2)?, posting })
}
