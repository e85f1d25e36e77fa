//! Somebody who asks the real program for every table of a year, puts all of them in one system of equations and solves it.
//!
//! Owns: made-up births of a small region, what each indicator is of, and the elimination. Does not own, and shares no code with: what
//! withholds. `VARDKEDJA_DEEP=1` tries 24 regions instead of 2.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const UNITS: [&str; 3] = ["danderyd", "sodersjukhuset", "sodertalje"];
const MONTHS: u32 = 4;
const THRESHOLD: u64 = 5;

/// Chance that is the same for ever: Steele, Lea and Flood's splitmix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn holds(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Vaginal,
    Instrument,
    Planned,
    Acute,
}

impl Way {
    fn is_vaginal(self) -> bool {
        matches!(self, Self::Vaginal | Self::Instrument)
    }
}

/// What is asked about a birth.
#[derive(Clone, Copy, PartialEq)]
struct Birth {
    unit: usize,
    month: u32,
    way: Way,
    is_first: bool,
    is_early: bool,
    is_still: bool,
    is_torn: bool,
    /// Whether the loss is reported, and is large.
    bled: Option<bool>,
    /// Whether Apgar is reported, and is low.
    low: Option<bool>,
}

fn births(seed: u64) -> Vec<Birth> {
    let mut dice = Dice(seed);
    let mut all = Vec::new();
    for unit in 0..UNITS.len() {
        for month in 1..=MONTHS {
            for _ in 0..[12, 20, 34, 48][(dice.next() % 4) as usize] {
                let way = match dice.next() % 100 {
                    0..12 => Way::Planned,
                    12..25 => Way::Acute,
                    25..37 => Way::Instrument,
                    _ => Way::Vaginal,
                };
                all.push(Birth {
                    unit,
                    month,
                    way,
                    is_first: dice.holds(45),
                    is_early: dice.holds(12),
                    is_still: dice.holds(3),
                    is_torn: way.is_vaginal() && dice.holds(6),
                    bled: dice.holds(98).then(|| dice.holds(15)),
                    low: dice.holds(98).then(|| dice.holds(5)),
                });
            }
        }
    }
    all
}

