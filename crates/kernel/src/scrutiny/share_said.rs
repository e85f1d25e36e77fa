//! A share of the amount that the sentence before states.
//!
//! Owns: "50 procent …, det vill säga 33 mkr" of that amount. Does not own: shares whose base the sentence names (`share`).
//!
//! `Kostnaden är 66,0 mnkr. Staten står för 50 procent, det vill säga 33,3 mnkr` is 300 000 kr too much.

use super::Remark;
use super::reconcile::is_one_slip;
use super::share::{holds, remark};
use super::value::Value;
use crate::paper::{Paper, Share};

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    paper.shares.iter().filter_map(|share| of_earlier(paper, share)).collect()
}

fn of_earlier(paper: &Paper, share: &Share) -> Option<Remark> {
    const LINKS: [&str; 6] = ["säga", "dvs", "alltså", "vilket", "d.v.s", "således"];
    const AROUND: usize = 20;
    let sentence = paper.sentence(share.tokens.0);
    let amounts = paper.amounts_in(&sentence);
    let is_plain = amounts.len() == 1
        && paper.shares_in(&sentence).len() == 1
        && !share.is_about
        && paper.table_of(share.tokens.0).is_none();
    let at = is_plain.then_some(amounts.start)?;
    let amount = paper.amounts().get(at).filter(|amount| amount.per.is_none())?;
    // "50 procent av byggdelen" names another base.
    let is_of = paper.has_word(&(share.tokens.1 + 1..share.tokens.1 + 2), &["av"]);
    let is_linked = !is_of && paper.has_word(&(share.tokens.1 + 1..amount.tokens.0), &LINKS);
    let earlier = paper.sentence(sentence.start.checked_sub(1).filter(|_| is_linked)?);
    let is_one_block = paper.block_at(earlier.start)?.tokens.contains(&sentence.start);
    let bases = paper.amounts_in(&earlier);
    let base = (bases.len() == 1 && is_one_block).then_some(bases.start)?;
    let (part, whole) = (Value::of(paper, at), Value::of(paper, base));
    let fits =
        |base: usize| holds(paper, share, &part, &Value::of(paper, base), false) != Some(false);
    let (parts, of) = share.exactly();
    let exact = i128::from(whole.printed).checked_mul(parts).filter(|all| all % of == 0);
    let exact = exact.and_then(|all| i64::try_from(all / of).ok())?;
    let is_slip = is_one_slip(exact, part.printed) && paper.amounts().get(base)?.per.is_none();
    if !is_slip || (at.saturating_sub(AROUND)..at).any(fits) {
        return None;
    }
    Some(remark(paper, share, &part, &whole))
}
