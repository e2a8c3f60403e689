// tests/bench/lib/push_sink.mjs: an endpoint that takes every push, over HTTP/2 or HTTP/1.1 and TLS, in a process of its
// own. Arguments: port, path of certificate and key without their endings.
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';

const [port, tls] = process.argv.slice(2);
const server = createSecureServer({ cert: readFileSync(`${tls}.pem`), key: readFileSync(`${tls}.key`), allowHTTP1: true }, (req, res) => {
    req.resume();
    req.on('end', () => res.writeHead(201, { location: '/push/m/1' }).end());
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
