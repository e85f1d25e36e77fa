//! One midwife each: cases that a head midwife can read, and random worlds that a minute-by-minute count must agree with.

mod naive;

use follow::inputs::{Labour, LabourStart, Staffing};
use follow::minute::Minute;
use follow::one_to_one::{
    Apart, Birth, Delivery, Fault, Limits, Missing, OneToOne, Outcome, measure, minutes_by, tally,
};
use kernel::time::Day;

const UNIT: u32 = 1;
const ANNA: u32 = 11;
const BRITT: u32 = 12;

fn at(text: &str) -> Minute {
    Minute::parse(text).unwrap()
}

fn labour(contact: u32, from: &str, until: &str) -> Labour {
    let read = |text: &str| (!text.is_empty()).then(|| at(text));
    Labour {
        contact,
        active_from: read(from),
        active_until: read(until),
        start: LabourStart::Spontaneous,
    }
}

fn with(carer: u32, contact: u32, from: &str, until: &str) -> Staffing {
    Staffing { carer, unit: UNIT, contact: Some(contact), from: at(from), until: at(until) }
}

fn on_shift(carer: u32, from: &str, until: &str) -> Staffing {
    Staffing { carer, unit: UNIT, contact: None, from: at(from), until: at(until) }
}

fn delivery(contact: u32) -> Delivery {
    let care_date = Day::parse("2023-01-31").unwrap();
    Delivery { contact, woman: contact, unit: Some(UNIT), care_date, born_at: None }
}

fn run(contacts: &[u32], labour: &[Labour], staffing: &[Staffing]) -> OneToOne {
    let born_on = |contact: u32| {
        let own = labour.iter().filter(|row| row.contact == contact);
        own.filter_map(|row| row.active_until.or(row.active_from)).map(Minute::day).min()
    };
    let deliveries: Vec<Delivery> = contacts
        .iter()
        .map(|contact| {
            let delivery = delivery(*contact);
            Delivery { care_date: born_on(*contact).unwrap_or(delivery.care_date), ..delivery }
        })
        .collect();
    measure(&deliveries, labour, staffing, &Limits::ASSUMED)
}

/// Outcome, own minutes, active minutes.
fn told(birth: &Birth) -> (Outcome, u64, u64) {
    (birth.outcome, birth.own_minutes(), birth.active_minutes())
}

#[test]
fn an_hour_with_two_women_is_no_hour_of_ones_own() {
    let births = run(
        &[1, 2],
        &[
            labour(1, "2023-01-31T02:00", "2023-01-31T06:00"),
            labour(2, "2023-01-31T03:00", "2023-01-31T04:00"),
        ],
        &[
            with(ANNA, 1, "2023-01-31T01:00", "2023-01-31T07:00"),
            with(ANNA, 2, "2023-01-31T02:00", "2023-01-31T07:00"),
        ],
    )
    .births;
    // 02–03 and 04–06 are hers alone: the other is assigned, but not in active phase.
    assert_eq!(told(&births[0]), (Outcome::Measured, 180, 240));
    assert_eq!(told(&births[1]), (Outcome::Measured, 0, 60));
    assert_eq!(
        [75, 76, 90].map(|percent| births[0].met(percent)),
        [Some(true), Some(false), Some(false)]
    );
}

#[test]
fn hand_overs_split_shifts_and_doubles_change_no_minute() {
    let labour = [labour(1, "2023-01-30T22:00", "2023-01-31T02:00")];
    let whole = [with(ANNA, 1, "2023-01-30T21:00", "2023-01-31T03:00")];
    let split = [
        with(ANNA, 1, "2023-01-30T21:00", "2023-01-30T23:30"),
        with(ANNA, 1, "2023-01-30T23:00", "2023-01-31T00:00"),
        with(ANNA, 1, "2023-01-30T23:00", "2023-01-31T00:00"),
        with(BRITT, 1, "2023-01-31T00:00", "2023-01-31T03:00"),
    ];
    let one = run(&[1], &labour, &whole).births;
    assert_eq!(told(&one[0]), (Outcome::Measured, 240, 240));
    assert_eq!(run(&[1], &labour, &split).births, one);
}

