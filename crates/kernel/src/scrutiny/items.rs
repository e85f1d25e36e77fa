//! Lists and numbered sections whose items divide a stated whole.
//!
//! Owns: which amount an item has, which whole a list divides, and whether they agree. Does not own: tables and sentences.
//!
//! `Kvarvarande 70 mkr enligt följande:` before items of 57 mkr leaves 13 mkr without an item.

use super::gathered::Gathered;
use super::granted::principal;
use super::reconcile::mend;
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::layout::{BlockKind, Item, List};
use crate::paper::lexicon::TOTAL;
use crate::paper::{Amount, Paper, Span, years};
use std::ops::Range;

/// Words that say that something is divided, wholly.
pub(super) const DIVIDES: [&str; 17] = [
    "fördelas",
    "fördelar",
    "fördelning",
    "fördelningen",
    "fördelat",
    "fördelade",
    "disponeras",
    "används",
    "följande",
    "nedan",
    "finansiera",
    "finansierar",
    "finansieras",
    "uppdelat",
    "delas",
    "delar",
    "fördela",
];

/// Words of money that is to be divided, where no figure is repeated.
pub(super) const FUNDS: [&str; 16] = [
    "medel",
    "medlen",
    "statsbidrag",
    "statsbidraget",
    "bidraget",
    "anslaget",
    "beloppet",
    "ramen",
    "potten",
    "summan",
    "tilldelade",
    "tillförda",
    "satsningen",
    "stimulansmedel",
    "stimulansmedlen",
    "statsbidragen",
];

/// Words of what is left when the rest is divided.
const REST: [&str; 10] = [
    "resterande",
    "återstående",
    "kvarvarande",
    "återstoden",
    "resten",
    "överskjutande",
    "kvarstående",
    "mellanskillnaden",
    "restpost",
    "ofördelat",
];

/// Words of money beside what is divided, or of another year's.
pub(super) const OTHER_MONEY: [&str; 10] = [
    "utöver",
    "egna",
    "ordinarie",
    "föregående",
    "fjol",
    "jämfört",
    "förra",
    "därutöver",
    "medfinansiering",
    "egenfinansiering",
];

/// Words of a list that does not claim to be whole.
const NOT_WHOLE: [&str; 4] = ["annat", "exempel", "exempelvis", "t"];

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let lists = &paper.layout().lists;
    let listed = lists.iter().filter_map(|list| division(paper, gathered, list));
    listed.chain((0..paper.layout().blocks.len()).filter_map(|at| unmarked(paper, at))).collect()
}

/// "tilldelas 2 400 000 kronor att fördelas enligt följande:" and then a paragraph for each, whose marks are lost.
fn unmarked(paper: &Paper, at: usize) -> Option<Remark> {
    const MOST: usize = 20;
    let intro = paper.block(at).filter(|one| one.kind == BlockKind::Text)?;
    let last = paper.tokens_in(&intro.tokens).last().filter(|token| token.is_mark(':'))?;
    let sentence = paper.sentence(intro.tokens.end.checked_sub(1)?);
    let stated = stated_in(paper, &sentence)?;
    let divides = divides(paper, &sentence) && last.is_mark(':');
    let parts: Vec<usize> = (at + 1..at + 1 + MOST)
        .map_while(|at| {
            let block = paper.block(at).filter(|one| one.kind == BlockKind::Text)?;
            let [only] = paper.amounts_in(&block.tokens).collect::<Vec<_>>()[..] else {
                return None;
            };
            Some(only)
        })
        .collect();
    let values: Vec<Value> = parts.iter().map(|at| Value::of(paper, *at)).collect();
    let is_list = divides && values.len() > 1 && super::reconcile::is_near(&stated, &values);
    is_list.then(|| super::prose::broken(paper, &stated, &values, Severity::Error))?
}

/// The amount of an item: its whole if it says one, its only one, or those of one sentence together.
struct Part {
    value: Option<Value>,
    /// Other readings of an item with several amounts.
    others: Vec<Value>,
    /// Whether it speaks of what is left.
    is_rest: bool,
    has_amounts: bool,
    /// Whether it is the sum of the items before it.
    is_sum: bool,
}

