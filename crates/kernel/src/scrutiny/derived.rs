//! Figures that a text reckons from others that it states: what is left of an area, so much each, so many percent of so many.
//!
//! Owns: differences of one measure, averages, percentages of things, and parts of a number of things. Does not own: the same of amounts
//! between `från` and `till` (`changed`), nor prices times numbers (`product`).
//!
//! `Lokalerna omfattar 2 200 kvm. De nya omfattar 1 680 kvm. Ytan minskar därmed med 420 kvm` is 100 too little.

use super::figures::Figure;
use super::prose::broken;
use super::reconcile::{is_one_slip, is_telling};
use super::table::count_in;
use super::units::counts_noun;
use super::value::Value;
use super::{Doubt, Remark, words};
use crate::finding::{Severity, Text};
use crate::money::{Money, grouped};
use crate::paper::layout::{Block, BlockKind};
use crate::paper::lexicon::{ABOUT, AT_LEAST};
use crate::paper::table::RowKind;
use crate::paper::{Kind, Paper, Share, Span, Token};
use std::ops::Range;

const MILLION: i128 = 1_000_000;

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // Of very many the first are looked at.
    const MOST: usize = 2_000;
    let by = paper.places_of("med").filter_map(|at| of_measure(paper, at));
    let each = paper.told().take(MOST).filter_map(|at| average(paper, at));
    let raised = paper.told().take(MOST).filter_map(|at| raised(paper, at));
    let shares = paper.shares.iter().take(MOST).filter_map(|share| of_things(paper, share));
    let parts = paper.counts.iter().take(MOST).filter_map(|count| parts(paper, count));
    let together = paper.told().take(MOST).filter_map(|at| together(paper, at));
    let all = paper.tables.iter().flat_map(|table| of_all(paper, table));
    let first = by.chain(each).chain(raised).chain(shares).chain(parts);
    first.chain(together).chain(all).collect()
}

/// "Sammantaget uppgår ersättningen till 36 060 000 kronor per år": one slip from two or three amounts per year that the section says
/// before.
fn together(paper: &Paper, at: usize) -> Option<Remark> {
    const ALL: [&str; 5] = ["sammantaget", "sammanlagt", "totalt", "tillsammans", "sammantagna"];
    const MOST: usize = 8;
    let whole = paper.amounts().get(at).filter(|one| !one.is_cap)?;
    let per = whole.per.as_deref()?;
    let sentence = paper.sentence(whole.tokens.0);
    let is_all = paper.has_word(&(sentence.start..whole.tokens.0), &ALL);
    let section = super::product::section(paper, whole.tokens.0)?;
    let is_alone = paper.amounts_in(&sentence).len() == 1;
    if !is_all || !is_alone || !is_telling(whole.amount.ore()) {
        return None;
    }
    let is_like = |other: &usize| {
        paper.amounts().get(*other).is_some_and(|one| {
            one.per.as_deref() == Some(per) && paper.is_told(*other) && !one.is_cap
        })
    };
    let before: Vec<usize> =
        paper.amounts_in(&(section.start..sentence.start)).filter(is_like).collect();
    let stated = Value::of(paper, at);
    let values: Vec<Value> = before.iter().map(|at| Value::of(paper, *at)).collect();
    if !(2..=MOST).contains(&values.len()) || !stated.is_exact() {
        return None;
    }
    let mut sums: Vec<Value> = Vec::new();
    for (first, a) in values.iter().enumerate() {
        for (second, b) in values.iter().enumerate().skip(first + 1) {
            sums.extend(Value::sum(&[a.clone(), b.clone()]));
            let thirds = values.iter().skip(second + 1);
            sums.extend(thirds.filter_map(|c| Value::sum(&[a.clone(), b.clone(), c.clone()])));
        }
    }
    let is_known = |sum: &Value| sum.agrees(&stated);
    let mut near = sums.iter().filter(|sum| is_one_slip(sum.printed, stated.printed));
    let (Some(sum), None) = (near.next(), near.next()) else { return None };
    if sums.iter().chain(&values).any(is_known) {
        return None;
    }
    let parts: Vec<Value> = sum.of.iter().map(|at| Value::of(paper, *at)).collect();
    broken(paper, &stated, &parts, Severity::Error)
}

