// Calls functions of a client as the lines of the standard input say, and prints a line with
// what each one returned or how it failed.
"use strict";
const readline = require("readline");

exports.drive = async (functions) => {
	const write = process.stdout.write.bind(process.stdout);
	console.log = console.error; // clients print too
	for await (const line of readline.createInterface({ input: process.stdin })) {
		const call = JSON.parse(line);
		let response;
		try {
			response = { result: (await functions[call.function](call, ...call.args)) ?? null };
		} catch (error) {
			let cause = error; // the last one says what is wrong, the first may have the whole body
			while (cause.cause) cause = cause.cause;
			response = { error: `${cause.name}: ${cause.message}`.slice(0, 300) };
		}
		write(JSON.stringify(response) + "\n");
	}
	process.exit(0); // clients keep connections open
};
