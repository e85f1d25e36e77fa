//! So many at so much, and figures in the wrong unit.
//!
//! Owns: counts implied by amounts per unit (D7), and kronor under a heading in Mkr. Does not own: sums.
//!
//! `35 mottagningar får 50 000 kronor per mottagning, totalt 1 750 000 kronor` holds.

use super::table::amount_in;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::line::Content;
use crate::paper::number::number_at;
use crate::paper::table::ColumnKind;
use crate::paper::{Count, Paper, Table};
use std::ops::Range;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.apart().filter_map(|at| at_each(paper, at).or_else(|| per_unit(paper, at))).collect()
}

/// "1,3 mkr (26 mottagningar à 50 000 kr)".
fn at_each(paper: &Paper, at: usize) -> Option<Remark> {
    let unit = paper.amounts().get(at)?;
    let mark = unit.tokens.0.checked_sub(1)?;
    let is_at = paper.tokens.get(mark).is_some_and(|token| token.is_one_of(&["à", "á"]));
    let near = paper.counts_in(&(mark.saturating_sub(8)..mark));
    let count = near.iter().find(|count| is_at && count.tokens.1 + 1 == mark)?;
    // "tolv platser à 1 000 kr per dygn" counts days too.
    if unit.per.as_deref().is_some_and(|per| !counts_noun(&count.noun, per)) {
        return None;
    }
    let sentence = paper.sentence(unit.tokens.0);
    let is_whole = |at: &usize| paper.amounts().get(*at).is_some_and(|amount| amount.per.is_none());
    let others: Vec<usize> =
        paper.amounts_in(&sentence).filter(|other| *other != at).filter(is_whole).collect();
    // "… à 11 kronor ger 3,5 miljoner kronor": what the product is said to be stands after it.
    let ends = unit.tokens.1 + 1..unit.tokens.1 + 2;
    let leads = paper.has_word(&ends, &["ger", "blir", "är", "kostar", "motsvarar", "totalt"]);
    let next = others.iter().find(|other| leads && **other > at);
    let before = || others.iter().rev().find(|other| **other < at);
    let whole = next.or_else(before).or_else(|| others.first())?;
    let (each, whole) = (Value::of(paper, at), Value::of(paper, *whole));
    let product = each.clone().times(i64::try_from(count.number).ok()?)?;
    (!can_be(paper, &product, &whole, &each))
        .then(|| differs(paper, count, &each, &whole, &product))
}

