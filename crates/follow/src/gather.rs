//! Births with everything that indicators ask about them, from contacts, their chains, and what clinics report beside them.
//!
//! Owns: which fact of a birth comes from where. Does not own: linking (`chain`), minutes (`one_to_one`), or the definitions.
//!
//! Robson's group is the reported one where a clinic reports it, else it is made of parity, outcome, presentation, weeks and how labour
//! began, and is unclassifiable (0) where one of those that decide is missing.

mod measures;
mod robson_of;

use crate::care::{Care, Cares, NONE};
use crate::case::{Answer, Case, Cases, Linked, Minutes, Planned};
use crate::chain::{Birth, Chain, Episode, Phase, Rules};
use crate::continuity::{Continuity, Share, met_before_birth, of_episode};
use crate::inputs::{Inputs, Labour, Staffing};
use crate::one_to_one::{self, Delivery, Limits, OneToOne, Outcome};
use kernel::contact::Reports;
use kernel::fact::ContactKind;
use kernel::intern::{FastMap, Texts};
use kernel::time::Day;
use measures::Measures;

/// What is gathered from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The reports.
    pub reports: &'a Reports,
    /// Contacts in force.
    pub cares: &'a Cares,
    /// What clinics report beside them.
    pub inputs: &'a Inputs,
    /// Ids of the units of the view, by number.
    pub unit_ids: &'a [&'a str],
    /// Number of the unit that a code, as written in `cares`, means.
    pub planned: &'a dyn Fn(&str) -> Option<u16>,
}

/// Everything that was gathered.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// Pregnancies.
    pub chain: Chain,
    /// Births.
    pub cases: Cases,
    /// Minutes of every birth, in the order of `cases.births`.
    pub minutes: OneToOne,
    /// The pregnancy of each birth, in the order of `cases.births`: a position in the chain's episodes.
    pub episodes: Vec<u32>,
}

/// Gathers all births known through a day.
pub fn gather(sources: &Sources<'_>, rules: &Rules, through: Day) -> Gathered {
    let chain = Chain::new(sources.cares, sources.reports, rules, through);
    let mut births: Vec<(u32, &Episode, Birth)> = (0..)
        .zip(&chain.episodes)
        .filter_map(|(at, episode)| Some((at, episode, episode.birth()?)))
        .collect();
    let contact = |birth: &Birth| row(sources.cares, birth).map_or(NONE, |care| care.contact);
    births.sort_by_cached_key(|(_, _, birth)| (birth.day, contact(birth)));
    let mut texts = sources.inputs.texts.clone();
    let deliveries: Vec<Delivery> = births
        .iter()
        .filter_map(|(_, episode, birth)| delivery(sources, &mut texts, episode.person, birth.row))
        .collect();
    let mut first_of: FastMap<u32, u32> = FastMap::default();
    for ((_, episode, birth), first) in births.iter().zip(&deliveries) {
        for row in chain.rows(episode, Phase::Birth).iter().filter(|row| **row != birth.row) {
            let other = delivery(sources, &mut texts, episode.person, *row);
            first_of.extend(other.map(|other| (other.contact, first.contact)));
        }
    }
    let (labour, staffing) = of_births(sources.inputs, &first_of);
    let minutes = one_to_one::measure(&deliveries, &labour, &staffing, &Limits::ASSUMED);
    let labour: FastMap<u32, &Labour> =
        labour.iter().map(|labour| (labour.contact, labour)).collect();
    let mut measures = Measures::new(sources);
    let mut cases = Cases::default();
    for (((_, episode, birth), minutes), delivery) in
        births.iter().zip(&minutes.births).zip(&deliveries)
    {
        let Some(care) = row(sources.cares, birth) else { continue };
        let seen = Seen { sources, chain: &chain, rules, episode, birth: *birth, care };
        let linked = seen.linked(&mut cases.linked);
        let measured = measures.of(&seen, &mut cases.measures);
        let mut case = seen.case(linked, measured);
        (case.labour, case.minutes) = labour_of(minutes);
        let start = labour.get(&delivery.contact).map(|labour| labour.start);
        case.robson = robson_of::group(&seen, &case, &cases, &measures, start);
        cases.births.push(case);
    }
    cases.names = measures.into_names();
    let episodes = births.iter().map(|(at, ..)| *at).collect();
    Gathered { cases, minutes, episodes, chain }
}

fn row<'a>(cares: &'a Cares, birth: &Birth) -> Option<&'a Care> {
    cares.rows.get(birth.row as usize)
}

