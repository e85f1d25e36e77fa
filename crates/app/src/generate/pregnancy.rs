//! Pregnancies and how they end: the woman, the clinic and the way of birth.
//!
//! Owns: who gives birth where and how. Does not own: how many do (`births`), the contact that
//! says so (`delivery`) or the visits around it (`visits`).

use super::births;
use super::calendar::Calendar;
use super::chance::{Chance, Spread};
use super::facts;
use super::places::Places;
use super::woman::{Residence, Residences, Woman, Women};
use kernel::time::{Day, Month};
use std::collections::BTreeMap;

/// A pregnancy that ends in a birth.
#[derive(Clone, Copy)]
pub(super) struct Pregnancy {
    pub(super) woman: Woman,
    pub(super) residence: Residence,
    pub(super) parity: u8,
    pub(super) delivered: Day,
    /// Days of pregnancy at birth.
    pub(super) gestational_days: u16,
    pub(super) clinic: u16,
    pub(super) planned: Option<u16>,
    pub(super) mode: Mode,
    pub(super) twins: bool,
    /// Team of the chain, from 1; 0 for a woman outside it.
    pub(super) team: u8,
    pub(super) at_home: bool,
    /// Day of pregnancy of the move, for a woman who moves in during it.
    pub(super) moves_in: Option<u16>,
    /// Day of pregnancy from which she goes to another midwife clinic than before.
    pub(super) changes_clinic: Option<u16>,
    /// Whether a later pregnancy is hers too.
    followed: bool,
}

/// The way of birth (förlossningssätt).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Mode {
    Spontaneous,
    Vacuum,
    PlannedCaesarean,
    AcuteCaesarean,
}

impl Mode {
    pub(super) fn is_caesarean(self) -> bool {
        matches!(self, Self::PlannedCaesarean | Self::AcuteCaesarean)
    }
}

impl Pregnancy {
    /// Day 0.
    pub(super) fn start(&self) -> Day {
        self.delivered.plus(-i32::from(self.gestational_days))
    }

    /// 0 for a first-time mother, 1 for others: the place in the pairs of `facts`.
    pub(super) fn pair(&self) -> usize {
        usize::from(self.parity > 0)
    }

    pub(super) fn in_the_chain(&self) -> bool {
        self.team > 0
    }

    /// Whether she has her antenatal care here.
    pub(super) fn has_antenatal_care(&self) -> bool {
        !self.residence.is_out_of_county()
    }
}

/// Makes the pregnancies of one month of birth after another.
pub(super) struct Pregnancies {
    seed: u64,
    scale_permille: u32,
    first: Month,
    residences: Residences,
    women: Women,
    home: Spread,
    chain: Spread,
    rates: BTreeMap<i32, Rates>,
    planned: BTreeMap<i32, Vec<births::Planned>>,
    month_starts: Vec<usize>,
    pub(super) all: Vec<Pregnancy>,
}

/// Shares taken evenly of those who could be meant, in a year.
#[derive(Clone, Copy)]
struct Rates {
    home: f64,
    chain: f64,
}

impl Pregnancies {
    /// Nobody yet; `first` is the first month of birth.
    pub(super) fn new(seed: u64, scale_permille: u32, first: Month, places: &Places) -> Self {
        Self {
            seed,
            scale_permille,
            first,
            residences: Residences::new(places),
            women: Women::default(),
            home: Spread::default(),
            chain: Spread::default(),
            rates: BTreeMap::new(),
            planned: BTreeMap::new(),
            month_starts: Vec::new(),
            all: Vec::new(),
        }
    }

    /// The month that the next call of [`Self::add_month`] makes.
    pub(super) fn next_month(&self) -> Month {
        self.first.plus(self.month_starts.len() as i32)
    }

    /// How many women there are.
    pub(super) fn women(&self) -> u64 {
        self.women.count()
    }

    /// Adds those who give birth in the next month; gives their numbers.
    pub(super) fn add_month(
        &mut self,
        places: &Places,
        calendar: &Calendar,
    ) -> std::ops::Range<usize> {
        let month = self.next_month();
        let start = self.all.len();
        self.month_starts.push(start);
        self.prepare_year(places, month.year());
        let of_year = self.planned.get(&month.year()).map_or(&[][..], Vec::as_slice);
        let place = month.of_year() as usize - 1;
        let births: Vec<(u16, u64)> = of_year.iter().map(|p| (p.clinic, p.births[place])).collect();
        for (clinic, count) in births {
            for nth in 0..count {
                let parts = [month.number() as u64, u64::from(clinic), nth];
                let mut chance = Chance::new(self.seed, &parts);
                let pregnancy = self.draw(month, clinic, places, calendar, &mut chance);
                self.all.push(pregnancy);
            }
        }
        start..self.all.len()
    }

