//! Decisions that wait for approval: written by one, approved by another, recorded in the same moment.
//!
//! Owns: that nobody approves what they wrote themselves. Does not own: what a decision says, or which role may approve (`web::rights`).

use super::DataFolder;
use crate::engine;
use crate::failure::Failure;
use crate::findings::refuse_numbers;
use kernel::fact::Decision;
use kernel::journal::is_same_person;
use store::{NewRevision, Proposal, ProposalEnd};

impl DataFolder {
    /// Every proposal, in order.
    pub fn proposals(&self) -> Result<Vec<Proposal>, Failure> {
        Ok(self.runtime.block_on(self.store.proposals())?)
    }

    /// A proposal by its number.
    pub fn proposal(&self, seq: &str) -> Result<Proposal, Failure> {
        let Ok(seq) = seq.parse::<i64>() else { return Err(Failure::NotThere) };
        let mut all = self.proposals()?.into_iter();
        all.find(|proposal| proposal.seq == seq).ok_or(Failure::NotThere)
    }

    /// Keeps a decision for another to approve; gives its number.
    pub fn propose(&self, decision: &Decision, body: &str, by: &str) -> Result<i64, Failure> {
        let proposal = Proposal {
            decision_id: decision.id.to_string(),
            file: decision.place.file.to_string(),
            body: body.to_owned(),
            by: by.to_owned(),
            at: engine::now(),
            ..Proposal::default()
        };
        Ok(self.runtime.block_on(self.store.append_proposal(&proposal))?)
    }

    /// Approves a proposal: its decision is recorded today.
    pub fn approve_proposal(
        &self,
        proposal: &Proposal,
        decision: &Decision,
        by: &str,
        note: &str,
    ) -> Result<(), Failure> {
        second_person(proposal, by)?;
        let revision = NewRevision {
            recorded_on: engine::today(),
            decision_id: decision.id.to_string(),
            known_from: decision.known_from,
            file: proposal.file.clone(),
            body: proposal.body.clone(),
        };
        self.end(proposal, "approved", by, note, Some(&revision))
    }

    /// Sends a proposal back with a reason.
    pub fn refuse_proposal(
        &self,
        proposal: &Proposal,
        by: &str,
        note: &str,
    ) -> Result<(), Failure> {
        second_person(proposal, by)?;
        if note.is_empty() {
            return Err(Failure::refused(
                "skriv varför förslaget avslås",
                "write why the proposal is refused",
            ));
        }
        self.end(proposal, "refused", by, note, None)
    }

    /// Takes back a proposal of one's own.
    pub fn withdraw_proposal(
        &self,
        proposal: &Proposal,
        by: &str,
        note: &str,
    ) -> Result<(), Failure> {
        if !is_same_person(&proposal.by, by) {
            return Err(Failure::refused(
                format!("bara `{}` kan dra tillbaka förslaget; du kan avslå det", proposal.by),
                format!("only `{}` can withdraw the proposal; you can refuse it", proposal.by),
            ));
        }
        self.end(proposal, "withdrawn", by, note, None)
    }

    fn end(
        &self,
        proposal: &Proposal,
        outcome: &str,
        by: &str,
        note: &str,
        revision: Option<&NewRevision>,
    ) -> Result<(), Failure> {
        refuse_numbers(note)?;
        let end = ProposalEnd {
            outcome: outcome.to_owned(),
            by: by.to_owned(),
            at: engine::now(),
            note: note.to_owned(),
        };
        Ok(self.runtime.block_on(self.store.end_proposal(proposal.seq, &end, revision))?)
    }
}

fn second_person(proposal: &Proposal, by: &str) -> Result<(), Failure> {
    if is_same_person(&proposal.by, by) {
        return Err(Failure::refused(
            format!("`{by}` har skrivit förslaget; någon annan ska godkänna eller avslå det"),
            format!("`{by}` wrote the proposal; somebody else is to approve or refuse it"),
        ));
    }
    Ok(())
}
