//! What makes the database itself refuse to change, delete or replace a row.
//!
//! Owns: which tables are kept, and the triggers that keep them. Does not own: the tables (`schema.sql` and those after it).

use sqlx::{Any, AssertSqlSafe, Executor, Transaction};

/// Every table with the columns that no two rows have alike: a row that would take another's place is refused.
const KEPT: [(&str, &[&str]); 14] = [
    ("form", &["version"]),
    ("revision", &["revision", "decision_id"]),
    ("batch", &["seq", "source_sha256"]),
    ("rejected_row", &["batch, no"]),
    ("rejected_contact", &["batch, no"]),
    ("warned_row", &["batch, no"]),
    ("settlement", &["seq", "id"]),
    ("deed", &["seq"]),
    ("deed_row", &["deed, no"]),
    ("draft", &["deed", "id"]),
    ("entry", &["deed, no"]),
    ("posting", &["deed, entry, no"]),
    ("access", &["seq"]),
    ("link", &["seq", "kind, ref"]),
];

/// Sets the guards of every table that has none yet.
pub(crate) async fn set(transaction: &mut Transaction<'_, Any>) -> Result<(), sqlx::Error> {
    for (table, keys) in KEPT {
        let guards = on_sqlite(table, keys);
        // The text is made of the constants above.
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(guards))).await?;
    }
    Ok(())
}

fn on_sqlite(table: &str, keys: &[&str]) -> String {
    let refuse = |what: &str| format!("BEGIN SELECT RAISE(ABORT, '{table} is never {what}'); END;");
    let same = |key: &&str| {
        let columns = key.split(", ").map(|column| format!("{column} = NEW.{column}"));
        columns.collect::<Vec<_>>().join(" AND ")
    };
    let same: Vec<String> = keys.iter().map(same).collect();
    format!(
        "CREATE TRIGGER IF NOT EXISTS {table}_stays BEFORE UPDATE ON {table} {} \
         CREATE TRIGGER IF NOT EXISTS {table}_is_kept BEFORE DELETE ON {table} {} \
         CREATE TRIGGER IF NOT EXISTS {table}_is_new BEFORE INSERT ON {table} \
         WHEN EXISTS (SELECT 1 FROM {table} WHERE {}) {}",
        refuse("changed"),
        refuse("deleted"),
        same.join(" OR "),
        refuse("replaced"),
    )
}
