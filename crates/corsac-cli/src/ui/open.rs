//! Opens the link in the browser of this machine.

use crate::terminal;

/// Opens the link, if there is a display.
pub(super) fn open(link: &str) {
    if !has_display() {
        return;
    }
    // The error does not have the link, and so not the token.
    if let Err(error) = ::open::that_detached(link) {
        terminal::note(&format!("No browser could be opened ({error}): open the link yourself."));
    }
}

/// Returns `true` unless this is a system whose windows need a variable that is not set: SSH, a container, CI.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(is_set)
}
