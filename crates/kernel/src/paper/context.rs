//! What stands around an amount: its sentence and clause, the years and recipient it is for, and its finer twin.
//!
//! Owns: reading the surroundings. Does not own: what they lead to.
//!
//! In `År 2023 och 2024 tillförs 5 mkr per år` the amount has the years 2023 and 2024.

use super::layout::{Block, Layout};
use super::number::is_year;
use super::recipient::Recipient;
use super::token::{Kind, Span, Token};
use super::{Amount, Count, Dated, Paper, Share, twin};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

impl Paper {
    /// The amounts that begin within some tokens, by their places.
    pub(crate) fn amounts_in(&self, range: &Range<usize>) -> Range<usize> {
        let amounts = self.amounts();
        let first = amounts.partition_point(|amount| amount.tokens.0 < range.start);
        first..amounts.partition_point(|amount| amount.tokens.0 < range.end)
    }

    /// The shares that begin within some tokens.
    pub(crate) fn shares_in(&self, range: &Range<usize>) -> &[Share] {
        let first = self.shares.partition_point(|share| share.tokens.0 < range.start);
        let end = self.shares.partition_point(|share| share.tokens.0 < range.end);
        self.shares.get(first..end).unwrap_or_default()
    }

    /// The counts that begin within some tokens.
    pub(crate) fn counts_in(&self, range: &Range<usize>) -> &[Count] {
        let first = self.counts.partition_point(|count| count.tokens.0 < range.start);
        let end = self.counts.partition_point(|count| count.tokens.0 < range.end);
        self.counts.get(first..end).unwrap_or_default()
    }

    /// The recipients of the amounts at some places.
    pub(crate) fn recipients_of(&self, amounts: &Range<usize>) -> &[Recipient] {
        let first = self.recipients.partition_point(|one| one.amount < amounts.start);
        let end = self.recipients.partition_point(|one| one.amount < amounts.end);
        self.recipients.get(first..end).unwrap_or_default()
    }

    /// The amount that stands at a place.
    pub(crate) fn amount_at(&self, place: Span) -> Option<&Amount> {
        let at = self.amounts().partition_point(|amount| amount.span < place);
        self.amounts().get(at).filter(|amount| amount.span == place)
    }

    /// Whether a percentage stands at a place.
    pub(crate) fn share_at(&self, place: Span) -> bool {
        let at = self.shares.partition_point(|share| share.noted.span < place);
        self.shares.get(at).is_some_and(|share| share.noted.span == place)
    }

    /// The dates that begin within some tokens.
    pub(crate) fn dates_in(&self, range: &Range<usize>) -> &[Dated] {
        let first = self.dates.partition_point(|date| date.tokens.0 < range.start);
        let end = self.dates.partition_point(|date| date.tokens.0 < range.end);
        self.dates.get(first..end).unwrap_or_default()
    }

    /// The amounts of running text, by their places; those of an endless row of amounts are none.
    pub(crate) fn told(&self) -> impl Iterator<Item = usize> {
        (0..self.amounts().len()).filter(|at| self.is_told(*at))
    }

    /// Whether an amount is of running text and of no endless row.
    pub(crate) fn is_told(&self, at: usize) -> bool {
        let amount = self.amounts().get(at);
        amount.is_some_and(|amount| self.table_of(amount.tokens.0).is_none()) && self.is_apart(at)
    }

    /// The amounts that stand in no endless row, by their places.
    pub(crate) fn apart(&self) -> impl Iterator<Item = usize> {
        (0..self.amounts().len()).filter(|at| self.is_apart(*at))
    }

    fn is_apart(&self, at: usize) -> bool {
        let amount = self.amounts().get(at);
        amount.is_some_and(|amount| !self.is_crowded(&self.sentence(amount.tokens.0)))
    }

    /// Whether some tokens have so many amounts or shares that they are a row of them and no sentence.
    pub(crate) fn is_crowded(&self, range: &Range<usize>) -> bool {
        const MOST: usize = 60;
        self.amounts_in(range).len() > MOST || self.shares_in(range).len() > MOST
    }

    pub(crate) fn tokens_in(&self, range: &Range<usize>) -> &[Token] {
        self.tokens.get(range.start..range.end.min(self.tokens.len())).unwrap_or_default()
    }

    pub(crate) fn block(&self, at: usize) -> Option<&Block> {
        self.layout.blocks.get(at)
    }

