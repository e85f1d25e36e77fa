//! Amounts with value added tax.
//!
//! Owns: a price and its tax against what they come to. Does not own: other sums.
//!
//! `Med moms om 25 procent, 460 000 kronor, blir priset 2 330 000 kronor` is 30 000 kr more than 1 840 000 kr and the tax.

use super::gathered::Gathered;
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Paper, Share};

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let all = paper.shares.iter();
    all.filter_map(|share| of_rate(paper, gathered, share).or_else(|| of_price(paper, share)))
        .collect()
}

fn of_rate(paper: &Paper, gathered: &Gathered, share: &Share) -> Option<Remark> {
    const AFTER: usize = 5;
    let sentence = paper.sentence(share.tokens.0);
    let before = share.tokens.0.saturating_sub(3)..share.tokens.0;
    let is_tax = paper.has_word(&before, &["moms", "momsen", "mervärdesskatt"])
        && paper.table_of(share.tokens.0).is_none();
    let after = paper.amounts_in(&(share.tokens.1 + 1..sentence.end));
    let tax = paper.amounts().get(after.start).filter(|_| is_tax && after.len() == 2)?;
    let total = paper.amounts().get(after.start + 1)?;
    let is_next = tax.tokens.0 <= share.tokens.1 + AFTER;
    let comes_to = tax.tokens.1 + 1..total.tokens.0;
    const COMES_TO: [&str; 5] = ["blir", "totalt", "sammanlagt", "inklusive", "tillsammans"];
    let is_sum = paper.has_word(&comes_to, &COMES_TO) && tax.per == total.per;
    let (parts, whole) = share.exactly();
    let scaled = i128::from(tax.amount.ore()).checked_mul(whole).filter(|_| is_next && is_sum)?;
    let net = scaled.checked_div(parts).filter(|net| net * parts == scaled)?;
    let net = Money::from_ore(i64::try_from(net).ok()?);
    let (stated, tax) = (Value::of(paper, after.start + 1), Value::of(paper, after.start));
    let computed = Value::bare(net.ore().checked_add(tax.printed)?);
    // That the price without tax is said too shows which price it is.
    if gathered.often(net) == 0 || stated.agrees(&computed) || !tax.is_exact() {
        return None;
    }
    let is_little = stated.printed.abs_diff(computed.printed) < tax.printed.unsigned_abs();
    let (difference, ..) = stated.minus(&computed);
    let (said, is) = (Money::from_ore(stated.printed), Money::from_ore(computed.printed));
    let text = Text::new(
        format!("{net} med moms blir {is}, men texten säger {said}: skillnaden är {difference}"),
        format!("{net} with tax is {is}, but the text says {said}: the difference is {difference}"),
    );
    let places = [tax.places(paper), stated.places(paper)].concat();
    is_little
        .then(|| Remark::new(Doubt::SumDiffers, Severity::Error, text, places).off_by(difference))
}

/// "A exklusive moms … moms (25 procent), B" and "A exklusive moms och B inklusive moms (25 procent)", with no other price around.
fn of_price(paper: &Paper, share: &Share) -> Option<Remark> {
    const AROUND: usize = 4;
    const MOST: usize = 4;
    let sentence = paper.sentence(share.tokens.0);
    let near = share.tokens.0.saturating_sub(AROUND)..share.tokens.1 + 1 + AROUND;
    let says_tax = paper.has_word(&near, &["moms", "momsen", "mervärdesskatt", "mervärdesskatten"]);
    if !says_tax || share.mantissa <= 0 || paper.table_of(share.tokens.0).is_some() {
        return None;
    }
    let block = paper.block_at(sentence.start)?.tokens.clone();
    let earlier =
        sentence.start.checked_sub(1).map_or(sentence.start, |at| paper.sentence(at).start);
    let all: Vec<usize> = paper.amounts_in(&(earlier.max(block.start)..sentence.end)).collect();
    let said = |words: &[&str]| {
        let is_said = |at: &&usize| {
            let end = paper.amounts().get(**at).map_or(0, |one| one.tokens.1 + 1);
            paper.has_word(&(end..end + 1), words)
        };
        let found: Vec<usize> = all.iter().filter(is_said).copied().collect();
        if let [only] = found[..] { Some(only) } else { None }
    };
    let net = said(&["exklusive", "exkl", "utan"])?;
    let (gross, price) = (said(&["inklusive", "inkl"]), Value::of(paper, net));
    let next = paper.amounts_in(&(share.tokens.1 + 1..sentence.end)).next();
    let tax = next.filter(|at| {
        paper.amounts().get(*at).is_some_and(|one| one.tokens.0 <= share.tokens.1 + AROUND)
    });
    let (stated, is_gross) = match (gross, tax) {
        (Some(gross), None) => (gross, true),
        (_, Some(tax)) if tax != net && Some(tax) != gross => (tax, false),
        _ => return None,
    };
    let (parts, whole) = share.exactly();
    let parts = if is_gross { whole + parts } else { parts };
    let right = i64::try_from(i128::from(price.printed).checked_mul(parts)? / whole).ok()?;
    let value = Value::of(paper, stated);
    let slack = (value.last_digit(paper).max(price.last_digit(paper)) / 2).max(100).unsigned_abs();
    let is_meant =
        value.printed < right.saturating_mul(2) && right < value.printed.saturating_mul(2);
    let is_exact = value.is_exact() && price.is_exact() && all.len() <= MOST;
    if !is_exact || !is_meant || value.printed.abs_diff(right) <= slack {
        return None;
    }
    let (difference, ..) = value.minus(&Value::bare(right));
    let [base, is, said] = [price.printed, right, value.printed].map(Money::from_ore);
    let (sv, en) =
        if is_gross { ("med moms blir", "with tax is") } else { ("ger momsen", "has a tax of") };
    let text = Text::new(
        format!("{base} {sv} {is}, men texten säger {said}: skillnaden är {difference}"),
        format!("{base} {en} {is}, but the text says {said}: the difference is {difference}"),
    );
    let places = [vec![share.noted.span], price.places(paper), value.places(paper)].concat();
    Some(Remark::new(Doubt::ShareDiffers, Severity::Error, text, places).off_by(difference))
}
