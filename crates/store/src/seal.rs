//! Sealing texts with a key that lies in a file.
//!
//! Owns: the key file, that only its owner can read it, and AES-256-GCM with a random nonce. Does not own: what is sealed (`person`,
//! `compartment`).

use crate::files::{sync_folder, write_new};
use crate::{KeyFault, StoreError};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

/// Bytes of an AES-GCM nonce; they stand before the sealed text.
const NONCE: usize = 12;

/// 32 bytes: a key, or what is drawn from one.
pub(crate) type Key = [u8; 32];

/// Why a key cannot be used, told by whoever owns it.
pub(crate) type Told = fn(PathBuf, KeyFault) -> StoreError;

/// What seals and unseals texts.
pub(crate) struct Sealer {
    path: PathBuf,
    cipher: Aes256Gcm,
    told: Told,
}

impl Sealer {
    /// With a key drawn for sealing from the one in the file.
    pub(crate) fn new(path: &Path, key: &Key, told: Told) -> Result<Self, StoreError> {
        let bad = || told(path.to_path_buf(), KeyFault::Length(key.len()));
        let seal = drawn(key, b"seal").ok_or_else(bad)?;
        let cipher = Aes256Gcm::new_from_slice(&seal).map_err(|_| bad())?;
        Ok(Self { path: path.to_path_buf(), cipher, told })
    }

    /// Seals a text; it can be unsealed only with the same `with`.
    pub(crate) fn seal(&self, with: &[u8], text: &str) -> Result<Vec<u8>, StoreError> {
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: text.as_bytes(), aad: with };
        let sealed = self.cipher.encrypt(Nonce::from_slice(&nonce), payload);
        let sealed = sealed.map_err(|_| self.unusable())?;
        Ok([&nonce[..], &sealed[..]].concat())
    }

    /// The text that was sealed.
    pub(crate) fn unseal(&self, with: &[u8], sealed: &[u8]) -> Result<String, StoreError> {
        let (nonce, text) = sealed.split_at_checked(NONCE).ok_or_else(|| self.unusable())?;
        let payload = Payload { msg: text, aad: with };
        let text = self.cipher.decrypt(Nonce::from_slice(nonce), payload);
        let text = text.map_err(|_| self.unusable())?;
        String::from_utf8(text).map_err(|_| self.unusable())
    }

    fn unusable(&self) -> StoreError {
        (self.told)(self.path.clone(), KeyFault::Other)
    }
}

pub(crate) fn new_mac(key: &[u8]) -> Option<Hmac<Sha256>> {
    <Hmac<Sha256> as Mac>::new_from_slice(key).ok()
}

/// A key for one purpose alone.
pub(crate) fn drawn(key: &[u8], purpose: &[u8]) -> Option<Key> {
    let mut mac = new_mac(key)?;
    mac.update(purpose);
    Some(mac.finalize().into_bytes().into())
}

pub(crate) fn random<const BYTES: usize>() -> Result<[u8; BYTES], StoreError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| {
        StoreError::damaged(
            format!("inga slumptal: {error}"),
            format!("no random numbers: {error}"),
        )
    })?;
    Ok(bytes)
}

pub(crate) fn read_key(path: &Path, told: Told) -> Result<Key, StoreError> {
    refuse_open_to_others(path, told)?;
    let key = fs::read(path).map_err(StoreError::io(path))?;
    let found = key.len();
    key.try_into().map_err(|_| told(path.to_path_buf(), KeyFault::Length(found)))
}

pub(crate) fn new_key(path: &Path) -> Result<Key, StoreError> {
    let key = random::<32>()?;
    write_new(path, &key, readable_by_owner(OpenOptions::new().create_new(true)))?;
    sync_folder(
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")),
    )?;
    Ok(key)
}

#[cfg(unix)]
fn readable_by_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn readable_by_owner(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(unix)]
fn refuse_open_to_others(path: &Path, told: Told) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(StoreError::io(path))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(told(path.to_path_buf(), KeyFault::OpenToOthers(mode & 0o777)))
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path, _: Told) -> Result<(), StoreError> {
    Ok(())
}