fn part(paper: &Paper, item: &Item) -> Part {
    let amounts: Vec<usize> = item.own.iter().flat_map(|range| paper.amounts_in(range)).collect();
    let is_counted = |at: &usize| {
        let Some(amount) = paper.amounts().get(*at) else { return false };
        let is_per_thing = amount.per.as_deref().is_some_and(|per| per != "år");
        let clause = paper.clause(*at);
        let sentence = paper.sentence(amount.tokens.0);
        let is_of = paper.has_word(&(sentence.start..amount.tokens.0), &["varav", "därav"])
            || paper.has_word(&(clause.start..amount.tokens.0), &["motsvarar"]);
        let is_from = paper.before(amount, 1).iter().any(|token| token.is("från"));
        // "6 200 x 7 660 kr = 47 492 000 kr"
        let is_factor =
            paper.tokens.get(amount.tokens.1 + 1).is_some_and(|token| token.is_mark('='));
        let block = paper.block_at(amount.tokens.0);
        let before = block.map_or(*at..*at, |block| paper.amounts_in(&block.tokens).start..*at);
        let speaks = |at: usize| {
            paper.amounts().get(at).is_some_and(|amount| {
                paper.has_word(&paper.sentence(amount.tokens.0), &OTHER_MONEY)
            })
        };
        let is_other_money = before.chain([*at]).any(speaks);
        !is_other_money
            && !is_per_thing
            && !is_of
            && !is_from
            && !is_factor
            && paper.table_of(amount.tokens.0).is_none()
    };
    let has_amounts = !amounts.is_empty();
    // What has so many amounts is a chapter, and has no one amount.
    const MOST: usize = 60;
    let is_item = amounts.len() <= MOST;
    let counted: Vec<usize> = amounts.into_iter().filter(|_| is_item).filter(is_counted).collect();
    let first = item.own.first().cloned().unwrap_or(0..0);
    let is_rest = paper.has_word(&first, &REST);
    let is_sum = paper
        .tokens_in(&first)
        .iter()
        .find(|token| token.kind == crate::paper::Kind::Word)
        .is_some_and(|token| token.is_one_of(&["summa", "totalt", "sammanlagt", "total"]));
    let value = |at: &usize| Value::of(paper, *at).times(paper.times(*at));
    let total =
        counted.iter().find(|at| paper.amounts().get(**at).is_some_and(|amount| amount.is_total));
    let titled = titled(paper, item, &counted);
    let chosen = titled.or_else(|| total.copied()).as_ref().and_then(&value).or_else(|| {
        let head = *counted.first()?;
        let sentence = paper.sentence(paper.amounts().get(head)?.tokens.0);
        let together: Vec<Value> = counted
            .iter()
            .filter(|at| paper.amounts().get(**at).is_some_and(|a| sentence.contains(&a.tokens.0)))
            .filter_map(&value)
            .collect();
        Value::sum(&together)
    });
    let mut others: Vec<Value> = counted.iter().filter_map(&value).collect();
    others.extend(Value::sum(&others));
    Part { value: chosen, others, is_rest, has_amounts, is_sum }
}

/// The one amount of a title with its text below: `1. Grundskolor, 11 640 000 kronor`.
fn titled(paper: &Paper, item: &Item, counted: &[usize]) -> Option<usize> {
    let [title, _, ..] = item.own.as_slice() else { return None };
    let first = *counted.first()?;
    let amount = paper.amounts().get(first).filter(|one| title.contains(&one.tokens.0))?;
    let is_only = paper.amounts_in(title).len() == 1;
    (is_only && amount.tokens.1 + 1 == title.end).then_some(first)
}

/// The whole that a list divides.
struct Whole {
    value: Value,
    /// Whether the list itself repeats the figure, or only speaks of money that was stated before.
    is_named: bool,
}

