//! `init`: an empty data folder.

use crate::data::DataFolder;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Out};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct InitJson {
    data: String,
}

/// Runs `init`.
pub fn run(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    DataFolder::create(folder)?;
    let data = folder.display().to_string();
    if out.format == Format::Json {
        out.json(&InitJson { data })?;
    } else {
        out.say(
            &format!("Tom datamapp i {data}. Nästa steg: register load"),
            &format!("Empty data folder in {data}. Next: register load"),
        );
    }
    Ok(Outcome::Done)
}
