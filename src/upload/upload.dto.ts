import { RoomIdParam } from '../room/room.dto.js';
import { IsId, IsText, Optional } from '../validation/rules.js';

/** The fields of the form beside the file. */
export class UploadDto extends RoomIdParam {}

export class UploadIdParam {
  @IsId()
  id: string;
}

export class SignedUrlQuery {
  @Optional()
  @IsText(20)
  expires?: string;

  @Optional()
  @IsText(100)
  signature?: string;
}
