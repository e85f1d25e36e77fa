//! `backup`, `restore`, `doctor`, `verify-log` and `access`: looking after what is kept.
//!
//! Owns: how it is told. Does not own: what is looked at (`data::keeping`).

use crate::data::{self, Copied, DataFolder, chain_of, examined};
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Head, Out, number, text};
use kernel::finding::Text;
use serde::Serialize;
use std::path::Path;
use store::{Access, BreakKind, Broken};

#[derive(Serialize)]
struct CopiedJson<'a> {
    folder: String,
    head: &'a str,
    links: i64,
    files: usize,
    persons: bool,
    taken_up: bool,
    left_over: Vec<String>,
}

fn tell_copied(out: Out, to: &Path, copied: &Copied, sv: &str, en: &str) -> Result<(), Failure> {
    let Copied { head, links, files, has_persons, is_taken_up, left_over } = copied;
    let folder = to.display().to_string();
    let left_over: Vec<String> = left_over.iter().map(|path| path.display().to_string()).collect();
    if out.format != Format::Table {
        let (links, files, persons, taken_up) = (*links, *files, *has_persons, *is_taken_up);
        return out.json(&CopiedJson { folder, head, links, files, persons, taken_up, left_over });
    }
    if *is_taken_up {
        out.say(
            "En kopiering till samma plats hade brutits av; den togs upp där den var.",
            "A copying to the same place had been cut off; it was taken up where it was.",
        );
    }
    for path in &left_over {
        out.say(
            &format!("`{path}` är kvar sedan en kopiering bröts av; ta bort den, den håller uppgifter om personer."),
            &format!("`{path}` is left from a copying that was cut off; remove it, it holds rows about persons."),
        );
    }
    out.say(
        &format!(
            "{sv} {folder}: {links} länkar, {files} filer.\nKedjans sista kontrollsumma: {head}"
        ),
        &format!(
            "{en} {folder}: {links} links, {files} files.\nThe last hash of the chain: {head}"
        ),
    );
    if *has_persons {
        out.say(
            "Pseudonymernas nyckel, persons.key, följer inte med: den som har både kopian och nyckeln vet vilka personerna är. Förvara den för sig, och lägg den i datamappen efter en återläsning.",
            "The key of the pseudonyms, persons.key, does not come along: who has both the copy and the key knows who the persons are. Keep it apart, and put it into the data folder after restoring.",
        );
    }
    Ok(())
}

/// Runs `backup`.
pub fn backup(out: Out, folder: &Path, to: &Path) -> Result<Outcome, Failure> {
    let copied = data::back_up(folder, to)?;
    tell_copied(out, to, &copied, "Säkerhetskopia i", "Backup in")?;
    Ok(Outcome::Done)
}

/// Runs `restore`: the data folder must be new.
pub fn restore(out: Out, folder: &Path, from: &Path) -> Result<Outcome, Failure> {
    let copied = data::restore(from, folder)?;
    tell_copied(out, folder, &copied, "Återläst till", "Restored to")?;
    out.note(&Text::new(
        "Obs: det som sändes till banken efter säkerhetskopian står inte i den och kan betalas igen; stäm av mot banken innan något sänds.",
        "Note: what was sent to the bank after the backup does not stand in it and can be paid again; reconcile with the bank before anything is sent.",
    ));
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct DoctorJson<'a> {
    findings: Vec<AilmentJson<'a>>,
}

#[derive(Serialize)]
struct AilmentJson<'a> {
    code: &'a str,
    severity: &'static str,
    message: &'a str,
}

/// Runs `doctor`.
pub fn doctor(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    let (found, _) = examined(folder)?;
    let severity = |is_harm: bool| if is_harm { "error" } else { "note" };
    if out.format == Format::Table {
        for one in &found {
            let kind = match one.is_harm {
                true => out.lang.pick("fel", "error"),
                false => out.lang.pick("notis", "note"),
            };
            let Text { sv, en } = &one.what;
            out.say(&format!("{kind} {}: {sv}", one.code), &format!("{kind} {}: {en}", one.code));
        }
        if !found.iter().any(|one| one.is_harm) {
            out.say(
                "Friskt: databas, kedja, filer och saldon stämmer.",
                "Sound: database, chain, files and balances hold.",
            );
        }
    } else {
        let finding = found.iter().map(|one| AilmentJson {
            code: one.code,
            severity: severity(one.is_harm),
            message: out.lang.of(&one.what),
        });
        out.json(&DoctorJson { findings: finding.collect() })?;
    }
    let is_ill = found.iter().any(|one| one.is_harm);
    Ok(if is_ill { Outcome::Findings } else { Outcome::Done })
}

#[derive(Serialize)]
struct VerifyJson<'a> {
    links: i64,
    head: &'a str,
    findings: Vec<BrokenJson<'a>>,
}

