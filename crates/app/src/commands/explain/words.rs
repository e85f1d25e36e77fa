//! The words of an explanation, in plain administrative Swedish and in English.

use crate::words;
use kernel::contact::{ContactRow, Profile, Reports};
use kernel::explain::{Arithmetic, Explanation, RateExplanation};
use kernel::fact::{
    Area, ClassMatch, CodePattern, Condition, Form, Residence, Residences, WeightField,
};
use kernel::finding::Text;
use kernel::money::{Money, Rounding};
use kernel::price::{Judgement, Key, Obstacle, Reason};
use kernel::time::Day;

/// What people call a rate: its label, and its element where that says more.
pub fn label(told: &RateExplanation<'_, '_>) -> String {
    let rate = told.rate.known.fact;
    match &told.rate.known.stated.label {
        Some(label) => format!("{label} ({})", rate.id),
        None => format!("{} ({})", rate.element, rate.id),
    }
}

/// Agreement, payer and whether it is priced at all.
pub fn head(explanation: &Explanation<'_, '_>) -> Vec<Text> {
    let mut lines = Vec::new();
    match &explanation.under {
        None => lines.push(Text::new(
            "Enheten hade inget avtal den dagen",
            "The unit had no agreement on that day",
        )),
        Some(under) => {
            let (id, form) = (&under.agreement.fact.id, form(under.agreement.fact.form));
            lines.push(Text::new(
                format!("Avtal {id}: {}", form.sv),
                format!("Agreement {id}: {}", form.en),
            ));
        }
    }
    if let Some(payer) = explanation.payer {
        lines.push(Text::new(format!("Betalare {payer}"), format!("Payer {payer}")));
    }
    if let Some(reason) = explanation.unpriced {
        let why = unpriced(reason);
        lines.push(Text::new(
            format!("Kontakten har inget pris: {}", why.sv),
            format!("The contact is unpriced: {}", why.en),
        ));
    }
    lines
}

fn form(form: Form) -> Text {
    match form {
        Form::CareChoice => {
            Text::new("vårdval, betalas per prestation", "care choice, paid by performance")
        }
        Form::BudgetAssignment => Text::new(
            "uppdrag i regionens budget, beloppen är skuggbelopp",
            "assignment in the region's budget, amounts are shadows",
        ),
        Form::Procured => {
            Text::new("upphandlat, betalas per prestation", "procured, paid by performance")
        }
    }
}

fn unpriced(reason: Reason) -> Text {
    match reason {
        Reason::NoAgreement => {
            Text::new("enheten hade inget avtal den dagen", "the unit had no agreement on that day")
        }
        Reason::TooLate => Text::new(
            "den rapporterades senare än avtalet tillåter",
            "it was reported later than the agreement allows",
        ),
        Reason::NoPayer => {
            Text::new("ingen betalare passar folkbokföringen", "no payer matches the residence")
        }
        Reason::NoWeight => Text::new(
            "en vikt saknas, till exempel för dess DRG",
            "a weight is missing, for its DRG for instance",
        ),
        Reason::IncludedInPeriod => Text::new(
            "den ingår i periodersättningen för ett annat besök",
            "it is included in the period pay of another visit",
        ),
        Reason::NoGestationalDays => {
            Text::new("graviditetslängd saknas", "days of pregnancy are missing")
        }
        Reason::NoRate => Text::new("ingen ersättningsnivå gäller den", "no rate applies to it"),
    }
}

