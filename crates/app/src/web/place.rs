//! All that pages show, in memory, as it is now.
//!
//! Owns: when it is read anew: before every request the database is asked whether anything was added, so nothing that is shown is
//! older than
//! what is kept. What is derived (sums, prices of today, findings) is made once for each state and day. Does not own: any amount.

pub mod counted;
pub mod reported;
pub mod sums;
pub mod today;

use super::rights::Role;
use super::work::Works;
use crate::data::{DataFolder, Faulty, Followed, Item, Labels, refuse_within};
use crate::engine;
use crate::failure::Failure;
use bulk::lines::LineColumns;
use counted::Counted;
use kernel::finding::{Finding, Text};
use kernel::grant::Settled;
use kernel::money::Money;
use kernel::price::Marks;
use kernel::register::UnitCodes;
use kernel::register::check::check_view;
use kernel::time::Day;
use reported::Reported;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use store::Settlement;
use sums::{Sums, Was};
use today::Today;

/// A state of the data folder, and what follows from it. It never changes; the next state is another value.
pub struct Place {
    /// The folder, with everything read.
    pub data: DataFolder,
    /// The day it is.
    pub today: Day,
    /// Names of units, elements and providers.
    pub labels: Labels,
    /// Marks of every element.
    pub marks: BTreeMap<String, Marks>,
    /// A folder with source texts of decisions.
    pub sources: Option<PathBuf>,
    /// A folder with the keys of clinics' compartments, each `<clinic>.key`.
    pub care_keys: Option<PathBuf>,
    units: BTreeMap<String, BTreeSet<String>>,
    all_units: BTreeSet<String>,
    codes: UnitCodes,
    /// Ids of units by their number among all that are recorded.
    numbered: Vec<String>,
    was: Was,
    sums: OnceLock<Result<Sums, Text>>,
    priced: OnceLock<Result<Today, Text>>,
    stands: OnceLock<Result<Vec<Item>, Text>>,
    faulty: OnceLock<Result<Arc<Faulty>, Text>>,
    reported: OnceLock<Result<Reported, Text>>,
    counted: OnceLock<Result<Counted, Text>>,
    settled: OnceLock<Result<Vec<Settled>, Text>>,
    traced: OnceLock<Result<Traced, Text>>,
    checked: OnceLock<Vec<Finding>>,
    followed: OnceLock<Result<Followed, Text>>,
    /// Lines of the settlements that were looked at last, by the hash of their file: what has that hash never changes.
    lines: Mutex<Vec<(String, Arc<LineColumns>)>>,
    /// What takes seconds and somebody has asked for.
    pub works: Works,
}

/// What settlements paid, by what finances it and element.
pub type Traced = BTreeMap<(String, String), Money>;

impl Place {
    fn new(data: DataFolder, today: Day, was: Was) -> Self {
        let mut units: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut all_units = BTreeSet::new();
        let view = data.register().view(u32::MAX);
        let mut provider_of: BTreeMap<String, String> = BTreeMap::new();
        for ((id, _), unit) in &view.units {
            all_units.insert(id.to_string());
            provider_of.insert(id.to_string(), unit.fact.provider.to_string());
        }
        for (unit, provider) in provider_of {
            units.entry(provider).or_default().insert(unit);
        }
        let codes = UnitCodes::new(&view);
        let numbered = view.histories.iter().map(|history| history.id.to_string()).collect();
        let (labels, marks) = (data.labels(), data.element_marks());
        Self {
            data,
            today,
            labels,
            marks,
            sources: None,
            care_keys: None,
            units,
            all_units,
            codes,
            numbered,
            was,
            sums: OnceLock::new(),
            priced: OnceLock::new(),
            stands: OnceLock::new(),
            faulty: OnceLock::new(),
            reported: OnceLock::new(),
            counted: OnceLock::new(),
            settled: OnceLock::new(),
            traced: OnceLock::new(),
            checked: OnceLock::new(),
            followed: OnceLock::new(),
            lines: Mutex::default(),
            works: Works::default(),
        }
    }

