//! `follow import` through the real binary: what is kept, what is refused, and what stands as known on a day.
//!
//! Owns: the forms that docs/formats.md promises of files beside contacts. Does not own: any measure (`follow`).

use app::data::DataFolder;
use follow::inputs::{Inputs, LabourStart};
use kernel::time::Day;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Region {
    folder: PathBuf,
}

impl Region {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("follow-import-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let region = Self { folder };
        assert_eq!(region.run(&["init"]).0, 0);
        let load = ["register", "load", "--replay-known", "ratebook/stockholm", "ratebook/demo"];
        assert_eq!(region.run(&load).0, 0);
        region
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run_on(&self.data(), arguments)
    }

    fn run_on(&self, data: &Path, arguments: &[&str]) -> (i32, String, String) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
        command.current_dir(root).args(arguments).args(["--lang", "en"]).arg("--data").arg(data);
        let output = command.env_remove("VARDKEDJA_DATA").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn import(&self, name: &str, on: &str, content: impl AsRef<[u8]>) -> (i32, Value) {
        let path = self.write(name, content);
        let (code, out, err) =
            self.run(&["follow", "import", &path, "--on", on, "--format", "json"]);
        (code, serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}")))
    }

    fn inputs(&self, known_on: &str) -> Inputs {
        inputs_of(&self.data(), known_on)
    }
}

fn inputs_of(data: &Path, known_on: &str) -> Inputs {
    DataFolder::open(data).unwrap().inputs(Day::parse(known_on).unwrap()).unwrap()
}

const LABOUR: &str = "contact_id;labour_start;active_from;active_until\n\
    F1;spontaneous;2023-01-31T02:10;2023-01-31T09:45\n\
    F2;planned-caesarean;;2023-01-31T10:02\n";

#[test]
fn a_later_report_supersedes_and_a_cancellation_takes_away() {
    let region = Region::new("supersede");
    let (code, json) = region.import("labour.csv", "2023-02-01", LABOUR);
    assert_eq!((code, &json["batches"][0]["kind"]), (0, &Value::from("labour")), "{json}");
    assert_eq!((json["rows"].as_i64(), json["accepted"].as_i64()), (Some(2), Some(2)));
    let again = region.import("again.csv", "2023-02-05", LABOUR);
    assert_eq!(again.1["already_imported"], true);
    let corrected = "Kontakt-ID,Rapport,Rapporterad,Förlossningsstart,Aktiv från,Aktiv till\n\
        F1,correction,2023-02-03,induced,2023-01-31T03:10,2023-01-31T09:45\n\
        F2,cancellation,2023-02-04,,,\n";
    let (code, json) = region.import("correction.csv", "2023-02-06", corrected);
    assert_eq!((code, json["accepted"].as_i64()), (0, Some(2)), "{json}");
    assert_eq!(region.inputs("2023-01-31").labour.len(), 0);
    let first = region.inputs("2023-02-02");
    assert_eq!(first.labour.len(), 2);
    let minutes = |inputs: &Inputs| {
        let one = inputs.labour[0];
        assert_eq!(inputs.texts.get(one.contact), "F1");
        (one.active_until.unwrap().since(one.active_from.unwrap()), one.start)
    };
    assert_eq!(minutes(&first), (455, LabourStart::Spontaneous));
    assert_eq!(region.inputs("2023-02-03").labour.len(), 2);
    let last = region.inputs("2023-02-04");
    assert_eq!((last.labour.len(), minutes(&last)), (1, (395, LabourStart::Induced)));
}

