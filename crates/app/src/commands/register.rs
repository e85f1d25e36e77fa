//! `register load`, `register check` and `register show`.

pub(crate) mod show;

use crate::commands::grant::admit;
use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::output::{FindingJson, Format, Out};
use crate::ratebook::{self, RatebookRead};
use kernel::fact::Decision;
use kernel::finding::{Finding, Severity};
use kernel::register::anchor::{SourceText, check_anchors};
use kernel::register::{Register, check as checks};
use kernel::time::Day;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct CheckJson<'f> {
    findings: Vec<FindingJson<'f>>,
}

#[derive(Serialize)]
struct LoadJson<'f> {
    findings: Vec<FindingJson<'f>>,
    loaded: usize,
    unchanged: usize,
    revision: u32,
}

/// Runs `register check`.
pub fn check(
    out: Out,
    folders: &[PathBuf],
    sources: Option<&Path>,
    known_on: Option<Day>,
) -> Result<Outcome, Failure> {
    let read = ratebook::read_folders(folders)?;
    if let Some(sources) = sources.filter(|sources| !sources.is_dir()) {
        let shown = sources.display();
        return Err(Failure::refused(
            format!("`{shown}` är ingen mapp med källtexter"),
            format!("`{shown}` is no folder of source texts"),
        ));
    }
    let findings = all_findings(read, sources, known_on.unwrap_or_else(engine::today));
    write_findings(out, &findings)?;
    let is_grave = |finding: &Finding| finding.severity != Severity::Note;
    Ok(if findings.iter().any(is_grave) { Outcome::Findings } else { Outcome::Done })
}

/// Everything that is wrong with ratebooks as known on a day, sorted.
pub fn all_findings(read: RatebookRead, sources: Option<&Path>, known_on: Day) -> Vec<Finding> {
    let mut findings = read.findings;
    let decisions: Vec<&Decision> = read.decisions.iter().collect();
    findings.extend(checks::check_files(&decisions));
    for decision in &decisions {
        findings.extend(check_anchors(decision, |file| source_text(sources?, file)));
    }
    // A register with circles or doubled ids has no view worth looking at.
    if !findings.iter().any(|finding| finding.refuses) {
        let register = Register::from_ratebooks(read.decisions);
        let view = register.view(register.as_of(known_on));
        findings.extend(checks::check_view(&view, known_on));
    }
    findings.sort();
    findings.dedup();
    findings
}

fn source_text(folder: &Path, file: &str) -> Option<SourceText> {
    let bytes = std::fs::read(folder.join(file)).ok()?;
    let sha256 = store::files::sha256(&bytes);
    Some(SourceText { text: String::from_utf8_lossy(&bytes).into_owned(), sha256 })
}

fn write_findings(out: Out, findings: &[Finding]) -> Result<(), Failure> {
    if out.format == Format::Json {
        let findings = findings.iter().map(|f| FindingJson::new(f, out.lang)).collect();
        return out.json(&CheckJson { findings });
    }
    if out.format == Format::Csv {
        return out.findings_csv(findings);
    }
    for finding in findings {
        out.say(&out.finding(finding), &out.finding(finding));
    }
    let count = |severity: Severity| findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings, notes) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    out.say(
        &format!("{errors} fel, {warnings} varningar, {notes} upplysningar"),
        &format!("{errors} errors, {warnings} warnings, {notes} notes"),
    );
    Ok(())
}

/// A decision as written, and everything that is wrong with it beside what is recorded: what `register check` finds, with lines, and
/// no more
/// than what comes of it.
pub fn judge(data: &DataFolder, file: &str, body: &str) -> (Option<Decision>, Vec<Finding>) {
    let (decision, mut findings) = ratebook::read_text(file, body);
    let Some(decision) = decision else { return (None, findings) };
    let earlier: Vec<&Decision> =
        data.register().log().iter().map(|recorded| recorded.decision.as_ref()).collect();
    let all: Vec<&Decision> = earlier.iter().copied().chain([&decision]).collect();
    let before = checks::check_files(&earlier);
    let new = checks::check_files(&all).into_iter().filter(|finding| !before.contains(finding));
    findings.extend(new);
    if !findings.iter().any(|finding| finding.refuses) {
        let today = engine::today();
        let mut trial = Register::clone(data.register());
        trial.record(today, std::sync::Arc::new(decision.clone()));
        let before = checks::check_view(&data.register().view(u32::MAX), today);
        let after = checks::check_view(&trial.view(u32::MAX), today);
        findings.extend(after.into_iter().filter(|finding| !before.contains(finding)));
    }
    findings.sort();
    findings.dedup();
    (Some(decision), findings)
}

