//! A text against the facts of a ratebook: amounts that no fact accounts for, and facts that the text does not bear out.
//!
//! Owns: what binds an amount to a fact (D9). Does not own: what the facts make of a contact.
//!
//! The amount of `5 000 kr per förlossning` is bound by a rate of 5 000 kr.

use super::{Doubt, Remark, words};
use crate::fact::{AllocationRule, Decision, Fact, Figure, Formula, Stated, UpliftBy};
use crate::finding::{Severity, Text};
use crate::money::Money;
use crate::paper::{Paper, Span, twin};
use std::collections::BTreeSet;

/// What facts say of a text.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    /// What does not agree.
    pub remarks: Vec<Remark>,
    /// The amounts that no fact accounts for, by their places among the amounts of the text.
    pub unbound: Vec<usize>,
}

/// Compares a text with the facts of decisions; `file` is the name of the text's file.
pub fn bind(paper: &Paper, decisions: &[Decision], file: &str) -> Bound {
    let mut known: BTreeSet<Money> = BTreeSet::new();
    let mut anchors: Vec<Span> = Vec::new();
    let mut remarks = Vec::new();
    for decision in decisions {
        for stated in &decision.facts {
            known.extend(amounts_of(&stated.fact));
            anchors.extend(stated.anchor.iter().flat_map(|anchor| found(paper, anchor)));
            remarks.extend(missing(paper, decision, stated, file));
        }
    }
    let amounts = paper.amounts();
    let by_value = twin::ByValue::of(amounts);
    let is_bound = |at: &usize| {
        amounts.get(*at).is_some_and(|amount| {
            let is_known = |amount: Money| known.contains(&amount);
            let near = by_value.near(amount.amount.ore(), amount.last_digit.ore() / 2);
            let twin = near
                .into_iter()
                .filter_map(|at| amounts.get(at))
                .any(|fine| twin::is_rounding(amount, fine) && is_known(fine.amount));
            is_known(amount.amount)
                || anchors.iter().any(|anchor| anchor.contains(amount.span))
                || twin
        })
    };
    Bound { remarks, unbound: (0..amounts.len()).filter(|at| !is_bound(at)).collect() }
}

/// Every amount that a fact states.
fn amounts_of(fact: &Fact) -> Vec<Money> {
    let figure = |figure: &Figure| figure.amount;
    match fact {
        Fact::Rate(rate) => {
            let by = match &rate.formula {
                Formula::Uplift { by: UpliftBy::Amount(amount), .. } => Some(*amount),
                formula => formula.amount(),
            };
            by.into_iter().chain(rate.was).collect()
        }
        Fact::Appropriation(appropriation) => vec![appropriation.amount],
        Fact::Grant(grant) => std::iter::once(grant.amount.amount)
            .chain(grant.parts.iter().map(|part| part.amount))
            .collect(),
        Fact::Heading(heading) => rule(&heading.rule),
        Fact::Item(item) => rule(&item.rule),
        Fact::Mandate(mandate) => mandate.cap.iter().map(figure).collect(),
        _ => Vec::new(),
    }
}

fn rule(rule: &AllocationRule) -> Vec<Money> {
    let each =
        if let AllocationRule::PerUnit { per_unit, .. } = rule { Some(*per_unit) } else { None };
    rule.figure().map(|figure| figure.amount).into_iter().chain(each).collect()
}

/// Where a phrase stands in the text, whatever its spaces and line ends.
fn found(paper: &Paper, phrase: &str) -> Vec<Span> {
    let phrase = Paper::read(phrase);
    let wanted: Vec<&str> = phrase.tokens.iter().map(|token| token.text.as_str()).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let fits = |at: &usize| {
        paper.tokens.get(*at..*at + wanted.len()).is_some_and(|window| {
            window.iter().zip(&wanted).all(|(token, wanted)| token.text == *wanted)
        })
    };
    (0..paper.tokens.len()).filter(fits).map(|at| paper.span(&(at..at + wanted.len()))).collect()
}