/// "Samtliga skolor   1 803" below rows of 1 830, one slip from their sum: a mean is none.
fn of_all(paper: &Paper, table: &crate::paper::Table) -> Vec<Remark> {
    const ALL: [&str; 5] = ["samtliga", "alla", "hela", "riket", "länet"];
    const LEAST: usize = 3;
    let Some((last, rows)) = table.rows.split_last() else { return Vec::new() };
    let label = paper.tokens_in(&last.label);
    let is_all = label.first().is_some_and(|token| token.is_one_of(&ALL));
    if !is_all || rows.len() < LEAST || last.kind != RowKind::Part {
        return Vec::new();
    }
    let of_column = |column: usize| {
        let read = |row: &crate::paper::table::Row| count_in(table, row, column);
        let whole = |(number, decimals): (i128, u32)| (decimals == 0).then_some(number);
        let parts: Vec<i128> =
            rows.iter().map(|row| read(row).and_then(whole)).collect::<Option<_>>()?;
        let (stated, sum) = (read(last).and_then(whole)?, parts.iter().sum::<i128>());
        let is_sum = is_one_slip(i64::try_from(stated).ok()?, i64::try_from(sum).ok()?);
        let is_larger = parts.iter().all(|part| *part < stated) && stated >= 100;
        let places: Vec<Span> = rows
            .iter()
            .chain([last])
            .filter_map(|row| Some(row.cells.get(column)?.span(&paper.tokens)))
            .collect();
        let text = Text::new(
            format!("antalen i kolumnen summerar till {sum}, men raden för alla säger {stated}"),
            format!("the counts of the column sum to {sum}, but the row of all says {stated}"),
        );
        (is_sum && is_larger).then(|| Remark::new(Doubt::SumDiffers, Severity::Error, text, places))
    };
    (0..table.columns.len()).filter_map(of_column).collect()
}

/// From the paragraph before to the end of a token's sentence, without tables and headings.
fn near(paper: &Paper, at: usize) -> Option<Range<usize>> {
    let block = paper.layout().block_of(at)?;
    let own = paper.block(block)?.tokens.clone();
    let before = block.checked_sub(1).and_then(|at| paper.block(at));
    let is_text = |one: &&Block| one.kind == BlockKind::Text;
    let start = before.filter(is_text).map_or(own.start, |one| one.tokens.start);
    Some(start..paper.sentence(at).end.min(own.end))
}

/// The word after a number.
fn unit_of<'p>(paper: &'p Paper, one: &Figure) -> Option<&'p str> {
    let next = paper.tokens.get(one.tokens.1 + 1)?;
    (next.kind == Kind::Word && next.text.chars().count() > 2).then_some(next.text.as_str())
}

/// "Ytan minskar därmed med 420 kvm", after exactly two other numbers of that measure.
fn of_measure(paper: &Paper, at: usize) -> Option<Remark> {
    const CONCLUDES: [&str; 4] = ["därmed", "alltså", "således", "följaktligen"];
    const CHANGES: [&str; 4] = ["minsk", "ök", "sjunk", "växer"];
    let by = Figure::at(paper, at + 1).filter(|by| by.amount.is_none() && by.is_exact)?;
    let unit = unit_of(paper, &by)?;
    let sentence = paper.sentence(at);
    let said = sentence.start..at;
    let changes = paper.tokens_in(&said).iter().any(|token| {
        token.kind == Kind::Word && CHANGES.iter().any(|begin| token.text.starts_with(begin))
    });
    if !changes || !paper.has_word(&said, &CONCLUDES) || by.tokens.0 != at + 1 {
        return None;
    }
    let others = Figure::all(paper, &(near(paper, at)?.start..at));
    let others: Vec<&Figure> =
        others.iter().filter(|one| unit_of(paper, one) == Some(unit)).collect();
    let [from, to] = others[..] else { return None };
    let apart = (to.value - from.value).abs();
    let is_meant = by.value < apart * 3 && apart < by.value * 3;
    if !is_meant || apart == by.value || !from.is_exact || !to.is_exact || apart % MILLION != 0 {
        return None;
    }
    let [a, b, said] = [from, to, &by].map(|one| words(&paper.text(one.span(paper))));
    let right = grouped(u64::try_from(apart / MILLION).ok()?);
    let text = Text::new(
        format!("från {a} till {b} {unit} är det {right}, men texten säger {said}"),
        format!("from {a} to {b} {unit} it is {right}, but the text says {said}"),
    );
    let places = vec![from.span(paper), to.span(paper), by.span(paper)];
    Some(Remark::new(Doubt::ChangeDiffers, Severity::Warning, text, places))
}

