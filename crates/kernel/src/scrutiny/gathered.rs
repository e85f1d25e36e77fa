//! What several checks ask of the whole text, looked up once.
//!
//! Owns: that no check reads the whole text again for each of its amounts. Does not own: what is made of it.
//!
//! Of `Summorna kan avvika på grund av avrundning` it keeps that sums of tables may differ.

use super::granted::granted;
use super::repeated_row::{Named, named_rows};
use super::value::Value;
use crate::money::Money;
use crate::paper::twin::{ByValue, is_rounding};
use crate::paper::{Amount, Paper, Recipient, years};
use std::collections::{BTreeMap, BTreeSet};

/// What a text says as a whole.
pub(super) struct Gathered {
    /// The amounts that somebody gets as a grant or frame.
    pub granted: Vec<usize>,
    /// Whether it says of its tables that sums may differ by rounding.
    pub is_rounded: bool,
    /// Shares by which every row of something grows: so many of so many parts.
    pub growths: BTreeSet<(i128, i128)>,
    /// The numbers of things that it counts.
    pub numbers: BTreeSet<i128>,
    /// Amounts that stand side by side in a sentence: what was, and what is to be.
    pub side_by_side: BTreeSet<(Money, Money)>,
    /// The last year that it names.
    pub last_year: Option<i32>,
    /// The rows of tables that a word names.
    pub named: Named,
    /// How often each amount stands in it.
    often: BTreeMap<Money, usize>,
    /// How many amounts each recipient gets.
    gets: BTreeMap<String, usize>,
    /// The amounts that are said to be a whole or the size of a fund.
    wholes: Vec<usize>,
    /// The amounts by their values.
    by_value: ByValue,
}

/// Words of a percentage that is of every row, and not of their sum.
const OF_ALL_ROWS: [&str; 14] = [
    "samtliga",
    "alla",
    "varje",
    "generell",
    "generellt",
    "räknas",
    "uppräkning",
    "lika",
    "respektive",
    "ersättningarna",
    "avgifterna",
    "taxorna",
    "bidragen",
    "beloppen",
];

impl Gathered {
    pub fn of(paper: &Paper) -> Self {
        let (mut often, mut gets) = (BTreeMap::new(), BTreeMap::new());
        for amount in paper.amounts() {
            *often.entry(amount.amount).or_default() += 1;
        }
        for recipient in paper.recipients() {
            *gets.entry(recipient.key.clone()).or_default() += 1;
        }
        let is_growth = |share: &&crate::paper::Share| {
            let sentence = paper.sentence(share.tokens.0);
            share.mantissa > 0 && paper.has_word(&sentence, &OF_ALL_ROWS)
        };
        let growths = paper.shares.iter().filter(is_growth);
        let is_whole = |at: &usize| {
            paper.amounts().get(*at).is_some_and(|amount| {
                amount.per.is_none()
                    && (amount.is_total || super::twice::fund(paper, amount).is_some())
            })
        };
        Self {
            granted: granted(paper),
            is_rounded: is_said_rounded(paper),
            growths: growths.map(crate::paper::Share::exactly).collect(),
            numbers: paper.counts.iter().map(|count| count.number).collect(),
            side_by_side: side_by_side(paper),
            last_year: years(&paper.tokens).last().copied(),
            named: named_rows(paper),
            often,
            gets,
            wholes: paper.apart().filter(is_whole).collect(),
            by_value: ByValue::of(paper.amounts()),
        }
    }

    /// How often an amount stands in the text.
    pub fn often(&self, amount: Money) -> usize {
        self.often.get(&amount).copied().unwrap_or(0)
    }

    /// Whether some amount of the text is this one stated more finely.
    pub fn has_finer(&self, paper: &Paper, coarse: &Amount) -> bool {
        let near = self.by_value.near(coarse.amount.ore(), coarse.last_digit.ore() / 2);
        near.into_iter()
            .any(|at| paper.amounts().get(at).is_some_and(|fine| is_rounding(coarse, fine)))
    }

    /// How many amounts a recipient gets.
    pub fn gets(&self, recipient: &Recipient) -> usize {
        self.gets.get(&recipient.key).copied().unwrap_or(0)
    }

    /// The wholes that stand nearest to an amount, in the order of the text.
    pub fn wholes_near(&self, paper: &Paper, at: usize) -> Vec<Value> {
        const MOST: usize = 100;
        let next = self.wholes.partition_point(|whole| *whole < at);
        let near = next.saturating_sub(MOST)..self.wholes.len().min(next + MOST);
        let near = self.wholes.get(near).unwrap_or_default();
        near.iter().map(|at| Value::of(paper, *at)).collect()
    }
}

fn side_by_side(paper: &Paper) -> BTreeSet<(Money, Money)> {
    let of = |at: usize| paper.amounts().get(at).filter(|_| paper.is_told(at));
    let pairs = (1..paper.amounts().len()).filter_map(|at| Some((of(at - 1)?, of(at)?)));
    let is_one = |(a, b): &(&Amount, &Amount)| paper.sentence(a.tokens.0).contains(&b.tokens.0);
    pairs.filter(is_one).map(|(a, b)| (a.amount, b.amount)).collect()
}

fn is_said_rounded(paper: &Paper) -> bool {
    const OF_SUMS: [&str; 10] = [
        "summ",
        "differ",
        "avvik",
        "stämm",
        "total",
        "decimal",
        "heltal",
        "hela",
        "sammanlagt",
        "sig",
    ];
    let said =
        |at: &usize| paper.tokens.get(*at).is_some_and(|token| token.text.starts_with("avrund"));
    (0..paper.tokens.len()).filter(said).any(|at| {
        let words = paper.tokens_in(&paper.sentence(at));
        words.iter().any(|token| OF_SUMS.iter().any(|begin| token.text.starts_with(begin)))
    })
}
