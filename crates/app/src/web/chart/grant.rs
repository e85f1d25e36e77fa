//! The grant bar: one bar as long as the grant, its headings and items to scale, what is unallocated hatched, and soft ends where an
//! amount is only known approximately.
//!
//! Owns: drawing. Does not own: the division (`kernel::grant`).

use super::opened;
use crate::commands::grant::show::{label, residual_label};
use crate::output::Lang;
use crate::web::html::{Html, escaped};
use kernel::grant::{Branch, Range, Tree};
use kernel::money::Money;
use std::fmt::Write;

const WIDE: i128 = 880;
const LEFT: i128 = 10;
const LINE: i128 = 18;

/// A part of the bar, and where it lies.
struct Part<'a> {
    label: &'a str,
    range: Range,
    from: Money,
    is_rest: bool,
}

/// The bar of a grant.
pub fn bar(lang: Lang, tree: &Tree<'_>, title: &str, description: &str) -> Html {
    let (headings, end) = laid(&tree.headings, tree.residual, lang, Money::ZERO);
    let whole = end.max(tree.whole.printed).max(Money::from_ore(1));
    let x = |amount: Money| LEFT + i128::from(amount.ore()) * WIDE / i128::from(whole.ore());
    let lines = i128::try_from(headings.len()).unwrap_or(0);
    let height = u32::try_from(104 + lines * LINE).unwrap_or(104);
    let mut svg = opened(900, height, title, description);
    svg.push_str(
        "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"6\" height=\"6\" class=\"hatch-back\"/><line x1=\"0\" x2=\"0\" y1=\"0\" y2=\"6\" class=\"hatch-line\"/></pattern>\
         <linearGradient id=\"soft\"><stop offset=\"0\" class=\"soft-from\"/><stop offset=\"1\" class=\"soft-to\"/></linearGradient></defs>",
    );
    let zero = LEFT;
    let _infallible = write!(
        svg,
        "<text x=\"{zero}\" y=\"12\">0</text><text x=\"{0}\" y=\"12\" text-anchor=\"end\">{1}</text>\
         <line x1=\"{0}\" x2=\"{0}\" y1=\"16\" y2=\"92\" class=\"axis\"/>",
        x(tree.whole.printed),
        escaped(&tree.whole.printed.to_string())
    );
    for part in &headings {
        draw(&mut svg, part, &x, (20, 34));
    }
    let mut from = Money::ZERO;
    for heading in &tree.headings {
        if !heading.items.is_empty() {
            let (items, _) = laid(&heading.items, heading.residual, lang, from);
            items.iter().for_each(|part| draw(&mut svg, part, &x, (58, 22)));
        }
        from += heading.amount.printed;
    }
    // The rightmost is named on the first line, so that no leader crosses a name.
    for (part, line) in headings.iter().rev().zip(0..) {
        let (at, y) = (x(part.from) + 3, 104 + line * LINE);
        let (anchor, shift) = if at > LEFT + WIDE / 2 { ("end", -4) } else { ("start", 4) };
        let _infallible = write!(
            svg,
            "<line x1=\"{at}\" x2=\"{at}\" y1=\"54\" y2=\"{y}\" class=\"leader\"/>\
             <text x=\"{}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"named\">{}: {}</text>",
            at + shift,
            escaped(&short(part.label)),
            escaped(&part.range.printed.to_string())
        );
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}

/// Parts one after another from a place on, and what is left behind them; and where they end.
fn laid<'a>(
    branches: &'a [Branch<'_>],
    residual: Range,
    lang: Lang,
    start: Money,
) -> (Vec<Part<'a>>, Money) {
    let mut from = start;
    let mut parts = Vec::new();
    for branch in branches {
        let label = label(branch.stated, branch.id);
        parts.push(Part { label, range: branch.amount, from, is_rest: false });
        from += branch.amount.printed;
    }
    if residual.printed > Money::ZERO {
        let label = residual_label(lang, residual);
        parts.push(Part { label, range: residual, from, is_rest: true });
        from += residual.printed;
    }
    (parts, from)
}

fn draw(svg: &mut String, part: &Part<'_>, x: &impl Fn(Money) -> i128, (y, tall): (i128, i128)) {
    let (from, end) = (x(part.from), x(part.from + part.range.printed));
    let (low, high) = (x(part.from + part.range.low), x(part.from + part.range.high));
    let class = if part.is_rest { "rest" } else { "part" };
    let name = format!("{}: {}", part.label, part.range.printed);
    let _infallible = write!(
        svg,
        "<g><title>{}</title><rect x=\"{from}\" y=\"{y}\" width=\"{}\" height=\"{tall}\" class=\"{class}\"/>",
        escaped(&name),
        (end - from).max(1)
    );
    if !part.range.is_exact() && !part.is_rest {
        let _infallible = write!(
            svg,
            "<rect x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{tall}\" class=\"soft\"/>",
            low.max(from),
            (high - low.max(from)).max(3)
        );
    }
    svg.push_str("</g>");
}

fn short(label: &str) -> String {
    const MOST: usize = 64;
    if label.chars().count() <= MOST {
        return label.to_owned();
    }
    let kept: String = label.chars().take(MOST - 1).collect();
    format!("{}…", kept.trim_end())
}
