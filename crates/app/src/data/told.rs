//! What clinics report beside contacts, for the follow-up: labour, staffing, measures, surveys.
//!
//! Owns: the rows of a data folder, read when first needed, and what of them stands as known on a day. Does not own: what a row says
//! (`follow::intake`), which row stands (`follow::told`), or any measure.

mod import;
mod rows;

pub use import::ImportedInput;

use super::DataFolder;
use super::judged::unit_id;
use crate::engine;
use crate::failure::Failure;
use follow::care::{Cares, NONE};
use follow::inputs::Inputs;
use follow::intake::Kind;
use follow::told::{Reported, Standing};
use kernel::intern::FastMap;
use kernel::journal::Extent;
use kernel::known::{Resolver, Span};
use kernel::register::UnitCodes;
use kernel::time::Day;
use std::path::Path;
use std::sync::Arc;
use store::files::{self, Shelf};
use store::{CarerKey, Input, Origin};

impl DataFolder {
    /// Files imported beside contacts, in order.
    pub fn inputs_kept(&self) -> &[Input] {
        &self.inputs
    }

    /// The origin of what rests on contacts and on what is beside them.
    pub fn follow_origin(&self) -> Origin {
        let is_synthetic = self.inputs.iter().any(|input| input.origin == Origin::Synthetic);
        if is_synthetic { Origin::Synthetic } else { self.origin() }
    }

    /// Labour, staffing, measures and surveys in force as known on a day, with the ids of units. Rows of a unit that was not known that
    /// day are left out.
    pub fn inputs(&mut self, known_on: Day) -> Result<Inputs, Failure> {
        self.read_told()?;
        self.inputs_loaded(&self.extent(known_on))
    }

    /// The same, once the rows are read, of so much of what is kept.
    pub fn inputs_loaded(&self, extent: &Extent) -> Result<Inputs, Failure> {
        Ok(self.told_standing(extent)?.inputs)
    }

    /// All that is kept now, as known on a day.
    pub fn extent(&self, known_on: Day) -> Extent {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Extent {
            known_on,
            revision: self.register.as_of(known_on),
            batches: count(self.batches.len()),
            inputs: count(self.inputs.len()),
        }
    }

    /// What stands of the rows that are read, and what does not.
    fn told_standing(&self, extent: &Extent) -> Result<Standing, Failure> {
        let missing = || Failure::refused("underlagen är inte lästa", "the inputs are not loaded");
        let mut told = self.told.as_ref().ok_or_else(missing)?;
        let known_on = extent.known_on;
        let view = self.register.view(extent.revision);
        let codes = UnitCodes::new(&view);
        let fewer;
        if let Some(of_files) = self.inputs.get(..extent.inputs as usize)
            && of_files.len() < self.inputs.len()
        {
            fewer = Arc::new(first_of(told, of_files));
            told = &fewer;
        }
        let mut id = |code: &str, day: Day| {
            let unit = codes.meaning(code).on(day)?;
            Some(unit_id(&view, unit).to_owned())
        };
        Ok(told.in_force(known_on, &mut id))
    }

    /// Contacts in force as known on a day, with the columns that no amount rests on. Carers are called as in [`Self::inputs`].
    pub fn cares(&mut self, known_on: Day) -> Result<Cares, Failure> {
        self.reports()?;
        self.cares_loaded(&self.extent(known_on))
    }

    /// The same, once the reports are read, of so much of what is kept.
    pub fn cares_loaded(&self, extent: &Extent) -> Result<Cares, Failure> {
        let reports = self.reports_loaded()?;
        let view = self.register.view(extent.revision);
        let resolver = Resolver::new(reports, &view);
        let Extent { known_on, batches, .. } = *extent;
        let span = Span { known_on, through: known_on, batches };
        let stands = engine::standing(reports, &resolver, &span);
        let mut cares = Cares::of(&stands.current, reports);
        name_carers(&self.folder, &mut cares)?;
        Ok(cares)
    }

    /// Reads the rows, where they have not been read.
    pub(super) fn read_told(&mut self) -> Result<(), Failure> {
        if self.told.is_none() {
            let mut told = Reported::default();
            append(&self.folder, &self.inputs, &mut told)?;
            self.told = Some(Arc::new(told));
        }
        Ok(())
    }

    /// Takes the list as it is now, and reads what is new where the rest is read.
    pub(super) fn add_inputs(&mut self, inputs: Vec<Input>) -> Result<(), Failure> {
        let known = self.inputs.len();
        let new = inputs.get(known..).unwrap_or_default();
        if let Some(told) = self.told.as_mut().filter(|_| !new.is_empty()) {
            append(&self.folder, new, Arc::make_mut(told))?;
        }
        self.inputs = inputs;
        Ok(())
    }
}

/// The rows of the first files.
fn first_of(told: &Reported, files: &[Input]) -> Reported {
    let mut fewer = told.clone();
    for kind in Kind::ALL {
        let of_kind = files.iter().filter(|input| input.kind == kind.name());
        let rows: i64 = of_kind.map(|input| input.accepted).sum();
        fewer.keep(*kind, usize::try_from(rows).unwrap_or(0));
    }
    fewer
}

/// Reads files behind what was read before.
fn append(folder: &Path, inputs: &[Input], told: &mut Reported) -> Result<(), Failure> {
    for input in inputs {
        let kind = Kind::parse(&input.kind).ok_or_else(|| {
            let kind = &input.kind;
            Failure::refused(
                format!(
                    "underlag av slaget `{kind}` läses inte av den här versionen; använd en nyare"
                ),
                format!(
                    "inputs of the kind `{kind}` are not read by this version; use a newer one"
                ),
            )
        })?;
        rows::append(kind, &files::get(folder, Shelf::Inputs, &input.file)?, told)?;
    }
    Ok(())
}

/// Calls carers as staffing does. Contacts keep what the clinic wrote, which is a pseudonym already in most files.
fn name_carers(folder: &Path, cares: &mut Cares) -> Result<(), Failure> {
    let mut names: FastMap<u32, u32> = FastMap::default();
    let mut key = None;
    for number in cares.rows.iter().map(|care| care.carer) {
        if number == NONE || names.contains_key(&number) {
            continue;
        }
        let text = cares.texts.get(number).to_owned();
        let name = if text.starts_with("b-") {
            number
        } else {
            let key = match &key {
                Some(key) => key,
                None => key.insert(CarerKey::open(folder)?),
            };
            cares.texts.text(&key.pseudonym(&text))
        };
        names.insert(number, name);
    }
    for care in &mut cares.rows {
        care.carer = names.get(&care.carer).copied().unwrap_or(NONE);
    }
    Ok(())
}
