//! A small synthetic region on disk, and the program run on it.
//!
//! Owns: folders, running and killing the program, telling whether a folder was changed. Does not own:
//! what must come out (`main`).

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
#[cfg(unix)]
use std::os::unix::{fs::PermissionsExt, process::CommandExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use store::{Address, Database, Kept, PostingRow, Store};

#[path = "../../../store/src/tests/server.rs"]
pub mod server;
use server::server;

/// The engine that the rows of a folder are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// The months that are generated.
pub const MONTHS: [&str; 4] = ["2021-01", "2021-02", "2021-03", "2021-04"];

/// What the program said and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Self { code, out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// A field of the JSON that was said.
    pub fn json(&self, field: &str) -> serde_json::Value {
        let json: serde_json::Value = serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("no JSON, {error}: {self:?}"));
        json[field].clone()
    }

    /// A refusal that says why, and nothing else.
    pub fn assert_refused(&self, what: &str) {
        assert_eq!((self.code, self.out.as_str()), (3, ""), "{what}: {self:?}");
        let error: serde_json::Value = serde_json::from_str(&self.err)
            .unwrap_or_else(|error| panic!("{what}: no JSON, {error}: {self:?}"));
        let error = error["error"].as_str().unwrap_or_default();
        assert!(error.contains(what), "{error}, without `{what}`");
        assert!(!error.contains("panicked"), "{error}");
    }
}

/// An empty folder for a test.
pub fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kill").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn ratebooks() -> [PathBuf; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ratebook");
    [root.join("stockholm"), root.join("demo")]
}

/// The program with arguments parted by spaces; `wrapper` runs it, where it is not empty.
pub fn program(wrapper: &[&str], arguments: &str) -> Command {
    let binary = env!("CARGO_BIN_EXE_vardkedja");
    let mut command = match wrapper.split_first() {
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(binary);
            command
        }
        None => Command::new(binary),
    };
    command.args(arguments.split(' ').filter(|word| !word.is_empty()));
    command.env_remove("VARDKEDJA_DATA").env_remove("VARDKEDJA_DATABASE").stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Contact files for each month, at thousandths of the region.
pub fn generate(folder: &Path, scale: u32, to: &str) -> PathBuf {
    let out = folder.join("contacts");
    let mut command = program(&[], &format!("generate --scale {scale} --from 2021-01 --to {to}"));
    command.arg("--out").arg(&out).arg("--register").args(ratebooks());
    let said = Said::of(&command.output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    out
}

/// A data folder, and the contact files for it.
#[derive(Clone)]
pub struct Folder {
    pub data: PathBuf,
    pub contacts: PathBuf,
    /// The name of its database, where it does not lie in the folder.
    pub database: Option<String>,
}

/// All rows that a folder has, beside the names of its batch files: they hold pseudonyms, which are drawn anew each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub kept: Kept,
    pub postings: Vec<PostingRow>,
    pub rejected: usize,
}

impl Folder {
    /// An empty data folder; `name` is that of its database, which no other folder of this process may have.
    pub fn begun(on: On, name: &str, data: &Path, contacts: &Path) -> Self {
        let database = (on == On::Postgres).then(|| name.to_owned());
        if let Some(name) = &database {
            server().fresh(name);
        }
        let folder = Self { data: data.to_owned(), contacts: contacts.to_owned(), database };
        let said = folder.run("init");
        assert_eq!(said.code, 0, "{said:?}");
        folder
    }

    /// A data folder with the decisions of the ratebooks.
    pub fn with_register(data: &Path, contacts: &Path) -> Self {
        let folder = Self::begun(On::Sqlite, "", data, contacts);
        folder.load();
        folder
    }

    /// Loads the decisions of the ratebooks; must go well.
    pub fn load(&self) {
        let said = run(self.load_command());
        assert_eq!(said.code, 0, "{said:?}");
    }

    pub fn load_command(&self) -> Command {
        let mut command = self.command(&[], "register load --replay-known");
        command.args(ratebooks());
        command
    }

    /// A copy of it, while nobody uses it; `name` is of that copy alone.
    pub fn copy(&self, name: &str) -> Self {
        let data = fresh(name).join("data");
        copy_all(&self.data, &data);
        let database = self.database.as_ref().map(|database| {
            server().copy(database, name);
            name.to_owned()
        });
        Self { data, contacts: self.contacts.clone(), database }
    }

