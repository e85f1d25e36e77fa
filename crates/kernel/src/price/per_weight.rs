//! The formula *per-weight*: an amount times the weights of the contact (R28).
//!
//! 42 253,97 kr × 1,4385 = 60 782,34 kr, rounded once.

use super::compile::{BLANK, Class, Context, Pricer};
use crate::fact::WeightField;
use crate::id::TableId;
use crate::money::{Money, Ratio, Rounding};
use crate::time::Day;

/// The amount: exact product of `at_weight_one` and all weights, one rounding. `None` where the
/// product does not fit.
pub(super) fn amount(at_weight_one: Money, weights: &[Ratio], rounding: Rounding) -> Option<Money> {
    let product = weights.iter().try_fold(Ratio::ONE, |product, weight| product.times(*weight))?;
    at_weight_one.scaled(product, rounding.unit())
}

/// The weight of every field, from the one table, the latest on or before `day`; `None` where a
/// field is blank or its code has no weight (R23).
pub(super) fn weights(
    pricer: &Pricer<'_>,
    context: &Context,
    class: &Class,
    day: Day,
    table: &TableId,
    fields: &[WeightField],
) -> Option<Vec<Ratio>> {
    let weight = |field: &WeightField| {
        let code = code(pricer, context, class, field)?;
        let [written, of_drg] = pricer.weights.get(table.as_str())?;
        let dated = if *field == WeightField::Drg { of_drg } else { written }.get(code)?;
        let known = dated.iter().take_while(|(from, _)| *from <= day);
        known.last().map(|(_, weight)| *weight)
    };
    fields.iter().map(weight).collect()
}

fn code<'a>(
    pricer: &'a Pricer<'_>,
    context: &'a Context,
    class: &Class,
    field: &WeightField,
) -> Option<&'a str> {
    match field {
        WeightField::Unit => pricer.unit(context.unit?).map(|history| history.id.as_str()),
        WeightField::AreaClass => context.area_class.as_deref(),
        _ => {
            let at = pricer.fields.iter().position(|other| *other == field)?;
            let code = class.codes.get(at).copied().filter(|code| *code != BLANK)?;
            Some(pricer.texts.get(code))
        }
    }
}

impl<'r> Pricer<'r> {
    /// Field, code and weight of each factor of a per-weight rate for one contact; for explanations.
    pub fn factors(
        &self,
        row: &crate::contact::ContactRow,
        rate: &crate::fact::Rate,
        fields: &'r [WeightField],
    ) -> Option<Vec<(&'r WeightField, String, Ratio)>> {
        let (table, _) = rate.formula.weights()?;
        let era = self.era(row.care_date);
        let context = self.contexts.value(self.context(row.unit, era)?)?;
        let class = self.class_of_profile().get(row.profile as usize).copied()?;
        let class = self.classes.value(class)?;
        let found = weights(self, context, class, row.care_date, table, fields)?;
        let code = |field| code(self, context, class, field).map(str::to_owned);
        let codes: Option<Vec<String>> = fields.iter().map(code).collect();
        let factors = fields.iter().zip(codes?).zip(found);
        Some(factors.map(|((field, code), weight)| (field, code, weight)).collect())
    }
}
