//! `generate`: synthetic contact files.

use crate::commands::price::read_register;
use crate::failure::{Failure, Outcome};
use crate::generate::{Place, Plan, Referrals, months, national, world};
use crate::output::{Format, Out};
use crate::workbook;
use kernel::fact::UnitKind;
use kernel::register::{Register, UnitHistory, View};
use kernel::time::{Day, Month, Period};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Runs `generate`.
pub fn run(out: Out, register: &[PathBuf], folder: &Path, plan: &Plan) -> Result<Outcome, Failure> {
    if plan.to < plan.from {
        return Err(Failure::usage("--to är före --from", "--to is before --from"));
    }
    let register = read_register(register)?;
    workbook::folder(folder)?;
    let places = places(&register);
    let mut files = months(plan, &places);
    let count = plan.to.number() - plan.from.number() + 1;
    let bar = crate::progress::steps(u64::from(count.unsigned_abs()), "generate");
    let beside = folder.join(BESIDE);
    std::fs::create_dir_all(&beside)?;
    while let Some((month, csv)) = files.next() {
        std::fs::write(folder.join(file_name(month)), csv)?;
        for (kind, csv) in files.beside() {
            std::fs::write(beside.join(beside_name(kind, month)), csv)?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    std::fs::write(folder.join(PHASES), files.truth().beside.phases_json())?;
    let referrals = files.referrals();
    let chain = folder.join(CHAIN);
    std::fs::create_dir_all(&chain)?;
    for (clinic, made) in &referrals {
        std::fs::write(chain.join(format!("SYNTETISKA-DATA-remisser-{clinic}.csv")), &made.csv)?;
    }
    let told = Referrals::to_json(&referrals);
    std::fs::write(chain.join("SYNTETISKA-DATA-facit-remisser.json"), told)?;
    let truth = files.truth().to_json();
    std::fs::write(folder.join("SYNTETISKA-DATA-facit.json"), &truth)?;
    if out.format == Format::Json {
        // A closed pipe is the reader's choice.
        let _ = writeln!(std::io::stdout(), "{truth}");
    } else {
        let shown = folder.display();
        out.synthetic_band(true);
        out.say(
            &format!("{count} månadsfiler i {shown}; facit i SYNTETISKA-DATA-facit.json"),
            &format!("{count} monthly files in {shown}; the truth about them in SYNTETISKA-DATA-facit.json"),
        );
    }
    Ok(Outcome::Done)
}

/// The folder of what is beside contacts, within that of the contact files, so that `import` does not take it for contacts.
pub const BESIDE: &str = "uppfoljning";

/// The folder of referrals to the continuity chain, one file for each clinic that has the assignment.
const CHAIN: &str = "vardkedjan";

/// The truth about every active phase.
pub const PHASES: &str = "SYNTETISKA-DATA-facit-aktiv-fas.json";

/// The name of a month's file of a kind beside contacts; it says that the data are synthetic.
pub fn beside_name(kind: &str, month: Month) -> String {
    format!("SYNTETISKA-DATA-{kind}-{month}.csv")
}

/// The name of a month's file; it says that the data are synthetic.
pub fn file_name(month: Month) -> String {
    format!("SYNTETISKA-DATA-{month}.csv")
}

/// The units of a register as places where care is given. Capacity plans count as last known.
pub fn places(register: &Register) -> Vec<Place> {
    let view = register.view(u32::MAX);
    view.histories.iter().filter_map(|history| place(&view, history)).collect()
}

fn place(view: &View<'_>, history: &UnitHistory<'_>) -> Option<Place> {
    let unit = history.statements.last()?.fact;
    let first = history.statements.first()?.fact.valid.from;
    let planned: BTreeMap<i32, u64> = view
        .capacity
        .iter()
        .filter(|((_, unit), _)| *unit == history.id)
        .map(|((year, _), plan)| (*year, plan.fact.deliveries))
        .collect();
    let holds = |name: &str| {
        let held = history.holds.iter().filter(|(_, held)| held.as_str() == name);
        held.map(|(period, _)| period.from).min()
    };
    Some(Place {
        id: history.id.to_string(),
        kind: unit.kind,
        municipality: unit.municipality.clone(),
        area_class: unit.area_class.clone(),
        open: Period { from: first, until: unit.valid.until },
        planned_deliveries: if unit.kind == UnitKind::DeliveryClinic {
            planned
        } else {
            BTreeMap::new()
        },
        holds_continuity_from: holds("continuity").filter(|day| *day != Day::MAX),
        holds_home_birth_from: holds("home-birth"),
    })
}

#[derive(Serialize)]
struct NationalJson<'a> {
    origin: &'static str,
    contacts: u64,
    file: &'a str,
    register: &'a str,
}

/// Runs `generate --contacts`: a national workload in one Parquet file, and beside it the ratebook that
/// prices it.
pub fn national(out: Out, file: &Path, count: u64, seed: u64) -> Result<Outcome, Failure> {
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let says_so = name.to_uppercase().contains("SYNTETISK") && name.ends_with(".parquet");
    if !says_so {
        return Err(Failure::usage(
            format!(
                "`{name}` ska ha SYNTETISK i namnet och sluta på .parquet, så att ingen tar filen för verklig; till exempel SYNTETISK-nation.parquet"
            ),
            format!(
                "`{name}` is to have SYNTETISK in its name and end in .parquet, so that nobody takes it for real; for example SYNTETISK-nation.parquet"
            ),
        ));
    }
    let ratebook = file.with_extension("").with_added_extension("ratebook");
    std::fs::create_dir_all(&ratebook)?;
    for (name, text) in national::files(seed) {
        std::fs::write(ratebook.join(name), text)?;
    }
    // Under another name until it is whole.
    let unfinished = file.with_added_extension("unfinished");
    let written = write_contacts(&unfinished, count, seed);
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    written?;
    std::fs::rename(&unfinished, file)?;
    let (shown, beside) = (file.display().to_string(), ratebook.display().to_string());
    if out.format == Format::Json {
        out.json(&NationalJson {
            origin: "synthetic",
            contacts: count,
            file: &shown,
            register: &beside,
        })?;
    } else {
        out.synthetic_band(true);
        out.say(
            &format!("{count} kontakter i {shown}; priserna i {beside}"),
            &format!("{count} contacts in {shown}; the ratebook in {beside}"),
        );
    }
    Ok(Outcome::Done)
}

fn write_contacts(path: &Path, count: u64, seed: u64) -> Result<(), Failure> {
    let file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut writer = bulk::contact_out::ContactWriter::new(file, "synthetic");
    let bar = crate::progress::steps(count, "generate");
    for group in national::groups(count, seed) {
        writer.write(group.rows(), &group.columns())?;
        bar.inc(group.rows() as u64);
    }
    bar.finish_and_clear();
    if let Some(mut file) = writer.finish()? {
        file.flush()?;
    }
    Ok(())
}

#[derive(Serialize)]
struct WorldJson<'a> {
    origin: &'static str,
    world: u64,
    files: Vec<&'a str>,
}

/// Runs `generate --world`: a small world with every feature and edge.
pub fn world(out: Out, folder: &Path, seed: u64) -> Result<Outcome, Failure> {
    let files = world::world(seed);
    for (name, text) in &files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
        std::fs::write(path, text)?;
    }
    if out.format == Format::Json {
        let files = files.iter().map(|(name, _)| name.as_str()).collect();
        return out
            .json(&WorldJson { origin: "synthetic", world: seed, files })
            .map(|()| Outcome::Done);
    }
    let (count, shown) = (files.len(), folder.display());
    out.synthetic_band(true);
    out.say(
        &format!("{count} filer i {shown}: beslut i register, kontakter i contacts"),
        &format!("{count} files in {shown}: decisions in register, contacts in contacts"),
    );
    Ok(Outcome::Done)
}
