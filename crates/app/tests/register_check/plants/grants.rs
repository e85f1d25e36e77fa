//! State grants that name what is not there, or say what their rule may not.

use super::*;

/// Tables that have a key, those of proposals too: what a state grant says is read whether decided or not.
fn with(field: &Field<'_>, name: &str, key: &str) -> Vec<Table> {
    let mut all = tables(field.books);
    all.retain(|table| table.name == name && table.has(key));
    all
}

pub fn unknown_in_grant(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (name, key) = *dice.one(&[
        ("heading", "grant"),
        ("heading", "focus_areas"),
        ("item", "heading"),
        ("mandate", "grant"),
        ("mandate", "heading"),
        ("grant_act", "grant"),
        ("grant_act", "from"),
    ]);
    let all = with(field, name, key);
    let table = dice.one(&all);
    let id = format!("no-such-{}", dice.below(3000));
    let value = if key == "focus_areas" { format!("[\"{id}\"]") } else { quoted(&id) };
    let books = field.changed(table, key, Some(&value));
    let what = format!("{name}.{key} = {value} in {} line {}", table.file, table.from);
    Plant::new(what, books, "unknown-id", &table.file).about(&id)
}

pub fn unknown_in_rule(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (rule, id) = *dice.one(&[
        (
            "rule = \"per-unit\"\nper_unit = \"100 000 kr\"\nunits = [\"danderyd\", \"danderyx\"]",
            "danderyx",
        ),
        ("rule = \"share\"\npot = \"7 mkr\"\nkey = \"residents-x\"", "residents-x"),
    ]);
    let (name, over, of) = *dice.one(&[
        ("heading", "grant", "statsbidrag-2023"),
        ("heading", "grant", "statsbidrag-2025"),
        ("item", "heading", "other-2025"),
        ("item", "heading", "kson-2023"),
    ]);
    let (mut books, file) = (field.books.clone(), field.any_file(dice));
    let book = books.get_mut(&file).unwrap();
    *book += &format!("\n[[{name}]]\nid = \"planted\"\n{over} = \"{of}\"\n{rule}\n");
    Plant::new(format!("{name} of {of} by {id}"), books, "unknown-id", &file).about(id)
}

pub fn key_of_another_rule(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut all = with(field, "heading", "rule");
    all.extend(with(field, "item", "rule"));
    let table = dice.one(&all);
    let (key, value) =
        *dice.one(&[("pot", "\"7 mkr\""), ("percent", "\"2.2\""), ("key", "\"capacity\"")]);
    let books = field.changed(table, key, Some(value));
    let what = format!("{key} in {}, which is {}", table.get("id"), table.get("rule"));
    let plant = Plant::new(what, books, "unknown-key", &table.file);
    plant.about(key).about(table.get("rule")).brings(LEFT_OUT)
}

pub fn rule_without_amount(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut all = with(field, "heading", "amount");
    all.extend(with(field, "item", "amount"));
    all.extend(with(field, "grant", "amount"));
    let table = dice.one(&all);
    // So much for each unit, without a sum, lacks how many there are.
    let lacks = if table.get("rule") == "per-unit" { "units" } else { "amount" };
    let books = field.changed(table, "amount", None);
    let plant =
        Plant::new(format!("{} lacks {lacks}", table.get("id")), books, "missing-key", &table.file);
    plant.about(lacks).brings(LEFT_OUT)
}

pub fn mandate_over_two(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let all = with(field, "mandate", "id");
    let table = dice.one(&all);
    let (key, id) =
        if table.has("grant") { ("heading", "other-2025") } else { ("grant", "statsbidrag-2023") };
    let books = field.changed(table, key, Some(&quoted(id)));
    Plant::new(format!("{} over {id} too", table.get("id")), books, "bad-value", &table.file)
}
