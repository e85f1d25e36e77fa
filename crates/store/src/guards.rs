//! What makes the database itself refuse to change, delete or replace a row.
//!
//! Owns: which tables are kept, and the triggers that keep them. Does not own: the tables (`schema.sql` and those after it).

use crate::StoreError;
use crate::database::text;
use crate::engine::Engine;
use sqlx::{Any, AssertSqlSafe, Executor, Transaction};

/// Every table with the columns that no two rows have alike: a row that would take another's place is refused.
const KEPT: [(&str, &[&str]); 23] = [
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
const REFUSE: &str = "CREATE OR REPLACE FUNCTION vardkedja_refuse() RETURNS trigger LANGUAGE plpgsql AS \
    $$ BEGIN RAISE EXCEPTION '% is never %', TG_TABLE_NAME, TG_ARGV[0]; END $$";

/// Sets the guards of every table that has none yet.
pub(crate) async fn set(
    transaction: &mut Transaction<'_, Any>,
    engine: Engine,
) -> Result<(), sqlx::Error> {
    if engine == Engine::Postgres {
        transaction.execute(sqlx::raw_sql(REFUSE)).await?;
    }
    for (table, keys) in KEPT {
        let guards = match engine {
            Engine::Sqlite => on_sqlite(table, keys),
            Engine::Postgres => on_postgres(table),
        };
        // The text is made of the constants above.
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(guards))).await?;
    }
    Ok(())
}

/// The guards that are not there, or do not refuse as they should, by name.
pub(crate) async fn missing(
    transaction: &mut Transaction<'_, Any>,
    engine: Engine,
) -> Result<Vec<String>, StoreError> {
    let select = match engine {
        Engine::Sqlite => "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        Engine::Postgres => {
            "SELECT CAST(t.tgname AS TEXT), \
             CASE WHEN t.tgenabled = 'A' THEN pg_get_triggerdef(t.oid) ELSE '' END || p.prosrc \
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
             WHERE NOT t.tgisinternal AND c.relnamespace = CAST(current_schema() AS regnamespace)"
        }
    };
    let mut there = Vec::new();
    for row in &sqlx::query(select).fetch_all(&mut **transaction).await? {
        there.push((text(row, 0)?, text(row, 1)?));
    }
    let refuses = |table: &str, (name, what): (&str, &str)| {
        let wanted = match engine {
            Engine::Sqlite => vec![format!("RAISE(ABORT, '{table} is never {what}')")],
            Engine::Postgres => {
                vec![format!("vardkedja_refuse('{what}')"), "RAISE EXCEPTION".into()]
            }
        };
        let name = format!("{table}_{name}");
        let found = there.iter().find(|(is, _)| *is == name);
        found.is_some_and(|(_, sql)| wanted.iter().all(|wanted| sql.contains(wanted)))
    };
    let names: &[(&str, &str)] = match engine {
        Engine::Sqlite => &[("stays", "changed"), ("is_kept", "deleted"), ("is_new", "replaced")],
        Engine::Postgres => &[("stays", "changed"), ("is_kept", "deleted")],
    };
    let all = KEPT.iter().flat_map(|(table, _)| names.iter().map(move |name| (*table, *name)));
    let gone = all.filter(|(table, name)| !refuses(table, *name));
    Ok(gone.map(|(table, (name, _))| format!("{table}_{name}")).collect())
}

/// For each statement, so that `ON CONFLICT DO UPDATE` and `TRUNCATE` are caught too; always, so that a session that plays a replica is
/// bound as well. Keys alone refuse a row in another's place.
fn on_postgres(table: &str) -> String {
    let guard = |name: &str, when: &str, what: &str| {
        format!(
            "DROP TRIGGER IF EXISTS {table}_{name} ON {table}; \
             CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION vardkedja_refuse('{what}'); \
             ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name};"
        )
    };
    guard("stays", "UPDATE", "changed") + &guard("is_kept", "DELETE OR TRUNCATE", "deleted")
}

pub(crate) fn on_sqlite(table: &str, keys: &[&str]) -> String {
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
