//! CSV as clinics send it: what is read, what is told of a row, what refuses the file.

use super::read::Into;
use super::{ContactFile, ContactRead, FileError, Source, read};
use flate2::Compression;
use flate2::write::GzEncoder;
use kernel::finding::Code;
use kernel::intake::{Intake, Persons};
use kernel::time::Day;
use std::io::{Read, Write};
use std::num::NonZeroUsize;

const HEADER: &str = "contact_id;unit;person;kind;care_date;profession";
const PERSON: &str = "991981000010";

fn row(id: &str) -> String {
    format!("{id};u;{PERSON};delivery;2023-02-11;midwife")
}

fn read_with(threads: usize, input: impl Read) -> (Result<ContactRead, FileError>, Intake) {
    let mut intake = Intake::default();
    let mut source = Source::laid_aside("k.csv", input).unwrap();
    let file = ContactFile {
        name: "k.csv",
        batch: 3,
        default_reported_on: Day::MIN,
        threads: NonZeroUsize::new(threads).unwrap(),
    };
    let read = read(&mut source, file, &mut intake, &mut Persons::default(), &mut |_| {});
    (read, intake)
}

fn read_bytes(bytes: &[u8]) -> (Result<ContactRead, FileError>, Intake) {
    read_with(1, bytes)
}

/// Line, code and column of every rejected row.
fn rejected(text: &[u8]) -> Vec<(u64, Code, &'static str)> {
    let read = read_bytes(text).0.unwrap();
    read.rejected.iter().map(|r| (r.line, r.fault.code, r.fault.column.name())).collect()
}

fn refused(bytes: &[u8]) -> String {
    read_bytes(bytes).0.unwrap_err().to_string()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn utf_16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some('\u{feff}');
    mark.into_iter()
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(bytes)
        .collect()
}

#[test]
fn rows_are_read_whatever_the_separator_encoding_line_end_and_packing() {
    let text = format!("{HEADER}\n{}\n{}\n", row("D1"), row("D2")).replace("midwife", "särskild");
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let variants = [
        text.clone().into_bytes(),
        text.replace(';', ",").into_bytes(),
        text.replace(';', "\t").into_bytes(),
        text.replace(';', "|").into_bytes(),
        text.replace('\n', "\r\n").into_bytes(),
        text.replace('\n', "\r").into_bytes(),
        format!("\u{feff}{text}").into_bytes(),
        text.trim_end().into(),
        text.replace("D1;u", "\"D1\";\"u\"").into_bytes(),
        text.replace(";u;", "; \u{a0}u ;").into_bytes(),
        text.replace('\n', ";;\n").into_bytes(),
        format!("{text};;;;;\n").into_bytes(),
        utf_16(&text, true, u16::to_le_bytes),
        utf_16(&text, true, u16::to_be_bytes),
        utf_16(&text, false, u16::to_le_bytes),
        windows.clone(),
        packed(text.as_bytes()),
        packed(&windows),
        [packed(&windows[..80]), packed(&windows[80..])].concat(),
    ];
    for variant in variants {
        let (read, intake) = read_bytes(&variant);
        let shown = String::from_utf8_lossy(&variant);
        let expected = ContactRead {
            rows: 2,
            accepted_lines: [2, 3].into_iter().collect(),
            ..ContactRead::default()
        };
        assert_eq!(read.unwrap(), expected, "{shown}");
        assert_eq!(intake.reports.contact_ids.get(0), "D1");
        let reports = intake.reports.rows();
        assert_eq!((reports.len(), reports[1].batch), (2, 3));
        let unit = intake.reports.unit_codes.get(reports[0].unit_code);
        assert_eq!(unit, "u", "{shown}");
        let profession = intake.reports.profile(0).unwrap().profession.as_deref().unwrap();
        assert_eq!(profession, "särskild", "{shown}");
    }
}

#[test]
fn a_line_that_says_the_separator_is_obeyed() {
    let text = format!("sep=;\r\n{HEADER}\r\n{}\r\n", row("D1"));
    let read = read_bytes(text.as_bytes()).0.unwrap();
    assert_eq!((read.rows, read.accepted_lines.get(0)), (1, Some(3)));
}