#[test]
fn a_second_midwife_makes_up_for_the_first_who_has_two() {
    let phase = |contact| labour(contact, "2023-01-31T08:00", "2023-01-31T10:00");
    let stretch = |carer, contact| with(carer, contact, "2023-01-31T08:00", "2023-01-31T10:00");
    let staffing = [stretch(ANNA, 1), stretch(ANNA, 2), stretch(BRITT, 1)];
    let births = run(&[1, 2], &[phase(1), phase(2)], &staffing).births;
    assert_eq!(births.iter().map(Birth::own_minutes).collect::<Vec<_>>(), [120, 0]);
}

#[test]
fn a_night_of_changing_clocks_has_the_minutes_that_passed() {
    let autumn = [labour(1, "2023-10-29T01:00", "2023-10-29T04:00")];
    let staffing = [
        with(ANNA, 1, "2023-10-29T01:00", "2023-10-29T02:30+02:00"),
        on_shift(BRITT, "2023-10-29T00:00", "2023-10-29T08:00"),
    ];
    let births = run(&[1], &autumn, &staffing).births;
    assert_eq!(told(&births[0]), (Outcome::Measured, 90, 240));
    let by_hour = minutes_by(&births, |_, minute| minute.hour());
    let active: Vec<(i64, u64)> = by_hour.iter().map(|(hour, sum)| (*hour, sum.active)).collect();
    assert_eq!(active, [(1, 60), (2, 120), (3, 60)], "two o'clock comes twice");
    let spring = [labour(1, "2023-03-26T01:00", "2023-03-26T04:00")];
    assert_eq!(run(&[1], &spring, &[]).births[0].active_minutes(), 120);
}

#[test]
fn what_is_missing_is_told_and_never_met() {
    let shift = on_shift(ANNA, "2023-01-31T00:00", "2023-01-31T09:00");
    let hers = with(ANNA, 1, "2023-01-31T02:00", "2023-01-31T06:00");
    let known = labour(1, "2023-01-31T02:00", "2023-01-31T06:00");
    let outcome = |labour: &[Labour], staffing: &[Staffing]| {
        let births = run(&[1], labour, staffing).births;
        let birth = births.into_iter().next().unwrap();
        assert!(birth.outcome == Outcome::Measured || birth.met(1).is_none());
        birth.outcome
    };
    let missing = Outcome::Missing;
    assert_eq!(outcome(&[], &[hers]), missing(Missing::NoLabour));
    assert_eq!(outcome(&[labour(1, "", "")], &[hers]), missing(Missing::NoActivePhase));
    assert_eq!(outcome(&[labour(1, "", "2023-01-31T06:00")], &[]), missing(Missing::NoActiveStart));
    assert_eq!(outcome(&[labour(1, "2023-01-31T06:00", "")], &[]), missing(Missing::NoActiveEnd));
    assert_eq!(outcome(&[known], &[]), missing(Missing::NoStaffing));
    let late = on_shift(ANNA, "2023-01-31T05:59", "2023-01-31T09:00");
    assert_eq!(outcome(&[known], &[late]), missing(Missing::StaffingGap));
    // Her unit reports all the time, and nobody is with her: that is known, and 0 minutes.
    assert_eq!(outcome(&[known], &[shift]), Outcome::Measured);
    let backwards = with(BRITT, 1, "2023-01-31T06:00", "2023-01-31T02:00");
    assert_eq!(outcome(&[known], &[shift, backwards]), missing(Missing::FaultyStaffing));
    assert_eq!(outcome(&[known], &[hers, backwards]), Outcome::Measured, "it could add nothing");
    let other = with(ANNA, 2, "2023-01-31T05:00", "2023-01-31T08:00");
    assert_eq!(outcome(&[known], &[hers, other]), missing(Missing::OtherUnknown));
    let after = labour(2, "2023-01-31T06:00", "");
    assert_eq!(outcome(&[known, after], &[hers, other]), Outcome::Measured);
}

