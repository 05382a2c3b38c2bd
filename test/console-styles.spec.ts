import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CONSOLE = join(__dirname, '../web/console');
const STYLES = join(__dirname, '../node_modules/@mantine/core/styles');
/** What some components are made of. */
const PARTS: Record<string, string[]> = {
  ColorInput: ['ColorPicker', 'ColorSwatch', 'Popover'],
  MultiSelect: ['Combobox', 'Pill', 'PillsInput', 'Input'],
  NativeSelect: ['Input'],
  Select: ['Combobox', 'Input'],
  TagsInput: ['Combobox', 'Pill', 'PillsInput', 'Input'],
  Textarea: ['Input'],
  TextInput: ['Input'],
};

it('has the styles of each component of Mantine that the console uses', () => {
  const files = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));
  const used = files.flatMap((file) =>
    [...readFileSync(join(CONSOLE, file), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap(([, names = '']) =>
      names.split(',').map((name) => name.trim()),
    ),
  );
  const wanted = new Set(used.flatMap((name) => [name, ...(PARTS[name] ?? [])]).filter((name) => existsSync(join(STYLES, `${name}.css`))));
  const had = new Set([...readFileSync(join(CONSOLE, 'mantine.css'), 'utf8').matchAll(/styles\/([\w-]+)\.css/g)].map(([, name]) => name));
  expect(wanted.size).toBeGreaterThan(20);
  expect([...wanted].filter((name) => !had.has(name))).toEqual([]);
});
