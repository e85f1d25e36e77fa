//! `vardkedja`: decisions and reports become exact, explained payments.

use std::process::ExitCode;

fn main() -> ExitCode {
    app::cli::run()
}
