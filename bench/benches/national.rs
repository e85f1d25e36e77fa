//! The national workload of `vardkedja generate --contacts`: read, priced, compared over two days, line by line.
//!
//! Owns: the measurements in `RESULTS.md` that other engines are measured beside (`peers/`). Does not own: a
//! pricing path of its own; everything here is what the product calls.
//!
//! `cargo bench -p bench --bench national -- 1000000 FOLDER` takes a million contacts; into FOLDER go the sums by
//! unit, month and element, which `peers/peers.py` holds its own against.

use app::engine;
use app::generate::national;
use app::ratebook::read_text;
use bulk::contact_file::{self, ContactFile, Source};
use bulk::contact_out::ContactWriter;
use kernel::contact::{Contacts, Reports};
use kernel::intake::{Intake, Persons};
use kernel::intern::Texts;
use kernel::known::Span;
use kernel::price::{Amounts, Counts, Linked, Periods, Pricer, RowKey, Total};
use kernel::register::{Register, View, check};
use kernel::time::Day;
use std::collections::BTreeMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

const CONTACTS: u64 = 1_000_000;
const SEED: u64 = 1;
const RUNS: usize = 5;
/// Rows of a stored batch, as a month of a nation would be.
const BATCH: usize = 250_000;
/// Two days between which reports came late and rates were decided with retroactive effect.
const BEFORE: &str = "2024-05-31";
const AFTER: &str = "2024-08-31";
/// When everything is known.
const NOW: &str = "2026-02-01";
/// Contacts of which every line is written.
const LINES: usize = 1_000_000;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let count = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(CONTACTS);
    let folder = arguments.get(1).map_or_else(std::env::temp_dir, PathBuf::from);
    std::fs::create_dir_all(&folder).expect("a folder for the files");
    let (register, seconds) = once(register);
    row("read the ratebook", seconds, None);
    let view = || view(&register, NOW);
    let rates = view().rates.len();
    println!("{count} contacts, {} units, {rates} rates", view().histories.len());
    let (_, seconds) = timed(&mut || Pricer::new(view()));
    row("compile the view", seconds, None);
    let (refused, seconds) = timed(&mut || check::refusals(&view()));
    assert!(refused.is_empty(), "{refused:#?}");
    row("check the view", seconds, None);

    let csv = folder.join(format!("SYNTETISK-{count}.csv"));
    write_csv(&csv, count);
    let (_, seconds) = once(|| read(&csv));
    row("T4: read CSV", seconds, Some((count as usize, "rows")));
    let parquet = folder.join(format!("SYNTETISK-{count}.parquet"));
    write_parquet(&parquet, count);
    let ((intake, persons), seconds) = once(|| read(&parquet));
    row("read Parquet", seconds, Some((count as usize, "rows")));
    let persons: Vec<String> = persons.texts().collect();
    let reports = intake.reports;
    println!("{} profiles", reports.profiles.values().len());

    let (known, seconds) = timed(&mut || engine::in_force(&reports, &view(), &span(NOW)));
    row("find the contacts in force", seconds, Some((known.contacts.len(), "contacts")));
    let contacts = known.contacts;
    let (amounts, seconds) = timed(&mut || price(view(), &reports, &contacts));
    row("T1: price, from memory", seconds, Some((contacts.len(), "contacts")));
    write_rows(&folder.join(format!("t1-{count}.csv")), &amounts.rows);
    let mut pricer = Pricer::new(view());
    let (_, seconds) = once(|| pricer.classify(&reports));
    row("  of it: classify the profiles", seconds, None);
    let periods = Periods::new(&pricer, &contacts);
    let linked = Linked::new(&mut pricer, &contacts, &periods, &reports).expect("amounts fit");
    let (counts, seconds) = timed(&mut || engine::count(&pricer, &contacts, &periods, &linked));
    row("  of it: count", seconds, Some((contacts.len(), "contacts")));
    println!("  {} filled cells", counts.filled().len());
    let (_, seconds) = timed(&mut || summed(&pricer, &counts, &periods, (&contacts, &linked)));
    row("  of it: price the cells", seconds, None);

    let (changed, seconds) = timed(&mut || {
        let before = known_on(&register, BEFORE, &reports);
        known_on(&register, AFTER, &reports).minus(&before)
    });
    row("T2: known on two days, from memory", seconds, Some((contacts.len(), "contacts")));
    write_rows(&folder.join(format!("t2-{count}.csv")), &changed.rows);

    let tenth = first(&contacts, LINES);
    let periods = Periods::new(&pricer, &tenth);
    let linked = Linked::new(&mut pricer, &tenth, &periods, &reports);
    let linked = linked.expect("amounts fit");
    let (lines, seconds) =
        timed(&mut || pricer.lines(&tenth, &linked, &[]).expect("amounts fit").len());
    row("every line, 1 thread", seconds, Some((lines, "lines")));
    drop(contacts);

    let batches = batches(&reports, &persons);
    let bytes: usize = batches.iter().map(Vec::len).sum();
    println!("{} batches, {:.1} MB", batches.len(), bytes as f64 / 1e6);
    drop(reports);
    let (_, seconds) = timed(&mut || stored(&batches, |_, batch| drop(black_box(batch))));
    row("decode the stored batches", seconds, Some((count as usize, "contacts")));
    let (again, seconds) = timed(&mut || {
        let mut reports = Reports::default();
        let mut persons = Texts::default();
        stored(&batches, |number, batch| {
            batch.append(number, &mut reports, &mut |text| persons.text(text));
        });
        let known = engine::in_force(&reports, &view(), &span(NOW));
        price(view(), &reports, &known.contacts).rows.len()
    });
    row("T1: price, from stored batches", seconds, Some((count as usize, "contacts")));
    assert_eq!(again, amounts.rows.len(), "from memory or from files: the same rows");
}

