//! A data folder whose rows are kept in PostgreSQL: the two belong together, and no message has the password.

use super::{Folder, On, batch, book, entries, server, settlement};
use crate::*;
use sqlx::Executor;

fn of_server(folder: &Folder) -> &Address {
    match &folder.1 {
        Database::Postgres(address) => address,
        Database::InFolder => panic!("not on a server"),
    }
}

fn assert_no_password(refused: &StoreError) {
    let told = format!("{refused} {refused:?}");
    assert!(!told.contains(server::PASSWORD), "{told}");
}

#[tokio::test]
async fn a_folder_is_not_opened_with_another_database() {
    let (one, two, file) =
        (Folder::new(On::Postgres), Folder::new(On::Postgres), Folder::new(On::Sqlite));
    for folder in [&one, &two, &file] {
        folder.create().await.close().await;
    }
    let empty = Folder::new(On::Postgres);
    for database in [&two.1, &empty.1] {
        let refused = Store::open(&one.0, database).await.unwrap_err();
        assert!(matches!(refused, StoreError::OtherFolder { .. }), "{refused}");
        assert_no_password(&refused);
    }
    let refused = Store::open(&one.0, &Database::InFolder).await.unwrap_err();
    assert!(refused.to_string().contains(&of_server(&one).to_string()), "{refused}");
    assert_no_password(&refused);
    for refused in [
        Store::open(&file.0, &one.1).await.unwrap_err(),
        Store::create(&file.0, &empty.1).await.unwrap_err(),
    ] {
        assert!(matches!(refused, StoreError::InFolder { .. }), "{refused}");
        assert_no_password(&refused);
    }
    one.open().await;
}

#[tokio::test]
async fn a_database_takes_one_folder() {
    let (one, other) = (Folder::new(On::Postgres), Folder::new(On::Sqlite));
    one.create().await.close().await;
    let refused = Store::create(&other.0, &one.1).await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherFolder { .. }), "{refused}");
    let refused = Store::create(&one.0, &Database::InFolder).await.unwrap_err();
    assert!(matches!(refused, StoreError::Elsewhere { .. }), "{refused}");
    // Nothing is left behind where nothing was begun.
    assert_eq!(std::fs::read_dir(&other.0).unwrap().count(), 0);
    other.create().await;
}

#[tokio::test]
async fn a_beginning_that_was_cut_off_is_taken_up_again() {
    let folder = Folder::new(On::Postgres);
    let home = home::remember(&folder.0, of_server(&folder)).unwrap();
    assert_eq!(home::remembered(&folder.0).unwrap(), Some(home.clone()));
    let elsewhere = Folder::new(On::Postgres);
    let refused = Store::create(&folder.0, &elsewhere.1).await.unwrap_err();
    assert!(matches!(refused, StoreError::Elsewhere { .. }), "{refused}");
    folder.create().await.close().await;
    folder.open().await;
    assert_eq!(home::remembered(&folder.0).unwrap(), Some(home));
}

#[tokio::test]
async fn a_server_that_does_not_let_one_in_is_told_without_the_password() {
    let folder = Folder::new(On::Sqlite);
    let right = server::server().fresh("wrong-password");
    let wrong = right.replace(server::PASSWORD, "fel-hemligt-losen");
    let nobody = right.replace("127.0.0.1:", "127.0.0.1:1").replace("wrong-password", "x");
    let nobody = nobody.replacen(&nobody[nobody.rfind(':').unwrap()..], ":1/x", 1);
    for url in [wrong, nobody, right.replace("wrong-password", "nowhere")] {
        let database = Database::Postgres(Address::parse(&url).unwrap());
        let refused = Store::create(&folder.0, &database).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unreachable { .. }), "{refused}");
        assert_no_password(&refused);
    }
}

#[tokio::test]
async fn whoever_keeps_the_turn_too_long_is_told() {
    let folder = Folder::new(On::Postgres);
    let (one, two) = (folder.create().await, folder.open().await);
    let holder = one.begin().await.unwrap();
    two.pool().execute("SET lock_timeout = '50ms'").await.unwrap();
    let refused = book(&two, &settlement("a"), &entries(), 0).await.unwrap_err();
    assert!(matches!(refused, StoreError::Busy), "{refused}");
    holder.rollback().await.unwrap();
    book(&two, &settlement("a"), &entries(), 0).await.unwrap();
}

/// Everything else is kept in turn, so a look that is not of one moment would see a deed without what it brought.
#[tokio::test]
async fn a_look_is_of_one_moment() {
    let folder = Folder::new(On::Postgres);
    let (one, two) = (folder.create().await, folder.open().await);
    let mut look = one.look().await.unwrap();
    assert!(ledger::settlements(&mut look).await.unwrap().is_empty());
    book(&two, &settlement("a"), &entries(), 0).await.unwrap();
    two.append_batch(&batch("a"), &[], &[]).await.unwrap();
    assert!(deed::deeds(&mut look).await.unwrap().is_empty());
    look.commit().await.unwrap();
    let kept = one.kept().await.unwrap();
    assert_eq!((kept.settlements.len(), kept.deeds.len(), kept.batches.len()), (1, 1, 1));
}

#[tokio::test]
async fn what_postgres_cannot_keep_in_a_text_is_told_with_its_picture() {
    for on in [On::Sqlite, On::Postgres] {
        let store = Folder::new(on);
        let store = store.create().await;
        let warned = WarnedRow {
            line: 2,
            code: "c".into(),
            contact_id: "K\0".into(),
            value: "\u{1f4b0} å".into(),
        };
        store.append_batch(&batch("a"), &[], std::slice::from_ref(&warned)).await.unwrap();
        let told = WarnedRow { contact_id: "K\u{2400}".into(), ..warned };
        assert_eq!(store.warned_rows().await.unwrap(), [(1, told)]);
        assert_eq!(store.chain().await.unwrap().broken, []);
    }
}
