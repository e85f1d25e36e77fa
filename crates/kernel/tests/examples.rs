//! Examples worked by hand from the rules, one ruling or a few at a time.
//!
//! Amounts are in öre unless a text says kronor. The register of [`Case::new`] has one unit, `u`, under
//! a care-choice agreement since 2022, and a default payer, `hsn`.

use crate::naive::{Options, Output, RawRow, clash, difference, price};
use kernel::fact::*;
use kernel::money::{Money, Ratio, Rounding};
use kernel::time::{Day, Period};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The days `from/to`; nothing after the stroke is until further notice.
fn days(text: &str) -> Period {
    let (from, to) = text.split_once('/').unwrap();
    Period::inclusive(Some(day(from)), Day::parse(to))
}

fn decision(id: &str, known_from: &str, facts: Vec<Fact>) -> Decision {
    let place = Place { file: "case.toml".into(), line: 1 };
    let state = |fact| Stated { fact, place: place.clone(), anchor: None, label: None };
    Decision {
        id: id.into(),
        body: "HSN".into(),
        known_from: day(known_from),
        decided_on: None,
        case_number: None,
        status: Status::Decided,
        unverified: Vec::new(),
        illustrative: true,
        source: None,
        facts: facts.into_iter().map(state).collect(),
        place: place.clone(),
    }
}

fn unit(id: &str, valid: &str, hsa_id: Option<&str>) -> Fact {
    Fact::Unit(Unit {
        id: id.into(),
        name: id.into(),
        kind: UnitKind::DeliveryClinic,
        provider: "provider".into(),
        kombika: None,
        hsa_id: hsa_id.map(Into::into),
        municipality: None,
        area_class: Some("a".into()),
        valid: days(valid),
    })
}

fn agreement(id: &str, form: Form, valid: &str, backward_months: Option<i32>) -> Fact {
    let valid = days(valid);
    Fact::Agreement(Agreement {
        id: id.into(),
        provider: "provider".into(),
        area: Area::Delivery,
        form,
        valid,
        backward_months,
    })
}

fn assignment(unit: &str, agreement: &str, name: &str, status: Approval, valid: &str) -> Fact {
    Fact::Assignment(Assignment {
        unit: unit.into(),
        agreement: agreement.into(),
        name: name.into(),
        status,
        valid: days(valid),
    })
}

fn base(unit: &str, agreement: &str, valid: &str) -> Fact {
    assignment(unit, agreement, BASE, Approval::Approved, valid)
}

fn payer(id: &str, plain: Vec<Residence>, not: Vec<Residence>) -> Fact {
    let residence = (plain.len() + not.len() > 0).then_some(Residences { plain, not });
    Fact::Payer(Payer { id: id.into(), residence, valid: days("2022-01-01/") })
}

fn weight(code: &str, value: &str, from: &str) -> Fact {
    let value = Ratio::parse(value).unwrap();
    Fact::Weight(Weight { table: "t".into(), code: code.into(), value, valid_from: day(from) })
}

fn key(recipient: &str, value: u64, year: Option<i32>) -> Fact {
    Fact::Key(Key { name: "k".into(), recipient: recipient.into(), value, year })
}

fn per_contact(amount: &str) -> Formula {
    Formula::PerContact { amount: Money::parse(amount).unwrap() }
}

fn per_weight(amount: &str, by: WeightField, rounding: Rounding) -> Formula {
    let amount = Money::parse(amount).unwrap();
    Formula::PerWeight { amount, weights: "t".into(), weight_by: vec![by], rounding }
}

fn uplift(percent: &str, of: &[&str]) -> Formula {
    let by = UpliftBy::Percent(Ratio::parse(percent).unwrap());
    Formula::Uplift {
        by,
        of: of.iter().map(|&of| of.into()).collect(),
        rounding: Rounding::HalfUpOre,
    }
}

fn fixed(per_year: &str) -> Formula {
    Formula::FixedMonthly { per_year: Money::parse(per_year).unwrap() }
}

fn share(pot: &str, rounding: Rounding, residue: Option<&str>, pay: Pay) -> Formula {
    let (pot, key) = (Money::parse(pot).unwrap(), ShareKey::Named("k".into()));
    Formula::Share { pot, key, rounding, residue: residue.map(Into::into), pay }
}