    /// The block that a token stands in.
    pub(crate) fn block_at(&self, token: usize) -> Option<&Block> {
        self.layout.block_of(token).and_then(|at| self.block(at))
    }

    /// The innermost list that a token stands in.
    pub(crate) fn list_at(&self, token: usize) -> Option<usize> {
        self.layout.item_of(self.layout.block_of(token)?).map(|(list, _)| list)
    }

    pub(crate) const fn layout(&self) -> &Layout {
        &self.layout
    }

    pub(crate) fn recipient_of(&self, amount: usize) -> Option<&Recipient> {
        let at = self.recipients.partition_point(|recipient| recipient.amount < amount);
        self.recipients.get(at).filter(|recipient| recipient.amount == amount)
    }

    /// The amount that states the same thing more finely.
    pub(crate) fn finer(&self, amount: usize) -> Option<usize> {
        let at = self.twins.partition_point(|(coarse, _)| *coarse < amount);
        self.twins.get(at).filter(|(coarse, _)| *coarse == amount).map(|(_, fine)| *fine)
    }

    pub(crate) fn find_twins(&mut self) {
        self.twins = twin::pairs(self);
    }

    /// The table whose lines a token stands on.
    pub(crate) fn table_of(&self, token: usize) -> Option<usize> {
        let line = self.lines.partition_point(|line| line.tokens.start <= token).checked_sub(1)?;
        self.table_of_line.get(line).copied().flatten()
    }

    /// The clause of an amount: its sentence from the amount before to the one after.
    pub(crate) fn clause(&self, at: usize) -> Range<usize> {
        let Some(amount) = self.amounts().get(at) else { return 0..0 };
        let sentence = self.sentence(amount.tokens.0);
        let before = at
            .checked_sub(1)
            .and_then(|at| self.amounts().get(at))
            .map_or(0, |before| before.tokens.1 + 1);
        let after = self.amounts().get(at + 1).map_or(usize::MAX, |after| after.tokens.0);
        sentence.start.max(before)..sentence.end.min(after)
    }

    /// The years that an amount is for: those before it in its clause, else those after.
    pub(crate) fn years_of(&self, at: usize) -> BTreeSet<i32> {
        let Some(amount) = self.amounts().get(at) else { return BTreeSet::new() };
        let clause = self.clause(at);
        let before = years(self.tokens_in(&(clause.start..amount.tokens.0)));
        let after = || years(self.tokens_in(&(amount.tokens.1 + 1..clause.end)));
        // "12 mkr för 2023 och 13 mkr per år för 2024 och 2025": each has the years that follow it.
        let is_followed = |at: usize| self.amounts().get(at).is_some_and(|one| self.has_years(one));
        let is_of_other = || is_followed(at) && at.checked_sub(1).is_some_and(is_followed);
        if before.is_empty() || is_of_other() { after() } else { before }
    }

    /// Whether years stand right after an amount: "12 mkr för 2023", "13 mkr per år för 2024".
    fn has_years(&self, amount: &Amount) -> bool {
        const LINKS: [&str; 8] = ["för", "under", "i", "år", "åren", "per", "om", "året"];
        let after = self.tokens_in(&(amount.tokens.1 + 1..amount.tokens.1 + 6)).iter();
        let mut rest = after.skip_while(|token| token.is_one_of(&LINKS));
        rest.next().is_some_and(|token| token.kind == Kind::Digits && is_year(&token.text))
    }

    /// How often an amount counts in a sum: once, or per year once for each year that is named (D3).
    pub(crate) fn times(&self, at: usize) -> i64 {
        let Some(amount) = self.amounts().get(at) else { return 1 };
        if let Some(count) = self.each_count(at) {
            return count;
        }
        let yearly = amount.per.as_deref() == Some("år") || amount.is_each;
        let years = if yearly { self.years_of(at).len() } else { 1 };
        i64::try_from(years.max(1)).unwrap_or(1)
    }

