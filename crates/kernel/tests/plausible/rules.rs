//! Each rule where it speaks, and right beside where it is silent.

use crate::told::*;
use kernel::contact::{Report, ReportKind};
use kernel::fact::ContactKind;
use kernel::finding::Code;
use kernel::known::Span;
use std::sync::Arc;

#[test]
fn two_births_lie_more_than_twenty_weeks_apart() {
    let first = delivery("K1", "2023-01-01");
    // 140 days, 20 weeks to the day, are within 20 weeks; 141 are not.
    assert_warned(
        &[first.clone(), delivery("K2", "2023-05-21")],
        &[("K2", Code::TwoBirths, "K1 140")],
    );
    assert_warned(&[first.clone(), delivery("K2", "2023-05-22")], &[]);
    assert_warned(
        &[first.clone(), delivery("K2", "2023-01-03")],
        &[("K2", Code::TwoBirths, "K1 2")],
    );
    assert_warned(&[first, delivery("K2", "2023-03-01").of(1)], &[]);
}

#[test]
fn a_second_delivery_the_same_or_the_next_day_is_one_birth_reported_twice() {
    for (care, days) in [("2023-01-01", 0), ("2023-01-02", 1)] {
        let by = format!("K1 {days}");
        assert_warned(
            &[delivery("K2", care), delivery("K1", "2023-01-01")],
            &[("K2", Code::SecondDelivery, &by)],
        );
    }
}

#[test]
fn a_visit_twice_is_likely_a_duplicate_a_call_only_where_all_is_the_same() {
    let visit = |id| told(id, ContactKind::DoctorVisit, "2023-02-01");
    assert_warned(&[visit("K1"), visit("K2").by("lk-2")], &[("K2", Code::LikelyDuplicate, "K1 0")]);
    assert_warned(&[visit("K1"), visit("K2").of(1)], &[]);
    assert_warned(&[visit("K1"), told("K2", ContactKind::GroupVisit, "2023-02-01")], &[]);
    assert_warned(&[visit("K1"), told("K2", ContactKind::DoctorVisit, "2023-02-02")], &[]);
    let call = |id| told(id, ContactKind::Phone, "2023-02-01");
    assert_warned(&[call("K1"), call("K2")], &[("K2", Code::LikelyDuplicate, "K1 0")]);
    assert_warned(&[call("K1"), call("K2").by("bm-2")], &[]);
}

#[test]
fn a_delivery_drg_wants_a_delivery_and_an_outcome() {
    let with = |drg: &str, diagnoses: &str, procedures: &str| {
        delivery("K1", "2023-02-01").drg(drg).codes(diagnoses, procedures)
    };
    let (without, outcome) = (Code::DeliveryWithoutDiagnosis, Code::DeliveryWithoutOutcome);
    assert_warned(&[with("P05E", "O701 Z370", "")], &[("K1", without, "")]);
    assert_warned(&[with("P05E", "O800", "")], &[("K1", outcome, "")]);
    assert_warned(&[with("P01A", "Z370", "MCA10")], &[]);
    for code in ["O80", "O814", "O821", "O83", "O848"] {
        assert_warned(&[with("P05E", &format!("Z370 {code}"), "")], &[]);
    }
    for code in ["MCB00", "MAE03", "MAF10", "MAG00", "MAH00"] {
        assert_warned(&[with("P05E", "Z370", code)], &[]);
    }
    assert_warned(&[with("P05E", "Z370 O85", "MBC30")], &[("K1", without, "")]);
    // Inpatient care before birth has DRGs of its own, which say nothing of a delivery.
    let before = told("K1", ContactKind::Inpatient, "2023-02-01").drg("P49E").codes("O600", "");
    assert_warned(std::slice::from_ref(&before), &[]);
    assert_warned(&[before.drg("P06N")], &[("K1", without, ""), ("K1", outcome, "")]);
}

#[test]
fn a_delivery_wants_a_delivery_drg() {
    let other = [("K1", Code::DeliveryWithoutDrg, ""), ("K1", Code::UnknownCode, "drg P49E")];
    let mut expected = other;
    expected[0].2 = "drg P49E";
    assert_warned(&[delivery("K1", "2023-02-01").drg("P49E")], &expected);
    assert_warned(&[delivery("K1", "2023-02-01").drg("")], &other[..1]);
}

