//! What has changed since a preview was put down.
//!
//! Owns: naming what came in between, and which sums it moved. Does not own: whether it may be booked (`kernel::journal`).

use super::DataFolder;
use super::settling::{Preview, lines_of_file};
use crate::failure::Failure;
use kernel::journal::DeedKind;
use kernel::money::Money;
use std::collections::BTreeMap;
use store::Settlement;

/// What has changed since a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Decisions recorded since.
    pub decisions: Vec<String>,
    /// Contact files imported since.
    pub files: Vec<String>,
    /// Settlements booked or undone since.
    pub settlements: Vec<String>,
    /// Payable sums by unit and element: drafted, and now.
    pub sums: BTreeMap<(String, String), (Money, Money)>,
}

/// How far what is kept had come when somebody looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Was {
    /// Decisions recorded.
    pub revision: i64,
    /// Contact files imported.
    pub batches: i64,
    /// The last deed.
    pub deed: i64,
}

impl DataFolder {
    /// What has come since somebody looked, without sums.
    pub fn come_since(&self, was: Was, preview: &Preview) -> Changed {
        let mut changed = Changed::default();
        let before = usize::try_from(was.revision).unwrap_or(usize::MAX);
        let now = usize::try_from(preview.basis.revision).unwrap_or(usize::MAX);
        let new = self.register.log().iter().take(now).skip(before);
        changed.decisions = new.map(|recorded| recorded.decision.id.to_string()).collect();
        let before = usize::try_from(was.batches).unwrap_or(usize::MAX);
        changed.files = self.batches.iter().skip(before).map(|batch| batch.name.clone()).collect();
        let since = self.deeds().iter().filter(|(seq, _)| *seq > was.deed);
        let moves = since.filter(|(_, d)| matches!(d.kind, DeedKind::Book | DeedKind::Undo));
        changed.settlements = moves.map(|(_, deed)| deed.subject.clone()).collect();
        changed
    }

    /// What differs between a draft and a preview of the same month made now.
    pub fn changed_since(&self, draft: &Settlement, preview: &Preview) -> Result<Changed, Failure> {
        let was =
            Was { revision: draft.booked.revision, batches: draft.booked.batches, deed: draft.seq };
        let mut changed = self.come_since(was, preview);
        let drafted = lines_of_file(&self.folder, draft)?;
        for line in drafted.rows().filter(|line| line.payable) {
            let key = (line.unit.to_owned(), line.element.to_owned());
            changed.sums.entry(key).or_default().0 += line.amount;
        }
        for (key, sum) in self.summary(&preview.lines).iter().filter(|(key, _)| key.payable) {
            let key = (key.unit.to_owned(), key.element.to_owned());
            changed.sums.entry(key).or_default().1 += sum.total.amount;
        }
        changed.sums.retain(|_, (drafted, now)| drafted != now);
        Ok(changed)
    }
}
