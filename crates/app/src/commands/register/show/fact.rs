//! A fact of the register as a row: its kind, what it is known by, when it holds, and what it says in words.

use crate::words;
use kernel::fact::{AllocationRule, Fact, Rate};
use kernel::finding::Text;
use kernel::money::{Money, grouped};
use kernel::time::{Day, Month, Period};

/// Kinds in the order of output, with the words that people may ask by.
pub(super) const KINDS: [(&str, [&str; 3]); 22] = [
    ("decision", ["decisions", "beslut", ""]),
    ("region", ["regions", "regioner", ""]),
    ("provider", ["providers", "vårdgivare", ""]),
    ("unit", ["units", "enhet", "enheter"]),
    ("agreement", ["agreements", "avtal", ""]),
    ("assignment", ["assignments", "uppdrag", ""]),
    ("capacity", ["capacities", "kapacitet", "kapacitetsplan"]),
    ("rate", ["rates", "nivå", "nivåer"]),
    ("weight", ["weights", "vikt", "vikter"]),
    ("key", ["keys", "nyckel", "nycklar"]),
    ("payer", ["payers", "betalare", ""]),
    ("appropriation", ["appropriations", "anslag", ""]),
    ("commission", ["commissions", "uppdrag-till", ""]),
    ("eligibility", ["eligibilities", "målgrupp", ""]),
    ("grant", ["grants", "statsbidrag", ""]),
    ("focus_area", ["focus-areas", "insatsområde", "insatsområden"]),
    ("heading", ["headings", "rubrik", "rubriker"]),
    ("item", ["items", "post", "poster"]),
    ("mandate", ["mandates", "mandat", ""]),
    ("grant_act", ["grant-acts", "åtgärd", "åtgärder"]),
    ("account", ["accounts", "konto", "konton"]),
    ("payee", ["payees", "betalningsuppgift", "betalningsuppgifter"]),
];

/// The kind that a word asks for.
pub(super) fn kind_of(word: &str) -> Option<&'static str> {
    let kinds = KINDS.iter();
    let mut kinds = kinds.filter(|(kind, others)| *kind == word || others.contains(&word));
    kinds.next().map(|(kind, _)| *kind).filter(|_| !word.is_empty())
}

/// What is told of a fact.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub kind: &'static str,
    /// What tells it from others of its kind in a table.
    pub id: String,
    /// Its identity (R7), with its kind.
    pub identity: String,
    /// Other ids that it can be asked for by.
    pub others: Vec<String>,
    pub valid: Period,
    pub value: Text,
    pub amount: Option<Money>,
}

pub(super) const ALWAYS: Period = Period { from: Day::MIN, until: Day::MAX };