#[test]
fn a_faulty_row_is_refused_alone_and_told_with_its_place() {
    let region = Region::new("faulty");
    let rows = "contact_id;measure;value\nF1;tear-grade;2\nF1;fobs;62\nF1;bloodloss;300\n\
        F2;apgar-5;11\n;bmi;24,5\nF3;bmi;24,5\nF3;bmi;24,5;extra\n191212121212;epds;31\n";
    let (code, json) = region.import("measures.csv", "2023-02-01", rows);
    assert_eq!((code, json["rejected"].as_i64(), json["accepted"].as_i64()), (1, Some(6), Some(2)));
    let findings = json["findings"].as_array().unwrap();
    let told: Vec<(i64, &str, &str)> = findings
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("");
            (one["line"].as_i64().unwrap(), text("code"), text("field"))
        })
        .collect();
    let expected = [
        (3, "bad-value", "measure"),
        (4, "bad-value", "measure"),
        (5, "bad-value", "value"),
        (6, "missing-field", "contact_id"),
        (8, "long-row", "contact_id"),
        (9, "bad-value", "value"),
    ];
    assert_eq!(told, expected, "{json}");
    let message = |at: usize| findings[at]["message"].as_str().unwrap();
    assert!(message(0).contains("receiving clinic's own compartment"), "{json}");
    assert!(message(1).contains("blood-loss-ml"), "{json}");
    assert!(message(2).contains("0–10"), "{json}");
    assert!(!json.to_string().contains("191212121212"), "{json}");
    let inputs = region.inputs("2023-02-01");
    assert_eq!(inputs.measures.len(), 2);
    assert!(inputs.measures.iter().any(|measure| measure.value == 24.5));
}

#[test]
fn a_refused_row_of_staffing_names_nobody() {
    let region = Region::new("unnamed");
    // The columns of two rows are shifted: a name stands where an instant or a contact should.
    let rows = "carer;unit;contact_id;starts_at;ends_at\n\
        danderyd;F1;Anna Andersson;2023-01-31T02:00;2023-01-31\n\
        danderyd;F1;2023-01-31T02:00;Anna Andersson;2023-01-31T05:00\n\
        m1;danderyd;F1;2023-01-31T25:00;2023-01-31T05:00\n";
    let (code, json) = region.import("staffing.csv", "2023-02-01", rows);
    assert_eq!((code, json["rejected"].as_i64()), (1, Some(3)), "{json}");
    assert!(!json.to_string().contains("Andersson"), "{json}");
    assert!(json.to_string().contains("2023-01-31T25:00"), "{json}");
}

#[test]
fn a_formula_that_nothing_has_computed_is_no_blank_and_a_wide_row_is_refused() {
    let region = Region::new("formulas");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["contact_id", "measure", "value"]) {
        sheet.write(0, column, name).unwrap();
    }
    for row in 1..=3 {
        sheet.write(row, 0, format!("F{row}")).unwrap().write(row, 1, "bmi").unwrap();
    }
    let uncomputed = rust_xlsxwriter::Formula::new("=20+4").set_result("");
    sheet.write(1, 2, uncomputed).unwrap();
    sheet.write(2, 2, 24).unwrap().write(2, 900, "långt bort").unwrap();
    sheet.write(3, 2, 24).unwrap();
    let (code, json) = region.import("bmi.xlsx", "2023-02-01", book.save_to_buffer().unwrap());
    let told: Vec<(&str, i64)> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["code"].as_str().unwrap(), one["line"].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [("bad-value", 2), ("long-row", 3)], "{json}");
    assert_eq!((code, json["accepted"].as_i64()), (1, Some(1)));
}

#[test]
fn rows_that_have_no_effect_are_not_accepted_and_days_to_come_are_told() {
    let region = Region::new("no-effect");
    let rows = "contact_id;measure;value\nF1;bmi;22\nF1;bmi;23\nF2;bmi;24\n";
    let (code, json) = region.import("twice.csv", "2023-02-01", rows);
    let counts = ["rows", "accepted", "rejected"].map(|key| json[key].as_i64().unwrap());
    assert_eq!((code, counts), (1, [3, 1, 2]), "{json}");
    let rows = "contact_id;reported_on;measure;value\nF3;2999-01-02;bmi;22\nF4;2999-01-01;bmi;22\n";
    let (code, json) = region.import("ahead.csv", "2023-02-01", rows);
    let found = &json["findings"][0];
    assert_eq!((code, &found["code"]), (0, &"reported-ahead".into()), "{json}");
    assert_eq!((&found["line"], &found["value"]), (&2.into(), &"2999-01-02".into()));
}

