//! The data folder: the register log, batches of reports, settlements, and what follows from them.
//!
//! Owns: carrying values between the store, bulk files and the kernel. Does not own: any amount, or SQL.

mod bridge;
mod bundled;
mod care;
mod changed;
mod closing;
pub(crate) mod compared;
mod deeds;
mod financed;
mod followed;
mod imports;
mod judged;
mod keeping;
mod labels;
mod otherwise;
mod people;
mod proposing;
mod radius;
mod replaying;
mod resident;
mod settling;
mod stands;
mod stated;
mod told;

pub use bridge::{Amount, Bridge, StepKey, StepSum};
pub use care::{Care, ChainRules, Looked, Release, care_clinics, refuse_within};
pub use changed::{Changed, Was};
pub use closing::{ClosedBridge, ClosedStep};
pub use financed::Deliveries;
pub use followed::Followed;
pub use imports::Imported;
pub use keeping::{Ailment, Copied, back_up, chain_of, examined, restore};
pub use labels::Labels;
pub use otherwise::{Otherwise, YesNo};
pub use radius::{Radius, RadiusKey};
pub use replaying::{Kept, LineKey, Replayed, Sides};
pub use settling::{PostedLine, Preview};
pub use stands::{Family, Faulty, Item, Stands};
pub use stated::{StatedKey, StatedLine, StatedSum, Statement, Whose};
pub use told::ImportedInput;

use crate::failure::Failure;
use crate::ratebook;
use bulk::batch::{DecodedBatch, Sought};
use deeds::Done;
use follow::told::Reported;
use kernel::contact::{ReportKind, Reports};
use kernel::fact::Decision;
use kernel::intake::Intake;
use kernel::intern::Texts;
use kernel::price::Pricer;
use kernel::register::{Register, UnitCodes};
use kernel::settle::Posted;
use kernel::time::Day;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use store::files::{self, Shelf};
use store::{Batch, Database, NewRevision, Origin, PersonKeys, Revision, Settlement, Store};
use tokio::runtime::Runtime;

/// Where the rows of this run's data folder are kept. It is said once, with the command line, and no command does anything with it but open
/// its folder.
static DATABASE: OnceLock<Database> = OnceLock::new();

/// Keeps the rows of data folders in a database from now on; the first that is said counts.
pub fn keep_rows_in(database: Database) {
    DATABASE.get_or_init(|| database);
}

thread_local! {
    /// The folder that is open already, for commands that open it on this thread.
    static OPENED: RefCell<Option<DataFolder>> = const { RefCell::new(None) };
}

fn database() -> &'static Database {
    DATABASE.get_or_init(Database::default)
}

/// An open data folder. What is large in it is shared by its clones until one of them changes it.
#[derive(Clone)]
pub struct DataFolder {
    folder: PathBuf,
    runtime: Arc<Runtime>,
    store: Store,
    register: Arc<Register>,
    batches: Vec<Batch>,
    /// Those that stand, in order of booking.
    settlements: Vec<Settlement>,
    /// How many were ever booked.
    ever_booked: usize,
    drafts: Vec<Settlement>,
    done: Done,
    /// Loaded when first needed.
    intake: Option<Arc<Intake>>,
    persons: Arc<Texts>,
    person_keys: Option<Arc<PersonKeys>>,
    posted: Option<Arc<Posted>>,
    /// What was imported beside contacts.
    inputs: Vec<store::Input>,
    /// Its rows, loaded when first needed.
    told: Option<Arc<Reported>>,
}

impl DataFolder {
    /// Begins an empty data folder.
    pub fn create(folder: &Path) -> Result<Self, Failure> {
        let runtime = Arc::new(runtime()?);
        let store = runtime.block_on(Store::create(folder, database()))?;
        keep_to_owner(folder)?;
        Self::load(folder, runtime, store)
    }

