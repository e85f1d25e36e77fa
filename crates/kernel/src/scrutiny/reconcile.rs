//! The single change that would make a broken sum hold.
//!
//! Owns: which slip explains a difference: a unit, a digit, two digits swapped, a part that is missing. Does not own: sums.
//!
//! Parts of 4, 3 and 5 000 against a whole of 12 are mended by reading 5 000 as 5.

use super::value::Value;
use super::words;
use crate::finding::Text;
use crate::money::Money;
use crate::paper::Paper;

/// What would mend a sum, and whether it is a slip of unit.
pub(super) struct Mending {
    pub text: Text,
    pub is_unit: bool,
}

/// How a broken sum of exact figures would hold.
pub(super) fn mend(paper: &Paper, stated: &Value, parts: &[Value]) -> Option<Mending> {
    let sum = Value::sum(parts)?;
    let difference = stated.printed.checked_sub(sum.printed)?;
    unit_slip(paper, stated, parts, difference)
        .or_else(|| digit_slip(paper, stated, &sum, parts, difference))
        .or_else(|| missing(paper, stated, &sum, difference))
}

/// Whether a figure has three digits or more that say something: two such that are nearly alike are hardly two things.
pub(super) fn is_telling(ore: i64) -> bool {
    ore.to_string().trim_end_matches('0').len() >= 3
}

fn single(value: &Value) -> Option<usize> {
    match value.of.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// One part, or the whole, that fits when read a thousand or a million times larger or smaller.
fn unit_slip(paper: &Paper, stated: &Value, parts: &[Value], difference: i64) -> Option<Mending> {
    let mut found: Vec<(usize, i64, bool)> = Vec::new();
    let wanted = |value: &Value, wanted: i64| -> Option<(usize, i64, bool)> {
        let (at, factor) = (single(value)?, shift(value.printed, wanted)?);
        Some((at, wanted, factor >= 1_000))
    };
    for part in parts {
        found.extend(part.printed.checked_add(difference).and_then(|new| wanted(part, new)));
    }
    found.extend(wanted(stated, Value::sum(parts)?.printed));
    let [(at, value, is_unit)] = found.as_slice() else { return None };
    Some(Mending { text: change(paper, *at, *value)?, is_unit: *is_unit })
}

/// How many times larger one figure is than the other, where that is what a comma or a unit makes.
pub(super) fn shift(one: i64, other: i64) -> Option<i64> {
    let (small, large) = (one.abs().min(other.abs()), one.abs().max(other.abs()));
    let factor = (small > 0 && large % small == 0).then(|| large / small)?;
    matches!(factor, 10 | 100 | 1_000 | 1_000_000).then_some(factor)
}

/// The one figure that fits when one digit is changed, or two beside one another swap places.
fn digit_slip(
    paper: &Paper,
    stated: &Value,
    sum: &Value,
    parts: &[Value],
    difference: i64,
) -> Option<Mending> {
    let mut found: Vec<(usize, i64)> = Vec::new();
    for part in parts {
        if let (Some(at), Some(new)) = (single(part), part.printed.checked_add(difference))
            && is_one_slip(part.printed, new)
        {
            found.push((at, new));
        }
    }
    if let Some(at) = single(stated).filter(|_| is_one_slip(stated.printed, sum.printed)) {
        found.push((at, sum.printed));
    }
    let [(at, value)] = found.as_slice() else { return None };
    Some(Mending { text: change(paper, *at, *value)?, is_unit: false })
}

/// Whether two figures differ by one digit, or by two neighbours that have swapped places.
pub(super) fn is_one_slip(one: i64, other: i64) -> bool {
    let (a, b) = (one.to_string(), other.to_string());
    if a.len() != b.len() || one == other {
        return false;
    }
    let apart: Vec<usize> = a
        .bytes()
        .zip(b.bytes())
        .enumerate()
        .filter(|(_, (x, y))| x != y)
        .map(|(at, _)| at)
        .collect();
    match apart.as_slice() {
        [_] => true,
        [x, y] => {
            let at = |text: &str, at: &usize| text.as_bytes().get(*at).copied();
            *y == x + 1 && at(&a, x) == at(&b, y) && at(&a, y) == at(&b, x)
        }
        _ => false,
    }
}

/// Whether one slip of a digit or a unit would make a sum hold: then it is hardly by chance that it nearly does.
pub(super) fn is_near(stated: &Value, parts: &[Value]) -> bool {
    let Some(sum) = Value::sum(parts) else { return false };
    let Some(difference) = stated.printed.checked_sub(sum.printed) else { return false };
    let slips = |one: i64, other: i64| is_one_slip(one, other) || shift(one, other).is_some();
    slips(stated.printed, sum.printed)
        || parts.iter().any(|part| {
            part.printed.checked_add(difference).is_some_and(|new| slips(part.printed, new))
        })
}

/// Whether a sum is near enough its whole to be meant as it: no further from it than a part may be that was left out, or one slip.
pub(super) fn is_likely(stated: &Value, parts: &[Value]) -> bool {
    let Some(sum) = Value::sum(parts) else { return false };
    let apart = stated.printed.abs_diff(sum.printed);
    let most = stated.printed.unsigned_abs().max(sum.printed.unsigned_abs());
    stated.printed != 0 && (apart <= most / 5 * 2 || is_near(stated, parts))
}

fn missing(paper: &Paper, stated: &Value, sum: &Value, difference: i64) -> Option<Mending> {
    if sum.printed <= 0 || stated.printed <= 0 {
        return None;
    }
    let (apart, sum, whole) =
        (Money::from_ore(difference.abs()), Money::from_ore(sum.printed), named(paper, stated));
    let text = if difference > 0 {
        Text::new(
            format!("en post om {apart} läggs till, eller {whole} ändras till {sum}"),
            format!("an item of {apart} is added, or {whole} becomes {sum}"),
        )
    } else {
        Text::new(
            format!("posterna minskas med {apart}, eller {whole} ändras till {sum}"),
            format!("the items are lowered by {apart}, or {whole} becomes {sum}"),
        )
    };
    Some(Mending { text, is_unit: false })
}

fn named(paper: &Paper, value: &Value) -> String {
    let text = single(value)
        .and_then(|at| paper.amounts().get(at))
        .map(|amount| words(&paper.text(amount.span)));
    text.map_or_else(|| Money::from_ore(value.printed).to_string(), |text| format!("`{text}`"))
}

/// A change of one figure of the text.
fn change(paper: &Paper, at: usize, value: i64) -> Option<Text> {
    let amount = paper.amounts().get(at)?;
    let (text, line) = (words(&paper.text(amount.span)), paper.line_number(amount.span.start));
    let value = Money::from_ore(value);
    Some(Text::new(
        format!("`{text}` på rad {line} ändras till {value}"),
        format!("`{text}` on line {line} becomes {value}"),
    ))
}
