//! Indicators on random worlds against a plain reference, and the corners of what is not reported.

use follow::case::{Answer, Case, Cases, Linked, Minutes, Planned};
use follow::continuity::Met;
use follow::indicator::{Judged, Satisfied, World, judge, tally};
use kernel::contact::Profile;
use kernel::fact::{
    CodePattern, ContactCondition, ContactKind, Direction, Gives, Indicator, Quantity, Test, Theme,
};
use kernel::money::Ratio;
use kernel::time::{Day, Period};
use std::sync::Arc;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A small generator (xorshift), so that a seed gives the same worlds everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.below(4) == 0 { None } else { Some(value(self)) }
    }
}

fn profile(kind: ContactKind, diagnoses: &[&str]) -> Arc<Profile> {
    Arc::new(Profile {
        kind,
        profession: None,
        drg: None,
        diagnoses: diagnoses.iter().map(|code| Arc::from(*code)).collect(),
        procedures: Vec::new(),
        residence: None,
        place: None,
        individual: None,
        enrolled: None,
        by_team: None,
        gestational_days: None,
        parity: None,
        classes: Vec::new(),
    })
}

fn profiles() -> Vec<Arc<Profile>> {
    vec![
        profile(ContactKind::Delivery, &["O800"]),
        profile(ContactKind::Delivery, &["O821"]),
        profile(ContactKind::Delivery, &["O800", "O702"]),
        profile(ContactKind::HomeVisit, &[]),
        profile(ContactKind::PhysiotherapyVisit, &[]),
    ]
}

fn case(day: Day) -> Case {
    Case {
        contact: 0,
        unit: 0,
        day,
        profile: 0,
        linked: 0..0,
        measures: 0..0,
        labour: Answer::Unknown,
        minutes: None,
        met: None,
        robson: None,
        planned: Planned::Unknown,
        midwife_clinic: None,
        visits: None,
        first_visit_week: None,
        carers: None,
        coc_permille: None,
        upc_permille: None,
    }
}

fn random_cases(chance: &mut Chance) -> Cases {
    let mut cases = Cases::default();
    let names = [cases.names.text("blood-loss-ml"), cases.names.text("epds")];
    for contact in 0..chance.below(60) as u32 {
        let mut one = case(day("2022-06-15").plus(chance.below(800) as i32));
        (one.contact, one.profile) = (contact, chance.below(3) as u32);
        let first = cases.linked.len() as u32;
        for _ in 0..chance.below(4) {
            let days = chance.below(200) as i32 - 60;
            cases.linked.push(Linked { days, profile: 3 + chance.below(2) as u32 });
        }
        one.linked = first..cases.linked.len() as u32;
        let first = cases.measures.len() as u32;
        for _ in 0..chance.below(4) {
            cases.measures.push((names[chance.below(2) as usize], chance.below(2_000) as f64));
        }
        one.measures = first..cases.measures.len() as u32;
        one.labour = [Answer::Yes, Answer::No, Answer::Unknown][chance.below(3) as usize];
        one.minutes = chance.maybe(|chance| {
            let active = 1 + chance.below(10);
            Minutes { own: chance.below(active + 1), active }
        });
        one.met = chance.maybe(|chance| Met {
            carer: chance.maybe(|chance| chance.below(3)),
            team: chance.maybe(|chance| chance.below(3)),
        });
        one.robson = chance.maybe(|chance| chance.below(11) as u8);
        one.planned =
            [Planned::Unknown, Planned::Here, Planned::Elsewhere][chance.below(3) as usize];
        one.midwife_clinic = chance.maybe(|chance| chance.below(3) as u16);
        cases.births.push(one);
    }
    cases
}

