//! Who gets an amount, as the sentence or the row says.
//!
//! Owns: the phrases that name a recipient. Does not own: any name; none stands here.
//!
//! In `Södra kliniken (SK) tilldelas två miljoner kronor` the recipient is `Södra kliniken`, short `SK`.

use super::amount::Amount;
use super::lexicon::NOT_COUNTED;
use super::table::{Column, ColumnKind, Table};
use super::token::{Gap, Kind, Span, Token};
use std::ops::Range;

/// A recipient, the amount it gets, and the short name that the text gives it in brackets.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// Where the name stands.
    pub span: Span,
    /// Its name as printed, with single spaces.
    pub name: String,
    /// The short name in brackets.
    pub(crate) short: Option<String>,
    /// The amount, by its place among the amounts of the text.
    pub(crate) amount: usize,
    /// Lower case, for comparison.
    pub(crate) key: String,
}

impl Recipient {
    /// The amount it gets, by its place among the amounts of the text.
    pub const fn amount(&self) -> usize {
        self.amount
    }

    /// The names that it goes by: two recipients are one where they have one in common.
    pub(crate) fn labels(&self) -> Vec<String> {
        let short = self.short.iter().filter(|short| **short != self.key);
        std::iter::once(&self.key).chain(short).cloned().collect()
    }
}

pub(crate) const GETS: [&str; 15] = [
    "tilldelas",
    "tillförs",
    "tillföras",
    "tilldelats",
    "beviljas",
    "erhåller",
    "får",
    "ges",
    "tillfaller",
    "mottar",
    "disponerar",
    "tilldela",
    "bevilja",
    "få",
    "erhålla",
];

const BEFORE_VERB: [&str; 11] = [
    "föreslås",
    "ska",
    "skall",
    "bör",
    "kommer",
    "att",
    "även",
    "också",
    "därutöver",
    "har",
    "hade",
];

/// Words that begin a sentence without being its subject.
const OPENERS: [&str; 47] = [
    "efter",
    "därmed",
    "ni",
    "vi",
    "han",
    "hon",
    "sedan",
    "dessutom",
    "totalt",
    "sammanlagt",
    "år",
    "under",
    "därutöver",
    "vidare",
    "härav",
    "av",
    "för",
    "från",
    "i",
    "inom",
    "med",
    "till",
    "utöver",
    "varav",
    "där",
    "därav",
    "enligt",
    "den",
    "det",
    "de",
    "varje",
    "vardera",
    "samtliga",
    "respektive",
    "per",
    "detta",
    "denna",
    "dessa",
    "nämnden",
    "som",
    "att",
    "även",
    "vårdgivare",
    "förvaltningen",
    "medel",
    "medlen",
    "hittills",
];

/// Words that end a name.
const ENDS: [&str; 27] = [
    "ett",
    "en",
    "för",
    "som",
    "att",
    "avseende",
    "under",
    "från",
    "enligt",
    "varav",
    "där",
    "vid",
    "med",
    "per",
    "samt",
    "medan",
    "om",
    "till",
    "går",
    "ska",
    "inom",
    "respektive",
    "år",
    "på",
    "vilket",
    "när",
    "senast",
];

/// The recipients of the amounts of running text. `sentence` gives the tokens of the sentence that a token stands in.
pub(crate) fn recipients(
    chars: &[char],
    tokens: &[Token],
    amounts: &[Amount],
    sentence: impl Fn(usize) -> Range<usize>,
) -> Vec<Recipient> {
    let mut found = Vec::new();
    for (at, amount) in amounts.iter().enumerate() {
        let sentence = sentence(amount.tokens.0);
        let previous = at
            .checked_sub(1)
            .and_then(|at| amounts.get(at))
            .map_or(0, |before| before.tokens.1 + 1);
        let from = sentence.start.max(previous);
        let before = subject(tokens, sentence.start, from, amount.tokens.0);
        let until =
            amounts.get(at + 1).map_or(sentence.end, |next| sentence.end.min(next.tokens.0));
        let range = before
            .or_else(|| after(tokens, amount.tokens.1 + 1, until))
            .or_else(|| held(tokens, from, amount.tokens.0));
        found.extend(range.and_then(|range| recipient(chars, tokens, range, at)));
    }
    found
}

