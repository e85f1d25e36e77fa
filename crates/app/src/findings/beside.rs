//! What a clinic is told about rows of labour, staffing, measures and surveys.
//!
//! Owns: the words. Does not own: which rows are faulty. No personal number and no carer is ever in a finding.

use super::{hide_numbers, hide_within, of_form, of_short, shown_id};
use crate::failure::Failure;
use bulk::contact_file::shortened;
use follow::intake::{Column, Fault, Header, HeaderFault, Kind, expected};
use kernel::finding::{Code, Finding, Severity, Text};

/// Where a row stands, and the contact it names.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// File as named.
    pub file: &'a str,
    /// Line.
    pub line: u64,
    /// Contact id, possibly blank.
    pub contact: &'a str,
}

/// The finding of a row that was rejected. `value` is blank where it may not be shown.
pub fn rejected(place: Place<'_>, fault: &Fault, value: &str) -> Finding {
    let message = fault.why.clone().unwrap_or_else(|| message(fault.code, fault.column));
    let mut finding = placed(Finding::new(fault.code, Severity::Error, message), place);
    finding.field = Some(fault.column.name().to_owned());
    finding.value = (!value.is_empty()).then(|| hide_numbers(&shortened(value)));
    finding
}

fn placed(mut finding: Finding, place: Place<'_>) -> Finding {
    finding.file = place.file.to_owned();
    finding.line = u32::try_from(place.line).unwrap_or(u32::MAX);
    finding.contact = (!place.contact.is_empty()).then(|| shown_id(&shortened(place.contact)));
    finding
}

fn message(code: Code, column: Column) -> Text {
    if let Some(text) = of_form(code, column) {
        return text;
    }
    if code == Code::CareDateAfterReport {
        return Text::new(
            format!(
                "`{column}` kommer efter dagen för rapporten; rätta det ena och skicka raden igen"
            ),
            format!(
                "`{column}` is after the day of the report; mend one of them and send the row again"
            ),
        );
    }
    let (sv, en) = expected(column);
    Text::new(
        format!("`{column}` ska vara {sv}; rätta värdet och skicka raden igen"),
        format!("`{column}` is to be {en}; mend the value and send the row again"),
    )
}

/// The warning about a row that was read though it ends before its header does.
pub fn short_row(place: Place<'_>, found: usize, header: &Header) -> Finding {
    let message = of_short(found, header.columns.len());
    placed(Finding::new(Code::ShortRow, Severity::Warning, message), place)
}

/// The finding of a row that has no effect since another of the same day says something else.
pub fn conflict(file: &str, line: u64, kind: Kind) -> Finding {
    let keys: Vec<String> = kind.key().iter().map(|column| format!("`{column}`")).collect();
    let keys = keys.join(", ");
    let message = Text::new(
        format!(
            "rader med samma {keys}, dag och slag av rapport säger olika; ingen av dem gäller. Skicka den rätta som `correction`"
        ),
        format!(
            "rows with the same {keys}, day and kind of report differ; none of them counts. Send the right one as `correction`"
        ),
    );
    let finding = Finding::new(Code::ConflictingReports, Severity::Error, message);
    placed(finding, Place { file, line, contact: "" })
}

/// The warning about rows of a unit that is not known; `line` is that of the first.
pub fn unknown_unit(file: &str, line: u64, unit: &str, rows: usize) -> Finding {
    let unit = hide_numbers(&shortened(unit));
    let message = Text::new(
        format!(
            "ingen enhet heter `{unit}` den dagen ({rows} rader); raderna är sparade och gäller när registret känner enheten. Rätta koden eller registrera enheten"
        ),
        format!(
            "no unit is called `{unit}` on that day ({rows} rows); the rows are kept, and count once the register knows the unit. Mend the code or register the unit"
        ),
    );
    let mut finding = Finding::new(Code::UnknownUnit, Severity::Warning, message);
    finding.field = Some(Column::Unit.name().to_owned());
    finding.value = Some(unit);
    placed(finding, Place { file, line, contact: "" })
}

/// Why a file is refused for its header.
pub fn refused_header(file: &str, sheet: Option<&str>, line: u64, fault: &HeaderFault) -> Failure {
    let (place_sv, place_en) = match sheet {
        Some(sheet) => {
            (format!("blad `{sheet}` rad {line}"), format!("sheet `{sheet}` row {line}"))
        }
        None => (format!("rad {line}"), format!("line {line}")),
    };
    let (sv, en) = header_words(fault);
    Failure::refused(
        format!("`{file}` {place_sv}: {sv}; inget ur filen är sparat"),
        format!("`{file}` {place_en}: {en}; nothing of the file is kept"),
    )
}

fn header_words(fault: &HeaderFault) -> (String, String) {
    match fault {
        HeaderFault::NoHeader => (
            "ingen kolumn är känd; den första raden ska ha kolumnernas namn (`vardkedja schema inputs`)"
                .to_owned(),
            "no column is known; the first line is to have the names of columns (`vardkedja schema inputs`)"
                .to_owned(),
        ),
        HeaderFault::Unknown(name, _) if kernel::intake::Header::knows(name) => (
            format!("kolumnen `{name}` hör till kontaktfiler, och dem läser `import`"),
            format!("the column `{name}` is one of contact files, and those `import` reads"),
        ),
        HeaderFault::Unknown(name, near) => {
            let name = hide_within(name);
            (
                format!("okänd kolumn `{name}`; närmast kända är `{near}`"),
                format!("unknown column `{name}`; the nearest known one is `{near}`"),
            )
        }
        HeaderFault::Twice(one, other) => (
            format!("`{one}` och `{other}` är samma kolumn; ta bort den ena"),
            format!("`{one}` and `{other}` are the same column; take one away"),
        ),
        HeaderFault::NotOfKind(kind, column) => (
            format!(
                "`{column}` är ingen kolumn för slaget `{kind}`; ta bort den eller ange rätt --kind"
            ),
            format!(
                "`{column}` is no column of the kind `{kind}`; take it away or say the right --kind"
            ),
        ),
        HeaderFault::Missing(kind, column) => (
            format!("den obligatoriska kolumnen `{column}` för slaget `{kind}` saknas"),
            format!("the compulsory column `{column}` of the kind `{kind}` is missing"),
        ),
        HeaderFault::NoKind => {
            let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            let kinds = kinds.join(", ");
            (
                format!("kolumnerna visar inte vilket slags fil det är; ange --kind ({kinds})"),
                format!("the columns do not tell which kind of file it is; say --kind ({kinds})"),
            )
        }
    }
}