    fn prepare_year(&mut self, places: &Places, year: i32) {
        if self.planned.contains_key(&year) {
            return;
        }
        let planned = births::of_year(places, year, self.scale_permille);
        let end = Month::from_number(year * 12 + 11).last_day();
        let scale = f64::from(self.scale_permille) / 1000.0;
        let births_where = |holds: &dyn Fn(u16) -> bool| -> f64 {
            let held = planned.iter().filter(|planned| holds(planned.clinic));
            held.map(|planned| planned.births.iter().sum::<u64>() as f64).sum::<f64>().max(1.0)
        };
        let mut chance = Chance::new(self.seed, &[HOME_BIRTHS_OF_YEAR, year as u64]);
        let (low, high) = (*facts::HOME_BIRTHS.start(), *facts::HOME_BIRTHS.end());
        let at_home = f64::from(chance.between(low, high)) * scale;
        let could =
            births_where(&|c| places.get(c).holds_home_birth(end)) * facts::COULD_BE_AT_HOME;
        let with_chain = births_where(&|c| places.get(c).holds_continuity(end));
        let in_county = 1.0 - facts::OUT_OF_COUNTY - facts::ASYLUM - facts::NO_RESIDENCE;
        let chain = facts::IN_THE_CHAIN * scale / (with_chain * in_county);
        self.rates.insert(year, Rates { home: at_home / could, chain });
        self.planned.insert(year, planned);
    }

    fn draw(
        &mut self,
        month: Month,
        clinic: u16,
        places: &Places,
        calendar: &Calendar,
        chance: &mut Chance,
    ) -> Pregnancy {
        let parity = draw_parity(chance);
        let twins = chance.of(facts::TWINS);
        let mode = draw_mode(parity, twins, chance);
        let gestational_days = draw_gestational_days(mode, twins, chance);
        let delivered = draw_day(month, clinic, mode, places, calendar, chance);
        let (woman, residence) = self.woman(month, parity, clinic, chance);
        let mut pregnancy = Pregnancy {
            woman,
            residence,
            parity,
            delivered,
            gestational_days,
            clinic,
            planned: None,
            mode,
            twins,
            team: 0,
            at_home: false,
            moves_in: None,
            changes_clinic: None,
            followed: false,
        };
        self.choose_chain_or_home(&mut pregnancy, places, chance);
        draw_moves(&mut pregnancy, chance);
        pregnancy.planned = draw_planned(&pregnancy, places, chance);
        pregnancy
    }

    /// A new woman, or one who gave birth some years ago and has had as many children.
    fn woman(
        &mut self,
        month: Month,
        parity: u8,
        clinic: u16,
        chance: &mut Chance,
    ) -> (Woman, Residence) {
        let residence = self.residences.draw(clinic, chance);
        let mean_age = if parity == 0 { 30.0 } else { 33.0 };
        let age = (chance.bell(mean_age, 4.5) as i32).clamp(17, 47);
        if parity > 0
            && let Some(earlier) = self.earlier(month, parity, chance)
        {
            let earlier = &mut self.all[earlier];
            earlier.followed = true;
            let moved = chance.of(MOVED);
            return (earlier.woman, if moved { residence } else { earlier.residence });
        }
        (self.women.new_woman(month.year() - age), residence)
    }

    fn earlier(&self, month: Month, parity: u8, chance: &mut Chance) -> Option<usize> {
        let months = chance.between(16, 31) + chance.between(0, 16);
        let place = usize::try_from(month.number() - months - self.first.number()).ok()?;
        let start = *self.month_starts.get(place)?;
        let end = *self.month_starts.get(place + 1)?;
        let suits = |number: &usize| {
            let earlier = &self.all[*number];
            !earlier.followed && earlier.parity + 1 == parity
        };
        (0..TRIES)
            .map(|_| start + chance.below((end - start).max(1)))
            .filter(|n| *n < end)
            .find(suits)
    }