/// A rate in the making: `Draft(rate).replaces("r1").fact()`.
struct Draft(Rate);

fn rate(id: &str, element: &str, formula: Formula) -> Draft {
    Draft(Rate {
        id: id.into(),
        element: element.into(),
        formula,
        was: None,
        valid: days("2023-01-01/"),
        replaces: Vec::new(),
        when: Condition::default(),
        until: None,
        requires: Vec::new(),
        payable_under: vec![Form::CareChoice, Form::Procured],
        financed_by: None,
        illustrative: true,
    })
}

impl Draft {
    fn valid(mut self, valid: &str) -> Self {
        self.0.valid = days(valid);
        self
    }

    fn replaces(mut self, id: &str) -> Self {
        self.0.replaces.push(id.into());
        self
    }

    fn requires(mut self, id: &str) -> Self {
        self.0.requires.push(id.into());
        self
    }

    fn of_kind(mut self, kind: ContactKind) -> Self {
        self.0.when.contact.kind = Some(vec![kind]);
        self
    }

    fn holding(mut self, name: &str) -> Self {
        self.0.when.unit.holds = Some(vec![name.into()]);
        self
    }

    fn of_unit(mut self, id: &str) -> Self {
        self.0.when.unit.unit = Some(vec![id.into()]);
        self
    }

    fn fact(self) -> Fact {
        Fact::Rate(Box::new(self.0))
    }
}

/// A register and reports; priced as known on a day, with care through that day.
struct Case {
    decisions: Vec<Decision>,
    rows: Vec<RawRow>,
}

impl Case {
    /// The plain register and `facts`, known since 2022-12-01.
    fn new(facts: Vec<Fact>) -> Self {
        let region =
            Region { id: "r".into(), name: "R".into(), county: "01".into(), org_number: None };
        let mut all = vec![
            Fact::Region(region),
            unit("u", "2022-01-01/", None),
            agreement("a", Form::CareChoice, "2022-01-01/", None),
            base("u", "a", "2022-01-01/"),
            payer("hsn", vec![], vec![]),
        ];
        all.extend(facts);
        Self { decisions: vec![decision("first", "2022-12-01", all)], rows: Vec::new() }
    }

    fn decided(mut self, id: &str, known_from: &str, facts: Vec<Fact>) -> Self {
        self.decisions.push(decision(id, known_from, facts));
        self
    }

    /// `D1 2023-02-11 unit=u2 …`: id, care date and fields; otherwise a delivery at `u` of `p-1`,
    /// with `reported_on` blank. `_` is a space, so that a blank field can be written.
    fn row(mut self, text: &str) -> Self {
        let mut words = text.split(' ');
        let set = |name: &str, value: &str, row: &mut RawRow| {
            row.fields.insert(name.into(), value.replace('_', " "));
        };
        let mut row = RawRow { file: 0, line: self.rows.len() + 2, fields: Default::default() };
        for (name, value) in [("unit", "u"), ("person", "p-1"), ("kind", "delivery")] {
            set(name, value, &mut row);
        }
        set("contact_id", words.next().unwrap(), &mut row);
        set("care_date", words.next().unwrap(), &mut row);
        for (name, value) in words.map(|word| word.split_once('=').unwrap()) {
            set(name, value, &mut row);
        }
        self.rows.push(row);
        self
    }

    fn on(&self, known_on: &str) -> Output {
        price(&self.decisions, &self.rows, &through(known_on))
    }
}

fn through(known_on: &str) -> Options {
    let day = day(known_on);
    Options { register_known_on: day, contacts_known_on: day, through: day }
}

/// Lines as `D1 2023-02 rate 1420000`, a shadow with a star; `-` for a unit line.
fn lines(output: &Output) -> Vec<String> {
    let text = |line: &crate::naive::Line| {
        let star = if line.payable { "" } else { "*" };
        let id = line.contact_id.as_deref().unwrap_or("-");
        let who = if id == "-" { format!("{id} {}", line.unit) } else { id.to_owned() };
        format!("{who} {} {} {}{star}", line.month, line.rate, line.amount)
    };
    output.lines.iter().map(text).collect()
}

fn counts(of: &std::collections::BTreeMap<String, i64>) -> String {
    let texts: Vec<String> = of.iter().map(|(name, count)| format!("{name} {count}")).collect();
    texts.join(", ")
}

