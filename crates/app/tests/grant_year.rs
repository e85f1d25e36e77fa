//! State grants, frames and commissions through the real binary: what was entered, refused, paid and left.
//!
//! Owns: that commands and ledger say the same. Does not own: a year worked out by hand (`cases`), or random years (the
//! kernel's tests).

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A data folder of this test's own, and what is run in it.
struct Folder {
    data: PathBuf,
}

impl Folder {
    /// Both ratebooks, as they became known.
    fn new(name: &str) -> Self {
        let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("grant-year-{name}"));
        let _ = fs::remove_dir_all(&data);
        let folder = Self { data };
        folder.done(&["init"]);
        folder.done(&["register", "load", "ratebook/stockholm", "ratebook/demo", "--replay-known"]);
        folder
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
        command.current_dir(root()).env("VARDKEDJA_DATA", &self.data).args(arguments);
        let output = command.output().expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
    }

    fn done(&self, arguments: &[&str]) -> String {
        let (code, out, err) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {err}");
        out
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--format", "json"]].concat();
        serde_json::from_str(&self.done(&arguments)).expect("JSON")
    }

    /// Refused with these words, and nothing entered.
    fn refused(&self, arguments: &[&str], words: &[&str]) {
        let before = self.revisions();
        let (code, out, err) = self.run(arguments);
        assert_eq!((code, out.as_str()), (3, ""), "{arguments:?}: {err}");
        for word in words {
            assert!(err.contains(word), "{word}: {err}");
        }
        assert_eq!(self.revisions(), before, "{arguments:?}");
    }

    fn revisions(&self) -> usize {
        let told = self.json(&["register", "show", "decisions"]);
        told["facts"].as_array().expect("a list").len()
    }

    fn grant(&self, id: &str) -> Value {
        self.json(&["grant", "show", id])["grants"][0]["account"].clone()
    }
}

fn ore(value: &Value, key: &str) -> i64 {
    value[key].as_i64().unwrap_or_else(|| panic!("{key} of {value}"))
}

fn post<'v>(account: &'v Value, id: &str) -> &'v Value {
    let posts = account["posts"].as_array().expect("a list");
    posts.iter().find(|post| post["id"] == id).unwrap_or_else(|| panic!("{id}"))
}

/// received = used + repaid + carried forward + remaining, posts and books likewise.
fn hold(account: &Value) {
    let sum = |list: &str, key: &str| -> i64 {
        account[list].as_array().expect("a list").iter().map(|one| ore(one, key)).sum()
    };
    let parts = ["used_ore", "repaid_ore", "carried_ore", "remaining_ore"];
    let whole: i64 = parts.iter().map(|key| ore(account, key)).sum();
    assert_eq!(ore(account, "received_ore"), whole);
    assert_eq!(sum("posts", "allotted_ore"), ore(account, "received_ore"));
    let left = sum("posts", "left_ore") + sum("posts", "outstanding_ore");
    assert_eq!(left, ore(account, "remaining_ore"));
    assert_eq!(sum("posts", "used_ore"), ore(account, "used_ore"));
    assert_eq!(sum("books", "amount_ore"), 0);
}

