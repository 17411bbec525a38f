// node build.mjs FOLDER [--watch]: the desk's script and style, from here into FOLDER.
// desk.js and desk.css keep their names; every other part is named after its content.
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const [folder, flag] = process.argv.slice(2);
const watching = flag === "--watch";
const options = {
  entryPoints: ["src/desk.js", "styles/desk.css"],
  outdir: folder,
  entryNames: "[name]",
  chunkNames: "parts/[name]-[hash]",
  assetNames: "parts/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: !watching,
  sourcemap: watching && "inline",
  legalComments: "none", // licences.txt has them whole
  metafile: true,
  logLevel: watching ? "info" : "warning",
};

/** The licences of the packages that went in, which have to go with them. */
async function licences(metafile) {
  const used = Object.keys(metafile.inputs).flatMap((file) => {
    const found = file.match(/(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/);
    return found ? [found[0]] : [];
  });
  const texts = [...new Set(used)].sort().map(async (home) => {
    const { name, version, license } = JSON.parse(await readFile(`${home}/package.json`, "utf8"));
    const file = (await readdir(home)).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? await readFile(`${home}/${file}`, "utf8") : "";
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}

/** Prints what each part weighs as it is sent (gzip), and all of it. */
async function weigh(metafile) {
  let all = 0;
  for (const file of Object.keys(metafile.outputs).sort()) {
    const size = gzipSync(await readFile(file), { level: 9 }).length;
    all += size;
    console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${path.relative(folder, file)}`);
  }
  console.log(`${(all / 1000).toFixed(1).padStart(7)} kB  compressed, in all`);
}

try {
  if (watching) {
    await (await esbuild.context(options)).watch();
  } else {
    const { metafile } = await esbuild.build(options);
    await writeFile(`${folder}/licences.txt`, await licences(metafile));
    await weigh(metafile);
  }
} catch (error) {
  // esbuild has already said what is wrong with a source, and where.
  if (!error.errors) console.error(error);
  process.exitCode = 1;
}