#[derive(Serialize)]
struct BrokenJson<'a> {
    link: i64,
    kind: &'a str,
    number: i64,
    code: &'static str,
    message: String,
}

fn told(broken: &Broken) -> (&'static str, Text) {
    let Broken { link, kind, number, what } = broken;
    let (code, sv, en) = match what {
        BreakKind::Content => {
            ("changed", "har ändrats sedan det fördes in", "was changed since it was entered")
        }
        BreakKind::Link => (
            "relinked",
            "har en länk som inte följer på den förra",
            "has a link that does not follow the one before",
        ),
        BreakKind::Unlinked => {
            ("unlinked", "fördes in vid sidan av programmet", "was entered beside the program")
        }
        BreakKind::Missing => {
            ("missing", "följer på en länk som saknas", "follows a link that is missing")
        }
    };
    let text = Text::new(
        format!("länk {link}: {kind} {number} {sv}"),
        format!("link {link}: {kind} {number} {en}"),
    );
    (code, text)
}

/// Runs `verify-log`. `head` is the last hash of a chain at some time: it must still be in the chain.
pub fn verify_log(out: Out, folder: &Path, head: Option<&str>) -> Result<Outcome, Failure> {
    let chain = chain_of(folder)?;
    if let Some(head) = head.filter(|head| !chain.hashes.iter().any(|hash| hash == head)) {
        return Err(Failure::refused(
            format!(
                "kontrollsumman {head} finns inte i kedjan: det som stod där då står där inte nu"
            ),
            format!(
                "the hash {head} is not in the chain: what stood there then does not stand there now"
            ),
        ));
    }
    if out.format == Format::Table {
        for broken in &chain.broken {
            let (_, Text { sv, en }) = told(broken);
            out.say(&sv, &en);
        }
        let (links, head) = (chain.links, &chain.head);
        if chain.broken.is_empty() {
            out.say(
                &format!("Kedjan håller: {links} länkar. Sista kontrollsumman: {head}"),
                &format!("The chain holds: {links} links. The last hash: {head}"),
            );
        }
    } else {
        let findings = chain.broken.iter().map(|broken| {
            let (code, text) = told(broken);
            let message = out.lang.of(&text).to_owned();
            let Broken { link, kind, number, .. } = broken;
            BrokenJson { link: *link, kind, number: *number, code, message }
        });
        let findings = findings.collect();
        out.json(&VerifyJson { links: chain.links, head: &chain.head, findings })?;
    }
    Ok(if chain.broken.is_empty() { Outcome::Done } else { Outcome::Findings })
}

#[derive(Serialize)]
struct AccessesJson<'a> {
    accesses: Vec<AccessJson<'a>>,
}

#[derive(Serialize)]
struct AccessJson<'a> {
    seq: i64,
    at: &'a str,
    by: &'a str,
    action: &'a str,
    unit: &'a str,
    contact: &'a str,
    rows: i64,
    note: &'a str,
}

/// Which rows of the access log.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    /// Of this unit.
    pub unit: Option<&'a str>,
    /// Of this contact.
    pub contact: Option<&'a str>,
    /// By this person.
    pub by: Option<&'a str>,
}

impl Which<'_> {
    fn has(&self, access: &Access) -> bool {
        self.unit.is_none_or(|unit| access.unit == unit)
            && self.contact.is_none_or(|contact| access.contact == contact)
            && self.by.is_none_or(|by| access.by == by)
    }
}

/// Runs `access`.
pub fn access(out: Out, folder: &Path, which: Which<'_>) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    let mut accesses = data.accesses()?;
    accesses.retain(|(_, access)| which.has(access));
    if out.format == Format::Json {
        out.json(&AccessesJson { accesses: accesses.iter().map(access_json).collect() })?;
        return Ok(Outcome::Done);
    }
    let cells = |(seq, one): &(i64, Access)| {
        vec![
            (*seq).into(),
            one.at.as_str().into(),
            one.by.as_str().into(),
            one.action.as_str().into(),
            one.unit.as_str().into(),
            one.contact.as_str().into(),
            one.rows.into(),
            one.note.as_str().into(),
        ]
    };
    let rows: Vec<_> = accesses.iter().map(cells).collect();
    out.table(&HEADS, &rows)?;
    Ok(Outcome::Done)
}

fn access_json((seq, one): &(i64, Access)) -> AccessJson<'_> {
    AccessJson {
        seq: *seq,
        at: &one.at,
        by: &one.by,
        action: &one.action,
        unit: &one.unit,
        contact: &one.contact,
        rows: one.rows,
        note: &one.note,
    }
}

const HEADS: [Head; 8] = [
    number("seq", "Nr", "No"),
    text("at", "När", "When"),
    text("by", "Vem", "Who"),
    text("action", "Vad", "What"),
    text("unit", "Enhet", "Unit"),
    text("contact", "Kontakt", "Contact"),
    number("rows", "Rader", "Rows"),
    text("note", "Not", "Note"),
];