fn random_test(chance: &mut Chance) -> Test {
    let diagnosis = |code: &str| ContactCondition {
        diagnosis: Some(vec![CodePattern::Prefix(code.to_owned())]),
        ..ContactCondition::default()
    };
    let home = ContactCondition {
        kind: Some(vec![ContactKind::HomeVisit]),
        ..ContactCondition::default()
    };
    match chance.below(10) {
        0 => Test::Birth(diagnosis("O82")),
        1 => Test::NotBirth(diagnosis("O70")),
        2 => Test::Measure {
            name: "blood-loss-ml".to_owned(),
            from: chance.maybe(|_| Ratio::parse("1000.5").unwrap()),
            to: None,
        },
        3 => Test::Contact { when: home, days: (1, 84) },
        4 => Test::Labour,
        5 => Test::OneToOne([0, 75, 90, 100][chance.below(4) as usize]),
        6 => Test::KnownMidwife(chance.below(3) as u8),
        7 => Test::Robson(if chance.below(2) == 0 { vec![0, 1, 5] } else { vec![1, 5] }),
        8 => Test::Elsewhere,
        _ => Test::AreaClass(vec!["4".to_owned()]),
    }
}

const CLASSES: [Option<&str>; 3] = [Some("4"), Some("1"), None];

/// Each test spelled out once more: `Some(Some(holds))`, `Some(None)` unknown, `None` not yet.
fn plain(test: &Test, one: &Case, cases: &Cases, known_on: Day) -> Option<Option<bool>> {
    match test {
        Test::Birth(_) => Some(Some(one.profile == 1)),
        Test::NotBirth(_) => Some(Some(one.profile != 2)),
        Test::Measure { from, .. } => {
            let mine = &cases.measures[one.measures.start as usize..one.measures.end as usize];
            let last = mine.iter().rfind(|(name, _)| *name == 0);
            Some(last.map(|(_, value)| from.is_none() || *value >= 1000.5))
        }
        Test::Contact { .. } => {
            let mine = &cases.linked[one.linked.start as usize..one.linked.end as usize];
            let found = mine.iter().any(|l| l.profile == 3 && l.days >= 1 && l.days <= 84);
            let over = one.day.number() + 84 <= known_on.number();
            over.then_some(Some(found))
        }
        Test::Labour => Some(match one.labour {
            Answer::Yes => Some(true),
            Answer::No => Some(false),
            Answer::Unknown => None,
        }),
        Test::OneToOne(percent) => Some(one.minutes.map(|minutes| {
            let short = minutes.active - minutes.own;
            short * 100 <= minutes.active * (100 - u64::from(*percent))
        })),
        Test::KnownMidwife(times) => {
            let often = |met: u64| met >= u64::from(*times);
            Some(match one.met {
                Some(Met { team: Some(team), .. }) if often(team) => Some(true),
                Some(Met { carer: Some(carer), .. }) => Some(often(carer)),
                _ => None,
            })
        }
        Test::Robson(groups) => Some(match one.robson {
            Some(0) if !groups.contains(&0) => None,
            other => other.map(|robson| groups.contains(&robson)),
        }),
        Test::Elsewhere => Some(match one.planned {
            Planned::Unknown => None,
            Planned::Here => Some(false),
            Planned::Elsewhere => Some(true),
        }),
        _ => {
            let class = one.midwife_clinic.and_then(|unit| CLASSES[usize::from(unit)]);
            Some(class.map(|class| class == "4"))
        }
    }
}

/// The same of what counts: before the first home visit of anybody is reported, nobody is known to have had none.
fn plain_counts(test: &Test, one: &Case, cases: &Cases, known_on: Day) -> Option<Option<bool>> {
    let answer = plain(test, one, cases, known_on);
    let Test::Contact { .. } = test else { return answer };
    let days = cases.births.iter().flat_map(|birth| {
        let mine = &cases.linked[birth.linked.start as usize..birth.linked.end as usize];
        mine.iter().filter(|l| l.profile == 3).map(|l| birth.day.number() + l.days)
    });
    let is_before = days.min().is_none_or(|first| one.day.number() + 84 < first);
    if is_before { answer.map(|_| None) } else { answer }
}

