//! Settlement lines as Parquet: one row for each contact, element and rate that was settled.
//!
//! Owns: the columns of a lines file. Does not own: how lines come about (`kernel::settle`), or where
//! the file is kept (`store`).
//!
//! | contact_id | unit | care_month | element | payer | payable | rate | cause | count | amount_ore |

use crate::columns::{self, Cells, IdColumn, ParquetError, Table};
use kernel::intern::Texts;
use kernel::money::Money;
use kernel::time::Month;

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRow<'a> {
    /// The contact; `None` for a line of a unit formula.
    pub contact_id: Option<&'a str>,
    /// Unit id.
    pub unit: &'a str,
    /// Month of care.
    pub care_month: Month,
    /// Element of pay.
    pub element: &'a str,
    /// Who is paid.
    pub payee: &'a str,
    /// Payer.
    pub payer: &'a str,
    /// Whether it is paid, or only computed (R10).
    pub payable: bool,
    /// Rate.
    pub rate: &'a str,
    /// Cause: `current`, `late-report`, …
    pub cause: &'a str,
    /// Count; negative for what is taken back.
    pub count: i64,
    /// Amount.
    pub amount: Money,
}

/// Distinct texts, and the number of one for each row.
#[derive(Clone, Debug, Default)]
pub struct TextColumn {
    /// The texts.
    pub texts: Texts,
    /// For each row the number of its text.
    pub numbers: Vec<u32>,
}

impl TextColumn {
    /// Adds a row.
    pub fn push(&mut self, text: &str) {
        let number = match self.numbers.last() {
            Some(last) if self.texts.value(*last).is_some_and(|known| &**known == text) => *last,
            _ => self.texts.text(text),
        };
        self.numbers.push(number);
    }

    fn get(&self, row: usize) -> Option<&str> {
        let number = self.numbers.get(row)?;
        self.texts.value(*number).map(|text| &**text)
    }

    pub(crate) fn cells(&self) -> Cells<'_> {
        Cells::Text { texts: &self.texts, numbers: &self.numbers, repeated: true }
    }

    fn read(table: &Table, name: &str) -> Result<Self, ParquetError> {
        let mut texts = Texts::default();
        let numbers = table.texts(name, &mut texts)?;
        Ok(Self { texts, numbers })
    }
}

/// Lines in columns of equal length. Fill it with [`LineColumns::push`], or column by column where
/// the numbers are at hand already.
#[derive(Clone, Debug, Default)]
pub struct LineColumns {
    /// What the file says about its origin: `reported` or `synthetic`.
    pub origin: String,
    /// Contact id; none for a line of a unit formula.
    pub contact_id: IdColumn,
    /// Unit id.
    pub unit: TextColumn,
    /// [`Month::number`] of the month of care.
    pub care_month: Vec<i32>,
    /// Element of pay.
    pub element: TextColumn,
    /// Payees.
    pub payee: TextColumn,
    /// Payer.
    pub payer: TextColumn,
    /// Whether it is paid.
    pub payable: Vec<bool>,
    /// Rate.
    pub rate: TextColumn,
    /// Cause.
    pub cause: TextColumn,
    /// Count.
    pub count: Vec<i64>,
    /// Amount in öre.
    pub amount_ore: Vec<i64>,
}

impl LineColumns {
    /// No lines yet, of an origin.
    pub fn new(origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..Self::default() }
    }

    /// How many lines.
    pub fn len(&self) -> usize {
        self.amount_ore.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.amount_ore.is_empty()
    }

    /// Adds a line.
    pub fn push(&mut self, line: &LineRow<'_>) {
        self.contact_id.push(line.contact_id);
        self.unit.push(line.unit);
        self.care_month.push(line.care_month.number());
        self.element.push(line.element);
        self.payee.push(line.payee);
        self.payer.push(line.payer);
        self.payable.push(line.payable);
        self.rate.push(line.rate);
        self.cause.push(line.cause);
        self.count.push(line.count);
        self.amount_ore.push(line.amount.ore());
    }

    /// The line of a row from 0.
    pub fn row(&self, row: usize) -> Option<LineRow<'_>> {
        Some(LineRow {
            contact_id: self.contact_id.get(row),
            unit: self.unit.get(row)?,
            care_month: Month::from_number(*self.care_month.get(row)?),
            element: self.element.get(row)?,
            payee: self.payee.get(row)?,
            payer: self.payer.get(row)?,
            payable: *self.payable.get(row)?,
            rate: self.rate.get(row)?,
            cause: self.cause.get(row)?,
            count: *self.count.get(row)?,
            amount: Money::from_ore(*self.amount_ore.get(row)?),
        })
    }

    /// All lines in order.
    pub fn rows(&self) -> impl Iterator<Item = LineRow<'_>> {
        (0..self.len()).filter_map(|row| self.row(row))
    }
}

