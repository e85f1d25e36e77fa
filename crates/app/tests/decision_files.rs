//! `decision read` and `decision check` through the real binary: forms of files, the draft, facts, exit codes.

use serde_json::Value;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_vardkedja")).args(arguments).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("a code"), text(output.stdout), text(output.stderr))
}

fn json(arguments: &[&str], code: i32) -> Value {
    let (found, out, err) = run(arguments);
    assert_eq!(found, code, "{out}{err}");
    serde_json::from_str(&out).expect("JSON")
}

fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("decision-{name}"));
    std::fs::write(&path, content).expect("written");
    path
}

const TEXT: &str = "HSN 2026-0412\n2026-03-02\n\nNämnden fördelar 12 miljoner kronor enligt följande:\n\n• Norra kliniken tilldelas 7 miljoner kronor.\n• Södra kliniken tilldelas 4 miljoner kronor.\n";

#[test]
fn a_text_is_read_in_the_form_of_the_contract() {
    let path = file("form.txt", TEXT.as_bytes());
    let told = json(&["decision", "read", path.to_str().unwrap(), "--format", "json"], 0);
    let amount = &told["amounts"][0];
    let slice: String = TEXT.chars().skip(43).take(18).collect();
    assert_eq!((amount["start"].as_u64(), amount["end"].as_u64()), (Some(43), Some(61)));
    assert_eq!(
        (amount["text"].as_str(), slice.as_str()),
        (Some("12 miljoner kronor"), "12 miljoner kronor")
    );
    assert_eq!(
        (amount["amount_ore"].as_i64(), &amount["per"]),
        (Some(1_200_000_000), &Value::Null)
    );
    assert_eq!(amount["precision"], "exact");
    assert_eq!(told["case_numbers"][0]["value"], "HSN 2026-0412");
    assert_eq!(told["dates"][0]["value"], "2026-03-02");
    assert_eq!(told["recipients"][1]["value"], "Södra kliniken");
}

