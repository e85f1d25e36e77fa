//! Two of what there may be one of: rates, statements, agreements, payers, codes, ids.

use super::*;

pub fn clash(
    field: &Field<'_>,
    what: &str,
    rate: &Table,
    keys: &[(&str, String)],
    file: &str,
) -> Plant {
    let mut books = field.books.clone();
    append(&mut books, file, "rate", keys);
    let what = format!("{what} {} in {file}", rate.get("id"));
    // A rate that was replaced clashes with what replaced it too.
    let mut plant = Plant::new(what, books, "conflicting-rates", file).about("planted");
    for other in field.prices() {
        if other.get("element") == rate.get("element") {
            plant = plant.or_in(&other.file);
        }
    }
    plant.or_in(&rate.file)
}

pub fn second_rate(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.prices());
    let mut keys = copy_of(rate, "planted");
    if dice.below(2) == 0 {
        let from = dice.day("2023-05-01", "2026-12-01");
        put(&mut keys, "valid_from", from.to_string());
    }
    let file = field.any_file(dice);
    clash(field, "a second", rate, &keys, &file)
}

pub fn second_rate_of_unit(field: &Field<'_>, facts: &Facts, dice: &mut Dice) -> Plant {
    loop {
        let rate = *dice.one(&field.prices());
        if rate.raw("when").is_some_and(|when| when.contains("unit =")) {
            continue;
        }
        let on = dice.day("2023-05-01", "2026-12-01");
        let Some(unit) = field.unit_of(facts, rate, on, dice) else { continue };
        let mut keys = copy_of(rate, "planted");
        put(&mut keys, "when", narrowed(rate, &format!("unit = [\"{unit}\"]")));
        put(&mut keys, "valid_from", on.month().first_day().to_string());
        put(&mut keys, "valid_to", on.plus(40).to_string());
        let file = field.any_file(dice);
        // It ends, but the rate that it stands beside goes on.
        return clash(field, &format!("for {unit} a second"), rate, &keys, &file).about(&unit);
    }
}

pub fn second_rate_of_some(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices_of_contacts();
    let more = *dice.one(&[
        "drg = [\"P05*\"]",
        "drg = [\"P01A\", \"P06N\"]",
        "parity = [1, 3]",
        "parity = 0",
        "class = { name = \"burden\", in = [\"1\", \"2\"] }",
        "gestational_days = [140, 216]",
        "residence = [\"0188\"]",
        "diagnosis = [\"O80*\", \"Z37.0\"]",
        "procedure = \"MAA*\"",
        "profession = \"midwife\"",
        "individual = true",
        "by_team = false",
    ]);
    let key = more.split(' ').next().unwrap();
    // A key stands once; and a period of other days than the rate's would be no clash.
    let has = |rate: &&Table| rate.raw("when").is_some_and(|when| when.contains(key));
    let of_other_days = |rate: &&Table| key == "gestational_days" && rate.has("period");
    rates.retain(|rate| !has(rate) && !of_other_days(rate));
    let rate = *dice.one(&rates);
    let mut keys = copy_of(rate, "planted");
    put(&mut keys, "when", narrowed(rate, more));
    let file = field.any_file(dice);
    clash(field, &format!("for {more} a second"), rate, &keys, &file)
}

pub fn second_share(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let mut keys = copy_of(share, "planted");
    if dice.below(2) == 0 {
        put(&mut keys, "when", "{ unit = [\"sodertalje\", \"danderyd\"] }".to_owned());
    }
    let year = &share.get("valid_from")[..4];
    let from = dice.day(&format!("{year}-01-01"), &format!("{year}-11-01"));
    put(&mut keys, "valid_from", from.to_string());
    let file = field.any_file(dice);
    clash(field, "a second", share, &keys, &file)
}

pub fn overlap(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let name = *dice.one(&["unit", "agreement", "payer", "assignment"]);
    let mut all = field.of(name);
    // Those that are to end at once have nothing to overlap with.
    all.retain(|table| table.get("valid_from") < "2023-05-01");
    let table = *dice.one(&all);
    let from = dice.day("2023-05-01", "2026-12-01");
    let mut keys: Vec<(&str, String)> =
        table.keys.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    keys.retain(|(key, _)| !["anchor", "valid_from", "valid_to"].contains(key));
    keys.push(("valid_from", from.to_string()));
    keys.push(("valid_to", day("2026-12-31").to_string()));
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    append(&mut books, &file, name, &keys);
    let id = if name == "assignment" { table.get("unit") } else { table.get("id") };
    let what = format!("{name} {id} stated again from {from} in {file}");
    Plant::new(what, books, "overlapping-periods", &file).about(id)
}