/// An indicator: the births that it is of, and those that count, as the definitions of the demonstration have it.
type Of = (&'static str, Asked, Asked);

/// A question about a birth.
type Asked = fn(&Birth) -> bool;

/// Births that an indicator is meant of, where it is of those alone of whom something is reported.
const MEANT: [(&str, Asked); 3] = [
    ("low-apgar", |birth| !birth.is_early && !birth.is_still),
    ("haemorrhage-vaginal", |birth| birth.way.is_vaginal()),
    ("haemorrhage-caesarean", |birth| !birth.way.is_vaginal()),
];

const INDICATORS: [Of; 12] = [
    ("caesarean", |_| true, |birth| !birth.way.is_vaginal()),
    ("planned-caesarean", |_| true, |birth| birth.way == Way::Planned),
    ("acute-caesarean", |_| true, |birth| birth.way == Way::Acute),
    ("preterm", |_| true, |birth| birth.is_early),
    ("stillbirth", |_| true, |birth| birth.is_still),
    (
        "low-apgar",
        |birth| !birth.is_early && !birth.is_still && birth.low.is_some(),
        |birth| birth.low == Some(true),
    ),
    (
        "haemorrhage-vaginal",
        |birth| birth.way.is_vaginal() && birth.bled.is_some(),
        |birth| birth.bled == Some(true),
    ),
    (
        "haemorrhage-caesarean",
        |birth| !birth.way.is_vaginal() && birth.bled.is_some(),
        |birth| birth.bled == Some(true),
    ),
    ("severe-tear-non-instrumental", |birth| birth.way == Way::Vaginal, |birth| birth.is_torn),
    (
        "severe-tear-first-birth",
        |birth| birth.way.is_vaginal() && birth.is_first,
        |birth| birth.is_torn,
    ),
    ("severe-tear-instrumental", |birth| birth.way == Way::Instrument, |birth| birth.is_torn),
    ("instrumental", |birth| birth.way.is_vaginal(), |birth| birth.way == Way::Instrument),
];

struct Region(PathBuf);

impl Region {
    fn new(seed: u64, births: &[Birth]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("attacked-{seed}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let region = Self(folder);
        region.done(&["init"]);
        region.done(&["register", "load", "--replay-known", "ratebook/stockholm", "ratebook/demo"]);
        let mut contacts = String::from(
            "contact_id;reported_on;unit;person;kind;care_date;drg;diagnoses;gestational_days;parity\n",
        );
        let mut measures = String::from("contact_id;measure;value\n");
        for (nth, birth) in births.iter().enumerate() {
            let day = format!("2023-{:02}-{:02}", birth.month, 1 + nth % 28);
            let way = match birth.way {
                Way::Vaginal => "O80.0",
                Way::Instrument => "O81.0",
                Way::Planned => "O82.0",
                Way::Acute => "O82.1",
            };
            let (torn, child) = (
                if birth.is_torn { " O70.2" } else { "" },
                if birth.is_still { "Z37.1" } else { "Z37.0" },
            );
            let days = if birth.is_early { 250 } else { 280 };
            let (unit, parity) = (UNITS[birth.unit], u8::from(!birth.is_first));
            writeln!(contacts, "D{nth};{day};{unit};p-{nth};delivery;{day};P05E;{way}{torn} {child};{days};{parity}")
                .unwrap();
            if let Some(much) = birth.bled {
                let loss = if much { 1_200 } else { 300 };
                writeln!(measures, "D{nth};blood-loss-ml;{loss}").unwrap();
            }
            if let Some(low) = birth.low {
                writeln!(measures, "D{nth};apgar-5;{}", if low { 5 } else { 9 }).unwrap();
            }
        }
        let file = |name: &str, content: &str| {
            let path = region.0.join(name);
            fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        };
        region.done(&["import", &file("contacts.csv", &contacts), "--on", "2024-01-15"]);
        region.done(&["follow", "import", &file("measures.csv", &measures), "--on", "2024-01-15"]);
        region
    }

    fn done(&self, arguments: &[&str]) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
        command.current_dir(root).args(arguments).arg("--data").arg(self.0.join("data"));
        let output = command.env_remove("VARDKEDJA_DATA").output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn rows(&self, by: &str, unit: Option<&str>) -> Vec<Value> {
        let mut asked = vec!["follow", "indicators", "--year", "2023", "--by", by];
        asked.extend(["--known-on", "2024-06-01", "--format", "json"]);
        asked.extend(unit.iter().flat_map(|unit| ["--unit", *unit]));
        let told: Value = serde_json::from_str(&self.done(&asked)).unwrap();
        told["rows"].as_array().unwrap().clone()
    }
}

/// A clinic and a month; `None` is all.
type Place = (Option<usize>, Option<u32>);

/// A share that is told or withheld of a place.
struct Told {
    of: Of,
    place: Place,
    counts: Option<(u64, u64)>,
}

fn told(region: &Region) -> Vec<Told> {
    let mut all = Vec::new();
    let mut add = |rows: Vec<Value>, place: &dyn Fn(Option<&str>) -> Place| {
        for row in rows {
            let Some(of) = INDICATORS.iter().find(|of| row["indicator"] == of.0) else { continue };
            let counts = row["count"].as_u64().zip(row["of"].as_u64());
            all.push(Told { of: *of, place: place(row["group"].as_str()), counts });
        }
    };
    let month = |group: &str| group.rsplit('-').next().and_then(|month| month.parse().ok());
    let unit = |group: &str| UNITS.iter().position(|unit| *unit == group);
    add(region.rows("unit", None), &|group| (group.and_then(unit), None));
    add(region.rows("month", None), &|group| (None, group.and_then(month)));
    for (at, name) in UNITS.iter().enumerate() {
        add(region.rows("month", Some(name)), &|group| (Some(at), group.and_then(month)));
    }
    all
}

/// Counts modulo a prime: 2³¹ − 1.
const PRIME: u64 = (1 << 31) - 1;

/// Equations over clinics, months and kinds of births, solved as far as they go.
struct Attacker {
    kinds: Vec<Birth>,
    rows: BTreeMap<usize, Vec<u64>>,
}

impl Attacker {
    fn unknowns(&self) -> usize {
        UNITS.len() * MONTHS as usize * self.kinds.len()
    }

    /// The births of a place for which something holds, as a row.
    fn row(&self, (unit, month): Place, holds: &dyn Fn(&Birth) -> bool) -> Vec<u64> {
        let mut row = vec![0; self.unknowns()];
        for at_unit in (0..UNITS.len()).filter(|at| unit.is_none_or(|unit| unit == *at)) {
            for at_month in (1..=MONTHS).filter(|at| month.is_none_or(|month| month == *at)) {
                let cell = at_unit * MONTHS as usize + at_month as usize - 1;
                for (kind, _) in self.kinds.iter().enumerate().filter(|(_, kind)| holds(kind)) {
                    row[cell * self.kinds.len() + kind] = 1;
                }
            }
        }
        row
    }

    fn left(&self, mut row: Vec<u64>) -> Vec<u64> {
        for at in 0..row.len() {
            let value = row[at];
            if let Some(known) = self.rows.get(&at).filter(|_| value != 0) {
                let parts = row[at..].iter_mut().zip(&known[at..]);
                parts.for_each(|(part, known)| *part = (*part + (PRIME - value) * known) % PRIME);
            }
        }
        row
    }

    fn add(&mut self, row: Vec<u64>) {
        let mut left = self.left(row);
        let Some(lead) = left.iter().position(|value| *value != 0) else { return };
        let (mut inverse, mut power, mut exponent) = (1, left[lead], PRIME - 2);
        while exponent > 0 {
            if exponent % 2 == 1 {
                inverse = inverse * power % PRIME;
            }
            power = power * power % PRIME;
            exponent /= 2;
        }
        left.iter_mut().for_each(|value| *value = *value * inverse % PRIME);
        self.rows.insert(lead, left);
    }

    fn knows(&self, row: Vec<u64>) -> bool {
        self.left(row).iter().all(|value| *value == 0)
    }
}

fn is_at((unit, month): Place, birth: &Birth) -> bool {
    unit.is_none_or(|unit| unit == birth.unit) && month.is_none_or(|month| month == birth.month)
}

/// A set of births with its name.
type Named = (String, Box<dyn Fn(&Birth) -> bool>);

/// Named sets of births that something is told of, or that are left of it.
fn sets() -> Vec<Named> {
    let mut sets: Vec<Named> = Vec::new();
    for (id, of, counts) in INDICATORS {
        sets.push((format!("{id}: of"), Box::new(of)));
        sets.push((format!("{id}: counted"), Box::new(move |birth| of(birth) && counts(birth))));
        sets.push((format!("{id}: others"), Box::new(move |birth| of(birth) && !counts(birth))));
    }
    sets
}

fn attack(seed: u64) -> (usize, usize) {
    let births = births(seed);
    let region = Region::new(seed, &births);
    let told = told(&region);
    let mut kinds: Vec<Birth> = Vec::new();
    for birth in &births {
        let kind = Birth { unit: 0, month: 0, ..*birth };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let mut attacker = Attacker { kinds, rows: BTreeMap::new() };
    // How many give birth is known anyway.
    for unit in (0..UNITS.len()).map(Some).chain([None]) {
        for month in (1..=MONTHS).map(Some).chain([None]) {
            attacker.add(attacker.row((unit, month), &|_| true));
        }
    }
    let count = |place: Place, holds: &dyn Fn(&Birth) -> bool| {
        births.iter().filter(|birth| is_at(place, birth) && holds(birth)).count() as u64
    };
    let named = sets();
    let mut shown = 0;
    for one in &told {
        let (id, of, counts) = one.of;
        let counted = |birth: &Birth| of(birth) && counts(birth);
        if let Some(told) = one.counts {
            assert_eq!(
                told,
                (count(one.place, &counted), count(one.place, &of)),
                "{id} {:?}",
                one.place
            );
            attacker.add(attacker.row(one.place, &of));
            attacker.add(attacker.row(one.place, &counted));
            // Of nobody, nobody is in what is within.
            for (_, within) in &named {
                for (none, all) in [(told.0, &counted as &dyn Fn(&Birth) -> bool), (told.1, &of)] {
                    if none == 0 && attacker.kinds.iter().all(|kind| !within(kind) || all(kind)) {
                        attacker.add(attacker.row(one.place, within));
                    }
                }
            }
            shown += 1;
        }
    }
    let places: BTreeSet<Place> = told.iter().map(|one| one.place).collect();
    let mut found = Vec::new();
    for one in told.iter().filter(|one| one.counts.is_none()) {
        let (id, of, counts) = one.of;
        let counted = |birth: &Birth| of(birth) && counts(birth);
        if attacker.kinds.iter().any(counted) && attacker.knows(attacker.row(one.place, &counted)) {
            found.push(format!("{id} {:?}", one.place));
        }
    }
    let holds = |within: &dyn Fn(&Birth) -> bool, all: &dyn Fn(&Birth) -> bool| {
        attacker.kinds.iter().all(|kind| !within(kind) || all(kind))
    };
    let mut small = |name: String, is_rest: &dyn Fn(&Birth) -> bool| {
        for place in &places {
            let is_few = (1..THRESHOLD).contains(&count(*place, is_rest));
            if is_few && attacker.knows(attacker.row(*place, is_rest)) {
                found.push(format!("{name} {place:?}"));
            }
        }
    };
    for (more, is_more) in &named {
        for (less, is_less) in named.iter().filter(|(_, is_less)| holds(is_less, is_more)) {
            let is_rest = |birth: &Birth| is_more(birth) && !is_less(birth);
            // Of whom nothing is reported says how well is reported, and is no secret.
            let mut reporting = MEANT.iter().filter(|(id, _)| *less == format!("{id}: of"));
            if !reporting.any(|(_, meant)| holds(is_more, meant)) {
                small(format!("{more} less {less}"), &is_rest);
            }
            for (third, is_third) in named.iter().filter(|(_, third)| holds(&is_rest, third)) {
                let is_left = |birth: &Birth| is_third(birth) && !is_rest(birth);
                small(format!("{third} less what is left of {more} without {less}"), &is_left);
            }
        }
    }
    // Of two sets without a third: tears with and without an instrument, less those of first births.
    for (one, is_one) in &named {
        let apart = |is_other: &dyn Fn(&Birth) -> bool| {
            !attacker.kinds.iter().any(|kind| is_one(kind) && is_other(kind))
        };
        for (other, is_other) in
            named.iter().filter(|(other, is_other)| one < other && apart(is_other))
        {
            let is_both = |birth: &Birth| is_one(birth) || is_other(birth);
            for (less, is_less) in named.iter().filter(|(_, is_less)| holds(is_less, &is_both)) {
                let is_rest = |birth: &Birth| is_both(birth) && !is_less(birth);
                let mut reporting = MEANT.iter().filter(|(id, _)| *less == format!("{id}: of"));
                if !reporting.any(|(_, meant)| holds(&is_both, meant)) {
                    small(format!("{one} and {other} less {less}"), &is_rest);
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new(), "region {seed}");
    (shown, told.len())
}

#[test]
fn who_solves_the_system_of_all_tables_finds_nobody() {
    let regions = if std::env::var_os("VARDKEDJA_DEEP").is_some() { 24 } else { 2 };
    let (mut shown, mut all) = (0, 0);
    for seed in 0..regions {
        let (told, of) = attack(seed);
        shown += told;
        all += of;
    }
    eprintln!("{shown} of {all} shares of {regions} regions told, none withheld recovered");
    assert!(shown * 4 > all, "{shown} of {all}");
}
