//! What the follow-up rests on, gathered once for a state of the data folder and a day.
//!
//! Owns: bringing contacts, what is reported beside them and the register together. Does not own: how births are made of them, or
//! counted (`follow`).

use super::DataFolder;
use super::judged::unit_id;
use crate::failure::Failure;
use crate::followed::continuity::OfYear as Banded;
use crate::followed::staffing::Counted as Staffed;
use crate::followed::{Base, By, Class, Key, Memo, Places, Together, YearOf};
use follow::care::Cares;
use follow::chain::Rules;
use follow::gather::{Gathered, Sources, gather};
use follow::indicator::{Judged, Satisfied, World, judge_in, threshold};
use follow::inputs::Inputs;
use kernel::contact::Profile;
use kernel::fact::Indicator;
use kernel::journal::{Extent, Publication};
use kernel::register::{Register, UnitCodes, View};
use kernel::time::{Day, Month};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Births and what is asked about them, as known on a day.
pub struct Followed {
    /// That day, and of how much of what is kept.
    pub extent: Extent,
    register: Arc<Register>,
    /// The publications of each year, with the state that each rests on.
    published: BTreeMap<i32, Vec<AsPublished>>,
    /// Contacts in force.
    pub cares: Cares,
    /// What is reported beside them.
    pub inputs: Inputs,
    /// Pregnancies, births and minutes.
    pub gathered: Gathered,
    /// Ids of the units of the view, by number.
    pub units: Vec<String>,
    /// Planned births by year and unit.
    pub plans: BTreeMap<(i32, String), u64>,
    /// The last day up to which contacts have come; nothing is told of what may be after it.
    horizon: Day,
    birth_units: Vec<String>,
    satisfied: Satisfied,
    profiles: Vec<Arc<Profile>>,
    county: Option<String>,
    area_classes: Vec<Option<String>>,
    /// Tables that were counted and protected already, for this state and day.
    counted: Mutex<BTreeMap<Counted, Arc<YearOf>>>,
    /// What the births of a year are to an indicator.
    classes: Memo<(Key, i32), Arc<Vec<Class>>>,
    /// What is told of the births of a year together: of clinics, and by what they are divided by.
    pub bases: Memo<i32, Arc<Base>>,
    /// The same, with groups.
    pub together: Memo<(i32, By), Arc<Together>>,
    /// Where births of a year are counted, by what they are divided by.
    pub places: Memo<(i32, By), Arc<Places>>,
    /// The same for active labour, by year and threshold.
    pub staffed: Memo<(i32, u32), Arc<Staffed>>,
    /// The same for continuity by number of contacts.
    pub banded: Memo<i32, Arc<Banded>>,
}

/// A year as it was published.
struct AsPublished {
    publication: Publication,
    data: DataFolder,
    /// Made when first asked for; `None` where its figures do not follow any more.
    state: OnceLock<Option<Box<Followed>>>,
}

impl AsPublished {
    fn state(&self) -> Option<&Followed> {
        let make = || {
            let Publication { year, extent, hash, .. } = &self.publication;
            let state = self.data.followed_within(extent).ok()?;
            (crate::followed::hash(&state, *year) == *hash).then(|| Box::new(state))
        };
        self.state.get_or_init(make).as_deref()
    }
}

/// An indicator by its first day, a year, what clinics are divided by, and the threshold.
type Counted = (String, Day, i32, By, u32);

impl DataFolder {
    /// Everything the follow-up rests on, as known on a day.
    pub fn followed(&mut self, known_on: Day) -> Result<Followed, Failure> {
        self.reports()?;
        self.read_told()?;
        self.followed_loaded(known_on)
    }

    /// The same, once everything is read. Years that are published are told as they were.
    pub fn followed_loaded(&self, known_on: Day) -> Result<Followed, Failure> {
        let mut followed = self.followed_within(&self.extent(known_on))?;
        let as_published = |publication: &Publication| AsPublished {
            publication: publication.clone(),
            data: self.clone(),
            state: OnceLock::new(),
        };
        let published = self.journal().published.iter();
        followed.published = published
            .map(|(year, each)| (*year, each.iter().map(as_published).collect()))
            .collect();
        Ok(followed)
    }

