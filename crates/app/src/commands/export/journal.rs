//! The ledger as the books of `documents`: every entry a voucher, in a series for each kind of deed.

use super::Which;
use super::chart::Chart;
use crate::data::DataFolder;
use crate::failure::Failure;
use crate::words;
use documents::books::{Books, Label, Posting, Voucher};
use documents::marking::Marking;
use kernel::fact::Account;
use kernel::journal::{Deed, DeedKind};
use kernel::time::Day;
use std::collections::BTreeMap;

/// The series of a kind of deed.
const fn series(kind: DeedKind) -> &'static str {
    match kind {
        DeedKind::Book => "A",
        DeedKind::Undo => "B",
        DeedKind::Send | DeedKind::Pay | DeedKind::Return => "U",
        _ => "P",
    }
}

/// The books of some days: everything booked on a day from the first to the last.
pub(super) fn books(
    data: &DataFolder,
    chart: &Chart<'_>,
    which: Which,
    marking: Marking,
) -> Result<Books, Failure> {
    let deeds: BTreeMap<i64, &Deed> = data.deeds().iter().map(|(seq, deed)| (*seq, deed)).collect();
    let mut vouchers: BTreeMap<(i64, i64), Voucher> = BTreeMap::new();
    let mut last: BTreeMap<&str, u32> = BTreeMap::new();
    let is_meant =
        |day: Day| which.from.is_none_or(|from| from <= day) && which.to.is_none_or(|to| day <= to);
    for row in data.postings()? {
        let Some(deed) = deeds.get(&row.deed) else { continue };
        let voucher = vouchers.entry((row.deed, row.entry)).or_insert_with(|| {
            let number = last.entry(series(deed.kind)).or_default();
            *number += 1;
            let text = format!("{} {}", words::deed(deed.kind).sv, deed.subject);
            let series = series(deed.kind).to_owned();
            Voucher { series, number: *number, day: deed.on, text, postings: Vec::new() }
        });
        let Some(role) = Account::parse(&row.posting.account) else { continue };
        let some = |text: String| (!text.is_empty()).then_some(text);
        let posting = row.posting;
        voucher.postings.push(Posting {
            unit: some(posting.unit),
            element: some(posting.element),
            payer: some(posting.payer),
            payee: some(posting.payee),
            care_month: posting.care_month,
            cause: some(posting.cause),
            decision: some(posting.decision),
            financing: some(posting.financing),
            ..Posting::new(chart.number(role)?, posting.amount)
        });
    }
    // Numbers run over all days, so that a voucher has the same number in every file.
    let vouchers: Vec<Voucher> =
        vouchers.into_values().filter(|voucher| is_meant(voucher.day)).collect();
    let first = vouchers.iter().map(|voucher| voucher.day).min();
    let end = vouchers.iter().map(|voucher| voucher.day).max();
    let (Some(first), Some(end)) = (which.from.or(first), which.to.or(end)) else {
        return Err(Failure::refused(
            "inget är bokfört de dagarna",
            "nothing is booked on those days",
        ));
    };
    let view = data.register().view(u32::MAX);
    let labels = data.labels();
    let units = view.histories.iter().map(|history| Label {
        id: history.id.as_str().to_owned(),
        label: labels.unit(history.id.as_str()).shown().to_owned(),
    });
    Ok(Books {
        region: chart.region(),
        made_on: crate::engine::today(),
        from: first,
        to: end,
        accounts: chart.accounts(),
        units: units.collect(),
        elements: Vec::new(),
        vouchers,
        marking,
    })
}