fn division(paper: &Paper, gathered: &Gathered, list: &List) -> Option<Remark> {
    let mut parts: Vec<Part> = list.items.iter().map(|item| part(paper, item)).collect();
    let first = list.items.last().and_then(|item| item.own.first()).cloned().unwrap_or(0..0);
    let is_sum = |part: &&Part| part.is_sum || says_sum(paper, part, &parts, &first);
    let sum_item = parts.last().filter(is_sum).and_then(|part| part.value.clone());
    if sum_item.is_some() {
        parts.pop();
    }
    let with_amount = parts.iter().filter(|part| part.value.is_some()).count();
    if with_amount < 2 || with_amount * 2 < parts.len() {
        return None;
    }
    let whole = match sum_item {
        Some(value) => Whole { value, is_named: true },
        None => match whole(paper, &gathered.granted, list) {
            Some(whole) => whole,
            None => return nearly(paper, gathered, list, &parts),
        },
    };
    let values: Vec<Value> = parts.iter().filter_map(|part| part.value.clone()).collect();
    let sum = Value::sum(&values)?;
    let leaves_rest =
        parts.iter().any(|part| part.value.is_none() && (part.is_rest || !part.has_amounts));
    if whole.value.agrees(&sum) || another_reading(&parts, &whole.value, &sum) {
        return None;
    }
    if Value::caps_leave_room(paper, &whole.value, &values) {
        return None;
    }
    if leaves_rest && sum.low <= whole.value.high {
        return None;
    }
    // Where no word says that the list divides it, a whole that is many times larger is of something else.
    let is_small = sum.high < whole.value.low / 2;
    let is_divided = whole.is_named
        && list.intro.and_then(|at| paper.block(at)).is_none_or(|intro| {
            let sentence = paper.sentence(intro.tokens.end.saturating_sub(1));
            intro.kind == BlockKind::Heading
                || divides(paper, &sentence)
                || paper.tokens_in(&intro.tokens).last().is_some_and(|token| token.is_mark(':'))
        });
    if is_small && !is_divided && !super::reconcile::is_near(&whole.value, &values) {
        return None;
    }
    // Less than the whole may be far less; far more is of something else.
    if sum.low > whole.value.high && !super::reconcile::is_likely(&whole.value, &values) {
        return None;
    }
    Some(remark(paper, &whole, &values, &sum))
}

/// Whether the last item states what the items before it, each with one amount, come to together: "den sammanlagda tilldelningen
/// om …".
fn says_sum(paper: &Paper, last: &Part, all: &[Part], first: &Range<usize>) -> bool {
    let before = all.get(..all.len().saturating_sub(1)).unwrap_or_default();
    let values: Vec<Value> = before.iter().filter_map(|part| part.value.clone()).collect();
    let (Some(stated), Some(sum)) = (&last.value, Value::sum(&values)) else { return false };
    // In its first paragraph: what follows below the list speaks of all of it.
    let is_total = |at: &usize| {
        let amount = paper.amounts().get(*at);
        amount.is_some_and(|amount| amount.is_total && first.contains(&amount.tokens.0))
    };
    let is_one = |part: &Part| part.value.as_ref().is_some_and(|value| value.of.len() == 1);
    let is_alike = stated.printed.abs_diff(sum.printed) <= stated.printed.unsigned_abs() / 5;
    values.len() > 1
        && before.iter().chain([last]).all(is_one)
        && stated.of.iter().all(is_total)
        && is_alike
}