fn register() -> Register {
    let read = |(name, text): (String, String)| {
        let (decision, findings) = read_text(&name, &text);
        assert!(findings.is_empty(), "{findings:#?}");
        decision.expect("a decision")
    };
    Register::from_ratebooks(national::files(SEED).into_iter().map(read))
}

fn view<'r>(register: &'r Register, day: &str) -> View<'r> {
    register.view(register.as_of(Day::parse(day).expect("a day")))
}

fn span(day: &str) -> Span {
    let day = Day::parse(day).expect("a day");
    Span { known_on: day, through: day, batches: u32::MAX }
}

fn price<'r>(view: View<'r>, reports: &Reports, contacts: &Contacts) -> Amounts<'r> {
    let mut pricer = Pricer::new(view);
    pricer.classify(reports);
    let periods = Periods::new(&pricer, contacts);
    let linked = Linked::new(&mut pricer, contacts, &periods, reports).expect("amounts fit");
    let counts = engine::count(&pricer, contacts, &periods, &linked);
    summed(&pricer, &counts, &periods, (contacts, &linked))
}

fn summed<'r>(
    pricer: &Pricer<'r>,
    counts: &Counts,
    periods: &Periods,
    among: (&Contacts, &Linked),
) -> Amounts<'r> {
    let sums = engine::cell_sums(pricer, counts, periods).expect("amounts fit");
    Amounts::of(pricer, sums, counts.too_late(), among, &[]).expect("amounts fit")
}

fn known_on<'r>(register: &'r Register, day: &str, reports: &Reports) -> Amounts<'r> {
    let known = engine::in_force(reports, &view(register, day), &span(day));
    price(view(register, day), reports, &known.contacts)
}

fn write_csv(path: &Path, count: u64) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).expect("a file"));
    for (number, group) in national::groups(count, SEED).enumerate() {
        group.write_csv(number == 0, &mut out).expect("rows are written");
    }
    out.flush().expect("rows are written");
}

fn write_parquet(path: &Path, count: u64) {
    let out = BufWriter::with_capacity(1 << 20, File::create(path).expect("a file"));
    let mut writer = ContactWriter::new(out, "synthetic");
    for group in national::groups(count, SEED) {
        writer.write(group.rows(), &group.columns()).expect("rows are written");
    }
    let out = writer.finish().expect("rows are written");
    out.expect("some rows").flush().expect("rows are written");
}

/// Through the reader that `price` and `import` call.
fn read(path: &Path) -> (Intake, Persons) {
    let (mut intake, mut persons) = (Intake::default(), Persons::default());
    let mut source = Source::open(path).expect("the file is there");
    let default_reported_on = Day::MIN;
    let threads = engine::reading_threads();
    let file = ContactFile { name: "contacts", batch: 0, default_reported_on, threads };
    let read = contact_file::read(&mut source, file, &mut intake, &mut persons, &mut |_| {});
    let read = read.expect("it reads");
    assert!(read.rejected.is_empty(), "{:?}", read.rejected.first());
    (intake, persons)
}

fn batches(reports: &Reports, persons: &[String]) -> Vec<Vec<u8>> {
    let rows = reports.rows().len();
    let write = |from: usize| {
        let span = from..rows.min(from + BATCH);
        let text = |person: u32| persons.get(person as usize).map_or("", String::as_str);
        bulk::batch::write_batch(reports, span, text).expect("written")
    };
    (0..rows).step_by(BATCH).map(write).collect()
}

fn stored(batches: &[Vec<u8>], mut take: impl FnMut(u32, bulk::batch::DecodedBatch)) {
    let decode = |number: usize| Ok(bulk::batch::decode(&batches[number])?);
    let taken = engine::in_order(batches.len(), decode, |number, batch| {
        take(u32::try_from(number).unwrap_or(u32::MAX), batch);
        Ok(())
    });
    assert!(taken.is_ok(), "every batch is read");
}

fn first(contacts: &Contacts, count: usize) -> Contacts {
    let count = count.min(contacts.len());
    Contacts {
        contact: contacts.contact[..count].to_vec(),
        unit: contacts.unit[..count].to_vec(),
        care_date: contacts.care_date[..count].to_vec(),
        person: contacts.person[..count].to_vec(),
        profile: contacts.profile[..count].to_vec(),
        lag_months: contacts.lag_months[..count].to_vec(),
    }
}

fn write_rows(path: &Path, rows: &BTreeMap<RowKey<'_>, Total>) {
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    writeln!(out, "unit,month,element,payer,count,amount_ore").expect("written");
    for (key, total) in rows {
        let RowKey { unit, month, element, payer, .. } = key;
        let (count, ore) = (total.count, total.amount.ore());
        writeln!(out, "{unit},{month},{element},{payer},{count},{ore}").expect("written");
    }
    out.flush().expect("written");
}

fn once<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let value = run();
    (value, start.elapsed().as_secs_f64())
}

/// The median of some runs.
fn timed<T>(run: &mut dyn FnMut() -> T) -> (T, f64) {
    let mut seconds = Vec::with_capacity(RUNS);
    let mut result = None;
    for _ in 0..RUNS {
        let (value, one) = once(|| black_box(run()));
        seconds.push(one);
        result = Some(value);
    }
    seconds.sort_by(f64::total_cmp);
    (result.expect("at least one run"), seconds[RUNS / 2])
}

fn row(what: &str, seconds: f64, of: Option<(usize, &str)>) {
    let rate = of.map_or(String::new(), |(count, unit)| {
        format!("{:>9.1} M {unit}/s", count as f64 / seconds / 1e6)
    });
    println!("{what:<36} {:>10.1} ms {rate}", seconds * 1e3);
}
