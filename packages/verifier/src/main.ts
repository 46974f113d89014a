/**
 * The one script of the page, which runs twice: in the page it draws; in a worker that the page makes from this very text it reads,
 * verifies and signs, so that long work never stops the page. A passphrase and the secret it opens live in such a worker alone, and
 * end with it.
 */
import { startPage } from './page/start.ts';
import { serve } from './work/serve.ts';

if (typeof document === 'undefined') serve();
else startPage(document.currentScript?.textContent ?? '');
