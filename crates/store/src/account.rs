//! Who may log in, and who is logged in.
//!
//! Owns: that what was said of an account stays, and that no token is kept. Does not own: what a role may do, or how a password is hashed.

use crate::chain;
use crate::database::{Value, insert_many, number, text};
use crate::files::sha256;
use crate::{Store, StoreError};

/// What is said of an account; the last statement of a name is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The name to log in with.
    pub name: String,
    /// The role; blank where the account is closed.
    pub role: String,
    /// The provider whose units it is for; blank for all.
    pub provider: String,
    /// The hash of the password; blank where there is none.
    pub password: String,
    /// Who said it.
    pub by: String,
    /// When, as RFC 3339 in UTC.
    pub at: String,
}

/// Somebody who logged in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Provider; blank for all.
    pub provider: String,
    /// Since when, as RFC 3339 in UTC.
    pub at: String,
    /// The first moment it does not hold any more.
    pub until: String,
}

const ACCOUNT: &str = "INSERT INTO account (seq, name, role, provider, password, by_whom, at_time) \
    VALUES";
const SESSION: &str = "INSERT INTO session (token_sha256, name, role, provider, at_time, \
    until_time) VALUES";

impl Store {
    /// Says something of an account; gives the number of the statement. `first_only` refuses (gives `None`) where there is any account.
    pub async fn append_account(
        &self,
        account: &Account,
        first_only: bool,
    ) -> Result<Option<i64>, StoreError> {
        let mut transaction = self.begin().await?;
        let last = "SELECT CAST(COALESCE(MAX(seq), 0) AS BIGINT) FROM account";
        let seq = 1 + number(&sqlx::query(last).fetch_one(&mut *transaction).await?, 0)?;
        if first_only && seq > 1 {
            return Ok(None);
        }
        let values = [
            Value::Int(seq),
            Value::Text(&account.name),
            Value::Text(&account.role),
            Value::Text(&account.provider),
            Value::Text(&account.password),
            Value::Text(&account.by),
            Value::Text(&account.at),
        ];
        insert_many(&mut transaction, ACCOUNT, &[values]).await?;
        chain::extend(&mut transaction).await?;
        transaction.commit().await?;
        Ok(Some(seq))
    }

    /// Every statement about accounts, in order.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let select = "SELECT name, role, provider, password, by_whom, at_time FROM account \
            ORDER BY seq";
        let rows = sqlx::query(select).fetch_all(self.pool()).await?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(Account {
                name: text(row, 0)?,
                role: text(row, 1)?,
                provider: text(row, 2)?,
                password: text(row, 3)?,
                by: text(row, 4)?,
                at: text(row, 5)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Lets somebody in with a token, of which only the hash is kept.
    pub async fn begin_session(&self, token: &str, session: &Session) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let values = [
            Value::Own(sha256(token.as_bytes())),
            Value::Text(&session.name),
            Value::Text(&session.role),
            Value::Text(&session.provider),
            Value::Text(&session.at),
            Value::Text(&session.until),
        ];
        insert_many(&mut transaction, SESSION, &[values]).await?;
        Ok(transaction.commit().await?)
    }

    /// Who a token lets in, unless the session has ended; whether its time is over is for the caller to see.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, StoreError> {
        let select = "SELECT name, role, provider, at_time, until_time FROM session \
            WHERE token_sha256 = $1 \
            AND NOT EXISTS (SELECT 1 FROM session_end WHERE session_end.token_sha256 = session.token_sha256)";
        let found = sqlx::query(select).bind(sha256(token.as_bytes()));
        let row = found.fetch_optional(self.pool()).await?;
        row.map(|row| {
            Ok(Session {
                name: text(&row, 0)?,
                role: text(&row, 1)?,
                provider: text(&row, 2)?,
                at: text(&row, 3)?,
                until: text(&row, 4)?,
            })
        })
        .transpose()
    }

    /// Ends a session; one that has ended stays so.
    pub async fn end_session(&self, token: &str, at: &str) -> Result<(), StoreError> {
        if self.session(token).await?.is_none() {
            return Ok(());
        }
        let mut transaction = self.begin().await?;
        let insert = "INSERT INTO session_end (token_sha256, at_time) VALUES";
        let values = [Value::Own(sha256(token.as_bytes())), Value::Text(at)];
        insert_many(&mut transaction, insert, &[values]).await?;
        Ok(transaction.commit().await?)
    }

    /// Ends every session of a name.
    pub async fn end_sessions_of(&self, name: &str, at: &str) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let select = "SELECT token_sha256 FROM session WHERE name = $1 \
            AND NOT EXISTS (SELECT 1 FROM session_end WHERE session_end.token_sha256 = session.token_sha256)";
        let open = sqlx::query(select).bind(name.to_owned());
        let rows = open.fetch_all(&mut *transaction).await?;
        let mut ends = Vec::with_capacity(rows.len());
        for row in &rows {
            ends.push([Value::Own(text(row, 0)?), Value::Text(at)]);
        }
        let insert = "INSERT INTO session_end (token_sha256, at_time) VALUES";
        insert_many(&mut transaction, insert, &ends).await?;
        Ok(transaction.commit().await?)
    }

    /// The request and the answer that a key of somebody's own stands for.
    pub async fn answer(
        &self,
        key: &str,
        by: &str,
    ) -> Result<Option<(String, String)>, StoreError> {
        let select = "SELECT request, answer FROM idempotency WHERE key = $1 AND by_whom = $2";
        let found = sqlx::query(select).bind(key.to_owned()).bind(by.to_owned());
        let row = found.fetch_optional(self.pool()).await?;
        row.map(|row| Ok((text(&row, 0)?, text(&row, 1)?))).transpose()
    }

    /// Keeps the answer to a request with a key of its own.
    pub async fn append_answer(
        &self,
        key: &str,
        by: &str,
        request: &str,
        answer: &str,
        at: &str,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        let insert =
            "INSERT INTO idempotency (key, by_whom, request, status, answer, at_time) VALUES";
        let values = [
            Value::Text(key),
            Value::Text(by),
            Value::Text(request),
            Value::Int(200),
            Value::Text(answer),
            Value::Text(at),
        ];
        insert_many(&mut transaction, insert, &[values]).await?;
        Ok(transaction.commit().await?)
    }
}
