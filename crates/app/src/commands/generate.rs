//! `generate`: synthetic contact files.

use crate::commands::price::read_register;
use crate::failure::{Failure, Outcome};
use crate::generate::{Place, Plan, months};
use crate::output::{Format, Out};
use kernel::fact::UnitKind;
use kernel::register::{Register, UnitHistory, View};
use kernel::time::{Day, Month, Period};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Runs `generate`.
pub fn run(out: Out, register: &[PathBuf], folder: &Path, plan: &Plan) -> Result<Outcome, Failure> {
    if plan.to < plan.from {
        return Err(Failure::usage("--to är före --from", "--to is before --from"));
    }
    let register = read_register(register)?;
    std::fs::create_dir_all(folder)?;
    let places = places(&register);
    let mut files = months(plan, &places);
    let count = plan.to.number() - plan.from.number() + 1;
    let bar = crate::progress::steps(u64::from(count.unsigned_abs()), "generate");
    for (month, csv) in files.by_ref() {
        std::fs::write(folder.join(file_name(month)), csv)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let truth = files.truth().to_json();
    std::fs::write(folder.join("SYNTETISKA-DATA-facit.json"), &truth)?;
    if out.format == Format::Json {
        println!("{truth}");
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
