//! A decision text with what was read in it marked, and what does not add up in the margin, beside the line that it is about.
//!
//! Owns: which line a finding stands beside. Does not own: what was read (`kernel::paper`) or found (`kernel::scrutiny`).
//!
//! A finding about two amounts of line 30 and one of line 12 stands beside line 30; all three amounts bear its number.

use crate::web::ask::Ask;
use crate::web::html::{Html, escaped};
use crate::web::render::sentence;
use crate::web::table::Cell;
use crate::words;
use kernel::paper::Paper;
use kernel::scrutiny::Remark;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// The text, with the remarks beside it.
pub(super) fn beside(ask: &Ask, text: &str, paper: &Paper, remarks: &[Remark]) -> Html {
    let text: Vec<char> = text.chars().collect();
    let marks = Marks::of(paper, remarks);
    let mut html = format!(
        "<div class=\"margin\" role=\"group\" aria-label=\"{}\">",
        ask.say("Texten, med det som inte går ihop", "The text, with what does not add up")
    );
    for part in parts(&text, remarks) {
        let line = marks.written(&text, part.of);
        let _infallible = write!(html, "<div class=\"line\">{line}</div><div class=\"notes\">");
        for at in part.beside {
            if let Some(remark) = remarks.get(at) {
                html.push_str(&note(ask, at + 1, remark));
            }
        }
        html.push_str("</div>");
    }
    html.push_str("</div>");
    Html::raw(html)
}

/// Lines of the text that stand together, and the remarks beside the first of them.
struct Part {
    of: Range<usize>,
    beside: Vec<usize>,
}

/// The text cut at every line that something is said of; what is about no place stands beside the first line.
fn parts(text: &[char], remarks: &[Remark]) -> Vec<Part> {
    let mut beside: BTreeMap<usize, Vec<usize>> = BTreeMap::from([(0, Vec::new())]);
    for (at, remark) in remarks.iter().enumerate() {
        beside.entry(line_of(text, remark)).or_default().push(at);
    }
    let ends: Vec<usize> = beside.keys().skip(1).copied().chain([text.len()]).collect();
    let parts = beside.into_iter().zip(ends);
    parts.map(|((start, beside), end)| Part { of: start..end, beside }).collect()
}

/// Where the line begins that has most of the places of a remark; the first of several.
fn line_of(text: &[char], remark: &Remark) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for span in &remark.places {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.iter().rposition(|c| *c == '\n').map_or(0, |end| end + 1);
        *counts.entry(line).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(line, count)| (*count, std::cmp::Reverse(*line)));
    most.map_or(0, |(line, _)| line)
}

/// The amounts that were read, first and end, and the numbers of remarks where they end.
struct Marks {
    amounts: BTreeMap<usize, usize>,
    numbers: BTreeMap<usize, String>,
}

impl Marks {
    fn of(paper: &Paper, remarks: &[Remark]) -> Self {
        let mut numbers: BTreeMap<usize, String> = BTreeMap::new();
        for (remark, number) in remarks.iter().zip(1..) {
            for (span, at) in remark.places.iter().zip(0..) {
                let id = if at == 0 { format!(" id=\"p{number}\"") } else { String::new() };
                let note = format!("<a{id} class=\"ref\" href=\"#f{number}\">{number}</a>");
                numbers.entry(span.end).or_default().push_str(&note);
            }
        }
        let amounts = paper.amounts().iter().map(|amount| (amount.span.start, amount.span.end));
        Self { amounts: amounts.collect(), numbers }
    }

    /// A part of the text, marked; a mark does not reach from one part into the next.
    fn written(&self, text: &[char], of: Range<usize>) -> String {
        let (mut out, mut open_to) = (String::new(), None);
        for at in of.clone() {
            if open_to == Some(at) {
                out.push_str("</mark>");
                open_to = None;
            }
            if at > of.start {
                out.extend(self.numbers.get(&at).map(String::as_str));
            }
            if let (Some(end), None) = (self.amounts.get(&at), open_to) {
                out.push_str("<mark>");
                open_to = Some(*end);
            }
            out.extend(text.get(at).map(|c| escaped(&c.to_string())));
        }
        if open_to.is_some() {
            out.push_str("</mark>");
        }
        out.extend(self.numbers.get(&of.end).map(String::as_str));
        out
    }
}

/// What is said of one remark.
fn note(ask: &Ask, number: usize, remark: &Remark) -> String {
    let severity = words::capital(words::severity(ask.lang, remark.severity));
    let message = sentence(&ask.of(&remark.message));
    let mut out = format!(
        "<p id=\"f{number}\"><a class=\"ref\" href=\"#p{number}\">{number}</a> <b>{}.</b> {}",
        escaped(&severity),
        escaped(&message)
    );
    if let Some(amount) = remark.difference {
        let amount = Cell::from(amount);
        let word = ask.say("Skillnad", "Difference");
        let _infallible = write!(out, " {word}: <b>{}\u{a0}kr</b>.", escaped(amount.shown()));
    }
    for (word, told) in [
        (ask.say("Går ihop om", "Adds up if"), &remark.reconciles_by),
        (ask.say("Antaget", "Assumed"), &remark.assumes),
    ] {
        if let Some(told) = told {
            let told = escaped(&ask.of(told));
            let _infallible = write!(out, "<span class=\"quiet\">{word}: {told}</span>");
        }
    }
    out.push_str("</p>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::scrutiny::scrutinise;

    const TEXT: &str = "Bidraget är 70 000 000 kr.\nHär finns inget belopp.\n";

    #[test]
    fn amounts_are_marked_once_and_nothing_is_lost() {
        let paper = Paper::read(TEXT);
        let text: Vec<char> = TEXT.chars().collect();
        let written = Marks::of(&paper, &[]).written(&text, 0..text.len());
        assert_eq!(written.matches("<mark>").count(), paper.amounts().len());
        assert_eq!(written.replace("<mark>", "").replace("</mark>", ""), TEXT);
    }

    #[test]
    fn parts_make_the_whole_text_again() {
        let text =
            "Bidraget är 70 000 000 kr och delas i:\n- vård 50 000 000 kr\n- lön 10 000 000 kr\n";
        let remarks = scrutinise(&Paper::read(text));
        assert!(!remarks.is_empty());
        let chars: Vec<char> = text.chars().collect();
        let parts = parts(&chars, &remarks);
        let again: String = parts.iter().flat_map(|part| &chars[part.of.clone()]).collect();
        assert_eq!(again, text);
        let beside: usize = parts.iter().map(|part| part.beside.len()).sum();
        assert_eq!(beside, remarks.len(), "every remark stands beside some line");
    }
}
