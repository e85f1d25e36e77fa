//! So much a month, or a unit, against what it is said to come to.
//!
//! Owns: rates over time whose number of months is said or is a year, and unit prices whose count stands elsewhere in the section. Does
//! not own: the three side by side (`each`, `units`), nor counts of the noun that a rate is per (`product`).
//!
//! `36 500 kronor per månad. Kostnaden för tolv månader uppgår till 448 000 kronor` is 10 000 kr too much.

use super::product::section;
use super::reconcile::{is_one_slip, is_telling};
use super::units::{differs, fits, holds_more};
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::lexicon::number_word;
use crate::paper::number::number_at;
use crate::paper::{Amount, Kind, Paper, Token};
use std::collections::BTreeSet;
use std::ops::Range;

pub(super) fn check(paper: &Paper, told: &[Remark]) -> Vec<Remark> {
    let is_told = |remark: &Remark| {
        let last = remark.places.last();
        told.iter().any(|one| {
            let is_of = |place| one.places.contains(place);
            one.difference == remark.difference && last.is_some_and(is_of)
        })
    };
    let found =
        paper.told().filter_map(|at| over_time(paper, at).or_else(|| at_a_price(paper, at)));
    found.filter(|remark| !is_told(remark)).collect()
}

/// How many of a time are a year.
fn in_a_year(per: &str) -> Option<i64> {
    match per {
        "månad" => Some(12),
        "kvartal" => Some(4),
        "halvår" => Some(2),
        "vecka" => Some(52),
        _ => None,
    }
}

fn whole_number(paper: &Paper, at: usize) -> Option<i64> {
    let token = paper.tokens.get(at)?;
    let in_words = || number_word(&token.text).filter(|_| token.kind == Kind::Word);
    let digits =
        number_at(&paper.tokens, at, false).filter(|one| one.decimals == 0 && one.last == at);
    let number = digits.map(|one| one.mantissa).or_else(in_words)?;
    i64::try_from(number).ok().filter(|number| (2..=400).contains(number))
}

/// The numbers of a time that some tokens say: "tolv månader", "en tolvmånadersperiod" not.
fn times_said(paper: &Paper, range: &Range<usize>, begin: &str) -> Vec<i64> {
    let is_time = |at: &usize| {
        paper
            .tokens
            .get(*at)
            .is_some_and(|token| token.kind == Kind::Word && token.text.starts_with(begin))
    };
    let number = |at: usize| whole_number(paper, at.checked_sub(1)?);
    range.clone().filter(is_time).filter_map(number).collect()
}

/// Every whole number of some tokens, of whatever it is.
fn numbers(paper: &Paper, range: &Range<usize>) -> BTreeSet<i64> {
    range.clone().filter_map(|at| whole_number(paper, at)).collect()
}

/// From an amount to the end of the next sentence of its paragraph.
fn onward(paper: &Paper, amount: &Amount) -> Option<Range<usize>> {
    let block = paper.block_at(amount.tokens.0)?;
    let sentence = paper.sentence(amount.tokens.0);
    let next = paper.sentence(sentence.end);
    Some(amount.tokens.1 + 1..next.end.min(block.tokens.end).max(sentence.end))
}

/// "Månadskostnaden är A": so much a month.
fn by_the_month(paper: &Paper, at: usize, rate: &Amount) -> Option<&'static str> {
    const RATES: [&str; 6] = ["kost", "hyr", "avg", "pris", "ers", "bel"];
    let before = paper.clause(at).start..rate.tokens.0;
    let is_rate = |token: &Token| {
        let rest = token.text.strip_prefix("månads");
        rest.is_some_and(|rest| RATES.iter().any(|begin| rest.starts_with(begin)))
    };
    paper.tokens_in(&before).iter().any(is_rate).then_some("månad")
}