    /// Does some work on this thread for which opening the same folder gives this state of it, which is read already.
    pub fn as_opened<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = OPENED.replace(Some(self.clone()));
        let done = work();
        OPENED.replace(before);
        done
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens a data folder.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        let opened = OPENED.with_borrow(|opened| opened.clone());
        if let Some(opened) = opened.filter(|opened| opened.folder == folder) {
            return Ok(opened);
        }
        let runtime = Arc::new(runtime()?);
        let store = runtime.block_on(Store::open(folder, database()))?;
        Self::load(folder, runtime, store)
    }

    fn load(folder: &Path, runtime: Arc<Runtime>, store: Store) -> Result<Self, Failure> {
        let kept = runtime.block_on(store.kept())?;
        let mut register = Register::default();
        record(&mut register, &kept.revisions)?;
        let store::Kept { batches, mut settlements, drafts, deeds, inputs, .. } = kept;
        let done = Done::of(deeds, &settlements, &drafts)?;
        let ever_booked = settlements.len();
        settlements.retain(|settlement| !done.journal.is_undone(&settlement.booked.id));
        Ok(Self {
            folder: folder.to_owned(),
            runtime,
            store,
            register: Arc::new(register),
            batches,
            settlements,
            ever_booked,
            drafts,
            done,
            intake: None,
            persons: Arc::default(),
            person_keys: None,
            posted: None,
            inputs,
            told: None,
        })
    }

    /// The register.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The register, to be kept beside the folder.
    pub fn shared_register(&self) -> Arc<Register> {
        Arc::clone(&self.register)
    }

    /// The names that people know things by.
    pub fn labels(&self) -> Labels {
        Labels::new(&self.register)
    }

    /// Imported batches.
    pub fn batches(&self) -> &[Batch] {
        &self.batches
    }

    /// Booked settlements that stand, in order of booking.
    pub fn settlements(&self) -> &[Settlement] {
        &self.settlements
    }

    /// Whether something imported is synthetic; then everything that rests on it is marked.
    pub fn is_synthetic(&self) -> bool {
        self.batches.iter().any(|batch| batch.origin == Origin::Synthetic)
    }

    /// The origin of what rests on all batches.
    pub fn origin(&self) -> Origin {
        if self.is_synthetic() { Origin::Synthetic } else { Origin::Reported }
    }

    /// Appends decisions, in order, each recorded on its day.
    pub fn append(&mut self, decisions: Vec<(Day, Decision, String)>) -> Result<u32, Failure> {
        let revisions: Vec<NewRevision> = decisions
            .iter()
            .map(|(recorded_on, decision, body)| NewRevision {
                recorded_on: *recorded_on,
                decision_id: decision.id.to_string(),
                known_from: decision.known_from,
                file: file_name(&decision.place.file),
                body: body.clone(),
            })
            .collect();
        let last = self.runtime.block_on(self.store.append_decisions(&revisions))?;
        for (recorded_on, decision, _) in decisions {
            Arc::make_mut(&mut self.register).record(recorded_on, Arc::new(decision));
        }
        Ok(u32::try_from(last).unwrap_or(u32::MAX))
    }

    /// The texts of recorded decisions by id, to tell a known file from a changed one.
    pub fn recorded_bodies(&self) -> Result<Vec<(String, String)>, Failure> {
        let revisions = self.runtime.block_on(self.store.revisions())?;
        Ok(revisions.into_iter().map(|r| (r.decision_id, r.body)).collect())
    }

    /// All reports, read from their files the first time.
    pub fn reports(&mut self) -> Result<&Reports, Failure> {
        self.read_reports()?;
        self.reports_loaded()
    }

    /// The reports of the batches that mention a contact, or what its price can depend on: all that there is to
    /// know of it, and quicker to read than everything.
    pub fn reports_about(&self, contact_id: &str, bearing: Bearing) -> Result<Reports, Failure> {
        let mut batches = vec![bearing == Bearing::Everything; self.batches.len()];
        let mut persons = Texts::default();
        let mut contacts = BTreeSet::from([contact_id.to_owned()]);
        self.choose(&mut batches, Sought::Contact, &contacts)?;
        if bearing == Bearing::SamePerson {
            let reports = self.reports_of(&batches, &mut persons)?;
            let same = persons_of(&reports, &persons, &contacts);
            self.choose(&mut batches, Sought::Person, &same)?;
            // A contact that was hers in one batch may be another's, or cancelled, in a later one.
            let reports = self.reports_of(&batches, &mut persons)?;
            contacts.extend(contacts_of(&reports, &persons, &same));
            self.choose(&mut batches, Sought::Contact, &contacts)?;
        }
        self.reports_of(&batches, &mut persons)
    }

    /// Marks the batches that have one of some texts.
    fn choose(
        &self,
        batches: &mut [bool],
        column: Sought,
        texts: &BTreeSet<String>,
    ) -> Result<(), Failure> {
        for (batch, chosen) in self.batches.iter().zip(batches).filter(|(_, chosen)| !**chosen) {
            let bytes = files::get(&self.folder, Shelf::Batches, &batch.file)?;
            *chosen = bulk::batch::has_any(&bytes, column, texts)?;
        }
        Ok(())
    }

    fn reports_of(&self, chosen: &[bool], persons: &mut Texts) -> Result<Reports, Failure> {
        let mut reports = Reports::default();
        for ((batch, number), _) in self.batches.iter().zip(0..).zip(chosen).filter(|(_, c)| **c) {
            let bytes = files::get(&self.folder, Shelf::Batches, &batch.file)?;
            let mut person = |text: &str| persons.text(text);
            bulk::batch::read_batch(&bytes, number, &mut reports, &mut person)?;
        }
        Ok(reports)
    }

    /// The reports that the price of a contact can depend on under a compiled register, and no others where few do.
    pub fn reports_for(&self, contact_id: &str, pricer: &Pricer<'_>) -> Result<Reports, Failure> {
        let own;
        let reports = match self.loaded_reports() {
            Some(loaded) => loaded,
            None => {
                own = self.reports_about(contact_id, Bearing::Itself)?;
                &own
            }
        };
        let Some(contact) = reports.contact_ids.find(contact_id) else {
            return Ok(Reports::default());
        };
        let bearing = Bearing::of(pricer, reports, contact);
        match (self.loaded_reports(), bearing) {
            (_, Bearing::Itself) => Ok(reports.subset(&[contact])),
            (None, _) => {
                let reports = self.reports_about(contact_id, bearing)?;
                let contact = reports.contact_ids.find(contact_id).unwrap_or(u32::MAX);
                Ok(bearing.part_of(reports, contact))
            }
            (Some(loaded), Bearing::SamePerson) => {
                Ok(loaded.subset(&loaded.contacts_of_same_person(contact)))
            }
            (Some(loaded), Bearing::Everything) => Ok(loaded.clone()),
        }
    }

    /// The reports, where they have been read.
    pub fn loaded_reports(&self) -> Option<&Reports> {
        self.intake.as_ref().map(|intake| &intake.reports)
    }

    /// Reads the reports, where they have not been read.
    fn read_reports(&mut self) -> Result<(), Failure> {
        if self.intake.is_none() {
            let mut intake = Intake::default();
            let rows: i64 = self.batches.iter().map(|batch| batch.accepted).sum();
            intake.reports.reserve(usize::try_from(rows).unwrap_or(0));
            let persons = Arc::make_mut(&mut self.persons);
            append(&self.folder, &self.batches, 0, &mut intake, persons)?;
            self.intake = Some(Arc::new(intake));
        }
        Ok(())
    }

    /// The reports to add to; copied first where a clone of the folder has them too.
    fn intake(&mut self) -> Result<&mut Intake, Failure> {
        self.read_reports()?;
        Ok(Arc::make_mut(self.intake.get_or_insert_default()))
    }
}

