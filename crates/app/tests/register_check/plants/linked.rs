//! Pay by period, tiers, ceilings and lumps that say what they may not.

use super::*;

/// A rate of its own in some file: the books with it, and the file.
pub fn planted(field: &Field<'_>, dice: &mut Dice, keys: &[(&str, &str)]) -> (Books, String) {
    let (mut books, file) = (field.books.clone(), field.any_file(dice));
    let given = |key: &str| keys.iter().any(|(name, _)| *name == key);
    let usual = [("id", "\"planted\""), ("element", "\"planted\""), ("valid_from", "2023-05-01")];
    let usual = usual.into_iter().filter(|(key, _)| !given(key));
    let keys: Vec<(&str, String)> =
        usual.chain(keys.iter().copied()).map(|(key, value)| (key, value.to_owned())).collect();
    append(&mut books, &file, "rate", &keys);
    (books, file)
}

pub fn second_of_period(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let period = *dice.one(&["\"A\"", "\"B\"", "\"C\""]);
    let when = *dice.one(&[
        "{}",
        "{ profession = \"midwife\" }",
        "{ area = \"midwife-clinic\" }",
        "{ gestational_days = [100, 230] }",
    ]);
    let keys = [
        ("formula", "\"per-period\""),
        ("period", period),
        ("amount", "\"1 600 kr\""),
        ("when", when),
    ];
    let (books, file) = planted(field, dice, &keys);
    let from = dice.day("2023-05-01", "2026-12-01").to_string();
    let mut again = keys.to_vec();
    again[3] = ("when", "{ individual = true }");
    again.extend([("id", "\"planted-too\""), ("valid_from", from.as_str())]);
    let with = Field::new(&books);
    let (books, other) = planted(&with, dice, &again);
    let what = format!("two of period {period} when {when}, the second from {from}");
    let plant = Plant::new(what, books, "conflicting-rates", &file).or_in(&other);
    plant.about("planted").about("planted-too")
}

/// A tier or ceiling with some steps; `of` and the rest are given.
pub fn by_year(dice: &mut Dice) -> [(&'static str, &'static str); 2] {
    *dice.one(&[
        [("formula", "\"tier\""), ("steps", "[{ over = 4000, percent = \"80\" }]")],
        [("formula", "\"ceiling\""), ("steps", "[{ over = \"9 mkr\", percent = \"50\" }]")],
    ])
}

pub fn rests_on_itself(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut keys = by_year(dice).to_vec();
    // Directly, or through a raise that rests on it.
    if dice.below(2) == 0 {
        keys.push(("of", "[\"delivery-base\", \"planted\"]"));
        let (books, file) = planted(field, dice, &keys);
        return Plant::new("of itself", books, "cycle", &file).about("planted").brings(&["bad-of"]);
    }
    let raise = *dice.one(&["raise-2017", "raise-2018"]);
    let of = format!("[\"{raise}\"]");
    keys.push(("of", &of));
    let (mut books, file) = planted(field, dice, &keys);
    let rate = field.with("rate", "of").into_iter().find(|rate| rate.get("element") == raise);
    let rate = rate.unwrap();
    let file_of_raise = rate.file.clone();
    set(&mut books, rate, "of", Some("[\"delivery-base\", \"planted\"]"));
    let what = format!("of {raise}, which rests on it");
    let plant = Plant::new(what, books, "cycle", &file).or_in(&file_of_raise);
    let plant = plant.or_in("stockholm/landstinget-2017-10-raise.toml");
    plant.or_in("stockholm/landstinget-2018-05-raise.toml").brings(&["bad-of"])
}

pub fn of_a_year(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut keys = by_year(dice).to_vec();
    keys.push(("of", "[\"delivery-base\"]"));
    let (books, _) = planted(field, dice, &keys);
    let with = Field::new(&books);
    let mut keys = match dice.below(3) {
        0 => vec![("formula", "\"uplift\""), ("percent", "\"5\"")],
        _ => by_year(dice).to_vec(),
    };
    keys.extend([
        ("id", "\"planted-too\""),
        ("element", "\"planted-too\""),
        ("of", "[\"delivery-base\", \"planted\"]"),
    ]);
    let (books, file) = planted(&with, dice, &keys);
    let what = format!("{} of a tier or ceiling", keys[0].1);
    Plant::new(what, books, "bad-of", &file).about("planted")
}

