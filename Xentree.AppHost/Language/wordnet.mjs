// WordNet's files as they are: the indexes (6 MB) in memory, found by binary search; the senses (22 MB) read from disk where an index points.
import { openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

const partsOfSpeech = ['noun', 'verb', 'adj', 'adv'];
const names = { noun: 'noun', verb: 'verb', adj: 'adjective', adv: 'adverb' };
const maxSenses = 20;
const shortestKnown = 4;

// WordNet's own rules of detachment; a rule may yield what is no word, which the index then does not know.
const endings = {
  noun: [['ses', 's'], ['xes', 'x'], ['zes', 'z'], ['ches', 'ch'], ['shes', 'sh'], ['men', 'man'], ['ies', 'y'], ['ves', 'f'], ['ves', 'fe'], ['s', '']],
  verb: [['ies', 'y'], ['ied', 'y'], ['es', 'e'], ['es', ''], ['ed', 'e'], ['ed', ''], ['ing', 'e'], ['ing', ''], ['s', '']],
  adj: [['ier', 'y'], ['iest', 'y'], ['er', ''], ['est', ''], ['er', 'e'], ['est', 'e']],
  adv: [],
};
const irregular = { children: 'child', feet: 'foot', teeth: 'tooth', geese: 'goose', mice: 'mouse', oxen: 'ox', better: 'good', best: 'good', worse: 'bad', worst: 'bad' };

export class WordNet {
  #files;

  constructor(folder) {
    this.#files = partsOfSpeech.map(part => ({ part, index: readFileSync(join(folder, `index.${part}`)), data: openSync(join(folder, `data.${part}`)) }));
  }

  // Whether it is a word that a spelling checker may not know. Two or three letters are the name of everything.
  knows(word) {
    const lemma = lemmaOf(word).replace(/'s?$/, '');
    return lemma.length >= shortestKnown && this.#files.some(file => find(file, lemma) !== null);
  }

  // The senses, the most usual part of speech and the most usual sense first.
  define(word) {
    const lemma = lemmaOf(word);
    return this.#files
      .map(file => ({ file, entry: find(file, lemma) }))
      .filter(({ entry }) => entry !== null)
      .sort((a, b) => b.entry.tagged - a.entry.tagged)
      .flatMap(({ file, entry }) => entry.offsets.map(offset => senseAt(file, offset, entry.lemma)))
      .slice(0, maxSenses);
  }
}

function lemmaOf(word) {
  return word.trim().toLowerCase().replaceAll('’', "'").replace(/\s+/g, '_');
}

function find({ part, index }, word) {
  for (const lemma of basesOf(word, part)) {
    const line = lineOf(index, lemma);
    if (line === null) continue;
    // lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…
    const fields = line.trim().split(' ');
    const count = Number(fields[2]);
    return { lemma, tagged: Number(fields.at(-count - 1)), offsets: fields.slice(-count).map(Number) };
  }
  return null;
}

function* basesOf(word, part) {
  yield word;
  if (Object.hasOwn(irregular, word)) yield irregular[word];
  for (const [ending, base] of endings[part]) {
    if (!word.endsWith(ending) || word.length <= ending.length + 1) continue;
    const stem = word.slice(0, -ending.length) + base;
    yield stem;
    // stopped, bigger, travelling
    if (base === '' && stem.length > 3 && stem.at(-1) === stem.at(-2)) yield stem.slice(0, -1);
  }
}

// The index is sorted by the bytes of its lemmas; its licence comes first, in lines that begin with a space.
function lineOf(index, lemma) {
  const key = Buffer.from(lemma + ' ');
  let low = 0;
  let high = index.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = index.lastIndexOf(0x0a, middle - 1) + 1;
    const end = endOfLine(index, start);
    const order = index.compare(key, 0, key.length, start, Math.min(start + key.length, end));
    if (order === 0) return index.toString('utf8', start, end);
    if (order < 0) low = end + 1;
    else high = start;
  }
  return null;
}

function endOfLine(buffer, start) {
  const end = buffer.indexOf(0x0a, start);
  return end < 0 ? buffer.length : end;
}

function senseAt({ part, data }, offset, lemma) {
  // offset lex_filenum ss_type w_cnt word lex_id [word lex_id…] p_cnt [ptr…] [frames] | gloss
  const [fields, gloss] = readLine(data, offset).split(' | ');
  const words = fields.split(' ');
  const synonyms = [];
  for (let i = 0; i < parseInt(words[3], 16); i++) synonyms.push(words[4 + 2 * i].replace(/\((?:a|p|ip)\)$/, '').replaceAll('_', ' '));
  const parts = (gloss ?? '').trim().split(/;\s+(?=")/);
  return {
    lemma: lemma.replaceAll('_', ' '),
    part_of_speech: names[part],
    gloss: parts[0].replace(/;$/, ''),
    examples: parts.slice(1).map(example => example.replace(/^"|"[;.]?$/g, '')),
    synonyms: synonyms.filter(synonym => synonym.toLowerCase() !== lemma.replaceAll('_', ' ')),
  };
}

function readLine(file, offset) {
  const block = Buffer.alloc(4096);
  let line = '';
  for (let position = offset; ; position += block.length) {
    const read = readSync(file, block, 0, block.length, position);
    const end = block.subarray(0, read).indexOf(0x0a);
    line += block.toString('latin1', 0, end < 0 ? read : end);
    if (end >= 0 || read < block.length) return line;
  }
}
