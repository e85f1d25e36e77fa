//! What a contact would be paid if one thing had been reported otherwise.
//!
//! Owns: the changed report. Does not own: prices; both sides are priced by the same engine, and the difference is that of two
//! amounts (R27).

use super::{Bearing, DataFolder};
use crate::failure::Failure;
use kernel::contact::{Profile, Report, ReportKind, Reports};
use kernel::explain::explain;
use kernel::known::{Resolver, Span, in_force};
use kernel::money::Money;
use kernel::price::Pricer;
use kernel::time::Day;
use std::sync::Arc;

/// A field that says yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YesNo {
    /// Enrolled in the chain.
    Enrolled,
    /// By the woman's own team.
    ByTeam,
    /// An individual visit.
    Individual,
}

/// What would be otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// The field.
    pub field: YesNo,
    /// What it would say; none for blank.
    pub value: Option<bool>,
    /// How much more would be paid.
    pub more: Money,
    /// How much more would be computed as a shadow.
    pub shadow: Money,
}

/// What a contact comes to: paid, and as a shadow.
type Paid = (Money, Money);

impl DataFolder {
    /// Every single change of a yes or no of a contact that would change its amount, as known on a day. Nothing where its amount
    /// depends on its place in the year of its unit, or where it is not in force.
    pub fn otherwise(&self, contact: &str, known_on: Day) -> Result<Vec<Otherwise>, Failure> {
        let Some(reports) = self.loaded_reports() else { return Ok(Vec::new()) };
        let Some(number) = reports.contact_ids.find(contact) else { return Ok(Vec::new()) };
        let view = self.register().view(self.register().as_of(known_on));
        let mut pricer = Pricer::new(view);
        let same = match Bearing::of(&pricer, reports, number) {
            Bearing::Itself => reports.subset(&[number]),
            Bearing::SamePerson => reports.subset(&reports.contacts_of_same_person(number)),
            Bearing::Everything => return Ok(Vec::new()),
        };
        let span = Span { known_on, through: known_on, batches: u32::MAX };
        let Some(now) = paid(&mut pricer, &same, contact, &span)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (field, value, changed) in changes(&pricer, &same, contact, &span) {
            let Some(then) = paid(&mut pricer, &changed, contact, &span)? else { continue };
            let (more, shadow) = (then.0 - now.0, then.1 - now.1);
            if (more, shadow) != (Money::ZERO, Money::ZERO) {
                found.push(Otherwise { field, value, more, shadow });
            }
        }
        Ok(found)
    }
}

/// What a contact comes to among some reports; none where it is not in force.
fn paid(
    pricer: &mut Pricer<'_>,
    reports: &Reports,
    contact: &str,
    span: &Span,
) -> Result<Option<Paid>, Failure> {
    let Some(number) = reports.contact_ids.find(contact) else { return Ok(None) };
    let resolver = Resolver::new(reports, pricer.view());
    let contacts = in_force(reports, &resolver, span, 0..reports.contacts()).contacts;
    let Ok(at) = contacts.contact.binary_search(&number) else { return Ok(None) };
    pricer.classify(reports);
    let explanation = explain(pricer, reports, &contacts, at)?;
    Ok(explanation.map(|explanation| (explanation.total, explanation.shadow)))
}

/// The reports with one field of the contact changed by a correction on the last day of the span.
fn changes(
    pricer: &Pricer<'_>,
    reports: &Reports,
    contact: &str,
    span: &Span,
) -> Vec<(YesNo, Option<bool>, Reports)> {
    let Some(number) = reports.contact_ids.find(contact) else { return Vec::new() };
    let resolver = Resolver::new(reports, pricer.view());
    let known = in_force(reports, &resolver, span, number..number + 1).contacts;
    let Some(profile) = known.row(0).and_then(|row| reports.profile(row.profile).cloned()) else {
        return Vec::new();
    };
    let last = reports.of_contact(number).filter(|report| report.kind != ReportKind::Cancellation);
    let Some(last) = last.max_by_key(|report| (report.reported_on, report.batch)).copied() else {
        return Vec::new();
    };
    // Whatever is classed by its number of profile must mean the same in all of them.
    let mut all = reports.clone();
    let mut wanted = Vec::new();
    for field in [YesNo::Enrolled, YesNo::ByTeam, YesNo::Individual] {
        let said = value(&profile, field);
        for value in [Some(true), None].into_iter().filter(|value| *value != said) {
            let profile = with(&profile, field, value);
            let number =
                all.profiles.number(&profile, |profile: &Profile| Arc::new(profile.clone()));
            wanted.push((field, value, number));
        }
    }
    let mut made = Vec::new();
    for (field, value, profile) in wanted {
        let mut changed = all.clone();
        let (kind, reported_on) = (ReportKind::Correction, span.known_on);
        changed.push(Report { kind, reported_on, profile, ..last });
        made.push((field, value, changed));
    }
    made
}

const fn value(profile: &Profile, field: YesNo) -> Option<bool> {
    match field {
        YesNo::Enrolled => profile.enrolled,
        YesNo::ByTeam => profile.by_team,
        YesNo::Individual => profile.individual,
    }
}

fn with(profile: &Profile, field: YesNo, value: Option<bool>) -> Profile {
    let mut changed = profile.clone();
    match field {
        YesNo::Enrolled => changed.enrolled = value,
        YesNo::ByTeam => changed.by_team = value,
        YesNo::Individual => changed.individual = value,
    }
    changed
}
