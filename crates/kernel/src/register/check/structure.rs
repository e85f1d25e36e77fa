//! Overlaps among units, agreements, assignments, payers and codes (R7, R8, R11, R21, R47).

use crate::fact::Approval;
use crate::finding::{Code, Finding, Text};
use crate::price::Residency;
use crate::register::clash::sample_residences;
use crate::register::{Known, Under, UnitCodes, UnitHistory, View};
use crate::time::{Day, Period};
use std::collections::BTreeMap;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = overlaps(view);
    for history in &view.histories {
        findings.extend(two_agreements(history));
    }
    findings.extend(payer_ties(view));
    findings.extend(shared_codes(view));
    findings
}

/// The first day of a period for a witness; an unlimited one is shown by the other period's end.
fn first_day(period: Period) -> Option<Day> {
    if period.from != Day::MIN { Some(period.from) } else { period.last() }
}

fn overlaps(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let units =
        view.units.values().map(|unit| (unit.fact.id.as_str(), unit.fact.valid, unit.stated));
    findings.extend(overlapping("unit", units, true));
    let agreements = view.agreements.values();
    let agreements = agreements.map(|a| (a.fact.id.as_str(), a.fact.valid, a.stated));
    findings.extend(overlapping("agreement", agreements, false));
    let payers = view.payers.values();
    let payers = payers.map(|payer| (payer.fact.id.as_str(), payer.fact.valid, payer.stated));
    findings.extend(overlapping("payer", payers, false));
    let mut assignments: BTreeMap<_, Vec<&Known<'_, _>>> = BTreeMap::new();
    for assignment in view.assignments.values() {
        let fact = assignment.fact;
        if fact.status == Approval::Approved {
            let identity = (&fact.unit, &fact.agreement, &fact.name);
            assignments.entry(identity).or_default().push(assignment);
        }
    }
    for ((unit, _, _), same) in &assignments {
        let same = same.iter().map(|a| (unit.as_str(), a.fact.valid, a.stated));
        findings.extend(overlapping("assignment", same, true));
    }
    findings
}

/// Statements of one id whose periods share a day; the input is grouped by id.
fn overlapping<'s>(
    what: &str,
    statements: impl Iterator<Item = (&'s str, Period, &'s crate::fact::Stated)>,
    is_unit: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut before: Option<(&str, Period)> = None;
    for (id, period, stated) in statements {
        if period.is_empty() {
            continue;
        }
        if let Some((other, earlier)) = before
            && other == id
            && earlier.overlaps(period)
        {
            let message = Text::new(
                format!(
                    "två uppgifter om `{what}` `{id}` gäller samma dagar; avsluta den tidigare med valid_to, i en senare uppgift med samma valid_from"
                ),
                format!(
                    "two statements of `{what}` `{id}` are valid on the same days; end the earlier one with valid_to, restated with the same valid_from"
                ),
            );
            let unit = if is_unit { id } else { "" };
            let element = if is_unit { "" } else { id };
            findings.push(
                Finding::refusal(Code::OverlappingPeriods, message).at(&stated.place).shown_by(
                    unit,
                    element,
                    first_day(earlier.and(period)),
                ),
            );
        }
        before = Some((id, period));
    }
    findings
}

fn two_agreements(history: &UnitHistory<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, one) in history.under.iter().enumerate() {
        for other in history.under.iter().skip(at + 1) {
            let both = one.period.and(other.period);
            if both.is_empty() || one.agreement.fact.id == other.agreement.fact.id {
                continue;
            }
            // Told of the base that begins later.
            let begins = |under: &Under<'_>| under.base.fact.valid.from;
            let (one, other) =
                if begins(other) < begins(one) { (other, one) } else { (one, other) };
            let (a, b) = (&one.agreement.fact.id, &other.agreement.fact.id);
            let message = Text::new(
                format!(
                    "enheten är under två avtal samtidigt, `{a}` och `{b}`; avsluta det ena basuppdraget eller avtalet"
                ),
                format!(
                    "the unit is under two agreements at once, `{a}` and `{b}`; end one of the base assignments or agreements"
                ),
            );
            findings.push(
                Finding::refusal(Code::TwoAgreements, message)
                    .at(&other.base.stated.place)
                    .shown_by(history.id.as_str(), "", first_day(both)),
            );
        }
    }
    findings
}

fn payer_ties(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let payers: Vec<_> = view.payers.values().collect();
    let named = payers.iter().filter_map(|payer| payer.fact.residence.as_ref());
    let samples = sample_residences(named, view.county());
    for (at, one) in payers.iter().enumerate() {
        for other in payers.iter().skip(at + 1) {
            let both = one.fact.valid.and(other.fact.valid);
            if both.is_empty() || one.fact.id == other.fact.id {
                continue;
            }
            let tie = samples.iter().find(|residence| {
                let residency =
                    Residency { residence: residence.as_deref(), county: view.county() };
                let best = |payer: &Known<'_, crate::fact::Payer>| {
                    residency.specificity(payer.fact.residence.as_ref())
                };
                let level = best(one);
                let rivals = payers.iter().filter(|payer| payer.fact.valid.overlaps(both));
                level.is_some()
                    && level == best(other)
                    && rivals.map(|p| best(p)).max() == Some(level)
            });
            if let Some(residence) = tie {
                let residence = residence.as_deref().unwrap_or("");
                findings.push(payer_tie(one, other, residence, first_day(both)));
            }
        }
    }
    findings
}

fn payer_tie(
    one: &Known<'_, crate::fact::Payer>,
    other: &Known<'_, crate::fact::Payer>,
    residence: &str,
    day: Option<Day>,
) -> Finding {
    let (a, b) = (&one.fact.id, &other.fact.id);
    let message = Text::new(
        format!(
            "betalarna `{a}` och `{b}` passar lika bra för folkbokföring `{residence}`; gör en av dem smalare"
        ),
        format!(
            "the payers `{a}` and `{b}` match residence `{residence}` equally well; make one of them narrower"
        ),
    );
    let finding = Finding::refusal(Code::PayerTie, message).at(&other.stated.place);
    finding.shown_by("", b.as_str(), day)
}

fn shared_codes(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let codes = UnitCodes::new(view);
    for (code, meanings) in codes.dated() {
        for (at, (period, unit)) in meanings.iter().enumerate() {
            for (other_period, other) in meanings.iter().skip(at + 1) {
                let both = period.and(*other_period);
                if unit != other && !both.is_empty() {
                    findings.extend(shared_code(view, code, *unit, *other, both));
                }
            }
        }
    }
    findings
}

fn shared_code(
    view: &View<'_>,
    code: &str,
    unit: u16,
    other: u16,
    both: Period,
) -> Option<Finding> {
    let unit = view.histories.get(usize::from(unit))?;
    let other = view.histories.get(usize::from(other))?;
    let (a, b) = (unit.id, other.id);
    let message = Text::new(
        format!("koden `{code}` betyder två enheter samma dag, `{a}` och `{b}`; avsluta den ena"),
        format!(
            "the code `{code}` means two units on the same day, `{a}` and `{b}`; end one of them"
        ),
    );
    let place = &other.statements.last()?.stated.place;
    let finding = Finding::refusal(Code::SharedCode, message).at(place);
    Some(finding.shown_by(b.as_str(), "", first_day(both)))
}