pub fn two_statements(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (name, key, value) = *dice.one(&[
        ("provider", "legal_form", "\"association\""),
        ("unit", "municipality", "\"0199\""),
        ("agreement", "backward_months", "7"),
        ("assignment", "valid_to", "2031-05-05"),
        ("capacity", "deliveries", "7"),
        ("weight", "value", "\"0.77\""),
        ("payer", "residence", "[\"0199\"]"),
        ("appropriation", "amount", "\"7 kr\""),
        ("commission", "what", "\"Något annat\""),
        ("grant", "payer", "\"EU\""),
        ("heading", "amount", "\"7 kr\""),
        ("mandate", "holder", "\"någon annan\""),
        ("grant_act", "amount", "\"7 kr\""),
    ]);
    let table = *dice.one(&field.of(name));
    let mut keys: Vec<(&str, String)> =
        table.keys.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    keys.retain(|(other, _)| *other != key && *other != "anchor");
    keys.push((key, value.to_owned()));
    let mut books = field.books.clone();
    append(&mut books, &table.file, name, &keys);
    let what = format!("{name} of {} line {} with another {key}", table.file, table.from);
    Plant::new(what, books, "conflicting-statements", &table.file)
}

pub fn two_agreements(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (unit, own) = *dice.one(&DELIVERY);
    let others: Vec<_> = DELIVERY.iter().filter(|(_, agreement)| *agreement != own).collect();
    let (_, agreement) = **dice.one(&others);
    let from = dice.day("2023-05-01", "2026-06-01");
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted("base")),
        ("valid_from", from.to_string()),
        ("valid_to", from.plus(1 + i32::try_from(dice.below(200)).unwrap()).to_string()),
    ];
    append(&mut books, &file, "assignment", &keys);
    // Told of the base that begins later.
    let what = format!("{unit} under {agreement} too from {from}");
    Plant::new(what, books, "two-agreements", &file).about(unit)
}

pub fn payer_tie(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (rival, residence) = *dice.one(&[
        ("kson", Some("[\"0188\"]")),
        ("kson", Some("[\"0114\", \"0188\"]")),
        ("other-region", Some("[\"out-of-county\"]")),
        ("hsn", None),
    ]);
    let rival = field.find("payer", "id", rival);
    let from = dice.day("2016-01-01", "2030-01-01");
    let id = *dice.one(&["aa-payer", "zz-payer"]);
    let mut keys = vec![("id", quoted(id)), ("valid_from", from.to_string())];
    keys.extend(residence.map(|residence| ("residence", residence.to_owned())));
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    append(&mut books, &file, "payer", &keys);
    let what = format!("{id} like {} from {from}", rival.get("id"));
    let plant = Plant::new(what, books, "payer-tie", &file).or_in(&rival.file);
    plant.about(id).about(rival.get("id"))
}

pub fn shared_code(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let units = field.of("unit");
    let (mut one, mut other) = (*dice.one(&units), *dice.one(&units));
    while one.get("id") == other.get("id") {
        other = *dice.one(&units);
    }
    if (&other.file, other.from) < (&one.file, one.from) {
        (one, other) = (other, one);
    }
    let key = *dice.one(&["kombika", "hsa_id"]);
    let mut books = field.changed(other, key, Some("\"11002-X\""));
    set(&mut books, one, key, Some("\"11002-X\""));
    let what = format!("{} and {} have one {key}", one.get("id"), other.get("id"));
    let plant = Plant::new(what, books, "shared-code", &one.file).or_in(&other.file);
    plant.about("11002-X").about(one.get("id")).about(other.get("id"))
}

pub fn decision_twice(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let decisions = field.of("decision");
    let (one, mut other) = (*dice.one(&decisions), *dice.one(&decisions));
    while one.file == other.file {
        other = *dice.one(&decisions);
    }
    let books = field.changed(other, "id", Some(&quoted(one.get("id"))));
    let what = format!("{} has the id of {}", other.file, one.file);
    let plant = Plant::new(what, books, "duplicate-id", &one.file).or_in(&other.file);
    plant.about(one.get("id"))
}

pub fn rate_twice(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    append(&mut books, &file, "rate", &copy_of(rate, rate.get("id")));
    let plant =
        Plant::new(format!("{} in {file} too", rate.get("id")), books, "duplicate-id", &file);
    plant.or_in(&rate.file).about(rate.get("id"))
}
