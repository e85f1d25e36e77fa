//! The tables of state grants: `[[grant]]`, `[[focus_area]]`, `[[heading]]`, `[[item]]`, `[[mandate]]`, `[[grant_act]]`.
//!
//! Owns: which keys each table and each rule has. Does not own: what a rule gives (`kernel::grant`).
//!
//! `amount = "10 mkr"` with `precision = "about"` is between 9,5 and 10,5 Mkr, never exactly 10.

use super::facts::{Start, only, validity};
use super::rate::{named_rounding, share_key};
use super::sheet::Faulty;
use super::table::Table;
use super::value::{
    Value, amount, any, boolean, count, date, exact_number, id, not_among, reference, some, text,
    word, year,
};
use kernel::fact::{
    ActKind, AllocationRule, Fact, Figure, FocusArea, Grant, GrantAct, GrantPart, Heading, Item,
    Mandate, Over, Pay, Precision, Units,
};
use kernel::finding::{Code, Text};
use kernel::money::{Money, Ratio, Rounding, last_digit};

const RULE_KEYS: [&str; 11] = [
    "rule",
    "amount",
    "precision",
    "per_unit",
    "units",
    "pot",
    "key",
    "percent",
    "rounding",
    "residue",
    "pay",
];

/// Reads one table of state grants.
pub(super) fn fact(name: &str, table: &Table<'_>) -> Result<Fact, Faulty> {
    match name {
        "grant" => grant(table).map(Fact::Grant),
        "focus_area" => focus_area(table).map(Fact::FocusArea),
        "heading" => heading(table).map(Fact::Heading),
        "item" => item(table).map(Fact::Item),
        "mandate" => mandate(table).map(Fact::Mandate),
        _ => act(table).map(Fact::GrantAct),
    }
}

fn grant(table: &Table<'_>) -> Result<Grant, Faulty> {
    only(
        table,
        &[
            "id",
            "year",
            "payer",
            "amount",
            "precision",
            "parts",
            "case_numbers",
            "received_on",
            "report_due",
            "carry_forward",
            "last",
        ],
    );
    let id = table.required("id", id::<Box<str>>);
    let year = table.required("year", year);
    let payer = table.optional("payer", text);
    let amount = figure(table, "amount");
    let parts = table.optional("parts", any(part));
    let case_numbers = table.optional("case_numbers", any(text));
    let received_on = table.optional("received_on", date);
    let report_due = table.optional("report_due", date);
    let carry_forward = table.optional("carry_forward", boolean);
    let is_last = table.optional("last", boolean);
    Ok(Grant {
        id: String::from(id?),
        year: year?,
        payer: payer?,
        amount: amount?.ok_or_else(|| table.missing("amount"))?,
        parts: parts?.unwrap_or_default(),
        case_numbers: case_numbers?.unwrap_or_default(),
        received_on: received_on?,
        report_due: report_due?,
        carry_forward: carry_forward?.unwrap_or(false),
        is_last: is_last?.unwrap_or(false),
    })
}

fn part(value: &Value<'_>) -> Result<GrantPart, Faulty> {
    let table = Table::within(value, value.entries()?, &["name", "amount"]);
    let name = table.required("name", text);
    let amount = table.required("amount", amount);
    Ok(GrantPart { name: name?, amount: amount? })
}

fn focus_area(table: &Table<'_>) -> Result<FocusArea, Faulty> {
    only(table, &["id", "year"]);
    let id = table.required("id", id::<Box<str>>);
    let year = table.required("year", year);
    Ok(FocusArea { id: String::from(id?), year: year? })
}

fn heading(table: &Table<'_>) -> Result<Heading, Faulty> {
    only(table, &with_rule(&["id", "grant", "focus_areas", "permanent"]));
    let id = table.required("id", id::<Box<str>>);
    let grant = table.required("grant", text);
    let rule = rule(table);
    let focus_areas = table.optional("focus_areas", any(text));
    let is_permanent = table.optional("permanent", boolean);
    Ok(Heading {
        id: String::from(id?),
        grant: grant?,
        rule: rule?,
        focus_areas: focus_areas?.unwrap_or_default(),
        is_permanent: is_permanent?.unwrap_or(false),
    })
}

fn item(table: &Table<'_>) -> Result<Item, Faulty> {
    let own = ["id", "heading", "recipient", "reserve", "requires", "final_report_due"];
    only(table, &with_rule(&[own.as_slice(), &["permanent"]].concat()));
    let id = table.required("id", id::<Box<str>>);
    let heading = table.required("heading", text);
    let recipient = table.optional("recipient", text);
    let rule = rule(table);
    let is_reserve = table.optional("reserve", boolean);
    let requires = table.optional("requires", any(reference));
    let final_report_due = table.optional("final_report_due", date);
    let is_permanent = table.optional("permanent", boolean);
    Ok(Item {
        id: String::from(id?),
        heading: heading?,
        recipient: recipient?,
        rule: rule?,
        is_reserve: is_reserve?.unwrap_or(false),
        requires: requires?.unwrap_or_default(),
        final_report_due: final_report_due?,
        is_permanent: is_permanent?.unwrap_or(false),
    })
}

