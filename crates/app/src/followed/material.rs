//! What a year's figures follow from, as one hash.
//!
//! Owns: that whatever could change a told figure of the year changes the hash. Does not own: how figures are counted or protected: where
//! that is changed, so must [`WAY`] be.
//!
//! Two births that came in another order have the same hash; a birth whose answer to one indicator changed has another.

use super::continuity::continuity_of;
use super::group::{By, key};
use crate::data::Followed;
use follow::continuity::Continuity;
use follow::indicator::{Defined, Judged, definitions};
use follow::one_to_one::{Birth, Outcome, Span};
use kernel::fact::Gives;
use kernel::time::{Day, Month};
use std::fmt::Write;
use store::files::sha256;

/// The way in which figures are counted and protected. Raised where the same material would be told otherwise: then what was published
/// before cannot be told again, and is not.
const WAY: u32 = 3;

/// The definitions of births of a year.
pub fn of_year<'r>(followed: &'r Followed, year: i32) -> Vec<Defined<'r>> {
    let last_day = Month::new(year, 12).map_or(Day::MAX, Month::last_day);
    definitions(&followed.view(), last_day)
}

/// SHA-256 in hexadecimal.
pub fn hash(followed: &Followed, year: i32) -> String {
    let mut lines = vec![format!("way {WAY}"), format!("threshold {}", followed.threshold())];
    let known = of_year(followed, year);
    lines.extend(known.iter().map(|one| {
        let fact = one.indicator.fact;
        let gives = match &fact.gives {
            Gives::Share => "share",
            Gives::Mean(_) => "mean",
            Gives::Median(_) => "median",
            Gives::Answers(question) => question,
            Gives::CapacityUsed => "capacity",
        };
        let family = fact.family.as_deref().unwrap_or("");
        format!(
            "indicator {} {} {gives} {family} {}",
            fact.id, fact.valid.from, fact.minimum_reported
        )
    }));
    let plans = followed.plans.iter().filter(|((of, _), _)| *of == year);
    lines.extend(plans.map(|((_, unit), births)| format!("plan {unit} {births}")));
    lines.extend(surveys(followed, year));
    lines.extend(births(followed, year, &known));
    lines.sort_unstable();
    sha256(lines.join("\n").as_bytes())
}

fn surveys(followed: &Followed, year: i32) -> Vec<String> {
    let (texts, all) = (&followed.inputs.texts, followed.inputs.surveys.iter());
    all.filter(|survey| survey.to.first_day().year() == year)
        .map(|one| {
            let (unit, question) = (texts.get(one.unit), texts.get(one.question));
            let (asked, answered, counted) = (one.asked, one.answered, one.counted);
            format!("survey {unit} {question} {} {} {asked} {answered} {counted}", one.from, one.to)
        })
        .collect()
}

fn births(followed: &Followed, year: i32, known: &[Defined<'_>]) -> Vec<String> {
    let of_year = followed.births_of(year);
    let judged: Vec<Vec<Judged>> =
        known.iter().map(|one| followed.judged(one.indicator.fact, year)).collect();
    let groups: Vec<By> = By::ALL.iter().copied().filter(|by| by.is_of_women()).collect();
    let gathered = &followed.gathered;
    of_year
        .filter_map(|at| {
            let case = gathered.cases.births.get(at)?;
            let mut line = format!("birth {} {}", followed.unit(case.unit), case.day);
            for by in &groups {
                let _ = write!(line, " {}", key(followed, *by, case));
            }
            for one in judged.iter().filter_map(|judged| judged.get(at)) {
                let _ = match one {
                    Judged::Value(value) => write!(line, " {value}"),
                    other => write!(line, " {}", code(*other)),
                };
            }
            let known = case.met.and_then(|met| met.knew_carer_or_team(1));
            let _ =
                write!(line, " met {}", known.map_or("-", |known| if known { "y" } else { "n" }));
            for found in continuity_of(followed, at) {
                line.push_str(&of_phase(&found));
            }
            line.push_str(&gathered.minutes.births.get(at).map_or_else(String::new, labour));
            Some(line)
        })
        .collect()
}

const fn code(judged: Judged) -> char {
    match judged {
        Judged::NotMeant => '.',
        Judged::Pending => 'p',
        Judged::MaybeMeant => 'm',
        Judged::Unreported => 'u',
        Judged::No => 'n',
        Judged::Yes => 'y',
        Judged::Value(_) => 'v',
    }
}

fn of_phase(found: &Continuity) -> String {
    let share = |share: Option<follow::continuity::Share>| {
        share.map_or_else(|| "-".to_owned(), |share| format!("{}/{}", share.part(), share.whole()))
    };
    format!(" {} {} {} {}", found.contacts, found.carers, share(found.coc), share(found.upc))
}

fn labour(birth: &Birth) -> String {
    let outcome = match birth.outcome {
        Outcome::Measured => "measured",
        Outcome::Apart(_) => "apart",
        Outcome::Missing(_) | Outcome::Faulty(_) => "missing",
    };
    let spans = |spans: &mut dyn Iterator<Item = &Span>| {
        let each = spans.map(|span| format!("{}-{}", span.from.number(), span.until.number()));
        each.collect::<Vec<_>>().join(",")
    };
    let (active, own) = (spans(&mut birth.active.iter()), spans(&mut birth.own.iter()));
    format!(" labour {outcome} {active} {own} {}", spans(&mut birth.unknown.iter()))
}
