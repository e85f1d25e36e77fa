//! Looking after what is kept: copies, the chain of hashes, what is damaged, and who has looked at whom.
//!
//! Owns: putting together what `store` says of rows and of files. Does not own: SQL, or what anything means.

use super::{DataFolder, database};
use crate::engine;
use crate::failure::Failure;
use kernel::finding::Text;
use kernel::money::Money;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::files::{self, Shelf};
use store::{Access, Chain, Database, Meant, PersonKeys, PostingRow, Store, copy};

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The last hash of the chain.
    pub head: String,
    /// Links of the chain.
    pub links: i64,
    /// Bulk files.
    pub files: usize,
    /// Whether the table of pseudonyms came along; its key never does.
    pub has_persons: bool,
    /// Whether a copy that was cut off was taken up where it was.
    pub is_taken_up: bool,
    /// What other copies for the same place were cut off in; they belong to nothing.
    pub left_over: Vec<PathBuf>,
}

/// Something that is wrong with what is kept, or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ailment {
    /// The stable name.
    pub code: &'static str,
    /// Whether it is harm, or only left over.
    pub is_harm: bool,
    /// What, in words.
    pub what: Text,
}

impl Ailment {
    fn harm(code: &'static str, sv: String, en: String) -> Self {
        Self { code, is_harm: true, what: Text::new(sv, en) }
    }
}

/// Copies a data folder to a new one that holds everything in files, whole or not at all.
pub fn back_up(from: &Path, to: &Path) -> Result<Copied, Failure> {
    copy_folder(&Source::Folder(from, database()), (to, &Database::InFolder))
}

/// Makes a new data folder of a backup, whole or not at all.
pub fn restore(from: &Path, to: &Path) -> Result<Copied, Failure> {
    copy_folder(&Source::Backup(from), (to, database()))
}

type Place<'a> = (&'a Path, &'a Database);

/// What is copied.
enum Source<'a> {
    /// A data folder that others may be using.
    Folder(&'a Path, &'a Database),
    /// A backup, in which nothing is changed.
    Backup(&'a Path),
}

impl Source<'_> {
    const fn folder(&self) -> &Path {
        match self {
            Self::Folder(folder, _) | Self::Backup(folder) => folder,
        }
    }
}

fn copy_folder(from: &Source<'_>, (to, kept_in): Place<'_>) -> Result<Copied, Failure> {
    if to.exists() {
        return Err(Failure::refused(
            format!("`{}` finns redan; en kopia läggs i en ny mapp", to.display()),
            format!("`{}` is already there; a copy goes to a new folder", to.display()),
        ));
    }
    refuse_within(from.folder(), to)?;
    let aside = copy::aside(to, kept_in);
    let copied = copy_aside(from, (&aside, kept_in));
    let mut copied = copied.inspect_err(|_| copy::give_up(&aside))?;
    copy::finish(&aside, to)?;
    copied.left_over = copy::cut_off(to);
    Ok(copied)
}

/// A copy inside what it is a copy of is lost with it, and would be copied the next time.
fn refuse_within(from: &Path, to: &Path) -> Result<(), Failure> {
    let whole = std::path::absolute(to)?;
    let known = whole.ancestors().find_map(|place| place.canonicalize().ok());
    let is_within = match (from.canonicalize(), known) {
        (Ok(from), Some(known)) => known.starts_with(from),
        _ => false,
    };
    if !is_within {
        return Ok(());
    }
    Err(Failure::refused(
        format!(
            "`{}` ligger i datamappen själv; lägg kopian någon annanstans, helst på en annan disk",
            to.display()
        ),
        format!(
            "`{}` is inside the data folder itself; put the copy elsewhere, best on another disk",
            to.display()
        ),
    ))
}

