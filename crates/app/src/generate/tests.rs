//! The files compared with their truth by the kernel's own intake, and the truth with the
//! published figures.

use super::*;
use kernel::contact::{ReportKind, Reports};
use kernel::fact::{ContactKind, UnitKind};
use kernel::finding::Code;
use kernel::intake::{Column, Header, Intake, Row};
use kernel::time::{Day, Period};
use std::collections::{BTreeMap, BTreeSet};

/// The capacity plan of December 2021 (vardgivarguiden.se), 2021–2025.
const CAPACITY: [(&str, &str, [u64; 5]); 7] = [
    ("bb-stockholm", "0162", [4000, 4000, 4000, 4000, 4000]),
    ("danderyd", "0162", [6700, 6300, 6100, 6000, 6000]),
    ("karolinska-huddinge", "0126", [4500, 4800, 4500, 4500, 4500]),
    ("karolinska-solna", "0184", [3200, 3600, 3200, 3200, 3200]),
    ("sankt-goran", "0180", [0, 0, 2000, 3000, 4000]),
    ("sodersjukhuset", "0180", [8000, 7600, 7200, 7200, 7200]),
    ("sodertalje", "0181", [2400, 2500, 2500, 2500, 2500]),
];

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn place(id: String, kind: UnitKind, municipality: &str) -> Place {
    Place {
        id,
        kind,
        municipality: Some(municipality.to_owned()),
        area_class: None,
        open: Period::inclusive(Some(day("2015-01-01")), None),
        planned_deliveries: BTreeMap::new(),
        holds_continuity_from: None,
        holds_home_birth_from: None,
    }
}

fn region() -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (id, municipality, plan) in CAPACITY {
        let mut clinic = place(id.to_owned(), UnitKind::DeliveryClinic, municipality);
        clinic.planned_deliveries =
            plan.iter().enumerate().map(|(nth, births)| (2021 + nth as i32, *births)).collect();
        if id == "karolinska-huddinge" {
            clinic.holds_continuity_from = Some(day("2022-01-01"));
            clinic.holds_home_birth_from = Some(day("2020-08-01"));
        }
        if id == "sankt-goran" {
            clinic.open.from = day("2023-04-01");
        }
        places.push(clinic);
    }
    let municipalities = || facts::MUNICIPALITIES.iter().map(|row| row.0).chain(["0188"]).cycle();
    for (nth, municipality) in municipalities().take(70).enumerate() {
        let mut clinic = place(format!("bmm-{nth}"), UnitKind::MidwifeClinic, municipality);
        clinic.area_class = Some((nth % 4 + 1).to_string());
        places.push(clinic);
    }
    for (nth, municipality) in municipalities().take(30).enumerate() {
        places.push(place(format!("ul-{nth}"), UnitKind::UltrasoundClinic, municipality));
    }
    for (nth, municipality) in municipalities().take(12).enumerate() {
        places.push(place(format!("fys-{nth}"), UnitKind::Physiotherapy, municipality));
    }
    places
}

fn plan(from: &str, to: &str, scale_permille: u32) -> Plan {
    Plan { seed: 1, from: month(from), to: month(to), scale_permille }
}

fn make(plan: &Plan) -> (Vec<(Month, String)>, Truth) {
    let mut months = months(plan, &region());
    let files = months.by_ref().map(|(month, csv)| (month, String::from_utf8(csv).unwrap()));
    (files.collect(), months.truth().clone())
}

/// A row that the intake took.
struct Taken {
    contact: u32,
    report: ReportKind,
    reported_on: Day,
    text: String,
    unit: String,
}

/// What reading the files finds.
#[derive(Default)]
struct Found {
    faults: BTreeMap<Code, u64>,
    rows: u64,
    taken: Vec<Taken>,
    reports: Reports,
}

fn read(files: &[(Month, String)]) -> Found {
    let mut intake = Intake::default();
    let mut found = Found::default();
    let mut persons = BTreeMap::new();
    for (month, csv) in files {
        let mut lines = csv.lines();
        let header = Header::read(lines.next().unwrap().split(',')).unwrap();
        let mut before = month.first_day();
        for line in lines {
            found.rows += 1;
            let row = Row::new(&header, line.split(','));
            let reported_on = day(row.get(Column::ReportedOn));
            assert!(reported_on >= before && reported_on <= month.last_day(), "{line}");
            before = reported_on;
            let mut pseudonym = |person: &str| {
                let next = persons.len() as u32;
                *persons.entry(person.to_owned()).or_insert(next)
            };
            match intake.read(&row, 0, Day::MIN, &mut pseudonym) {
                Ok(report) => found.taken.push(Taken {
                    contact: report.contact,
                    report: report.kind,
                    reported_on,
                    text: line.to_owned(),
                    unit: row.get(Column::Unit).to_owned(),
                }),
                Err(fault) => *found.faults.entry(fault.code).or_default() += 1,
            }
        }
    }
    found.reports = intake.reports;
    found
}

