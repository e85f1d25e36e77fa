//! Payment ordered before the decision is made.
//!
//! Owns: D8. Does not own: validity, which may reach back.
//!
//! A decision of 27 May that orders payment by 1 March is too late.

use super::gathered::Gathered;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::paper::{Dated, Paper};
use crate::time::Day;

const PAYS: [&str; 19] = [
    "återbetalas",
    "återbetala",
    "återbetalning",
    "återbetalningen",
    "utbetalas",
    "utbetalning",
    "utbetalningen",
    "utbetala",
    "utbetalningar",
    "betalas",
    "betala",
    "rekvireras",
    "utanordnas",
    "utbetalningarna",
    "överförs",
    "överföras",
    "utbetalt",
    "utbetald",
    "utbetalda",
];

/// Words of money that reaches somebody: "bidraget ska vara föreningen tillhanda".
const MONEY: [&str; 7] =
    ["bidrag", "bidraget", "beloppet", "ersättningen", "medlen", "betalningen", "stödet"];

/// Words of papers that reach somebody.
const PAPERS: [&str; 6] =
    ["ansökan", "ansökningar", "redovisning", "redovisningen", "rekvisition", "begäran"];

/// Words of somebody else's payment, or of one that an earlier decision ordered, or that has been made.
const NOT_ORDERED: [&str; 22] = [
    "staten",
    "regeringen",
    "kammarkollegiet",
    "socialstyrelsen",
    "försäkringskassan",
    "tidigare",
    "enligt",
    "utbetalades",
    "betalades",
    "har",
    "retroaktivt",
    "utifrån",
    "socialdepartementet",
    "skr",
    "redan",
    "betalats",
    "utbetalats",
    "avser",
    "avseende",
    "skulle",
    "rekvirerades",
    "beslutade",
];

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let Some((day, decided)) = decision_date(paper) else { return Vec::new() };
    let before = |date| before(paper, gathered, date, day, decided);
    let mut remarks: Vec<Remark> = paper.dates.iter().filter_map(before).collect();
    // The head may have several days; what is before all of them is before the decision.
    let in_head = paper.dates.iter().filter(|date| date.is_full && is_in_head(paper, date));
    let first = in_head.filter_map(|date| Some((date.last?, date))).min_by_key(|(day, _)| *day);
    let first = first.filter(|(first, _)| *first <= day).unwrap_or((day, decided));
    remarks.extend(paper.dates.iter().filter_map(|date| ordered(paper, date, first)));
    remarks
}

fn is_in_head(paper: &Paper, date: &Dated) -> bool {
    const LINES: usize = 25;
    paper.line_number(date.noted.span.start) <= LINES
}

/// "Den som vill säga upp avtalet ska anmäla det senast den 15 oktober", in a decision of November.
fn ordered(paper: &Paper, date: &Dated, (decided_on, decided): (Day, &Dated)) -> Option<Remark> {
    const DOES: [&str; 12] = [
        "anmäla",
        "anmälas",
        "ansökan",
        "ansöka",
        "lämna",
        "lämnas",
        "redovisa",
        "redovisas",
        "inkomma",
        "kommit",
        "rekvirera",
        "begära",
    ];
    const WAS: [&str; 8] =
        ["skulle", "tidigare", "har", "hade", "redan", "fick", "lämnades", "inkom"];
    let last = date.last.filter(|last| date.is_full && *last < decided_on)?;
    let sentence = paper.sentence(date.tokens.0);
    let near = date.tokens.0.saturating_sub(3)..date.tokens.0;
    let orders = paper.has_word(&near, &["senast"])
        && paper.has_word(&(sentence.start..date.tokens.0), &["ska", "skall"])
        && paper.has_word(&sentence, &DOES);
    let is_other = paper.has_word(&sentence, &WAS) || names_a_case(paper, &sentence);
    if !orders || is_other || decided.tokens == date.tokens {
        return None;
    }
    let (said, day) = (shown(paper, date, last), shown(paper, decided, decided_on));
    let text = Text::new(
        format!("det ska ske senast {said}, men beslutet är daterat {day}"),
        format!("it is to be done by {said}, but the decision is dated {day}"),
    );
    let places = vec![decided.noted.span, date.noted.span];
    Some(Remark::new(Doubt::OrderedBeforeDecision, Severity::Error, text, places))
}

/// A date as it is written, and which day that is.
fn shown(paper: &Paper, date: &Dated, day: Day) -> String {
    let (said, day) = (words(&paper.text(date.noted.span)), day.to_string());
    if said == day { format!("`{said}`") } else { format!("`{said}` ({day})") }
}

