//! `[[indicator]]`, `[[target]]` and `[[disclosure]]`: what is followed up.
//!
//! Owns: their keys. Does not own: how an indicator is counted.
//!
//! `counts = [{ birth = { diagnosis = ["O70.2*"] } }]` is a list of tests, each with one key.

use super::facts::{Start, validity};
use super::sheet::Faulty;
use super::table::Table;
use super::value::{
    Value, any, boolean, date, exact_number, id, not_among, range, small_count, some, text, word,
};
use super::when::contact_condition;
use kernel::fact::{
    Bound, ContactCondition, Direction, Disclosure, Fact, Gives, Indicator, Quantity, Target, Test,
    Theme,
};

/// Reads one of the tables of follow-up.
pub(super) fn fact(name: &str, table: &Table<'_>) -> Option<Result<Fact, Faulty>> {
    Some(match name {
        "indicator" => indicator(table).map(|one| Fact::Indicator(Box::new(one))),
        "target" => target(table).map(Fact::Target),
        "disclosure" => disclosure(table).map(Fact::Disclosure),
        _ => return None,
    })
}

fn indicator(table: &Table<'_>) -> Result<Indicator, Faulty> {
    table.only(&[
        "id",
        "label",
        "anchor",
        "theme",
        "gives",
        "quantity",
        "question",
        "among",
        "counts",
        "direction",
        "minimum_reported",
        "defined_by",
        "family",
        "valid_from",
        "valid_to",
    ]);
    let name = table.required("id", id::<Box<str>>);
    let label = table.required("label", text);
    let theme = table.required("theme", word(Theme::ALL));
    let gives = gives(table);
    let among = table.optional("among", any(test));
    let counts = table.optional("counts", any(test));
    let direction = table.optional("direction", word(Direction::ALL));
    let minimum_reported = table.optional("minimum_reported", percent);
    let defined_by = table.optional("defined_by", text);
    let family = table.optional("family", id::<Box<str>>);
    let valid = validity(table, Start::Compulsory);
    label?;
    Ok(Indicator {
        id: String::from(name?),
        theme: theme?,
        gives: gives?,
        among: among?.unwrap_or_default(),
        counts: counts?.unwrap_or_default(),
        direction: direction?.unwrap_or(Direction::Neither),
        minimum_reported: minimum_reported?.unwrap_or(0),
        defined_by: defined_by?,
        family: family?.map(String::from),
        valid: valid?,
    })
}

const GIVES: [&str; 5] = ["share", "mean", "median", "answers", "capacity-used"];

fn gives(table: &Table<'_>) -> Result<Gives, Faulty> {
    let kind = table.optional("gives", |value| {
        let kind = value.text()?;
        if GIVES.contains(&kind) { Ok(kind.to_owned()) } else { Err(not_among(value, &GIVES)) }
    })?;
    let quantity = || table.required("quantity", word(Quantity::ALL));
    Ok(match kind.as_deref() {
        Some("mean") => Gives::Mean(quantity()?),
        Some("median") => Gives::Median(quantity()?),
        Some("answers") => Gives::Answers(table.required("question", text)?),
        Some("capacity-used") => Gives::CapacityUsed,
        _ => {
            table.required("counts", some(test))?;
            Gives::Share
        }
    })
}

const TESTS: [&str; 14] = [
    "birth",
    "not_birth",
    "measure",
    "from",
    "to",
    "contact",
    "days",
    "labour",
    "one_to_one",
    "known_midwife",
    "robson",
    "planned",
    "elsewhere",
    "area_class",
];

