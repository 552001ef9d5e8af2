// The page, and the code of the worker that reads and converts files with converter.wasm.
"use strict";

const $ = id => document.getElementById(id);
const show = (id, visible) => { $(id).hidden = !visible; };
const number = n => n.toLocaleString("en");
const people = n => n === 1 ? "1 person" : `${number(n)} people`;

// converterWorker runs in a worker. A message with a module starts the converter in it; any
// other names the work to do. It posts "formats" when it is ready, and then what Go posts.
function converterWorker() {
  let ready;
  const start = async module => {
    const go = new Go();
    go.exit = () => postMessage({ error: "the converter has stopped, perhaps for lack of memory; try it with another browser" });
    try {
      go.run(await WebAssembly.instantiate(module, go.importObject));
      postMessage({ formats: converter.formats });
    } catch (error) {
      postMessage({ error: error.message });
    }
  };
  onmessage = async ({ data }) => {
    if (data.module) {
      ready = start(data.module);
      return;
    }
    await ready;
    try {
      converter[data.work](data);
    } catch (error) { // of WebAssembly, which Go cannot report
      postMessage({ error: `the converter has stopped: ${error.message}` });
    }
  };
}

// The code of a worker and the module are loaded once. The code is a blob, so that a worker
// starts also without the network and has the Content-Security-Policy of this page.
const code = load("wasm_exec.js").then(response => response.text()).then(text =>
  URL.createObjectURL(new Blob([text, `(${converterWorker})();`], { type: "text/javascript" })));
const module = load("converter.wasm").then(async response =>
  response.headers.get("Content-Type") === "application/wasm"
    ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));

async function load(name) {
  if (location.protocol === "file:") throw new Error("this page has to come from a web server, and not from a file");
  const response = await fetch(name);
  if (!response.ok) throw new Error(`${name}: the server responds ${response.status}`);
  return response;
}

// A worker does one piece of work. After that it is ended, which frees its memory, and the
// next one is there already.
let next = prepare();
let current = null;

async function prepare() {
  const worker = new Worker(await code);
  worker.postMessage({ module: await module });
  worker.formats = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => data.formats ? resolve(data.formats) : reject(new Error(data.error));
    worker.onerror = event => reject(new Error(event.message));
  });
  return worker;
}

// stop ends the work, if there is any.
function stop() {
  if (!current) return;
  current.worker?.terminate();
  current = null;
  next = prepare();
  next.catch(() => {}); // the next work reports it
  show("working", false);
}

// tell says what is being done, and while nothing is, what was done.
function tell(text, idle) {
  $("status").textContent = text;
  $("activity").classList.toggle("idle", idle);
}

// focusOn moves the focus to where the work has led, unless the user is somewhere else.
function focusOn(id) {
  if ([document.body, $("cancel")].includes(document.activeElement)) $(id).focus();
}

// run does the work of task, and calls the function of on that is named as what the worker
// posts. An error ends the work, and so does each of ends.
async function run(task, text, ends, on) {
  stop();
  const mine = current = { work: task.work };
  show("error", false);
  show("working", true);
  tell(text, false);
  $("progress").value = 0;
  $("amount").textContent = "";
  $("cancel").focus();
  try {
    mine.worker = await next;
    await mine.worker.formats;
  } catch (error) {
    if (mine === current) fail(`the converter cannot be loaded: ${error.message}`);
    return;
  }
  if (mine !== current) {
    mine.worker.terminate();
    return;
  }
  mine.worker.onmessage = ({ data }) => {
    if (mine !== current) return;
    for (const [name, value] of Object.entries(data)) {
      if (name === ends || name === "error") stop();
      if (name === "read") progress(value, task.file.size);
      else if (name === "error") fail(value, data.report);
      else on[name]?.(value, data);
    }
  };
  mine.worker.onerror = event => {
    if (mine === current) fail(`the converter has stopped: ${event.message}`);
  };
  mine.worker.postMessage(task);
}

// progress shows how much of a file is read. Of an archive parts are read again.
function progress(read, size) {
  $("progress").value = Math.max($("progress").value, read / size);
  const megabytes = bytes => (bytes / 1e6).toFixed(1);
  $("amount").textContent = `${megabytes(read)} of ${megabytes(size)} MB` + (overview ? "" : `, ${people(list.length)}`);
}

// fail shows an error, and the lines that explain it.
function fail(text, report = []) {
  stop();
  show("working", false);
  tell("", true);
  if (!overview) show("preview", false);
  $("error-text").textContent = text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
  $("error-report").textContent = report.join("\n");
  show("error-report", report.length > 0);
  show("error", true);
  $("error").focus();
}

