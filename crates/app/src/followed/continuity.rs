//! Continuity within like numbers of contacts: the same midwife before and after birth, by clinic.
//!
//! Owns: which contacts are meant, the bands, and what of them may be told. Does not own: the indices (`follow::continuity`), or the
//! protection (`year`).
//!
//! Indices fall as contacts grow more, so they are told by band: COC 0.5 of six to ten contacts. All phases and bands of a year are
//! one table, since they are of the same women: where those before birth may not be told of every clinic, nothing is.

use super::group::By;
use super::rows::{base, places as places_of};
use super::together::{Base, Class, Key};
use super::year::{Layout, Open, Part, YearOf};
use crate::data::Followed;
use follow::care::Care;
use follow::case::Case;
use follow::chain::Phase;
use follow::continuity::{Band, Compared, Continuity, Share, compare, of_episode};
use follow::indicator::Judged;
use follow::outcome::{Value, Why};
use kernel::fact::{ContactKind, Direction, Gives, Indicator, Quantity, Theme};
use kernel::time::Period;
use std::sync::Arc;

/// The least numbers of contacts of the bands; the last is open. Our choice.
pub const BEGINS: [u64; 3] = [2, 6, 11];

/// Contacts before birth, and after it. Both together would be a third table of the same women, for whose sake more of these is withheld.
pub const PHASES: [Phase; 2] = [Phase::Antenatal, Phase::Postnatal];

/// What is told of a band, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// Bice and Boxerman's.
    Coc,
    /// Usual provider of care.
    Upc,
    /// Different carers.
    Carers,
    /// Whether the midwife at birth, or one of her team, was known: among contacts before birth.
    Known,
}

const INDICES: [Index; 4] = [Index::Coc, Index::Upc, Index::Carers, Index::Known];

/// A phase and band of a clinic, or of all.
#[derive(Clone, Debug)]
pub struct Line {
    /// Place in [`PHASES`].
    pub phase: usize,
    /// Place in [`BEGINS`]; `None` is all bands.
    pub band: Option<usize>,
    /// Means of COC, UPC and carers, and the share with a known midwife at birth.
    pub values: [Value; 4],
}

/// Continuity of the births of a year.
pub struct OfYear {
    clinics: Vec<String>,
    /// By phase, by band with all bands first, by index.
    tables: Vec<Arc<YearOf>>,
    /// What each birth of the year is to each table.
    classes: Vec<Arc<Vec<Class>>>,
}

/// Continuity of a year, and what else is told of its births.
pub struct Told {
    of_year: Arc<OfYear>,
    base: Arc<Base>,
}

fn is_meant(care: &Care) -> bool {
    matches!(
        care.kind,
        ContactKind::MidwifeVisit | ContactKind::PostnatalVisit | ContactKind::HomeVisit
    )
}

/// The band of so many contacts.
fn band(contacts: u64) -> Option<usize> {
    BEGINS.iter().rposition(|begin| contacts >= *begin)
}

/// Every phase with all its bands, and each.
fn places() -> impl Iterator<Item = (usize, Option<usize>)> {
    let bands = || std::iter::once(None).chain((0..BEGINS.len()).map(Some));
    (0..PHASES.len()).flat_map(move |phase| bands().map(move |band| (phase, band)))
}

fn value(index: Index, case: &Case, found: &Continuity) -> Judged {
    // In per mille, as the indicators have them.
    let of = |share: Option<Share>| {
        share.map_or(Judged::Unreported, |share| Judged::Value(share.value() * 1_000.0))
    };
    match index {
        Index::Coc => of(found.coc),
        Index::Upc => of(found.upc),
        Index::Carers => Judged::Value(found.carers as f64),
        Index::Known => match case.met.and_then(|met| met.knew_carer_or_team(1)) {
            Some(true) => Judged::Yes,
            Some(false) => Judged::No,
            None => Judged::Unreported,
        },
    }
}

/// Continuity of a birth, by its place in the order of all, in each of [`PHASES`].
pub(super) fn continuity_of(followed: &Followed, at: usize) -> Vec<Continuity> {
    let gathered = &followed.gathered;
    let episode =
        gathered.episodes.get(at).and_then(|at| gathered.chain.episodes.get(*at as usize));
    let of = |episode, phase| {
        of_episode(&gathered.chain, &followed.cares, episode, Some(phase), is_meant)
    };
    episode
        .map_or_else(Vec::new, |episode| PHASES.iter().map(|phase| of(episode, *phase)).collect())
}

impl OfYear {
    /// Counts and protects the births of a year, once for a state, whether or not it may be told.
    pub(super) fn counted(followed: &Followed, year: i32) -> Arc<Self> {
        followed.banded.get(year, || Arc::new(Self::count(followed, year)))
    }

