//! A register, contacts in a few words, and the warnings about them.

use kernel::contact::{Profile, Report, ReportKind, Reports};
use kernel::fact::{
    Agreement, Approval, Area, Assignment, BASE, CodePattern, Condition, ContactCondition,
    ContactKind, Decision, Fact, Form, Formula, LegalForm, Payer, Place, PregnancyPeriod, Provider,
    Rate, Residence, Residences, Stated, Status, Unit, UnitCondition, UnitKind, Weight,
    WeightField,
};
use kernel::finding::Code;
use kernel::known::{Resolver, Span, Standing, standing};
use kernel::money::{Money, Ratio, Rounding};
use kernel::plausible::{ShownBy, Warning, of_contacts, of_persons};
use kernel::register::Register;
use kernel::time::{Day, Period};
use std::sync::Arc;

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub fn since(from: &str) -> Period {
    Period::inclusive(Some(day(from)), None)
}

pub fn rate(id: &str, formula: Formula, when: Condition) -> Fact {
    Fact::Rate(Box::new(Rate {
        id: id.into(),
        element: id.into(),
        formula,
        was: None,
        valid: since("2023-01-01"),
        replaces: Vec::new(),
        when,
        until: None,
        requires: Vec::new(),
        payable_under: vec![Form::CareChoice],
        financed_by: None,
        illustrative: false,
    }))
}

/// A clinic whose agreement begins in 2023; P05E and P01A are weighed from then, P05C from 1 July.
pub fn register() -> Register {
    let provider = Provider {
        id: "p".into(),
        name: "p".into(),
        legal_form: LegalForm::Private,
        org_number: None,
    };
    let unit = Unit {
        id: "clinic".into(),
        name: "clinic".into(),
        kind: UnitKind::DeliveryClinic,
        provider: "p".into(),
        kombika: None,
        hsa_id: None,
        municipality: None,
        area_class: None,
        valid: since("2022-01-01"),
    };
    let agreement = Agreement {
        id: "a".into(),
        provider: "p".into(),
        area: Area::Delivery,
        form: Form::CareChoice,
        valid: since("2023-01-01"),
        backward_months: None,
    };
    let assignment = Assignment {
        unit: "clinic".into(),
        agreement: "a".into(),
        name: BASE.into(),
        status: Approval::Approved,
        valid: since("2022-01-01"),
    };
    let weight = |code: &str, from: &str| {
        Fact::Weight(Weight {
            table: "drg".into(),
            code: code.into(),
            value: Ratio::parse("1.5").unwrap(),
            valid_from: day(from),
        })
    };
    let of_kind = |kind| Condition {
        unit: UnitCondition { area: Some(vec![Area::Delivery]), ..UnitCondition::default() },
        contact: ContactCondition { kind: Some(vec![kind]), ..ContactCondition::default() },
    };
    let mut by_drg = of_kind(ContactKind::Delivery);
    by_drg.contact.drg = Some(vec![CodePattern::Prefix("P".into())]);
    let per_weight = Formula::PerWeight {
        amount: Money::from_kronor(50_000),
        weights: "drg".into(),
        weight_by: vec![WeightField::Drg],
        rounding: Rounding::HalfUpOre,
    };
    let per_period = Formula::PerPeriod {
        amount: Money::from_kronor(1_000),
        period: PregnancyPeriod::A,
        weights: None,
        rounding: Rounding::HalfUpOre,
    };
    let residence = Residences { plain: vec![Residence::Exact("abroad".into())], not: vec![] };
    let payer = Payer { id: "hsn".into(), residence: Some(residence), valid: since("2022-01-01") };
    let facts = vec![
        Fact::Provider(provider),
        Fact::Unit(unit),
        Fact::Agreement(agreement),
        Fact::Assignment(assignment),
        Fact::Payer(payer),
        weight("P05E", "2023-01-01"),
        weight("p01a", "2023-01-01"),
        weight("P05C", "2023-07-01"),
        rate("by-drg", per_weight, by_drg),
        rate("by-period", per_period, of_kind(ContactKind::MidwifeVisit)),
    ];
    let place = Place { file: "t.toml".into(), line: 1 };
    let state = |fact| Stated { fact, place: place.clone(), anchor: None, label: None };
    Register::from_ratebooks([Decision {
        id: "d".into(),
        body: "HSN".into(),
        known_from: day("2022-01-01"),
        decided_on: None,
        case_number: None,
        status: Status::Decided,
        unverified: Vec::new(),
        illustrative: true,
        source: None,
        facts: facts.into_iter().map(state).collect(),
        place: place.clone(),
    }])
}

