//! A server on a demo, and a plain client.
//!
//! Owns: starting, asking, stopping. The demo is made once for each run; a test that changes something has a copy of its own.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The value of a header; blank where it is missing.
    pub fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find(|line| {
            line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name))
        });
        line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
    }

    /// The session that was begun.
    pub fn session(&self) -> String {
        let cookies = self.head.lines().filter_map(|line| line.split_once("__Host-vardkedja="));
        let token = cookies.map(|(_, rest)| rest.split(';').next().unwrap_or("")).next();
        token.unwrap_or_default().to_owned()
    }
}

/// A server on a folder of its own.
pub struct Server {
    child: Child,
    pub folder: PathBuf,
    pub address: String,
    /// What it said before it was open.
    pub said: String,
    logs: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
        let _gone = fs::remove_dir_all(&self.folder);
        let _gone = fs::remove_file(&self.logs);
    }
}

fn aside(name: &str) -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("vardkedja-web-{}-{number}-{name}", std::process::id()))
}

fn run(arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let done = Command::new(env!("CARGO_BIN_EXE_vardkedja"))
        .args(arguments)
        .current_dir(root)
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the demo").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A small demo, made once for each run; those of earlier runs are taken away.
fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        let aside = Path::new(env!("CARGO_TARGET_TMPDIR")).join("web-demo");
        let _gone = fs::remove_dir_all(&aside);
        let folder = aside.join(std::process::id().to_string());
        fs::create_dir_all(&aside).expect("a folder");
        let shown = folder.display().to_string();
        run(&["demo", "--folder", &shown, "--scale", "400", "--to", "2021-06", "--no-serve"]);
        folder
    })
}

/// Begins the compartment of a clinic, with its key in a folder of keys.
fn begin_care(folder: &Path, keys: &Path, clinic: &str) {
    fs::create_dir_all(keys).expect("a folder");
    let key = keys.join(format!("{clinic}.key")).display().to_string();
    let data = folder.display().to_string();
    run(&["chain", "begin", "--clinic", clinic, "--key", &key, "--data", &data, "--as", "anna"]);
}

impl Server {
    /// On a copy of the demo, where roles can be chosen.
    pub fn of_demo() -> Self {
        let folder = aside("data");
        copied(demo(), &folder);
        Self::start(folder, &["--roles"])
    }

    /// On a copy of the demo with a clinic's compartment, and its key given to the server.
    pub fn with_care(clinic: &str) -> Self {
        let (folder, keys) = (aside("data"), aside("keys"));
        copied(demo(), &folder);
        begin_care(&folder, &keys, clinic);
        Self::start(folder, &["--roles", "--clinic-care-keys", &keys.display().to_string()])
    }

    /// On a folder with the region's decisions and nothing imported, where roles can be chosen.
    pub fn before_imports() -> Self {
        let folder = aside("data");
        let data = folder.display().to_string();
        run(&["init", "--data", &data]);
        let books = ["ratebook/stockholm", "ratebook/demo"];
        let load = ["register", "load", books[0], books[1], "--replay-known", "--data", &data];
        run(&load);
        Self::start(folder, &["--roles"])
    }

    /// On an empty folder.
    pub fn empty() -> Self {
        let folder = aside("data");
        run(&["init", "--data", &folder.display().to_string()]);
        Self::start(folder, &[])
    }

    /// On a copy of the demo, where people come from an identity service.
    pub fn with_oidc(settings: &str) -> Self {
        let folder = aside("data");
        copied(demo(), &folder);
        let file = folder.join("oidc.toml");
        fs::write(&file, settings).expect("a file");
        Self::start(folder, &["--oidc", &file.display().to_string()])
    }

    /// What is said where the settings of an identity service are refused.
    pub fn refused_with_oidc(settings: &str) -> String {
        let folder = aside("data");
        run(&["init", "--data", &folder.display().to_string()]);
        let file = folder.join("oidc.toml");
        fs::write(&file, settings).expect("a file");
        let done = Command::new(env!("CARGO_BIN_EXE_vardkedja"))
            .args(["serve", "--listen", "127.0.0.1:0", "--oidc"])
            .args([&file, Path::new("--data"), &folder])
            .output()
            .expect("the program runs");
        let _gone = fs::remove_dir_all(&folder);
        assert_eq!(done.status.code(), Some(2), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stderr).into_owned()
    }

    /// The same with a clinic's compartment, and its key given to the server.
    pub fn with_oidc_and_care(settings: &str, clinic: &str) -> Self {
        let (folder, keys) = (aside("data"), aside("keys"));
        copied(demo(), &folder);
        begin_care(&folder, &keys, clinic);
        let file = folder.join("oidc.toml");
        fs::write(&file, settings).expect("a file");
        let (file, keys) = (file.display().to_string(), keys.display().to_string());
        Self::start(folder, &["--oidc", &file, "--clinic-care-keys", &keys])
    }