    /// The lines of a booked settlement.
    pub fn lines_of(&self, settlement: &Settlement) -> Result<Arc<LineColumns>, Failure> {
        /// Settlements of which lines are kept; a month of a whole region takes some 5 MB.
        const KEPT: usize = 4;
        let hash = &settlement.booked.lines_hash;
        let kept = || self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lines)) = kept().iter().find(|(of, _)| of == hash) {
            return Ok(Arc::clone(lines));
        }
        let lines = Arc::new(self.data.booked_lines(settlement)?);
        let mut kept = kept();
        kept.truncate(KEPT - 1);
        kept.insert(0, (hash.clone(), Arc::clone(&lines)));
        Ok(lines)
    }

    /// The units of a provider as last stated.
    pub fn units_of(&self, provider: &str) -> &BTreeSet<String> {
        static NONE: BTreeSet<String> = BTreeSet::new();
        self.units.get(provider).unwrap_or(&NONE)
    }

    /// Providers with units.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.units.keys().map(String::as_str)
    }

    /// Whether an account of a role can be for this provider, or this clinic.
    pub fn is_known_for(&self, role: Role, one: &str) -> bool {
        match role {
            Role::Provider => self.units.contains_key(one),
            Role::ClinicCare => self.data.delivery_clinics().contains(one),
            _ => false,
        }
    }

    /// Where the key of a clinic's compartment is to lie; `None` where the server was given no folder of keys.
    pub fn care_key(&self, clinic: &str) -> Option<PathBuf> {
        self.care_keys.as_ref().map(|keys| keys.join(format!("{clinic}.key")))
    }

    /// Whether the server was given the key of a clinic's compartment.
    pub fn has_care_key(&self, clinic: &str) -> bool {
        self.care_key(clinic).is_some_and(|key| key.is_file())
    }

    /// The unit that a code means on a day, by all that is recorded.
    pub fn unit_of_code(&self, code: &str, day: Day) -> Option<&str> {
        let number = self.codes.meaning(code).on(day)?;
        self.numbered.get(usize::from(number)).map(String::as_str)
    }

    /// Whether a unit is known.
    pub fn has_unit(&self, unit: &str) -> bool {
        self.all_units.contains(unit)
    }

    /// What every settlement that stands comes to, by unit, element, month, cause, payer and payee.
    pub fn sums(&self) -> Result<&Sums, Failure> {
        kept(self.sums.get_or_init(|| Sums::of(&self.data, &self.was).map_err(|why| why.text())))
    }

    /// Every contact priced as known today.
    pub fn priced(&self) -> Result<&Today, Failure> {
        let price = || Today::new(&self.data, self.today).map_err(|why| why.text());
        kept(self.priced.get_or_init(price))
    }

    /// All that stands against the clinics as known today: by unit, kind and code, as lists of it are read.
    pub fn stands(&self) -> Result<&[Item], Failure> {
        let gather = || {
            let mut data = self.data.clone();
            let stands = data.stands(self.today).map_err(|why| why.text())?;
            let mut items = stands.items;
            items.sort_by(|a, b| {
                (&a.unit, a.family, a.code, a.care_date, a.batch).cmp(&(
                    &b.unit,
                    b.family,
                    b.code,
                    b.care_date,
                    b.batch,
                ))
            });
            Ok(items)
        };
        kept(self.stands.get_or_init(gather)).map(Vec::as_slice)
    }

    /// The rows that imports rejected or warned about.
    pub fn faulty(&self) -> Result<&Arc<Faulty>, Failure> {
        let read = || self.data.faulty().map(Arc::new).map_err(|why| why.text());
        kept(self.faulty.get_or_init(read))
    }

    /// The rows of every batch by unit.
    pub fn reported(&self) -> Result<&Reported, Failure> {
        let count = || {
            let faulty = self.faulty()?;
            Reported::of(&self.data, faulty)
        };
        kept(self.reported.get_or_init(|| count().map_err(|why| why.text())))
    }

    /// How many contacts of every unit and month are reported, priced and without a price.
    pub fn counted(&self) -> Result<&Counted, Failure> {
        let count = || Counted::of(&self.data, self.priced()?, self.today);
        kept(self.counted.get_or_init(|| count().map_err(|why| why.text())))
    }

    /// What the settlements paid by rates that something finances.
    pub fn settled(&self) -> Result<&[Settled], Failure> {
        let add = || self.data.settled().map_err(|why| why.text());
        kept(self.settled.get_or_init(add)).map(Vec::as_slice)
    }

    /// What all settlements paid, by what finances it.
    pub fn traced(&self) -> Result<&Traced, Failure> {
        let add = || self.data.paid_by_source(self.today, None).map_err(|why| why.text());
        kept(self.traced.get_or_init(add))
    }

    /// Births and what is asked about them, as known today.
    pub fn followed(&self) -> Result<&Followed, Failure> {
        let gather = || self.data.followed_loaded(self.today).map_err(|why| why.text());
        kept(self.followed.get_or_init(gather))
    }

    /// What is found in the register as known today.
    pub fn checked(&self) -> &[Finding] {
        self.checked.get_or_init(|| {
            let register = self.data.register();
            check_view(&register.view(register.as_of(self.today)), self.today)
        })
    }

    /// `synthetic` where anything imported is.
    pub fn origin(&self) -> &'static str {
        self.data.origin().name()
    }

    /// Makes what is derived before anybody waits for it.
    pub fn prepare(&self) {
        // What cannot be made is told by the page that needs it.
        let _told_later = self.sums();
        let _told_later = self.priced();
        let _told_later = self.stands();
        let _told_later = self.reported();
        let _told_later = self.counted();
        let _told_later = self.settled();
        let _told_later = self.traced();
        let _told_later = self.followed();
        let _kept = self.checked();
    }
}

