// nodemailer's pool sends personal copies: node nodemailer_send.mjs PORT COPIES BYTES.
// It waits 40 ms over every message for an acknowledgement by TCP, so it gets forty connections
// where the others have four. It keeps no record of copies. Prints one JSON document.
import { createRequire } from "node:module";
import { resolve } from "node:path";
const nodemailer = createRequire(resolve("package.json"))("nodemailer");

const [port, copies, size] = process.argv.slice(2).map(Number);
const line = "x".repeat(75) + "\n";
const CONNECTIONS = 40;
const body = line.repeat(Math.floor(size / line.length));
const pool = nodemailer.createTransport({
  pool: true, host: "127.0.0.1", port, ignoreTLS: true, maxConnections: CONNECTIONS, maxMessages: Infinity,
});
const started = process.hrtime.bigint();
let next = 0;
const work = async () => {
  while (next < copies) {
    const number = next++;
    await pool.sendMail({
      from: "bulletin@school.example", to: `reader${number}@school.example`,
      subject: `Bulletin for reader ${number}`, text: `Dear reader ${number}`,
      html: `<p>Dear reader ${number}</p>${body}`,
    });
  }
};
await Promise.all(Array.from({ length: 2 * CONNECTIONS }, work));
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
pool.close();
console.log(JSON.stringify({ seconds }));