fn per_unit(paper: &Paper, at: usize) -> Option<Remark> {
    let unit = paper.amounts().get(at)?;
    let noun =
        unit.per.as_deref().filter(|per| !matches!(*per, "år" | "månad" | "vecka" | "dag"))?;
    if paper.table_of(unit.tokens.0).is_some() {
        return None;
    }
    let sentence = paper.sentence(unit.tokens.0);
    // "450 kr per timme i 40 timmar per vecka" counts weeks too.
    let is_rate =
        |count: &Count| paper.has_word(&(count.tokens.1 + 1..count.tokens.1 + 2), &["per"]);
    let is_of_others =
        |count: &Count| count.tokens.1 + 2 == unit.tokens.0 && !counts_noun(&count.noun, noun);
    if paper.counts_in(&sentence).iter().any(|count| is_rate(count) || is_of_others(count)) {
        return None;
    }
    let total = total_for(paper, at, &sentence);
    let counts: Vec<&Count> = {
        let fits = |count: &&Count| counts_noun(&count.noun, noun);
        let next = paper.sentence(sentence.end);
        let is_total_next = total
            .and_then(|at| paper.amounts().get(at))
            .is_some_and(|total| next.contains(&total.tokens.0));
        let until = if is_total_next { next.end } else { sentence.end };
        let near: Vec<&Count> =
            paper.counts_in(&(sentence.start..until)).iter().filter(fits).collect();
        let block = paper.block_at(unit.tokens.0);
        if near.is_empty() {
            let within = block.map_or(0..0, |block| block.tokens.clone());
            let all = paper.counts_in(&within);
            if all.len() > MOST_COUNTS {
                return None;
            }
            all.iter().filter(fits).collect()
        } else {
            near
        }
    };
    let total = total.filter(|total| !holds_more(paper, *total))?;
    let (each, whole) = (Value::of(paper, at), Value::of(paper, total));
    if each.printed <= 0 || whole.printed < each.printed {
        return None;
    }
    // "högst 250 000 kronor per projekt" is no rate of what was granted.
    let is_cap = |value: &Value| {
        value.of.iter().any(|at| paper.amounts().get(*at).is_some_and(|one| one.is_cap))
    };
    if is_cap(&each) && !is_cap(&whole) {
        return None;
    }
    if counts.is_empty() {
        // "6 000 kr och därutöver 145 kr per deltagare" adds the two.
        const ADDS: [&str; 8] =
            ["därutöver", "plus", "dessutom", "jämte", "utöver", "samt", "därtill", "och"];
        let (first, second) = (at.min(total), at.max(total));
        let end = |at: usize| paper.amounts().get(at).map_or(0, |amount| amount.tokens.1 + 1);
        let start = |at: usize| paper.amounts().get(at).map_or(0, |amount| amount.tokens.0);
        if paper.has_word(&(end(first)..start(second)), &ADDS) {
            return None;
        }
        const SAYS: [&str; 12] = [
            "räcker",
            "motsvarar",
            "motsvarande",
            "fördelas",
            "totalt",
            "sammanlagt",
            "tillsammans",
            "vilket",
            "ger",
            "blir",
            "summa",
            "dvs",
        ];
        if !paper.has_word(&sentence, &SAYS) {
            return None;
        }
        return implied(paper, &each, &whole, noun);
    }
    let product = |count: &&Count| each.clone().times(i64::try_from(count.number).ok()?);
    let mut products: Vec<Value> = counts.iter().filter_map(product).collect();
    // "52 mottagningar och 11 enheter": together.
    let together: i128 = counts.iter().map(|count| count.number).sum();
    products.insert(0, each.clone().times(i64::try_from(together).ok()?)?);
    if products.is_empty() || products.iter().any(|product| can_be(paper, product, &whole, &each)) {
        return None;
    }
    let block = paper.block_at(unit.tokens.0).map_or(0..0, |block| block.tokens.clone());
    if says_quotient(paper, &block, &each, &whole) {
        return None;
    }
    Some(differs(paper, counts.last()?, &each, &whole, products.last()?))
}

/// Whether a paragraph says the number that a whole is of what each gets, whatever it counts there: "antalet timmar blir 26 280".
fn says_quotient(paper: &Paper, block: &Range<usize>, each: &Value, whole: &Value) -> bool {
    const MOST: usize = 2_000;
    let is_whole = whole.printed.checked_rem(each.printed) == Some(0);
    let count = whole.printed.checked_div(each.printed).map(i128::from);
    let is_count = |at: usize| {
        let number = number_at(&paper.tokens, at, false);
        number.is_some_and(|number| number.decimals == 0 && Some(number.mantissa) == count)
    };
    is_whole && block.clone().take(MOST).any(is_count)
}

/// A paragraph of more counts says nothing of one rate; it keeps the check of long texts fast.
const MOST_COUNTS: usize = 60;

pub(super) fn differs(
    paper: &Paper,
    count: &Count,
    each: &Value,
    whole: &Value,
    product: &Value,
) -> Remark {
    let (difference, ..) = whole.minus(product);
    let (said, unit_text) = (words(&paper.text(count.noted.span)), Money::from_ore(each.printed));
    let (stated, computed) = (Money::from_ore(whole.printed), Money::from_ore(product.printed));
    let text = Text::new(
        format!(
            "`{said}` à `{unit_text}` blir {computed}, men texten säger {stated}: skillnaden är {difference}"
        ),
        format!(
            "`{said}` at `{unit_text}` is {computed}, but the text says {stated}: the difference is {difference}"
        ),
    );
    let places = [vec![count.noted.span], each.places(paper), whole.places(paper)].concat();
    let mut remark = Remark::new(Doubt::CountDiffers, Severity::Error, text, places)
        .of_difference(whole, product);
    let implied = whole.printed.checked_div(each.printed).unwrap_or(0);
    let is_exact = whole.is_exact() && each.is_exact();
    let is_whole = whole.printed.checked_rem(each.printed) == Some(0);
    let amount_only = || {
        Text::new(
            format!("beloppet ändras till {computed}"),
            format!("the amount becomes {computed}"),
        )
    };
    remark.reconciles_by = is_exact.then(|| {
        if !is_whole {
            amount_only()
        } else {
            Text::new(
                format!("antalet ändras till {implied}, eller beloppet till {computed}"),
                format!("the count becomes {implied}, or the amount {computed}"),
            )
        }
    });
    remark
}

