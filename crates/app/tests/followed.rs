//! Follow-up through the real binary on births that a person can count: one midwife each to the minute, indicators, and what is withheld.
//!
//! Owns: that commands tell what the rows say. Does not own: statistics and disclosure as such (tests of `follow`).

use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const UNITS: [&str; 2] = ["danderyd", "sodersjukhuset"];

struct Region(PathBuf);

impl Region {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("followed-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let region = Self(folder);
        region.done(&["init"]);
        region.done(&["register", "load", "--replay-known", "ratebook/stockholm", "ratebook/demo"]);
        region
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
        let data = self.0.join("data");
        command.current_dir(root).args(arguments).args(["--lang", "en"]).arg("--data").arg(data);
        let output = command.env_remove("VARDKEDJA_DATA").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn done(&self, arguments: &[&str]) -> String {
        let (code, out, err) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {out}{err}");
        out
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--format", "json"]].concat())).unwrap()
    }

    fn file(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn indicator(&self, id: &str, by: &str) -> Vec<Value> {
        let known = ["--known-on", "2024-06-01"];
        let asked = ["follow", "indicators", "--year", "2023", "--indicator", id, "--by", by];
        let told = self.json(&[&asked[..], &known].concat());
        told["rows"].as_array().unwrap().clone()
    }
}

/// What one made-up birth is; the pattern repeats every twenty.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Her own midwife all four hours.
    Own,
    /// Her own for three hours; in the fourth the midwife has another woman in active labour too.
    Shared,
    /// A planned caesarean.
    Planned,
    /// Nothing is reported of her labour.
    Untold,
}

fn kind(nth: usize) -> Kind {
    match nth % 20 {
        6..=9 => Kind::Planned,
        14 | 18 => Kind::Untold,
        even if even % 4 < 2 => Kind::Own,
        _ => Kind::Shared,
    }
}

/// Even births are at the one unit, odd ones at the other; every birth has a day of its own.
fn unit(nth: usize) -> &'static str {
    UNITS[nth % 2]
}

fn day(nth: usize) -> String {
    format!("2023-{:02}-{:02}", 1 + nth / 20, 1 + nth % 20)
}

const BIRTHS: usize = 80;
/// Severe tears: three at the one unit, seven at the other.
const TORN: [usize; 10] = [0, 20, 40, 1, 3, 5, 21, 23, 41, 61];

fn with_births(name: &str) -> Region {
    let region = Region::new(name);
    let mut contacts = String::from(
        "contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses;gestational_days;parity;carer;born_at\n",
    );
    let mut labour = String::from("contact_id;labour_start;active_from;active_until\n");
    let mut staffing = String::from("carer;unit;contact_id;starts_at;ends_at\n");
    let mut measures = String::from("contact_id;measure;value\n");
    for nth in 0..BIRTHS {
        let (day, unit) = (day(nth), unit(nth));
        let codes = match kind(nth) {
            Kind::Planned => "O82.0 Z37.0",
            _ if TORN.contains(&nth) => "O80.0 O70.2 Z37.0",
            _ => "O80.0 Z37.0",
        };
        let _ = writeln!(
            contacts,
            "D{nth};{day};{unit};p-{nth};delivery;{day};P05E;{codes};280;{};m{nth};{day}T06:00",
            nth % 3
        );
        let _ =
            writeln!(measures, "D{nth};blood-loss-ml;{}", if nth % 4 == 0 { 1_200 } else { 400 });
        match kind(nth) {
            Kind::Planned => {
                let _ = writeln!(labour, "D{nth};planned-caesarean;;{day}T10:00");
            }
            Kind::Untold => {}
            Kind::Own | Kind::Shared => {
                let _ = writeln!(labour, "D{nth};spontaneous;{day}T02:00;{day}T06:00");
                let _ = writeln!(staffing, "m{nth};{unit};D{nth};{day}T02:00;{day}T06:00");
            }
        }
        if kind(nth) == Kind::Shared {
            // Another woman of the same midwife, in active labour from five to seven; her own birth is not at these units' count.
            let _ = writeln!(
                contacts,
                "X{nth};{day};bb-stockholm;p-x{nth};delivery;{day};P05E;O80.0 Z37.0;280;0;m{nth};{day}T07:00"
            );
            let _ = writeln!(labour, "X{nth};spontaneous;{day}T05:00;{day}T07:00");
            let _ = writeln!(staffing, "m{nth};bb-stockholm;X{nth};{day}T05:00;{day}T07:00");
        }
    }
    let contacts = region.file("contacts.csv", &contacts);
    region.done(&["import", &contacts, "--on", "2024-01-15"]);
    for (name, content) in
        [("labour.csv", labour), ("staffing.csv", staffing), ("measures.csv", measures)]
    {
        let file = region.file(name, &content);
        region.done(&["follow", "import", &file, "--on", "2024-01-15"]);
    }
    region
}