#[test]
fn a_rejected_row_is_told_with_its_line_but_never_with_a_persons_number() {
    for end in ["\n", "\r\n"] {
        let text = [
            HEADER,
            &row("D1"),
            "",
            "D2;u;199001019999;delivery;2023-02-11;",
            "D3;u;x;birth;2023-02-11;",
            "",
        ]
        .join(end);
        let (read, intake) = read_bytes(text.as_bytes());
        let rejected = read.unwrap().rejected;
        assert_eq!(intake.reports.rows().len(), 1);
        let told: Vec<_> =
            rejected.iter().map(|r| (r.line, r.fault.code, r.value.as_str())).collect();
        assert_eq!(told, [(4, Code::BadPerson, ""), (5, Code::BadValue, "birth")]);
        assert_eq!(rejected[0].contact_id, "D2");
    }
}

#[test]
fn a_short_row_is_told_and_a_long_one_rejected() {
    let short = format!("D2;u;{PERSON};delivery;2023-02-11");
    let text = format!("{HEADER}\n{}\n{short}\n{};x\n", row("D1"), row("D3"));
    let (read, intake) = read_bytes(text.as_bytes());
    let read = read.unwrap();
    assert_eq!((read.rows, intake.reports.rows().len()), (3, 2));
    let told = &read.short[0];
    assert_eq!((told.line, told.found, told.expected, &*told.contact_id), (3, 5, 6, "D2"));
    assert_eq!((read.rejected[0].line, read.rejected[0].fault.code), (4, Code::LongRow));
    // Without a line end it is the file that was cut off.
    let cut = format!("{HEADER}\n{}\n{short}", row("D1"));
    assert_eq!(rejected(cut.as_bytes()), [(3, Code::ShortRow, "profession")]);
    let quoted = cut.replace("D2", "\"D2\"");
    assert_eq!(rejected(quoted.as_bytes()), [(3, Code::ShortRow, "profession")]);
}

#[test]
fn bytes_that_are_no_text_reject_their_row() {
    let good = row("D1").replace("midwife", "särskild");
    let text = format!("{HEADER}\n{good}\nD2;u\0;{PERSON};delivery;2023-02-11;\n");
    assert_eq!(rejected(text.as_bytes()), [(3, Code::Undecodable, "unit")]);
    let broken =
        [text.replace('\0', "").as_bytes(), b"D3;\xe5;p-1;delivery;2023-02-11;\n"].concat();
    assert_eq!(rejected(&broken), [(4, Code::Undecodable, "unit")], "UTF-8 until then");
    let windows = format!("{HEADER}\n{}\n", row("D1")).into_bytes();
    let windows = [&windows[..], b"D3;\x81;p-1;delivery;2023-02-11;bl\xe5\n"].concat();
    assert_eq!(rejected(&windows), [(3, Code::Undecodable, "unit")]);
}

