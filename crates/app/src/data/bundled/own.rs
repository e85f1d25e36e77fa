//! A unit's month, and which of all reports are the unit's own and bear on it.

use crate::bundle::{BasisJson, Line, Persons, Settled, contact_csv};
use kernel::contact::{Report, ReportKind, Reports};
use kernel::money::Money;
use kernel::price::Pricer;
use kernel::register::{Register, UnitCodes, UnitMeaning, View};
use kernel::settle::Basis;
use std::collections::{BTreeMap, BTreeSet};
use store::Settlement;

/// A unit's month: what its settlements rest on.
pub(super) struct Monthly<'d> {
    pub unit: &'d str,
    pub previous: Option<Basis>,
    pub bases: &'d [Basis],
    pub last: &'d Basis,
    pub register: &'d Register,
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

    pub fn settled(&self, settlements: &[Settlement], lines: &[Line]) -> Vec<Settled> {
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
pub(super) struct Own<'r> {
    pub reports: &'r Reports,
    /// For each view, what each unit code means, and the number of the unit.
    meanings: Vec<(Vec<UnitMeaning>, Option<u16>)>,
    last: Basis,
}

impl<'r> Own<'r> {
    pub fn new(month: &Monthly<'_>, reports: &'r Reports) -> Self {
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
    pub fn is_shared(&self, contact: u32) -> bool {
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
    pub fn chosen(&self, month: &Monthly<'_>, with_lines: &BTreeSet<&str>) -> BTreeSet<u32> {
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
    pub fn files(
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
    pub fn wide(&self, chosen: &BTreeSet<u32>) -> Reports {
        let told = |row: &&Report| row.kind != ReportKind::Cancellation;
        let rows = chosen.iter().flat_map(|contact| self.reports.of_contact(*contact));
        let persons: BTreeSet<u32> = rows.filter(told).map(|row| row.person).collect();
        let hers = self.reports.rows().iter().filter(told);
        let hers = hers.filter(|row| persons.contains(&row.person)).map(|row| row.contact);
        let contacts: BTreeSet<u32> = hers.chain(chosen.iter().copied()).collect();
        self.reports.subset(&contacts.into_iter().collect::<Vec<_>>())
    }
}
