//! What a definition makes of each birth.

use crate::case::{Answer, Case, Cases, Planned};
use kernel::contact::Profile;
use kernel::fact::{ContactCondition, Gives, Indicator, Quantity, Test};
use kernel::intern::FastMap;
use kernel::money::Ratio;
use kernel::price::satisfies;
use kernel::time::Day;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What tests are asked against.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The births.
    pub cases: &'a Cases,
    /// Profiles of the reports, by number.
    pub profiles: &'a [Arc<Profile>],
    /// County of the region, for residences.
    pub county: Option<&'a str>,
    /// Class of the area of each unit of the view, by number.
    pub area_classes: &'a [Option<String>],
    /// Contacts have come up to and with this day; what has not happened by then may still have, or may still come.
    pub horizon: Day,
    /// What was asked of these profiles before.
    pub satisfied: &'a Satisfied,
}

/// Which profiles satisfy a condition: asked once for each, whatever indicators and years ask, and of no profile that no birth has. And
/// since
/// when a contact that satisfies it is reported at all.
#[derive(Debug, Default)]
pub struct Satisfied {
    profiles: Mutex<FastMap<ContactCondition, Arc<[AtomicU8]>>>,
    since: Mutex<FastMap<ContactCondition, Option<Day>>>,
}

const NOT_ASKED: u8 = 0;
const NO: u8 = 1;
const YES: u8 = 2;

impl Satisfied {
    /// What is known of a condition, by number of the profile.
    fn of(&self, condition: &ContactCondition, profiles: usize) -> Arc<[AtomicU8]> {
        let mut known = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answers) = known.get(condition) {
            return Arc::clone(answers);
        }
        let answers: Arc<[AtomicU8]> = (0..profiles).map(|_| AtomicU8::new(NOT_ASKED)).collect();
        known.insert(condition.clone(), Arc::clone(&answers));
        answers
    }
}

/// A condition and what is known of it.
struct Asked<'a> {
    condition: &'a ContactCondition,
    answers: Arc<[AtomicU8]>,
}

impl<'a> Asked<'a> {
    fn new(condition: &'a ContactCondition, world: &World<'_>) -> Self {
        Self { condition, answers: world.satisfied.of(condition, world.profiles.len()) }
    }

    /// Whether a profile satisfies it; two who ask at once come to the same.
    fn of(&self, profile: u32, world: &World<'_>) -> bool {
        let at = profile as usize;
        let Some((known, profile)) = self.answers.get(at).zip(world.profiles.get(at)) else {
            return false;
        };
        match known.load(Ordering::Relaxed) {
            NOT_ASKED => {
                let holds = satisfies(self.condition, profile, world.county);
                known.store(if holds { YES } else { NO }, Ordering::Relaxed);
                holds
            }
            answer => answer == YES,
        }
    }

    /// The first day on which any woman has such a contact; `None` where nobody reports one.
    fn since(&self, world: &World<'_>) -> Option<Day> {
        let known = || world.satisfied.since.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = known().get(self.condition) {
            return *since;
        }
        let first = |case: &Case| {
            let contacts = world.cases.contacts(case).iter();
            let days = contacts.filter(|one| self.of(one.profile, world)).map(|one| one.days);
            days.min().map(|days| case.day.plus(days))
        };
        let since = world.cases.births.iter().filter_map(first).min();
        known().insert(self.condition.clone(), since);
        since
    }
}

/// What one birth is to an indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judged {
    /// It is not meant, or its definition does not apply to its day.
    NotMeant,
    /// It is meant, but what is asked for may still happen.
    Pending,
    /// Whether it is meant is not reported.
    MaybeMeant,
    /// It is meant, and what is asked for is not reported.
    Unreported,
    /// It is meant and does not count.
    No,
    /// It is meant and counts.
    Yes,
    /// Its quantity.
    Value(f64),
}

/// Every birth in the order of the cases. Births outside the days of the definition are not meant.
pub fn judge(indicator: &Indicator, world: &World<'_>) -> Vec<Judged> {
    judge_in(indicator, world, |_| true)
}

