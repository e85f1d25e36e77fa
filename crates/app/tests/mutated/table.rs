//! A contact file that is right, as a table, and the forms it can be written in.
//!
//! Owns: rows without any fault, CSV in every dialect, workbooks. Does not own: what is done to them.

use flate2::Compression;
use flate2::write::GzEncoder;
use kernel::time::Day;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::Write;

/// Random numbers; the same seed gives the same.
pub struct Lot(Xoshiro256PlusPlus);

impl Lot {
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// From 0 up to but not including `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u64() >> 33).unwrap() % end.max(1)
    }

    pub fn of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// The care date stands last, so that a row that is cut in its last field has no date.
pub const NAMES: [&str; 14] = [
    "contact_id",
    "report",
    "reported_on",
    "unit",
    "person",
    "kind",
    "drg",
    "diagnoses",
    "residence",
    "enrolled",
    "gestational_days",
    "parity",
    "team",
    "care_date",
];

const UNITS: [&str; 4] = ["danderyd", "sodersjukhuset", "karolinska-huddinge", "sodertalje"];
const PERSONS: [&str; 5] = ["991981000010", "991945000023", "991993000032", "p-17", "121212-1212"];

#[derive(Clone, Debug)]
pub struct Table {
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// From 2 to 40 rows, each of a contact of its own.
    pub fn right(lot: &mut Lot) -> Self {
        let count = 2 + lot.below(39);
        let rows = (0..count).map(|number| right_row(lot, number)).collect();
        Self { names: NAMES.map(str::to_owned).to_vec(), rows }
    }

    pub fn column(&self, name: &str) -> usize {
        NAMES.iter().position(|known| *known == name).unwrap()
    }

    pub fn set(&mut self, row: usize, name: &str, value: &str) {
        let column = self.column(name);
        value.clone_into(&mut self.rows[row][column]);
    }
}

fn right_row(lot: &mut Lot, number: usize) -> Vec<String> {
    let care = Day::parse("2023-01-01").unwrap().plus(i32::try_from(lot.below(60)).unwrap());
    let reported = care.plus(i32::try_from(lot.below(20)).unwrap());
    let mut row = vec![format!("K{number}")];
    row.push((*lot.of(&["", "new", "correction"])).to_owned());
    row.push(reported.to_string());
    row.push((*lot.of(&UNITS)).to_owned());
    row.push((*lot.of(&PERSONS)).to_owned());
    row.push((*lot.of(&["delivery", "midwife-visit", "phone"])).to_owned());
    row.push((*lot.of(&["P05A", "P05E", ""])).to_owned());
    row.push((*lot.of(&["O80.0 Z37.0", "Z34.9", ""])).to_owned());
    row.push((*lot.of(&["0180", "0123", "1480"])).to_owned());
    row.push((*lot.of(&["ja", "nej", "1", "0", "TRUE", ""])).to_owned());
    row.push((*lot.of(&["274", "281,0", "0", ""])).to_owned());
    row.push((*lot.of(&["0", "2", ""])).to_owned());
    row.push((*lot.of(&["", "Lag Öst", "Åsa"])).to_owned());
    row.push(care.to_string());
    row
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8WithMark,
    Windows1252,
    Utf16,
}

#[derive(Clone, Copy, Debug)]
pub struct Dialect {
    pub separator: char,
    pub line_end: &'static str,
    pub encoding: Encoding,
    pub is_quoted: bool,
}

impl Dialect {
    pub fn any(lot: &mut Lot) -> Self {
        let encodings =
            [Encoding::Utf8, Encoding::Utf8WithMark, Encoding::Windows1252, Encoding::Utf16];
        Self {
            separator: *lot.of(&[';', ',', '\t', '|']),
            line_end: *lot.of(&["\n", "\r\n"]),
            encoding: *lot.of(&encodings),
            is_quoted: lot.one_in(4),
        }
    }

    fn field(self, text: &str) -> String {
        // A decimal comma is quoted where the comma parts fields.
        if self.is_quoted || text.contains(self.separator) {
            return format!("\"{}\"", text.replace('"', "\"\""));
        }
        text.to_owned()
    }

    pub fn line(self, texts: &[String]) -> String {
        let fields: Vec<String> = texts.iter().map(|text| self.field(text)).collect();
        fields.join(&self.separator.to_string()) + self.line_end
    }

    pub fn text(self, table: &Table) -> String {
        let rows = table.rows.iter().map(|row| self.line(row));
        std::iter::once(self.line(&table.names)).chain(rows).collect()
    }

    pub fn bytes(self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
            // Only Latin-1 stands in the tables.
            Encoding::Windows1252 => {
                text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
            }
            Encoding::Utf16 => {
                let text = format!("\u{feff}{text}");
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
        }
    }
}

pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A workbook with the table on its second sheet; whole numbers as numbers, and dates as dates where they are.
pub fn workbook(table: &Table) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "Läs mig först").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("Kontakter").unwrap();
    let form = Format::new().set_num_format("yyyy-mm-dd");
    for (column, name) in (0..).zip(&table.names) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, texts) in (1..).zip(&table.rows) {
        for (column, text) in (0..).zip(texts) {
            let date = Day::parse(text).and_then(|_| ExcelDateTime::parse_from_str(text).ok());
            let number = text.parse::<f64>().ok().filter(|_| !text.contains("e"));
            match (date, number) {
                (Some(date), _) => sheet.write_with_format(row, column, &date, &form).unwrap(),
                (None, Some(number)) => sheet.write_number(row, column, number).unwrap(),
                _ if text.is_empty() => continue,
                _ => sheet.write_string(row, column, text).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}
