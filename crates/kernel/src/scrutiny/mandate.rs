//! Mandates: what somebody may decide against what is left to them.
//!
//! Owns: caps of mandates. Does not own: what is divided under them.
//!
//! A director who may divide at most 2,5 mkr cannot be left 5,2 mkr to divide.

use super::value::Value;
use super::{Doubt, Remark};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Paper, Token};
use std::collections::BTreeMap;
use std::ops::Range;

const MAY: [&str; 9] = [
    "uppdrag",
    "mandat",
    "mandatet",
    "bemyndigas",
    "delegeras",
    "rätt",
    "besluta",
    "delegation",
    "fördela",
];

/// How the words of those who hold mandates end.
const HOLDERS: [&str; 9] = [
    "direktören",
    "direktör",
    "chefen",
    "ordföranden",
    "förvaltningen",
    "utskottet",
    "beredningen",
    "kontoret",
    "presidiet",
];

pub(super) fn check(paper: &Paper) -> Vec<Remark> {
    // Nobody holds so many mandates.
    const MOST: usize = 40;
    let caps = paper.apart().filter_map(|at| Some((at, cap(paper, at)?)));
    let mut left: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in paper.apart() {
        if let Some(holder) = left_to(paper, at) {
            left.entry(holder).or_default().push(at);
        }
    }
    let all: Vec<usize> =
        paper.told().filter(|at| paper.amounts().get(*at).is_some_and(|one| one.is_cap)).collect();
    let mut remarks = twice(paper, &all);
    let bounds = paper.told().filter(|at| is_bound(paper, *at)).take(MOST);
    remarks.extend(bounds.filter_map(|at| beyond(paper, at)));
    for (cap, holder) in caps.take(MOST) {
        for amount in left.get(&holder).into_iter().flatten().take(MOST) {
            remarks.extend(exceeds(paper, cap, *amount, &holder).filter(|_| *amount != cap));
        }
    }
    remarks
}

fn holder(paper: &Paper, range: &Range<usize>) -> Option<String> {
    let is_holder = |word: &&Token| HOLDERS.iter().any(|end| word.text.ends_with(end));
    paper.tokens_in(range).iter().find(is_holder).map(|token| token.text.clone())
}

/// Who may decide about at most an amount in all.
fn cap(paper: &Paper, at: usize) -> Option<String> {
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let before = sentence.start..amount.tokens.0;
    let one_by_one = paper.has_word(&sentence, &["enskilda", "enskilt", "varje", "vardera"])
        || amount.per.is_some();
    let may = paper.has_word(&before, &MAY) && amount.is_cap;
    if !may || one_by_one { None } else { holder(paper, &before) }
}

/// Who is left an amount to divide.
fn left_to(paper: &Paper, at: usize) -> Option<String> {
    let amount = paper.amounts().get(at)?;
    if amount.is_cap || amount.per.is_some() {
        return None;
    }
    let clause = paper.clause(at);
    if let Some(holder) = decides(paper, at) {
        return Some(holder);
    }
    let after = paper.tokens_in(&(amount.tokens.1 + 1..clause.end));
    let by = after.iter().position(|token| token.is("av"))?;
    let divided = after.iter().take(by).any(|token| {
        token.is_one_of(&["fördelas", "fördelade", "beslutas", "disponeras", "beviljas"])
    });
    let start = amount.tokens.1 + 1 + by;
    if divided { holder(paper, &(start..clause.end.min(start + 8))) } else { None }
}

