//! What the files say to each other, whatever is known when: ids, references, replacements, circles
//! (R3, R7, R32, R45–R47).

use crate::fact::{
    Agreement, AllocationRule, Assignment, Decision, Fact, Formula, Key, Over, Rate, ShareKey,
    Stated, Status, Units,
};
use crate::finding::{Code, Finding, Severity, Text};
use crate::id::{ElementId, RateId};
use std::collections::{BTreeMap, BTreeSet};

/// All findings that need no view.
pub fn check_files(decisions: &[&Decision]) -> Vec<Finding> {
    let rates = all_rates(decisions);
    let mut findings = duplicate_ids(decisions, &rates);
    findings.extend(conflicting_statements(decisions));
    findings.extend(replacements(&rates));
    findings.extend(raises(&rates));
    findings.extend(unknown_references(decisions));
    findings
}

type Stating<'d> = (&'d Rate, &'d Stated);

fn all_rates<'d>(decisions: &[&'d Decision]) -> Vec<Stating<'d>> {
    let stated = decisions.iter().flat_map(|decision| &decision.facts);
    stated
        .filter_map(|stated| match &stated.fact {
            Fact::Rate(rate) => Some((rate.as_ref(), stated)),
            _ => None,
        })
        .collect()
}

fn duplicate_ids(decisions: &[&Decision], rates: &[Stating<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = BTreeSet::new();
    for decision in decisions.iter().filter(|decision| !seen.insert(&decision.id)) {
        findings.push(duplicate(decision.id.as_str()).at(&decision.place));
    }
    let mut seen = BTreeSet::new();
    for (rate, stated) in rates.iter().filter(|(rate, _)| !seen.insert(&rate.id)) {
        let finding = duplicate(rate.id.as_str()).at(&stated.place);
        findings.push(finding.shown_by("", rate.element.as_str(), Some(rate.valid.from)));
    }
    findings
}

fn duplicate(id: &str) -> Finding {
    let message = Text::new(
        format!("`{id}` finns redan i en annan fil eller tabell; ett id får stå en gång"),
        format!("`{id}` stands in another file or table already; an id may occur once"),
    );
    let mut finding = Finding::refusal(Code::DuplicateId, message);
    finding.field = Some("id".to_owned());
    finding.value = Some(id.to_owned());
    finding
}

/// What two statements must agree on to be of the same thing (R7), as text; rates have ids of their own.
fn identity(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Region(region) => format!("region {}", region.id),
        Fact::Provider(provider) => format!("provider {}", provider.id),
        Fact::Unit(unit) => format!("unit {} {}", unit.id, unit.valid.from),
        Fact::Agreement(Agreement { id, valid, .. }) => format!("agreement {id} {}", valid.from),
        Fact::Assignment(Assignment { unit, agreement, name, status, valid }) => {
            format!("assignment {unit} {agreement} {name} {status} {}", valid.from)
        }
        Fact::Capacity(capacity) => format!("capacity {} {}", capacity.unit, capacity.year),
        Fact::Weight(weight) => {
            format!("weight {} {} {}", weight.table, weight.code, weight.valid_from)
        }
        Fact::Key(Key { name, recipient, year, .. }) => format!("key {name} {recipient} {year:?}"),
        Fact::Appropriation(one) => format!("appropriation {} {}", one.id, one.year),
        Fact::Payer(payer) => format!("payer {} {}", payer.id, payer.valid.from),
        Fact::Commission(commission) => format!("commission {}", commission.id),
        Fact::Eligibility(one) => format!("eligibility {} {}", one.id, one.valid.from),
        Fact::Grant(grant) => format!("grant {}", grant.id),
        Fact::FocusArea(area) => format!("focus_area {} {}", area.id, area.year),
        Fact::Heading(heading) => format!("heading {}", heading.id),
        Fact::Item(item) => format!("item {}", item.id),
        Fact::Mandate(mandate) => format!("mandate {}", mandate.id),
        Fact::GrantAct(act) => format!("grant_act {}", act.id),
        Fact::Account(account) => format!("account {}", account.role),
        Fact::Payee(payee) => format!("payee {}", payee.party),
        Fact::Rate(_) => return None,
    })
}

