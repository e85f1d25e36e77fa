//! Values, keys, anchors and sources that are wrong in themselves.

use super::*;

/// Tables with an anchor whose source is at hand.
pub fn anchored<'f>(field: &'f Field<'_>) -> Vec<&'f Table> {
    let has =
        |table: &&Table| table.has("anchor") && source_file(&field.tables, &table.file).is_some();
    field.tables.iter().filter(has).collect()
}

pub fn broken_anchor(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let table = *dice.one(&anchored(field));
    let anchor = table.get("anchor");
    let broken = match dice.below(3) {
        0 => format!("{anchor} eller ej"),
        1 => format!("dock {anchor}"),
        _ => anchor.replacen(' ', " x ", 1),
    };
    let books = field.changed(table, "anchor", Some(&quoted(&broken)));
    let what = format!("anchor of {}{} in {}", table.get("id"), table.get("unit"), table.file);
    // A word between the figure and its unit parts them too.
    let plant = Plant::new(what, books, "anchor-not-found", &table.file).about(&broken);
    plant.brings(&["amount-not-in-anchor"])
}

pub fn another_amount(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let keys = ["amount", "percent", "pot", "deliveries", "cap"];
    let mut all: Vec<(&Table, &str)> = Vec::new();
    for table in field.tables.iter().filter(|table| table.has("anchor")) {
        all.extend(keys.into_iter().find(|key| table.has(key)).map(|key| (table, key)));
    }
    let (table, key) = *dice.one(&all);
    let value = match key {
        "amount" | "cap" => format!("\"{} kr\"", 300_001 + dice.below(90_000)),
        "percent" => format!("\"5.{}\"", 1 + dice.below(9)),
        "pot" => format!("\"60 000 {:03} kr\"", 1 + dice.below(999)),
        _ => format!("{}", 8_001 + dice.below(900)),
    };
    let books = field.changed(table, key, Some(&value));
    let what = format!("{key} = {value} in {} line {}", table.file, table.from);
    let plant = Plant::new(what, books, "amount-not-in-anchor", &table.file);
    plant.brings(&["was-not-equal"])
}

pub fn wrong_was(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.with("rate", "was"));
    let value = format!("\"{} kr\"", 30_000 + dice.below(9_000));
    let books = field.changed(rate, "was", Some(&value));
    let what = format!("{} was {value}", rate.get("id"));
    Plant::new(what, books, "was-not-equal", &rate.file).about(rate.get("element"))
}

pub fn was_of_nothing(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.of("rate");
    rates.retain(|rate| !rate.has("replaces"));
    let rate = *dice.one(&rates);
    let books = field.changed(rate, "was", Some("\"7 400 kr\""));
    let what = format!("{} was 7 400 kr", rate.get("id"));
    Plant::new(what, books, "was-not-equal", &rate.file).about(rate.get("element"))
}

pub fn contact_condition(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (formula, more) = *dice.one(&[
        ("fixed-monthly", "kind = [\"delivery\"]"),
        ("fixed-monthly", "parity = 0"),
        ("fixed-monthly", "area_class = \"2\""),
        ("share", "enrolled = true"),
        ("share", "holds = [\"base\"]"),
        ("share", "area = [\"delivery\"]"),
    ]);
    let rate = field.find("rate", "formula", formula);
    let books = field.changed(rate, "when", Some(&narrowed(rate, more)));
    let key = format!("when.{}", more.split(' ').next().unwrap());
    Plant::new(format!("{formula} when {more}"), books, "bad-condition", &rate.file).about(&key)
}

pub fn share_days(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let year: i32 = share.get("valid_from")[..4].parse().unwrap();
    let (what, books) = match dice.below(3) {
        0 => ("without valid_to", field.changed(share, "valid_to", None)),
        1 => {
            let (from, to) = (format!("{}-01-01", year + 1), format!("{}-01-01", year + 3));
            let to = dice.day(&from, &to).to_string();
            ("two years", field.changed(share, "valid_to", Some(&to)))
        }
        _ => {
            let mut books = field.changed(share, "valid_to", Some(&format!("{year}-06-29")));
            set(&mut books, share, "valid_from", Some(&format!("{year}-06-02")));
            ("no first day of a month", books)
        }
    };
    Plant::new(what, books, "bad-share", &share.file)
}

pub fn share_residue(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let residue = *dice.one(&["sankt-gran", "bmm-blaklockan", "nobody"]);
    let rounding = *dice.one(&["\"half-up-krona\"", "\"half-up-ore\""]);
    let mut books = field.changed(share, "rounding", Some(rounding));
    set(&mut books, share, "residue", Some(&quoted(residue)));
    let plant = Plant::new(format!("residue {residue}"), books, "bad-share", &share.file);
    plant.about(residue)
}