/// The date of the decision: where the text names it, else the first full date in the head (D8).
pub(super) fn decision_date(paper: &Paper) -> Option<(Day, &Dated)> {
    let names = |date: &&Dated| {
        let before = paper.tokens_in(&(date.tokens.0.saturating_sub(6)..date.tokens.0));
        // "Nämnden ska fatta beslut den 25 februari."
        let takes = before.iter().any(|token| token.is_one_of(&["fatta", "fattar", "fattas"]));
        let is_decided = takes && before.iter().any(|token| token.is("beslut"));
        is_decided
            || before.iter().any(|token| {
                token.is_one_of(&[
                    "sammanträde",
                    "sammanträdesdatum",
                    "sammanträdesdag",
                    "beslutsdatum",
                    "beslutsdag",
                    "sammanträder",
                ])
            })
    };
    let full = || paper.dates.iter().filter(|date| date.is_full);
    let chosen = full().find(names).or_else(|| full().find(|date| is_in_head(paper, date)))?;
    Some((chosen.last?, chosen))
}

fn before(
    paper: &Paper,
    gathered: &Gathered,
    date: &Dated,
    decided_on: Day,
    decided: &Dated,
) -> Option<Remark> {
    let (last, is_said) = match date.last {
        Some(last) => (last, true),
        None => (this_year(gathered, date, decided_on)?, false),
    };
    if last >= decided_on {
        return None;
    }
    let sentence = paper.sentence(date.tokens.0);
    let arrives = paper.has_word(&sentence, &["tillhanda", "sätts", "insatt", "insatta"])
        && (paper.has_word(&sentence, &MONEY) || !paper.amounts_in(&sentence).is_empty());
    let pays = paper.has_word(&sentence, &PAYS) || arrives;
    // "Medlen enligt detta beslut betalas ut" is ordered here.
    let is_other_word = |at: usize| {
        let is_this = paper.has_word(&(at + 1..at + 2), &["detta", "denna", "ovan", "nedan"]);
        let word = paper.tokens.get(at);
        // "Återbetalningen görs till Kammarkollegiet" is ours to make.
        let is_to = paper.has_word(&(at.saturating_sub(1)..at), &["till"]);
        // "så snart detta beslut har fattats"
        let is_decided = word.is_some_and(|word| word.is("har"))
            && paper.has_word(&(at.saturating_sub(1)..at), &["beslut", "beslutet"]);
        word.is_some_and(|word| word.is_one_of(&NOT_ORDERED) && !(word.is("enligt") && is_this))
            && !is_decided
            && !is_to
    };
    // "utan särskild rekvisition" is ordered here too.
    let is_paper = |at: usize| {
        paper.has_word(&(at..at + 1), &PAPERS)
            && !paper.has_word(&(at.saturating_sub(2)..at), &["utan"])
    };
    let is_other = sentence.clone().any(is_other_word)
        || sentence.clone().any(is_paper)
        || names_a_case(paper, &sentence)
        || is_of_a_decision(paper, date)
        || date.tokens == decided.tokens;
    let sets = paper
        .tokens_in(&(date.tokens.0.saturating_sub(5)..date.tokens.0))
        .iter()
        .any(|token| token.is_one_of(&["senast", "den", "i", "under", "före", "innan", "per"]));
    if !pays || is_other || !sets {
        return None;
    }
    let (said, day) = (shown(paper, date, last), shown(paper, decided, decided_on));
    let text = Text::new(
        format!("utbetalning ska ske {said}, men beslutet är daterat {day}"),
        format!("payment is to be made {said}, but the decision is dated {day}"),
    );
    // A day without a year may be of another.
    let severity = if is_said { Severity::Error } else { Severity::Warning };
    Some(Remark::new(
        Doubt::PaidBeforeDecision,
        severity,
        text,
        vec![decided.noted.span, date.noted.span],
    ))
}

/// "finansieras genom fullmäktiges beslut den 5 november": the day of a decision, and not of payment.
fn is_of_a_decision(paper: &Paper, date: &Dated) -> bool {
    let before = paper.tokens_in(&(date.tokens.0.saturating_sub(3)..date.tokens.0));
    before.iter().any(|token| token.text.starts_with("beslut"))
}

/// A day without a year in the year of the decision, where the text names no later one and the day is not long before.
fn this_year(gathered: &Gathered, date: &Dated, decided_on: Day) -> Option<Day> {
    let (month, day) = date.noted.value.strip_prefix("--")?.split_once('-')?;
    let day = Day::new(decided_on.year(), month.parse().ok()?, day.parse().ok()?)?;
    let is_later = gathered.last_year.is_some_and(|year| year > decided_on.year());
    const MOST_DAYS: i32 = 150;
    (!is_later && decided_on <= day.plus(MOST_DAYS)).then_some(day)
}

fn names_a_case(paper: &Paper, sentence: &std::ops::Range<usize>) -> bool {
    let (span, cases) = (paper.span(sentence), paper.case_numbers());
    let next = cases.partition_point(|case| case.span.start < span.start);
    cases.get(next).is_some_and(|case| span.contains(case.span))
}