/// The lines of an element that applied.
pub fn applied(told: &RateExplanation<'_, '_>, explanation: &Explanation<'_, '_>) -> Vec<Text> {
    let Judgement::Line(line) = &told.judgement else { return Vec::new() };
    let known = &told.rate.known;
    let rate = known.fact;
    let how = told.arithmetic.as_ref().map(|how| arithmetic(how, Some(line.amount)));
    let how = how.unwrap_or_else(|| Text::new(line.amount.to_string(), line.amount.to_string()));
    let shadow = if line.payable { "" } else { " [skuggbelopp]" };
    let mut lines = vec![Text::new(
        format!("  {}: {}{shadow}", label(told), how.sv),
        format!("  {}: {}{}", label(told), how.en, if line.payable { "" } else { " [shadow]" }),
    )];
    let decision = known.decision;
    let to = rate.valid.last().map_or_else(
        || Text::new("tills vidare", "until further notice"),
        |last| Text::new(format!("t.o.m. {last}"), format!("to {last}")),
    );
    let late = if explanation.care_date < decision.known_from {
        Text::new(", alltså retroaktivt", ", so retroactively")
    } else {
        Text::new("", "")
    };
    let (id, known_from) = (&decision.id, decision.known_from);
    let case = decision.case_number.as_deref().map_or(String::new(), |case| format!(", {case}"));
    lines.push(Text::new(
        format!(
            "      beslut {id} ({}{case}), gäller fr.o.m. {} {}, känt senast {known_from}{}",
            decision.body, rate.valid.from, to.sv, late.sv
        ),
        format!(
            "      decision {id} ({}{case}), valid from {} {}, known by {known_from}{}",
            decision.body, rate.valid.from, to.en, late.en
        ),
    ));
    if let Some(anchor) = &known.stated.anchor {
        let title = decision.source.as_ref().map_or("", |source| source.title.as_str());
        lines.push(Text::new(
            format!("      ”{anchor}” i källan ”{title}”"),
            format!("      “{anchor}” in the source “{title}”"),
        ));
    }
    lines.extend(marks(told));
    lines
}

/// What must be known of a rate that applied.
pub fn marks(told: &RateExplanation<'_, '_>) -> Option<Text> {
    let rate = told.rate;
    let keys = rate.known.decision.unverified.join(", ");
    match (rate.illustrative, rate.unverified) {
        (true, _) => Some(Text::new(
            "      ILLUSTRATIVT: inget offentligt värde finns; beloppet är påhittat",
            "      ILLUSTRATIVE: no public value exists; the amount is made up",
        )),
        (false, true) => Some(Text::new(
            format!("      EJ VERIFIERAT: {keys}"),
            format!("      UNVERIFIED: {keys}"),
        )),
        (false, false) => None,
    }
}

/// How an amount is made, with its result.
pub fn arithmetic(how: &Arithmetic<'_>, amount: Option<Money>) -> Text {
    let result = amount.map_or(String::new(), |amount| amount.to_string());
    let both = |text: String| Text::new(text.clone(), text);
    match how {
        Arithmetic::Amount(amount) => both(amount.to_string()),
        Arithmetic::Weighted { at_weight_one, factors, rounding } => {
            let product = |name: fn(Text) -> String| {
                let factors = factors.iter().map(|(field, code, weight)| {
                    format!("{weight} ({} {code})", name(field_name(field)))
                });
                format!("{at_weight_one} × {}", factors.collect::<Vec<_>>().join(" × "))
            };
            let sv = rounded(&product(|field| field.sv), &result, *rounding).sv;
            Text::new(sv, rounded(&product(|field| field.en), &result, *rounding).en)
        }
        Arithmetic::Raised { percent, lines, sum, rounding } => {
            let parts: Vec<String> =
                lines.iter().map(|(element, amount)| format!("{element} {amount}")).collect();
            let base = if lines.len() > 1 {
                format!("({}) = {sum}", parts.join(" + "))
            } else {
                parts.join("")
            };
            let sv = rounded(&format!("{percent} % av {base}"), &result, *rounding).sv;
            let en = rounded(&format!("{percent} % of {base}"), &result, *rounding).en;
            Text::new(sv, en)
        }
        Arithmetic::Tiered { number, base, percent, over } => Text::new(
            format!(
                "kontakt {number} i ordningen för året, över {over} ersätts {percent} % av {base} → {result}"
            ),
            format!(
                "contact {number} of the year, above {over} {percent} % of {base} is paid → {result}"
            ),
        ),
        Arithmetic::Capped { before, base, steps } => {
            let after = *before + *base;
            let bands = steps.iter().map(|step| (step.over, step.percent));
            let bands = |of: &str, over: &str| {
                let band = |(from, percent)| format!("{over} {from} {percent} %");
                format!("{of} {}", bands.clone().map(band).collect::<Vec<_>>().join(", "))
            };
            Text::new(
                format!(
                    "årets summa går från {before} till {after}; ersätts {} → {result}",
                    bands("till", "över")
                ),
                format!(
                    "the sum of the year goes from {before} to {after}; paid {} → {result}",
                    bands("at", "above")
                ),
            )
        }
    }
}

