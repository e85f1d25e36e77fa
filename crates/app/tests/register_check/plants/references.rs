//! What names something that is not there, or itself.

use super::*;

pub fn unknown_id(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (name, key) = *dice.one(&[
        ("unit", "provider"),
        ("agreement", "provider"),
        ("assignment", "unit"),
        ("assignment", "agreement"),
        ("capacity", "unit"),
    ]);
    let table = *dice.one(&field.of(name));
    let value = format!("{}-x", table.get(key));
    let books = field.changed(table, key, Some(&quoted(&value)));
    let what = format!("{name}.{key} = {value} in {} line {}", table.file, table.from);
    let plant = Plant::new(what, books, "unknown-id", &table.file).about(&value);
    // An add-on without the base that went astray; two of one agreement where its end did; a figure without source
    // that is told under the other name.
    plant.brings(&["add-on-without-base", "rate-gap", "source-not-at-hand"])
}

pub fn unknown_unit_in_when(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.of("rate");
    rates.retain(|rate| !rate.raw("when").is_some_and(|when| when.contains("unit =")));
    let rate = *dice.one(&rates);
    let when = narrowed(rate, "unit = [\"danderyd\", \"danderyx\"]");
    let books = field.changed(rate, "when", Some(&when));
    let what = format!("{} when unit danderyx", rate.get("id"));
    // An add-on of Huddinge is no longer paid there.
    Plant::new(what, books, "unknown-id", &rate.file).about("danderyx").brings(&["rate-gap"])
}

pub fn unknown_weights(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.with("rate", "weights"));
    let value = format!("drg-{}", dice.below(3000));
    let books = field.changed(rate, "weights", Some(&quoted(&value)));
    Plant::new(format!("weights {value}"), books, "unknown-id", &rate.file).about(&value)
}

pub fn unknown_key(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = field.find("rate", "formula", "share");
    let value = format!("residents-{}", dice.below(3000));
    let books = field.changed(rate, "key", Some(&quoted(&value)));
    let plant = Plant::new(format!("key {value}"), books, "unknown-id", &rate.file).about(&value);
    plant.brings(&["empty-key"])
}

pub fn replaces_nothing(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let books = field.changed(rate, "replaces", Some("[\"no-such-rate\"]"));
    let what = format!("{} replaces no-such-rate", rate.get("id"));
    let plant = Plant::new(what, books, "bad-replaces", &rate.file).about("no-such-rate");
    plant.brings(&["was-not-equal"])
}

pub fn of_nothing(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.with("rate", "of"));
    // Nothing, or something that goes to units.
    let element = *dice.one(&["no-such-element", "standby", "transition-support"]);
    let of = format!("[\"delivery-base\", \"{element}\"]");
    let books = field.changed(rate, "of", Some(&of));
    Plant::new(format!("{} of {element}", rate.get("id")), books, "bad-of", &rate.file)
        .about(element)
}

pub fn replaces_itself(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let books = field.changed(rate, "replaces", Some(&format!("[\"{}\"]", rate.get("id"))));
    let what = format!("{} replaces itself", rate.get("id"));
    let plant = Plant::new(what, books, "cycle", &rate.file).about(rate.get("id"));
    plant.brings(&["was-not-equal"])
}

pub fn replace_each_other(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices_of_contacts();
    rates.retain(|rate| !rate.has("replaces"));
    let (mut one, mut other) = (*dice.one(&rates), *dice.one(&rates));
    while one.get("id") == other.get("id") {
        other = *dice.one(&rates);
    }
    if (&other.file, other.from) < (&one.file, one.from) {
        (one, other) = (other, one);
    }
    // The later one first, so that the lines of the earlier still hold.
    let mut books = field.changed(other, "replaces", Some(&format!("[\"{}\"]", one.get("id"))));
    set(&mut books, one, "replaces", Some(&format!("[\"{}\"]", other.get("id"))));
    let what = format!("{} and {} replace each other", one.get("id"), other.get("id"));
    Plant::new(what, books, "cycle", &one.file).or_in(&other.file)
}

pub fn raises_itself(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut raises = field.with("rate", "of");
    raises.retain(|rate| rate.get("formula") == "uplift");
    let rate = *dice.one(&raises);
    let of = *dice.one(&["[\"raise-2017\", \"raise-2018\"]", "[\"raise-2018\", \"raise-2017\"]"]);
    let books = field.changed(rate, "of", Some(of));
    let plant = Plant::new(format!("{} of {of}", rate.get("id")), books, "cycle", &rate.file);
    plant
        .or_in("stockholm/landstinget-2017-10-raise.toml")
        .or_in("stockholm/landstinget-2018-05-raise.toml")
}

pub fn replaces_unit_rate(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices_of_contacts();
    rates.retain(|rate| !rate.has("was"));
    let rate = *dice.one(&rates);
    let unit_rate = *dice.one(&["demo-standby", "transition-support-2023"]);
    let books = field.changed(rate, "replaces", Some(&format!("[\"{unit_rate}\"]")));
    let what = format!("{} replaces {unit_rate}", rate.get("id"));
    Plant::new(what, books, "bad-replaces", &rate.file).about(unit_rate)
}
