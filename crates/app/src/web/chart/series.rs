//! A series over months with its centre, its limits, and the points that stand out.
//!
//! Owns: drawing it. Does not own: the limits or the rules (`follow::control`). A month without a value is a gap.

use super::{opened, round_above};
use crate::web::html::{Html, escaped};
use std::fmt::Write;

/// A month.
pub struct Point {
    /// Its name: `2023-01`.
    pub label: String,
    /// Its value.
    pub value: Option<f64>,
    /// Centre, lower and upper limit.
    pub limits: Option<(f64, f64, f64)>,
    /// The rule that flagged it, as a small sign beside the point.
    pub flag: Option<String>,
}

const STEP: u32 = 44;
const LEFT: u32 = 56;
const HIGH: u32 = 180;
const TOP: u32 = 14;

/// The series; the axis begins at zero. `shown` writes a value of the axis.
pub fn series(
    title: &str,
    description: &str,
    points: &[Point],
    shown: &dyn Fn(f64) -> String,
) -> Html {
    let limits = points.iter().filter_map(|point| point.limits).map(|(_, _, high)| high);
    let values = points.iter().filter_map(|point| point.value);
    let most = round_above(limits.chain(values).fold(f64::MIN_POSITIVE, f64::max));
    let y = |value: f64| f64::from(TOP + HIGH) - value.clamp(0.0, most) / most * f64::from(HIGH);
    let x = |at: usize| LEFT + STEP / 2 + STEP * u32::try_from(at).unwrap_or(0);
    let width = LEFT + STEP * u32::try_from(points.len()).unwrap_or(0) + 16;
    let mut svg = opened(width, TOP + HIGH + 36, title, description);
    for part in [0.0, 0.5, 1.0] {
        let (at, value) = (y(most * part), most * part);
        let _infallible = write!(
            svg,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" class=\"rule\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" class=\"tick\">{}</text>",
            width - 12,
            LEFT - 6,
            at + 4.0,
            escaped(&shown(value))
        );
    }
    let of = |pick: fn(&(f64, f64, f64)) -> f64| {
        let points = points.iter().enumerate();
        points.filter_map(move |(at, point)| Some((at, pick(point.limits.as_ref()?))))
    };
    for (class, pick) in [
        ("centre", (|limits| limits.0) as fn(&(f64, f64, f64)) -> f64),
        ("limit", |limits| limits.1),
        ("limit", |limits| limits.2),
    ] {
        let path: Vec<String> =
            of(pick).map(|(at, value)| format!("{},{:.1}", x(at), y(value))).collect();
        if path.len() > 1 {
            let _infallible =
                write!(svg, "<polyline points=\"{}\" class=\"{class}\"/>", path.join(" "));
        }
    }
    let mut run: Vec<String> = Vec::new();
    for (at, point) in points.iter().enumerate() {
        match point.value {
            Some(value) => run.push(format!("{},{:.1}", x(at), y(value))),
            None => write_run(&mut svg, &mut run),
        }
        let _infallible = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" class=\"tick\">{}</text>",
            x(at),
            TOP + HIGH + 18,
            escaped(point.label.get(5..).unwrap_or(&point.label))
        );
        if let Some((year, "01" | "q1")) = point.label.split_once('-') {
            let _infallible = write!(
                svg,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" class=\"tick\">{}</text>",
                x(at),
                TOP + HIGH + 31,
                escaped(year)
            );
        }
    }
    write_run(&mut svg, &mut run);
    for (at, point) in points.iter().enumerate() {
        let Some(value) = point.value else { continue };
        let (x, y) = (x(at), y(value));
        let class = if point.flag.is_some() { "dot attention" } else { "dot" };
        let _infallible =
            write!(svg, "<circle cx=\"{x}\" cy=\"{y:.1}\" r=\"4\" class=\"{class}\"/>");
        if let Some(flag) = &point.flag {
            let _infallible = write!(
                svg,
                "<text x=\"{x}\" y=\"{:.1}\" text-anchor=\"middle\" class=\"value\">{}</text>",
                (y - 8.0).max(10.0),
                escaped(flag)
            );
        }
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}

fn write_run(svg: &mut String, run: &mut Vec<String>) {
    if run.len() > 1 {
        let _infallible = write!(svg, "<polyline points=\"{}\" class=\"line\"/>", run.join(" "));
    }
    run.clear();
}
