//! Progress of long work, on stderr, and only where a person looks.

use crate::inputs::Input;
use crate::output::Out;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over the bytes of a file.
pub fn bytes(input: &Input, out: Out) -> ProgressBar {
    let verb = out.lang.pick("läser", "reading");
    styled(input.source.len(), format!("{verb} {}", input.file_name))
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