fn count(unit: Option<&str>, of: impl Fn(usize) -> bool) -> u64 {
    let births = (0..BIRTHS).filter(|nth| unit.is_none_or(|unit| unit == self::unit(*nth)));
    births.filter(|nth| of(*nth)).count() as u64
}

#[test]
fn one_to_one_is_counted_to_the_minute_and_what_is_missing_is_not_met() {
    let region = with_births("minutes");
    let told = region.json(&["follow", "one-to-one", "--year", "2023", "--known-on", "2024-06-01"]);
    for unit in UNITS {
        let clinics = told["clinics"].as_array().unwrap();
        let clinic = clinics.iter().find(|clinic| clinic["unit"] == unit).unwrap();
        let measured = |nth: usize| matches!(kind(nth), Kind::Own | Kind::Shared);
        assert_eq!(clinic["births"], 40, "{clinic}");
        let apart = count(Some(unit), |nth| kind(nth) == Kind::Planned);
        let untold = count(Some(unit), |nth| kind(nth) == Kind::Untold);
        assert_eq!(clinic["apart"], apart, "{clinic}");
        assert_eq!(clinic["missing"], untold, "{clinic}");
        // Three hours of four are 75 % exactly: met at 75, not at 90.
        for (at, own) in [(0, measured as fn(usize) -> bool), (1, |nth| kind(nth) == Kind::Own)] {
            let met = &clinic["met"][at];
            let (met_count, of) = (count(Some(unit), own), count(Some(unit), measured));
            assert_eq!((&met["count"], &met["of"]), (&met_count.into(), &of.into()), "{unit}");
        }
    }
    // 24 shared births lose an hour each, from five to six.
    let hours = region.json(&[
        "follow",
        "one-to-one",
        "--year",
        "2023",
        "--unit",
        "danderyd",
        "--known-on",
        "2024-06-01",
    ]);
    // A person is told the same.
    let asked = ["follow", "one-to-one", "--year", "2023", "--known-on", "2024-06-01"];
    let (_, table, _) = region.run(&[&asked[..], &["--unit", "danderyd"]].concat());
    for told in ["Hours of the day", "02–03", "Days of the week", "Friday", "22–07"] {
        assert!(table.contains(told), "{told}\n{table}");
    }
    let asked = ["follow", "indicators", "--year", "2023", "--known-on", "2024-06-01"];
    let (_, table, _) = region.run(&[&asked[..], &["--unit", "danderyd"]].concat());
    assert!(table.contains("All at Danderyd"), "{table}");
    let shared = count(Some("danderyd"), |nth| kind(nth) == Kind::Shared);
    let own = count(Some("danderyd"), |nth| kind(nth) == Kind::Own);
    for hour in 2..6_u64 {
        let told =
            hours["hours"].as_array().unwrap().iter().find(|told| told["at"] == hour).unwrap();
        let lost = if hour == 5 { shared * 60 } else { 0 };
        assert_eq!(told["active"], (own + shared) * 60, "{hour}");
        assert_eq!(told["own"], (own + shared) * 60 - lost, "{hour}");
        assert_eq!(told["unknown"], 0);
    }
}

