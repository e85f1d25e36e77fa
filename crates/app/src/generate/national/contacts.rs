//! The contacts of the national workload, in the order that they are reported.

use super::{BRANCHES, Branch, COMPLICATIONS, DAYS, FIRST_DAY, SEVERITIES, unit_id};
use crate::generate::chance::Chance;
use bulk::IdColumn;
use bulk::contact_out::Values;
use kernel::fact::ContactKind;
use kernel::intern::Texts;
use kernel::time::Day;
use std::io::{self, Write};

/// Rows made at a time.
const GROUP: u64 = 1 << 18;
/// Sets these streams apart from all others of a seed.
const STREAM: u64 = 0x6e61_7469_6f6e;

/// Home counties, another county, a word and blank; of a hundred contacts.
const RESIDENCES: [&str; 8] = ["0180", "0123", "0160", "0188", "0380", "1480", "asylum", ""];
const RESIDENCE_WEIGHTS: [u32; 8] = [50, 15, 12, 8, 6, 5, 2, 2];
const BLANK: u32 = u32::MAX;

/// Texts of a column, the same in every group, and a number for each row.
#[derive(Debug)]
pub struct TextColumn {
    texts: Texts,
    numbers: Vec<u32>,
}

impl TextColumn {
    fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut table = Texts::default();
        for text in texts {
            table.text(text);
        }
        Self { texts: table, numbers: Vec::new() }
    }

    fn values(&self) -> Values<'_> {
        Values::Text(&self.texts, &self.numbers)
    }

    fn push(&mut self, text: &str) {
        self.numbers.push(self.texts.find(text).unwrap_or(BLANK));
    }
}

/// Some rows in the columns of a contact file.
#[derive(Debug)]
pub struct ContactGroup {
    contact_id: IdColumn,
    person: IdColumn,
    /// Days since 1970-01-01.
    pub reported_on: Vec<i32>,
    /// Days since 1970-01-01.
    pub care_date: Vec<i32>,
    gestational_days: Vec<i32>,
    parity: Vec<i32>,
    individual: Vec<Option<bool>>,
    enrolled: Vec<Option<bool>>,
    by_team: Vec<Option<bool>>,
    unit: TextColumn,
    kind: TextColumn,
    drg: TextColumn,
    diagnoses: TextColumn,
    procedures: TextColumn,
    residence: TextColumn,
    place: TextColumn,
    carer: TextColumn,
    severity: TextColumn,
    complication: TextColumn,
}

