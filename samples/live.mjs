// Holds a live conversation with the tutor in writing, is charged to the second, and finds its transcript.
//
//   node samples/live.mjs                              three sentences with errors
//   node samples/live.mjs "He go to school." "Bye!"    sentences of your own
//   XENTREE_API=https://… node samples/live.mjs        another installation
//
// It needs Node 20 and nothing else. Node 22 and browsers have a WebSocket of their own; for Node 20 there is a small one below.
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

const api = process.env.XENTREE_API ?? 'http://localhost:5080';
const sentences = process.argv.length > 2 ? process.argv.slice(2) : ['Hello! I am agree that English is fun.', "She don't like apples.", 'I need some informations about London.'];

let token;
async function call(method, path, body) {
  const answer = await fetch(api + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    body: body && JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

const username = `sample-${Date.now()}-${randomBytes(3).toString('hex')}`;
const password = randomBytes(12).toString('base64url');
await call('POST', '/api/auth/register', { username, email: `${username}@example.org`, password });
const signedIn = await fetch(`${api}/api/auth/login`, { method: 'POST', body: new URLSearchParams({ username, password }) });
token = (await signedIn.json()).access_token;

const before = await call('GET', '/api/live/quota');
const session = await call('POST', '/api/live/session/start', { session_type: 'text' });
const socket = await connect(session.socket_url, ['xentree.live', session.socket_token]);
// A sign of life as often as the server wants one; a turn is one too.
const heartbeat = setInterval(() => socket.send({ type: 'ping' }), session.heartbeat_interval_seconds * 1000);

for (const [index, text] of sentences.entries()) {
  console.log(`\nYou:   ${text}`);
  socket.send({ type: 'turn', id: `turn-${index}`, text });
  let speaks = false;
  for await (const frame of socket) {
    if (frame.type === 'turn') for (const c of frame.corrections) console.log(`       “${text.substr(c.offset, c.length)}” → “${c.replacements[0]}”: ${c.message}`);
    if (frame.type === 'delta') process.stdout.write(speaks ? frame.content : `Tutor: ${frame.content}`), (speaks = true);
    if (frame.type === 'error') throw new Error(frame.message);
    if (frame.type === 'closing') throw new Error(`The session is over: ${frame.reason}`);
    if (frame.type === 'reply') break;
  }
  console.log();
  // A moment to read it, as a learner takes: it is charged too.
  await new Promise((resolve) => setTimeout(resolve, 700));
}

clearInterval(heartbeat);
const ended = await call('POST', '/api/live/session/end', { session_id: session.session_id });
for await (const frame of socket) if (frame.type === 'closing') console.log(`\nThe server closes the socket: ${frame.reason}.`);

const after = await call('GET', '/api/live/quota');
const seconds = Math.floor((Date.parse(ended.ended_at) - Date.parse(ended.started_at)) / 1000);
console.log(`Charged ${ended.duration_seconds} s of ${after.quota_seconds} s; ${after.remaining_seconds} s are left.`);
check(seconds >= 1, 'nothing is charged');
check(ended.duration_seconds === seconds, `the charge is ${ended.duration_seconds} s and should be ${seconds} s`);
check(after.used_seconds - before.used_seconds === seconds, `the quota went down by ${after.used_seconds - before.used_seconds} s`);

const [listed] = await call('GET', '/api/live/transcripts');
const { transcripts } = await call('GET', `/api/live/transcripts/${listed.id}`);
check(listed.session_id === session.session_id, 'the newest transcript is not the one of this session');
check(transcripts.filter((turn) => turn.role === 'user').map((turn) => turn.text).join('|') === sentences.join('|'), 'the transcript does not say what was said');
const found = await call('GET', `/api/core/search?type=transcript&q=${encodeURIComponent(sentences.at(-1).split(' ').at(-1))}`);
check(found.some((hit) => hit.id === listed.id), 'search does not find the transcript');
console.log(`Search finds it. The transcript has ${transcripts.length} turns: GET /api/live/transcripts/${listed.id}`);

function check(isRight, problem) {
  if (!isRight) throw new Error(problem);
}

// A WebSocket client (RFC 6455) that sends and receives JSON: as little as a conversation needs.
function connect(url, protocols) {
  const target = new URL(url.replace(/^ws/, 'http'));
  const request = (target.protocol === 'https:' ? https : http).request(target, {
    headers: {
      Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'), 'Sec-WebSocket-Protocol': protocols.join(', '),
    },
  });
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (answer) => reject(new Error(`The socket was refused: ${answer.statusCode}`)));
    request.on('upgrade', (_, stream, head) => resolve(talk(stream, head)));
    request.end();
  });
}

function talk(stream, head) {
  const [text, close, ping, pong] = [1, 8, 9, 10];
  const frames = [];
  let [received, message, wake, isOpen] = [head, Buffer.alloc(0), () => {}, true];
  const write = (opcode, payload) => {
    const mask = randomBytes(4);
    const size = payload.length < 126 ? Buffer.from([0x80 | payload.length]) : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 255]);
    stream.write(Buffer.concat([Buffer.from([0x80 | opcode]), size, mask, payload.map((byte, i) => byte ^ mask[i % 4])]));
  };
  const read = () => {
    while (received.length >= 2) {
      const [isLast, opcode, short] = [received[0] & 0x80, received[0] & 15, received[1] & 127];
      const start = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (received.length < start) return;
      const length = short === 127 ? Number(received.readBigUInt64BE(2)) : short === 126 ? received.readUInt16BE(2) : short;
      if (received.length < start + length) return;
      const payload = received.subarray(start, start + length);
      received = received.subarray(start + length);
      if (opcode === ping) write(pong, payload);
      else if (opcode === close) write(close, payload), stream.end();
      else if (opcode <= text) {
        message = Buffer.concat([message, payload]);
        if (isLast) frames.push(JSON.parse(message)), (message = Buffer.alloc(0)), wake();
      }
    }
  };
  stream.on('data', (data) => ((received = Buffer.concat([received, data])), read()));
  stream.on('close', () => ((isOpen = false), wake()));
  stream.on('error', () => {});
  read();
  return {
    send: (frame) => write(text, Buffer.from(JSON.stringify(frame))),
    async *[Symbol.asyncIterator]() {
      while (isOpen || frames.length) {
        if (frames.length) yield frames.shift();
        else await new Promise((resolve) => (wake = resolve));
      }
    },
  };
}
