//! A copy has every row and every file, whichever engine it is copied from and to.

use super::persons::numbers;
use super::{Folder, On, book, linked, settlement};
use crate::database::text;
use crate::files::{self, Shelf};
use crate::*;
use kernel::money::Money;
use sqlx::Executor;

on_both!(a_copy_is_the_same_to_the_last_hash);
async fn a_copy_is_the_same_to_the_last_hash(on: On) {
    let folder = Folder::new(on);
    let store = linked(&folder).await;
    let file = files::put(&folder.0, Shelf::Lines, b"lines", None).unwrap();
    files::put(&folder.0, Shelf::Batches, b"parquet", None).unwrap();
    let left_over = files::put(&folder.0, Shelf::Lines, b"left over", None).unwrap();
    let named = store.named_files().await.unwrap();
    assert_eq!(named.len(), 2);
    assert!(named.contains(&(Shelf::Lines, file)));
    let unnamed = copy::unnamed_files(&folder.0, &named).unwrap();
    assert_eq!(unnamed, [files::path(&folder.0, Shelf::Lines, &left_over)]);
    for other in [Folder::new(On::Sqlite), Folder::new(On::Postgres)] {
        let copied = other.create().await;
        store.copy_rows_to(&copied).await.unwrap();
        assert_eq!(copied.chain().await.unwrap(), store.chain().await.unwrap());
        assert_eq!(copied.postings().await.unwrap(), store.postings().await.unwrap());
        assert_eq!(copied.revisions().await.unwrap(), store.revisions().await.unwrap());
        assert_eq!(copied.integrity().await.unwrap(), Vec::<String>::new());
        store.copy_rows_to(&copied).await.unwrap_err();
    }
}

#[tokio::test]
async fn the_table_of_pseudonyms_is_copied_without_its_key() {
    let (folder, other) = (Folder::new(On::Sqlite), Folder::new(On::Sqlite));
    let mut keys = PersonKeys::open(&folder.0).await.unwrap();
    let given = keys.pseudonyms(&numbers(3)).await.unwrap();
    keys.close().await;
    assert!(PersonKeys::copy_table(&folder.0, &other.0).await.unwrap());
    let refused = PersonKeys::open(&other.0).await.unwrap_err();
    assert!(refused.to_string().contains("is missing"), "{refused}");
    std::fs::copy(folder.0.join("persons.key"), other.0.join("persons.key")).unwrap();
    let mut again = PersonKeys::open(&other.0).await.unwrap();
    assert_eq!(again.pseudonyms(&numbers(3)).await.unwrap(), given);
}

/// What is linked and copied is every column of every table, but for the form, the folder and who is logged in.
#[tokio::test]
async fn no_table_and_no_column_is_forgotten() {
    let folder = Folder::new(On::Sqlite);
    let store = folder.create().await;
    let select = "SELECT m.name, group_concat(c.name, ', ') FROM sqlite_master m \
        JOIN pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name ORDER BY m.name";
    let rows = sqlx::query(select).fetch_all(store.pool()).await.unwrap();
    let mut found: Vec<(String, String)> =
        rows.iter().map(|row| (text(row, 0).unwrap(), text(row, 1).unwrap())).collect();
    found.retain(|(name, _)| !["form", "home", "session", "session_end"].contains(&name.as_str()));
    let mut listed: Vec<_> =
        tables::ALL.iter().map(|it| (it.name.to_owned(), it.columns.to_owned())).collect();
    listed.sort();
    assert_eq!(listed, found);
}

