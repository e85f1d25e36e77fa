//! How many contacts a second are priced, from columns in memory to amounts.
//!
//! Owns: the measurements in `RESULTS.md`. Does not own: a pricing path of its own; everything here is
//! what the product calls, under the public decisions and the illustrative prices of `ratebook/`.
//!
//! `cargo bench -p bench` takes 10 million contacts, `cargo bench -p bench -- 1000000` another number.

use app::generate::columns;
use app::ratebook::read_folders;
use kernel::contact::{Contacts, Profile, Reports};
use kernel::fact::{Area, ContactKind};
use kernel::money::Money;
use kernel::price::{Amounts, Counts, Linked, Periods, Pricer};
use kernel::register::{Register, View};
use kernel::time::Day;
use std::hint::black_box;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

const CONTACTS: u32 = 10_000_000;
const SEED: u64 = 1;
const RUNS: usize = 9;
/// Contacts whose lines are summed one by one, as a check.
const SAMPLE: usize = 200_000;
/// The day before, and the day on which the raise of the continuity add-on was known.
const BEFORE: &str = "2023-01-30";
const AFTER: &str = "2023-01-31";
/// When everything in the ratebooks was known.
const NOW: &str = "2026-11-21";

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let count: u32 = numbers.next_back().unwrap_or(CONTACTS);
    let register = register();
    let view = || view(&register, NOW);
    let (reports, contacts) = workload(&view(), count);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(2);

    let mut pricer = Pricer::new(view());
    pricer.classify(&reports);
    let periods = Periods::new(&pricer, &contacts);
    let linked = linked(&mut pricer, &contacts, &periods, &reports);
    println!(
        "{count} contacts, {} units, {} profiles, {} rates, {} filled cells",
        view().histories.len(),
        reports.profiles.values().len(),
        pricer.rates().len(),
        Counts::count(&pricer, &contacts, &periods, &linked, 0..contacts.len()).filled().len(),
    );
    check_sample(&mut pricer, &contacts, &reports);
    println!("median (best) of {RUNS} runs");

    let (_, seconds) = timed(|| {
        let mut pricer = Pricer::new(view());
        pricer.classify(&reports);
        pricer
    });
    row("compile the view and classify", seconds, None);
    let (_, seconds) = timed(|| Periods::new(&pricer, &contacts));
    row("find the periods", seconds, Some((count, "contacts")));
    let (counts, seconds) =
        timed(|| Counts::count(&pricer, &contacts, &periods, &linked, 0..contacts.len()));
    row("count, 1 thread", seconds, Some((count, "contacts")));
    let (two, seconds) = timed(|| count_on(threads, &pricer, &contacts, &periods, &linked));
    row(&format!("count, {threads} threads"), seconds, Some((count, "contacts")));
    assert_eq!(counts, two, "one thread or many: the same counts");
    let (_, seconds) =
        timed(|| priced(&mut pricer.clone(), &counts, &periods, (&contacts, &linked)));
    row("price the counted cells", seconds, None);

    for threads in [1, threads] {
        let (_, seconds) = timed(|| price_all(view(), &reports, &contacts, threads));
        row(
            &format!("all of it, {threads} {}", if threads == 1 { "thread" } else { "threads" }),
            seconds,
            Some((count, "contacts")),
        );
    }
    let (_, seconds) = timed(|| difference(&register, &reports, &contacts, threads));
    row(&format!("known on two days, {threads} threads"), seconds, Some((count, "contacts")));
    let tenth = first(&contacts, contacts.len() / 10);
    let linked = self::linked(&mut pricer, &tenth, &periods, &reports);
    let (lines, seconds) = timed(|| pricer.lines(&tenth, &linked, &[]).expect("lines fit").len());
    row("lines, 1 thread", seconds, Some((u32::try_from(lines).expect("lines"), "lines")));
}

/// The ratebooks that come with the product, as known when each decision was.
fn register() -> Register {
    let ratebook = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ratebook");
    let read = read_folders(&[ratebook.join("stockholm"), ratebook.join("demo")]);
    let read = read.expect("the ratebooks of the product can be read");
    assert!(read.findings.is_empty(), "{:#?}", read.findings);
    Register::from_ratebooks(read.decisions)
}

fn view<'r>(register: &'r Register, day: &str) -> View<'r> {
    register.view(register.as_of(Day::parse(day).expect("a day")))
}

