//! Every contact priced as known today, kept so that one can be explained without pricing the others again.
//!
//! Owns: holding what was priced together with the register it was priced by. Does not own: prices (`engine`, `kernel`).

use crate::data::DataFolder;
use crate::engine::{self, Priced};
use crate::failure::Failure;
use kernel::contact::ContactRow;
use kernel::explain::{Explanation, explain_linked};
use kernel::known::Span;
use kernel::price::Reason;
use kernel::register::Register;
use kernel::time::Day;
use self_cell::self_cell;
use std::sync::{Arc, Mutex, PoisonError};

self_cell!(
    struct Held {
        owner: Arc<Register>,
        #[not_covariant]
        dependent: Priced,
    }
);

/// All contacts in force, priced.
pub struct Today(Mutex<Held>);

impl Today {
    /// Prices everything as known on a day.
    pub fn new(data: &DataFolder, today: Day) -> Result<Self, Failure> {
        let Some(reports) = data.loaded_reports() else { return Err(Failure::NotThere) };
        let span = Span { known_on: today, through: today, batches: u32::MAX };
        let held = Held::try_new(data.shared_register(), |register| {
            let view = register.view(register.as_of(today));
            engine::price(view, reports, &[], &span)
        })?;
        Ok(Self(Mutex::new(held)))
    }

    /// Looks at what was priced. The look is short: one reader at a time.
    pub fn look<T>(&self, look: impl FnOnce(&mut Priced<'_>) -> T) -> T {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.with_dependent_mut(|_, priced| look(priced))
    }

    /// Explains a contact in force by its id; `None` where it is not in force today.
    pub fn explain<T>(
        &self,
        data: &DataFolder,
        contact: &str,
        look: impl FnOnce(&ContactRow, &Explanation<'_, '_>) -> T,
    ) -> Result<Option<T>, Failure> {
        let Some(reports) = data.loaded_reports() else { return Ok(None) };
        let Some(number) = reports.contact_ids.find(contact) else { return Ok(None) };
        self.look(|priced| {
            let Ok(at) = priced.contacts.contact.binary_search(&number) else { return Ok(None) };
            let Priced { pricer, contacts, linked, .. } = priced;
            let Some(row) = contacts.row(at) else { return Ok(None) };
            let explanation = explain_linked(pricer, reports, contacts, at, linked)?;
            Ok(explanation.map(|explanation| look(&row, &explanation)))
        })
    }

    /// How many contacts in force have no price, by reason, among those wanted.
    pub fn unpriced(
        &self,
        is_wanted: impl Fn(&ContactRow) -> bool,
    ) -> Result<Vec<(u32, Reason)>, Failure> {
        self.look(|priced| priced.unpriced_contacts(is_wanted))
    }
}