on_both!(many_rows_and_any_text_are_copied_as_they_are);
async fn many_rows_and_any_text_are_copied_as_they_are(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let texts =
        ["", " ", "å → −", "\u{1f4b0}", "'; --", "a\nb\r\n\t", "\\x41 \\101", "7", "-0", "NULL"];
    let posting = |(at, text): (i64, &&str)| Posting {
        unit: (*text).into(),
        cause: format!("{text}{at}"),
        amount: Money::from_ore(i64::MAX / 20_000 * (1 - at % 2 * 2)),
        ..super::posting("cost", 0)
    };
    let postings: Vec<Posting> = (0..12_000).zip(texts.iter().cycle()).map(posting).collect();
    let entry = NewEntry { unit: String::new(), text: "många".into(), postings };
    book(&store, &settlement("a"), &[entry], 0).await.unwrap();
    for other in [Folder::new(On::Sqlite), Folder::new(On::Postgres)] {
        let copied = other.create().await;
        store.copy_rows_to(&copied).await.unwrap();
        assert_eq!(copied.postings().await.unwrap(), store.postings().await.unwrap());
        let chain = copied.chain().await.unwrap();
        assert_eq!((&chain.broken[..], &chain), (&[][..], &store.chain().await.unwrap()));
    }
}

// Ten rows and more, as an earlier version linked them on PostgreSQL: 10 before 2.
on_both!(rows_that_were_linked_in_the_order_of_texts_hold);
async fn rows_that_were_linked_in_the_order_of_texts_hold(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let mut transaction = store.begin().await.unwrap();
    let deed =
        "INSERT INTO deed VALUES (1, 'accrue', 'e-1', 'anna', '2023-03-03', '', '')".to_owned();
    let entry = |no| format!("INSERT INTO entry VALUES (1, {no}, 'u{no}', '')");
    for insert in std::iter::once(deed).chain((1..=12).map(entry)) {
        transaction.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(insert))).await.unwrap();
    }
    chain::extend_in(&mut transaction, chain::Order::Texts).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(store.chain().await.unwrap().broken, []);
    for other in [Folder::new(On::Sqlite), Folder::new(On::Postgres)] {
        let copied = other.create().await;
        store.copy_rows_to(&copied).await.unwrap();
        assert_eq!(copied.chain().await.unwrap(), store.chain().await.unwrap());
    }
}

on_both!(a_later_proposal_may_end_first);
async fn a_later_proposal_may_end_first(on: On) {
    let store = Folder::new(on).create().await;
    for _ in 0..2 {
        store.append_proposal(&Proposal::default()).await.unwrap();
    }
    let end = ProposalEnd { outcome: "refused".into(), ..ProposalEnd::default() };
    for seq in [2, 1] {
        store.end_proposal(seq, &end, None).await.unwrap();
    }
    let chain = store.chain().await.unwrap();
    assert_eq!((chain.links, chain.broken), (4, vec![]));
}

#[tokio::test]
async fn a_copy_that_was_cut_off_is_no_data_folder_until_it_is_whole() {
    let (folder, place) = (Folder::new(On::Sqlite), Folder::new(On::Sqlite));
    linked(&folder).await;
    let to = place.0.join("copy.2021");
    for kept_in in [Database::InFolder, Folder::new(On::Postgres).1.clone()] {
        let aside = copy::aside(&to, &kept_in);
        assert_ne!(aside, copy::aside(&place.0.join("copy.2022"), &kept_in));
        for is_taken_up in [false, true] {
            assert_eq!(copy::start(&aside).unwrap(), is_taken_up);
            copy::begin(&aside, &kept_in).await.unwrap().close().await;
            for unfinished in [&aside, &to] {
                let refused = Store::open(unfinished, &kept_in).await.unwrap_err();
                assert!(matches!(refused, StoreError::Unfinished { .. }), "{refused}");
            }
            assert_eq!(copy::cut_off(&to), std::slice::from_ref(&aside));
        }
        copy::finish(&aside, &to).unwrap();
        Store::open(&to, &kept_in).await.unwrap();
        assert!(copy::cut_off(&to).is_empty());
        std::fs::remove_dir_all(&to).unwrap();
    }
    for other in ["copy.2021.x.copying", "copy.2021..copying", "copy.20212.copying", "copying"] {
        std::fs::create_dir_all(place.0.join(other)).unwrap();
    }
    assert!(copy::cut_off(&to).is_empty());
}