/// 60 Mkr of 2023 and 80 Mkr of 2025, month by month through the settlement, without any contacts.
#[test]
fn what_the_settlement_paid_is_traced_to_the_grant_to_the_ore() {
    let folder = Folder::new("traced");
    let mut settled = 0;
    for month in ["2023-10", "2023-12", "2025-12"] {
        let told = folder.json(&["settle", "--month", month, "--book"]);
        let lines = told["lines"].as_array().expect("a list").iter();
        let support = lines.filter(|line| {
            line["element"].as_str().is_some_and(|of| of.starts_with("transition-support"))
        });
        settled += support.map(|line| ore(line, "amount_ore")).sum::<i64>();
    }
    assert_eq!(settled, 14_000_000_000);
    let mut traced = 0;
    for (year, heading, rate, kronor) in [
        ("2023", "transition-support-heading-2023", "transition-support-2023", 60_000_000),
        ("2025", "transition-support-heading-2025", "demo-transition-support-2025", 80_000_000),
    ] {
        let account = folder.grant(&format!("statsbidrag-{year}"));
        hold(&account);
        let heading = post(&account, heading);
        assert_eq!(ore(heading, "settled_ore"), kronor * 100);
        assert_eq!(ore(heading, "left_ore"), 0);
        let by = heading["settled_by"].as_array().expect("a list");
        assert!(by.iter().all(|one| one["rate"] == rate) && by.len() == 7, "{by:?}");
        let by: i64 = by.iter().map(|one| ore(one, "amount_ore")).sum();
        assert_eq!(by, kronor * 100);
        traced += by;
    }
    assert_eq!(traced, settled, "the grants and the ledger");
    // Lumps of 100 000 kr, as many as there are clinics.
    let account = folder.grant("statsbidrag-2025");
    let lumps = post(&account, "stimulus-2025");
    let clinics = lumps["settled_by"].as_array().map(Vec::len).expect("a list");
    assert_eq!(ore(lumps, "settled_ore"), i64::try_from(clinics).expect("few") * 10_000_000);
    assert_eq!(
        (ore(&lumps["stated"], "low_ore"), ore(&lumps["stated"], "high_ore")),
        (950_000_000, 1_050_000_000)
    );
    // As known before the settlement of December nothing of November is paid.
    let then = ["grant", "show", "statsbidrag-2023", "--known-on", "2023-11-30"];
    let then = folder.json(&then)["grants"][0]["account"].clone();
    let paid = ore(post(&then, "transition-support-heading-2023"), "settled_ore");
    assert!((4_999_999_900..=5_000_000_100).contains(&paid), "{paid}");
    // The plan of 2025 and the money of both years are made up, and say so; what 2023 rests on is unverified too.
    let of_2025 = folder.grant("statsbidrag-2025");
    assert_eq!(post(&of_2025, "transition-support-heading-2025")["illustrative"], true);
    let of_2023 = folder.grant("statsbidrag-2023");
    let support = post(&of_2023, "transition-support-heading-2023");
    assert_eq!((&support["illustrative"], &support["unverified"]), (&false.into(), &true.into()));
    let table = folder.done(&["grant", "show", "statsbidrag-2025"]);
    assert!(table.contains("enligt demo-state-grant-2025 (illustrativt)"), "{table}");
    let csv = folder.done(&["grant", "show", "statsbidrag-2025", "--posts", "--format", "csv"]);
    let row = csv.lines().find(|line| line.contains(",transition-support-heading-2025,"));
    let row = row.unwrap_or_else(|| panic!("{csv}"));
    assert!(row.contains(",8000000000,") && row.ends_with(",illustrative,reported"), "{row}");
}

