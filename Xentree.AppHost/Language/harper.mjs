// The thread on which Harper works.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const module = name => import(pathToFileURL(join(workerData.packages, 'harper.js', 'dist', `${name}.js`)));
const [{ LocalLinter, Dialect }, { slimBinary }] = await Promise.all([module('index'), module('slimBinary')]);
const dialects = { american: Dialect.American, british: Dialect.British };
const linter = new LocalLinter({ binary: slimBinary, dialect: Dialect.American });
let spoken = 'american';

// The first text takes a second longer than the others: nobody should have to wait for it.
await linter.lint('The first sentence is always the slowest.', { language: 'plaintext' });
parentPort.postMessage('ready');

// One after the other: the dialect is the linter's.
let last = Promise.resolve();
parentPort.on('message', job => {
  last = last.then(() => work(job));
});

async function work({ id, text, dialect }) {
  if (dialect !== spoken) await linter.setDialect(dialects[dialect]);
  spoken = dialect;
  const lints = (await linter.lint(text, { language: 'plaintext' })).map(lint => {
    const { start, end } = lint.span();
    const found = {
      offset: start,
      length: end - start,
      message: lint.message(),
      replacements: lint.suggestions().slice(0, 5).map(suggestion => replacementOf(suggestion, lint)),
      category: lint.lint_kind(),
    };
    lint.free();
    return found;
  });
  parentPort.postMessage({ id, lints });
}

// What stands there afterwards, whichever way Harper wants to change it.
function replacementOf(suggestion, lint) {
  switch (suggestion.kind()) {
    case 1: return ''; // remove
    case 2: return lint.get_problem_text() + suggestion.get_replacement_text(); // insert after
    default: return suggestion.get_replacement_text();
  }
}