/// Evenly spread contacts at every unit; what is done at a unit is of the kind its agreement is about.
fn workload(view: &View<'_>, count: u32) -> (Reports, Contacts) {
    const SPREAD: u32 = 1 << 16;
    let mut reports = Reports::default();
    let mut numbers = |profiles: Vec<Profile>| -> Vec<u32> {
        let add = |profile: &Profile| reports.profiles.number(profile, |p| Arc::new(p.clone()));
        profiles.iter().map(add).collect()
    };
    let deliveries = numbers(deliveries());
    let visits = numbers(visits(&[
        ContactKind::MidwifeVisit,
        ContactKind::PostnatalVisit,
        ContactKind::HomeVisit,
        ContactKind::GroupVisit,
        ContactKind::Phone,
    ]));
    let scans = numbers(visits_with(&[ContactKind::Ultrasound, ContactKind::DoctorVisit], "AM012"));
    let day = Day::parse("2023-06-01").expect("a day");
    let of_unit: Vec<&[u32]> = view
        .histories
        .iter()
        .map(|history| match history.under(day).map(|under| under.agreement.fact.area) {
            Some(Area::MidwifeClinic) => visits.as_slice(),
            Some(Area::Ultrasound) => scans.as_slice(),
            _ => deliveries.as_slice(),
        })
        .collect();
    let units = u16::try_from(of_unit.len()).expect("units");
    let mut contacts = columns(count, SEED, units, SPREAD);
    for (unit, profile) in contacts.unit.iter().zip(&mut contacts.profile) {
        let profiles = of_unit[usize::from(*unit)];
        *profile = profiles[*profile as usize * profiles.len() / SPREAD as usize];
    }
    (reports, contacts)
}

const RESIDENCES: [Option<&str>; 8] = [
    Some("0180"),
    Some("0123"),
    Some("0160"),
    Some("0188"),
    Some("0380"),
    Some("1480"),
    Some("asylum"),
    None,
];

fn deliveries() -> Vec<Profile> {
    let drgs = ["P01A", "P01C", "P01E", "P05A", "P05C", "P05E"];
    let mut profiles = Vec::new();
    for drg in drgs {
        for residence in RESIDENCES {
            for (enrolled, parity) in
                [(None, 0), (Some(false), 1), (Some(true), 0), (Some(true), 2)]
            {
                for place in [None, Some("home")] {
                    let mut profile = plain(ContactKind::Delivery);
                    profile.drg = Some(drg.into());
                    profile.residence = residence.map(Arc::from);
                    profile.place = place.map(Arc::from);
                    profile.enrolled = enrolled;
                    profile.parity = Some(parity);
                    profiles.push(profile);
                }
            }
        }
    }
    profiles
}

fn visits(kinds: &[ContactKind]) -> Vec<Profile> {
    visits_with(kinds, "")
}

fn visits_with(kinds: &[ContactKind], procedure: &str) -> Vec<Profile> {
    let mut profiles = Vec::new();
    for kind in kinds {
        for residence in RESIDENCES {
            for gestational_days in (56..=280).step_by(28) {
                for by_team in [Some(true), Some(false)] {
                    let mut profile = plain(*kind);
                    profile.residence = residence.map(Arc::from);
                    profile.procedures = [procedure]
                        .iter()
                        .filter(|code| !code.is_empty())
                        .map(|code| (*code).into())
                        .collect();
                    profile.gestational_days = Some(gestational_days);
                    profile.by_team = by_team;
                    profile.individual = Some(true);
                    profiles.push(profile);
                }
            }
        }
    }
    profiles
}

fn plain(kind: ContactKind) -> Profile {
    Profile {
        kind,
        profession: None,
        drg: None,
        diagnoses: Vec::new(),
        procedures: Vec::new(),
        residence: None,
        place: None,
        individual: None,
        enrolled: None,
        by_team: None,
        gestational_days: None,
        parity: None,
        classes: Vec::new(),
    }
}

fn linked(
    pricer: &mut Pricer<'_>,
    contacts: &Contacts,
    periods: &Periods,
    reports: &Reports,
) -> Linked {
    Linked::new(pricer, contacts, periods, reports).expect("amounts fit")
}

fn count_on(
    threads: usize,
    pricer: &Pricer<'_>,
    contacts: &Contacts,
    periods: &Periods,
    linked: &Linked,
) -> Counts {
    let parts = parts(contacts.len(), threads);
    let count =
        |range: &Range<usize>| Counts::count(pricer, contacts, periods, linked, range.clone());
    thread::scope(|scope| {
        let (mine, others) = parts.split_first().expect("at least one part");
        let spawned: Vec<_> = others.iter().map(|range| scope.spawn(|| count(range))).collect();
        let mut counts = count(mine);
        for other in spawned {
            counts.merge(other.join().expect("a counting thread ends"));
        }
        counts
    })
}

