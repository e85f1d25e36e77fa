//! How fast one midwife each is counted to the minute.
//!
//! Owns: the measurement of minutes in `RESULTS.md`. Does not own: a count of its own; `measure` is what `follow one-to-one` calls.
//!
//! `cargo bench -p bench --bench minutes` takes a million stretches of staffing; `… -- 1000000 target/peers` also writes them for
//! `bench/peers/minutes.py`.

use follow::inputs::{Labour, LabourStart, Staffing};
use follow::minute::Minute;
use follow::one_to_one::{Delivery, Limits, OneToOne, Outcome, measure};
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

const STRETCHES: u32 = 1_000_000;
/// Stretches of staffing for each birth.
const EACH: u32 = 4;
const UNITS: u32 = 7;
const CARERS: u32 = 210;
const YEARS: u32 = 5;
const RUNS: usize = 9;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let stretches = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(STRETCHES);
    let (deliveries, labour, staffing) = region(stretches / EACH);
    let count = || measure(&deliveries, &labour, &staffing, &Limits::ASSUMED);
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            let counted = count();
            let seconds = started.elapsed().as_secs_f64();
            assert_eq!(counted.births.len(), deliveries.len());
            seconds
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let counted = count();
    let measured = counted.births.iter().filter(|birth| birth.outcome == Outcome::Measured);
    let own: u64 = measured.clone().map(|birth| birth.own_minutes()).sum();
    println!(
        "{} stretches, {} births, {} measured, {own} own minutes: {:.3} s ({:.3})",
        staffing.len(),
        deliveries.len(),
        measured.count(),
        seconds[RUNS / 2],
        seconds[0],
    );
    if let Some(folder) = arguments.next() {
        write(Path::new(&folder), &labour, &staffing, &counted).expect("written");
    }
}

/// Births evenly over five years and seven units, each with a phase of two to twelve hours in four parts, some of them with a midwife who
/// has another woman too. Numbers look scattered and repeat every time.
fn region(births: u32) -> (Vec<Delivery>, Vec<Labour>, Vec<Staffing>) {
    let first = Minute::parse("2021-01-01T00:00").expect("an instant");
    let span = YEARS * 525_960;
    let (mut deliveries, mut labour, mut staffing) = (Vec::new(), Vec::new(), Vec::new());
    for contact in 0..births {
        let lot = contact.wrapping_mul(2_654_435_761) >> 5;
        let (unit, from) = (lot % UNITS, first.plus(i64::from(lot % span)));
        let until = from.plus(i64::from(120 + lot / 7 % 600));
        let (care_date, born_at) = (until.day(), Some(until));
        deliveries.push(Delivery { contact, woman: contact, unit: Some(unit), care_date, born_at });
        let start = LabourStart::Spontaneous;
        labour.push(Labour { contact, active_from: Some(from), active_until: Some(until), start });
        let part = until.since(from) / i64::from(EACH);
        for nth in 0..EACH {
            let begins = from.plus(part * i64::from(nth));
            let ends = if nth + 1 == EACH { until } else { begins.plus(part) };
            // Those of one shift, so that some come to have two women.
            let carer = UNITS * (lot / 11 + nth * 17) + unit;
            let (carer, contact) = (carer % (UNITS * CARERS), Some(contact));
            staffing.push(Staffing { carer, unit, contact, from: begins, until: ends });
        }
    }
    (deliveries, labour, staffing)
}

fn write(
    folder: &Path,
    labour: &[Labour],
    staffing: &[Staffing],
    counted: &OneToOne,
) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let number = |minute: Option<Minute>| minute.map_or(0, Minute::number);
    let (mut births, mut stretches) =
        (String::from("contact,from,until,own\n"), String::from("carer,contact,from,until\n"));
    for (row, birth) in labour.iter().zip(&counted.births) {
        let (from, until) = (number(row.active_from), number(row.active_until));
        let _ = writeln!(births, "{},{from},{until},{}", row.contact, birth.own_minutes());
    }
    for row in staffing {
        let contact = row.contact.unwrap_or_default();
        let (from, until) = (row.from.number(), row.until.number());
        let _ = writeln!(stretches, "{},{contact},{from},{until}", row.carer);
    }
    std::fs::write(folder.join("minutes-births.csv"), births)?;
    std::fs::write(folder.join("minutes-staffing.csv"), stretches)
}