#[test]
fn acts_are_entered_with_the_room_left_and_refused_beyond_it() {
    let folder = Folder::new("acts");
    let move_to_kson = |amount: &str, more: &[&str]| -> Vec<String> {
        let words =
            ["grant", "reallocate", "--from", "directors-mandate-2023", "--to", "kson-2023"];
        let with = ["--mandate", "director-2023", "--on", "2023-10-01", "--amount", amount];
        [&words, &with, more].concat().into_iter().map(str::to_owned).collect()
    };
    let words = |words: &[String]| -> Vec<&'static str> {
        words.iter().map(|word| &*word.clone().leak()).collect()
    };
    let before = folder.revisions();
    let preview = folder.json(&words(&move_to_kson("12 mkr", &["--preview"])));
    assert_eq!((&preview["revision"], folder.revisions()), (&Value::Null, before));
    assert_eq!(ore(&preview["account"]["mandates"][0], "room_ore"), 1_500_000_000);
    for (amount, room) in [("12 mkr", 15), ("9 mkr", 6), ("6 000 000 kr", 0)] {
        let told = folder.json(&words(&move_to_kson(amount, &[])));
        hold(&told["account"]);
        assert_eq!(ore(&told["account"]["mandates"][0], "room_ore"), room * 100_000_000);
    }
    assert_eq!(folder.revisions(), before + 3);
    let over = words(&move_to_kson("1 kr", &[]));
    let exceeded = "mandatet `director-2023` överskrids med 1,00\u{a0}kr";
    folder
        .refused(&over, &[exceeded, "`directors-mandate-2023` är övertrasserad med 1,00\u{a0}kr"]);
    // The holder of the mandate has decided, on a day that the register keeps.
    let told = folder.json(&["register", "show", "reallocate-kson-2023-2023-10-01-3"]);
    assert_eq!(told["facts"][0]["body"], "hälso- och sjukvårdsdirektören");
    let account = folder.grant("statsbidrag-2023");
    assert_eq!(ore(post(&account, "kson-2023"), "left_ore"), 2_700_000_000);
    let pay = |amount: &'static str| {
        [
            "grant",
            "pay",
            "kson-2023",
            "--recipient",
            "KSON",
            "--on",
            "2023-11-01",
            "--amount",
            amount,
        ]
    };
    folder.refused(&pay("27 000 001 kr"), &["`kson-2023` är övertrasserad med 1,00\u{a0}kr"]);
    folder.done(&pay("27 mkr"));
    let report = |used: &'static str, returned: &'static str| {
        let days = ["--on", "2024-01-31", "--returned", returned];
        [["grant", "report", "kson-2023", "--used", used].as_slice(), &days].concat()
    };
    // 27 + 7,4 Mkr were paid.
    let too_much =
        "100\u{a0}000,00\u{a0}kr mer redovisas och betalas tillbaka än mottagarna har fått";
    folder.refused(&report("34 mkr", "0,5 mkr"), &[too_much]);
    folder.done(&report("33,9 mkr", "0,5 mkr"));
    let account = folder.grant("statsbidrag-2023");
    let kson = post(&account, "kson-2023");
    assert_eq!((ore(kson, "left_ore"), ore(kson, "outstanding_ore")), (50_000_000, 0));
    let back = |act: &'static str, amount: &'static str| {
        ["grant", act, "kson-2023", "--amount", amount, "--on", "2024-03-01"]
    };
    folder.refused(&back("carry", "1 kr"), &["får inte föras över till nästa år"]);
    folder.refused(&back("repay", "500 001 kr"), &["`kson-2023` är övertrasserad"]);
    folder.done(&back("repay", "0,5 mkr"));
    let told = folder.json(&[
        "grant",
        "account",
        "statsbidrag-2023",
        "--case-number",
        "S2023/12345",
        "--on",
        "2024-03-02",
    ]);
    hold(&told["account"]);
    assert_eq!(told["account"]["case_numbers"], serde_json::json!(["S2023/12345"]));
    assert_eq!(ore(&told["account"], "repaid_ore"), 50_000_000);
}

#[test]
fn what_is_no_post_amount_or_id_is_refused_by_name() {
    let folder = Folder::new("faults");
    let pay = |post: &'static str, amount: &'static str| {
        ["grant", "pay", post, "--recipient", "x \"y\"", "--amount", amount]
    };
    folder.refused(&pay("kson-2024", "1 kr"), &["posten `kson-2024`", "kson-2023"]);
    // A heading that is only proposed is no post.
    folder.refused(&pay("other-2025", "1 kr"), &["posten `other-2025`"]);
    let (code, _, err) = folder.run(&pay("directors-mandate-2023", "1 000 00 kr"));
    assert!(code == 2 && err.contains("`1 000 00 kr` är inget belopp"), "{err}");
    let (code, _, err) = folder.run(&pay("directors-mandate-2023", "-1 kr"));
    assert!(code == 2 && err.contains("inget belopp från 0 kr"), "{code} {err}");
    let told = folder.json(&pay("directors-mandate-2023", "1 kr"));
    assert_eq!(
        post(&told["account"], "directors-mandate-2023")["recipients"][0]["recipient"],
        "x \"y\""
    );
    let mut again = pay("directors-mandate-2023", "1 kr").to_vec();
    let id = told["decision"].as_str().expect("an id");
    again.extend(["--id", id]);
    folder.refused(&again, &["finns redan"]);
    let mut id = pay("directors-mandate-2023", "1 kr").to_vec();
    id.extend(["--id", "Å"]);
    let (code, _, err) = folder.run(&id);
    assert!(code == 2 && err.contains("`Å` är inget id"), "{err}");
    // A file that would overdraw is refused whole, and names the post.
    let book = folder.data.join("overdrawn");
    fs::create_dir_all(&book).expect("made");
    let text = "[decision]\nid = \"overdrawn\"\nknown_from = 2024-01-01\n\n[[grant_act]]\nid = \"too-much\"\nact = \"use\"\n\
                grant = \"statsbidrag-2023\"\non = 2024-01-01\nfrom = \"raises-2023\"\namount = \"1 kr\"\n";
    fs::write(book.join("overdrawn.toml"), text).expect("written");
    let book = book.to_str().expect("UTF-8");
    folder.refused(
        &["register", "load", book],
        &["2024-01-01: `raises-2023` är övertrasserad med 1,00\u{a0}kr"],
    );
}

