//! Whether the anchors of a decision stand in its source, and bear their amounts.
//!
//! Owns: the comparison. Does not own: the source texts; the caller hands them in.

use crate::fact::{AllocationRule, Decision, Fact, Formula, Heading, Item, Stated, UpliftBy};
use crate::finding::{Code, Finding, Severity, Text};
use crate::money::{Money, Ratio};

/// A source text at hand.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// The whole text.
    pub text: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// What is wrong with the anchors of one decision. `source_text` gives the text of a file name, where at hand.
pub fn check_anchors(
    decision: &Decision,
    source_text: impl Fn(&str) -> Option<SourceText>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let file = decision.source.as_ref().and_then(|source| source.file.as_deref());
    let text = file.and_then(source_text);
    if let (Some(text), Some(source)) = (&text, &decision.source)
        && source.sha256.as_deref().is_some_and(|sha256| sha256 != text.sha256)
    {
        findings.push(changed(decision, source.file.as_deref().unwrap_or("")));
    }
    let words = text.map(|text| single_spaced(&text.text));
    for stated in &decision.facts {
        let Some(anchor) = &stated.anchor else { continue };
        match &words {
            None => findings.push(not_at_hand(decision, stated, anchor, file)),
            Some(words) if !words.contains(&single_spaced(anchor)) => {
                findings.push(not_found(stated, anchor, file.unwrap_or("")));
            }
            Some(_) => {}
        }
        findings.extend(missing_amount(stated, anchor));
    }
    findings
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn finding(
    stated: &Stated,
    code: Code,
    severity: Severity,
    anchor: &str,
    message: Text,
) -> Finding {
    let mut finding = Finding::new(code, severity, message).at(&stated.place);
    finding.field = Some("anchor".to_owned());
    finding.value = Some(anchor.to_owned());
    let (unit, name) = named(&stated.fact);
    finding.shown_by(unit, name, None)
}

/// The unit and the id that a fact is about.
fn named(fact: &Fact) -> (&str, &str) {
    match fact {
        Fact::Region(region) => ("", &region.id),
        Fact::Provider(provider) => ("", provider.id.as_str()),
        Fact::Unit(unit) => (unit.id.as_str(), ""),
        Fact::Agreement(agreement) => ("", agreement.id.as_str()),
        Fact::Assignment(assignment) => (assignment.unit.as_str(), assignment.name.as_str()),
        Fact::Capacity(capacity) => (capacity.unit.as_str(), "capacity"),
        Fact::Weight(weight) => ("", weight.table.as_str()),
        Fact::Key(key) => ("", key.name.as_str()),
        Fact::Appropriation(appropriation) => ("", &appropriation.id),
        Fact::Payer(payer) => ("", payer.id.as_str()),
        Fact::Commission(commission) => ("", &commission.id),
        Fact::Eligibility(eligibility) => ("", &eligibility.id),
        Fact::Rate(rate) => ("", rate.id.as_str()),
        Fact::Grant(grant) => ("", &grant.id),
        Fact::FocusArea(area) => ("", &area.id),
        Fact::Heading(heading) => ("", &heading.id),
        Fact::Item(item) => ("", &item.id),
        Fact::Mandate(mandate) => ("", &mandate.id),
        Fact::GrantAct(act) => ("", &act.id),
        Fact::Account(account) => ("", account.role.name()),
        Fact::Payee(payee) => ("", &payee.party),
    }
}

fn changed(decision: &Decision, file: &str) -> Finding {
    let message = Text::new(
        format!(
            "källtexten `{file}` är inte den som lästes (annan SHA-256); läs den igen och rätta ankare och kontrollsumma"
        ),
        format!(
            "the source text `{file}` is not the one that was read (another SHA-256); read it again and mend anchors and hash"
        ),
    );
    let mut finding =
        Finding::new(Code::SourceChanged, Severity::Error, message).at(&decision.place);
    finding.field = Some("sha256".to_owned());
    finding
}

fn not_at_hand(decision: &Decision, stated: &Stated, anchor: &str, file: Option<&str>) -> Finding {
    let title = decision.source.as_ref().map_or("", |source| source.title.as_str());
    let (sv, en) = match file {
        Some(file) => (
            format!("källtexten `{file}` finns inte i källmappen, så ankaret kunde inte prövas"),
            format!(
                "the source text `{file}` is not in the folder of sources, so the anchor could not be verified"
            ),
        ),
        None => (
            format!("källan ”{title}” finns inte som text, så ankaret kunde inte prövas"),
            format!(
                "the source “{title}” is not at hand as text, so the anchor could not be verified"
            ),
        ),
    };
    finding(stated, Code::SourceNotAtHand, Severity::Note, anchor, Text::new(sv, en))
}

fn not_found(stated: &Stated, anchor: &str, file: &str) -> Finding {
    let message = Text::new(
        format!("ankaret står inte i källtexten `{file}`; skriv frasen som den står där"),
        format!(
            "the anchor does not stand in the source text `{file}`; write the phrase as it stands there"
        ),
    );
    finding(stated, Code::AnchorNotFound, Severity::Error, anchor, message)
}

fn missing_amount(stated: &Stated, anchor: &str) -> Option<Finding> {
    let expected = Figure::of(&stated.fact)?;
    let numbers = numbers(anchor);
    let stands = match &expected {
        Figure::Money(money) => numbers.iter().any(|number| number.amount() == Some(*money)),
        Figure::Percent(percent) => numbers.iter().any(|number| number.percent() == Some(*percent)),
        Figure::Count(count) => numbers.iter().any(|number| number.count() == Some(*count)),
    };
    let text = match expected {
        Figure::Money(money) => money.to_string(),
        Figure::Percent(percent) => format!("{percent} %"),
        Figure::Count(count) => count.to_string(),
    };
    let message = Text::new(
        format!(
            "värdet {text} står inte i ankaret; välj frasen som bär beloppet eller rätta värdet"
        ),
        format!(
            "the value {text} does not stand in the anchor; choose the phrase that bears the figure or mend the value"
        ),
    );
    (!stands).then(|| finding(stated, Code::AmountNotInAnchor, Severity::Error, anchor, message))
}

enum Figure {
    Money(Money),
    Percent(Ratio),
    Count(u64),
}

impl Figure {
    fn of(fact: &Fact) -> Option<Self> {
        match fact {
            Fact::Rate(rate) => match &rate.formula {
                Formula::Uplift { by: UpliftBy::Percent(percent), .. } => {
                    Some(Self::Percent(*percent))
                }
                formula => formula.amount().map(Self::Money),
            },
            Fact::Appropriation(appropriation) => Some(Self::Money(appropriation.amount)),
            Fact::Grant(grant) => Some(Self::Money(grant.amount.amount)),
            Fact::Heading(Heading { rule, .. }) | Fact::Item(Item { rule, .. }) => match rule {
                AllocationRule::Percent { percent, .. } => Some(Self::Percent(*percent)),
                AllocationRule::PerUnit { per_unit, amount: None, .. } => {
                    Some(Self::Money(*per_unit))
                }
                rule => rule.figure().map(|figure| Self::Money(figure.amount)),
            },
            Fact::Mandate(mandate) => mandate.cap.map(|cap| Self::Money(cap.amount)),
            Fact::GrantAct(act) => Some(Self::Money(act.amount)),
            Fact::Capacity(capacity) => Some(Self::Count(capacity.deliveries)),
            _ => None,
        }
    }
}

/// A number of a text and the word after it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Number {
    /// With a decimal point, without group separators.
    digits: String,
    word: String,
}

