//! The files beside contacts read by their own intake, and one midwife each counted minute by minute the slow way.

use crate::generate::{Place, Plan, Truth, months};
use follow::inputs::{Inputs, LabourStart};
use follow::intake::{Header, read_row};
use follow::told::Reported;
use kernel::fact::UnitKind;
use kernel::time::{Day, Month, Period};
use std::collections::BTreeMap;

const FICTIVE: &str = "fiktiv-norr";

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn places() -> Vec<Place> {
    let place = |id: &str, kind, births: u64| Place {
        id: id.to_owned(),
        kind,
        municipality: Some("0180".to_owned()),
        area_class: None,
        open: Period::inclusive(Day::parse("2015-01-01"), None),
        planned_deliveries: if births > 0 {
            BTreeMap::from([(2021, births)])
        } else {
            BTreeMap::new()
        },
        holds_continuity_from: None,
        holds_home_birth_from: None,
    };
    vec![
        place(FICTIVE, UnitKind::DeliveryClinic, 6_000),
        place("sodersjukhuset", UnitKind::DeliveryClinic, 6_000),
        place("bmm", UnitKind::MidwifeClinic, 0),
        place("ul", UnitKind::UltrasoundClinic, 0),
        place("fys", UnitKind::Physiotherapy, 0),
    ]
}

type Files = Vec<(String, String)>;

fn make(from: &str, to: &str, scale_permille: u32) -> (Files, Truth) {
    let plan = Plan { seed: 1, from: month(from), to: month(to), scale_permille };
    let mut all = months(&plan, &places());
    let mut files = Vec::new();
    while let Some((month, csv)) = all.next() {
        files.push((format!("{month}"), String::from_utf8(csv).unwrap()));
        for (kind, csv) in all.beside() {
            files.push((format!("{month}-{kind}"), String::from_utf8(csv).unwrap()));
        }
    }
    let truth = all.truth().clone();
    (files, truth)
}

fn read(files: &Files) -> Inputs {
    let mut told = Reported::default();
    for (name, text) in files.iter().filter(|(name, _)| name.len() > "2021-01".len()) {
        let mut lines = text.lines();
        let names: Vec<String> = lines.next().unwrap().split(',').map(str::to_owned).collect();
        let header = Header::read(None, &names).unwrap();
        for line in lines {
            let fields: Vec<&str> = line.split(',').collect();
            let done = read_row(&header, &fields, Day::MIN, &mut str::to_owned, &mut told);
            assert!(done.is_ok(), "{name}: {line}: {done:?}");
        }
    }
    let stands = told.in_force(Day::MAX, &mut |code, _| Some(code.to_owned()));
    assert!(stands.conflicts.is_empty());
    stands.inputs
}

/// Minutes of each phase and of those with a midwife who has no other woman in active phase, minute by minute.
fn slowly(inputs: &Inputs) -> BTreeMap<String, (i64, i64)> {
    let phases: BTreeMap<u32, (i64, i64)> = inputs
        .labour
        .iter()
        .filter_map(|one| {
            Some((one.contact, (one.active_from?.number(), one.active_until?.number())))
        })
        .collect();
    let mut women: BTreeMap<(u32, i64), Vec<u32>> = BTreeMap::new();
    let mut staffed: BTreeMap<u32, Vec<(u32, i64)>> = BTreeMap::new();
    for one in &inputs.staffing {
        let Some(contact) = one.contact else { continue };
        staffed.entry(contact).or_default();
        let Some((from, until)) = phases.get(&contact) else { continue };
        for minute in one.from.number().max(*from)..one.until.number().min(*until) {
            women.entry((one.carer, minute)).or_default().push(contact);
            staffed.entry(contact).or_default().push((one.carer, minute));
        }
    }
    let mut found = BTreeMap::new();
    for (contact, (from, until)) in phases {
        let Some(minutes) = staffed.get(&contact) else { continue };
        let mut own: Vec<i64> =
            minutes.iter().filter(|at| women[at].len() == 1).map(|(_, minute)| *minute).collect();
        own.sort_unstable();
        own.dedup();
        let name = inputs.texts.get(contact).to_owned();
        found.insert(name, (until - from, own.len() as i64));
    }
    found
}

