//! A compartment: nothing is read without its key, nothing kept is changed.

use super::*;
use crate::compartment::{FILE, Text, released, whole};
use crate::{Compartment, KeyFault};

const GROUND: &str = "severe-fear-of-birth-MARKER";

async fn begun(folder: &Path) -> (PathBuf, PathBuf) {
    let (place, key) = (folder.join("clinic-care/huddinge"), folder.join("huddinge.key"));
    let compartment = Compartment::begin(&place, "huddinge", &key).await.unwrap();
    let rows = [Text::Sealed(GROUND.into()), Text::Open("{\"year\":2024}".into())];
    assert_eq!(compartment.append(Some(1), &rows).await.unwrap(), 3);
    compartment.close().await;
    (place, key)
}

use std::path::Path;

#[tokio::test]
async fn what_is_sealed_stands_nowhere_in_the_files_and_comes_back_with_the_key() {
    let folder = Folder::new(On::Sqlite);
    let (place, key) = begun(&folder.0).await;
    for entry in std::fs::read_dir(&place).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(GROUND.len()).any(|part| part == GROUND.as_bytes()));
    }
    let compartment = Compartment::open(&place, &key).await.unwrap();
    assert_eq!(compartment.clinic(), "huddinge");
    let kept = compartment.kept().await.unwrap();
    assert_eq!(kept[0], (2, Text::Sealed(GROUND.into())));
    assert_eq!(kept[1], (3, Text::Open("{\"year\":2024}".into())));
    assert_eq!(released(&place).await.unwrap(), ["{\"year\":2024}"]);
    assert_eq!(released(&folder.0).await.unwrap(), [] as [&str; 0]);
}

#[tokio::test]
async fn another_key_none_or_one_that_others_can_read_opens_nothing() {
    let folder = Folder::new(On::Sqlite);
    let (place, key) = begun(&folder.0).await;
    let missing = Compartment::open(&place, &folder.0.join("none.key")).await.unwrap_err();
    assert!(matches!(missing, StoreError::CompartmentKey { what: KeyFault::Missing, .. }));
    let other = folder.0.join("other.key");
    Compartment::begin(&folder.0.join("clinic-care/solna"), "solna", &other).await.unwrap();
    let wrong = Compartment::open(&place, &other).await.unwrap_err();
    assert!(matches!(wrong, StoreError::CompartmentKey { what: KeyFault::Other, .. }));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let open = Compartment::open(&place, &key).await.unwrap_err();
        assert!(matches!(open, StoreError::CompartmentKey { what: KeyFault::OpenToOthers(_), .. }));
    }
}

#[tokio::test]
async fn rows_are_only_added_and_a_change_behind_its_back_is_seen() {
    let folder = Folder::new(On::Sqlite);
    let (place, key) = begun(&folder.0).await;
    let compartment = Compartment::open(&place, &key).await.unwrap();
    let stale = compartment.append(Some(2), &[Text::Open("x".into())]).await.unwrap_err();
    assert!(matches!(stale, StoreError::CompartmentStale { expected: 2, found: 3 }));
    compartment.close().await;
    let before = whole(&place).await.unwrap();
    assert_eq!((before.rows, before.broken, before.missing_guards), (3, None, vec![]));
    let pool = engine::open_file(&place.join(FILE), "rw").await.unwrap();
    for change in ["UPDATE kept SET open = 'y' WHERE seq = 3", "DELETE FROM kept"] {
        let refused = pool.execute(change).await.unwrap_err();
        assert!(refused.to_string().contains("is never"), "{refused}");
    }
    pool.execute("DROP TRIGGER kept_stays").await.unwrap();
    pool.execute("UPDATE kept SET open = '{\"year\":2025}' WHERE seq = 3").await.unwrap();
    pool.close().await;
    let after = whole(&place).await.unwrap();
    assert_eq!((after.broken, after.missing_guards), (Some(3), vec!["kept_stays".to_owned()]));
}
