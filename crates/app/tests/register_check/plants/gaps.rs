//! What ends too early, begins too late, or nobody pays.

use super::*;

pub fn ended_early(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices();
    // Where one that replaced another ends, the other is in force again (R1), which is no gap.
    let followed = ["continuity-2022", "home-birth-2020"];
    rates.retain(|rate| {
        let is_followed = field.is_replaced(rate) && !followed.contains(&rate.get("id"));
        !rate.has("replaces") && !is_followed
    });
    let rate = *dice.one(&rates);
    let (first, last) = match rate.get("id") {
        "continuity-2022" => ("2022-01-10", "2022-12-30"),
        "home-birth-2020" => ("2020-08-10", "2022-12-30"),
        _ => ("2023-05-01", "2026-12-30"),
    };
    let to = dice.day(first, last);
    let books = field.changed(rate, "valid_to", Some(&to.to_string()));
    let what = format!("{} ends {to}", rate.get("id"));
    Plant::new(what, books, "rate-gap", &rate.file).about(rate.get("id"))
}

pub fn before_its_rate(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (name, first, element) = *dice.one(&[
        ("home-birth", "2020-07-31", "home-birth-add-on"),
        ("continuity", "2021-12-31", "continuity-add-on"),
    ]);
    let clinics =
        DELIVERY.iter().filter(|(unit, _)| !["karolinska-huddinge", "sankt-goran"].contains(unit));
    let (unit, agreement) = **dice.one(&clinics.collect::<Vec<_>>());
    let from = dice.day("2010-01-01", first);
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted(name)),
        ("valid_from", from.to_string()),
        ("valid_to", "2026-12-31".to_owned()),
    ];
    append(&mut books, &file, "assignment", &keys);
    let what = format!("{unit} holds {name} from {from}");
    Plant::new(what, books, "rate-gap", &file).about(unit).about(element)
}

pub fn without_base(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (unit, own) = *dice.one(&DELIVERY);
    let others: Vec<_> = DELIVERY.iter().filter(|(_, agreement)| *agreement != own).collect();
    let (_, agreement) = **dice.one(&others);
    let name = *dice.one(&["continuity", "home-birth", "something-else"]);
    let from = dice.day("2023-05-01", "2026-10-31");
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted(name)),
        ("valid_from", from.to_string()),
    ];
    append(&mut books, &file, "assignment", &keys);
    let what = format!("{unit} holds {name} under {agreement}");
    Plant::new(what, books, "add-on-without-base", &file).about(unit).about(name)
}

pub fn outlives_base(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let (unit, agreement) = *dice.one(&[
        ("danderyd", "danderyds-sjukhus-delivery"),
        ("sodersjukhuset", "sodersjukhuset-delivery"),
        ("sankt-goran", "st-goran-delivery"),
    ]);
    // S:t Göran opens in April 2023; the two others change agreement at the end of 2026.
    let (from, to) = match unit {
        "sankt-goran" => (dice.day("2023-01-01", "2023-03-31"), "2025-12-31"),
        _ => (dice.day("2023-05-01", "2026-10-31"), "2027-06-30"),
    };
    let file = field.any_file(dice);
    let mut books = field.books.clone();
    let keys = [
        ("unit", quoted(unit)),
        ("agreement", quoted(agreement)),
        ("name", quoted("continuity")),
        ("valid_from", from.to_string()),
        ("valid_to", to.to_owned()),
    ];
    append(&mut books, &file, "assignment", &keys);
    let what = format!("{unit} holds continuity {from}–{to}");
    Plant::new(what, books, "add-on-without-base", &file).about(unit)
}

pub fn overdue(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let mut rates = field.prices();
    rates.retain(|rate| !field.is_replaced(rate) && rate.get("id") != "eight-point-add-on-2022");
    let rate = *dice.one(&rates);
    let by = dice.day("2022-01-01", "2026-11-20");
    let until = format!("{{ decision = \"awaited\", expected_by = {by} }}");
    let books = field.changed(rate, "until", Some(&until));
    let what = format!("{} awaits something by {by}", rate.get("id"));
    Plant::new(what, books, "until-overdue", &rate.file).about(rate.get("element"))
}

pub fn no_default_payer(field: &Field<'_>, _: &Facts, dice: &mut Dice) -> Plant {
    let hsn = field.find("payer", "id", "hsn");
    let (key, on) = match dice.below(2) {
        0 => ("valid_from", dice.day("2021-01-02", "2026-10-31")),
        _ => ("valid_to", dice.day("2020-12-31", "2026-10-30")),
    };
    let books = field.changed(hsn, key, Some(&on.to_string()));
    // Told of the rate whose line has nobody to pay it.
    let mut rates = field.of("rate");
    rates.retain(|rate| ["fixed-monthly", "lump", "share"].contains(&rate.get("formula")));
    let what = format!("the default payer has {key} {on}");
    let plant = Plant::new(what, books, "no-default-payer", &rates[0].file);
    rates.iter().fold(plant, |plant, rate| plant.or_in(&rate.file))
}