/// Whether a product can be the whole that is stated, or is so far from it that the two are of different things.
pub(super) fn can_be(paper: &Paper, product: &Value, whole: &Value, each: &Value) -> bool {
    let is_meant = super::reconcile::is_likely(whole, std::slice::from_ref(product));
    !is_meant || fits(paper, product, whole, each)
}

/// Whether a product can be the whole that is stated: in coarser units it may be rounded, and what each gets on average is.
pub(super) fn fits(paper: &Paper, product: &Value, whole: &Value, each: &Value) -> bool {
    let amount = each.of.first().and_then(|at| paper.amounts().get(*at));
    let (of_each, digit) = (each.last_digit(paper), whole.last_digit(paper));
    let is_mean = amount.is_some_and(|amount| {
        paper.before(amount, 3).iter().any(|token| token.is_one_of(&["genomsnitt", "snitt"]))
    });
    let apart = product.printed.abs_diff(whole.printed);
    let of_whole = if digit > of_each { digit / 2 } else { 0 };
    let count = product.printed.checked_div(each.printed).unwrap_or(0);
    let of_mean = if is_mean { count.saturating_mul(each.unit().max(of_each) / 2) } else { 0 };
    product.agrees(whole) || apart <= of_whole.max(of_mean).unsigned_abs()
}

/// Whether what follows an amount says that it holds more, or less, than what was counted: "inklusive sociala avgifter".
pub(super) fn holds_more(paper: &Paper, at: usize) -> bool {
    const LIMITED: [&str; 7] =
        ["begränsas", "begränsat", "begränsades", "reduceras", "reducerat", "takbelopp", "nedsatt"];
    let sentence = paper.amounts().get(at).map_or(0..0, |amount| paper.sentence(amount.tokens.0));
    if paper.has_word(&sentence, &LIMITED) {
        return true;
    }
    let after = paper.amounts().get(at).map_or(0, |amount| amount.tokens.1 + 1);
    let words = ["med", "inklusive", "inkl", "exklusive", "exkl", "plus", "före", "efter", "utan"];
    paper.has_word(&(after..after + 2), &words)
}

/// The whole that belongs to an amount per unit: the one of its sentence, or of the next where that says it is a whole.
fn total_for(paper: &Paper, at: usize, sentence: &Range<usize>) -> Option<usize> {
    let is_whole = |at: &usize| paper.amounts().get(*at).is_some_and(|amount| amount.per.is_none());
    let here: Vec<usize> = paper.amounts_in(sentence).filter(is_whole).collect();
    let total = |all: &[usize]| {
        all.iter()
            .copied()
            .find(|at| paper.amounts().get(*at).is_some_and(|amount| amount.is_total))
    };
    let units = paper.amounts_in(sentence).filter(|at| !is_whole(at)).count();
    match here.as_slice() {
        [only] if units == 1 => Some(*only),
        [] if units == 1 && points_back(paper, sentence) => {
            let block = paper.block_at(sentence.start)?;
            let before = paper.sentence(sentence.start.checked_sub(1)?);
            let before = before.start.max(block.tokens.start)..before.end;
            let all: Vec<usize> = paper.amounts_in(&before).filter(is_whole).collect();
            if let [only] = all[..] { Some(only) } else { None }
        }
        [] => {
            let next = paper.sentence(sentence.end);
            let block = paper.block_at(sentence.start)?;
            let next: Vec<usize> = paper
                .amounts_in(&(next.start..next.end.min(block.tokens.end)))
                .filter(is_whole)
                .collect();
            let said = paper.sentence(sentence.end);
            // "Vi köper 13 platser. Priset är 52 000 kr per plats. Kostnaden blir …"
            let noun = paper.amounts().get(at)?.per.clone()?;
            let is_counted = |block: &Range<usize>| {
                let fits = |count: &&Count| counts_noun(&count.noun, &noun);
                let all = paper.counts_in(block);
                all.len() <= MOST_COUNTS && all.iter().filter(fits).count() == 1
            };
            let leads = paper.has_word(&said, &["blir", "ger", "kostar", "kostnaden", "motsvarar"])
                && (!paper.counts_in(&said).is_empty() || is_counted(&block.tokens));
            let only = next.first().copied().filter(|_| next.len() == 1 && leads);
            total(&next).or(only).filter(|_| units == 1 && next.len() == 1)
        }
        all => total(all).filter(|total| *total > at || units == 1).filter(|_| units == 1),
    }
}

