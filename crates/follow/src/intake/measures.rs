//! The measures that clinics may report: a closed vocabulary, as data.
//!
//! Owns: names, units, ranges, and words for coded values. Does not own: which indicator reads which measure.
//!
//! | `blood-loss-ml` | whole, 0–20 000 ml |
//!
//! Ranges are what is possible, not what is usual; they catch a slipped key and a wrong unit, and no clinical judgement rests on them.

/// A measure that may be reported of a contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasureKind {
    /// The name in files.
    pub name: &'static str,
    /// What it is called in Swedish.
    pub sv: &'static str,
    /// What it is called in English.
    pub en: &'static str,
    /// The unit of the value; empty for a number without one.
    pub unit: &'static str,
    /// The least value, inclusive.
    pub least: f64,
    /// The greatest value, inclusive.
    pub greatest: f64,
    /// Decimals that a value may have: 0 for a whole number.
    pub decimals: u32,
    /// Words that may stand for a value, in Swedish and in English.
    pub words: &'static [(&'static str, &'static str, f64)],
}

const YES_NO: &[(&str, &str, f64)] = &[("nej", "no", 0.0), ("ja", "yes", 1.0)];

const fn whole(
    name: &'static str,
    (sv, en): (&'static str, &'static str),
    unit: &'static str,
    (least, greatest): (f64, f64),
) -> MeasureKind {
    MeasureKind { name, sv, en, unit, least, greatest, decimals: 0, words: &[] }
}

const fn coded(
    name: &'static str,
    (sv, en): (&'static str, &'static str),
    (least, greatest): (f64, f64),
    words: &'static [(&'static str, &'static str, f64)],
) -> MeasureKind {
    MeasureKind { name, sv, en, unit: "", least, greatest, decimals: 0, words }
}

/// Every measure, by name. Of more children than one, Apgar is the lowest and weight the least.
pub const MEASURES: &[MeasureKind] = &[
    whole("age", ("ålder vid förlossningen", "age at birth"), "years", (10.0, 60.0)),
    whole("apgar-1", ("Apgar vid 1 minut", "Apgar at 1 minute"), "", (0.0, 10.0)),
    whole("apgar-5", ("Apgar vid 5 minuter", "Apgar at 5 minutes"), "", (0.0, 10.0)),
    whole("birth-weight-g", ("födelsevikt", "birth weight"), "g", (200.0, 8_000.0)),
    whole("blood-loss-ml", ("blödning", "blood loss"), "ml", (0.0, 20_000.0)),
    MeasureKind {
        decimals: 2,
        ..whole("bmi", ("BMI vid inskrivningen", "BMI at enrolment"), "kg/m2", (10.0, 90.0))
    },
    coded(
        "breastfeeding-4w",
        ("amning vid 4 veckor", "breastfeeding at 4 weeks"),
        (0.0, 2.0),
        &[("ingen", "none", 0.0), ("delvis", "partial", 1.0), ("helt", "exclusive", 2.0)],
    ),
    whole("children", ("antal barn", "number of children"), "", (1.0, 8.0)),
    coded(
        "country-group",
        ("födelseland", "country of birth"),
        (1.0, 3.0),
        &[
            ("sverige", "sweden", 1.0),
            ("övriga-europa", "other-europe", 2.0),
            ("utanför-europa", "outside-europe", 3.0),
        ],
    ),
    coded(
        "education",
        ("utbildning", "education"),
        (1.0, 3.0),
        &[
            ("grundskola", "compulsory", 1.0),
            ("gymnasium", "secondary", 2.0),
            ("eftergymnasial", "post-secondary", 3.0),
        ],
    ),
    whole("epds", ("EPDS", "EPDS"), "points", (0.0, 30.0)),
    coded("interpreter", ("behov av tolk", "needs an interpreter"), (0.0, 1.0), YES_NO),
    coded(
        "presentation",
        ("bjudning", "presentation"),
        (1.0, 3.0),
        &[("huvud", "cephalic", 1.0), ("säte", "breech", 2.0), ("tvärläge", "transverse", 3.0)],
    ),
    coded("previous-caesarean", ("tidigare kejsarsnitt", "previous caesarean"), (0.0, 1.0), YES_NO),
    whole("robson", ("Robsongrupp", "Robson group"), "", (1.0, 10.0)),
    whole("tear-grade", ("bristningsgrad", "grade of tear"), "", (0.0, 4.0)),
    MeasureKind {
        decimals: 2,
        ..whole("umbilical-ph", ("pH i navelartären", "pH of the umbilical artery"), "", (6.3, 7.7))
    },
    whole(
        "vas-experience",
        ("förlossningsupplevelse (VAS)", "experience of birth (VAS)"),
        "",
        (1.0, 10.0),
    ),
];

