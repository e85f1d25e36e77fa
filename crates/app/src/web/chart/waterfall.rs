//! A waterfall: from one sum to another, one bar a cause.
//!
//! Owns: where the bars stand. The two sums reach from zero; where the steps are small beside them the axis is cut, and says so.

use super::opened;
use crate::web::html::{Html, escaped};
use kernel::money::Money;
use std::fmt::Write;

/// A bar of a waterfall.
pub struct Step {
    /// What it is.
    pub label: String,
    /// How much.
    pub amount: Money,
}

const ROW: u32 = 26;
const LEFT: u32 = 210;
const WIDE: u32 = 380;
const RIGHT: u32 = 170;

/// From `first` over steps to `last`; the caller sees to it that they add up. `cut` says where the axis begins when it is not at zero.
pub fn waterfall(
    title: &str,
    description: &str,
    first: &Step,
    steps: &[Step],
    last: &Step,
    cut: &str,
) -> Html {
    let mut levels = vec![first.amount.ore()];
    for step in steps {
        let level = levels.last().copied().unwrap_or(0);
        levels.push(level.saturating_add(step.amount.ore()));
    }
    levels.push(last.amount.ore());
    let scale = Scale::of(&levels);
    let rows = u32::try_from(steps.len()).unwrap_or(0) + 2;
    let height = rows * ROW + if scale.is_cut { 28 } else { 8 };
    let mut svg = opened(LEFT + WIDE + RIGHT, height, title, description);
    let zero = scale.at(scale.base);
    let mut y = 4;
    bar(
        &mut svg,
        y,
        &first.label,
        (zero, scale.at(first.amount.ore())),
        &first.amount.to_string(),
        "total",
    );
    let mut before = first.amount.ore();
    for step in steps {
        y += ROW;
        let after = before.saturating_add(step.amount.ore());
        let (from, to) = (scale.at(before), scale.at(after));
        link(&mut svg, from, y);
        let (class, sign) = if after < before { ("fall", "") } else { ("rise", "+") };
        bar(&mut svg, y, &step.label, (from, to), &format!("{sign}{}", step.amount), class);
        before = after;
    }
    y += ROW;
    let end = scale.at(last.amount.ore());
    link(&mut svg, end, y);
    bar(&mut svg, y, &last.label, (zero, end), &last.amount.to_string(), "total");
    let _infallible = write!(
        svg,
        "<line x1=\"{zero}\" x2=\"{zero}\" y1=\"0\" y2=\"{}\" class=\"axis{}\"/>",
        y + 20,
        if scale.is_cut { " cut" } else { "" }
    );
    if scale.is_cut {
        let _infallible = write!(
            svg,
            "<text x=\"{LEFT}\" y=\"{}\" class=\"note\">{} {}</text>",
            height - 6,
            escaped(cut),
            escaped(&Money::from_ore(scale.base).to_string())
        );
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}

/// The line from the end of the bar above.
fn link(svg: &mut String, x: u32, y: u32) {
    let _infallible = write!(
        svg,
        "<line x1=\"{x}\" x2=\"{x}\" y1=\"{}\" y2=\"{}\" class=\"link\"/>",
        y - 10,
        y + 16
    );
}

fn bar(svg: &mut String, y: u32, label: &str, (a, b): (u32, u32), shown: &str, class: &str) {
    let (from, to) = (a.min(b), a.max(b));
    let _infallible = write!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
         <rect x=\"{from}\" y=\"{y}\" width=\"{}\" height=\"16\" class=\"bar {class}\"/>\
         <text x=\"{}\" y=\"{}\" class=\"value\">{}</text>",
        LEFT - 8,
        y + 13,
        escaped(label),
        (to - from).max(1),
        to + 6,
        y + 13,
        escaped(shown)
    );
}

struct Scale {
    base: i64,
    span: i128,
    is_cut: bool,
    least: i64,
}

impl Scale {
    fn of(levels: &[i64]) -> Self {
        let least = levels.iter().copied().min().unwrap_or(0);
        let most = levels.iter().copied().max().unwrap_or(0);
        let spread = i128::from(most) - i128::from(least);
        // Where the steps take less than a sixth of a bar from zero they could not be told apart.
        let is_cut = least > 0 && spread * 6 < i128::from(most);
        let base = if is_cut { cut_below(least, spread) } else { 0 };
        let least = least.min(base);
        let span = (i128::from(most.max(base)) - i128::from(least)).max(1);
        Self { base, span, is_cut, least }
    }

    fn at(&self, level: i64) -> u32 {
        let part = (i128::from(level) - i128::from(self.least)) * i128::from(WIDE) / self.span;
        LEFT + u32::try_from(part).unwrap_or(0)
    }
}

/// A round number below the least level, so far below that bars are seen.
fn cut_below(least: i64, spread: i128) -> i64 {
    let below = i128::from(least) - (spread / 4).max(1);
    let mut unit: i128 = 1;
    while unit * 10 <= spread.max(1) {
        unit *= 10;
    }
    i64::try_from(below.max(0) / unit * unit).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(label: &str, kronor: i64) -> Step {
        Step { label: label.to_owned(), amount: Money::from_ore(kronor * 100) }
    }

    #[test]
    fn the_axis_begins_at_zero_unless_the_steps_would_not_be_seen() {
        let steps = [step("löpande", 30), step("beslut", -10)];
        let whole = waterfall("t", "d", &step("maj", 80), &steps, &step("juni", 100), "från");
        assert!(!whole.as_str().contains("från"));
        // 80 of 110 on 380 points.
        assert!(whole.as_str().contains("<rect x=\"210\" y=\"4\" width=\"276\""), "{whole}");
        let cut = waterfall("t", "d", &step("maj", 8_000), &steps, &step("juni", 8_020), "från");
        assert!(cut.as_str().contains("från 7\u{a0}99"), "{cut}");
    }

    #[test]
    fn a_sum_below_zero_reaches_to_the_left_of_the_axis() {
        let fall = waterfall("t", "d", &step("a", 10), &[step("x", -30)], &step("b", -20), "");
        // Levels 10, −20; 30 in all, zero at two thirds.
        assert!(fall.as_str().contains("x1=\"463\" x2=\"463\" y1=\"0\""), "{fall}");
    }
}
