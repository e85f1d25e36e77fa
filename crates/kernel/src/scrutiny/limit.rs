//! Limits that a text sets and its own rows exceed: so many percent of something, so much to each.
//!
//! Owns: `högst N procent av …` and `högst N kronor per …` against rows of tables and amounts to recipients. Does not own: mandates
//! (`mandate`), nor the sums of tables.
//!
//! `Bidraget får vara högst 25 procent av kostnaderna` beside a row with costs of 980 000 and a grant of 265 000 is exceeded by 20 000.

use super::table::value_in;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::lexicon::CAP;
use crate::paper::table::{Row, RowKind};
use crate::paper::twin::is_one_word;
use crate::paper::{Gap, Kind, Paper, Share, Span, Table, Token};
use std::ops::Range;

/// Words of money that is there to divide.
const ALL_MONEY: [&str; 13] = [
    "medel",
    "medlen",
    "anslaget",
    "anslag",
    "budgeten",
    "budget",
    "ramen",
    "beloppet",
    "summan",
    "potten",
    "totalbeloppet",
    "avsatta",
    "tillgängliga",
];

/// Words of what may be left out of account.
const EXCEPT: [&str; 8] = [
    "undantag",
    "undantagsvis",
    "skäl",
    "tidigare",
    "normalt",
    "huvudregel",
    "riktmärke",
    "gällde",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    const MOST: usize = 40;
    let is_cap = |share: &&Share| share.mantissa > 0 && is_limit(paper, share);
    let shares = paper.shares.iter().filter(is_cap).take(MOST);
    let mut remarks: Vec<Remark> = shares.flat_map(|share| of_share(paper, share)).collect();
    let caps = paper.told().filter(|at| paper.amounts().get(*at).is_some_and(|one| one.is_cap));
    remarks.extend(caps.take(MOST).flat_map(|at| of_each(paper, at)));
    // A box of facts reads like a table.
    let all = paper.apart().filter(|at| paper.amounts().get(*at).is_some_and(|one| one.is_cap));
    remarks.extend(twice(paper, &all.take(MOST).collect::<Vec<usize>>()));
    remarks
}

/// "högst 25 procent av …", "inte överstiga 25 procent av …", in a sentence that knows no exception.
fn is_limit(paper: &Paper, share: &Share) -> bool {
    let before = share.tokens.0.saturating_sub(4)..share.tokens.0;
    let near = share.tokens.0.saturating_sub(2)..share.tokens.0;
    let sentence = paper.sentence(share.tokens.0);
    let is_none = paper.has_word(&(sentence.start..share.tokens.0), &["ingen", "inget", "inga"]);
    let not_more = (is_none || paper.has_word(&before, &["inte", "ej", "aldrig"]))
        && paper.has_word(&before, &["överstiga", "överstiger", "mer", "överskrida"]);
    let is_cap = paper.has_word(&near, &CAP) || not_more;
    let of = share.tokens.1 + 1..share.tokens.1 + 2;
    paper.table_of(share.tokens.0).is_none()
        && is_cap
        && paper.has_word(&of, &["av"])
        && !knows_exceptions(paper, share.tokens.0)
}

fn knows_exceptions(paper: &Paper, at: usize) -> bool {
    let sentence = paper.sentence(at);
    let next = paper.sentence(sentence.end);
    paper.has_word(&sentence, &EXCEPT) || paper.has_word(&next, &EXCEPT)
}

/// The telling words of what a limit is a share of: "av de direkta kostnaderna".
fn base_words<'p>(paper: &'p Paper, share: &Share) -> Vec<&'p Token> {
    const MOST: usize = 12;
    let sentence = paper.sentence(share.tokens.0);
    let start = share.tokens.1 + 2;
    let stops = |token: &&Token| {
        !matches!(token.kind, Kind::Mark('.' | ',' | ';' | ':' | '('))
            && !token.is_one_of(&["och", "men", "per", "för", "under", "samt", "eller", "dock"])
    };
    let range = start..sentence.end.min(start + MOST);
    // Whose it is says nothing of what it is.
    let is_owner = |token: &&Token| token.text.ends_with("ens") || token.text.ends_with("ets");
    let words = paper.tokens_in(&range).iter().take_while(stops);
    words.filter(is_long).filter(|token| !is_owner(token)).collect()
}

