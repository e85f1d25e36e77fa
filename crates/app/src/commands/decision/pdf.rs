//! The text layer of a PDF file.

use crate::failure::Failure;

/// The text of a PDF, or why there is none.
pub fn text(shown: &str, bytes: &[u8]) -> Result<String, Failure> {
    // The reader panics on some broken files; that is a file that cannot be read, and where in the reader is nobody's matter.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let read = std::panic::catch_unwind(|| pdf_extract::extract_text_from_mem(bytes).ok());
    std::panic::set_hook(hook);
    match read.ok().flatten().filter(|text| !text.trim().is_empty()) {
        Some(text) => Ok(text),
        None => Err(Failure::refused(
            format!(
                "`{shown}` är en PDF utan läsbart textlager; spara texten från ordbehandlaren i stället"
            ),
            format!(
                "`{shown}` is a PDF without a readable text layer; save the text from the word processor instead"
            ),
        )),
    }
}
