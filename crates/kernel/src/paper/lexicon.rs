//! The words that the grammar of a decision text knows.
//!
//! Owns: units of money, numbers in words, words of precision, and the closed classes of words that tell what a number is.
//! Does not own: any figure, recipient or title; none stands here.

/// Öre in one unit of money, for words that are a unit by themselves.
pub(crate) fn money_unit(word: &str) -> Option<i128> {
    Some(match word {
        "kr" | "kronor" | "krona" | "kronan" | "kronorna" | "kronors" | "sek" => 100,
        "tkr" | "kkr" | "ksek" | "tsek" => 100_000,
        "mkr" | "mnkr" | "msek" | "mnsek" | "miljonkronor" => 100_000_000,
        "mdkr" | "mdrkr" | "mdsek" | "mrdkr" => 100_000_000_000,
        "öre" => 1,
        _ => return None,
    })
}

/// How many kronor a word of scale stands for; it may be followed by a unit of money.
pub(crate) fn scale(word: &str) -> Option<i128> {
    Some(match word {
        "tusen" | "tusental" | "tusentals" => 1_000,
        "miljon" | "miljoner" | "miljonerna" | "miljonen" | "milj" | "mn" | "mln" => 1_000_000,
        "miljard" | "miljarder" | "miljarderna" | "miljarden" | "md" | "mdr" | "mrd" => {
            1_000_000_000
        }
        _ => return None,
    })
}

/// Whether a scale alone, with no unit of money, may stand for kronor: "6,5 miljoner".
pub(crate) fn scale_stands_alone(word: &str) -> bool {
    word.starts_with("miljon") || word.starts_with("miljard") || word == "milj"
}

const ATOMS: [(&str, i128); 34] = [
    ("noll", 0),
    ("en", 1),
    ("ett", 1),
    ("två", 2),
    ("tre", 3),
    ("fyra", 4),
    ("fem", 5),
    ("sex", 6),
    ("sju", 7),
    ("åtta", 8),
    ("nio", 9),
    ("tio", 10),
    ("elva", 11),
    ("tolv", 12),
    ("tretton", 13),
    ("fjorton", 14),
    ("femton", 15),
    ("sexton", 16),
    ("sjutton", 17),
    ("arton", 18),
    ("aderton", 18),
    ("nitton", 19),
    ("tjugo", 20),
    ("tjugi", 20),
    ("trettio", 30),
    ("fyrtio", 40),
    ("förtio", 40),
    ("femtio", 50),
    ("sextio", 60),
    ("sjuttio", 70),
    ("åttio", 80),
    ("nittio", 90),
    ("hundra", 100),
    ("tusen", 1_000),
];

