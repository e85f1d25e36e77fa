//! All indicators over five years of a whole region.
//!
//! Owns: the measurement of follow-up in `RESULTS.md`. The folder is that of `vardkedja demo --folder target/five`, or the one that
//! `VARDKEDJA_FIVE` names; it is only read.

use app::data::{DataFolder, Followed};
use app::followed::{By, Query, rows};
use kernel::time::Day;
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = std::env::var_os("VARDKEDJA_FIVE").map_or(root.join("target/five"), PathBuf::from);
    if !folder.is_dir() {
        println!(
            "no {}: make it with vardkedja demo --folder target/five --no-serve",
            folder.display()
        );
        return;
    }
    let known_on = Day::new(2026, 3, 1).expect("a day");
    let mut data = timed("open", || DataFolder::open(&folder).expect("a folder"));
    timed("read contacts and what is beside them", || data.followed(known_on).map(drop))
        .expect("read");
    for _ in 0..3 {
        let followed = timed("gather births", || data.followed_loaded(known_on).expect("births"));
        timed("all indicators over five years, by year", || told(&followed, By::Year));
        timed("again", || told(&followed, By::Year));
        timed("by clinic, the last year", || told(&followed, By::Unit));
        timed("by month at a clinic, the last year", || of_clinic(&followed));
    }
}

fn told(followed: &Followed, by: By) -> usize {
    asked(followed, by, None)
}

fn of_clinic(followed: &Followed) -> usize {
    let unit = followed.birth_units().first().cloned();
    asked(followed, By::Month, unit)
}

fn asked(followed: &Followed, by: By, unit: Option<String>) -> usize {
    let query = Query { year: 2025, by, unit, indicator: None, theme: None };
    rows(followed, &query).iter().filter(|row| row.value.number().is_some()).count()
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = work();
    println!("{what:<40} {:>8.3} s", start.elapsed().as_secs_f64());
    made
}
