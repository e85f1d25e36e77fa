//! The year 2021 as it was known when it was closed, as it is true now, and the bridge between: recomputed from the exported journal, and
//! from the contact files priced anew, to the öre.

use crate::region::{Folder, On, Said, fresh, program, run};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The day that the year is closed: after December is settled, before January is.
const CLOSED_ON: &str = "2022-01-20";
const LAST_OF_YEAR: &str = "2021-12";

/// What a row of the bridge is added up by.
type Step = (bool, String, String, String, String, String);

fn ok(said: Said) -> Said {
    assert!([0, 1].contains(&said.code), "{said:?}");
    said
}

fn months() -> Vec<String> {
    let years = 2020..=2022;
    years.flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}"))).collect()
}

fn ratebook(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ratebook").join(name)
}

/// A rate of so much per delivery from the first of July 2021, known long after.
fn decision(folder: &Path, id: &str, known_from: &str, kronor: u32, replaces: &str) {
    fs::create_dir_all(folder).unwrap();
    let text = format!(
        "[decision]\nid = \"{id}\"\nbody = \"HSN\"\nknown_from = {known_from}\nillustrative = true\n\n\
         [[rate]]\nid = \"{id}-rate\"\nelement = \"trial-add-on\"\nlabel = \"Prov\"\n\
         formula = \"per-contact\"\namount = \"{kronor} kr\"\nvalid_from = 2021-07-01\n{replaces}\
         when = {{ kind = [\"delivery\"] }}\n"
    );
    fs::write(folder.join(format!("{id}.toml")), text).unwrap();
}

/// Three years settled month by month; 2021 is closed in between, and decisions and reports come after.
fn region(place: &Path) -> (Folder, Vec<PathBuf>) {
    let early = place.join("early");
    decision(&early, "trial-raise", "2022-03-15", 500, "");
    decision(&early, "trial-lower", "2022-09-10", 350, "replaces = [\"trial-raise-rate\"]\n");
    let mut books = vec![ratebook("stockholm"), ratebook("demo"), early];
    let contacts = place.join("contacts");
    let mut generate = program(&[], "generate --scale 3 --from 2020-01 --to 2022-12 --seed 7");
    generate.arg("--out").arg(&contacts).arg("--register").args(&books[..2]);
    ok(run(generate));
    let folder = Folder::begun(On::Sqlite, "", &place.join("data"), &contacts);
    let mut load = folder.command(&[], "register load --replay-known");
    load.args(&books);
    ok(run(load));
    let all = months();
    for (month, next) in all.iter().zip(all.iter().skip(1)) {
        ok(import(&folder, month, &format!("{next}-02")));
        let booked = folder.book(month);
        assert_eq!(booked.code, 0, "{booked:?}");
        if month == LAST_OF_YEAR {
            ok(folder.run(&format!("books close --year 2021 --as anna --on {CLOSED_ON}")));
        }
    }
    // What no settlement has taken yet: the last month's file, with late reports in it, and a decision of today.
    ok(import(&folder, &all[35], "2023-01-02"));
    let late = place.join("late");
    decision(&late, "trial-last", "2023-02-01", 375, "replaces = [\"trial-lower-rate\"]\n");
    let mut load = folder.command(&[], "register load");
    load.arg(&late);
    ok(run(load));
    books.push(late);
    (folder, books)
}

fn import(folder: &Folder, month: &str, on: &str) -> Said {
    let mut command = folder.command(&[], &format!("import --origin synthetic --on {on}"));
    command.arg(folder.contacts.join(format!("SYNTETISKA-DATA-{month}.csv")));
    run(command)
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap()
}

/// Whole öre of an amount with a point and two decimals.
fn ore(amount: &str) -> i64 {
    let (kronor, rest) = amount.split_once('.').unwrap();
    assert_eq!(rest.len(), 2, "{amount}");
    format!("{kronor}{rest}").parse().unwrap()
}

/// A posting of the cost of care, as the journal of hledger has it.
struct Posted {
    day: String,
    deed: String,
    tags: BTreeMap<String, String>,
    amount: i64,
}

impl Posted {
    fn tag(&self, name: &str) -> String {
        self.tags.get(name).cloned().unwrap_or_default()
    }
}

/// Every posting on an account of cost.
fn journal(folder: &Folder, place: &Path) -> Vec<Posted> {
    let path = place.join("SYNTETISK.journal");
    ok(folder.run(&format!("export hledger --out {}", path.display())));
    let written = fs::read_to_string(path).unwrap();
    let costs: Vec<&str> = written
        .lines()
        .filter_map(|line| line.strip_prefix("account ")?.strip_suffix("  ; type:X"))
        .collect();
    let (mut day, mut deed, mut found) = (String::new(), String::new(), Vec::new());
    for line in written.lines() {
        if let Some(posting) = line.strip_prefix("    ") {
            let (account, rest) = posting.split_once("  ").unwrap();
            if !costs.contains(&account) {
                continue;
            }
            let (amount, tags) = rest.split_once(" SEK").unwrap();
            let tags = tags.trim_start_matches("  ; ").split(", ");
            let tags = tags.filter_map(|tag| tag.split_once(':'));
            let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            let (day, deed) = (day.clone(), deed.clone());
            found.push(Posted { day, deed, tags, amount: ore(amount) });
        } else if line.starts_with("20") {
            day = line[..10].to_owned();
            deed = line.rsplit(' ').next().unwrap().to_owned();
        }
    }
    found
}