fn is_long(token: &&Token) -> bool {
    token.kind == Kind::Word && token.text.chars().count() >= 5
}

fn of_share(paper: &Paper, share: &Share) -> Vec<Remark> {
    let base = base_words(paper, share);
    if base.is_empty() {
        return Vec::new();
    }
    let by_row = paper.tables.iter().find_map(|table| two_rows(paper, table, share, &base));
    if let Some(remark) = by_row {
        return vec![remark];
    }
    if let Some(remark) = row_and_text(paper, share, &base) {
        return vec![remark];
    }
    let by_column = paper.tables.iter().map(|table| two_columns(paper, table, share, &base));
    if let Some(found) = by_column.into_iter().find(|found| !found.is_empty()) {
        return found;
    }
    if base.iter().any(|word| word.is_one_of(&ALL_MONEY)) {
        of_all(paper, share)
    } else {
        Vec::new()
    }
}

/// The rows of what is limited and of what it is limited by: `Indirekta kostnader` and `Summa direkta kostnader`.
fn two_rows(paper: &Paper, table: &Table, share: &Share, base: &[&Token]) -> Option<Remark> {
    let sentence = paper.sentence(share.tokens.0);
    // Each of several points is of its own subject.
    let is_point = |at: &usize| paper.tokens.get(*at).is_some_and(|token| token.is("att"));
    let start = (sentence.start..share.tokens.0).rev().find(is_point).unwrap_or(sentence.start);
    let subject: Vec<&Token> =
        paper.tokens_in(&(start..share.tokens.0)).iter().filter(is_long).collect();
    let says = |row: &&Row, all: &[&Token]| {
        let label = paper.tokens_in(&row.label);
        all.iter()
            .all(|word| label.iter().filter(is_long).any(|one| is_one_word(&one.text, &word.text)))
    };
    let is_said = |row: &&Row| {
        let label: Vec<&Token> = paper.tokens_in(&row.label).iter().filter(is_long).collect();
        !label.is_empty()
            && label.iter().all(|word| subject.iter().any(|one| is_one_word(&one.text, &word.text)))
    };
    let only = |rows: Vec<&'_ Row>| match rows[..] {
        [one] => Some(one.label.start),
        _ => None,
    };
    let of = only(table.rows.iter().filter(|row| says(row, base)).collect())?;
    let part =
        only(table.rows.iter().filter(|row| row.kind == RowKind::Part && is_said(row)).collect())?;
    let row = |start: usize| table.rows.iter().find(|row| row.label.start == start);
    let (of, part) = (row(of)?, row(part)?);
    let columns = table.sums_of_money().into_iter().filter(|_| of.label != part.label);
    columns.into_iter().find_map(|column| {
        let (whole, value) =
            (value_in(paper, table, of, column)?, value_in(paper, table, part, column)?);
        exceeds(share, &whole, &value)
            .then(|| remark(paper, share.noted.span, &value, &most(share, &whole)))
    })
}

/// "medfinansieringen får vara högst 30 procent av den totala kostnaden" beside a row `Total kostnad` and, in the text, what the
/// "medfinansiering" is.
fn row_and_text(paper: &Paper, share: &Share, base: &[&Token]) -> Option<Remark> {
    const LONG: usize = 8;
    const NEAR: usize = 5;
    let sentence = paper.sentence(share.tokens.0);
    let in_label = |row: &&Row| {
        let label = paper.tokens_in(&row.label);
        base.iter().all(|word| label.iter().any(|one| is_one_word(&one.text, &word.text)))
    };
    let rows = paper.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    let rows: Vec<(&Table, &Row)> = rows.filter(|(_, row)| in_label(row)).collect();
    let [(table, row)] = rows[..] else { return None };
    let [column] = table.sums_of_money()[..] else { return None };
    let whole = value_in(paper, table, row, column)?;
    let subject: Vec<&str> = paper.long_words(&(sentence.start..share.tokens.0), LONG);
    let is_it = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|one| {
            let near = paper.tokens_in(&(one.tokens.0.saturating_sub(NEAR)..one.tokens.0));
            let is_named = near.iter().any(|token| {
                token.text.chars().count() >= LONG
                    && subject.iter().any(|word| is_one_word(word, &token.text))
            });
            is_named && one.per.is_none() && !one.is_cap && paper.sentence(one.tokens.0) != sentence
        })
    };
    let told: Vec<usize> = paper.told().filter(is_it).collect();
    let [only] = told[..] else { return None };
    let value = Value::of(paper, only);
    let is_part = value.high < whole.low;
    (is_part && exceeds(share, &whole, &value))
        .then(|| remark(paper, share.noted.span, &value, &most(share, &whole)))
}

