//! Progress of long work, on stderr, and only where a person looks.

use crate::output::Out;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::Path;

/// A bar over the bytes of a file.
pub fn bytes(path: &Path, out: Out) -> ProgressBar {
    let len = std::fs::metadata(path).map_or(0, |file| file.len());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let verb = out.lang.pick("läser", "reading");
    styled(len, format!("{verb} {}", name.unwrap_or_default()))
}

/// A bar over steps.
pub fn steps(len: u64, message: &str) -> ProgressBar {
    styled(len, message.to_owned())
}

/// indicatif hides the bar where stderr is no terminal.
fn styled(len: u64, message: String) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(len), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} % {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(message);
    bar
}