#[test]
fn what_does_not_add_up_is_told_with_its_places() {
    let path = file("check.txt", TEXT.as_bytes());
    let told = json(&["decision", "check", path.to_str().unwrap(), "--format", "json"], 1);
    let finding = &told["findings"][0];
    // 12 − (7 + 4) = 1.
    assert_eq!((&finding["code"], &finding["severity"]), (&"sum-differs".into(), &"error".into()));
    assert_eq!(finding["difference_ore"], 100_000_000);
    assert_eq!(finding["difference_range_ore"], serde_json::json!([100_000_000, 100_000_000]));
    assert_eq!(
        (finding["places"].as_array().map(Vec::len), &told["unbound"]),
        (Some(3), &serde_json::json!([]))
    );
    let (code, out, _) = run(&["decision", "check", path.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(out.contains("1 fel, 0 varningar, 0 upplysningar"), "{out}");
    let whole = TEXT.replace("4 miljoner", "5 miljoner");
    let path = file("whole.txt", whole.as_bytes());
    let (code, out, _) = run(&["decision", "check", path.to_str().unwrap()]);
    assert!(code == 0 && out.contains("De belopp som lästes motsäger inte varandra"), "{out}");
}

#[test]
fn facts_bind_amounts_and_must_stand_in_the_text() {
    let path = file("facts.txt", TEXT.as_bytes());
    let facts = |south: &str| {
        format!(
            "[decision]\nid = \"d\"\nbody = \"HSN\"\nknown_from = 2026-03-02\nsource = {{ title = \"t\", file = \"decision-facts.txt\" }}\n\n[[grant]]\nid = \"g\"\nyear = 2026\namount = \"12 mkr\"\n\n[[heading]]\nid = \"h\"\ngrant = \"g\"\nrule = \"fixed\"\namount = \"12 mkr\"\n\n[[item]]\nid = \"i\"\nheading = \"h\"\nrecipient = \"Södra kliniken\"\nrule = \"fixed\"\namount = \"{south}\"\n"
        )
    };
    let check = |facts: &Path| {
        json(
            &[
                "decision",
                "check",
                path.to_str().unwrap(),
                "--facts",
                facts.to_str().unwrap(),
                "--format",
                "json",
            ],
            1,
        )
    };
    let told = check(&file("facts.toml", facts("4 mkr").as_bytes()));
    let unbound: Vec<&str> = told["unbound"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    assert_eq!(unbound, ["7 miljoner kronor"]);
    let codes = |told: &Value| -> Vec<String> {
        told["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(codes(&told), ["sum-differs"]);
    // Rows swapped: the fact's amount is in the text, but another recipient's.
    let told = check(&file("swapped.toml", facts("7 mkr").as_bytes()));
    assert_eq!(codes(&told), ["sum-differs", "fact-differs"]);
    let told = check(&file("absent.toml", facts("3 mkr").as_bytes()));
    assert_eq!(codes(&told), ["sum-differs", "fact-not-in-text"]);
}

#[test]
fn a_draft_is_written_once() {
    let path = file("draft.txt", TEXT.as_bytes());
    let draft = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decision-draft.toml");
    let _ = std::fs::remove_file(&draft);
    let ask = ["decision", "read", path.to_str().unwrap(), "--draft", draft.to_str().unwrap()];
    assert_eq!(run(&ask).0, 0);
    let written = std::fs::read_to_string(&draft).unwrap();
    assert!(
        written.contains("recipient = \"Södra kliniken\"")
            && written.contains("case_number = \"HSN 2026-0412\""),
        "{written}"
    );
    let (decision, _) = app::ratebook::read_text("draft.toml", &written);
    assert_eq!(decision.map(|decision| decision.facts.len()), Some(3), "{written}");
    assert_eq!(run(&ask).0, 3);
}

/// A Word file with a paragraph in two runs, a deletion, and a table.
fn word() -> Vec<u8> {
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |a: &str, b: &str| format!("<w:tr>{}{}</w:tr>", cell(a), cell(b));
    let body = format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">Bidraget är 7,2 milj</w:t></w:r><w:del><w:r><w:delText>99</w:delText></w:r></w:del><w:r><w:t>oner kronor &amp; inget mer.</w:t></w:r></w:p><w:tbl>{}{}{}{}</w:tbl>",
        row("Mottagare", "Belopp (kr)"),
        row("Norra", "4 000"),
        row("S&#246;dra", "3 000"),
        row("Summa", "8 000")
    );
    docx(&body)
}

fn docx(body: &str) -> Vec<u8> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>"
    );
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(xml.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_word_file_is_read_with_its_tables() {
    let path = file("word.docx", &word());
    let told = json(&["decision", "read", path.to_str().unwrap(), "--format", "json"], 0);
    let ore: Vec<i64> = told["amounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["amount_ore"].as_i64().unwrap())
        .collect();
    assert_eq!(ore, [720_000_000, 400_000, 300_000, 800_000]);
    let told = json(&["decision", "check", path.to_str().unwrap(), "--format", "json"], 1);
    assert_eq!(told["findings"][0]["difference_ore"], 100_000);
}

/// Paragraphs of a list bear their marks nowhere in the file; a heading with a number is none, and a text box stands once.
#[test]
fn the_lists_of_a_word_file_are_lists() {
    let paragraph = |style: &str, text: &str| {
        format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let number = |id: &str| format!("<w:numPr><w:numId w:val=\"{id}\"/></w:numPr>");
    let item = |text: &str| paragraph(&number("1"), text);
    let heading = format!("<w:pStyle w:val=\"Rubrik1\"/>{}", number("2"));
    let body = [
        paragraph(&heading, "Fördelning"),
        paragraph("", "Bidraget om 8 miljoner kronor fördelas enligt följande:"),
        item("Norra kliniken, 5 miljoner kronor"),
        item("Södra kliniken, 2 miljoner kronor"),
        paragraph(&number("0"), "Det gäller i två år."),
        format!(
            "<w:Choice>{0}</w:Choice><w:Fallback>{0}</w:Fallback>",
            paragraph("", "Ramen är 9 mkr.")
        ),
        "<w:moveFrom><w:r><w:t>4 mkr</w:t></w:r></w:moveFrom>".to_owned(),
    ];
    let path = file("list.docx", &docx(&body.concat()));
    let told = json(&["decision", "read", path.to_str().unwrap(), "--format", "json"], 0);
    let texts: Vec<&str> = told["amounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["8 miljoner kronor", "5 miljoner kronor", "2 miljoner kronor", "9 mkr"]);
    let told = json(&["decision", "check", path.to_str().unwrap(), "--format", "json"], 1);
    assert_eq!(told["findings"][0]["difference_ore"], 100_000_000);
}

/// The same text in UTF-8, UTF-16 and Windows-1252.
#[test]
fn a_text_is_read_however_it_is_stored() {
    let text = "Södra kliniken tilldelas 5 miljoner kronor – på två år.";
    let utf16 = |mark: [u8; 2], unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(unit)).collect()
    };
    let windows: Vec<u8> = text
        .chars()
        .map(|c| if c == '–' { 0x96 } else { u8::try_from(u32::from(c)).unwrap() })
        .collect();
    for (name, bytes) in [
        ("stored-8.txt", text.as_bytes().to_vec()),
        ("stored-le.txt", utf16([0xff, 0xfe], u16::to_le_bytes)),
        ("stored-be.txt", utf16([0xfe, 0xff], u16::to_be_bytes)),
        ("stored-1252.txt", windows),
    ] {
        let path = file(name, &bytes);
        let told = json(&["decision", "read", path.to_str().unwrap(), "--format", "json"], 0);
        let one = &told["amounts"][0];
        assert_eq!((&one["start"], &one["end"]), (&25.into(), &42.into()), "{name}");
        assert_eq!(told["recipients"][0]["value"], "Södra kliniken", "{name}");
    }
}

/// A PDF of one page with lines of text, written out so that no tool is needed.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown = |line: &&str| -> Vec<u8> {
        let latin = line.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'));
        [b"(".to_vec(), latin.collect(), b") Tj T*\n".to_vec()].concat()
    };
    let text: Vec<u8> = lines.iter().flat_map(shown).collect();
    let stream = [b"BT /F1 11 Tf 14 TL 50 780 Td\n".to_vec(), text, b"ET".to_vec()].concat();
    let objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        [format!("<< /Length {} >>\nstream\n", stream.len()).into_bytes(), stream, b"\nendstream".to_vec()].concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let (mut file, mut places) = (b"%PDF-1.4\n".to_vec(), Vec::new());
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    file
}

#[test]
fn the_text_layer_of_a_pdf_is_read() {
    let path = file(
        "text.pdf",
        &pdf(&[
            "Region Norden erhåller statsbidrag på 326 896 457 kronor",
            "och fördelar 7,2 miljoner kronor till Södra kliniken.",
        ]),
    );
    let told = json(&["decision", "read", path.to_str().unwrap(), "--format", "json"], 0);
    let ore: Vec<i64> = told["amounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["amount_ore"].as_i64().unwrap())
        .collect();
    assert_eq!(ore, [32_689_645_700, 720_000_000]);
}

#[test]
fn what_is_no_text_is_refused() {
    for (name, content) in [
        ("dos.txt", &b"f\x94rdelning"[..]),
        ("cut.docx", b"PK\x03\x04cut"),
        ("cut.pdf", b"%PDF-1.7\ncut"),
        ("empty.txt", b""),
        ("blank.txt", b"\xef\xbb\xbf \n\n"),
        ("endless.txt", "å\n".repeat(2_000_001).as_bytes()),
    ] {
        let path = file(name, content);
        let (code, out, err) = run(&["decision", "read", path.to_str().unwrap()]);
        assert_eq!((code, out.as_str()), (3, ""), "{name}");
        assert!(err.contains(name), "{err}");
    }
    let folder = env!("CARGO_TARGET_TMPDIR");
    let missing = format!("{folder}/decision-missing.txt");
    for (path, why) in [(folder, "är en mapp"), (missing.as_str(), "finns inte")] {
        let (code, out, err) = run(&["decision", "check", path]);
        assert_eq!((code, out.as_str()), (3, ""), "{path}");
        assert!(err.contains(why) && !err.contains("os error"), "{err}");
    }
}

#[test]
fn a_row_of_thousands_of_numbers_is_read_at_once() {
    let numbers = (0..40_000).map(|number| (1_000 + number % 9_000).to_string());
    let text = format!("Rad {}\n", numbers.collect::<Vec<_>>().join(" "));
    let path = file("numbers.txt", text.as_bytes());
    let start = std::time::Instant::now();
    assert_eq!(run(&["decision", "check", path.to_str().unwrap()]).0, 0);
    // It takes a fraction of a second; when every number looked at all after it, it took a quarter of an hour.
    assert!(start.elapsed().as_secs() < 20);
}
