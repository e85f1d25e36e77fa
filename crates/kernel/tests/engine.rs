//! The product's own path over a random world, in the form of the reference evaluator's output.

use crate::naive::{Line, Options, Output, RawRow};
use kernel::contact::Reports;
use kernel::fact::Decision;
use kernel::finding::Finding;
use kernel::intake::{Fault, Header, Intake, Row};
use kernel::known::{InForce, Resolver, Span, count_faults, in_force};
use kernel::price::{Amounts, Counts, Linked, Periods, Pricer, line_difference, unit_lines};
use kernel::register::{Register, check};
use kernel::time::Day;
use std::collections::{BTreeMap, BTreeSet};

/// Reports and register of a world, read once.
pub struct World {
    pub register: Register,
    intake: Intake,
    faults: Vec<Fault>,
}

impl World {
    pub fn new(decisions: &[Decision], rows: &[RawRow]) -> Self {
        let register = Register::from_ratebooks(decisions.iter().cloned());
        Self::in_batches(register, rows.iter().map(|row| (row, 0)))
    }

    /// Rows with the number of the batch they came in, in order of arrival.
    pub fn in_batches<'a>(
        register: Register,
        rows: impl Iterator<Item = (&'a RawRow, u32)> + Clone,
    ) -> Self {
        let names: BTreeSet<&str> =
            rows.clone().flat_map(|(row, _)| row.fields.keys()).map(String::as_str).collect();
        let compulsory = kernel::intake::COMPULSORY.map(|column| column.name());
        let names: Vec<&str> = names.into_iter().chain(compulsory).collect();
        let names: BTreeSet<&str> = names.into_iter().collect();
        let header = Header::read(names.iter().copied()).unwrap();
        let mut world = Self { register, intake: Intake::default(), faults: Vec::new() };
        let mut persons: BTreeMap<String, u32> = BTreeMap::new();
        for (row, batch) in rows {
            let texts = names.iter().map(|name| row.fields.get(*name).map_or("", String::as_str));
            let row = Row::new(&header, texts);
            let mut pseudonym = |person: &str| {
                let next = u32::try_from(persons.len()).unwrap();
                *persons.entry(person.to_owned()).or_insert(next)
            };
            if let Err(fault) = world.intake.read(&row, batch, Day::MIN, &mut pseudonym) {
                world.faults.push(fault);
            }
        }
        world
    }

    /// What was reported.
    pub fn reports(&self) -> &Reports {
        &self.intake.reports
    }

    /// What refuses this world as known on a day.
    pub fn refusals(&self, known_on: Day) -> Vec<Finding> {
        let decisions: Vec<&Decision> =
            self.register.log().iter().map(|recorded| recorded.decision.as_ref()).collect();
        let mut findings = check::check_files(&decisions);
        findings.retain(|finding| finding.refuses);
        let view = self.register.view(self.register.as_of(known_on));
        findings.extend(check::refusals(&view));
        findings
    }

    /// Prices one side; `split` divides the contacts as two threads would.
    pub fn price(&self, options: &Options, split: bool) -> (Output, Vec<kernel::price::Line<'_>>) {
        let reports = &self.intake.reports;
        let view = self.register.view(self.register.as_of(options.register_known_on));
        let span = Span {
            known_on: options.contacts_known_on,
            through: options.through,
            batches: u32::MAX,
        };
        let resolver = Resolver::new(reports, &view);
        let middle = if split { reports.contacts() / 2 } else { 0 };
        let mut known: InForce = in_force(reports, &resolver, &span, 0..middle);
        known.append(in_force(reports, &resolver, &span, middle..reports.contacts()));
        let mut pricer = Pricer::new(view);
        pricer.classify(reports);
        let periods = Periods::new(&pricer, &known.contacts);
        let contacts = &known.contacts;
        let linked = Linked::new(&mut pricer, contacts, &periods, reports).unwrap();
        for line in linked.year_lines() {
            let unit = contacts.unit[line.row as usize];
            assert!(pricer.pays_by_year_at(unit), "what its price rests on would not be read");
        }
        let half = if split { contacts.len() / 3 } else { 0 };
        let mut counts = Counts::count(&pricer, contacts, &periods, &linked, 0..half);
        let rest = half..contacts.len();
        counts.merge(Counts::count(&pricer, contacts, &periods, &linked, rest));
        let units = unit_lines(pricer.view(), options.through);
        let together = (contacts, &linked);
        let mut amounts =
            Amounts::new(&mut pricer, &counts, &periods, together, &units.lines).unwrap();
        amounts.rejected = count_faults(self.faults.iter(), &span);
        for (code, count) in &known.rejected {
            *amounts.rejected.entry(*code).or_default() += count;
        }
        let lines = pricer.lines(contacts, &linked, &units.lines).unwrap();
        assert_accounted(reports.rows().len(), &known, &amounts, &lines);
        (self.output(&amounts, &lines), lines)
    }