/// "A kronor per månad … för tolv månader uppgår till B".
fn over_time(paper: &Paper, at: usize) -> Option<Remark> {
    const YEARLY: [&str; 9] = [
        "årskostnad",
        "årskostnaden",
        "årshyra",
        "årshyran",
        "årsbasis",
        "helår",
        "helårskostnad",
        "kalenderår",
        "årligen",
    ];
    let rate = paper.amounts().get(at).filter(|rate| !rate.is_cap)?;
    let time = rate.per.as_deref().or_else(|| by_the_month(paper, at, rate))?;
    let of_year = in_a_year(time)?;
    let onward = onward(paper, rate)?;
    let block = paper.block_at(rate.tokens.0)?.tokens.clone();
    let each = Value::of(paper, at);
    // Several rates may be for several things.
    let rates = |range: &Range<usize>| {
        paper
            .amounts_in(range)
            .filter(|at| {
                paper.amounts().get(*at).is_some_and(|one| one.per.as_deref() == Some(time))
            })
            .count()
    };
    if paper.is_crowded(&block) || rates(&block) > 1 || each.printed <= 0 {
        return None;
    }
    let begin = time.trim_end_matches('a');
    let said = |whole: usize| {
        let amount = paper.amounts().get(whole)?;
        let clause = paper.clause(whole);
        let start = clause.start.max(rate.tokens.1 + 1);
        let before = start..clause.end.min(amount.tokens.1 + 8).max(amount.tokens.1);
        let is_yearly = matches!(amount.per.as_deref(), Some("år" | "kalenderår" | "helår"))
            || paper.has_word(&before, &YEARLY);
        match times_said(paper, &before, begin)[..] {
            [number] => Some(number),
            [] if is_yearly => Some(of_year),
            _ => None,
        }
    };
    let wholes: Vec<usize> = paper.amounts_in(&onward).collect();
    let (whole, number) = wholes.iter().find_map(|whole| Some((*whole, said(*whole)?)))?;
    let amount = paper.amounts().get(whole)?;
    let is_plain =
        amount.per.as_deref().is_none_or(|per| matches!(per, "år" | "kalenderår" | "helår"));
    let is_other = paper.has_word(
        &(rate.tokens.1 + 1..amount.tokens.0),
        &["utöver", "därutöver", "därtill", "plus", "varav", "tidigare", "rabatt", "indexering"],
    ) || holds_more(paper, whole)
        && !paper.has_word(&(rate.tokens.1 + 1..amount.tokens.1 + 3), &["exklusive", "exkl"]);
    let stated = Value::of(paper, whole);
    let product = each.clone().times(number)?;
    let mut can = numbers(paper, &block);
    can.extend([of_year, number]);
    let fits_some = can.iter().any(|count| {
        each.clone().times(*count).is_some_and(|one| fits(paper, &one, &stated, &each))
    });
    let is_near = stated.printed < product.printed.saturating_mul(2)
        && product.printed < stated.printed.saturating_mul(2);
    if !is_plain || is_other || fits_some || !is_near || amount.is_cap || !each.is_exact() {
        return None;
    }
    let (difference, ..) = stated.minus(&product);
    let (unit, is, computed) = (
        Money::from_ore(each.printed),
        Money::from_ore(stated.printed),
        Money::from_ore(product.printed),
    );
    let text = Text::new(
        format!(
            "{number} gånger {unit} per {time} blir {computed}, men texten säger {is}: skillnaden är {difference}"
        ),
        format!(
            "{number} times {unit} per {time} is {computed}, but the text says {is}: the difference is {difference}"
        ),
    );
    let places = [each.places(paper), stated.places(paper)].concat();
    let mut remark = Remark::new(Doubt::CountDiffers, Severity::Error, text, places)
        .of_difference(&stated, &product);
    remark.reconciles_by = Some(Text::new(
        format!("beloppet ändras till {computed}"),
        format!("the amount becomes {computed}"),
    ));
    Some(remark)
}

/// Whether the words of an amount's clause say that it is the price of one.
fn is_unit_price(paper: &Paper, at: usize, amount: &Amount) -> bool {
    const PRICES: [&str; 5] = ["styckpris", "styckepris", "enhetspris", "à-pris", "enhetskostnad"];
    let clause = paper.clause(at);
    let speaks = |token: &Token| PRICES.iter().any(|begin| token.text.starts_with(begin));
    let before = clause.start..amount.tokens.0;
    let is_time = |per: &str| in_a_year(per).is_some() || matches!(per, "år" | "dag" | "dygn");
    let after = amount.tokens.1 + 1..amount.tokens.1 + 3;
    paper.tokens_in(&before).iter().any(speaks)
        || amount.per.as_deref().is_some_and(|per| !is_time(per))
        || paper.has_word(&after, &["styck", "styckvis", "vardera"])
}

/// "Styckpriset är A, vilket ger B" where a number of things of the section makes B but for one slip.
fn at_a_price(paper: &Paper, at: usize) -> Option<Remark> {
    const MOST: usize = 60;
    const RESULTS: [&str; 14] = [
        "sammanlagt",
        "totalt",
        "kostnad",
        "kostnaden",
        "utgift",
        "utgiften",
        "uppgår",
        "blir",
        "ger",
        "innebär",
        "summa",
        "motsvarar",
        "alltså",
        "totala",
    ];
    let unit =
        paper.amounts().get(at).filter(|unit| !unit.is_cap && is_unit_price(paper, at, unit))?;
    let onward = onward(paper, unit)?;
    let section = section(paper, unit.tokens.0)?;
    let counts = paper.counts_in(&section);
    let each = Value::of(paper, at);
    if counts.len() > MOST || !each.is_exact() || each.printed <= 0 {
        return None;
    }
    let is_result = |whole: &usize| {
        paper.amounts().get(*whole).is_some_and(|amount| {
            let clause = paper.clause(*whole);
            amount.per.is_none()
                && !amount.is_cap
                && (amount.is_total || paper.has_word(&(clause.start..amount.tokens.1), &RESULTS))
        })
    };
    let whole = paper.amounts_in(&onward).find(is_result)?;
    let stated = Value::of(paper, whole);
    let product = |number: i128| each.clone().times(i64::try_from(number).ok()?);
    let all = numbers(paper, &section);
    let is_right = all.iter().any(|number| {
        product(i128::from(*number)).is_some_and(|one| fits(paper, &one, &stated, &each))
    });
    if is_right || !stated.is_exact() || !is_telling(stated.printed) {
        return None;
    }
    let is_slip = |count: &&crate::paper::Count| {
        count.number > 1
            && product(count.number).is_some_and(|one| is_one_slip(one.printed, stated.printed))
    };
    let count = counts.iter().find(is_slip)?;
    Some(differs(paper, count, &each, &stated, &product(count.number)?))
}