#[test]
fn commissions_stand_as_known_on_a_day() {
    let folder = Folder::new("commissions");
    let count = |day: &str, state: &str| {
        let told = folder.json(&["commission", "list", "--known-on", day, "--state", state]);
        told["commissions"].as_array().expect("a list").len()
    };
    assert_eq!(count("2021-12-30", "open"), 0);
    // The eight points stand for the board, and made up for each of seven clinics.
    assert_eq!((count("2022-06-30", "open"), count("2022-06-30", "overdue")), (13 + 7 * 8, 0));
    assert_eq!((count("2022-07-01", "open"), count("2022-07-01", "overdue")), (8 + 7 * 8, 5));
    assert_eq!((count("2023-03-30", "answered"), count("2023-03-31", "answered")), (0, 7));
    let told = folder.json(&["commission", "list", "--state", "answered"]);
    let answered = told["commissions"].as_array().expect("a list");
    let one = answered.iter().find(|one| one["id"] == "budget-2023-coherent-care").expect("there");
    assert_eq!(one["answered_by"], "hsn-2025-12-budget-assignment");
    let of_clinics: Vec<_> = answered.iter().filter(|one| !one["unit"].is_null()).collect();
    assert_eq!(of_clinics.len(), 10);
    assert!(of_clinics.iter().all(|one| one["illustrative"] == true), "{told}");
    let csv = folder.done(&["commission", "list", "--format", "csv"]);
    assert!(csv.starts_with("id,from,to,due,unit,state,answered_by,decision,mark,what\n"), "{csv}");
}

#[test]
fn what_goes_on_stands_unfinanced_when_the_last_grant_ends() {
    let folder = Folder::new("cliff");
    let told = folder.json(&["grant", "show"]);
    let years = told["financing"].as_array().expect("a list");
    let of = |year: i64| years.iter().find(|one| one["year"] == year).expect("a year");
    assert_eq!(ore(&of(2023)["decided"], "amount_ore"), 24_200_000_000);
    assert_eq!(ore(&of(2023)["unfinanced_after"], "amount_ore"), 0);
    assert_eq!(of(2025)["last"], true);
    assert_eq!(ore(&of(2025)["proposed"], "amount_ore"), 15_000_000_000);
    assert_eq!(ore(&of(2025)["unfinanced_after"], "amount_ore"), 15_000_000_000);
}

