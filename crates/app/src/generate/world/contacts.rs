//! The contact files of a small world: pregnancies with visits on the days where periods meet, reports that
//! supersede, cancel and contradict each other, and rows with every fault.

use super::{DELIVERY_UNITS, MIDWIFE_UNITS, ULTRASOUND_UNITS, edge};
use crate::generate::chance::Chance;
use kernel::time::Day;

const COLUMNS: [&str; 19] = [
    "contact_id",
    "report",
    "reported_on",
    "unit",
    "person",
    "kind",
    "care_date",
    "drg",
    "diagnoses",
    "procedures",
    "residence",
    "place",
    "individual",
    "enrolled",
    "by_team",
    "gestational_days",
    "parity",
    "class_grupp",
    "carer",
];
const SWEDISH: [&str; 19] = [
    "kontakt_id",
    "rapport",
    "rapporterad",
    "enhet",
    "personnummer",
    "kontakttyp",
    "vårddatum",
    "drg_kod",
    "diagnoser",
    "åtgärder",
    "folkbokföring",
    "plats",
    "individuellt",
    "inskriven",
    "av_teamet",
    "graviditetsdagar",
    "paritet",
    "klass_grupp",
    "vårdgivare",
];

/// Fields of a row in the order of [`COLUMNS`].
#[derive(Clone)]
struct Row([String; COLUMNS.len()]);

impl Row {
    fn set(&mut self, column: &str, value: impl Into<String>) -> &mut Self {
        if let Some(at) = COLUMNS.iter().position(|name| *name == column) {
            self.0[at] = value.into();
        }
        self
    }
}

/// Days of pregnancy at which a period begins, ends or is blank.
const GESTATION: [&str; 11] = ["0", "1", "70", "139", "140", "180", "216", "217", "280", "320", ""];

struct Maker<'c> {
    chance: &'c mut Chance,
    rows: Vec<Row>,
    next: u32,
}

/// Files of the folder `contacts`: rows in three files, the last with Swedish names and semicolons.
pub(super) fn files(chance: &mut Chance) -> Vec<(String, String)> {
    let mut maker = Maker { chance, rows: Vec::new(), next: 0 };
    for person in 0..14 {
        let person = person_number(person, maker.chance);
        maker.pregnancies(&person);
    }
    maker.others();
    maker.reports();
    maker.faults();
    let third = maker.rows.len().div_ceil(3);
    let parts = maker.rows.chunks(third).zip(1..);
    parts
        .map(|(rows, number)| {
            let text =
                if number == 3 { text(&SWEDISH, rows, ';') } else { text(&COLUMNS, rows, ',') };
            (format!("contacts/SYNTETISKA-DATA-{number}.csv"), text)
        })
        .collect()
}

fn text(header: &[&str], rows: &[Row], separator: char) -> String {
    let separator = separator.to_string();
    let mut text = header.join(&separator) + "\n";
    for row in rows {
        text += &(row.0.join(&separator) + "\n");
    }
    text
}

/// Persons that nobody is: reserve numbers, pseudonyms, and births of the 1890s in several forms.
fn person_number(number: usize, chance: &mut Chance) -> String {
    let serial = chance.between(980, 998);
    let month = chance.between(1, 12);
    match number % 5 {
        0 => with_check_digit(
            "99",
            &format!("19{:02}{:05}", 80 + number, chance.between(0, 99_999)),
            4,
        ),
        1 => format!("p-{number}"),
        2 => with_check_digit("18", &format!("91{month:02}28{serial}"), 2),
        // A coordination number: the day and 60.
        3 => with_check_digit("18", &format!("92{month:02}{}{serial}", 61 + number), 2),
        _ => {
            let long = with_check_digit("18", &format!("93{month:02}15{serial}"), 2);
            format!("{}+{}", &long[2..8], &long[8..])
        }
    }
}