    /// To how many an amount is given each: "tre kliniker får 2 mkr vardera".
    pub(crate) fn each_count(&self, at: usize) -> Option<i64> {
        let amount = self.amounts().get(at).filter(|amount| amount.is_each)?;
        let clause = self.clause(at);
        let [count] = self.counts_in(&(clause.start..amount.tokens.0)) else { return None };
        let before = count.tokens.0.checked_sub(1).and_then(|at| self.tokens.get(at));
        let is_aside = before.is_some_and(|token| {
            token.is_one_of(&[
                "i", "av", "från", "på", "med", "för", "inom", "under", "vid", "efter",
            ])
        });
        let between = self.tokens_in(&(count.tokens.1 + 1..amount.tokens.0));
        let goes_on = between.iter().any(|token| token.is_mark(',') || token.is_mark(':'));
        // How often is another matter than to how many.
        let sentence = self.sentence(amount.tokens.0);
        let is_often = amount.per.is_some()
            || self.has_word(&sentence, &["år", "åren", "årligen", "månad", "kvartal", "gånger"]);
        if is_aside || goes_on || is_often {
            return None;
        }
        i64::try_from(count.number).ok().filter(|number| (2..1_000).contains(number))
    }

    /// Whether a word stands among some tokens.
    pub(crate) fn has_word(&self, range: &Range<usize>, words: &[&str]) -> bool {
        // Fewer than these are looked through at once.
        const FEW: usize = 48;
        if range.len() <= FEW {
            return self.tokens_in(range).iter().any(|token| token.is_one_of(words));
        }
        words.iter().filter_map(|word| self.words.get(*word)).any(|places| {
            let next = places.partition_point(|at| *at < range.start);
            places.get(next).is_some_and(|at| *at < range.end)
        })
    }

    /// Where the words stand that begin so; of very many the first.
    pub(crate) fn places_of(&self, begin: &str) -> impl Iterator<Item = usize> {
        const MOST: usize = 200;
        let from = self.words.range(begin.to_owned()..);
        let begin = begin.to_owned();
        let words = from.take_while(move |(word, _)| word.starts_with(&begin));
        words.flat_map(|(_, places)| places.iter().copied()).take(MOST)
    }

    /// The words of some tokens that have so many letters.
    pub(crate) fn long_words(&self, range: &Range<usize>, least: usize) -> Vec<&str> {
        let tokens = self.tokens_in(range).iter().filter(|token| token.kind == Kind::Word);
        tokens.map(|token| token.text.as_str()).filter(|w| w.chars().count() >= least).collect()
    }

    /// The words just before an amount, nearest last.
    pub(crate) fn before(&self, amount: &Amount, count: usize) -> &[Token] {
        self.tokens_in(&(amount.tokens.0.saturating_sub(count)..amount.tokens.0))
    }
}

/// Where each word stands, by token.
pub(super) fn words(tokens: &[Token]) -> BTreeMap<String, Vec<usize>> {
    let mut words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
        match words.get_mut(&token.text) {
            Some(places) => places.push(at),
            None => _ = words.insert(token.text.clone(), vec![at]),
        }
    }
    words
}

/// No plan is of so many years; it keeps the reading of long rows of years fast.
const MOST_YEARS: i32 = 60;

/// The years among some tokens; "2023–2025" is all three.
pub(crate) fn years(tokens: &[Token]) -> BTreeSet<i32> {
    let mut found = BTreeSet::new();
    let year = |token: &Token| -> Option<i32> {
        (token.kind == Kind::Digits && is_year(&token.text)).then(|| token.text.parse().ok())?
    };
    for (at, token) in tokens.iter().enumerate() {
        let Some(last) = year(token) else { continue };
        // A case number, a date or a number of groups is no year.
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let office = before.is_some_and(|word| {
            word.kind == Kind::Word
                && word.is_capital
                && word.text.len() <= 5
                && !word.is_one_of(&["år", "åren", "under", "för", "från", "i"])
        });
        let joined = |at: usize| {
            tokens.get(at).is_some_and(|token| token.is_mark('-'))
                && tokens.get(at + 1).is_some_and(|token| token.kind == Kind::Digits)
        };
        let next_year = tokens.get(at + 2).and_then(year);
        if office || (joined(at + 1) && next_year.is_none()) {
            continue;
        }
        let links =
            before.is_some_and(|token| token.is_mark('-') || token.is_one_of(&["till", "med"]));
        let first = at.checked_sub(2).and_then(|at| tokens.get(at)).and_then(year);
        match first.filter(|first| links && *first < last && last - *first < MOST_YEARS) {
            Some(first) => found.extend(first..=last),
            None => {
                found.insert(last);
            }
        }
    }
    found
}
