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
    refused("zero", "id,weight\na,0\n", "zero.csv`: ingen `weight` är större än 0");
    refused("zeros", "id,weight\na,0\nb,0\n", "ingen `weight` är större än 0");
    refused("twice", "id,weight\na,1\nb,2\na,3\n", ".csv:4: fel bad-value: id = `a`:");
    refused("text", "id,weight\na,x\n", "weight = `x`");
    refused("negative", "id,weight\na,-1\n", "weight = `-1`");
    refused("column", "id,weigth\na,1\n", "den närmaste är `weight`");
    refused("twice-the-column", "id,weight,weight\na,1,2\n", "har kolumnen `weight` två gånger");
    refused("short", "id,weight\na,1\nb\n", ".csv:3: fel bad-value: id = `b`: raden har 1 fält");
    refused("long", "id,weight\na,1,2\n", "raden har 3 fält, kolumnerna är 2");
    refused("none", "", "none.csv` är tom");
    refused("blank", " \n\n", "är tom");
    refused("header", "id,weight\n", "har kolumnnamn men ingen rad");
    refused(
        "huge",
        "id,weight\na,99999999999999999999\n",
        "weight = `99999999999999999999`: talet",
    );
    refused("decimals", "id;weight\na;1,5\n", "weight = `1,5`");
    refused("no-id", "id,weight\n,5\n", "id är tomt");
    // As SKR's page for 2023 has Örebro.
    for wrong in ["42 045981", "4 20", "42  045 981", "1 0000", "+5", "1.5", ""] {
        refused("groups", &format!("region,weight\nÖrebro,{wrong}\n"), "grupper om tre siffror");
    }
    refused(
        "skr",
        "region,weight\nÖrebro,42 045981\n",
        ".csv:2: fel bad-value: weight = `42 045981`: ska vara ett heltal",
    );
    let (code, _, _) = run(&["grant", "allocate", "--total", "5", "--weights", "x.csv"]);
    assert_eq!(code, 2);
}

#[test]
fn numbers_are_grouped_by_any_space_of_text() {
    let content = "id;weight\na;1 000\nb;1\u{a0}000\nc;1\u{202f}000\nd;1\u{2009}000\ne;1000\n";
    let path = file("spaces", content);
    let path = path.to_str().expect("UTF-8");
    let told =
        json(&["grant", "allocate", "--total", "5 kr", "--weights", path, "--format", "json"]);
    let parts = told["parts"].as_array().expect("a list");
    assert!(parts.iter().all(|part| part["weight"] == 1000 && part["amount_ore"] == 100));
}

#[test]
fn the_largest_pot_by_the_largest_weights_is_divided_exactly() {
    let weights = [1_000_000_000, 999_999_999, 1, 0];
    let parts = kronor("100 000 000 000 000 kr", "large", &weights);
    assert_eq!(parts.iter().sum::<i64>(), 100_000_000_000_000);
    // 10^14 × 1 / 2 000 000 000 is 50 000 to the krona.
    assert_eq!(parts, [50_000_000_000_000, 49_999_999_950_000, 50_000, 0]);
    let mirrored = kronor("-100 000 000 000 000 kr", "large-negative", &weights);
    assert_eq!(mirrored, parts.iter().map(|part| -part).collect::<Vec<_>>());
    let path = file("large-total", "id,weight\na,1\n");
    let path = path.to_str().expect("UTF-8");
    let ask = ["grant", "allocate", "--total", "100 000 000 000 001 kr", "--weights", path];
    let (code, _, err) = run(&ask);
    assert!(code == 2 && err.contains("högst 100 000 000 000 000 kr"), "{err}");
}

#[test]
fn a_published_table_that_cannot_be_compared_is_refused_with_its_fault() {
    let refused = |name: &str, content: &str, expected: &str| {
        let path = file(name, content);
        let path = path.to_str().expect("UTF-8");
        let (code, out, err) =
            run(&["grant", "fit", "--total", "1 610 mkr", "--published", path, "--lang", "en"]);
        assert_eq!((code, out.as_str()), (3, ""), "{name}");
        assert!(err.contains(expected), "{name}: {err}");
    };
    let head = "region,weight,published_kr\n";
    refused(
        "fit-groups",
        &format!("{head}Örebro,306792,42 045981\n"),
        ".csv:2: error bad-value: published_kr = `42 045981`: must be whole kronor",
    );
    refused("fit-huge", &format!("{head}Örebro,1,900000000000000\n"), "the number is too large");
    refused("fit-blank", &format!("{head}Örebro,1,\n"), "published_kr = ``");
    refused("fit-column", "region,weight\nÖrebro,1\n", "lacks the column `published_kr`");
    let many: String = (0..2000).map(|row| format!("r{row},1,99999999999999\n")).collect();
    refused("fit-sum", &format!("{head}{many}"), "too large to divide exactly");
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
    let rows = |rows: &[(&str, i64)]| -> Vec<(String, Value)> {
        rows.iter().map(|(id, kronor)| ((*id).to_owned(), (*kronor).into())).collect()
    };
    let told = fit("2019", "1 590 mkr");
    let named = [
        ("Jämtland Härjedalen", 1),
        ("Norrbotten", 1),
        ("Värmland", -1),
        ("Västerbotten", -1),
        ("Västernorrland", -1),
        ("Västmanland", 1),
        ("Västra Götaland", 1),
        ("Östergötland", -1),
    ];
    assert_eq!(differing(&told), rows(&named));
    assert_eq!(told["residual_ore"], 0);
    let verdict = told["verdict"].as_str().expect("a verdict");
    assert!(verdict.starts_with("inom ±1 kr från exakt andel, ingen regel funnen"), "{verdict}");
    // The row of Norrbotten is what the pot leaves after the others.
    let told = fit("2021_tillagg", "445 mkr");
    assert_eq!((&told["rule"], &told["residual_ore"]), (&Value::Null, &0.into()));
    let named = [("Blekinge", 1), ("Gotland", 1), ("Kalmar", 1), ("Norrbotten", -4)];
    assert_eq!(differing(&told), rows(&named));
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
