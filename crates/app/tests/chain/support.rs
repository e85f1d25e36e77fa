//! A data folder with the region's decisions and a clinic's compartment.
//!
//! Owns: running the program, reserve numbers that check, looking through every file.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CLINIC: &str = "karolinska-huddinge";

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }
}

/// A synthetic reserve number (R59), of nobody.
pub fn reserve(number: u32) -> String {
    let digits = format!("9919{:02}{:05}", 81, number);
    let sum: u32 = digits
        .bytes()
        .skip(4)
        .enumerate()
        .map(|(at, digit)| {
            let doubled = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

pub struct World(PathBuf);

impl World {
    /// With both ratebooks and the compartment of Huddinge begun.
    pub fn begun(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chain-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let world = Self(folder);
        assert_eq!(world.run(&["init"]).code, 0);
        let loaded = world.run(&[
            "register",
            "load",
            "ratebook/stockholm",
            "ratebook/demo",
            "--replay-known",
        ]);
        assert_eq!(loaded.code, 0, "{}", loaded.err);
        let begun = world.chain(&["begin"]);
        assert_eq!(begun.code, 0, "{}", begun.err);
        world
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        let data = self.0.join("data");
        self.on(&data, arguments)
    }

    /// `generate`, which has no data folder.
    pub fn generate(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["generate"], arguments].concat())
    }

    /// With another data folder.
    pub fn run_on(&self, data: &str, arguments: &[&str]) -> Ran {
        self.on(Path::new(data), arguments)
    }

    fn on(&self, data: &Path, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vardkedja"));
        command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
        command.args(arguments).arg("--data").arg(data);
        for variable in ["VARDKEDJA_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "VARDKEDJA_AS"] {
            command.env_remove(variable);
        }
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran {
            code: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// A command of the chain with the clinic's key, by anna.
    pub fn chain(&self, arguments: &[&str]) -> Ran {
        self.chain_as("anna", arguments)
    }

    pub fn chain_as(&self, by: &str, arguments: &[&str]) -> Ran {
        self.keyed(&self.0.join("data"), &self.beside("huddinge.key"), by, arguments)
    }

    pub fn with_key(&self, key: &str, arguments: &[&str]) -> Ran {
        self.keyed(&self.0.join("data"), key, "anna", arguments)
    }

    /// On another data folder.
    pub fn of_folder(&self, data: &str, arguments: &[&str]) -> Ran {
        self.keyed(Path::new(data), &self.beside("huddinge.key"), "anna", arguments)
    }

    fn keyed(&self, data: &Path, key: &str, by: &str, arguments: &[&str]) -> Ran {
        let mut all = vec!["chain"];
        all.extend(arguments);
        all.extend(["--clinic", CLINIC, "--key", key, "--as", by]);
        self.on(data, &all)
    }

    /// A file of this world beside the data folder.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.beside(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub fn beside(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    /// A path in the data folder.
    pub fn inside(&self, name: &str) -> String {
        self.0.join("data").join(name).display().to_string()
    }

    /// Whether some bytes stand in any file of the data folder.
    pub fn holds(&self, needle: &str) -> bool {
        let mut folders = vec![self.0.join("data")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if fs::read(&path)
                    .unwrap()
                    .windows(needle.len())
                    .any(|w| w == needle.as_bytes())
                {
                    return true;
                }
            }
        }
        false
    }

    /// Adds an open row to the file itself, with a hash that follows, as somebody without the key could.
    pub fn forge(&self, row: &str) {
        let file = self.0.join("data/clinic-care").join(CLINIC).join("care.sqlite");
        let script = "import sqlite3,sys,hashlib\nc=sqlite3.connect(sys.argv[1])\no=sys.argv[2]\ns,h=c.execute('SELECT seq, hash FROM kept ORDER BY seq DESC').fetchone()\nt=hashlib.sha256(f'{h}\\n{s+1}\\n{len(o.encode())}:{o}\\n'.encode()).hexdigest()\nc.execute(\"INSERT INTO kept VALUES (?,?,x'',?)\",(s+1,o,t))\nc.commit()";
        let done = Command::new("python3").args(["-c", script]).arg(file).arg(row).output();
        let done = done.expect("python3 is there");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// Changes a byte of a sealed row in the file itself, as somebody would who goes past the program.
    pub fn damage(&self) {
        let file = self.0.join("data/clinic-care").join(CLINIC).join("care.sqlite");
        let done = Command::new("python3")
            .args(["-c", "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nc.execute('DROP TRIGGER kept_stays')\nc.execute(\"UPDATE kept SET sealed = x'00' WHERE seq = 2\")\nc.commit()"])
            .arg(file)
            .output()
            .expect("python3 is there");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
