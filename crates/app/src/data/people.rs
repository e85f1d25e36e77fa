//! Accounts, sessions and decisions that wait for approval, as they are kept.
//!
//! Owns: carrying them between the store and the workplace. Does not own: who may do what (`web::rights`).

use super::DataFolder;
use crate::failure::Failure;
use store::{Account, Session};

impl DataFolder {
    /// Everything that was said of accounts, in order.
    pub fn accounts(&self) -> Result<Vec<Account>, Failure> {
        Ok(self.runtime.block_on(self.store.accounts())?)
    }

    /// Says something of an account. The first account of a folder is refused (`false`) where there is one already.
    pub fn say_of_account(&self, account: &Account, first_only: bool) -> Result<bool, Failure> {
        let said = self.runtime.block_on(self.store.append_account(account, first_only))?;
        Ok(said.is_some())
    }

    /// Whom a token lets in.
    pub fn session(&self, token: &str) -> Result<Option<Session>, Failure> {
        Ok(self.runtime.block_on(self.store.session(token))?)
    }

    /// Lets somebody in.
    pub fn begin_session(&self, token: &str, session: &Session) -> Result<(), Failure> {
        Ok(self.runtime.block_on(self.store.begin_session(token, session))?)
    }

    /// Ends a session.
    pub fn end_session(&self, token: &str) -> Result<(), Failure> {
        let at = crate::engine::now();
        Ok(self.runtime.block_on(self.store.end_session(token, &at))?)
    }

    /// Ends every session of a name.
    pub fn end_sessions_of(&self, name: &str) -> Result<(), Failure> {
        let at = crate::engine::now();
        Ok(self.runtime.block_on(self.store.end_sessions_of(name, &at))?)
    }

    /// What a request with a key of somebody's own gave before: the request and its answer.
    pub fn answered_before(
        &self,
        key: &str,
        by: &str,
    ) -> Result<Option<(String, String)>, Failure> {
        Ok(self.runtime.block_on(self.store.answer(key, by))?)
    }

    /// Keeps what a request with a key gave, so that sending it again does nothing.
    pub fn keep_answer(
        &self,
        key: &str,
        by: &str,
        request: &str,
        answer: &str,
    ) -> Result<(), Failure> {
        let at = crate::engine::now();
        Ok(self.runtime.block_on(self.store.append_answer(key, by, request, answer, &at))?)
    }
}
