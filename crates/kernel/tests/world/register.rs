//! Payers, clinics, agreements, weights and keys, stated and restated.

use super::*;

impl Draft {
    pub(super) fn region_and_payers(&mut self, end_of_default: Option<Day>) {
        if self.random.chance(92) {
            let region = Region {
                id: "region".into(),
                name: "Regionen".into(),
                county: "01".into(),
                org_number: None,
            };
            let decision = if self.random.chance(90) { 0 } else { self.later() };
            self.state(decision, "region".into(), Fact::Region(region));
        }
        self.payer(0, "the-region", None, end_of_default);
        let exact = |text: &str| Residence::Exact(text.into());
        let county = |text: &str| Residence::County(text.into());
        let out = || Residence::OutOfCounty;
        let others = [
            ("kson", vec![exact("0188")], vec![]),
            ("state", vec![exact("asylum")], vec![]),
            ("region-01", vec![county("01")], vec![exact("0126")]),
            ("county-03", vec![county("03"), exact("1480")], vec![]),
            ("others", vec![out()], vec![exact("0513")]),
            ("rest", vec![], vec![exact("0188")]),
        ];
        for (id, plain, not) in others {
            if self.random.chance(50) {
                let decision = self.any_decision();
                let residence = Residences { plain, not };
                self.payer(decision, id, Some(residence.clone()), None);
                if self.random.chance(30) {
                    let (decision, end) = (self.later(), day(self.random.pick(&TURNS)).plus(-1));
                    self.payer(decision, id, Some(residence), Some(end));
                }
            }
        }
    }

    fn payer(
        &mut self,
        decision: usize,
        id: &str,
        residence: Option<Residences>,
        end: Option<Day>,
    ) {
        let payer = Payer { id: id.into(), residence, valid: since(START, end) };
        self.state(decision, format!("payer {id}"), Fact::Payer(payer));
    }

    pub(super) fn clinics(&mut self) {
        let count = 2 + self.random.below(5);
        self.units = (1..=count).map(|number| format!("unit-{number}")).collect();
        for number in 1..=count {
            let id = format!("provider-{number}");
            let provider = Provider {
                id: id.as_str().into(),
                name: id.clone(),
                legal_form: LegalForm::Private,
                org_number: None,
            };
            self.state(0, id, Fact::Provider(provider));
            let hsa = (number % 2 == 1).then(|| format!("SE2321000016-{number}"));
            let area_class =
                (!self.random.chance(20)).then(|| self.random.pick(&CLASSES).to_owned());
            self.unit(0, number, hsa, area_class, START, None);
            if !self.random.chance(8) {
                self.agreement(number);
            }
        }
        // An HSA-id moves from an odd unit to the next on some day; the latter gets a new area class.
        if self.random.chance(60) {
            let (decision, turn) = (self.later(), self.random.pick(&TURNS));
            let before = Some(day(turn).plus(-1));
            let class = Some(self.random.pick(&CLASSES).to_owned());
            self.unit(decision, 1, Some("SE2321000016-1".into()), class.clone(), START, before);
            self.unit(decision, 1, None, class, turn, None);
            let class = Some(self.random.pick(&CLASSES).to_owned());
            self.unit(decision, 2, None, class.clone(), START, before);
            self.unit(decision, 2, Some("SE2321000016-1".into()), class, turn, None);
        }
        // Another unit closes, or its class is stated anew.
        if count > 2 && self.random.chance(50) {
            let decision = self.later();
            let end = self.random.chance(50).then(|| day("2023-10-31"));
            let class = Some(self.random.pick(&CLASSES).to_owned());
            self.unit(decision, 3, Some("SE2321000016-3".into()), class, START, end);
        }
    }

    fn unit(
        &mut self,
        decision: usize,
        number: usize,
        hsa_id: Option<String>,
        area_class: Option<String>,
        from: &str,
        end: Option<Day>,
    ) {
        let id = format!("unit-{number}");
        let unit = Unit {
            id: id.as_str().into(),
            name: id.clone(),
            kind: UnitKind::DeliveryClinic,
            provider: format!("provider-{number}").as_str().into(),
            kombika: Some(format!("1100{number}")),
            hsa_id,
            municipality: None,
            area_class,
            valid: since(from, end),
        };
        self.state(decision, format!("{id} {from}"), Fact::Unit(unit));
    }

