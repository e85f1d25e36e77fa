//! `follow import`: labour, staffing, measures and surveys become part of the data folder.

use crate::commands::import::{self, BatchJson};
use crate::data::{DataFolder, ImportedInput};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::inputs;
use crate::output::{FindingJson, Format, Out};
use follow::intake::Kind;
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::path::{Path, PathBuf};
use store::Origin;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FollowImportJson<'f> {
    batch: Option<String>,
    origin: &'static str,
    rows: i64,
    accepted: i64,
    rejected: i64,
    already_imported: bool,
    batches: Vec<BatchJson>,
    findings: Vec<FindingJson<'f>>,
}

/// Runs `follow import`: each file is kept whole or not at all; a refused file stops the command, and those before it stay.
pub fn run(
    out: Out,
    folder: &Path,
    files: &[PathBuf],
    kind: Option<Kind>,
    origin: Origin,
    on: Option<Day>,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let on = on.unwrap_or_else(engine::today);
    let mut imported = Vec::new();
    for path in &inputs::expand(out, files)? {
        let input = inputs::open(path)?;
        let name = input.source.name().to_owned();
        let one = data.import_input(input, kind, origin, on)?;
        if let Some((sheet, others)) = &one.sheets {
            inputs::tell_sheets(out, &name, Some(sheet), others);
        }
        imported.push(one);
    }
    data.judge_inputs(&mut imported)?;
    told(out, &imported, origin)
}

fn told(out: Out, imported: &[ImportedInput], origin: Origin) -> Result<Outcome, Failure> {
    let findings = || imported.iter().flat_map(|one| &one.findings);
    match out.format {
        Format::Json => out.json(&json(out, imported, origin))?,
        Format::Csv => out.findings_csv(&findings().cloned().collect::<Vec<_>>())?,
        Format::Table => imported.iter().for_each(|one| tell(out, one)),
    }
    Ok(import::outcome(findings()))
}

fn json<'f>(out: Out, imported: &'f [ImportedInput], origin: Origin) -> FollowImportJson<'f> {
    let sum = |part: fn(&ImportedInput) -> i64| imported.iter().map(part).sum();
    let batches: Vec<BatchJson> = imported
        .iter()
        .map(|one| BatchJson {
            batch: one.input.source_sha256.clone(),
            kind: Some(one.kind.name()),
            file: one.input.name.clone(),
            rows: one.input.rows,
            accepted: one.input.accepted,
            rejected: one.input.rejected,
            already_imported: one.was_known,
        })
        .collect();
    let findings = imported.iter().flat_map(|one| &one.findings);
    FollowImportJson {
        batch: batches.first().map(|batch| batch.batch.clone()),
        origin: imported.first().map_or(origin, |one| one.input.origin).name(),
        rows: sum(|one| one.input.rows),
        accepted: sum(|one| one.input.accepted),
        rejected: sum(|one| one.input.rejected),
        already_imported: imported.iter().all(|one| one.was_known),
        batches,
        findings: findings.map(|finding| FindingJson::new(finding, out.lang)).collect(),
    }
}

fn tell(out: Out, one: &ImportedInput) {
    let (input, kind) = (&one.input, one.kind);
    let whole = |_| format!("follow import {} --format csv", input.name);
    import::tell_findings(out, &one.findings, whole);
    out.synthetic_band(input.origin == Origin::Synthetic);
    let counts = [input.rows, input.accepted, input.rejected];
    let known = one.was_known.then_some(input.imported_on);
    import::tell_counts(out, &format!("{} ({kind})", input.name), counts, known);
}
