// A program that knows nothing of any launcher: it serves HTTP on PORT and misbehaves as its arguments say.
const http = require('http');
const fs = require('fs');
const { spawn } = require('child_process');

const flags = process.argv.slice(2);
const has = (flag) => flags.includes(flag);
const value = (name) => (flags.find((flag) => flag.startsWith(name + '=')) || '').slice(name.length + 1);

// What a killed launcher no longer reads does not end this program: only what a test does to it may.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

if (has('crash')) {
  console.error('no database at db:5432');
  process.exit(3);
}
if (has('grandchild')) {
  // A worker in its own session, as daemons have it, that would live on for long.
  spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref();
}
if (has('ignore-term')) process.on('SIGTERM', () => console.log('not now'));
// Ignores it too; leaves a file once it does so, and one when it comes.
if (value('tells')) {
  process.on('SIGTERM', () => fs.writeFileSync(value('tells') + '/term-' + process.pid, ''));
  fs.writeFileSync(value('tells') + '/begun-' + process.pid, '');
}
if (has('chatter')) {
  const line = 'x'.repeat(200);
  setInterval(() => { for (let i = 0; i < 2000; i++) console.log(line); }, 1);
}
if (value('crash-after')) setTimeout(() => process.exit(4), Number(value('crash-after')));

const server = http.createServer((request, response) => {
  if (request.url === '/crash') process.exit(5);
  if (request.url === '/hang') for (;;) { /* for good */ }
  // Once the response is sent: who uses too much may be stopped at once.
  if (request.url === '/memory') response.on('close', () => { global.hoard = Buffer.alloc(256 * 1024 * 1024, 1); });
  response.end(JSON.stringify({ pid: process.pid, env: process.env, args: flags }));
});
const listen = () => server.listen(Number(value('port') || process.env.PORT), '127.0.0.1', () => console.log('listening'));
const listenOnceThereIs = (file) => (fs.existsSync(file) ? listen() : setTimeout(listenOnceThereIs, 20, file));
if (value('late')) setTimeout(listen, Number(value('late')));
else if (value('needs')) listenOnceThereIs(value('needs'));
else listen();
