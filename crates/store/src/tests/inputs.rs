//! What was imported beside contacts is listed once, linked, and copied.

use super::{Folder, On, day};
use crate::files::{self, Shelf};
use crate::*;
use sqlx::Executor;

pub(super) fn labour(source: &str) -> NewInput {
    NewInput {
        kind: "labour".into(),
        source_sha256: files::sha256(source.as_bytes()),
        file: files::sha256(b"rows"),
        name: "forlopp.csv".into(),
        origin: Origin::Synthetic,
        accepted: 10,
        imported_on: day("2023-03-01"),
    }
}

pub(super) fn rejected() -> Vec<RejectedInput> {
    let (code, field) = ("bad-value".into(), "active_from".into());
    vec![RejectedInput { line: 4, code, field, value: "x".into() }]
}

on_both!(a_file_is_listed_once_as_each_kind_and_breaks_the_chain_where_it_is_changed);
async fn a_file_is_listed_once_as_each_kind_and_breaks_the_chain_where_it_is_changed(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    assert_eq!(store.head().await.unwrap().inputs, 0);
    assert_eq!(store.append_input(&labour("a"), &rejected()).await.unwrap(), 1);
    let twice = store.append_input(&labour("a"), &[]).await.unwrap_err();
    assert!(matches!(twice, StoreError::BatchTwice { batch: 1, .. }), "{twice}");
    let measures = NewInput { kind: "measure".into(), ..labour("a") };
    assert_eq!(store.append_input(&measures, &[]).await.unwrap(), 2);
    assert_eq!(store.head().await.unwrap().inputs, 2);
    let kept = store.kept().await.unwrap().inputs;
    let counts = |input: &Input| (input.seq, input.rows, input.accepted, input.rejected);
    assert_eq!(kept.iter().map(counts).collect::<Vec<_>>(), [(1, 11, 10, 1), (2, 10, 10, 0)]);
    assert_eq!(store.rejected_inputs().await.unwrap(), [(1, rejected().remove(0))]);
    let named = store.named_files().await.unwrap();
    assert_eq!(named, [(Shelf::Inputs, files::sha256(b"rows"))]);
    let chain = store.chain().await.unwrap();
    assert_eq!((chain.links, chain.broken), (2, vec![]));
    let drop = match on {
        On::Sqlite => "DROP TRIGGER input_rejected_stays",
        On::Postgres => "DROP TRIGGER input_rejected_stays ON input_rejected",
    };
    store.pool().execute(sqlx::raw_sql(drop)).await.unwrap();
    let change = sqlx::raw_sql("UPDATE input_rejected SET value = 'y'");
    store.pool().execute(change).await.unwrap();
    let broken = store.chain().await.unwrap().broken;
    assert_eq!(
        broken.iter().map(|one| (one.number, one.what)).collect::<Vec<_>>(),
        [(1, BreakKind::Content)]
    );
    assert_eq!(store.missing_guards().await.unwrap(), ["input_rejected_stays"]);
}

#[tokio::test]
async fn a_carer_has_one_pseudonym_and_it_depends_on_the_key() {
    let (folder, other) = (Folder::new(On::Sqlite), Folder::new(On::Sqlite));
    let key = CarerKey::open(&folder.0).unwrap();
    let name = key.pseudonym("Anna");
    assert_eq!(CarerKey::open(&folder.0).unwrap().pseudonym("Anna"), name);
    assert!(name.starts_with("b-") && name.len() == 26 && !name.contains("Anna"));
    assert_ne!(key.pseudonym("anna"), name);
    assert_ne!(CarerKey::open(&other.0).unwrap().pseudonym("Anna"), name);
    assert_eq!(key.pseudonym(&name), name);
}
