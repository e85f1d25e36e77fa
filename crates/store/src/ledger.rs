//! Booked settlements and drafts with their basis.
//!
//! Owns: what a settlement rests on. Does not own: booking (`deed`), or what is posted (`kernel::settle`).

use crate::batch::Origin;
use crate::database::{Value, number, parsed, text};
use crate::{Store, StoreError};
use kernel::money::Money;
use kernel::time::{Day, Month};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

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

impl Store {
    /// Every settlement in order.
    pub async fn settlements(&self) -> Result<Vec<Settlement>, StoreError> {
        settlements(&mut *self.pool().acquire().await?).await
    }

    /// Every draft in order, with the number of its deed.
    pub async fn drafts(&self) -> Result<Vec<Settlement>, StoreError> {
        drafts(&mut *self.pool().acquire().await?).await
    }
}

pub(crate) async fn settlements(
    connection: &mut AnyConnection,
) -> Result<Vec<Settlement>, StoreError> {
    let select = "SELECT seq, id, month, settled_on, revision, batches, cutoff, through, \
        engine, lines_hash, origin, total_ore, line_count FROM settlement ORDER BY seq";
    let rows = sqlx::query(select).fetch_all(connection).await?;
    rows.iter().map(settlement).collect()
}

pub(crate) async fn drafts(connection: &mut AnyConnection) -> Result<Vec<Settlement>, StoreError> {
    let select = "SELECT deed, id, month, settled_on, revision, batches, cutoff, through, \
        engine, lines_hash, origin, total_ore, line_count FROM draft ORDER BY deed";
    let rows = sqlx::query(select).fetch_all(connection).await?;
    rows.iter().map(settlement).collect()
}

pub(crate) fn settlement_values(seq: i64, settlement: &NewSettlement) -> [Value<'_>; 13] {
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