/// "Direktören beslutar att bevilja bidrag med sammanlagt 6 200 000 kronor": the first amount that a holder gives.
fn decides(paper: &Paper, at: usize) -> Option<String> {
    const GIVES: [&str; 6] = ["bevilja", "beviljar", "fördela", "fördelar", "bidrag", "anvisar"];
    const MOST: usize = 6;
    let amount = paper.amounts().get(at)?;
    let sentence = paper.sentence(amount.tokens.0);
    let end = (sentence.start + MOST).min(amount.tokens.0);
    let verb = (sentence.start..end)
        .find(|at| paper.tokens.get(*at).is_some_and(|t| t.is_one_of(&["beslutar", "beviljar"])))?;
    let is_only = paper.amounts_in(&(sentence.start..amount.tokens.0)).is_empty();
    let gives = paper.has_word(&(verb..amount.tokens.0), &GIVES);
    (is_only && gives).then(|| holder(paper, &(sentence.start..verb)))?
}

/// A mandate that is told twice with different caps, neither as what was or is to be.
fn twice(paper: &Paper, caps: &[usize]) -> Vec<Remark> {
    const CHANGES: [&str; 10] = [
        "tidigare",
        "nuvarande",
        "idag",
        "dag",
        "höjs",
        "ökas",
        "utökas",
        "från",
        "utöver",
        "enskilt",
    ];
    let is_told = |at: &&usize| {
        paper.amounts().get(**at).is_some_and(|amount| {
            let sentence = paper.sentence(amount.tokens.0);
            let speaks = paper.tokens_in(&(sentence.start..amount.tokens.0));
            speaks.iter().any(|token| token.is_one_of(&["mandat", "mandatet"]))
                && !paper.has_word(&sentence, &CHANGES)
                && amount.per.is_none()
        })
    };
    let told: Vec<usize> = caps.iter().filter(is_told).copied().collect();
    let [first, second] = told[..] else { return Vec::new() };
    let (one, other) = (Value::of(paper, first), Value::of(paper, second));
    let token = |at: usize| paper.amounts().get(at).map_or(0, |amount| amount.tokens.0);
    let is_apart = paper.layout().block_of(token(first)) != paper.layout().block_of(token(second));
    let years = (paper.years_of(first), paper.years_of(second));
    let is_one_year = years.0.is_empty() || years.1.is_empty() || years.0 == years.1;
    // Who holds a mandate that is only pointed at was said before.
    let holder_of = |at: usize| {
        let sentence = paper.sentence(token(at));
        holder(paper, &(sentence.start..token(at)))
    };
    let is_one_holder = match (holder_of(first), holder_of(second)) {
        (Some(a), Some(b)) => a == b,
        (a, b) => a.is_some() || b.is_some(),
    };
    // "Mandatet omfattar högst 8 mkr" is of the one before; mandates to do this and that are two.
    let to_do = |at: usize| {
        let sentence = paper.sentence(token(at));
        let after = paper.tokens_in(&(sentence.start..token(at)));
        let mandate = after.iter().position(|token| token.is_one_of(&["mandat", "mandatet"]))?;
        let is_the = after.get(mandate).is_some_and(|token| token.is("mandatet"));
        let rest = after.get(mandate + 1..)?;
        let does = rest.iter().any(|token| token.is("att"));
        (!does && is_the).then_some(())
    };
    let is_one_matter = to_do(first).is_some() || to_do(second).is_some();
    if !is_apart || !is_one_year || !is_one_holder || !is_one_matter || one.agrees(&other) {
        return Vec::new();
    }
    let (a, b) = (Money::from_ore(one.printed), Money::from_ore(other.printed));
    let text = Text::new(
        format!("mandatet är högst {a} på ett ställe och högst {b} på ett annat"),
        format!("the mandate is at most {a} in one place and at most {b} in another"),
    );
    let places = [one.places(paper), other.places(paper)].concat();
    vec![Remark::new(Doubt::StatedTwice, Severity::Error, text, places).of_difference(&one, &other)]
}

/// What a delegation is measured by, as parts of words.
const MEASURED: [&str; 11] = [
    "kostnad",
    "värde",
    "belopp",
    "utgift",
    "hyra",
    "hyran",
    "köpeskilling",
    "bidrag",
    "ersättning",
    "anskaffning",
    "pris",
];

