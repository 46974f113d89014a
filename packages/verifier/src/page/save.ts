/** Files that the person saves: they exist in the page alone until then. */
import type { MadeFile } from '../work/task.ts';
import { element } from './element.ts';

const addresses = new Map<MadeFile, string>();

/** A link that saves a file; `saved` is called when it is followed. */
export function saveLink(
  file: MadeFile,
  text: string,
  { type = 'application/json', primary = false, saved = () => undefined }: SaveOptions = {},
): HTMLAnchorElement {
  const href = addresses.get(file) ?? URL.createObjectURL(new Blob([file.text], { type }));
  addresses.set(file, href);
  const link = element('a', { href, download: file.name, class: primary ? 'button primary' : 'button' }, text);
  link.addEventListener('click', () => saved());
  return link;
}

/** How a file is saved. */
export interface SaveOptions {
  /** The media type. */
  readonly type?: string;
  /** Whether this is what comes next. */
  readonly primary?: boolean;
  readonly saved?: () => void;
}