/// The Luhn digit over what stands from `from` on in the whole number.
fn with_check_digit(century: &str, rest: &str, from: usize) -> String {
    let digits = format!("{century}{rest}");
    let places = digits.bytes().skip(from).collect::<Vec<_>>();
    let sum: u32 = places
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let product = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

impl Maker<'_> {
    fn pick(&mut self, values: &[&'static str]) -> &'static str {
        self.chance.pick(values).unwrap_or("")
    }

    fn id(&mut self) -> String {
        self.next += 1;
        format!("V{:04}", self.next)
    }

    fn day(&mut self) -> Day {
        if self.chance.of(0.3) {
            return edge(self.chance);
        }
        Day::from_number(self.chance.between(18_628, 19_900))
    }

    /// A contact reported for the first time, some days after or with a blank day.
    fn contact(&mut self, kind: &str, unit: &str, person: &str, care: Day) -> Row {
        let mut row = Row(Default::default());
        let lag = match self.chance.weighted(&[70, 20, 10]) {
            0 => self.chance.between(0, 20),
            1 => self.chance.between(40, 90),
            _ => self.chance.between(150, 400),
        };
        let reported = if self.chance.of(0.1) { String::new() } else { care.plus(lag).to_string() };
        let report = if self.chance.of(0.5) { "new" } else { "" };
        let residence = self.pick(&["0180", "0180", "0123", "0188", "0380", "asylum", ""]);
        row.set("contact_id", self.id()).set("report", report).set("reported_on", reported);
        row.set("unit", unit).set("person", person).set("kind", kind);
        row.set("care_date", care.to_string()).set("residence", residence).set("carer", "c-1");
        row
    }

    fn midwife_unit(&mut self) -> &'static str {
        match self.chance.below(6) {
            0 => "K-bmm-ek",
            1 => "SE2321000016-BMMAL",
            _ => self.pick(&MIDWIFE_UNITS),
        }
    }

    /// Two pregnancies of a woman, the second beginning 84 or 85 days after the first, or a year later.
    fn pregnancies(&mut self, person: &str) {
        let first = self.day();
        let gap = self.chance.pick(&[84, 85, 365]).unwrap_or(365);
        for start in [first, first.plus(gap)] {
            for _ in 0..self.chance.between(2, 5) {
                let days = self.pick(&GESTATION);
                let care = start.plus(days.parse().unwrap_or(100));
                let unit = self.midwife_unit();
                let individual = self.pick(&["ja", "1", "TRUE", "true", "nej"]);
                let mut row = self.contact("midwife-visit", unit, person, care);
                row.set("individual", individual).set("gestational_days", days);
                self.rows.push(row);
            }
            let born = start.plus(self.chance.between(259, 290));
            self.delivery(person, born);
        }
    }

    fn delivery(&mut self, person: &str, born: Day) {
        let unit = self.pick(&DELIVERY_UNITS);
        let mut row = self.contact("delivery", unit, person, born);
        row.set("drg", self.pick(&["P05E", "p05e", "P05C", "P01E", "P06N", ""]));
        row.set("diagnoses", self.pick(&["O80.0 Z37.0", "O80.0 O70.1 Z37.0", "Z37.0 O82.1", ""]));
        row.set("place", self.pick(&["", "", "home"]));
        row.set("enrolled", self.pick(&["ja", "nej", "1", "0", ""]));
        row.set("by_team", self.pick(&["ja", "nej", ""]));
        row.set("parity", self.pick(&["0", "1", "4", ""]));
        self.rows.push(row);
    }

    /// Every other kind of contact.
    fn others(&mut self) {
        for number in 0..40 {
            let kind = self.pick(&[
                "doctor-visit",
                "group-visit",
                "home-visit",
                "ultrasound",
                "phone",
                "other",
                "postnatal-visit",
                "inpatient",
                "physiotherapy-visit",
            ]);
            let unit = match kind {
                "ultrasound" => self.pick(&ULTRASOUND_UNITS[..1]),
                "inpatient" => self.pick(&DELIVERY_UNITS),
                _ => self.pick(&MIDWIFE_UNITS),
            };
            let care = self.day();
            let mut row = self.contact(kind, unit, &format!("p-annan-{number}"), care);
            row.set("individual", self.pick(&["nej", "false", "0", ""]));
            row.set("procedures", self.pick(&["AM012", "AM 0.34", "XX100", ""]));
            row.set("class_grupp", self.pick(&["liten", "stor", "okand", ""]));
            self.rows.push(row);
        }
        // Before a unit is under agreement, and before the county's payer pays.
        for (unit, care) in [("bmm-bok", "2021-05-05"), ("bmm-ek", "2021-01-01")] {
            let care = Day::parse(care).unwrap_or(Day::MIN);
            let mut row = self.contact("phone", unit, "p-tidig", care);
            row.set("residence", "0180").set("reported_on", "");
            self.rows.push(row);
        }
    }

    /// Corrections, cancellations, repetitions and contradictions of rows that there are.
    fn reports(&mut self) {
        let first: Vec<Row> = self.rows.clone();
        for row in first {
            let care = Day::parse(&row.0[6]).unwrap_or(Day::MIN);
            let reported = Day::parse(&row.0[2]).unwrap_or_else(|| care.plus(30));
            let later = reported.plus(self.chance.between(0, 200)).to_string();
            match self.chance.below(12) {
                0 => {
                    let mut corrected = row.clone();
                    let moved = care.plus(self.chance.between(-40, 0)).to_string();
                    corrected.set("report", "correction").set("reported_on", later);
                    corrected.set("care_date", moved);
                    self.rows.push(corrected);
                }
                1 => {
                    let mut cancelled = Row(Default::default());
                    cancelled.set("contact_id", row.0[0].clone());
                    cancelled.set("report", "cancellation").set("reported_on", later.clone());
                    self.rows.push(cancelled);
                    if self.chance.of(0.4) {
                        let mut again = row.clone();
                        let day = reported.plus(300).to_string();
                        again.set("report", "new").set("reported_on", day);
                        self.rows.push(again);
                    }
                }
                2 => self.rows.push(row.clone()),
                3 => {
                    let mut other = row.clone();
                    let another = if row.0[18] == "c-2" { "c-3" } else { "c-2" };
                    other.set("carer", another);
                    self.rows.push(other);
                }
                _ => {}
            }
        }
        let mut alone = Row(Default::default());
        alone.set("contact_id", "V-AVBRUTEN").set("report", "cancellation");
        alone.set("reported_on", "2022-01-10");
        self.rows.push(alone);
    }

    /// Rows with each fault of R19, some in a correction, so that the earlier report stays (R16).
    fn faults(&mut self) {
        for (column, value) in [
            ("kind", ""),
            ("contact_id", ""),
            ("care_date", "2023-02-29"),
            ("kind", "förlossning"),
            ("individual", "kanske"),
            ("gestational_days", "321"),
            ("parity", "-1"),
            ("report", "ändring"),
            ("person", "991981000011"),
            ("person", "18921331-9800"),
            ("unit", "bmm-finns-ej"),
            ("reported_on", "2020-12-31"),
        ] {
            let care = self.day();
            let mut row = self.contact("phone", "bmm-ek", "p-fel", care);
            row.set(column, value);
            self.rows.push(row);
        }
        let correction = self.rows.first().cloned();
        if let Some(mut row) = correction {
            row.set("report", "correction").set("reported_on", "2025-01-15").set("unit", "borta");
            self.rows.push(row);
        }
    }
}