impl Number {
    fn amount(&self) -> Option<Money> {
        let ore_per_unit: i128 = match self.word.as_str() {
            "kr" | "krona" | "kronor" | "sek" => 100,
            "tkr" | "tusen" => 100_000,
            "mkr" | "mnkr" | "miljon" | "miljoner" => 100_000_000,
            "mdkr" | "miljard" | "miljarder" => 100_000_000_000,
            _ => return None,
        };
        let scaled = Ratio::parse(&self.digits)?.times(Ratio::new(ore_per_unit, 1)?)?;
        Money::from_ore(1).scaled(scaled, crate::money::Unit::Ore)
    }

    fn percent(&self) -> Option<Ratio> {
        let is_percent = matches!(self.word.as_str(), "%" | "procent");
        Ratio::parse(&self.digits).filter(|_| is_percent)
    }

    fn count(&self) -> Option<u64> {
        self.digits.parse().ok()
    }
}

/// Numbers that decisions write in words.
const IN_WORDS: [(&str, &str); 14] = [
    ("en", "1"),
    ("ett", "1"),
    ("två", "2"),
    ("tre", "3"),
    ("fyra", "4"),
    ("fem", "5"),
    ("sex", "6"),
    ("sju", "7"),
    ("åtta", "8"),
    ("nio", "9"),
    ("tio", "10"),
    ("elva", "11"),
    ("tolv", "12"),
    ("tjugo", "20"),
];