    fn start(folder: PathBuf, more: &[&str]) -> Self {
        let logs = aside("logs");
        let mut child = Command::new(env!("CARGO_BIN_EXE_vardkedja"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&folder)
            .args(more)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its words"));
        let (mut said, mut address) = (String::new(), String::new());
        while address.is_empty() || (more.is_empty() && !said.contains("/forsta")) {
            let mut line = String::new();
            if lines.read_line(&mut line).expect("a line") == 0 {
                panic!("it ended: {said} {:?}", child.wait());
            }
            if let Some((_, rest)) = line.split_once("http://").filter(|_| address.is_empty()) {
                rest.split('/').next().unwrap_or("").clone_into(&mut address);
            }
            said.push_str(&line);
        }
        let file = fs::File::create(&logs).expect("a file");
        std::thread::spawn(move || {
            let (mut lines, mut file) = (lines, file);
            let _ends_with_the_server = std::io::copy(&mut lines, &mut file);
        });
        Self { child, folder, address, said, logs }
    }

    /// What it has logged.
    pub fn logged(&self) -> String {
        std::thread::sleep(Duration::from_millis(100));
        fs::read_to_string(&self.logs).unwrap_or_default()
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().expect("a signal");
        assert!(sent.success());
    }

    /// The code that it ended with, once it has; no code where it was killed.
    pub fn ended(&mut self) -> Option<Option<i32>> {
        self.child.try_wait().expect("its state").map(|status| status.code())
    }

    /// Sends a request as it is.
    pub fn send(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let address = &self.address;
        let length = body.len();
        let head = format!(
            "{head}\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        // A server that refuses early may close before all is sent.
        let _refused_early = stream.write_all(body);
        let mut bytes = Vec::new();
        let _closed = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A page.
    pub fn get(&self, session: &str, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nCookie: __Host-vardkedja={session}"), b"")
    }

    /// A page once its work is done.
    pub fn made(&self, session: &str, path: &str) -> Answer {
        for _ in 0..100 {
            let answer = self.get(session, path);
            if answer.header("refresh").is_empty() {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("{path} was never made");
    }

    /// A request to the API, with more lines of head.
    pub fn api(&self, session: &str, method: &str, path: &str, more: &str, body: &str) -> Answer {
        let head =
            format!("{method} /api/v1/{path} HTTP/1.1\r\nAuthorization: Bearer {session}{more}");
        self.send(&head, body.as_bytes())
    }

    /// A form.
    pub fn post(&self, session: &str, path: &str, form: &str) -> Answer {
        let from = &self.address;
        self.send(
            &format!(
                "POST {path} HTTP/1.1\r\nOrigin: http://{from}\r\nCookie: __Host-vardkedja={session}\r\nContent-Type: application/x-www-form-urlencoded"
            ),
            form.as_bytes(),
        )
    }

    /// A contact file.
    pub fn upload(&self, session: &str, name: &str, content: &str) -> Answer {
        self.upload_to(session, "/inrapportering", name, content)
    }

    /// A file to an address.
    pub fn upload_to(&self, session: &str, path: &str, name: &str, content: &str) -> Answer {
        let from = &self.address;
        let mut body = String::new();
        write!(body, "--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n--cut--\r\n").expect("a text");
        self.send(
            &format!(
                "POST {path} HTTP/1.1\r\nOrigin: http://{from}\r\nCookie: __Host-vardkedja={session}\r\nContent-Type: multipart/form-data; boundary=cut"
            ),
            body.as_bytes(),
        )
    }

    /// The session of a role; `provider:x` of a provider.
    pub fn role(&self, role: &str) -> String {
        let session = self.named(role, &format!("test-{role}"));
        assert_eq!(session.len(), 64, "{role}");
        session
    }

    /// The session of a role under a name, as who attests what another has made needs it.
    pub fn named(&self, role: &str, name: &str) -> String {
        self.post("", "/logga-in/roll", &format!("roll={role}&name={name}")).session()
    }

    /// Whether some bytes stand in any file of the folder.
    pub fn holds(&self, needle: &str) -> bool {
        let mut folders = vec![self.folder.clone()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path())
            {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap_or_default();
                    if bytes.windows(needle.len()).any(|part| part == needle.as_bytes()) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Everything that a command says about the folder.
    pub fn said_by(&self, arguments: &[&str]) -> String {
        let done = Command::new(env!("CARGO_BIN_EXE_vardkedja"))
            .args(arguments)
            .arg("--data")
            .arg(&self.folder)
            .output()
            .expect("the program runs");
        String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned()
    }

    /// What a command says as JSON about the folder.
    pub fn command(&self, arguments: &[&str]) -> serde_json::Value {
        let done = Command::new(env!("CARGO_BIN_EXE_vardkedja"))
            .args(arguments)
            .args(["--format", "json", "--data"])
            .arg(&self.folder)
            .output()
            .expect("the program runs");
        serde_json::from_slice(&done.stdout).expect("JSON")
    }
}