/// Records decisions as they were kept.
fn record(register: &mut Register, revisions: &[Revision]) -> Result<(), Failure> {
    for revision in revisions {
        let (decision, findings) = ratebook::read_text(&revision.file, &revision.body);
        crate::engine::refuse(findings)?;
        let Some(decision) = decision else {
            return Err(Failure::refused(
                format!("revision {} i registret går inte att läsa", revision.revision),
                format!("revision {} of the register cannot be read", revision.revision),
            ));
        };
        register.record(revision.recorded_on, Arc::new(decision));
    }
    Ok(())
}

/// Reads the batches from a number on behind those before it.
fn append(
    folder: &Path,
    batches: &[Batch],
    first: usize,
    intake: &mut Intake,
    persons: &mut Texts,
) -> Result<(), Failure> {
    let new = batches.get(first..).unwrap_or(&[]);
    let decoded = |number: usize| match new.get(number) {
        Some(batch) => decoded(folder, batch),
        None => Err(Failure::refused("en leverans saknas", "a batch is missing")),
    };
    crate::engine::in_order(new.len(), decoded, |number, batch| {
        let number = u32::try_from(first + number).unwrap_or(u32::MAX);
        batch.append(number, &mut intake.reports, &mut |text| persons.text(text));
        Ok(())
    })
}

