//! `import`: contact files become batches.

use crate::data::{DataFolder, Imported};
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::inputs;
use crate::output::{FindingJson, Format, Out};
use kernel::finding::{Code, Finding, Severity, Text};
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

/// One file.
#[derive(Serialize, JsonSchema)]
pub(super) struct BatchJson {
    pub batch: String,
    /// Of what is beside contacts: labour, staffing, measure or survey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    pub file: String,
    pub rows: i64,
    pub accepted: i64,
    pub rejected: i64,
    pub already_imported: bool,
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
    Ok(outcome(imported.iter().flat_map(|one| &one.findings)))
}

/// Whether any row was rejected.
pub(super) fn outcome<'f>(mut findings: impl Iterator<Item = &'f Finding>) -> Outcome {
    let has_errors = findings.any(|finding| finding.severity == Severity::Error);
    if has_errors { Outcome::Findings } else { Outcome::Done }
}

fn json<'f>(out: Out, imported: &'f [Imported]) -> ImportJson<'f> {
    let sum = |part: fn(&Imported) -> i64| imported.iter().map(part).sum();
    let batches: Vec<BatchJson> = imported
        .iter()
        .map(|one| BatchJson {
            batch: one.batch.source_sha256.clone(),
            kind: None,
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
/// a warning for every row. `whole` is the command that tells all of a code.
pub(super) fn tell_findings(out: Out, findings: &[Finding], whole: impl Fn(Code) -> String) {
    let mut warnings: BTreeMap<Code, usize> = BTreeMap::new();
    for finding in findings {
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
        let (more, whole) = (count - WARNINGS_TOLD, whole(code));
        out.note(&Text::new(
            format!("{more} varningar till, {code}; se {whole}"),
            format!("{more} more warnings, {code}; see {whole}"),
        ));
    }
}

/// The counts of a file's rows (all, accepted, rejected), or the day it was imported before.
pub(super) fn tell_counts(out: Out, name: &str, counts: [i64; 3], known: Option<Day>) {
    if let Some(day) = known {
        return out.say(
            &format!("{name} är redan importerad ({day}); inget ändrades"),
            &format!("{name} is already imported ({day}); nothing was changed"),
        );
    }
    let [rows, accepted, rejected] = counts;
    out.say(
        &format!("{name}: {rows} rader, {accepted} godtagna, {rejected} avvisade"),
        &format!("{name}: {rows} rows, {accepted} accepted, {rejected} rejected"),
    );
}

fn tell(out: Out, imported: &[Imported]) {
    for one in imported {
        let batch = &one.batch;
        let whole = |code| format!("findings --batch {} --code {code}", batch.name);
        tell_findings(out, &one.findings, whole);
        out.synthetic_band(batch.origin == Origin::Synthetic);
        let counts = [batch.rows, batch.accepted, batch.rejected];
        tell_counts(out, &batch.name, counts, one.was_known.then_some(batch.imported_on));
    }
}
