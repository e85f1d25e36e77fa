//! Values with their intervals, one under another, and the level they are held against.
//!
//! Owns: drawing them. A row without a value says why; its place is kept.

use super::opened;
use crate::web::html::{Html, escaped};
use std::fmt::Write;

/// A row.
pub struct Row {
    /// Its name.
    pub label: String,
    /// Value and the ends of its interval.
    pub value: Option<(f64, f64, f64)>,
    /// The value as people read it, or why there is none.
    pub shown: String,
    /// Whether it stands apart by more than chance.
    pub stands_out: bool,
}

const ROW: u32 = 24;
const LEFT: u32 = 280;
const WIDE: u32 = 340;
const RIGHT: u32 = 190;

/// The rows; the axis begins at zero. `level` is drawn as a line with its name.
pub fn intervals(title: &str, description: &str, rows: &[Row], level: Option<(f64, &str)>) -> Html {
    let ends = rows.iter().filter_map(|row| row.value).map(|(value, _, high)| value.max(high));
    let most = ends.chain(level.map(|(level, _)| level)).fold(f64::MIN_POSITIVE, f64::max);
    let place = |value: f64| f64::from(LEFT) + value.clamp(0.0, most) / most * f64::from(WIDE);
    let height = 22 + ROW * u32::try_from(rows.len()).unwrap_or(0);
    let mut svg = opened(LEFT + WIDE + RIGHT, height, title, description);
    let bottom = height - 2;
    let _infallible =
        write!(svg, "<line x1=\"{LEFT}\" x2=\"{LEFT}\" y1=\"18\" y2=\"{bottom}\" class=\"axis\"/>");
    if let Some((level, name)) = level {
        let x = place(level);
        let _infallible = write!(
            svg,
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"18\" y2=\"{bottom}\" class=\"limit\"/>\
             <text x=\"{x:.1}\" y=\"12\" text-anchor=\"middle\" class=\"tick\">{}</text>",
            escaped(name)
        );
    }
    for (row, y) in rows.iter().zip((18..).step_by(ROW as usize)) {
        write_row(&mut svg, row, y, &place);
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}

fn write_row(svg: &mut String, row: &Row, y: u32, place: &dyn Fn(f64) -> f64) {
    let (text, middle) = (y + 16, y + 12);
    let _infallible = write!(
        svg,
        "<text x=\"{}\" y=\"{text}\" text-anchor=\"end\">{}</text>\
         <text x=\"{}\" y=\"{text}\" class=\"value\">{}</text>",
        LEFT - 8,
        escaped(&row.label),
        LEFT + WIDE + 8,
        escaped(&row.shown)
    );
    let Some((value, low, high)) = row.value else { return };
    let class = if row.stands_out { "dot attention" } else { "dot" };
    let (low, high, value) = (place(low), place(high), place(value));
    let _infallible = write!(
        svg,
        "<line x1=\"{low:.1}\" x2=\"{high:.1}\" y1=\"{middle}\" y2=\"{middle}\" class=\"whisker\"/>\
         <circle cx=\"{value:.1}\" cy=\"{middle}\" r=\"4\" class=\"{class}\"/>"
    );
}
