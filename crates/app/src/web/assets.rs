//! The files that pages use: styles and scripts, in the program itself.
//!
//! Owns: their names, which change with what is in them, so that a reader's browser may keep them for a year.

use std::sync::LazyLock;

/// A file of the program.
pub struct Asset {
    /// Its name in addresses.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

const FILES: [(&str, &str, &str, &[u8]); 4] = [
    ("fkui", "css", "text/css; charset=utf-8", include_bytes!("../../static/fkui.css")),
    ("theme", "css", "text/css; charset=utf-8", include_bytes!("../../static/theme.css")),
    ("htmx", "js", "text/javascript; charset=utf-8", include_bytes!("../../static/htmx.js")),
    ("app", "js", "text/javascript; charset=utf-8", include_bytes!("../../static/app.js")),
];

/// The styles of our own, room by room; together they are one file.
const STYLES: [&str; 7] = [
    include_str!("../../static/css/base.css"),
    include_str!("../../static/css/settling.css"),
    include_str!("../../static/css/statement.css"),
    include_str!("../../static/css/decisions.css"),
    include_str!("../../static/css/grants.css"),
    include_str!("../../static/css/reporting.css"),
    include_str!("../../static/css/following.css"),
];

/// Every file.
pub static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let styles = ("app", "css", "text/css; charset=utf-8", STYLES.concat().into_bytes());
    let files =
        FILES.iter().map(|(name, ending, media, bytes)| (*name, *ending, *media, bytes.to_vec()));
    let asset = |(name, ending, media, bytes): (&str, &str, &'static str, Vec<u8>)| {
        let hash = store::files::sha256(&bytes);
        let hash = hash.get(..12).unwrap_or("");
        Asset { name: format!("{name}-{hash}.{ending}"), media, bytes }
    };
    files.chain([styles]).map(asset).collect()
});

/// The address of a file by its first name and ending.
pub fn address(name: &str, ending: &str) -> String {
    let is_it = |asset: &&Asset| {
        asset.name.starts_with(&format!("{name}-")) && asset.name.ends_with(&format!(".{ending}"))
    };
    ASSETS.iter().find(is_it).map_or_else(String::new, |asset| format!("/static/{}", asset.name))
}

/// A file by its name in addresses.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}
