//! A PostgreSQL server of the tests' own, from Debian's package: started when first asked for, gone with the process that asked.
//!
//! Owns: the server and its databases. Does not own: what is tested on them. A missing package fails the test that asks.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Stands in every address, so that a test can see that no message has it.
pub const PASSWORD: &str = "hemligt-losen";

/// Waits for its standard input to end, which it does when the process that holds the other end is gone, however it went.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
cd / && dir=$(mktemp -d -t vardkedja-postgres.XXXXXX) || exit 1
{
    printf '%s' "$PASSWORD" > "$dir/password" &&
    "$BIN/initdb" -D "$dir/data" -U postgres -A scram-sha-256 --pwfile="$dir/password" -E UTF8 --locale=C -N &&
    "$BIN/pg_ctl" -D "$dir/data" -l "$dir/log" -w start -o "-p $PORT -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=80"
} > "$dir/start" 2>&1
if [ $? = 0 ]; then echo ready; else cat "$dir/start" "$dir/log" 2> /dev/null | tail -n 5 | tr '\n' ' '; echo; fi
cat > /dev/null
"$BIN/pg_ctl" -D "$dir/data" -m immediate stop > /dev/null 2>&1
rm -rf "$dir"
"#;

pub struct Server {
    bin: PathBuf,
    port: u16,
    _keeper: Child,
}

/// The server of this process.
pub fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Self {
        let bin = newest().expect(
            "no PostgreSQL server to test with: install Debian's package `postgresql`, or name the folder of initdb and \
             pg_ctl with VARDKEDJA_POSTGRES_BIN",
        );
        let mut said = String::new();
        for _ in 0..5 {
            // Another program can take the port before the server does, so a few are tried.
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut keeper = as_any_user_but_root()
                .args(["sh", "-c", SCRIPT])
                .env("BIN", &bin)
                .env("PORT", port.to_string())
                .env("PASSWORD", PASSWORD)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            said.clear();
            BufReader::new(keeper.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
            if said.trim() == "ready" {
                return Self { bin, port, _keeper: keeper };
            }
            drop(keeper.stdin.take());
            keeper.wait().unwrap();
        }
        panic!("PostgreSQL does not start: {said}");
    }

    /// The address of a database, with the password.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database, in place of one of that name; gives its address.
    pub fn fresh(&self, database: &str) -> String {
        self.copy("template1", database)
    }

    /// Makes a database that has what another has, which nobody may be using; gives its address.
    pub fn copy(&self, from: &str, to: &str) -> String {
        let drop = format!("DROP DATABASE IF EXISTS \"{to}\" WITH (FORCE)");
        let create = format!("CREATE DATABASE \"{to}\" TEMPLATE \"{from}\"");
        self.run_all("postgres", &[&drop, &create]);
        self.address(to)
    }

    /// Runs statements in a database as its owner.
    pub fn run_all(&self, database: &str, statements: &[&str]) {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1"]).arg(self.address(database));
        statements.iter().for_each(|sql| {
            psql.args(["-c", sql]);
        });
        let output = psql.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{statements:?}: {said}");
    }
}

/// Where the newest installed server has its programs.
fn newest() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("VARDKEDJA_POSTGRES_BIN") {
        return Some(named.into());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let number = |path: &Path| path.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    versions
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").is_file())
        .max_by_key(|bin| number(bin))
}

/// PostgreSQL refuses to run as root.
fn as_any_user_but_root() -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]);
        return command;
    }
    Command::new("env")
}
