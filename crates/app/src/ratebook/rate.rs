//! `[[rate]]`: a price, its formula and the keys that belong to each formula.
//!
//! Owns: which key belongs to which formula. Does not own: what a formula computes (`kernel::price`).
//!
//! `formula = "per-contact"` takes `amount`; `pot` there is refused, since it belongs to `share`.

use super::facts::{Start, validity};
use super::sheet::Faulty;
use super::table::Table;
use super::value::{
    Value, amount, any, boolean, count, date, exact_number, id, not_among, reference, some, text,
    word,
};
use super::when::{self, condition};
use kernel::fact::{
    Form, Formula, Pay, PregnancyPeriod, Rate, ShareKey, Step, Until, UpliftBy, WeightField,
    WeightedBy,
};
use kernel::finding::{Code, Text};
use kernel::money::{Money, Rounding};
use kernel::time::Period;

/// Keys of a rate of any formula.
pub(super) const COMMON: [&str; 15] = [
    "id",
    "element",
    "label",
    "formula",
    "was",
    "valid_from",
    "valid_to",
    "replaces",
    "when",
    "anchor",
    "until",
    "requires",
    "payable_under",
    "financed_by",
    "illustrative",
];

const PER_CONTACT: &str = "per-contact";
const PER_WEIGHT: &str = "per-weight";
const UPLIFT: &str = "uplift";
const FIXED_MONTHLY: &str = "fixed-monthly";
const SHARE: &str = "share";
const PER_PERIOD: &str = "per-period";
const TIER: &str = "tier";
const CEILING: &str = "ceiling";
const LUMP: &str = "lump";

/// The keys of each formula beside the common ones.
pub(super) const OWN: [(&str, &[&str]); 9] = [
    (PER_CONTACT, &["amount"]),
    (PER_WEIGHT, &["amount", "weights", "weight_by", "rounding"]),
    (UPLIFT, &["amount", "percent", "of", "rounding"]),
    (FIXED_MONTHLY, &["per_year"]),
    (SHARE, &["pot", "key", "rounding", "residue", "pay"]),
    (PER_PERIOD, &["amount", "period", "weights", "weight_by", "rounding"]),
    (LUMP, &["amount"]),
    (TIER, &["of", "per", "steps"]),
    (CEILING, &["of", "per", "steps"]),
];

const RESERVED: [&str; 2] = ["quality", "deduction"];

/// Reads one `[[rate]]`.
pub(super) fn rate(table: &Table<'_>) -> Result<Rate, Faulty> {
    let name = table.required("formula", formula_name);
    check_keys(table, name.ok());
    let element = table.required("element", id);
    let id = table.required("id", id);
    let was = table.optional("was", amount);
    let valid = validity(table, Start::Compulsory);
    let replaces = table.optional("replaces", any(reference));
    let when = table.optional("when", |value| condition(value, allowed_when(name.ok())));
    let until = table.optional("until", until);
    let requires = table.optional("requires", any(reference));
    let payable_under = table.optional("payable_under", some(word(Form::ALL)));
    let financed_by = table.optional("financed_by", text);
    let illustrative = table.optional("illustrative", boolean);
    let formula = formula(table, name?, valid.ok());
    Ok(Rate {
        id: id?,
        element: element?,
        formula: formula?,
        was: was?,
        valid: valid?,
        replaces: replaces?.unwrap_or_default(),
        when: when?.unwrap_or_default(),
        until: until?,
        requires: requires?.unwrap_or_default(),
        payable_under: payable_under?.unwrap_or_else(|| vec![Form::CareChoice, Form::Procured]),
        financed_by: financed_by?,
        illustrative: illustrative?.unwrap_or(false),
    })
}

/// The name of a formula; reserved ones are refused (R40).
fn formula_name(value: &Value<'_>) -> Result<&'static str, Faulty> {
    let text = value.text()?;
    let names = OWN.map(|(name, _)| name);
    if let Some(name) = names.into_iter().find(|name| *name == text) {
        return Ok(name);
    }
    if RESERVED.contains(&text) {
        return Err(value.refuse(
            Code::ReservedFormula,
            "formeln är reserverad och ännu inte bestämd",
            "the formula is reserved and not yet specified",
        ));
    }
    Err(not_among(value, &names))
}

fn own_keys(formula: &str) -> &'static [&'static str] {
    OWN.iter().find(|(name, _)| *name == formula).map_or(&[], |(_, keys)| keys)
}

/// Notes keys that no rate has, and keys of another formula. Where the formula itself is faulty,
/// the keys of every formula pass.
fn check_keys(table: &Table<'_>, formula: Option<&'static str>) {
    let mut known = COMMON.to_vec();
    match formula {
        Some(name) => known.extend(own_keys(name)),
        None => known.extend(OWN.iter().flat_map(|(_, keys)| keys.iter())),
    }
    for key in table.others(&known) {
        match formula {
            Some(name) if !owners(key).is_empty() => key_of_another(table, key, name),
            _ => table.unknown(key, &known),
        }
    }
}