#[test]
fn a_share_is_what_a_person_counts() {
    let region = with_births("shares");
    let rows = region.indicator("haemorrhage-vaginal", "unit");
    for unit in UNITS {
        let row = rows.iter().find(|row| row["group"] == unit).unwrap();
        let meant = |nth: usize| kind(nth) != Kind::Planned;
        assert_eq!(row["of"], count(Some(unit), meant), "{row}");
        assert_eq!(row["count"], count(Some(unit), |nth| meant(nth) && nth % 4 == 0), "{row}");
        assert_eq!(row["percent_reported"], 100);
    }
    let whole = region.indicator("one-to-one-75", "whole");
    // Of the other clinic's births too: all have an hour of two with a midwife of two women.
    let others = count(None, |nth| kind(nth) == Kind::Shared);
    let own = count(None, |nth| matches!(kind(nth), Kind::Own | Kind::Shared));
    assert_eq!(whole[0]["of"], own + others);
    assert_eq!(whole[0]["count"], own);
    let untold = count(None, |nth| kind(nth) == Kind::Untold);
    let reported = (own + others) * 100 / (own + others + untold);
    // 80 of 88; a step of ten percent is nine births.
    assert_eq!((reported, &whole[0]["percent_reported"]), (90, &90.into()));
}

#[test]
fn small_counts_are_withheld_and_cannot_be_worked_out_from_the_whole() {
    let region = with_births("small");
    let rows = region.indicator("severe-tear-non-instrumental", "unit");
    let of = |group: Value| rows.iter().find(|row| row["group"] == group).unwrap();
    assert_eq!(of("danderyd".into())["withheld"], "too-few");
    let known: Vec<&Value> = rows.iter().filter(|row| row["withheld"].is_null()).collect();
    let whole = of(Value::Null);
    let hidden = rows.iter().filter(|row| !row["group"].is_null() && !row["withheld"].is_null());
    assert!(!whole["withheld"].is_null() || hidden.count() >= 2, "{known:?}");
    let text = region.done(&[
        "follow",
        "indicators",
        "--year",
        "2023",
        "--indicator",
        "severe-tear-non-instrumental",
        "--by",
        "unit",
        "--known-on",
        "2024-06-01",
    ]);
    assert!(text.contains("too few to be shown"), "{text}");
}

/// Three caesareans of ten births in every month: no month is told, every quarter is.
#[test]
fn what_is_too_rare_for_a_month_is_told_by_quarter() {
    let region = Region::new("quarters");
    let mut contacts =
        String::from("contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses\n");
    for nth in 0..120 {
        let (day, code) = (format!("2023-{:02}-{:02}", 1 + nth / 10, 1 + nth % 10), nth % 10);
        let code = if code < 3 { "O82.0" } else { "O80.0" };
        let _ =
            writeln!(contacts, "D{nth};{day};danderyd;p-{nth};delivery;{day};P05E;{code} Z37.0");
    }
    region.done(&["import", &region.file("contacts.csv", &contacts), "--on", "2024-01-15"]);
    let [months, quarters] = ["month", "quarter"].map(|by| region.indicator("caesarean", by));
    let parts = |rows: &[Value]| -> Vec<Option<[u64; 2]>> {
        let groups = rows.iter().filter(|row| !row["group"].is_null());
        groups.map(|row| Some([row["count"].as_u64()?, row["of"].as_u64()?])).collect()
    };
    assert_eq!(parts(&months), [None; 12]);
    assert_eq!(parts(&quarters), [Some([9, 30]); 4]);
}