#[test]
fn what_cannot_be_is_a_fault() {
    let outcome = |from, until| run(&[1], &[labour(1, from, until)], &[]).births[0].outcome;
    let faulty = Outcome::Faulty;
    assert_eq!(outcome("2023-01-31T06:00", "2023-01-31T05:59"), faulty(Fault::EndBeforeStart));
    assert_eq!(outcome("2023-01-31T06:00", "2023-01-31T06:00"), faulty(Fault::ZeroLength));
    assert_eq!(outcome("2023-01-28T06:00", "2023-01-31T06:01"), faulty(Fault::TooLong));
    assert_eq!(
        outcome("2023-01-28T06:00", "2023-01-31T06:00"),
        Outcome::Missing(Missing::NoStaffing),
        "72 hours is long, but taken"
    );
    let one = labour(1, "2023-01-31T02:00", "2023-01-31T06:00");
    let two = labour(1, "2023-01-31T02:00", "2023-01-31T07:00");
    assert_eq!(run(&[1], &[one, two], &[]).births[0].outcome, faulty(Fault::Conflicting));
    assert_eq!(run(&[1], &[one, one], &[]).births[0].active_minutes(), 240);
    let long = with(ANNA, 1, "2023-01-01T02:00", "2023-01-31T06:00");
    let told = run(&[1], &[one], &[on_shift(ANNA, "2023-01-31T02:00", "2023-01-31T02:00"), long]);
    assert_eq!(told.faulty_staffing, [(0, Fault::ZeroLength), (1, Fault::TooLong)]);
    assert_eq!(run(&[2], &[one], &[]).stray_labour, [0]);
}

#[test]
fn twins_reported_apart_are_one_woman() {
    let phase = |contact| labour(contact, "2023-01-31T08:00", "2023-01-31T10:00");
    let stretch = |contact| with(ANNA, contact, "2023-01-31T08:00", "2023-01-31T10:00");
    let both = [Delivery { woman: 1, ..delivery(1) }, Delivery { woman: 1, ..delivery(2) }];
    let rows = [stretch(1), stretch(2)];
    let births = measure(&both, &[phase(1), phase(2)], &rows, &Limits::ASSUMED).births;
    assert_eq!(births.iter().map(Birth::own_minutes).collect::<Vec<_>>(), [120, 120]);
}

#[test]
fn counts_of_a_unit_close() {
    let unassisted = Labour { start: LabourStart::Unassisted, ..labour(4, "", "") };
    let planned = Labour { start: LabourStart::PlannedCaesarean, ..labour(3, "", "") };
    let births = run(
        &[1, 2, 3, 4, 5],
        &[
            labour(1, "2023-01-31T08:00", "2023-01-31T10:00"),
            labour(2, "2023-01-31T08:00", "2023-01-31T08:40"),
            planned,
            unassisted,
        ],
        &[
            with(ANNA, 1, "2023-01-31T08:00", "2023-01-31T10:00"),
            with(BRITT, 2, "2023-01-31T08:00", "2023-01-31T08:30"),
        ],
    )
    .births;
    let counts = tally(&births, &[75, 90, 100], |birth| birth.delivery.unit);
    let counts = &counts[&Some(UNIT)];
    assert_eq!((counts.births, counts.measured, counts.met.clone()), (5, 2, vec![2, 1, 1]));
    assert_eq!((counts.active_minutes, counts.own_minutes), (160, 150));
    assert_eq!(counts.missing.iter().collect::<Vec<_>>(), [(&Missing::NoLabour, &1)]);
    let apart = [(&Apart::PlannedCaesarean, &1), (&Apart::Unassisted, &1)];
    assert_eq!(counts.apart.iter().collect::<Vec<_>>(), apart);
    let by_hour = tally(&births, &[75], |birth| birth.born().map(Minute::hour));
    assert_eq!(by_hour[&Some(8)].met, [1]);
}

#[test]
fn a_phase_days_from_the_delivery_is_a_fault() {
    let far = labour(1, "2023-02-08T02:00", "2023-02-08T04:00");
    let staffing = [with(ANNA, 1, "2023-02-08T02:00", "2023-02-08T04:00")];
    let births = measure(&[delivery(1)], &[far], &staffing, &Limits::ASSUMED).births;
    assert_eq!(births[0].outcome, Outcome::Faulty(Fault::NotAtBirth));
    let near = labour(1, "2023-02-07T02:00", "2023-02-07T04:00");
    let staffing = [with(ANNA, 1, "2023-02-07T02:00", "2023-02-07T04:00")];
    let births = measure(&[delivery(1)], &[near], &staffing, &Limits::ASSUMED).births;
    assert_eq!(told(&births[0]), (Outcome::Measured, 120, 120));
}
