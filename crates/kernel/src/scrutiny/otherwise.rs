//! What is right after all, read otherwise.
//!
//! Owns: readings by which the figures of a doubt hold: a part that is taken off, both sides of a sum borne out, a percentage the other way
//! round, a price of another number of things. Does not own: the doubts.
//!
//! `Underskottet på 5,7 mnkr består av hemtjänst (7,4 mnkr) som delvis vägs upp av boende (1,7 mnkr)` is 7,4 − 1,7.

use super::grounds::{Grounds, amounts_of};
use super::share::holds;
use super::units::fits;
use super::value::Value;
use super::{Doubt, Remark};
use crate::money::Money;
use crate::paper::lexicon::MONTHS;
use crate::paper::{Amount, Paper};

/// Whether the figures of a doubt hold in another way than the doubt has it.
pub(super) fn is_right(paper: &Paper, grounds: &Grounds, remark: &Remark) -> bool {
    let all = amounts_of(paper, remark);
    match remark.doubt {
        Doubt::SumDiffers | Doubt::DivisionDiffers => {
            is_taken_off(paper, &all) || is_borne_out(paper, grounds, remark, &all)
        }
        Doubt::ShareDiffers => is_turned(paper, remark, &all) || is_of_itself(paper, remark, &all),
        Doubt::CountDiffers => is_of_another(paper, remark, &all),
        Doubt::StatedTwice => is_of_months(paper, &all),
        _ => false,
    }
}

/// Three amounts of one sentence of which the largest is the others together.
fn is_taken_off(paper: &Paper, all: &[usize]) -> bool {
    let [a, b, c] = all else { return false };
    let mut sizes: Vec<i64> =
        [a, b, c].iter().map(|at| Value::printed_of(paper, **at).printed).collect();
    sizes.sort_unstable();
    let [small, middle, large] = sizes.as_slice() else { return false };
    let sentence = |at: usize| paper.amounts().get(at).map(|one| paper.sentence(one.tokens.0));
    sentence(*a) == sentence(*c) && small.checked_add(*middle) == Some(*large) && *small > 0
}

/// What is stated is the sum of something else, and what the parts sum to is stated too.
fn is_borne_out(paper: &Paper, grounds: &Grounds, remark: &Remark, all: &[usize]) -> bool {
    let Some(difference) = remark.difference else { return false };
    let is_stated = |sum: Money| {
        (0..paper.amounts().len()).any(|at| {
            let is_it = |one: &Amount| one.amount == sum && one.per.is_none() && !one.is_cap;
            !all.contains(&at) && paper.is_told(at) && paper.amounts().get(at).is_some_and(is_it)
        })
    };
    all.iter().any(|at| {
        let is_sum = grounds.is_sum(*at);
        is_sum && paper.amounts().get(*at).is_some_and(|one| is_stated(one.amount - difference))
    })
}

/// "A söktes. B beviljas, så drygt tre fjärdedelar av det sökta": of the other amount.
fn is_turned(paper: &Paper, remark: &Remark, all: &[usize]) -> bool {
    let mut shares = paper.shares.iter().filter(|one| remark.places.contains(&one.noted.span));
    let (Some(share), None, [a, b]) = (shares.next(), shares.next(), all) else { return false };
    let is_it = |part: usize, whole: usize| {
        holds(paper, share, &Value::of(paper, part), &Value::of(paper, whole), true) == Some(true)
    };
    let is_vague = share.is_about || share.parts.is_some();
    is_vague && paper.is_told(*a) && paper.is_told(*b) && (is_it(*a, *b) || is_it(*b, *a))
}

/// A share of the very amount that it is said to be; or, where it is vague, of one that is smaller than it.
fn is_of_itself(paper: &Paper, remark: &Remark, all: &[usize]) -> bool {
    let size = |at: &usize| paper.amounts().get(*at).map(|one| one.amount.ore().abs());
    let sizes: Vec<i64> = all.iter().filter_map(size).collect();
    let mut shares = paper.shares.iter().filter(|one| remark.places.contains(&one.noted.span));
    let is_one = shares.next().is_some() && shares.next().is_none();
    let of_first = sizes.first().is_some_and(|first| sizes.iter().all(|size| size == first));
    is_one && of_first && all.iter().all(|at| paper.is_told(*at))
}

/// The number of things at another price of the text is what is stated, and the price has a number of its own.
fn is_of_another(paper: &Paper, remark: &Remark, all: &[usize]) -> bool {
    let mut counts = paper.counts.iter().filter(|one| remark.places.contains(&one.noted.span));
    let (Some(count), None) = (counts.next(), counts.next()) else { return false };
    let is_price = |at: usize| paper.amounts().get(at).is_some_and(|one| one.per.is_some());
    let (prices, wholes): (Vec<usize>, Vec<usize>) = all.iter().partition(|at| is_price(**at));
    let ([price], [whole]) = (prices.as_slice(), wholes.as_slice()) else { return false };
    let whole = Value::of(paper, *whole);
    let per = paper.amounts().get(*price).and_then(|one| one.per.clone());
    let others = (0..paper.amounts().len()).filter(|at| at != price);
    let others = others.filter(|at| paper.amounts().get(*at).is_some_and(|one| one.per == per));
    others.map(|at| Value::of(paper, at)).any(|each| {
        let product = i64::try_from(count.number).ok().and_then(|count| each.clone().times(count));
        product.is_some_and(|product| fits(paper, &product, &whole, &each))
    })
}

/// Of two amounts one stands in a table and the other in a sentence about some months.
fn is_of_months(paper: &Paper, all: &[usize]) -> bool {
    let in_table = |at: &usize| {
        paper.amounts().get(*at).is_some_and(|one| paper.table_of(one.tokens.0).is_some())
    };
    let (tabled, told): (Vec<usize>, Vec<usize>) = all.iter().partition(|at| in_table(at));
    let is_of_some = |at: usize| {
        let Some(amount) = paper.amounts().get(at) else { return false };
        let sentence = paper.sentence(amount.tokens.0);
        paper.tokens_in(&sentence).windows(3).any(|three| {
            let [from, dash, to] = three else { return false };
            let between = dash.is_mark('-') || dash.is("till");
            from.is_one_of(&MONTHS) && between && to.is_one_of(&MONTHS)
        })
    };
    !tabled.is_empty() && told.iter().any(|at| is_of_some(*at))
}
