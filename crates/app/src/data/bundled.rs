//! A receipt out of the data folder: the unit's own reports and lines, and what rests on others' contacts as given facts.
//!
//! Owns: which contacts bear on a month's lines, and what must be given. Does not own: the form of a receipt (`bundle`).
//! Of other units' contacts it says nothing but whether the unit's own is paid.

use super::DataFolder;
use super::compared::Given;
use super::settling::basis_of;
use crate::bundle::{
    BasisJson, Bundle, Decided, FORM, GivenFact, Line, Manifest, Outcome, Persons, Seen, Settled,
    Step, contact_csv, standing,
};
use crate::failure::Failure;
use bulk::lines::LineRow;
use kernel::contact::{Report, ReportKind, Reports};
use kernel::fact::{Formula, Pay};
use kernel::money::Money;
use kernel::price::{Pricer, Total};
use kernel::register::{Register, UnitCodes, UnitMeaning, View};
use kernel::settle::{Basis, Cause};
use kernel::time::Month;
use std::collections::{BTreeMap, BTreeSet};
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
        let mut lines = Vec::new();
        for settlement in settlements {
            let settlement: &Settlement = settlement.borrow();
            let booked = self.booked_lines(settlement)?;
            let from = lines.len();
            for line in booked.rows().filter(|line| is_wanted(line)) {
                lines.push(line_of(&settlement.booked.id, &line)?);
            }
            if let Some(own) = lines.get_mut(from..) {
                own.sort_by(|a: &Line, b: &Line| a.place().cmp(&b.place()));
            }
        }
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

/// A unit's month: what its settlements rest on.
struct Monthly<'d> {
    unit: &'d str,
    previous: Option<Basis>,
    bases: &'d [Basis],
    last: &'d Basis,
    register: &'d Register,
}

impl<'d> Monthly<'d> {
    /// Everything that was known at the settlement before, and at each of the month.
    fn all(&self) -> impl Iterator<Item = &Basis> {
        self.previous.iter().chain(self.bases)
    }

    fn views(&self) -> Vec<View<'d>> {
        let revisions: BTreeSet<u32> = self.all().map(|basis| basis.revision).collect();
        revisions.into_iter().map(|revision| self.register.view(revision)).collect()
    }

    fn settled(&self, settlements: &[Settlement], lines: &[Line]) -> Vec<Settled> {
        let first = 1 + u32::from(self.previous.is_some());
        let settled = settlements.iter().zip(self.bases).zip(first..);
        let settled = settled.map(|((settlement, basis), files)| {
            let id = &settlement.booked.id;
            let own = || lines.iter().filter(|line| line.settlement == *id);
            let sum = |payable| -> Money {
                let those = own().filter(|line| line.payable == payable);
                those.map(|line| line.total.amount).sum()
            };
            Settled {
                id: id.clone(),
                engine: settlement.booked.engine.clone(),
                hash: settlement.booked.lines_hash.clone(),
                basis: BasisJson::new(basis, files),
                lines: own().count(),
                total_ore: sum(true).ore(),
                shadow_ore: sum(false).ore(),
            }
        });
        settled.collect()
    }
}

/// The unit's own reports among all.
struct Own<'r> {
    reports: &'r Reports,
    /// For each view, what each unit code means, and the number of the unit.
    meanings: Vec<(Vec<UnitMeaning>, Option<u16>)>,
    last: Basis,
}

impl<'r> Own<'r> {
    fn new(month: &Monthly<'_>, reports: &'r Reports) -> Self {
        let meanings = month.views().into_iter().map(|view| {
            let codes = UnitCodes::new(&view);
            let codes = reports.unit_codes.values().iter().map(|code| codes.meaning(code));
            (codes.collect(), view.unit_number(month.unit))
        });
        Self { reports, meanings: meanings.collect(), last: *month.last }
    }

    fn is_known(&self, report: &Report) -> bool {
        report.batch < self.last.batches && report.reported_on <= self.last.cutoff
    }

    /// Whether a report is the unit's by what was known at any of the settlements.
    fn is_own(&self, report: &Report) -> bool {
        let means = |(codes, unit): &(Vec<UnitMeaning>, Option<u16>)| {
            let code = codes.get(report.unit_code as usize);
            unit.is_some() && code.and_then(|code| code.on(report.care_date)) == *unit
        };
        report.kind != ReportKind::Cancellation
            && self.is_known(report)
            && self.meanings.iter().any(means)
    }

    fn own_rows(&self, contact: u32) -> impl Iterator<Item = &Report> {
        self.reports.of_contact(contact).filter(|report| self.is_own(report))
    }

