import { useEffect, useState, type ReactNode } from 'react';

/** The quiet zone that readers of codes want around one, in dots. */
const BORDER = 2;

/** A text as a code to be scanned; `label` says what it is to those who do not see it. */
export const QrCode = ({ text, label }: { text: string; label: string }): ReactNode => {
  const [dots, setDots] = useState<boolean[][]>([]);
  useEffect(() => void import('uqr').then(({ encode }) => setDots(encode(text, { border: BORDER }).data)), [text]);
  const path = dots.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  const size = dots.length || 1;
  return (
    // Dark on light also in the dark: not every reader takes it the other way round.
    <svg width={200} height={200} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
};
