//! What can be wrong with a contact file, and what is then true of it.
//!
//! Owns: mutations, each with its oracle, worked out from the table and never by the program's own reading.

use crate::table::{Dialect, Encoding, Lot, NAMES, Table, packed, workbook};

/// What must be told of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The file is refused, and the message holds this text.
    Refused(String),
    /// All rows are read; these are the findings: code, line and field.
    Findings(Vec<(&'static str, u32, &'static str)>),
}

impl Expect {
    fn refused(text: &str) -> Self {
        Self::Refused(text.to_owned())
    }

    fn nothing() -> Self {
        Self::Findings(Vec::new())
    }

    fn one(code: &'static str, line: usize, field: &'static str) -> Self {
        Self::Findings(vec![(code, u32::try_from(line).unwrap(), field)])
    }
}

/// A file and what is true of it.
#[derive(Debug)]
pub struct Trial {
    pub kind: &'static str,
    pub dialect: Dialect,
    pub bytes: Vec<u8>,
    pub expect: Expect,
}

type Mutation = fn(&mut Lot, Table, Dialect) -> (Vec<u8>, Expect);

const MUTATIONS: [(&str, Mutation); 26] = [
    ("unchanged", unchanged),
    ("truncated", truncated),
    ("wrong separator in a row", wrong_separator),
    ("bytes that are no text", wrong_bytes),
    ("missing column", missing_column),
    ("swapped columns", swapped_columns),
    ("renamed column", renamed_column),
    ("unknown column", unknown_column),
    ("duplicated column", duplicated_column),
    ("date in another order", other_dates),
    ("date in another spelling", same_dates),
    ("bad number", bad_number),
    ("bad check digit", bad_check_digit),
    ("bad word", bad_word),
    ("blank field", blank_field),
    ("unknown unit", unknown_unit),
    ("care after report", care_after_report),
    ("NUL byte", nul_byte),
    ("unclosed quote", unclosed_quote),
    ("stray quote", stray_quote),
    ("long row", long_row),
    ("short row", short_row),
    ("blank rows", blank_rows),
    ("truncated gz", truncated_gz),
    ("workbook", whole_workbook),
    ("truncated workbook", truncated_workbook),
];

/// The trial of a number.
pub fn trial(number: u64) -> Trial {
    let mut lot = Lot::new(number);
    let (kind, mutation) = MUTATIONS[usize::try_from(number).unwrap() % MUTATIONS.len()];
    let table = Table::right(&mut lot);
    let dialect = Dialect::any(&mut lot);
    let (bytes, expect) = mutation(&mut lot, table, dialect);
    Trial { kind, dialect, bytes, expect }
}

fn csv(dialect: Dialect, table: &Table) -> Vec<u8> {
    dialect.bytes(&dialect.text(table))
}

/// A faulty value lies in a sheet or in CSV, packed or not, on the same line.
fn in_any_form(lot: &mut Lot, table: &Table, dialect: Dialect) -> Vec<u8> {
    match lot.below(4) {
        0 => workbook(table),
        1 => packed(&csv(dialect, table)),
        _ => csv(dialect, table),
    }
}

