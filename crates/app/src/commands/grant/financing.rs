//! What grants pay of what goes on without them, and what stands unfinanced when the last one ends.
//!
//! Owns: how it is told. Does not own: the sums (`kernel::grant`).

use super::show::RangeJson;
use crate::failure::Failure;
use crate::output::{Cell, Head, Out, number, text};
use kernel::grant::YearFinanced;
use schemars::JsonSchema;
use serde::Serialize;

/// A year.
#[derive(Serialize, JsonSchema)]
pub(super) struct FinancingJson {
    year: i32,
    decided: RangeJson,
    proposed: RangeJson,
    last: bool,
    unfinanced_after: RangeJson,
}

impl FinancingJson {
    /// Of a year.
    pub(super) fn new(of: &YearFinanced) -> Self {
        Self {
            year: of.year,
            decided: RangeJson::new(of.decided),
            proposed: RangeJson::new(of.proposed),
            last: of.is_last,
            unfinanced_after: RangeJson::new(of.unfinanced_after),
        }
    }
}

const FINANCING_HEADS: [Head; 4] = [
    text("year", "År", "Year"),
    number("decided_ore", "Varaktigt, beslutat", "Goes on, decided"),
    number("proposed_ore", "Varaktigt, föreslaget", "Goes on, proposed"),
    number("unfinanced_after_ore", "Utan finansiering därefter", "Unfinanced after"),
];

/// Tells the years for people.
pub(super) fn tell_financing(out: Out, years: &[YearFinanced]) -> Result<(), Failure> {
    out.say(
        "\nVaraktiga kostnader (ersättningshöjningar) som statsbidragen betalar",
        "\nWhat goes on (raises) and is paid by grants",
    );
    let cells = |of: &YearFinanced| {
        let unfinanced = if of.is_last {
            of.unfinanced_after.printed.into()
        } else {
            Cell::of(out.lang.pick("ej känt", "not known"), "")
        };
        vec![
            of.year.to_string().into(),
            of.decided.printed.into(),
            of.proposed.printed.into(),
            unfinanced,
        ]
    };
    out.table(&FINANCING_HEADS, &years.iter().map(cells).collect::<Vec<_>>())
}
