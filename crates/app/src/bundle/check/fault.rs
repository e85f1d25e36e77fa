//! What can be wrong with a receipt, in words.

use crate::failure::Failure;
use kernel::finding::Text;

/// Something wrong with a file, a row, or what the manifest says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line; 0 where it is the file as a whole.
    pub line: u64,
    /// What is wrong, in Swedish.
    pub sv: String,
    /// In English.
    pub en: String,
}

impl Fault {
    fn new(file: &str, line: u64, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, sv: sv.into(), en: en.into() }
    }

    /// The words in both languages.
    pub fn text(&self) -> Text {
        Text::new(self.sv.clone(), self.en.clone())
    }

    pub(crate) fn damaged(file: &str) -> Self {
        Self::new(file, 0, "går inte att packa upp", "cannot be unpacked")
    }

    pub(crate) fn twice(file: &str) -> Self {
        Self::new(file, 0, "finns två gånger", "is there twice")
    }

    pub(super) fn missing(file: &str) -> Self {
        Self::new(file, 0, "saknas", "is missing")
    }

    pub(super) fn changed(file: &str) -> Self {
        Self::new(
            file,
            0,
            "är ändrad: kontrollsumman är en annan än kvittots",
            "was changed: its hash is not the one in the receipt",
        )
    }

    pub(super) fn unlisted(file: &str) -> Self {
        Self::new(file, 0, "hör inte till kvittot", "does not belong to the receipt")
    }

    pub(crate) fn unreadable(file: &str, line: u64) -> Self {
        Self::new(
            file,
            line,
            "går inte att läsa, eller hör inte hemma här",
            "cannot be read, or does not belong here",
        )
    }

    pub(super) fn out_of_order(file: &str, line: u64) -> Self {
        Self::new(
            file,
            line,
            "är inte som kvittot skrevs: raden saknas, är tillagd, flyttad, upprepad eller skriven på ett annat sätt",
            "is not as the receipt was written: the row is missing, added, moved, repeated or written otherwise",
        )
    }

    pub(super) fn without_report(file: &str, line: u64) -> Self {
        Self::new(
            file,
            line,
            "är om en kontakt som ingen rapport i kvittot är om",
            "is about a contact that no report in the receipt is about",
        )
    }

    pub(super) fn not_so(file: &str, what: &str) -> Self {
        Self::new(
            file,
            0,
            format!("`{what}` stämmer inte med det övriga i kvittot"),
            format!("`{what}` does not agree with the rest of the receipt"),
        )
    }

    pub(super) fn unpriced(line: u64, id: &str, said: Option<&str>, right: Option<&str>) -> Self {
        let sv = |reason: Option<&str>| reason.map_or("har pris".to_owned(), |r| format!("`{r}`"));
        let en = |reason: Option<&str>| reason.map_or("priced".to_owned(), |r| format!("`{r}`"));
        Self::new(
            super::UNPRICED,
            line,
            format!("kontakt `{id}`: kvittot säger {}, uträknat {}", sv(said), sv(right)),
            format!("contact `{id}`: the receipt says {}, computed {}", en(said), en(right)),
        )
    }

    /// What stood in the way of computing.
    pub(super) fn of_failure(failure: Failure) -> Vec<Self> {
        let (text, findings) = match failure {
            Failure::Usage(text) => (text, Vec::new()),
            Failure::NotThere | Failure::NotAllowed => (failure.text(), Vec::new()),
            Failure::Refused(text, findings) => (text, findings),
        };
        if findings.is_empty() {
            return vec![Self::new(super::MANIFEST, 0, text.sv, text.en)];
        }
        let faults = findings.into_iter().map(|finding| {
            let message = finding.message;
            Self::new(&finding.file, finding.line.into(), message.sv, message.en)
        });
        faults.collect()
    }
}