fn rounded(product: &str, result: &str, rounding: Rounding) -> Text {
    let (sv, en) = match rounding {
        Rounding::HalfUpKrona => ("avrundat till hela kronor", "rounded to whole kronor"),
        _ => ("avrundat till öre", "rounded to öre"),
    };
    Text::new(format!("{product} → {result} ({sv})"), format!("{product} → {result} ({en})"))
}

fn field_name(field: &WeightField) -> Text {
    let key = match field {
        WeightField::Drg => return Text::new("DRG", "DRG"),
        WeightField::Class(name) => return Text::new(name.clone(), name.clone()),
        WeightField::Unit => Key::Unit,
        WeightField::Kind => Key::Kind,
        WeightField::Profession => Key::Profession,
        WeightField::Place => Key::Place,
        WeightField::Residence => Key::Residence,
        WeightField::AreaClass => Key::AreaClass,
    };
    Text::new(words::key(key), key.name())
}

/// Why a rate applied or did not.
pub fn reason(reports: &Reports, row: &ContactRow, told: &RateExplanation<'_, '_>) -> Text {
    let rate = told.rate.known.fact;
    match &told.judgement {
        Judgement::Line(_) => Text::new("gäller kontakten", "applies to the contact"),
        Judgement::Not(Obstacle::NotValid) => {
            not_valid(rate.valid.from, rate.valid.last(), row.care_date)
        }
        Judgement::Not(Obstacle::Condition(key)) => {
            let reported = reports.profile(row.profile).map(|p| reported(p, *key));
            condition(*key, &rate.when, &reported.unwrap_or_else(nothing))
        }
        Judgement::Not(Obstacle::Replaced(_)) => {
            let other = told.replaced_by.unwrap_or("");
            Text::new(format!("ersatt av {other}"), format!("replaced by {other}"))
        }
        Judgement::Not(Obstacle::NothingToRaise) => Text::new(
            "kontakten har inget av det som räknas upp",
            "the contact has none of what it raises",
        ),
        Judgement::Not(Obstacle::NotIndividual) => Text::new(
            "besöket är inte rapporterat som enskilt",
            "the visit is not reported as individual",
        ),
        Judgement::Not(Obstacle::WithoutDays) => unpriced(Reason::NoGestationalDays),
        Judgement::Not(Obstacle::OtherPeriod(Some(period))) => Text::new(
            format!("besöket är i graviditetsperiod {period}"),
            format!("the visit is in pregnancy period {period}"),
        ),
        Judgement::Not(Obstacle::OtherPeriod(None)) => Text::new(
            "en förlossning hör inte till någon graviditetsperiod",
            "a delivery is in no pregnancy period",
        ),
        Judgement::Not(Obstacle::OtherVisit(_)) => taken(reports, row, told.taken_by.as_ref()),
        Judgement::Not(Obstacle::WithinSteps) => Text::new(
            "årets antal eller summa ändrar inte beloppet",
            "the number or sum of the year does not change the amount",
        ),
        Judgement::Not(Obstacle::Unpriced(reason)) => unpriced(*reason),
        Judgement::Not(Obstacle::UnitFormula) => Text::new("går till enheter", "goes to units"),
    }
}