    fn choose_chain_or_home(
        &mut self,
        pregnancy: &mut Pregnancy,
        places: &Places,
        chance: &mut Chance,
    ) {
        let clinic = places.get(pregnancy.clinic);
        let Some(rates) = self.rates.get(&pregnancy.delivered.year()) else { return };
        let in_county = pregnancy.residence.is_in_county();
        if clinic.holds_continuity(pregnancy.delivered)
            && in_county
            && self.chain.takes(rates.chain, chance)
        {
            pregnancy.team = 1 + chance.below(facts::TEAMS.into()) as u8;
        }
        let could = clinic.holds_home_birth(pregnancy.delivered)
            && in_county
            && pregnancy.parity > 0
            && pregnancy.mode == Mode::Spontaneous
            && !pregnancy.twins
            && (259..=294).contains(&pregnancy.gestational_days);
        pregnancy.at_home = could && self.home.takes(rates.home, chance);
    }
}

/// Sets the stream of a year's home births apart from those of the births.
const HOME_BIRTHS_OF_YEAR: u64 = u64::MAX;
/// Women who moved since their last birth (assumed).
const MOVED: f64 = 0.1;
/// How often an earlier birth is sought before the woman is a new one.
const TRIES: usize = 4;

fn draw_parity(chance: &mut Chance) -> u8 {
    if chance.of(facts::FIRST_TIME) { 0 } else { 1 + chance.weighted(&facts::PARITY) as u8 }
}

fn draw_mode(parity: u8, twins: bool, chance: &mut Chance) -> Mode {
    let pair = usize::from(parity > 0);
    let (planned, acute) = (facts::PLANNED_CAESAREAN[pair], facts::ACUTE_CAESAREAN[pair]);
    let more = if twins { facts::TWINS_CAESAREAN / (planned + acute) } else { 1.0 };
    let drawn = chance.unit();
    if drawn < planned * more {
        Mode::PlannedCaesarean
    } else if drawn < (planned + acute) * more {
        Mode::AcuteCaesarean
    } else if drawn < (planned + acute) * more + facts::VACUUM[pair] {
        Mode::Vacuum
    } else {
        Mode::Spontaneous
    }
}

/// Around day 280; planned caesareans and twins come earlier (all assumed).
fn draw_gestational_days(mode: Mode, twins: bool, chance: &mut Chance) -> u16 {
    let preterm = chance.of(if twins { 0.45 } else { facts::PRETERM });
    let days = if preterm && mode != Mode::PlannedCaesarean {
        258 - (chance.unit() * chance.unit() * 85.0) as i32
    } else if twins || mode == Mode::PlannedCaesarean {
        chance.bell(271.0, 3.5) as i32
    } else {
        (chance.bell(281.5, 7.5) as i32).clamp(259, 296)
    };
    days as u16
}

/// Any day of the month that the clinic is open; planned caesareans on working days.
fn draw_day(
    month: Month,
    clinic: u16,
    mode: Mode,
    places: &Places,
    calendar: &Calendar,
    chance: &mut Chance,
) -> Day {
    let open = births::open_days(places.get(clinic).open, month);
    let day = open.from.plus(chance.between(0, births::days(open) - 1));
    if mode != Mode::PlannedCaesarean {
        return day;
    }
    let (next, previous) = (calendar.working_day(day), calendar.working_day_before(day));
    if open.contains(next) {
        next
    } else if open.contains(previous) {
        previous
    } else {
        day
    }
}

/// Moves into the county, or to another midwife clinic, in the middle of a pregnancy. A woman who
/// moves in was not to be in the chain, nor to give birth at home.
fn draw_moves(pregnancy: &mut Pregnancy, chance: &mut Chance) {
    if !pregnancy.has_antenatal_care() || pregnancy.in_the_chain() {
        return;
    }
    let last = i32::from(pregnancy.gestational_days) - 30;
    if !pregnancy.at_home && chance.of(facts::MOVES_IN) {
        pregnancy.moves_in = Some(chance.between(130, last.clamp(130, 250)) as u16);
    } else if chance.of(facts::CHANGES_CLINIC) {
        pregnancy.changes_clinic = Some(chance.between(100, last.clamp(100, 250)) as u16);
    }
}

/// The clinic planned in week 25; women from elsewhere had none here.
fn draw_planned(pregnancy: &Pregnancy, places: &Places, chance: &mut Chance) -> Option<u16> {
    if pregnancy.residence.is_out_of_county() {
        return None;
    }
    let year = pregnancy.delivered.year();
    let of_year = facts::ELSEWHERE.iter().find(|(of, _)| *of == year);
    let elsewhere = of_year.map_or(facts::ELSEWHERE_OTHER_YEARS, |(_, share)| *share);
    let as_planned = pregnancy.in_the_chain() || pregnancy.at_home;
    if as_planned || !chance.of(elsewhere) {
        return Some(pregnancy.clinic);
    }
    (0..TRIES).find_map(|_| places.another(pregnancy.clinic, pregnancy.delivered, chance))
}
