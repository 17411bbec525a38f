// Text that the server does not have yet, kept on this computer until it has.

const PREFIX = "desk:text:";

/** Keep what was typed under a name, with the stamp of what it was typed over. True if it is safe. */
export function keep(name, fields, stamp) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify({ fields, stamp, at: Date.now() }));
    return true;
  } catch {
    return false; // no room, or the browser keeps nothing
  }
}

/** What was kept under a name, or undefined. */
export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? undefined;
  } catch {
    return undefined;
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Then nothing was kept either.
  }
}