/// One test; it has one key, and `measure` and `contact` their bounds beside it.
fn test(value: &Value<'_>) -> Result<Test, Faulty> {
    let table = Table::within(value, value.entries()?, &TESTS);
    let bounds = ["from", "to", "days"];
    let keys: Vec<&str> = table.others(&bounds).into_iter().collect();
    let [key] = keys.as_slice() else {
        return Err(value.wrong(
            "skriv ett villkor i varje klammer, till exempel `{ birth = { diagnosis = [\"O72*\"] } }`",
            "write one test in each pair of braces, such as `{ birth = { diagnosis = [\"O72*\"] } }`",
        ));
    };
    let wanted: &[&str] = match *key {
        "measure" => &["from", "to"],
        "contact" => &["days"],
        _ => &[],
    };
    if let Some(stray) = bounds.iter().find(|bound| table.has(bound) && !wanted.contains(bound)) {
        return Err(value.wrong(
            &format!("`{stray}` hör inte till `{key}`"),
            &format!("`{stray}` does not belong to `{key}`"),
        ));
    }
    match *key {
        "birth" => Ok(Test::Birth(table.required("birth", condition)?)),
        "not_birth" => Ok(Test::NotBirth(table.required("not_birth", condition)?)),
        "measure" => measure(&table, value),
        "contact" => {
            let when = table.required("contact", condition);
            let days = table.required("days", range);
            Ok(Test::Contact { when: when?, days: days? })
        }
        "labour" => holds(&table, "labour", Test::Labour),
        "one_to_one" => Ok(Test::OneToOne(table.required("one_to_one", percent)?)),
        "known_midwife" => Ok(Test::KnownMidwife(table.required("known_midwife", small)?)),
        "robson" => Ok(Test::Robson(table.required("robson", some(robson_group))?)),
        "planned" => holds(&table, "planned", Test::Planned),
        "elsewhere" => holds(&table, "elsewhere", Test::Elsewhere),
        "area_class" => Ok(Test::AreaClass(table.required("area_class", some(text))?)),
        _ => Err(Faulty),
    }
}

fn condition(value: &Value<'_>) -> Result<ContactCondition, Faulty> {
    contact_condition(value)
}

fn measure(table: &Table<'_>, value: &Value<'_>) -> Result<Test, Faulty> {
    let name = table.required("measure", text);
    let from = table.optional("from", exact_number);
    let to = table.optional("to", exact_number);
    let (name, from, to) = (name?, from?, to?);
    if from.is_none() && to.is_none() {
        return Err(value.wrong(
            "skriv `from`, `to` eller båda efter `measure`",
            "write `from`, `to` or both after `measure`",
        ));
    }
    Ok(Test::Measure { name, from, to })
}

/// A test that is only ever asked for; its opposite is left out.
fn holds(table: &Table<'_>, key: &'static str, test: Test) -> Result<Test, Faulty> {
    table.required(key, |value| {
        if boolean(value)? { Ok(test) } else { Err(value.wrong("skriv `true`", "write `true`")) }
    })
}

fn within(value: &Value<'_>, last: i32) -> Result<u8, Faulty> {
    let number = small_count(value)?;
    u8::try_from(number).ok().filter(|_| number <= last).ok_or_else(|| {
        value.wrong(
            &format!("skriv ett heltal från 0 till {last}"),
            &format!("write a whole number from 0 to {last}"),
        )
    })
}

fn percent(value: &Value<'_>) -> Result<u8, Faulty> {
    within(value, 100)
}

fn small(value: &Value<'_>) -> Result<u8, Faulty> {
    within(value, 50)
}

fn robson_group(value: &Value<'_>) -> Result<u8, Faulty> {
    within(value, 10)
}

fn target(table: &Table<'_>) -> Result<Target, Faulty> {
    table.only(&[
        "indicator",
        "at_most",
        "at_least",
        "below",
        "due",
        "valid_from",
        "valid_to",
        "label",
        "anchor",
    ]);
    let indicator = table.required("indicator", text);
    let at_most = table.optional("at_most", exact_number);
    let at_least = table.optional("at_least", exact_number);
    let below = table.optional("below", exact_number);
    let due = table.optional("due", date);
    let valid = validity(table, Start::Compulsory);
    let bound = match (at_most?, at_least?, below?) {
        (Some(level), None, None) => Bound::AtMost(level),
        (None, Some(level), None) => Bound::AtLeast(level),
        (None, None, Some(level)) => Bound::Below(level),
        _ => return Err(table.missing("at_most")),
    };
    Ok(Target { indicator: indicator?, bound, due: due?, valid: valid? })
}

fn disclosure(table: &Table<'_>) -> Result<Disclosure, Faulty> {
    table.only(&["threshold", "valid_from", "valid_to", "label", "anchor"]);
    let threshold = table.required("threshold", small);
    let valid = validity(table, Start::Compulsory);
    Ok(Disclosure { threshold: threshold?.into(), valid: valid? })
}
