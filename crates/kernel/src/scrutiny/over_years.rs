//! Amounts by year against their whole.
//!
//! Owns: which years a whole is over, in words or as they are named. Does not own: so much a year (`each`).
//!
//! `555,5 mkr över tre år. År 2022 tillförs 148,5. År 2023 och 2024 tillförs 203,5 per år` holds.

use super::items::divides;
use super::prose::{broken, surely, values};
use super::reconcile::is_near;
use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::paper::lexicon::number_word;
use crate::paper::{Paper, Span};
use std::ops::Range;

/// "T över tre år. År 2022 tillförs A. År 2023 och 2024 tillförs B per år" (D3).
pub(super) fn by_year(paper: &Paper, cluster: &Range<usize>) -> Option<Remark> {
    let sentence = paper.sentence(cluster.start);
    let sentence = sentence.start.max(cluster.start)..sentence.end;
    let whole = paper
        .amounts_in(&sentence)
        .find(|at| paper.amounts().get(*at).is_some_and(|amount| amount.per.is_none()))?;
    let end = paper.amounts().get(whole)?.tokens.1 + 1;
    if paper.amounts_in(&sentence).len() > 1 {
        return None;
    }
    let span = spanned_years(paper, &sentence);
    let is_total = paper.amounts().get(whole)?.is_total;
    let block = paper.block_at(sentence.start)?.tokens.clone();
    let mut years = std::collections::BTreeSet::new();
    let mut parts = Vec::new();
    // No span has so many years.
    const MOST: usize = 40;
    for at in paper.amounts_in(&(end..block.end)).take(MOST) {
        let of = paper.years_of(at);
        let amount = paper.amounts().get(at)?;
        // Another whole, or another matter, ends the parts.
        if amount.is_total || of.is_empty() {
            break;
        }
        if of.is_empty()
            || amount.per.as_deref().is_some_and(|per| per != "år")
            || of.iter().any(|year| years.contains(year))
        {
            continue;
        }
        years.extend(of);
        parts.push(at);
    }
    let values = values(paper, &parts)?;
    let stated = Value::of(paper, whole);
    let is_whole = match span {
        Some(span) => i64::try_from(years.len()).ok()? == span,
        None => is_total && is_near(&stated, &values),
    };
    if let Some(counted) = counted_years(paper, &sentence).filter(|_| !is_whole) {
        let is_sum = parts.len() > 1 && Value::sum(&values)?.agrees(&stated);
        let named = i64::try_from(years.len()).ok()?;
        return (is_sum && named > 1).then(|| other_years(paper, &stated, &values, counted, named));
    }
    if parts.len() < 2 || !is_whole {
        return None;
    }
    // "År 2022 tillförs A. År 2023 tillförs B": each year opens its sentence.
    let opens = |at: &usize| {
        let sentence = paper.amounts().get(*at).map_or(0..0, |one| paper.sentence(one.tokens.0));
        paper.has_word(&(sentence.start..sentence.start + 1), &["år", "åren"])
    };
    if span.is_some() && parts.iter().all(opens) {
        return surely(paper, &stated, &values, Severity::Error);
    }
    broken(paper, &stated, &values, Severity::Error)
}

/// "att bevilja T under 2026–2028" and, in the point after it, "att medlen tas ur anslaget med A 2026, B 2027 och C 2028".
pub(super) fn of_point_before(paper: &Paper, block: usize) -> Option<Remark> {
    const IT: [&str; 7] =
        ["medlen", "beloppet", "kostnaden", "summan", "bidraget", "ersättningen", "finansieringen"];
    let (own, before) = (paper.block(block)?, paper.block(block.checked_sub(1)?)?);
    let [whole] = paper.amounts_in(&before.tokens).collect::<Vec<_>>()[..] else { return None };
    let points = paper.has_word(&(own.tokens.start..own.tokens.start + 4), &IT);
    let parts: Vec<usize> = paper.amounts_in(&own.tokens).collect();
    let year = |at: &usize| {
        let next = paper.amounts().get(*at)?.tokens.1 + 1;
        let tokens = paper.tokens_in(&(next..next + 3));
        let year = tokens.iter().find(|token| !token.is_one_of(&["år", "för", "under"]))?;
        crate::paper::years(std::slice::from_ref(year)).first().copied()
    };
    let years: Vec<i32> = parts.iter().map(year).collect::<Option<_>>()?;
    let goes_on = years.windows(2).all(|two| matches!(two, [a, b] if a + 1 == *b));
    let spanned = crate::paper::years(paper.tokens_in(&before.tokens));
    let is_span = spanned.first() == years.first() && spanned.last() == years.last();
    let is_plain = paper.amounts().get(whole)?.per.is_none();
    if !points || !is_plain || !goes_on || !is_span || parts.len() < 2 {
        return None;
    }
    broken(paper, &Value::of(paper, whole), &values(paper, &parts)?, Severity::Error)
}

/// "T över fyra år", where the amounts of three years are the whole.
fn other_years(paper: &Paper, whole: &Value, parts: &[Value], said: i64, named: i64) -> Remark {
    let text = Text::new(
        format!("texten säger {said} år, men beloppen för {named} år är redan det hela"),
        format!("the text says {said} years, but the amounts of {named} years are the whole"),
    );
    let parts = parts.iter().flat_map(|part| part.places(paper));
    let mut places: Vec<Span> = whole.places(paper).into_iter().chain(parts).collect();
    if let Some(after) = places.first().map(|place| place.end) {
        let from = paper.tokens.partition_point(|token| token.span.start < after);
        let year = (from..from + 8).find(|at| paper.tokens.get(*at).is_some_and(|t| t.is("år")));
        places.extend(year.map(|year| paper.span(&(year - 1..year + 1))));
    }
    Remark::new(Doubt::ListDiffers, Severity::Warning, text, places)
}

/// "över tre år": how many years.
pub(super) fn counted_years(paper: &Paper, sentence: &Range<usize>) -> Option<i64> {
    let counted = paper.tokens_in(sentence).windows(3).find_map(|three| match three {
        [over, count, year]
            if over.is_one_of(&["över", "under", "på", "i", "för"])
                && year.is_one_of(&["år", "åren", "årsperiod"]) =>
        {
            let digits = count.text.parse().ok().filter(|n: &i128| *n < 20);
            digits.or_else(|| number_word(&count.text))
        }
        _ => None,
    });
    i64::try_from(counted?).ok()
}

/// "över tre år", "under åren 2022–2024": how many years.
fn spanned_years(paper: &Paper, sentence: &Range<usize>) -> Option<i64> {
    let tokens = paper.tokens_in(sentence);
    let named = || {
        let years = crate::paper::years(tokens);
        (years.len() > 1 && !divides(paper, &(sentence.start..sentence.start)))
            .then(|| i64::try_from(years.len()).ok())?
    };
    counted_years(paper, sentence).or_else(named)
}