/// Labour and staffing by the first contact of each birth. Twins reported apart are one labour, from the first start that is known to the
/// last birth, and whoever is with one of the contacts is with the woman.
fn of_births(inputs: &Inputs, first_of: &FastMap<u32, u32>) -> (Vec<Labour>, Vec<Staffing>) {
    let first = |contact: u32| first_of.get(&contact).copied().unwrap_or(contact);
    let mut labour: Vec<Labour> = inputs.labour.clone();
    // The first contact's own row comes first, and says how labour began.
    labour.sort_by_key(|row| (first(row.contact), row.contact != first(row.contact)));
    labour.dedup_by(|other, one| {
        let is_same = first(other.contact) == first(one.contact);
        if is_same {
            let froms = [one.active_from, other.active_from].into_iter().flatten();
            one.active_from = froms.min();
            one.active_until = one.active_until.max(other.active_until);
        }
        is_same
    });
    labour.iter_mut().for_each(|row| row.contact = first(row.contact));
    let mut staffing = inputs.staffing.clone();
    staffing.iter_mut().for_each(|row| row.contact = row.contact.map(first));
    (labour, staffing)
}

/// The delivery of a row; every row of a chain is one of the contacts.
fn delivery(sources: &Sources<'_>, texts: &mut Texts, woman: u32, row: u32) -> Option<Delivery> {
    let care = sources.cares.rows.get(row as usize)?;
    Some(Delivery {
        contact: texts.text(sources.reports.contact_ids.get(care.contact)),
        woman,
        unit: sources.unit_ids.get(usize::from(care.unit)).map(|unit| texts.text(unit)),
        care_date: care.care_date,
        born_at: care.born_at,
    })
}

/// A birth that is apart has no active phase; one of which nothing of labour is reported may have had one.
fn labour_of(birth: &one_to_one::Birth) -> (Answer, Option<Minutes>) {
    match birth.outcome {
        Outcome::Measured => {
            let (own, active) = (birth.own_minutes(), birth.active_minutes());
            (Answer::Yes, Some(Minutes { own, active }))
        }
        Outcome::Apart(_) => (Answer::No, None),
        Outcome::Missing(one_to_one::Missing::NoLabour) => (Answer::Unknown, None),
        Outcome::Missing(_) | Outcome::Faulty(_) => (Answer::Yes, None),
    }
}

/// One birth and where it is looked up.
struct Seen<'a> {
    sources: &'a Sources<'a>,
    chain: &'a Chain,
    rules: &'a Rules,
    episode: &'a Episode,
    birth: Birth,
    care: &'a Care,
}

fn is_midwife_visit(care: &Care) -> bool {
    care.kind == ContactKind::MidwifeVisit
}

impl<'a> Seen<'a> {
    fn contacts(&self, phase: Phase) -> impl DoubleEndedIterator<Item = &'a Care> {
        self.chain.contacts(self.sources.cares, self.episode, phase)
    }

    fn linked(&self, all: &mut Vec<Linked>) -> std::ops::Range<u32> {
        let first = length(all);
        for phase in [Phase::Antenatal, Phase::Postnatal] {
            let days = |care: &Care| care.care_date.number() - self.birth.day.number();
            all.extend(
                self.contacts(phase).map(|care| Linked { days: days(care), profile: care.profile }),
            );
        }
        first..length(all)
    }

    fn case(&self, linked: std::ops::Range<u32>, measures: std::ops::Range<u32>) -> Case {
        let (cares, episode) = (self.sources.cares, self.episode);
        let visits: Continuity =
            of_episode(self.chain, cares, episode, Some(Phase::Antenatal), is_midwife_visit);
        let number = visits.contacts + visits.without_carer;
        let first = self.contacts(Phase::Antenatal).find(|care| is_midwife_visit(care));
        let first_days = first.and_then(|care| episode.days_on(care.care_date));
        let permille =
            |share: Option<Share>| share.map(|share| (share.value() * 1000.0).round() as u32);
        Case {
            contact: self.care.contact,
            unit: self.birth.unit,
            day: self.birth.day,
            profile: self.care.profile,
            linked,
            measures,
            labour: Answer::Unknown,
            minutes: None,
            met: met_before_birth(self.chain, cares, episode, |_| true),
            robson: None,
            planned: self.planned(),
            midwife_clinic: self.chain.enrolled_clinic(cares, episode),
            visits: small(number),
            first_visit_week: first_days.and_then(|days| u32::try_from(days / 7).ok()),
            carers: small(visits.carers),
            coc_permille: permille(visits.coc),
            upc_permille: permille(visits.upc),
        }
    }

    fn planned(&self) -> Planned {
        let cares = self.sources.cares;
        let code = self.chain.planned_unit(cares, self.episode, self.rules);
        match code.and_then(|code| (self.sources.planned)(cares.text(code))) {
            None => Planned::Unknown,
            Some(unit) if unit == self.birth.unit => Planned::Here,
            Some(_) => Planned::Elsewhere,
        }
    }
}

/// A count above 0 as a small number.
fn small(count: u64) -> Option<u32> {
    u32::try_from(count).ok().filter(|count| *count > 0)
}

fn length<T>(all: &[T]) -> u32 {
    u32::try_from(all.len()).unwrap_or(u32::MAX)
}