/// The numbers of a text: groups of three joined, a decimal comma read as such, also with a stray space after it
/// (D4), and small numbers in words before a unit.
fn numbers(text: &str) -> Vec<Number> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut numbers = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        let Some((mut digits, mut after)) = leading_digits(word) else {
            let in_words = IN_WORDS.iter().find(|(name, _)| word.to_lowercase() == *name);
            if let (Some((_, digits)), Some(next)) = (in_words, words.get(at)) {
                numbers.push(Number { digits: (*digits).to_owned(), word: unit_word(next) });
            }
            continue;
        };
        let next_digits = words.get(at).and_then(|next| leading_digits(next));
        if let Some((decimals, rest)) = next_digits.filter(|_| word.ends_with(',')) {
            digits = format!("{digits}.{decimals}");
            after = rest;
            at += 1;
        }
        let mut takes_groups = digits.len() <= 3 && !digits.contains('.');
        while takes_groups && after.is_empty() {
            let next = words.get(at).and_then(|next| leading_digits(next));
            let Some((group, rest)) = next.filter(|(group, _)| group_length(group) == 3) else {
                break;
            };
            takes_groups = !group.contains('.');
            digits.push_str(&group);
            after = rest;
            at += 1;
        }
        if after.is_empty() {
            after = words.get(at).map_or(String::new(), |next| next.to_lowercase());
        }
        numbers.push(Number { digits, word: unit_word(&after) });
    }
    numbers
}

fn unit_word(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%').to_lowercase()
}

fn group_length(group: &str) -> usize {
    group.split('.').next().map_or(0, str::len)
}

/// The digits that a word begins with, after any bracket or sign, and what follows them.
fn leading_digits(word: &str) -> Option<(String, String)> {
    let word = word.trim_start_matches(['(', '+', '”', '"']);
    let end = word.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(word.len());
    let (number, after) = word.split_at(end);
    let number = number.trim_end_matches(',');
    let has_digits = number.bytes().any(|b| b.is_ascii_digit());
    has_digits.then(|| (number.replace(',', "."), after.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_found_in_phrases() {
        let amounts = |text: &str| -> Vec<i64> {
            numbers(text).iter().filter_map(Number::amount).map(|money| money.ore() / 100).collect()
        };
        assert_eq!(amounts("från 7 400 kr till 14 200 kr per förlossning"), [7_400, 14_200]);
        assert_eq!(amounts("om 5000 kronor per förlossning"), [5_000]);
        assert_eq!(amounts("År 2022 tillförs 148,5 miljoner kronor"), [148_500_000]);
        assert_eq!(amounts("Omställningsbidrag (60 mkr)"), [60_000_000]);
        assert_eq!(amounts("326 896 457 kronor"), [326_896_457]);
        assert_eq!(amounts("tilldelas fem miljoner kronor"), [5_000_000]);
        assert_eq!(amounts("SLSO tilldelas 1, 5 miljoner kronor"), [1_500_000]);
        assert_eq!(amounts("den 1 januari 2023"), Vec::<i64>::new());
        let percents: Vec<_> =
            numbers("höjdes med 5 procent").iter().map(Number::percent).collect();
        assert_eq!(percents, [Ratio::parse("5")]);
        assert_eq!(
            numbers("till 6 700 förlossningar").first().and_then(Number::count),
            Some(6_700)
        );
    }
}
