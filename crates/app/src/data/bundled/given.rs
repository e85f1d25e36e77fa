//! What must be given in a receipt, because it rests on contacts of other units.
//!
//! The receipt's own reports are held against all reports of the same women, step by step; where they say the same, nothing is given.

use super::super::compared::Given;
use super::own::{Monthly, Own};
use crate::bundle::{GivenFact, Outcome, Seen, Step, standing};
use crate::failure::Failure;
use kernel::contact::Reports;
use kernel::register::View;
use kernel::settle::Basis;
use std::collections::{BTreeMap, BTreeSet};
use store::Settlement;

pub(super) type Unpriced = BTreeMap<String, kernel::price::Reason>;

/// What must be given so that the receipt's own reports stand as they do among all; and what has no price at last.
pub(super) fn given(
    month: &Monthly<'_>,
    own: &Own<'_>,
    chosen: &BTreeSet<u32>,
    settlements: &[Settlement],
    files: &[String],
) -> Result<(Vec<GivenFact>, Unpriced), Failure> {
    let wide = own.wide(chosen);
    let (alone, _) = crate::bundle::read_contacts(files)?;
    let shared: BTreeSet<&str> = chosen
        .iter()
        .filter(|contact| own.is_shared(**contact))
        .map(|contact| own.reports.contact_ids.get(*contact))
        .collect();
    let first_file = 1 + u32::from(month.previous.is_some());
    let mut facts = Vec::new();
    let mut unpriced = Unpriced::new();
    let mut previous = month.previous;
    for ((settlement, basis), files) in settlements.iter().zip(month.bases).zip(first_file..) {
        let alone_basis = Basis { batches: files, ..*basis };
        for (step, [structure, prices]) in steps(previous.as_ref(), basis) {
            let register = month.register;
            let views = || {
                let known = register.view(structure);
                [known, register.mixed_view(structure, prices)]
            };
            let mut all = standing(views(), &wide, basis, &Given::default())?;
            all.retain(|id, seen| {
                seen.unit == month.unit
                    && wide.contact_ids.find(id.as_str()).is_some()
                    && alone.contact_ids.find(id.as_str()).is_some()
            });
            let told = Told { month, alone: &alone, basis: &alone_basis, shared: &shared };
            let outcomes = told.outcomes(&views, &all)?;
            let settlement = settlement.booked.id.clone();
            facts.extend(outcomes.into_iter().map(|(contact_id, outcome, months)| GivenFact {
                settlement: settlement.clone(),
                contact_id,
                under: step,
                outcome,
                months,
            }));
            if step == Step::Now {
                let without =
                    all.iter().filter_map(|(id, seen)| Some((id.clone(), seen.unpriced?)));
                unpriced = without.collect();
            }
        }
        previous = Some(*basis);
    }
    facts.sort();
    Ok((facts, unpriced))
}

/// The steps of a settlement, each with the revisions of its structure and its prices.
fn steps(previous: Option<&Basis>, basis: &Basis) -> Vec<(Step, [u32; 2])> {
    let now = (Step::Now, [basis.revision; 2]);
    match previous.filter(|previous| previous.revision != basis.revision) {
        None => vec![now],
        Some(Basis { revision: old, .. }) => {
            vec![(Step::Reports, [*old; 2]), (Step::Agreement, [basis.revision, *old]), now]
        }
    }
}

/// The receipt's own reports, to be held against all.
struct Told<'t> {
    month: &'t Monthly<'t>,
    alone: &'t Reports,
    basis: &'t Basis,
    shared: &'t BTreeSet<&'t str>,
}

impl Told<'_> {
    /// Where the receipt alone says something else than all reports do.
    fn outcomes<'r>(
        &self,
        views: &dyn Fn() -> [View<'r>; 2],
        all: &BTreeMap<String, Seen>,
    ) -> Result<Vec<(String, Outcome, Option<u16>)>, Failure> {
        let mut given = Given::default();
        let mut outcomes = Vec::new();
        let number = |id: &str| self.alone.contact_ids.find(id);
        for (id, seen) in standing(views(), self.alone, self.basis, &given)? {
            let Some(contact) = number(&id).filter(|_| seen.unit == self.month.unit) else {
                continue;
            };
            match all.get(&id) {
                None => {
                    given.elsewhere.insert(contact);
                    outcomes.push((id, Outcome::Elsewhere, None));
                }
                Some(right) if self.shared.contains(id.as_str()) => {
                    given.lag_months.insert(contact, right.lag_months);
                    outcomes.push((id, Outcome::ReportedElsewhere, Some(right.lag_months)));
                }
                Some(_) => {}
            }
        }
        for (id, seen) in standing(views(), self.alone, self.basis, &given)? {
            let right = all.get(&id).filter(|right| right.is_included != seen.is_included);
            let outcome = right.map(|right| match right.is_included {
                true => Outcome::IncludedInPeriod,
                false => Outcome::TakesPeriod,
            });
            outcomes.extend(outcome.map(|outcome| (id, outcome, None)));
        }
        Ok(outcomes)
    }
}
