//! `grant`: a pot divided by weights, and which rule a published division follows; state grants shown and followed.
//!
//! Owns: how results are told. Does not own: the file of weights (`weights`), the division (`kernel::money`) or the
//! comparison (`kernel::grant`).

pub(crate) mod account;
pub mod acts;
mod admit;
mod financing;
pub mod share;
mod sheets;
pub(crate) mod show;
mod weights;

pub use admit::admit;

use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::finding::Text;
use kernel::grant::{Fit, Published, fit};
use kernel::money::{AmountError, Money, Rounding, SplitError, grouped, split};
use serde::Serialize;
use std::path::Path;
use weights::read;

#[derive(Serialize)]
struct AllocateJson<'a> {
    total_ore: i64,
    rounding: &'static str,
    parts: Vec<PartJson<'a>>,
    residual_ore: i64,
}

#[derive(Serialize)]
struct PartJson<'a> {
    id: &'a str,
    weight: u64,
    amount_ore: i64,
    amount: String,
}

#[derive(Serialize)]
struct FitJson<'a> {
    rule: Option<&'static str>,
    also: Vec<&'static str>,
    verdict: String,
    residual_ore: i64,
    rows: Vec<MisfitJson<'a>>,
}

#[derive(Serialize)]
struct MisfitJson<'a> {
    id: &'a str,
    published_kr: i64,
    exact: String,
    difference_kr: i64,
}