pub fn bad_steps(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (formula, steps) = *dice.one(&[
        ("\"tier\"", "[{ over = 5, percent = \"80\" }, { over = 4, percent = \"50\" }]"),
        ("\"tier\"", "[{ over = 4, percent = \"80\" }, { over = 4, percent = \"50\" }]"),
        ("\"tier\"", "[]"),
        ("\"tier\"", "[{ over = \"4 kr\", percent = \"80\" }]"),
        ("\"ceiling\"", "[{ over = 4, percent = \"80\" }]"),
        (
            "\"ceiling\"",
            "[{ over = \"5 mkr\", percent = \"80\" }, { over = \"4 mkr\", percent = \"50\" }]",
        ),
        ("\"ceiling\"", "[{ over = \"5 mkr\", percent = 80 }]"),
    ]);
    let keys = [("formula", formula), ("of", "[\"delivery-base\"]"), ("steps", steps)];
    let (books, file) = planted(field, dice, &keys);
    Plant::new(format!("{formula} with {steps}"), books, "bad-value", &file)
}

pub fn another_per(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let per = *dice.one(&["\"unit-month\"", "\"year\"", "\"unit_year\"", "1"]);
    let mut keys = by_year(dice).to_vec();
    keys.extend([("of", "[\"delivery-base\"]"), ("per", per)]);
    let (books, file) = planted(field, dice, &keys);
    Plant::new(format!("per {per}"), books, "bad-value", &file)
}

pub fn lump_of_contacts(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (key, value) = *dice.one(&[
        ("kind", "[\"delivery\"]"),
        ("area_class", "\"2\""),
        ("parity", "0"),
        ("residence", "[\"0188\"]"),
    ]);
    let when = format!("{{ {key} = {value} }}");
    let keys = [("formula", "\"lump\""), ("amount", "\"5 mkr\""), ("when", when.as_str())];
    let (books, file) = planted(field, dice, &keys);
    let plant = Plant::new(format!("lump when {when}"), books, "bad-condition", &file);
    plant.about(&format!("when.{key}"))
}

pub fn lacks_a_key(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let all: [(&str, &[(&str, &str)]); 6] = [
        ("amount", &[("formula", "\"lump\"")]),
        ("period", &[("formula", "\"per-period\""), ("amount", "\"1 kr\"")]),
        ("amount", &[("formula", "\"per-period\""), ("period", "\"A\"")]),
        (
            "weight_by",
            &[
                ("formula", "\"per-period\""),
                ("period", "\"A\""),
                ("amount", "\"1 kr\""),
                ("weights", "\"drg-illustrative\""),
            ],
        ),
        (
            "weights",
            &[
                ("formula", "\"per-period\""),
                ("period", "\"A\""),
                ("amount", "\"1 kr\""),
                ("weight_by", "[\"unit\"]"),
            ],
        ),
        ("steps", &[("formula", "\"tier\""), ("of", "[\"delivery-base\"]")]),
    ];
    let (lacks, given) = *dice.one(&all);
    let (books, file) = planted(field, dice, given);
    let what = format!("{} without {lacks}", given[0].1);
    Plant::new(what, books, "missing-key", &file).about(lacks)
}

pub fn period_without_table(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let table = format!("need-{}", dice.below(3000));
    let weights = quoted(&table);
    let keys = [
        ("formula", "\"per-period\""),
        ("period", "\"B\""),
        ("amount", "\"600 kr\""),
        ("weights", weights.as_str()),
        ("weight_by", "[\"unit\"]"),
    ];
    let (books, file) = planted(field, dice, &keys);
    Plant::new(format!("weights {table}"), books, "unknown-id", &file).about(&table)
}

pub fn no_such_period(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let period = *dice.one(&["\"D\"", "\"a\"", "1", "[\"A\", \"B\"]"]);
    let keys = [("formula", "\"per-period\""), ("period", period), ("amount", "\"1 600 kr\"")];
    let (books, file) = planted(field, dice, &keys);
    Plant::new(format!("period {period}"), books, "bad-value", &file)
}