fn owners(key: &str) -> Vec<&'static str> {
    OWN.iter().filter(|(_, keys)| keys.contains(&key)).map(|(name, _)| *name).collect()
}

fn key_of_another(table: &Table<'_>, key: &str, formula: &str) {
    let owners = owners(key).join(", ");
    let message = Text::new(
        format!("`{key}` hör till formeln {owners}, inte till `{formula}`"),
        format!("`{key}` belongs to the formula {owners}, not to `{formula}`"),
    );
    table.refuse_key(Code::UnknownKey, key, message);
}

/// The `when` keys that a unit formula may have (R26, R60).
fn allowed_when(formula: Option<&str>) -> when::Allowed {
    match formula {
        Some(FIXED_MONTHLY | LUMP) => when::Allowed::Only(&["unit", "holds", "area"]),
        Some(SHARE) => when::Allowed::Only(&["unit"]),
        _ => when::Allowed::All,
    }
}

fn until(value: &Value<'_>) -> Result<Until, Faulty> {
    let table = Table::within(value, value.entries()?, &["decision", "expected_by"]);
    let decision = table.optional("decision", text);
    let expected_by = table.optional("expected_by", date);
    let until = Until { decision: decision?, expected_by: expected_by? };
    if until.decision.is_none() && until.expected_by.is_none() {
        return Err(table.missing("decision"));
    }
    Ok(until)
}

fn formula(table: &Table<'_>, name: &str, valid: Option<Period>) -> Result<Formula, Faulty> {
    match name {
        PER_WEIGHT => per_weight(table),
        UPLIFT => uplift(table),
        FIXED_MONTHLY => {
            Ok(Formula::FixedMonthly { per_year: table.required("per_year", amount)? })
        }
        SHARE => share(table, valid),
        PER_PERIOD => per_period(table),
        TIER => tier(table),
        CEILING => ceiling(table),
        LUMP => Ok(Formula::Lump { amount: table.required("amount", amount)? }),
        _ => Ok(Formula::PerContact { amount: table.required("amount", amount)? }),
    }
}

fn per_weight(table: &Table<'_>) -> Result<Formula, Faulty> {
    let amount = table.required("amount", amount);
    let weights = table.required("weights", reference);
    let weight_by = table.required("weight_by", some(weight_field));
    let rounding = table.optional("rounding", rounding_of_one_amount);
    Ok(Formula::PerWeight {
        amount: amount?,
        weights: weights?,
        weight_by: weight_by?,
        rounding: rounding?.unwrap_or_default(),
    })
}

fn per_period(table: &Table<'_>) -> Result<Formula, Faulty> {
    let amount = table.required("amount", amount);
    let period = table.required("period", word(PregnancyPeriod::ALL));
    let weights = table.optional("weights", reference);
    let fields = table.optional("weight_by", some(weight_field));
    let rounding = table.optional("rounding", rounding_of_one_amount);
    let weights = match (weights?, fields?) {
        (Some(table), Some(fields)) => Some(WeightedBy { table, fields }),
        (None, None) => None,
        (Some(_), None) => return Err(table.missing("weight_by")),
        (None, Some(_)) => return Err(table.missing("weights")),
    };
    Ok(Formula::PerPeriod {
        amount: amount?,
        period: period?,
        weights,
        rounding: rounding?.unwrap_or_default(),
    })
}

fn tier(table: &Table<'_>) -> Result<Formula, Faulty> {
    let of = table.required("of", some(reference));
    let per = table.optional("per", unit_year);
    let number = |value: &Value<'_>| {
        count(value).and_then(|n| {
            i64::try_from(n)
                .map_err(|_| value.wrong("talet är för stort", "the number is too large"))
        })
    };
    let steps = table.required("steps", |value| steps(value, number));
    per?;
    Ok(Formula::Tier { of: of?, steps: steps? })
}

fn ceiling(table: &Table<'_>) -> Result<Formula, Faulty> {
    let of = table.required("of", some(reference));
    let per = table.optional("per", unit_year);
    let steps = table.required("steps", |value| steps(value, amount));
    per?;
    Ok(Formula::Ceiling { of: of?, steps: steps? })
}

/// Tiers and ceilings are counted by unit and calendar year (R39).
fn unit_year(value: &Value<'_>) -> Result<(), Faulty> {
    match value.text()? {
        "unit-year" => Ok(()),
        _ => Err(not_among(value, &["unit-year"])),
    }
}

/// Steps from the lowest to the highest, each above the one before.
fn steps<T: PartialOrd + Copy>(
    value: &Value<'_>,
    over: impl Fn(&Value<'_>) -> Result<T, Faulty>,
) -> Result<Vec<Step<T>>, Faulty> {
    let read = |item: &Value<'_>| {
        let table = Table::within(item, item.entries()?, &["over", "percent"]);
        let over = table.required("over", &over);
        let percent = table.required("percent", exact_number);
        Ok(Step { over: over?, percent: percent? })
    };
    let steps = any(read)(value)?;
    let ascends = steps.windows(2).all(|two| matches!(two, [a, b] if a.over < b.over));
    if steps.is_empty() || !ascends {
        return Err(value.wrong(
            "skriv minst ett steg, med `over` i stigande ordning",
            "write at least one step, with `over` in ascending order",
        ));
    }
    Ok(steps)
}