/// Runs `grant allocate`.
pub fn allocate(
    out: Out,
    total: &str,
    file: &Path,
    rounding: Rounding,
    residue: Option<&str>,
) -> Result<Outcome, Failure> {
    let total = pot(total)?;
    let rows = read(file, false)?;
    let weights: Vec<(&str, u64)> = rows.iter().map(|row| (row.id.as_str(), row.weight)).collect();
    let split = split(total, &weights, rounding, residue)
        .map_err(|error| undivided(file, total, error, residue))?;
    let parts = rows.iter().zip(&split.parts);
    if out.format == Format::Json {
        let part = |(row, amount): (&'_ Published, &Money)| (row.weight, *amount);
        let parts = rows.iter().zip(&split.parts).map(|both| {
            let (weight, amount) = part(both);
            PartJson {
                id: &both.0.id,
                weight,
                amount_ore: amount.ore(),
                amount: amount.to_string(),
            }
        });
        let mut parts: Vec<PartJson<'_>> = parts.collect();
        parts.sort_by_key(|part| part.id);
        out.json(&AllocateJson {
            total_ore: total.ore(),
            rounding: rounding.name(),
            parts,
            residual_ore: split.residual.ore(),
        })?;
        return Ok(Outcome::Done);
    }
    let cells =
        parts.map(|(row, amount)| vec![row.id.as_str().into(), weight(row), (*amount).into()]);
    out.table(&PART_HEADS, &cells.collect::<Vec<_>>())?;
    if out.format == Format::Table {
        let (residual, name) = (split.residual, rounding.name());
        out.say(
            &format!("\n{total} fördelat med `{name}`; ofördelat {residual}"),
            &format!("\n{total} divided by `{name}`; unallocated {residual}"),
        );
    }
    Ok(Outcome::Done)
}

/// Runs `grant fit`.
pub fn published(out: Out, total: &str, file: &Path) -> Result<Outcome, Failure> {
    let total = pot(total)?;
    let rows = read(file, true)?;
    let found = fit(total, &rows).map_err(|error| undivided(file, total, error, None))?;
    let verdict = verdict(&found);
    let misfits = found.misfits.iter().filter_map(|misfit| Some((misfit, rows.get(misfit.row)?)));
    if out.format == Format::Json {
        let mut names = found.rules.iter().map(|rule| rule.name());
        let mut rows: Vec<MisfitJson<'_>> = misfits
            .map(|(misfit, row)| MisfitJson {
                id: &row.id,
                published_kr: row.amount.ore() / 100,
                exact: misfit.exact.decimals(6).unwrap_or_default(),
                difference_kr: misfit.difference.ore() / 100,
            })
            .collect();
        rows.sort_by_key(|row| row.id);
        out.json(&FitJson {
            rule: names.next(),
            also: names.collect(),
            verdict: out.lang.of(&verdict).to_owned(),
            residual_ore: found.residual.ore(),
            rows,
        })?;
        return Ok(Outcome::Done);
    }
    let cells = misfits.map(|(misfit, row)| {
        let exact = misfit.exact.decimals(6).unwrap_or_default();
        let shown = exact.replace('.', ",");
        vec![
            row.id.as_str().into(),
            row.amount.into(),
            Cell::of(&shown, &exact),
            misfit.difference.into(),
        ]
    });
    let cells: Vec<Vec<Cell>> = cells.collect();
    if out.format == Format::Csv || !cells.is_empty() {
        out.table(&MISFIT_HEADS, &cells)?;
    }
    if out.format == Format::Table {
        out.say(&verdict.sv, &verdict.en);
    }
    Ok(Outcome::Done)
}

const PART_HEADS: [Head; 3] = [
    text("id", "Mottagare", "Recipient"),
    number("weight", "Vikt", "Weight"),
    number("amount_ore", "Belopp", "Amount"),
];

const MISFIT_HEADS: [Head; 4] = [
    text("id", "Mottagare", "Recipient"),
    number("published_ore", "Publicerat", "Published"),
    number("exact", "Exakt andel, kr", "Exact share, kr"),
    number("difference_ore", "Skillnad mot avrundning var för sig", "Difference from half-up"),
];

fn weight(row: &Published) -> Cell {
    Cell::of(&grouped(row.weight), &row.weight.to_string())
}

fn verdict(found: &Fit) -> Text {
    let residual = found.residual;
    let whole = if residual == Money::ZERO {
        Text::new("beloppen summerar till hela potten", "the amounts sum to the whole pot")
    } else {
        Text::new(
            format!("av potten är {residual} inte fördelat"),
            format!("{residual} of the pot is not allocated"),
        )
    };
    match found.rules.first().map(|rule| rule.name()) {
        Some(rule) => Text::new(
            format!("regeln `{rule}` ger alla belopp; {}", whole.sv),
            format!("the rule `{rule}` gives every amount; {}", whole.en),
        ),
        None => {
            let within = found.within_kronor;
            Text::new(
                format!("inom ±{within} kr från exakt andel, ingen regel funnen; {}", whole.sv),
                format!(
                    "within ±{within} kr of its exact share, rule not identified; {}",
                    whole.en
                ),
            )
        }
    }
}

fn pot(total: &str) -> Result<Money, Failure> {
    Money::parse(total).map_err(|error| match error {
        AmountError::TooLarge => Failure::usage(
            format!("`--total {total}` är för stort; högst 100 000 000 000 000 kr"),
            format!("`--total {total}` is too large; at most 100 000 000 000 000 kr"),
        ),
        _ => Failure::usage(
            format!("`--total {total}` är inget belopp; skriv till exempel \"1 382 000 000 kr\" eller \"1 382 mkr\""),
            format!("`--total {total}` is no amount; write for instance \"1 382 000 000 kr\" or \"1 382 mkr\""),
        ),
    })
}

fn undivided(file: &Path, total: Money, error: SplitError, residue: Option<&str>) -> Failure {
    let (file, residue) = (file.display(), residue.unwrap_or_default());
    match error {
        SplitError::NoWeights => Failure::refused(
            format!(
                "`{file}`: ingen `weight` är större än 0, så potten går inte att dela; ange vikter"
            ),
            format!("`{file}`: no `weight` is above 0, so the pot cannot be divided; give weights"),
        ),
        SplitError::NotWholeKronor => Failure::refused(
            format!(
                "`--total {total}` är inte hela kronor, som avrundningen kräver; välj en avrundning i öre"
            ),
            format!(
                "`--total {total}` is not whole kronor, as the rounding needs; choose one in öre"
            ),
        ),
        SplitError::UnknownResidue => Failure::refused(
            format!("`--residue {residue}` finns inte bland mottagarna i `{file}`"),
            format!("`--residue {residue}` is not among the recipients in `{file}`"),
        ),
        SplitError::TooLarge => Failure::refused(
            format!("`{file}`: pott och vikter är för stora för att delas exakt"),
            format!("`{file}`: pot and weights are too large to divide exactly"),
        ),
    }
}
