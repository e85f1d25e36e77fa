//! `import`: contact files become batches.

use crate::data::{DataFolder, Imported};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::inputs;
use crate::output::{FindingJson, Format, Out};
use kernel::finding::{Code, Severity, Text};
use kernel::time::Day;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::Origin;

/// What programs are told.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ImportJson<'f> {
    batch: Option<String>,
    origin: &'static str,
    rows: i64,
    accepted: i64,
    rejected: i64,
    already_imported: bool,
    batches: Vec<BatchJson>,
    findings: Vec<FindingJson<'f>>,
}

#[derive(Serialize, JsonSchema)]
struct BatchJson {
    batch: String,
    file: String,
    rows: i64,
    accepted: i64,
    rejected: i64,
    already_imported: bool,
}

/// Runs `import`: each file is a batch of its own; a refused file stops the command, and those before it
/// stay.
pub fn run(
    out: Out,
    folder: &Path,
    files: &[PathBuf],
    origin: Origin,
    on: Option<Day>,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let on = on.unwrap_or_else(engine::today);
    let mut imported = Vec::new();
    for path in &inputs::expand(out, files)? {
        let input = inputs::open(path)?;
        let bar = crate::progress::bytes(&input, out);
        let name = input.source.name().to_owned();
        let one = data.import(input, origin, on, &mut |bytes| bar.set_position(bytes))?;
        bar.finish_and_clear();
        if let Some((sheet, others)) = &one.sheets {
            inputs::tell_sheets(out, &name, Some(sheet), others);
        }
        imported.push(one);
    }
    told(out, &imported)
}

/// Tells of files that were imported.
pub(crate) fn told(out: Out, imported: &[Imported]) -> Result<Outcome, Failure> {
    match out.format {
        Format::Json => out.json(&json(out, imported))?,
        Format::Csv => {
            let findings: Vec<_> = imported.iter().flat_map(|one| one.findings.clone()).collect();
            out.findings_csv(&findings)?;
        }
        Format::Table => tell(out, imported),
    }
    let mut findings = imported.iter().flat_map(|one| &one.findings);
    let has_errors = findings.any(|finding| finding.severity == Severity::Error);
    Ok(if has_errors { Outcome::Findings } else { Outcome::Done })
}

fn json<'f>(out: Out, imported: &'f [Imported]) -> ImportJson<'f> {
    let sum = |part: fn(&Imported) -> i64| imported.iter().map(part).sum();
    let batches: Vec<BatchJson> = imported
        .iter()
        .map(|one| BatchJson {
            batch: one.batch.source_sha256.clone(),
            file: one.batch.name.clone(),
            rows: one.batch.rows,
            accepted: one.batch.accepted,
            rejected: one.batch.rejected,
            already_imported: one.was_known,
        })
        .collect();
    let findings = imported.iter().flat_map(|one| &one.findings);
    ImportJson {
        batch: batches.first().map(|batch| batch.batch.clone()),
        origin: imported.first().map_or(Origin::Reported, |one| one.batch.origin).name(),
        rows: sum(|one| one.batch.rows),
        accepted: sum(|one| one.batch.accepted),
        rejected: sum(|one| one.batch.rejected),
        already_imported: imported.iter().all(|one| one.was_known),
        batches,
        findings: findings.map(|finding| FindingJson::new(finding, out.lang)).collect(),
    }
}

/// Warnings of one code that are told one by one.
const WARNINGS_TOLD: usize = 20;

/// Every rejected row, and the first warnings of each code: a file whose clinic forgets one code everywhere has
/// a warning for every row.
fn tell_findings(out: Out, one: &Imported) {
    let mut warnings: BTreeMap<Code, usize> = BTreeMap::new();
    for finding in &one.findings {
        if finding.severity == Severity::Warning {
            let told = warnings.entry(finding.code).or_default();
            *told += 1;
            if *told > WARNINGS_TOLD {
                continue;
            }
        }
        crate::output::tell(&out.finding(finding));
    }
    for (code, count) in warnings.into_iter().filter(|(_, count)| *count > WARNINGS_TOLD) {
        let (more, name) = (count - WARNINGS_TOLD, &one.batch.name);
        out.note(&Text::new(
            format!("{more} varningar till, {code}; se findings --batch {name} --code {code}"),
            format!("{more} more warnings, {code}; see findings --batch {name} --code {code}"),
        ));
    }
}

fn tell(out: Out, imported: &[Imported]) {
    for one in imported {
        tell_findings(out, one);
        let batch = &one.batch;
        out.synthetic_band(batch.origin == Origin::Synthetic);
        let (name, rows, accepted, rejected) =
            (&batch.name, batch.rows, batch.accepted, batch.rejected);
        if one.was_known {
            let day = batch.imported_on;
            out.say(
                &format!("{name} är redan importerad ({day}); inget ändrades"),
                &format!("{name} is already imported ({day}); nothing was changed"),
            );
        } else {
            out.say(
                &format!("{name}: {rows} rader, {accepted} godtagna, {rejected} avvisade"),
                &format!("{name}: {rows} rows, {accepted} accepted, {rejected} rejected"),
            );
        }
    }
}