#[test]
fn a_refused_file_leaves_nothing() {
    let region = Region::new("refused");
    let refused = |name: &str, content: &str, says: &str| {
        let path = region.write(name, content);
        let (code, _, err) = region.run(&["follow", "import", &path]);
        assert!(code == 3 && err.contains(says), "{name}: {code} {err}");
    };
    refused(
        "a.csv",
        "contact_id;vlue\n",
        "unknown column `vlue`; the nearest known one is `value`",
    );
    refused("b.csv", "contact_id;report\n", "say --kind");
    refused("c.csv", "contact_id;measure\n", "`value` of the kind `measure` is missing");
    refused("d.csv", "contact_id;measure;value\nF1;bmi;22\nF2;\"bmi;22\n", "quotation mark");
    refused("SYNTETISKA.csv", LABOUR, "--origin synthetic");
    assert_eq!(region.inputs("2023-02-01").measures.len(), 0);
    assert_eq!(region.run(&["doctor"]).0, 0);
}

#[test]
fn carers_become_pseudonyms_and_units_their_ids() {
    let region = Region::new("staffing");
    let rows = "barnmorska;enhet;kontakt_id;börjar;slutar\n\
        Anna Andersson;sodersjukhuset;F1;2023-01-31T07:00;2023-01-31T12:00\n\
        Anna Andersson;sodersjukhuset;;2023-01-31T12:00;2023-01-31T15:00\n\
        b-17;nowhere;F2;2023-01-31T07:00;2023-01-31T15:00\n";
    let (code, json) = region.import("staffing.csv", "2023-02-01", rows);
    assert_eq!((code, json["accepted"].as_i64()), (0, Some(3)), "{json}");
    assert_eq!(json["findings"][0]["code"], "unknown-unit", "{json}");
    let inputs = region.inputs("2023-02-01");
    assert_eq!(inputs.staffing.len(), 2);
    let [first, second] = [inputs.staffing[0], inputs.staffing[1]];
    assert_eq!(first.carer, second.carer);
    let name = inputs.texts.get(first.carer);
    assert!(name.starts_with("b-") && name.len() == 26, "{name}");
    assert_eq!(inputs.texts.get(first.unit), "sodersjukhuset");
    assert_eq!((second.contact, first.until), (None, second.from));
    let holds = |path: PathBuf| fs::read(path).unwrap().windows(9).any(|text| text == b"Andersson");
    let kept = fs::read_dir(region.data().join("inputs")).unwrap();
    assert!(kept.map(|file| file.unwrap().path()).all(|file| !holds(file)));
    assert!(!holds(region.data().join("vardkedja.sqlite")));
}

#[test]
fn rows_that_differ_on_one_day_do_not_count_whichever_came_first() {
    let region = Region::new("conflict");
    let one = "contact_id\tmeasure\tvalue\nF1\tepds\t4\nF2\tepds\t5\n";
    assert_eq!(region.import("one.tsv", "2023-02-01", one).0, 0);
    let other = "contact_id\tmeasure\tvalue\nF1\tepds\t14\nF2\tepds\t5\n";
    let (code, json) = region.import("other.tsv", "2023-02-01", other);
    assert_eq!(code, 1);
    assert_eq!(json["findings"][0]["code"], "conflicting-reports");
    assert_eq!(json["findings"][0]["line"], 2);
    let inputs = region.inputs("2023-02-01");
    assert_eq!(inputs.measures.len(), 1);
    assert_eq!(inputs.texts.get(inputs.measures[0].contact), "F2");
}

