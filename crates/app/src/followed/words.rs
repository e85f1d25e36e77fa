//! The words for what is told of indicators.

use super::{By, Row};
use crate::data::Labels;
use follow::interval::Interval;
use follow::one_to_one::Minutes;
use follow::outcome::{Reached, Value, Why, target_level};
use kernel::fact::{Bound, Gives, Quantity};
use kernel::finding::Text;

/// Why a value is not told.
pub fn why(why: Why) -> Text {
    let (sv, en) = match why {
        Why::Nobody => ("inga födslar avses", "no birth is meant"),
        Why::TooLittleReported => ("för lite rapporterat", "too little reported"),
        Why::TooFew => (
            "för få för att visas, eller skulle röja sådana",
            "too few to be shown, or would give such away",
        ),
        Why::NoPlan => ("ingen plan är känd", "no plan is known"),
        Why::NotAsPublished => (
            "går inte att räkna fram som det publicerades",
            "cannot be worked out as it was published",
        ),
    };
    Text::new(sv, en)
}

/// Whether a target is reached.
pub fn reached(reached: Reached) -> Text {
    let (sv, en) = match reached {
        Reached::Yes => ("nått", "reached"),
        Reached::No => ("inte nått", "not reached"),
        Reached::Unsettled => ("kan inte avgöras", "cannot be told"),
    };
    Text::new(sv, en)
}

/// One decimal, as people write it; the comma is put in by whoever writes Swedish.
fn decimal(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('-', "−")
}

/// How the numbers of a quantity are written: what they are multiplied by, decimals, and the unit after them.
fn scale(gives: &Gives) -> (f64, usize, &'static str) {
    match gives {
        Gives::Share | Gives::Answers(_) => (100.0, 1, " %"),
        Gives::CapacityUsed => (1.0, 1, " %"),
        Gives::Mean(Quantity::Coc | Quantity::Upc)
        | Gives::Median(Quantity::Coc | Quantity::Upc) => (0.001, 2, ""),
        Gives::Mean(_) | Gives::Median(_) => (1.0, 1, ""),
    }
}

/// A number of an indicator as people read it: a share in percent, COC and UPC from 0 to 1.
pub fn scaled(gives: &Gives, value: f64) -> f64 {
    value * scale(gives).0
}

/// A number of an indicator.
pub fn number(gives: &Gives, value: f64) -> Text {
    let (_, decimals, unit) = scale(gives);
    let en = format!("{}{unit}", decimal(scaled(gives, value), decimals));
    Text::new(en.replace('.', ","), en)
}

/// What is told of a row: the number, or why there is none.
pub fn value(row: &Row<'_>) -> Text {
    let gives = &row.defined.indicator.fact.gives;
    match &row.value {
        Value::Withheld(reason) => why(*reason),
        told => told.number().map_or_else(|| Text::new("", ""), |value| number(gives, value)),
    }
}

/// Its interval: `64,5–83,2`.
pub fn interval(row: &Row<'_>) -> Text {
    let gives = &row.defined.indicator.fact.gives;
    row.value.interval().map_or_else(|| Text::new("", ""), |interval| range(gives, interval))
}

/// Both ends of an interval, without the unit.
pub fn range(gives: &Gives, Interval { low, high }: Interval) -> Text {
    let (factor, decimals, _) = scale(gives);
    let [low, high] = [low, high].map(|end| decimal(end * factor, decimals));
    let en = format!("{low}–{high}");
    Text::new(en.replace('.', ","), en)
}

/// Of how many: `60 av 80`.
pub fn counts(row: &Row<'_>) -> Text {
    match row.value {
        Value::Share { count, of, .. } => {
            // Never broken over two lines.
            Text::new(format!("{count}\u{a0}av\u{a0}{of}"), format!("{count}\u{a0}of\u{a0}{of}"))
        }
        Value::Number { of, .. } => Text::new(of.to_string(), of.to_string()),
        Value::Withheld(_) => Text::new("", ""),
    }
}

