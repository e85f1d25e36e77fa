//! `when`: what must hold for a rate.
//!
//! Owns: the keys of a condition and their values (R24–R26). Does not own: whether a contact satisfies it.
//!
//! `when = { kind = ["delivery"], holds = ["continuity"], enrolled = true }`

use super::sheet::Faulty;
use super::table::Table;
use super::value::{Value, boolean, code_pattern, range, reference, residences, some, text, word};
use kernel::fact::{Area, ClassMatch, Condition, ContactCondition, ContactKind, UnitCondition};
use kernel::finding::{Code, Text};

/// Which keys a formula may be conditioned on.
#[derive(Clone, Copy)]
pub(super) enum Allowed {
    /// Every key.
    All,
    /// These alone; the formula gives lines to units (R26, R60).
    Only(&'static [&'static str]),
}

pub(super) const KEYS: [&str; 17] = [
    "kind",
    "drg",
    "diagnosis",
    "procedure",
    "place",
    "profession",
    "residence",
    "holds",
    "unit",
    "area",
    "area_class",
    "by_team",
    "enrolled",
    "individual",
    "parity",
    "gestational_days",
    "class",
];

/// Reads a `when`.
pub(super) fn condition(value: &Value<'_>, allowed: Allowed) -> Result<Condition, Faulty> {
    let table = Table::within(value, value.entries()?, &KEYS);
    let allowed = check_allowed(&table, allowed);
    let unit = of_unit(&table);
    let contact = of_contact(&table);
    allowed?;
    Ok(Condition { unit: unit?, contact: contact? })
}

/// Reads a `when` of a contact alone.
pub(super) fn contact_condition(value: &Value<'_>) -> Result<ContactCondition, Faulty> {
    let table = Table::within(value, value.entries()?, &KEYS);
    let of_unit: Vec<&str> =
        ["unit", "holds", "area", "area_class"].into_iter().filter(|key| table.has(key)).collect();
    for key in &of_unit {
        let message = Text::new(
            format!("`{key}` är ett villkor för enheten, inte för kontakten"),
            format!("`{key}` is a condition of the unit, not of the contact"),
        );
        table.refuse_key(Code::BadCondition, key, message);
    }
    let contact = of_contact(&table);
    if of_unit.is_empty() { contact } else { Err(Faulty) }
}

fn check_allowed(table: &Table<'_>, allowed: Allowed) -> Result<(), Faulty> {
    let Allowed::Only(keys) = allowed else { return Ok(()) };
    let unfit: Vec<&str> =
        table.others(keys).into_iter().filter(|key| KEYS.contains(key)).collect();
    let names = keys.join(", ");
    for key in &unfit {
        let message = Text::new(
            format!("`when.{key}` kan inte gälla en ersättning till enheter; tillåtna är {names}"),
            format!("`when.{key}` cannot condition a payment to units; allowed are {names}"),
        );
        table.refuse_key(Code::BadCondition, key, message);
    }
    if unfit.is_empty() { Ok(()) } else { Err(Faulty) }
}

fn of_unit(table: &Table<'_>) -> Result<UnitCondition, Faulty> {
    let unit = table.optional("unit", some(reference));
    let holds = table.optional("holds", some(reference));
    let area = table.optional("area", some(word(Area::ALL)));
    let area_class = table.optional("area_class", some(text));
    Ok(UnitCondition { unit: unit?, holds: holds?, area: area?, area_class: area_class? })
}

fn of_contact(table: &Table<'_>) -> Result<ContactCondition, Faulty> {
    let kind = table.optional("kind", some(word(ContactKind::ALL)));
    let drg = table.optional("drg", some(code_pattern));
    let diagnosis = table.optional("diagnosis", some(code_pattern));
    let procedure = table.optional("procedure", some(code_pattern));
    let place = table.optional("place", some(text));
    let profession = table.optional("profession", some(text));
    let residence = table.optional("residence", residences);
    let by_team = table.optional("by_team", some(boolean));
    let enrolled = table.optional("enrolled", some(boolean));
    let individual = table.optional("individual", some(boolean));
    let parity = table.optional("parity", range);
    let gestational_days = table.optional("gestational_days", range);
    let class = table.optional("class", some(class_match));
    Ok(ContactCondition {
        kind: kind?,
        drg: drg?,
        diagnosis: diagnosis?,
        procedure: procedure?,
        place: place?,
        profession: profession?,
        residence: residence?,
        by_team: by_team?,
        enrolled: enrolled?,
        individual: individual?,
        parity: parity?,
        gestational_days: gestational_days?,
        class: class?,
    })
}

fn class_match(value: &Value<'_>) -> Result<ClassMatch, Faulty> {
    let table = Table::within(value, value.entries()?, &["name", "in"]);
    let name = table.required("name", class_name);
    let values = table.required("in", some(text));
    Ok(ClassMatch { name: name?, values: values? })
}

/// The name of a class column without `class_`, in lower case as headers are read.
pub(super) fn class_name(value: &Value<'_>) -> Result<String, Faulty> {
    let name = value.text()?;
    if name.starts_with("class_") {
        return Err(value.wrong(
            "skriv kolumnens namn utan `class_`",
            "write the name of the column without `class_`",
        ));
    }
    Ok(name.to_lowercase())
}