#[test]
fn one_midwife_each_is_what_the_truth_says_to_the_minute() {
    let (files, truth) = make("2022-12", "2023-02", 200);
    let inputs = read(&files);
    let told: BTreeMap<String, (i64, i64)> =
        serde_json::from_str(&truth.beside.phases_json()).unwrap();
    assert!(told.len() > 300, "{}", told.len());
    let slowly = slowly(&inputs);
    assert_eq!(told, slowly);
    let all: Vec<_> = truth.beside.one_to_one.values().flat_map(|units| units.values()).collect();
    let sum = |of: fn(&super::told::OneToOne) -> u64| all.iter().map(|one| of(one)).sum::<u64>();
    assert_eq!(sum(|one| one.births - one.missing), told.len() as u64);
    assert_eq!(sum(|one| one.own_minutes), told.values().map(|(_, own)| *own as u64).sum::<u64>());
    assert_eq!(sum(|one| one.at_100), told.values().filter(|(all, own)| all == own).count() as u64);
    let phased = |start| inputs.labour.iter().filter(|one| one.start == start).count() as u64;
    let without = phased(LabourStart::PlannedCaesarean) + phased(LabourStart::Unassisted);
    assert_eq!(sum(|one| one.without_phase), without);
    assert!(sum(|one| one.missing) > 0 && told.values().any(|(all, own)| own < all));
    assert!(told.values().any(|(all, own)| all == own));
}

#[test]
fn a_longer_span_begins_with_the_files_of_a_shorter_one() {
    let (short, _) = make("2021-01", "2021-02", 60);
    let (long, _) = make("2021-01", "2021-04", 60);
    assert_eq!(short[..], long[..short.len()]);
    assert_eq!(make("2021-01", "2021-02", 60).0, short);
}

#[test]
fn measures_fit_the_codes_of_the_contact() {
    let (files, _) = make("2021-01", "2021-02", 200);
    let inputs = read(&files);
    let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, text) in files.iter().filter(|(name, _)| name.len() == "2021-01".len()) {
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        let at = |name: &str| names.iter().position(|known| *known == name).unwrap();
        for line in lines {
            let fields: Vec<&str> = line.split(',').collect();
            // A correction says how it was.
            if fields[at("kind")] == "delivery" && fields[at("report")] != "cancellation" {
                codes.insert(fields[at("contact_id")], fields[at("diagnoses")]);
            }
        }
    }
    let (mut tears, mut bleedings, mut off) = (0, 0, 0);
    for measure in &inputs.measures {
        let Some(codes) = codes.get(inputs.texts.get(measure.contact)) else { continue };
        match inputs.texts.get(measure.name) {
            "tear-grade" => {
                tears += 1;
                let grade = (0_u8..4).find(|grade| codes.contains(&format!("O70.{grade}")));
                off += usize::from(measure.value != f64::from(grade.map_or(0, |grade| grade + 1)));
            }
            "blood-loss-ml" => {
                bleedings += 1;
                off += usize::from((measure.value > 1_000.0) != codes.contains("O72"));
            }
            _ => {}
        }
    }
    assert!(tears > 200 && bleedings > tears, "{tears} {bleedings}");
    // Contacts whose wrong report was not corrected in the span.
    assert!(off * 100 < bleedings, "{off} of {bleedings}");
}

#[test]
fn what_is_planted_is_at_the_fictive_unit_and_in_its_months_alone() {
    let (files, truth) = make("2022-10", "2023-03", 300);
    let inputs = read(&files);
    let share = |year: i32, unit: &str| {
        let one = truth.beside.one_to_one[&year][unit];
        one.own_minutes as f64 / one.active_minutes as f64
    };
    assert!(share(2023, FICTIVE) + 0.1 < share(2022, FICTIVE));
    assert!((share(2023, "sodersjukhuset") - share(2022, "sodersjukhuset")).abs() < 0.05);
    let unit: BTreeMap<u32, u32> =
        inputs.staffing.iter().filter_map(|one| Some((one.contact?, one.unit))).collect();
    let mut severe: BTreeMap<(String, bool), (f64, f64)> = BTreeMap::new();
    for measure in inputs.measures.iter().filter(|one| inputs.texts.get(one.name) == "tear-grade") {
        let Some(unit) = unit.get(&measure.contact) else { continue };
        let in_2022 = inputs.texts.get(measure.contact).starts_with("SYN-2022");
        let of = severe.entry((inputs.texts.get(*unit).to_owned(), in_2022)).or_default();
        of.0 += f64::from(u8::from(measure.value >= 3.0));
        of.1 += 1.0;
    }
    let share = |unit: &str, in_2022| {
        severe[&(unit.to_owned(), in_2022)].0 / severe[&(unit.to_owned(), in_2022)].1
    };
    assert!(share(FICTIVE, true) > 0.07, "{severe:?}");
    for (unit, in_2022) in [(FICTIVE, false), ("sodersjukhuset", true), ("sodersjukhuset", false)] {
        assert!(share(unit, in_2022) < 0.06, "{unit} {in_2022} {severe:?}");
    }
    assert!(truth.to_json().contains("\"fiktiv-norr\":{\"epds_change\""));
}