/// The target: `under 1,9 %`.
pub fn target(row: &Row<'_>) -> Text {
    let Some(target) = row.defined.target else { return Text::new("", "") };
    let gives = &row.defined.indicator.fact.gives;
    let level = number(gives, target_level(target.fact, gives));
    let (sv, en) = match target.fact.bound {
        Bound::AtMost(_) => ("högst", "at most"),
        Bound::AtLeast(_) => ("minst", "at least"),
        Bound::Below(_) => ("under", "below"),
    };
    Text::new(format!("{sv} {}", level.sv), format!("{en} {}", level.en))
}

/// The name of a group of births, at one clinic where that is asked for.
pub fn group(labels: &Labels, by: By, key: Option<&str>, unit: Option<&str>) -> Text {
    let same = |text: &str| Text::new(text, text);
    let Some(key) = key else {
        let name = unit.map(|unit| labels.unit_name(unit).unwrap_or(unit));
        return name.map_or_else(
            || Text::new("Alla", "All"),
            |name| Text::new(format!("Alla vid {name}"), format!("All at {name}")),
        );
    };
    let (sv, en) = match (by, key) {
        (By::Unit, unit) => return same(labels.unit_name(unit).unwrap_or(unit)),
        (By::Month | By::Year, key) => return same(key),
        (By::Quarter, key) => {
            let (year, quarter) = key.split_once("-q").unwrap_or((key, ""));
            return Text::new(
                format!("{year} kvartal {quarter}"),
                format!("{year} quarter {quarter}"),
            );
        }
        (_, "") => ("inte rapporterat", "not reported"),
        (By::Education, "1-compulsory") => ("grundskola", "compulsory school"),
        (By::Education, "2-secondary") => ("gymnasium", "secondary school"),
        (By::Education, _) => ("eftergymnasial", "post-secondary"),
        (By::Country, "1-sweden") => ("Sverige", "Sweden"),
        (By::Country, "2-other-europe") => ("övriga Europa", "other Europe"),
        (By::Country, _) => ("utanför Europa", "outside Europe"),
        (By::Parity, "0") => ("förstföderskor", "first birth"),
        (By::Parity, _) => ("omföderskor", "later birth"),
        (By::Interpreter, "yes") => ("tolk behövs", "interpreter needed"),
        (By::Interpreter, _) => ("ingen tolk", "no interpreter"),
        (By::Age, age) => {
            return Text::new(format!("{} år", dashes(age)), format!("{} years", dashes(age)));
        }
        (By::Bmi, bmi) => {
            return Text::new(
                format!("BMI {}", dashes(bmi).replace('.', ",")),
                format!("BMI {}", dashes(bmi)),
            );
        }
        (By::AreaClass, class) => {
            return Text::new(format!("klass {class}"), format!("class {class}"));
        }
        (By::Whole | By::Robson, other) => return same(other),
    };
    Text::new(sv, en)
}

/// A day of the week; 0 is Monday.
pub fn weekday(day: i64) -> Text {
    const DAYS: [(&str, &str); 7] = [
        ("måndag", "Monday"),
        ("tisdag", "Tuesday"),
        ("onsdag", "Wednesday"),
        ("torsdag", "Thursday"),
        ("fredag", "Friday"),
        ("lördag", "Saturday"),
        ("söndag", "Sunday"),
    ];
    let named = usize::try_from(day).ok().and_then(|day| DAYS.get(day));
    named.map_or_else(|| Text::new("", ""), |(sv, en)| Text::new(*sv, *en))
}

/// An hour of the day: `23–00`.
pub fn hour(hour: i64) -> String {
    format!("{hour:02}–{:02}", (hour + 1) % 24)
}

/// The share of the minutes that can be counted in which she had a midwife of her own; none where none can.
pub fn share_of_minutes(minutes: &Minutes) -> Option<f64> {
    let known = minutes.active - minutes.unknown;
    (known > 0).then(|| minutes.own as f64 / known as f64)
}

fn dashes(band: &str) -> String {
    band.replace('-', "–")
}