/// "högst N", "inte överstiger N", "understiger N", "beloppsgränsen är N".
fn is_bound(paper: &Paper, at: usize) -> bool {
    const NEAR: usize = 4;
    let Some(amount) = paper.amounts().get(at) else { return false };
    let before = amount.tokens.0.saturating_sub(NEAR)..amount.tokens.0;
    let is_not = paper.has_word(&before, &["inte", "ej"])
        && paper.has_word(&before, &["överstiger", "överstiga", "överskrider", "överskrida"]);
    let is_below = paper.has_word(
        &before,
        &["understiger", "understiga", "intill", "beloppsgränsen", "beloppsgräns", "gränsen"],
    );
    amount.is_cap || is_not || is_below
}

fn speaks_of_mandate(token: &Token) -> bool {
    [
        "delegation",
        "delegerat",
        "mandat",
        "bemyndig",
        "beslutanderätt",
        "befogenhet",
        "direktupphandl",
        "beloppsgräns",
    ]
    .iter()
    .any(|begin| token.text.starts_with(begin))
}

/// "teckna avtal till en kostnad om högst 6 mkr per år", and below, in the same matter, a contract "till en kostnad om 6,4 mkr per år"
/// that is said to be within the mandate.
fn beyond(paper: &Paper, cap: usize) -> Option<Remark> {
    const GIVES: [&str; 15] = [
        "besluta",
        "teckna",
        "uppdrag",
        "ingå",
        "bevilja",
        "upphandla",
        "fatta",
        "direktupphandling",
        "direktupphandla",
        "direktupphandlas",
        "godkänna",
        "beslutanderätt",
        "disponera",
        "beslut",
        "beslutanderätten",
    ];
    const OTHER: [&str; 16] = [
        "tidigare",
        "nuvarande",
        "föregående",
        "förra",
        "budget",
        "budgeten",
        "överstiger",
        "överskrider",
        "styrelsen",
        "fullmäktige",
        "varje",
        "anslaget",
        "anslag",
        "ram",
        "hittills",
        "totala",
    ];
    let amount = paper.amounts().get(cap)?;
    let sentence = paper.sentence(amount.tokens.0);
    let gives = paper.has_word(&sentence, &GIVES)
        && paper.amounts_in(&sentence).len() == 1
        && !paper.has_word(&sentence, &["enskilda", "enskilt", "varje", "vardera", "tidigare"]);
    let section = paper.layout().section(paper.layout().block_of(amount.tokens.0)?);
    let range = paper.block(section.start)?.tokens.start
        ..paper.block(section.end.checked_sub(1)?)?.tokens.end;
    // Of a decision by delegation all that it decides is under its mandate.
    const HEAD: usize = 60;
    let is_whole =
        paper.tokens.iter().take(HEAD).any(|token| token.text.starts_with("delegationsbeslut"));
    let is_spoken = paper.tokens_in(&range).iter().any(speaks_of_mandate);
    let measures = |range: &Range<usize>| -> Vec<&'static str> {
        let words = paper.tokens_in(range).iter();
        words
            .filter_map(|token| MEASURED.into_iter().find(|part| token.text.contains(part)))
            .collect()
    };
    let near = |at: usize| {
        let first = paper.amounts().get(at).map_or(0, |one| one.tokens.0);
        let clause = paper.clause(at);
        clause.start.max(first.saturating_sub(14))..first
    };
    let of_cap = measures(&near(cap));
    let is_under = |at: &usize| {
        let Some(one) = paper.amounts().get(*at) else { return false };
        let own = paper.sentence(one.tokens.0);
        let is_plain = one.per == amount.per && !one.is_cap && !one.is_each && own != sentence;
        let decides = is_whole && is_decision(paper, one.tokens.0);
        let is_in = range.contains(&one.tokens.0) && (is_spoken || is_whole);
        let after = one.tokens.1 + 1..one.tokens.1 + 2;
        let is_rate = amount.per.is_none() && paper.has_word(&after, &["per", "varje", "vardera"]);
        is_plain
            && (is_in || decides)
            && !is_rate
            && !paper.has_word(
                &own,
                OTHER.get(..if amount.per.is_none() { OTHER.len() } else { 8 }).unwrap_or_default(),
            )
            && measures(&near(*at)).iter().any(|one| of_cap.contains(one))
    };
    let most = Value::of(paper, cap);
    let over = |at: &usize| Value::of(paper, *at).low > most.high;
    let found =
        (gives && (is_spoken || is_whole)).then(|| paper.told().filter(is_under).find(over))??;
    // What is far beyond it is hardly decided under it.
    const FAR: i64 = 3;
    let gets = Value::of(paper, found);
    if gets.printed > most.printed.saturating_mul(FAR) {
        return None;
    }
    let (a, b) = (Money::from_ore(most.printed), Money::from_ore(gets.printed));
    let text = Text::new(
        format!("rätten att besluta gäller högst {a}, men beslutet gäller {b}"),
        format!("the right to decide is for at most {a}, but the decision is of {b}"),
    );
    let places = [most.places(paper), gets.places(paper)].concat();
    Some(
        Remark::new(Doubt::MandateDiffers, Severity::Warning, text, places)
            .of_difference(&most, &gets),
    )
}