/// 14 200 − 7 400 = 6 800 kr for February; January is before any of it is known and after.
#[test]
fn a_raise_with_retroactive_effect_gives_the_difference() {
    let case =
        Case::new(vec![rate("c22", "chain", per_contact("7 400 kr")).valid("2022-01-01/").fact()])
            .decided(
                "raise",
                "2023-03-31",
                vec![
                    rate("c23", "chain", per_contact("14 200 kr"))
                        .valid("2023-02-01/")
                        .replaces("c22")
                        .fact(),
                ],
            )
            .row("D1 2023-01-31")
            .row("D2 2023-02-01");
    assert_eq!(lines(&case.on("2023-03-30")), ["D1 2023-01 c22 740000", "D2 2023-02 c22 740000"]);
    assert_eq!(lines(&case.on("2023-03-31")), ["D1 2023-01 c22 740000", "D2 2023-02 c23 1420000"]);
    let changed = difference(case.on("2023-03-31"), case.on("2023-03-30"));
    assert_eq!(lines(&changed), ["D2 2023-02 c23 680000"]);
    let key = |month: &str| ("u".into(), month.into(), "chain".into(), "hsn".into(), true);
    assert_eq!(changed.rows.get(&key("2023-02")), Some(&(0, 680_000)));
    assert_eq!(changed.rows.len(), 1);
}

/// R1: B replaces A for deliveries in 2023 only. R2: C replaces B, and A is not freed where B covers;
/// on a visit C's days have A, for B does not take visits. R6: the end at 0 kr is a line.
#[test]
fn replacing_reaches_as_far_as_the_new_rate_and_no_further() {
    let case = Case::new(vec![
        rate("a", "e1", per_contact("1 kr")).valid("2022-01-01/").fact(),
        rate("b", "e2", per_contact("2 kr"))
            .valid("2023-01-01/2023-12-31")
            .replaces("a")
            .of_kind(ContactKind::Delivery)
            .fact(),
        rate("c", "e3", per_contact("0 kr")).valid("2023-07-01/").replaces("b").fact(),
    ])
    .row("D1 2022-12-31")
    .row("D2 2023-01-01")
    .row("D3 2023-02-01 kind=phone")
    .row("D4 2023-07-01")
    .row("D5 2024-01-01");
    let expected = [
        "D1 2022-12 a 100",
        "D2 2023-01 b 200",
        "D3 2023-02 a 100",
        "D4 2023-07 c 0",
        "D5 2024-01 a 100",
        "D5 2024-01 c 0",
    ];
    assert_eq!(lines(&case.on("2024-12-31")), expected);
    let key = ("u".into(), "2023-07".into(), "e3".into(), "hsn".into(), true);
    assert_eq!(case.on("2024-12-31").rows.get(&key), Some(&(1, 0)));
}

/// R4, R45: a rate that requires an unknown or only proposed decision neither prices nor replaces.
#[test]
fn a_rate_that_waits_for_a_grant_neither_prices_nor_replaces() {
    let mut case = Case::new(vec![
        rate("a", "e", per_contact("1 kr")).fact(),
        rate("b", "e", per_contact("2 kr")).replaces("a").requires("grant").fact(),
    ])
    .decided("grant", "2023-06-01", vec![])
    .row("D1 2023-02-01");
    assert_eq!(lines(&case.on("2023-05-31")), ["D1 2023-02 a 100"]);
    assert_eq!(lines(&case.on("2023-06-01")), ["D1 2023-02 b 200"]);
    case.decisions[1].status = Status::Proposed;
    assert_eq!(lines(&case.on("2023-06-01")), ["D1 2023-02 a 100"]);
}

