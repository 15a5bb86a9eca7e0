// Cuts a text where sentences end, into pieces that Harper reads in a moment each.
const longest = 1_000;
const shortest = 300;

export function* chunksOf(text) {
  for (let offset = 0; offset < text.length;) {
    const chunk = text.slice(offset, offset + lengthOfNext(text, offset));
    yield { offset, chunk };
    offset += chunk.length;
  }
}

function lengthOfNext(text, offset) {
  if (text.length - offset <= longest) return text.length - offset;
  const ahead = text.slice(offset, offset + longest);
  const sentence = lastEnd(ahead, /[.!?]["”’)]*\s+|\n+/g);
  if (sentence >= shortest) return sentence;
  const word = lastEnd(ahead, /\s+/g);
  if (word >= shortest) return word;

  // Never between the two halves of a character.
  const last = ahead.charCodeAt(longest - 1);
  return last >= 0xd800 && last < 0xdc00 ? longest - 1 : longest;
}

function lastEnd(text, pattern) {
  let end = 0;
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
  return end;
}
