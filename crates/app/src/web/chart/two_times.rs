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
    /// What applies, in order of days: first day, what is said of it, and where it leads.
    pub bands: Vec<Band>,
}

/// The point that is asked about.
pub struct Asked {
    /// How far along the picture its day is, in thousandths.
    pub at: u32,
    /// The day, as people read it.
    pub day: String,
    /// The row that says what was known then, where there is one.
    pub row: Option<usize>,
}

/// What applies from one day to the next band.
pub struct Band {
    /// How far along the picture it begins, in thousandths.
    pub at: u32,
    /// The amounts that apply side by side; none where nothing applies.
    pub values: Vec<String>,
    /// What is said where there is no room for them all.
    pub count: String,
    /// Where it leads.
    pub href: String,
    /// Whether it differs from what was known before.
    pub is_new: bool,
}

const LEFT: u32 = 110;
const WIDE: u32 = 760;
const ROW: u32 = 34;

/// Room for a sign of a text of 12 px, in tenths of a pixel.
const SIGN: u32 = 68;

const fn x(at: u32) -> u32 {
    let at = if at < 1000 { at } else { 1000 };
    LEFT + at * WIDE / 1000
}

/// What fits into a band of a width: all its amounts, else how many they are, else nothing.
fn fitting(band: &Band, wide: u32) -> String {
    let all = band.values.join(" · ");
    let fits = |text: &str| {
        let signs = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        signs.saturating_mul(SIGN) / 10 + 10 <= wide
    };
    [all.as_str(), band.count.as_str()].into_iter().find(|text| fits(text)).unwrap_or("").to_owned()
}

/// The picture; `ticks` are days with their place in thousandths.
pub fn drawn(
    title: &str,
    description: &str,
    ticks: &[(u32, String)],
    rows: &[Known],
    asked: Option<&Asked>,
) -> Html {
    let count = u32::try_from(rows.len()).unwrap_or(0);
    let height = 24 + ROW * count;
    let mut svg = opened_with_links(LEFT + WIDE + 40, height + 18, title, description);
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
    if let Some(asked) = asked {
        mark(&mut svg, asked, height);
    }
    let asked_row = asked.and_then(|asked| asked.row);
    for ((at, row), y) in rows.iter().enumerate().zip((24..).step_by(ROW as usize)) {
        let class = if asked_row == Some(at) { " class=\"asked-row\"" } else { "" };
        let _infallible = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\"{class}>{}</text>",
            LEFT - 8,
            y + 18,
            escaped(&row.from)
        );
        let ends = row.bands.iter().skip(1).map(|band| band.at).chain([1000]);
        for (band, end) in row.bands.iter().zip(ends) {
            if band.values.is_empty() || end <= band.at {
                continue;
            }
            let class = if band.is_new { "band new" } else { "band" };
            let wide = x(end) - x(band.at);
            let shown = escaped(&fitting(band, wide));
            let _infallible = write!(
                svg,
                "<a href=\"{}\" aria-label=\"{}, {}\"><rect x=\"{}\" y=\"{y}\" width=\"{wide}\" height=\"26\" class=\"{class}\"/><text x=\"{}\" y=\"{}\" class=\"value\">{shown}</text></a>",
                escaped(&band.href),
                escaped(&row.from),
                escaped(&band.values.join("; ")),
                x(band.at),
                x(band.at) + 5,
                y + 17
            );
        }
    }
    if let Some((at, row)) = asked.and_then(|asked| Some((asked.at, asked.row?))) {
        let y = 24 + ROW * u32::try_from(row).unwrap_or(0) + 26;
        let x = x(at);
        let _infallible = write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" class=\"asked-at\"/>");
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}

/// The asked day as a line behind the bands.
fn mark(svg: &mut String, asked: &Asked, height: u32) {
    let (x, day) = (x(asked.at), escaped(&asked.day));
    let _infallible = write!(
        svg,
        "<line x1=\"{x}\" x2=\"{x}\" y1=\"16\" y2=\"{height}\" class=\"asked\"/><text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" class=\"asked-row\">{day}</text>",
        height + 13
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(values: &[&str]) -> Band {
        let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
        let count = format!("{} nivåer", values.len());
        Band { at: 0, values, count, href: "/x".to_owned(), is_new: false }
    }

    #[test]
    fn all_amounts_are_said_where_they_fit_and_never_the_first_alone() {
        let two = band(&["2 150 kr", "540 kr"]);
        assert_eq!(fitting(&two, 400), "2 150 kr · 540 kr");
        assert_eq!(fitting(&two, 80), "2 nivåer");
        assert_eq!(fitting(&two, 20), "");
    }

    #[test]
    fn the_asked_day_is_marked_where_it_meets_what_was_known() {
        let row = || Known { from: "2021-01-01".to_owned(), bands: vec![band(&["2 150 kr"])] };
        let asked = Asked { at: 500, day: "2021-06-01".to_owned(), row: Some(1) };
        let svg = drawn("a", "b", &[], &[row(), row()], Some(&asked)).to_string();
        assert!(svg.contains("<circle cx=\"490\" cy=\"84\""), "{svg}");
        assert!(svg.contains("class=\"asked-row\">2021-06-01</text>"), "{svg}");
    }
}