/// The visit that takes a period; another clinic's is told of by its day alone.
fn taken(reports: &Reports, row: &ContactRow, taker: Option<&ContactRow>) -> Text {
    let Some(taker) = taker else { return unpriced(Reason::IncludedInPeriod) };
    let day = taker.care_date;
    if taker.unit != row.unit {
        return Text::new(
            format!(
                "periodens ersättning har gått till ett tidigare besök {day} på en annan mottagning"
            ),
            format!("the pay of the period goes to an earlier visit on {day} at another clinic"),
        );
    }
    let id = reports.contact_ids.get(taker.contact);
    Text::new(
        format!("periodens ersättning har gått till besök {id} den {day}"),
        format!("the pay of the period goes to visit {id} on {day}"),
    )
}

fn not_valid(from: Day, last: Option<Day>, care_date: Day) -> Text {
    match last.filter(|last| *last < care_date) {
        Some(last) => Text::new(
            format!("gällde t.o.m. {last}, vården gavs {care_date}"),
            format!("was valid to {last}, the care was on {care_date}"),
        ),
        None => Text::new(
            format!("gäller först fr.o.m. {from}, vården gavs {care_date}"),
            format!("is valid from {from}, the care was on {care_date}"),
        ),
    }
}

/// What the contact says where a key asks; empty where it is blank or the register answers.
fn reported(contact: &Profile, key: Key) -> Text {
    let number = |value: Option<i32>| value.map_or(String::new(), |number| number.to_string());
    let text = |value: &Option<std::sync::Arc<str>>| value.as_deref().unwrap_or("").to_owned();
    let said = match key {
        Key::Kind => return words::contact_kind(contact.kind),
        Key::Place => return words::place(contact.place.as_deref().unwrap_or("")),
        Key::ByTeam => return contact.by_team.map_or_else(nothing, yes_no),
        Key::Enrolled => return contact.enrolled.map_or_else(nothing, yes_no),
        Key::Individual => return contact.individual.map_or_else(nothing, yes_no),
        Key::Drg => text(&contact.drg),
        Key::Diagnosis => contact.diagnoses.join(" "),
        Key::Procedure => contact.procedures.join(" "),
        Key::Profession => text(&contact.profession),
        Key::Residence => text(&contact.residence),
        Key::Parity => number(contact.parity),
        Key::GestationalDays => number(contact.gestational_days),
        Key::Class => {
            let classes = contact.classes.iter().map(|(name, value)| format!("{name}={value}"));
            classes.collect::<Vec<_>>().join(" ")
        }
        Key::Unit | Key::Holds | Key::Area | Key::AreaClass => String::new(),
    };
    Text::new(said.clone(), said)
}

fn nothing() -> Text {
    Text::new("", "")
}

fn yes_no(value: bool) -> Text {
    if value { Text::new("ja", "yes") } else { Text::new("nej", "no") }
}

fn condition(key: Key, when: &Condition, reported: &Text) -> Text {
    let (needed, name) = (needed(key, when), words::key(key));
    let of_unit = matches!(key, Key::Unit | Key::Holds | Key::Area | Key::AreaClass);
    if key == Key::Holds {
        return Text::new(
            format!("enheten hade inte uppdraget {} den dagen", needed.sv),
            format!("the unit did not hold the assignment {} on that day", needed.en),
        );
    }
    if of_unit {
        return Text::new(
            format!("gäller bara {name} {}", needed.sv),
            format!("is only for {key} {}", needed.en),
        );
    }
    if reported.sv.is_empty() {
        return Text::new(
            format!("uppgiften {name} är inte rapporterad; det krävs {}", needed.sv),
            format!("`{key}` is not reported; {} is needed", needed.en),
        );
    }
    Text::new(
        format!("uppgiften {name} är rapporterad som {}; det krävs {}", reported.sv, needed.sv),
        format!("`{key}` is reported as {}; {} is needed", reported.en, needed.en),
    )
}