    /// Whether another unit reported the contact too. A code that no unit has is nobody's, and such a row has no effect.
    fn is_shared(&self, contact: u32) -> bool {
        let is_meant = |report: &Report| {
            let code = report.unit_code as usize;
            let of_view = |codes: &Vec<UnitMeaning>| codes.get(code)?.on(report.care_date);
            self.meanings.iter().any(|(codes, _)| of_view(codes).is_some())
        };
        let others = self.reports.of_contact(contact);
        let told = others.filter(|row| row.kind != ReportKind::Cancellation && self.is_known(row));
        told.into_iter().any(|row| !self.is_own(row) && is_meant(row))
    }

    /// Contacts with lines, with care in the month or reported since the settlement before; and of those that another's
    /// price at the unit can rest on, the same woman's others and the unit's year.
    fn chosen(&self, month: &Monthly<'_>, with_lines: &BTreeSet<&str>) -> BTreeSet<u32> {
        let is_new = |row: &Report| {
            let known = |previous: &Basis| {
                row.batch < previous.batches && row.reported_on <= previous.cutoff
            };
            !month.previous.as_ref().is_some_and(known)
        };
        let mut of_person: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut of_year: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
        let mut chosen: BTreeSet<u32> = BTreeSet::new();
        for contact in 0..self.reports.contacts() {
            let is_of_month = |row: &Report| row.care_date.month() == self.last.month;
            let mut is_wanted = false;
            for row in self.own_rows(contact) {
                of_person.entry(row.person).or_default().push(contact);
                of_year.entry(row.care_date.year()).or_default().push(contact);
                let id = self.reports.contact_ids.get(contact);
                is_wanted |= is_new(row) || is_of_month(row) || with_lines.contains(id);
            }
            if is_wanted {
                chosen.insert(contact);
            }
        }
        let pricers: Vec<Pricer<'_>> = month.views().into_iter().map(Pricer::new).collect();
        let by_period = pricers.iter().any(Pricer::pays_by_period);
        let by_year = pricers.iter().any(|pricer| {
            let unit = pricer.view().unit_number(month.unit);
            unit.is_some_and(|unit| pricer.pays_by_year_at(unit))
        });
        let mut seen = chosen.iter().copied().collect::<Vec<u32>>();
        while let Some(contact) = seen.pop() {
            let mut also: Vec<u32> = Vec::new();
            for row in self.own_rows(contact) {
                if by_period {
                    also.extend(of_person.remove(&row.person).unwrap_or_default());
                }
                if by_year {
                    also.extend(of_year.remove(&row.care_date.year()).unwrap_or_default());
                }
            }
            seen.extend(also.into_iter().filter(|contact| chosen.insert(*contact)));
        }
        chosen
    }

    /// The chosen contacts' own reports, and their cancellations, by the settlement that first knew them.
    fn files(
        &self,
        month: &Monthly<'_>,
        chosen: &BTreeSet<u32>,
        persons: &Persons<'_>,
    ) -> Vec<String> {
        let batches: Vec<u32> = month.all().map(|basis| basis.batches).collect();
        let mut rows: Vec<Vec<&Report>> = vec![Vec::new(); batches.len()];
        for contact in chosen {
            for row in self.reports.of_contact(*contact).filter(|row| self.is_known(row)) {
                let file = batches.iter().position(|batches| row.batch < *batches);
                let is_told = row.kind == ReportKind::Cancellation || self.is_own(row);
                if let Some(rows) = file.and_then(|file| rows.get_mut(file)).filter(|_| is_told) {
                    rows.push(row);
                }
            }
        }
        rows.iter().map(|rows| contact_csv(self.reports, rows, persons)).collect()
    }

    /// The reports that say how the chosen contacts stand: all of the women's that they are about.
    fn wide(&self, chosen: &BTreeSet<u32>) -> Reports {
        let told = |row: &&Report| row.kind != ReportKind::Cancellation;
        let rows = chosen.iter().flat_map(|contact| self.reports.of_contact(*contact));
        let persons: BTreeSet<u32> = rows.filter(told).map(|row| row.person).collect();
        let hers = self.reports.rows().iter().filter(told);
        let hers = hers.filter(|row| persons.contains(&row.person)).map(|row| row.contact);
        let contacts: BTreeSet<u32> = hers.chain(chosen.iter().copied()).collect();
        self.reports.subset(&contacts.into_iter().collect::<Vec<_>>())
    }
}

type Unpriced = BTreeMap<String, kernel::price::Reason>;

/// What must be given so that the receipt's own reports stand as they do among all; and what has no price at last.
fn given(
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