/// The words before "tilldelas" or the like, or between it and the amount.
fn subject(tokens: &[Token], start: usize, from: usize, amount: usize) -> Option<Range<usize>> {
    let verb = (from..amount)
        .rev()
        .find(|at| tokens.get(*at).is_some_and(|token| token.is_one_of(&GETS)))?;
    if is_leave(tokens, verb) {
        return None;
    }
    let inner = name_from(tokens, verb + 1, amount);
    let is_inverted = verb > from && tokens.get(verb - 1).is_some_and(|token| token.is_mark(','));
    let is_capital = |range: &Range<usize>| tokens.get(range.start).is_some_and(|t| t.is_capital);
    if let Some(inner) = inner.clone().filter(|range| is_inverted || is_capital(range)) {
        return Some(inner);
    }
    let mut end = verb;
    while end > from && tokens.get(end - 1).is_some_and(|token| token.is_one_of(&BEFORE_VERB)) {
        end -= 1;
    }
    // "Regionen räknar med att få"
    if end > from + 2 && tokens.get(end - 1).is_some_and(|token| token.is("med")) {
        end -= 2;
    }
    let mut first = if from > start { from } else { start };
    while first < end && tokens.get(first).is_some_and(|token| !matches!(token.kind, Kind::Word)) {
        first += 1;
    }
    if super::marker::marker(tokens.get(first..end).unwrap_or_default()).is_some() {
        first += 2;
    }
    if tokens.get(first).is_some_and(|token| token.is_one_of(&["och", "samt"])) {
        first += 1;
    }
    if let Some(att) =
        (first..end).rev().find(|at| tokens.get(*at).is_some_and(|token| token.is("att")))
    {
        first = att + 1;
    }
    // "Kulturnämnden är den enda nämnd som får": the name stands before what is said of it.
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is(word));
    if end > first && is(end - 1, "som") {
        end = (first..end).find(|at| is(*at, "är")).unwrap_or(end);
    }
    let phrase = tokens.get(first..end)?;
    let is_name = !phrase.is_empty()
        && phrase.len() <= 16
        && !phrase.first().is_some_and(|token| token.is_one_of(&OPENERS));
    let has_digits = phrase.iter().any(|token| token.kind == Kind::Digits && token.gap > Gap::None);
    if is_name && !has_digits { Some(first..end) } else { inner }
}

/// "får besluta om", "ges mandat att": leave to do something, and no money.
fn is_leave(tokens: &[Token], verb: usize) -> bool {
    let next = |steps: usize| tokens.get(verb + steps);
    let is_infinitive = |token: &Token| {
        let ends =
            ["ta", "la", "ra", "as", "gå", "ja", "da"].iter().any(|end| token.text.ends_with(end));
        token.kind == Kind::Word && !token.is_capital && ends
    };
    let may = next(0).is_some_and(|token| token.is("får")) && next(1).is_some_and(is_infinitive);
    let has_task =
        (1..4).filter_map(next).any(|token| token.is_one_of(&["mandat", "uppdrag", "rätt"]));
    may || has_task
}

/// "avsätts hos X" before the amount.
fn held(tokens: &[Token], from: usize, amount: usize) -> Option<Range<usize>> {
    let is = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| token.is_one_of(words));
    let at = (from..amount).rev().find(|at| is(*at, &["hos"]))?;
    let holds = is(at.checked_sub(1)?, &["avsätts", "reserveras", "avsätta", "avsatts"]);
    holds.then(|| name_from(tokens, at + 1, amount))?
}

/// "till X", "hos X" after the amount.
fn after(tokens: &[Token], from: usize, end: usize) -> Option<Range<usize>> {
    const MOST: usize = 14;
    let at = (from..end.min(from + MOST))
        .find(|at| tokens.get(*at).is_some_and(|token| token.is_one_of(&["till", "hos", "åt"])))?;
    let between = tokens.get(from..at)?;
    if between.iter().any(|token| matches!(token.kind, Kind::Mark('.' | ';'))) {
        return None;
    }
    name_from(tokens, at + 1, end)
}

/// The name that begins at a token: a noun, or words of which the first is a capital one.
fn name_from(tokens: &[Token], at: usize, end: usize) -> Option<Range<usize>> {
    let first = tokens.get(at).filter(|token| token.kind == Kind::Word && at < end)?;
    if first.is_one_of(&NOT_COUNTED) || (!first.is_capital && !is_body(&first.text)) {
        return None;
    }
    let mut last = at;
    while last + 1 < end && last < at + 12 {
        let (Some(word), next) = (tokens.get(last + 1), tokens.get(last + 2)) else { break };
        let next_is = |capital: bool| {
            next.is_some_and(|next| next.kind == Kind::Word && next.is_capital == capital)
        };
        let goes_on = match word.kind {
            Kind::Word if word.is_one_of(&["och", "i", "vid"]) => {
                next_is(true) || tokens.get(last).is_some_and(|t| t.is_mark('-'))
            }
            Kind::Word if word.is_one_of(&ENDS) => false,
            Kind::Word => {
                word.is_capital
                    || (first.is_capital
                        && (!word.text.ends_with('s') || word.text.ends_with("hus")))
                    || tokens.get(last).is_some_and(|t| t.is("och"))
            }
            Kind::Mark('-') => word.gap == Gap::None && next.is_some(),
            _ => false,
        };
        if !goes_on || word.gap == Gap::Blank {
            break;
        }
        last += 1;
    }
    // An adjective and what it describes are no name.
    let describes = |next: &Token| {
        next.kind == Kind::Word
            && next.gap <= Gap::Line
            && !next.is_capital
            && !next.is_one_of(&ENDS)
            && !next.is_one_of(&NOT_COUNTED)
    };
    let is_described = !first.is_capital && tokens.get(last + 1).is_some_and(describes);
    (!is_described).then_some(at..last + 1)
}

