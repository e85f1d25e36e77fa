//! A copy has every row and every file, whichever engine it is copied from and to.

use super::persons::numbers;
use super::{Folder, On, linked};
use crate::files::{self, Shelf};
use crate::{PersonKeys, copy};

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