#[test]
fn a_copy_has_what_is_beside_contacts_and_a_change_is_seen() {
    let region = Region::new("copy");
    region.import("labour.csv", "2023-02-01", LABOUR);
    let surveys = "\u{feff}enhet;från_månad;till_månad;fråga;tillfrågade;svarande;räknade\r\n\
        sodersjukhuset;2023-01;2023-03;trygg;120;80;71\r\n";
    assert_eq!(region.import("surveys.csv", "2023-04-20", surveys).0, 0);
    let backup = region.folder.join("backup");
    assert_eq!(region.run(&["backup", "--out", backup.to_str().unwrap()]).0, 0);
    let restored = region.folder.join("restored");
    let from = ["restore", "--from", backup.to_str().unwrap()];
    assert_eq!(region.run_on(&restored, &from).0, 0);
    let inputs = inputs_of(&restored, "2023-05-01");
    assert_eq!((inputs.labour.len(), inputs.surveys.len()), (2, 1));
    assert_eq!((inputs.surveys[0].asked, inputs.surveys[0].counted), (120, 71));
    let head = region.run(&["verify-log", "--format", "json"]);
    let copied = region.run_on(&restored, &["verify-log", "--format", "json"]);
    assert_eq!((head.0, &head.1), (0, &copied.1));
    let file = fs::read_dir(restored.join("inputs")).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, b"PAR1").unwrap();
    assert_ne!(region.run_on(&restored, &["doctor"]).0, 0);
}

#[test]
fn sheets_packed_files_and_other_encodings_say_the_same() {
    let region = Region::new("forms");
    let instant = |text: &str| rust_xlsxwriter::ExcelDateTime::parse_from_str(text).unwrap();
    let form = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let mut book = rust_xlsxwriter::Workbook::new();
    let notes = book.add_worksheet();
    notes.write(0, 0, "Till avsändaren").unwrap();
    let sheet = book.add_worksheet().set_name("Förlopp").unwrap();
    for (column, name) in
        ["Kontakt-ID", "Förlossningsstart", "Aktiv från", "Aktiv till"].iter().enumerate()
    {
        sheet.write(0, column as u16, *name).unwrap();
    }
    sheet.write(1, 0, "F1").unwrap().write(1, 1, "spontan").unwrap();
    sheet.write_with_format(1, 2, instant("2023-01-31T02:10:00"), &form).unwrap();
    sheet.write_with_format(1, 3, instant("2023-01-31T09:45:00"), &form).unwrap();
    let (code, json) = region.import("forlopp.xlsx", "2023-02-01", book.save_to_buffer().unwrap());
    assert_eq!((code, json["accepted"].as_i64()), (0, Some(1)), "{json}");
    let minutes = |known_on: &str| {
        let labour = region.inputs(known_on).labour;
        labour
            .iter()
            .map(|one| one.active_until.unwrap().since(one.active_from.unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(minutes("2023-02-01"), [455]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let later = "contact_id;labour_start;active_from;active_until;report\n\
        F1;spontaneous;2023-01-31T02:00;2023-01-31T09:45;correction\n";
    std::io::Write::write_all(&mut packed, later.as_bytes()).unwrap();
    assert_eq!(region.import("later.csv.gz", "2023-02-02", packed.finish().unwrap()).0, 0);
    assert_eq!(minutes("2023-02-02"), [465]);
    let wide = later.replace("02:00", "02:05").replace("labour_start", "Förlossningsstart");
    let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(region.import("wide.txt", "2023-02-03", [&[0xff, 0xfe][..], &wide].concat()).0, 0);
    assert_eq!(minutes("2023-02-03"), [460]);
    let path = region.write("cut.csv", "contact_id;labour_start;active_from\nF9;spontan");
    let (code, out, _) = region.run(&["follow", "import", &path, "--format", "json"]);
    assert!(code == 1 && out.contains("it is probably cut off"), "{out}");
}
