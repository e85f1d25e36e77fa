//! Contact files that are sent through the workplace.
//!
//! Owns: what a sent file is called and whose rows it may have. Does not own: how it is read and judged (`data`).

use crate::data::{DataFolder, Imported};
use crate::engine;
use crate::failure::Failure;
use crate::inputs::Input;
use crate::web::ask::Ask;
use crate::web::route::Done;
use bulk::contact_file::Source;
use store::Origin;

/// What the access log calls an import.
pub const ACTION: &str = "import";

/// The longest name of a file, in characters.
const NAME: usize = 120;

/// Imports the files in order; a refused one stops, and those before it stay.
pub fn import(data: &mut DataFolder, ask: &Ask) -> Result<Done, Failure> {
    if ask.files.is_empty() {
        return Err(Failure::refused(
            "ingen fil är vald; välj en eller flera kontaktfiler",
            "no file is chosen; choose one or more contact files",
        ));
    }
    let mut imported = Vec::new();
    for file in &ask.files {
        match one(data, ask, &file.name, &file.bytes) {
            Ok(one) => imported.push(one),
            Err(why) => return Err(after(&imported, why)),
        }
    }
    let told = imported.iter().map(|one| told(ask, one)).collect::<Vec<_>>();
    let to = match imported.as_slice() {
        [one] => format!("/inrapportering/leverans/{}", one.batch.seq),
        _ => "/inrapportering".to_owned(),
    };
    // What is told travels in a cookie, which has no room for a hundred files.
    let more = told.len().saturating_sub(5);
    let mut told = told.into_iter().take(5).collect::<Vec<_>>().join(" ");
    if more > 0 {
        told = format!("{told} {} {more}.", ask.say("Filer till:", "More files:"));
    }
    Ok(Done::new(to, told))
}

/// Imports one file; of a provider only where every row is of its own units.
pub fn one(
    data: &mut DataFolder,
    ask: &Ask,
    name: &str,
    bytes: &[u8],
) -> Result<Imported, Failure> {
    let name = safe_name(name);
    let source = Source::laid_aside(&name, bytes)?;
    let origin = origin(data, &name);
    let (on, input) = (engine::today(), Input { source, file_name: name.clone() });
    let mut one = match ask.own_units() {
        Some(own) => data.import_own(input, origin, on, own)?,
        None => data.import(input, origin, on, &mut |_| {})?,
    };
    if !one.was_known {
        let rows = usize::try_from(one.batch.rows).unwrap_or(usize::MAX);
        data.log_access(&ask.user.name, ACTION, "", "", rows, &one.batch.source_sha256)?;
    } else if !ask.sees_all() {
        // What another called the same file is their business.
        one.batch.name = name;
    }
    Ok(one)
}

/// Synthetic where the name says so, or where all that there is is so.
fn origin(data: &DataFolder, name: &str) -> Origin {
    let batches = data.batches();
    let is_all = !batches.is_empty() && batches.iter().all(|one| one.origin == Origin::Synthetic);
    let is_named = name.to_uppercase().contains("SYNTETISK");
    if is_all || is_named { Origin::Synthetic } else { Origin::Reported }
}

fn told(ask: &Ask, one: &Imported) -> String {
    let batch = &one.batch;
    if one.was_known {
        // Who sent the file first, and with what name, may be another's business.
        return ask
            .say(
                "Samma fil är redan inläst; inget ändrades.",
                "The same file is already imported; nothing was changed.",
            )
            .to_owned();
    }
    let (name, rows, accepted, rejected) =
        (&batch.name, batch.rows, batch.accepted, batch.rejected);
    let mut told = match ask.lang {
        crate::output::Lang::Sv => {
            format!("{name}: {rows} rader, {accepted} godtagna, {rejected} avvisade.")
        }
        crate::output::Lang::En => {
            format!("{name}: {rows} rows, {accepted} accepted, {rejected} rejected.")
        }
    };
    if let Some((sheet, others)) = one.sheets.as_ref().filter(|(_, others)| !others.is_empty()) {
        let others = others.join(", ");
        told.push_str(&match ask.lang {
            crate::output::Lang::Sv => format!(
                " Bladet {sheet} är läst; {others} är INTE läst, spara varje blad som en egen fil."
            ),
            crate::output::Lang::En => format!(
                " The sheet {sheet} was read; {others} was NOT, save each sheet as a file of its own."
            ),
        });
    }
    told
}

/// A refusal after other files were read: they stay, and it says so.
fn after(imported: &[Imported], why: Failure) -> Failure {
    let names: Vec<&str> = imported.iter().map(|one| one.batch.name.as_str()).collect();
    let (false, Failure::Refused(text, findings)) = (names.is_empty(), &why) else { return why };
    let (mut text, names) = (text.clone(), names.join(", "));
    text.sv = format!("{}; inläst före den: {names}", text.sv);
    text.en = format!("{}; imported before it: {names}", text.en);
    Failure::Refused(text, findings.clone())
}

/// The name of a sent file: without folders, and without personal numbers that somebody put there.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let plain: String = last.chars().filter(|c| !c.is_control()).take(NAME).collect();
    let mut safe = String::new();
    let mut digits = String::new();
    for c in plain.chars().chain(['\0']) {
        if c.is_ascii_digit() || matches!(c, '-' | '+') {
            digits.push(c);
            continue;
        }
        safe.push_str(if is_person(&digits) { "…" } else { &digits });
        digits.clear();
        if c != '\0' {
            safe.push(c);
        }
    }
    if safe.trim().is_empty() { "fil".to_owned() } else { safe }
}

/// Whether digits have the form of a personal number; more is left out than need be, never less.
fn is_person(digits: &str) -> bool {
    matches!(digits.bytes().filter(u8::is_ascii_digit).count(), 10 | 12)
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_name_has_no_folders_and_no_personal_numbers() {
        assert_eq!(safe_name("C:\\in\\bb-2023-01.csv"), "bb-2023-01.csv");
        assert_eq!(safe_name("../../x.csv"), "x.csv");
        assert_eq!(safe_name("mor 19121212-1212.csv"), "mor ….csv");
        assert_eq!(safe_name("121212-1212"), "…");
        assert_eq!(safe_name("\u{7}"), "fil");
    }
}