/// Whether a token stands in what is decided: under a heading that says so, or in a paragraph in which somebody decides.
fn is_decision(paper: &Paper, token: usize) -> bool {
    let layout = paper.layout();
    let Some(block) = layout.block_of(token) else { return false };
    let heading = layout.heading_of(block).and_then(|at| paper.block(at));
    let begins = heading.and_then(|block| paper.tokens_in(&block.tokens).first());
    begins.is_some_and(|token| token.text.starts_with("beslut"))
        || paper.block(block).is_some_and(|block| paper.has_word(&block.tokens, &["beslutar"]))
}

/// Whether a mandate is of another matter than what is decided: of contracts, where grants are given, or by a commission of its own.
fn is_other_matter(paper: &Paper, cap: usize, amount: usize) -> bool {
    const MATTERS: [&str; 7] = ["avtal", "bidrag", "stöd", "inköp", "lån", "köp", "upphandling"];
    let sentence =
        |at: usize| paper.amounts().get(at).map_or(0..0, |one| paper.sentence(one.tokens.0));
    let (of_cap, of_amount) = (sentence(cap), sentence(amount));
    let matters = |range: &Range<usize>| -> Vec<&'static str> {
        let words = paper.tokens_in(range).iter();
        let matter = |token: &Token| MATTERS.into_iter().find(|end| token.text.ends_with(end));
        words.filter_map(matter).collect()
    };
    let (a, b) = (matters(&of_cap), matters(&of_amount));
    let is_apart = !a.is_empty() && !b.is_empty() && !a.iter().any(|one| b.contains(one));
    is_apart || paper.has_word(&of_amount, &["uppdrag", "särskilt", "medgivande"])
}

fn exceeds(paper: &Paper, cap: usize, amount: usize, holder: &str) -> Option<Remark> {
    let (most, left) = (Value::of(paper, cap), Value::of(paper, amount));
    if left.low <= most.high || is_other_matter(paper, cap, amount) {
        return None;
    }
    let (may, gets) = (Money::from_ore(most.printed), Money::from_ore(left.printed));
    let text = Text::new(
        format!("`{holder}` får fördela högst {may}, men ska fördela {gets}"),
        format!("`{holder}` may divide at most {may}, but is to divide {gets}"),
    );
    let places = [most.places(paper), left.places(paper)].concat();
    Some(
        Remark::new(Doubt::MandateDiffers, Severity::Error, text, places)
            .of_difference(&most, &left),
    )
}
