import sharp, { type Sharp } from 'sharp';
import type { Attachment } from '../../src/contract/message.js';
import type { Person } from './factories.js';
import type { Answer } from './rest.js';

/** A file as a browser's form would send it. */
export interface Sample {
  name: string;
  type?: string;
  bytes: Buffer | string;
}

/** Sends one file; whatever comes back. */
export const tryUpload = async <Body = any>(
  url: string,
  { token }: Partial<Pick<Person, 'token'>>,
  roomId: string,
  { name, type = 'application/octet-stream', bytes }: Sample,
): Promise<Answer<Body>> => {
  const form = new FormData();
  form.append('roomId', roomId);
  form.append('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], { type }), name);
  const response = await fetch(`${url}/api/uploads`, {
    method: 'POST',
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    body: form,
  });
  return { status: response.status, body: (await response.json()) as Body, headers: response.headers };
};

/** Sends one file and expects it to be taken. */
export const upload = async (url: string, person: Pick<Person, 'token'>, roomId: string, sample: Sample = note()): Promise<Attachment> => {
  const { status, body } = await tryUpload<Attachment>(url, person, roomId, sample);
  if (status !== 201) throw new Error(`not taken: ${JSON.stringify(body)}`);
  return body;
};

export const note = (text = 'Dear shop, my parcel is late.'): Sample => ({ name: 'letter.txt', type: 'text/plain', bytes: text });

type Format = 'png' | 'jpeg' | 'webp' | 'gif';

/** A picture of two colours. */
export const picture = async (format: Format = 'png', width = 8, height = 6): Promise<Sample> => ({
  name: `parcel.${format}`,
  type: `image/${format}`,
  bytes: await sharp({ create: { width, height, channels: 3, background: '#c02040' } })
    .composite([{ input: { create: { width: 1, height: 1, channels: 3, background: '#1a2b3c' } }, left: 0, top: 0 }])
    .toFormat(format)
    .toBuffer(),
});

const crcOf = (bytes: Buffer): number => {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
};

/** An archive of files that are not compressed. */
export const zip = (files: Record<string, string>): Buffer => {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, bytes] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crcOf(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, bytes]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, path]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
};

const OFFICE = {
  docx: ['word/document.xml', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  docm: ['word/document.xml', 'application/vnd.ms-word.document.macroEnabled'],
  xlsx: ['xl/workbook.xml', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
} as const;

/** A document of an office program, as far as anybody looks into it. */
export const office = (kind: keyof typeof OFFICE, more: Record<string, string> = {}): Sample => {
  const [part, type] = OFFICE[kind];
  const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/${part}" ContentType="${type}.main+xml"/></Types>`;
  return { name: `letter.${kind}`, type, bytes: zip({ '[Content_Types].xml': types, [part]: '<x/>', ...more }) };
};

export const pdf = (): Sample => ({
  name: 'invoice.pdf',
  type: 'application/pdf',
  bytes: '%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
});

export const mp4 = (size = 4096, brand = 'mp42'): Sample => ({
  name: 'unboxing.mp4',
  type: 'video/mp4',
  bytes: Buffer.concat([Buffer.from(`\x00\x00\x00\x18ftyp${brand}\x00\x00\x00\x00mp42isom`, 'latin1'), Buffer.alloc(size, 7)]),
});

/** The header of a PNG that says how large it would be. */
export const vastPng = (side = 50_000): Sample => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    const typed = Buffer.concat([Buffer.from(type), bytes]);
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(crcOf(typed));
    return Buffer.concat([length, typed, crc]);
  };
  const idat = Buffer.from('789c63000100000500010d0a2db4', 'hex');
  const bytes = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', idat),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { name: 'vast.png', type: 'image/png', bytes };
};

/** A GIF of one pixel in so many frames. */
export const longGif = (frames = 10_000): Sample => {
  const head = Buffer.from('47494638396101000100800000000000ffffff', 'hex');
  const frame = Buffer.from('21f904040a0000002c00000000010001000002024401 00'.replaceAll(' ', ''), 'hex');
  const bytes = Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
  return { name: 'long.gif', type: 'image/gif', bytes };
};

/** Reads a picture from memory, which the application itself is not able to do. */
export const decode = (bytes: Buffer): Sharp => {
  sharp.unblock({ operation: ['Png', 'Jpeg', 'Webp'].map((format) => `VipsForeignLoad${format}Buffer`) });
  return sharp(bytes);
};
