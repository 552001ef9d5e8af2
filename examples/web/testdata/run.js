// Runs the converter under node, with as much of a browser as it needs: node run.js
// wasm_exec.js converter.wasm FILE FORMAT. Prints the messages that it posts as JSON, one a
// line. A blob is in it as text.
"use strict";

const fs = require("fs");
const [execJS, wasm, path, format] = process.argv.slice(2);

class Blob {
  constructor(parts) { this.bytes = Buffer.concat(parts.map(part => part.bytes ?? part)); }
  get size() { return this.bytes.length; }
  slice(begin, end) { return new Blob([this.bytes.subarray(begin, end)]); }
  toJSON() { return this.bytes.toString(); }
}
globalThis.Blob = Blob;
globalThis.FileReaderSync = class {
  readAsArrayBuffer(blob) {
    if (path.endsWith("unreadable.csv")) throw new Error("the disk is gone");
    return new Uint8Array(blob.bytes).buffer;
  }
};
globalThis.postMessage = message => fs.writeSync(1, JSON.stringify(message) + "\n");
require(execJS);

const go = new Go();
WebAssembly.instantiate(fs.readFileSync(wasm), go.importObject).then(({ instance }) => {
  go.run(instance);
  const file = Object.assign(new Blob([fs.readFileSync(path)]), { name: "contacts.csv" });
  const task = { file, format, suggested: false, bots: true, noBlocked: false, mood: true, groupMembers: false };
  postMessage({ formats: converter.formats });
  converter.preview(task);
  converter.convert(task);
  process.exit(0);
});
