//! A fence around readers of other people's forms.
//!
//! Owns: that a damaged workbook or Parquet file is refused, also where its reader does not give up in good
//! order but panics. Does not own: any panic of our own, which goes on as it should.
//!
//! `guarded(|| reader.next())` is what the reader says, or that it gave up.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Calls a reader; its error as text. What it was reading is not to be used after an error.
pub(super) fn guarded<T, E: std::fmt::Display>(
    read: impl FnOnce() -> Result<T, E>,
) -> Result<T, String> {
    static QUIET: Once = Once::new();
    // The file is refused with a message of ours; the reader's own words about its source help nobody.
    QUIET.call_once(|| {
        let told = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                told(panic);
            }
        }));
    });
    let was_guarded = IS_GUARDED.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(was_guarded);
    match read {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("its content contradicts itself".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_panics_is_an_error() {
        let list: Vec<u8> = Vec::new();
        let told = guarded::<u8, String>(|| Ok(list[list.len()]));
        assert_eq!(told, Err("its content contradicts itself".to_owned()));
        assert_eq!(guarded::<u8, &str>(|| Err("cut")), Err("cut".to_owned()));
        assert_eq!(guarded::<u8, &str>(|| Ok(1)), Ok(1));
        assert!(!IS_GUARDED.get());
    }
}
