//! Run rules over the points of a chart.
//!
//! Owns: which patterns show where. Does not own: limits. Points without a value are passed over, as if the series were whole.

use super::{Point, Rule, Signal};

/// Signals by place, then rule; each begins where the pattern is first complete and lasts while it stays so.
pub(super) fn signals(points: &[Option<Point>], rules: &[Rule]) -> Vec<Signal> {
    let (places, present): (Vec<usize>, Vec<Point>) =
        points.iter().enumerate().filter_map(|(at, point)| Some((at, (*point)?))).unzip();
    let mut signals = Vec::new();
    for &rule in rules {
        let mut open: Option<Signal> = None;
        for (end, &place) in places.iter().enumerate() {
            let is_shown = shows(rule, &present[..=end]);
            match &mut open {
                Some(signal) if is_shown && rule != Rule::Outside => signal.until = place,
                _ => {
                    signals.extend(open.take());
                    open = is_shown.then_some(Signal { at: place, until: place, rule });
                }
            }
        }
        signals.extend(open);
    }
    signals.sort();
    signals
}

/// Whether the last point completes the pattern.
fn shows(rule: Rule, until_here: &[Point]) -> bool {
    let last = |count: usize| until_here.len().checked_sub(count).map(|from| &until_here[from..]);
    match rule {
        Rule::Outside => last(1).is_some_and(|point| side_outside(&point[0]) != 0),
        Rule::Shift => last(7).is_some_and(are_on_one_side),
        Rule::Trend => last(7).is_some_and(|points| {
            let steps = || points.windows(2).map(|pair| pair[1].value - pair[0].value);
            steps().all(|step| step > 0.0) || steps().all(|step| step < 0.0)
        }),
        Rule::TwoOfThree => last(3).is_some_and(|points| {
            are_on_one_side(points) && points.iter().filter(|point| is_near(point)).count() >= 2
        }),
    }
}

fn side(point: &Point) -> i8 {
    i8::from(point.value > point.centre) - i8::from(point.value < point.centre)
}

fn side_outside(point: &Point) -> i8 {
    i8::from(point.value > point.high) - i8::from(point.value < point.low)
}

fn are_on_one_side(points: &[Point]) -> bool {
    points.iter().all(|point| side(point) == 1) || points.iter().all(|point| side(point) == -1)
}

/// Beyond two thirds of the way from the centre to the limit, and not outside.
fn is_near(point: &Point) -> bool {
    let limit = if side(point) > 0 { point.high } else { point.low };
    let way = (limit - point.centre).abs();
    let gone = (point.value - point.centre).abs();
    way > 0.0 && gone > 2.0 / 3.0 * way && side_outside(point) == 0
}