fn copy_aside(source: &Source<'_>, (to, kept_in): Place<'_>) -> Result<Copied, Failure> {
    let runtime = super::runtime()?;
    let from = source.folder();
    let is_taken_up = copy::start(to)?;
    super::keep_to_owner(to)?;
    let (read_in, is_in) = match source {
        Source::Folder(folder, is_in) => (folder.to_path_buf(), *is_in),
        Source::Backup(folder) => (copy::read_apart(folder, to)?, &Database::InFolder),
    };
    let store = runtime.block_on(Store::open(&read_in, is_in))?;
    let chain = runtime.block_on(store.chain())?;
    // Before a database on a server is made to belong to the copy.
    refuse_broken(&chain, from)?;
    let other = runtime.block_on(copy::begin(to, kept_in))?;
    let is_new = runtime.block_on(other.is_empty())?;
    if is_new {
        runtime.block_on(store.copy_rows_to(&other))?;
    }
    let named = runtime.block_on(other.named_files())?;
    for (shelf, hash) in &named {
        copy::copy_file(from, to, *shelf, hash)?;
    }
    // What an earlier try was writing when it was cut off; nobody else uses the folder yet.
    for path in copy::unnamed_files(to, &named)? {
        std::fs::remove_file(path)?;
    }
    let has_persons = runtime.block_on(PersonKeys::copy_table(&read_in, to))?;
    let is_still = matches!(source, Source::Backup(_));
    super::care::copy_care(&runtime, from, to, is_still)?;
    let again = runtime.block_on(other.chain())?;
    // What is copied may grow meanwhile; what was copied earlier is all of this copy, and no more.
    let is_this = again.hashes.get(..chain.hashes.len()) == Some(&chain.hashes);
    if !is_this || (!is_new && again.links != chain.links) {
        return Err(Failure::refused(
            format!(
                "`{}` håller en annan kopia, påbörjad tidigare; ta bort den och dess databas, och börja om",
                to.display()
            ),
            format!(
                "`{}` holds another copy, begun earlier; remove it and its database, and begin again",
                to.display()
            ),
        ));
    }
    refuse_broken(&again, to)?;
    runtime.block_on(other.close());
    runtime.block_on(store.close());
    copy::end_reading(to)?;
    let (head, links, files, left_over) = (again.head, again.links, named.len(), Vec::new());
    Ok(Copied { head, links, files, has_persons, is_taken_up, left_over })
}

fn refuse_broken(chain: &Chain, folder: &Path) -> Result<(), Failure> {
    if chain.broken.is_empty() {
        return Ok(());
    }
    let folder = folder.display();
    Err(Failure::refused(
        format!(
            "kedjan av kontrollsummor i `{folder}` håller inte; `verify-log --data {folder}` säger var; läs in en annan säkerhetskopia"
        ),
        format!(
            "the chain of hashes in `{folder}` does not hold; `verify-log --data {folder}` says where; restore another backup"
        ),
    ))
}

impl DataFolder {
    /// Keeps a note of who looked at rows about persons, where there are any. Where it cannot be kept, nothing is to be shown.
    pub fn log_access(
        &self,
        by: &str,
        action: &str,
        unit: &str,
        contact: &str,
        rows: usize,
        note: &str,
    ) -> Result<(), Failure> {
        if rows == 0 {
            return Ok(());
        }
        let access = Access {
            at: engine::now(),
            by: by.to_owned(),
            action: action.to_owned(),
            unit: unit.to_owned(),
            contact: contact.to_owned(),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            note: note.to_owned(),
        };
        self.runtime.block_on(self.store.append_access(&access))?;
        Ok(())
    }

    /// What the access log has of an action, in order.
    pub fn accesses_of(&self, action: &str) -> Result<Vec<(i64, Access)>, Failure> {
        Ok(self.runtime.block_on(self.store.accesses_of(action))?)
    }

    /// The access log in order.
    pub fn accesses(&self) -> Result<Vec<(i64, Access)>, Failure> {
        Ok(self.runtime.block_on(self.store.accesses())?)
    }

    /// The last rows of the access log that are meant, the newest first, `most` of them.
    pub fn last_accesses(
        &self,
        meant: Meant<'_>,
        most: i64,
    ) -> Result<Vec<(i64, Access)>, Failure> {
        Ok(self.runtime.block_on(self.store.last_accesses(meant, most))?)
    }

    /// How many rows of the access log are meant.
    pub fn access_count(&self, meant: Meant<'_>) -> Result<i64, Failure> {
        Ok(self.runtime.block_on(self.store.access_count(meant))?)
    }

    /// The numbers of the rows of the access log that are meant, in order.
    pub fn access_numbers(&self, meant: Meant<'_>) -> Result<Vec<i64>, Failure> {
        Ok(self.runtime.block_on(self.store.access_numbers(meant))?)
    }

    /// A row of the access log by its number.
    pub fn access_row(&self, seq: i64) -> Result<Option<(i64, Access)>, Failure> {
        Ok(self.runtime.block_on(self.store.access(seq))?)
    }
}

/// The chain of hashes of a folder, walked from the first link, whatever else is wrong with it.
pub fn chain_of(folder: &Path) -> Result<Chain, Failure> {
    let runtime = super::runtime()?;
    let store = runtime.block_on(Store::open(folder, database()))?;
    Ok(runtime.block_on(store.chain())?)
}

