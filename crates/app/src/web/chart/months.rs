//! A month grid: units down, months across.
//!
//! Owns: drawing it. A bar in each cell says what was paid, a tick that there were corrections; a month without anything is a gap.

use super::opened_with_links;
use crate::web::html::{Html, escaped};
use std::fmt::Write;

/// A row of the grid.
pub struct Row {
    /// Its name.
    pub label: String,
    /// Where the name leads; blank for nowhere.
    pub href: String,
    /// Of each month what was paid, and whether there were corrections; none where nothing was.
    pub cells: Vec<Option<(i64, bool)>>,
}

const CELL: u32 = 26;
const ROW: u32 = 24;
const LEFT: u32 = 300;

/// The grid; each row has its own scale, since units differ by a hundredfold.
pub fn grid(title: &str, description: &str, months: &[String], rows: &[Row]) -> Html {
    let count = |length: usize| u32::try_from(length).unwrap_or(0);
    let width = LEFT + CELL * count(months.len()) + 8;
    let height = 30 + ROW * count(rows.len());
    let mut svg = opened_with_links(width, height, title, description);
    let mut year = "";
    for (month, x) in months.iter().zip((LEFT..).step_by(CELL as usize)) {
        let (of_year, number) = month.split_once('-').unwrap_or((month, ""));
        if of_year != year {
            year = of_year;
            let _infallible = write!(svg, "<text x=\"{x}\" y=\"11\" class=\"value\">{year}</text>");
        }
        let _infallible =
            write!(svg, "<text x=\"{}\" y=\"25\" class=\"tick\">{number}</text>", x + 4);
    }
    for (row, y) in rows.iter().zip((30..).step_by(ROW as usize)) {
        write_row(&mut svg, row, y);
    }
    svg.push_str("</svg>");
    Html::raw(svg)
}

fn write_row(svg: &mut String, row: &Row, y: u32) {
    let label = escaped(&row.label);
    let name =
        format!("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{label}</text>", LEFT - 8, y + 16);
    let _infallible = match row.href.is_empty() {
        true => write!(svg, "{name}"),
        false => write!(svg, "<a href=\"{}\">{name}</a>", escaped(&row.href)),
    };
    let most = row.cells.iter().flatten().map(|(paid, _)| *paid).max().unwrap_or(0).max(1);
    for (cell, x) in row.cells.iter().zip((LEFT..).step_by(CELL as usize)) {
        let base = y + 20;
        let Some((paid, is_corrected)) = cell else {
            let _infallible = write!(
                svg,
                "<line x1=\"{x}\" x2=\"{}\" y1=\"{base}\" y2=\"{base}\" class=\"gap\"/>",
                x + CELL - 6
            );
            continue;
        };
        let part = i128::from((*paid).max(0)) * 16 / i128::from(most);
        let high = u32::try_from(part).unwrap_or(0).max(1);
        let _infallible = write!(
            svg,
            "<rect x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{high}\" class=\"bar\"/>",
            base - high,
            CELL - 6
        );
        if *is_corrected {
            let _infallible = write!(
                svg,
                "<circle cx=\"{}\" cy=\"{}\" r=\"2\" class=\"attention\"/>",
                x + 10,
                y + 1
            );
        }
    }
}
