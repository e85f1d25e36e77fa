//! `completions` and `man`: what a shell and a manual know of the commands.

use crate::cli;
use crate::failure::{Failure, Outcome};
use crate::output::{Format, Out};
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct PagesJson {
    pages: Vec<String>,
}

/// Runs `completions`: the script is the data, whatever the format.
pub fn completions(out: Out, shell: Shell) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(out.lang), "vardkedja", &mut script);
    // A closed pipe is the reader's choice.
    let _ = std::io::stdout().lock().write_all(&script);
    Ok(Outcome::Done)
}

/// Runs `man`.
pub fn man(out: Out, folder: &Path) -> Result<Outcome, Failure> {
    std::fs::create_dir_all(folder)?;
    let mut pages = Vec::new();
    write_pages(&cli::command(out.lang), folder, &mut pages)?;
    let shown: Vec<String> = pages.iter().map(|page| page.display().to_string()).collect();
    match out.format {
        Format::Json => out.json(&PagesJson { pages: shown })?,
        Format::Csv => {
            let rows: Vec<_> = shown.iter().map(|page| vec![page.as_str().into()]).collect();
            out.table(&[crate::output::text("page", "Sida", "Page")], &rows)?;
        }
        Format::Table => {
            let count = shown.len();
            let place = folder.display();
            out.say(
                &format!("{count} manualsidor i {place}; läs en med man -l {place}/vardkedja.1"),
                &format!(
                    "{count} manual pages in {place}; read one with man -l {place}/vardkedja.1"
                ),
            );
        }
    }
    Ok(Outcome::Done)
}

/// The page of a command and those of its own commands.
fn write_pages(command: &Command, folder: &Path, pages: &mut Vec<PathBuf>) -> Result<(), Failure> {
    pages.push(Man::new(command.clone()).generate_to(folder)?);
    let subcommands = command.get_subcommands().filter(|sub| sub.get_name() != "help");
    for sub in subcommands {
        write_pages(sub, folder, pages)?;
    }
    Ok(())
}