fn plain_all(
    tests: &[Test],
    plain: impl Fn(&Test) -> Option<Option<bool>>,
) -> Option<Option<bool>> {
    let answers: Vec<_> = tests.iter().map(plain).collect();
    let has = |answer| answers.contains(&answer);
    match () {
        () if has(Some(Some(false))) => Some(Some(false)),
        () if has(None) => None,
        () if has(Some(None)) => Some(None),
        () => Some(Some(true)),
    }
}

fn indicator(gives: Gives, among: Vec<Test>, counts: Vec<Test>) -> Indicator {
    Indicator {
        id: "x".to_owned(),
        theme: Theme::Birth,
        gives,
        among,
        counts,
        direction: Direction::Lower,
        minimum_reported: 0,
        defined_by: None,
        family: None,
        valid: Period::inclusive(Some(day("2023-01-01")), Some(day("2024-06-30"))),
    }
}

fn judged(definition: &Indicator, cases: &Cases, horizon: Day) -> Vec<Judged> {
    let area_classes: Vec<Option<String>> =
        CLASSES.iter().map(|class| class.map(str::to_owned)).collect();
    let profiles = profiles();
    let world = World {
        cases,
        profiles: &profiles,
        county: None,
        area_classes: &area_classes,
        horizon,
        satisfied: &Satisfied::default(),
    };
    judge(definition, &world)
}

