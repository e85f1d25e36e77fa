//! A month as it would be settled now.
//!
//! Owns: what a page keeps of a preview. Does not own: the preview (`data`), the same call as `settle --preview`.

use crate::commands::settle;
use crate::data::{DataFolder, Preview, Was};
use crate::failure::Failure;
use crate::web::ask::Ask;
use crate::web::place::sums::{OfSettlement, Sum, SumKey};
use crate::web::work::{Found, found};
use kernel::finding::{Code, Finding, Text};
use kernel::money::Money;
use kernel::price::Reason;
use kernel::settle::Basis;
use kernel::time::{Day, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A preview as it is shown.
pub(super) struct Forecast {
    /// What it rests on.
    pub basis: Basis,
    /// How far what is kept had come.
    pub was: Was,
    /// SHA-256 of its lines.
    pub hash: String,
    /// How many lines.
    pub lines: usize,
    /// To pay.
    pub total: Money,
    /// By unit, element and the rest.
    pub sums: OfSettlement,
    /// Contacts in force without a price.
    pub unpriced: BTreeMap<Reason, i64>,
    /// Rejected rows.
    pub rejected: BTreeMap<Code, i64>,
    /// Contacts in force.
    pub contacts: usize,
    /// What a person should know before booking.
    pub warnings: Vec<Text>,
    /// Shares paid beyond their part.
    pub findings: Vec<Finding>,
}

/// The forecast of a month on a day, or a page that says that it is being made.
pub(super) fn forecast(
    ask: &Ask,
    month: Month,
    on: Option<Day>,
) -> Result<Found<Forecast>, Failure> {
    let day = on.map_or_else(String::new, |day| day.to_string());
    let place = Arc::clone(&ask.place);
    found(ask, &format!("forecast {month} {day}"), move || {
        let mut data = place.data.clone();
        let preview = data.preview(month, on)?;
        Ok(Forecast::of(&data, preview))
    })
}

/// How far what is kept has come.
fn now(data: &DataFolder, preview: &Preview) -> Was {
    Was {
        revision: i64::from(preview.basis.revision),
        batches: i64::from(preview.basis.batches),
        deed: data.deeds().last().map_or(0, |(seq, _)| *seq),
    }
}

impl Forecast {
    fn of(data: &DataFolder, preview: Preview) -> Self {
        let summary = data.summary(&preview.lines);
        let mut texts: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut shared = |text: &str| {
            if let Some(known) = texts.get(text) {
                return Arc::clone(known);
            }
            let new: Arc<str> = text.into();
            texts.insert(Arc::clone(&new));
            new
        };
        let mut sums: OfSettlement = summary
            .iter()
            .map(|(key, sum)| {
                let key = SumKey {
                    shadow: !key.payable,
                    unit: shared(key.unit),
                    element: shared(key.element),
                    care_month: key.care_month,
                    cause: key.cause,
                    payer: shared(key.payer),
                    payee: shared(key.payee),
                };
                let (count, amount) = (sum.total.count, sum.total.amount);
                (key, Sum { count, amount, lines: sum.lines, rates: BTreeSet::new() })
            })
            .collect();
        sums.sort_by(|(a, _), (b, _)| a.cmp(b));
        drop(summary);
        Self {
            was: now(data, &preview),
            lines: preview.lines.len(),
            warnings: settle::warnings(data, &preview),
            basis: preview.basis,
            hash: preview.hash,
            total: preview.total,
            sums,
            unpriced: preview.unpriced,
            rejected: preview.rejected,
            contacts: preview.contacts,
            findings: preview.findings,
        }
    }
}
