//! Units by size around a level, with the limits of chance drawn against size.
//!
//! Owns: drawing them. Does not own: the limits, or which units are flagged (`follow::funnel`).

use super::{opened, round_above};
use crate::web::html::{Html, escaped};
use std::fmt::Write;

/// A unit.
pub struct Point {
    /// Its name.
    pub label: String,
    /// How many it is of.
    pub of: f64,
    /// Its share, 0 to 1.
    pub value: f64,
    /// Whether it lies outside the inner limits.
    pub stands_out: bool,
}

/// Limits at a size: inner, then outer, each low and high.
pub type At = (f64, [f64; 4]);

const LEFT: f64 = 64.0;
const WIDE: f64 = 460.0;
const RIGHT: f64 = 180.0;
const TOP: f64 = 18.0;
const HIGH: f64 = 220.0;

/// The funnel of shares; both axes begin at zero, and none goes beyond the whole.
/// `level` is drawn with its name, `shown` writes a value of the axis.
pub fn funnel(
    (title, description): (&str, &str),
    points: &[Point],
    limits: &[At],
    level: (f64, &str),
    shown: &dyn Fn(f64) -> String,
) -> Html {
    let values = points.iter().map(|point| point.value).chain([level.0]);
    // Limits of the smallest units may lie far above everything; the picture ends where units do.
    let most = round_above(values.fold(f64::MIN_POSITIVE, f64::max) * 1.25).min(1.0);
    let largest = points.iter().map(|point| point.of).fold(1.0, f64::max) * 1.02;
    let x = |of: f64| LEFT + of / largest * WIDE;
    let y = |value: f64| TOP + HIGH - value.clamp(0.0, most) / most * HIGH;
    let size = |length: f64| length as u32;
    let mut svg = opened(size(LEFT + WIDE + RIGHT), size(TOP + HIGH + 36.0), title, description);
    let (right, bottom) = (LEFT + WIDE, TOP + HIGH);
    for part in [0.0, 0.5, 1.0] {
        let at = y(most * part);
        let _infallible = write!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\" class=\"rule\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" class=\"tick\">{}</text>\
             <text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" class=\"tick\">{:.0}</text>",
            LEFT - 6.0,
            at + 4.0,
            escaped(&shown(most * part)),
            x(largest * part),
            bottom + 16.0,
            largest * part
        );
    }
    for nth in 0..4 {
        let value = |(of, ends): &At| Some((*of, *ends.get(nth)?));
        let path: Vec<String> = limits
            .iter()
            .filter_map(value)
            .map(|(of, value)| format!("{:.1},{:.1}", x(of), y(value)))
            .collect();
        let class = if nth < 2 { "limit" } else { "limit outer" };
        let _infallible =
            write!(svg, "<polyline points=\"{}\" class=\"{class}\"/>", path.join(" "));
    }
    let at = y(level.0);
    let _infallible = write!(
        svg,
        "<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\" class=\"centre\"/>\
         <text x=\"{}\" y=\"{:.1}\" class=\"tick\">{}</text>",
        right + 6.0,
        at + 4.0,
        escaped(level.1)
    );
    let places: Vec<(f64, f64)> =
        points.iter().map(|point| (x(point.of), y(point.value))).collect();
    let names = points.iter().map(|point| point.label.as_str());
    let lines = apart(&places, names, bottom);
    for ((point, (x, y)), line) in points.iter().zip(&places).zip(lines) {
        let class = if point.stands_out { "dot attention" } else { "dot" };
        let _infallible = write!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" class=\"{class}\"/>\
             <text x=\"{:.1}\" y=\"{line:.1}\" class=\"tick\">{}</text>",
            x + ASIDE,
            escaped(&point.label)
        );
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}

/// From a point to its name.
const ASIDE: f64 = 7.0;
/// Between the lines of two names, and the mean width of a letter in them.
const LINE: f64 = 11.0;
const LETTER: f64 = 5.4;

/// Where the names of points stand so that none lies over another: beside its point, else the nearest line above or below that is free.
fn apart<'n>(places: &[(f64, f64)], names: impl Iterator<Item = &'n str>, bottom: f64) -> Vec<f64> {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for ((x, y), name) in places.iter().zip(names) {
        let (from, until) = (x + ASIDE, x + ASIDE + LETTER * name.chars().count() as f64);
        let is_free = |line: f64| {
            let is_over = |(other_from, other_until, other): &(f64, f64, f64)| {
                (line - other).abs() < LINE && from < *other_until && *other_from < until
            };
            (TOP / 2.0..bottom).contains(&line) && !taken.iter().any(is_over)
        };
        let beside = y - 5.0;
        let away = (0..12).flat_map(|step| [-LINE * f64::from(step), LINE * f64::from(step + 1)]);
        let line = away.map(|away| beside + away).find(|line| is_free(*line)).unwrap_or(beside);
        taken.push((from, until, line));
    }
    taken.into_iter().map(|(_, _, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn names_of_points_that_lie_together_stand_apart() {
        let places = [(100.0, 100.0), (104.0, 101.0), (108.0, 99.0), (300.0, 100.0)];
        let lines = apart(&places, ["Danderyd", "Solna", "Huddinge", "Gotland"].into_iter(), 238.0);
        for (at, one) in lines.iter().enumerate().take(3) {
            for other in lines.iter().take(at) {
                assert!((one - other).abs() >= 11.0, "{lines:?}");
            }
        }
        assert_eq!((lines[0], lines[3]), (95.0, 95.0));
    }
}
