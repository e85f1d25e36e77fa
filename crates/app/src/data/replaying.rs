//! Replay: a booked settlement computed anew from its basis and the settlements before it.
//!
//! Owns: the comparison with what was kept. Does not own: what is right (`kernel::settle`). Nothing is changed.

use super::DataFolder;
use super::compared::compare;
use super::deeds::new_entry;
use super::settling::{basis_of, columns, entries, lines_of_file, settle_lines};
use crate::failure::Failure;
use bulk::lines::{LineColumns, LineRow, read_lines, write_lines};
use kernel::contact::Reports;
use kernel::money::Money;
use kernel::price::Total;
use kernel::register::Register;
use kernel::settle::{Basis, Posted, SettleLine, payable_total};
use std::collections::BTreeMap;
use std::path::Path;
use store::files::{self, Shelf};
use store::{NewEntry, Settlement, StoreError};

/// How many differences are told of one settlement.
const TOLD: usize = 20;

/// The state of a kept line file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is the file that was booked.
    Whole,
    /// Its content has another hash, this one.
    Damaged(String),
    /// It cannot be read.
    Missing,
}

/// What the lines of a key come to on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sides {
    /// In the kept file.
    pub kept: Option<Total>,
    /// Computed now.
    pub replayed: Option<Total>,
}

/// Contact, unit, month of care, element, payee, payer, payable, rate and cause of a line, as texts.
pub type LineKey = [String; 9];

/// A settlement, booked and computed again.
#[derive(Debug)]
pub struct Replayed {
    /// What was booked.
    pub settlement: Settlement,
    /// The hash of the lines computed now.
    pub hash: String,
    /// How many lines.
    pub lines: usize,
    /// The sum of the payable ones.
    pub total: Money,
    /// The kept file.
    pub kept: Kept,
    /// Whether the booked entries are those of the lines computed now.
    pub entries_agree: bool,
    /// The first lines that differ; none where the kept file cannot be read.
    pub differences: Vec<(LineKey, Sides)>,
    /// How many lines differ.
    pub differing: usize,
}

impl Replayed {
    /// Whether everything kept is what is computed now, to the byte.
    pub fn is_same(&self) -> bool {
        let booked = &self.settlement.booked;
        self.hash == booked.lines_hash
            && self.kept == Kept::Whole
            && self.entries_agree
            && self.total == booked.total
            && i64::try_from(self.lines) == Ok(booked.lines)
    }
}

impl DataFolder {
    /// Computes a booked settlement again, or all of them.
    pub fn replay(&mut self, id: Option<&str>) -> Result<Vec<Replayed>, Failure> {
        self.reports()?;
        let bookings: Vec<i64> = self
            .settlements
            .iter()
            .map(|one| self.booking_of(&one.booked.id).unwrap_or(0))
            .collect();
        let Self { register, intake: Some(intake), settlements, folder, store, runtime, .. } = self
        else {
            return Err(Failure::refused("inget är läst", "nothing is loaded"));
        };
        let mut replay = Replay {
            folder,
            register,
            reports: &intake.reports,
            posted: Posted::default(),
            previous: None,
        };
        let mut replayed = Vec::new();
        for (settlement, booking) in settlements.iter().zip(bookings) {
            if id.is_some_and(|id| id != settlement.booked.id) {
                replay.pass(settlement)?;
                continue;
            }
            let entries = runtime.block_on(store.entries_of(booking))?;
            replayed.push(replay.again(settlement, &entries, id.is_none())?);
            if id.is_some() {
                break;
            }
        }
        Ok(replayed)
    }
}

struct Replay<'d> {
    folder: &'d Path,
    register: &'d Register,
    reports: &'d Reports,
    posted: Posted,
    previous: Option<Basis>,
}