/// A field of R60; any other name is a class column without `class_`.
fn weight_field(value: &Value<'_>) -> Result<WeightField, Faulty> {
    Ok(match value.text()? {
        "drg" => WeightField::Drg,
        "unit" => WeightField::Unit,
        "kind" => WeightField::Kind,
        "profession" => WeightField::Profession,
        "place" => WeightField::Place,
        "residence" => WeightField::Residence,
        "area_class" => WeightField::AreaClass,
        _ => WeightField::Class(when::class_name(value)?),
    })
}

fn uplift(table: &Table<'_>) -> Result<Formula, Faulty> {
    let by = uplift_by(table);
    let of = table.required("of", some(reference));
    let rounding = table.optional("rounding", rounding_of_one_amount);
    Ok(Formula::Uplift { by: by?, of: of?, rounding: rounding?.unwrap_or_default() })
}

fn uplift_by(table: &Table<'_>) -> Result<UpliftBy, Faulty> {
    if table.has("percent") && table.has("amount") {
        let message = Text::new(
            "`percent` och `amount` utesluter varandra; ta bort det ena",
            "`percent` and `amount` exclude each other; leave one out",
        );
        return Err(table.refuse_key(Code::BadValue, "amount", message));
    }
    match table.optional("amount", amount)? {
        Some(amount) => Ok(UpliftBy::Amount(amount)),
        None => table.required("percent", exact_number).map(UpliftBy::Percent),
    }
}

fn rounding(value: &Value<'_>) -> Result<Rounding, Faulty> {
    named_rounding(value, |_| true)
}

fn rounding_of_one_amount(value: &Value<'_>) -> Result<Rounding, Faulty> {
    named_rounding(value, Rounding::rounds_one_amount)
}

pub(super) fn named_rounding(
    value: &Value<'_>,
    allowed: impl Fn(Rounding) -> bool,
) -> Result<Rounding, Faulty> {
    let text = value.text()?;
    let named = || Rounding::NAMES.into_iter().filter(|(_, rounding)| allowed(*rounding));
    let found = named().find(|(name, _)| *name == text);
    found
        .map(|(_, rounding)| rounding)
        .ok_or_else(|| not_among(value, &named().map(|(name, _)| name).collect::<Vec<_>>()))
}

fn share(table: &Table<'_>, valid: Option<Period>) -> Result<Formula, Faulty> {
    let rounding = table.optional("rounding", rounding);
    let pot = table.required("pot", |value| pot(value, rounding.ok().flatten()));
    let key = table.required("key", share_key);
    let residue = table.optional("residue", text);
    let pay = table.optional("pay", word(Pay::ALL));
    let days = valid.map_or(Ok(()), |valid| days_of_share(table, valid, pay.ok().flatten()));
    days?;
    Ok(Formula::Share {
        pot: pot?,
        key: key?,
        rounding: rounding?.unwrap_or_default(),
        residue: residue?,
        pay: pay?.unwrap_or(Pay::Once),
    })
}

/// A pot that is rounded in kronor is whole kronor (R36).
fn pot(value: &Value<'_>, rounding: Option<Rounding>) -> Result<Money, Faulty> {
    let pot = amount(value)?;
    let rounding = rounding.unwrap_or_default();
    if pot.ore() % rounding.unit().ore() == 0 {
        return Ok(pot);
    }
    let name = rounding.name();
    Err(value.refuse(
        Code::BadShare,
        &format!("avrundningen `{name}` räknar i hela kronor, så potten måste vara hela kronor"),
        &format!("the rounding `{name}` works in whole kronor, so the pot must be whole kronor"),
    ))
}

pub(super) fn share_key(value: &Value<'_>) -> Result<ShareKey, Faulty> {
    Ok(match value.text()? {
        "capacity" => ShareKey::Capacity,
        name => ShareKey::Named(name.into()),
    })
}

/// A share lasts within one calendar year (R35, R47); a monthly one has a first day of a month (R60).
fn days_of_share(table: &Table<'_>, valid: Period, pay: Option<Pay>) -> Result<(), Faulty> {
    let refuse = |key, sv, en| Err(table.refuse_key(Code::BadShare, key, Text::new(sv, en)));
    let Some(last) = valid.last() else {
        return refuse(
            "valid_from",
            "`valid_to` saknas: en andel av en pott gäller inom ett kalenderår",
            "`valid_to` is missing: a share of a pot is valid within one calendar year",
        );
    };
    if last.year() != valid.from.year() {
        return refuse(
            "valid_to",
            "en andel av en pott gäller inom ett kalenderår; skriv en rad för varje år",
            "a share of a pot is valid within one calendar year; write one rate for each year",
        );
    }
    if pay == Some(Pay::Monthly) && valid.month_starts(last).next().is_none() {
        return refuse(
            "valid_to",
            "giltighetstiden innehåller ingen första dag i en månad, så ingen månad betalas",
            "the validity holds no first day of a month, so no month is paid",
        );
    }
    Ok(())
}
