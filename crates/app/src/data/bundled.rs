//! A receipt out of the data folder: the unit's own reports and lines, and what rests on others' contacts as given facts.
//!
//! Owns: which contacts bear on a month's lines, and what must be given. Does not own: the form of a receipt (`bundle`).
//! Of other units' contacts it says nothing but whether the unit's own is paid.

mod given;
mod own;

use super::DataFolder;
use super::settling::basis_of;
use crate::bundle::{BasisJson, Bundle, Decided, FORM, Line, Manifest};
use crate::failure::Failure;
use bulk::lines::LineRow;
use given::given;
use kernel::fact::{Formula, Pay};
use kernel::price::Total;
use kernel::settle::{Basis, Cause};
use kernel::time::Month;
use own::{Monthly, Own};
use std::collections::BTreeSet;
use store::Settlement;

/// The mark of a receipt that rests on synthetic data.
const MARK: &str = "SYNTETISKA DATA: påhittade kontakter, inga verkliga personer";

impl DataFolder {
    /// The receipt of a unit for the settlements of a month, of which there must be one. `with_shares` puts in what other
    /// recipients of the unit's monthly shares were paid: what is left of a pot rests on it where its key was restated (R37).
    pub fn bundle(
        &mut self,
        unit: &str,
        month: Month,
        with_shares: bool,
    ) -> Result<Bundle, Failure> {
        self.reports()?;
        let texts = self.runtime.block_on(self.store.revisions())?;
        let settlements: Vec<Settlement> =
            self.settlements_of(month).into_iter().cloned().collect();
        let first = settlements.first().map_or(0, |first| first.seq);
        let before: Vec<&Settlement> = self.settlements.iter().filter(|s| s.seq < first).collect();
        let previous = before.last().map(|last| basis_of(last));
        let bases: Vec<Basis> = settlements.iter().map(basis_of).collect();
        let (Some(reports), Some(last)) = (self.loaded_reports(), bases.last()) else {
            return Err(Failure::refused("inget är läst", "nothing is loaded"));
        };
        let lines = self.lines_of(&settlements, |line| line.unit == unit)?;
        let of_month = Monthly { unit, previous, bases: &bases, last, register: &self.register };
        let own = Own::new(&of_month, reports);
        let with_lines: BTreeSet<&str> =
            lines.iter().filter_map(|line| line.contact_id.as_deref()).collect();
        let chosen = own.chosen(&of_month, &with_lines);
        let shares =
            if with_shares { self.share_rates(last.revision, unit) } else { BTreeSet::new() };
        let posted = self.lines_of(&before, |line| match line.contact_id {
            None => line.unit == unit || shares.contains(line.rate),
            Some(id) => {
                let contact = reports.contact_ids.find(id);
                line.unit == unit && contact.is_some_and(|contact| chosen.contains(&contact))
            }
        })?;
        let persons = |person: u32| self.persons.get(person);
        let contacts = own.files(&of_month, &chosen, &persons);
        let (given, unpriced) = given(&of_month, &own, &chosen, &settlements, &contacts)?;
        let is_synthetic = self.is_synthetic();
        let prefix = if is_synthetic { "SYNTETISKA-DATA-" } else { "" };
        let mut earlier: Vec<String> = posted.iter().map(|line| line.settlement.clone()).collect();
        earlier.dedup();
        let known: Vec<_> =
            texts.into_iter().filter(|text| text.revision <= i64::from(last.revision)).collect();
        let elements = lines.iter().map(|line| line.element.as_str()).collect();
        let files = (0..contacts.len()).map(|number| format!("{prefix}contacts-{number}.csv"));
        let manifest = Manifest {
            form: FORM.to_owned(),
            mark: is_synthetic.then(|| MARK.to_owned()),
            origin: self.origin().name().to_owned(),
            unit: unit.to_owned(),
            month: month.to_string(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            previous: previous.map(|previous| BasisJson::new(&previous, 1)),
            settlements: of_month.settled(&settlements, &lines),
            earlier,
            decisions: known.iter().map(decided).collect(),
            elements: crate::bundle::marks(&self.register, last.revision, &elements),
            contacts: files.collect(),
            given,
            members: Vec::new(),
        };
        let decisions = known.into_iter().map(|text| text.body).collect();
        Ok(Bundle { manifest, decisions, contacts, posted, lines, unpriced })
    }

    /// The lines of settlements that are wanted, in order.
    fn lines_of<'s>(
        &self,
        settlements: impl IntoIterator<Item = &'s (impl std::borrow::Borrow<Settlement> + 's)>,
        is_wanted: impl Fn(&LineRow<'_>) -> bool,
    ) -> Result<Vec<Line>, Failure> {
        let settlements: Vec<&Settlement> =
            settlements.into_iter().map(std::borrow::Borrow::borrow).collect();
        let mut lines = Vec::new();
        let read = |number: usize| match settlements.get(number) {
            Some(settlement) => self.booked_lines(settlement),
            None => Err(Failure::NotThere),
        };
        crate::engine::in_order(settlements.len(), read, |number, booked| {
            let Some(settlement) = settlements.get(number) else { return Ok(()) };
            let from = lines.len();
            for line in booked.rows().filter(|line| is_wanted(line)) {
                lines.push(line_of(&settlement.booked.id, &line)?);
            }
            if let Some(own) = lines.get_mut(from..) {
                own.sort_by(|a: &Line, b: &Line| a.place().cmp(&b.place()));
            }
            Ok(())
        })?;
        Ok(lines)
    }

    /// The rates of monthly shares that the unit has had a part in.
    fn share_rates(&self, revision: u32, unit: &str) -> BTreeSet<String> {
        let view = self.register.view(revision);
        let is_recipient = view.keys.keys().any(|(_, _, recipient)| *recipient == unit)
            || view.capacity.keys().any(|(_, of)| of.as_str() == unit);
        let monthly = view.rates_in_force().filter(|rate| {
            is_recipient && matches!(&rate.fact.formula, Formula::Share { pay: Pay::Monthly, .. })
        });
        monthly.map(|rate| rate.fact.id.to_string()).collect()
    }
}

fn line_of(settlement: &str, line: &LineRow<'_>) -> Result<Line, Failure> {
    let Some(cause) = Cause::parse(line.cause) else {
        return Err(Failure::refused(
            format!("radfilen har en okänd orsak `{}`", line.cause),
            format!("the line file has an unknown cause `{}`", line.cause),
        ));
    };
    Ok(Line {
        settlement: settlement.to_owned(),
        contact_id: line.contact_id.map(str::to_owned),
        unit: line.unit.to_owned(),
        element: line.element.to_owned(),
        care_month: line.care_month,
        cause,
        payer: line.payer.to_owned(),
        payee: line.payee.to_owned(),
        payable: line.payable,
        rate: line.rate.to_owned(),
        total: Total { count: line.count, amount: line.amount },
    })
}

fn decided(text: &store::Revision) -> Decided {
    Decided {
        revision: u32::try_from(text.revision).unwrap_or(u32::MAX),
        recorded_on: text.recorded_on.to_string(),
        id: text.decision_id.clone(),
        file: format!("decisions/{:04}-{}.toml", text.revision, text.decision_id),
    }
}