/// "cirka 17 800 kronor per anställd": one slip from what an amount of the paragraph comes to on the number of them, and right for none.
fn average(paper: &Paper, at: usize) -> Option<Remark> {
    const MEAN: [&str; 7] = [
        "genomsnitt",
        "snitt",
        "utslaget",
        "genomsnittlig",
        "genomsnittliga",
        "medelkostnad",
        "motsvarar",
    ];
    let each = paper.amounts().get(at)?;
    let noun = each.per.as_deref().filter(|per| !matches!(*per, "år" | "månad" | "timme"))?;
    let sentence = paper.sentence(each.tokens.0);
    let is_vague = paper
        .before(each, 2)
        .iter()
        .any(|token| token.is_one_of(&ABOUT) || token.is_one_of(&AT_LEAST));
    if !(is_vague || paper.has_word(&sentence, &MEAN)) || each.amount <= Money::ZERO {
        return None;
    }
    let block = paper.block_at(each.tokens.0)?.tokens.clone();
    let mut counts = paper.counts_in(&block).iter().filter(|one| counts_noun(&one.noun, noun));
    let (Some(count), None) = (counts.next(), counts.next()) else { return None };
    let number = i64::try_from(count.number).ok().filter(|number| *number > 1)?;
    let said = Value::of(paper, at).printed;
    // In units of the last digit that says something.
    let digits = said.to_string();
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let unit = 10_i64.checked_pow(u32::try_from(zeros).ok()?)?;
    let on_each = |whole: i64| {
        let of = i128::from(number) * i128::from(unit);
        let each = (i128::from(whole) + of / 2) / of.max(1) * i128::from(unit);
        i64::try_from(each).unwrap_or(i64::MAX)
    };
    let is_whole = |other: &usize| {
        paper.amounts().get(*other).is_some_and(|one| one.per.is_none() && one.amount > Money::ZERO)
    };
    let fits = |other: usize| {
        on_each(Value::of(paper, other).printed).abs_diff(said) <= unit.unsigned_abs()
    };
    if (0..paper.amounts().len()).filter(is_whole).any(fits) {
        return None;
    }
    let mut slips = paper.amounts_in(&block).filter(is_whole).filter(|other| {
        let right = on_each(Value::of(paper, *other).printed);
        is_one_slip(right, said) && said / unit >= 100
    });
    let whole = slips.next()?;
    let right = Money::from_ore(on_each(Value::of(paper, whole).printed));
    let (total, said) = (paper.amounts().get(whole)?, Money::from_ore(said));
    let counted = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("{} på `{counted}` är {right}, men texten säger {said}", total.amount),
        format!("{} on `{counted}` is {right}, but the text says {said}", total.amount),
    );
    let places = vec![total.span, count.noted.span, each.span];
    Some(Remark::new(Doubt::CountDiffers, Severity::Warning, text, places).off_by(said - right))
}