const FORM: &str = "vardkedja-lines-1";

/// Writes lines; the same lines in the same order give the same bytes, however the numbers of their
/// texts came about.
pub fn write_lines(lines: &LineColumns) -> Result<Vec<u8>, ParquetError> {
    let columns = [
        ("contact_id", Cells::Id(&lines.contact_id)),
        ("unit", lines.unit.cells()),
        ("care_month", Cells::Int(&lines.care_month)),
        ("element", lines.element.cells()),
        ("payee", lines.payee.cells()),
        ("payer", lines.payer.cells()),
        ("payable", Cells::Flag(&lines.payable)),
        ("rate", lines.rate.cells()),
        ("cause", lines.cause.cells()),
        ("count", Cells::Long(&lines.count)),
        ("amount_ore", Cells::Long(&lines.amount_ore)),
    ];
    columns::write(FORM, lines.len(), &columns, &[("origin", &lines.origin)])
}

/// Reads what [`write_lines`] wrote.
pub fn read_lines(bytes: &[u8]) -> Result<LineColumns, ParquetError> {
    let table = Table::open(FORM, bytes)?;
    Ok(LineColumns {
        origin: table.note("origin").unwrap_or_default().to_owned(),
        contact_id: table.ids("contact_id")?,
        unit: TextColumn::read(&table, "unit")?,
        care_month: table.ints("care_month")?,
        element: TextColumn::read(&table, "element")?,
        payee: TextColumn::read(&table, "payee")?,
        payer: TextColumn::read(&table, "payer")?,
        payable: table.flags("payable")?,
        rate: TextColumn::read(&table, "rate")?,
        cause: TextColumn::read(&table, "cause")?,
        count: table.longs("count")?,
        amount_ore: table.longs("amount_ore")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: i64) -> LineColumns {
        let mut lines = LineColumns::new("synthetic");
        for i in 0..count {
            let id = format!("C{:08}", i * 7919 % count);
            let unit = format!("unit-{}", i % 97);
            lines.push(&LineRow {
                contact_id: (i % 50 != 0).then_some(id.as_str()),
                unit: &unit,
                care_month: Month::from_number(2023 * 12 + i32::try_from(i % 120).unwrap()),
                element: if i % 3 == 0 { "delivery-base" } else { "continuity-add-on" },
                payee: "provider",
                payer: "hsn",
                payable: i % 5 != 0,
                rate: if i % 2 == 0 { "r-1" } else { "r-2" },
                cause: "current",
                count: if i % 11 == 0 { -1 } else { 1 },
                amount: Money::from_ore(i % 4_000 * 100 - 7),
            });
        }
        lines
    }

    #[test]
    fn lines_come_back_as_they_were() {
        for count in [0, 1, 20_000] {
            let written = lines(count);
            let bytes = write_lines(&written).unwrap();
            let read = read_lines(&bytes).unwrap();
            assert_eq!(read.origin, "synthetic");
            assert!(read.rows().eq(written.rows()));
            assert_eq!(read.len(), usize::try_from(count).unwrap());
            assert_eq!(write_lines(&read).unwrap(), bytes);
        }
    }

    #[test]
    fn the_numbers_of_texts_do_not_reach_the_bytes() {
        let mut other = lines(100);
        let expected = write_lines(&other).unwrap();
        let unused: Texts = {
            let mut texts = Texts::default();
            texts.text("never used");
            for text in other.unit.texts.values().iter().rev() {
                texts.text(text);
            }
            texts
        };
        for number in &mut other.unit.numbers {
            *number = unused.find(other.unit.texts.get(*number)).unwrap();
        }
        other.unit.texts = unused;
        assert_eq!(write_lines(&other).unwrap(), expected);
    }

    #[test]
    fn a_file_of_another_form_is_refused() {
        assert!(read_lines(b"no parquet").is_err());
        let other = columns::write("other", 1, &[("x", Cells::Long(&[1]))], &[]).unwrap();
        let text = read_lines(&other).unwrap_err().to_string();
        assert!(text.contains("not a file of vardkedja-lines-1"), "{text}");
    }
}
