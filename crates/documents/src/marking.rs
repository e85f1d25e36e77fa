//! What every file says of the data that it rests on.
//!
//! Owns: the words. Does not own: which data are made up.
//!
//! A file of synthetic contacts says `SYNTETISKA DATA: påhittade kontakter, inga verkliga personer`.

/// What is known of the amounts or the contacts that they rest on; said in every file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marking {
    /// The contacts are made up.
    pub synthetic: bool,
    /// A price is made up, since no public one exists.
    pub illustrative: bool,
    /// Something of a decision is confirmed by no source.
    pub unverified: bool,
}

impl Marking {
    /// What a file says once, in Swedish, the synthetic data first; `None` where there is nothing to say.
    pub fn sentence(self) -> Option<String> {
        self.joined(&[
            "SYNTETISKA DATA: påhittade kontakter, inga verkliga personer",
            "ILLUSTRATIVA BELOPP: påhittade priser",
            "EJ VERIFIERADE BELOPP: uppgift utan källa",
        ])
    }

    /// What each part of a file says.
    pub fn words(self) -> Option<String> {
        self.joined(&["SYNTETISKA DATA", "ILLUSTRATIVA BELOPP", "EJ VERIFIERADE BELOPP"])
    }

    fn joined(self, [synthetic, illustrative, unverified]: &[&str; 3]) -> Option<String> {
        let all = [
            (self.synthetic, *synthetic),
            (self.illustrative, *illustrative),
            (self.unverified, *unverified),
        ];
        let said: Vec<&str> = all.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect();
        (!said.is_empty()).then(|| said.join(". "))
    }

    /// `text` with the words before it.
    pub(crate) fn before(self, text: &str) -> String {
        let text = Some(text.to_owned()).filter(|text| !text.is_empty());
        self.words().into_iter().chain(text).collect::<Vec<_>>().join(". ")
    }
}
