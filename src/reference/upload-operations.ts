import { attachment, ROOM_ID, UPLOAD_ID } from './examples.js';
import type { OperationsOf } from './operation.js';

const MISSING = ['upload.not_found'] as const;

/** What files are served as. */
const MEDIA_TYPES = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'video/mp4',
  'text/plain',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
] as const;

/** Files in messages. */
export const UPLOAD_OPERATIONS: OperationsOf<'upload'> = {
  'upload.create': {
    summary: 'Upload a file',
    description:
      'Takes one file for a room in which the caller may write; a message then attaches it by its id. A file that no message has attached after a day is removed. Taken are PNG, JPEG, GIF, WebP, PDF, MP4, DOCX, XLSX and text in UTF-8: what the file holds counts, and its name and declared type must agree. PNG, JPEG and WebP pictures of up to 25 megapixels are written anew, upright and without what the camera noted. Names are cleaned of folders and control characters, which a form cannot carry raw. Send `roomId` before `file`: then a room that is not open is told before the file has come. A guest or customer may send 100 MB a day; over that `details.retryAfterMs` says how long to wait. All files of a business together may be limited by the operator. What comes more slowly than 4 KB a second, or takes longer than two minutes, is cut.',
    errors: ['access.denied', 'room.not_found', 'room.closed', 'upload.too_large', 'upload.type_refused', 'storage.full'],
    request: { roomId: ROOM_ID },
    answer: 'Attachment',
    example: attachment,
  },
  'upload.get': {
    summary: 'Load a file',
    description:
      'The bytes, for whoever reads the room, by the credential or by a signed URL of an `Attachment`, which is good for five minutes. A file that is not attached yet is its sender’s alone, one of an internal message is for staff. Pictures that were written anew are shown, everything else is offered for saving. A single range of bytes may be asked for.',
    errors: [...MISSING, 'upload.range_unsatisfiable'],
    partial: 'The range of bytes that was asked for.',
    answer: { mediaType: MEDIA_TYPES },
    example: '',
  },
  'upload.thumbnail': {
    summary: 'Load a small picture of a file',
    description: 'At most 320 pixels wide and high. For whoever may load the file, or by its own signed URL.',
    errors: MISSING,
    answer: { mediaType: ['image/webp'] },
    example: '',
  },
  'upload.url': {
    summary: 'Get fresh URLs of a file',
    description:
      'The attachment as its message shows it, with URLs that are good for another five minutes. A signed URL is not enough to get new ones.',
    errors: MISSING,
    request: { id: UPLOAD_ID },
    answer: 'Attachment',
    example: attachment,
  },
};