// --- The file and the people in it

let file = null;
let list = [];     // the people that the table may show: {letters, first, cells, search, digits}
let chosen = [];   // those of list that will be in the new file
let overview = null;
const pageLength = 200; // rows
let shown = pageLength;

function open(newFile) {
  file = newFile;
  list = [];
  overview = null;
  shown = pageLength;
  $("search").value = "";
  for (const id of ["preview", "convert-section"]) show(id, false);
  clearResult();
  run({ work: "preview", file, groupMembers: $("group-members").checked }, `Reading ${file.name}…`, "overview", {
    rows(batch) {
      addPeople(batch);
      if ($("preview").hidden) showPreview();
    },
    overview(value) {
      overview = value;
      showPreview();
      showOverview();
      tell(`${people(overview.people)} in ${file.name}.`, true);
      focusOn("preview-title");
    },
  });
}

// plain returns text as it is compared with a search, without case and accents. It does what
// export/page.js does, as does the search.
const plainLetters = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ŧ: "t", ı: "i" }; // that have no accent to take off
const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßæœøłđðþħŧı]/g, letter => plainLetters[letter]);
const digitsOf = text => text.replace(/\D/g, "");

const countries = new Intl.DisplayNames("en", { type: "region", fallback: "code" });
const country = text => /^[A-Z]{2}$/.test(text) ? countries.of(text) : text;

function addPeople(batch) {
  for (const line of batch.split("\n")) {
    const [letters, first, name, id, numbers, city, code, remarks] = line.split("\t");
    const place = [city, country(code)].filter(Boolean).join(", ");
    const cells = [name, id, numbers.replaceAll(", ", "\n"), place, remarks];
    list.push({ letters, first: Number(first), cells, search: plain(cells.join("\n")), digits: numbers.split(", ").map(digitsOf).join(" ") });
  }
}

// choosePeople finds out who will be written, as package export does: a person is left out
// by an option, or because the same person is written already.
function choosePeople() {
  const excluded = ($("suggested").checked ? "" : "s") + ($("bots").checked ? "" : "b") + ($("no-blocked").checked ? "n" : "");
  const written = new Set();
  chosen = list.filter(({ letters, first }) => {
    if ([...letters].some(letter => excluded.includes(letter)) || written.has(first)) return false;
    written.add(first);
    return true;
  });
}

// showPreview shows the table of those who were chosen and match the search.
function showPreview() {
  choosePeople();
  showTable();
  $("preview-name").textContent = `in ${file.name}`;
  show("preview", true);
}

function showTable() {
  const text = $("search").value.trim();
  const words = plain(text).split(/\s+/);
  // A number is found however it is written, also as it is dialed within the country.
  const dialed = /^[\d\s+()./-]{3,}$/.test(text) ? digitsOf(text).replace(/^0+/, "") : "";
  const matching = text === "" ? chosen : chosen.filter(({ search, digits }) =>
    words.every(word => search.includes(word)) || (dialed !== "" && digits.includes(dialed)));
  $("rows").replaceChildren(...matching.slice(0, shown).map(({ cells }) => row(cells)));
  const others = matching.length - shown;
  show("more", others > 0);
  $("more").textContent = `Show ${number(Math.min(others, pageLength))} more of ${number(others)}`;
  const rest = overview && overview.people > overview.shown ? ` Only the first ${number(overview.shown)} of ${number(overview.people)} can be shown; all are converted.` : "";
  $("matches").textContent = (text === "" ? `${people(chosen.length)} for the new file.` : `${number(matching.length)} of ${people(chosen.length)}.`) + rest;
}

function row(cells) {
  const tr = element("tr", "");
  tr.setAttribute("role", "row");
  for (const cell of cells) {
    const td = element("td", cell);
    td.setAttribute("role", "cell");
    td.dir = "auto";
    tr.append(td);
  }
  return tr;
}