/// A fact in words.
pub(crate) fn told(fact: &Fact) -> Told {
    let mut told = Told {
        kind: "",
        id: String::new(),
        identity: String::new(),
        others: Vec::new(),
        valid: ALWAYS,
        value: Text::new("", ""),
        amount: None,
    };
    match fact {
        Fact::Region(region) => {
            (told.kind, told.id) = ("region", region.id.clone());
            let (name, county) = (&region.name, &region.county);
            told.value =
                Text::new(format!("{name}, län {county}"), format!("{name}, county {county}"));
        }
        Fact::Provider(provider) => {
            (told.kind, told.id) = ("provider", provider.id.to_string());
            let form = words::legal_form(provider.legal_form);
            told.value = after(&provider.name, &form);
        }
        Fact::Unit(unit) => {
            (told.kind, told.id, told.valid) = ("unit", unit.id.to_string(), unit.valid);
            told.others = vec![unit.provider.to_string()];
            let kind = words::unit_kind(unit.kind);
            let provider = &unit.provider;
            told.value = after(
                &unit.name,
                &Text::new(
                    format!("{} hos {provider}", kind.sv),
                    format!("{} of {provider}", kind.en),
                ),
            );
        }
        Fact::Agreement(agreement) => {
            (told.kind, told.id) = ("agreement", agreement.id.to_string());
            told.valid = agreement.valid;
            told.others = vec![agreement.provider.to_string()];
            let form = words::form(agreement.form);
            let (area, provider) = (agreement.area, &agreement.provider);
            let late = agreement.backward_months;
            told.value = Text::new(
                format!(
                    "{}, {} med {provider}{}",
                    words::area(area),
                    form.sv,
                    late.map_or_else(String::new, |n| format!(", rapport inom {n} månader"))
                ),
                format!(
                    "{}, {} with {provider}{}",
                    area.name(),
                    form.en,
                    late.map_or_else(String::new, |n| format!(", reports within {n} months"))
                ),
            );
        }
        Fact::Assignment(assignment) => {
            let (unit, agreement, name) =
                (&assignment.unit, &assignment.agreement, &assignment.name);
            (told.kind, told.id) = ("assignment", format!("{unit}: {name}"));
            told.valid = assignment.valid;
            told.others = vec![unit.to_string(), agreement.to_string(), name.to_string()];
            let status = words::approval(assignment.status);
            told.value = Text::new(
                format!("{} enligt {agreement}", status.sv),
                format!("{} under {agreement}", status.en),
            );
            told.identity = format!("{agreement} {}", assignment.status.name());
        }
        Fact::Capacity(plan) => {
            (told.kind, told.id) = ("capacity", format!("{} {}", plan.unit, plan.year));
            told.others = vec![plan.unit.to_string()];
            told.valid = year(plan.year);
            let deliveries = grouped(plan.deliveries);
            told.value = Text::new(
                format!("{deliveries} förlossningar"),
                format!("{deliveries} deliveries"),
            );
        }
        Fact::Weight(weight) => {
            (told.kind, told.id) = ("weight", format!("{} {}", weight.table, weight.code));
            told.others = vec![weight.table.to_string(), weight.code.clone()];
            told.valid = Period { from: weight.valid_from, until: Day::MAX };
            told.value = Text::new(weight.value.to_string(), weight.value.to_string());
        }
        Fact::Key(key) => {
            (told.kind, told.id) = ("key", format!("{} {}", key.name, key.recipient));
            told.others = vec![key.name.to_string(), key.recipient.clone()];
            told.valid = key.year.map_or(ALWAYS, year);
            told.value = Text::new(grouped(key.value), grouped(key.value));
            told.identity = key.year.map_or_else(String::new, |year| year.to_string());
        }
        Fact::Appropriation(frame) => {
            (told.kind, told.id) = ("appropriation", frame.id.clone());
            told.valid = year(frame.year);
            told.amount = Some(frame.amount);
            told.value = Text::new(frame.amount.to_string(), frame.amount.to_string());
            told.identity = frame.year.to_string();
        }
        Fact::Account(account) => {
            (told.kind, told.id) = ("account", account.role.name().to_owned());
            let shown = format!("{} {}", account.number, account.label);
            told.value = Text::new(shown.clone(), shown);
        }
        Fact::Payee(payee) => {
            (told.kind, told.id) = ("payee", payee.party.clone());
            let bankgiro = payee.bankgiro.clone().unwrap_or_default();
            told.value = Text::new(format!("bankgiro {bankgiro}"), format!("bankgiro {bankgiro}"));
        }
        Fact::Payer(payer) => {
            (told.kind, told.id, told.valid) = ("payer", payer.id.to_string(), payer.valid);
            told.value = match &payer.residence {
                None => Text::new("alla andra", "all others"),
                Some(_) => Text::new("efter folkbokföring", "by residence"),
            };
        }
        Fact::Commission(commission) => {
            (told.kind, told.id) = ("commission", commission.id.clone());
            let due = commission.due.map(|due| due.to_string());
            told.value = Text::new(
                due.as_ref().map_or(commission.what.clone(), |due| {
                    format!("{}, senast {due}", commission.what)
                }),
                due.as_ref().map_or(commission.what.clone(), |due| {
                    format!("{}, by {due}", commission.what)
                }),
            );
        }
        Fact::Eligibility(one) => {
            (told.kind, told.id, told.valid) = ("eligibility", one.id.clone(), one.valid);
            let (moderate, severe, social) = (one.moderate_from, one.severe_from, one.social_from);
            let [least, most] = one.team;
            told.value = Text::new(
                format!(
                    "FOBS från {moderate} måttlig, från {severe} svår; {social} social grund; team om {least}–{most}"
                ),
                format!(
                    "FOBS from {moderate} moderate, from {severe} severe; {social} social ground; teams of {least}–{most}"
                ),
            );
        }
        Fact::Rate(rate) => told = rate_told(rate, told),
        Fact::Grant(grant) => {
            (told.kind, told.id, told.valid) = ("grant", grant.id.clone(), year(grant.year));
            told.amount = Some(grant.amount.amount);
            let amount = grant.amount.amount.to_string();
            told.value = Text::new(amount.clone(), amount);
        }
        Fact::FocusArea(area) => {
            (told.kind, told.id, told.valid) = ("focus_area", area.id.clone(), year(area.year));
        }
        Fact::Heading(heading) => {
            (told.kind, told.id) = ("heading", heading.id.clone());
            told.others = vec![heading.grant.clone()];
            divided(&mut told, &heading.rule, &heading.grant);
        }
        Fact::Item(item) => {
            (told.kind, told.id) = ("item", item.id.clone());
            told.others = vec![item.heading.clone()];
            divided(&mut told, &item.rule, item.recipient.as_deref().unwrap_or(&item.heading));
        }
        Fact::Mandate(mandate) => {
            (told.kind, told.id, told.valid) = ("mandate", mandate.id.clone(), mandate.valid);
            told.amount = mandate.cap.map(|cap| cap.amount);
            told.value = Text::new(mandate.holder.clone(), mandate.holder.clone());
        }
        Fact::GrantAct(act) => {
            (told.kind, told.id) = ("grant_act", act.id.clone());
            told.valid = Period { from: act.on, until: act.on.plus(1) };
            told.others = [Some(&act.grant), act.from.as_ref(), act.to.as_ref()]
                .into_iter()
                .flatten()
                .cloned()
                .collect();
            told.amount = Some(act.amount);
            let kind = words::act(act.kind);
            let posts: Vec<&str> =
                [&act.from, &act.to].into_iter().flatten().map(String::as_str).collect();
            let posts = posts.join(" → ");
            told.value = Text::new(
                format!("{} {} {posts}", kind.sv, act.amount).trim_end().to_owned(),
                format!("{} {} {posts}", kind.en, act.amount).trim_end().to_owned(),
            );
        }
    }
    let begins = matches!(fact, Fact::Unit(_) | Fact::Agreement(_) | Fact::Payer(_))
        || matches!(fact, Fact::Assignment(_) | Fact::Weight(_));
    let from = if begins { told.valid.from.to_string() } else { String::new() };
    told.identity = [told.kind, &told.id, &told.identity, &from].join("|");
    told
}

