//! Work on threads: contacts in force, counting, reading files side by side.
//!
//! Owns: the division into ranges. The ranges are joined in order, so that one thread or many give the same
//! bytes.

use crate::failure::Failure;
use kernel::contact::{ContactRow, Contacts, Reports};
use kernel::finding::Finding;
use kernel::intake::Fault;
use kernel::known::{self, InForce, Resolver, Span, Standing};
use kernel::price::{
    Amounts, Cell, CellSums, Counts, Filled, GivenPeriods, Linked, Periods, Pricer, Reason,
    UnitLine, unit_lines,
};
use kernel::register::{View, check};
use kernel::settle::States;
use kernel::time::Day;
use std::num::NonZeroUsize;
use std::ops::{Range, RangeInclusive};
use std::sync::mpsc::sync_channel;
use std::thread::{self, ScopedJoinHandle};

/// How many threads to use.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(8)
}

/// How many threads to read contact files with.
pub fn reading_threads() -> NonZeroUsize {
    NonZeroUsize::new(threads()).unwrap_or(NonZeroUsize::MIN)
}

/// The contacts in force under a view.
pub fn in_force(reports: &Reports, view: &View<'_>, span: &Span) -> InForce {
    let resolver = Resolver::new(reports, view);
    let mut all = InForce::default();
    let part = |range| known::in_force(reports, &resolver, span, narrow(range));
    on_ranges(reports.contacts() as usize, part).into_iter().for_each(|part| all.append(part));
    all
}

/// What stands of all contacts under a view.
pub fn standing(reports: &Reports, resolver: &Resolver, span: &Span) -> Standing {
    let mut all = Standing::default();
    let part = |range| known::standing(reports, resolver, span, narrow(range));
    on_ranges(reports.contacts() as usize, part).into_iter().for_each(|part| all.append(part));
    all
}

fn narrow(range: Range<usize>) -> Range<u32> {
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    narrow(range.start)..narrow(range.end)
}

/// What is made of each part of a range, on threads; in order.
fn on_ranges<T: Send>(len: usize, make: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let make = &make;
    thread::scope(|scope| {
        let parts = ranges(len, threads()).into_iter();
        let workers: Vec<_> = parts.map(|(from, to)| scope.spawn(move || make(from..to))).collect();
        workers.into_iter().map(joined).collect()
    })
}

/// What a thread gave; a panic of its goes on here.
pub fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What contacts in force should have, range by range. Every profile must have been classified.
pub fn states(
    pricer: &mut Pricer<'_>,
    contacts: &Contacts,
    reports: &Reports,
) -> Result<Vec<States>, Failure> {
    states_given(pricer, contacts, reports, &GivenPeriods::new())
}

/// The same, where it is given for some contacts who takes the pay of their period.
pub fn states_given(
    pricer: &mut Pricer<'_>,
    contacts: &Contacts,
    reports: &Reports,
    given: &GivenPeriods,
) -> Result<Vec<States>, Failure> {
    let periods = Periods::new(pricer, contacts);
    let linked = Linked::given(pricer, contacts, &periods, reports, given)?;
    let pricer = &*pricer;
    let part = |range| States::new(&mut pricer.clone(), contacts, &periods, &linked, range);
    on_ranges(contacts.len(), part).into_iter().map(|states| Ok(states?)).collect()
}

/// Contacts counted by cell.
pub fn count(
    pricer: &Pricer<'_>,
    contacts: &Contacts,
    periods: &Periods,
    linked: &Linked,
) -> Counts {
    let part = |range| Counts::count(pricer, contacts, periods, linked, range);
    let mut counts = part(0..0);
    on_ranges(contacts.len(), part).into_iter().for_each(|part| counts.merge(part));
    counts
}

/// Counted contacts priced, some units on each thread.
pub fn cell_sums<'r>(
    pricer: &Pricer<'r>,
    counts: &Counts,
    periods: &Periods,
) -> Result<Vec<CellSums<'r>>, Failure> {
    let filled = counts.filled();
    let units: Vec<&[Filled]> = filled.chunk_by(|a, b| a.unit == b.unit).collect();
    thread::scope(|scope| {
        let mut workers = Vec::new();
        let mut rest = filled.as_slice();
        let (mut taken, mut left) = (0, threads());
        for unit in units {
            taken += unit.len();
            if taken * left >= rest.len() {
                let (part, after) = rest.split_at(taken);
                let mut pricer = pricer.clone();
                workers.push(scope.spawn(move || CellSums::new(&mut pricer, part, periods)));
                (rest, taken, left) = (after, 0, left.saturating_sub(1).max(1));
            }
        }
        workers.into_iter().map(|worker| Ok(joined(worker)?)).collect()
    })
}

