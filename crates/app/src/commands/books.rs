//! `books`: where settlements, payments and months stand, what was done, and what the accounts come to.
//!
//! Owns: how the journal and the ledger are told. Does not own: what may be done (`kernel::journal`) or what is booked (`kernel::ledger`).

mod balance;
mod bridge;
pub(crate) mod standing;

pub(crate) use balance::{Balances, Sides, closing, sums};
pub use balance::{By, balance};
pub use bridge::bridge;
pub(crate) use standing::Where;
pub use standing::show;

use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Head, Out, number, text};
use crate::words;
use kernel::finding::Text;
use kernel::journal::{Deed, DeedKind};
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::Path;

/// Something to do that needs no more than a name and a note.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// What.
    pub kind: DeedKind,
    /// With what.
    pub subject: &'a str,
    /// Who does it.
    pub by: &'a str,
    /// Why, or how.
    pub note: &'a str,
    /// The day it counts from; today without.
    pub on: Option<Day>,
}

impl New<'_> {
    /// As a deed without rows.
    pub fn deed(&self) -> Deed {
        Deed {
            kind: self.kind,
            subject: self.subject.to_owned(),
            by: self.by.to_owned(),
            on: self.on.unwrap_or_else(engine::today),
            due: None,
            note: self.note.to_owned(),
            month: None,
            rows: Vec::new(),
        }
    }
}

/// What programs are told of a deed.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DoneJson<'a> {
    deed: i64,
    kind: &'static str,
    subject: &'a str,
    by: &'a str,
    on: String,
    note: &'a str,
}

/// Does something, and says so.
pub fn act(out: Out, folder: &Path, new: &New<'_>) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let deed = new.deed();
    let on = deed.on.to_string();
    let is_hit = |dispute: &&kernel::journal::Dispute| {
        new.kind == DeedKind::Undo && dispute.is_live() && dispute.row.settlement == new.subject
    };
    let moot = data.journal().disputes.values().filter(is_hit).count();
    let is_owed = |share: &kernel::journal::Share| {
        new.kind == DeedKind::Undo && share.settlement == new.subject
    };
    let may_be_invoiced = data.journal().owed.keys().any(is_owed);
    let seq = match new.kind {
        DeedKind::Undo => data.undo(new.subject, new.by, new.note, deed.on)?,
        _ => data.act(deed)?,
    };
    if moot > 0 {
        out.note(&Text::new(
            format!("Obs: {moot} invändningar förfaller med avräkningen; bokförs den på nytt hålls inget inne för dem."),
            format!("Note: {moot} disputes fall with the settlement; if it is booked anew nothing is held back for them."),
        ));
    }
    if may_be_invoiced {
        out.note(&Text::new(
            format!("Obs: fakturor som exporterats av `{}` gäller inte längre; mottagaren ska få en kreditfaktura på dem.", new.subject),
            format!("Note: invoices exported of `{}` hold no more; whoever has received them must have them credited.", new.subject),
        ));
    }
    if out.format == Format::Table {
        let done = words::deed(new.kind);
        let subject = new.subject;
        out.say(
            &format!("{}: {subject} (åtgärd {seq}).", done.sv),
            &format!("{}: {subject} (deed {seq}).", done.en),
        );
    } else {
        let (kind, subject, by, note) = (new.kind.name(), new.subject, new.by, new.note);
        out.json(&DoneJson { deed: seq, kind, subject, by, on, note })?;
    }
    Ok(Outcome::Done)
}

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct LogJson<'a> {
    deeds: Vec<DoneJson<'a>>,
}

/// Runs `books log`.
pub fn log(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    let data = DataFolder::open(folder)?;
    if out.format == Format::Json {
        out.json(&LogJson { deeds: data.deeds().iter().map(done_json).collect() })?;
        return Ok(Outcome::Done);
    }
    out.synthetic_band(data.is_synthetic());
    let row = |(seq, deed): &(i64, Deed)| {
        vec![
            (*seq).into(),
            deed.on.to_string().into(),
            words::deed_cell(out.lang, deed.kind),
            deed.subject.as_str().into(),
            deed.by.as_str().into(),
            deed.note.as_str().into(),
        ]
    };
    let rows: Vec<_> = data.deeds().iter().map(row).collect();
    out.table(&HEADS, &rows)?;
    Ok(Outcome::Done)
}

fn done_json((seq, deed): &(i64, Deed)) -> DoneJson<'_> {
    let (kind, on) = (deed.kind.name(), deed.on.to_string());
    let (subject, by, note) = (&deed.subject, &deed.by, &deed.note);
    DoneJson { deed: *seq, kind, subject, by, on, note }
}

const HEADS: [Head; 6] = [
    number("deed", "Åtgärd", "Deed"),
    text("on", "Dag", "On"),
    text("kind", "Vad", "What"),
    text("subject", "Gäller", "About"),
    text("by", "Av", "By"),
    text("note", "Not", "Note"),
];
