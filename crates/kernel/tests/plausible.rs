//! Warnings about contacts that are hard to believe: each rule where it speaks and right beside where it is
//! silent, and the rules on pairs against a slow reading of them.

#[cfg(test)]
mod tests {
    use kernel::contact::{Profile, Report, ReportKind, Reports};
    use kernel::fact::{
        Agreement, Approval, Area, Assignment, BASE, CodePattern, Condition, ContactCondition,
        ContactKind, Decision, Fact, Form, Formula, LegalForm, Payer, Place, PregnancyPeriod,
        Provider, Rate, Residence, Residences, Stated, Status, Unit, UnitCondition, UnitKind,
        Weight, WeightField,
    };
    use kernel::finding::Code;
    use kernel::known::{Current, Resolver, Span, Standing, standing};
    use kernel::money::{Money, Ratio, Rounding};
    use kernel::plausible::{ShownBy, Warning, of_contacts, of_persons};
    use kernel::register::Register;
    use kernel::time::{Day, Period};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn since(from: &str) -> Period {
        Period::inclusive(Some(day(from)), None)
    }

    fn rate(id: &str, formula: Formula, when: Condition) -> Fact {
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
    fn register() -> Register {
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
        let payer =
            Payer { id: "hsn".into(), residence: Some(residence), valid: since("2022-01-01") };
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
    struct Told {
        id: String,
        person: u32,
        care: Day,
        extra: &'static str,
        profile: Profile,
    }

    fn told(id: &str, kind: ContactKind, care: &str) -> Told {
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
    fn delivery(id: &str, care: &str) -> Told {
        told(id, ContactKind::Delivery, care).drg("P05E").codes("O800 Z370", "")
    }

    fn visit(id: &str, care: &str, days: i32) -> Told {
        told(id, ContactKind::MidwifeVisit, care).days(days)
    }

    impl Told {
        fn drg(mut self, drg: &str) -> Self {
            self.profile.drg = (!drg.is_empty()).then(|| drg.into());
            self
        }

        fn codes(mut self, diagnoses: &str, procedures: &str) -> Self {
            let list = |text: &str| text.split_whitespace().map(Arc::from).collect();
            (self.profile.diagnoses, self.profile.procedures) = (list(diagnoses), list(procedures));
            self
        }

        fn days(mut self, days: i32) -> Self {
            self.profile.gestational_days = Some(days);
            self
        }

        fn of(mut self, person: u32) -> Self {
            self.person = person;
            self
        }

        fn by(mut self, carer: &'static str) -> Self {
            self.extra = carer;
            self
        }

        fn residence(mut self, residence: &str) -> Self {
            self.profile.residence = Some(residence.into());
            self
        }
    }

    fn reports(all: &[Told]) -> Reports {
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

    const ALWAYS: Span = Span { known_on: Day::MAX, through: Day::MAX, batches: u32::MAX };

    fn stands(register: &Register, reports: &Reports, span: &Span) -> Standing {
        let resolver = Resolver::new(reports, &register.view(1));
        standing(reports, &resolver, span, 0..reports.contacts())
    }

    /// The warnings by contact id, code and the id of the other contact or the value that shows it.
    fn warnings(all: &[Told]) -> Vec<(String, Code, String)> {
        let (register, reports) = (register(), reports(all));
        let current = stands(&register, &reports, &ALWAYS).current;
        let mut found = of_contacts(&register.view(1), &reports, &current);
        found.extend(of_persons(&reports, &current));
        let id =
            |row: u32| reports.contact_ids.get(reports.rows()[row as usize].contact).to_owned();
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

    fn assert_warned(all: &[Told], expected: &[(&str, Code, &str)]) {
        let expected =
            expected.iter().map(|(id, code, by)| ((*id).to_owned(), *code, (*by).to_owned()));
        assert_eq!(warnings(all), expected.collect::<Vec<_>>());
    }

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
        assert_warned(
            &[visit("K1"), visit("K2").by("lk-2")],
            &[("K2", Code::LikelyDuplicate, "K1 0")],
        );
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
        assert_warned(&[before.clone()], &[]);
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
        let coded =
            |diagnoses, procedures| delivery("K1", "2023-02-01").codes(diagnoses, procedures);
        let found = coded("O800 Z370 8OO0", "");
        assert_warned(&[found], &[("K1", code, "diagnoses 8OO0")]);
        assert_warned(&[coded("O800 Z370", "DT02")], &[("K1", code, "procedures DT02")]);
    }

    #[test]
    fn a_residence_is_four_digits_or_a_known_word() {
        let of =
            |residence| told("K1", ContactKind::DoctorVisit, "2023-02-01").residence(residence);
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
            let rejected: Vec<_> =
                stands.rejected.iter().map(|(row, code)| (id(row), *code)).collect();
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

    /// Steele, Lea and Flood's splitmix64.
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) % end
        }
    }

    fn world(seed: u64) -> Vec<Told> {
        const KINDS: [ContactKind; 5] = [
            ContactKind::Delivery,
            ContactKind::MidwifeVisit,
            ContactKind::MidwifeVisit,
            ContactKind::Phone,
            ContactKind::PostnatalVisit,
        ];
        let mut random = Random(seed);
        let start = day("2023-01-01");
        let count = 2 + random.below(14);
        let contact = |number: u64| {
            let kind = KINDS[usize::try_from(random.below(5)).unwrap()];
            // Ids whose order is not that of arrival.
            let mut told = told(&format!("K{:02}", number * 37 % 100), kind, "2023-01-01");
            let after = i32::try_from(random.below(12) * random.below(20)).unwrap();
            told.care = start.plus(after);
            told.person = u32::try_from(random.below(3)).unwrap();
            told.extra = ["", "bm-1"][usize::try_from(random.below(2)).unwrap()];
            if random.below(4) > 0 {
                let off = i32::try_from(random.below(60) * random.below(2)).unwrap();
                told.profile.gestational_days = Some((after + 40 + off).min(320));
            }
            told
        };
        (0..count).map(contact).collect()
    }

    /// The rules on pairs, read off the words, by looking at every contact beside every other.
    fn slowly(all: &[Told]) -> BTreeSet<(String, Code, String)> {
        let place = |told: &Told| (told.care, told.id.clone());
        let hers =
            |of: &Told| all.iter().filter(move |t| t.person == of.person).collect::<Vec<_>>();
        let nearest_before = |of: &Told, among: &dyn Fn(&Told) -> bool| -> Option<Told> {
            let before = hers(of).into_iter().filter(|t| place(t) < place(of) && among(t));
            before.max_by_key(|t| place(t)).cloned()
        };
        let apart = |later: &Told, other: &Told| later.care.number() - other.care.number();
        let mut found = BTreeSet::new();
        for told in all {
            let is_delivery = |t: &Told| t.profile.kind == ContactKind::Delivery;
            if is_delivery(told)
                && let Some(other) = nearest_before(told, &is_delivery)
                && apart(told, &other) <= 140
            {
                let days = apart(told, &other);
                let code = if days < 2 { Code::SecondDelivery } else { Code::TwoBirths };
                found.insert((told.id.clone(), code, format!("{} {days}", other.id)));
            }
            let same = |t: &Told| {
                let all = t.profile == told.profile && t.extra == told.extra;
                let is_call = told.profile.kind == ContactKind::Phone;
                t.care == told.care && t.profile.kind == told.profile.kind && (all || !is_call)
            };
            if !is_delivery(told)
                && let Some(other) = nearest_before(told, &same)
            {
                let shown = format!("{} 0", other.id);
                found.insert((told.id.clone(), Code::LikelyDuplicate, shown));
            }
            let start = |t: &Told| t.care.number() - t.profile.gestational_days.unwrap();
            let dated = |t: &Told| {
                let kind = t.profile.kind;
                (kind == ContactKind::MidwifeVisit || kind == ContactKind::Delivery)
                    && t.profile.gestational_days.is_some()
            };
            let unlike = |a: &Told, b: &Told| {
                let falls =
                    b.profile.gestational_days < a.profile.gestational_days && b.care > a.care;
                (falls || (start(a) - start(b)).abs() > 21) && start(b) <= a.care.number()
            };
            // A delivery without days, wherever it comes, parts what is before from what is after.
            let parted = |a: &Told, b: &Told| {
                hers(b).iter().any(|t| {
                    is_delivery(t) && !dated(t) && place(t) > place(a) && place(t) < place(b)
                })
            };
            if dated(told)
                && let Some(other) = nearest_before(told, &dated)
                && !parted(&other, told)
                && unlike(&other, told)
            {
                let earlier = nearest_before(&other, &dated).filter(|e| !parted(e, told));
                if earlier.is_none_or(|earlier| unlike(&earlier, told)) {
                    let shown = format!("{} {}", other.id, start(told) - start(&other));
                    found.insert((told.id.clone(), Code::PregnancyDatesDisagree, shown));
                }
            }
        }
        found
    }

    #[test]
    fn pairs_are_found_as_by_looking_at_every_contact_beside_every_other() {
        let of_pairs = [
            Code::TwoBirths,
            Code::SecondDelivery,
            Code::LikelyDuplicate,
            Code::PregnancyDatesDisagree,
        ];
        let worlds = if std::env::var_os("VARDKEDJA_DEEP").is_some() { 200_000 } else { 4_000 };
        let mut often = [0; 4];
        for seed in 0..worlds {
            let mut all = world(seed);
            let found: BTreeSet<_> =
                warnings(&all).into_iter().filter(|(_, code, _)| of_pairs.contains(code)).collect();
            assert_eq!(found, slowly(&all), "seed {seed}");
            for (nth, code) in of_pairs.iter().enumerate() {
                often[nth] += found.iter().filter(|(_, found, _)| found == code).count();
            }
            if seed % 16 == 0 {
                // The order in which contacts came is no content.
                let before = warnings(&all);
                all.reverse();
                assert_eq!(before, warnings(&all), "seed {seed}");
            }
        }
        assert!(often.iter().all(|count| *count > 50), "{often:?}");
    }

    #[test]
    fn contacts_are_looked_at_however_they_are_divided() {
        let all: Vec<Told> = (0..20).flat_map(world).collect();
        let (register, reports) = (register(), reports(&all));
        let current: Vec<Current> = stands(&register, &reports, &ALWAYS).current;
        let view = register.view(1);
        let whole = of_contacts(&view, &reports, &current);
        let (one, other) = current.split_at(current.len() / 3);
        let parts = [of_contacts(&view, &reports, one), of_contacts(&view, &reports, other)];
        assert_eq!(whole, parts.concat());
    }
}