/// "Serviceersättningen höjs med 17 kronor", where the text's two amounts of the same thing are one slip from being 17 apart.
fn raised(paper: &Paper, at: usize) -> Option<Remark> {
    const RAISES: [&str; 4] = ["höjs", "ökar", "höjdes", "höjas"];
    const BEGIN: usize = 5;
    const LEAST: usize = 8;
    let by = paper.amounts().get(at).filter(|by| !by.is_cap && by.amount > Money::ZERO)?;
    let sentence = paper.sentence(by.tokens.0);
    let is_by = paper.before(by, 1).iter().any(|token| token.is("med"));
    let raises = paper.has_word(&(sentence.start..by.tokens.0), &RAISES);
    let is_only = paper.amounts_in(&sentence).len() == 1;
    if !is_by || !raises || !is_only {
        return None;
    }
    let first = paper
        .tokens_in(&(sentence.start..by.tokens.0))
        .iter()
        .find(|token| token.kind == Kind::Word && token.text.chars().count() >= LEAST)?;
    let stem: String = first.text.chars().take(BEGIN).collect();
    if ["ersät", "kostn", "avgif", "belop", "bidra"].contains(&stem.as_str()) {
        return None;
    }
    let names = |token: &Token| token.kind == Kind::Word && token.text.starts_with(&stem);
    // The word stands in the clause of the amount, before it or right after.
    let is_named = |other: &usize| {
        let clause = paper.clause(*other);
        paper.amounts().get(*other).is_some_and(|one| {
            let near = clause.start..clause.end.min(one.tokens.1 + 4);
            // What stands right after the amount before is that one's: "415 kronor för service och 480 kronor".
            let is_first = paper.sentence(one.tokens.0).start == clause.start;
            let start = if is_first { clause.start } else { clause.start + 3 };
            let before =
                paper.tokens_in(&(start.min(one.tokens.0)..one.tokens.0)).iter().any(names);
            let after = paper.tokens_in(&(one.tokens.1..near.end)).iter().any(names);
            *other != at && (before || after) && paper.is_told(*other)
        })
    };
    let mut values: Vec<(i64, usize)> = (0..paper.amounts().len())
        .filter(is_named)
        .map(|other| (Value::of(paper, other).printed, other))
        .collect();
    values.sort_unstable();
    values.dedup_by_key(|(value, _)| *value);
    let [(from, low), (to, high)] = values[..] else { return None };
    let (by_ore, apart) = (by.amount.ore(), to - from);
    let right = from.checked_add(by_ore)?;
    let is_slip =
        apart != by_ore && is_one_slip(right, to) && apart * 4 > by_ore && by_ore * 4 > apart;
    if !is_slip || from <= 0 {
        return None;
    }
    let [a, b, c] = [from, to, right].map(Money::from_ore);
    let text = Text::new(
        format!("{a} höjt med {} är {c}, men texten säger {b}", by.amount),
        format!("{a} raised by {} is {c}, but the text says {b}", by.amount),
    );
    let spans = [low, high].into_iter().filter_map(|at| Some(paper.amounts().get(at)?.span));
    let places = spans.chain([by.span]).collect();
    Some(Remark::new(Doubt::ChangeDiffers, Severity::Warning, text, places).off_by(b - c))
}

/// "64 800 av de 114 000 invånarna. Det motsvarar 60 procent".
fn of_things(paper: &Paper, share: &Share) -> Option<Remark> {
    const CLAIMS: [&str; 5] = ["motsvarar", "motsvarande", "utgör", "innebär", "är"];
    let sentence = paper.sentence(share.tokens.0);
    if paper.table_of(share.tokens.0).is_some() || share.mantissa <= 0 || share.is_in_words {
        return None;
    }
    let claims = paper.has_word(&(sentence.start..share.tokens.0), &CLAIMS)
        && paper.shares_in(&sentence).len() == 1;
    let next = share.tokens.1 + 1..share.tokens.1 + 2;
    if !claims || paper.has_word(&next, &["av", "fler", "färre", "högre", "lägre", "mer"]) {
        return None;
    }
    let own = Figure::all(paper, &(sentence.start..share.tokens.0));
    let opens =
        paper.tokens_in(&sentence).first().is_some_and(|token| token.is_one_of(&["det", "detta"]));
    let range = if own.is_empty() && opens {
        let before = paper.sentence(sentence.start.checked_sub(1)?);
        before.start.max(paper.block_at(share.tokens.0)?.tokens.start)..before.end
    } else {
        sentence.start..share.tokens.0
    };
    let figures = Figure::all(paper, &range);
    let mut pairs = figures.windows(2).filter_map(|two| {
        let [part, whole] = two else { return None };
        let between = paper.tokens_in(&(part.tokens.1 + 1..whole.tokens.0));
        let is_of = between.iter().any(|token| token.is("av"))
            && between.iter().all(|token| token.kind == Kind::Word)
            && between.len() <= 4;
        let is_plain = part.amount.is_none() && whole.amount.is_none();
        (is_of && is_plain && part.value < whole.value).then_some((part, whole))
    });
    let (Some((part, whole)), None) = (pairs.next(), pairs.next()) else { return None };
    let (parts, scale) = share.exactly();
    // To one unit of its last digit, and twice that where it is about.
    let unit = if share.is_about { 2 } else { 1 };
    let off = (part.value * scale - parts * whole.value).abs();
    if off <= whole.value * unit || !part.is_exact || !whole.is_exact {
        return None;
    }
    let tenths = (part.value * 2_000 + whole.value) / (whole.value * 2);
    let [a, b] = [part, whole].map(|one| words(&paper.text(one.span(paper))));
    let said = words(&paper.text(share.noted.span));
    let right = format!("{},{}", tenths / 10, tenths % 10);
    let text = Text::new(
        format!("{a} av {b} är {right} procent, men texten säger `{said}`"),
        format!("{a} of {b} is {right} percent, but the text says `{said}`"),
    );
    let places = vec![part.span(paper), whole.span(paper), share.noted.span];
    Some(Remark::new(Doubt::ShareDiffers, Severity::Error, text, places))
}

