//! The rows of every batch by the unit that they are about.
//!
//! Owns: counting them, so that a clinic sees of a batch what is its own. Does not own: which rows are rejected (`data`).

use crate::data::{DataFolder, Faulty};
use crate::failure::Failure;
use kernel::finding::Code;
use kernel::register::UnitCodes;
use kernel::time::Day;
use std::collections::BTreeMap;

/// Rows of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// In the file.
    pub all: i64,
    /// Those of them that were rejected when the file came.
    pub rejected: i64,
}

/// Rows by batch from 0 and unit; blank where no unit has the code.
#[derive(Debug, Default)]
pub struct Reported {
    rows: BTreeMap<(usize, String), Rows>,
}

impl Reported {
    /// Of everything that is read.
    pub fn of(data: &DataFolder, faulty: &Faulty) -> Result<Self, Failure> {
        let Some(reports) = data.loaded_reports() else { return Err(Failure::NotThere) };
        let view = data.register().view(u32::MAX);
        let codes = UnitCodes::new(&view);
        let name = |number: Option<u16>| {
            let history = number.and_then(|number| view.histories.get(usize::from(number)));
            history.map_or_else(String::new, |history| history.id.to_string())
        };
        let mut counts: BTreeMap<(usize, Option<u16>), Rows> = BTreeMap::new();
        let mut meanings = BTreeMap::new();
        for report in reports.rows() {
            let code = report.unit_code;
            let meaning =
                meanings.entry(code).or_insert_with(|| codes.meaning(reports.unit_codes.get(code)));
            let key = (report.batch as usize, meaning.on(report.care_date));
            counts.entry(key).or_default().all += 1;
        }
        for (batch, row) in &faulty.rejected {
            let about = row.about.as_ref();
            let day = about.and_then(|about| about.care_date).unwrap_or(Day::MAX);
            let unit = about.and_then(|about| codes.meaning(&about.unit).on(day));
            let batch = usize::try_from(batch - 1).unwrap_or(usize::MAX);
            let rows = counts.entry((batch, unit)).or_default();
            rows.rejected += 1;
            // Rows that were read stand among the reports.
            rows.all += i64::from(!is_read(&row.code));
        }
        let mut rows: BTreeMap<(usize, String), Rows> = BTreeMap::new();
        for ((batch, unit), found) in counts {
            let sum = rows.entry((batch, name(unit))).or_default();
            sum.all += found.all;
            sum.rejected += found.rejected;
        }
        Ok(Self { rows })
    }

    /// The rows of a batch, unit by unit.
    pub fn of_batch(&self, batch: usize) -> impl Iterator<Item = (&str, Rows)> {
        let from = (batch, String::new());
        let all = self.rows.range(from..).take_while(move |((at, _), _)| *at == batch);
        all.map(|((_, unit), rows)| (unit.as_str(), *rows))
    }
}

/// Whether a row that was rejected for this was read first.
fn is_read(code: &str) -> bool {
    let judged = [Code::UnknownUnit, Code::CareDateAfterReport, Code::ConflictingReports];
    judged.iter().any(|one| one.name() == code)
}
