import type { Boot, ToLoader, ToPanel } from './messages.js';

/**
 * Puts the button on a site. Until it is clicked it asks for the public profile of the business and for nothing else, and stores nothing.
 */
type Listener = (payload?: unknown) => void;
interface Options extends Boot {
  position?: 'right' | 'left';
  /** Of the button from the edges of the window, in pixels. */
  offset?: number;
  zIndex?: number;
}
type Api = ((command: string, ...args: never[]) => unknown) & { q?: IArguments[] };

const page = window as typeof window & { Parley?: Api };
const script = document.currentScript as HTMLScriptElement;
const server = new URL(script.src).origin;
const ENGLISH = ['Open the chat', 'unread'] as const;
const WORDS: Record<string, readonly [open: string, unread: string]> = {
  ar: ['فتح المحادثة', 'غير مقروءة'],
  de: ['Chat öffnen', 'ungelesen'],
  es: ['Abrir el chat', 'sin leer'],
  fr: ['Ouvrir le chat', 'non lus'],
};
const BUBBLE = 'M4 5h16v11H9l-5 4z';
const SVG = 'http://www.w3.org/2000/svg';
const CROSS = 'M6 6l12 12M18 6L6 18';
const STYLE = `:host{all:initial}
button{position:fixed;bottom:var(--o);width:60px;height:60px;border:0;border-radius:50%;cursor:pointer;box-shadow:0 4px 16px #0004;display:grid;place-items:center;z-index:var(--z)}
button:focus-visible{outline:3px solid #fff;outline-offset:-6px}
b{position:absolute;top:-4px;right:-4px;min-width:22px;padding:0 5px;border-radius:11px;background:#b3261e;color:#fff;font:600 13px/22px system-ui;text-align:center}
b:empty{display:none}
svg{width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
button[hidden]{display:none}
iframe{position:fixed;bottom:calc(var(--o) + 72px);width:min(400px,calc(100vw - 40px));height:min(640px,calc(100vh - 92px - var(--o)));border:0;border-radius:16px;box-shadow:0 8px 40px #0005;z-index:var(--z);background:Canvas;color-scheme:auto}
iframe[hidden]{display:none}
@media(max-width:480px){iframe{inset:0!important;width:100vw;height:100dvh;border-radius:0}.open{display:none}}`;

const listeners: Record<string, Set<Listener>> = {};
let options: Options | undefined;
let root: HTMLElement | undefined;
let button: HTMLButtonElement;
let badge: HTMLElement;
let frame: HTMLIFrameElement | undefined;
let isOpen = false;
let isReady = false;
let wantsOpen = false;
let isHidden = false;
/** Said to the panel once it is there. */
let suggestion: string | undefined;
/** The title of the page with what is unread in it, and without. */
let titles: [flashed: string, own: string] | undefined;

const emit = (name: string, payload?: unknown): void => {
  for (const listener of listeners[name] ?? []) listener(payload);
};
const say = (message: ToPanel): void => {
  if (isReady) frame?.contentWindow?.postMessage(message, server);
};
const flag = (): string => `parley:${options?.business}`;
const remember = (isKnown?: boolean): boolean => {
  try {
    if (isKnown === true) localStorage.setItem(flag(), '1');
    else if (isKnown === false) localStorage.removeItem(flag());
    return localStorage.getItem(flag()) !== null;
  } catch {
    return false;
  }
};

const label = (count: number): void => {
  const language = (options?.locale ?? navigator.language).slice(0, 2);
  const [open, unread] = WORDS[language] ?? ENGLISH;
  badge.textContent = count > 0 ? `${count > 99 ? '99+' : count}` : '';
  button.setAttribute('aria-label', count > 0 ? `${open}, ${count} ${unread}` : open);
};

/** Somebody who looks at another tab sees it in this one's title. */
const flash = (count: number): void => {
  if (titles?.[0] === document.title) document.title = titles[1];
  titles = undefined;
  if (count === 0 || document.visibilityState === 'visible') return;
  titles = [`(${count}) ${document.title}`, document.title];
  document.title = titles[0];
};
document.addEventListener('visibilitychange', () => flash(0));

const suggest = (text: string | undefined): void => {
  suggestion = text;
  if (text !== undefined && isReady) say({ parley: 'suggest', text });
};

const draw = (path: string): void => button.querySelector('path')?.setAttribute('d', path);

const load = (): void => {
  if (frame || !root || !options) return;
  frame = document.createElement('iframe');
  frame.title = 'Chat';
  frame.allow = 'clipboard-write';
  frame.hidden = true;
  frame.style[options.position ?? 'right'] = 'var(--o)';
  frame.src = `${server}/widget/${encodeURIComponent(options.business)}`;
  root.shadowRoot?.append(frame);
};

