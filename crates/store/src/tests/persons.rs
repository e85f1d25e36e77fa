//! Persons keep their pseudonyms, which lead to nobody without the key.

use super::{Folder, On};
use crate::PersonKeys;

pub(super) fn numbers(count: u64) -> Vec<String> {
    (0..count).map(|i| format!("{}", 199_001_010_000 + i)).collect()
}

#[tokio::test]
async fn a_person_keeps_one_pseudonym() {
    let folder = Folder::new(On::Sqlite);
    let mut keys = PersonKeys::open(&folder.0).await.unwrap();
    let mut asked = numbers(120);
    asked.push("p-given".into());
    asked.push(asked[0].clone());
    let given = keys.pseudonyms(&asked).await.unwrap();
    assert_eq!(given[120], "p-given");
    assert_eq!(given[121], given[0]);
    assert_eq!(keys.len(), 120);
    assert!(given[0].starts_with("p-") && given[0].len() == 26 && given[0] != given[1]);
    keys.close().await;
    let mut again = PersonKeys::open(&folder.0).await.unwrap();
    assert_eq!(again.pseudonyms(&asked).await.unwrap(), given);
}

#[tokio::test]
async fn two_programs_give_a_person_the_same_pseudonym() {
    let folder = Folder::new(On::Sqlite);
    let mut one = PersonKeys::open(&folder.0).await.unwrap();
    let mut two = PersonKeys::open(&folder.0).await.unwrap();
    let given = one.pseudonyms(&numbers(3)).await.unwrap();
    assert_eq!(two.pseudonyms(&numbers(4)).await.unwrap()[..3], given);
}

#[tokio::test]
async fn no_personal_number_and_no_pseudonym_stands_in_any_file() {
    let folder = Folder::new(On::Sqlite);
    let mut keys = PersonKeys::open(&folder.0).await.unwrap();
    let asked = numbers(60);
    let given = keys.pseudonyms(&asked).await.unwrap();
    assert!(!format!("{keys:?}").contains(&given[0]));
    keys.close().await;
    for entry in std::fs::read_dir(&folder.0).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for text in asked.iter().chain(&given) {
            let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(!found, "{text}");
        }
    }
}

#[tokio::test]
async fn a_missing_or_wrong_key_is_refused() {
    let folder = Folder::new(On::Sqlite);
    let mut keys = PersonKeys::open(&folder.0).await.unwrap();
    keys.pseudonyms(&numbers(1)).await.unwrap();
    keys.close().await;
    let key = folder.0.join("persons.key");
    let kept = std::fs::read(&key).unwrap();
    let refused = async || PersonKeys::open(&folder.0).await.unwrap_err().to_string();
    std::fs::write(&key, [7; 32]).unwrap();
    assert!(refused().await.contains("not the key that the pseudonyms were sealed with"));
    std::fs::write(&key, &kept[1..]).unwrap();
    assert!(refused().await.contains("31 bytes"));
    std::fs::remove_file(&key).unwrap();
    assert!(refused().await.contains("is missing"));
    #[cfg(unix)]
    {
        std::fs::write(&key, &kept).unwrap();
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(refused().await.contains("mode 644"));
    }
}