    fn count(followed: &Followed, year: i32) -> Self {
        let of_year = followed.births_of(year);
        let births = followed.gathered.cases.births.get(of_year.clone()).unwrap_or_default();
        let found: Vec<Vec<Continuity>> = of_year.map(|at| continuity_of(followed, at)).collect();
        let judged: Vec<Vec<Judged>> = places()
            .flat_map(|place| INDICES.map(|index| (place, index)))
            .map(|((phase, wanted), index)| {
                let of_birth = |(case, found): (&Case, &Vec<Continuity>)| {
                    let Some(found) = found.get(phase) else { return Judged::NotMeant };
                    match band(found.contacts) {
                        Some(_) if index == Index::Known && phase > 0 => Judged::NotMeant,
                        Some(own) if wanted.is_none_or(|wanted| wanted == own) => {
                            value(index, case, found)
                        }
                        _ => Judged::NotMeant,
                    }
                };
                births.iter().zip(&found).map(of_birth).collect()
            })
            .collect();
        let places = places_of(followed, year, By::Month);
        let place = |birth: usize| Some((places.place(birth)?.0, 0));
        let clinics = places.layout.clinics.clone();
        let layout = Layout {
            clinics: clinics.clone(),
            groups: vec![String::new()],
            open: Open::Groups,
            ..Layout::default()
        };
        let classes = judged.iter().map(|judged| {
            Arc::new(judged.iter().map(|judged| Class::of(*judged)).collect::<Vec<_>>())
        });
        let classes = classes.collect();
        let tables = YearOf::family(layout, &judged, followed.threshold(), place);
        Self { clinics, tables: tables.into_iter().map(Arc::new).collect(), classes }
    }

    /// Each table with what every birth is to it; nothing where it may not be told.
    pub(super) fn told(&self) -> Vec<(Arc<YearOf>, Arc<Vec<Class>>)> {
        let all = self.tables().into_iter().zip(self.classes.iter().cloned());
        all.collect()
    }

    /// All that is counted, as one table; nothing where it may not be told.
    pub(super) fn tables(&self) -> Vec<Arc<YearOf>> {
        if self.is_told_whole() { self.tables.clone() } else { Vec::new() }
    }

    /// The women of the whole phase before birth are told by an indicator too, protected there in its own way: where one of those numbers
    /// would have to be withheld here, nothing of bands is told.
    fn is_told_whole(&self) -> bool {
        let mut rows = std::iter::once(None).chain((0..self.clinics.len()).map(Some));
        self.tables
            .first()
            .is_some_and(|whole| rows.all(|row| whole.size(row, Part::All).is_some()))
    }
}

impl Told {
    /// Counts and protects the births of a year; `None` where it could give somebody away.
    pub fn new(followed: &Followed, year: i32) -> Option<Self> {
        let followed = followed.of_year(year)?;
        let of_year = OfYear::counted(followed, year);
        of_year.is_told_whole().then(|| Self { of_year, base: base(followed, year) })
    }

    /// The lines of a clinic, or of all.
    pub fn lines(&self, unit: Option<&str>) -> Vec<Line> {
        let row = match unit {
            None => None,
            Some(unit) => match self.of_year.clinics.iter().position(|one| one == unit) {
                None => return Vec::new(),
                at => at,
            },
        };
        let line = |(at, (phase, band)): (usize, (usize, Option<usize>))| {
            let mut told = INDICES.iter().enumerate().filter_map(|(nth, index)| {
                let at = at * INDICES.len() + nth;
                let table = self.of_year.tables.get(at)?;
                Some(if self.base.tells(&Key::Banded(at), row) {
                    table.value(&as_indicator(*index), row, Part::All)
                } else {
                    Value::Withheld(Why::TooFew)
                })
            });
            let mut next = || told.next().unwrap_or(Value::Withheld(Why::Nobody));
            Line { phase, band, values: [next(), next(), next(), next()] }
        };
        places().enumerate().map(line).collect()
    }

    /// The clinics, each with its COC before birth and that of all as if all had its numbers of contacts; from what is told alone.
    pub fn compared(&self) -> Vec<(&str, Option<Compared>)> {
        let all = bands_of(&self.lines(None));
        let of = |unit: &String| compare(&bands_of(&self.lines(Some(unit))), &all);
        self.of_year.clinics.iter().map(|unit| (unit.as_str(), of(unit))).collect()
    }
}

/// COC before birth by band, as it is told.
fn bands_of(lines: &[Line]) -> Vec<Band> {
    let ends = BEGINS.iter().skip(1).map(|next| Some(next - 1)).chain([None]);
    let bands = BEGINS.iter().zip(ends).enumerate();
    let band = |(at, (from, to)): (usize, (&u64, Option<u64>))| {
        let line = lines.iter().find(|line| line.phase == 0 && line.band == Some(at));
        let (pregnancies, mean) = match line.map(|line| line.values[0]) {
            Some(Value::Number { of, value, .. }) => (of, Some(value)),
            _ => (0, None),
        };
        Band { from: *from, to, pregnancies, mean }
    };
    bands.map(band).collect()
}

/// An index as what is told of births.
fn as_indicator(index: Index) -> Indicator {
    let gives = match index {
        Index::Coc => Gives::Mean(Quantity::Coc),
        Index::Upc => Gives::Mean(Quantity::Upc),
        Index::Carers => Gives::Mean(Quantity::Carers),
        Index::Known => Gives::Share,
    };
    Indicator {
        id: String::new(),
        theme: Theme::Continuity,
        gives,
        among: Vec::new(),
        counts: Vec::new(),
        direction: Direction::Neither,
        minimum_reported: 0,
        defined_by: None,
        family: None,
        valid: Period::inclusive(None, None),
    }
}