/// R8–R10: from 2024 the unit is under a budget assignment: a shadow, and the add-on of the former
/// agreement does not follow. R57: a withdrawn approval was never there; a refusal revokes nothing.
#[test]
fn the_agreement_in_force_decides_payable_and_holds() {
    let add_on = |status, valid| assignment("u", "a", "chain", status, valid);
    let case = Case::new(vec![
        rate("all", "e1", per_contact("1 kr")).fact(),
        rate("chain", "e2", per_contact("2 kr")).holding("chain").fact(),
        add_on(Approval::Approved, "2023-01-01/"),
    ])
    .decided("refusal", "2023-02-01", vec![add_on(Approval::Refused, "2023-01-01/")])
    .decided(
        "budget",
        "2023-12-01",
        vec![
            agreement("a", Form::CareChoice, "2022-01-01/2023-12-31", None),
            agreement("b", Form::BudgetAssignment, "2024-01-01/", None),
            base("u", "b", "2024-01-01/"),
        ],
    )
    .decided("withdrawal", "2024-03-01", vec![add_on(Approval::Approved, "2023-01-01/2022-12-31")])
    .row("D1 2023-12-31")
    .row("D2 2024-01-01");
    let expected = ["D1 2023-12 all 100", "D1 2023-12 chain 200", "D2 2024-01 all 100*"];
    assert_eq!(lines(&case.on("2024-02-28")), expected);
    assert_eq!(lines(&case.on("2024-03-01")), ["D1 2023-12 all 100", "D2 2024-01 all 100*"]);
}

/// R11, R12, R24: exact before county before out of county before `!` before the default.
#[test]
fn the_most_specific_payer_bears_the_cost() {
    let exact = |text: &str| Residence::Exact(text.into());
    let mut case = Case::new(vec![
        rate("r", "e", per_contact("1 kr")).fact(),
        payer("kson", vec![exact("0188")], vec![]),
        payer("county-03", vec![Residence::County("03".into())], vec![exact("0380")]),
        payer("other-regions", vec![Residence::OutOfCounty], vec![]),
        payer("others", vec![], vec![exact("0180")]),
    ]);
    for (number, residence) in
        ["0188", "0331", "0380", "1480", "asylum", "0180", ""].iter().enumerate()
    {
        case = case.row(&format!("D{number} 2023-02-01 residence={residence}"));
    }
    let payers: Vec<String> =
        case.on("2023-12-31").lines.into_iter().map(|line| line.payer).collect();
    assert_eq!(
        payers,
        ["kson", "county-03", "other-regions", "other-regions", "others", "hsn", "hsn"]
    );
}

/// R13: with one month, care in January counts when first reported in February, not in March; a
/// correction of a timely contact always counts; a blank day is never late.
#[test]
fn a_contact_first_reported_too_late_is_unpriced() {
    let case = Case::new(vec![rate("r", "e", per_contact("1 kr")).fact()])
        .decided(
            "limit",
            "2023-01-01",
            vec![agreement("a", Form::CareChoice, "2022-01-01/", Some(1))],
        )
        .row("D1 2023-01-01 reported_on=2023-02-28")
        .row("D1 2023-01-01 reported_on=2023-06-01 report=correction")
        .row("D2 2023-01-31 reported_on=2023-03-01")
        .row("D3 2023-01-31");
    let output = case.on("2023-12-31");
    assert_eq!(lines(&output), ["D1 2023-01 r 100", "D3 2023-01 r 100"]);
    assert_eq!(counts(&output.unpriced), "too-late 1");
}

/// R14–R16: D1 corrected to a phone call, then cancelled, then back; D2's contradictions fall and the
/// first report stays; the same report written twice counts once.
#[test]
fn the_last_accepted_report_is_in_force() {
    let case = Case::new(vec![
        rate("birth", "e1", per_contact("1 kr")).of_kind(ContactKind::Delivery).fact(),
        rate("call", "e2", per_contact("2 kr")).of_kind(ContactKind::Phone).fact(),
    ])
    .row("D1 2023-02-01 reported_on=2023-02-02 diagnoses=O80.0_Z37.0_O70.1")
    .row("D1 2023-02-01 reported_on=2023-02-02 report=new diagnoses=o800_o701__Z370")
    .row("D1 2023-02-01 reported_on=2023-03-01 report=correction kind=phone")
    .row("D1 2023-02-01 reported_on=2023-03-01 report=cancellation unit= person= kind=")
    .row("D1 2023-02-01 reported_on=2023-04-01 report=new")
    .row("D2 2023-02-01 reported_on=2023-02-02")
    .row("D2 2023-02-01 reported_on=2023-03-01 report=correction kind=phone")
    .row("D2 2023-02-01 reported_on=2023-03-01 report=correction kind=other");
    assert_eq!(lines(&case.on("2023-02-28")), ["D1 2023-02 birth 100", "D2 2023-02 birth 100"]);
    let march = case.on("2023-03-31");
    assert_eq!(lines(&march), ["D2 2023-02 birth 100"]);
    assert_eq!(counts(&march.rejected), "conflicting-reports 2");
    assert_eq!(lines(&case.on("2023-04-01")), ["D1 2023-02 birth 100", "D2 2023-02 birth 100"]);
}