impl Replay<'_> {
    /// Posts the kept lines of a settlement before the one that is asked for.
    fn pass(&mut self, settlement: &Settlement) -> Result<(), Failure> {
        let kept = lines_of_file(self.folder, settlement)?;
        let lines = settle_lines(&kept, &mut self.posted, Some(self.reports));
        self.posted.post(&lines.ok_or_else(|| do_not_fit(settlement))?);
        self.previous = Some(basis_of(settlement));
        Ok(())
    }

    /// Computes a settlement again, and goes on from what was booked where others follow.
    fn again(
        &mut self,
        settlement: &Settlement,
        booked: &[NewEntry],
        go_on: bool,
    ) -> Result<Replayed, Failure> {
        let basis = basis_of(settlement);
        let previous = self.previous.as_ref();
        let found = compare(self.register, self.reports, &mut self.posted, previous, &basis)?.lines;
        let names = self.posted.names();
        let computed = columns(&found, names, self.reports, settlement.booked.origin);
        let again = entries(self.register, &basis, &found, names);
        let (kept, kept_lines) = kept(self.folder, settlement);
        let (differences, differing) = match &kept_lines {
            Some(lines) => differences(lines, &computed),
            None => (Vec::new(), 0),
        };
        let replayed = Replayed {
            settlement: settlement.clone(),
            hash: files::sha256(&write_lines(&computed)?),
            lines: found.len(),
            total: payable_total(&found),
            kept,
            entries_agree: again.iter().map(new_entry).eq(booked.iter().cloned()),
            differences,
            differing,
        };
        if go_on {
            self.go_on(settlement, &replayed, &found)?;
        }
        Ok(replayed)
    }

    fn go_on(
        &mut self,
        settlement: &Settlement,
        replayed: &Replayed,
        found: &[SettleLine],
    ) -> Result<(), Failure> {
        // The hash says that these are the booked lines, even where their file is damaged.
        if replayed.hash != settlement.booked.lines_hash {
            return self.pass(settlement);
        }
        self.posted.post(found);
        self.previous = Some(basis_of(settlement));
        Ok(())
    }
}

fn do_not_fit(settlement: &Settlement) -> Failure {
    let id = &settlement.booked.id;
    Failure::refused(
        format!("raderna i avräkning `{id}` passar inte ihop med leveranserna"),
        format!("the lines of settlement `{id}` do not fit the batches"),
    )
}

/// The kept file and, where it can be read at all, its lines.
fn kept(folder: &Path, settlement: &Settlement) -> (Kept, Option<LineColumns>) {
    let hash = &settlement.booked.lines_hash;
    match files::get(folder, Shelf::Lines, hash) {
        Ok(bytes) => (Kept::Whole, read_lines(&bytes).ok()),
        Err(StoreError::HashDiffers { path, found, .. }) => {
            let lines = std::fs::read(path).ok().and_then(|bytes| read_lines(&bytes).ok());
            (Kept::Damaged(found), lines)
        }
        Err(_) => (Kept::Missing, None),
    }
}

/// The first lines that differ, and how many do.
fn differences(kept: &LineColumns, computed: &LineColumns) -> (Vec<(LineKey, Sides)>, usize) {
    let mut sides: BTreeMap<LineKey, Sides> = BTreeMap::new();
    for line in kept.rows() {
        add(&mut sides.entry(key(&line)).or_default().kept, &line);
    }
    for line in computed.rows() {
        add(&mut sides.entry(key(&line)).or_default().replayed, &line);
    }
    sides.retain(|_, sides| sides.kept != sides.replayed);
    let count = sides.len();
    (sides.into_iter().take(TOLD).collect(), count)
}

fn add(total: &mut Option<Total>, line: &LineRow<'_>) {
    let total = total.get_or_insert_default();
    total.count += line.count;
    total.amount += line.amount;
}

fn key(line: &LineRow<'_>) -> LineKey {
    let texts = [
        line.contact_id.unwrap_or(""),
        line.unit,
        &line.care_month.to_string(),
        line.element,
        line.payee,
        line.payer,
        if line.payable { "true" } else { "false" },
        line.rate,
        line.cause,
    ];
    texts.map(str::to_owned)
}

#[cfg(test)]
mod tests;
