import { rmSync } from 'node:fs';

export default async function teardown() {
  const { cluster, folder } = globalThis.testCluster;
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
