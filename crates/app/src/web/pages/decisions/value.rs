//! What a rate says, in the words of people.

use crate::commands::explain::words::needed;
use crate::output::Lang;
use crate::web::ask::Ask;
use crate::web::table::Cell;
use crate::words;
use kernel::fact::{Condition, Formula, Rate, UpliftBy};
use kernel::price::Key;
use kernel::time::{Day, Period};

/// The first day of a period; blank where it has none.
pub fn from(valid: Period) -> String {
    if valid.from == Day::MIN { String::new() } else { valid.from.to_string() }
}

/// The last day of a period; blank until further notice.
pub fn to(valid: Period) -> String {
    valid.last().map_or_else(String::new, |day| day.to_string())
}

/// The figure of a rate.
pub fn amount(ask: &Ask, rate: &Rate) -> Cell {
    match (&rate.formula, rate.formula.amount()) {
        (_, Some(amount)) => amount.into(),
        (Formula::Uplift { by: UpliftBy::Percent(percent), .. }, None) => {
            let shown = format!("{percent} %").replace('.', ask.say(",", "."));
            Cell::of(&shown, &shown)
        }
        _ => Cell::from(ask.say("i steg", "by steps")),
    }
}

/// A rate in words: how much of what.
pub fn said(ask: &Ask, rate: &Rate) -> String {
    let formula = formula(ask, rate);
    match (&rate.formula, rate.formula.amount()) {
        (_, Some(amount)) => format!("{amount} {formula}"),
        (Formula::Uplift { .. }, None) => format!("{} {formula}", amount(ask, rate).shown()),
        _ => formula,
    }
}

/// How a rate is formed.
pub fn formula(ask: &Ask, rate: &Rate) -> String {
    let of = rate.formula.of().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match &rate.formula {
        Formula::PerContact { .. } => ask.say("per kontakt", "per contact").to_owned(),
        Formula::PerWeight { weights, .. } => {
            format!("{} {weights}", ask.say("gånger vikt i", "times weight in"))
        }
        Formula::PerPeriod { period, .. } => {
            format!("{} {period}", ask.say("per graviditetsperiod", "per pregnancy period"))
        }
        Formula::Uplift { .. } => format!("{} {of}", ask.say("påslag på", "raise on")),
        Formula::Tier { .. } => format!("{} {of}", ask.say("volymsteg på", "tier on")),
        Formula::Ceiling { .. } => format!("{} {of}", ask.say("tak på", "ceiling on")),
        Formula::Lump { .. } => ask.say("engångsbelopp per enhet", "once per unit").to_owned(),
        Formula::FixedMonthly { .. } => {
            ask.say("per år, en tolftedel i månaden", "a year, a twelfth a month").to_owned()
        }
        Formula::Share { .. } => ask.say("del av en pott", "share of a pot").to_owned(),
    }
}

/// What must hold for it to apply.
pub fn condition(ask: &Ask, when: &Condition) -> String {
    let keys = Key::ALL.iter().map(|key| (*key, ask.of(&needed(*key, when))));
    let said = keys.filter(|(_, needed)| !needed.is_empty()).map(|(key, needed)| {
        let name = if ask.lang == Lang::Sv { words::key(key) } else { key.name() };
        format!("{name}: {needed}")
    });
    let said = said.collect::<Vec<_>>().join("; ");
    if said.is_empty() { ask.say("alla", "all").to_owned() } else { said }
}