#[test]
fn every_birth_is_judged_as_a_plain_reading_of_the_definition_says() {
    let known_on = day("2024-03-31");
    let mut seen = [0; 6];
    for seed in 1..=600_u64 {
        let chance = &mut Chance(seed * 7_919 + 1);
        let cases = random_cases(chance);
        let tests = |chance: &mut Chance, least: u64| -> Vec<Test> {
            (0..least + chance.below(3)).map(|_| random_test(chance)).collect()
        };
        let (among, counts) = (tests(chance, 0), tests(chance, 1));
        let definition = indicator(Gives::Share, among, counts);
        let judged = judged(&definition, &cases, known_on);
        for (one, judged) in cases.births.iter().zip(judged) {
            let within = day("2023-01-01") <= one.day && one.day <= day("2024-06-30");
            let among = plain_all(&definition.among, |test| plain(test, one, &cases, known_on));
            // What is not over is not told, whatever has failed already.
            let is_open = |test: &Test| plain(test, one, &cases, known_on).is_none();
            let counts = match definition.counts.iter().any(is_open) {
                true => None,
                false => {
                    plain_all(&definition.counts, |test| plain_counts(test, one, &cases, known_on))
                }
            };
            let (expected, kind) = match (within, among, counts) {
                (false, ..) | (_, Some(Some(false)), _) => (Judged::NotMeant, 0),
                (_, Some(None), _) => (Judged::MaybeMeant, 1),
                (_, None, _) | (_, _, None) => (Judged::Pending, 2),
                (_, _, Some(None)) => (Judged::Unreported, 3),
                (_, _, Some(Some(false))) => (Judged::No, 4),
                (_, _, Some(Some(true))) => (Judged::Yes, 5),
            };
            assert_eq!(judged, expected, "seed {seed}, birth {one:?}, {definition:?}");
            seen[kind] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "every outcome occurs: {seen:?}");
}

#[test]
fn contacts_after_the_birth_are_those_of_twelve_weeks_once_these_are_over() {
    let horizon = day("2024-03-31");
    let (mut told, mut pending) = (0, 0);
    for seed in 1..=200_u64 {
        let cases = random_cases(&mut Chance(seed * 7_919 + 1));
        let gives = Gives::Mean(Quantity::PostnatalVisits);
        let judged = judged(&indicator(gives, Vec::new(), Vec::new()), &cases, horizon);
        for (one, judged) in cases.births.iter().zip(judged) {
            let within = day("2023-01-01") <= one.day && one.day <= day("2024-06-30");
            let mine = &cases.linked[one.linked.start as usize..one.linked.end as usize];
            let count = mine.iter().filter(|l| l.days >= 1 && l.days <= 84).count();
            let is_over = one.day.number() + 84 <= horizon.number();
            let expected = match (within, is_over) {
                (false, _) => Judged::NotMeant,
                (true, false) => Judged::Pending,
                (true, true) => Judged::Value(count as f64),
            };
            assert_eq!(judged, expected, "seed {seed}, birth {one:?}");
            told += usize::from(within && is_over);
            pending += usize::from(within && !is_over);
        }
    }
    assert!(told > 100 && pending > 100, "both occur: {told}, {pending}");
}

#[test]
fn a_window_is_over_on_its_last_day() {
    let mut cases = Cases::default();
    cases.linked.extend([0, 1, 84, 85].map(|days| Linked { days, profile: 3 }));
    // Twelve weeks from 8 January 2024 end on 1 April.
    cases.births.push(Case { linked: 0..4, ..case(day("2024-01-08")) });
    let gives = Gives::Mean(Quantity::PostnatalVisits);
    let definition = indicator(gives, Vec::new(), Vec::new());
    assert_eq!(judged(&definition, &cases, day("2024-03-31")), [Judged::Pending]);
    assert_eq!(judged(&definition, &cases, day("2024-04-01")), [Judged::Value(2.0)]);
}

#[test]
fn what_is_not_reported_never_counts_and_withholds_what_rests_on_too_little() {
    let mut cases = Cases::default();
    for nth in 0..10_u64 {
        let mut one = case(day("2023-05-01"));
        one.labour = Answer::Yes;
        let own = if nth < 6 { 60 } else { 59 };
        one.minutes = (nth < 8).then_some(Minutes { own, active: 60 });
        cases.births.push(one);
    }
    let definition = indicator(Gives::Share, vec![Test::Labour], vec![Test::OneToOne(100)]);
    let judged = judged(&definition, &cases, day("2024-01-01"));
    let tally = tally(&judged, 1, |_| Some(0)).remove(0);
    assert_eq!((tally.counted, tally.reported, tally.unreported), (6, 8, 2));
    assert_eq!(tally.percent_reported(), 80);
    assert!(!tally.is_withheld(80) && tally.is_withheld(81));
}

#[test]
fn what_nobody_reports_is_no_measured_zero() {
    let (yes, early) = (day("2023-03-01"), day("2023-01-10"));
    let mut cases = Cases::default();
    cases.linked.push(Linked { days: 70, profile: 3 });
    cases.births.push(case(early));
    let home = ContactCondition {
        kind: Some(vec![ContactKind::HomeVisit]),
        ..ContactCondition::default()
    };
    let counts = vec![Test::Contact { when: home, days: (1, 84) }];
    let definition = indicator(Gives::Share, Vec::new(), counts);
    let on = day("2024-01-01");
    assert_eq!(judged(&definition, &cases, on), [Judged::Unreported]);
    // The first is reported on 10 May; the twelve weeks of the first birth ended on 4 April, those of the others later.
    cases.births.push(Case { linked: 0..1, ..case(yes) });
    cases.births.push(case(yes));
    assert_eq!(judged(&definition, &cases, on), [Judged::Unreported, Judged::Yes, Judged::No]);
}

#[test]
fn a_median_is_the_middle_and_a_mean_has_its_error() {
    let mut cases = Cases::default();
    for visits in [9_u32, 1, 4, 2] {
        cases.births.push(Case { visits: Some(visits), ..case(day("2023-05-01")) });
    }
    cases.births.push(case(day("2023-05-01")));
    let definition = indicator(Gives::Median(Quantity::Visits), Vec::new(), Vec::new());
    let judged = judged(&definition, &cases, day("2024-01-01"));
    let tally = tally(&judged, 1, |_| Some(0)).remove(0);
    let summary = tally.summary().unwrap();
    assert_eq!((tally.reported, tally.unreported, summary.median, summary.mean), (4, 1, 3.0, 4.0));
    // 1, 2, 4, 9 have the sample variance 38/3; a quarter of it is 19/6.
    assert!((summary.standard_error.unwrap() - (19.0_f64 / 6.0).sqrt()).abs() < 1e-12);
}