/// R19: the first fault counts. R18, R58: what is reported later, or is faulty with care after the
/// span, is not counted; a correction can move a contact out of the span.
#[test]
fn faults_are_counted_under_the_first_that_hits() {
    let case = Case::new(vec![rate("r", "e", per_contact("1 kr")).fact()])
        .row("D1 2023-02-30 person=")
        .row("D2 2023-02-30 person=x")
        .row("D3 2023-02-28 person=x unit=v")
        .row("D4 2023-02-28 unit=v reported_on=2023-02-27")
        .row("D5 2023-02-28 reported_on=2023-02-27")
        .row("D6 2023-02-28 kind=birth reported_on=2023-07-01")
        .row("D7 2023-07-01 kind=birth")
        .row("D8 2023-05-01 reported_on=2023-05-02")
        .row("D8 2023-06-15 reported_on=2023-06-20 report=correction")
        .row("D9 2023-05-01 gestational_days=321")
        .row("D10 2023-05-01 gestational_days=320 parity=0 by_team=JA");
    let mut options = through("2023-06-30");
    assert_eq!(lines(&case.on("2023-06-30")), ["D10 2023-05 r 100", "D8 2023-06 r 100"]);
    options.through = day("2023-05-31");
    let output = price(&case.decisions, &case.rows, &options);
    assert_eq!(lines(&output), ["D10 2023-05 r 100"]);
    let expected =
        "bad-person 1, bad-value 2, care-date-after-report 1, missing-field 1, unknown-unit 1";
    assert_eq!(counts(&output.rejected), expected);
}

/// R20, R50, R59: the three reserve numbers of R59 and the public example 121212-1212 are right.
/// 121272-1219 is the twelfth day as coordination number: 1·2+2+1·2+2+7·2→5+2+1·2+2+1·2 = 21, so 9.
#[test]
fn personal_numbers_are_checked() {
    let mut case = Case::new(vec![rate("r", "e", per_contact("1 kr")).fact()]);
    let right = [
        "991981000010",
        "991945000023",
        "991993000032",
        "121212-1212",
        "1212121212",
        "121212+1212",
        "19121212-1212",
        "121272-1219",
        "p-x",
    ];
    let wrong = [
        "991981000011",
        "99198100-0010",
        "121212-1213",
        "12-12121212",
        "121332-1217",
        "p-",
        "x",
        "12121212",
    ];
    for (number, person) in right.iter().chain(&wrong).enumerate() {
        case = case.row(&format!("D{number} 2023-02-01 person={person}"));
    }
    let output = case.on("2023-12-31");
    assert_eq!(
        (output.lines.len(), counts(&output.rejected)),
        (right.len(), "bad-person 8".into())
    );
}

/// R28: 100.01 kr × 0.5 = 50.005 kr, half away from zero 50.01; in kronor 99.00 × 0.5 = 49.50 → 50.
/// The weight of the care date; R23: one missing and nothing of the contact is priced.
#[test]
fn weights_multiply_exactly_and_round_once() {
    use WeightField::{Class, Drg};
    let case = Case::new(vec![
        weight("P05A", "0.5", "2023-01-01"),
        weight("P05A", "2", "2023-07-01"),
        weight("low", "0.5", "2023-01-01"),
        rate("plain", "e0", per_contact("1 kr")).fact(),
        rate("plus", "e1", per_weight("100,01 kr", Drg, Rounding::HalfUpOre)).fact(),
        rate("minus", "e2", per_weight("-100,01 kr", Drg, Rounding::HalfUpOre)).fact(),
        rate("krona", "e3", per_weight("99 kr", Class("risk".into()), Rounding::HalfUpKrona))
            .valid("2023-01-01/2023-06-30")
            .fact(),
    ])
    .row("D1 2023-06-30 drg=p05.a class_risk=low")
    .row("D2 2023-07-01 drg=P05A")
    .row("D3 2023-07-01 drg=P05B")
    .row("D4 2023-06-30 drg=P05A");
    let output = case.on("2023-12-31");
    let d1 = [
        "D1 2023-06 plain 100",
        "D1 2023-06 plus 5001",
        "D1 2023-06 minus -5001",
        "D1 2023-06 krona 5000",
    ];
    let d2 = ["D2 2023-07 plain 100", "D2 2023-07 plus 20002", "D2 2023-07 minus -20002"];
    assert_eq!(lines(&output), [&d1[..], &d2[..]].concat());
    assert_eq!(counts(&output.unpriced), "no-weight 2");
}