    /// The agreement of a unit: open, ended, or followed by another form; its base and add-ons.
    fn agreement(&mut self, number: usize) {
        let (first, second) = (format!("agreement-{number}"), format!("agreement-{number}-next"));
        let random = &mut self.random;
        let area = random.pick(&AREAS);
        let form = random.pick(&FORMS);
        let months = random.chance(50).then(|| random.days(4));
        let turn = random.pick(&TURNS[1..]);
        self.state_agreement(0, number, &first, area, form, months, since(START, None));
        let base_from = if self.random.chance(85) { START } else { "2023-02-01" };
        let status = if self.random.chance(94) { Approval::Approved } else { Approval::Applied };
        self.assignment(0, number, &first, BASE, status, since(base_from, None));
        let end = Some(day(turn).plus(-1));
        let change = self.random.below(10);
        if change < 4 {
            let decision = self.any_decision();
            if decision > 0 {
                self.state_agreement(
                    decision,
                    number,
                    &first,
                    area,
                    form,
                    months,
                    since(START, end),
                );
                if change < 3 {
                    self.state_agreement(
                        decision,
                        number,
                        &second,
                        area,
                        Form::BudgetAssignment,
                        months,
                        since(turn, None),
                    );
                    self.assignment(
                        decision,
                        number,
                        &second,
                        BASE,
                        Approval::Approved,
                        since(turn, None),
                    );
                }
            }
        }
        for name in ADD_ONS {
            let from = self.random.pick(&[START, TURNS[0], TURNS[1]]);
            let decision = self.any_decision();
            let status =
                self.random.pick(&[Approval::Approved, Approval::Approved, Approval::Applied]);
            let under = if self.random.chance(85) { &first } else { &second };
            self.assignment(decision, number, under, name, status, since(from, None));
            let decision = self.later();
            match self.random.below(6) {
                // R57: withdrawn whole, ended, refused (which revokes nothing); R47: approved after all.
                0 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Approved,
                    since(from, Some(day(from).plus(-1))),
                ),
                1 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Approved,
                    since(from, Some(day("2023-08-31"))),
                ),
                2 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Refused,
                    since(from, None),
                ),
                3 => self.assignment(
                    decision,
                    number,
                    under,
                    name,
                    Approval::Approved,
                    since(from, None),
                ),
                _ => {}
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the fields of the fact")]
    fn state_agreement(
        &mut self,
        decision: usize,
        number: usize,
        id: &str,
        area: Area,
        form: Form,
        backward_months: Option<i32>,
        valid: Period,
    ) {
        let provider = format!("provider-{number}").as_str().into();
        let agreement = Agreement { id: id.into(), provider, area, form, valid, backward_months };
        self.state(decision, format!("{id} {}", valid.from), Fact::Agreement(agreement));
    }

    fn assignment(
        &mut self,
        decision: usize,
        number: usize,
        agreement: &str,
        name: &str,
        status: Approval,
        valid: Period,
    ) {
        let unit = format!("unit-{number}").as_str().into();
        let identity = format!("{unit} {agreement} {name} {status} {}", valid.from);
        let assignment =
            Assignment { unit, agreement: agreement.into(), name: name.into(), status, valid };
        // A successor is known only with its own decision, so an add-on under it may come to nothing.
        let exists = self
            .facts
            .iter()
            .flatten()
            .any(|fact| matches!(fact, Fact::Agreement(a) if a.id.as_str() == agreement));
        if exists {
            self.state(decision, identity, Fact::Assignment(assignment));
        }
    }

    pub(super) fn weights_and_keys(&mut self) {
        let mut codes: Vec<String> =
            DRGS.iter().chain(&CLASSES).chain(&PLACES).map(|&code| code.into()).collect();
        codes.extend(["delivery", "midwife-visit", "low", "high"].map(String::from));
        codes.extend(self.units.clone());
        for table in ["t1", "t2"] {
            for code in &codes {
                if self.random.chance(90) {
                    self.weight(0, table, code, START);
                }
                for _ in 0..2 {
                    if self.random.chance(25) {
                        let (decision, from) =
                            (self.any_decision(), self.random.pick(&[START, TURNS[1], TURNS[3]]));
                        self.weight(decision, table, code, from);
                    }
                }
            }
        }
        for unit in self.units.clone() {
            for year in [2023, 2024] {
                for decision in [0, self.later()] {
                    if self.random.chance(70) {
                        let deliveries = self.random.next() % 5 * 250;
                        let capacity = Capacity { unit: unit.as_str().into(), year, deliveries };
                        self.state(
                            decision,
                            format!("capacity {unit} {year}"),
                            Fact::Capacity(capacity),
                        );
                    }
                }
            }
            let value = 1 + self.random.next() % 6;
            self.key(0, "safe", &unit, None, value);
        }
        for recipient in self.units.clone().iter().map(String::as_str).chain(["other-body"]) {
            for year in [None, Some(2023), Some(2024)] {
                for decision in [0, self.later()] {
                    if self.random.chance(50) {
                        let value = self.random.next() % 6;
                        self.key(decision, "volume", recipient, year, value);
                    }
                }
            }
        }
    }

    fn weight(&mut self, decision: usize, table: &str, code: &str, from: &str) {
        let value = Ratio::parse(
            self.random.pick(&["1", "0.8123", "1.5", "0.0005", "1.00005", "2", "0", "0.333"]),
        )
        .unwrap();
        let weight =
            Weight { table: table.into(), code: code.into(), value, valid_from: day(from) };
        self.state(decision, format!("weight {table} {code} {from}"), Fact::Weight(weight));
    }

    fn key(&mut self, decision: usize, name: &str, recipient: &str, year: Option<i32>, value: u64) {
        let key = Key { name: name.into(), recipient: recipient.into(), value, year };
        self.state(decision, format!("key {name} {recipient} {year:?}"), Fact::Key(key));
    }
}
