//! One thing named in the same words with two amounts.
//!
//! Owns: what the words before an amount name. Does not own: recipients, funds and rates stated twice (`twice`).
//!
//! `Driftbidraget till teatern är 8 750 000 kr` and, below, `Driftbidraget till teatern uppgår till 8 570 000 kr` are one thing.

use super::Remark;
use super::alike::with_common;
use super::gathered::Gathered;
use super::pointed::is_of_others;
use super::reconcile::is_one_slip;
use super::twice::{purpose, remark, years_around};
use super::value::Value;
use crate::finding::Severity;
use crate::paper::lexicon::{ABOUT, AT_LEAST, CAP, NOT_COUNTED, TOTAL};
use crate::paper::{Amount, Kind, Paper, SPEAKS, twin, years};
use std::collections::BTreeSet;
use std::ops::Range;

/// Verbs and small words that name nothing.
const SAYS_NOTHING: [&str; 47] = [
    "kosta",
    "kostade",
    "kommer",
    "uppgår",
    "uppgå",
    "beräknas",
    "beräknade",
    "bedöms",
    "fastställs",
    "fastställer",
    "beslutar",
    "beslutade",
    "föreslår",
    "föreslås",
    "utgör",
    "vara",
    "bli",
    "sätts",
    "bestäms",
    "nämnden",
    "styrelsen",
    "förvaltningen",
    "kommunen",
    "regionen",
    "myndigheten",
    "därmed",
    "således",
    "denna",
    "detta",
    "dessa",
    "kronor",
    "kostar",
    "omfattar",
    "medför",
    "innebär",
    "bidrag",
    "medges",
    "beviljas",
    "tilldelas",
    "ersättning",
    "belopp",
    "motsvarar",
    "enligt",
    "hela",
    "total",
    "ges",
    "uppskattas",
];

/// Words of another time than the decision's, or of a part, a change or a wish.
const IS_OTHER: [&str; 38] = [
    "höjning",
    "höjningen",
    "ökning",
    "ökningen",
    "minskning",
    "minskningen",
    "resterande",
    "första",
    "halva",
    "ytterligare",
    "därutöver",
    "även",
    "var",
    "blev",
    "uppgick",
    "utgjorde",
    "kostade",
    "fick",
    "varav",
    "därav",
    "ökar",
    "ökade",
    "minskar",
    "minskade",
    "höjs",
    "sänks",
    "ansökt",
    "ansöker",
    "ansökte",
    "sökt",
    "yrkar",
    "prognos",
    "prognosen",
    "utfall",
    "utfallet",
    "ursprungligen",
    "halvåret",
    "delbetalning",
];

pub(super) fn check(paper: &Paper, gathered: &Gathered) -> Vec<Remark> {
    let keys = paper.told().flat_map(|at| {
        let words = named(paper, at).map(|words| words.into_iter().collect::<Vec<_>>().join(" "));
        words.into_iter().chain(given(paper, at)).map(move |key| (key, at))
    });
    let pairs = with_common(keys);
    pairs.into_iter().filter_map(|(one, other)| differs(paper, gathered, one, other)).collect()
}

/// What the words from the beginning of the sentence to its first amount name, as stems; at least two words, where one
/// speaks of money: a grant, a cost, a fee.
fn named(paper: &Paper, at: usize) -> Option<BTreeSet<String>> {
    let (amount, sentence) = plain(paper, at)?;
    let range = sentence.start..amount.tokens.0;
    let att =
        range.clone().rev().find(|at| paper.tokens.get(*at).is_some_and(|token| token.is("att")));
    let words = paper.tokens_in(&(att.map_or(range.start, |at| at + 1)..range.end));
    let of_years = years(words);
    let is_telling = |token: &&crate::paper::Token| match token.kind {
        Kind::Digits => token.text.parse().map_or(true, |number: i32| !of_years.contains(&number)),
        Kind::Word => {
            let silent: [&[&str]; 6] =
                [&NOT_COUNTED, &ABOUT, &AT_LEAST, &CAP, &TOTAL, &SAYS_NOTHING];
            !silent.iter().any(|words| token.is_one_of(words))
        }
        Kind::Mark(_) => false,
    };
    let telling: Vec<_> = words.iter().filter(is_telling).collect();
    let found: BTreeSet<String> = telling.iter().map(|token| stem(&token.text)).collect();
    let has_noun = words.iter().any(|token| {
        token.text.starts_with("kost") || SPEAKS.iter().any(|part| token.text.contains(part))
    });
    (has_noun && (2..=8).contains(&found.len())).then_some(found)
}

fn stem(word: &str) -> String {
    word.trim_end_matches(['s', 'n', 't', 'e', 'a']).to_owned()
}

/// An amount that its sentence states first and as it is, and that sentence.
fn plain(paper: &Paper, at: usize) -> Option<(&Amount, Range<usize>)> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let is_first = paper.amounts_in(&sentence).start == at;
    let is_plain = !amount.is_cap && !amount.is_each;
    let is_other = paper.has_word(&sentence, &IS_OTHER) || is_of_others(paper, at);
    (is_first && is_plain && !is_other).then_some((amount, sentence))
}

/// "driftbidrag till orkestern" in a sentence with one amount: what is given and to whom.
fn given(paper: &Paper, at: usize) -> Option<String> {
    let (_, sentence) = plain(paper, at)?;
    let is_one = paper.amounts_in(&sentence).len() == 1;
    let three = paper.tokens_in(&sentence).windows(3).find_map(|three| match three {
        [noun, to, name] if to.is("till") => {
            let is_long = name.kind == Kind::Word && name.text.chars().count() > 4;
            let is_money =
                noun.text.chars().count() > 7 && SPEAKS.iter().any(|part| noun.text.contains(part));
            (is_long && is_money).then(|| format!("{} till {}", stem(&noun.text), stem(&name.text)))
        }
        _ => None,
    });
    three.filter(|_| is_one)
}

fn differs(paper: &Paper, gathered: &Gathered, one: usize, other: usize) -> Option<Remark> {
    let (a, b) = (paper.amounts().get(one)?, paper.amounts().get(other)?);
    let (x, y) = (Value::of(paper, one), Value::of(paper, other));
    let is_rounding = twin::is_rounding(a, b) || twin::is_rounding(b, a);
    let (of, of_other) = (years_around(paper, one), years_around(paper, other));
    let years_fit = of.is_empty() || of_other.is_empty() || of == of_other;
    let is_one_purpose = match (purpose(paper, a), purpose(paper, b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let list = paper.list_at(a.tokens.0);
    let is_listed = list.is_some() && list == paper.list_at(b.tokens.0);
    if x.agrees(&y) || is_rounding || !years_fit || !is_one_purpose || is_listed || a.per != b.per {
        return None;
    }
    // Far apart they may be two things after all.
    let is_slip = is_one_slip(x.printed, y.printed);
    let severity = if is_slip { Severity::Error } else { Severity::Warning };
    Some(remark(paper, gathered, one, other, severity))
}