/// R32: 333.33 kr; 5 % is 16.6665 → 16.67; 5 % on the sum 350.00 is 17.50. A visit without a
/// base line has no raise, so no rate.
#[test]
fn five_percent_on_five_percent() {
    let case = Case::new(vec![
        rate("base", "e1", per_contact("333,33 kr")).of_kind(ContactKind::Delivery).fact(),
        rate("second", "e3", uplift("5", &["e1", "e2"])).fact(),
        rate("first", "e2", uplift("5", &["e1"])).fact(),
    ])
    .row("D1 2023-02-01")
    .row("D2 2023-02-01 kind=phone");
    let output = case.on("2023-12-31");
    assert_eq!(
        lines(&output),
        ["D1 2023-02 base 33333", "D1 2023-02 first 1667", "D1 2023-02 second 1750"]
    );
    assert_eq!(counts(&output.unpriced), "no-rate 1");
}

/// R33: 100 kr a year is 833 öre a month and 4 over: January to April 834. March is replaced in full for
/// the unit; the state on the first day decides. R46: a fixed payment replaces the visit's.
#[test]
fn a_twelfth_each_month() {
    let visit = rate("visit", "v", per_contact("1 kr")).fact();
    let case = Case::new(vec![
        visit,
        rate("fixed", "f", fixed("100 kr")).valid("2023-01-02/2023-05-31").fact(),
        rate("march", "f", fixed("0 kr"))
            .valid("2023-03-01/2023-03-31")
            .replaces("fixed")
            .replaces("visit")
            .of_unit("u")
            .fact(),
    ])
    .row("D1 2023-02-28")
    .row("D2 2023-03-31");
    let expected = [
        "D1 2023-02 visit 100",
        "- u 2023-02 fixed 834",
        "- u 2023-03 march 0",
        "- u 2023-04 fixed 834",
        "- u 2023-05 fixed 833",
    ];
    assert_eq!(lines(&case.on("2023-12-31")), expected);
    assert_eq!(lines(&case.on("2023-04-30")), expected[..4]);
    assert_eq!(counts(&case.on("2023-12-31").unpriced), "no-rate 1");
}

