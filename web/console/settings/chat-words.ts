import { useEffect, useState } from 'react';
import { english, loadWords, type Words } from '../../chat/strings.js';

/** What the pages of visitors say, in this language. */
export const useChatWords = (locale: string): Words => {
  // A function itself, which React would call.
  const [words, setWords] = useState<Words>(() => english);
  useEffect(() => {
    let isWanted = true;
    void loadWords([locale]).then((found) => {
      if (isWanted) setWords(() => found);
    });
    return () => {
      isWanted = false;
    };
  }, [locale]);
  return words;
};