/// Twenty planned and three acute caesareans at the one clinic, twenty of each at the other, and births of other kinds at both: all
/// caesareans less the planned ones are three.
#[test]
fn one_indicator_less_another_gives_no_few_women_away() {
    let region = Region::new("families");
    let mut contacts = String::from(
        "contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses;gestational_days;parity\n",
    );
    for nth in 0..200 {
        let code = match (nth % 2, nth / 2) {
            (_, 0..20) => "O82.0",
            (0, 20..23) | (1, 20..40) => "O82.1",
            _ => "O80.0",
        };
        let (unit, day) = (unit(nth), format!("2023-{:02}-{:02}", 1 + nth / 20, 1 + nth % 20));
        let _ = writeln!(
            contacts,
            "D{nth};{day};{unit};p-{nth};delivery;{day};P05E;{code} Z37.0;280;{}",
            nth % 3
        );
    }
    region.done(&["import", &region.file("contacts.csv", &contacts), "--on", "2024-01-15"]);
    let ids = ["caesarean", "planned-caesarean", "acute-caesarean"];
    let [all, planned, acute] = ids.map(|id| region.indicator(id, "unit"));
    let of = |rows: &[Value], group: &Value| {
        rows.iter().find(|row| row["group"] == *group).unwrap()["count"].as_i64()
    };
    let mut told = 0;
    for group in [Value::from("danderyd"), Value::from("sodersjukhuset"), Value::Null] {
        let counts = [&all, &planned, &acute].map(|rows| of(rows, &group));
        told += counts.iter().flatten().count();
        let [all, planned, acute] = counts;
        for (whole, part) in [(all, planned), (all, acute)] {
            if let (Some(whole), Some(part)) = (whole, part) {
                let rest = whole - part;
                assert!(rest == 0 || rest >= 5, "{group}: {whole} less {part}");
            }
        }
    }
    assert!(told >= 3, "nothing was told at all");
    // Nor can the three be worked out from what the region and the other clinic have.
    let known = |rows: &[Value]| {
        of(rows, &Value::Null).is_some() && of(rows, &"sodersjukhuset".into()).is_some()
    };
    assert!(!known(&acute), "{acute:?}");
    assert!(!(known(&all) && known(&planned)), "{all:?} {planned:?}");
}

/// A clinic that is not there, with a plan of a sixth of the region's births.
const FICTIVE: &str = r#"
[decision]
id = "fiktiv-norr"
body = "exempel"
known_from = 2021-12-31
illustrative = true

[[provider]]
id = "fiktiv-vard"
legal_form = "private"

[[unit]]
id = "fiktiv-norr"
kind = "delivery-clinic"
provider = "fiktiv-vard"
municipality = "0180"

[[agreement]]
id = "fiktiv-avtal"
provider = "fiktiv-vard"
area = "delivery"
form = "care-choice"

[[assignment]]
unit = "fiktiv-norr"
agreement = "fiktiv-avtal"
name = "base"

[[capacity]]
unit = "fiktiv-norr"
year = 2022
deliveries = 5000
"#;