/// "Beloppet räcker till 212 platser om …": of what the sentence before states.
fn points_back(paper: &Paper, sentence: &Range<usize>) -> bool {
    const IT: [&str; 8] =
        ["beloppet", "bidraget", "anslaget", "medlen", "summan", "ramen", "det", "detta"];
    const COVERS: [&str; 7] =
        ["räcker", "motsvarar", "finansierar", "täcker", "avser", "ger", "bekostar"];
    let first = paper.tokens_in(sentence).first();
    first.is_some_and(|token| token.is_one_of(&IT))
        && paper.has_word(&(sentence.start..sentence.start + 3), &COVERS)
}

/// Whether "mottagningar" or "barnmorskemottagningar" are what is meant by "per mottagning".
pub(super) fn counts_noun(plural: &str, singular: &str) -> bool {
    let letters: Vec<char> = singular.chars().collect();
    let keep = letters.len().saturating_sub(usize::from(letters.len() > 4)).max(3);
    let stem: String = letters.into_iter().take(keep).collect();
    plural.contains(&stem)
        || (singular.len() > 6 && singular.contains(plural.trim_end_matches(['r', 'a', 'e', 'o'])))
}

fn implied(paper: &Paper, each: &Value, whole: &Value, noun: &str) -> Option<Remark> {
    // What is less than two of a thing is compared with its price, and is no number of it.
    if !whole.is_exact()
        || !each.is_exact()
        || whole.printed % each.printed == 0
        || whole.printed / 2 < each.printed
    {
        return None;
    }
    // A whole that is itself given in coarser units can be a rounding of what it should be.
    let digit = whole.last_digit(paper);
    let slack = if digit > each.last_digit(paper) { digit / 2 } else { 0 };
    if (whole.printed + slack) / each.printed > (whole.printed - slack - 1) / each.printed {
        return None;
    }
    let count = whole.printed / each.printed;
    let (stated, unit) = (Money::from_ore(whole.printed), Money::from_ore(each.printed));
    let rest = Money::from_ore(whole.printed % each.printed);
    let text = Text::new(
        format!(
            "{stated} är inget helt antal gånger {unit} per {noun}: {count} gånger lämnar {rest} över"
        ),
        format!(
            "{stated} is no whole number of {unit} per {noun}: after {count} there is {rest} left"
        ),
    );
    let places = [each.places(paper), whole.places(paper)].concat();
    Some(Remark::new(Doubt::ImpliedCount, Severity::Warning, text, places).off_by(rest))
}

/// Kronor under a heading in Mkr, and rows where a count times an amount per unit is not the amount of the row.
pub(super) fn of_table(paper: &Paper, table: &Table) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let Some(unit) = column.unit.filter(|_| column.kind == ColumnKind::Amount) else {
            continue;
        };
        let median = median(paper, table, at);
        for row in &table.rows {
            let Some(Content::Number { number, has_unit, .. }) =
                row.cells.get(at).map(|cell| &cell.content)
            else {
                continue;
            };
            let Some(amount) = amount_in(paper, row, at)
                .and_then(|at| paper.amounts().get(at).map(|amount| (at, amount)))
            else {
                continue;
            };
            let own_unit =
                i128::from(amount.1.last_digit.ore()) * 10_i128.pow(number.decimals.min(20));
            let is_other = *has_unit && own_unit * 1_000 <= unit;
            let is_huge = !*has_unit
                && unit >= 100_000
                && number.decimals == 0
                && median.is_some_and(|median| amount.1.amount.ore() / median >= 500);
            if is_other || is_huge {
                remarks.push(other_unit(paper, amount.0, unit, is_other));
            }
        }
    }
    remarks.extend(rows_of_units(paper, table));
    remarks
}

/// The median of a column in öre, where it is positive and of three amounts or more.
fn median(paper: &Paper, table: &Table, column: usize) -> Option<i64> {
    let mut all: Vec<i64> = table
        .rows
        .iter()
        .filter_map(|row| Some(paper.amounts().get(amount_in(paper, row, column)?)?.amount.ore()))
        .collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().filter(|median| all.len() > 2 && *median > 0)
}