/// A contact in the making.
#[derive(Clone)]
pub struct Told {
    pub id: String,
    pub person: u32,
    pub care: Day,
    pub extra: &'static str,
    pub profile: Profile,
}

pub fn told(id: &str, kind: ContactKind, care: &str) -> Told {
    let profile = Profile {
        kind,
        profession: None,
        drg: None,
        diagnoses: Vec::new(),
        procedures: Vec::new(),
        residence: None,
        place: None,
        individual: None,
        enrolled: None,
        by_team: None,
        gestational_days: None,
        parity: None,
        classes: Vec::new(),
    };
    Told { id: id.into(), person: 0, care: day(care), extra: "", profile }
}

/// A delivery that nothing is to be said of.
pub fn delivery(id: &str, care: &str) -> Told {
    told(id, ContactKind::Delivery, care).drg("P05E").codes("O800 Z370", "")
}

pub fn visit(id: &str, care: &str, days: i32) -> Told {
    told(id, ContactKind::MidwifeVisit, care).days(days)
}

impl Told {
    pub fn drg(mut self, drg: &str) -> Self {
        self.profile.drg = (!drg.is_empty()).then(|| drg.into());
        self
    }

    pub fn codes(mut self, diagnoses: &str, procedures: &str) -> Self {
        let list = |text: &str| text.split_whitespace().map(Arc::from).collect();
        (self.profile.diagnoses, self.profile.procedures) = (list(diagnoses), list(procedures));
        self
    }

    pub fn days(mut self, days: i32) -> Self {
        self.profile.gestational_days = Some(days);
        self
    }

    pub fn of(mut self, person: u32) -> Self {
        self.person = person;
        self
    }

    pub fn by(mut self, carer: &'static str) -> Self {
        self.extra = carer;
        self
    }

    pub fn residence(mut self, residence: &str) -> Self {
        self.profile.residence = Some(residence.into());
        self
    }
}

pub fn reports(all: &[Told]) -> Reports {
    let mut reports = Reports::default();
    for told in all {
        let profile = reports.profiles.number(&told.profile, |p| Arc::new(p.clone()));
        let report = Report {
            contact: reports.contact_ids.text(&told.id),
            kind: ReportKind::New,
            reported_on: Day::MIN,
            care_date: told.care,
            unit_code: reports.unit_codes.text("clinic"),
            person: told.person,
            profile,
            extra: reports.extras.text(told.extra),
            batch: 0,
        };
        reports.push(report);
    }
    reports
}

pub const ALWAYS: Span = Span { known_on: Day::MAX, through: Day::MAX, batches: u32::MAX };

pub fn stands(register: &Register, reports: &Reports, span: &Span) -> Standing {
    let resolver = Resolver::new(reports, &register.view(1));
    standing(reports, &resolver, span, 0..reports.contacts())
}

/// The warnings by contact id, code and the id of the other contact or the value that shows it.
pub fn warnings(all: &[Told]) -> Vec<(String, Code, String)> {
    let (register, reports) = (register(), reports(all));
    let current = stands(&register, &reports, &ALWAYS).current;
    let mut found = of_contacts(&register.view(1), &reports, &current);
    found.extend(of_persons(&reports, &current));
    let id = |row: u32| reports.contact_ids.get(reports.rows()[row as usize].contact).to_owned();
    let mut found: Vec<_> = found
        .iter()
        .map(|Warning { row, code, shown_by, .. }| {
            let shown = match shown_by {
                ShownBy::Itself => String::new(),
                ShownBy::Value(column, value) => format!("{column} {value}"),
                ShownBy::Other { row, days } => format!("{} {days}", id(*row)),
            };
            (id(*row), *code, shown)
        })
        .collect();
    found.sort();
    found
}

pub fn assert_warned(all: &[Told], expected: &[(&str, Code, &str)]) {
    let expected =
        expected.iter().map(|(id, code, by)| ((*id).to_owned(), *code, (*by).to_owned()));
    assert_eq!(warnings(all), expected.collect::<Vec<_>>());
}
