//! How many rows of a contact file a second become reports.
//!
//! Owns: the measurements of intake in `RESULTS.md`. Does not own: a reading path of its own; everything here
//! is what `import` and `price` call.
//!
//! `cargo bench -p bench --bench intake` takes 2 million rows, `… -- 10000000` another number.

use bulk::contact_file::{ContactFile, Source, read};
use flate2::Compression;
use flate2::write::GzEncoder;
use kernel::intake::{Intake, Persons};
use kernel::time::Day;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::time::Instant;

const ROWS: u32 = 2_000_000;
const RUNS: usize = 5;
const HEADER: &str = "contact_id;report;reported_on;unit;person;kind;care_date;profession;drg;\
    diagnoses;residence;enrolled;gestational_days;parity;team\n";
const KINDS: [&str; 4] = ["delivery", "midwife-visit", "postnatal-visit", "ultrasound"];
const DRGS: [&str; 4] = ["P05A", "P05C", "P05E", ""];
const DIAGNOSES: [&str; 3] = ["O80.0 Z37.0", "Z34.9", "O82.1 Z37.0"];
const RESIDENCES: [&str; 5] = ["0180", "0123", "0160", "1480", "0188"];

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let rows: u32 = numbers.next_back().unwrap_or(ROWS);
    let mut text = Vec::with_capacity(rows as usize * 110);
    write_rows(&mut text, rows);
    println!(
        "{rows} rows, 15 columns, {} MB, one in a hundred with a wrong check digit; median (best) of {RUNS}",
        text.len() / 1_000_000
    );
    let plain = Source::laid_aside("rows.csv", text.as_slice());
    let mut plain = plain.expect("a temporary file");
    for threads in [1, 2] {
        measure(&format!("CSV, {threads} of two threads"), &mut plain, rows, threads);
    }
    let quoted = String::from_utf8_lossy(&text).replace(';', "\";\"").replace('\n', "\"\n\"");
    let quoted = format!("\"{}", quoted.trim_end_matches('"'));
    let quoted = Source::laid_aside("rows.csv", quoted.as_bytes());
    measure("CSV, every field quoted, 2 threads", &mut quoted.expect("a temporary file"), rows, 2);
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&text).expect("packed");
    let packed = packer.finish().expect("packed");
    let packed = Source::laid_aside("rows.csv.gz", packed.as_slice());
    measure("CSV packed with gzip, 2 threads", &mut packed.expect("a temporary file"), rows, 2);
}

fn measure(what: &str, source: &mut Source, rows: u32, threads: usize) {
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            let accepted = run(source, threads);
            let seconds = started.elapsed().as_secs_f64();
            assert_eq!(accepted, rows as usize - rows.div_ceil(100) as usize);
            seconds
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let (median, best) = (seconds[RUNS / 2], seconds[0]);
    let per_second = f64::from(rows) / median / 1e6;
    println!("{what:<40} {median:>8.3} s ({best:.3})  {per_second:>6.2} M rows/s");
}

/// Rows that were accepted.
fn run(source: &mut Source, threads: usize) -> usize {
    let mut intake = Intake::default();
    let file = ContactFile {
        name: "rows.csv",
        batch: 0,
        default_reported_on: Day::MIN,
        threads: NonZeroUsize::new(threads).expect("threads"),
    };
    let read = read(source, file, &mut intake, &mut Persons::default(), &mut |_| {});
    let read = read.expect("the file is read");
    assert_eq!(read.accepted_lines.len(), intake.reports.rows().len());
    intake.reports.rows().len()
}

fn write_rows(text: &mut Vec<u8>, rows: u32) {
    let mut out = BufWriter::new(text);
    out.write_all(HEADER.as_bytes()).expect("written");
    let first = Day::parse("2023-01-01").expect("a day");
    for number in 0..rows {
        // Numbers that look scattered and repeat every time.
        let lot = number.wrapping_mul(2_654_435_761) >> 7;
        let pick = |list: &[&'static str], salt: u32| list[(lot / salt) as usize % list.len()];
        let care = first.plus((lot % 365) as i32);
        let reported = care.plus((lot / 365 % 30) as i32);
        let digit = if number % 100 == 0 { 1 } else { 0 };
        let written = writeln!(
            out,
            "K2023-{number:08};new;{reported};danderyd-{:03};{};{};{care};midwife;{};{};{};{};{};{};",
            lot % 110,
            person(lot % 900_000, digit),
            pick(&KINDS, 3),
            pick(&DRGS, 5),
            pick(&DIAGNOSES, 7),
            pick(&RESIDENCES, 11),
            ["ja", "nej"][(lot / 13) as usize % 2],
            240 + lot / 17 % 60,
            lot / 19 % 4,
        );
        written.expect("written");
    }
}

/// A reserve number, which is nobody's; `off` makes its check digit wrong.
fn person(number: u32, off: u32) -> String {
    let body = format!("{:04}{:05}", 1_970 + number / 100_000, number % 100_000);
    let checked = body.bytes().skip(2).map(|byte| u32::from(byte - b'0'));
    let sum: u32 = checked
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight / 10 + digit * weight % 10)
        .sum();
    format!("99{body}{}", (10 - sum % 10 + off) % 10)
}
