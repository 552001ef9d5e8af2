// Loaded before a client: connects every HTTPS request, to whichever host, to the proxy of
// the Go test. The rest of TLS stays: the proxy must have a certificate for the host, by the
// authority in NODE_EXTRA_CA_CERTS.
"use strict";
const https = require("https");
const tls = require("tls");

https.Agent.prototype.createConnection = function (port, host, options) {
	const given = [port, host, options].find((value) => value !== null && typeof value === "object");
	const name = given.servername || given.hostname || given.host;
	return tls.connect({ host: "127.0.0.1", port: Number(process.env.PROXY_PORT), servername: name, ALPNProtocols: ["http/1.1"] });
};