/// A list that names no whole, whose sum is one slip from a whole that the text states elsewhere.
fn nearly(paper: &Paper, gathered: &Gathered, list: &List, parts: &[Part]) -> Option<Remark> {
    let values: Vec<Value> = parts.iter().map(|part| part.value.clone()).collect::<Option<_>>()?;
    let sum = Value::sum(&values).filter(|_| values.len() > 2)?;
    // The text may say itself what the items come to.
    if gathered.often(Money::from_ore(sum.printed)) > 0 {
        return None;
    }
    let (first, last) = (list.items.first()?, list.items.last()?);
    let within = |amount: &Amount| {
        let block = paper.layout().block_of(amount.tokens.0);
        block.is_some_and(|block| (first.blocks.start..last.blocks.end).contains(&block))
    };
    let is_whole = |at: usize| {
        paper.amounts().get(at).is_some_and(|amount| {
            let sentence = paper.sentence(amount.tokens.0);
            let speaks = paper.has_word(
                &sentence,
                &[
                    "områdena",
                    "insatserna",
                    "posterna",
                    "delarna",
                    "satsningarna",
                    "åtgärderna",
                    "punkterna",
                ],
            );
            let is_stated = (amount.is_total && speaks)
                || super::twice::fund(paper, amount).is_some()
                || at == 0;
            let is_text = paper.table_of(amount.tokens.0).is_none();
            is_stated && amount.per.is_none() && is_text && !within(amount)
        })
    };
    let from = paper.amounts_in(&paper.block(first.blocks.start)?.tokens).start;
    let near = std::iter::once(Value::of(paper, 0)).chain(gathered.wholes_near(paper, from));
    let all: Vec<Value> = near.filter(|whole| whole.of.iter().all(|at| is_whole(*at))).collect();
    if all.iter().any(|whole| whole.agrees(&sum)) {
        return None;
    }
    let value = all
        .into_iter()
        .find(|whole| whole.printed > 0 && super::reconcile::is_near(whole, &values))?;
    let mut remark = remark(paper, &Whole { value, is_named: true }, &values, &sum);
    // That the list divides that whole is a guess.
    remark.severity = Severity::Warning;
    Some(remark)
}

/// Whether the sum holds when an item with several amounts is read otherwise.
fn another_reading(parts: &[Part], whole: &Value, sum: &Value) -> bool {
    parts.iter().any(|part| {
        let Some(value) = &part.value else { return false };
        part.others.len() > 2
            && part.others.iter().any(|other| {
                let shift =
                    |sum: i64, from: i64, to: i64| sum.saturating_sub(from).saturating_add(to);
                let low = shift(sum.low, value.low, other.low);
                let high = shift(sum.high, value.high, other.high);
                whole.low <= high && low <= whole.high
            })
    })
}

fn remark(paper: &Paper, whole: &Whole, values: &[Value], sum: &Value) -> Remark {
    let (difference, low, high) = whole.value.minus(sum);
    let mended = mend(paper, &whole.value, values);
    let is_unit = mended.as_ref().is_some_and(|mended| mended.is_unit);
    let (doubt, severity) = match (is_unit, whole.is_named) {
        (true, _) => (Doubt::UnitError, Severity::Error),
        (false, true) => (Doubt::SumDiffers, Severity::Error),

        (false, false) => (Doubt::DivisionDiffers, Severity::Error),
    };
    let (stated, computed, apart) = (
        Money::from_ore(whole.value.printed),
        Money::from_ore(sum.printed),
        Money::from_ore(difference.ore().abs()),
    );
    let left = if difference > Money::ZERO {
        ("saknar post", "have no item")
    } else {
        ("är för mycket", "are too much")
    };
    let text = Text::new(
        format!(
            "{} poster summerar till {computed}, men det som fördelas är {stated}: {apart} {}",
            values.len(),
            left.0
        ),
        format!(
            "{} items sum to {computed}, but what is divided is {stated}: {apart} {}",
            values.len(),
            left.1
        ),
    );
    let mut places: Vec<Span> = whole.value.places(paper);
    places.extend(sum.places(paper));
    let mut remark = Remark::new(doubt, severity, text, places).of_difference(&whole.value, sum);
    remark.range = Some((low, high));
    let is_exact = whole.value.is_exact() && sum.is_exact();
    remark.reconciles_by = mended.filter(|_| is_exact).map(|mended| mended.text);
    remark
}