    /// D2 minus D1.
    pub fn difference(&self, d2: &Options, d1: &Options) -> Output {
        let ((o2, l2), (o1, l1)) = (self.price(d2, false), self.price(d1, false));
        let lines = line_difference(&l2, &l1);
        let mut difference = self.output(&Amounts::default(), &lines);
        for (rows, sign) in [(&o2.rows, 1), (&o1.rows, -1)] {
            for (key, (count, ore)) in rows {
                let row = difference.rows.entry(key.clone()).or_default();
                row.0 += sign * count;
                row.1 += sign * ore;
            }
        }
        difference.rows.retain(|_, total| *total != (0, 0));
        difference.unpriced = subtract(&o2.unpriced, &o1.unpriced);
        difference.rejected = subtract(&o2.rejected, &o1.rejected);
        difference
    }

    fn output(&self, amounts: &Amounts<'_>, lines: &[kernel::price::Line<'_>]) -> Output {
        let mut output = Output::default();
        for (key, total) in &amounts.rows {
            let key = (
                key.unit.to_owned(),
                key.month.to_string(),
                key.element.to_owned(),
                key.payer.to_owned(),
                key.payable,
            );
            if (total.count, total.amount.ore()) != (0, 0) {
                output.rows.insert(key, (total.count, total.amount.ore()));
            }
        }
        let names = amounts.unpriced.iter();
        output.unpriced = names.map(|(reason, count)| (reason.name().to_owned(), *count)).collect();
        let names = amounts.rejected.iter();
        output.rejected = names.map(|(code, count)| (code.name().to_owned(), *count)).collect();
        output.lines = lines.iter().map(|line| self.line(line)).collect();
        output.lines.sort();
        output
    }

    fn line(&self, line: &kernel::price::Line<'_>) -> Line {
        let id = |contact| self.intake.reports.contact_ids.get(contact).to_owned();
        Line {
            contact_id: line.contact.map(id),
            unit: line.key.unit.to_owned(),
            month: line.key.month.to_string(),
            element: line.key.element.to_owned(),
            payer: line.key.payer.to_owned(),
            payable: line.key.payable,
            rate: line.rate.to_owned(),
            count: line.total.count,
            amount: line.total.amount.ore(),
        }
    }
}

fn subtract(a: &BTreeMap<String, i64>, b: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let mut difference = a.clone();
    for (name, count) in b {
        *difference.entry(name.clone()).or_default() -= count;
    }
    difference.retain(|_, count| *count != 0);
    difference
}

/// Contacts in force = priced + unpriced: nobody is counted twice or lost.
fn assert_accounted(
    rows: usize,
    known: &InForce,
    amounts: &Amounts<'_>,
    lines: &[kernel::price::Line<'_>],
) {
    assert!(known.contacts.len() <= rows);
    let priced: BTreeSet<u32> = lines.iter().filter_map(|line| line.contact).collect();
    let unpriced: i64 = amounts.unpriced.values().sum();
    let accounted = i64::try_from(priced.len()).unwrap() + unpriced;
    assert_eq!(accounted, i64::try_from(known.contacts.len()).unwrap());
}
