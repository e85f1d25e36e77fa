//! A data folder that is kept open: whether somebody has added to it since, and catching up without reading everything anew.
//!
//! Owns: what of an open folder still holds. Does not own: how any of it is read. Since lists are only ever added to, one that is as
//! long as
//! it was is the same.

use super::deeds::Done;
use super::{DataFolder, append, record};
use crate::failure::Failure;
use kernel::register::Register;
use std::sync::Arc;
use store::{Head, Kept, Store};

impl DataFolder {
    /// How far what is open has come.
    fn head(&self) -> Head {
        let length = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Head {
            revisions: length(self.register.log().len()),
            batches: length(self.batches.len()),
            deeds: self.done.last(),
            inputs: length(self.inputs.len()),
        }
    }

    /// A name of this state: how far the register, the batches, the books and what is beside contacts have come.
    pub fn state(&self) -> String {
        let Head { revisions, batches, deeds, inputs } = self.head();
        format!("{revisions}-{batches}-{deeds}-{inputs}")
    }

    /// Whether nobody has added anything since the folder was opened.
    pub fn is_current(&self) -> Result<bool, Failure> {
        Ok(self.runtime.block_on(self.store.head())? == self.head())
    }

    /// The folder as it is now. What was read of it stays read; only what is new is read.
    pub fn caught_up(&self) -> Result<Self, Failure> {
        let Kept { revisions, batches, mut settlements, drafts, deeds, inputs } =
            self.runtime.block_on(self.store.kept())?;
        let mut next = self.clone();
        let known = self.register.log().len();
        if let Some(new) = revisions.get(known..).filter(|new| !new.is_empty()) {
            let mut register = Register::clone(&self.register);
            record(&mut register, new)?;
            next.register = Arc::new(register);
        }
        let known = self.batches.len();
        next.batches = batches;
        if let Some(intake) = next.intake.as_mut().filter(|_| next.batches.len() > known) {
            let (intake, persons) = (Arc::make_mut(intake), Arc::make_mut(&mut next.persons));
            append(&next.folder, &next.batches, known, intake, persons)?;
            intake.reports.index_persons();
        }
        next.add_inputs(inputs)?;
        next.done = Done::of(deeds, &settlements, &drafts)?;
        next.ever_booked = settlements.len();
        next.drafts = drafts;
        settlements.retain(|settlement| !next.done.journal.is_undone(&settlement.booked.id));
        next.settlements = settlements;
        next.post_new(&self.settlements)?;
        Ok(next)
    }

    /// Posts the settlements after those that are posted; all anew where one of them was taken back.
    fn post_new(&mut self, posted: &[store::Settlement]) -> Result<(), Failure> {
        if self.posted.is_none() || self.settlements == posted {
            return Ok(());
        }
        if !self.settlements.starts_with(posted) {
            self.posted = None;
            return self.load_posted();
        }
        self.post_from(posted.len())
    }

    /// The same folder with a connection of its own: what takes long to read holds nobody up who asks for something else.
    pub fn apart(&self) -> Result<Self, Failure> {
        let runtime = Arc::new(super::runtime()?);
        let store = runtime.block_on(Store::open(&self.folder, super::database()))?;
        Ok(Self { runtime, store, ..self.clone() })
    }

    /// Reads all that is kept of contacts, what is beside them, and settlements now, so that nobody waits for it later.
    pub fn read_all(&mut self) -> Result<(), Failure> {
        self.reports()?.index_persons();
        self.read_told()?;
        self.load_posted()
    }
}
