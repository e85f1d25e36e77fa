//! `schema inputs` and `schema measures`: the files beside contacts.

use crate::failure::{Failure, Outcome};
use crate::output::{Cell, Format, Lang, Out, text};
use follow::intake::{ALIASES, Column, Kind, MEASURES, expected};
use serde::Serialize;

#[derive(Serialize)]
struct InputsJson {
    kinds: Vec<KindJson>,
}

#[derive(Serialize)]
struct KindJson {
    kind: &'static str,
    columns: Vec<ColumnJson>,
}

#[derive(Serialize)]
struct ColumnJson {
    name: &'static str,
    compulsory: bool,
    aliases: Vec<&'static str>,
    values: &'static str,
}

fn columns(kind: Kind) -> impl Iterator<Item = (Column, bool)> {
    let of_all = [(Column::Report, false), (Column::ReportedOn, false)];
    kind.columns().iter().copied().chain(of_all)
}

fn aliases(column: Column) -> Vec<&'static str> {
    ALIASES.iter().filter(|(_, of)| *of == column).map(|(name, _)| *name).collect()
}

/// Runs `schema inputs`.
pub fn inputs(out: Out) -> Result<Outcome, Failure> {
    if out.format == Format::Json {
        let column = |(column, compulsory): (Column, bool)| ColumnJson {
            name: column.name(),
            compulsory,
            aliases: aliases(column),
            values: expected(column).1,
        };
        let of = |kind: &Kind| KindJson {
            kind: kind.name(),
            columns: columns(*kind).map(column).collect(),
        };
        out.json(&InputsJson { kinds: Kind::ALL.iter().map(of).collect() })?;
        return Ok(Outcome::Done);
    }
    let heads = [
        text("kind", "Slag", "Kind"),
        text("name", "Kolumn", "Column"),
        text("compulsory", "Måste finnas", "Compulsory"),
        text("aliases", "Svenskt namn", "Swedish name"),
        text("values", "Värden", "Values"),
    ];
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        for (column, is_needed) in columns(*kind) {
            let compulsory = if is_needed { out.lang.pick("ja", "yes") } else { "" };
            let (sv, en) = expected(column);
            rows.push(vec![
                kind.name().into(),
                column.name().into(),
                compulsory.into(),
                aliases(column).join(" ").into(),
                Cell::of(out.lang.pick(sv, en), en),
            ]);
        }
    }
    out.table(&heads, &rows)?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
struct MeasuresJson {
    measures: Vec<MeasureJson>,
}

#[derive(Serialize)]
struct MeasureJson {
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    least: f64,
    greatest: f64,
    decimals: u32,
    words: Vec<WordJson>,
}

#[derive(Serialize)]
struct WordJson {
    sv: &'static str,
    en: &'static str,
    value: f64,
}

/// Runs `schema measures`.
pub fn measures(out: Out) -> Result<Outcome, Failure> {
    if out.format == Format::Json {
        let word = |(sv, en, value): &(&'static str, &'static str, f64)| WordJson {
            sv,
            en,
            value: *value,
        };
        let measures = MEASURES.iter().map(|kind| MeasureJson {
            name: kind.name,
            label: kind.sv,
            unit: kind.unit,
            least: kind.least,
            greatest: kind.greatest,
            decimals: kind.decimals,
            words: kind.words.iter().map(word).collect(),
        });
        out.json(&MeasuresJson { measures: measures.collect() })?;
        return Ok(Outcome::Done);
    }
    let heads = [
        text("name", "Mått", "Measure"),
        text("label", "Betyder", "Means"),
        text("values", "Värden", "Values"),
    ];
    let row = |kind: &follow::intake::MeasureKind| {
        let (sv, en) = kind.expected();
        vec![
            kind.name.into(),
            Cell::of(out.lang.pick(kind.sv, kind.en), kind.en),
            Cell::of(if out.lang == Lang::Sv { &sv } else { &en }, &en),
        ]
    };
    let rows: Vec<_> = MEASURES.iter().map(row).collect();
    out.table(&heads, &rows)?;
    Ok(Outcome::Done)
}
