/** Names out of documents, as messages show them. */

/** A message is one line for a person: more of a name than this doesn't help anyone. */
const LONGEST = 80;

/** A name in double quotes, escaped as in JSON and cut after 80 characters: whoever wrote the document chose its length. */
export function quoted(name: string): string {
  return name.length > LONGEST ? `${JSON.stringify(name.slice(0, LONGEST))}…` : JSON.stringify(name);
}
