// What mail programs make of finished emails: `node check.mjs FILE...`.
//
// caniemail: no feature that Gmail, Outlook, Apple Mail, Yahoo or Samsung lack, but for those in
// allowed.json, each with the reason why nothing is lost without it. A reason that is no longer
// needed is an error, too. html-validate: no error.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { caniemail } from "caniemail";
import { HtmlValidate } from "html-validate";

const CLIENTS = ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*", "samsung-email.*"];
const allowed = JSON.parse(readFileSync(new URL("allowed.json", import.meta.url), "utf8"));
const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    // Email is written for programs that know nothing newer.
    "no-inline-style": "off",
    "no-conditional-comment": "off",
    "no-deprecated-attr": "off",
    "prefer-native-element": "off",
    "prefer-tbody": "off",
    // Optional; a byte less for each.
    "attribute-boolean-style": "off",
    "void-style": "off",
    "doctype-style": "off",
    // Quoted-printable and lines are the transport's business.
    "no-trailing-whitespace": "off",
    "long-title": "off",
  },
});

const used = new Set();
let wrong = 0;

function complain(file, what) {
  wrong += 1;
  console.log(`${basename(file)}: ${what}`);
}

for (const file of process.argv.slice(2)) {
  const html = readFileSync(file, "utf8");
  const lacking = new Map();
  for (const [client, issues] of caniemail({ clients: CLIENTS, html }).issues.errors) {
    for (const { title } of issues) {
      lacking.set(title, [...(lacking.get(title) ?? []), client]);
    }
  }
  for (const [title, clients] of lacking) {
    if (title in allowed) used.add(title);
    else complain(file, `${title} is not known to ${[...new Set(clients)].join(", ")}`);
  }
  const report = await validator.validateString(html, file);
  for (const { messages } of report.results) {
    for (const { line, column, ruleId, message, severity } of messages) {
      if (severity === 2) complain(file, `${line}:${column} ${message} (${ruleId})`);
    }
  }
}
for (const title of Object.keys(allowed)) {
  if (!used.has(title)) complain("allowed.json", `nothing needs "${title}" any more`);
}
console.log(`${process.argv.length - 2} files, ${used.size} features allowed, ${wrong} to mend`);
process.exit(wrong ? 1 : 0);