    /// What so much of what is kept comes to, whatever was published.
    pub fn followed_within(&self, extent: &Extent) -> Result<Followed, Failure> {
        let (cares, inputs) = (self.cares_loaded(extent)?, self.inputs_loaded(extent)?);
        let reports = self.reports_loaded()?;
        let known_on = extent.known_on;
        let view = self.register.view(extent.revision);
        let units: Vec<String> =
            view.histories.iter().map(|history| history.id.to_string()).collect();
        let unit_ids: Vec<&str> = units.iter().map(String::as_str).collect();
        let codes = UnitCodes::new(&view);
        let planned = |code: &str| {
            let unit = codes.meaning(code).on(known_on)?;
            view.unit_number(unit_id(&view, unit))
        };
        let sources = Sources {
            reports,
            cares: &cares,
            inputs: &inputs,
            unit_ids: &unit_ids,
            planned: &planned,
        };
        let gathered = gather(&sources, &Rules::assumed(), known_on);
        // The class as last stated, also of a clinic that has closed.
        let last: BTreeMap<&str, Option<String>> = view
            .units
            .iter()
            .map(|((id, _), unit)| (id.as_str(), unit.fact.area_class.clone()))
            .collect();
        let class = |id: &&str| last.get(id).cloned().flatten();
        let area_classes = unit_ids.iter().map(class).collect();
        let plan = |((year, unit), plan): (
            &(i32, &kernel::id::UnitId),
            &kernel::register::Known<'_, kernel::fact::Capacity>,
        )| { ((*year, unit.to_string()), plan.fact.deliveries) };
        let mut seen = vec![false; units.len()];
        for case in &gathered.cases.births {
            seen.get_mut(usize::from(case.unit)).into_iter().for_each(|seen| *seen = true);
        }
        let seen = units.iter().zip(seen).filter(|(_, seen)| *seen);
        let mut birth_units: Vec<String> = seen.map(|(unit, _)| unit.clone()).collect();
        birth_units.sort_unstable();
        Ok(Followed {
            extent: *extent,
            register: Arc::clone(&self.register),
            published: BTreeMap::new(),
            horizon: horizon(known_on, &cares),
            birth_units,
            satisfied: Satisfied::default(),
            plans: view.capacity.iter().map(plan).collect(),
            profiles: reports.profiles.values().to_vec(),
            county: view.county().map(str::to_owned),
            area_classes,
            units,
            gathered,
            inputs,
            cares,
            counted: Mutex::default(),
            classes: Memo::default(),
            bases: Memo::default(),
            together: Memo::default(),
            places: Memo::default(),
            staffed: Memo::default(),
            banded: Memo::default(),
        })
    }
}

/// The last day up to which what happened can be known: that of the last contact in force, and never after the day of knowing. A clinic
/// that stops reporting while others go on does not move it.
fn horizon(known_on: Day, cares: &Cares) -> Day {
    let last = cares.rows.iter().map(|care| care.care_date).max();
    last.map_or(known_on, |last| last.min(known_on))
}