/// A heading or an item: its rule, its amount where one is stated, and of what or to whom.
fn divided(told: &mut Told, rule: &AllocationRule, of: &str) {
    told.amount = rule.figure().map(|figure| figure.amount);
    let amount = told.amount.map_or_else(String::new, |amount| format!(" {amount}"));
    let value = format!("{}{amount}, {of}", rule.name());
    told.value = Text::new(value.clone(), value);
}

fn rate_told(rate: &Rate, told: Told) -> Told {
    let formula = rate.formula.name();
    let amount = rate.formula.amount();
    let value = match amount {
        Some(amount) => format!("{formula} {amount}"),
        None => formula.to_owned(),
    };
    Told {
        kind: "rate",
        id: rate.id.to_string(),
        others: vec![rate.element.to_string()],
        valid: rate.valid,
        value: Text::new(value.clone(), value),
        amount,
        ..told
    }
}

fn after(name: &str, what: &Text) -> Text {
    if name.is_empty() {
        return what.clone();
    }
    Text::new(format!("{name}, {}", what.sv), format!("{name}, {}", what.en))
}

fn year(year: i32) -> Period {
    let first = |year| Month::new(year, 1).map_or(Day::MIN, Month::first_day);
    Period { from: first(year), until: first(year + 1) }
}
