//! Charts of shares (p) and of rates (u), and Laney's of both, for large denominators.
//!
//! Owns: their limits. Does not own: run rules. Sources: Montgomery, Introduction to Statistical Quality Control, chapter 7; Laney,
//! Improved control charts for attributes, Quality Engineering 14 (2002) 531–537.

use super::{Chart, D2, LEAST_POINTS, Point, Rule, mean_range};
use crate::interval::Share;

/// A chart of shares, limits of three sigma by chance alone, from the first `baseline` of them; within 0 to 1.
/// `None` with fewer than [`LEAST_POINTS`] of those that are of anybody.
pub fn p(shares: &[Share], baseline: usize) -> Option<Chart> {
    chart(&parts(shares), baseline, Some(1.0), false)
}

/// The same with sigma as the months show it (Laney's p′): for thousands a month, where chance alone is too strict.
pub fn p_laney(shares: &[Share], baseline: usize) -> Option<Chart> {
    chart(&parts(shares), baseline, Some(1.0), true)
}

/// A chart of events per unit of exposure (days, births), limits of three sigma by chance alone.
pub fn u(rates: &[(u64, f64)], baseline: usize) -> Option<Chart> {
    chart(&exposed(rates), baseline, None, false)
}

/// The same with sigma as the months show it (Laney's u′).
pub fn u_laney(rates: &[(u64, f64)], baseline: usize) -> Option<Chart> {
    chart(&exposed(rates), baseline, None, true)
}

fn parts(shares: &[Share]) -> Vec<(f64, f64)> {
    shares.iter().map(|share| (share.count as f64, share.of as f64)).collect()
}

fn exposed(rates: &[(u64, f64)]) -> Vec<(f64, f64)> {
    rates.iter().map(|&(events, exposure)| (events as f64, exposure)).collect()
}

fn chart(parts: &[(f64, f64)], baseline: usize, most: Option<f64>, laney: bool) -> Option<Chart> {
    let first = || parts.iter().take(baseline).filter(|(_, of)| *of > 0.0);
    if first().count() < LEAST_POINTS {
        return None;
    }
    let sum = |part: fn(&(f64, f64)) -> f64| first().map(part).sum::<f64>();
    let centre = sum(|(count, _)| *count) / sum(|(_, of)| *of);
    let variance = centre * most.map_or(1.0, |most| most - centre);
    let sigma = |of: f64| (variance / of).sqrt();
    let z = first().map(|(count, of)| (count / of - centre) / sigma(*of)).collect::<Vec<_>>();
    let wider = if laney && variance > 0.0 { mean_range(&z) / D2 } else { 1.0 };
    let point = |&(count, of): &(f64, f64)| {
        let away = 3.0 * sigma(of) * wider;
        (of > 0.0).then(|| Point {
            value: count / of,
            centre,
            low: (centre - away).max(0.0),
            high: (centre + away).min(most.unwrap_or(f64::INFINITY)),
        })
    };
    Some(Chart::of(parts.iter().map(point).collect(), Rule::ALL))
}