fn kept<T>(made: &Result<T, Text>) -> Result<&T, Failure> {
    made.as_ref().map_err(|why| Failure::Refused(why.clone(), Vec::new()))
}

/// Where the state of now is found.
pub struct Places {
    now: RwLock<Arc<Place>>,
    /// Who reads it anew; the others wait.
    turn: Mutex<()>,
    sources: Option<PathBuf>,
    care_keys: Option<PathBuf>,
}

impl Places {
    /// Opens a data folder and reads it whole.
    pub fn open(
        folder: &Path,
        sources: Option<PathBuf>,
        care_keys: Option<PathBuf>,
    ) -> Result<Self, Failure> {
        let mut data = DataFolder::open(folder)?;
        if let Some(keys) = &care_keys {
            refuse_within(folder, keys)?;
        }
        data.read_all()?;
        let mut place = Place::new(data, engine::today(), Was::default());
        place.sources.clone_from(&sources);
        place.care_keys.clone_from(&care_keys);
        let now = RwLock::new(Arc::new(place));
        Ok(Self { now, turn: Mutex::new(()), sources, care_keys })
    }

    /// The state of now.
    pub fn current(&self) -> Result<Arc<Place>, Failure> {
        let place = self.last();
        if is_now(&place)? {
            return Ok(place);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let place = self.last();
        if is_now(&place)? {
            return Ok(place);
        }
        let data = place.data.caught_up()?;
        let was = place.sums.get().and_then(|sums| sums.as_ref().ok()).map(Sums::was);
        let mut next = Place::new(data, engine::today(), was.unwrap_or_default());
        next.sources.clone_from(&self.sources);
        next.care_keys.clone_from(&self.care_keys);
        let next = Arc::new(next);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&next);
        Ok(next)
    }

    fn last(&self) -> Arc<Place> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn is_now(place: &Place) -> Result<bool, Failure> {
    Ok(place.today == engine::today() && place.data.is_current()?)
}