/// Everything that is wrong with what a folder keeps: the database, the chain, files, balances; and the chain.
pub fn examined(folder: &Path) -> Result<(Vec<Ailment>, Chain), Failure> {
    let runtime = super::runtime()?;
    let store = runtime.block_on(Store::open(folder, database()))?;
    let mut found = Vec::new();
    for said in runtime.block_on(store.integrity())? {
        found.push(Ailment::harm(
            "database",
            format!("databasen är skadad: {said}; läs in en säkerhetskopia"),
            format!("the database is damaged: {said}; restore a backup"),
        ));
    }
    for guard in runtime.block_on(store.missing_guards())? {
        found.push(Ailment::harm(
            "guard",
            format!("skyddet `{guard}` mot ändrade rader är borttaget eller ändrat i databasen; kör verify-log, och läs in en säkerhetskopia"),
            format!("the guard `{guard}` against changed rows is gone from the database or changed; run verify-log, and restore a backup"),
        ));
    }
    let chain = runtime.block_on(store.chain())?;
    for broken in &chain.broken {
        let (kind, number) = (&broken.kind, broken.number);
        found.push(Ailment::harm(
            "chain",
            format!("kedjan av kontrollsummor bryts vid {kind} {number}; kör verify-log"),
            format!("the chain of hashes breaks at {kind} {number}; run verify-log"),
        ));
    }
    let named = runtime.block_on(store.named_files())?;
    find_files(folder, &named, &mut found)?;
    found.extend(copy::cut_off(folder).iter().map(|path| cut_off(path)));
    find_unbalanced(&runtime.block_on(store.postings())?, &mut found);
    if !folder.join("persons.sqlite").is_file()
        && named.iter().any(|(shelf, _)| *shelf == Shelf::Batches)
    {
        found.push(Ailment::harm(
            "persons",
            "`persons.sqlite` saknas, fast det finns leveranser: vem som står bakom pseudonymerna är borta; läs in en säkerhetskopia".to_owned(),
            "`persons.sqlite` is missing, though there are batches: who stands behind the pseudonyms is gone; restore a backup".to_owned(),
        ));
    }
    if folder.join("persons.sqlite").is_file()
        && let Err(error) = runtime.block_on(PersonKeys::open(folder))
        && let Failure::Refused(what, _) = Failure::from(error)
    {
        found.push(Ailment { code: "persons", is_harm: true, what });
    }
    for (clinic, whole) in super::care::care_whole(&runtime, folder)? {
        for guard in &whole.missing_guards {
            found.push(Ailment::harm(
                "guard",
                format!("skyddet `{guard}` mot ändrade rader är borttaget eller ändrat i vårdkedjans fack hos `{clinic}`; läs in en säkerhetskopia av det"),
                format!("the guard `{guard}` against changed rows is gone from the compartment of `{clinic}` or changed; restore a backup of it"),
            ));
        }
        if let Some(row) = whole.broken {
            found.push(Ailment::harm(
                "compartment",
                format!("vårdkedjans fack hos `{clinic}` är ändrat vid rad {row}; läs in en säkerhetskopia av det"),
                format!("the compartment of `{clinic}` was changed at row {row}; restore a backup of it"),
            ));
        }
    }
    if let Err(Failure::Refused(what, _)) = DataFolder::open(folder) {
        found.push(Ailment { code: "unreadable", is_harm: true, what });
    }
    Ok((found, chain))
}

/// A copy for the folder that was cut off: rows about persons that nobody looks after.
fn cut_off(path: &Path) -> Ailment {
    let path = path.display();
    let what = Text::new(
        format!(
            "`{path}` är kvar sedan en kopiering bröts av, eller håller på att skrivas; skrivs den inte kan den tas bort"
        ),
        format!(
            "`{path}` is left from a copying that was cut off, or is being written; it can be removed if it is not"
        ),
    );
    Ailment { code: "left-over", is_harm: false, what }
}

fn find_files(
    folder: &Path,
    named: &[(Shelf, String)],
    found: &mut Vec<Ailment>,
) -> Result<(), Failure> {
    for (shelf, hash) in named {
        if let Err(error) = files::get(folder, *shelf, hash) {
            let Failure::Refused(what, _) = Failure::from(error) else { continue };
            found.push(Ailment { code: "file", is_harm: true, what });
        }
    }
    for path in copy::unnamed_files(folder, named)? {
        let path = path.display();
        let what = Text::new(
            format!(
                "`{path}` är kvar sedan något bröts av och hör inte till något; den kan tas bort"
            ),
            format!(
                "`{path}` is left from something broken off and belongs to nothing; it can be removed"
            ),
        );
        found.push(Ailment { code: "left-over", is_harm: false, what });
    }
    Ok(())
}

fn find_unbalanced(postings: &[PostingRow], found: &mut Vec<Ailment>) {
    let mut sums: BTreeMap<(i64, i64), Money> = BTreeMap::new();
    for row in postings {
        *sums.entry((row.deed, row.entry)).or_default() += row.posting.amount;
    }
    for ((deed, entry), sum) in sums.into_iter().filter(|(_, sum)| *sum != Money::ZERO) {
        found.push(Ailment::harm(
            "unbalanced",
            format!("verifikation {entry} i åtgärd {deed} går inte jämnt ut: {sum}"),
            format!("entry {entry} of deed {deed} does not balance: {sum}"),
        ));
    }
}