fn conflicting_statements(decisions: &[&Decision]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: BTreeMap<(String, crate::time::Day), &Stated> = BTreeMap::new();
    for decision in decisions.iter().filter(|decision| decision.status == Status::Decided) {
        for stated in &decision.facts {
            let Some(identity) = identity(&stated.fact) else { continue };
            let known_from = decision.known_from;
            let other = *seen.entry((identity.clone(), known_from)).or_insert(stated);
            if other.fact != stated.fact {
                let place = &other.place;
                let message = Text::new(
                    format!(
                        "`{identity}` har två olika uppgifter kända från samma dag, {known_from}; den andra står i {} rad {}",
                        place.file, place.line
                    ),
                    format!(
                        "`{identity}` has two different statements known from the same day, {known_from}; the other is in {} line {}",
                        place.file, place.line
                    ),
                );
                let finding = Finding::refusal(Code::ConflictingStatements, message);
                let finding = finding.at(&stated.place);
                findings.push(finding.shown_by(unit_of(&stated.fact), "", Some(known_from)));
            }
        }
    }
    findings
}

fn unit_of(fact: &Fact) -> &str {
    match fact {
        Fact::Unit(unit) => unit.id.as_str(),
        Fact::Assignment(assignment) => assignment.unit.as_str(),
        Fact::Capacity(capacity) => capacity.unit.as_str(),
        _ => "",
    }
}

fn replacements(rates: &[Stating<'_>]) -> Vec<Finding> {
    let by_id: BTreeMap<&RateId, &Rate> = rates.iter().map(|(rate, _)| (&rate.id, *rate)).collect();
    let mut findings = Vec::new();
    for (rate, stated) in rates {
        for replaced in &rate.replaces {
            let wrong = match by_id.get(replaced) {
                None => Some(Text::new(
                    format!("replaces nämner `{replaced}`, som inte finns i någon fil"),
                    format!("replaces names `{replaced}`, which no file has"),
                )),
                Some(_) if *replaced == rate.id => Some(Text::new(
                    "en ersättningsnivå kan inte ersätta sig själv",
                    "a rate cannot replace itself",
                )),
                Some(other) if rate.formula.is_of_contacts() && !other.formula.is_of_contacts() => {
                    Some(Text::new(
                        format!(
                            "en ersättning per kontakt kan inte ersätta `{replaced}`, som går till enheter"
                        ),
                        format!(
                            "a rate for contacts cannot replace `{replaced}`, which goes to units"
                        ),
                    ))
                }
                Some(_) => None,
            };
            if let Some(message) = wrong {
                let code = if *replaced == rate.id { Code::Cycle } else { Code::BadReplaces };
                findings.push(about(rate, stated, code, "replaces", replaced.as_str(), message));
            }
        }
        findings.extend(wrong_was(rate, stated, &by_id));
    }
    let edges = rates.iter().map(|(rate, _)| (&rate.id, rate.replaces.iter().collect()));
    for rate in in_circles(&edges.collect()) {
        let stating = rates.iter().find(|(other, _)| other.id == *rate);
        let Some((rate, stated)) = stating.filter(|(rate, _)| !rate.replaces.contains(&rate.id))
        else {
            continue;
        };
        let message = Text::new(
            format!("`{}` ersätter sig själv genom andra; bryt kedjan av replaces", rate.id),
            format!("`{}` replaces itself through others; break the chain of replaces", rate.id),
        );
        findings.push(about(rate, stated, Code::Cycle, "replaces", rate.id.as_str(), message));
    }
    findings
}

fn about(
    rate: &Rate,
    stated: &Stated,
    code: Code,
    field: &str,
    value: &str,
    message: Text,
) -> Finding {
    let mut finding = Finding::refusal(code, message).at(&stated.place);
    finding.field = Some(field.to_owned());
    finding.value = Some(value.to_owned());
    finding.shown_by("", rate.element.as_str(), Some(rate.valid.from))
}

fn wrong_was(rate: &Rate, stated: &Stated, by_id: &BTreeMap<&RateId, &Rate>) -> Option<Finding> {
    let was = rate.was?;
    let replaced = rate.replaces.iter().filter_map(|id| by_id.get(id));
    let amounts: Vec<_> = replaced.filter_map(|other| other.formula.amount()).collect();
    if amounts.contains(&was) {
        return None;
    }
    let found = amounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let message = if amounts.is_empty() {
        Text::new(
            format!(
                "was säger {was} men ingen ersatt nivå har ett belopp; ange replaces eller ta bort was"
            ),
            format!(
                "was says {was} but no replaced rate has an amount; state replaces or drop was"
            ),
        )
    } else {
        Text::new(
            format!("was säger {was} men det som ersätts är {found}; rätta den som är fel"),
            format!("was says {was} but what is replaced is {found}; mend the one that is wrong"),
        )
    };
    Some(about(rate, stated, Code::WasNotEqual, "was", &was.to_string(), message))
}

/// Nodes that can reach themselves.
fn in_circles<'n, N: Ord>(edges: &BTreeMap<&'n N, Vec<&'n N>>) -> Vec<&'n N> {
    let reaches_itself = |start: &&'n N| {
        let mut seen: BTreeSet<&N> = BTreeSet::new();
        let mut open: Vec<&N> = edges.get(*start).into_iter().flatten().copied().collect();
        while let Some(node) = open.pop() {
            if node == *start {
                return true;
            }
            if seen.insert(node) {
                open.extend(edges.get(node).into_iter().flatten().copied());
            }
        }
        false
    };
    edges.keys().copied().filter(reaches_itself).collect()
}