pub fn share_pot(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let share = field.find("rate", "formula", "share");
    let pot = format!("\"60 000 000,{:02} kr\"", 1 + dice.below(99));
    let mut books = field.changed(share, "pot", Some(&pot));
    let roundings = ["\"largest-remainder\"", "\"half-up-krona\"", "\"half-up-residue-largest\""];
    set(&mut books, share, "rounding", Some(*dice.one(&roundings)));
    Plant::new(format!("pot {pot}"), books, "bad-share", &share.file)
}

pub fn misspelt(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let table = dice.one(&field.tables);
    let long: Vec<&str> =
        table.keys.iter().map(|(key, _)| key.as_str()).filter(|key| key.len() > 4).collect();
    if long.is_empty() {
        return misspelt(field, &Facts(Vec::new()), dice);
    }
    let key = (*dice.one(&long)).to_owned();
    let at = 1 + dice.below(key.len() - 2);
    let mut typo = key.clone();
    match dice.below(3) {
        0 => drop(typo.remove(at)),
        1 => typo.insert(at, 'x'),
        _ => typo.replace_range(at..=at, "x"),
    }
    let value = table.raw(&key).unwrap().to_owned();
    let mut books = field.changed(table, &key, None);
    set(&mut books, &Table { to: table.from + 1, ..table.clone() }, &typo, Some(&value));
    let what = format!("{typo} for {key} in {} line {}", table.file, table.from);
    // A share has an end (R35); without it that is told too.
    let is_end_of_share = key == "valid_to" && table.get("formula") == "share";
    let brings = if is_end_of_share { &["bad-share"] } else { LEFT_OUT };
    Plant::new(what, books, "unknown-key", &table.file).about(&key).about(&typo).brings(brings)
}

pub fn bad_date(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let key = *dice.one(&["valid_from", "known_from", "valid_to", "due"]);
    let having: Vec<&Table> = field.tables.iter().filter(|table| table.has(key)).collect();
    let table = *dice.one(&having);
    let value = *dice.one(&["\"31 januari 2023\"", "\"2023-02-29\"", "2023", "2023-13-01"]);
    let books = field.changed(table, key, Some(value));
    let code = if value == "2023-13-01" { "unreadable" } else { "bad-value" };
    let what = format!("{key} = {value} in {} line {}", table.file, table.from);
    Plant::new(what, books, code, &table.file).brings(LEFT_OUT)
}

pub fn bad_amount(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (key, values) = *dice.one(&[
        ("amount", ["\"14200\"", "\"14 20 kr\"", "\"1,234 kr\"", "14200", "\"kr\""]),
        ("per_year", ["\"7 300 000\"", "\"7,3\"", "\"7.3 mkr\"", "7300000", "\"sju mkr\""]),
        ("pot", ["\"60 mkrs\"", "\"60\"", "\"60,123456789 mkr\"", "60", "\"\""]),
        ("value", ["\"1,2\"", "1.2", "\"ett\"", "\"1.2.3\"", "\"\""]),
        ("percent", ["\"5 %\"", "5", "\"5,0\"", "\"fem\"", "\"\""]),
        ("deliveries", ["\"4000\"", "-1", "4.5", "true", "[]"]),
        ("year", ["\"2023\"", "0", "20231", "2023.0", "-3"]),
    ]);
    let having: Vec<&Table> = field.tables.iter().filter(|table| table.has(key)).collect();
    let (table, value) = (*dice.one(&having), *dice.one(&values));
    let books = field.changed(table, key, Some(value));
    let what = format!("{key} = {value} in {} line {}", table.file, table.from);
    Plant::new(what, books, "bad-value", &table.file).brings(LEFT_OUT)
}

pub fn reserved(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let rate = *dice.one(&field.of("rate"));
    let formula = *dice.one(&["quality", "deduction"]);
    let books = field.changed(rate, "formula", Some(&quoted(formula)));
    let what = format!("{} is {formula}", rate.get("id"));
    let plant = Plant::new(what, books, "reserved-formula", &rate.file);
    plant.about(&quoted(formula)).brings(LEFT_OUT)
}

pub fn wrong_hash(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut all = field.of("decision");
    all.retain(|table| source_file(&field.tables, &table.file).is_some());
    let table = *dice.one(&all);
    let source = table.raw("source").unwrap();
    let at = source.find("sha256 = \"").unwrap() + "sha256 = \"".len() + dice.below(64);
    let other = if &source[at..=at] == "0" { "1" } else { "0" };
    let mut changed = source.to_owned();
    changed.replace_range(at..=at, other);
    let books = field.changed(table, "source", Some(&changed));
    let source = source_file(&field.tables, &table.file).unwrap();
    let plant = Plant::new(format!("hash of {source}"), books, "source-changed", &table.file);
    plant.about(&source)
}