fn mandate(table: &Table<'_>) -> Result<Mandate, Faulty> {
    let own = ["id", "grant", "heading", "holder", "cap", "scope", "precision"];
    only(table, &[own.as_slice(), &["valid_from", "valid_to"]].concat());
    let id = table.required("id", id::<Box<str>>);
    let grant = table.optional("grant", text);
    let heading = table.optional("heading", text);
    let holder = table.required("holder", text);
    let cap = figure(table, "cap");
    let scope = table.optional("scope", text);
    let valid = validity(table, Start::Always);
    let over = match (grant?, heading?) {
        (Some(grant), None) => Over::Grant(grant),
        (None, Some(heading)) => Over::Heading(heading),
        (None, None) => return Err(table.missing("grant")),
        (Some(_), Some(_)) => {
            let message = Text::new(
                "ett mandat gäller ett statsbidrag eller en rubrik; ta bort det ena",
                "a mandate is over a grant or a heading; leave one out",
            );
            return Err(table.refuse_key(Code::BadValue, "heading", message));
        }
    };
    Ok(Mandate {
        id: String::from(id?),
        over,
        holder: holder?,
        cap: cap?,
        scope: scope?,
        valid: valid?,
    })
}

/// What is done with the money, with the keys that it must have and those that it may have beside `id`, `act`, `grant`,
/// `on` and `amount`.
const ACTS: [(ActKind, &[&str], &[&str]); 9] = [
    (ActKind::Receive, &[], &[]),
    (ActKind::Reallocate, &["from", "to"], &["mandate"]),
    (ActKind::Pay, &["from", "recipient"], &[]),
    (ActKind::Use, &["from"], &[]),
    (ActKind::Report, &["from"], &[]),
    (ActKind::Return, &["from"], &[]),
    (ActKind::Carry, &["from"], &["to"]),
    (ActKind::Repay, &["from"], &[]),
    (ActKind::Account, &[], &["case_number"]),
];

const ACT_KEYS: [&str; 5] = ["from", "to", "mandate", "recipient", "case_number"];

fn act(table: &Table<'_>) -> Result<GrantAct, Faulty> {
    only(table, &[&["id", "act", "grant", "on", "amount"], ACT_KEYS.as_slice()].concat());
    let id = table.required("id", id::<Box<str>>);
    let kind = table.required("act", word(ActKind::ALL));
    let grant = table.required("grant", text);
    let on = table.required("on", date);
    let amount = table.optional("amount", not_below_zero);
    let [from, to, mandate, recipient, case_number] = ACT_KEYS.map(|key| table.optional(key, text));
    let kind = kind?;
    let keys = ACTS.into_iter().find(|(known, ..)| *known == kind);
    let (_, must, may) = keys.unwrap_or((kind, &[], &[]));
    let has_amount = kind != ActKind::Account;
    let allowed = |key: &str| match key {
        "amount" => has_amount,
        key => must.contains(&key) || may.contains(&key),
    };
    let mut keys = ACT_KEYS.into_iter().chain(["amount"]);
    if let Some(key) = keys.find(|key| table.has(key) && !allowed(key)) {
        let message = Text::new(
            format!("`{key}` hör inte till åtgärden `{kind}`; ta bort nyckeln"),
            format!("`{key}` does not belong to the act `{kind}`; leave it out"),
        );
        return Err(table.refuse_key(Code::UnknownKey, key, message));
    }
    if let Some(key) = must.iter().find(|key| !table.has(key)) {
        return Err(table.missing(key));
    }
    let amount = match amount? {
        Some(amount) => amount,
        None if has_amount => return Err(table.missing("amount")),
        None => Money::ZERO,
    };
    Ok(GrantAct {
        id: String::from(id?),
        grant: grant?,
        on: on?,
        kind,
        amount,
        from: from?,
        to: to?,
        mandate: mandate?,
        recipient: recipient?,
        case_number: case_number?,
    })
}

fn not_below_zero(value: &Value<'_>) -> Result<Money, Faulty> {
    let read = amount(value)?;
    if read < Money::ZERO {
        let sv = "ska vara från 0 kr; en åtgärd som var fel anges på nytt med samma id";
        let en = "must be from 0 kr; an act that was wrong is stated again with the same id";
        return Err(value.refuse(Code::BadValue, sv, en));
    }
    Ok(read)
}

