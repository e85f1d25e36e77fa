//! `demo`: five years of a region, replayed as they happened, and a summary that a controller would read.

mod summary;

use crate::commands::register::load_into;
use crate::data::DataFolder;
use crate::engine;
use crate::failure::{Failure, Outcome};
use crate::generate::{Plan, months};
use crate::output::{Format, Out};
use follow::intake::Kind;
use kernel::time::Month;
use std::path::Path;
use std::time::Instant;
use store::Origin;

/// Runs `demo`.
pub fn run(
    out: Out,
    ratebooks: &Path,
    folder: &Path,
    seed: u64,
    scale: u32,
    to: Month,
) -> Result<Outcome, Failure> {
    let from = Month::new(2021, 1).unwrap_or(to);
    if to < from {
        return Err(Failure::usage(
            "demon börjar 2021-01; --to är tidigare",
            "the demo begins 2021-01; --to is earlier",
        ));
    }
    let started = Instant::now();
    make_room(folder)?;
    let mut data = DataFolder::create(folder)?;
    let folders = [ratebooks.join("stockholm"), ratebooks.join("demo")];
    load_into(&mut data, &folders, true, None)?;
    let plan = Plan { seed, from, to, scale_permille: scale };
    let inbox = folder.join("inkorg");
    std::fs::create_dir_all(&inbox)?;
    let places = super::generate::places(data.register());
    let mut told = summary::Summary::default();
    let count = u64::from((to.number() - from.number() + 1).unsigned_abs());
    let bar = crate::progress::steps(count, out.lang.pick("månad för månad", "month by month"));
    let mut files = months(&plan, &places);
    let beside = inbox.join(super::generate::BESIDE);
    std::fs::create_dir_all(&beside)?;
    while let Some((month, csv)) = files.next() {
        let path = inbox.join(super::generate::file_name(month));
        std::fs::write(&path, csv)?;
        let on = month.reporting_deadline();
        let imported =
            data.import(crate::inputs::open(&path)?, Origin::Synthetic, on, &mut |_| {})?;
        told.import(&imported);
        for (kind, csv) in files.beside() {
            let path = beside.join(super::generate::beside_name(kind, month));
            std::fs::write(&path, csv)?;
            let input = crate::inputs::open(&path)?;
            data.import_input(input, Kind::parse(kind), Origin::Synthetic, on)?;
        }
        let preview = data.preview(month, None)?;
        told.settlement(&data, &preview);
        data.book(&preview, "demo")?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    std::fs::write(inbox.join(super::generate::PHASES), files.truth().beside.phases_json())?;
    std::fs::write(inbox.join("SYNTETISKA-DATA-facit.json"), files.truth().to_json())?;
    // Settling the last month again must come to nothing, and the summary says whether it does.
    let again = data.preview(to, None)?;
    told.write(out, &data, &again)?;
    if out.format == Format::Json {
        return Ok(Outcome::Done);
    }
    for contact in summary::worth_explaining(&mut data)? {
        out.say("", "");
        super::explain::write(out, &data, &contact, engine::today(), None, || Ok(()))?;
    }
    summary::last_words(out, folder, to, started.elapsed());
    Ok(Outcome::Done)
}

/// A demo of before is replaced; anything else is left alone.
fn make_room(folder: &Path) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    let is_demo = folder.join("inkorg").is_dir();
    let is_empty = folder.read_dir().is_ok_and(|mut entries| entries.next().is_none());
    if !is_demo && !is_empty {
        let shown = folder.display();
        return Err(Failure::refused(
            format!("`{shown}` finns och är ingen tidigare demo; välj en annan mapp med --folder"),
            format!(
                "`{shown}` is there and is no earlier demo; choose another folder with --folder"
            ),
        ));
    }
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