#[test]
fn a_birth_comes_between_twenty_two_weeks_and_three_hundred_days() {
    let at = |days| delivery("K1", "2023-06-01").days(days);
    let code = Code::ImplausibleGestationalAge;
    assert_warned(&[at(153)], &[("K1", code, "gestational_days 153")]);
    assert_warned(&[at(154)], &[]);
    assert_warned(&[at(300)], &[]);
    assert_warned(&[at(301)], &[("K1", code, "gestational_days 301")]);
    // The outcome Z37.0A says that it was before 22 weeks.
    assert_warned(&[at(153).codes("O800 Z370A", "")], &[]);
    // A visit may come on any day.
    assert_warned(&[visit("K1", "2023-06-01", 60), visit("K2", "2023-07-01", 90)], &[]);
}

#[test]
fn days_of_pregnancy_follow_the_dates() {
    let code = Code::PregnancyDatesDisagree;
    let first = visit("K1", "2023-03-01", 100);
    let then = |days| [first.clone(), visit("K2", "2023-04-01", days)];
    assert_warned(&then(131), &[]);
    // An ultrasound may move the beginning by 21 days, not by 22.
    assert_warned(&then(110), &[]);
    assert_warned(&then(152), &[]);
    assert_warned(&then(109), &[("K2", code, "K1 22")]);
    assert_warned(&then(153), &[("K2", code, "K1 -22")]);
    // Days fall while dates rise; on the same day they may differ.
    let fall = [first.clone(), visit("K2", "2023-03-05", 99)];
    assert_warned(&fall, &[("K2", code, "K1 5")]);
    let same = [first.clone(), told("K2", ContactKind::Ultrasound, "2023-03-01").days(95)];
    assert_warned(&same, &[]);
    // A pregnancy that began after the visit is another; one that began that day could not be known of.
    assert_warned(&[first.clone(), visit("K2", "2023-04-01", 30)], &[]);
    assert_warned(&[first.clone(), visit("K2", "2023-04-01", 31)], &[("K2", code, "K1 100")]);
    assert_warned(&[first.clone(), visit("K2", "2023-03-05", 20).of(1)], &[]);
}

#[test]
fn one_contact_out_of_line_is_warned_about_once() {
    let code = Code::PregnancyDatesDisagree;
    let line = [
        visit("K1", "2023-03-01", 100),
        visit("K2", "2023-04-01", 231),
        visit("K3", "2023-05-01", 161),
        visit("K4", "2023-06-01", 192),
    ];
    assert_warned(&line, &[("K2", code, "K1 -100")]);
    // From a new dating on, all fit each other again.
    let moved = [
        visit("K1", "2023-03-01", 100),
        visit("K2", "2023-04-01", 171),
        visit("K3", "2023-05-01", 201),
    ];
    assert_warned(&moved, &[("K2", code, "K1 -40")]);
    // After a birth a new pregnancy begins, also where the delivery does not say its days.
    let mut born = moved.to_vec();
    born.insert(1, delivery("K0", "2023-03-02"));
    assert_warned(&born, &[]);
}

#[test]
fn a_unit_has_an_agreement_on_the_care_date() {
    let visit = |care| told("K1", ContactKind::DoctorVisit, care);
    assert_warned(&[visit("2022-12-31")], &[("K1", Code::NoAgreement, "")]);
    assert_warned(&[visit("2023-01-01")], &[]);
}

#[test]
fn an_individual_visit_that_period_pay_wants_has_days() {
    let individual = |kind, individual| {
        let mut visit = told("K1", kind, "2023-02-01");
        visit.profile.individual = individual;
        visit
    };
    let midwife = ContactKind::MidwifeVisit;
    let code = Code::NoGestationalDays;
    assert_warned(&[individual(midwife, Some(true))], &[("K1", code, "")]);
    assert_warned(&[individual(midwife, Some(true)).days(100)], &[]);
    assert_warned(&[individual(midwife, Some(false))], &[]);
    assert_warned(&[individual(midwife, None)], &[]);
    assert_warned(&[individual(ContactKind::DoctorVisit, Some(true))], &[]);
}