fn with_rule(own: &[&'static str]) -> Vec<&'static str> {
    [own, RULE_KEYS.as_slice()].concat()
}

/// An amount with the precision that the table states for it.
fn figure(table: &Table<'_>, key: &'static str) -> Result<Option<Figure>, Faulty> {
    let precision = table.optional("precision", word(Precision::ALL));
    let read =
        |value: &Value<'_>| Ok((amount(value)?, last_digit(value.text()?).unwrap_or_default()));
    let read = table.optional(key, read)?;
    let precision = precision?.unwrap_or(Precision::Exact);
    Ok(read.map(|(amount, last_digit)| Figure { amount, precision, last_digit }))
}

/// The rules with the keys that each has beside `rule`.
const RULES: [(&str, &[&str]); 6] = [
    ("fixed", &["amount", "precision"]),
    ("per-unit", &["per_unit", "units", "amount", "precision"]),
    ("share", &["pot", "precision", "key", "rounding", "residue", "pay"]),
    ("percent", &["percent", "rounding"]),
    ("remainder", &[]),
    ("mandate", &["amount", "precision"]),
];

fn rule(table: &Table<'_>) -> Result<AllocationRule, Faulty> {
    let (name, own) = table.required("rule", |value| {
        let text = value.text()?;
        let found = RULES.into_iter().find(|(name, _)| *name == text);
        found.ok_or_else(|| not_among(value, &RULES.map(|(name, _)| name)))
    })?;
    let mut keys = RULE_KEYS.iter();
    if let Some(key) = keys.find(|key| **key != "rule" && table.has(key) && !own.contains(key)) {
        let message = Text::new(
            format!("`{key}` hör inte till regeln `{name}`; ta bort nyckeln eller byt regel"),
            format!(
                "`{key}` does not belong to the rule `{name}`; leave it out or change the rule"
            ),
        );
        return Err(table.refuse_key(Code::UnknownKey, key, message));
    }
    let stated = |key| figure(table, key)?.ok_or_else(|| table.missing(key));
    Ok(match name {
        "fixed" => AllocationRule::Fixed { amount: stated("amount")? },
        "mandate" => AllocationRule::Mandate { amount: stated("amount")? },
        "remainder" => AllocationRule::Remainder,
        "per-unit" => {
            let units = table.optional("units", units)?;
            let stated = figure(table, "amount")?;
            if units.is_none() && stated.is_none() {
                return Err(table.missing("units"));
            }
            let per_unit = table.required("per_unit", amount)?;
            let sum = units.as_ref().map(|units| sum_of_units(per_unit, units));
            if let Some(None) = sum {
                let message = Text::new(
                    "`per_unit` gånger `units` är mer än 100 000 000 000 000 kr; rätta den ena",
                    "`per_unit` times `units` is more than 100 000 000 000 000 kr; mend one of them",
                );
                return Err(table.refuse_key(Code::BadValue, "units", message));
            }
            AllocationRule::PerUnit { per_unit, units, amount: stated }
        }
        "percent" => AllocationRule::Percent {
            percent: table.required("percent", share_in_percent)?,
            rounding: rounding(table, Rounding::rounds_one_amount)?,
        },
        _ => AllocationRule::Share {
            pot: stated("pot")?,
            key: table.required("key", share_key)?,
            rounding: rounding(table, |_| true)?,
            residue: table.optional("residue", text)?,
            pay: table.optional("pay", word(Pay::ALL))?.unwrap_or(Pay::Once),
        },
    })
}

/// The largest amount that is read from text.
const MOST: Money = Money::from_kronor(100_000_000_000_000);

fn sum_of_units(per_unit: Money, units: &Units) -> Option<Money> {
    let count = i64::try_from(units.count()).ok()?;
    per_unit.times(count).filter(|sum| (-MOST..=MOST).contains(sum))
}

/// A part of a whole: 0–100.
fn share_in_percent(value: &Value<'_>) -> Result<Ratio, Faulty> {
    let percent = exact_number(value)?;
    let above = Ratio::new(-100, 1).and_then(|hundred| percent.plus(hundred));
    if percent.is_below_zero()
        || above.is_none_or(|above| !above.is_below_zero() && above != Ratio::ZERO)
    {
        let sv = "en andel av det hela är 0–100 procent";
        return Err(value.refuse(Code::BadValue, sv, "a part of the whole is 0–100 percent"));
    }
    Ok(percent)
}

fn rounding(table: &Table<'_>, allowed: impl Fn(Rounding) -> bool) -> Result<Rounding, Faulty> {
    let read = table.optional("rounding", |value| named_rounding(value, &allowed));
    Ok(read?.unwrap_or_default())
}

/// A number of units, or a list of them.
fn units(value: &Value<'_>) -> Result<Units, Faulty> {
    if value.is_text() {
        return some(reference)(value).map(Units::Named);
    }
    count(value).map(Units::Count)
}
