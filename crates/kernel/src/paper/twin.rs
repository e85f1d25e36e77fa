//! A figure is rounded where the text states the same thing more finely (D2).
//!
//! Owns: which two amounts are the same thing. Does not own: what is said of it.
//!
//! `7,2 miljoner` to someone who also gets `7 191 722 kronor` is rounded.

use super::amount::Amount;
use super::{Paper, Recipient, Token};
use crate::fact::Precision;
use std::collections::BTreeSet;

/// Marks the rounded ones of twins.
pub(crate) fn round(paper: &mut Paper) {
    let rounded: Vec<usize> = paper.twins.iter().map(|(coarse, _)| *coarse).collect();
    for at in rounded {
        if let Some(amount) =
            paper.amounts.get_mut(at).filter(|amount| amount.precision == Precision::Exact)
        {
            amount.precision = Precision::Rounded;
        }
    }
}

/// Amounts that are one thing, stated coarsely and finely, by their places among the amounts.
pub(crate) fn pairs(paper: &Paper) -> Vec<(usize, usize)> {
    let amounts = paper.amounts();
    let by_value = ByValue::of(amounts);
    let mut pairs = Vec::new();
    for (at, coarse) in amounts.iter().enumerate() {
        let is_twin = |other: &usize| {
            amounts.get(*other).is_some_and(|fine| is_rounding(coarse, fine))
                && is_same(paper, at, *other)
        };
        let half = coarse.last_digit.ore() / 2;
        let twin = by_value.near(coarse.amount.ore(), half).into_iter().find(is_twin);
        pairs.extend(twin.map(|fine| (at, fine)));
    }
    pairs
}

/// The amounts of a text in the order of their values, so that those near one are found without a look at all.
pub(crate) struct ByValue(Vec<(i64, usize)>);

impl ByValue {
    pub fn of(amounts: &[Amount]) -> Self {
        let mut all: Vec<(i64, usize)> =
            amounts.iter().enumerate().map(|(at, amount)| (amount.amount.ore(), at)).collect();
        all.sort_unstable();
        Self(all)
    }

    /// The places of the amounts from `ore - apart` to `ore + apart` but for `ore` itself, in the order of the text; of very many
    /// those nearest in value.
    pub fn near(&self, ore: i64, apart: i64) -> Vec<usize> {
        const MOST: usize = 60;
        let before = |end: i64| self.0.partition_point(|(value, _)| *value < end);
        let (own, next) = (before(ore), before(ore.saturating_add(1)));
        let below = before(ore.saturating_sub(apart)).max(own.saturating_sub(MOST))..own;
        let above = next..before(ore.saturating_add(apart).saturating_add(1))
            .min(next.saturating_add(MOST));
        let near = [below, above].into_iter().filter_map(|range| self.0.get(range)).flatten();
        let mut places: Vec<usize> = near.map(|(_, at)| *at).collect();
        places.sort_unstable();
        places
    }
}

/// Whether one figure is the other, rounded to its last digit.
pub(crate) fn is_rounding(coarse: &Amount, fine: &Amount) -> bool {
    let apart = (coarse.amount - fine.amount).ore().abs();
    let is_finer =
        fine.last_digit < coarse.last_digit && fine.amount.ore() % coarse.last_digit.ore() != 0;
    let is_stated = matches!(coarse.precision, Precision::Exact | Precision::Rounded)
        && fine.precision != Precision::About;
    apart > 0
        && apart <= coarse.last_digit.ore() / 2
        && is_finer
        && is_stated
        && coarse.per == fine.per
}

/// Whether two amounts are said of one thing: of one recipient; or, where no two recipients are named, far more
/// finely, close by, and in sentences with a telling word in common.
fn is_same(paper: &Paper, one: usize, other: usize) -> bool {
    if let (Some(a), Some(b)) = (paper.recipient_of(one), paper.recipient_of(other)) {
        return is_one(a, b);
    }
    let (Some(coarse), Some(fine)) = (paper.amounts.get(one), paper.amounts.get(other)) else {
        return false;
    };
    let apart = (coarse.amount - fine.amount).ore().abs();
    let is_close = apart <= fine.amount.ore().abs() / 100;
    let is_far_finer = fine.last_digit.ore() <= coarse.last_digit.ore() / 100;
    let is_row = paper.table_of(fine.tokens.0).is_some() && !fine.is_total;
    is_close && is_far_finer && !is_row && shares_a_word(paper, one, other)
}

/// Whether two names are of one recipient.
pub(crate) fn is_one(a: &Recipient, b: &Recipient) -> bool {
    let short = |a: &Recipient, b: &Recipient| {
        a.short.as_ref().is_some_and(|short| *short == b.key || b.short.as_ref() == Some(short))
    };
    a.key == b.key || short(a, b) || short(b, a)
}

/// The words of some that are forms of a word of others, each once.
pub(crate) fn in_common<'w>(words: &[&'w str], others: &[&str]) -> BTreeSet<&'w str> {
    let is_other = |word: &&&str| others.iter().any(|other| is_one_word(word, other));
    words.iter().filter(is_other).copied().collect()
}

/// Whether two words are forms of one: "kommunalförbundet", "kommunalförbundets".
pub(crate) fn is_one_word(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.starts_with(short.trim_end_matches(['a', 'e', 's', 't', 'n']))
        && long.len() - short.len() <= 4
}

fn shares_a_word(paper: &Paper, one: usize, other: usize) -> bool {
    const SAYS_NOTHING: [&str; 8] = [
        "kronor",
        "totalt",
        "sammanlagt",
        "fördelas",
        "region",
        "regionen",
        "föreslås",
        "beloppet",
    ];
    let words = |at: usize, is_wide: bool| -> Vec<&str> {
        let Some(amount) = paper.amounts.get(at) else { return Vec::new() };
        let block = paper.layout.block_of(amount.tokens.0).and_then(|at| paper.block(at));
        // Of a paragraph that does not end, what stands near.
        const NEAR: usize = 400;
        let range = block.filter(|_| is_wide).map_or_else(
            || paper.sentence(amount.tokens.0),
            |block| {
                let (start, end) = (block.tokens.start, block.tokens.end);
                start.max(amount.tokens.0.saturating_sub(NEAR))..end.min(amount.tokens.1 + NEAR)
            },
        );
        let is_telling = |token: &&Token| {
            token.text.chars().count() >= 6
                && !token.text.starts_with("miljon")
                && !token.is_one_of(&SAYS_NOTHING)
                && !token.is_one_of(&super::recipient::GETS)
        };
        let words = paper.tokens_in(&range).iter().filter(is_telling);
        words.map(|token| token.text.as_str()).collect()
    };
    let other_words = words(other, false);
    words(one, true).iter().any(|word| other_words.iter().any(|other| is_one_word(word, other)))
}
