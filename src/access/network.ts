import { isIPv6 } from 'node:net';

/** The eight groups of an IPv6 address, however it is written. */
const groupsOf = (ip: string): string[] => {
  // A URL holds the shortest form, without dots and without leading zeros; a zone is no part of an address.
  const { hostname } = new URL(`http://[${ip.replace(/%.*/, '')}]`);
  const [head = [], tail] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  return tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head;
};

/**
 * What calls without a credential are counted by. Whoever has an IPv6 address has all of its /64 (RFC 4291, 2.5.1), and
 * would have a new bucket for each call. An IPv4 address is one whichever socket it came in by.
 */
export const networkOf = (ip: string | null): string => {
  if (ip === null) return 'unknown';
  if (!isIPv6(ip)) return ip;
  const groups = groupsOf(ip);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return `${groups.slice(0, 4).join(':')}::/64`;
  const [high, low] = groups.slice(6).map((group) => parseInt(group, 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
};