fn pick(lot: &mut Lot, values: &[&'static str]) -> &'static str {
    values[lot.below(values.len())]
}

fn any_row(lot: &mut Lot, table: &Table) -> (usize, usize) {
    let row = lot.below(table.rows.len());
    (row, row + 2)
}

fn unchanged(lot: &mut Lot, table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    (in_any_form(lot, &table, dialect), Expect::nothing())
}

/// Cut between two characters: what stands before the cut is read, the row that is cut is told.
fn truncated(lot: &mut Lot, table: Table, mut dialect: Dialect) -> (Vec<u8>, Expect) {
    dialect.is_quoted = false;
    let text = dialect.text(&table);
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).skip(1).collect();
    let cut = *lot.of(&places);
    let left = &text[..cut];
    let expect = match ends.iter().position(|end| cut <= *end) {
        Some(0) => {
            let whole = text[..ends[0]].trim_end();
            if left.trim_end() == whole { Expect::nothing() } else { Expect::refused("") }
        }
        Some(line) => {
            cut_row(&left[ends[line - 1] + 1..], &table.rows[line - 1], dialect, line + 1)
        }
        None => Expect::nothing(),
    };
    (dialect.bytes(left), expect)
}

fn cut_row(left: &str, row: &[String], dialect: Dialect, line: usize) -> Expect {
    if left.trim_matches(['\r', ' ']).is_empty() {
        return Expect::nothing();
    }
    if left.matches('"').count() % 2 == 1 {
        return Expect::refused("citattecken");
    }
    // What stands in quotation marks holds no separator that counts.
    let outside: String = left.split('"').step_by(2).collect();
    let fields = outside.matches(dialect.separator).count() + 1;
    if fields < NAMES.len() {
        return Expect::one("short-row", line, NAMES[fields]);
    }
    let date = left.rsplit(dialect.separator).next().unwrap_or("").trim();
    if date == row[NAMES.len() - 1] {
        Expect::nothing()
    } else if date.is_empty() {
        Expect::one("missing-field", line, "care_date")
    } else {
        Expect::one("bad-value", line, "care_date")
    }
}

fn wrong_separator(lot: &mut Lot, table: Table, mut dialect: Dialect) -> (Vec<u8>, Expect) {
    dialect.is_quoted = false;
    let (row, line) = any_row(lot, &table);
    let other = if dialect.separator == ';' { '\t' } else { ';' };
    let mut lines: Vec<String> = dialect.text(&table).lines().map(str::to_owned).collect();
    lines[row + 1] = lines[row + 1].replace('"', "").replace(dialect.separator, &other.to_string());
    if lines[row + 1].contains(dialect.separator) {
        return unchanged(lot, table, dialect);
    }
    let text = lines.join(dialect.line_end) + dialect.line_end;
    // One field, the contact id; the unit is the first that is missing.
    (dialect.bytes(&text), Expect::one("missing-field", line, "unit"))
}

/// UTF-8 tells itself in the header, so a lone byte later is no Windows-1252.
fn wrong_bytes(lot: &mut Lot, mut table: Table, mut dialect: Dialect) -> (Vec<u8>, Expect) {
    dialect.encoding = *lot.of(&[Encoding::Utf8, Encoding::Utf8WithMark, Encoding::Windows1252]);
    let is_windows = dialect.encoding == Encoding::Windows1252;
    table.names[13] = "Vårddatum".to_owned();
    let (row, line) = any_row(lot, &table);
    let field = *lot.of(&["unit", "drg", "team", "contact_id", "care_date"]);
    table.set(row, field, "\u{1}");
    let wrong =
        if is_windows { *lot.of(&[0x81, 0x8d, 0x9d]) } else { *lot.of(&[0xe5, 0xff, 0xc3]) };
    let mut bytes = csv(dialect, &table);
    bytes.iter_mut().filter(|byte| **byte == 1).for_each(|byte| *byte = wrong);
    (bytes, Expect::one("undecodable", line, field))
}

fn without(table: &mut Table, column: usize) {
    table.names.remove(column);
    table.rows.iter_mut().for_each(|row| drop(row.remove(column)));
}

fn missing_column(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let column = lot.below(NAMES.len());
    without(&mut table, column);
    let name = NAMES[column];
    let is_needed = ["contact_id", "unit", "person", "kind", "care_date"].contains(&name);
    let refused = Expect::Refused(format!("kolumnen `{name}` saknas"));
    let expect = if is_needed { refused } else { Expect::nothing() };
    (in_any_form(lot, &table, dialect), expect)
}

/// The values of two columns, under each other's names.
fn swapped_columns(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (one, other, told) = *lot.of(&[
        ("person", "care_date", "care_date"),
        ("kind", "unit", "kind"),
        ("reported_on", "contact_id", "reported_on"),
        ("enrolled", "kind", "kind"),
    ]);
    let (one, other) = (table.column(one), table.column(other));
    let blank = |row: &Vec<String>| row[one].is_empty() || row[other].is_empty();
    table.rows.retain(|row| !blank(row));
    table.rows.iter_mut().for_each(|row| row.swap(one, other));
    let lines = (2..).take(table.rows.len());
    let findings = lines.map(|line| ("bad-value", line, told)).collect();
    (csv(dialect, &table), Expect::Findings(findings))
}

fn renamed_column(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let names = [
        "Kontakt-ID",
        "RAPPORT",
        "rapporterad",
        "Enhet",
        "PersonNr",
        "kontakt typ",
        "DRG kod",
        "Diagnoser",
        "folkbokforing",
        "Inskriven",
        "Graviditetsdagar",
        "paritet",
        "Barnmorsketeam",
        "Vard_datum",
    ];
    for (name, new) in table.names.iter_mut().zip(names) {
        if !lot.one_in(3) {
            new.clone_into(name);
        }
    }
    (in_any_form(lot, &table, dialect), Expect::nothing())
}

fn unknown_column(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let column = lot.below(NAMES.len());
    let name = *lot.of(&["care_dat", "x", "datum", "kontakt", "enhet2", "unit;unit"]);
    name.clone_into(&mut table.names[column]);
    let expect = Expect::Refused(format!("okänd kolumn `{name}`"));
    (in_any_form(lot, &table, dialect), expect)
}

fn duplicated_column(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (name, text) = *lot.of(&[
        ("unit", "kolumnen `unit` står två gånger"),
        ("HSA-id", "`unit` och `HSA-id` är samma kolumn"),
        ("Vårddatum", "`care_date` och `Vårddatum` är samma kolumn"),
    ]);
    table.names.push(name.to_owned());
    table.rows.iter_mut().for_each(|row| row.push("x".to_owned()));
    (in_any_form(lot, &table, dialect), Expect::refused(text))
}

fn other_dates(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    let field = *lot.of(&["care_date", "reported_on"]);
    let values = [
        "01/02/2023",
        "31.1.2023",
        "2023-02-30",
        "230131",
        "2023-13-01",
        "igår",
        "-1",
        "20230131",
        "2023-01-31 14:30",
    ];
    table.set(row, field, pick(lot, &values));
    (in_any_form(lot, &table, dialect), Expect::one("bad-value", line, field))
}

fn same_dates(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let end = *lot.of(&[" 00:00:00", "T00:00", " 00:00:00.000"]);
    for row in 0..table.rows.len() {
        for field in ["care_date", "reported_on"] {
            let value = table.rows[row][table.column(field)].clone();
            table.set(row, field, &(value + end));
        }
    }
    (in_any_form(lot, &table, dialect), Expect::nothing())
}

fn bad_number(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    let field = *lot.of(&["gestational_days", "parity"]);
    table.set(
        row,
        field,
        pick(lot, &["-1", "39,5", "39.5", "1e2", "fyra", "99999999999", "1 000"]),
    );
    (in_any_form(lot, &table, dialect), Expect::one("bad-value", line, field))
}

fn bad_check_digit(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    let values = ["991981000011", "121212-1213", "p-", "191302301234", "12", "1991981000010"];
    table.set(row, "person", pick(lot, &values));
    (in_any_form(lot, &table, dialect), Expect::one("bad-person", line, "person"))
}

fn bad_word(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    let (field, value) = *lot.of(&[
        ("kind", "birth"),
        ("report", "ny"),
        ("enrolled", "kanske"),
        ("kind", "Delivery"),
    ]);
    table.set(row, field, value);
    (in_any_form(lot, &table, dialect), Expect::one("bad-value", line, field))
}

fn blank_field(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    let field = *lot.of(&["contact_id", "unit", "person", "kind", "care_date"]);
    table.set(row, field, pick(lot, &["", " ", "\u{a0}"]));
    (in_any_form(lot, &table, dialect), Expect::one("missing-field", line, field))
}

fn unknown_unit(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    table.set(row, "unit", pick(lot, &["Danderyd", "nowhere", "11001-110"]));
    (in_any_form(lot, &table, dialect), Expect::one("unknown-unit", line, "unit"))
}

fn care_after_report(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    table.set(row, "reported_on", "2022-12-31");
    (in_any_form(lot, &table, dialect), Expect::one("care-date-after-report", line, "care_date"))
}

fn nul_byte(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    if lot.one_in(4) {
        table.names[3].push('\0');
        return (csv(dialect, &table), Expect::refused("ingen kontaktfil"));
    }
    let (row, line) = any_row(lot, &table);
    let field = *lot.of(&["unit", "drg", "team", "contact_id"]);
    table.set(row, field, pick(lot, &["a\0b", "\0", "\u{1f}", "\u{7f}x"]));
    (csv(dialect, &table), Expect::one("undecodable", line, field))
}

fn unclosed_quote(lot: &mut Lot, table: Table, mut dialect: Dialect) -> (Vec<u8>, Expect) {
    dialect.is_quoted = lot.one_in(2);
    let (row, line) = any_row(lot, &table);
    let mut lines: Vec<String> = dialect.text(&table).lines().map(str::to_owned).collect();
    if dialect.is_quoted {
        lines[row + 1].pop();
    } else {
        let separator = dialect.separator.to_string();
        lines[row + 1] = lines[row + 1].replacen(&separator, &format!("{separator}\""), 1);
    }
    let text = lines.join(dialect.line_end) + dialect.line_end;
    let expect = Expect::Refused(format!("rad {line}: ett citattecken"));
    (dialect.bytes(&text), expect)
}

fn stray_quote(lot: &mut Lot, mut table: Table, mut dialect: Dialect) -> (Vec<u8>, Expect) {
    dialect.is_quoted = false;
    let (row, line) = any_row(lot, &table);
    let field = *lot.of(&["unit", "team", "drg"]);
    table.set(row, field, pick(lot, &["5\" rör", "hem\"", "a\"b\"c"]));
    (csv(dialect, &table), Expect::one("stray-quote", line, field))
}

fn long_row(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let (row, line) = any_row(lot, &table);
    table.rows[row].insert(3, "hem".to_owned());
    (in_any_form(lot, &table, dialect), Expect::one("long-row", line, "contact_id"))
}

fn short_row(lot: &mut Lot, mut table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    table.names.rotate_right(1);
    table.rows.iter_mut().for_each(|row| row.rotate_right(1));
    let (row, line) = any_row(lot, &table);
    let kept = 7 + lot.below(7);
    table.rows[row].truncate(kept);
    (csv(dialect, &table), Expect::one("short-row", line, "contact_id"))
}

fn blank_rows(lot: &mut Lot, table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let mut lines: Vec<String> = dialect.text(&table).lines().map(str::to_owned).collect();
    for _ in 0..3 {
        let blank = dialect.separator.to_string().repeat(lot.below(20));
        lines.insert(1 + lot.below(lines.len()), blank);
    }
    lines.iter_mut().for_each(|line| line.push_str(dialect.line_end));
    (dialect.bytes(&lines.concat()), Expect::nothing())
}

fn truncated_gz(lot: &mut Lot, table: Table, dialect: Dialect) -> (Vec<u8>, Expect) {
    let mut bytes = packed(&csv(dialect, &table));
    let kept = 10 + lot.below(bytes.len() - 10);
    bytes.truncate(kept);
    (bytes, Expect::refused("skadad eller avklippt"))
}

fn whole_workbook(_: &mut Lot, table: Table, _: Dialect) -> (Vec<u8>, Expect) {
    (workbook(&table), Expect::nothing())
}

fn truncated_workbook(lot: &mut Lot, table: Table, _: Dialect) -> (Vec<u8>, Expect) {
    let mut bytes = workbook(&table);
    let kept = 4 + lot.below(bytes.len() - 4);
    bytes.truncate(kept);
    (bytes, Expect::refused("skadad eller avklippt"))
}
