//! `bundle`: a receipt of what a unit was paid by the settlements of a month, in one file that it can check by itself.

use crate::bundle::{self, Bundle, Checked};
use crate::commands::statement;
use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Head, Out, number, text};
use crate::workbook;
use kernel::time::Month;
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct BundleJson<'a> {
    unit: &'a str,
    month: &'a str,
    origin: &'a str,
    file: String,
    sha256: &'a str,
    settlements: Vec<&'a str>,
    contacts: usize,
    lines: usize,
    given: usize,
}

/// Runs `bundle`.
pub fn run(
    out: Out,
    folder: &Path,
    unit: &str,
    month: Month,
    file: &Path,
    by: &str,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    statement::refuse_unknown_unit(data.register(), unit)?;
    if data.settlements_of(month).is_empty() {
        return Err(statement::not_settled(&data, month));
    }
    let name = workbook::marked_name("out", file, data.origin().name())?;
    let (receipt, bytes, checked) = checked_bundle(&mut data, unit, month)?;
    data.log_access(by, "bundle", unit, "", checked.contacts, &month.to_string())?;
    workbook::write_whole(file, &bytes)?;
    let manifest = &receipt.manifest;
    let json = BundleJson {
        unit,
        month: &manifest.month,
        origin: &manifest.origin,
        file: name,
        sha256: &checked.seal,
        settlements: manifest.settlements.iter().map(|one| one.id.as_str()).collect(),
        contacts: checked.contacts,
        lines: checked.lines,
        given: manifest.given.len(),
    };
    if out.format == Format::Json {
        out.json(&json)?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX).into();
    let row = vec![
        unit.into(),
        json.month.into(),
        json.file.into(),
        count(json.contacts),
        count(json.lines),
        count(json.given),
        json.sha256.into(),
    ];
    out.table_of(json.origin, &HEADS, &[row])?;
    Ok(Outcome::Done)
}

const HEADS: [Head; 7] = [
    text("unit", "Enhet", "Unit"),
    text("month", "Månad", "Month"),
    text("file", "Fil", "File"),
    number("contacts", "Kontakter", "Contacts"),
    number("lines", "Rader", "Lines"),
    number("given", "Givna uppgifter", "Given facts"),
    text("sha256", "Kontrollsumma", "Hash"),
];

/// A receipt that its own check accepts, as small as it can be; one that it does not is refused, and none is written.
pub fn checked_bundle(
    data: &mut DataFolder,
    unit: &str,
    month: Month,
) -> Result<(Bundle, Vec<u8>, Checked), Failure> {
    let mut found = None;
    for with_shares in [false, true] {
        let receipt = data.bundle(unit, month, with_shares)?;
        let (bytes, _) = bundle::pack(&receipt)?;
        let unpacked = bundle::unpack(&bytes);
        let Some((members, manifest, faults)) = unpacked else { continue };
        let checked = bundle::check(&members, &manifest, faults);
        if checked.is_accepted() {
            return Ok((receipt, bytes, checked));
        }
        found = Some(checked);
    }
    Err(not_accepted(found.unwrap_or_default()))
}

fn not_accepted(checked: Checked) -> Failure {
    let first = checked.differences.into_keys().next();
    let place =
        first.map(|key| format!(" ({} {} {})", key.contact_id, key.element, key.care_month));
    let fault = checked.faults.into_iter().next();
    let (sv, en) = fault.map_or((String::new(), String::new()), |fault| {
        let file = &fault.file;
        (
            format!(" ({file}:{} {})", fault.line, fault.sv),
            format!(" ({file}:{} {})", fault.line, fault.en),
        )
    });
    let place = place.unwrap_or_default();
    Failure::refused(
        format!(
            "kvittot skrivs inte: raderna går inte att räkna fram igen ur det{place}{sv}; pröva avräkningen med replay"
        ),
        format!(
            "the receipt is not written: its lines cannot be computed again from it{place}{en}; try the settlement with replay"
        ),
    )
}