/// `generate` plants severe tears at fictive units through 2022 and says so in its truth: they are found there, and nowhere else.
#[test]
fn what_is_planted_at_a_fictive_unit_is_found_by_the_whole_program() {
    let region = Region::new("planted");
    let (book, made) = (region.0.join("fiktiv"), region.0.join("made"));
    fs::create_dir_all(&book).unwrap();
    fs::write(book.join("fiktiv.toml"), FICTIVE).unwrap();
    let [book, out] = [&book, &made].map(|path| path.to_str().unwrap());
    region.done(&["register", "load", book]);
    let span = ["--from", "2022-01", "--to", "2022-12", "--scale", "150"];
    let made_of =
        ["generate", "--register", "ratebook/stockholm", "ratebook/demo", book, "--out", out];
    region.done(&[&made_of[..], &span].concat());
    let truth: Value =
        serde_json::from_slice(&fs::read(made.join("SYNTETISKA-DATA-facit.json")).unwrap())
            .unwrap();
    let planted = &truth["beside"]["planted"]["fiktiv-norr"]["severe_tears"];
    let files = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let csv = entries.filter(|path| path.extension().is_some_and(|end| end == "csv"));
        let mut all: Vec<String> = csv.map(|path| path.to_str().unwrap().to_owned()).collect();
        all.sort();
        all
    };
    for (command, files) in
        [(&["import"][..], files(&made)), (&["follow", "import"], files(&made.join("uppfoljning")))]
    {
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let (code, _, err) = region.run(&[command, &files, &["--origin", "synthetic"]].concat());
        // Rows that are planted as faulty are refused; the others are kept.
        assert!(code < 2, "{command:?}: {err}");
    }
    let asked = ["follow", "indicators", "--year", "2022", "--by", "unit", "--indicator"];
    let told = region.json(&[&asked[..], &["severe-tear-non-instrumental"]].concat());
    let rows = told["rows"].as_array().unwrap();
    let number = |row: &Value, key: &str| row[key].as_f64();
    let fictive = rows.iter().find(|row| row["group"] == "fiktiv-norr").unwrap();
    let share = planted["share"].as_f64().expect("what was planted");
    let (low, high) = (number(fictive, "low").unwrap(), number(fictive, "high").unwrap());
    // The interval is one of 95 %; half a point on either side makes chance rarer than that.
    assert!((low - 0.005..=high + 0.005).contains(&share), "{share}: {fictive}");
    let others = rows.iter().filter(|row| !row["group"].is_null() && row["group"] != "fiktiv-norr");
    let mut compared = 0;
    for high in others.filter_map(|row| number(row, "high")) {
        assert!(high < low, "{high} of another, {low} of the fictive one");
        compared += 1;
    }
    assert!(compared > 2, "{rows:?}");
}

#[test]
fn what_is_not_there_is_refused_with_the_nearest() {
    let region = Region::new("refused");
    let (code, _, err) = region.run(&["follow", "indicators", "--indicator", "caesarian"]);
    assert!(code == 3 && err.contains("`caesarean`"), "{code} {err}");
    let (code, _, err) = region.run(&["follow", "one-to-one", "--unit", "dandryd"]);
    assert!(code == 3 && err.contains("`danderyd`"), "{code} {err}");
    let (code, _, err) = region.run(&["follow", "report", "--out", "x.txt"]);
    assert!(code == 2 && err.contains(".pdf or .json"), "{code} {err}");
    let nowhere = region.0.join("nowhere/x.pdf").display().to_string();
    let (code, _, err) = region.run(&["follow", "report", "--out", &nowhere]);
    assert!(code == 3 && err.contains(&format!("`{nowhere}` cannot be written")), "{code} {err}");
    for year in ["99999", "23", "-1", "1899"] {
        let year = format!("--year={year}");
        let (code, _, err) = region.run(&["follow", "indicators", &year]);
        assert!(code == 2 && err.contains("a year from 1900 to 2999"), "{year}: {code} {err}");
    }
}

#[test]
fn a_report_is_a_pdf_or_a_bundle_that_says_why_a_value_is_masked() {
    let region = with_births("report");
    let file = |name: &str| region.0.join(name).to_str().unwrap().to_owned();
    let asked = ["follow", "report", "--year", "2023", "--known-on", "2024-06-01", "--out"];
    region.done(&[&asked[..], &[&file("r.pdf")]].concat());
    assert!(fs::read(file("r.pdf")).unwrap().starts_with(b"%PDF-"));
    region.done(&[&asked[..], &[&file("r.json"), "--unit", "danderyd"]].concat());
    let bundle: Value = serde_json::from_slice(&fs::read(file("r.json")).unwrap()).unwrap();
    let entries = bundle["entry"].as_array().unwrap();
    let of = |id: &str| {
        let named = |entry: &&Value| {
            entry["resource"]["measure"].as_str().unwrap().contains(&format!(":{id}|"))
        };
        &entries.iter().find(named).unwrap()["resource"]["group"][0]
    };
    let tear = of("severe-tear-non-instrumental");
    assert_eq!(tear["measureScore"]["extension"][0]["valueCode"], "masked");
    assert!(tear["population"].is_null());
    let loss = of("haemorrhage-vaginal");
    assert_eq!(
        loss["population"][0]["count"],
        count(Some("danderyd"), |n| kind(n) != Kind::Planned)
    );
}