/// Two months of a small synthetic region: what 5 000 kr a delivery takes of the frame, and KSON's share.
#[test]
fn frames_burn_down_by_what_was_paid_and_shares_are_counted() {
    let folder = Folder::new("frames");
    let out = folder.data.join("synthetic");
    let out = out.to_str().expect("UTF-8");
    let books = ["--register", "ratebook/stockholm", "ratebook/demo"];
    let span = ["--out", out, "--from", "2022-01", "--to", "2022-02", "--scale", "40"];
    folder.done(&[&["generate"], books.as_slice(), &span].concat());
    let (code, _, err) = folder.run(&["import", out, "--origin", "synthetic"]);
    assert!(code == 0 || code == 1, "{err}");
    let told = folder.json(&["settle", "--month", "2022-02", "--book"]);
    let lines = told["lines"].as_array().expect("a list").iter();
    let add_on = lines.filter(|line| line["element"] == "eight-point-add-on");
    let paid: i64 = add_on.map(|line| ore(line, "amount_ore")).sum();
    assert!(paid > 0 && paid % 500_000 == 0);
    let shown = folder.json(&["frame", "show", "delivery-care-2022-2024"]);
    assert_eq!(shown["origin"], "synthetic");
    let years = shown["frames"][0]["years"].as_array().expect("a list");
    let amounts: Vec<i64> = years.iter().map(|year| ore(year, "amount_ore")).collect();
    assert_eq!(amounts, [14_850_000_000, 20_350_000_000, 20_350_000_000]);
    let year = &years[0];
    assert_eq!((ore(year, "paid_ore"), ore(year, "left_ore")), (paid, 14_850_000_000 - paid));
    assert_eq!((ore(year, "months"), ore(year, "forecast_ore")), (2, paid * 6));
    let burn_down = year["burn_down"].as_array().expect("a list");
    assert_eq!(ore(&burn_down[1], "left_ore"), 14_850_000_000 - paid);
    assert!(folder.done(&["frame", "show"]).contains("SYNTETISKA DATA"));

    // Every krona has its source, or none is named; together they are what was settled.
    let trace = folder.json(&["frame", "trace"]);
    let sources = trace["sources"].as_array().expect("a list");
    let of = |id: Value| sources.iter().find(|one| one["financed_by"] == id);
    let frame = of("delivery-care-2022-2024".into()).expect("the frame");
    assert_eq!(ore(frame, "amount_ore"), paid);
    assert!(ore(of(Value::Null).expect("the ordinary budget"), "amount_ore") > paid);
    let sum: i64 = sources.iter().map(|one| ore(one, "amount_ore")).sum();
    assert_eq!((sum, ore(&trace, "total_ore")), (ore(&told, "total_ore"), ore(&told, "total_ore")));
    let of_2021 = ore(&folder.json(&["frame", "trace", "--year", "2021"]), "total_ore");
    let of_2022 = ore(&folder.json(&["frame", "trace", "--year", "2022"]), "total_ore");
    assert!(of_2022 > paid && of_2021 + of_2022 <= sum, "{of_2021} {of_2022} {sum}");

    let share = ["grant", "share", "kson-2025", "--residence", "0188", "--year", "2022"];
    let share = folder.json(&share);
    assert_eq!(share["implied"]["percent"], "2.2000");
    let deliveries = ore(&share, "deliveries");
    assert!(deliveries > 50 && ore(&share, "of_residents") <= deliveries, "{share}");
    let percent =
        |key: &str| share["counted"][key].as_str().expect("text").parse::<f64>().expect("a number");
    assert!(
        percent("low_percent") <= percent("percent")
            && percent("percent") <= percent("high_percent")
    );
    assert_eq!(ore(&share["implied"], "amount_ore"), 719_172_200);

    let plain = folder.data.join("anslag.xlsx");
    let (code, _, err) = folder.run(&["frame", "show", "--xlsx", plain.to_str().expect("UTF-8")]);
    assert!(code == 2 && err.contains("SYNTETISK") && !plain.exists(), "{err}");
    let marked = folder.data.join("SYNTETISK-anslag.xlsx");
    let marked = marked.to_str().expect("UTF-8");
    folder.done(&["frame", "show", "--xlsx", marked]);
    let first = fs::read(marked).expect("read");
    folder.done(&["frame", "show", "--xlsx", marked]);
    assert!(first.starts_with(b"PK") && fs::read(marked).expect("read") == first);
    let grant = folder.data.join("SYNTETISK-statsbidrag.xlsx");
    folder.done(&["grant", "show", "--xlsx", grant.to_str().expect("UTF-8")]);
    assert!(fs::read(grant).expect("read").starts_with(b"PK"));
}