/// Makes the parts numbered below `count` on threads and takes them one by one in order; few wait at a time.
///
/// Ends at the first error of either.
pub fn in_order<T: Send>(
    count: usize,
    make: impl Fn(usize) -> Result<T, Failure> + Sync,
    mut take: impl FnMut(usize, T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let workers = threads().min(count);
    thread::scope(|scope| {
        let mut made = Vec::with_capacity(workers);
        for worker in 0..workers {
            // Each worker makes every nth part and waits until its last but one was taken.
            let (give, parts) = sync_channel(1);
            let make = &make;
            made.push(parts);
            scope.spawn(move || {
                for number in (worker..count).step_by(workers) {
                    let part = make(number);
                    let failed = part.is_err();
                    if give.send(part).is_err() || failed {
                        return;
                    }
                }
            });
        }
        for number in 0..count {
            let part = made.get(number % workers.max(1)).and_then(|parts| parts.recv().ok());
            let Some(part) = part else { return Ok(()) };
            take(number, part?)?;
        }
        Ok(())
    })
}

fn ranges(len: usize, parts: usize) -> Vec<(usize, usize)> {
    let size = len.div_ceil(parts.max(1)).max(10_000);
    (0..len).step_by(size).map(|from| (from, (from + size).min(len))).collect()
}

/// One side of a price: everything known of a span under a view.
pub struct Priced<'r> {
    /// The compiled view.
    pub pricer: Pricer<'r>,
    /// Contacts in force.
    pub contacts: Contacts,
    /// What they owe to each other.
    pub linked: Linked,
    /// Lines of unit formulas.
    pub unit_lines: Vec<UnitLine<'r>>,
    /// Sums, reasons and rejections.
    pub amounts: Amounts<'r>,
}

impl Priced<'_> {
    /// The contacts without a price among those wanted, and why.
    pub fn unpriced_contacts(
        &mut self,
        is_wanted: impl Fn(&ContactRow) -> bool,
    ) -> Result<Vec<(u32, Reason)>, Failure> {
        let mut unpriced = Vec::new();
        let rows = self.contacts.rows().enumerate().filter(|(_, row)| is_wanted(row));
        for (number, row) in rows {
            let pricer = &mut self.pricer;
            let reason = match pricer.contact_cell(&row, self.linked.is_included(number))? {
                Err(reason) => Some(reason),
                Ok(cell) => match pricer.priced(cell) {
                    Some(Cell::Unpriced(reason)) => Some(*reason),
                    _ => None,
                },
            };
            unpriced.extend(reason.map(|reason| (row.contact, reason)));
        }
        Ok(unpriced)
    }
}

/// Prices a span under a view. Refuses where the register has load errors.
pub fn price<'r>(
    view: View<'r>,
    reports: &Reports,
    faults: &[Fault],
    span: &Span,
) -> Result<Priced<'r>, Failure> {
    refuse(check::refusals(&view))?;
    let known = in_force(reports, &view, span);
    let mut pricer = Pricer::new(view);
    pricer.classify(reports);
    let periods = Periods::new(&pricer, &known.contacts);
    let linked = Linked::new(&mut pricer, &known.contacts, &periods, reports)?;
    let counts = count(&pricer, &known.contacts, &periods, &linked);
    let units = unit_lines(pricer.view(), span.through);
    let sums = cell_sums(&pricer, &counts, &periods)?;
    let among = (&known.contacts, &linked);
    let mut amounts = Amounts::of(&pricer, sums, counts.too_late(), among, &units.lines)?;
    amounts.rejected = known::count_faults(faults.iter(), span);
    for (code, count) in &known.rejected {
        *amounts.rejected.entry(*code).or_default() += count;
    }
    Ok(Priced { pricer, contacts: known.contacts, linked, unit_lines: units.lines, amounts })
}

/// Refuses where there are findings that amounts cannot be computed with.
pub fn refuse(mut findings: Vec<Finding>) -> Result<(), Failure> {
    findings.retain(|finding| finding.refuses);
    if findings.is_empty() {
        return Ok(());
    }
    findings.sort();
    let text = kernel::finding::Text::new(
        "registret kan inte användas förrän detta är rättat; inget har ändrats",
        "the register cannot be used until this is mended; nothing was changed",
    );
    Err(Failure::Refused(text, findings))
}

/// The moment, as RFC 3339 in UTC, to the second.
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// Years that can be asked for.
pub const YEARS: RangeInclusive<i32> = 1900..=2999;

/// A year that can be asked for, as it was written.
pub fn year(text: &str) -> Option<i32> {
    let is_four = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|year| is_four && YEARS.contains(year))
}

/// Today in Sweden.
pub fn today() -> Day {
    let zone = jiff::tz::TimeZone::get("Europe/Stockholm").unwrap_or(jiff::tz::TimeZone::UTC);
    let date = jiff::Timestamp::now().to_zoned(zone).date();
    let (year, month, day) = (date.year(), date.month(), date.day());
    Day::new(i32::from(year), i32::from(month), i32::from(day)).unwrap_or(Day::MAX)
}