/// The same where only births of some days are asked about; the others are told as not meant.
pub fn judge_in(
    indicator: &Indicator,
    world: &World<'_>,
    is_asked: impl Fn(Day) -> bool,
) -> Vec<Judged> {
    let among = compiled(&indicator.among, world);
    let mut counts = compiled(&indicator.counts, world);
    counts.iter_mut().for_each(|test| test.since_reported(world));
    let births = world.cases.births.iter();
    births
        .map(|case| {
            if !is_asked(case.day) || !indicator.valid.contains(case.day) {
                return Judged::NotMeant;
            }
            match all(&among, case, world) {
                Some(Answer::No) => Judged::NotMeant,
                Some(Answer::Unknown) => Judged::MaybeMeant,
                None => Judged::Pending,
                Some(Answer::Yes) => outcome(&indicator.gives, &counts, case, world),
            }
        })
        .collect()
}

fn outcome(gives: &Gives, counts: &[Compiled<'_>], case: &Case, world: &World<'_>) -> Judged {
    match gives {
        Gives::Share => match settled(counts, case, world) {
            Some(Answer::Yes) => Judged::Yes,
            Some(Answer::No) => Judged::No,
            Some(Answer::Unknown) => Judged::Unreported,
            None => Judged::Pending,
        },
        Gives::Mean(Quantity::PostnatalVisits) | Gives::Median(Quantity::PostnatalVisits)
            if !is_over(case, AFTER_BIRTH.1, world) =>
        {
            Judged::Pending
        }
        Gives::Mean(quantity) | Gives::Median(quantity) => {
            of_birth(*quantity, case, world).map_or(Judged::Unreported, Judged::Value)
        }
        // Counted from surveys and plans, not birth by birth.
        Gives::Answers(_) | Gives::CapacityUsed => Judged::NotMeant,
    }
}

/// `None`: not decided yet. One that is not decided leaves all undecided, whatever the others are: births that are told early must not be
/// those that came out in one way.
fn settled(tests: &[Compiled<'_>], case: &Case, world: &World<'_>) -> Option<Answer> {
    let answers = tests.iter().map(|test| test.answer(case, world));
    answers
        .collect::<Option<Vec<Answer>>>()
        .map(|all| all.into_iter().fold(Answer::Yes, Answer::and))
}

/// `None`: not decided yet. A test that fails decides, whatever the others are.
fn all(tests: &[Compiled<'_>], case: &Case, world: &World<'_>) -> Option<Answer> {
    let (mut answer, mut pending) = (Answer::Yes, false);
    for test in tests {
        match test.answer(case, world) {
            Some(Answer::No) => return Some(Answer::No),
            Some(other) => answer = answer.and(other),
            None => pending = true,
        }
    }
    if pending { None } else { Some(answer) }
}

/// Whether a birth without such a contact is known to have none.
#[derive(Clone, Copy, Debug)]
enum Reported {
    /// Always.
    Always,
    /// From a day on which the first was reported of anybody; never where nobody reports it.
    Since(Option<Day>),
}

/// A test with what is the same for every birth worked out once.
enum Compiled<'a> {
    /// Whether the delivery contact satisfies a condition, and whether it should.
    Birth {
        when: Asked<'a>,
        wanted: bool,
    },
    Contact {
        when: Asked<'a>,
        days: (i32, i32),
        reported: Reported,
    },
    Measure {
        name: Option<u32>,
        from: f64,
        to: f64,
    },
    Other(&'a Test),
}

fn compiled<'a>(tests: &'a [Test], world: &World<'_>) -> Vec<Compiled<'a>> {
    let compile = |test: &'a Test| match test {
        Test::Birth(condition) => {
            Compiled::Birth { when: Asked::new(condition, world), wanted: true }
        }
        Test::NotBirth(condition) => {
            Compiled::Birth { when: Asked::new(condition, world), wanted: false }
        }
        Test::Contact { when, days } => {
            let when = Asked::new(when, world);
            Compiled::Contact { when, days: *days, reported: Reported::Always }
        }
        Test::Measure { name, from, to } => Compiled::Measure {
            name: world.cases.names.find(name.as_str()),
            from: from.map_or(f64::NEG_INFINITY, number),
            to: to.map_or(f64::INFINITY, number),
        },
        other => Compiled::Other(other),
    };
    tests.iter().map(compile).collect()
}

/// A decided bound as a number to compare measures with.
pub(crate) fn number(ratio: Ratio) -> f64 {
    let (numerator, denominator) = ratio.parts();
    numerator as f64 / denominator as f64
}

impl Compiled<'_> {
    /// What nobody has reported yet is not reported, and not missing in every woman: a code that the region does not use is no 0 percent.
    fn since_reported(&mut self, world: &World<'_>) {
        if let Self::Contact { when, reported, .. } = self {
            *reported = Reported::Since(when.since(world));
        }
    }

    fn answer(&self, case: &Case, world: &World<'_>) -> Option<Answer> {
        match self {
            Self::Birth { when, wanted } => {
                Some(Answer::of(when.of(case.profile, world) == *wanted))
            }
            Self::Contact { when, days: (first, last), reported } => {
                // Also where it has happened already: else only those who come early would count.
                if !is_over(case, *last, world) {
                    return None;
                }
                if let Reported::Since(since) = reported
                    && since.is_none_or(|since| case.day.plus(*last) < since)
                {
                    return Some(Answer::Unknown);
                }
                let contacts = world.cases.contacts(case).iter();
                let mut within = contacts.filter(|one| (*first..=*last).contains(&one.days));
                Some(Answer::of(within.any(|one| when.of(one.profile, world))))
            }
            Self::Measure { name, from, to } => {
                let value = name.and_then(|name| world.cases.measure(case, name));
                Some(
                    value.map_or(Answer::Unknown, |value| {
                        Answer::of((*from..=*to).contains(&value))
                    }),
                )
            }
            Self::Other(test) => Some(answer(test, case, world)),
        }
    }
}

fn answer(test: &Test, case: &Case, world: &World<'_>) -> Answer {
    let known = |holds: Option<bool>| holds.map_or(Answer::Unknown, Answer::of);
    match test {
        Test::Labour => case.labour,
        Test::OneToOne(percent) => known(
            case.minutes.map(|minutes| minutes.own * 100 >= minutes.active * u64::from(*percent)),
        ),
        Test::KnownMidwife(times) => {
            known(case.met.and_then(|met| met.knew_carer_or_team((*times).into())))
        }
        // Unclassifiable may be any group, unless it is asked for.
        Test::Robson(groups) => known(
            case.robson
                .filter(|group| *group > 0 || groups.contains(&0))
                .map(|group| groups.contains(&group)),
        ),
        Test::Planned => Answer::of(case.planned != Planned::Unknown),
        Test::Elsewhere => match case.planned {
            Planned::Unknown => Answer::Unknown,
            planned => Answer::of(planned == Planned::Elsewhere),
        },
        Test::AreaClass(classes) => {
            let class = |unit: u16| world.area_classes.get(usize::from(unit))?.as_ref();
            known(case.midwife_clinic.and_then(class).map(|class| classes.contains(class)))
        }
        // Compiled above.
        Test::Birth(_) | Test::NotBirth(_) | Test::Measure { .. } | Test::Contact { .. } => {
            Answer::Unknown
        }
    }
}

/// Days from the birth within which contacts after it are counted, both inclusive: twelve weeks, by assumption.
const AFTER_BIRTH: (i32, i32) = (1, 84);

/// Whether contacts have come up to and with so many days from the birth.
fn is_over(case: &Case, last: i32, world: &World<'_>) -> bool {
    case.day.plus(last) <= world.horizon
}

fn of_birth(quantity: Quantity, case: &Case, world: &World<'_>) -> Option<f64> {
    let value = |number: Option<u32>| number.map(f64::from);
    match quantity {
        Quantity::Visits => value(case.visits),
        Quantity::FirstVisitWeek => value(case.first_visit_week),
        Quantity::Carers => value(case.carers),
        Quantity::Coc => value(case.coc_permille),
        Quantity::Upc => value(case.upc_permille),
        Quantity::PostnatalVisits => {
            let (first, last) = AFTER_BIRTH;
            let contacts = world.cases.contacts(case).iter();
            Some(contacts.filter(|one| (first..=last).contains(&one.days)).count() as f64)
        }
        Quantity::ActiveMinutes => case.minutes.map(|minutes| minutes.active as f64),
    }
}
