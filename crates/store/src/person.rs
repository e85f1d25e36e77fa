//! Who hides behind a pseudonym, kept apart from everything else.
//!
//! Owns: the key file and the table of pseudonyms. Does not own: what a personal number is
//! (`kernel::intake`), or who may look.
//!
//! A number becomes `p-` and 24 random hexadecimal digits, the same each time. The table holds neither:
//! it is looked up by a keyed hash of the number, and the pseudonym is sealed. Without the key file, or
//! without the row, a pseudonym leads to nobody. A carer has no row: hers is a keyed hash, and leads to nobody at all.

use crate::database::{Value, bytes, insert_many, number};
use crate::engine::{self, Engine};
use crate::files::hex;
use crate::seal::{Sealer, drawn, new_key, new_mac, random, read_key};
use crate::{KeyFault, StoreError};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use sqlx::{Any, AnyPool, Executor, Transaction};
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

const KEY_FILE: &str = "persons.key";
pub(crate) const FILE: &str = "persons.sqlite";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS person \
    (lookup BLOB NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID";
const INSERT: &str = "INSERT INTO person (lookup, sealed) VALUES";

type Lookup = [u8; 32];

/// The pseudonyms of persons, all in memory.
pub struct PersonKeys {
    secrets: Secrets,
    pool: AnyPool,
    known: HashMap<Lookup, String>,
}

/// Says nothing about keys or persons.
impl fmt::Debug for PersonKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonKeys").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

impl PersonKeys {
    /// Opens the pseudonyms of a folder, or begins them where there are none.
    ///
    /// A table without its key file is refused: new pseudonyms would part persons from their past.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        let database = folder.join(FILE);
        let secrets = Secrets::open(folder.join(KEY_FILE), database.is_file())?;
        let pool = engine::open_file(&database, "rwc").await?;
        pool.execute(TABLE).await?;
        let mut keys = Self { secrets, pool, known: HashMap::new() };
        let mut transaction = engine::begin(&keys.pool, Engine::Sqlite).await?;
        keys.load(&mut transaction).await?;
        transaction.commit().await?;
        Ok(keys)
    }

    /// How many persons have a pseudonym.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether nobody has one.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The pseudonyms of normalised numbers, in their order; new ones are stored before they are given.
    /// A value that is a pseudonym already (`p-…`) stays.
    pub async fn pseudonyms(&mut self, numbers: &[String]) -> Result<Vec<String>, StoreError> {
        let lookups: Vec<Option<Lookup>> = numbers
            .iter()
            .map(|number| (!number.starts_with("p-")).then(|| self.secrets.lookup(number)))
            .collect();
        if lookups.iter().flatten().any(|lookup| !self.known.contains_key(lookup)) {
            self.add(lookups.iter().flatten()).await?;
        }
        let pseudonym = |(number, lookup): (&String, &Option<Lookup>)| {
            lookup.and_then(|lookup| self.known.get(&lookup)).unwrap_or(number).clone()
        };
        Ok(numbers.iter().zip(&lookups).map(pseudonym).collect())
    }

    /// Copies the table of a folder to another, without its key: whoever has the copy alone has nobody. A folder without a table has
    /// nothing to copy. What an earlier try left of the copy goes.
    pub async fn copy_table(from: &Path, to: &Path) -> Result<bool, StoreError> {
        for end in ["", "-wal", "-shm"] {
            let left = to.join(format!("{FILE}{end}"));
            if left.is_file() {
                fs::remove_file(&left).map_err(StoreError::io(&left))?;
            }
        }
        let (from, to) = (from.join(FILE), to.join(FILE));
        if !from.is_file() {
            return Ok(false);
        }
        let pool = engine::open_file(&from, "rw").await?;
        let rows = sqlx::query("SELECT lookup, sealed FROM person ORDER BY lookup");
        let rows = rows.fetch_all(&pool).await?;
        let other = engine::open_file(&to, "rwc").await?;
        other.execute(TABLE).await?;
        let mut transaction = engine::begin(&other, Engine::Sqlite).await?;
        let kept: Result<Vec<_>, StoreError> =
            rows.iter().map(|row| Ok((bytes(row, 0)?, bytes(row, 1)?))).collect();
        let kept = kept?;
        let values: Vec<_> = kept.iter().map(|(l, s)| [Value::Bytes(l), Value::Bytes(s)]).collect();
        insert_many(&mut transaction, INSERT, &values).await?;
        transaction.commit().await?;
        pool.close().await;
        other.close().await;
        Ok(true)
    }

    /// Lets go of the files.
    pub async fn close(self) {
        self.pool.close().await;
    }

    async fn add(&mut self, lookups: impl Iterator<Item = &Lookup>) -> Result<(), StoreError> {
        let mut transaction = engine::begin(&self.pool, Engine::Sqlite).await?;
        // Another program may have added some since; this one now has the turn to write.
        self.load(&mut transaction).await?;
        let mut new: HashMap<Lookup, String> = HashMap::new();
        let mut sealed: Vec<(Lookup, Vec<u8>)> = Vec::new();
        for lookup in lookups {
            if !self.known.contains_key(lookup) && !new.contains_key(lookup) {
                let pseudonym = format!("p-{}", hex(&random::<12>()?));
                sealed.push((*lookup, self.secrets.sealer.seal(lookup, &pseudonym)?));
                new.insert(*lookup, pseudonym);
            }
        }
        let rows: Vec<_> = sealed.iter().map(|(l, s)| [Value::Bytes(l), Value::Bytes(s)]).collect();
        insert_many(&mut transaction, INSERT, &rows).await?;
        transaction.commit().await?;
        self.known.extend(new);
        Ok(())
    }

    /// Reads the whole table, unless memory has as many.
    async fn load(&mut self, transaction: &mut Transaction<'_, Any>) -> Result<(), StoreError> {
        let count = sqlx::query("SELECT CAST(COUNT(*) AS BIGINT) FROM person");
        let count = number(&count.fetch_one(&mut **transaction).await?, 0)?;
        if usize::try_from(count) == Ok(self.known.len()) {
            return Ok(());
        }
        let rows = sqlx::query("SELECT lookup, sealed FROM person");
        let mut known = HashMap::new();
        for row in rows.fetch_all(&mut **transaction).await? {
            let lookup = Lookup::try_from(bytes(&row, 0)?).map_err(|_| {
                StoreError::damaged("ett uppslag av en person", "a lookup of a person")
            })?;
            known.insert(lookup, self.secrets.sealer.unseal(&lookup, &bytes(&row, 1)?)?);
        }
        self.known = known;
        Ok(())
    }
}