    /// Everything that is kept, of which the books must balance and the chain must be whole.
    pub fn state(&self, what: &str) -> State {
        let database = self.database.as_ref().map_or(Database::InFolder, |name| {
            Database::Postgres(Address::parse(&server().address(name)).unwrap())
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (mut state, chain) = runtime.block_on(async {
            let store = Store::open(&self.data, &database).await.unwrap();
            let (kept, postings) = (store.kept().await.unwrap(), store.postings().await.unwrap());
            let rejected = store.rejected_rows().await.unwrap().len();
            let chain = store.chain().await.unwrap();
            store.close().await;
            (State { kept, postings, rejected }, chain)
        });
        assert_eq!(chain.broken, [], "{what}: the chain is broken");
        let mut sums: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        for row in &state.postings {
            *sums.entry((row.deed, row.entry)).or_default() += row.posting.amount.ore();
        }
        assert!(sums.values().all(|sum| *sum == 0), "{what}: the books do not balance: {sums:?}");
        for batch in &mut state.kept.batches {
            batch.file.clear();
        }
        state
    }

    pub fn command(&self, wrapper: &[&str], arguments: &str) -> Command {
        let mut command = program(wrapper, arguments);
        command.arg("--format").arg("json").arg("--lang").arg("en").arg("--data").arg(&self.data);
        if let Some(name) = &self.database {
            command.env("VARDKEDJA_DATABASE", server().address(name));
        }
        command
    }

    pub fn run(&self, arguments: &str) -> Said {
        Said::of(&self.command(&[], arguments).output().unwrap())
    }

    pub fn import_command(&self, wrapper: &[&str], month: &str) -> Command {
        let mut command =
            self.command(wrapper, &format!("import --origin synthetic --on {month}-28"));
        command.arg(self.contacts.join(format!("SYNTETISKA-DATA-{month}.csv")));
        command
    }

    pub fn import(&self, month: &str) -> Said {
        Said::of(&self.import_command(&[], month).output().unwrap())
    }

    pub fn preview(&self, month: &str) -> Said {
        self.run(&format!("settle --month {month} --preview"))
    }

    pub fn book(&self, month: &str) -> Said {
        self.run(&format!("settle --month {month} --book"))
    }

    /// Imports and books a month; both must go well.
    pub fn import_and_book(&self, month: &str) -> Said {
        let imported = self.import(month);
        assert!([0, 1].contains(&imported.code), "{imported:?}");
        let booked = self.book(month);
        assert_eq!(booked.code, 0, "{booked:?}");
        booked
    }

    /// Every file by its hash. The persons' journal may be folded into their database at any time, so these two are
    /// no part of it.
    pub fn files(&self) -> BTreeMap<String, String> {
        self.fold_journal();
        let mut files = BTreeMap::new();
        hash_all(&self.data, &self.data, &mut files);
        files.retain(|name, _| !name.contains(".sqlite-") && name != "persons.sqlite");
        files
    }

    /// Writes what stands in the database's journal into the database, where there is one.
    pub fn fold_journal(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        if let Ok(store) = runtime.block_on(Store::open(&self.data, &Database::InFolder)) {
            runtime.block_on(store.close());
        }
    }

    /// Gives or takes everybody's right to write.
    #[cfg(unix)]
    pub fn set_writable(&self, writable: bool) {
        fn set(path: &Path, writable: bool) {
            let mode = match (path.is_dir(), writable) {
                (true, true) => 0o755,
                (true, false) => 0o555,
                (false, true) => 0o644,
                (false, false) => 0o444,
            };
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
            if path.is_dir() {
                fs::read_dir(path).unwrap().for_each(|one| set(&one.unwrap().path(), writable));
            }
        }
        set(&self.data, writable);
    }

    /// Runs a command as one whom the rights of files bind; nothing where that cannot be done.
    #[cfg(unix)]
    pub fn run_without_rights(&self, mut command: Command) -> Option<Said> {
        const NOBODY: u32 = 65_534;
        let probe = self.data.join("probe");
        if fs::write(&probe, "").is_ok() {
            fs::remove_file(&probe).unwrap();
            command.uid(NOBODY).gid(NOBODY);
            let mut look = Command::new("ls");
            look.arg(&self.data).uid(NOBODY).gid(NOBODY);
            if !look.output().is_ok_and(|output| output.status.success()) {
                return None;
            }
        }
        Some(Said::of(&command.output().ok()?))
    }

    /// The Parquet files of a shelf, each of which must be what its name says.
    pub fn shelf(&self, name: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.data.join(name)) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "parquet"));
        paths.sort();
        for path in &paths {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert_eq!(sha256(path), stem, "{} is there in part", path.display());
        }
        paths
    }
}

/// Runs a command to its end.
pub fn run(mut command: Command) -> Said {
    Said::of(&command.output().unwrap())
}

/// What a running program says in the end.
pub fn finish(child: Child) -> Said {
    Said::of(&child.wait_with_output().unwrap())
}

/// Runs a command, and kills it after a while; tells whether it was killed.
pub fn kill_after(mut command: Command, delay: Duration) -> bool {
    let started = Instant::now();
    let mut child: Child = command.spawn().unwrap();
    while started.elapsed() < delay {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait_with_output().unwrap().status.code().is_none()
}

/// How long a command takes: the middle of some runs that are all thrown away, since one that was held up would let most end in peace.
pub fn time(folder: &Folder, test: &str, command: impl Fn(&Folder) -> Command) -> Duration {
    let took = |at: usize| {
        let copy = folder.copy(&format!("{test}-time-{at}"));
        let started = Instant::now();
        run(command(&copy));
        started.elapsed()
    };
    let mut took: Vec<Duration> = (0..5).map(took).collect();
    took.sort_unstable();
    took[took.len() / 2]
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy_all(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

fn hash_all(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            hash_all(root, &path, files);
        } else {
            files.insert(name, sha256(&path));
        }
    }
}

fn sha256(path: &Path) -> String {
    let digest = Sha256::digest(fs::read(path).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