#[test]
fn codes_are_those_of_the_day() {
    let with = |drg, care| delivery("K1", care).drg(drg);
    let code = Code::UnknownCode;
    assert_warned(&[with("P05C", "2023-06-30")], &[("K1", code, "drg P05C")]);
    assert_warned(&[with("P05C", "2023-07-01")], &[]);
    assert_warned(&[with("P01A", "2023-06-30")], &[]);
    let coded = |diagnoses, procedures| delivery("K1", "2023-02-01").codes(diagnoses, procedures);
    let found = coded("O800 Z370 8OO0", "");
    assert_warned(&[found], &[("K1", code, "diagnoses 8OO0")]);
    assert_warned(&[coded("O800 Z370", "DT02")], &[("K1", code, "procedures DT02")]);
}

#[test]
fn a_residence_is_four_digits_or_a_known_word() {
    let of = |residence| told("K1", ContactKind::DoctorVisit, "2023-02-01").residence(residence);
    for residence in ["0180", "9999", "asylum", "abroad"] {
        assert_warned(&[of(residence)], &[]);
    }
    for residence in ["180", "01800", "stockholm", "Abroad"] {
        let by = format!("residence {residence}");
        assert_warned(&[of(residence)], &[("K1", Code::UnknownResidence, &by)]);
    }
}

#[test]
fn a_row_is_mended_by_an_accepted_one_as_late_or_later() {
    let register = register();
    let mut reports = reports(&[]);
    let profile = told("", ContactKind::Phone, "2023-02-01").profile;
    let profile = reports.profiles.number(&profile, |p| Arc::new(p.clone()));
    let mut push = |id: &str, kind, reported_on, unit: &str| {
        let report = Report {
            contact: reports.contact_ids.text(id),
            kind,
            reported_on: day(reported_on),
            care_date: day("2023-02-01"),
            unit_code: reports.unit_codes.text(unit),
            person: 0,
            profile,
            extra: reports.extras.text(""),
            batch: 0,
        };
        reports.push(report);
    };
    push("sent-again", ReportKind::New, "2023-02-02", "nowhere");
    push("sent-again", ReportKind::New, "2023-02-02", "clinic");
    push("corrected", ReportKind::New, "2023-02-02", "nowhere");
    push("corrected", ReportKind::Correction, "2023-02-05", "clinic");
    push("wrongly-corrected", ReportKind::New, "2023-02-02", "clinic");
    push("wrongly-corrected", ReportKind::Correction, "2023-02-02", "nowhere");
    push("wrongly-corrected", ReportKind::Correction, "2023-02-02", "nowhere");
    push("taken-back", ReportKind::Correction, "2023-02-02", "nowhere");
    push("taken-back", ReportKind::Cancellation, "2023-02-03", "");
    push("never-reported", ReportKind::Cancellation, "2023-02-03", "");
    let id = |row: &u32| reports.contact_ids.get(reports.rows()[*row as usize].contact);
    let at = |known_on| {
        let span = Span { known_on: day(known_on), ..ALWAYS };
        let stands = stands(&register, &reports, &span);
        let rejected: Vec<_> = stands.rejected.iter().map(|(row, code)| (id(row), *code)).collect();
        let nothing: Vec<_> = stands.of_nothing.iter().map(id).collect();
        let current: Vec<_> = stands.current.iter().map(|current| id(&current.row)).collect();
        (rejected.join_ids(), nothing.join(" "), current.join(" "))
    };
    let texts = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(
        at("2023-02-02"),
        texts("corrected wrongly-corrected taken-back", "", "sent-again wrongly-corrected")
    );
    assert_eq!(
        at("2023-02-05"),
        texts("wrongly-corrected", "never-reported", "sent-again corrected wrongly-corrected")
    );
}

trait JoinIds {
    fn join_ids(&self) -> String;
}

impl JoinIds for Vec<(&str, Code)> {
    fn join_ids(&self) -> String {
        assert!(self.iter().all(|(_, code)| *code == Code::UnknownUnit));
        self.iter().map(|(id, _)| *id).collect::<Vec<_>>().join(" ")
    }
}
