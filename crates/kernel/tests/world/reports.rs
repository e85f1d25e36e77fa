//! Contact reports, what follows on them, and faults.

use super::*;

impl Draft {
    pub(super) fn reports(&mut self) -> Vec<RawRow> {
        let mut rows = Vec::new();
        let mut sound: Vec<Fields> = Vec::new();
        for at in 0..20 + self.random.below(61) {
            let mut fields = if sound.is_empty() || self.random.chance(60) {
                self.contact(&format!("D{}", sound.len() + 1))
            } else {
                let before = self.random.pick(&sound);
                self.follow_up(before)
            };
            if self.random.chance(13) {
                self.spoil(&mut fields);
            } else {
                sound.push(fields.clone());
            }
            if self.random.chance(10) {
                fields.values_mut().for_each(|text| *text = format!(" {text} "));
            }
            let file = self.random.below(2);
            rows.push(RawRow { file, line: at + 2, fields });
        }
        rows
    }

    pub(super) fn contact(&mut self, id: &str) -> Fields {
        let number = 1 + self.random.below(self.units.len());
        let random = &mut self.random;
        let unit = match random.below(5) {
            0 => format!("SE2321000016-{number}"),
            1 => format!("1100{number}"),
            _ => format!("unit-{number}"),
        };
        let unit = if unit.starts_with("SE") && number.is_multiple_of(2) {
            "SE2321000016-1".into()
        } else {
            unit
        };
        let care = if random.chance(25) {
            let turn = random.pick(&[
                "2023-02-01",
                "2023-04-01",
                "2023-07-15",
                "2023-09-01",
                "2024-01-01",
                "2023-10-01",
            ]);
            day(turn).plus(random.days(2) - 1)
        } else {
            day("2022-12-10").plus(random.days(480))
        };
        let delay = if random.chance(15) { 50 + random.days(150) } else { random.days(35) };
        let reported_on =
            if random.chance(8) { String::new() } else { care.plus(delay).to_string() };
        let kind = random.pick(&KINDS);
        let boolean = ["", "ja", "Nej", "1", "0", "TRUE", "false"];
        let diagnoses = ["", "O80.0 Z37.0", "O701 O800 Z370", "z370 o80.0 O70.1", "F40.9"];
        let persons = [
            "p-1",
            "p-2",
            "991981000010",
            "991945000023",
            "121212-1212",
            "191212121212",
            "121212+1212",
            "121272-1219",
        ];
        let mut fields = Fields::new();
        let mut set = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
        set("contact_id", id);
        set("report", random.pick(&["", "new", "new"]));
        set("reported_on", &reported_on);
        set("unit", &unit);
        set("person", random.pick(&persons));
        set("kind", kind.name());
        set("care_date", &care.to_string());
        set("profession", random.pick(&["", PROFESSIONS[0], PROFESSIONS[1]]));
        set("drg", random.pick(&["", "P05A", "p05c", "P05.A", "P06A", "M60X", "P05A", "X99"]));
        set("diagnoses", random.pick(&diagnoses));
        set("procedures", random.pick(&["", "MAC00", "mac00 MBA.03", "MBA03"]));
        set(
            "residence",
            random.pick(&[
                "0180", "0188", "0126", "0380", "1480", "0513", "asylum", "okänd", "", "0180",
            ]),
        );
        set("place", random.pick(&["", "home", "clinic", "clinic", "boat"]));
        for name in ["individual", "enrolled", "by_team"] {
            set(name, random.pick(&boolean));
        }
        set("gestational_days", random.pick(&["", "0", "139", "140", "280", "320"]));
        set("parity", random.pick(&["", "0", "1", "2"]));
        set("team", random.pick(&["", "blue"]));
        set("class_risk", random.pick(&["", "low", "high", "low", "odd"]));
        set("class_Level", random.pick(&["", "x"]));
        fields
    }

    /// A correction, a cancellation, a duplicate, a contradiction or a return of an earlier report.
    fn follow_up(&mut self, mut fields: Fields) -> Fields {
        let other = self.contact(&fields["contact_id"]);
        let random = &mut self.random;
        let care = fields.get("care_date").and_then(|text| Day::parse(text));
        let before = Day::parse(&fields["reported_on"]).or(care).unwrap_or(day("2023-06-30"));
        let later = before.plus(random.days(70)).to_string();
        let change = |fields: &mut Fields, random: &mut Random| {
            for name in random.some(
                &[
                    "unit",
                    "kind",
                    "drg",
                    "residence",
                    "place",
                    "enrolled",
                    "diagnoses",
                    "care_date",
                    "team",
                ],
                3,
            ) {
                let Some(text) = other.get(name) else { continue };
                fields.insert(name.to_owned(), text.clone());
            }
        };
        let set = |fields: &mut Fields, name: &str, text: &str| {
            fields.insert(name.to_owned(), text.to_owned())
        };
        match random.below(12) {
            0..=3 => {
                change(&mut fields, random);
                set(&mut fields, "report", "correction");
                set(&mut fields, "reported_on", &later);
            }
            4..=5 => {
                if random.chance(50) {
                    fields.retain(|name, _| name == "contact_id" || name == "care_date");
                }
                set(&mut fields, "report", "cancellation");
                let same_day = before.to_string();
                set(&mut fields, "reported_on", if random.chance(30) { &same_day } else { &later });
            }
            6..=8 => {
                // R15, R50: written otherwise, the same content.
                let diagnoses = fields.get("diagnoses").map_or("", String::as_str).to_lowercase();
                let mut codes: Vec<&str> = diagnoses.split(' ').collect();
                codes.get_mut(1..).unwrap_or_default().reverse();
                let diagnoses = codes.join("  ");
                set(&mut fields, "diagnoses", &diagnoses);
                let person = fields.get("person").map_or("", String::as_str).replace('-', "");
                set(
                    &mut fields,
                    "person",
                    if person.starts_with('1') { &person } else { &other["person"] },
                );
            }
            9 => change(&mut fields, random),
            10 => {
                change(&mut fields, random);
                set(&mut fields, "report", "new");
                set(&mut fields, "reported_on", &later);
            }
            _ => {
                change(&mut fields, random);
                set(&mut fields, "report", "correction");
            }
        }
        fields
    }

    /// One fault of R19, or two.
    fn spoil(&mut self, fields: &mut Fields) {
        let random = &mut self.random;
        let faults = [
            ("contact_id", ""),
            ("unit", ""),
            ("person", ""),
            ("kind", ""),
            ("care_date", ""),
            ("care_date", "2023-02-30"),
            ("care_date", "20230401"),
            ("reported_on", "2023-6-1"),
            ("report", "correktion"),
            ("kind", "birth"),
            ("individual", "yes"),
            ("enrolled", "x"),
            ("gestational_days", "321"),
            ("gestational_days", "-1"),
            ("parity", "-1"),
            ("parity", "1.5"),
            ("person", "121212-1213"),
            ("person", "12121-21212"),
            ("person", "p-"),
            ("person", "anna"),
            ("person", "991981000011"),
            ("person", "99198100-0010"),
            ("person", "121332-1217"),
            ("person", "åäö"),
            ("unit", "unit-99"),
            ("unit", "se2321000016-1"),
            ("reported_on", "2022-12-09"),
            ("reported_on", "2023-01-10"),
        ];
        for (name, text) in random.some(&faults, 2) {
            fields.insert(name.to_owned(), text.to_owned());
        }
    }
}

pub(super) type Fields = BTreeMap<String, String>;