/// The column of what may be given: what is granted, else the last of money.
fn granted(table: &Table) -> Option<usize> {
    let columns = table.sums_of_money();
    let is_change = |at: &usize| {
        let noun =
            table.columns.get(*at).and_then(|column| column.noun.as_deref()).unwrap_or_default();
        ["föränd", "diff", "avvik", "sökt", "ansök", "kostnad", "budget"]
            .iter()
            .any(|begin| noun.starts_with(begin))
    };
    let is_given = |at: &&usize| {
        let noun =
            table.columns.get(**at).and_then(|column| column.noun.as_deref()).unwrap_or_default();
        ["bevilj", "bidrag", "tilldel", "försla", "föresla", "fördel", "beslut", "stöd", "belopp"]
            .iter()
            .any(|begin| noun.starts_with(begin))
    };
    columns
        .iter()
        .rev()
        .find(is_given)
        .or_else(|| columns.iter().rev().find(|at| !is_change(at)))
        .copied()
}

/// Rows of a table with a column of what the limit is of and one of what is granted.
fn two_columns(paper: &Paper, table: &Table, share: &Share, base: &[&Token]) -> Vec<Remark> {
    let names = |at: &usize| {
        let noun = table.columns.get(*at).and_then(|column| column.noun.as_deref());
        noun.is_some_and(|noun| {
            noun.len() > 4 && base.iter().any(|word| is_one_word(noun, &word.text))
        })
    };
    let of: Vec<usize> = table.sums_of_money().into_iter().filter(names).collect();
    let ([of], Some(given)) = (&of[..], granted(table)) else { return Vec::new() };
    // What was granted in another year than the column is of was limited by that year's.
    let year = |at: usize| table.columns.get(at).and_then(|column| column.year);
    if year(*of) != year(given) {
        return Vec::new();
    }
    let pair =
        |row: &Row| Some((value_in(paper, table, row, *of)?, value_in(paper, table, row, given)?));
    let pairs: Vec<(Value, Value)> =
        if *of == given { Vec::new() } else { table.parts().filter_map(pair).collect() };
    few(&pairs, |(whole, value)| exceeds(share, whole, value))
        .map(|(whole, value)| remark(paper, share.noted.span, value, &most(share, whole)))
        .collect()
}

/// What exceeds, where that is one or two of several: a limit that many exceed is of something else.
fn few<T>(all: &[T], exceeds: impl Fn(&T) -> bool) -> impl Iterator<Item = &T> {
    const FEW: usize = 2;
    let over: Vec<&T> = all.iter().filter(|one| exceeds(one)).collect();
    let is_few = over.len() <= FEW && over.len() + 2 <= all.len();
    over.into_iter().filter(move |_| is_few)
}

/// "En enskild förening kan få högst 25 procent av de medel som har avsatts", of what all get or of a larger sum that was set aside.
fn of_all(paper: &Paper, share: &Share) -> Vec<Remark> {
    const ONE: [&str; 12] = [
        "enskild",
        "enskilt",
        "varje",
        "ingen",
        "inget",
        "en",
        "ett",
        "respektive",
        "samma",
        "per",
        "sökande",
        "mottagare",
    ];
    let sentence = paper.sentence(share.tokens.0);
    if !paper.has_word(&(sentence.start..share.tokens.0), &ONE) {
        return Vec::new();
    }
    for gets in given(paper) {
        let Some(sum) = Value::sum(&gets) else { continue };
        let set_aside =
            paper.told().filter(|at| is_set_aside(paper, *at)).map(|at| Value::of(paper, at));
        let Some(whole) = set_aside.chain([sum]).max_by_key(|value| value.high) else { continue };
        let over: Vec<&Value> = few(&gets, |value| exceeds(share, &whole, value)).collect();
        if !over.is_empty() {
            let most = most(share, &whole);
            return over
                .into_iter()
                .map(|value| remark(paper, share.noted.span, value, &most))
                .collect();
        }
    }
    Vec::new()
}