impl Followed {
    /// The register as known then.
    pub fn view(&self) -> View<'_> {
        self.register.view(self.extent.revision)
    }

    /// Below this many persons a count is not told.
    pub fn threshold(&self) -> u32 {
        threshold(&self.view(), self.extent.known_on)
    }

    /// What is told of a year: as it was published, if it was; the last time as known on the day that is asked about or before, else the
    /// first. `None` where what was published does not follow any more: then nothing of the year is told.
    pub fn of_year(&self, year: i32) -> Option<&Self> {
        self.chosen(year).map_or(Some(self), AsPublished::state)
    }

    /// As which publication a year is told.
    pub fn publication(&self, year: i32) -> Option<&Publication> {
        self.chosen(year).map(|chosen| &chosen.publication)
    }

    fn chosen(&self, year: i32) -> Option<&AsPublished> {
        let each = self.published.get(&year)?;
        let is_known = |one: &&AsPublished| one.publication.extent.known_on <= self.extent.known_on;
        each.iter().rfind(is_known).or(each.first())
    }

    /// Every publication of a year, with the state it rests on.
    pub fn publications(&self, year: i32) -> Vec<(&Publication, Option<&Self>)> {
        let each = self.published.get(&year).into_iter().flatten();
        each.map(|one| (&one.publication, one.state())).collect()
    }

    /// What every birth is to an indicator, in the order of the births.
    /// Those of other years are told as not meant.
    pub fn judged(&self, indicator: &Indicator, year: i32) -> Vec<Judged> {
        let world = World {
            cases: &self.gathered.cases,
            profiles: &self.profiles,
            county: self.county.as_deref(),
            area_classes: &self.area_classes,
            horizon: self.horizon,
            satisfied: &self.satisfied,
        };
        let days = Month::new(year, 1).zip(Month::new(year, 12));
        let days = days.map(|(first, last)| first.first_day()..=last.last_day());
        judge_in(indicator, &world, |day| days.as_ref().is_some_and(|days| days.contains(&day)))
    }

    /// The births of a year by clinic and something else to an indicator, as `count` makes them of its whole family the first time. Nothing
    /// where the indicator is none of the family.
    pub fn table(
        &self,
        (family, own): (&[&Indicator], &Indicator),
        (year, by, threshold): (i32, By, u32),
        count: impl FnOnce(&[Vec<Judged>]) -> Vec<YearOf>,
    ) -> Option<Arc<YearOf>> {
        let key = |one: &Indicator| (one.id.clone(), one.valid.from, year, by, threshold);
        let known = || self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = known().get(&key(own)) {
            return Some(Arc::clone(table));
        }
        let judged: Vec<Vec<Judged>> = family.iter().map(|one| self.judged(one, year)).collect();
        for (one, judged) in family.iter().zip(&judged) {
            self.classes.get((Key::of(one), year), || self.classed(judged, year));
        }
        let tables = family.iter().zip(count(&judged));
        let mut known = known();
        for (one, table) in tables {
            known.entry(key(one)).or_insert_with(|| Arc::new(table));
        }
        known.get(&key(own)).cloned()
    }

    /// What each birth of a year is to an indicator, in order.
    pub fn classes(&self, indicator: &Indicator, year: i32) -> Arc<Vec<Class>> {
        let make = || self.classed(&self.judged(indicator, year), year);
        self.classes.get((Key::of(indicator), year), make)
    }

    fn classed(&self, judged: &[Judged], year: i32) -> Arc<Vec<Class>> {
        let of_year = judged.get(self.births_of(year)).unwrap_or_default();
        Arc::new(of_year.iter().map(|judged| Class::of(*judged)).collect())
    }

    /// The births of a year, as places in the order of all.
    pub fn births_of(&self, year: i32) -> Range<usize> {
        let births = &self.gathered.cases.births;
        let before = |year| births.partition_point(|case| case.day.year() < year);
        before(year)..before(year + 1)
    }

    /// The ids of the units at which anybody gave birth, in order.
    pub fn birth_units(&self) -> &[String] {
        &self.birth_units
    }

    /// The profile of a number.
    pub fn profile(&self, number: u32) -> Option<&Profile> {
        self.profiles.get(number as usize).map(Arc::as_ref)
    }

    /// The id of a unit.
    pub fn unit(&self, number: u16) -> &str {
        self.units.get(usize::from(number)).map_or("", String::as_str)
    }

    /// Class of the area of a unit.
    pub fn area_class(&self, number: u16) -> Option<&str> {
        self.area_classes.get(usize::from(number))?.as_deref()
    }
}