#[test]
fn twins_reported_apart_are_one_woman_and_what_cannot_be_placed_is_told() {
    let region = Region::new("twins");
    let mut contacts = String::from(
        "contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses;gestational_days;parity;born_at\n",
    );
    let mut labour = String::from("contact_id;labour_start;active_from;active_until\n");
    let mut staffing = String::from("carer;unit;contact_id;starts_at;ends_at\n");
    for nth in 1..=6 {
        let day = format!("2023-03-{nth:02}");
        for (child, born) in [("A", "06:00"), ("B", "sex")] {
            let _ = writeln!(
                contacts,
                "T{nth}{child};{day};danderyd;p-{nth};delivery;{day};P05E;O80.0 Z37.2;280;0;{day}T{born}"
            );
            let _ = writeln!(labour, "T{nth}{child};spontaneous;{day}T02:00;{day}T06:00");
        }
        // One midwife all the time; from five on she is written down with the other child's contact.
        let _ = writeln!(staffing, "m{nth};danderyd;T{nth}A;{day}T02:00;{day}T05:00");
        let _ = writeln!(staffing, "m{nth};danderyd;T{nth}B;{day}T04:00;{day}T06:00");
    }
    labour.push_str("N1;spontaneous;2023-03-01T02:00;2023-03-01T06:00\n");
    region.done(&["import", &region.file("contacts.csv", &contacts), "--on", "2024-01-15"]);
    for (name, content) in [("labour.csv", labour), ("staffing.csv", staffing)] {
        region.done(&["follow", "import", &region.file(name, &content), "--on", "2024-01-15"]);
    }
    let told = region.json(&["follow", "one-to-one", "--year", "2023", "--known-on", "2024-06-01"]);
    let clinic = &told["clinics"][0];
    assert_eq!((&clinic["unit"], &clinic["births"]), (&"danderyd".into(), &6.into()), "{told}");
    assert_eq!((&clinic["met"][2]["count"], &clinic["met"][2]["of"]), (&6.into(), &6.into()));
    assert_eq!((&told["stray_labour"], &told["unreadable_births"]), (&1.into(), &6.into()));
}

/// A hundred births from March to December, each with her visit on the tenth day, and no contact after 30 December: what
/// could be known of the births of autumn ends there.
#[test]
fn births_whose_time_ends_after_the_last_contact_are_pending_however_late_it_is_asked() {
    let region = Region::new("horizon");
    let mut contacts =
        String::from("contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses\n");
    for nth in 0..100 {
        let (month, of_month) = (3 + nth / 10, nth % 10);
        let [day, visit] =
            [of_month + 1, of_month + 11].map(|day| format!("2023-{month:02}-{day:02}"));
        let _ = writeln!(
            contacts,
            "D{nth};{day};danderyd;p-{nth};delivery;{day};P05E;O80.0 Z37.0\nE{nth};{visit};danderyd;p-{nth};postnatal-visit;{visit};;"
        );
    }
    let _ = writeln!(contacts, "X;2023-12-30;danderyd;p-x;midwife-visit;2023-12-30;;");
    region.done(&["import", &region.file("contacts.csv", &contacts), "--on", "2024-01-15"]);
    let whole = |id| region.indicator(id, "whole").remove(0);
    let share = whole("aftercare-visit");
    let told = |row: &Value| (row["value"].clone(), row["of"].clone(), row["pending"].clone());
    // March to August are sixty, and the first nine of September end by 30 December (9 September + 112 days).
    assert_eq!(told(&share), (1.0.into(), 69.into(), 31.into()), "{share}");
    // Twelve weeks from 7 October end on 30 December.
    let mean = whole("postnatal-visits");
    assert_eq!((&mean["value"], &mean["pending"]), (&1.0.into(), &23.into()), "{mean}");
}