/// Measures that may never be reported here, and why.
pub const REFUSED: &[(&str, &str, &str)] = &[(
    "fobs",
    "förlossningsrädsla hör till den mottagande klinikens eget utrymme och lämnas aldrig till regionen; ta bort raden",
    "fear of birth belongs to the receiving clinic's own compartment and is never given to the region; remove the row",
)];

/// The measure of a name, whatever its case; underscores count as hyphens.
pub fn measure(name: &str) -> Option<&'static MeasureKind> {
    if let Some(found) = MEASURES.iter().find(|kind| kind.name == name) {
        return Some(found);
    }
    let name = name.to_lowercase().replace(['_', ' '], "-");
    MEASURES.iter().find(|kind| kind.name == name)
}

impl MeasureKind {
    /// The value that a text says: a number with a point or a comma, or one of the words.
    pub fn read(&self, text: &str) -> Option<f64> {
        if let Some(value) = self.word(text) {
            return Some(value);
        }
        let number = text.replace(',', ".");
        let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 6 || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        // `2.000` may be two thousand or two: nobody knows which.
        if fraction == "000" {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > self.decimals as usize {
            return None;
        }
        let value: f64 = format!("{whole}.{fraction}0").parse().ok()?;
        (self.least..=self.greatest).contains(&value).then_some(value)
    }

    fn word(&self, text: &str) -> Option<f64> {
        if self.words.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let text = text.to_lowercase();
        let found = self.words.iter().find(|(sv, en, _)| *sv == text || *en == text);
        found.map(|(_, _, value)| *value)
    }

    /// What a value may be, in Swedish and in English.
    pub fn expected(&self) -> (String, String) {
        let (least, greatest) = (self.least, self.greatest);
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let (kind_sv, kind_en) = match self.decimals {
            0 => ("heltal".to_owned(), "a whole number".to_owned()),
            decimals => (
                format!("tal med högst {decimals} decimaler"),
                format!("a number with at most {decimals} decimals"),
            ),
        };
        let words = |pick: fn(&(&'static str, &'static str, f64)) -> &'static str, or: &str| {
            let words: Vec<&str> = self.words.iter().map(pick).collect();
            if words.is_empty() { String::new() } else { format!(" {or} {}", words.join(", ")) }
        };
        (
            format!("{kind_sv} {least}–{greatest}{unit}{}", words(|word| word.0, "eller")),
            format!("{kind_en} {least}–{greatest}{unit}{}", words(|word| word.1, "or")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_its_range_and_its_decimals() {
        let read = |name: &str, text: &str| measure(name).unwrap().read(text);
        assert_eq!(read("blood-loss-ml", "1200"), Some(1_200.0));
        assert_eq!(read("Blood_Loss_ML", "1200,0"), Some(1_200.0));
        assert_eq!(read("blood-loss-ml", "1,2"), None);
        assert_eq!(read("bmi", "24,5"), Some(24.5));
        assert_eq!(read("bmi", "24.555"), None);
        assert_eq!((read("blood-loss-ml", "2.000"), read("blood-loss-ml", "1,000")), (None, None));
        assert_eq!(read("apgar-5", "11"), None);
        assert_eq!(read("umbilical-ph", "7.05"), Some(7.05));
        assert_eq!(read("presentation", "Säte"), Some(2.0));
        assert_eq!(read("presentation", "2"), Some(2.0));
        assert_eq!(read("previous-caesarean", "ja"), Some(1.0));
        for text in ["", "-1", "1e3", "NaN", "inf", ".5", "+1", "１"] {
            assert_eq!(read("blood-loss-ml", text), None, "{text}");
        }
    }

    #[test]
    fn names_are_in_order_and_nobody_reports_fear() {
        assert!(MEASURES.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(REFUSED.iter().all(|(name, ..)| measure(name).is_none()));
    }
}
