//! A rate in two times: the days it applies to across, the days we learned of it downwards.
//!
//! Owns: drawing it. A decision with retroactive effect is a band that begins at a later row and reaches back.

use super::opened_with_links;
use crate::web::html::{Html, escaped};
use std::fmt::Write;

/// What was known from a day on.
pub struct Known {
    /// The day, as people read it.
    pub from: String,
    /// What applies, in order of days: first day, what is said of it, and where it leads. A blank text is that nothing applies.
    pub bands: Vec<Band>,
}

/// What applies from one day to the next band.
pub struct Band {
    /// How far along the picture it begins, in thousandths.
    pub at: u32,
    /// Its amount, or blank.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Whether it differs from what was known before.
    pub is_new: bool,
}

const LEFT: u32 = 110;
const WIDE: u32 = 760;
const ROW: u32 = 34;

/// The picture; `ticks` are days with their place in thousandths.
pub fn drawn(title: &str, description: &str, ticks: &[(u32, String)], rows: &[Known]) -> Html {
    let count = u32::try_from(rows.len()).unwrap_or(0);
    let height = 36 + ROW * count;
    let mut svg = opened_with_links(LEFT + WIDE + 10, height, title, description);
    let x = |at: u32| LEFT + at.min(1000) * WIDE / 1000;
    let mut last = 0;
    for (at, day) in ticks {
        if *at > 0 && x(*at) < last + 74 {
            continue;
        }
        last = x(*at);
        let _infallible = write!(
            svg,
            "<line x1=\"{0}\" x2=\"{0}\" y1=\"16\" y2=\"{height}\" class=\"gap\"/><text x=\"{0}\" y=\"12\" class=\"tick\">{1}</text>",
            x(*at),
            escaped(day)
        );
    }
    for (row, y) in rows.iter().zip((24..).step_by(ROW as usize)) {
        let _infallible = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LEFT - 8,
            y + 18,
            escaped(&row.from)
        );
        let ends = row.bands.iter().skip(1).map(|band| band.at).chain([1000]);
        for (band, end) in row.bands.iter().zip(ends) {
            if band.text.is_empty() || end <= band.at {
                continue;
            }
            let class = if band.is_new { "band new" } else { "band" };
            let wide = x(end) - x(band.at);
            let shown = if wide > 60 { escaped(&band.text) } else { String::new() };
            let _infallible = write!(
                svg,
                "<a href=\"{}\" aria-label=\"{}, {}\"><rect x=\"{}\" y=\"{y}\" width=\"{wide}\" height=\"26\" class=\"{class}\"/><text x=\"{}\" y=\"{}\" class=\"value\">{shown}</text></a>",
                escaped(&band.href),
                escaped(&row.from),
                escaped(&band.text),
                x(band.at),
                x(band.at) + 5,
                y + 17
            );
        }
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}
