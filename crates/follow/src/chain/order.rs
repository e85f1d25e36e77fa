//! Rows by person, day and contact id.
//!
//! Owns: an order that does not depend on how anything is numbered within a person. Does not own: linking.

use crate::care::Cares;
use kernel::contact::Reports;

/// All rows, person after person: a counting sort, for persons are numbered densely.
pub(super) fn by_person(cares: &Cares, reports: &Reports) -> Vec<u32> {
    let persons = cares.rows.iter().map(|care| care.person as usize + 1).max().unwrap_or(0);
    let mut starts = vec![0_usize; persons + 1];
    for care in &cares.rows {
        if let Some(count) = starts.get_mut(care.person as usize + 1) {
            *count += 1;
        }
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total;
    }
    // A row is kept with its day, so that sorting need not look it up.
    let mut sorted = vec![(0_i32, 0_u32); cares.rows.len()];
    for (row, care) in (0_u32..).zip(&cares.rows) {
        let Some(at) = starts.get_mut(care.person as usize) else { continue };
        if let Some(slot) = sorted.get_mut(*at) {
            *slot = (care.care_date.number(), row);
        }
        *at += 1;
    }
    let mut from = 0;
    // Each start has moved to the end of its person.
    for until in starts {
        if let Some(rows) = sorted.get_mut(from..until) {
            sort(rows, cares, reports);
        }
        from = from.max(until);
    }
    sorted.into_iter().map(|(_, row)| row).collect()
}

fn sort(rows: &mut [(i32, u32)], cares: &Cares, reports: &Reports) {
    let id = |row: u32| {
        let contact = cares.rows.get(row as usize).map_or(u32::MAX, |care| care.contact);
        reports.contact_ids.get(contact)
    };
    rows.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1))));
}
