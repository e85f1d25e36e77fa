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
    paper.shares.iter().filter_map(|share| of_rate(paper, gathered, share)).collect()
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