/// The stated whole of a list: in the sentence that introduces it, in the heading above, in the sentence after, or the
/// money that the introduction says is divided.
fn whole(paper: &Paper, granted: &[usize], list: &List) -> Option<Whole> {
    let after = || list.after.and_then(|at| after(paper, at));
    let Some(intro) = list.intro.and_then(|at| paper.block(at)) else {
        return after().map(|value| Whole { value, is_named: true });
    };
    if matches!(intro.kind, BlockKind::Table(_)) {
        return None;
    }
    let first_item = list.items.first()?.blocks.start;
    let range = intro.tokens.clone();
    let sentence = paper.sentence(range.end.saturating_sub(1));
    let sentence = sentence.start.max(range.start)..sentence.end.min(range.end);
    if paper.has_word(&sentence, &["annat", "exempel", "exempelvis"])
        || paper.has_word(&sentence, &NOT_WHOLE[2..3])
    {
        return None;
    }
    let named = |value: Value| Whole { value, is_named: true };
    if let Some(at) = stated_in(paper, &sentence)
        .or_else(|| stated_in(paper, &range).filter(|_| divides(paper, &range)))
    {
        return Some(named(at));
    }
    let above = list.intro.and_then(|at| at.checked_sub(1)).and_then(|at| paper.block(at));
    let heading = above.filter(|block| {
        // "Summa personal 11 800 tkr" closes what is above.
        let first = paper.tokens_in(&block.tokens).first();
        let is_sum = first.is_some_and(|token| token.is_one_of(&TOTAL));
        // A heading right above the list parts it from an item of a list before.
        let is_title = intro.kind != BlockKind::Heading && matches!(block.kind, BlockKind::Item(_));
        !is_sum && (block.kind == BlockKind::Heading || is_title)
    });
    if let Some(value) = heading.and_then(|block| stated_in(paper, &block.tokens)) {
        return Some(named(value));
    }
    if let Some(value) = after() {
        return Some(named(value));
    }
    let speaks = divides(paper, &sentence)
        && (paper.has_word(&sentence, &FUNDS) || intro.kind == BlockKind::Heading);
    if !speaks {
        return None;
    }
    let until = paper.block(first_item)?.tokens.start;
    let of = years(paper.tokens_in(&sentence));
    principal(paper, granted, until, &of)
        .map(|at| Whole { value: Value::of(paper, at), is_named: false })
}

pub(super) fn divides(paper: &Paper, range: &Range<usize>) -> bool {
    paper.has_word(range, &DIVIDES)
}

/// The amount that a sentence states as what is divided.
pub(super) fn stated_in(paper: &Paper, range: &Range<usize>) -> Option<Value> {
    let is_whole = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|amount| {
            let before = paper.before(amount, 1);
            let is_per = amount.per.as_deref().is_some_and(|per| per != "år");
            // "Utöver ersättningen om A omfattar budgeten tre poster" is of other money.
            let clause = paper.clause(*at).start..amount.tokens.0;
            let is_beside = paper.has_word(&clause, &["utöver", "förutom", "bortsett"]);
            !is_per && !is_beside && !before.iter().any(|token| token.is_one_of(&["från", "varav"]))
        })
    };
    let all: Vec<usize> = paper.amounts_in(range).filter(is_whole).collect();
    let total =
        all.iter().find(|at| paper.amounts().get(**at).is_some_and(|amount| amount.is_total));
    let rest = all.iter().find(|at| {
        let clause = paper.clause(**at);
        paper
            .amounts()
            .get(**at)
            .is_some_and(|amount| paper.has_word(&(clause.start..amount.tokens.0), &REST))
    });
    let chosen = match all.as_slice() {
        [only] => Some(only),
        _ => rest.or(total),
    };
    let at = *chosen?;
    Value::of(paper, at).times(paper.times(at))
}

/// What an item is called.
pub(super) fn title_of(paper: &Paper, block: &crate::paper::layout::Block) -> Range<usize> {
    crate::paper::layout::title(&paper.tokens, block)
}

/// "Summa 12 mkr" after the last item.
fn after(paper: &Paper, block: usize) -> Option<Value> {
    let block = paper.block(block)?;
    if matches!(block.kind, BlockKind::Table(_) | BlockKind::Item(_)) {
        return None;
    }
    let first = paper.tokens_in(&block.tokens).first()?;
    let sums =
        first.is_one_of(&["summa", "totalt", "sammanlagt", "tillsammans", "total", "sammantaget"]);
    let sentence = paper.sentence(block.tokens.start);
    if sums { stated_in(paper, &sentence) } else { None }
}