fn other_unit(paper: &Paper, at: usize, unit: i128, has_own: bool) -> Remark {
    let value = Value::of(paper, at);
    let text =
        paper.amounts().get(at).map(|amount| words(&paper.text(amount.span))).unwrap_or_default();
    let (sv, en) = match unit {
        100_000 => ("tkr", "tkr"),
        100_000_000 => ("mkr", "mkr"),
        100_000_000_000 => ("miljarder kronor", "billions of kronor"),
        _ => ("en annan enhet", "another unit"),
    };
    let message = Text::new(
        format!("kolumnens rubrik säger {sv}, men `{text}` ser ut att vara kronor"),
        format!("the heading of the column says {en}, but `{text}` seems to be kronor"),
    );
    // With a unit of its own the value is right, and only the heading is not kept.
    let severity = if has_own { Severity::Warning } else { Severity::Error };
    let mut remark = Remark::new(Doubt::UnitError, severity, message, value.places(paper));
    if has_own {
        remark = remark.off_by(Money::ZERO);
    }
    remark.reconciles_by = Some(Text::new(
        format!("beloppet skrivs i {sv}"),
        format!("the amount is written in {en}"),
    ));
    remark
}

/// Rows of a count, an amount per unit and an amount.
fn rows_of_units(paper: &Paper, table: &Table) -> Vec<Remark> {
    let (mut counts, mut amounts) =
        (table.columns_of(ColumnKind::Count), table.columns_of(ColumnKind::Amount));
    // Of more columns the first are tried; it keeps the check of wide tables fast.
    const MOST: usize = 12;
    counts.truncate(MOST);
    amounts.truncate(MOST);
    let per = |at: &usize| table.columns.get(*at).is_some_and(|column| column.per.is_some());
    let said = (amounts.iter().find(|at| per(at)), amounts.iter().find(|at| !per(at)));
    if let ((Some(unit), Some(amount)), [count]) = (said, counts.as_slice()) {
        return products(paper, table, *count, *unit, *amount, 1);
    }
    // No heading says it, but most rows do.
    let triples = counts.iter().flat_map(|count| {
        let pairs =
            amounts.iter().flat_map(|unit| amounts.iter().map(move |amount| (*unit, *amount)));
        pairs
            .filter(|(unit, amount)| unit != amount)
            .map(move |(unit, amount)| (*count, unit, amount))
    });
    let found = triples.map(|(count, unit, amount)| products(paper, table, count, unit, amount, 2));
    found.into_iter().find(|remarks| !remarks.is_empty()).unwrap_or_default()
}

/// Rows whose count times the amount per unit is not their amount, where at least so many rows and half of all hold.
fn products(
    paper: &Paper,
    table: &Table,
    count: usize,
    unit: usize,
    amount: usize,
    least: usize,
) -> Vec<Remark> {
    let product = |row: &crate::paper::table::Row| {
        let Content::Number { number, .. } = &row.cells.get(count)?.content else { return None };
        let sign = if number.is_negative { -1 } else { 1 };
        let number = i64::try_from(number.mantissa).ok().filter(|_| number.decimals == 0)? * sign;
        let (each, whole) = (
            Value::of(paper, amount_in(paper, row, unit)?),
            Value::of(paper, amount_in(paper, row, amount)?),
        );
        let product = each.clone().times(number)?;
        // What is stated in thousands is rounded to them.
        let is_rounded =
            product.printed.abs_diff(whole.printed) * 2 <= whole.last_digit(paper).unsigned_abs();
        Some((product.agrees(&whole) || is_rounded, each, whole, product))
    };
    let read: Vec<_> = table.parts().filter_map(product).collect();
    let holding = read.iter().filter(|(holds, ..)| *holds).count();
    if holding * 2 < read.len() || (holding < least && least > 1) {
        return Vec::new();
    }
    let told = read.into_iter().filter(|(holds, ..)| !holds).map(|(_, each, whole, product)| {
        let (stated, computed) = (Money::from_ore(whole.printed), Money::from_ore(product.printed));
        let text = Text::new(
            format!("antalet gånger beloppet per enhet blir {computed}, men raden säger {stated}"),
            format!("the count times the amount per unit is {computed}, but the row says {stated}"),
        );
        let places = [each.places(paper), whole.places(paper)].concat();
        let mut remark = Remark::new(Doubt::CountDiffers, Severity::Error, text, places)
            .of_difference(&whole, &product);
        remark.reconciles_by = Some(Text::new(
            format!("radens belopp ändras till {computed}"),
            format!("the amount of the row becomes {computed}"),
        ));
        remark
    });
    told.collect()
}