/// R36: 100 kr over three equal keys: 34+33+33; with half-up 33 each and 1 over, left or to the named;
/// R47: the value of the year wins, and 0 is no participant.
#[test]
fn a_pot_is_divided_by_the_rounding_of_the_decision() {
    let parts = |rounding, residue| {
        let keys = ["a", "b", "c", "d"].map(|id| key(id, 7, None));
        let mut facts = keys.to_vec();
        facts.push(key("d", 0, Some(2023)));
        facts.push(
            rate("s", "e", share("100 kr", rounding, residue, Pay::Once))
                .valid("2023-02-15/2023-12-31")
                .fact(),
        );
        let output = Case::new(facts).on("2023-02-15");
        output
            .lines
            .iter()
            .map(|line| (line.unit.clone(), line.amount))
            .map(|(id, ore)| format!("{id} {ore}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(parts(Rounding::LargestRemainder, None), ["a 3400", "b 3300", "c 3300"]);
    assert_eq!(parts(Rounding::LargestRemainderOre, None), ["a 3334", "b 3333", "c 3333"]);
    assert_eq!(parts(Rounding::HalfUpKrona, None), ["a 3300", "b 3300", "c 3300"]);
    assert_eq!(parts(Rounding::HalfUpKrona, Some("c")), ["a 3300", "b 3300", "c 3400"]);
    assert_eq!(parts(Rounding::HalfUpResidueLargest, None), ["a 3400", "b 3300", "c 3300"]);
}

/// R37: 1.00 kr over July to September: 34, 33, 33 öre. R35: replaced from September on, it falls as
/// a whole, though the new one is for `u` alone; `x` has no agreement, which is payable (R10).
#[test]
fn a_monthly_share_falls_where_another_replaces_it() {
    let case = Case::new(vec![
        key("x", 1, None),
        rate("s", "e", share("1 kr", Rounding::HalfUpOre, None, Pay::Monthly))
            .valid("2023-07-01/2023-09-30")
            .fact(),
    ])
    .decided(
        "next",
        "2023-08-31",
        vec![
            key("u", 3, Some(2023)),
            rate("t", "e", share("9 kr", Rounding::LargestRemainder, None, Pay::Monthly))
                .valid("2023-09-01/2023-12-31")
                .replaces("s")
                .of_unit("u")
                .fact(),
        ],
    );
    assert_eq!(lines(&case.on("2023-08-30")), ["- x 2023-07 s 34", "- x 2023-08 s 33"]);
    // As known in October: x has 1/4 of 100 öre, 25 = 9+8+8, u 75 = 25×3; t is 900/4 = 225 a month.
    let october = [
        "- u 2023-07 s 25",
        "- u 2023-08 s 25",
        "- u 2023-09 t 225",
        "- u 2023-10 t 225",
        "- x 2023-07 s 9",
        "- x 2023-08 s 8",
    ];
    assert_eq!(lines(&case.on("2023-10-31")), october);
}

/// R21, R52: the HSA-id H moves from `u` to `v` in July; `w` is closed in March, so its contacts have no
/// agreement.
#[test]
fn a_code_means_the_unit_that_has_it_on_the_care_date() {
    let case = Case::new(vec![
        unit("u", "2022-01-01/2023-06-30", Some("H")),
        unit("u", "2023-07-01/", None),
        unit("v", "2023-07-01/", Some("H")),
        base("v", "a", "2022-01-01/"),
        unit("w", "2022-01-01/2023-02-28", Some("W")),
        base("w", "a", "2022-01-01/"),
        rate("r", "e", per_contact("1 kr")).fact(),
    ])
    .row("D1 2023-06-30 unit=H")
    .row("D2 2023-07-01 unit=H")
    .row("D3 2023-03-01 unit=W")
    .row("D4 2023-03-01 unit=h");
    let output = case.on("2023-12-31");
    let units: Vec<&str> = output.lines.iter().map(|line| line.unit.as_str()).collect();
    assert_eq!(units, ["u", "v"]);
    assert_eq!(
        (counts(&output.unpriced), counts(&output.rejected)),
        ("no-agreement 1".into(), "unknown-unit 1".into())
    );
}

/// R3: two rates of one element on one delivery clash; not where their kinds differ.
#[test]
fn two_rates_of_one_element_clash() {
    let with = |kind| {
        Case::new(vec![
            rate("a", "e", per_contact("1 kr")).fact(),
            rate("b", "e", per_contact("2 kr")).of_kind(kind).fact(),
        ])
        .row("D1 2023-02-01")
    };
    let found = |case: Case| clash(&case.decisions, &case.rows, &through("2023-12-31"));
    assert_eq!(found(with(ContactKind::Delivery)).as_deref(), Some("contact D1: a and b"));
    assert_eq!(found(with(ContactKind::Phone)), None);
}

/// R42, R52: a changed fixed payment is one line with the new rate; where a share stands in the same
/// month and element the lines stand apart by rate.
#[test]
fn unit_lines_are_compared_by_key_and_stand_apart_by_rate() {
    let old = || rate("old", "e", fixed("12 kr")).valid("2023-01-01/2023-01-31").fact();
    let new =
        || rate("new", "e", fixed("24 kr")).valid("2023-01-01/2023-01-31").replaces("old").fact();
    let pot = || {
        rate("pot", "e", share("5 kr", Rounding::HalfUpOre, None, Pay::Once))
            .valid("2023-01-15/2023-12-31")
            .fact()
    };
    let changed = |facts| {
        let case = Case::new(facts).decided("raise", "2023-03-01", vec![new()]);
        lines(&difference(case.on("2023-03-01"), case.on("2023-02-28")))
    };
    assert_eq!(changed(vec![old()]), ["- u 2023-01 new 100"]);
    assert_eq!(
        changed(vec![old(), key("u", 1, None), pot()]),
        ["- u 2023-01 new 200", "- u 2023-01 old -100"]
    );
}