#[test]
fn what_is_no_contact_file_is_refused() {
    assert!(refused(b"").contains("is empty"));
    assert!(refused(b"\n \n").contains("is empty"));
    assert!(refused(b"contact_id;unti\n").contains("`unti`; the nearest known one is `unit`"));
    assert!(refused(b"contact_id;unit\n").contains("`person` is missing"));
    assert!(refused(b"unit;unit\n").contains("stands twice"));
    assert!(refused(b"unit;Enhet\n").contains("`unit` and `Enhet` are the same column"));
    assert!(refused(b"\x00\x01\x02").contains("no contact file"));
    assert!(refused(b"%PDF-1.7").contains("a PDF"));
    assert!(refused(&packed(&packed(HEADER.as_bytes()))).contains("packed more than once"));
    let whole = packed(format!("{HEADER}\n{}\n", row("D1")).as_bytes());
    for cut in 3..whole.len() {
        assert!(refused(&whole[..cut]).contains("damaged or cut off as gzip"), "{cut}");
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed_refuses_the_file() {
    let header = "contact_id,unit,person,kind,care_date,born_at\n";
    for rows in [
        "a,u1,p-1,delivery,2022-02-01,\"hemma\nb,u1,p-2,delivery,2022-02-01,x\n",
        "a,u1,p-1,delivery,2022-02-01,\"hemma\nb,u1,p-2,delivery,2022-02-01,\"x\"\n",
        "a,u1,p-1,delivery,2022-02-01,\"hemma\nb,\"\",p-2,delivery,2022-02-01,\n",
    ] {
        let error = read_bytes(format!("{header}{rows}").as_bytes()).0.unwrap_err();
        assert!(matches!(error, FileError::UnclosedQuote { line: 2, .. }), "{error}");
    }
    let stray = format!("{header}a,u1,p-1,delivery,2022-02-01,hem\"ma\n");
    assert_eq!(rejected(stray.as_bytes()), [(2, Code::StrayQuote, "born_at")]);
}

#[test]
fn quoted_text_may_hold_separators_line_ends_and_marks() {
    let text =
        format!("{HEADER}\nD1;u;{PERSON};delivery;2023-02-11;\"a;b\n\"\"c\"\"\"\nD2;u;;;;\n");
    let (read, intake) = read_bytes(text.as_bytes());
    assert_eq!(read.unwrap().rejected[0].line, 4);
    let profile = intake.reports.profile(0).unwrap();
    assert_eq!(profile.profession.as_deref(), Some("a;b\n\"c\""));
}

#[test]
fn a_line_without_end_is_not_read_to_its_end() {
    struct Endless<'b>(&'b [u8], u64);
    impl Read for Endless<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.1 += buffer.len() as u64;
            assert!(self.1 < 10_000_000, "reads on");
            if self.0.is_empty() {
                buffer.fill(b'x');
                return Ok(buffer.len());
            }
            self.0.read(buffer)
        }
    }
    let mut intake = Intake::default();
    let mut persons = Persons::default();
    let arrival = kernel::intake::Arrival { batch: 0, default_reported_on: Day::MIN };
    let mut read = |start: &str| {
        let mut into = Into { file: "k.csv", arrival, intake: &mut intake, persons: &mut persons };
        let input = Endless(start.as_bytes(), 0);
        super::csv::read(input, NonZeroUsize::MIN, &mut into, &mut || {}).unwrap_err().to_string()
    };
    assert!(read("").contains("line 1 is longer"));
    assert!(read(&format!("{HEADER}\n{}\n", row("D1"))).contains("line 3 is longer"));
    let quote = format!("{HEADER}\n{}\n\"", row("D1"));
    assert!(read(&quote).contains("line 3: a quotation mark"));
}

/// Some hundred thousand rows, some of them faulty, some quoted: the same with any number of threads.
#[test]
fn one_thread_or_many_give_the_same() {
    let mut text = format!("{HEADER};drg;team\n");
    for number in 0..60_000 {
        let unit = number % 97;
        let drg = ["P05A", "P05E", "", "\"P05C\""][number % 4];
        let team = if number % 11 == 0 { format!("lag {}", number % 31) } else { String::new() };
        let person = if number % 13 == 0 { "x".to_owned() } else { format!("p-{}", number % 999) };
        let team = if number % 7_001 == 0 { "\"två\nrader\"".to_owned() } else { team };
        text.push_str(&format!(
            "D{number};u{unit};{person};delivery;2023-02-11;midwife;{drg};{team}\n"
        ));
    }
    let (read, intake) = read_with(1, text.as_bytes());
    let read = read.unwrap();
    assert_eq!(read.rows, 60_000);
    assert!(read.rejected.len() > 4_000);
    for threads in 2..5 {
        let (again, other) = read_with(threads, text.as_bytes());
        assert_eq!(again.unwrap(), read);
        assert_eq!(other.reports.rows(), intake.reports.rows());
        assert_eq!(other.reports.profiles.values(), intake.reports.profiles.values());
        assert_eq!(other.reports.unit_codes.values(), intake.reports.unit_codes.values());
        assert_eq!(other.reports.extras.values(), intake.reports.extras.values());
    }
}
