//! `grant` through the real binary: pots divided as is known from elsewhere, and the published tables of the state
//! grant with the rule that each of them follows, or none.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_vardkedja")).args(arguments).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn json(arguments: &[&str]) -> Value {
    let (code, out, err) = run(arguments);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).expect("JSON")
}

fn file(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("grant-{name}.csv"));
    std::fs::write(&path, content).expect("written");
    path
}

fn kronor(total: &str, name: &str, weights: &[u64]) -> Vec<i64> {
    let rows = weights.iter().enumerate().map(|(at, weight)| format!("r{at:02},{weight}\n"));
    let path = file(name, &format!("id,weight\n{}", rows.collect::<String>()));
    let path = path.to_str().expect("UTF-8");
    let told =
        json(&["grant", "allocate", "--total", total, "--weights", path, "--format", "json"]);
    assert_eq!(told["residual_ore"], 0);
    let parts = told["parts"].as_array().expect("a list");
    parts.iter().map(|part| part["amount_ore"].as_i64().expect("öre") / 100).collect()
}

#[test]
fn pots_are_divided_by_the_largest_remainder() {
    assert_eq!(kronor("613 kr", "a", &[98, 92, 98, 123, 102, 92]), [99, 93, 99, 125, 104, 93]);
    assert_eq!(kronor("1003 kr", "b", &[49, 51]), [491, 512]);
    assert_eq!(kronor("9 999 kr", "c", &[75, 25]), [7499, 2500]);
    assert_eq!(kronor("1 kr", "d", &[1, 1]), [1, 0]);
    assert_eq!(kronor("-5 kr", "e", &[1, 1]), [-3, -2]);
    assert_eq!(kronor("12 000 kr", "f", &[66_667, 33_333]), [8000, 4000]);
    assert_eq!(kronor("12 000 kr", "g", &[33_333, 66_667]), [4000, 8000]);
    assert_eq!(kronor("29 900 kr", "h", &[26_509, 0, 3391])[1], 0);
}

#[test]
fn plain_half_up_shows_what_it_leaves() {
    let path = file("half-up", "unit;weight\na;1\nb;1\nc;1\n");
    let path = path.to_str().expect("UTF-8");
    let mut ask = vec!["grant", "allocate", "--total", "10 kr", "--weights", path];
    ask.extend(["--rounding", "half-up-krona", "--format", "json"]);
    assert_eq!(json(&ask)["residual_ore"], 100);
    ask.extend(["--residue", "b"]);
    let told = json(&ask);
    assert_eq!((&told["residual_ore"], &told["parts"][1]["amount_ore"]), (&0.into(), &400.into()));
}

#[test]
fn a_file_of_weights_that_cannot_be_used_is_refused_with_its_fault() {
    let refused = |name: &str, content: &str, expected: &str| {
        let path = file(name, content);
        let path = path.to_str().expect("UTF-8");
        let (code, out, err) = run(&["grant", "allocate", "--total", "5 kr", "--weights", path]);
        assert_eq!((code, out.as_str()), (3, ""), "{name}");
        assert!(err.contains(expected), "{name}: {err}");
    };
    refused("zero", "id,weight\na,0\n", "ingen vikt är större än 0");
    refused("twice", "id,weight\na,1\nb,2\na,3\n", ".csv:4: ");
    refused("text", "id,weight\na,x\n", "weight = `x`");
    refused("negative", "id,weight\na,-1\n", "weight = `-1`");
    refused("column", "id,weigth\na,1\n", "den närmaste är `weight`");
    refused("short", "id,weight\na\n", "ingen hel tabell");
    refused("none", "", "saknar kolumnen `id`");
    let (code, _, _) = run(&["grant", "allocate", "--total", "5", "--weights", "x.csv"]);
    assert_eq!(code, 2);
}

/// What is known of the published tables of each year.
#[test]
fn published_tables_follow_the_rule_that_is_named_or_none() {
    let fit = |name: &str, total: &str| {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/statsbidrag/{name}.csv"));
        let path = path.to_str().expect("UTF-8");
        json(&["grant", "fit", "--total", total, "--published", path, "--format", "json"])
    };
    let differing = |told: &Value| {
        let rows = told["rows"].as_array().expect("a list").iter();
        rows.map(|row| (row["id"].as_str().expect("id").to_owned(), row["difference_kr"].clone()))
            .collect::<Vec<_>>()
    };
    for (name, total, rule) in [
        ("2022", "1 382 mkr", "largest-remainder"),
        ("2023_population", "1 437 mkr", "half-up-residue-largest"),
        ("2024_rural", "150 mkr", "largest-remainder"),
    ] {
        let told = fit(name, total);
        assert_eq!(told["rule"], rule, "{name}");
        assert_eq!((told["also"].as_array().map(Vec::len), differing(&told).len()), (Some(0), 0));
    }
    let told = fit("2019", "1 590 mkr");
    assert_eq!((&told["rule"], differing(&told).len()), (&Value::Null, 8));
    let told = fit("2020", "937 mkr");
    let expected = [("Skåne".to_owned(), 1.into()), ("Västernorrland".to_owned(), 1.into())];
    assert_eq!((&told["rule"], differing(&told).as_slice()), (&Value::Null, expected.as_slice()));
    assert_eq!(fit("2021_tillagg", "445 mkr")["rule"], Value::Null);
}

fn show(id: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("ratebook/stockholm");
    let folder = folder.to_str().expect("UTF-8");
    let told = json(&["grant", "show", id, "--register", folder, "--format", "json"]);
    told["grants"][0].clone()
}

fn kronor_of(range: &Value) -> [i64; 3] {
    ["amount_ore", "low_ore", "high_ore"].map(|key| range[key].as_i64().expect("öre") / 100)
}

#[test]
fn the_grant_of_2023_adds_up_within_its_stated_precision() {
    let grant = show("statsbidrag-2023");
    assert_eq!(kronor_of(&grant["amount"]), [336_000_000, 336_000_000, 336_999_999]);
    // 336 − 242 − 60 − 7,4 − 27 = −0,4; "drygt" leaves room for 1 million more.
    assert_eq!(kronor_of(&grant["residual"]), [-400_000, -400_000, 599_999]);
}

#[test]
fn the_proposal_of_2025_leaves_money_without_item_and_without_heading() {
    let grant = show("statsbidrag-2025");
    assert_eq!(
        (&grant["status"], grant["amount"]["amount_ore"].as_i64()),
        (&"proposed".into(), Some(32_689_645_700))
    );
    // 323 028 233 + 3 868 224 = 326 896 457.
    assert_eq!(kronor_of(&grant["unexplained"]), [0; 3]);
    let headings = grant["headings"].as_array().expect("a list");
    let other = headings.iter().find(|heading| heading["id"] == "other-2025").expect("the rest");
    // 5 + 3 + 6,5 + 2 + 2 + 11 + 5 + 2 + 4,5 + 10 + 1,5 + 1 + 3,5 = 57 of 70.
    assert_eq!(other["items"].as_array().map(Vec::len), Some(13));
    assert_eq!(kronor_of(&other["residual"]), [13_000_000; 3]);
    // 326 896 457 − 150 000 000 − 80 000 000 − ca 10 000 000 − 70 000 000 − 7 191 722.
    assert_eq!(kronor_of(&grant["residual"]), [9_704_735, 9_204_735, 10_204_735]);
}
