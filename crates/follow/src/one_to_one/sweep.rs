//! The sweep: midwife by midwife along time, how many women in active phase she is assigned to.
//!
//! Owns: what each stretch of each woman's active phase is because of one midwife. Does not own: putting the midwives together.

use super::phase::{Judged, Phases};
use super::spans::{self, Span};
use crate::inputs::Staffing;
use crate::minute::Minute;
use kernel::intern::FastMap;

/// What a stretch is to the woman.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Some midwife has her alone.
    Own,
    /// Some midwife has her, and somebody who may be in active phase or not.
    Doubted,
    /// Some midwife is assigned to her.
    With,
}

/// A stretch of a woman's active phase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    woman: u32,
    pub(super) kind: Kind,
    pub(super) span: Span,
}

#[derive(Clone, Copy)]
struct Assigned {
    carer: u32,
    woman: u32,
    in_doubt: bool,
    span: Span,
}

/// All parts, those of one woman side by side.
pub(super) fn parts<'a>(rows: impl Iterator<Item = &'a Staffing>, phases: &Phases) -> Vec<Part> {
    let mut assigned: Vec<Assigned> = Vec::new();
    for row in rows {
        if let (Some(contact), Some(span)) = (row.contact, Span::new(row.from, row.until)) {
            assign(row.carer, contact, span, phases, &mut assigned);
        }
    }
    assigned.sort_unstable_by_key(|row| pair(row.carer, row.woman));
    let mut parts = Vec::with_capacity(assigned.len() * 2);
    let mut changes = Vec::new();
    for of_carer in assigned.chunk_by(|a, b| a.carer == b.carer) {
        changes.clear();
        for of_woman in of_carer.chunk_by(|a, b| a.woman == b.woman) {
            with_woman(of_woman, &mut changes, &mut parts);
        }
        changes.sort_unstable_by_key(|change| change.at);
        sweep(&changes, &mut parts);
    }
    parts.sort_unstable_by_key(|part| part.woman);
    parts
}

/// Two numbers as one, in the order of the pair: quicker to sort by.
fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// A woman's number is at most half of all; the other half is for contacts that nothing else names.
fn assign(carer: u32, contact: u32, span: Span, phases: &Phases, assigned: &mut Vec<Assigned>) {
    let woman = phases.woman(contact);
    if let Some(woman) = woman {
        let sure = spans::within(phases.of_woman(woman), span);
        assigned.extend(sure.map(|span| Assigned { carer, woman, in_doubt: false, span }));
    }
    if let Judged::Open { window, .. } = phases.of_contact(contact) {
        let woman = woman.unwrap_or(u32::MAX - contact);
        let open = window.and(span).into_iter();
        assigned.extend(open.map(|span| Assigned { carer, woman, in_doubt: true, span }));
    }
}

/// An instant where the number of one midwife's women changes.
#[derive(Clone, Copy)]
struct Change {
    at: Minute,
    in_doubt: bool,
    by: i32,
    woman: u32,
}

/// One midwife with one woman: doubles and overlaps become one stretch, and what is known is in no doubt.
fn with_woman(rows: &[Assigned], changes: &mut Vec<Change>, parts: &mut Vec<Part>) {
    if let [Assigned { woman, in_doubt, span, .. }] = *rows {
        let change = |at, by| Change { at, in_doubt, by, woman };
        changes.extend([change(span.from, 1), change(span.until, -1)]);
        parts.extend((!in_doubt).then_some(Part { woman, kind: Kind::With, span }));
        return;
    }
    let of = |in_doubt| {
        let rows = rows.iter().filter(|row| row.in_doubt == in_doubt);
        spans::merge(rows.map(|row| row.span).collect())
    };
    let Some(woman) = rows.first().map(|row| row.woman) else { return };
    let sure = of(false);
    let open = spans::minus(&of(true), &sure);
    parts.extend(sure.iter().map(|span| Part { woman, kind: Kind::With, span: *span }));
    for (in_doubt, spans) in [(false, sure), (true, open)] {
        changes.extend(spans.iter().flat_map(|span| {
            let change = |at, by| Change { at, in_doubt, by, woman };
            [change(span.from, 1), change(span.until, -1)]
        }));
    }
}

fn sweep(changes: &[Change], parts: &mut Vec<Part>) {
    let (mut sure, mut open) = (0, 0);
    // While exactly one is there, all others have come and gone: twice each, which cancels out.
    let mut woman = 0;
    let mut before: Option<Minute> = None;
    for change in changes {
        let since = before.replace(change.at).and_then(|from| Span::new(from, change.at));
        if let (1, Some(span)) = (sure, since) {
            let kind = if open == 0 { Kind::Own } else { Kind::Doubted };
            parts.push(Part { woman, kind, span });
        }
        if change.in_doubt {
            open += change.by;
        } else {
            sure += change.by;
            woman ^= change.woman;
        }
    }
}

/// The parts of one woman.
pub(super) fn of_woman(parts: &[Part], woman: Option<u32>) -> &[Part] {
    let Some(woman) = woman else { return &[] };
    let first = parts.partition_point(|part| part.woman < woman);
    let hers = parts.get(first..).unwrap_or(&[]);
    hers.split_at(hers.partition_point(|part| part.woman == woman)).0
}

/// When each unit reports staffing: sets, whoever is assigned to whomever.
pub(super) fn reported<'a>(rows: impl Iterator<Item = &'a Staffing>) -> FastMap<u32, Vec<Span>> {
    let mut units: FastMap<u32, Vec<Span>> = FastMap::default();
    for row in rows {
        units.entry(row.unit).or_default().extend(Span::new(row.from, row.until));
    }
    for spans in units.values_mut() {
        *spans = spans::merge(std::mem::take(spans));
    }
    units
}