/// Everything that a program is told of a year, whatever it is asked by, as known on a day; without that day and the day of publication.
fn all_that_is_told(region: &Region, year: &str, known_on: &str) -> Vec<Value> {
    let asked = ["--year", year, "--known-on", known_on];
    let mut told = Vec::new();
    for by in ["whole", "unit", "month", "quarter", "education", "parity", "age", "bmi"] {
        told.push(region.json(&[&["follow", "indicators", "--by", by], &asked[..]].concat()));
    }
    for unit in UNITS {
        let by_month = ["follow", "indicators", "--by", "month", "--unit", unit];
        told.push(region.json(&[&by_month[..], &asked].concat()));
        told.push(region.json(&[&["follow", "one-to-one", "--unit", unit], &asked[..]].concat()));
    }
    told.push(region.json(&[&["follow", "one-to-one"], &asked[..]].concat()));
    for one in &mut told {
        one.as_object_mut().unwrap().remove("known_on");
        one.as_object_mut().unwrap().remove("as_published");
        for row in one["rows"].as_array_mut().into_iter().flatten() {
            row.as_object_mut().unwrap().remove("as_published");
        }
    }
    told
}

/// Births of one kind at a unit in a month, all of the same facts.
fn more_births(
    region: &Region,
    name: &str,
    unit: &str,
    month: &str,
    births: std::ops::Range<usize>,
) {
    let mut contacts = String::from(
        "contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses;gestational_days;parity\n",
    );
    for nth in births {
        let day = format!("{month}-{:02}", 1 + nth % 28);
        let _ = writeln!(
            contacts,
            "{name}{nth};2024-02-01;{unit};p-{name}{nth};delivery;{day};P05E;O80.0 Z37.0;280;0"
        );
    }
    let file = region.file(&format!("{name}.csv"), &contacts);
    region.done(&["import", &file, "--on", "2024-02-01"]);
}

const PUBLISH: [&str; 6] = ["follow", "publish", "--year", "2023", "--known-on", "2024-06-01"];

fn standings(told: &Value) -> Vec<&str> {
    let parts = told["parts"].as_array().unwrap().iter();
    let mut each: Vec<&str> = parts.map(|part| part["standing"].as_str().unwrap()).collect();
    each.sort_unstable();
    each.dedup();
    each
}

/// A report that comes late, also one that says it was reported before, changes nothing that is told of a published year; and the year is
/// not published anew while women could be subtracted.
#[test]
fn a_published_year_is_told_as_it_was_published_whatever_comes_later() {
    let region = with_births("published");
    let before = all_that_is_told(&region, "2023", "2024-06-01");
    let shown = region.json(&PUBLISH);
    assert_eq!((standings(&shown), &shown["deed"]), (vec!["new"], &Value::Null), "{shown}");
    let (code, _, err) = region.run(&[&PUBLISH[..], &["--book"]].concat());
    assert_eq!((code, err.contains("--as NAME")), (3, true), "{err}");
    region.done(&[&PUBLISH[..], &["--book", "--as", "anna"]].concat());
    assert_eq!(all_that_is_told(&region, "2023", "2024-06-01"), before);

    // Nothing is published twice.
    let (code, _, err) = region.run(&[&PUBLISH[..], &["--book", "--as", "anna"]].concat());
    assert_eq!((code, err.contains("nothing in its figures has changed")), (3, true), "{err}");

    // Reported before the day of publication, and imported after it.
    more_births(&region, "late", "danderyd", "2023-03", 0..1);
    let measures = region.file("m.csv", "contact_id;measure;value\nD3;blood-loss-ml;1500\n");
    region.done(&["follow", "import", &measures, "--on", "2024-02-02"]);
    for known_on in ["2024-01-31", "2024-06-01", "2025-06-01"] {
        assert_eq!(all_that_is_told(&region, "2023", known_on), before, "{known_on}");
    }
    let row = region.indicator("caesarean", "whole").remove(0);
    assert_eq!(row["as_published"], "2024-06-01");
    let (_, table, _) = region.run(&["follow", "indicators", "--year", "2023"]);
    assert!(table.contains("2023 is shown as published"), "{table}");
    let years = region.json(&["follow", "indicators", "--year", "2023", "--by", "year"]);
    assert!(
        years["rows"].as_array().unwrap().iter().all(|row| row["as_published"] == "2024-06-01")
    );

    let (code, _, err) = region.run(&[&PUBLISH[..], &["--book", "--as", "anna"]].concat());
    assert_eq!((code, err.contains("women could be subtracted")), (3, true), "{err}");
    let shown = region.json(&PUBLISH);
    assert!(standings(&shown).contains(&"small-difference"), "{shown}");
    assert_eq!(shown["earlier"][0]["by"], "anna");

    // A file says so too.
    let file = region.0.join("report.json");
    region.done(&["follow", "report", "--year", "2023", "--out", file.to_str().unwrap()]);
    let bundle: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert_eq!(bundle["entry"][0]["resource"]["date"], "2024-06-01");
}

