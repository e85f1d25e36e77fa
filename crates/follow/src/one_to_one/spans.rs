//! Stretches of minutes and what can be done with sets of them.
//!
//! Owns: [`Span`] and unions, differences and sums. A *set* here is in order, without overlap or touch. Does not own: what the minutes
//! mean.

use crate::minute::Minute;

/// Minutes from `from` up to but not including `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first minute.
    pub from: Minute,
    /// The minute after the last; later than `from`.
    pub until: Minute,
}

impl Span {
    /// Longer than any life.
    pub(super) const ALWAYS: Self =
        Self { from: Minute::from_number(i64::MIN / 4), until: Minute::from_number(i64::MAX / 4) };

    /// The stretch, if there is a minute in it.
    pub fn new(from: Minute, until: Minute) -> Option<Self> {
        (from < until).then_some(Self { from, until })
    }

    /// Elapsed minutes.
    pub fn minutes(self) -> u64 {
        self.until.since(self.from).unsigned_abs()
    }

    /// The minutes in both.
    pub fn and(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.until.min(other.until))
    }
}

/// The set of all minutes in any of them.
pub(super) fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let joins = next.from <= kept.until;
        if joins {
            kept.until = kept.until.max(next.until);
        }
        joins
    });
    spans
}

/// The minutes of a set that are in `span`.
pub(super) fn within(set: &[Span], span: Span) -> impl Iterator<Item = Span> + '_ {
    let first = set.partition_point(|other| other.until <= span.from);
    let overlapping = set.iter().skip(first).take_while(move |other| other.from < span.until);
    overlapping.filter_map(move |other| other.and(span))
}

/// The minutes of one set that are not in another.
pub(super) fn minus(whole: &[Span], less: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    for span in whole {
        let mut from = span.from;
        for hole in within(less, *span) {
            left.extend(Span::new(from, hole.from));
            from = hole.until;
        }
        left.extend(Span::new(from, span.until));
    }
    left
}

/// How many minutes a set has.
pub(super) fn minutes(set: &[Span]) -> u64 {
    set.iter().map(|span| span.minutes()).sum()
}