/// "34 kliniker. Av klinikerna drivs 21 av A och 15 av B" are more than there are; "30 tjänster … fördelas med 16 till A, 8 till B och 4
/// till C" are fewer.
fn parts(paper: &Paper, count: &crate::paper::Count) -> Option<Remark> {
    const BEGIN: usize = 5;
    const LEAST: i128 = 4;
    if paper.table_of(count.tokens.0).is_some() || count.number < LEAST {
        return None;
    }
    let block = paper.block_at(count.tokens.0)?.tokens.clone();
    let next = paper.sentence(paper.sentence(count.tokens.0).end);
    let next = next.start..next.end.min(block.end);
    // "34 godkända kliniker" are kliniker.
    let after = paper.tokens_in(&(count.tokens.1 + 1..count.tokens.1 + 2));
    let nouns: Vec<&str> = std::iter::once(count.noun.as_str())
        .chain(
            after.iter().filter(|token| token.kind == Kind::Word).map(|token| token.text.as_str()),
        )
        .collect();
    let lead = paper.tokens_in(&next);
    let (first, second) = (lead.first()?, lead.get(1)?);
    // "tjänsterna" of "heltidstjänster"
    let is_head = |token: &Token| {
        let begin: String = token.text.chars().take(BEGIN).collect();
        begin.chars().count() == BEGIN && nouns.iter().any(|noun| noun.contains(&begin))
    };
    let of_those = first.is("av") && is_head(second);
    let divides = is_head(first)
        && paper.has_word(&(next.start..next.start + 4), &["fördelas", "fördelades", "delas"])
        && paper.has_word(&next, &["med"]);
    if next.is_empty() || !(of_those || divides) || !paper.amounts_in(&next).is_empty() {
        return None;
    }
    let figures = Figure::all(paper, &next);
    let counted: Vec<&Figure> = figures.iter().filter(|one| one.value % MILLION == 0).collect();
    // Each part stands before "av", "i", "till" or "vid": whose it is.
    let is_part = |one: &&Figure| {
        let after = one.tokens.1 + 1..one.tokens.1 + 2;
        paper.has_word(&after, &["av", "i", "till", "vid", "hos"])
    };
    if counted.len() < 2 || counted.len() != figures.len() || !counted.iter().all(is_part) {
        return None;
    }
    let sum: i128 = counted.iter().map(|one| one.value / MILLION).sum();
    let is_some = ["bland", "varav", "minst", "flera", "övriga", "resten", "resterande"];
    let is_off = if divides { sum != count.number } else { sum > count.number };
    if !is_off
        || paper.has_word(&next, &is_some)
        || sum > count.number * 2
        || sum * 2 < count.number
    {
        return None;
    }
    let said = words(&paper.text(count.noted.span));
    let text = Text::new(
        format!("delarna är tillsammans {sum}, men texten säger `{said}`"),
        format!("the parts are {sum} together, but the text says `{said}`"),
    );
    let spans = counted.iter().map(|one| one.span(paper));
    let places = spans.chain([count.noted.span]).collect();
    Some(Remark::new(Doubt::SumDiffers, Severity::Warning, text, places))
}