fn decoded(folder: &Path, batch: &Batch) -> Result<DecodedBatch, Failure> {
    let bytes = files::get(folder, Shelf::Batches, &batch.file)?;
    Ok(bulk::batch::decode(&bytes)?)
}

/// What the price of a contact can depend on beside itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// Nothing.
    Itself,
    /// The person's other contacts, by period pay.
    SamePerson,
    /// Everything, by tiers and ceilings.
    Everything,
}

impl Bearing {
    fn part_of(self, reports: Reports, contact: u32) -> Reports {
        match self {
            Self::Itself => reports.subset(&[contact]),
            Self::SamePerson => reports.subset(&reports.contacts_of_same_person(contact)),
            Self::Everything => reports,
        }
    }

    /// Of a contact whose reports are at hand, under a compiled register.
    pub fn of(pricer: &Pricer<'_>, reports: &Reports, contact: u32) -> Self {
        let codes = UnitCodes::new(pricer.view());
        let units = reports.of_contact(contact).filter_map(|report| {
            codes.meaning(reports.unit_codes.get(report.unit_code)).on(report.care_date)
        });
        if units.into_iter().any(|unit| pricer.pays_by_year_at(unit)) {
            Self::Everything
        } else if pricer.pays_by_period() {
            Self::SamePerson
        } else {
            Self::Itself
        }
    }
}

fn persons_of(reports: &Reports, persons: &Texts, contacts: &BTreeSet<String>) -> BTreeSet<String> {
    let numbers = contacts.iter().filter_map(|contact| reports.contact_ids.find(contact.as_str()));
    let rows = numbers.flat_map(|number| reports.of_contact(number));
    let told = rows.filter(|row| row.kind != ReportKind::Cancellation);
    told.map(|row| persons.get(row.person).to_owned()).collect()
}

fn contacts_of(reports: &Reports, persons: &Texts, same: &BTreeSet<String>) -> BTreeSet<String> {
    let told = reports.rows().iter().filter(|row| row.kind != ReportKind::Cancellation);
    let hers = told.filter(|row| same.contains(persons.get(row.person)));
    hers.map(|row| reports.contact_ids.get(row.contact).to_owned()).collect()
}

/// Care contacts are nobody else's business: only the owner of a data folder may look into it.
fn keep_to_owner(folder: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn runtime() -> Result<Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// The register remembers the file, not where it lay.
fn file_name(path: &str) -> String {
    let name = Path::new(path).file_name();
    name.map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned())
}
