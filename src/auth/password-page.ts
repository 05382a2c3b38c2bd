import { CARD_STYLE, policyOf, toPage } from '../page/page.js';

const STYLE = `${CARD_STYLE}label { display: block; font-weight: 600; }
#hint { margin: 0 0 .5rem; color: var(--soft); font-size: .875rem; }
#password { width: 100%; padding: .625rem .75rem; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: .5rem; font: inherit; }
#password[aria-invalid="true"] { border-color: var(--bad); }
.show { display: flex; align-items: center; gap: .5rem; margin: .75rem 0 1.25rem; font-weight: 400; }
.show input { width: 1.25rem; height: 1.25rem; margin: 0; }
button { width: 100%; min-height: 2.75rem; padding: .625rem 1rem; color: #fff; background: #1d4ed8; border: 0; border-radius: .5rem; font: inherit; font-weight: 600; cursor: pointer; }
button:hover { background: #1e40af; }
button:disabled { background: #6b7280; cursor: progress; }
#said { margin: 1rem 0 0; overflow-wrap: anywhere; }
#said:empty { display: none; }
#said:focus { outline: none; }
#said.bad { color: var(--bad); }
a { color: inherit; }
[hidden] { display: none; }
`;

/** The link's token stays in the fragment of the address: it is sent in the body of one request and nowhere else. */
const SCRIPT = `
const form = document.querySelector('form');
const field = document.querySelector('#password');
const shown = document.querySelector('#shown');
const button = document.querySelector('button');
const said = document.querySelector('#said');
const onward = document.querySelector('#onward');
const token = () => new URLSearchParams(location.hash.slice(1)).get('token');

const OVER = 'Ask for another one: of an admin if you were invited, else where you sign in.';
const TEXTS = {
  'link.expired': 'This link was used already or is too old. ' + OVER,
  'link.not_found': 'This link is not complete or was never ours. Open it once more from the mail, or copy all of it.',
  'validation.failed': 'A password has 8 to 128 characters.',
  'rate.limited': 'That was tried too often. Wait a minute, then try again.',
};
const LOST = 'That did not work. Your link is still good: try again in a moment.';

const complain = (text) => {
  said.className = 'bad';
  // The same once more is announced as well if it was gone in between.
  said.textContent = '';
  requestAnimationFrame(() => { said.textContent = text; });
  field.setAttribute('aria-invalid', 'true');
  field.focus();
};
/** Nothing is left to do but to read this: where the focus goes is read aloud. */
const close = (text, isBad) => {
  form.hidden = true;
  said.className = isBad ? 'bad' : '';
  said.textContent = text;
  said.focus();
};

const begin = () => {
  if (!token()) {
    close(TEXTS['link.not_found'], true);
    return;
  }
  form.hidden = false;
  onward.hidden = true;
  said.textContent = '';
  field.setAttribute('aria-invalid', 'false');
  field.focus();
};

const submit = async () => {
  const response = await fetch('/api/auth/password/reset', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: token(), password: field.value }),
  });
  const answer = await response.json();
  if (response.ok) {
    history.replaceState(null, '', location.pathname);
    field.value = '';
    close('Your password is set. You can sign in with it now.', false);
    // Customers sign in where they chat.
    onward.hidden = answer.user.role !== 'agent' && answer.user.role !== 'admin';
  } else if (answer.code === 'link.expired' || answer.code === 'link.not_found') {
    close(TEXTS[answer.code], true);
  } else {
    complain(answer.code === 'auth.password_weak' ? answer.detail + '.' : (TEXTS[answer.code] ?? LOST));
  }
};

shown.addEventListener('change', () => { field.type = shown.checked ? 'text' : 'password'; });
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  submit()
    .catch(() => complain(LOST))
    .finally(() => { button.disabled = false; });
});
// Another link that is opened in the same tab loads nothing anew.
addEventListener('hashchange', () => { if (token()) begin(); });
begin();
`;

/** These two texts and calls of this server; nothing else runs or loads. */
export const PASSWORD_PAGE_POLICY = policyOf({ style: STYLE, script: SCRIPT });

/** Where mailed links lead: a form that sets a password. It is the same for everybody, and the server learns no token by showing it. */
export const PASSWORD_PAGE = toPage({
  title: 'Choose your password',
  style: STYLE,
  script: SCRIPT,
  body: `<main>
<h1>Choose your password</h1>
<form hidden>
<label for="password">New password</label>
<p id="hint">At least 8 characters. A few words in a row are good.</p>
<input id="password" type="password" autocomplete="new-password" required aria-describedby="hint said">
<label class="show"><input id="shown" type="checkbox"> Show it</label>
<button>Set password</button>
</form>
<p id="said" role="status" tabindex="-1"></p>
<p id="onward" hidden><a href="/console">Sign in to the console</a></p>
<noscript><p>This page needs JavaScript to be on.</p></noscript>
</main>`,
});