/// The contact files priced anew as everything is known now: what is payable, by unit and element, of care through the year.
fn priced(folder: &Folder, books: &[PathBuf]) -> BTreeMap<(String, String), i64> {
    let mut price = program(&[], "price --known-on 2099-01-01 --through 2022-11-30 --format json");
    price.arg("--contacts").arg(&folder.contacts).arg("--register").args(books);
    let said = ok(run(price));
    let mut sums = BTreeMap::new();
    for row in said.json("rows").as_array().unwrap() {
        if row["payable"] == true && text(row, "month") <= LAST_OF_YEAR {
            let key = (text(row, "unit").to_owned(), text(row, "element").to_owned());
            *sums.entry(key).or_default() += row["amount_ore"].as_i64().unwrap();
        }
    }
    sums
}

#[test]
fn from_the_year_as_it_was_closed_to_the_year_as_it_is() {
    let place = fresh("closed-year");
    let (folder, books) = region(&place);
    let said = folder.run("books bridge --closed 2021");
    assert_eq!(said.code, 0, "{said:?}");
    let [opening, closing] =
        ["opening_ore", "closing_ore"].map(|it| said.json(it).as_i64().unwrap());
    let mut told: BTreeMap<Step, i64> = BTreeMap::new();
    for row in said.json("rows").as_array().unwrap() {
        let [cause, deed, decision, unit, element] =
            ["cause", "deed", "decision", "unit", "element"].map(|name| text(row, name).to_owned());
        assert_ne!(cause, "", "a row without its cause: {row}");
        let step = (row["booked"] == true, cause, deed, decision, unit, element);
        let amount = row["amount_ore"].as_i64().unwrap();
        assert_eq!(told.insert(step, amount), None, "twice: {row}");
    }

    let posted: Vec<Posted> = journal(&folder, &place)
        .into_iter()
        .filter(|one| one.tag("care-month").as_str() <= LAST_OF_YEAR)
        .collect();
    let at_close: i64 =
        posted.iter().filter(|it| it.day.as_str() <= CLOSED_ON).map(|it| it.amount).sum();
    assert_eq!(opening, at_close, "as known at the close");
    let mut steps: BTreeMap<Step, i64> = BTreeMap::new();
    let mut by_unit: BTreeMap<(String, String), i64> = BTreeMap::new();
    for one in &posted {
        let [cause, decision, unit, element] =
            ["cause", "decision", "unit", "element"].map(|name| one.tag(name));
        *by_unit.entry((unit.clone(), element.clone())).or_default() += one.amount;
        if one.day.as_str() > CLOSED_ON {
            let step = (true, cause, one.deed.clone(), decision, unit, element);
            *steps.entry(step).or_default() += one.amount;
        }
    }
    steps.retain(|_, amount| *amount != 0);
    let is_booked = |step: &Step| step.0;
    let booked: BTreeMap<_, _> = told.iter().filter(|(step, _)| is_booked(step)).collect();
    assert_eq!(booked, steps.iter().collect(), "what was booked since, row by row");

    // What is still to be corrected is what is right less what is posted, unit by unit and element by element.
    let right = priced(&folder, &books);
    let mut missing: BTreeMap<(String, String), i64> = right.clone();
    for (key, amount) in &by_unit {
        *missing.entry(key.clone()).or_default() -= amount;
    }
    missing.retain(|_, amount| *amount != 0);
    let mut waiting: BTreeMap<(String, String), i64> = BTreeMap::new();
    for ((booked, _, _, _, unit, element), amount) in &told {
        if !booked {
            *waiting.entry((unit.clone(), element.clone())).or_default() += amount;
        }
    }
    waiting.retain(|_, amount| *amount != 0);
    assert_eq!(waiting, missing, "what a settlement today would correct");
    assert_eq!(closing, right.values().sum::<i64>(), "as true now");
    assert_eq!(opening + told.values().sum::<i64>(), closing);

    // Nothing of this holds by being empty.
    let sum = |cause: &str, is_in: bool| -> i64 {
        let of_it = told.iter().filter(|(step, _)| step.0 == is_in && step.1 == cause);
        of_it.map(|(_, amount)| amount.abs()).sum()
    };
    for (cause, is_in) in [("decision", true), ("late-report", true), ("decision", false)] {
        assert!(sum(cause, is_in) > 0, "no {cause}, booked {is_in}: {told:?}");
    }
    let decisions = told.keys().map(|step| step.3.as_str());
    let decisions: std::collections::BTreeSet<&str> = decisions.collect();
    assert!(decisions.is_superset(&["trial-raise", "trial-lower"].into()), "{decisions:?}");
    assert!(opening > 0 && closing > opening, "{opening} {closing}");
}