impl ContactGroup {
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.care_date.len()
    }

    /// The columns by name.
    pub fn columns(&self) -> Vec<(&'static str, Values<'_>)> {
        vec![
            ("contact_id", Values::Id(&self.contact_id)),
            ("reported_on", Values::Day(&self.reported_on)),
            ("unit", self.unit.values()),
            ("person", Values::Id(&self.person)),
            ("kind", self.kind.values()),
            ("care_date", Values::Day(&self.care_date)),
            ("drg", self.drg.values()),
            ("diagnoses", self.diagnoses.values()),
            ("procedures", self.procedures.values()),
            ("residence", self.residence.values()),
            ("place", self.place.values()),
            ("individual", Values::Flag(&self.individual)),
            ("enrolled", Values::Flag(&self.enrolled)),
            ("by_team", Values::Flag(&self.by_team)),
            ("gestational_days", Values::Int(&self.gestational_days)),
            ("parity", Values::Int(&self.parity)),
            ("carer", self.carer.values()),
            ("class_severity", self.severity.values()),
            ("class_complication", self.complication.values()),
        ]
    }

    /// The rows as lines of CSV, blank fields left blank; `header` first gives the names.
    pub fn write_csv(&self, header: bool, out: &mut impl Write) -> io::Result<()> {
        let columns = self.columns();
        if header {
            let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            writeln!(out, "{}", names.join(","))?;
        }
        for row in 0..self.rows() {
            for (number, (_, values)) in columns.iter().enumerate() {
                if number > 0 {
                    out.write_all(b",")?;
                }
                match *values {
                    Values::Id(ids) => write!(out, "{}", ids.get(row).unwrap_or(""))?,
                    Values::Text(texts, numbers) => write!(out, "{}", texts.get(numbers[row]))?,
                    Values::Day(days) => write!(out, "{}", Day::from_number(days[row]))?,
                    Values::Int(numbers) if numbers[row] != i32::MIN => {
                        write!(out, "{}", numbers[row])?;
                    }
                    Values::Flag(flags) => {
                        write!(
                            out,
                            "{}",
                            flags[row].map_or("", |flag| if flag { "ja" } else { "nej" })
                        )?;
                    }
                    Values::Int(_) => {}
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn new() -> Self {
        let items = || BRANCHES.iter().flat_map(|branch| branch.items);
        let units: Vec<String> = (0..BRANCHES.iter().map(|b| b.units).sum()).map(unit_id).collect();
        let carers: Vec<String> = (0..units.len() * CARERS).map(carer).collect();
        Self {
            contact_id: IdColumn::default(),
            person: IdColumn::default(),
            reported_on: Vec::new(),
            care_date: Vec::new(),
            gestational_days: Vec::new(),
            parity: Vec::new(),
            individual: Vec::new(),
            enrolled: Vec::new(),
            by_team: Vec::new(),
            unit: TextColumn::of(units.iter().map(String::as_str)),
            kind: TextColumn::of(items().map(|(kind, _)| kind.name())),
            drg: TextColumn::of(items().map(|(_, code)| *code)),
            diagnoses: TextColumn::of([VAGINAL, CAESAREAN]),
            procedures: TextColumn::of(items().map(|(_, code)| *code)),
            residence: TextColumn::of(RESIDENCES.into_iter().filter(|text| !text.is_empty())),
            place: TextColumn::of(["home"]),
            carer: TextColumn::of(carers.iter().map(String::as_str)),
            severity: TextColumn::of(SEVERITIES),
            complication: TextColumn::of(COMPLICATIONS),
        }
    }
}

const VAGINAL: &str = "O80.0 Z37.0";
const CAESAREAN: &str = "O82.0 Z37.0";
/// Carers of each unit.
const CARERS: usize = 6;

fn carer(number: usize) -> String {
    format!("c-{number:04}")
}

/// The contacts, some hundred thousand at a time: the same count and seed always give the same.
pub fn groups(count: u64, seed: u64) -> impl Iterator<Item = ContactGroup> {
    let units: Vec<Vec<usize>> = BRANCHES.iter().map(units_by_size).collect();
    (0..count).step_by(GROUP as usize).map(move |first| {
        let maker = Maker { count, units: &units };
        let mut chance = Chance::new(seed, &[STREAM, first]);
        let mut group = ContactGroup::new();
        for row in first..count.min(first + GROUP) {
            maker.add(&mut group, row, &mut chance);
        }
        group
    })
}

/// Each unit as often as it is large: some are eight times as large as others.
fn units_by_size(branch: &Branch) -> Vec<usize> {
    (0..branch.units).flat_map(|unit| std::iter::repeat_n(unit, 1 + (unit * 5) % 8)).collect()
}

struct Maker<'m> {
    count: u64,
    units: &'m [Vec<usize>],
}

impl Maker<'_> {
    fn add(&self, group: &mut ContactGroup, row: u64, chance: &mut Chance) {
        let branch = chance.weighted(&BRANCHES.map(|branch| branch.permille));
        let before: usize = BRANCHES.iter().take(branch).map(|branch| branch.units).sum();
        let unit = before + chance.pick(&self.units[branch]).unwrap_or(0);
        let items = BRANCHES[branch].items;
        // The lesser of two draws: the first items are the commonest.
        let item = chance.below(items.len()).min(chance.below(items.len()));
        let (kind, code) = items[item];
        let (care, reported) = self.days(row, chance);
        group.contact_id.push(Some(&format!("N{row:08}")));
        let persons = (self.count / 9 + 1) as usize;
        group.person.push(Some(&format!("p-{:07}", chance.below(persons))));
        group.reported_on.push(reported);
        group.care_date.push(care);
        group.unit.numbers.push(unit as u32);
        group.kind.push(kind.name());
        group.residence.push(RESIDENCES[chance.weighted(&RESIDENCE_WEIGHTS)]);
        group.carer.numbers.push((unit * CARERS + chance.below(CARERS)) as u32);
        if kind == ContactKind::Delivery {
            delivery(group, code, chance);
        } else {
            visit(group, kind, code, chance);
        }
    }

    /// The day of care, and that of the report: most come within a month, a few after more than a year.
    fn days(&self, row: u64, chance: &mut Chance) -> (i32, i32) {
        let along = (row * DAYS as u64 / self.count) as i32;
        let reported = FIRST_DAY.number() + 20 + along;
        let lag = match chance.weighted(&[880, 90, 29, 1]) {
            0 => chance.between(0, 31),
            1 => chance.between(32, 92),
            2 => chance.between(93, 400),
            _ => chance.between(401, 700),
        };
        let first = FIRST_DAY.number();
        let care = reported - lag;
        let care = if care < first { first + chance.between(0, 20) } else { care };
        (care.min(first + DAYS - 1), reported)
    }
}

fn delivery(group: &mut ContactGroup, code: &'static str, chance: &mut Chance) {
    let enrolled = chance.of(0.12);
    group.drg.push(code);
    group.diagnoses.push(if code.starts_with("P01") { CAESAREAN } else { VAGINAL });
    group.procedures.numbers.push(BLANK);
    group.place.push(if chance.of(0.006) { "home" } else { "" });
    group.individual.push(None);
    group.enrolled.push(Some(enrolled));
    group.by_team.push(Some(enrolled && chance.of(0.7)));
    group.gestational_days.push(i32::MIN);
    group.parity.push(chance.weighted(&[43, 37, 20]) as i32);
    group.severity.push(SEVERITIES[chance.weighted(&[60, 25, 10, 5])]);
    group.complication.push(COMPLICATIONS[chance.weighted(&[70, 18, 8, 4])]);
}

fn visit(group: &mut ContactGroup, kind: ContactKind, code: &'static str, chance: &mut Chance) {
    group.drg.numbers.push(BLANK);
    group.diagnoses.numbers.push(BLANK);
    group.procedures.push(code);
    group.place.push(if kind == ContactKind::HomeVisit { "home" } else { "" });
    group.individual.push(Some(kind != ContactKind::GroupVisit));
    group.enrolled.push(None);
    group.by_team.push(Some(chance.of(0.1)));
    let weeks = chance.between(3, 20) * 2;
    group.gestational_days.push(weeks * 7);
    group.parity.push(i32::MIN);
    group.severity.numbers.push(BLANK);
    group.complication.numbers.push(BLANK);
}