/// What several get, by the rows of a table under a name for those that get, or by the text.
fn given(paper: &Paper) -> Vec<Vec<Value>> {
    let of_table = |table: &Table| {
        let column = granted(table)?;
        let rows = table.parts().filter_map(|row| value_in(paper, table, row, column));
        Some(rows.collect::<Vec<Value>>())
    };
    let tables = paper.tables.iter().filter_map(of_table);
    let told = paper.recipients().iter().filter(|one| {
        paper
            .amounts()
            .get(one.amount())
            .is_some_and(|amount| amount.per.is_none() && !amount.is_cap)
    });
    let told: Vec<Value> = told.map(|one| Value::of(paper, one.amount())).collect();
    tables.chain([told]).filter(|gets| gets.len() > 2).collect()
}

/// Whether an amount is told as money that is there to divide.
fn is_set_aside(paper: &Paper, at: usize) -> bool {
    let Some(amount) = paper.amounts().get(at) else { return false };
    let sentence = paper.sentence(amount.tokens.0);
    amount.per.is_none()
        && paper.tokens_in(&sentence).iter().any(|token| {
            ["avsatt", "avsätt", "ansla", "anvis", "ram", "budget", "fördel", "bevilj", "utlys"]
                .iter()
                .any(|begin| token.text.starts_with(begin))
        })
}

/// "Bidraget är högst 250 000 kronor per projekt" beside rows of projects.
fn of_each(paper: &Paper, at: usize) -> Vec<Remark> {
    let Some(cap) = paper.amounts().get(at) else { return Vec::new() };
    let sentence = paper.sentence(cap.tokens.0);
    let each = |range: &Range<usize>| {
        let mut pairs = paper.tokens_in(range).windows(2);
        pairs.find_map(|two| match two {
            [one, noun] if one.is_one_of(&["enskild", "enskilt", "varje"]) => {
                Some(noun.text.clone())
            }
            _ => None,
        })
    };
    let noun = cap.per.clone().or_else(|| each(&(sentence.start..cap.tokens.0)));
    let is_only = paper.amounts_in(&sentence).len() == 1 && paper.shares_in(&sentence).is_empty();
    let Some(noun) = noun.filter(|_| is_only && !knows_exceptions(paper, cap.tokens.0)) else {
        return Vec::new();
    };
    let is_of_it = |table: &&Table| {
        let labels = table.columns.iter().filter(|column| column.unit.is_none());
        labels.filter_map(|column| column.noun.as_deref()).any(|own| {
            own.chars().count() > 4
                && (is_one_word(own, &noun) || super::units::counts_noun(own, &noun))
        })
    };
    let most = Value::of(paper, at);
    for table in paper.tables.iter().filter(is_of_it) {
        let Some(column) = granted(table) else { continue };
        let gets: Vec<Value> =
            table.parts().filter_map(|row| value_in(paper, table, row, column)).collect();
        let over: Vec<&Value> = few(&gets, |value| value.low > most.high).collect();
        if !over.is_empty() {
            return over.into_iter().map(|value| remark(paper, cap.span, value, &most)).collect();
        }
    }
    Vec::new()
}

/// The most that a share of a whole allows.
fn most(share: &Share, whole: &Value) -> Value {
    let (parts, of) = share.exactly();
    let part = |ore: i64| i64::try_from(i128::from(ore) * parts / of.max(1)).unwrap_or(i64::MAX);
    let mut most = Value::bare(part(whole.printed));
    (most.low, most.high, most.of) = (part(whole.low), part(whole.high), whole.of.clone());
    most
}

/// Whether a value is more than the share of a whole, by more than rounding to a thousandth of the whole.
fn exceeds(share: &Share, whole: &Value, value: &Value) -> bool {
    let slack = whole.printed.abs() / 1_000;
    whole.printed > 0 && value.low > most(share, whole).high.saturating_add(slack)
}

