import { useEffect, useState } from 'react';
import type { FileOnItsWay } from '../../chat/chat-state.js';
import { Files } from '../../chat/files.js';
import { useDesk } from '../desk.js';

/** Files on their way into a room, as long as it is shown. */
export const useUploads = (roomId: string): { files: Files; list: readonly FileOnItsWay[] } => {
  const { parley } = useDesk();
  const [list, setList] = useState<readonly FileOnItsWay[]>([]);
  const [files] = useState(() => new Files(() => Promise.resolve({ parley, roomId }), setList));
  useEffect(() => () => files.clear(), [files]);
  return { files, list };
};