impl Found {
    /// Rejects what the register and the other rows reject, in the order of R19; gives the rest.
    fn accepted(&mut self, places: &[Place]) -> Vec<usize> {
        let units: BTreeSet<&str> = places.iter().map(|place| place.id.as_str()).collect();
        let mut accepted = Vec::new();
        for (number, taken) in self.taken.iter().enumerate() {
            let report = self.reports.rows()[number];
            let cancelled = taken.report == ReportKind::Cancellation;
            let fault = if cancelled {
                None
            } else if !units.contains(taken.unit.as_str()) {
                Some(Code::UnknownUnit)
            } else {
                (report.care_date > taken.reported_on).then_some(Code::CareDateAfterReport)
            };
            match fault {
                Some(code) => *self.faults.entry(code).or_default() += 1,
                None => accepted.push(number),
            }
        }
        let mut texts: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        let key = |number: usize| {
            let taken = &self.taken[number];
            (taken.contact, taken.reported_on, taken.report)
        };
        for number in &accepted {
            texts.entry(key(*number)).or_default().insert(&self.taken[*number].text);
        }
        let conflicts = |number: &usize| texts[&key(*number)].len() > 1;
        let rejected = accepted.iter().filter(|number| conflicts(number)).count() as u64;
        self.faults.insert(Code::ConflictingReports, rejected);
        accepted.into_iter().filter(|number| !conflicts(number)).collect()
    }
}

/// What a row-by-row reader finds in force.
#[derive(Default)]
struct InForce {
    kinds: BTreeMap<ContactKind, u64>,
    repeated_rows: u64,
    cell_samples: u64,
    without_days: u64,
}

fn in_force(found: &Found, accepted: &[usize]) -> InForce {
    let mut last: BTreeMap<u32, (Day, ReportKind, usize)> = BTreeMap::new();
    let mut texts = BTreeSet::new();
    let mut in_force = InForce::default();
    for number in accepted {
        let taken = &found.taken[*number];
        in_force.repeated_rows += u64::from(!texts.insert(taken.text.as_str()));
        let this = (taken.reported_on, taken.report, *number);
        let kept = last.entry(taken.contact).or_insert(this);
        *kept = this.max(*kept);
    }
    for (_, report, number) in last.values() {
        if *report != ReportKind::Cancellation {
            let profile = found.reports.rows()[*number].profile;
            let profile = found.reports.profile(profile).unwrap();
            *in_force.kinds.entry(profile.kind).or_default() += 1;
            in_force.cell_samples += u64::from(!profile.classes.is_empty());
            let counselling = profile.diagnoses.iter().any(|code| code.starts_with("Z30"));
            let is_visit = profile.kind == ContactKind::MidwifeVisit && !counselling;
            in_force.without_days += u64::from(is_visit && profile.gestational_days.is_none());
        }
    }
    in_force
}

#[test]
fn the_intake_finds_what_was_planted() {
    let (files, truth) = make(&plan("2022-10", "2024-03", 150));
    let mut found = read(&files);
    let accepted = found.accepted(&region());
    assert_eq!(found.faults, truth.faults);
    assert_eq!(found.faults.len(), 6);
    assert_eq!(found.rows, truth.rows);
    let in_force = in_force(&found, &accepted);
    assert_eq!(in_force.kinds, truth.in_force_by_kind);
    assert_eq!(in_force.kinds.values().sum::<u64>(), truth.in_force);
    assert_eq!(in_force.repeated_rows, truth.duplicates);
    assert_eq!(
        (in_force.cell_samples, in_force.without_days),
        (truth.cell_samples, truth.without_days)
    );
    assert!(truth.cell_samples > 1_000 && truth.without_days > 100);
    let of_contact = |number: &usize| found.taken[*number].contact;
    let contacts: BTreeSet<u32> = accepted.iter().map(of_contact).collect();
    assert_eq!(contacts.len() as u64, truth.contacts);
    let by_month: u64 = truth.faults_by_month.values().flat_map(BTreeMap::values).sum();
    assert_eq!(by_month, truth.faults.values().sum::<u64>());
}