fn raises(rates: &[Stating<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut edges: BTreeMap<&ElementId, Vec<&ElementId>> = BTreeMap::new();
    for (rate, stated) in rates {
        let of = rate.formula.of();
        if !of.is_empty() {
            edges.entry(&rate.element).or_default().extend(of);
        }
        for element in of {
            let of_element = rates.iter().filter(|(other, _)| other.element == *element);
            let formulas: Vec<&Formula> = of_element.map(|(other, _)| &other.formula).collect();
            let mut of_contacts = formulas.iter().filter(|formula| formula.is_of_contacts());
            if of_contacts.clone().any(|formula| !formula.is_by_year()) {
                continue;
            }
            let message = if of_contacts.next().is_some() {
                Text::new(
                    format!(
                        "of nämner `{element}`, som räknas på enhetens år och sist av allt; nämn det som den räknas på"
                    ),
                    format!(
                        "of names `{element}`, which stands on the unit's year and is computed last; name what it stands on"
                    ),
                )
            } else if !formulas.is_empty() {
                Text::new(
                    format!(
                        "of nämner `{element}`, som går till enheter och inte kan räknas upp per kontakt"
                    ),
                    format!(
                        "of names `{element}`, which goes to units and cannot be raised by contact"
                    ),
                )
            } else {
                Text::new(
                    format!(
                        "of nämner `{element}`, som ingen ersättningsnivå har; läs in mappen som har den eller rätta namnet"
                    ),
                    format!(
                        "of names `{element}`, which no rate has; load the folder that has it or mend the name"
                    ),
                )
            };
            findings.push(about(rate, stated, Code::BadOf, "of", element.as_str(), message));
        }
    }
    for element in in_circles(&edges) {
        let raising = rates.iter().find(|(rate, _)| rate.element == *element);
        let Some((rate, stated)) = raising else { continue };
        let message = Text::new(
            format!(
                "`{element}` räknar upp sig självt, direkt eller genom andra; bryt kedjan av of"
            ),
            format!("`{element}` raises itself, directly or through others; break the chain of of"),
        );
        findings.push(about(rate, stated, Code::Cycle, "of", element.as_str(), message));
    }
    findings
}

/// References that no file answers: not a load error, but surely a mistake.
fn unknown_references(decisions: &[&Decision]) -> Vec<Finding> {
    let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
    let facts = || decisions.iter().flat_map(|decision| &decision.facts);
    for stated in facts() {
        match &stated.fact {
            Fact::Provider(provider) => known.insert(("provider", provider.id.as_str())),
            Fact::Unit(unit) => known.insert(("unit", unit.id.as_str())),
            Fact::Agreement(agreement) => known.insert(("agreement", agreement.id.as_str())),
            Fact::Weight(weight) => known.insert(("weights", weight.table.as_str())),
            Fact::Key(key) => known.insert(("key", key.name.as_str())),
            Fact::Grant(grant) => {
                known.insert(("grant", grant.id.as_str()))
                    & known.insert(("post", grant.id.as_str()))
            }
            Fact::FocusArea(area) => known.insert(("focus_area", area.id.as_str())),
            Fact::Heading(heading) => {
                known.insert(("heading", heading.id.as_str()))
                    & known.insert(("post", heading.id.as_str()))
            }
            Fact::Item(item) => known.insert(("post", item.id.as_str())),
            Fact::Mandate(mandate) => known.insert(("mandate", mandate.id.as_str())),
            _ => false,
        };
    }
    let mut findings = Vec::new();
    for stated in facts() {
        for (kind, field, id) in references(&stated.fact) {
            if !known.contains(&(kind, id)) {
                findings.push(unknown(stated, field, id));
            }
        }
    }
    findings
}

/// What a fact refers to: kind, key and id.
fn references(fact: &Fact) -> Vec<(&'static str, &'static str, &str)> {
    match fact {
        Fact::Unit(unit) => vec![("provider", "provider", unit.provider.as_str())],
        Fact::Agreement(one) => vec![("provider", "provider", one.provider.as_str())],
        Fact::Assignment(one) => vec![
            ("unit", "unit", one.unit.as_str()),
            ("agreement", "agreement", one.agreement.as_str()),
        ],
        Fact::Capacity(capacity) => vec![("unit", "unit", capacity.unit.as_str())],
        Fact::Commission(commission) => {
            commission.unit.iter().map(|unit| ("unit", "unit", unit.as_str())).collect()
        }
        Fact::Heading(heading) => {
            let areas = heading.focus_areas.iter();
            let mut all: Vec<_> =
                areas.map(|area| ("focus_area", "focus_areas", area.as_str())).collect();
            all.push(("grant", "grant", heading.grant.as_str()));
            all.extend(references_of_rule(&heading.rule));
            all
        }
        Fact::Item(item) => {
            let mut all = vec![("heading", "heading", item.heading.as_str())];
            all.extend(references_of_rule(&item.rule));
            all
        }
        Fact::Mandate(mandate) => match &mandate.over {
            Over::Grant(grant) => vec![("grant", "grant", grant.as_str())],
            Over::Heading(heading) => vec![("heading", "heading", heading.as_str())],
        },
        Fact::GrantAct(act) => {
            let mut all = vec![("grant", "grant", act.grant.as_str())];
            all.extend(act.from.iter().map(|post| ("post", "from", post.as_str())));
            all.extend(act.to.iter().map(|post| ("post", "to", post.as_str())));
            all.extend(act.mandate.iter().map(|id| ("mandate", "mandate", id.as_str())));
            all
        }
        Fact::Rate(rate) => {
            let units = rate.when.unit.unit.iter().flatten();
            let mut all: Vec<_> = units.map(|unit| ("unit", "when.unit", unit.as_str())).collect();
            if let Some((weights, _)) = rate.formula.weights() {
                all.push(("weights", "weights", weights.as_str()));
            }
            if let Formula::Share { key: ShareKey::Named(name), .. } = &rate.formula {
                all.push(("key", "key", name.as_str()));
            }
            all
        }
        _ => Vec::new(),
    }
}

fn references_of_rule(rule: &AllocationRule) -> Vec<(&'static str, &'static str, &str)> {
    match rule {
        AllocationRule::PerUnit { units: Some(Units::Named(units)), .. } => {
            units.iter().map(|unit| ("unit", "units", unit.as_str())).collect()
        }
        AllocationRule::Share { key: ShareKey::Named(name), .. } => {
            vec![("key", "key", name.as_str())]
        }
        _ => Vec::new(),
    }
}

fn unknown(stated: &Stated, field: &str, id: &str) -> Finding {
    let message = Text::new(
        format!("`{id}` finns inte i någon fil; rätta namnet eller läs in filen som har det"),
        format!("no file has `{id}`; mend the name or load the file that has it"),
    );
    let mut finding = Finding::new(Code::UnknownId, Severity::Error, message).at(&stated.place);
    finding.field = Some(field.to_owned());
    finding.value = Some(id.to_owned());
    let element = match &stated.fact {
        Fact::Rate(rate) => rate.element.as_str(),
        _ => "",
    };
    finding.shown_by(unit_of(&stated.fact), element, None)
}