/// Sixty births at each of two clinics, and then thirty of a clinic that had told of none: nobody is found by subtracting, so the year is
/// published anew. What is asked as known before that is told as it was published first.
#[test]
fn a_year_is_published_anew_where_nobody_can_be_subtracted() {
    let region = Region::new("anew");
    UNITS.iter().for_each(|unit| more_births(&region, unit, unit, "2023-02", 0..60));
    region.done(&[&PUBLISH[..], &["--book", "--as", "anna"]].concat());
    let first = all_that_is_told(&region, "2023", "2024-06-01");
    more_births(&region, "pile", "karolinska-huddinge", "2023-02", 0..30);
    assert_eq!(all_that_is_told(&region, "2023", "2024-07-01"), first);
    let anew = ["follow", "publish", "--year", "2023", "--known-on", "2024-07-01"];
    let shown = region.json(&anew);
    assert!(standings(&shown).contains(&"changed"), "{shown}");
    region.done(&[&anew[..], &["--book", "--as", "bo"]].concat());
    assert_eq!(all_that_is_told(&region, "2023", "2024-06-30"), first);
    let second = all_that_is_told(&region, "2023", "2024-07-01");
    assert_ne!(second, first);
    let born = |told: &[Value]| {
        let rows = told[0]["rows"].as_array().unwrap();
        rows.iter().find(|row| row["indicator"] == "caesarean").unwrap()["of"].as_u64().unwrap()
    };
    assert_eq!(born(&second), born(&first) + 30);
    // A single birth more is held against both.
    more_births(&region, "one", "karolinska-huddinge", "2023-02", 0..1);
    let third = ["follow", "publish", "--year", "2023", "--known-on", "2024-08-01", "--book"];
    assert_eq!(region.run(&[&third[..], &["--as", "bo"]].concat()).0, 3);
    assert_eq!(all_that_is_told(&region, "2023", "2024-08-01"), second);
}

/// Where what was published does not follow any more, nothing of the year is told, since anything else could be subtracted from it.
#[test]
fn a_year_that_does_not_follow_as_it_was_published_is_not_told() {
    let region = with_births("unfollowed");
    let mut data = app::data::DataFolder::open(&region.0.join("data")).unwrap();
    let extent = data.extent(kernel::time::Day::new(2024, 6, 1).unwrap());
    let note = kernel::journal::publication_note(&extent, &"0".repeat(64));
    let (kind, subject) = (kernel::journal::DeedKind::Publish, "2023");
    data.act(app::commands::books::New { kind, subject, by: "anna", note: &note, on: None }.deed())
        .unwrap();
    let told = region.json(&["follow", "indicators", "--year", "2023"]);
    let rows = told["rows"].as_array().unwrap();
    assert!(rows.len() > 10 && rows.iter().all(|row| row["withheld"] == "not-as-published"));
    assert_eq!(region.run(&["follow", "one-to-one", "--year", "2023"]).0, 3);
    let (code, _, err) = region.run(&[&PUBLISH[..], &["--book", "--as", "anna"]].concat());
    assert_eq!((code, err.contains("cannot be worked out again")), (3, true), "{err}");
}