fn remark(paper: &Paper, limit: Span, value: &Value, most: &Value) -> Remark {
    let said = words(&paper.text(limit));
    let (a, b) = (Money::from_ore(value.printed), Money::from_ore(most.printed));
    let text = Text::new(
        format!("gränsen `{said}` är här {b}, men {a} överskrider den"),
        format!("the limit `{said}` is {b} here, but {a} exceeds it"),
    );
    let places = [vec![limit], value.places(paper), most.places(paper)].concat();
    Remark::new(Doubt::LimitExceeded, Severity::Warning, text, places).of_difference(value, most)
}

/// "Bidrag om högst 5 miljoner kronor per projekt" and, below, "Bidraget är högst 4 miljoner kronor per projekt".
fn twice(paper: &Paper, caps: &[usize]) -> Option<Remark> {
    let plain = caps.iter().filter_map(|at| Some((*at, plain_cap(paper, *at)?)));
    let plain: Vec<(usize, (&str, &str))> = plain.collect();
    plain.iter().enumerate().find_map(|(first, (one, of))| {
        let (other, _) = plain.iter().skip(first + 1).find(|(other, of_other)| {
            of == of_other && !Value::of(paper, *one).agrees(&Value::of(paper, *other))
        })?;
        let (x, y) = (Value::of(paper, *one), Value::of(paper, *other));
        let (a, b) = (Money::from_ore(x.printed), Money::from_ore(y.printed));
        let text = Text::new(
            format!("gränsen är {a} på ett ställe och {b} på ett annat"),
            format!("the limit is {a} in one place and {b} in another"),
        );
        let places = [x.places(paper), y.places(paper)].concat();
        Some(Remark::new(Doubt::StatedTwice, Severity::Warning, text, places).of_difference(&x, &y))
    })
}

/// The sentence of a token, or its line where that has a label: `Hur mycket?   Högst 5 miljoner kronor per projekt`.
fn own_line(paper: &Paper, at: usize) -> Range<usize> {
    let sentence = paper.sentence(at);
    let next = paper.lines.partition_point(|line| line.tokens.start <= at);
    let line = next
        .checked_sub(1)
        .and_then(|at| paper.lines.get(at))
        .map_or(0..0, |line| line.tokens.clone());
    let is_apart = |token: &Token| token.gap == Gap::Wide;
    let has_label = paper.tokens_in(&line).iter().skip(1).any(is_apart);
    if has_label { sentence.start.max(line.start)..sentence.end.min(line.end) } else { sentence }
}

/// What a cap is of and per, where its sentence names nothing else that would set it apart from another.
fn plain_cap(paper: &Paper, at: usize) -> Option<(&'static str, &str)> {
    const OF: [&str; 5] = ["bidrag", "stöd", "ersättning", "avgift", "vite"];
    const SAYS_NOTHING: [&str; 18] = [
        "högst",
        "maximalt",
        "söka",
        "varje",
        "beviljas",
        "uppgår",
        "uppgå",
        "mycket",
        "storlek",
        "lämnas",
        "belopp",
        "beloppet",
        "kronor",
        "miljoner",
        "sökas",
        "kunna",
        "beviljat",
        "bidragets",
    ];
    let amount = paper.amounts().get(at)?;
    let per = amount.per.as_deref()?;
    let sentence = own_line(paper, amount.tokens.0);
    let before = paper.tokens_in(&(sentence.start..amount.tokens.0));
    let of = before
        .iter()
        .rev()
        .find_map(|token| OF.into_iter().find(|of| token.text.starts_with(of)))?;
    let names = |token: &&Token| {
        is_long(token)
            && !token.is_one_of(&SAYS_NOTHING)
            && !OF.iter().any(|of| token.text.starts_with(of))
    };
    // "per projekt för förstudier" is of those alone.
    let end = (amount.tokens.1 + 1..sentence.end)
        .find(|at| paper.tokens.get(*at).is_some_and(|token| token.is(per)))?;
    let after = paper.tokens_in(&(end + 1..end + 3));
    let goes_on = match after {
        [one, next] if one.is_one_of(&["för", "under"]) => !next.is_one_of(&["hela"]),
        [one, ..] => {
            one.is_one_of(&["som", "med", "inom", "i", "vid", "där", "av", "och", "till", "år"])
        }
        [] => false,
    };
    let is_one = paper.amounts_in(&sentence).len() == 1;
    let is_plain = is_one && !goes_on && !before.iter().any(|token| names(&token));
    is_plain.then_some((of, per))
}