#[test]
fn contacts_fall_where_clinics_are_open() {
    let (files, _) = make(&plan("2022-10", "2024-03", 100));
    let places = region();
    let open: BTreeMap<&str, Period> = places.iter().map(|p| (p.id.as_str(), p.open)).collect();
    let found = read(&files);
    for (number, taken) in found.taken.iter().enumerate() {
        let care_date = found.reports.rows()[number].care_date;
        if care_date != Day::MIN
            && let Some(open) = open.get(taken.unit.as_str())
        {
            assert!(open.contains(care_date), "{}", taken.text);
            assert!(care_date >= day("2022-10-01"), "{}", taken.text);
        }
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_a_longer_one_begins_with_them() {
    let short = make(&plan("2023-01", "2023-06", 20));
    assert_eq!(short, make(&plan("2023-01", "2023-06", 20)));
    let longer = make(&plan("2023-01", "2023-09", 20));
    assert_eq!(short.0, longer.0[..6]);
    let mut backwards = region();
    backwards.reverse();
    let mut again = months(&plan("2023-01", "2023-06", 20), &backwards);
    let bytes: Vec<Vec<u8>> = again.by_ref().map(|(_, csv)| csv).collect();
    assert!(bytes.iter().map(Vec::as_slice).eq(short.0.iter().map(|(_, csv)| csv.as_bytes())));
    let other_seed = make(&Plan { seed: 2, ..plan("2023-01", "2023-06", 20) });
    assert_ne!(short.0, other_seed.0);
}

/// Asserts that `part` of `whole` is a share within bounds.
fn assert_share(what: &str, part: u64, whole: u64, low: f64, high: f64) {
    let share = part as f64 / whole as f64;
    assert!((low..=high).contains(&share), "{what}: {share:.4} is not within {low}–{high}");
}

#[test]
fn births_are_as_published_and_planned() {
    let (_, truth) = make(&plan("2021-01", "2023-12", 1000));
    let births = |year| truth.births[&year].values().sum::<u64>();
    assert_eq!([births(2021), births(2022), births(2023)], [28_800, 26_221, 25_950]);
    for (nth, year) in (2021..=2023).enumerate() {
        let planned: u64 = CAPACITY.iter().map(|row| row.2[nth]).sum();
        for (id, _, plan) in CAPACITY {
            let exact = births(year) as f64 * plan[nth] as f64 / planned as f64;
            let made = truth.births[&year].get(id).copied().unwrap_or(0);
            assert!((made as f64 - exact).abs() <= 1.0, "{id} {year}: {made}, planned {exact}");
        }
        let counts = &truth.years[&year];
        let all = counts.births;
        let caesareans = counts.planned_caesareans + counts.acute_caesareans;
        assert_share("caesareans", caesareans, all, 0.165, 0.18);
        assert_share("planned ones", counts.planned_caesareans, caesareans, 0.47, 0.53);
        assert_share("instrumental", counts.instrumental, all, 0.046, 0.055);
        let elsewhere = [0.051, 0.057, 0.050][nth];
        assert_share("elsewhere", counts.elsewhere, all, elsewhere - 0.005, elsewhere + 0.005);
        assert_share("Norrtälje", counts.norrtalje, all, 0.019, 0.025);
        assert_share("out of county", counts.out_of_county, all, 0.009, 0.0135);
        assert_share("changed clinic", counts.changed_clinic, all, 0.052, 0.064);
        assert_share("moved in", counts.moved_in, all, 0.021, 0.028);
        assert!((60..=90).contains(&counts.at_home), "{}", counts.at_home);
        let chain = if year == 2021 { 0..=0 } else { 600..=680 };
        assert!(chain.contains(&counts.in_the_chain), "{}", counts.in_the_chain);
    }
    let visits =
        |pair: usize| truth.midwife_visits[pair] as f64 / truth.followed_women[pair] as f64;
    assert!((visits(0) - 10.5).abs() < 0.15, "{}", visits(0));
    assert!((visits(1) - 8.9).abs() < 0.15, "{}", visits(1));
    let faulty = truth.faults.values().sum();
    assert_share("faulty", faulty, truth.rows, 0.0025, 0.004);
    let late: u64 = truth.late.range(1..=3).map(|(_, contacts)| contacts).sum();
    assert_share("late", late, truth.contacts, 0.04, 0.08);
    let very_late: u64 = truth.late.range(4..).map(|(_, contacts)| contacts).sum();
    assert_share("very late", very_late, truth.contacts, 0.003, 0.006);
    let reports = |kind| truth.rows_by_report[&kind];
    assert_share("corrections", reports(ReportKind::Correction), truth.rows, 0.013, 0.018);
    assert_share("cancellations", reports(ReportKind::Cancellation), truth.rows, 0.003, 0.005);
    assert!(truth.women < truth.pregnancies);
    let births_in_force = truth.in_force_by_kind[&ContactKind::Delivery];
    assert_share("births in force", births_in_force, 28_800 + 26_221 + 25_950, 0.995, 1.005);
}

#[test]
fn the_truth_is_json() {
    let (_, truth) = make(&plan("2023-05", "2023-06", 20));
    let json = truth.to_json();
    assert!(json.starts_with("{\"after_span\":") && json.ends_with("}}"), "{json}");
    assert_eq!(json.matches('{').count(), json.matches('}').count());
    assert!(json.contains("\"rows_by_report\":{\"cancellation\":"), "{json}");
}
