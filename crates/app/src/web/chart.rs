//! Pictures: inline SVG with a title, a description and the numbers under it.
//!
//! Owns: drawing. Does not own: the numbers. Colours come from `app.css` by class, so that both themes and print are right.

pub mod funnel;
pub mod grant;
pub mod intervals;
pub mod months;
pub mod series;
pub mod two_times;
pub mod waterfall;

use super::html::{Html, escaped};
use super::table::Table;
use std::fmt::Write;

/// A picture with its numbers.
pub struct Figure {
    /// What it shows, in a sentence that answers a question.
    pub title: String,
    /// What is seen in it, for those who do not see it.
    pub description: String,
    /// The picture.
    pub svg: Html,
    /// The numbers under it.
    pub numbers: Option<Table>,
}

/// A bar of a row of bars.
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// How long it is.
    pub value: i64,
    /// The value as people read it.
    pub shown: String,
    /// A class for its colour: `plain`, `accent`, `attention`, `hatched`.
    pub class: &'static str,
}

/// Where an axis ends that holds `most`: the least round number not below it, so that its halves can be read too.
pub fn round_above(most: f64) -> f64 {
    const ROUND: [f64; 10] = [1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0];
    let power = 10_f64.powf(most.log10().floor());
    let enough = ROUND.into_iter().find(|round| round * power >= most * (1.0 - 1e-9));
    enough.unwrap_or(10.0) * power
}

/// Where a picture begins: its size, title and description.
pub fn opened(width: u32, height: u32, title: &str, description: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" class=\"chart\"><title>{}</title><desc>{}</desc>",
        escaped(title),
        escaped(description)
    )
}

/// The same for a picture with links in it, each of which is a thing of its own to a reader that speaks.
pub fn opened_with_links(width: u32, height: u32, title: &str, description: &str) -> String {
    opened(width, height, title, description).replacen("role=\"img\"", "role=\"group\"", 1)
}

/// Bars across from a common zero, each with its label and value.
pub fn bars(title: &str, description: &str, bars: &[Bar]) -> Html {
    const ROW: u32 = 24;
    const LEFT: u32 = 220;
    const WIDE: u32 = 360;
    let least = bars.iter().map(|bar| bar.value).min().unwrap_or(0).min(0);
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(0);
    let span = i128::from(most) - i128::from(least);
    let place = |value: i64| {
        let part = (i128::from(value) - i128::from(least)) * i128::from(WIDE);
        LEFT + u32::try_from(part / span.max(1)).unwrap_or(0)
    };
    let height = ROW * u32::try_from(bars.len()).unwrap_or(0) + 8;
    let mut svg = opened(LEFT + WIDE + 160, height, title, description);
    for (bar, y) in bars.iter().zip((4..).step_by(ROW as usize)) {
        let (zero, end) = (place(0), place(bar.value));
        let (from, to) = (zero.min(end), zero.max(end));
        let _infallible = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect x=\"{from}\" y=\"{y}\" width=\"{}\" height=\"16\" class=\"bar {}\"/>\
             <text x=\"{}\" y=\"{}\" class=\"value\">{}</text>",
            LEFT - 8,
            y + 13,
            escaped(&bar.label),
            (to - from).max(1),
            bar.class,
            to + 6,
            y + 13,
            escaped(&bar.shown)
        );
    }
    let zero = place(0);
    let _infallible = write!(
        svg,
        "<line x1=\"{zero}\" x2=\"{zero}\" y1=\"0\" y2=\"{height}\" class=\"axis\"/></svg>"
    );
    Html::raw(svg)
}

#[cfg(test)]
mod tests {
    use super::round_above;

    #[test]
    fn an_axis_ends_at_a_round_number() {
        for (most, end) in
            [(0.914, 1.0), (1.0, 1.0), (0.1, 0.1), (0.073, 0.08), (13.0, 16.0), (81.0, 100.0)]
        {
            let found = round_above(most);
            assert!((found - end).abs() < 1e-9, "{most} gives {found}");
        }
    }
}
