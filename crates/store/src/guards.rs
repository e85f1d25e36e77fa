//! What makes the database itself refuse to change, delete or replace a row.
//!
//! Owns: which tables are kept, and the triggers that keep them. Does not own: the tables (`schema.sql` and those after it).

use crate::StoreError;
use crate::database::text;
use crate::engine::Engine;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Executor, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// A table with the columns that no two rows have alike: a row that would take another's place is refused.
pub(crate) type Guarded = (&'static str, &'static [&'static str]);

/// Every table that is kept.
const KEPT: [Guarded; 23] = [
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
    ("home", &["no"]),
    ("account", &["seq"]),
    ("session", &["token_sha256"]),
    ("session_end", &["token_sha256"]),
    ("proposal", &["seq"]),
    ("proposal_end", &["seq"]),
    ("idempotency", &["key, by_whom"]),
    ("input", &["seq", "kind, source_sha256"]),
    ("input_rejected", &["input, no"]),
];

/// PostgreSQL has the words of a refusal in a function; SQLite in each trigger.
const REFUSE: &str = " BEGIN RAISE EXCEPTION '% is never %', TG_TABLE_NAME, TG_ARGV[0]; END ";

/// Sets the guards of every table that has none yet.
pub(crate) async fn set(
    transaction: &mut Transaction<'_, Any>,
    engine: Engine,
) -> Result<(), sqlx::Error> {
    match engine {
        Engine::Sqlite => set_on_sqlite(transaction, &KEPT).await?,
        Engine::Postgres => {
            let refuse = format!(
                "CREATE OR REPLACE FUNCTION vardkedja_refuse() RETURNS trigger LANGUAGE plpgsql AS $${REFUSE}$$"
            );
            // The texts are made of the constants above.
            transaction.execute(sqlx::raw_sql(AssertSqlSafe(refuse))).await?;
            for (table, _) in KEPT {
                let guards = on_postgres(table);
                transaction.execute(sqlx::raw_sql(AssertSqlSafe(guards))).await?;
            }
        }
    }
    Ok(())
}

pub(crate) async fn set_on_sqlite(
    connection: &mut AnyConnection,
    tables: &[Guarded],
) -> Result<(), sqlx::Error> {
    for (_, trigger) in on_sqlite(tables) {
        let create = format!("CREATE TRIGGER IF NOT EXISTS {trigger}");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(create))).await?;
    }
    Ok(())
}

/// The guards that are not there as they were set, by name.
pub(crate) async fn missing(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    if Engine::of(connection) == Engine::Sqlite {
        return missing_on_sqlite(connection, &KEPT).await;
    }
    let select = "SELECT CAST(t.tgname AS TEXT), pg_get_triggerdef(t.oid) \
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
        WHERE t.tgenabled = 'A' AND p.prosrc = $1 \
        AND c.relnamespace = CAST(current_schema() AS regnamespace)";
    let mut there = BTreeMap::new();
    for row in &sqlx::query(select).bind(REFUSE).fetch_all(connection).await? {
        there.insert(text(row, 0)?, text(row, 1)?);
    }
    let mut gone = Vec::new();
    for ((table, _), (name, when, what)) in
        KEPT.iter().flat_map(|table| ON_POSTGRES.map(|guard| (table, guard)))
    {
        let name = format!("{table}_{name}");
        let refuses = |made: &String| {
            made.contains(&format!(" BEFORE {when} ON "))
                && made.contains(" FOR EACH STATEMENT EXECUTE ")
                && made.ends_with(&format!("vardkedja_refuse('{what}')"))
        };
        if !there.get(&name).is_some_and(refuses) {
            gone.push(name);
        }
    }
    Ok(gone)
}

/// SQLite keeps a trigger in the words that it was made with.
pub(crate) async fn missing_on_sqlite(
    connection: &mut AnyConnection,
    tables: &[Guarded],
) -> Result<Vec<String>, StoreError> {
    let select = "SELECT sql FROM sqlite_master WHERE type = 'trigger'";
    let mut there = BTreeSet::new();
    for row in &sqlx::query(select).fetch_all(connection).await? {
        there.insert(text(row, 0)?);
    }
    let is_there = |trigger: &str| there.contains(&format!("CREATE TRIGGER {trigger}"));
    let gone = on_sqlite(tables).filter(|(_, trigger)| !is_there(trigger));
    Ok(gone.map(|(name, _)| name).collect())
}

/// What PostgreSQL refuses of a table, by the end of the name, and in which words.
const ON_POSTGRES: [(&str, &str, &str); 2] =
    [("stays", "UPDATE", "changed"), ("is_kept", "DELETE OR TRUNCATE", "deleted")];

/// For each statement, so that `ON CONFLICT DO UPDATE` and `TRUNCATE` are caught too; always, so that a session that plays a replica is
/// bound as well. Keys alone refuse a row in another's place.
fn on_postgres(table: &str) -> String {
    let guard = |(name, when, what): (&str, &str, &str)| {
        format!(
            "DROP TRIGGER IF EXISTS {table}_{name} ON {table}; \
             CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION vardkedja_refuse('{what}'); \
             ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name};"
        )
    };
    ON_POSTGRES.map(guard).concat()
}

/// The guards of tables: the name of each, and what follows `CREATE TRIGGER`.
fn on_sqlite(tables: &[Guarded]) -> impl Iterator<Item = (String, String)> {
    tables.iter().flat_map(|(table, keys)| {
        let guard = |name: &str, when: &str, which: &str, what: &str| {
            let name = format!("{table}_{name}");
            let trigger = format!(
                "{name} BEFORE {when} ON {table} {which}BEGIN SELECT RAISE(ABORT, '{table} is never {what}'); END"
            );
            (name, trigger)
        };
        let same = |key: &&str| {
            let columns = key.split(", ").map(|column| format!("{column} = NEW.{column}"));
            columns.collect::<Vec<_>>().join(" AND ")
        };
        let same: Vec<String> = keys.iter().map(same).collect();
        let is_there = format!("WHEN EXISTS (SELECT 1 FROM {table} WHERE {}) ", same.join(" OR "));
        [
            guard("stays", "UPDATE", "", "changed"),
            guard("is_kept", "DELETE", "", "deleted"),
            guard("is_new", "INSERT", &is_there, "replaced"),
        ]
    })
}