/// Runs `register load`.
pub fn load(
    out: Out,
    folder: &Path,
    folders: &[PathBuf],
    replay_known: bool,
    on: Option<Day>,
) -> Result<Outcome, Failure> {
    let mut data = DataFolder::open(folder)?;
    let loaded = load_into(&mut data, folders, replay_known, on)?;
    if out.format == Format::Json {
        let findings = loaded.findings.iter().map(|f| FindingJson::new(f, out.lang)).collect();
        out.json(&LoadJson {
            findings,
            loaded: loaded.new,
            unchanged: loaded.unchanged,
            revision: loaded.revision,
        })?;
    } else {
        for finding in &loaded.findings {
            crate::output::tell(&out.finding(finding));
        }
        let Loaded { new, unchanged, revision, .. } = loaded;
        out.say(
            &format!("{new} beslut inlästa, {unchanged} fanns redan; registret är på revision {revision}"),
            &format!("{new} decisions loaded, {unchanged} were there already; the register is at revision {revision}"),
        );
    }
    Ok(Outcome::Done)
}

/// What loading did.
pub struct Loaded {
    /// Findings that do not stop anything.
    pub findings: Vec<Finding>,
    /// New decisions.
    pub new: usize,
    /// Decisions whose file is recorded already.
    pub unchanged: usize,
    /// The last revision.
    pub revision: u32,
}

/// Appends the decisions of folders that are not recorded, in order of `known_from` and id.
pub fn load_into(
    data: &mut DataFolder,
    folders: &[PathBuf],
    replay_known: bool,
    on: Option<Day>,
) -> Result<Loaded, Failure> {
    if replay_known && !data.register().log().is_empty() {
        return Err(Failure::refused(
            "registret är inte tomt; bara ett tomt register kan spelas upp med --replay-known",
            "the register is not empty; only an empty one can be replayed with --replay-known",
        ));
    }
    let read = ratebook::read_folders(folders)?;
    engine::refuse(read.findings.clone())?;
    let mut findings = read.findings;
    let bodies: BTreeMap<String, String> =
        read.files.into_iter().map(|file| (file.name.to_string(), file.text)).collect();
    let recorded: BTreeMap<String, String> = data.recorded_bodies()?.into_iter().collect();
    let mut new: Vec<(Decision, String)> = Vec::new();
    let mut unchanged = 0;
    for decision in read.decisions {
        let body = bodies.get(&*decision.place.file).cloned().unwrap_or_default();
        match recorded.get(decision.id.as_str()) {
            None => new.push((decision, body)),
            Some(known) if *known == body => unchanged += 1,
            Some(_) => return Err(changed(&decision)),
        }
    }
    let earlier = data.register().log().iter().map(|recorded| recorded.decision.as_ref());
    let all: Vec<&Decision> = earlier.chain(new.iter().map(|(decision, _)| decision)).collect();
    findings.extend(checks::check_files(&all));
    engine::refuse(findings.clone())?;
    let mut trial = Register::default();
    for decision in &all {
        trial.record(decision.known_from, std::sync::Arc::new((*decision).clone()));
    }
    engine::refuse(checks::refusals(&trial.view(u32::MAX)))?;
    new.sort_by(|(a, _), (b, _)| (a.known_from, &a.id).cmp(&(b.known_from, &b.id)));
    let today = on.unwrap_or_else(engine::today);
    let entered = |decision: &Decision| if replay_known { decision.known_from } else { today };
    let dated: Vec<(Day, Decision)> =
        new.iter().map(|(decision, _)| (entered(decision), decision.clone())).collect();
    admit(data, &dated)?;
    let appended: Vec<(Day, Decision, String)> =
        new.into_iter().map(|(decision, body)| (entered(&decision), decision, body)).collect();
    let count = appended.len();
    let revision = data.append(appended)?;
    Ok(Loaded { findings, new: count, unchanged, revision })
}

fn changed(decision: &Decision) -> Failure {
    let (id, file) = (&decision.id, &decision.place.file);
    Failure::refused(
        format!(
            "`{file}`: beslutet `{id}` finns redan i registret med annat innehåll. Registret ändras inte; skriv ändringen som ett nytt beslut med eget id"
        ),
        format!(
            "`{file}`: the decision `{id}` is in the register already with other content. The register is never changed; write the change as a new decision with its own id"
        ),
    )
}