fn parts(length: usize, parts: usize) -> Vec<Range<usize>> {
    (0..parts).map(|part| length * part / parts..length * (part + 1) / parts).collect()
}

fn priced<'r>(
    pricer: &mut Pricer<'r>,
    counts: &Counts,
    periods: &Periods,
    contacts: (&Contacts, &Linked),
) -> Amounts<'r> {
    Amounts::new(pricer, counts, periods, contacts, &[]).expect("amounts fit")
}

fn price_all<'r>(
    view: View<'r>,
    reports: &Reports,
    contacts: &Contacts,
    threads: usize,
) -> Amounts<'r> {
    let mut pricer = Pricer::new(view);
    pricer.classify(reports);
    let periods = Periods::new(&pricer, contacts);
    let linked = linked(&mut pricer, contacts, &periods, reports);
    let counts = count_on(threads, &pricer, contacts, &periods, &linked);
    priced(&mut pricer, &counts, &periods, (contacts, &linked))
}

/// What the raise of January 2023 changes, in amounts by unit, month, element and payer.
fn difference<'r>(
    register: &'r Register,
    reports: &Reports,
    contacts: &Contacts,
    threads: usize,
) -> Amounts<'r> {
    let after = price_all(view(register, AFTER), reports, contacts, threads);
    let before = price_all(view(register, BEFORE), reports, contacts, threads);
    let difference = after.minus(&before);
    let raised = difference.rows.keys().all(|key| key.element.ends_with("-add-on"));
    assert!(raised && !difference.rows.is_empty(), "the raise is of the add-ons alone");
    difference
}

fn first(contacts: &Contacts, count: usize) -> Contacts {
    Contacts {
        contact: contacts.contact[..count].to_vec(),
        unit: contacts.unit[..count].to_vec(),
        care_date: contacts.care_date[..count].to_vec(),
        person: contacts.person[..count].to_vec(),
        profile: contacts.profile[..count].to_vec(),
        lag_months: contacts.lag_months[..count].to_vec(),
    }
}

/// The counted sum of a sample against the same contacts priced one by one.
fn check_sample(pricer: &mut Pricer<'_>, contacts: &Contacts, reports: &Reports) {
    let sample = first(contacts, SAMPLE.min(contacts.len()));
    let periods = Periods::new(pricer, &sample);
    let linked = linked(pricer, &sample, &periods, reports);
    let counts = Counts::count(pricer, &sample, &periods, &linked, 0..sample.len());
    let fast: Money = priced(pricer, &counts, &periods, (&sample, &linked))
        .rows
        .values()
        .map(|total| total.amount)
        .sum();
    let mut slow = Money::ZERO;
    for (number, row) in sample.rows().enumerate() {
        let cell = pricer.contact_cell(&row, linked.is_included(number));
        let Ok(cell) = cell.expect("amounts fit") else { continue };
        let lines = pricer.cell_lines(cell, row.unit, row.care_date.month());
        slow += lines.map(|(_, _, amount)| amount).sum();
    }
    assert_eq!(fast, slow, "counted and one by one");
    println!("sum of {} contacts, counted and one by one: {fast}", sample.len());
}

/// Seconds of some runs: the median, and the best, which other work on the machine disturbs least.
#[derive(Clone, Copy)]
struct Seconds {
    median: f64,
    best: f64,
}

fn timed<T>(mut run: impl FnMut() -> T) -> (T, Seconds) {
    let mut seconds = Vec::with_capacity(RUNS);
    let mut result = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        let value = black_box(run());
        seconds.push(start.elapsed().as_secs_f64());
        result = Some(value);
    }
    seconds.sort_by(f64::total_cmp);
    let seconds = Seconds { median: seconds[RUNS / 2], best: seconds[0] };
    (result.expect("at least one run"), seconds)
}

fn row(what: &str, seconds: Seconds, of: Option<(u32, &str)>) {
    let Seconds { median, best } = seconds;
    let rate = of.map_or(String::new(), |(count, unit)| {
        let millions = |seconds: f64| f64::from(count) / seconds / 1e6;
        format!("{:>8.1} ({:.1}) M {unit}/s", millions(median), millions(best))
    });
    println!("{what:<34} {:>8.2} ({:.2}) ms {rate}", median * 1e3, best * 1e3);
}
