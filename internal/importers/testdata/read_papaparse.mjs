// Reads a CSV file with Papa Parse, which many programs in browsers import CSV with.

import { readFileSync } from "node:fs";
import Papa from "papaparse";

const { data, errors } = Papa.parse(readFileSync(process.argv[2], "utf8"), { header: true, skipEmptyLines: true });
if (errors.length > 0) throw new Error(JSON.stringify(errors[0]));
for (const row of data) console.log(JSON.stringify(row));
