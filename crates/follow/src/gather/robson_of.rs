//! What decides Robson's group of a birth, from contacts, measures and labour.

use super::Seen;
use super::measures::Measures;
use crate::case::{Case, Cases};
use crate::inputs::LabourStart;
use crate::robson::{Birth, Presentation, Robson, robson};

/// The group, 0 for unclassifiable.
pub(super) fn group(
    seen: &Seen<'_>,
    case: &Case,
    cases: &Cases,
    measures: &Measures<'_>,
    start: Option<LabourStart>,
) -> Option<u8> {
    let measure = |name| measures.name(name).and_then(|name| cases.measure(case, name));
    if let Some(reported) = measure("robson") {
        return Some(reported as u8);
    }
    let profile = seen.sources.reports.profile(case.profile)?;
    let planned_caesarean = profile.diagnoses.iter().any(|code| code.starts_with("O820"));
    let presentation = match measure("presentation").map(|value| value as u8) {
        Some(1) => Some(Presentation::Cephalic),
        Some(2) => Some(Presentation::Breech),
        Some(3) => Some(Presentation::Transverse),
        _ => None,
    };
    let children = measure("children").map(|children| children as u32);
    let days = profile.gestational_days.or_else(|| seen.episode.days_on(case.day));
    let birth = Birth {
        parity: profile.parity.and_then(|parity| u32::try_from(parity).ok()),
        previous_caesarean: measure("previous-caesarean").map(|value| value > 0.0),
        children: children.or(seen.birth.children.map(u32::from)),
        presentation,
        weeks: days.and_then(|days| u32::try_from(days / 7).ok()),
        start: start.or(planned_caesarean.then_some(LabourStart::PlannedCaesarean)),
    };
    match robson(birth) {
        Robson::Unclassifiable => Some(0),
        group => group.name().parse().ok(),
    }
}