/// What a key of a condition asks for; blank where it asks for nothing.
pub(crate) fn needed(key: Key, when: &Condition) -> Text {
    let (unit, contact) = (&when.unit, &when.contact);
    let both = |text: &str| Text::new(text, text);
    let texts = |values: &Option<Vec<String>>| {
        values.iter().flatten().map(|text| both(text)).collect::<Vec<_>>()
    };
    let codes = |values: &Option<Vec<CodePattern>>| {
        let pattern = |pattern: &CodePattern| match pattern {
            CodePattern::Exact(code) => both(code),
            CodePattern::Prefix(prefix) => both(&format!("{prefix}*")),
        };
        values.iter().flatten().map(pattern).collect::<Vec<_>>()
    };
    let booleans = |values: &Option<Vec<bool>>| {
        values.iter().flatten().map(|value| yes_no(*value)).collect::<Vec<_>>()
    };
    let range = |range: Option<(i32, i32)>| match range {
        Some((from, to)) if from == to => vec![both(&from.to_string())],
        Some((from, to)) => vec![both(&format!("{from}–{to}"))],
        None => Vec::new(),
    };
    let all: Vec<Text> = match key {
        Key::Unit => unit.unit.iter().flatten().map(|unit| both(unit.as_str())).collect(),
        Key::Holds => {
            unit.holds.iter().flatten().map(|name| words::assignment(name.as_str())).collect()
        }
        Key::Area => {
            let area = |area: &Area| Text::new(words::area(*area), area.name());
            unit.area.iter().flatten().map(area).collect()
        }
        Key::AreaClass => texts(&unit.area_class),
        Key::Kind => contact.kind.iter().flatten().map(|kind| words::contact_kind(*kind)).collect(),
        Key::Drg => codes(&contact.drg),
        Key::Diagnosis => codes(&contact.diagnosis),
        Key::Procedure => codes(&contact.procedure),
        Key::Place => contact.place.iter().flatten().map(|place| words::place(place)).collect(),
        Key::Profession => texts(&contact.profession),
        Key::Residence => contact.residence.iter().flat_map(residences).collect(),
        Key::ByTeam => booleans(&contact.by_team),
        Key::Enrolled => booleans(&contact.enrolled),
        Key::Individual => booleans(&contact.individual),
        Key::Parity => range(contact.parity),
        Key::GestationalDays => range(contact.gestational_days),
        Key::Class => {
            let classes = contact.class.iter().flatten();
            let one = |class: &ClassMatch| {
                let values: Vec<Text> =
                    class.values.iter().map(|one| words::class_value(one)).collect();
                let joined = |name: fn(&Text) -> &str| {
                    let names: Vec<&str> = values.iter().map(name).collect();
                    format!("{} = {}", class.name, names.join(" / "))
                };
                Text::new(joined(|text| &text.sv), joined(|text| &text.en))
            };
            classes.map(one).collect()
        }
    };
    let sv: Vec<&str> = all.iter().map(|text| text.sv.as_str()).collect();
    let en: Vec<&str> = all.iter().map(|text| text.en.as_str()).collect();
    Text::new(sv.join(" / "), en.join(" / "))
}

fn residences(residences: &Residences) -> Vec<Text> {
    let word = |one: &Residence| match one {
        Residence::Exact(code) | Residence::County(code) => Text::new(code.clone(), code.clone()),
        Residence::OutOfCounty => Text::new("annan region", "another region"),
    };
    let not = residences.not.iter().map(|one| {
        let word = word(one);
        Text::new(format!("inte {}", word.sv), format!("not {}", word.en))
    });
    residences.plain.iter().map(word).chain(not).collect()
}
