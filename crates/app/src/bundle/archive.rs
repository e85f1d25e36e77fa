//! The form of a receipt: a zip of plain files, with a manifest that has the hash of every other file, and the hash of the
//! manifest beside it. The same receipt has the same bytes.

use super::manifest::{FORM, Manifest, Member};
use super::{Bundle, Fault, line};
use crate::failure::Failure;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use store::files::sha256;
use zip::write::SimpleFileOptions;

/// Files by name.
pub type Members = BTreeMap<String, Vec<u8>>;

pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const SEAL: &str = "manifest.sha256";
pub(super) const LINES: &str = "lines.csv";
pub(super) const POSTED: &str = "posted.csv";
pub(super) const UNPRICED: &str = "unpriced.csv";
const README: &str = "LASMIG.txt";

/// What a receipt may unpack to: no month of a unit comes near it.
const MOST: u64 = 1 << 30;

/// The columns of `unpriced.csv`.
pub(super) const UNPRICED_HEADS: [&str; 2] = ["contact_id", "reason"];

/// The bytes of a receipt, and the hash of its manifest, which stands for all of it.
pub fn pack(bundle: &Bundle) -> Result<(Vec<u8>, String), Failure> {
    let (members, seal) = members(bundle)?;
    let options = SimpleFileOptions::default()
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let folder = folder(&bundle.manifest);
    for (name, bytes) in &members {
        out.start_file(format!("{folder}/{name}"), options).map_err(not_written)?;
        out.write_all(bytes)?;
    }
    Ok((out.finish().map_err(not_written)?.into_inner(), seal))
}

/// The folder that a receipt unpacks to; synthetic data say so in every name on the way to them.
fn folder(manifest: &Manifest) -> String {
    let mark = if manifest.mark.is_some() { "SYNTETISKA-DATA-" } else { "" };
    format!("{mark}kvitto-{}-{}", manifest.unit, manifest.month)
}

fn not_written(error: zip::result::ZipError) -> Failure {
    Failure::refused(
        format!("kvittot går inte att skriva: {error}"),
        format!("the receipt cannot be written: {error}"),
    )
}

/// The files of a receipt, and the hash of its manifest.
pub(super) fn members(bundle: &Bundle) -> Result<(Members, String), Failure> {
    let mut members = Members::new();
    let mut add = |name: &str, text: String| members.insert(name.to_owned(), text.into_bytes());
    let manifest = &bundle.manifest;
    for (decided, text) in manifest.decisions.iter().zip(&bundle.decisions) {
        add(&decided.file, text.clone());
    }
    for (name, text) in manifest.contacts.iter().zip(&bundle.contacts) {
        add(name, text.clone());
    }
    add(POSTED, line::csv_of(&bundle.posted));
    add(LINES, line::csv_of(&bundle.lines));
    let unpriced = bundle.unpriced.iter().map(|(id, reason)| [id.as_str(), reason.name()]);
    add(UNPRICED, csv_text(&UNPRICED_HEADS, unpriced));
    add(README, readme(manifest));
    let listed =
        members.iter().map(|(file, bytes)| Member { file: file.clone(), sha256: sha256(bytes) });
    let manifest = Manifest { members: listed.collect(), ..manifest.clone() };
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(std::io::Error::from)?;
    text.push(b'\n');
    let seal = sha256(&text);
    members.insert(SEAL.to_owned(), format!("{seal}  {MANIFEST}\n").into_bytes());
    members.insert(MANIFEST.to_owned(), text);
    Ok((members, seal))
}

fn readme(manifest: &Manifest) -> String {
    let mark = manifest.mark.as_ref().map_or_else(String::new, |mark| format!("{mark}\n\n"));
    let (unit, month) = (&manifest.unit, &manifest.month);
    format!(
        "{mark}Kvitto för {unit}, avräkningsmånad {month}\n\n\
         lines.csv     raderna i månadens avräkningar\n\
         posted.csv    vad tidigare avräkningar bokfört för samma kontakter\n\
         unpriced.csv  kontakter utan pris, och varför\n\
         *contacts-*.csv  enhetens egna rapporter, i kontaktfilens form\n\
         decisions/    besluten så som de är inlästa\n\
         manifest.json vad avräkningarna vilar på, vad som är givet, och varje fils kontrollsumma\n\n\
         tidigare bokfört + rader = vad som är rätt, kontakt för kontakt.\n\
         Kontrollera: vardkedja verify FIL, eller python3 verify.py FIL\n\n\
         Receipt for {unit}, settlement of {month}: earlier posted + lines = what is right, contact by contact.\n\
         Check it: vardkedja verify FILE, or python3 verify.py FILE\n"
    )
}

/// The files of a receipt, and what is damaged in them; `None` where it is none.
pub fn unpack(bytes: &[u8]) -> Option<(Members, Manifest, Vec<Fault>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = archive.file_names().map(shown).collect();
    let manifest = names.iter().find(|name| name.rsplit('/').next() == Some(MANIFEST))?;
    let folder = manifest.strip_suffix(MANIFEST)?.to_owned();
    let (mut members, mut faults, mut room) = (Members::new(), Vec::new(), MOST);
    for at in 0..archive.len() {
        let Ok(mut file) = archive.by_index(at) else {
            let name = names.get(at).map_or("", |name| name.as_str());
            faults.push(Fault::damaged(name));
            continue;
        };
        if file.is_dir() {
            continue;
        }
        let name = shown(file.name());
        let name = name.strip_prefix(&folder).unwrap_or(&name).to_owned();
        let mut bytes = Vec::new();
        let is_whole = (&mut file).take(room).read_to_end(&mut bytes).is_ok();
        room = room.saturating_sub(bytes.len() as u64);
        if !is_whole || room == 0 {
            faults.push(Fault::damaged(&name));
        }
        if members.insert(name.clone(), bytes).is_some() {
            faults.push(Fault::twice(&name));
        }
    }
    let manifest: Manifest = serde_json::from_slice(members.get(MANIFEST)?).ok()?;
    (manifest.form == FORM).then_some((members, manifest, faults))
}

/// The name of a file in a zip; one that cannot be read belongs to no receipt.
fn shown(name: Result<std::borrow::Cow<'_, str>, zip::result::ZipError>) -> String {
    name.map_or_else(|_| "?".to_owned(), std::borrow::Cow::into_owned)
}

/// CSV with a header.
pub(super) fn csv_text<T: AsRef<[u8]>>(
    heads: &[&str],
    rows: impl Iterator<Item = impl IntoIterator<Item = T>>,
) -> String {
    let mut out = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and every row has as many fields as the header.
    let mut is_written = out.write_record(heads).is_ok();
    for row in rows {
        is_written &= out.write_record(row).is_ok();
    }
    debug_assert!(is_written, "rows as wide as their header");
    String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The rows of a CSV that has this header, each with its line; what cannot be read is a fault.
pub(super) fn csv_rows(
    file: &str,
    text: &str,
    heads: &[&str],
    faults: &mut Vec<Fault>,
) -> Vec<(u64, csv::StringRecord)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (at, row) in reader.records().enumerate() {
        match row {
            Ok(row) if at == 0 && !row.iter().eq(heads.iter().copied()) => {
                faults.push(Fault::unreadable(file, 1));
                return Vec::new();
            }
            Ok(_) if at == 0 => {}
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                rows.push((line, row));
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(Fault::unreadable(file, line));
            }
        }
    }
    rows
}
