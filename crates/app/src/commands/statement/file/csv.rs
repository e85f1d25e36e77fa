//! A statement as one table of CSV, the three levels below one another.

use super::super::Told;
use crate::data::StatedKey;
use crate::failure::Failure;
use crate::output::Out;
use crate::words;
use kernel::money::Money;
use std::collections::{BTreeMap, BTreeSet};

const CSV_HEADS: [&str; 15] = [
    "level",
    "unit",
    "element",
    "care_month",
    "cause",
    "payer",
    "payee",
    "payable",
    "contact_id",
    "rates",
    "decisions",
    "count",
    "amount_ore",
    "mark",
    "origin",
];

impl Told<'_> {
    pub(super) fn file_csv(&self, out: Out) -> Result<Vec<u8>, Failure> {
        let failed = |error: csv::Error| std::io::Error::from(error);
        let mut written = csv::Writer::from_writer(Vec::new());
        written.write_record(CSV_HEADS).map_err(failed)?;
        for row in self.csv_rows(out) {
            written.write_record(row.iter().map(String::as_str)).map_err(failed)?;
        }
        Ok(written.into_inner().map_err(|error| error.into_error())?)
    }

    fn csv_rows(&self, out: Out) -> Vec<[String; 15]> {
        let mut by_element: BTreeMap<(bool, &str, &str), (i64, Money)> = BTreeMap::new();
        for (key, sum) in &self.statement.rows {
            let of = by_element.entry((key.shadow, &key.unit, &key.element)).or_default();
            of.0 += sum.count;
            of.1 += sum.amount;
        }
        let mut rows = Vec::new();
        for ((shadow, unit, element), (count, amount)) in by_element {
            let mut row = self.csv_row(out, "summary", (unit, element, shadow), (count, amount));
            row[3..7].fill(String::new());
            rows.push(row);
        }
        let texts = |ids: &BTreeSet<String>| ids.iter().cloned().collect::<Vec<_>>().join(" ");
        for (key, sum) in &self.statement.rows {
            rows.push(self.keyed(out, "element", key, sum.count, sum.amount, |row| {
                row[9] = texts(&sum.rates);
                row[10] = texts(&sum.decisions);
            }));
        }
        for line in self.sorted_lines() {
            rows.push(self.keyed(out, "contact", &line.key, line.count, line.amount, |row| {
                row[8] = unread_as_formula(line.contact.as_deref().unwrap_or(""));
                row[9] = line.rate.clone();
            }));
        }
        rows
    }

    fn csv_row(
        &self,
        out: Out,
        level: &str,
        (unit, element, shadow): (&str, &str, bool),
        (count, amount): (i64, Money),
    ) -> [String; 15] {
        let mut row: [String; 15] = Default::default();
        row[0] = level.to_owned();
        row[1] = unit.to_owned();
        row[2] = element.to_owned();
        row[7] = (!shadow).to_string();
        row[11] = count.to_string();
        row[12] = amount.ore().to_string();
        row[13] = words::marks(out.lang, self.marks(element)).plain().to_owned();
        row[14] = self.data.origin().name().to_owned();
        row
    }

    fn keyed(
        &self,
        out: Out,
        level: &str,
        key: &StatedKey,
        count: i64,
        amount: Money,
        more: impl Fn(&mut [String; 15]),
    ) -> [String; 15] {
        let mut row =
            self.csv_row(out, level, (&key.unit, &key.element, key.shadow), (count, amount));
        row[3] = key.care_month.to_string();
        row[4] = key.cause.name().to_owned();
        row[5] = key.payer.clone();
        row[6] = key.payee.clone();
        more(&mut row);
        row
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
fn unread_as_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_clinic_wrote_is_no_formula() {
        let shown = ["=1+1", "+46", "-5", "@x", "K-1", ""].map(unread_as_formula);
        assert_eq!(shown, ["'=1+1", "'+46", "'-5", "'@x", "K-1", ""]);
    }
}