/// A fact whose amount, or whose phrase, is not in the text; a note where the fact names another source (D9).
fn missing(paper: &Paper, decision: &Decision, stated: &Stated, file: &str) -> Option<Remark> {
    let name = stated.label.clone().unwrap_or_else(|| id_of(&stated.fact));
    let places = stated.anchor.as_deref().map(|anchor| found(paper, anchor)).unwrap_or_default();
    let amounts = main_amounts(&stated.fact);
    let absent: Vec<Money> = amounts
        .iter()
        .copied()
        .filter(|amount| !paper.amounts().iter().any(|other| other.amount == *amount))
        .collect();
    // A source that names no file is no file either.
    let source = decision.source.as_ref();
    let is_other_source = source.is_some_and(|source| source.file.as_deref() != Some(file));
    let severity = if is_other_source { Severity::Note } else { Severity::Warning };
    if let Some(amount) = absent.first() {
        // A heading may sum items that the text states one by one.
        if stated.anchor.is_none()
            && matches!(stated.fact, Fact::Heading(_))
            && is_sum_in(paper, *amount)
        {
            return None;
        }
        let text = Text::new(
            format!("`{name}` har {amount} i underlaget, men beloppet står inte i texten"),
            format!("`{name}` has {amount} in the facts, but the amount is not in the text"),
        );
        let mut remark = Remark::new(Doubt::FactNotInText, severity, text, Vec::new());
        remark.difference = None;
        return Some(remark);
    }
    let anchor = stated.anchor.as_deref().filter(|_| places.is_empty());
    if let Some(anchor) = anchor.filter(|_| !amounts.is_empty()) {
        let anchor = words(anchor);
        let text = Text::new(
            format!("`{name}`: frasen `{anchor}` står inte i texten"),
            format!("`{name}`: the phrase `{anchor}` is not in the text"),
        );
        return Some(Remark::new(Doubt::FactNotInText, severity, text, Vec::new()));
    }
    other_amount(paper, stated, &name, severity)
}

fn is_sum_in(paper: &Paper, amount: Money) -> bool {
    (0..paper.amounts().len()).any(|at| {
        let Some(first) = paper.amounts().get(at) else { return false };
        let sentence = paper.sentence(first.tokens.0);
        let sum: Option<Money> = paper
            .amounts_in(&sentence)
            .filter_map(|at| paper.amounts().get(at))
            .try_fold(Money::ZERO, |sum, amount| sum.plus(amount.amount));
        sum == Some(amount)
    })
}

fn main_amounts(fact: &Fact) -> Vec<Money> {
    match fact {
        Fact::Rate(rate) => rate.formula.amount().into_iter().collect(),
        fact => amounts_of(fact),
    }
}

/// An item whose recipient gets another amount in the text than in the facts (rows swapped).
fn other_amount(paper: &Paper, stated: &Stated, name: &str, severity: Severity) -> Option<Remark> {
    let Fact::Item(item) = &stated.fact else { return None };
    let recipient = item.recipient.as_deref()?;
    let amount = item.rule.figure()?.amount;
    let places = found(paper, recipient);
    let lines: Vec<usize> = places.iter().map(|place| paper.line_number(place.start)).collect();
    let gets: Vec<&crate::paper::Recipient> = paper
        .recipients()
        .iter()
        .filter(|other| {
            places.iter().any(|place| other.span.contains(*place) || place.contains(other.span))
        })
        .collect();
    let by_name: Vec<Money> =
        gets.iter().filter_map(|other| Some(paper.amounts().get(other.amount)?.amount)).collect();
    let on_line: Vec<Money> = paper
        .amounts()
        .iter()
        .filter(|amount| {
            paper.table_of(amount.tokens.0).is_some()
                && lines.contains(&paper.line_number(amount.span.start))
        })
        .map(|amount| amount.amount)
        .collect();
    let all = if by_name.is_empty() { on_line } else { by_name };
    let stated = all.first().filter(|_| !all.contains(&amount))?;
    let difference = *stated - amount;
    let text = Text::new(
        format!("`{name}`: texten ger `{recipient}` {stated}, underlaget {amount}"),
        format!("`{name}`: the text gives `{recipient}` {stated}, the facts {amount}"),
    );
    Some(Remark::new(Doubt::FactDiffers, severity, text, places).off_by(difference))
}

fn id_of(fact: &Fact) -> String {
    match fact {
        Fact::Rate(rate) => rate.id.to_string(),
        Fact::Appropriation(appropriation) => appropriation.id.clone(),
        Fact::Grant(grant) => grant.id.clone(),
        Fact::Heading(heading) => heading.id.clone(),
        Fact::Item(item) => item.id.clone(),
        Fact::Mandate(mandate) => mandate.id.clone(),
        _ => String::new(),
    }
}