/// What carers are called.
pub struct CarerKey(Hmac<Sha256>);

/// Says nothing about the key.
impl fmt::Debug for CarerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CarerKey")
    }
}

impl CarerKey {
    /// The key of a folder, begun where there is none.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        let secrets = Secrets::open(folder.join(KEY_FILE), folder.join(FILE).is_file())?;
        Ok(Self(secrets.carer))
    }

    /// The pseudonym of a carer: `b-` and 24 hexadecimal digits of a keyed hash, the same each time. No table leads back from it; a text
    /// that begins with `b-` is one already and stays.
    pub fn pseudonym(&self, text: &str) -> String {
        if text.starts_with("b-") {
            return text.to_owned();
        }
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        let hash = mac.finalize().into_bytes();
        format!("b-{}", hex(hash.get(..12).unwrap_or_default()))
    }
}

/// What makes lookups, seals and pseudonyms of carers: keys drawn from the one in the file.
struct Secrets {
    lookup: Hmac<Sha256>,
    carer: Hmac<Sha256>,
    sealer: Sealer,
}

const fn told(path: PathBuf, what: KeyFault) -> StoreError {
    StoreError::Key { path, what }
}

impl Secrets {
    fn open(path: PathBuf, has_table: bool) -> Result<Self, StoreError> {
        let key = if path.exists() {
            read_key(&path, told)?
        } else if has_table {
            return Err(told(path, KeyFault::Missing));
        } else {
            new_key(&path)?
        };
        let bad = || told(path.clone(), KeyFault::Length(key.len()));
        let lookup = new_mac(&drawn(&key, b"lookup").ok_or_else(bad)?).ok_or_else(bad)?;
        let carer = new_mac(&drawn(&key, b"carer").ok_or_else(bad)?).ok_or_else(bad)?;
        Ok(Self { lookup, carer, sealer: Sealer::new(&path, &key, told)? })
    }

    fn lookup(&self, number: &str) -> Lookup {
        let mut mac = self.lookup.clone();
        mac.update(number.as_bytes());
        mac.finalize().into_bytes().into()
    }
}