const show = (open: boolean): void => {
  // Asked for before there is a button: done when there is.
  wantsOpen = open;
  if (!root || open === isOpen) return;
  isOpen = open;
  if (open) {
    load();
    remember(true);
  }
  if (frame) frame.hidden = !open;
  button.className = open ? 'open' : '';
  button.setAttribute('aria-expanded', String(open));
  draw(open ? CROSS : BUBBLE);
  say({ parley: 'visible', isVisible: open });
  if (!open) button.focus();
  emit(open ? 'open' : 'close');
};

addEventListener('message', ({ data, origin, source }: MessageEvent<ToLoader>) => {
  if (origin !== server || source !== frame?.contentWindow || !options) return;
  if (data.parley === 'ready') {
    isReady = true;
    const { position: _, offset: __, zIndex: ___, ...boot } = options;
    const { title } = document;
    say({
      parley: 'boot',
      boot: { ...boot, context: { page: location.href, title, referrer: document.referrer, ...boot.context } },
      isVisible: isOpen,
    });
    suggest(suggestion);
    emit('ready');
  } else if (data.parley === 'close') show(false);
  else if (data.parley === 'unread') {
    label(data.count);
    flash(data.count);
    emit('unread', data.count);
  } else if (data.parley === 'message') emit('message');
  else remove();
});

const remove = (): void => {
  flash(0);
  root?.remove();
  root = frame = options = undefined;
  isOpen = isReady = wantsOpen = false;
  suggestion = undefined;
};

const hide = (hidden: boolean): void => {
  isHidden = hidden;
  if (root) button.hidden = hidden;
};

const luminance = (color: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => (Number.parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const boot = async (wanted: Options): Promise<void> => {
  if (root) remove();
  options = wanted;
  const answer = await fetch(`${server}/api/businesses/${encodeURIComponent(wanted.business)}`).catch(() => undefined);
  if (!answer?.ok) {
    // eslint-disable-next-line no-console -- whoever puts the widget on a page looks there
    console.warn(
      `Parley: no chat here (${answer?.status ?? 'the server is out of reach'}). This page's origin must be among the allowed origins of "${wanted.business}".`,
    );
    emit('error', answer?.status);
    return;
  }
  const { theme } = (await answer.json()) as { theme: { color: string | null } };
  if (options !== wanted) return;
  const color = wanted.color ?? theme.color ?? '#2f5fd0';
  root = document.createElement('div');
  root.style.cssText = `--o:${wanted.offset ?? 20}px;--z:${wanted.zIndex ?? 2147483000}`;
  const shadow = root.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  button = document.createElement('button');
  button.type = 'button';
  // No markup is parsed: a site may have forbidden that.
  const icon = document.createElementNS(SVG, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  icon.append(document.createElementNS(SVG, 'path'));
  badge = document.createElement('b');
  button.append(icon, badge);
  draw(BUBBLE);
  button.style.cssText = `background:${color};color:${luminance(color) > 0.18 ? '#000' : '#fff'};${wanted.position ?? 'right'}:var(--o)`;
  button.hidden = isHidden;
  button.setAttribute('aria-expanded', 'false');
  button.onclick = () => show(!isOpen);
  label(0);
  shadow.append(button);
  document.body.append(root);
  // Whoever has chatted here before hears of answers without a click.
  if (remember()) load();
  if (wantsOpen) show(true);
};

const COMMANDS: Record<string, (...args: never[]) => unknown> = {
  boot: (wanted: Options) => void boot(wanted),
  open: () => show(true),
  close: () => show(false),
  toggle: () => show(!isOpen),
  showLauncher: () => hide(false),
  hideLauncher: () => hide(true),
  newMessage: (text: string) => {
    suggest(text);
    show(true);
  },
  identify: ({ name, email, ...identity }: { name?: string; email?: string; externalId: string; signature: string }) => {
    const visitor = { name, email, identity };
    if (options) options = { ...options, ...visitor };
    say({ parley: 'know', visitor });
  },
  setAttributes: (attributes: Record<string, unknown>) => {
    if (options) options = { ...options, attributes: { ...options.attributes, ...attributes } };
    say({ parley: 'know', visitor: { attributes: { ...options?.attributes } } });
  },
  shutdown: () => {
    remember(false);
    if (isReady) say({ parley: 'shutdown' });
    else remove();
  },
  on: (name: string, listener: Listener) => void (listeners[name] ??= new Set()).add(listener),
  off: (name: string, listener: Listener) => void listeners[name]?.delete(listener),
};

const api: Api = (command, ...args) => COMMANDS[command]?.(...args);
const { q = [] } = page.Parley ?? {};
page.Parley = api;
const { business, locale, color, theme, position, offset, zIndex } = script.dataset;
if (business !== undefined) {
  const given = Object.fromEntries(
    Object.entries({ locale, color, theme, position, offset, zIndex }).filter(([, value]) => value !== undefined),
  );
  void boot({ business, ...given });
}
for (const [command, ...args] of q as unknown as [string, ...never[]][]) api(command, ...args);