/// The value of a number written as one word, up to 999 999: `tjugofem`, `tvåhundrafemtiotusen`.
pub(crate) fn number_word(word: &str) -> Option<i128> {
    // No number is written in so many letters; it also keeps the value small.
    if word.len() > 80 {
        return None;
    }
    let mut rest = word;
    let (mut whole, mut part): (i128, i128) = (0, 0);
    while !rest.is_empty() {
        // "ettusen" is written with two t, not three.
        let fits =
            |(name, value): &(&'static str, i128)| rest.strip_prefix(name).map(|r| (r, *value));
        let longest = ATOMS.iter().filter_map(fits).min_by_key(|(rest, _)| rest.len());
        let (after, value) = longest.or_else(|| Some((rest.strip_prefix("usen")?, 1_000)))?;
        match value {
            1_000 => (whole, part) = (whole + if part == 0 { 1 } else { part } * 1_000, 0),
            100 if part < 100 => part = if part == 0 { 1 } else { part } * 100,
            100 => return None,
            value => part += value,
        }
        rest = after;
    }
    (!word.is_empty() && whole + part < 1_000_000).then_some(whole + part)
}

/// About: half a unit of the last digit either way (D2, D5).
pub(crate) const ABOUT: [&str; 14] = [
    "ca",
    "cirka",
    "omkring",
    "runt",
    "knappt",
    "närmare",
    "nästan",
    "ungefär",
    "uppskattningsvis",
    "circa",
    "uppemot",
    "nära",
    "bortåt",
    "inemot",
];

/// At least: from the figure to one unit of its last digit more (D2, D5).
pub(crate) const AT_LEAST: [&str; 5] = ["drygt", "över", "minst", "lägst", "åtminstone"];

/// A cap; the figure is exact (D2).
pub(crate) const CAP: [&str; 3] = ["högst", "maximalt", "max"];

/// Words that say that an amount is a whole.
pub(crate) const TOTAL: [&str; 12] = [
    "totalt",
    "sammanlagt",
    "sammantaget",
    "summa",
    "tillsammans",
    "totalbelopp",
    "totala",
    "sammanlagda",
    "total",
    "totalsumma",
    "delsumma",
    "summerar",
];

/// Words that may follow "miljoner" where it stands for kronor: what is not a noun that is counted.
pub(crate) const NOT_COUNTED: [&str; 110] = [
    "innebär",
    "omfattar",
    "gäller",
    "för",
    "till",
    "i",
    "som",
    "per",
    "av",
    "och",
    "eller",
    "år",
    "om",
    "under",
    "går",
    "ska",
    "skall",
    "från",
    "hos",
    "på",
    "med",
    "vid",
    "inom",
    "via",
    "efter",
    "över",
    "utöver",
    "mot",
    "samt",
    "respektive",
    "medan",
    "vilket",
    "vilka",
    "varav",
    "därav",
    "där",
    "då",
    "när",
    "att",
    "enligt",
    "årligen",
    "vardera",
    "utgår",
    "avser",
    "får",
    "ges",
    "har",
    "är",
    "var",
    "blir",
    "vars",
    "kan",
    "bör",
    "kommer",
    "mer",
    "mindre",
    "högre",
    "lägre",
    "extra",
    "ytterligare",
    "totalt",
    "sammanlagt",
    "dels",
    "utan",
    "ur",
    "bland",
    "den",
    "det",
    "de",
    "inklusive",
    "exklusive",
    "exkl",
    "inkl",
    "varje",
    "jämfört",
    "främst",
    "redan",
    "finansierar",
    "finansieras",
    "motsvarar",
    "motsvarande",
    "används",
    "läggs",
    "satsas",
    "ligger",
    "kvar",
    "avsätter",
    "utgör",
    "men",
    "så",
    "alltså",
    "dvs",
    "mellan",
    "genom",
    "in",
    "ut",
    "åt",
    "bara",
    "endast",
    "riktas",
    "ställs",
    "tas",
    "fördelat",
    "fördelade",
    "upp",
    "ned",
    "åren",
    "dock",
    "också",
    "svenska",
];

/// Nouns that are times or places in a text, never counted things; months stand apart.
pub(crate) const OF_TIME: [&str; 8] =
    ["års", "år", "kl", "klockan", "dagars", "åring", "årig", "åriga"];

/// Units of measure: what they measure is not counted.
pub(crate) const MEASURES: [&str; 18] = [
    "gram",
    "kg",
    "kilo",
    "kilogram",
    "ton",
    "meter",
    "km",
    "kilometer",
    "cm",
    "mm",
    "kvm",
    "kvadratmeter",
    "liter",
    "ml",
    "kwh",
    "grader",
    "bytes",
    "sidor",
];

/// Words after which a number only names something: a point, an appendix, a year.
pub(crate) const NAMES_ONE: [&str; 42] = [
    "mål",
    "faktura",
    "fakturan",
    "fakturanummer",
    "konto",
    "kontot",
    "kostnadsställe",
    "ordernummer",
    "år",
    "året",
    "åren",
    "vecka",
    "veckan",
    "veckorna",
    "v",
    "punkt",
    "punkten",
    "bilaga",
    "bilagan",
    "tabell",
    "tabellen",
    "avsnitt",
    "kapitel",
    "kap",
    "sid",
    "sida",
    "sidan",
    "nr",
    "nummer",
    "dnr",
    "diarienummer",
    "tel",
    "telefon",
    "telefonnummer",
    "fas",
    "steg",
    "alternativ",
    "version",
    "rum",
    "graviditetsvecka",
    "paragraf",
    "figur",
];

/// Months, from January.
pub(crate) const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

/// The number of a month, from 1.
pub(crate) fn month(word: &str) -> Option<i32> {
    let short = match word {
        "jan" => Some("januari"),
        "feb" => Some("februari"),
        "apr" => Some("april"),
        "aug" => Some("augusti"),
        "sep" | "sept" => Some("september"),
        "okt" => Some("oktober"),
        "nov" => Some("november"),
        "dec" => Some("december"),
        _ => None,
    };
    let name = short.unwrap_or(word);
    (1..).zip(MONTHS).find(|(_, month)| *month == name).map(|(number, _)| number)
}

/// Adjectives before the noun in "per genomförd förlossning".
pub(crate) fn is_adjective(word: &str) -> bool {
    const WHOLE: [&str; 16] = [
        "ny",
        "nytt",
        "hel",
        "helt",
        "gravid",
        "enskild",
        "enskilt",
        "påbörjat",
        "fött",
        "född",
        "extra",
        "planerad",
        "planerat",
        "listad",
        "listat",
        "inskriven",
    ];
    const ENDS: [&str; 8] = ["erad", "erat", "ande", "ende", "förd", "fört", "isk", "lig"];
    WHOLE.contains(&word)
        || (word.ends_with("ad") && !word.ends_with("månad") && !word.ends_with("stad"))
        || ENDS.iter().any(|end| word.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        for (word, value) in [
            ("fem", 5),
            ("sexton", 16),
            ("sextio", 60),
            ("tjugofem", 25),
            ("hundra", 100),
            ("etthundrafemtio", 150),
            ("tusen", 1_000),
            ("ettusen", 1_000),
            ("hundratusen", 100_000),
            ("tvåhundrafemtiotusen", 250_000),
            ("ettusenfemhundra", 1_500),
        ] {
            assert_eq!(number_word(word), Some(value), "{word}");
        }
        assert_eq!(number_word("fema"), None);
        assert_eq!(number_word("enhet"), None);
    }
}
