// Builds what the browser gets: static/dist/<name>-<hash>.<ext>, each also as .gz and .br, and static/dist/manifest.json,
// which maps the plain name to the fingerprinted one. Run by `npm run build`; nothing here runs in production.
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile, rm, mkdir } from "node:fs/promises";
import { brotliCompressSync, gzipSync, constants } from "node:zlib";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ui = path.dirname(fileURLToPath(import.meta.url)); // import.meta.dirname is newer than Debian's Node.js
const web = path.dirname(ui);
const dist = path.join(web, "static", "dist");
const manifest = {};

// emit writes one fingerprinted file and its compressed twins. Fonts are compressed already.
async function emit(name, bytes) {
  const ext = path.extname(name);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const file = `${path.basename(name, ext)}-${hash}${ext}`;
  await writeFile(path.join(dist, file), bytes);
  if (ext !== ".woff2") {
    await writeFile(path.join(dist, file + ".gz"), gzipSync(bytes, { level: 9 }));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
    await writeFile(path.join(dist, file + ".br"), brotliCompressSync(bytes, quality));
  }
  manifest[name] = file;
  return file;
}

// fonts gives the @font-face rules of the interface's typeface for the scripts of our six languages.
async function fonts() {
  const folder = path.join(web, "node_modules/@fontsource-variable/inter");
  const css = await readFile(path.join(folder, "index.css"), "utf8");
  let rules = "";
  for (const subset of ["latin", "latin-ext", "cyrillic"]) {
    const name = `inter-${subset}-wght-normal`;
    const file = await emit(`inter-${subset}.woff2`, await readFile(path.join(folder, "files", name + ".woff2")));
    const range = css.split(`/* ${name} */`)[1].match(/unicode-range: ([^;]+);/)[1];
    rules += `@font-face{font-family:"Inter Variable";font-weight:100 900;font-display:swap;` +
      `src:url(${file}) format("woff2");unicode-range:${range}}\n`;
  }
  return rules;
}

async function bundle(sheet) {
  const out = await build({ entryPoints: [sheet], bundle: true, minify: true, write: false, external: ["*.woff2"], logLevel: "error" });
  return out.outputFiles[0].text;
}

// styles puts our own sheet after what is used of Tabler: its rules whose names appear in a template, a script, a Go file or our
// sheet. Ours stay as they are written: the tool that drops rules does not know selectors such as ":focus-visible".
async function styles() {
  const ours = await bundle(path.join(ui, "docket.css"));
  const [tabler] = await new PurgeCSS().purge({
    css: [{ raw: await bundle(path.join(web, "node_modules/@tabler/core/dist/css/tabler.css")) }],
    content: [path.join(web, "templates/*.html"), path.join(ui, "**/*.ts"), path.join(web, "*.go"), { raw: ours, extension: "css" }],
    safelist: { deep: [/data-bs-theme/, /^badge-/, /^alert-/] },
    variables: true,
    keyframes: true,
  });
  const small = await build({
    stdin: { contents: (await fonts()) + tabler.css.replace(/@charset "UTF-8";/gi, "") + ours, loader: "css" }, bundle: false, minify: true, write: false,
  });
  await emit("docket.css", small.outputFiles[0].contents);
}

async function scripts() {
  for (const name of ["app", "theme"]) {
    const out = await build({
      entryPoints: [path.join(ui, name + ".ts")], bundle: true, minify: true, write: false, target: "es2022",
      format: "iife", legalComments: "none", logLevel: "error",
    });
    await emit(name + ".js", out.outputFiles[0].contents);
  }
  const viewer = await build({ // loaded by the pages that show documents
    entryPoints: [path.join(ui, "viewer/index.ts")], bundle: true, minify: true, write: false, target: "es2022",
    format: "esm", legalComments: "none", logLevel: "error",
  });
  await emit("viewer.js", viewer.outputFiles[0].contents);
}

// sprite puts the icons that are used into one SVG file, as symbols named by the icon.
async function sprite() {
  const names = JSON.parse(await readFile(path.join(ui, "icons.json"), "utf8"));
  let symbols = "";
  for (const name of names) {
    const svg = await readFile(path.join(web, "node_modules/@tabler/icons/icons/outline", name + ".svg"), "utf8");
    const inner = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").trim();
    symbols += `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  }
  await emit("icons.svg", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>`));
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([styles(), scripts(), sprite()]);
await writeFile(path.join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
for (const f of (await readdir(dist)).filter((f) => f.endsWith(".br") || f.endsWith(".woff2"))) {
  console.log(f, (await readFile(path.join(dist, f))).length);
}
