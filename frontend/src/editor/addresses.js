// Where a link may lead, and what mailers put around addresses. The server has the last word
// (models/links.py, sources/fields/tracking.py); this tells people while they write.

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const MAILBOX = /^[^\s@,/]+@[^\s@,/]+\.[^\s@,./]+$/;
const TRACKERS = /^(?:utm_|mtm_|pk_|hsa_|at_campaign|at_medium|_hs)|^(?:fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|mkt_tok|igshid)$/i;
const WRAPPERS = [
  [/(?:^|\.)safelinks\.protection\.outlook\.com$/, "/", "url"],
  [/^www\.google\.(?:com|co\.uk|ie)$/, "/url", "q"],
  [/^www\.google\.(?:com|co\.uk|ie)$/, "/url", "url"],
  [/^lm?\.facebook\.com$/, "/l.php", "u"],
  [/^linkprotect\.cudasvc\.com$/, "/url", "a"],
];
const MOST_WRAPPERS = 3;

/** Why no link may have this address, as a sentence for whoever typed it, or "". */
export function addressProblem(address) {
  const url = parsed(address);
  if (!url || /[\s\x00-\x1f\x7f]/.test(address)) return "This is not a whole address, such as https://www.gov.uk/.";
  if (!SCHEMES.has(url.protocol)) return "Begin the address with https://, http:// or mailto:.";
  if (url.protocol === "tel:") return "";
  if (url.protocol === "mailto:") {
    return MAILBOX.test(decoded(url.pathname)) ? "" : "This is not a whole mail address.";
  }
  if (url.username || url.password) return "The address hides its website behind an @.";
  return /[%_]/.test(url.hostname.split(".").at(-1)) || !url.hostname
    ? "The address names no website."
    : "";
}

/** An address as people type it, made whole: "www.gov.uk" and "dsl@school.example". */
export function completed(typed) {
  const address = typed.trim();
  if (MAILBOX.test(address)) return `mailto:${address}`;
  const isBare = /^[\w-]+(?:\.[\w-]+)+(?:[/?#:]|$)/.test(address) && !/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(address);
  return isBare ? `https://${address}` : address;
}

/** The address itself, without mail scanners around it and trackers in it. */
export function withoutTrackers(address) {
  let url = parsed(address);
  for (let round = 0; url && round < MOST_WRAPPERS; round += 1) {
    const inner = unwrapped(url);
    if (!inner) break;
    [address, url] = [inner, parsed(inner)];
  }
  if (!url?.search) return address;
  // What stays is left as it is written: some sites are particular about it.
  const kept = url.search.slice(1).split("&").filter((one) => !TRACKERS.test(decoded(one.split("=")[0])));
  const asked = kept.length ? `?${kept.join("&")}` : "";
  return asked === url.search ? address : `${url.origin}${url.pathname}${asked}${url.hash}`;
}

function unwrapped(url) {
  for (const [host, path, name] of WRAPPERS) {
    if (!host.test(url.hostname) || !url.pathname.startsWith(path)) continue;
    const inner = url.searchParams.get(name) ?? "";
    if (/^https?:\/\//.test(inner)) return inner;
  }
  return "";
}

function parsed(address) {
  return URL.canParse(address) ? new URL(address) : null;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