/// Whether a word in lower case can be somebody: a definite noun, or one of those that bodies are called by. "till asfalt" is a
/// purpose.
fn is_body(word: &str) -> bool {
    const BODIES: [&str; 34] = [
        "kommuner",
        "kommun",
        "regioner",
        "region",
        "skolor",
        "skola",
        "museer",
        "museum",
        "föreningar",
        "förening",
        "mottagningar",
        "kliniker",
        "klinik",
        "sjukhus",
        "vårdgivare",
        "vårdcentraler",
        "organisationer",
        "företag",
        "förbund",
        "högskolor",
        "universitet",
        "enheter",
        "enhet",
        "bolag",
        "stiftelse",
        "stiftelser",
        "myndigheter",
        "nämnder",
        "förvaltning",
        "vård",
        "hälso",
        "lasarett",
        "lag",
        "hushåll",
    ];
    const NOBODY: [&str; 9] =
        ["följande", "dess", "följd", "detta", "denna", "dessa", "dem", "den", "övrigt"];
    let is_definite = ["en", "et", "na", "in", "an"].iter().any(|end| word.ends_with(end));
    !NOBODY.contains(&word)
        && !word.ends_with("ion")
        && (is_definite || BODIES.iter().any(|body| word.ends_with(body)))
}

/// What the heading of a column of recipients is called, or ends in.
const CALLED: [&str; 26] = [
    "mottagare",
    "kommun",
    "kommuner",
    "region",
    "regioner",
    "förening",
    "föreningar",
    "organisation",
    "organisationer",
    "klinik",
    "kliniker",
    "mottagning",
    "mottagningar",
    "sjukhus",
    "vårdgivare",
    "huvudman",
    "huvudmän",
    "utförare",
    "leverantör",
    "sökande",
    "stiftelse",
    "lärosäte",
    "lärosäten",
    "församling",
    "myndighet",
    "aktör",
];

/// The recipients that rows of tables name: under a heading that says so, each with its amount; of several columns of money the
/// one of the sum, or the last.
pub(crate) fn in_rows(
    chars: &[char],
    tokens: &[Token],
    tables: &[Table],
    amounts: &[Amount],
) -> Vec<Recipient> {
    let mut found = Vec::new();
    for table in tables {
        let is_named = |column: &Column| {
            let noun = column.noun.as_deref().unwrap_or_default();
            column.kind == ColumnKind::Label && CALLED.iter().any(|called| noun.ends_with(called))
        };
        let Some(names) = table.columns.iter().position(is_named) else { continue };
        let sums = table.sums_of_money();
        let is_total = |at: &&usize| table.columns.get(**at).is_some_and(|column| column.is_total);
        let Some(money) = sums.iter().find(is_total).or(sums.last()) else { continue };
        for row in table.parts() {
            let (Some(name), Some(cell)) = (row.cells.get(names), row.cells.get(*money)) else {
                continue;
            };
            let from = amounts.partition_point(|amount| amount.tokens.0 < cell.tokens.start);
            let is_own = amounts.get(from).is_some_and(|one| cell.tokens.contains(&one.tokens.0));
            if name.is_words() && is_own {
                found.extend(recipient(chars, tokens, name.tokens.clone(), from));
            }
        }
    }
    found
}

fn recipient(
    chars: &[char],
    tokens: &[Token],
    range: Range<usize>,
    amount: usize,
) -> Option<Recipient> {
    let phrase = tokens.get(range.clone())?;
    let bracket = phrase.iter().position(|token| token.is_mark('('));
    let short = bracket
        .and_then(|at| phrase.get(at + 1))
        .filter(|token| token.is_capital)
        .map(|token| token.text.clone());
    let mut end = range.start + bracket.unwrap_or(phrase.len());
    while end > range.start
        && tokens
            .get(end - 1)
            .is_some_and(|token| matches!(token.kind, Kind::Mark(',' | ':' | '-')))
    {
        end -= 1;
    }
    let (first, last) = (tokens.get(range.start)?, tokens.get(end.checked_sub(1)?)?);
    let span = Span { start: first.span.start, end: last.span.end };
    let printed: String = chars.get(span.start..span.end)?.iter().collect();
    let name = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    let key = key(tokens, range.start..end);
    Some(Recipient { span, name, short, amount, key })
}

/// Words in lower case with single spaces, for comparison of names.
pub(crate) fn key(tokens: &[Token], range: Range<usize>) -> String {
    let words = tokens
        .get(range)
        .unwrap_or_default()
        .iter()
        .filter(|token| matches!(token.kind, Kind::Word | Kind::Digits));
    words.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}
