// Text that the server does not have yet, kept on this computer until it has.

// Names end with the number of whoever typed: "item:7:3".
const PREFIX = "desk:text:";
let isOver = false; // somebody signs out, and wants nothing kept

/** Keep what was typed under a name, with the stamp of what it was typed over. True if it is safe. */
export function keep(name, fields, stamp) {
  if (isOver) return false;
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

/** Whether anything is kept that this user typed. user: their number. */
export function isAnyOf(user) {
  return namesOf(user).length > 0;
}

/** Forget all that this user typed, and keep nothing more while the page is left. */
export function forgetAllOf(user) {
  isOver = true;
  for (const name of namesOf(user)) forget(name);
}

function namesOf(user) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    return keys.map((key) => key.slice(PREFIX.length)).filter((name) => name.endsWith(`:${user}`));
  } catch {
    return []; // the browser keeps nothing
  }
}

addEventListener("pageshow", () => (isOver = false));
