//! No row is changed, deleted or replaced; where somebody does it all the same, the chain of hashes tells.

use super::{Folder, On, batch, book, decision, deed, entries, linked, settlement};
use crate::*;
use sqlx::Executor;

on_both!(no_row_can_be_changed_deleted_or_replaced);
async fn no_row_can_be_changed_deleted_or_replaced(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    store.append_decisions(&[decision("a", "2023-02-02")]).await.unwrap();
    let row = RejectedRow {
        line: 2,
        code: "c".into(),
        field: "f".into(),
        value: String::new(),
        about: Some(RejectedContact::default()),
    };
    let (code, contact_id, value) = ("c".into(), "K1".into(), String::new());
    let warned = WarnedRow { line: 3, code, contact_id, value };
    store.append_batch(&batch("a"), &[row], &[warned]).await.unwrap();
    book(&store, &settlement("a"), &entries(), 0).await.unwrap();
    let draft = deed("draft", "u-1", Vec::new());
    store.append_deed(&draft, Brings::Draft(&settlement("u-1")), 1).await.unwrap();
    store.append_access(&Access::default()).await.unwrap();
    store.append_input(&super::inputs::labour("a"), &super::inputs::rejected()).await.unwrap();
    let tables = [
        ("form", "version", "version"),
        ("revision", "body", "revision"),
        ("batch", "name", "seq"),
        ("rejected_row", "value", "batch, no"),
        ("rejected_contact", "unit", "batch, no"),
        ("warned_row", "value", "batch, no"),
        ("settlement", "total_ore", "seq"),
        ("deed", "note", "seq"),
        ("deed_row", "amount_ore", "deed, no"),
        ("draft", "total_ore", "deed"),
        ("entry", "text", "deed, no"),
        ("posting", "amount_ore", "deed, entry, no"),
        ("access", "note", "seq"),
        ("input", "name", "seq"),
        ("input_rejected", "value", "input, no"),
        ("link", "hash", "seq"),
    ];
    for (table, column, key) in tables {
        let mut statements =
            vec![format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")];
        match on {
            // The table of the form has nothing that a replacement could change.
            On::Sqlite if table == "form" => {}
            On::Sqlite => {
                statements.push(format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"));
            }
            On::Postgres => statements.extend([
                format!("TRUNCATE {table} CASCADE"),
                format!("DELETE FROM {table} WHERE false"),
                format!(
                    "INSERT INTO {table} SELECT * FROM {table} \
                     ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}"
                ),
                format!("SET session_replication_role = replica; DELETE FROM {table}"),
            ]),
        }
        for sql in statements {
            let done = store.pool().execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone()))).await;
            let refused = done.map_or_else(|error| error.to_string(), |_| "nothing".to_owned());
            assert!(refused.contains(&format!("{table} is never")), "{sql}: {refused}");
        }
    }
    assert_eq!(store.entries_of(1).await.unwrap(), entries());
}

on_both!(a_change_behind_the_programs_back_breaks_the_chain);
async fn a_change_behind_the_programs_back_breaks_the_chain(on: On) {
    let untouched = Folder::new(on);
    let chain = linked(&untouched).await.chain().await.unwrap();
    assert_eq!((chain.links, chain.broken), (4, vec![]));
    let harms = [
        ("revision", "UPDATE revision SET body = 'x'", BreakKind::Content),
        ("batch", "UPDATE batch SET name = 'x'", BreakKind::Content),
        ("deed", "UPDATE deed SET by_whom = 'x'", BreakKind::Content),
        ("deed_row", "UPDATE deed_row SET amount_ore = 1", BreakKind::Content),
        ("settlement", "UPDATE settlement SET total_ore = 1", BreakKind::Content),
        ("posting", "UPDATE posting SET amount_ore = -amount_ore", BreakKind::Content),
        ("access", "DELETE FROM access", BreakKind::Content),
        ("link", "DELETE FROM link WHERE seq = 2", BreakKind::Missing),
        ("link", "DELETE FROM link WHERE seq = 4", BreakKind::Unlinked),
        ("link", "UPDATE link SET hash = 'x' WHERE seq = 2", BreakKind::Link),
    ];
    for (table, harm, expected) in harms {
        let folder = Folder::new(on);
        let store = linked(&folder).await;
        for guard in ["stays", "is_kept"] {
            let drop = match on {
                On::Sqlite => format!("DROP TRIGGER {table}_{guard}"),
                On::Postgres => format!("DROP TRIGGER {table}_{guard} ON {table}"),
            };
            sqlx::query(sqlx::AssertSqlSafe(drop)).execute(store.pool()).await.unwrap();
        }
        store.pool().execute(harm).await.unwrap();
        let broken = store.chain().await.unwrap().broken;
        assert!(broken.iter().any(|broken| broken.what == expected), "{harm}: {broken:?}");
    }
}
