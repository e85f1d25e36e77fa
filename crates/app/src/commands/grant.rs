//! `grant`: a pot divided by weights, and which rule a published division follows.
//!
//! Owns: the file of weights and how results are told. Does not own: the division (`kernel::money`) or the comparison
//! (`kernel::grant`).

pub mod show;

use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Head, Out, number, text};
use kernel::finding::{Code, Finding, Severity, Text};
use kernel::grant::{Fit, Published, fit};
use kernel::intake::nearest;
use kernel::money::{Money, Rounding, SplitError, grouped, split};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

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
    let split =
        split(total, &weights, rounding, residue).map_err(|error| undivided(error, residue))?;
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
    let found = fit(total, &rows).map_err(|error| undivided(error, None))?;
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
    Money::parse(total).map_err(|_| {
        Failure::usage(
            format!("`--total {total}` är inget belopp; skriv till exempel \"1 382 000 000 kr\" eller \"1 382 mkr\""),
            format!("`--total {total}` is no amount; write for instance \"1 382 000 000 kr\" or \"1 382 mkr\""),
        )
    })
}

fn undivided(error: SplitError, residue: Option<&str>) -> Failure {
    let residue = residue.unwrap_or_default();
    match error {
        SplitError::NoWeights => Failure::refused(
            "ingen vikt är större än 0, så potten går inte att dela; ange vikter",
            "no weight is above 0, so the pot cannot be divided; give weights",
        ),
        SplitError::NotWholeKronor => Failure::refused(
            "potten är inte hela kronor, som avrundningen kräver; välj en avrundning i öre",
            "the pot is not whole kronor, as the rounding needs; choose one in öre",
        ),
        SplitError::UnknownResidue => Failure::refused(
            format!("`--residue {residue}` finns inte bland mottagarna"),
            format!("`--residue {residue}` is not among the recipients"),
        ),
        SplitError::TooLarge => Failure::refused(
            "pott och vikter är för stora för att delas exakt",
            "pot and weights are too large to divide exactly",
        ),
    }
}

/// Names of the first column; one of them must be there.
const IDS: [&str; 3] = ["id", "region", "unit"];
const WEIGHT: &str = "weight";
const PUBLISHED: &str = "published_kr";

/// Reads a file of weights; every fault in it is told at once, and then nothing is computed.
fn read(path: &Path, needs_published: bool) -> Result<Vec<Published>, Failure> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| {
        Failure::refused(
            format!("`{name}` går inte att läsa: {error}"),
            format!("`{name}` cannot be read: {error}"),
        )
    })?;
    let Ok(content) = std::str::from_utf8(&bytes) else {
        return Err(Failure::refused(
            format!("`{name}` är inte UTF-8; spara filen som UTF-8"),
            format!("`{name}` is not UTF-8; save the file as UTF-8"),
        ));
    };
    let content = content.strip_prefix('\u{feff}').unwrap_or(content);
    let head = content.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t'].into_iter().find(|d| head.as_bytes().contains(d)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .from_reader(content.as_bytes());
    let broken = |error: csv::Error| {
        Failure::refused(
            format!("`{name}` är ingen hel tabell: {error}"),
            format!("`{name}` is no whole table: {error}"),
        )
    };
    let headers = reader.headers().map_err(broken)?.clone();
    let columns = Columns::new(&name, &headers, needs_published)?;
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        match columns.row(&record) {
            Ok(row) if !seen.insert(row.id.clone()) => faults.push(fault(
                (&name, line, columns.id_name, &row.id),
                "mottagaren står två gånger; varje id får stå en gång",
                "the recipient stands twice; each id may occur once",
            )),
            Ok(row) => rows.push(row),
            Err((field, value, sv, en)) => faults.push(fault((&name, line, field, &value), sv, en)),
        }
    }
    if faults.is_empty() {
        return Ok(rows);
    }
    let text = Text::new(
        "filen går inte att använda förrän detta är rättat",
        "the file cannot be used until this is mended",
    );
    Err(Failure::Refused(text, faults))
}

type Wrong = (&'static str, String, &'static str, &'static str);

struct Columns {
    id: usize,
    id_name: &'static str,
    weight: usize,
    published: Option<usize>,
}

impl Columns {
    fn new(
        file: &str,
        headers: &csv::StringRecord,
        needs_published: bool,
    ) -> Result<Self, Failure> {
        let known = IDS.into_iter().chain([WEIGHT, PUBLISHED]);
        for name in headers {
            if !known.clone().any(|known| known == name) {
                let near = nearest(name, known.clone()).unwrap_or(WEIGHT);
                return Err(Failure::refused(
                    format!(
                        "`{file}` har kolumnen `{name}`, som inte är känd; den närmaste är `{near}`"
                    ),
                    format!(
                        "`{file}` has the column `{name}`, which is not known; the nearest is `{near}`"
                    ),
                ));
            }
        }
        let at = |name: &str| headers.iter().position(|header| header == name);
        let missing = |name: &str| {
            Failure::refused(
                format!("`{file}` saknar kolumnen `{name}`"),
                format!("`{file}` lacks the column `{name}`"),
            )
        };
        let id = IDS.into_iter().find_map(|name| Some((at(name)?, name)));
        let (id, id_name) = id.ok_or_else(|| missing("id"))?;
        let published = at(PUBLISHED);
        if needs_published && published.is_none() {
            return Err(missing(PUBLISHED));
        }
        let published = published.filter(|_| needs_published);
        Ok(Self { id, id_name, weight: at(WEIGHT).ok_or_else(|| missing(WEIGHT))?, published })
    }

    fn row(&self, record: &csv::StringRecord) -> Result<Published, Wrong> {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let digits = |text: &str| -> String {
            text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect()
        };
        let id = cell(self.id).to_owned();
        if id.is_empty() {
            return Err((self.id_name, id, "id är tomt", "the id is blank"));
        }
        let text = cell(self.weight);
        let weight = digits(text).parse().map_err(|_| {
            (
                WEIGHT,
                text.to_owned(),
                "vikten ska vara ett heltal från 0",
                "the weight must be a whole number from 0",
            )
        })?;
        let published = self.published.map_or("0", cell);
        let kronor: Option<i64> = digits(published).parse().ok();
        let amount = kronor.and_then(|kronor| Money::from_kronor(1).times(kronor));
        let amount = amount.ok_or_else(|| {
            (
                PUBLISHED,
                published.to_owned(),
                "beloppet ska vara hela kronor",
                "the amount must be whole kronor",
            )
        })?;
        Ok(Published { id, weight, amount })
    }
}

fn fault((file, line, field, value): (&str, u64, &str, &str), sv: &str, en: &str) -> Finding {
    let message = Text::new(format!("`{value}`: {sv}"), format!("`{value}`: {en}"));
    let mut finding = Finding::new(Code::BadValue, Severity::Error, message);
    finding.file = file.to_owned();
    finding.line = u32::try_from(line).unwrap_or(u32::MAX);
    finding.field = Some(field.to_owned());
    finding.value = Some(value.to_owned());
    finding
}