function showOverview() {
  const counts = [["people", overview.people], ["with a number", overview.withNumber]];
  if (overview.unreadableCount) counts.push(["not readable", overview.unreadableCount]);
  $("counts").replaceChildren(...counts.map(([term, value]) => {
    const div = element("div", "");
    div.append(element("dt", term), element("dd", number(value)));
    return div;
  }));
  $("notices").replaceChildren(...[overview.from, ...overview.notices].filter(Boolean).map(text => element("li", text[0].toUpperCase() + text.slice(1) + ".")));
  const problems = overview.unreadableCount + overview.damagedCount;
  show("problems", problems > 0);
  $("problems-title").textContent = problems === 1 ? "1 entry could not be read, or not in full" : `${number(problems)} entries could not be read, or not in full`;
  const texts = [...overview.unreadable, ...overview.damaged.map(text => `${text} (the rest of the entry is there)`)];
  if (problems > texts.length) texts.push(`and ${number(problems - texts.length)} more`);
  $("problem-list").replaceChildren(...texts.map(text => element("li", text)));
  for (const id of ["suggested", "bots", "blocked"]) $(`${id}-count`).textContent = `(${number(overview[id])})`;
  show("group-members-label", overview.kind === "messages.json");
  show("convert-section", true);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

// --- The new file

function showFormats(formats) {
  $("formats").replaceChildren(...formats.map((format, i) => {
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "format", id: `format-${format.name}`, value: format.name, checked: i === 0 });
    const text = element("span", "");
    const use = element("span", format.use);
    use.className = "note";
    text.append(element("strong", format.text), use);
    const label = element("label", "");
    label.append(input, text);
    return label;
  }));
}

let addresses = []; // of the files to download

function clearResult() {
  addresses.forEach(address => URL.revokeObjectURL(address));
  addresses = [];
  show("result", false);
}

// takeBack takes away what was made with other options, also if that is still being made.
function takeBack() {
  clearResult();
  if (current?.work === "preview") return; // which does not depend on them
  stop();
  tell("", true);
}

function convert() {
  clearResult();
  const format = document.querySelector("[name=format]:checked");
  run({
    work: "convert", file, format: format.value, groupMembers: $("group-members").checked,
    suggested: $("suggested").checked, bots: $("bots").checked, noBlocked: $("no-blocked").checked, mood: $("mood").checked,
  }, "Converting…", "files", {
    files(files, { report }) {
      $("downloads").replaceChildren(...files.map(({ name, blob }) => {
        const link = element("a", `Download ${name}`);
        addresses.push(URL.createObjectURL(blob));
        Object.assign(link, { href: addresses.at(-1), download: name, className: "button primary" });
        return link;
      }));
      show("several", files.length > 1);
      $("report").textContent = report.join("\n");
      $("use").textContent = format.closest("label").querySelector(".note").textContent;
      tell(files.length === 1 ? `${files[0].name} is ready.` : `${number(files.length)} files are ready.`, true);
      show("result", true);
      focusOn("result-title");
    },
  });
}

// --- What the user does

function choose(files) {
  if (files.length > 1) fail("there is one file to read; choose one at a time");
  else if (files.length === 1) open(files[0]);
}

$("file").addEventListener("change", () => choose($("file").files));
$("file").addEventListener("click", () => { $("file").value = ""; }); // the same file may be chosen again
$("try-sample").addEventListener("click", async () => {
  try {
    open(new File([await (await load("sample.csv")).blob()], "sample.csv"));
  } catch (error) {
    fail(`the sample cannot be loaded: ${error.message}`);
  }
});
$("cancel").addEventListener("click", () => {
  stop();
  tell("Cancelled.", true);
  if (!overview) show("preview", false);
  $(overview ? "convert" : "file").focus();
});
$("search").addEventListener("input", () => {
  shown = pageLength;
  showTable();
});
$("more").addEventListener("click", () => {
  shown += pageLength;
  showTable();
  if ($("more").hidden) $("table").focus();
});
for (const id of ["suggested", "bots", "no-blocked"]) {
  $(id).addEventListener("change", () => {
    takeBack();
    showPreview();
  });
}
$("group-members").addEventListener("change", () => open(file));
$("convert-section").addEventListener("change", takeBack);
$("convert").addEventListener("click", convert);
$("again").addEventListener("click", () => {
  for (const id of ["preview", "convert-section"]) show(id, false);
  clearResult();
  tell("", true);
  $("file").focus();
});

document.addEventListener("dragover", event => {
  event.preventDefault();
  $("drop").classList.add("over");
});
document.addEventListener("dragleave", event => {
  if (!event.relatedTarget) $("drop").classList.remove("over");
});
document.addEventListener("drop", event => {
  event.preventDefault();
  $("drop").classList.remove("over");
  choose(event.dataTransfer.files);
});

// The first worker also says which formats there are.
next.then(worker => worker.formats).then(formats => {
  showFormats(formats);
  if (!current) tell("", true);
}).catch(error => fail(`the converter cannot be loaded: ${error.message}`));
